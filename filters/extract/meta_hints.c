/* filters/extract/meta_hints.c -- what the class and id of an element say that it holds. */
#include "filters/extract/meta.h"

/* Parts of names; `word` only as a whole word of the class, or a part of it in camel case. */
static const struct { const char *part; uint8_t hint; bool word; } parts[] = {
	{ "author", PM_HINT_AUTHOR, false }, { "byline", PM_HINT_AUTHOR, false }, { "autor", PM_HINT_AUTHOR, false },
	{ "auteur", PM_HINT_AUTHOR, false }, { "writer", PM_HINT_AUTHOR, true }, { "contributor", PM_HINT_AUTHOR, false },
	{ "verfasser", PM_HINT_AUTHOR, false }, { "redakteur", PM_HINT_AUTHOR, false }, { "creator", PM_HINT_AUTHOR, true },
	{ "submitted", PM_HINT_AUTHOR | PM_HINT_DATE, true }, { "postmeta", PM_HINT_DATE, false },
	{ "date", PM_HINT_DATE, true }, { "datum", PM_HINT_DATE, true }, { "publish", PM_HINT_DATE, false },
	{ "pubdate", PM_HINT_DATE, false }, { "timestamp", PM_HINT_DATE, false }, { "datetime", PM_HINT_DATE, false },
	{ "dateline", PM_HINT_DATE, false }, { "posted", PM_HINT_DATE, true }, { "fecha", PM_HINT_DATE, true },
	{ "time", PM_HINT_DATE, true }, { "data", PM_HINT_NAME, true }, { "released", PM_HINT_DATE, true },
	{ "meta", PM_HINT_DATE, true }, { "info", PM_HINT_DATE, true },
	{ "updated", PM_HINT_UPDATED, true }, { "modified", PM_HINT_UPDATED, true },
	{ "breadcrumb", PM_HINT_CRUMBS, false }, { "brotkrumen", PM_HINT_CRUMBS, false },
	{ "related", PM_HINT_ASIDE, true }, { "comment", PM_HINT_ASIDE, true }, { "comments", PM_HINT_ASIDE, true },
	{ "commentlist", PM_HINT_ASIDE, false }, { "sidebar", PM_HINT_ASIDE, false }, { "recommend", PM_HINT_ASIDE, false },
	{ "recommended", PM_HINT_ASIDE, true }, { "teaser", PM_HINT_ASIDE, true }, { "popular", PM_HINT_ASIDE, true },
	{ "recent", PM_HINT_ASIDE, true }, { "trending", PM_HINT_ASIDE, true }, { "latest", PM_HINT_ASIDE, true },
	{ "disqus", PM_HINT_ASIDE, false }, { "footer", PM_HINT_ASIDE, true }, { "navigation", PM_HINT_ASIDE, true },
};

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool is_at(struct pm_slice s, size_t i, const char *part, bool word)
{
	size_t n = strlen(part);
	bool upper = (unsigned char)(s.ptr[i] - 'A') < 26;

	if (s.len - i < n || !pm_slice_is_nocase(pm_slice(s.ptr + i, n), part))
		return false;
	if (!word)
		return true;
	if (i > 0 && is_letter(s.ptr[i - 1]) && !(upper && (unsigned char)(s.ptr[i - 1] - 'a') < 26))
		return false;
	return i + n == s.len || !is_letter(s.ptr[i + n]) || (unsigned char)(s.ptr[i + n] - 'A') < 26;
}

static unsigned hints_of(struct pm_slice s)
{
	enum { BYTES = 300 };
	unsigned found = 0;

	if (s.len > BYTES)
		s.len = BYTES;
	for (size_t i = 0; i < s.len; i++) {
		char c = pm_ascii_lower(s.ptr[i]);

		for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
			if (parts[k].part[0] == c && is_at(s, i, parts[k].part, parts[k].word))
				found |= parts[k].hint;
	}
	return found;
}

unsigned pm_meta_hints(const struct pm_html *doc, const struct pm_node *node)
{
	if (!node->nattrs)
		return 0;
	return hints_of(pm_html_attr(doc, node, PM_ATTR_CLASS)) | hints_of(pm_html_attr(doc, node, PM_ATTR_ID));
}

bool pm_meta_is_apart(const struct pm_html *doc, const struct pm_node *node)
{
	switch (node->tag) {
	case PM_TAG_NAV:
	case PM_TAG_FOOTER:
	case PM_TAG_ASIDE:
	case PM_TAG_TEMPLATE:
		return true;
	case PM_TAG_BODY:
	case PM_TAG_MAIN:
	case PM_TAG_ARTICLE:
		return false;
	default:
		return (pm_meta_hints(doc, node) & PM_HINT_ASIDE) != 0;
	}
}
