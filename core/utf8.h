/* core/utf8.h -- UTF-8 as RFC 3629 has it: no surrogates or overlong forms, U+10FFFF at most. */
#ifndef PM_CORE_UTF8_H
#define PM_CORE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

enum { PM_UTF8_MAX = 4, PM_UTF8_BAD = 0xfffd };

/* Bytes of the longest prefix that is valid; s.len when all of it is. */
size_t pm_utf8_valid(struct pm_slice s);

/* The code point at *at (which must be before end); *at moves behind it. Where the bytes are not
 * UTF-8 it is U+FFFD and *at moves over the maximal subpart (Unicode 3.9, what WHATWG's decoder
 * does): one byte at least, three at most. */
static inline uint32_t pm_utf8_next(const char **at, const char *end);

/* The same where it is neither ASCII nor a sequence of two. */
uint32_t pm_utf8_next_long(const char **at, const char *end);

static inline uint32_t pm_utf8_next(const char **at, const char *end)
{
	const unsigned char *p = (const unsigned char *)*at;

	if (p[0] < 0x80) {
		++*at;
		return p[0];
	}
	if (p[0] < 0xc2 || p[0] >= 0xe0 || end - *at < 2 || (p[1] & 0xc0) != 0x80)
		return pm_utf8_next_long(at, end);
	*at += 2;
	return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
}

/* Writes up to PM_UTF8_MAX bytes, returns their number. What is no scalar value becomes U+FFFD. */
size_t pm_utf8_put(char *to, uint32_t cp);

/* Code points in valid UTF-8 (elsewhere: bytes that are not continuation bytes). */
size_t pm_utf8_count(struct pm_slice s);

#endif
