/* filters/extract/meta_hints.c -- what the class and id of an element say that it holds. */
#include "filters/extract/meta.h"

/* Sorted. Parts of names; `word` only as a whole word of the class, or a part of it in camel case. */
static const struct part { const char *part; uint16_t hint; bool word; } parts[] = {
	{ "auteur", PM_HINT_AUTHOR, false }, { "author", PM_HINT_AUTHOR, false },
	{ "autor", PM_HINT_AUTHOR, false }, { "blog-title", PM_HINT_LOGO, false },
	{ "brand", PM_HINT_LOGO, true }, { "breadcrumb", PM_HINT_CRUMBS, false },
	{ "brotkrumen", PM_HINT_CRUMBS, false }, { "byline", PM_HINT_AUTHOR, false },
	{ "comment", PM_HINT_ASIDE | PM_HINT_COMMENTS, true },
	{ "commentlist", PM_HINT_ASIDE | PM_HINT_COMMENTS, false },
	{ "comments", PM_HINT_ASIDE | PM_HINT_COMMENTS, true },
	{ "contributor", PM_HINT_AUTHOR, false }, { "creator", PM_HINT_AUTHOR, true },
	{ "dachzeile", PM_HINT_KICKER, false }, { "date", PM_HINT_DATE, true },
	{ "dateline", PM_HINT_DATE, false }, { "datetime", PM_HINT_DATE, false },
	{ "datum", PM_HINT_DATE, true }, { "disqus", PM_HINT_ASIDE | PM_HINT_COMMENTS, false },
	{ "eyebrow", PM_HINT_KICKER, false }, { "fecha", PM_HINT_DATE, true },
	{ "figcaption", PM_HINT_CAPTION, false }, { "footer", PM_HINT_ASIDE, true },
	{ "image-caption", PM_HINT_CAPTION, false }, { "imagecaption", PM_HINT_CAPTION, false },
	{ "info", PM_HINT_DATE, true }, { "kicker", PM_HINT_KICKER, false },
	{ "latest", PM_HINT_ASIDE, true }, { "logo", PM_HINT_LOGO, true },
	{ "masthead", PM_HINT_LOGO, false }, { "menu-title", PM_HINT_LOGO, false },
	{ "meta", PM_HINT_DATE, true }, { "modified", PM_HINT_UPDATED, true },
	{ "navigation", PM_HINT_ASIDE, true }, { "overline", PM_HINT_KICKER, false },
	{ "popular", PM_HINT_ASIDE, true }, { "posted", PM_HINT_DATE | PM_HINT_PUBLISHED, true },
	{ "postmeta", PM_HINT_DATE, false },
	{ "pubdate", PM_HINT_DATE | PM_HINT_PUBLISHED, false },
	{ "publish", PM_HINT_DATE | PM_HINT_PUBLISHED, false }, { "recent", PM_HINT_ASIDE, true },
	{ "recommend", PM_HINT_ASIDE, false }, { "recommended", PM_HINT_ASIDE, true },
	{ "redakteur", PM_HINT_AUTHOR, false }, { "related", PM_HINT_ASIDE, true },
	{ "released", PM_HINT_DATE, true }, { "ressort", PM_HINT_KICKER, true },
	{ "rubrik", PM_HINT_KICKER, true }, { "sidebar", PM_HINT_ASIDE, false },
	{ "site-name", PM_HINT_LOGO, false }, { "site-title", PM_HINT_LOGO, false },
	{ "sitename", PM_HINT_LOGO, false }, { "sitetitle", PM_HINT_LOGO, false },
	{ "spitzmarke", PM_HINT_KICKER, false }, { "strapline", PM_HINT_KICKER, false },
	{ "submitted", PM_HINT_AUTHOR | PM_HINT_DATE, true }, { "teaser", PM_HINT_ASIDE, true },
	{ "time", PM_HINT_DATE, true }, { "timestamp", PM_HINT_DATE, false },
	{ "topic-label", PM_HINT_KICKER, false }, { "topline", PM_HINT_KICKER, false },
	{ "trending", PM_HINT_ASIDE, true }, { "updated", PM_HINT_UPDATED, true },
	{ "verfasser", PM_HINT_AUTHOR, false }, { "wp-caption", PM_HINT_CAPTION, false },
	{ "writer", PM_HINT_AUTHOR, true },
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

/* Where the parts with each first letter begin; one more ends the last. */
static const uint8_t begin[27] = {
	0, 3, 8, 13, 19, 20, 23, 23, 23, 26, 26, 27, 29, 33, 34, 35, 40, 40, 48, 56, 62, 63, 64, 66, 66, 66, 66,
};

void pm_meta_hints_begin(struct pm_meta_reader *r)
{
	for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
		r->pairs[parts[k].part[0] - 'a'] |= UINT32_C(1) << (parts[k].part[1] - 'a');
}

static unsigned hints_of(const struct pm_meta_reader *r, struct pm_slice s)
{
	enum { BYTES = 300 };
	unsigned found = 0;

	if (s.len > BYTES)
		s.len = BYTES;
	for (size_t i = 0; i + 3 < s.len; i++) {
		unsigned letter = (unsigned char)((s.ptr[i] | 0x20) - 'a');
		unsigned second = (unsigned char)((s.ptr[i + 1] | 0x20) - 'a');

		if (letter >= 26 || second >= 26 || !(r->pairs[letter] >> second & 1))
			continue;
		for (unsigned k = begin[letter]; k < begin[letter + 1]; k++)
			if (parts[k].part[1] == (s.ptr[i + 1] | 0x20) && is_at(s, i, parts[k].part, parts[k].word))
				found |= parts[k].hint;
	}
	return found;
}

unsigned pm_meta_hints(struct pm_meta_reader *r, uint32_t i)
{
	enum { KNOWN = 1 << 15 };
	const struct pm_node *node = &r->doc->nodes[i];

	if (!node->nattrs)
		return 0;
	if (!r->hint[i])
		r->hint[i] = (uint16_t)(KNOWN | hints_of(r, pm_html_attr(r->doc, node, PM_ATTR_CLASS)) |
				       hints_of(r, pm_html_attr(r->doc, node, PM_ATTR_ID)));
	return r->hint[i] & ~(unsigned)KNOWN;
}

bool pm_meta_is_apart(struct pm_meta_reader *r, uint32_t i)
{
	switch (r->doc->nodes[i].tag) {
	case PM_TAG_NAV:
	case PM_TAG_FOOTER:
	case PM_TAG_ASIDE:
	case PM_TAG_TEMPLATE:
		return true;
	case PM_TAG_NONE:
	case PM_TAG_BODY:
	case PM_TAG_MAIN:
	case PM_TAG_ARTICLE:
		return false;
	default:
		return (pm_meta_hints(r, i) & PM_HINT_ASIDE) != 0;
	}
}
