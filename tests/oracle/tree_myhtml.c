/* tests/oracle/tree_myhtml.c -- trees by MyHTML, a part of Debian's libmodest. */
#include <stdlib.h>
#include <string.h>

#include <myhtml/api.h>

#include "tests/oracle/visible.h"

static const char *attr(myhtml_tree_node_t *node, const char *name)
{
	myhtml_tree_attr_t *at = myhtml_attribute_by_key(node, name, strlen(name));
	const char *value = at ? myhtml_attribute_value(at, NULL) : NULL;

	return value ? value : at ? "" : NULL;
}

static void enter(struct visible *v, myhtml_tree_t *tree, myhtml_tree_node_t *node)
{
	const char *data = attr(node, "data");
	struct visible_element to = {
		.hidden = attr(node, "hidden"), .open = attr(node, "open"), .data = data && *data,
		.ns = myhtml_node_namespace(node) == MyHTML_NAMESPACE_SVG ? VISIBLE_SVG :
		      myhtml_node_namespace(node) == MyHTML_NAMESPACE_MATHML ? VISIBLE_MATHML :
		      VISIBLE_HTML,
	};

	to.name = myhtml_tag_name_by_id(tree, myhtml_node_tag_id(node), &to.len);
	visible_enter(v, &to);
}

static bool is_element(myhtml_tree_node_t *node)
{
	myhtml_tag_id_t tag = myhtml_node_tag_id(node);

	return tag != MyHTML_TAG__TEXT && tag != MyHTML_TAG__COMMENT && tag != MyHTML_TAG__DOCTYPE;
}

static void show(struct visible *v, myhtml_tree_node_t *node)
{
	size_t len = 0;
	const char *text = myhtml_node_text(node, &len);

	if (text && myhtml_node_tag_id(node) == MyHTML_TAG__TEXT)
		visible_text(v, text, len);
}

static void walk(struct visible *v, myhtml_tree_t *tree, myhtml_tree_node_t *root)
{
	myhtml_tree_node_t *node = myhtml_node_child(root);

	while (node && node != root) {
		if (is_element(node)) {
			enter(v, tree, node);
			if (myhtml_node_child(node)) {
				node = myhtml_node_child(node);
				continue;
			}
			visible_leave(v);
		} else {
			show(v, node);
		}
		while (node != root && !myhtml_node_next(node)) {
			node = myhtml_node_parent(node);
			if (node != root)
				visible_leave(v);
		}
		if (node != root)
			node = myhtml_node_next(node);
	}
}

void oracle_myhtml(struct visible *v, const char *page, size_t len)
{
	myhtml_t *parser = myhtml_create();
	myhtml_tree_t *tree = myhtml_tree_create();

	if (!parser || !tree || myhtml_init(parser, MyHTML_OPTIONS_PARSE_MODE_SINGLE, 1, 0) ||
	    myhtml_tree_init(tree, parser) ||
	    myhtml_parse(tree, MyENCODING_UTF_8, page, len))
		abort();
	walk(v, tree, myhtml_tree_get_document(tree));
}
