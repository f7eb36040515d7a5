/* The first look: which repairs a text could need. It decides nothing but what is worth a
 * second. */
#include <string.h>

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
		__m128i comma = _mm_cmpeq_epi8(x, _mm_set1_epi8(','));
		__m128i stop = _mm_cmpeq_epi8(x, _mm_set1_epi8('.'));
		__m128i call = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('!')),
					    _mm_cmpeq_epi8(x, _mm_set1_epi8('?')));
		__m128i mark = _mm_or_si128(_mm_or_si128(comma, stop),
					    _mm_or_si128(within(x, ':', 2), call));
		__m128i blank =
			_mm_or_si128(within(y, 0, ' ' + 1), _mm_cmpeq_epi8(y, _mm_set1_epi8('.')));
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

/* What was found so far. */
struct scan {
	const char *begin, *end;
	const char *word_end;   /* of the last word with a capital inside that was looked at */
	unsigned found;
};

/* A capital behind a small letter. */
static void joint(struct scan *s, const char *p)
{
	if (p >= s->word_end && !(s->found & BIT(GLUE)) &&
	    pm_glue_worth(p, s->begin, s->end, &s->word_end))
		s->found |= BIT(GLUE);
}

/* A full stop with a capital right behind: only behind a word of two letters and more, and there
 * the page's words tell what it is, or behind none is a space missing. */
static void stop(struct scan *s, const char *p)
{
	struct pm_slice word;

	if ((s->found & (BIT(SPACES) | PM_REPAIR_WORDS)) == (BIT(SPACES) | PM_REPAIR_WORDS))
		return;
	word = pm_word_before(p, s->begin);
	if (word.len && (pm_char_back(p, s->begin) == word.ptr ||
			 pm_char_before(word.ptr, s->begin) == '.'))
		return;
	s->found |= BIT(SPACES) | (word.len ? PM_REPAIR_WORDS : 0u);
}

/* "12,2025": digits of a year behind the comma at `p`. */
static bool year(const struct scan *s, const char *p)
{
	return s->end - p > 4 && (memcmp(p + 1, "19", 2) == 0 || memcmp(p + 1, "20", 2) == 0) &&
	       pm_within(p[3], '0', 10) && pm_within(p[4], '0', 10);
}

static void of_ascii(struct scan *s, const char *p)
{
	unsigned char b = (unsigned char)*p, next = s->end - p > 1 ? (unsigned char)p[1] : ' ';
	bool after_digit = p > s->begin && pm_within(p[-1], '0', 10);

	if (!stops(b, next))
		return;
	if (b < ' ' || b == 0x7f) {
		s->found |= BIT(CONTROLS);
		return;
	}
	if (b == '&') {
		s->found |= next == '#' || (next < 0x80 && pm_is_cased(pm_letter(next)))
				    ? BIT(ENTITIES)
				    : 0;
		return;
	}
	if (pm_within((char)b, 'a', 26)) {
		joint(s, p + 1);
		return;
	}
	if (pm_within((char)next, '0', 10) && (b != ',' || (after_digit && !year(s, p))))
		return;
	if (next < 0x80 && next != '"' && !pm_within((char)next, '0', 10) &&
	    !pm_is_cased(pm_letter(next)))
		return;
	if (b != '.' || next == '"' ||
	    (next >= 0x80 && pm_letter(pm_char_at(p + 1, s->end)) != PM_LETTER_UPPER))
		s->found |= BIT(SPACES);
	else if (!pm_within((char)next, 'a', 26))
		stop(s, p);
}

/* A character beyond ASCII at `p`; the one before it, and where the next one begins. */
static void of_char(struct scan *s, const char *p, uint32_t cp, uint32_t before, const char *next)
{
	unsigned traits = cp < PM_TRAITS ? pm_char_traits[cp] : 0;
	enum pm_letter kind = pm_letter(cp);

	if (traits & PM_TRAIT_TRAIL && before >= 0x80 && !(s->found & BIT(MOJIBAKE)) &&
	    pm_misread_pair(before, cp) && pm_misread_worth(pm_char_back(p, s->begin), s->end))
		s->found |= BIT(MOJIBAKE);
	/* What may have lost a byte. */
	if ((cp == 0xc2 || cp == 0xc3) && next < s->end &&
	    (*next == ' ' || (cp == 0xc3 && pm_within(*next, 'a', 26))))
		s->found |= BIT(MOJIBAKE);
	if (traits & PM_TRAIT_QUOTE)
		s->found |= BIT(QUOTES);
	if (kind == PM_LETTER_UPPER) {
		if (pm_letter(before) == PM_LETTER_LOWER)
			joint(s, p);
	} else if (kind == PM_LETTER_LOWER) {
		if (next < s->end && pm_within(*next, 'A', 26))
			joint(s, next);
	} else if (kind != PM_LETTER_OTHER && pm_char_kind(cp).action != PM_CHAR_PLAIN) {
		s->found |= BIT(CONTROLS);
	}
}

/* Over Chinese characters, which are never in need of repair. */
static const char *over_han(const char *p, const char *end)
{
	while (end - p >= 3 && pm_within(*p, '\xe4', 6))
		p += 3;
	return p;
}

unsigned pm_repair_scan(const char *p, const char *end)
{
	struct scan s = { .begin = p, .end = end, .word_end = p };
	uint32_t before = 0;

	while (p < end) {
		const char *at;

#if PM_SSE2
		if (!pm_portable && (unsigned char)*p < 0x80) {
			const char *q = skip(p, end);

			if (q != p)
				before = (unsigned char)q[-1];
			p = q;
			if (p == end)
				break;
		}
#endif
		if ((unsigned char)*p < 0x80) {
			of_ascii(&s, p);
			before = (unsigned char)*p++;
			continue;
		}
		at = over_han(p, end);
		if (at != p) {
			p = at;
			before = 0x4e00;
			continue;
		}
		before = pm_utf8_next(&p, end);
		of_char(&s, at, before, pm_char_before(at, s.begin), p);
	}
	return s.found;
}
