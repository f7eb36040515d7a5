/* filters/boilerplate/letter.c -- letters and words; the generator of the phrase table includes it
 * too. */
#include "filters/boilerplate/phrase.h"

#include "core/utf8.h"

static bool parts_words(uint32_t cp)
{
	return cp < 0xaa || (cp > 0xaa && cp < 0xb5) || (cp > 0xb5 && cp < 0xba) ||
	       (cp > 0xba && cp < 0xc0) || cp == 0xd7 || cp == 0xf7 ||
	       (cp >= 0x2000 && cp < 0x2c00) || (cp >= 0x2e00 && cp < 0x2e80) ||
	       (cp >= 0x3000 && cp < 0x3005) || (cp >= 0x3008 && cp < 0x3021) || cp == 0x30fb ||
	       (cp >= 0xe000 && cp < 0xf900) || (cp >= 0xfe00 && cp < 0xfe70) || cp == 0xfeff ||
	       (cp >= 0xff00 && cp < 0xff10) || (cp >= 0xff1a && cp < 0xff21) ||
	       (cp >= 0xff3b && cp < 0xff41) || (cp >= 0xff5b && cp < 0xff66) || cp >= 0x1f000 ||
	       cp == 0x60c || cp == 0x61b || cp == 0x61f || cp == 0x6d4 || cp == 0x964;
}

enum pm_phrase_char pm_phrase_letter(uint32_t cp, uint32_t *fold)
{
	*fold = cp;
	if (parts_words(cp))
		return PM_PHRASE_CHAR_NONE;
	if ((cp >= 0x2e80 && cp < 0xa000) || (cp >= 0xff66 && cp < 0xffa0) ||
	    (cp >= 0x0e00 && cp < 0x0f00))
		return PM_PHRASE_CHAR_ALONE;
	if ((cp >= 0xc0 && cp < 0xdf) || (cp >= 0x391 && cp < 0x3aa) ||
	    (cp >= 0x410 && cp < 0x430)) {
		*fold = cp + 32;
		return PM_PHRASE_CHAR_UPPER;
	}
	if (cp >= 0x400 && cp < 0x410) {
		*fold = cp + 80;
		return PM_PHRASE_CHAR_UPPER;
	}
	/* Latin Extended-A in pairs; two stretches of it begin with an odd number. */
	if (cp >= 0x100 && cp < 0x17f && cp != 0x138 && cp != 0x149 && cp != 0x178) {
		bool odd = (cp >= 0x139 && cp < 0x149) || cp >= 0x179;

		if ((cp & 1) == odd) {
			*fold = cp + 1;
			return PM_PHRASE_CHAR_UPPER;
		}
	}
	return PM_PHRASE_CHAR_LOWER;
}

static enum pm_phrase_char letter(uint32_t cp, uint32_t *fold)
{
	*fold = cp;
	if (cp >= 0x80)
		return pm_phrase_letter(cp, fold);
	if (cp - '0' < 10)
		return PM_PHRASE_CHAR_DIGIT;
	if (cp - 'A' < 26) {
		*fold = cp | 0x20;
		return PM_PHRASE_CHAR_UPPER;
	}
	return cp - 'a' < 26 ? PM_PHRASE_CHAR_LOWER : PM_PHRASE_CHAR_NONE;
}

void pm_phrase_put(struct pm_phrase_reader *r, uint32_t fold, bool digit)
{
	if (digit && r->in_digits)
		return;
	r->in_digits = digit;
	if (r->len + PM_UTF8_MAX > PM_PHRASE_WORD_BYTES)
		return;
	if (digit || fold < 0x80)
		r->folded[r->len++] = digit ? '#' : (char)fold;
	else
		r->len += (uint32_t)pm_utf8_put(r->folded + r->len, fold);
}

bool pm_phrase_next(const char **at, const char *end, uint32_t *hash, uint32_t *letters)
{
	struct pm_phrase_reader r = { .len = 0 };
	uint32_t n = 0, fold;

	while (*at < end) {
		const char *p = *at;
		enum pm_phrase_char l = letter(pm_utf8_next(&p, end), &fold);

		if (n && (l == PM_PHRASE_CHAR_NONE || l == PM_PHRASE_CHAR_ALONE))
			break;
		*at = p;
		if (l == PM_PHRASE_CHAR_NONE)
			continue;
		pm_phrase_put(&r, fold, l == PM_PHRASE_CHAR_DIGIT);
		n++;
		if (l == PM_PHRASE_CHAR_ALONE)
			break;
	}
	*hash = pm_phrase_word(r.folded, r.len);
	*letters = n;
	return n != 0;
}

uint32_t pm_phrase_hash(struct pm_slice text, uint32_t *words)
{
	uint32_t line = 0, hash, letters;
	const char *p = text.ptr;

	for (*words = 0; pm_phrase_next(&p, text.ptr + text.len, &hash, &letters); ++*words)
		line = pm_phrase_join(line, hash);
	return line;
}
