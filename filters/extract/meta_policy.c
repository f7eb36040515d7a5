/* filters/extract/meta_policy.c -- what may be done with the page: licence, robots, free access. */
#include "core/message.h"
#include "filters/extract/html_meta.h"
#include "filters/extract/meta.h"

/* -- licence ----------------------------------------------------------------------------------- */

static bool is_web(struct pm_slice s)
{
	return s.len > 8 && (pm_slice_is_nocase(pm_slice(s.ptr, 7), "http://") ||
			     pm_slice_is_nocase(pm_slice(s.ptr, 8), "https://"));
}

static bool is_commons(struct pm_slice s)
{
	static const char host[] = "creativecommons.org/";

	for (size_t i = 0; i < 14 && i + sizeof(host) - 1 < s.len; i++) {
		struct pm_slice rest = pm_slice(s.ptr + i, s.len - i);

		if (!pm_slice_is_nocase(pm_slice(rest.ptr, sizeof(host) - 1), host))
			continue;
		rest = pm_slice(rest.ptr + sizeof(host) - 1, rest.len - (sizeof(host) - 1));
		return (rest.len > 9 && memcmp(rest.ptr, "licenses/", 9) == 0) ||
		       (rest.len > 13 && memcmp(rest.ptr, "publicdomain/", 13) == 0);
	}
	return false;
}

static bool set_licence(struct pm_meta_reader *r, struct pm_slice value, const char *source)
{
	struct pm_url url;
	enum pm_url_status got;

	got = pm_url_parse(r->page->arena, value, r->has_url ? &r->base : NULL, &url);
	if (got != PM_URL_OK)
		return got == PM_URL_BAD;
	if (!pm_url_is_web(&url))
		return true;
	r->page->licence = (struct pm_meta){ pm_url_href(r->page->arena, &url, false), source };
	return r->page->licence.value.ptr != NULL;
}

/* Which licence the URL names, its version included, without what follows: "licenses/by/4.0". */
static struct pm_slice commons_of(struct pm_slice href)
{
	enum { PARTS = 3 };
	const char *from = memmem(href.ptr, href.len, "/licenses/", 10);
	size_t i = 0, parts = 0;
	struct pm_slice rest;

	if (!from)
		from = memmem(href.ptr, href.len, "/publicdomain/", 14);
	if (!from)
		return href;
	rest = pm_slice(from + 1, href.len - (size_t)(from + 1 - href.ptr));
	for (; i < rest.len && rest.ptr[i] != '?' && rest.ptr[i] != '#'; i++)
		if (rest.ptr[i] == '/' && ++parts == PARTS)
			break;
	return pm_slice(rest.ptr, i);
}

/* The link to a Creative Commons licence, none of them marked as the page's: a figure's is that of
 * its picture, and where there are several the one in a footer counts, or none. */
static bool find_commons(struct pm_meta_reader *r)
{
	const struct pm_html *doc = r->doc;
	struct pm_slice found = { 0 };
	bool many = false, foot = false;
	uint32_t footer = 0;

	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];
		struct pm_slice href;

		if (node->tag == PM_TAG_FIGURE || node->tag == PM_TAG_FIGCAPTION)
			i = node->last;
		else if (node->tag == PM_TAG_FOOTER && node->last > footer)
			footer = node->last;
		if (node->tag != PM_TAG_A)
			continue;
		href = pm_slice_trim(pm_html_attr(doc, node, PM_ATTR_HREF));
		if (href.len <= 30 || href.len >= PM_SAID_LINE || !is_commons(href))
			continue;
		if (!found.ptr || (i <= footer && !foot))
			found = href, many = false;
		else
			many |= foot == (i <= footer) &&
				!pm_slice_eq(commons_of(found), commons_of(href));
		foot |= i <= footer;
	}
	return !found.ptr || many || set_licence(r, found, "link");
}

static bool fill_licence(struct pm_meta_reader *r)
{
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_LICENCE, NULL);
	     s && !r->page->licence.value.ptr; s = pm_meta_best(r, PM_SAYS_LICENCE, s)) {
		struct pm_slice text = pm_meta_text(r, s);
		bool link = s->rank <= 30;

		if (!text.ptr)
			return false;
		if ((is_web(text) && (link || is_commons(text))) || (s->rank == 20 && text.len)) {
			if (!set_licence(r, text, s->source))
				return false;
		}
	}
	return r->page->licence.value.ptr || find_commons(r);
}

/* -- robots ------------------------------------------------------------------------------------ */

/* The rules that say what a copy of the page may be used for. "index, follow" and sizes of snippets
 * are what everybody says. */
static const char *rule_of(struct pm_slice s)
{
	static const char *const rules[] = {
		"noindex", "nofollow", "none", "noarchive", "nocache", "nosnippet", "noimageindex",
		"notranslate", "noai", "noimageai", "noml", "indexifembedded",
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (pm_slice_is_nocase(s, rules[i]))
			return rules[i];
	return NULL;
}

static bool add_rule(struct pm_page *page, const char *rule, const char *source)
{
	enum { RULES = 12 };
	struct pm_meta_list *list = &page->robots;

	for (size_t i = 0; i < list->len; i++)
		if (pm_slice_is(list->at[i], rule))
			return true;
	if (!list->at)
		list->at = PM_ARENA_NEW(page->arena, struct pm_slice, RULES);
	if (!list->at)
		return false;
	if (list->len == 0)
		list->source = source;
	if (list->len < RULES)
		list->at[list->len++] = pm_slice_str(rule);
	return true;
}

/* Names of rules that have a value, and of robots that we may count ourselves among. */
static bool is_ours(struct pm_slice name)
{
	return pm_slice_is_nocase(name, "robots") || pm_slice_is_nocase(name, "googlebot") ||
	       pm_slice_is_nocase(name, "unavailable_after") ||
	       (name.len > 4 && pm_slice_is_nocase(pm_slice(name.ptr, 4), "max-"));
}

/* "noindex, nofollow"; "otherbot: noindex" speaks to another, and so does what follows it; the word
 * behind "max-image-preview:" is no rule. */
static bool read_rules(struct pm_page *page, struct pm_slice s, const char *source)
{
	size_t from = 0;
	bool others = false, value = false;

	for (size_t i = 0; i <= s.len; i++) {
		struct pm_slice word = pm_slice(s.ptr + from, i - from);
		const char *rule;

		if (i < s.len && s.ptr[i] != ',' && s.ptr[i] != ';' && s.ptr[i] != ':' &&
		    !pm_ascii_space(s.ptr[i]))
			continue;
		from = i + 1;
		if (i < s.len && s.ptr[i] == ':') {
			if (word.len && (unsigned char)((word.ptr[0] | 0x20) - 'a') < 26) {
				others = !is_ours(word);
				value = word.len > 4 && pm_slice_is_nocase(pm_slice(word.ptr, 4), "max-");
			}
			continue;
		}
		if (!word.len)
			continue;
		rule = others || value ? NULL : rule_of(word);
		value = false;
		if (rule && !add_rule(page, rule, source))
			return false;
	}
	return true;
}

bool pm_meta_headers(struct pm_page *page)
{
	enum { READ_MAX = 16384 };      /* bytes of a header */

	for (size_t i = 0; i < page->nheaders; i++) {
		struct pm_slice value = page->headers[i].value;

		if (value.len > READ_MAX)
			value.len = READ_MAX;
		if (pm_slice_is_nocase(page->headers[i].name, "x-robots-tag") &&
		    !read_rules(page, value, "x-robots-tag"))
			return false;
	}
	return true;
}

static bool fill_robots(struct pm_meta_reader *r)
{
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_ROBOTS, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_ROBOTS, s)) {
		struct pm_slice text = pm_meta_text(r, s);

		if (!text.ptr || !read_rules(r->page, text, s->source))
			return false;
	}
	return true;
}

/* -- access ------------------------------------------------------------------------------------ */

/* true, "False", "https://schema.org/False"; 0: neither. */
static int truth_of(struct pm_slice raw)
{
	for (size_t i = raw.len; i-- > 0;)
		if (raw.ptr[i] == '/') {
			raw = pm_slice(raw.ptr + i + 1, raw.len - i - 1);
			break;
		}
	return pm_slice_is_nocase(raw, "true") ? 1 : pm_slice_is_nocase(raw, "false") ? -1 : 0;
}

/* A part that isn't free is what readers come for; one that is says nothing of the rest. */
static void fill_free(struct pm_meta_reader *r)
{
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_FREE, NULL);
	     s && !r->page->is_accessible_for_free; s = pm_meta_best(r, PM_SAYS_FREE, s)) {
		int truth = truth_of(pm_slice_trim(r->ld.at[s->at].raw));

		if (truth < 0 || !(s->rank & PM_RANK_PART))
			r->page->is_accessible_for_free = truth, r->page->free_source = s->source;
	}
}

bool pm_meta_policy(struct pm_meta_reader *r)
{
	fill_free(r);
	return fill_licence(r) && pm_meta_headers(r->page) && fill_robots(r);
}
