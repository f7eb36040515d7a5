/* filters/extract/meta_urls.c -- where the page lives, and its image. */
#include "core/psl.h"
#include "filters/extract/entity.h"
#include "filters/extract/meta.h"

static bool is_root(const struct pm_url *url)
{
	return url->path.len <= 1 && url->query.len == 0;
}

/* Whether a page at `own` may say that `url` is where it lives: same registrable domain (same host
 * where there is none), and not the front page for a deep one. */
static bool may_be_canonical(const struct pm_url *own, const struct pm_url *url)
{
	struct pm_slice ours = pm_psl_domain(own->host), theirs = pm_psl_domain(url->host);

	if (!pm_url_is_web(url) || !pm_url_is_web(own))
		return false;
	if (!ours.ptr && !theirs.ptr)
		ours = own->host, theirs = url->host;
	return ours.ptr && theirs.ptr && pm_slice_eq(ours, theirs) &&
	       (!is_root(url) || is_root(own));
}

/* false: the arena is full. */
static bool try_canonical(struct pm_meta_reader *r, struct pm_slice href, const char *source)
{
	struct pm_arena *a = r->page->arena;
	struct pm_url url;
	enum pm_url_status got;

	r->doc->effort += href.len;
	href = pm_entity_decode(a, href);
	if (!href.ptr)
		return false;
	got = pm_url_parse(a, href, &r->base, &url);
	if (got != PM_URL_OK || !may_be_canonical(&r->own, &url))
		return got != PM_URL_FULL;
	r->page->canonical_url = (struct pm_meta){ pm_url_href(a, &url, false), source };
	return r->page->canonical_url.value.ptr != NULL;
}

static bool fill_canonical(struct pm_meta_reader *r)
{
	const struct pm_said *og = pm_meta_best(r, PM_SAYS_URL, NULL);

	if (!r->has_url)
		return true;
	if (r->canonical &&
	    !try_canonical(r, pm_html_attr(r->doc, &r->doc->nodes[r->canonical], PM_ATTR_HREF),
			   "link:canonical"))
		return false;
	return r->page->canonical_url.value.ptr || !og || try_canonical(r, og->raw, og->source);
}

static bool fill_image(struct pm_meta_reader *r)
{
	struct pm_arena *a = r->page->arena;
	struct pm_url url;

	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_IMAGE, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_IMAGE, s)) {
		struct pm_slice text = pm_meta_text(r, s);
		enum pm_url_status got;

		if (!text.ptr)
			return false;
		if (!text.len)
			continue;
		got = pm_url_parse(a, text, r->has_url ? &r->base : NULL, &url);
		if (got == PM_URL_FULL)
			return false;
		if (got != PM_URL_OK || !pm_url_is_web(&url) || is_root(&url))
			continue;
		r->page->image = (struct pm_meta){ pm_url_href(a, &url, true), s->source };
		return r->page->image.value.ptr != NULL;
	}
	return true;
}

bool pm_meta_urls(struct pm_meta_reader *r)
{
	return fill_canonical(r) && fill_image(r);
}

bool pm_meta_base(struct pm_meta_reader *r)
{
	struct pm_slice href;
	enum pm_url_status got;

	if (!r->page->url.ptr)
		return true;
	got = pm_url_parse(r->page->arena, r->page->url, NULL, &r->own);
	r->has_url = got == PM_URL_OK;
	r->base = r->own;
	if (!r->has_url || !r->base_node)
		return got != PM_URL_FULL;
	href = pm_entity_decode(r->page->arena,
				pm_html_attr(r->doc, &r->doc->nodes[r->base_node], PM_ATTR_HREF));
	return href.ptr && pm_url_parse(r->page->arena, href, &r->own, &r->base) != PM_URL_FULL;
}
