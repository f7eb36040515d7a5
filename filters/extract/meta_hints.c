/* filters/extract/meta_hints.c -- what the class and id of an element say that it holds. */
#include "filters/extract/meta.h"

/* Sorted. Parts of names; `word` only as a whole word of the class, or a
 * part of it in camel case. */
static const struct part { const char *part; uint8_t len; bool word; uint16_t hint; } parts[] = {
#define P(part, hint, word) { part, sizeof(part) - 1, word, hint },
	P("auteur", PM_HINT_AUTHOR, false) P("author", PM_HINT_AUTHOR, false)
	P("autor", PM_HINT_AUTHOR, false) P("blog-title", PM_HINT_LOGO, false)
	P("brand", PM_HINT_LOGO, true) P("breadcrumb", PM_HINT_CRUMBS, false)
	P("brotkrumen", PM_HINT_CRUMBS, false) P("byline", PM_HINT_AUTHOR, false)
	P("comment", PM_HINT_ASIDE | PM_HINT_COMMENTS, true)
	P("commentlist", PM_HINT_ASIDE | PM_HINT_COMMENTS, false)
	P("comments", PM_HINT_ASIDE | PM_HINT_COMMENTS, true)
	P("contributor", PM_HINT_AUTHOR, false) P("creator", PM_HINT_AUTHOR, true)
	P("dachzeile", PM_HINT_KICKER, false) P("date", PM_HINT_DATE, true)
	P("dateline", PM_HINT_DATE, false) P("datetime", PM_HINT_DATE, false)
	P("datum", PM_HINT_DATE, true) P("disqus", PM_HINT_ASIDE | PM_HINT_COMMENTS, false)
	P("eyebrow", PM_HINT_KICKER, false) P("fecha", PM_HINT_DATE, true)
	P("figcaption", PM_HINT_CAPTION, false) P("footer", PM_HINT_ASIDE, true)
	P("image-caption", PM_HINT_CAPTION, false) P("imagecaption", PM_HINT_CAPTION, false)
	P("info", PM_HINT_DATE, true) P("kicker", PM_HINT_KICKER, false)
	P("latest", PM_HINT_ASIDE, true) P("logo", PM_HINT_LOGO, true)
	P("masthead", PM_HINT_LOGO, false) P("menu-title", PM_HINT_LOGO, false)
	P("meta", PM_HINT_DATE, true) P("modified", PM_HINT_UPDATED, true)
	P("navigation", PM_HINT_ASIDE, true) P("overline", PM_HINT_KICKER, false)
	P("popular", PM_HINT_ASIDE, true) P("posted", PM_HINT_DATE | PM_HINT_PUBLISHED, true)
	P("postmeta", PM_HINT_DATE, false)
	P("pubdate", PM_HINT_DATE | PM_HINT_PUBLISHED, false)
	P("publish", PM_HINT_DATE | PM_HINT_PUBLISHED, false) P("recent", PM_HINT_ASIDE, true)
	P("recommend", PM_HINT_ASIDE, false) P("recommended", PM_HINT_ASIDE, true)
	P("redakteur", PM_HINT_AUTHOR, false) P("related", PM_HINT_ASIDE, true)
	P("released", PM_HINT_DATE, true) P("ressort", PM_HINT_KICKER, true)
	P("rubrik", PM_HINT_KICKER, true) P("sidebar", PM_HINT_ASIDE, false)
	P("site-name", PM_HINT_LOGO, false) P("site-title", PM_HINT_LOGO, false)
	P("sitename", PM_HINT_LOGO, false) P("sitetitle", PM_HINT_LOGO, false)
	P("spitzmarke", PM_HINT_KICKER, false) P("strapline", PM_HINT_KICKER, false)
	P("submitted", PM_HINT_AUTHOR | PM_HINT_DATE, true) P("teaser", PM_HINT_ASIDE, true)
	P("time", PM_HINT_DATE, true) P("timestamp", PM_HINT_DATE, false)
	P("topic-label", PM_HINT_KICKER, false) P("topline", PM_HINT_KICKER, false)
	P("trending", PM_HINT_ASIDE, true) P("updated", PM_HINT_UPDATED, true)
	P("verfasser", PM_HINT_AUTHOR, false) P("wp-caption", PM_HINT_CAPTION, false)
	P("writer", PM_HINT_AUTHOR, true)
#undef P
};

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* Whether a part whose first two letters stand at `i` goes on there. */
static bool is_at(struct pm_slice s, size_t i, const struct part *part)
{
	size_t n = part->len;
	bool upper = (unsigned char)(s.ptr[i] - 'A') < 26;

	if (s.len - i < n)
		return false;
	for (size_t k = 2; k < n; k++)
		if (pm_ascii_lower(s.ptr[i + k]) != part->part[k])
			return false;
	if (!part->word)
		return true;
	if (i > 0 && is_letter(s.ptr[i - 1]) &&
	    !(upper && (unsigned char)(s.ptr[i - 1] - 'a') < 26))
		return false;
	return i + n == s.len || !is_letter(s.ptr[i + n]) ||
	       (unsigned char)(s.ptr[i + n] - 'A') < 26;
}

/* "has-sidebar", "layout-sidebar-left": what has a sidebar is none. */
static bool is_layout(struct pm_slice s, size_t at)
{
	static const char *const words[] = { "has", "with", "no", "without" };
	size_t from = at, word = 0;

	while (from > 0 && !pm_ascii_space(s.ptr[from - 1]))
		from--;
	while (from + word < at && is_letter(s.ptr[from + word]))
		word++;
	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
		if (from + word < at && pm_slice_is_nocase(pm_slice(s.ptr + from, word), words[k]))
			return true;
	for (size_t i = from; i + 6 <= at; i++)
		if (pm_slice_is_nocase(pm_slice(s.ptr + i, 6), "layout"))
			return true;
	return false;
}

/* Where the parts with each first letter begin; one more ends the last. */
static const uint8_t begin[27] = {
	0,  3,	8,  13, 19, 20, 23, 23, 23, 26, 26, 27, 29, 33,
	34, 35, 40, 40, 48, 56, 62, 63, 64, 66, 66, 66, 66,
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
			if (parts[k].part[1] == (s.ptr[i + 1] | 0x20) && is_at(s, i, &parts[k]) &&
			    !(strcmp(parts[k].part, "sidebar") == 0 && is_layout(s, i)))
				found |= parts[k].hint;
	}
	return found;
}

/* Pages say the same few classes over and over: what one hinted at is kept at a place of its own
 * spelling. */
static unsigned of_class(struct pm_meta_reader *r, struct pm_slice value)
{
	struct pm_hint_memo *memo;
	uint64_t first, last;

	if (value.len < sizeof(first))
		return hints_of(r, value);
	memcpy(&first, value.ptr, sizeof(first));
	memcpy(&last, value.ptr + value.len - sizeof(last), sizeof(last));
	memo = &r->memo[((first ^ last * 31 ^ value.len) * UINT64_C(0x9e3779b97f4a7c15)) >>
			(64 - PM_HINT_MEMO_BITS)];
	if (!pm_slice_eq(memo->value, value))
		*memo = (struct pm_hint_memo){ value, hints_of(r, value) };
	return memo->hints;
}

unsigned pm_meta_hints_named(struct pm_meta_reader *r, uint32_t i)
{
	enum { KNOWN = 1 << 15 };
	const struct pm_node *node = &r->doc->nodes[i];

	if (!r->hint[i])
		r->hint[i] =
			(uint16_t)(KNOWN | of_class(r, pm_html_attr(r->doc, node, PM_ATTR_CLASS)) |
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
