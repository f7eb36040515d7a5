/* Sentences and headings that ran together: "weeksThe council". Split only where both halves prove
 * themselves as words and the whole does not. */
#include "filters/repair/steps.h"

enum { LEFT_LEAST = 3, LEFT_SURE = 4, RIGHT_LEAST = 3,         /* letters */
       NAME_LEAST = 2 };        /* times that a page has a name */

static bool alone(const struct pm_repair *r, struct pm_slice word)
{
	const struct pm_word *found = pm_words_find(r->words, pm_word_hash(word));

	return found && found->lower + found->name + found->first > 0;
}

static bool is_name(const struct pm_repair *r, struct pm_slice word)
{
	uint32_t hash = pm_word_hash(word);
	const struct pm_word *found = pm_words_find(r->words, hash);

	return pm_is_name(hash) || (found && found->name >= NAME_LEAST && found->lower == 0);
}

static bool lower_only(struct pm_slice s)
{
	const char *p = s.ptr, *end = p + s.len;

	while (p < end) {
		enum pm_letter kind = pm_letter(pm_utf8_next(&p, end));

		if (kind != PM_LETTER_LOWER && kind != PM_LETTER_MARK)
			return false;
	}
	return true;
}

/* The second half proves itself, and the word is not one that is written so. */
static bool splits(const struct pm_repair *r, struct pm_slice left, struct pm_slice right,
		   uint32_t after)
{
	struct pm_slice whole = pm_slice(left.ptr, left.len + right.len);
	const struct pm_word *found = pm_words_find(r->words, pm_word_hash(whole));
	bool upper = pm_letter(pm_char_at(left.ptr, right.ptr)) == PM_LETTER_UPPER;
	const char *tail = right.ptr;
	size_t nleft = pm_utf8_count(left), nright = pm_utf8_count(right);
	bool function = pm_is_function(pm_word_hash(right));

	(void)pm_utf8_next(&tail, right.ptr + right.len);
	if (nleft < LEFT_LEAST || !lower_only(pm_slice(tail, right.len - (size_t)(tail - right.ptr))))
		return false;
	/* A word that the page writes so again, or has in small letters, is one word. */
	if (found && (found->other > 1 || found->lower || found->name || found->first))
		return false;
	if (after == '.' || after == '(' || after == '_' || after == '@')
		return false;
	if (function && after == ' ')
		return upper ? nright >= RIGHT_LEAST && alone(r, left)
			     : nleft >= LEFT_SURE || alone(r, left);
	/* A capital inside is how brands and code write one word: only a name may follow small letters. */
	return !upper && !function && nleft >= LEFT_SURE && nright >= RIGHT_LEAST &&
	       alone(r, left) && (is_name(r, right) || (after == ' ' && alone(r, right)));
}

void pm_repair_glue(struct pm_repair *r, const char *p, const char *end)
{
	struct pm_tokens t;
	struct pm_token token;

	pm_tokens_begin(&t, p, end);
	while (pm_tokens_next(&t, &token)) {
		const char *q = token.text.ptr, *stop = q + token.text.len, *split = NULL;
		enum pm_letter last = PM_LETTER_NOT;
		unsigned splits_at = 0;

		if (token.form != PM_CASE_OTHER || !token.plain)
			continue;
		while (q < stop) {
			const char *at = q;
			enum pm_letter kind = pm_letter(pm_utf8_next(&q, stop));

			if (kind == PM_LETTER_UPPER && last == PM_LETTER_LOWER) {
				split = at;
				splits_at++;
			}
			last = kind;
		}
		if (splits_at != 1 ||
		    !splits(r, pm_slice(token.text.ptr, (size_t)(split - token.text.ptr)),
			    pm_slice(split, (size_t)(stop - split)), pm_char_at(stop, end)))
			continue;
		pm_edit_replace(&r->edit, split, 0, PM_LIT(" "));
		r->count[PM_REPAIR_GLUE]++;
	}
}
