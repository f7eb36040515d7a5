#include "filters/extract/html_meta.h"

#include "core/psl.h"
#include "core/url.h"
#include "filters/extract/clean.h"
#include "filters/extract/entity.h"
#include "filters/extract/visible.h"

/* The first of each that the page has; 0: none (node 0 is html). */
struct found {
	uint32_t title, h1, base, canonical, og_url, description, og_description, og_locale, language;
};

static void first(uint32_t *at, uint32_t node)
{
	if (!*at)
		*at = node;
}

/* Whether a list of words, such as rel's, has `word`. */
static bool has_word(struct pm_slice list, const char *word)
{
	size_t from = 0;

	for (size_t i = 0; list.ptr && i <= list.len; i++) {
		if (i < list.len && !pm_ascii_space(list.ptr[i]))
			continue;
		if (pm_slice_is_nocase(pm_slice(list.ptr + from, i - from), word))
			return true;
		from = i + 1;
	}
	return false;
}

static bool has_value(const struct pm_html *doc, const struct pm_node *node, enum pm_attr_name name)
{
	return pm_slice_trim(pm_html_attr(doc, node, name)).len != 0;
}

static void note_meta(const struct pm_html *doc, uint32_t i, struct found *f)
{
	const struct pm_node *node = &doc->nodes[i];
	struct pm_slice name = pm_slice_trim(pm_html_attr(doc, node, PM_ATTR_PROPERTY));

	if (!has_value(doc, node, PM_ATTR_CONTENT))
		return;
	if (!name.len)
		name = pm_slice_trim(pm_html_attr(doc, node, PM_ATTR_NAME));
	if (pm_slice_is_nocase(name, "og:url"))
		first(&f->og_url, i);
	else if (pm_slice_is_nocase(name, "description"))
		first(&f->description, i);
	else if (pm_slice_is_nocase(name, "og:description"))
		first(&f->og_description, i);
	else if (pm_slice_is_nocase(name, "og:locale"))
		first(&f->og_locale, i);
	else if (pm_slice_is_nocase(pm_slice_trim(pm_html_attr(doc, node, PM_ATTR_HTTP_EQUIV)),
				    "content-language"))
		first(&f->language, i);
}

static void find(struct pm_html *doc, struct found *f)
{
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];

		if (node->ns != PM_NS_HTML)
			continue;
		switch (node->tag) {
		case PM_TAG_TEMPLATE:
			i = node->last;
			break;
		case PM_TAG_TITLE:
			first(&f->title, i);
			break;
		case PM_TAG_H1:
			first(&f->h1, i);
			break;
		case PM_TAG_BASE:
			if (has_value(doc, node, PM_ATTR_HREF))
				first(&f->base, i);
			break;
		case PM_TAG_LINK:
			if (has_word(pm_html_attr(doc, node, PM_ATTR_REL), "canonical") &&
			    has_value(doc, node, PM_ATTR_HREF))
				first(&f->canonical, i);
			break;
		case PM_TAG_META:
			note_meta(doc, i, f);
			break;
		default:
			break;
		}
	}
	doc->effort += doc->nnodes;
}

/* Keeps a value that shows something. false: the arena is full. */
static bool keep(struct pm_meta *meta, struct pm_slice value, const char *source)
{
	if (value.ptr && value.len && !meta->value.ptr)
		*meta = (struct pm_meta){ value, source };
	return value.ptr != NULL;
}

static bool fill_line(struct pm_html *doc, struct pm_page *page, struct pm_meta *meta, uint32_t node,
		      const char *source)
{
	struct pm_slice raw;

	if (!node || meta->value.ptr)
		return true;
	raw = pm_html_attr(doc, &doc->nodes[node], PM_ATTR_CONTENT);
	doc->effort += raw.len;
	raw = pm_entity_decode(page->arena, raw);
	return raw.ptr && keep(meta, pm_clean_line(page->arena, raw, false), source);
}

static bool fill_title(struct pm_html *doc, struct pm_page *page, const struct found *f)
{
	if (f->title) {
		doc->effort += doc->nodes[f->title].len;
		if (!keep(&page->title, pm_visible_line(doc, page->arena, f->title), "title"))
			return false;
	}
	if (f->h1 && !page->title.value.ptr)
		return keep(&page->title, pm_visible_line(doc, page->arena, f->h1), "h1");
	return true;
}

/* What relative URLs are relative to: base's href, itself relative to the page's URL. */
static enum pm_url_status base_url(struct pm_html *doc, struct pm_page *page, uint32_t base,
				   const struct pm_url *own, struct pm_url *url)
{
	struct pm_slice href;

	*url = *own;
	if (!base)
		return PM_URL_OK;
	href = pm_entity_decode(page->arena, pm_html_attr(doc, &doc->nodes[base], PM_ATTR_HREF));
	if (!href.ptr)
		return PM_URL_FULL;
	return pm_url_parse(page->arena, href, own, url) == PM_URL_FULL ? PM_URL_FULL : PM_URL_OK;
}

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
	return ours.ptr && theirs.ptr && pm_slice_eq(ours, theirs) && (!is_root(url) || is_root(own));
}

static bool fill_canonical(struct pm_html *doc, struct pm_page *page, const struct found *f)
{
	const struct { uint32_t node; enum pm_attr_name attr; const char *source; } from[] = {
		{ f->canonical, PM_ATTR_HREF, "link:canonical" },
		{ f->og_url, PM_ATTR_CONTENT, "og:url" },
	};
	struct pm_url own, base, url;
	enum pm_url_status got;

	if (!page->url.ptr || !(f->canonical || f->og_url))
		return true;
	got = pm_url_parse(page->arena, page->url, NULL, &own);
	if (got == PM_URL_OK)
		got = base_url(doc, page, f->base, &own, &base);
	if (got != PM_URL_OK)
		return got == PM_URL_BAD;
	for (size_t i = 0; i < 2 && !page->canonical_url.value.ptr; i++) {
		struct pm_slice href;

		if (!from[i].node)
			continue;
		href = pm_html_attr(doc, &doc->nodes[from[i].node], from[i].attr);
		doc->effort += href.len;
		href = pm_entity_decode(page->arena, href);
		if (!href.ptr)
			return false;
		got = pm_url_parse(page->arena, href, &base, &url);
		if (got == PM_URL_FULL)
			return false;
		if (got == PM_URL_OK && may_be_canonical(&own, &url) &&
		    !keep(&page->canonical_url, pm_url_href(page->arena, &url, false), from[i].source))
			return false;
	}
	return true;
}

/* http-equiv's list begins with the page's own language. */
static struct pm_slice up_to_comma(struct pm_slice s)
{
	const char *comma = s.len ? memchr(s.ptr, ',', s.len) : NULL;

	return comma ? pm_slice(s.ptr, (size_t)(comma - s.ptr)) : s;
}

static void fill_language(struct pm_html *doc, struct pm_page *page, const struct found *f)
{
	const struct pm_node *nodes = doc->nodes;
	struct pm_slice said[4] = {
		pm_html_attr(doc, &nodes[0], PM_ATTR_LANG),
		pm_html_attr(doc, &nodes[0], PM_ATTR_XML_LANG),
	};

	if (f->og_locale)
		said[2] = pm_html_attr(doc, &nodes[f->og_locale], PM_ATTR_CONTENT);
	if (f->language)
		said[3] = up_to_comma(pm_html_attr(doc, &nodes[f->language], PM_ATTR_CONTENT));
	for (size_t i = 0; i < 4 && !page->declared_language.ptr; i++)
		page->declared_language = pm_language_tag(page->arena, said[i]);
}

bool pm_html_meta(struct pm_html *doc, struct pm_page *page)
{
	struct found f = { 0 };

	find(doc, &f);
	fill_language(doc, page, &f);
	return fill_title(doc, page, &f) && fill_canonical(doc, page, &f) &&
	       fill_line(doc, page, &page->description, f.description, "meta:description") &&
	       fill_line(doc, page, &page->description, f.og_description, "og:description");
}
