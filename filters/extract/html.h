/* filters/extract/html.h -- a page's HTML as one flat row of nodes, in the page's arena.
 *
 * The parser follows the HTML Standard as far as it decides which text a page holds, where and in
 * which order: tokenizer, implied tags, tables with foster parenting, foreign content. Formatting
 * elements are not rebuilt (no adoption agency): that moves no text.
 *
 * Nodes stand in tree order: the descendants of node n are n + 1 to nodes[n].last, so "skip what
 * is inside" and sums over subtrees need no links. Time is linear in the source's length, whatever
 * it holds: the depth is capped, and no search goes further than a constant. */
#ifndef PM_FILTERS_EXTRACT_HTML_H
#define PM_FILTERS_EXTRACT_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "filters/extract/elements.h"

enum {
	/* Browsers' own cap: what would lie deeper becomes a sibling. */
	PM_HTML_DEPTH_MAX = 512,
	PM_HTML_BYTES_MAX = 1 << 30,
};

enum pm_namespace { PM_NS_HTML, PM_NS_SVG, PM_NS_MATH };

enum pm_node_flags {
	PM_NODE_PLAIN   = 1 << 0,       /* text without character references: script, CDATA, ... */
	PM_NODE_IMPLIED = 1 << 1,       /* an element that no tag stands for */
	PM_NODE_FOSTER  = 1 << 2,       /* stood inside a table, belongs before it */
	PM_NODE_HIDDEN  = 1 << 3,       /* has the attribute hidden */
	PM_NODE_LAYOUT  = 1 << 4,       /* a table that is there for layout (visible.c) */
};

struct pm_node {
	uint32_t parent;        /* 0 for the root, which is html */
	uint32_t last;          /* the last descendant; itself when it has none */
	uint32_t at, len;       /* text: its bytes in the source; element: its start tag's */
	uint32_t attrs;         /* index of the first of nattrs */
	uint8_t nattrs;
	uint8_t tag;            /* enum pm_element; PM_TAG_NONE: text */
	uint8_t ns;             /* enum pm_namespace */
	uint8_t flags;
};

struct pm_attr {
	uint32_t at, len;       /* the value's bytes in the source, references as they stand */
	uint8_t name;           /* enum pm_attr_name */
};

/* A link that a block inside of it parts from what follows, up to the link's end tag. */
struct pm_parted {
	uint32_t node, last;
};

struct pm_html {
	const char *src;
	uint32_t len;
	struct pm_node *nodes;
	struct pm_attr *attrs;
	uint32_t nnodes, nattrs;
	uint32_t head, body;    /* nodes; body is 0 where there is none (frameset) */
	struct pm_parted *parted;       /* links that go on behind their
					 * element, as they stand in the source */
	size_t nparted;
	uint64_t effort;        /* bytes and nodes looked at so far */
};

/* false: the arena is full, or the source is longer than PM_HTML_BYTES_MAX. */
bool pm_html_parse(struct pm_html *doc, struct pm_arena *a, struct pm_slice src);

/* Puts content that was sent late where the page's script would (html_stream.c). false: the arena
 * is full. */
bool pm_html_stream(struct pm_html *doc, struct pm_arena *a);

static inline struct pm_slice pm_node_source(const struct pm_html *doc, const struct pm_node *node)
{
	return pm_slice(doc->src + node->at, node->len);
}

/* An attribute's value as it stands in the source (pm_entity_decode resolves it); absent without
 * the attribute, empty without a value. */
struct pm_slice pm_html_attr(const struct pm_html *doc, const struct pm_node *node,
			     enum pm_attr_name name);

#endif
