#include "core/url_parts.h"
#include "core/utf8.h"

#define LOW(c)  ((c) < 64 ? (uint64_t)1 << ((c) & 63) : 0)
#define HIGH(c) ((c) >= 64 ? (uint64_t)1 << ((c) & 63) : 0)
#define SET4(half, a, b, c, d) (half(a) | half(b) | half(c) | half(d))

/* Each set contains the one before it; DEL is a C0 control for the standard. */
#define C0_LOW ((uint64_t)0xFFFFFFFF)
#define C0_HIGH HIGH(0x7F)
#define FRAGMENT_LOW (C0_LOW | SET4(LOW, ' ', '"', '<', '>'))
#define FRAGMENT_HIGH (C0_HIGH | HIGH('`'))
#define QUERY_LOW (C0_LOW | SET4(LOW, ' ', '"', '<', '>') | LOW('#'))
#define QUERY_HIGH C0_HIGH
#define PATH_LOW (QUERY_LOW | LOW('?'))
#define PATH_HIGH (QUERY_HIGH | SET4(HIGH, '^', '`', '{', '}'))
#define USERINFO_LOW (PATH_LOW | SET4(LOW, '/', ':', ';', '='))
#define USERINFO_HIGH (PATH_HIGH | SET4(HIGH, '@', '[', '\\', ']') | HIGH('|'))

const struct pm_url_set pm_url_set_c0 = { { C0_LOW, C0_HIGH } };
const struct pm_url_set pm_url_set_fragment = { { FRAGMENT_LOW, FRAGMENT_HIGH } };
const struct pm_url_set pm_url_set_query = { { QUERY_LOW, QUERY_HIGH } };
const struct pm_url_set pm_url_set_special_query = { { QUERY_LOW | LOW('\''), QUERY_HIGH } };
const struct pm_url_set pm_url_set_path = { { PATH_LOW, PATH_HIGH } };
const struct pm_url_set pm_url_set_userinfo = { { USERINFO_LOW, USERINFO_HIGH } };
/* The union of all, for bounds. */
static const struct pm_url_set any = { { USERINFO_LOW | LOW('\''), USERINFO_HIGH } };

static inline bool in_set(const struct pm_url_set *set, unsigned char c)
{
	return c >= 0x80 || (set->bits[c >> 6] >> (c & 63) & 1);
}

size_t pm_url_encode_bound(struct pm_slice s)
{
	size_t n = s.len;

	/* An octet that is not UTF-8 becomes U+FFFD: "%EF%BF%BD". */
	for (size_t i = 0; i < s.len; i++)
		if (in_set(&any, (unsigned char)s.ptr[i]))
			n += (unsigned char)s.ptr[i] < 0x80 ? 2 : 8;
	return n;
}

static char *hex_pair(char *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";

	*out++ = '%';
	*out++ = digits[c >> 4];
	*out++ = digits[c & 15];
	return out;
}

char *pm_url_encode(char *out, struct pm_slice s, const struct pm_url_set *set)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	while (p < end) {
		const char *from = p;

		if (!in_set(set, (unsigned char)*p)) {
			*out++ = *p++;
			continue;
		}
		if (pm_utf8_next(&p, end) == PM_UTF8_BAD) {
			memcpy(out, "%EF%BF%BD", 9);
			out += 9;
			continue;
		}
		while (from < p)
			out = hex_pair(out, (unsigned char)*from++);
	}
	return out;
}

int pm_url_hex(char c)
{
	if ((unsigned char)(c - '0') < 10)
		return c - '0';
	c = pm_ascii_lower(c);
	return (unsigned char)(c - 'a') < 6 ? c - 'a' + 10 : -1;
}

char *pm_url_decode(char *out, struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = -1, low = -1;

		if (s.ptr[i] == '%' && s.len - i > 2) {
			high = pm_url_hex(s.ptr[i + 1]);
			low = pm_url_hex(s.ptr[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			*out++ = (char)(high << 4 | low);
			i += 2;
		} else {
			*out++ = s.ptr[i];
		}
	}
	return out;
}
