/* Names in the wrong case: only where the page writes the same name otherwise, or a list of
 * countries and cities has it. */
#include "filters/repair/steps.h"

enum {
	LETTERS_LEAST = 4,      /* of a name that the page alone proves */
	PAIR_LEAST = 4,         /* times that it has two words as
				 * one; where the one that lost its */
	PAIR_SURE = 3,          /* capital also stands by itself ... */
	PAIR_ALONE = 2,         /* ... that often */
	CAPITAL_LEAST = 2,      /* times that it has a word without its second capital */
	STEM_LEAST = 4,         /* letters before a capital S at the end */
};

/* A single word in small letters that is a name. */
static bool name(const struct pm_repair *r, const struct pm_token *t)
{
	const struct pm_word *on_page = pm_words_find(r->words, t->hash);
	bool listed = pm_is_name(t->hash) && !pm_is_common(t->hash);

	if (!on_page || (!listed && !pm_words_prove(on_page, t->article)) ||
	    pm_utf8_count(t->text) < LETTERS_LEAST)
		return false;
	/* A page that writes it small again means it. */
	if (listed)
		return on_page->lower <= 1 ||
		       on_page->lower <= (on_page->name + on_page->first) / 2;
	return !t->hyphen && t->free;
}

/* Two words of which one has lost its capital. */
static bool pair(const struct pm_repair *r, const struct pm_token *a, const struct pm_token *b)
{
	uint32_t hash = pm_pair_hash(a->hash, b->hash);
	const struct pm_word *both = pm_words_find(r->words, hash);
	const struct pm_word *small = pm_words_find(r->words, a->upper ? b->hash : a->hash);

	if (pm_is_name(hash))
		return true;
	return both && small && both->other == 0 && small->lower <= 1 &&
	       both->name >= (small->alone >= PAIR_ALONE ? PAIR_SURE : PAIR_LEAST);
}

static void swap_first(struct pm_repair *r, const struct pm_token *t)
{
	const char *p = t->text.ptr, *end = p + t->text.len;
	uint32_t cp = pm_utf8_next(&p, end), other = pm_other_case(cp);

	if (other == cp)
		return;
	pm_edit_replace(&r->edit, t->text.ptr, (size_t)(p - t->text.ptr),
			pm_slice(r->space, pm_utf8_put(r->space, other)));
	r->count[PM_REPAIR_CASE]++;
}

/* "KremlinS": a capital behind a name in small letters. Whether an apostrophe was lost there nobody
 * can tell; its case is wrong for certain. */
static bool last_capital(const struct pm_repair *r, const struct pm_token *t)
{
	struct pm_slice stem = pm_slice(t->text.ptr, t->text.len - 1);
	const char *p = stem.ptr, *end = p + stem.len;
	const struct pm_word *on_page;
	uint32_t hash;

	if (t->form != PM_CASE_OTHER || !t->upper || t->text.len <= STEM_LEAST || *end != 'S')
		return false;
	(void)pm_utf8_next(&p, end);
	while (p < end)
		if (pm_letter(pm_utf8_next(&p, end)) == PM_LETTER_UPPER)
			return false;
	hash = pm_word_hash(stem);
	on_page = pm_words_find(r->words, hash);
	return pm_is_name(hash) || (on_page && on_page->name);
}

/* "RUssia": the second capital is one too many. */
static const char *second_capital(const struct pm_repair *r, const struct pm_token *t)
{
	const char *p = t->text.ptr, *end = p + t->text.len, *second;
	const struct pm_word *on_page = pm_words_find(r->words, t->hash);

	if (t->form != PM_CASE_OTHER || !t->upper || pm_utf8_count(t->text) < LETTERS_LEAST + 1)
		return NULL;
	(void)pm_utf8_next(&p, end);
	second = p;
	if (pm_letter(pm_utf8_next(&p, end)) != PM_LETTER_UPPER)
		return NULL;
	while (p < end)
		if (pm_letter(pm_utf8_next(&p, end)) == PM_LETTER_UPPER)
			return NULL;
	return pm_is_name(t->hash) ||
			       (on_page && on_page->other == 1 && on_page->name >= CAPITAL_LEAST)
		       ? second
		       : NULL;
}

static void mend(struct pm_repair *r, const struct pm_token *t)
{
	const char *second;

	if (last_capital(r, t)) {
		pm_edit_replace(&r->edit, t->text.ptr + t->text.len - 1, 1, PM_LIT("s"));
		r->count[PM_REPAIR_CASE]++;
		return;
	}
	second = second_capital(r, t);
	if (second) {
		struct pm_token rest = *t;

		rest.text.len -= (size_t)(second - t->text.ptr);
		rest.text.ptr = second;
		swap_first(r, &rest);
	}
}

void pm_repair_case(struct pm_repair *r, const char *p, const char *end)
{
	struct pm_tokens t;
	struct pm_token now, last = { 0 };
	bool held = false;      /* the last token is to get its capital */

	pm_tokens_begin(&t, p, end);
	while (pm_tokens_next(&t, &now)) {
		bool small = now.plain && now.form == PM_CASE_LOWER && name(r, &now) &&
			     pm_tokens_cased(&t, &now);

		if (now.pair && !now.hyphen && now.plain && last.plain && now.upper != last.upper &&
		    now.form != PM_CASE_OTHER && last.form != PM_CASE_OTHER &&
		    pair(r, &last, &now)) {
			held |= !last.upper;
			small |= !now.upper;
		}
		if (held)
			swap_first(r, &last);
		held = small;
		if (now.plain && now.form == PM_CASE_OTHER)
			mend(r, &now);
		last = now;
	}
	if (held)
		swap_first(r, &last);
}
