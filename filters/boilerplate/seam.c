/* filters/boilerplate/seam.c -- words of a line and what stands between them, as the model is asked. */
#include "filters/boilerplate/seam.h"

#include "core/utf8.h"

enum {
	PHRASE_WORDS = 10,      /* of the longest phrase that is looked for */
	SEEN_BITS = 15,
	KNOWN_BYTES = 40,       /* of a word with a capital inside that may be a known one */
	GLUE_SMALL = 2, DIGITS_SMALL = 3,       /* small letters before a capital or a digit that begins a word */
	AHEAD = 60,             /* words that are looked ahead or back for a stop */
	CASELESS = 0x590,       /* from here on most scripts have no capitals */
};

enum kind { LOWER, UPPER, CAPITALS, DIGITS, ALONE, NO_CASE };

/* What ends something, by what it ends. */
enum mark { NONE, COMMA, COLON, STOP, QUESTION, ELLIPSIS, SIGN, DASH, CLOSING, BAR, ARROW };

enum opens { NOTHING, QUOTE, BRACKET, COPYRIGHT, MONEY };

/* -- reading ----------------------------------------------------------------------------------- */

static enum mark mark_of(uint32_t cp)
{
	switch (cp) {
	case ',': case ';': case 0xff0c: case 0x3001: case 0x60c: case 0xff1b: case 0x61b:
		return COMMA;
	case ':': case 0xff1a:
		return COLON;
	case '.': case 0x3002: case 0x964: case 0x6d4:
		return STOP;
	case '!': case '?': case 0xff01: case 0xff1f: case 0x61f:
		return QUESTION;
	case 0x2026:
		return ELLIPSIS;
	case '-': case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015:
		return DASH;
	case ')': case ']': case '}': case 0x201d: case 0x2019: case 0x300d: case 0x300f: case 0xff09:
	case 0x3011:
		return CLOSING;
	case '|': case 0xb7: case 0x2022: case 0x25cf: case 0xff5c:
		return BAR;
	case '>': case '/': case '\\': case 0xbb: case 0x203a: case 0x2192:
		return ARROW;
	default:
		return SIGN;
	}
}

static enum opens opens_of(uint32_t cp)
{
	switch (cp) {
	case '"': case '\'': case 0x201c: case 0x2018: case 0x201e: case 0x201a: case 0xab: case 0x300c:
	case 0x300e: case 0x300a:
		return QUOTE;
	case '(': case '[': case '{': case 0xff08: case 0x3010:
		return BRACKET;
	case 0xa9:
		return COPYRIGHT;
	case '$': case 0x20ac: case 0xa3: case '#': case '@': case '+': case '~': case 0xbf: case 0xa1:
		return MONEY;
	default:
		return NOTHING;
	}
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\n' || cp == 0xa0 || cp == 0x3000 || (cp >= 0x2002 && cp <= 0x200a);
}

/* What stands between words up to p, where the next one begins or the line ends. */
static const char *read_gap(struct pm_seam_word *w, const char *p, const char *end)
{
	while (p < end) {
		const char *at = p;
		uint32_t cp = pm_utf8_next(&p, end), fold;

		if (cp < 0x80 ? (unsigned)((cp | 0x20) - 'a') < 26 || cp - '0' < 10
			      : pm_phrase_letter(cp, &fold) != PM_PHRASE_CHAR_NONE)
			return at;
		if (is_blank(cp)) {
			w->blank = 1;
			w->opens = w->opens == COPYRIGHT ? COPYRIGHT : NOTHING;
			continue;
		}
		w->signs += w->signs < 9;
		if (opens_of(cp)) {
			/* A quotation mark right behind a word closes it. */
			if (!w->blank && w->opens == NOTHING && opens_of(cp) == QUOTE)
				w->mark = w->mark ? w->mark : CLOSING;
			w->opens = (uint8_t)opens_of(cp);
			continue;
		}
		if (mark_of(cp) == STOP && w->mark == STOP)
			w->mark = ELLIPSIS;
		else if (mark_of(cp) != CLOSING || !w->mark)
			w->mark = (uint8_t)mark_of(cp);
	}
	return p;
}

bool pm_seam_is_known(const struct pm_phrases *t, const char *from, const char *p, const char *end)
{
	uint32_t words, h;

	while (p < end && ((unsigned)((*p | 0x20) - 'a') < 26 || (unsigned char)*p >= 0x80) && p - from < KNOWN_BYTES)
		p++;
	h = pm_phrase_hash(pm_slice(from, (size_t)(p - from)), &words);
	return words == 1 && pm_phrase_find(t, pm_phrase_key(PM_PHRASE_LINE, h))->class;
}

/* A word from its first letter on: one case after the other parts it where words are glued. */
static const char *read_word(const struct pm_phrases *t, struct pm_seam_word *w, const char *p, const char *end)
{
	struct pm_phrase_reader r = { .len = 0 };
	uint32_t small = 0, capitals = 0, digits = 0;

	w->from = p;
	while (p < end) {
		const char *at = p;
		uint32_t cp = pm_utf8_next(&p, end), fold = cp;
		enum pm_phrase_char l = PM_PHRASE_CHAR_NONE;

		if (cp >= 0x80)
			l = pm_phrase_letter(cp, &fold);
		else if (cp - '0' < 10)
			l = PM_PHRASE_CHAR_DIGIT;
		else if ((unsigned)((cp | 0x20) - 'a') < 26)
			l = cp & 0x20 ? PM_PHRASE_CHAR_LOWER : PM_PHRASE_CHAR_UPPER;
		if (l == PM_PHRASE_CHAR_NONE || (w->letters && l == PM_PHRASE_CHAR_ALONE) ||
		    (l == PM_PHRASE_CHAR_UPPER && small >= GLUE_SMALL && !pm_seam_is_known(t, w->from, at, end)) ||
		    (l == PM_PHRASE_CHAR_UPPER && digits && digits == w->letters) ||
		    (l == PM_PHRASE_CHAR_DIGIT && small >= DIGITS_SMALL && small + capitals == w->letters)) {
			p = at;
			break;
		}
		if (!w->letters)
			w->kind = l == PM_PHRASE_CHAR_UPPER ? UPPER : l == PM_PHRASE_CHAR_DIGIT ? DIGITS :
				  l == PM_PHRASE_CHAR_ALONE ? ALONE : cp >= CASELESS ? NO_CASE : LOWER;
		small = l == PM_PHRASE_CHAR_LOWER ? small + 1 : 0;
		capitals += l == PM_PHRASE_CHAR_UPPER;
		digits += l == PM_PHRASE_CHAR_DIGIT;
		w->letters++;
		pm_phrase_put(&r, cp - 'A' < 26 ? cp | 0x20 : fold, l == PM_PHRASE_CHAR_DIGIT);
		if (l == PM_PHRASE_CHAR_ALONE)
			break;
	}
	if (w->kind == UPPER && capitals == w->letters && capitals > 1)
		w->kind = CAPITALS;
	w->to = p;
	w->hash = pm_phrase_word(r.folded, r.len);
	return p;
}

static void look_up(const struct pm_phrases *t, struct pm_seam_word *w)
{
	const struct pm_phrase *found = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_WORD, w->hash));

	w->weight = found->weight;
	w->class = found->class;
	w->function = found->function;
}

/* Phrases of furniture among the words. */
static void mark_phrases(struct pm_seams *s)
{
	for (size_t i = 0; i < s->words; i++) {
		struct pm_seam_word *w = &s->word[i];
		uint32_t h = 0;

		for (size_t k = 0; k < PHRASE_WORDS && i + k < s->words; k++) {
			const struct pm_phrase *line;

			/* A phrase goes over no stop, and no more than a blank parts its words. */
			if (k && (w[k].mark == STOP || w[k].mark == QUESTION || w[k].mark >= BAR))
				break;
			h = pm_phrase_join(h, w[k].hash);
			line = pm_phrase_find(s->phrases, pm_phrase_key(PM_PHRASE_LINE, h));
			if (!line->class)
				continue;
			w->phrase = (uint8_t)(k + 1);
			w->phrase_class = line->class;
			if (w[k].ends < k + 1) {
				w[k].ends = (uint8_t)(k + 1);
				w[k].ends_class = line->class;
			}
			for (size_t m = 1; m <= k; m++)
				w[m].inside = 1;
		}
	}
}

static void count_threes(struct pm_seams *s)
{
	memset(s->seen, 0, (size_t)1 << SEEN_BITS);
	for (size_t i = 0; i + 2 < s->words; i++) {
		struct pm_seam_word *w = &s->word[i];
		uint8_t *n;

		w->three = pm_phrase_join(pm_phrase_join(w[0].hash, w[1].hash), w[2].hash) >> (32 - SEEN_BITS);
		n = &s->seen[w->three];
		*n = (uint8_t)(*n + (*n < UINT8_MAX));
	}
}

bool pm_seams_open(struct pm_seams *s, const struct pm_phrases *phrases, struct pm_arena *a)
{
	*s = (struct pm_seams){ .phrases = phrases };
	s->word = PM_ARENA_NEW(a, struct pm_seam_word, PM_SEAM_WORDS + 1);
	s->seen = PM_ARENA_NEW(a, uint8_t, (size_t)1 << SEEN_BITS);
	return s->word && s->seen;
}

void pm_seams_begin(struct pm_seams *s, struct pm_slice line)
{
	s->next = line.ptr;
	s->end = line.ptr + line.len;
	s->words = s->first = s->last = 0;
	s->words_before = 0;
}

bool pm_seams_read(struct pm_seams *s)
{
	size_t kept = 0;

	if (s->words && s->next == s->end)
		return false;
	if (s->words) {
		/* Some of the words before go on being neighbours. */
		kept = 2 * PM_SEAM_AROUND;
		memmove(s->word, s->word + s->words - kept, kept * sizeof(*s->word));
		s->words_before += (uint32_t)(s->words - kept);
		for (size_t i = 0; i < kept; i++) {
			struct pm_seam_word *w = &s->word[i];

			w->phrase = w->ends = w->inside = w->phrase_class = w->ends_class = 0;
		}
	}
	for (s->words = kept; s->words < PM_SEAM_WORDS; s->words++) {
		struct pm_seam_word *w = &s->word[s->words];

		memset(w, 0, sizeof(*w));
		s->next = read_gap(w, s->next, s->end);
		if (s->next == s->end)
			break;
		s->next = read_word(s->phrases, w, s->next, s->end);
		look_up(s->phrases, w);
	}
	if (s->words == kept)
		return false;
	mark_phrases(s);
	count_threes(s);
	s->alone = s->upper = s->function = 0;
	for (size_t i = 0; i < s->words; i++) {
		s->alone += s->word[i].kind == ALONE;
		s->upper += s->word[i].kind == UPPER || s->word[i].kind == CAPITALS;
		s->function += s->word[i].function;
	}
	s->first = kept ? PM_SEAM_AROUND : 1;
	s->last = s->next == s->end ? s->words : s->words - PM_SEAM_AROUND;
	return true;
}

/* -- places -------------------------------------------------------------------------------------- */

bool pm_seam_possible(const struct pm_seams *s, size_t i)
{
	const struct pm_seam_word *w = &s->word[i];

	if (i == 0)
		return false;
	if (w->kind == ALONE && !w->blank && !w->mark && s->word[i - 1].kind == ALONE)
		return false;
	return w->kind != LOWER || w->phrase || s->word[i - 1].ends || w->mark >= BAR;
}

bool pm_seam_by_phrase(const struct pm_seams *s, size_t i)
{
	const struct pm_seam_word *w = &s->word[i];

	/* What goes on in lower case is a sentence. */
	if (w->phrase >= 2 && i + w->phrase < s->words)
		return s->word[i + w->phrase].kind != LOWER || s->word[i + w->phrase].mark;
	return (w[-1].ends >= 2 && w->kind != LOWER) || w->opens == COPYRIGHT;
}

const char *pm_seam_at(const struct pm_seams *s, size_t i)
{
	const char *before = s->word[i - 1].to, *p = s->word[i].from;

	/* What opens a word goes with it. */
	if (s->word[i].opens == COPYRIGHT) {
		while (p > before && memcmp(p, "\xc2\xa9", 2) != 0)
			p--;
		return p;
	}
	if (!s->word[i].blank) {
		const char *at = p;

		while (at > before && ((unsigned char)*--at & 0xc0) == 0x80)
			;
		return s->word[i].opens && s->word[i].signs ? at : p;
	}
	while (p > before && p[-1] != ' ' && p[-1] != '\n')
		p--;
	return p;
}

/* -- features ------------------------------------------------------------------------------------ */

struct row {
	pm_eight *f;
	unsigned lane, at;
};

static inline void put(struct row *r, int32_t value)
{
	r->f[r->at++][r->lane] = (int16_t)(value > 32000 ? 32000 : value < -32000 ? -32000 : value);
}

static const struct pm_seam_word *word_at(const struct pm_seams *s, size_t i, int by)
{
	static const struct pm_seam_word none = { .kind = 9, .weight = -99, .function = 2, .letters = 99 };

	return (by < 0 && i < (size_t)-by) || i + (size_t)by >= s->words ? &none : &s->word[i + (size_t)by];
}

static bool is_stop(const struct pm_seam_word *w)
{
	return w->mark == STOP || w->mark == QUESTION || w->mark == ELLIPSIS;
}

static bool has_capital(const struct pm_seam_word *w)
{
	return w->kind == UPPER || w->kind == CAPITALS || w->kind == DIGITS;
}

static void put_words(struct row *r, const struct pm_seams *s, size_t i)
{
	for (int by = -3; by <= 3; by++)
		put(r, word_at(s, i, by)->kind);
	for (int by = -2; by <= 2; by++) {
		put(r, word_at(s, i, by)->function);
		put(r, word_at(s, i, by)->weight);
	}
	put(r, (int32_t)word_at(s, i, -1)->letters);
	put(r, (int32_t)word_at(s, i, 0)->letters);
	put(r, (int32_t)word_at(s, i, 1)->letters);
	for (int by = -2; by <= 1; by++)
		put(r, word_at(s, i, by)->class);
	put(r, word_at(s, i, -1)->blank + 2 * word_at(s, i, 1)->blank);
	put(r, word_at(s, i, -1)->mark);
	put(r, word_at(s, i, 1)->mark);
}

static void put_sums(struct row *r, const struct pm_seams *s, size_t i)
{
	int32_t before = 0, after = 0, far = 0, lower = 0, lower_after = 0, function = 0, function_after = 0;

	for (int by = 1; by <= 6; by++) {
		const struct pm_seam_word *w = word_at(s, i, -by), *v = word_at(s, i, by - 1);

		before += w->kind < 9 ? w->weight : 0;
		after += v->kind < 9 ? v->weight : 0;
		lower += w->kind == LOWER;
		lower_after += v->kind == LOWER;
		function += w->function == 1;
		function_after += v->function == 1;
	}
	for (int by = 6; by < 14; by++)
		far += word_at(s, i, by)->kind < 9 ? word_at(s, i, by)->weight : 0;
	put(r, before);
	put(r, after);
	put(r, after + far);
	put(r, lower);
	put(r, lower_after);
	put(r, function);
	put(r, function_after);
}

/* Words to the next or last place of a kind. */
static void put_distances(struct row *r, const struct pm_seams *s, size_t i)
{
	int32_t run = 0, ahead = 0, stop = 0, next_stop = 1, mark = 0, next_mark = 1, blank = 0, next_blank = 1;

	while (run < 12 && has_capital(word_at(s, i, -1 - run)) && (run == 0 || !word_at(s, i, -run)->mark))
		run++;
	while (ahead < 12 && has_capital(word_at(s, i, ahead)) && (ahead == 0 || !word_at(s, i, ahead)->mark))
		ahead++;
	while (stop < AHEAD && i > (size_t)stop && !is_stop(&s->word[i - (size_t)stop - 1]))
		stop++;
	while (next_stop < AHEAD && i + (size_t)next_stop < s->words && !is_stop(&s->word[i + (size_t)next_stop]))
		next_stop++;
	while (mark < AHEAD && i > (size_t)mark && !s->word[i - (size_t)mark - 1].mark)
		mark++;
	while (next_mark < AHEAD && i + (size_t)next_mark < s->words && !s->word[i + (size_t)next_mark].mark)
		next_mark++;
	while (blank < AHEAD && i > (size_t)blank && !s->word[i - (size_t)blank - 1].blank)
		blank++;
	while (next_blank < AHEAD && i + (size_t)next_blank < s->words && !s->word[i + (size_t)next_blank].blank)
		next_blank++;
	put(r, run);
	put(r, ahead);
	put(r, stop);
	put(r, next_stop);
	put(r, mark);
	put(r, next_mark);
	put(r, blank);
	put(r, next_blank);
}

static void put_phrases(struct row *r, const struct pm_seams *s, size_t i)
{
	const struct pm_seam_word *w = &s->word[i], *before = w - 1;
	uint32_t two = pm_phrase_join(0, w->hash), last;
	const struct pm_phrase *start = pm_phrase_find(s->phrases, pm_phrase_key(PM_PHRASE_START, two));
	uint8_t class = start->class;

	put(r, w->phrase);
	put(r, before->ends);
	put(r, w->inside);
	put(r, i + 1 < s->words ? s->word[i + 1].inside : 0);
	put(r, w->phrase ? w->phrase_class : 0);
	put(r, before->ends ? before->ends_class : 0);
	if (i + 1 < s->words) {
		two = pm_phrase_join(two, s->word[i + 1].hash);
		start = pm_phrase_find(s->phrases, pm_phrase_key(PM_PHRASE_START, two));
		class = start->class ? start->class : class;
		put(r, pm_phrase_find(s->phrases, pm_phrase_key(PM_PHRASE_FIRST, two))->weight);
	} else {
		put(r, 0);
	}
	last = i >= 2 ? pm_phrase_join(pm_phrase_join(0, s->word[i - 2].hash), before->hash) : 0;
	put(r, i >= 2 ? pm_phrase_find(s->phrases, pm_phrase_key(PM_PHRASE_LAST, last))->weight : 0);
	put(r, class);
	put(r, i + 2 < s->words ? s->seen[w->three] : 0);
	put(r, i >= 3 ? s->seen[s->word[i - 3].three] : 0);
}

void pm_seam_features(const struct pm_seams *s, size_t i, pm_eight *f, unsigned lane)
{
	struct row r = { .f = f, .lane = lane };
	const struct pm_seam_word *w = &s->word[i];

	put(&r, w->blank);
	put(&r, w->mark);
	put(&r, w->opens);
	put(&r, w->signs);
	put_words(&r, s, i);
	put_sums(&r, s, i);
	put_distances(&r, s, i);
	put_phrases(&r, s, i);
	put(&r, (int32_t)(s->alone * 100 / s->words));
	put(&r, (int32_t)(s->upper * 100 / s->words));
	put(&r, (int32_t)(s->function * 100 / s->words));
	while (r.at < PM_SEAM_FEATURES)
		put(&r, 0);
}
