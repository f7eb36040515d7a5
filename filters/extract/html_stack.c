#include <assert.h>
#include <string.h>

#include "filters/extract/html_parser.h"

uint32_t pm_grown(const struct pm_parser *ps, uint32_t n)
{
	size_t done = (size_t)(ps->p - ps->doc->src), least = n + n / 2 + 64;
	/* As many to the byte as so far, and an eighth: hostile pages are alike throughout, and pay
	 * for one copy. Nothing is denser than one to two bytes. */
	size_t likely = done ? (size_t)((uint64_t)n * ps->doc->len / done) : 0;

	likely += likely / 8;
	if (likely > ps->doc->len / 2)
		likely = ps->doc->len / 2;
	return (uint32_t)(likely > least ? likely : least);
}

uint32_t pm_node_add(struct pm_parser *ps, uint32_t parent, uint8_t tag, uint8_t ns)
{
	struct pm_html *doc = ps->doc;
	uint32_t n = doc->nnodes;

	if (n == ps->node_cap) {
		uint32_t cap = pm_grown(ps, n);
		struct pm_node *more = PM_ARENA_NEW(ps->arena, struct pm_node, cap);

		if (!more) {
			ps->full = true;
			return 0;
		}
		memcpy(more, doc->nodes, n * sizeof(*more));
		doc->nodes = more;
		ps->node_cap = cap;
	}
	doc->nodes[n] = (struct pm_node){ .parent = parent, .last = n, .tag = tag, .ns = ns };
	doc->nnodes = n + 1;
	return n;
}

/* Elements of SVG and MathML that end scopes, and what HTML's rules hold inside of. */
static bool foreign_boundary(uint8_t tag, uint8_t ns)
{
	if (ns == PM_NS_SVG)
		return tag == PM_TAG_FOREIGNOBJECT || tag == PM_TAG_DESC || tag == PM_TAG_TITLE;
	return tag == PM_TAG_MI || tag == PM_TAG_MO || tag == PM_TAG_MN || tag == PM_TAG_MS ||
	       tag == PM_TAG_MTEXT || tag == PM_TAG_ANNOTATION_XML;
}

static void bound_html(struct pm_parser *ps, uint8_t tag, uint16_t pos)
{
	uint32_t flags = pm_tag_flags[tag];

	ps->open[tag] = pos;
	if (flags & PM_EL_SPECIAL) {
		ps->special = pos;
		if (tag != PM_TAG_ADDRESS && tag != PM_TAG_DIV && tag != PM_TAG_P)
			ps->inner_special = pos;
	}
	if (flags & PM_EL_SCOPE)
		ps->scope = ps->button = ps->item = pos;
	else if (tag == PM_TAG_BUTTON)
		ps->button = pos;
	else if (tag == PM_TAG_OL || tag == PM_TAG_UL)
		ps->item = pos;
	if (tag == PM_TAG_TABLE || tag == PM_TAG_TEMPLATE || tag == PM_TAG_HTML)
		ps->table_scope = pos;
	if (flags & PM_EL_TABLE || tag == PM_TAG_TEMPLATE)
		ps->context = pos;
}

void pm_open_push(struct pm_parser *ps, uint32_t node, uint8_t tag, uint8_t ns)
{
	struct pm_open *e;
	uint16_t pos;

	assert(ps->depth < PM_HTML_DEPTH_MAX);
	pos = (uint16_t)++ps->depth;
	e = &ps->stack[pos];
	*e = (struct pm_open){ .node = node, .tag = tag, .ns = ns,
			       .same = ns == PM_NS_HTML ? ps->open[tag] : 0,
			       .scope = ps->scope, .button = ps->button, .item = ps->item,
			       .table_scope = ps->table_scope, .special = ps->special,
			       .inner_special = ps->inner_special, .context = ps->context };
	if (ns == PM_NS_HTML)
		bound_html(ps, tag, pos);
	else if (foreign_boundary(tag, ns))
		ps->scope = ps->button = ps->item = ps->special = ps->inner_special = pos;
}

static void pop(struct pm_parser *ps)
{
	struct pm_open *e = pm_top(ps);

	ps->doc->nodes[e->node].last = ps->doc->nnodes - 1;
	if (e->ns == PM_NS_HTML)
		ps->open[e->tag] = e->same;
	ps->scope = e->scope;
	ps->button = e->button;
	ps->item = e->item;
	ps->table_scope = e->table_scope;
	ps->special = e->special;
	ps->inner_special = e->inner_special;
	ps->context = e->context;
	if (e->tag == PM_TAG_FORM && e->ns == PM_NS_HTML)
		ps->form_open = false;
	ps->depth--;
	ps->doc->effort++;
}

void pm_open_pop_to(struct pm_parser *ps, unsigned pos)
{
	if (pos == 0)
		return;
	while (ps->depth >= pos)
		pop(ps);
}

struct pm_parser *pm_parser_new(struct pm_html *doc, struct pm_arena *a)
{
	struct pm_parser *ps = pm_arena_alloc(a, sizeof(*ps));

	if (!ps)
		return NULL;
	memset(ps, 0, sizeof(*ps));
	ps->doc = doc;
	ps->arena = a;
	return ps;
}

void pm_open_settle(struct pm_parser *ps)
{
	while (pm_top(ps)->ended)
		pop(ps);
}

void pm_close_p(struct pm_parser *ps)
{
	unsigned pos = ps->open[PM_TAG_P];

	if (pos && pos >= ps->button) {
		/* Formatting goes on behind the paragraph, and readers ask for that of links
		 * alone. */
		if (ps->open[PM_TAG_A] > pos)
			ps->parted = ps->stack[ps->open[PM_TAG_A]].node;
		pm_open_pop_to(ps, pos);
		pm_open_settle(ps);
	}
}

bool pm_open_end(struct pm_parser *ps, uint8_t tag)
{
	unsigned pos = ps->open[tag];

	if (!pos || pos < ps->scope)
		return false;
	if (pos > ps->special)
		pm_open_pop_to(ps, pos);
	else
		ps->stack[pos].ended = true;
	pm_open_settle(ps);
	return true;
}

/* Room for one more of `n` elements at `at`, the array moved when it is full. */
static void *grown(struct pm_parser *ps, void *at, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *to;

	if (n < *cap)
		return at;
	to = pm_arena_alloc_n(ps->arena, more, size);
	if (!to) {
		ps->full = true;
		return NULL;
	}
	if (n)
		memcpy(to, at, n * size);
	*cap = more;
	return to;
}

void pm_link_end(struct pm_parser *ps)
{
	struct pm_html *doc = ps->doc;
	struct pm_parted *to;

	if (!ps->parted)
		return;
	to = grown(ps, doc->parted, doc->nparted, &ps->parted_cap, sizeof(*to));
	if (!to)
		return;
	doc->parted = to;
	to[doc->nparted++] = (struct pm_parted){ ps->parted, doc->nnodes - 1 };
	ps->parted = 0;
}

static void foster(struct pm_parser *ps, uint32_t node, uint32_t table)
{
	struct pm_foster *to = grown(ps, ps->fosters, ps->nfosters, &ps->foster_cap, sizeof(*to));

	if (!to)
		return;
	ps->fosters = to;
	to[ps->nfosters++] = (struct pm_foster){ node, table };
	ps->doc->nodes[node].flags |= PM_NODE_FOSTER;
	ps->fostered = true;
}

/* What may stand directly in a table though it is no part of one. */
static bool table_bears(uint8_t tag)
{
	return (pm_tag_flags[tag] & PM_EL_TABLE && tag != PM_TAG_TABLE) || tag == PM_TAG_SCRIPT ||
	       tag == PM_TAG_STYLE || tag == PM_TAG_TEMPLATE || tag == PM_TAG_FORM ||
	       tag == PM_TAG_INPUT;
}

/* A node where new nodes go now: in the top element, or before the table that has no room for
 * it. */
static uint32_t place(struct pm_parser *ps, uint8_t tag, uint8_t ns)
{
	uint32_t table, node;

	if (!pm_table_direct(ps) || (ns == PM_NS_HTML && table_bears(tag)))
		return pm_node_add(ps, pm_top(ps)->node, tag, ns);
	table = ps->stack[ps->open[PM_TAG_TABLE]].node;
	node = pm_node_add(ps, ps->doc->nodes[table].parent, tag, ns);
	if (!ps->full)
		foster(ps, node, table);
	return node;
}

uint32_t pm_element_add(struct pm_parser *ps, const struct pm_token *t, uint8_t tag, uint8_t ns,
			bool leaf)
{
	struct pm_node *node;
	uint32_t n;

	/* As in browsers, what is too deep stands beside what it should stand in. What gives way
	 * closes before the new node comes, or it would count it among its own. */
	if (!leaf && ps->depth == PM_HTML_DEPTH_MAX)
		pm_open_pop_to(ps, PM_HTML_DEPTH_MAX);
	n = place(ps, tag, ns);
	if (ps->full)
		return 0;
	node = &ps->doc->nodes[n];
	if (t) {
		node->at = (uint32_t)(t->at - ps->doc->src);
		node->len = (uint32_t)(ps->p - t->at);
		node->attrs = t->attrs;
		node->nattrs = t->nattrs;
		if (t->hidden)
			node->flags |= PM_NODE_HIDDEN;
	} else {
		node->at = (uint32_t)(ps->p - ps->doc->src);
		node->flags |= PM_NODE_IMPLIED;
	}
	if (!leaf)
		pm_open_push(ps, n, tag, ns);
	return n;
}

void pm_text_add(struct pm_parser *ps, const char *from, const char *to, uint8_t flags)
{
	uint32_t n = place(ps, PM_TAG_NONE, PM_NS_HTML);
	struct pm_node *node = &ps->doc->nodes[n];

	if (ps->full)
		return;
	node->at = (uint32_t)(from - ps->doc->src);
	node->len = (uint32_t)(to - from);
	node->flags |= flags;
}

/* The children of every node in the right order, as lists in `first` and `next`. A fostered node
 * goes before its table, behind those that went there earlier. */
static void link_children(const struct pm_parser *ps, uint32_t *first, uint32_t *next,
			  uint32_t *tail)
{
	const struct pm_node *nodes = ps->doc->nodes;
	uint32_t n = ps->doc->nnodes;
	/* For a table: the first and last that were fostered from it wait in first/next of their
	 * own chain until the table itself is linked; the table comes earlier than they in the
	 * array, so the chain is built first. */
	uint32_t *chain = tail + n, *chain_tail = chain + n;

	memset(first, 0, n * sizeof(*first));
	memset(next, 0, n * sizeof(*next));
	memset(tail, 0, n * sizeof(*tail));
	memset(chain, 0, n * sizeof(*chain));
	for (size_t i = 0; i < ps->nfosters; i++) {
		uint32_t node = ps->fosters[i].node, table = ps->fosters[i].table;

		if (chain[table])
			next[chain_tail[table]] = node;
		else
			chain[table] = node;
		chain_tail[table] = node;
	}
	for (uint32_t i = 1; i < n; i++) {
		uint32_t parent = nodes[i].parent, from = i;

		if (nodes[i].flags & PM_NODE_FOSTER)
			continue;
		if (chain[i]) {
			next[chain_tail[i]] = i;
			from = chain[i];
		}
		if (tail[parent])
			next[tail[parent]] = from;
		else
			first[parent] = from;
		tail[parent] = i;
	}
}

void pm_nodes_reorder(struct pm_parser *ps)
{
	struct pm_html *doc = ps->doc;
	uint32_t n = doc->nnodes, at = 0, made = 0;
	uint32_t *first = PM_ARENA_NEW(ps->arena, uint32_t, (size_t)n * 5);
	struct pm_node *nodes = PM_ARENA_NEW(ps->arena, struct pm_node, n);
	uint32_t *next, *moved;

	if (!first || !nodes) {
		ps->full = true;
		return;
	}
	next = first + n;
	moved = next + n;
	link_children(ps, first, next, moved);
	/* From here `moved` holds each node's new number. A node's parent is numbered before it. */
	for (;;) {
		nodes[made] = doc->nodes[at];
		nodes[made].parent = made ? moved[doc->nodes[at].parent] : 0;
		moved[at] = made++;
		if (first[at]) {
			at = first[at];
			continue;
		}
		for (;;) {
			nodes[moved[at]].last = made - 1;
			if (at == 0)
				break;
			if (next[at])
				break;
			at = doc->nodes[at].parent;
		}
		if (at == 0)
			break;
		at = next[at];
	}
	for (size_t i = 0; i < doc->nparted; i++)
		doc->parted[i] = (struct pm_parted){ moved[doc->parted[i].node],
						     moved[doc->parted[i].last] };
	doc->head = moved[doc->head];
	doc->body = moved[doc->body];
	doc->nodes = nodes;
	doc->nnodes = made;
	doc->effort += 4 * (uint64_t)n;
}
