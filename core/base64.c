#include "core/base64.h"

#include "core/simd.h"

enum { BAD = 0x80 };    /* no six bits have it */

#define X BAD
static const uint8_t six_bits[256] = {
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, 62, X, X, X, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X, X, X, X, X, X,
	X, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, X, X, X, X, X,
	X, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
};
#undef X

/* Four digits without white space between them become three bytes; false leaves them alone. */
static inline bool quantum(const unsigned char *p, char *to)
{
	unsigned a = six_bits[p[0]], b = six_bits[p[1]], c = six_bits[p[2]], d = six_bits[p[3]];
	unsigned bits = a << 18 | b << 12 | c << 6 | d;

	if ((a | b | c | d) & BAD)
		return false;
	to[0] = (char)(bits >> 16);
	to[1] = (char)(bits >> 8);
	to[2] = (char)bits;
	return true;
}

#if PM_SSE2
/* 255 in each byte from `low` to `high`; no byte of a digit is negative. */
static inline __m128i between(__m128i x, char low, char high)
{
	return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8((char)(low - 1))),
			     _mm_cmplt_epi8(x, _mm_set1_epi8((char)(high + 1))));
}

/* Six bytes out of two groups of 24 bits. Two more behind them are written over. */
static inline void six_bytes(char *to, uint64_t groups)
{
	uint64_t bytes = __builtin_bswap64((groups & 0xffffff) << 40 | (groups >> 32) << 16);

	memcpy(to, &bytes, sizeof(bytes));
}

/* Runs of sixteen digits become twelve bytes each, up to the first other character. Each range of
 * the alphabet has one distance from character to value. */
static void digits_sse2(const unsigned char **from, const unsigned char *end, char **out)
{
	const __m128i six = _mm_set1_epi32(0x003f003f), join = _mm_set1_epi32(0x00011000);
	const unsigned char *p = *from;
	char *to = *out;

	for (; end - p >= 16 + 4; p += 16, to += 12) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		__m128i upper = between(x, 'A', 'Z'), lower = between(x, 'a', 'z');
		__m128i digit = between(x, '0', '9');
		__m128i plus = _mm_cmpeq_epi8(x, _mm_set1_epi8('+'));
		__m128i slash = _mm_cmpeq_epi8(x, _mm_set1_epi8('/'));
		__m128i known = _mm_or_si128(_mm_or_si128(upper, lower),
					     _mm_or_si128(_mm_or_si128(digit, plus), slash));
		__m128i way;
		uint64_t groups[2];

		if (_mm_movemask_epi8(known) != 0xffff)
			break;
		way = _mm_or_si128(_mm_and_si128(upper, _mm_set1_epi8(0 - 'A')),
				   _mm_and_si128(lower, _mm_set1_epi8(26 - 'a')));
		way = _mm_or_si128(way, _mm_and_si128(digit, _mm_set1_epi8(52 - '0')));
		way = _mm_or_si128(way, _mm_and_si128(plus, _mm_set1_epi8(62 - '+')));
		way = _mm_or_si128(way, _mm_and_si128(slash, _mm_set1_epi8(63 - '/')));
		x = _mm_add_epi8(x, way);
		/* Pairs of six bits make twelve, pairs of these 24. */
		x = _mm_or_si128(_mm_slli_epi32(_mm_and_si128(x, six), 6),
				 _mm_and_si128(_mm_srli_epi32(x, 8), six));
		_mm_storeu_si128((__m128i *)groups, _mm_madd_epi16(x, join));
		six_bytes(to, groups[0]);
		six_bytes(to + 6, groups[1]);
	}
	*from = p;
	*out = to;
}
#endif

/* What follows the last digit: nothing, or as many pad characters as complete the quantum. */
static bool padding(const unsigned char *p, const unsigned char *end, unsigned digits)
{
	unsigned pads = 0;

	for (; p < end; p++) {
		if (*p == '=')
			pads++;
		else if (!pm_ascii_space((char)*p))
			return false;
	}
	return digits != 1 && (pads == 0 || (digits > 1 && pads == 4 - digits));
}

enum pm_base64 pm_base64_decode(struct pm_arena *a, struct pm_slice in, struct pm_slice *out)
{
	const unsigned char *p = (const unsigned char *)in.ptr, *end = p ? p + in.len : p;
	char *start = pm_arena_alloc(a, in.len / 4 * 3 + 3), *to = start;
	unsigned bits = 0, digits = 0, v;

	*out = (struct pm_slice){ 0 };
	if (!start)
		return PM_BASE64_FULL;
	while (p < end) {
#if PM_SSE2
		if (!digits && PM_USE_SSE2)
			digits_sse2(&p, end, &to);
#endif
		if (!digits && end - p >= 4 && quantum(p, to)) {
			p += 4;
			to += 3;
			continue;
		}
		v = six_bits[*p];
		if (v != BAD) {
			bits = bits << 6 | v;
			if (++digits == 4) {
				*to++ = (char)(bits >> 16);
				*to++ = (char)(bits >> 8);
				*to++ = (char)bits;
				digits = bits = 0;
			}
		} else if (!pm_ascii_space((char)*p)) {
			break;
		}
		p++;
	}
	if (!padding(p, end, digits))
		goto bad;
	if (digits == 3) {
		*to++ = (char)(bits >> 10);
		*to++ = (char)(bits >> 2);
	} else if (digits == 2) {
		*to++ = (char)(bits >> 4);
	}
	if (bits & (digits == 3 ? 3u : digits == 2 ? 15u : 0u))
		goto bad;
	pm_arena_trim(a, start, (size_t)(to - start));
	*out = pm_slice(start, (size_t)(to - start));
	return PM_BASE64_OK;
bad:
	pm_arena_trim(a, start, 0);
	return PM_BASE64_BAD;
}
