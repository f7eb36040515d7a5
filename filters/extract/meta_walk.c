/* filters/extract/meta_walk.c -- meta, link, title, headings, microdata and RDFa, in one pass. */
#include "filters/extract/byline.h"
#include "filters/extract/meta.h"

static bool has_value(struct pm_slice s)
{
	return pm_slice_trim(s).len != 0;
}

static void first(uint32_t *at, uint32_t node)
{
	if (!*at)
		*at = node;
}

/* "Written by" and who, in a statement each. */
static void say_labelled(struct pm_meta_reader *r, struct pm_slice name, struct pm_slice content)
{
	size_t n = name.len > 1 ? (size_t)(name.ptr[name.len - 1] - '1') : 2;
	struct pm_slice stem = pm_slice(name.ptr, name.len ? name.len - 1 : 0);

	if (n > 1)
		return;
	if (pm_slice_is_nocase(stem, "twitter:label"))
		r->label[n] = content;
	else if (pm_slice_is_nocase(stem, "twitter:data") && pm_byline_is_lead(r->label[n]))
		pm_meta_say(r, (struct pm_said){ .raw = content,
						 .source = "twitter:data",
						 .field = PM_SAYS_AUTHOR,
						 .rank = 23 });
}

static void say_meta(struct pm_meta_reader *r, uint32_t i)
{
	static const enum pm_attr_name names[] = {
		PM_ATTR_PROPERTY, PM_ATTR_NAME, PM_ATTR_ITEMPROP, PM_ATTR_HTTP_EQUIV,
	};
	const struct pm_node *node = &r->doc->nodes[i];
	struct pm_slice content = pm_html_attr(r->doc, node, PM_ATTR_CONTENT);

	if (!has_value(content))
		return;
	say_labelled(r, pm_slice_trim(pm_html_attr(r->doc, node, PM_ATTR_NAME)), content);
	for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++) {
		struct pm_slice name = pm_slice_trim(pm_html_attr(r->doc, node, names[n]));
		const struct pm_meta_name *known = name.len ? pm_meta_name(name) : NULL;

		if (!known && name.len && names[n] == PM_ATTR_ITEMPROP)
			known = pm_meta_prop(name);
		if (!known)
			continue;
		pm_meta_say(r, (struct pm_said){ .raw = content, .source = known->source, .at = i,
						 .field = known->field, .rank = known->rank });
		return;
	}
}

static void see_link(struct pm_meta_reader *r, uint32_t i)
{
	const struct pm_node *node = &r->doc->nodes[i];
	struct pm_slice rel = pm_html_attr(r->doc, node, PM_ATTR_REL);
	struct pm_slice href = pm_html_attr(r->doc, node, PM_ATTR_HREF);

	if (!rel.len || !has_value(href))
		return;
	if (node->tag == PM_TAG_LINK && pm_meta_has_word(rel, "canonical"))
		first(&r->canonical, i);
	if (pm_meta_has_word(rel, "license"))
		pm_meta_say(r, (struct pm_said){ .raw = href, .source = "rel:license",
						 .field = PM_SAYS_LICENCE, .rank = 20 });
	if (node->tag == PM_TAG_LINK && pm_meta_has_word(rel, "image_src"))
		pm_meta_say(r, (struct pm_said){ .raw = href, .source = "link:image_src",
						 .field = PM_SAYS_IMAGE, .rank = 30 });
	if (node->tag == PM_TAG_A && pm_meta_has_word(rel, "author"))
		pm_meta_say(r, (struct pm_said){ .source = "rel:author",
						 .at = i,
						 .field = PM_SAYS_AUTHOR,
						 .form = PM_SAID_NODE,
						 .rank = 38 });
	if (node->tag == PM_TAG_A && pm_meta_has_word(rel, "tag"))
		pm_meta_say(r, (struct pm_said){ .source = "rel:tag",
						 .at = i,
						 .field = PM_SAYS_KEYWORDS,
						 .form = PM_SAID_NODE,
						 .rank = 60 });
}

/* The part of an author's markup that is the name, where it is marked. */
static uint32_t name_inside(struct pm_meta_reader *r, uint32_t i)
{
	enum { FAR = 40 };
	const struct pm_node *nodes = r->doc->nodes;

	for (uint32_t n = i + 1; n <= nodes[i].last && n < i + FAR; n++)
		if (pm_slice_is_nocase(pm_html_attr(r->doc, &nodes[n], PM_ATTR_ITEMPROP), "name"))
			return n;
	return i;
}

/* Teasers of other articles have their dates marked up too. */
static bool is_in_aside(struct pm_meta_reader *r, uint32_t i)
{
	enum { LEVELS = 12 };

	for (unsigned n = 0; i && n < LEVELS; n++, i = r->doc->nodes[i].parent)
		if (r->doc->nodes[i].tag == PM_TAG_ASIDE || r->doc->nodes[i].tag == PM_TAG_NAV)
			return true;
	return false;
}

static void say_prop(struct pm_meta_reader *r, uint32_t i, struct pm_slice prop)
{
	static const enum pm_attr_name values[] = {
		PM_ATTR_CONTENT, PM_ATTR_DATETIME, PM_ATTR_HREF, PM_ATTR_SRC,
	};
	const struct pm_node *node = &r->doc->nodes[i];
	const struct pm_meta_name *known = pm_meta_prop(pm_slice_trim(prop));
	struct pm_said said;

	if (!known)
		return;
	said = (struct pm_said){ .source = known->source, .at = i, .field = known->field,
				 .form = PM_SAID_NODE, .rank = known->rank };
	if (known->field == PM_SAYS_AUTHOR) {
		said.at = name_inside(r, i);
		node = &r->doc->nodes[said.at];
	}
	for (size_t n = 0; n < sizeof(values) / sizeof(*values); n++) {
		struct pm_slice value = pm_html_attr(r->doc, node, values[n]);
		bool is_url = values[n] == PM_ATTR_HREF || values[n] == PM_ATTR_SRC;

		if (!has_value(value) ||
		    (is_url && known->field != PM_SAYS_IMAGE && known->field != PM_SAYS_LICENCE))
			continue;
		said.form = PM_SAID_ATTR;
		said.raw = value;
		break;
	}
	if (said.form == PM_SAID_NODE && known->field == PM_SAYS_IMAGE)
		return;
	if (known->field == PM_SAYS_PUBLISHED && is_in_aside(r, i))
		said.rank = PM_RANK_WEAK;
	pm_meta_say(r, said);
}

bool pm_meta_is_jsonld(const struct pm_html *doc, const struct pm_node *node)
{
	struct pm_slice type = pm_slice_trim(pm_html_attr(doc, node, PM_ATTR_TYPE));

	return type.len >= 19 && pm_slice_is_nocase(pm_slice(type.ptr, 19), "application/ld+json");
}

/* At most so much of it as can be a title. */
static struct pm_slice title_source(const struct pm_html *doc)
{
	enum { BYTES = 500 };

	for (uint32_t i = 1; i + 1 < doc->nnodes; i++)
		if (doc->nodes[i].tag == PM_TAG_TITLE && doc->nodes[i].ns == PM_NS_HTML &&
		    doc->nodes[i].last > i) {
			struct pm_slice s = pm_node_source(doc, &doc->nodes[i + 1]);

			return pm_slice(s.ptr, s.len < BYTES ? s.len : BYTES);
		}
	return PM_LIT("");
}

/* Scripts come first: what they say is read before room runs out. */
static bool read_scripts(struct pm_meta_reader *r)
{
	const struct pm_html *doc = r->doc;
	size_t bytes = 0;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t i = 1; i + 1 < doc->nnodes; i++) {
			const struct pm_node *node = &doc->nodes[i];

			if (node->tag != PM_TAG_SCRIPT || node->last != i + 1 ||
			    !pm_meta_is_jsonld(doc, node))
				continue;
			if (pass == 0)
				bytes += doc->nodes[i + 1].len;
			else if (!pm_jsonld_read(&r->ld, r->page->arena,
						 pm_node_source(doc, &doc->nodes[i + 1])))
				return false;
		}
		if (!bytes)
			return true;
		if (pass == 0 && !pm_jsonld_open(&r->ld, r->page->arena, bytes))
			return false;
	}
	r->doc->effort += bytes;
	return pm_meta_jsonld(r, title_source(doc));
}

static void see(struct pm_meta_reader *r, uint32_t i)
{
	const struct pm_node *node = &r->doc->nodes[i];
	struct pm_slice prop;

	switch (node->tag) {
	case PM_TAG_TITLE:
		first(&r->title, i);
		return;
	case PM_TAG_BASE:
		if (has_value(pm_html_attr(r->doc, node, PM_ATTR_HREF)))
			first(&r->base_node, i);
		return;
	case PM_TAG_META:
		say_meta(r, i);
		return;
	case PM_TAG_LINK:
	case PM_TAG_A:
		see_link(r, i);
		break;
	case PM_TAG_H1:
		if (r->nh1 < PM_HEADLINES)
			r->h1[r->nh1++] = i;
		break;
	case PM_TAG_H2:
	case PM_TAG_H3:
		if (r->nsub < PM_SUBHEADS)
			r->sub[r->nsub++] = i;
		break;
	default:
		break;
	}
	if (!node->nattrs)
		return;
	prop = pm_html_attr(r->doc, node, PM_ATTR_ITEMPROP);
	if (!prop.ptr)
		prop = pm_html_attr(r->doc, node, PM_ATTR_PROPERTY);
	if (prop.len)
		say_prop(r, i, prop);
}

bool pm_meta_walk(struct pm_meta_reader *r)
{
	const struct pm_html *doc = r->doc;

	if (!read_scripts(r))
		return false;
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];

		if (node->tag == PM_TAG_NONE || node->ns != PM_NS_HTML)
			continue;
		if (node->tag == PM_TAG_TEMPLATE)
			i = node->last;
		else
			see(r, i);
	}
	r->doc->effort += doc->nnodes;
	return true;
}
