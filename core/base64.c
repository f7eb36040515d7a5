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

/* The same for 32 digits and 24 bytes. What a digit is worth lies in its upper half: each range of
 * the alphabet begins with a new one, but for '/', which shares its with '+'. The tables are
 * indexed by halves of a character; `lower` has a bit for each upper half that must not stand
 * before it. */
PM_TARGET_AVX2 static void digits_avx2(const unsigned char **from, const unsigned char *end,
				       char **out)
{
	enum { NONE = 1 << 4, PUNCT = 1 << 0, DIGIT = 1 << 1, LETTER = 1 << 2, LAST = 1 << 3 };
	const __m256i lower = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(NONE | PUNCT | LETTER, NONE | PUNCT, NONE | PUNCT, NONE | PUNCT,
			      NONE | PUNCT, NONE | PUNCT, NONE | PUNCT, NONE | PUNCT, NONE | PUNCT,
			      NONE | PUNCT, NONE | PUNCT | DIGIT, NONE | DIGIT | LAST,
			      NONE | PUNCT | DIGIT | LAST, NONE | PUNCT | DIGIT | LAST,
			      NONE | PUNCT | DIGIT | LAST, NONE | DIGIT | LAST));
	const __m256i upper = _mm256_broadcastsi128_si256(_mm_setr_epi8(
		NONE, NONE, PUNCT, DIGIT, LETTER, LAST, LETTER, LAST,
		NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE));
	/* From character to value, by the upper half; that of '/' stands one before that of '+'. */
	const __m256i ways = _mm256_broadcastsi128_si256(_mm_setr_epi8(
		0, 63 - '/', 62 - '+', 52 - '0', 0 - 'A', 0 - 'A', 26 - 'a', 26 - 'a',
		0, 0, 0, 0, 0, 0, 0, 0));
	const __m256i half = _mm256_set1_epi8(0x0f), slash = _mm256_set1_epi8('/');
	const __m256i pairs = _mm256_set1_epi32(0x01400140), fours = _mm256_set1_epi32(0x00011000);
	const __m256i bytes = _mm256_broadcastsi128_si256(_mm_setr_epi8(
		2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
	const __m256i words = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
	const unsigned char *p = *from;
	char *to = *out;

	for (; end - p >= 32 + 16; p += 32, to += 24) {
		__m256i x = _mm256_loadu_si256((const __m256i *)p);
		__m256i high = _mm256_and_si256(_mm256_srli_epi32(x, 4), half);
		__m256i low = _mm256_and_si256(x, half);

		if (!_mm256_testz_si256(_mm256_shuffle_epi8(lower, low),
					_mm256_shuffle_epi8(upper, high)))
			break;
		high = _mm256_add_epi8(high, _mm256_cmpeq_epi8(x, slash));
		x = _mm256_add_epi8(x, _mm256_shuffle_epi8(ways, high));
		/* Pairs of six bits make twelve, pairs of these 24, whose bytes stand the wrong way
		 * round. */
		x = _mm256_madd_epi16(_mm256_maddubs_epi16(x, pairs), fours);
		x = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(x, bytes), words);
		_mm256_storeu_si256((__m256i *)to, x);
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
		if (!digits && PM_USE_AVX2)
			digits_avx2(&p, end, &to);
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
