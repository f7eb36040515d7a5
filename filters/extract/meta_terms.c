/* filters/extract/meta_terms.c -- section, breadcrumbs and keywords. */
#include "filters/extract/meta.h"

enum { TERM_BYTES = 120, CRUMBS = 12, KEYWORDS = 64 };

static bool is_url(struct pm_slice s)
{
	return s.len > 7 && (pm_slice_is_nocase(pm_slice(s.ptr, 7), "http://") ||
			     pm_slice_is_nocase(pm_slice(s.ptr, 7), "https:/"));
}

static bool same(struct pm_slice a, struct pm_slice b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && pm_ascii_lower(a.ptr[i]) == pm_ascii_lower(b.ptr[i]))
		i++;
	return i == a.len && i == b.len;
}

/* false: the arena is full. */
static bool add(struct pm_meta_reader *r, struct pm_meta_list *list, size_t most,
		struct pm_slice term, const char *source)
{
	term = pm_slice_trim(term);
	if (!term.len || term.len > TERM_BYTES || list->len == most || is_url(term))
		return true;
	for (size_t i = 0; i < list->len; i++)
		if (same(list->at[i], term))
			return true;
	if (!list->at)
		list->at = PM_ARENA_NEW(r->page->arena, struct pm_slice, most);
	if (!list->at)
		return false;
	list->source = source;
	list->at[list->len++] = term;
	return true;
}

static bool fill_section(struct pm_meta_reader *r)
{
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_SECTION, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_SECTION, s)) {
		struct pm_slice text = pm_meta_text(r, s);

		if (!text.ptr)
			return false;
		if (!text.len || text.len > TERM_BYTES || is_url(text))
			continue;
		r->page->section = (struct pm_meta){ text, s->source };
		return true;
	}
	return true;
}

/* Separated by commas or semicolons, or one in each statement. */
static bool add_keywords(struct pm_meta_reader *r, struct pm_slice line, const char *source)
{
	size_t from = 0;

	for (size_t i = 0; i <= line.len; i++) {
		bool wide = i + 3 <= line.len && (memcmp(line.ptr + i, "\343\200\201", 3) == 0 ||
						  memcmp(line.ptr + i, "\357\274\214", 3) == 0);

		if (i < line.len && line.ptr[i] != ',' && line.ptr[i] != ';' && !wide)
			continue;
		if (!add(r, &r->page->keywords, KEYWORDS, pm_slice(line.ptr + from, i - from),
			 source))
			return false;
		from = i + (wide ? 3 : 1);
	}
	return true;
}

static bool fill_keywords(struct pm_meta_reader *r)
{
	const struct pm_said *s = pm_meta_best(r, PM_SAYS_KEYWORDS, NULL);
	unsigned rank = s ? s->rank : 0;

	for (; s; s = pm_meta_best(r, PM_SAYS_KEYWORDS, s)) {
		struct pm_slice text;

		if (s->rank != rank && r->page->keywords.len)
			break;
		rank = s->rank;
		text = pm_meta_text(r, s);
		if (!text.ptr || !add_keywords(r, text, s->source))
			return false;
	}
	return true;
}

/* -- breadcrumbs ------------------------------------------------------------------------------- */

/* Links and list items of the first box that calls itself so. */
static bool shown_crumbs(struct pm_meta_reader *r, uint32_t box)
{
	const struct pm_node *nodes = r->doc->nodes;

	for (uint32_t i = box + 1; i <= nodes[box].last; i++) {
		struct pm_said said = { .at = i, .form = PM_SAID_NODE };
		struct pm_slice text;

		if (nodes[i].tag != PM_TAG_A && nodes[i].tag != PM_TAG_LI)
			continue;
		text = pm_meta_text(r, &said);
		if (!text.ptr)
			return false;
		while (text.len && strchr("/>|\\", text.ptr[text.len - 1]))
			text.len--;
		if (!add(r, &r->page->breadcrumbs, CRUMBS, text, "breadcrumb"))
			return false;
		i = nodes[i].last;
	}
	return true;
}

static bool find_crumbs(struct pm_meta_reader *r)
{
	enum { NODES = 200 };
	const struct pm_html *doc = r->doc;

	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];
		bool box = node->tag == PM_TAG_NAV || node->tag == PM_TAG_OL ||
			   node->tag == PM_TAG_UL || node->tag == PM_TAG_DIV ||
			   node->tag == PM_TAG_P || node->tag == PM_TAG_SECTION;

		if (!box || node->last == i || node->last - i > NODES ||
		    !(pm_meta_hints(r, i) & PM_HINT_CRUMBS))
			continue;
		if (!shown_crumbs(r, i))
			return false;
		if (r->page->breadcrumbs.len)
			return true;
		i = node->last;
	}
	return true;
}

static bool fill_crumbs(struct pm_meta_reader *r)
{
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_BREADCRUMB, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_BREADCRUMB, s)) {
		struct pm_slice text = pm_meta_text(r, s);

		if (!text.ptr || !add(r, &r->page->breadcrumbs, CRUMBS, text, s->source))
			return false;
	}
	return r->page->breadcrumbs.len || find_crumbs(r);
}

bool pm_meta_terms(struct pm_meta_reader *r)
{
	return fill_section(r) && fill_keywords(r) && fill_crumbs(r);
}
