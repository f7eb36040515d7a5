#include "core/utf8.h"

#include "core/simd.h"

#define HIGH_BITS 0x8080808080808080u

static inline bool continues(unsigned char b)
{
	return (b & 0xc0) == 0x80;
}

static const unsigned char *skip_ascii_portable(const unsigned char *p, const unsigned char *end)
{
	uint64_t w;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, 8);
		if (w & HIGH_BITS)
			break;
	}
	while (p < end && *p < 0x80)
		p++;
	return p;
}

#if PM_SSE2
static const unsigned char *skip_ascii_sse2(const unsigned char *p, const unsigned char *end)
{
	__m128i a, b, c, d;
	int mask;

	for (; end - p >= 16; p += 16) {
		mask = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)p));
		if (mask)
			return p + __builtin_ctz((unsigned)mask);
		/* Mostly ASCII text runs on for long: four blocks at a time once one was clean. */
		for (; end - p >= 80; p += 64) {
			a = _mm_loadu_si128((const __m128i *)(p + 16));
			b = _mm_loadu_si128((const __m128i *)(p + 32));
			c = _mm_loadu_si128((const __m128i *)(p + 48));
			d = _mm_loadu_si128((const __m128i *)(p + 64));
			if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))))
				break;
		}
	}
	return skip_ascii_portable(p, end);
}
#endif

static inline const unsigned char *skip_ascii(const unsigned char *p, const unsigned char *end)
{
#if PM_SSE2
	if (PM_USE_SSE2)
		return skip_ascii_sse2(p, end);
#endif
	return skip_ascii_portable(p, end);
}

/* Bytes of the sequence at p (table 3-7 of the Unicode Standard); of its maximal subpart when it is
 * not well-formed. */
static unsigned sequence(const unsigned char *p, const unsigned char *end, bool *valid)
{
	unsigned char b = *p, low = 0x80, high = 0xbf;
	unsigned n = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4, i;

	*valid = b < 0x80;
	if (b < 0xc2 || b > 0xf4)
		return 1;
	if (b == 0xe0)
		low = 0xa0;
	else if (b == 0xed)
		high = 0x9f;
	else if (b == 0xf0)
		low = 0x90;
	else if (b == 0xf4)
		high = 0x8f;
	for (i = 1; i < n; i++) {
		if (p + i == end || p[i] < low || p[i] > high)
			return i;
		low = 0x80;
		high = 0xbf;
	}
	*valid = true;
	return n;
}

/* What nearly all text outside ASCII is made of; 0 leaves the decision to sequence(). */
static inline unsigned common_sequence(const unsigned char *p)
{
	unsigned cp;

	if (p[0] >= 0xc2 && p[0] < 0xe0)
		return continues(p[1]) ? 2 : 0;
	if ((p[0] & 0xf0) != 0xe0 || !continues(p[1]) || !continues(p[2]))
		return 0;
	cp = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6;
	return cp >= 0x800 && (cp < 0xd800 || cp >= 0xe000) ? 3 : 0;
}

size_t pm_utf8_valid(struct pm_slice s)
{
	const unsigned char *start = (const unsigned char *)s.ptr, *p = start, *end;
	bool valid;
	unsigned n;

	if (!s.len)
		return 0;
	end = start + s.len;
	while (p < end) {
		if (*p < 0x80) {
			p = skip_ascii(p, end);
			continue;
		}
		n = end - p >= 3 ? common_sequence(p) : 0;
		if (!n) {
			n = sequence(p, end, &valid);
			if (!valid)
				break;
		}
		p += n;
	}
	return (size_t)(p - start);
}

/* Apart, so that what is common does not pay for it. */
static __attribute__((noinline)) uint32_t next_checked(const char **at, const char *end)
{
	const unsigned char *p = (const unsigned char *)*at;
	uint32_t cp = *p;
	unsigned n, i;
	bool valid;

	n = sequence(p, (const unsigned char *)end, &valid);
	*at += n;
	if (!valid)
		return PM_UTF8_BAD;
	cp &= 0x7fu >> n;
	for (i = 1; i < n; i++)
		cp = cp << 6 | (p[i] & 0x3fu);
	return cp;
}

uint32_t pm_utf8_next_long(const char **at, const char *end)
{
	const unsigned char *p = (const unsigned char *)*at;

	if (end - *at < 3 || common_sequence(p) != 3)
		return next_checked(at, end);
	*at += 3;
	return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
}

size_t pm_utf8_put(char *to, uint32_t cp)
{
	if (cp < 0x80) {
		to[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		to[0] = (char)(0xc0 | cp >> 6);
		to[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if ((cp >= 0xd800 && cp < 0xe000) || cp > 0x10ffff)
		cp = PM_UTF8_BAD;
	if (cp < 0x10000) {
		to[0] = (char)(0xe0 | cp >> 12);
		to[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		to[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | cp >> 18);
	to[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	to[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	to[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static size_t count_portable(const unsigned char *p, const unsigned char *end)
{
	size_t n = 0;
	uint64_t w;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, 8);
		/* Bit 7 of each byte that is 10xxxxxx. */
		w &= ~w << 1;
		n += 8 - (size_t)__builtin_popcountll(w & HIGH_BITS);
	}
	for (; p < end; p++)
		n += !continues(*p);
	return n;
}

#if PM_SSE2
static size_t count_sse2(const unsigned char *p, const unsigned char *end)
{
	const __m128i last = _mm_set1_epi8((char)0xbf), zero = _mm_setzero_si128();
	__m128i sum = zero, lanes, x;
	uint64_t halves[2];
	int i;

	while (end - p >= 16) {
		/* A lane counts to 255. Of signed bytes only continuations are not above 0xbf. */
		lanes = zero;
		for (i = 0; i < 255 && end - p >= 16; i++, p += 16) {
			x = _mm_loadu_si128((const __m128i *)p);
			lanes = _mm_sub_epi8(lanes, _mm_cmpgt_epi8(x, last));
		}
		sum = _mm_add_epi64(sum, _mm_sad_epu8(lanes, zero));
	}
	_mm_storeu_si128((__m128i *)halves, sum);
	return (size_t)(halves[0] + halves[1]) + count_portable(p, end);
}
#endif

size_t pm_utf8_count(struct pm_slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	if (!s.len)
		return 0;
#if PM_SSE2
	if (PM_USE_SSE2)
		return count_sse2(p, p + s.len);
#endif
	return count_portable(p, p + s.len);
}
