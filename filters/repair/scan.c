/* The first look: which repairs a text could need. It decides nothing but what is worth a second. */
#include "core/simd.h"
#include "filters/extract/nfc.h"
#include "filters/repair/steps.h"

#define BIT(kind) (1u << PM_REPAIR_##kind)

/* Bytes that need a look by themselves or with the next one. */
static bool stops(unsigned char b, unsigned char next)
{
	if (b < ' ')
		return b != '\n' && b != '\t';
	switch (b) {
	case '&': case 0x7f:
		return true;
	case ',': case '.': case ';': case ':': case '!': case '?':
		return next > ' ' && next != '.';
	default:
		return b >= 0x80 || (pm_within((char)b, 'a', 26) && pm_within((char)next, 'A', 26));
	}
}

#if PM_SSE2
static __m128i within(__m128i x, char low, int n)
{
	/* Unsigned comparison by saturation: x - low < n. */
	__m128i d = _mm_sub_epi8(x, _mm_set1_epi8(low));

	return _mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8((char)(n - 1))), d);
}

/* The next place that stops() might name: 16 bytes at a time, one more byte is read. */
static const char *skip(const char *p, const char *end)
{
	while (end - p > 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		__m128i y = _mm_loadu_si128((const __m128i *)(p + 1));
		__m128i odd = _mm_cmplt_epi8(x, _mm_set1_epi8(' '));
		__m128i mark = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(',')),
							 _mm_cmpeq_epi8(x, _mm_set1_epi8('.'))),
					    _mm_or_si128(within(x, ':', 2),
							 _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('!')),
								      _mm_cmpeq_epi8(x, _mm_set1_epi8('?')))));
		__m128i blank = _mm_or_si128(within(y, 0, ' ' + 1), _mm_cmpeq_epi8(y, _mm_set1_epi8('.')));
		int found;

		odd = _mm_or_si128(odd, _mm_andnot_si128(blank, mark));
		odd = _mm_or_si128(odd, _mm_and_si128(within(x, 'a', 26), within(y, 'A', 26)));
		odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('&')),
						     _mm_cmpeq_epi8(x, _mm_set1_epi8(0x7f))));
		found = _mm_movemask_epi8(odd);
		if (found)
			return p + __builtin_ctz((unsigned)found);
		p += 16;
	}
	return p;
}
#endif

static unsigned of_ascii(const char *p, const char *begin, const char *end)
{
	unsigned char b = (unsigned char)*p, next = end - p > 1 ? (unsigned char)p[1] : ' ';
	bool after_digit = p > begin && pm_within(p[-1], '0', 10);

	if (!stops(b, next))
		return 0;
	if (b < ' ' || b == 0x7f)
		return BIT(CONTROLS);
	if (b == '&')
		return next == '#' || pm_is_cased(pm_letter(next & 0x7f)) ? BIT(ENTITIES) : 0;
	if (pm_within((char)b, 'a', 26))
		return BIT(GLUE);
	if (pm_within((char)next, '0', 10) && (b != ',' || (after_digit && next != '1' && next != '2')))
		return 0;
	return next >= 0x80 || next == '"' || pm_within((char)next, '0', 10) || pm_is_cased(pm_letter(next))
		? BIT(SPACES) : 0;
}

/* A character beyond ASCII, between its neighbours. */
static unsigned of_char(uint32_t cp, uint32_t before, const char *next, const char *end)
{
	unsigned found = 0;
	enum pm_letter kind = pm_letter(cp);

	if (before >= 0x80 && pm_misread_pair(before, cp))
		found |= BIT(MOJIBAKE);
	if ((cp == 0xc2 || cp == 0xc3 || cp == 0xe2) && next < end)
		found |= BIT(MOJIBAKE);
	if (cp >= 0x2018 && cp <= 0x201e)
		found |= BIT(QUOTES);
	if (kind == PM_LETTER_LOWER || kind == PM_LETTER_UPPER) {
		enum pm_letter last = pm_letter(before), after = pm_letter(pm_char_at(next, end));

		if ((kind == PM_LETTER_UPPER && last == PM_LETTER_LOWER) ||
		    (kind == PM_LETTER_LOWER && after == PM_LETTER_UPPER))
			found |= BIT(GLUE);
		return found;
	}
	if (pm_char_kind(cp).action != PM_CHAR_PLAIN)
		found |= BIT(CONTROLS);
	return found;
}

unsigned pm_repair_scan(const char *p, const char *end)
{
	const char *begin = p;
	unsigned found = 0;
	uint32_t before = 0;

	while (p < end) {
#if PM_SSE2
		if (!pm_portable) {
			const char *q = skip(p, end);

			if (q != p)
				before = (unsigned char)q[-1];
			p = q;
			if (p == end)
				break;
		}
#endif
		if ((unsigned char)*p < 0x80) {
			found |= of_ascii(p, begin, end);
			before = (unsigned char)*p++;
		} else {
			uint32_t cp = pm_utf8_next(&p, end);

			found |= of_char(cp, before, p, end);
			before = cp;
		}
	}
	return found;
}
