/* filters/extract/meta_author_help.c -- statements of the head name everybody who had a hand in a page; the
 * page says who wrote it and who helped. */
#include "filters/extract/byline_impl.h"
#include "filters/extract/meta_author.h"

enum {
	ABOVE = 60, BELOW = 300,        /* nodes around the headline */
	TEXT = 300,                     /* bytes of the longest text that may hold names */
	PEOPLE = 12,                    /* of longer lists nobody is looked for */
};

static bool holds(struct pm_slice text, struct pm_slice name)
{
	const char *at = text.ptr, *end = text.ptr + text.len;

	for (; (size_t)(end - at) >= name.len; at++) {
		at = memchr(at, name.ptr[0], (size_t)(end - at) - name.len + 1);
		if (!at)
			return false;
		if (memcmp(at, name.ptr, name.len) == 0)
			return true;
	}
	return false;
}

/* Notes whom a text names for the first time. */
static void note(const struct pm_people *people, struct pm_slice text, bool helps, bool *seen, bool *helper)
{
	for (size_t i = 0; i < people->len; i++) {
		if (seen[i] || !holds(text, people->at[i]))
			continue;
		seen[i] = true;
		helper[i] = helps;
	}
}

/* Where the names end that follow "Edited by" at the end of a text. */
static uint32_t box_end(const struct pm_html *doc, uint32_t text)
{
	uint32_t box = doc->nodes[text].parent;

	return doc->nodes[box].last > text ? doc->nodes[box].last : doc->nodes[doc->nodes[box].parent].last;
}

void pm_author_drop_helpers(struct pm_meta_reader *r, struct pm_people *people)
{
	const struct pm_html *doc = r->doc;
	bool seen[PEOPLE] = { false }, helper[PEOPLE] = { false };
	uint32_t from = r->headline > ABOVE ? r->headline - ABOVE : 1, to = r->headline + BELOW, until = 0;
	size_t kept = 0, helpers = 0;

	if (people->len < 2 || people->len > PEOPLE || !r->headline)
		return;
	for (uint32_t i = from; i < to && i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];
		struct pm_slice text;
		size_t at, end;

		if (node->tag != PM_TAG_NONE || node->flags & PM_NODE_PLAIN || node->len > TEXT)
			continue;
		text = pm_slice_trim(pm_node_source(doc, node));
		if (!text.len)
			continue;
		at = pm_byline_help(text, &end);
		note(people, pm_slice(text.ptr, at), i <= until, seen, helper);
		note(people, pm_slice(text.ptr + at, text.len - at), true, seen, helper);
		if (at < text.len && end == text.len)
			until = box_end(doc, i);
	}
	r->doc->effort += BELOW;
	for (size_t i = 0; i < people->len; i++)
		helpers += helper[i];
	for (size_t i = 0; helpers < people->len && i < people->len; i++)
		if (!helper[i])
			people->at[kept++] = people->at[i];
	people->len = kept ? kept : people->len;
}
