#include "filters/repair/words.h"

#include "filters/repair/chars.h"
#include "filters/repair/word_hash.h"
#include "filters/repair/steps.h"

enum { PROBES = 24 };           /* places looked at: a page of
				 * colliding words finds fewer of them */
enum { PLACES_MAX = 1 << 17 };
enum { WORD_BYTES = 64 };

uint32_t pm_pair_hash(uint32_t first, uint32_t second)
{
	return pm_hash_end((first * UINT32_C(0x9e3779b1)) ^ (second + UINT32_C(0x7f4a7c15)));
}

uint32_t pm_joint_hash(uint32_t first, uint32_t second)
{
	return pm_pair_hash(~first, second);
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
	w->inner = w->calls = 0;
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
	NAME_LEAST = 3,         /* times that a page has a word as a
				 * name, for each one in small letters */
	ARTICLE_SHARE = 4,      /* more than one in so many of these
				 * behind an article: others may be */
};

bool pm_words_prove(const struct pm_word *word, bool article)
{
	return word->lower && word->lower <= word->name / NAME_LEAST &&
	       (!article || word->article > word->name / ARTICLE_SHARE) &&
	       !pm_is_common(word->hash);
}

/* -- tokens -------------------------------------------------------------------------------- */

enum { ARTICLE_BYTES = 16 };   /* none is longer */
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

static bool white(char c)
{
	return (unsigned char)c <= ' ' && (c == ' ' || c == '\n' || c == '\t');
}

/* Small letters of ASCII for capital and small ones, 0 for all else. */
static inline unsigned char small_letter(unsigned char b)
{
	b |= 0x20;
	return pm_within((char)b, 'a', 26) ? b : 0;
}

/* Goes to the end of the run without white space at `p`; *odd is whether its characters make it no
 * plain words: an address, a path, a handle, code; a call of a member adds to *calls. */
static const char *over_chunk(const char *p, const char *end, bool *odd, unsigned *calls)
{
	/* 1: ends it; 2: nothing but such runs have it; 3, 4: depends on what follows; 5: on what
	 * was. */
	static const uint8_t marks[256] = {
		[' '] = 1, ['\n'] = 1, ['\t'] = 1, ['#'] = 2, ['$'] = 2, ['='] = 2, ['<'] = 2,
		['>'] = 2, ['@'] = 2, ['_'] = 2, ['\\'] = 2, ['{'] = 2, ['}'] = 2, ['~'] = 2,
		['^'] = 2, ['|'] = 2, ['`'] = 2, ['.'] = 3, ['/'] = 4, ['('] = 5,
	};
	bool dot = false;       /* with letters around it */

	*odd = false;
	for (const char *from = p; p < end; p++) {
		uint8_t mark = marks[(unsigned char)*p];

		if (!mark)
			continue;
		if (mark == 1)
			break;
		*odd |= mark == 2 || (mark == 3 && end - p > 1 && pm_within(p[1], 'a', 26)) ||
			(mark == 4 && end - p > 1 && p[1] == '/');
		if (p == from)
			continue;
		if (mark == 3)
			dot |= small_letter((unsigned char)p[-1]) && end - p > 1 &&
			       small_letter((unsigned char)p[1]);
		else if (mark == 5 && dot && small_letter((unsigned char)p[-1]))
			++*calls;
	}
	return p;
}

void pm_tokens_begin(struct pm_tokens *t, const char *p, const char *end)
{
	*t = (struct pm_tokens){ .p = p, .begin = p, .end = end };
}

/* Decides what holds for the line that `p` is on; of a long one no more than that it is. */
static void look_at_its_line(struct pm_tokens *t, const char *p)
{
	const char *from = p, *to = p,
		   *least = p - t->begin > TITLE_BYTES ? p - TITLE_BYTES - 1 : t->begin;
	const char *most = t->end - p > TITLE_BYTES ? p + TITLE_BYTES + 1 : t->end;

	if (t->line_end && p < t->line_end)
		return;
	while (from > least && from[-1] != '\n')
		from--;
	while (to < most && *to != '\n')
		to++;
	look_at_line(t, from, to);
	t->line_end = to < most || to == t->end ? to : memchr(to, '\n', (size_t)(t->end - to));
	if (!t->line_end)
		t->line_end = t->end;
}

bool pm_tokens_cased(struct pm_tokens *t, const struct pm_token *token)
{
	look_at_its_line(t, token->text.ptr);
	return t->cased;
}

/* And for the run without white space. */
static void look_at_chunk(struct pm_tokens *t, const char *p)
{
	const char *from = p;

	if (t->chunk_end && p < t->chunk_end)
		return;
	while (from > t->begin && from > t->last_end && !white(from[-1]))
		from--;
	t->chunk_end = over_chunk(from, t->end, &t->odd, &t->calls);
}

/* Whether a sentence may begin behind what stands between two tokens. Only a space, a comma, or a
 * hyphen says for sure that none does. */
static bool begins(const char *gap, const char *p)
{
	if (p - gap == 1)
		return *gap != ' ' && *gap != '-';
	return p - gap != 2 || gap[0] != ',' || gap[1] != ' ';
}

/* Up to the next letter of a script with case. NULL: none is left. */
static const char *next_cased(const char *p, const char *end)
{
	while (p < end) {
		const char *from = p;

		if ((unsigned char)*p < 0x80) {
			if (small_letter((unsigned char)*p))
				return p;
			p++;
		} else if (pm_is_cased(pm_letter(pm_utf8_next(&p, end)))) {
			return from;
		}
	}
	return NULL;
}

/* Reads the word at `p`: its hash and case. Returns its end. */
static const char *read(struct pm_token *token, const char *p, const char *end)
{
	uint32_t h = PM_HASH_BEGIN;
	unsigned uppers = 0;
	const char *q = p;

	token->upper = pm_letter(pm_char_at(p, end)) == PM_LETTER_UPPER;
	while (q < end) {
		const char *at = q;
		unsigned char b = (unsigned char)*q, small;
		enum pm_letter kind;
		uint32_t cp;

		if (b < 0x80) {
			small = small_letter(b);
			if (!small)
				break;
			uppers += small != b;
			h = pm_hash_char(h, small);
			q++;
			continue;
		}
		cp = pm_utf8_next(&q, end);
		kind = pm_letter(cp);
		if (!pm_is_letter(kind)) {
			q = at;
			break;
		}
		uppers += kind == PM_LETTER_UPPER;
		h = pm_hash_char(h, kind == PM_LETTER_UPPER ? pm_other_case(cp) : cp);
	}
	token->text = pm_slice(p, (size_t)(q - p));
	token->hash = pm_hash_end(h);
	token->form = uppers == 0 ? PM_CASE_LOWER
		: uppers == 1 && token->upper ? PM_CASE_NAME : PM_CASE_OTHER;
	return q;
}

static bool digit(uint32_t cp)
{
	return cp < 0x80 ? cp - '0' < 10 : pm_letter(cp) == PM_LETTER_DIGIT;
}

bool pm_tokens_next(struct pm_tokens *t, struct pm_token *token)
{
	const char *from = next_cased(t->p, t->end), *q;
	uint32_t cp;

	if (!from)
		return false;
	t->p = q = read(token, from, t->end);
	look_at_chunk(t, from);
	token->capped = false;
	if (token->upper) {
		look_at_its_line(t, from);
		token->capped = t->capped;
	}
	token->first = !t->last_end || begins(t->last_end, from);
	token->pair = t->last_end && from - t->last_end == 1 &&
		      (*t->last_end == ' ' || *t->last_end == '-');
	token->article = token->pair && t->article;
	t->article = token->form != PM_CASE_OTHER && token->text.len < ARTICLE_BYTES &&
		     pm_is_article(token->hash);
	token->hyphen = token->pair && *t->last_end == '-';
	cp = pm_char_before(from, t->begin);
	token->plain =
		!t->odd && !digit(cp) && cp != '.' && cp != '&' && !digit(pm_char_at(q, t->end));
	token->free = q == t->end || (*q != '-' && *q != '/');
	t->last_end = q;
	return true;
}

/* Only pairs of capitalised words could be a name. */
static void add_pair(struct pm_words *w, const struct pm_token *a, const struct pm_token *b)
{
	(void)add(w, pm_pair_hash(a->hash, b->hash),
		  a->form == PM_CASE_NAME && b->form == PM_CASE_NAME ? PM_CASE_NAME : PM_CASE_OTHER,
		  b->capped);
}

/* "handleClick": small letters, then a capital and small ones. "iPhone" is none. */
static bool inner(struct pm_token *t, const char *end)
{
	const char *p = t->text.ptr, *stop = p + t->text.len;
	unsigned small = 0, tail = 0;

	if (t->upper)
		return false;
	while (p < stop) {
		enum pm_letter kind = pm_letter(pm_utf8_next(&p, stop));

		if (kind == PM_LETTER_LOWER)
			tail++;
		else if (small)
			return false;
		else {
			small = tail;
			tail = 0;
		}
	}
	t->code = stop < end && (*stop == '(' || *stop == '_' || *stop == '[');
	return small > 1 && tail > 0;
}

/* "GetEvents(": a capital behind a small letter, in ASCII, and a bracket right behind. */
static bool called(const struct pm_token *t, const char *end)
{
	const char *p = t->text.ptr, *stop = p + t->text.len;

	if (stop == end || *stop != '(')
		return false;
	for (; p + 1 < stop; p++)
		if (pm_within(p[0], 'a', 26) && pm_within(p[1], 'A', 26))
			return true;
	return false;
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
			if (word && now.article && now.form == PM_CASE_NAME && !now.first &&
			    !now.capped)
				word->article += word->article < UINT16_MAX;
			if (word && word->other && now.form == PM_CASE_OTHER && inner(&now, t.end))
				w->inner += word->other == 2 || now.code;
			w->calls += now.form == PM_CASE_OTHER && called(&now, t.end);
			if (now.pair && last.plain && !now.hyphen && now.upper && last.upper)
				add_pair(w, &last, &now);
		}
		if (now.upper && last.text.ptr &&
		    now.text.ptr - (last.text.ptr + last.text.len) == 1 && now.text.ptr[-1] == '.')
			(void)add(w, pm_joint_hash(last.hash, now.hash), PM_CASE_OTHER, false);
		lonely = word && now.form == PM_CASE_NAME && !now.first && !now.capped && !beside &&
			 !now.article && !now.hyphen ? word : NULL;
		last = now;
	}
	w->calls += t.calls;
	if (lonely)
		lonely->alone += lonely->alone < UINT16_MAX;
}
