/* tests/oracle/tree_gumbo.c -- trees by Gumbo. */
#include <string.h>

#include <gumbo.h>

#include "tests/oracle/visible.h"

static bool has(const GumboElement *e, const char *name)
{
	return gumbo_get_attribute(&e->attributes, name) != NULL;
}

static void enter(struct visible *v, const GumboElement *e)
{
	GumboAttribute *data = gumbo_get_attribute(&e->attributes, "data");
	GumboStringPiece name = e->original_tag;
	struct visible_element to = {
		.hidden = has(e, "hidden"), .open = has(e, "open"), .data = data && *data->value,
		.ns = e->tag_namespace == GUMBO_NAMESPACE_SVG ? VISIBLE_SVG :
		      e->tag_namespace == GUMBO_NAMESPACE_MATHML ? VISIBLE_MATHML : VISIBLE_HTML,
	};

	to.name = gumbo_normalized_tagname(e->tag);
	to.len = strlen(to.name);
	if (e->tag == GUMBO_TAG_UNKNOWN && name.length) {
		gumbo_tag_from_original_text(&name);
		to.name = name.data;
		to.len = name.length;
	}
	visible_enter(v, &to);
}

static const GumboVector *children(const GumboNode *node)
{
	return node->type == GUMBO_NODE_DOCUMENT ? &node->v.document.children :
						   &node->v.element.children;
}

static bool holds(const GumboNode *node)
{
	return node->type == GUMBO_NODE_DOCUMENT || node->type == GUMBO_NODE_ELEMENT ||
	       node->type == GUMBO_NODE_TEMPLATE;
}

/* In tree order without recursion: pages may nest deeply. */
static void walk(struct visible *v, const GumboNode *root)
{
	const GumboNode *node = root;

	for (;;) {
		if (holds(node)) {
			if (node != root)
				enter(v, &node->v.element);
			if (children(node)->length) {
				node = children(node)->data[0];
				continue;
			}
		} else if (node->type != GUMBO_NODE_COMMENT) {
			visible_text(v, node->v.text.text, strlen(node->v.text.text));
		}
		for (;;) {
			const GumboVector *row;

			if (node == root)
				return;
			if (holds(node))
				visible_leave(v);
			row = children(node->parent);
			if (node->index_within_parent + 1 < row->length) {
				node = row->data[node->index_within_parent + 1];
				break;
			}
			node = node->parent;
		}
	}
}

void oracle_gumbo(struct visible *v, const char *page, size_t len)
{
	GumboOutput *out = gumbo_parse_with_options(&kGumboDefaultOptions, page, len);

	walk(v, out->document);
}
