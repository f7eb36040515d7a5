/* filters/extract/html_stream.c -- content that comes late and is moved to its place by a script.
 *
 * React sends a page in the order in which its parts are ready. Where one is missing stands
 * <template id="B:3"> (or P:3); it follows at the end as <div hidden id="S:3">, and a script puts
 * it where the template is. What readers see of such a page is in these parts. */
#include <string.h>

#include "filters/extract/html_parser.h"

enum {
	IDS = 4096,             /* parts of a page that are looked at */
	DIGITS_MAX = 3,         /* of their numbers, in base 16 */
};

/* The number in an id that is one of `kinds`, a colon and digits, or -1. */
static int number_of(const struct pm_html *doc, const struct pm_node *node, const char *kinds)
{
	struct pm_slice id = pm_html_attr(doc, node, PM_ATTR_ID);
	int number = 0;

	if (id.len < 3 || id.len > 2 + DIGITS_MAX || !strchr(kinds, id.ptr[0]) || id.ptr[1] != ':')
		return -1;
	for (size_t i = 2; i < id.len; i++) {
		const char *digits = "0123456789abcdef", *at = strchr(digits, id.ptr[i]);

		if (!id.ptr[i] || !at)
			return -1;
		number = number * 16 + (int)(at - digits);
	}
	return number;
}

static bool may_be_part(const struct pm_node *node)
{
	return node->flags & PM_NODE_HIDDEN && node->tag == PM_TAG_DIV && node->ns == PM_NS_HTML;
}

static bool any_part(const struct pm_html *doc)
{
	for (uint32_t i = 1; i < doc->nnodes; i++)
		if (may_be_part(&doc->nodes[i]) && number_of(doc, &doc->nodes[i], "S") >= 0)
			return true;
	return false;
}

/* Pairs each part with the template before it that holds its place; what has none stays hidden. */
static bool find_parts(struct pm_parser *ps)
{
	struct pm_html *doc = ps->doc;
	uint32_t *place = PM_ARENA_NEW(ps->arena, uint32_t, IDS);

	ps->fosters = PM_ARENA_NEW(ps->arena, struct pm_foster, IDS);
	if (!place || !ps->fosters)
		return false;
	memset(place, 0, IDS * sizeof(*place));
	/* A page may have one number again and again. */
	for (uint32_t i = 1; i < doc->nnodes && ps->nfosters < IDS; i++) {
		struct pm_node *node = &doc->nodes[i];
		int number = -1;

		if (node->tag == PM_TAG_TEMPLATE && node->ns == PM_NS_HTML) {
			number = number_of(doc, node, "BP");
			if (number >= 0 && !place[number])
				place[number] = i;
		} else if (may_be_part(node)) {
			number = number_of(doc, node, "S");
			if (number >= 0 && place[number]) {
				ps->fosters[ps->nfosters++] =
					(struct pm_foster){ i, place[number] };
				place[number] = 0;
			}
		}
	}
	return true;
}

/* Whether no node comes to lie deeper than the parser lets any. A node's parent, also its new one,
 * always stands before it. */
static bool stays_shallow(struct pm_parser *ps)
{
	const struct pm_node *nodes = ps->doc->nodes;
	uint16_t *depth = PM_ARENA_NEW(ps->arena, uint16_t, ps->doc->nnodes);
	size_t next = 0;

	if (!depth) {
		ps->full = true;
		return false;
	}
	depth[0] = 1;
	for (uint32_t i = 1; i < ps->doc->nnodes; i++) {
		uint32_t parent = nodes[i].parent;

		if (next < ps->nfosters && ps->fosters[next].node == i)
			parent = nodes[ps->fosters[next++].table].parent;
		depth[i] = depth[parent] + 1;
		if (depth[i] > PM_HTML_DEPTH_MAX)
			return false;
	}
	return true;
}

bool pm_html_stream(struct pm_html *doc, struct pm_arena *a)
{
	struct pm_parser *ps;

	doc->effort += doc->nnodes;
	if (!any_part(doc))
		return true;
	ps = pm_parser_new(doc, a);
	if (!ps || !find_parts(ps))
		return false;
	if (ps->nfosters == 0 || !stays_shallow(ps))
		return !ps->full;
	for (uint32_t i = 0; i < doc->nnodes; i++)
		doc->nodes[i].flags &= (uint8_t)~PM_NODE_FOSTER;
	for (size_t i = 0; i < ps->nfosters; i++) {
		struct pm_node *node = &doc->nodes[ps->fosters[i].node];

		node->parent = doc->nodes[ps->fosters[i].table].parent;
		node->flags = (uint8_t)((node->flags & ~PM_NODE_HIDDEN) | PM_NODE_FOSTER);
	}
	pm_nodes_reorder(ps);
	return !ps->full;
}
