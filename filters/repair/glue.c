/* Sentences and headings that ran together: "weeksThe council", "inMoscow". The joint is a capital
 * behind a small letter; what is one word by intention is written so, too: brands, surnames, code,
 * words of some languages. */
#include <string.h>

#include "core/simd.h"
#include "filters/repair/steps.h"

enum {
	/* Letters of a half that nothing else proves. */
	LEFT_LEAST = 3, LEFT_SURE = 5, LEFT_LONG = 7, RIGHT_LEAST = 3,
	NAME_LEAST = 2,         /* times that a page has a name */
	INNER_MOST = 1,         /* words with a capital inside that a
				 * page may repeat, and still mean none */
};

/* A word with one joint, and where it stands. */
struct joint {
	struct pm_slice left, right;
	uint32_t left_hash, right_hash;
	size_t nleft, nright;   /* letters */
	bool upper;             /* the first half is a word with a capital */
	bool latin;             /* the second is in the script that brands are written in */
	uint32_t before, after;
	uint32_t beyond;        /* behind `after` */
};

static bool split(struct pm_slice word, const char *begin, const char *end, struct joint *j)
{
	const char *q = word.ptr, *stop = q + word.len, *at = NULL;
	enum pm_letter last = PM_LETTER_NOT;

	for (size_t n = 0; q < stop; n++) {
		const char *here = q;
		enum pm_letter kind = pm_letter(pm_utf8_next(&q, stop));

		if (n == 0)
			j->upper = kind == PM_LETTER_UPPER;
		if (kind == PM_LETTER_UPPER && n) {
			if (at || last == PM_LETTER_UPPER)
				return false;
			at = here;
			j->nleft = n;
		} else if (kind == PM_LETTER_OTHER) {
			return false;
		}
		last = kind;
		j->nright = n + 1;
	}
	if (!at)
		return false;
	j->nright -= j->nleft;
	j->left = pm_slice(word.ptr, (size_t)(at - word.ptr));
	j->right = pm_slice(at, (size_t)(stop - at));
	j->latin = pm_char_at(at, stop) < 0x370;
	j->before = pm_char_before(word.ptr, begin);
	j->after = pm_char_at(stop, end);
	j->beyond = stop < end ? pm_char_at(stop + 1, end) : 0;
	return true;
}

static bool blank(uint32_t cp)
{
	return cp == 0 || cp == ' ' || cp == '\n' || cp == '\t';
}

/* Whether the word stands among words as one of a sentence. */
static bool in_prose(const struct joint *j)
{
	if (!blank(j->before) && j->before != '"' && j->before != 0x201c && j->before != 0x201e &&
	    j->before != 0xab && j->before != '-' && j->before != 0x2019 && j->before != '\'')
		return false;
	if (blank(j->after))
		return j->after != ' ' ||
		       !strchr("=<>+*|{&", (int)(j->beyond < 0x80 ? j->beyond : 'a')) ||
		       j->beyond == 0;
	if (j->after == '.' || j->after == ',' || j->after == ':' || j->after == '?' ||
	    j->after == '!' || j->after == ';')
		return blank(j->beyond);
	return j->after == '-' || j->after == 0x2019 || j->after == '\'';
}

/* A letter that is a word, where a sentence goes on behind it. */
static bool one_letter(const struct joint *j)
{
	uint32_t cp = pm_char_at(j->right.ptr, j->right.ptr + j->right.len);
	enum pm_letter beyond = pm_letter(j->beyond);

	/* Latin A, I, À; Cyrillic А, В, И, К, О, С, У, Я. */
	return (cp == 'A' || cp == 'I' || cp == 0xc0 || cp == 0x410 || cp == 0x412 || cp == 0x418 ||
		cp == 0x41a || cp == 0x41e || cp == 0x421 || cp == 0x423 || cp == 0x42f) &&
	       j->after == ' ' && beyond == PM_LETTER_LOWER &&
	       j->nleft >= (j->latin ? LEFT_SURE : LEFT_LEAST);
}

/* "LehrerIn", "StudentIn", "KollegIn": German words for persons end in one of few letters. */
static bool feminine_stem(const struct joint *j)
{
	char last = j->left.ptr[j->left.len - 1];

	return !memchr("nmaeisyou", last, 9);
}

/* What can be said without knowing the page: whether the joint deserves a look at it. */
static bool worth(const struct joint *j, uint32_t whole)
{
	static const char *const feminine[] = { "In", "Innen" };
	/* What brands and events end in, though it is a word of its own. */
	static const char *const brand[] = {
		"Con", "Next", "Plus", "Live", "View", "Now", "All", "You", "One", "Link", "Shell",
		"Net", "Up", "Hub", "Lab", "Labs", "Pro", "Pay", "Bank", "Card", "Book", "Box",
		"Tech", "Man", "Stream",
	};

	if (!in_prose(j) || pm_is_camel(whole))
		return false;
	for (size_t i = 0; i < sizeof(feminine) / sizeof(*feminine); i++)
		if (pm_slice_is(j->right, feminine[i]) && (i || (j->upper && feminine_stem(j))))
			return false;
	for (size_t i = 0; i < sizeof(brand) / sizeof(*brand); i++)
		if (j->upper && pm_slice_is(j->right, brand[i]))
			return false;
	if (j->nright == 1)
		return !j->upper && one_letter(j);
	if (!j->upper)
		return j->nleft >= LEFT_LEAST || (j->nleft == 2 && pm_is_function(j->left_hash));
	if (j->nleft <= LEFT_LEAST || j->after != ' ')
		return false;
	if (!j->latin || pm_is_function(j->right_hash))
		return true;
	return pm_is_common(j->right_hash) &&
	       (j->nleft > LEFT_LONG || !pm_is_common(j->left_hash)) &&
	       pm_letter(j->beyond) == PM_LETTER_LOWER;
}

static bool alone(const struct pm_word *w)
{
	return w && w->lower + w->name + w->first > 0;
}

/* A half that begins small. */
static bool small_splits(const struct pm_repair *r, const struct joint *j)
{
	const struct pm_word *left = pm_words_find(r->words, j->left_hash);
	const struct pm_word *right = pm_words_find(r->words, j->right_hash);
	bool function = pm_is_function(j->right_hash);
	bool name = pm_is_name(j->right_hash) ||
		    (right && right->name >= NAME_LEAST && right->lower == 0);
	bool left_known = (left && left->lower) || pm_is_common(j->left_hash) ||
			  pm_is_function(j->left_hash);
	bool right_known = function || name || alone(right) || pm_is_common(j->right_hash);

	if (r->words->inner > INNER_MOST || r->words->calls)
		return function && j->nleft > LEFT_LEAST && left && left->lower && j->after == ' ';
	if (j->nright == 1)
		return left_known || !j->latin;
	if (j->nleft == 2)
		return name && j->after == ' ';
	if (left_known && right_known)
		return j->nright > 2 || function || !j->latin ||
		       (j->nleft > LEFT_LEAST && j->after == ' ');
	if (function)
		return j->nleft > LEFT_LEAST;
	if (j->nright < RIGHT_LEAST)
		return left_known && j->nleft > LEFT_LEAST && j->after == ' ';
	return (j->nleft >= LEFT_SURE || left_known || (!j->latin && j->nleft > LEFT_LEAST)) &&
	       (right_known || j->after == ' ' || j->after == ',');
}

/* A half that begins with a capital: most brands do. */
static bool capital_splits(const struct pm_repair *r, const struct joint *j)
{
	const struct pm_word *left = pm_words_find(r->words, j->left_hash);
	const struct pm_word *right = pm_words_find(r->words, j->right_hash);
	bool name = pm_is_name(j->left_hash) ||
		    (left && left->name && !left->lower && !pm_is_common(j->left_hash));

	if (!j->latin && j->nright > 2 && (name || alone(right) || pm_is_common(j->right_hash)))
		return true;
	if (pm_is_function(j->right_hash))
		return name || alone(left) || j->nleft >= LEFT_SURE;
	return (name || j->nleft > LEFT_LONG) && j->nright > 2 &&
	       (alone(right) || pm_is_common(j->right_hash)) &&
	       pm_letter(j->beyond) == PM_LETTER_LOWER;
}

static bool splits(const struct pm_repair *r, const struct joint *j, const struct pm_token *t)
{
	const struct pm_word *whole = pm_words_find(r->words, t->hash);

	/* A word that the page writes so again, or has in small letters, is one word. */
	if (whole && (whole->other > 1 || whole->lower || whole->name || whole->first))
		return false;
	return j->upper ? capital_splits(r, j) : small_splits(r, j);
}

enum { WORD_BYTES = 96 };       /* a longer one is none */

bool pm_glue_worth(const char *p, const char *begin, const char *end, const char **after)
{
	struct pm_slice head = pm_word_before(p, begin), word;
	struct joint j;

	*after = p + 1;
	if (head.len == 0)
		return false;
	word = pm_word_at(head.ptr, end - head.ptr > WORD_BYTES ? head.ptr + WORD_BYTES : end);
	*after = word.ptr + word.len;
	if (word.len > WORD_BYTES - 4) {
		while (*after < end && ((unsigned char)**after >= 0x80 ||
					pm_is_cased(pm_letter((unsigned char)**after))))
			++*after;
		return false;
	}
	if (*after <= p || !split(word, begin, end, &j))
		return false;
	j.left_hash = pm_word_hash(j.left);
	j.right_hash = pm_word_hash(j.right);
	return worth(&j, pm_word_hash(word));
}

/* The next capital behind a small letter, from `p` on; NULL: none is left. */
static const char *next_joint(const char *p, const char *begin, const char *end)
{
	while (p < end) {
		const char *at = p;

#if PM_SSE2
		if (!pm_portable && end - p > 16) {
			__m128i x = _mm_loadu_si128((const __m128i *)p);
			__m128i y = _mm_loadu_si128((const __m128i *)(p + 1));
			__m128i low = _mm_sub_epi8(x, _mm_set1_epi8('a')),
				up = _mm_sub_epi8(y, _mm_set1_epi8('A'));
			int odd;

			low = _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8(25)), low);
			up = _mm_cmpeq_epi8(_mm_min_epu8(up, _mm_set1_epi8(25)), up);
			odd = _mm_movemask_epi8(_mm_and_si128(low, up)) | _mm_movemask_epi8(x);
			if (!odd) {
				p += 16;
				continue;
			}
			p += __builtin_ctz((unsigned)odd);
			at = p;
		}
#endif
		if ((unsigned char)*p < 0x80) {
			p++;
			if (pm_within(*at, 'a', 26) && p < end && pm_within(*p, 'A', 26))
				return p;
			if (!pm_within(*at, 'A', 26))
				continue;
		}
		p = at;
		if (pm_letter(pm_utf8_next(&p, end)) == PM_LETTER_UPPER) {
			if (pm_letter(pm_char_before(at, begin)) == PM_LETTER_LOWER)
				return at;
		} else if (p < end && pm_within(*p, 'A', 26) &&
			   pm_letter(pm_char_at(at, p)) == PM_LETTER_LOWER) {
			return p;
		}
	}
	return NULL;
}

void pm_repair_glue(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;
	struct pm_tokens t;
	struct pm_token token;
	struct joint j;

	pm_tokens_begin(&t, p, end);
	while ((p = next_joint(p, begin, end)) != NULL) {
		struct pm_slice head = pm_word_before(p, begin);
		const char *after = p + 1;

		if (head.len && pm_glue_worth(p, begin, end, &after)) {
			t.p = head.ptr;
			t.last_end = NULL;
			if (pm_tokens_next(&t, &token) && token.plain &&
			    split(token.text, begin, end, &j)) {
				j.left_hash = pm_word_hash(j.left);
				j.right_hash = pm_word_hash(j.right);
				if (splits(r, &j, &token)) {
					pm_edit_replace(&r->edit, j.right.ptr, 0, PM_LIT(" "));
					r->count[PM_REPAIR_GLUE]++;
				}
			}
		}
		p = after > p ? after : p + 1;
	}
}
