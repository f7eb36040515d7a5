#include "filters/extract/html_meta.h"

#include "filters/extract/meta.h"

static bool fill_description(struct pm_meta_reader *r)
{
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_DESCRIPTION, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_DESCRIPTION, s)) {
		struct pm_slice text = pm_meta_text(r, s);

		if (!text.ptr)
			return false;
		if (!text.len)
			continue;
		r->page->description = (struct pm_meta){ text, s->source };
		return true;
	}
	return true;
}

/* http-equiv's list begins with the page's own language. */
static struct pm_slice up_to_comma(struct pm_slice s)
{
	const char *comma = s.len ? memchr(s.ptr, ',', s.len) : NULL;

	return comma ? pm_slice(s.ptr, (size_t)(comma - s.ptr)) : s;
}

static void fill_language(struct pm_meta_reader *r)
{
	const struct pm_node *root = &r->doc->nodes[0];
	struct pm_page *page = r->page;

	page->declared_language =
		pm_language_tag(page->arena, pm_html_attr(r->doc, root, PM_ATTR_LANG));
	if (!page->declared_language.ptr)
		page->declared_language =
			pm_language_tag(page->arena, pm_html_attr(r->doc, root, PM_ATTR_XML_LANG));
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_LOCALE, NULL);
	     s && !page->declared_language.ptr; s = pm_meta_best(r, PM_SAYS_LOCALE, s))
		page->declared_language = pm_language_tag(page->arena,
			up_to_comma(s->form == PM_SAID_JSON ? r->ld.at[s->at].raw : s->raw));
}

static bool is_article(const struct pm_meta_reader *r)
{
	const struct pm_said *kind = pm_meta_best(r, PM_SAYS_KIND, NULL);

	return r->ld_article || (kind && pm_slice_is_nocase(pm_slice_trim(kind->raw), "article"));
}

/* English is written in countries that put the day first. */
static bool day_first(const struct pm_meta_reader *r)
{
	static const char *const tops[] = { ".uk", ".au", ".nz", ".ie", ".in",
					    ".za", ".ng", ".ke", ".sg", ".my" };
	struct pm_slice host = r->has_url ? r->own.host : (struct pm_slice){ 0 };

	for (size_t i = 0; i < sizeof(tops) / sizeof(*tops); i++)
		if (host.len > 3 && memcmp(host.ptr + host.len - 3, tops[i], 3) == 0)
			return true;
	return false;
}

bool pm_html_meta(struct pm_html *doc, struct pm_page *page)
{
	struct pm_meta_reader *r = PM_ARENA_NEW(page->arena, struct pm_meta_reader, 1);

	if (!r)
		return false;
	memset(r, 0, offsetof(struct pm_meta_reader, said));
	r->hint = PM_ARENA_NEW(page->arena, uint16_t, doc->nnodes);
	if (!r->hint)
		return false;
	memset(r->hint, 0, doc->nnodes * sizeof(*r->hint));
	r->doc = doc;
	r->page = page;
	pm_meta_hints_begin(r);
	if (!pm_meta_walk(r) || !pm_meta_base(r))
		return false;
	fill_language(r);
	r->article = is_article(r);
	r->hints = (struct pm_date_hints){ .language = page->declared_language,
					   .latest = pm_date_latest(page->fetched_at),
					   .day_first = day_first(r) };
	return pm_meta_site(r) && pm_meta_title(r) && pm_meta_authors(r) && pm_meta_dates(r) &&
	       pm_meta_terms(r) && pm_meta_urls(r) && fill_description(r) && pm_meta_policy(r);
}
