/* core/slice.h -- a borrowed run of bytes: never NUL-terminated, never owned. */
#ifndef PM_CORE_SLICE_H
#define PM_CORE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* ptr == NULL is absent; len 0 with a pointer is present and empty. */
struct pm_slice {
	const char *ptr;
	size_t len;
};

/* For printf's "%.*s". */
#define PM_FMT(s) (int)(s).len, (s).ptr
/* A slice over a string literal. */
#define PM_LIT(s) ((struct pm_slice){ (s), sizeof(s) - 1 })

static inline struct pm_slice pm_slice(const char *ptr, size_t len)
{
	return (struct pm_slice){ ptr, len };
}

/* NULL gives the absent slice. */
static inline struct pm_slice pm_slice_str(const char *str)
{
	return (struct pm_slice){ str, str ? strlen(str) : 0 };
}

static inline bool pm_slice_eq(struct pm_slice a, struct pm_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool pm_slice_is(struct pm_slice a, const char *str)
{
	return a.ptr && strlen(str) == a.len && memcmp(a.ptr, str, a.len) == 0;
}

static inline char pm_ascii_lower(char c)
{
	return (unsigned char)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}

/* ASCII letters compare without case, whatever the locale. */
static inline bool pm_slice_is_nocase(struct pm_slice a, const char *str)
{
	size_t i = 0;

	for (; i < a.len && str[i]; i++)
		if (pm_ascii_lower(a.ptr[i]) != pm_ascii_lower(str[i]))
			return false;
	return a.ptr && i == a.len && !str[i];
}

/* Whether the `n` bytes of `str` are the first of `a`, likewise. */
static inline bool pm_slice_begins_nocase(struct pm_slice a, const char *str, size_t n)
{
	if (a.len < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (pm_ascii_lower(a.ptr[i]) != pm_ascii_lower(str[i]))
			return false;
	return true;
}

static inline bool pm_ascii_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Without HTML's ASCII white space at either end. */
static inline struct pm_slice pm_slice_trim(struct pm_slice s)
{
	while (s.len && pm_ascii_space(s.ptr[0]))
		s.ptr++, s.len--;
	while (s.len && pm_ascii_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

#endif
