#include "filters/repair/words.h"

#include "filters/repair/chars.h"
#include "filters/repair/word_hash.h"
#include "filters/repair/steps.h"

enum { PROBES = 24 };           /* places looked at: a page of colliding words finds fewer of them */
enum { PLACES_MAX = 1 << 17 };
enum { WORD_BYTES = 64 };

uint32_t pm_pair_hash(uint32_t first, uint32_t second)
{
	return pm_hash_end((first * UINT32_C(0x9e3779b1)) ^ (second + UINT32_C(0x7f4a7c15)));
}

uint32_t pm_word_hash(struct pm_slice word)
{
	uint32_t h = PM_HASH_BEGIN;
	const char *p = word.ptr, *end = p + word.len;

	while (p < end)
		h = pm_hash_char(h, pm_fold(pm_utf8_next(&p, end)));
	return pm_hash_end(h);
}

struct pm_slice pm_word_at(const char *p, const char *end)
{
	const char *q = p;

	while (q < end) {
		const char *at = q;

		if (!pm_is_letter(pm_letter(pm_utf8_next(&q, end)))) {
			q = at;
			break;
		}
	}
	return pm_slice(p, (size_t)(q - p));
}

struct pm_slice pm_word_before(const char *p, const char *begin)
{
	const char *q = p;

	while (q > begin) {
		const char *at = pm_char_back(q, begin);

		if (p - at > WORD_BYTES)
			return (struct pm_slice){ 0 };
		if (!pm_is_letter(pm_letter(pm_char_at(at, p))))
			break;
		q = at;
	}
	return pm_slice(q, (size_t)(p - q));
}

void pm_words_open(struct pm_words *w, struct pm_arena *a, size_t text_len)
{
	uint32_t places = 64;

	while (places < PLACES_MAX && places < text_len / 3)
		places *= 2;
	w->at = PM_ARENA_NEW(a, struct pm_word, places);
	w->mask = w->at ? places - 1 : 0;
	if (w->at)
		pm_words_reset(w);
}

void pm_words_reset(struct pm_words *w)
{
	w->left = (w->mask + 1) / 4 * 3;
	w->suspect = false;
	memset(w->both, 0, sizeof(w->both));
	memset(w->one, 0, sizeof(w->one));
	memset(w->at, 0, ((size_t)w->mask + 1) * sizeof(*w->at));
}

const struct pm_word *pm_words_find(const struct pm_words *w, uint32_t hash)
{
	if (!w || !w->at)
		return NULL;
	for (uint32_t i = hash, n = 0; n < PROBES; i++, n++) {
		const struct pm_word *word = &w->at[i & w->mask];

		if (word->hash == hash)
			return word;
		if (word->hash == 0)
			return NULL;
	}
	return NULL;
}

/* The word's place; NULL where none is left. */
static struct pm_word *add(struct pm_words *w, uint32_t hash, enum pm_word_case form, bool first)
{
	for (uint32_t i = hash, n = 0; n < PROBES; i++, n++) {
		struct pm_word *word = &w->at[i & w->mask];
		uint16_t *count;

		if (word->hash != hash) {
			if (word->hash)
				continue;
			if (w->left == 0)
				return NULL;
			w->left--;
			word->hash = hash;
		}
		count = form == PM_CASE_LOWER ? &word->lower : form == PM_CASE_OTHER ? &word->other
			: first ? &word->first : &word->name;
		*count += *count < UINT16_MAX;
		return word;
	}
	return NULL;
}

enum {
	NAME_LEAST = 5,         /* times that a page has a word as a name, mid-sentence */
	ALONE_LEAST = 3,        /* of these by itself */
};

bool pm_words_prove(const struct pm_word *word)
{
	return word->lower == 1 && word->name >= NAME_LEAST && word->alone >= ALONE_LEAST;
}

bool pm_words_suspect(const struct pm_words *w)
{
	if (w->suspect)
		return true;
	for (size_t i = 0; i < sizeof(w->both) / sizeof(*w->both); i++)
		if (w->both[i] & w->one[i])
			return true;
	for (uint32_t i = 0; i <= w->mask; i++)
		if (w->at[i].lower && (pm_words_prove(&w->at[i]) || pm_is_name(w->at[i].hash)))
			return true;
	return false;
}

/* -- tokens -------------------------------------------------------------------------------- */

enum { TITLE_BYTES = 240 };     /* a longer line is no title */

/* Whether a line has capitals, and whether it is a title in capitalised words: most of its longer
 * words are. */
static void look_at_line(struct pm_tokens *t, const char *p, const char *end)
{
	unsigned capped = 0, lower = 0, words = 0;

	t->capped = false;
	t->cased = end - p > TITLE_BYTES;
	if (t->cased)
		return;
	while (p < end) {
		struct pm_slice word = pm_word_at(p, end);

		if (word.len == 0) {
			(void)pm_utf8_next(&p, end);
			continue;
		}
		if (pm_letter(pm_char_at(p, end)) == PM_LETTER_UPPER)
			t->cased = true;
		if (word.len > 3) {
			if (pm_letter(pm_char_at(p, end)) == PM_LETTER_UPPER)
				capped += words > 0;
			else
				lower++;
		}
		words++;
		p = word.ptr + word.len;
	}
	t->capped = capped >= lower;
}

/* What makes a run without white space no plain words: an address, a path, a handle, code. */
static bool chunk_odd(const char *p, const char *end)
{
	/* Bit by bit the characters from "!" to "~" that nothing but such runs have; the two that
	 * depend on what follows. */
	static const uint64_t marks[2] = {
		UINT64_C(1) << '#' | UINT64_C(1) << '$' | UINT64_C(1) << '=' | UINT64_C(1) << '<' |
		UINT64_C(1) << '>' | UINT64_C(1) << '.' | UINT64_C(1) << '/',
		UINT64_C(1) << ('@' - 64) | UINT64_C(1) << ('_' - 64) | UINT64_C(1) << ('\\' - 64) |
		UINT64_C(1) << ('{' - 64) | UINT64_C(1) << ('}' - 64) | UINT64_C(1) << ('~' - 64) |
		UINT64_C(1) << ('^' - 64) | UINT64_C(1) << ('|' - 64) | UINT64_C(1) << ('`' - 64),
	};

	for (; p < end; p++) {
		unsigned char b = (unsigned char)*p;

		if (b >= 0x80 || !(marks[b >> 6] >> (b & 63) & 1))
			continue;
		if (b == '.' ? end - p > 1 && pm_within(p[1], 'a', 26)
			     : b != '/' || (end - p > 1 && p[1] == '/'))
			return true;
	}
	return false;
}

void pm_tokens_begin(struct pm_tokens *t, const char *p, const char *end)
{
	*t = (struct pm_tokens){ .p = p, .begin = p, .end = end };
}

static bool white(char c)
{
	return (unsigned char)c <= ' ' && (c == ' ' || c == '\n' || c == '\t');
}

/* Decides what holds for the line and the run that begin before `p`. */
static void look_ahead(struct pm_tokens *t, const char *p)
{
	if (!t->line_end || p >= t->line_end) {
		const char *eol = memchr(p, '\n', (size_t)(t->end - p));

		t->line_end = eol ? eol : t->end;
		look_at_line(t, p, t->line_end);
	}
	if (!t->chunk_end || p >= t->chunk_end) {
		const char *from = p;

		while (from > t->begin && from > t->last_end && !white(from[-1]))
			from--;
		t->chunk_end = p;
		while (t->chunk_end < t->end && !white(*t->chunk_end))
			t->chunk_end++;
		t->odd = chunk_odd(from, t->chunk_end);
	}
}

/* Whether a sentence may begin behind what stands between two tokens. Only a space, a comma, or a
 * hyphen says for sure that none does. */
static bool begins(const char *gap, const char *p)
{
	if (p - gap == 1)
		return *gap != ' ' && *gap != '-';
	return p - gap != 2 || gap[0] != ',' || gap[1] != ' ';
}

bool pm_tokens_next(struct pm_tokens *t, struct pm_token *token)
{
	uint32_t h = PM_HASH_BEGIN, cp = 0;
	unsigned uppers = 0, letters = 0;
	enum pm_letter kind = PM_LETTER_NOT;
	const char *from, *q;

	/* Up to the next letter of a script with case. */
	do {
		if (t->p >= t->end)
			return false;
		from = t->p;
		cp = (unsigned char)*from < 0x80 ? (unsigned char)*t->p++ : pm_utf8_next(&t->p, t->end);
		kind = pm_letter(cp);
	} while (!pm_is_cased(kind));
	token->upper = kind == PM_LETTER_UPPER;
	q = from;
	do {
		uppers += kind == PM_LETTER_UPPER;
		letters++;
		h = pm_hash_char(h, kind == PM_LETTER_UPPER ? pm_other_case(cp) : cp);
		q = t->p;
		if (q >= t->end)
			break;
		cp = (unsigned char)*q < 0x80 ? (unsigned char)*t->p++ : pm_utf8_next(&t->p, t->end);
		kind = pm_letter(cp);
	} while (pm_is_letter(kind));
	t->p = q;
	token->text = pm_slice(from, (size_t)(q - from));
	token->hash = pm_hash_end(h);
	token->form = uppers == 0 ? PM_CASE_LOWER
		: uppers == 1 && token->upper ? PM_CASE_NAME : PM_CASE_OTHER;
	token->two = uppers == 2;
	look_ahead(t, from);
	token->capped = t->capped;
	token->cased = t->cased;
	token->first = !t->last_end || begins(t->last_end, from);
	token->pair = t->last_end && from - t->last_end == 1 && (*t->last_end == ' ' || *t->last_end == '-');
	token->article = token->pair && t->article;
	t->article = pm_is_article(token->hash);
	token->hyphen = token->pair && *t->last_end == '-';
	cp = pm_char_before(from, t->begin);
	token->plain = !t->odd && pm_letter(cp) != PM_LETTER_DIGIT && cp != '.' && cp != '&' &&
		       pm_letter(pm_char_at(q, t->end)) != PM_LETTER_DIGIT;
	token->free = q == t->end || (*q != '-' && *q != '/');
	t->last_end = q;
	return true;
}

/* Only pairs that could be a name are worth a place. */
static void add_pair(struct pm_words *w, const struct pm_token *a, const struct pm_token *b)
{
	uint32_t hash = pm_pair_hash(a->hash, b->hash), bit = hash >> 16;

	if (a->upper && b->upper) {
		w->both[bit >> 6] |= UINT64_C(1) << (bit & 63);
		(void)add(w, hash, a->form == PM_CASE_NAME && b->form == PM_CASE_NAME ? PM_CASE_NAME
			  : PM_CASE_OTHER, b->capped);
	} else {
		w->one[bit >> 6] |= UINT64_C(1) << (bit & 63);
		w->suspect |= pm_is_name(hash);
	}
}

void pm_words_add(struct pm_words *w, const char *p, const char *end)
{
	struct pm_tokens t;
	struct pm_token now, last = { 0 };
	struct pm_word *lonely = NULL;

	if (!w->at)
		return;
	pm_tokens_begin(&t, p, end);
	while (pm_tokens_next(&t, &now)) {
		struct pm_word *word = NULL;
		bool beside = now.pair && last.upper && now.upper;

		/* The last one is alone if this one is no capitalised neighbour. */
		if (lonely && !beside)
			lonely->alone += lonely->alone < UINT16_MAX;
		if (now.plain) {
			word = add(w, now.hash, now.form, now.first || now.capped);
			w->suspect |= now.two && now.upper;
			if (now.pair && last.plain && !now.hyphen && (now.upper || last.upper))
				add_pair(w, &last, &now);
		}
		lonely = word && now.form == PM_CASE_NAME && !now.first && !now.capped && !beside &&
			 !now.article && !now.hyphen ? word : NULL;
		last = now;
	}
	if (lonely)
		lonely->alone += lonely->alone < UINT16_MAX;
}
