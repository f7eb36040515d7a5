#include "filters/extract/visible.h"

#include <string.h>

#include "filters/extract/attr.h"
#include "filters/extract/grid.h"

/* An open element that matters to blocks. Everything that a block's kind depends on is carried
 * down, so that no question looks at more than the top. */
struct frame {
	uint32_t last;          /* its last descendant */
	uint8_t tag;            /* 0: no borders */
	enum pm_block_kind kind;
	uint8_t level, lists, quotes;
	uint16_t item;          /* the frame of the list item that
				 * decides, for PM_BLOCK_LIST_ITEM */
	uint16_t list;          /* the frame of the list around, 0 without one */
	uint32_t number;        /* an item's, and one; of a numbered
				 * list its next item's; 0: none */
	bool used;              /* a list item whose first block is done */
	bool pre, table;        /* white space is kept; inside a table of data */
};

enum { FRAMES = PM_HTML_DEPTH_MAX + 4 };

struct writer {
	struct pm_clean clean;
	struct pm_html *doc;
	struct frame frame[FRAMES];
	unsigned top;
	struct pm_visible_block *block;
	struct pm_visible_run *run;
	size_t nblocks, block_cap, nruns, run_cap;
	bool open;              /* the last block is still written to */
	unsigned breaks;
	struct pm_grid grid;    /* of the table of data that is being read */
	struct pm_slice info;   /* the language of the code around */
	struct pm_around around;
	uint32_t looked;        /* up to here tables of layout are marked */
};

static void owe(struct writer *w, enum pm_owed what)
{
	if (w->clean.owed < what)
		w->clean.owed = what;
}

static void close_block(struct writer *w)
{
	if (!w->open)
		return;
	pm_clean_settle(&w->clean);
	w->block[w->nblocks - 1].len = (uint32_t)(w->clean.len - w->clean.from);
	w->open = false;
}

/* Room for one more of `n` elements at `at`, the array moved when it is full. */
static void *grown(struct writer *w, void *at, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *to;

	if (n < *cap)
		return at;
	to = pm_arena_alloc_n(w->clean.arena, more, size);
	if (!to)
		return NULL;
	if (n)
		memcpy(to, at, n * size);
	*cap = more;
	return to;
}

static struct pm_visible_block *add_block(struct writer *w)
{
	struct pm_visible_block *to = grown(w, w->block, w->nblocks, &w->block_cap, sizeof(*to));

	if (!to)
		return NULL;
	w->block = to;
	return &to[w->nblocks++];
}

/* What text node `node` wrote went to the last block. */
static void add_run(struct writer *w, uint32_t node, size_t len)
{
	struct pm_visible_run *to = grown(w, w->run, w->nruns, &w->run_cap, sizeof(*to));

	if (!to) {
		w->clean.full = true;
		return;
	}
	w->run = to;
	to[w->nruns++] = (struct pm_visible_run){ node, (uint32_t)w->nblocks - 1, (uint32_t)len };
}

/* What the place says about the block that begins here. Only an item's first block is the item. */
static void decide(struct writer *w, struct pm_visible_block *b)
{
	struct frame *f = &w->frame[w->top];

	b->kind = (uint8_t)f->kind;
	b->level = f->level;
	if (f->kind == PM_BLOCK_LIST_ITEM && w->frame[f->item].used) {
		b->kind = f->quotes ? PM_BLOCK_QUOTE : PM_BLOCK_PARAGRAPH;
		b->level = f->quotes;
	}
	if (b->kind == PM_BLOCK_LIST_ITEM)
		b->number = w->frame[f->item].number;
	if (f->kind == PM_BLOCK_LIST_ITEM)
		w->frame[f->item].used = true;
	if (f->kind == PM_BLOCK_CODE)
		b->info = w->info.ptr, b->info_len = (uint8_t)w->info.len;
}

/* From the last cell that was written to the one that is written now. */
static void put_tabs(struct writer *w)
{
	for (unsigned n = pm_grid_steps(&w->grid); n; n--)
		pm_clean_raw(&w->clean, "\t", 1);
}

static void begin_block(struct writer *w)
{
	struct pm_visible_block *b;
	bool items;

	close_block(w);
	b = add_block(w);
	if (!b) {
		w->clean.full = true;
		return;
	}
	*b = (struct pm_visible_block){ 0 };
	decide(w, b);
	items = w->nblocks > 1 && b->kind == PM_BLOCK_LIST_ITEM && b[-1].kind == PM_BLOCK_LIST_ITEM;
	if (w->nblocks > 1)
		pm_clean_raw(&w->clean, "\n\n", items ? 1 : 2);
	w->clean.from = w->clean.len;
	b->at = (uint32_t)w->clean.len;
	w->open = true;
	if (b->kind != PM_BLOCK_TABLE)
		return;
	/* Text begins with something to see: in front of all an empty corner is left out. */
	if (w->nblocks > 1)
		put_tabs(w);
	else
		pm_grid_steps(&w->grid);
}

/* Two br in a row part paragraphs; in what must stay one piece they are one line's end. */
static bool parts(const struct writer *w)
{
	enum pm_block_kind kind = w->block[w->nblocks - 1].kind;

	return w->breaks > 1 && (kind == PM_BLOCK_PARAGRAPH || kind == PM_BLOCK_QUOTE ||
				 kind == PM_BLOCK_LIST_ITEM);
}

static void pay(struct pm_clean *c, void *owner)
{
	struct writer *w = owner;
	enum pm_owed owed = c->owed;

	c->owed = PM_OWED_NOTHING;
	if (!w->open || owed == PM_OWED_BLOCK || (owed == PM_OWED_LINE && parts(w))) {
		begin_block(w);
	} else {
		while (c->len > c->from && pm_ascii_space(c->p[c->len - 1]))
			c->len--;
		if (owed == PM_OWED_LINE)
			/* A cell is one line: the end of one is the row's. */
			pm_clean_raw(c, w->block[w->nblocks - 1].kind == PM_BLOCK_TABLE ? " " : "\n", 1);
		else if (owed == PM_OWED_ROW)
			pm_clean_raw(c, "\n", 1);
		if (owed > PM_OWED_LINE)
			put_tabs(w);
	}
	w->breaks = 0;
}

static bool is_cell(uint8_t tag)
{
	return tag == PM_TAG_TD || tag == PM_TAG_TH;
}

static bool is_row(uint8_t tag)
{
	return tag == PM_TAG_TR || tag == PM_TAG_TBODY || tag == PM_TAG_THEAD ||
	       tag == PM_TAG_TFOOT;
}

/* At a block's start or end. In a table of data rows and cells separate, and the table is one
 * block. */
static void border(struct writer *w, uint8_t tag, bool in_table)
{
	if (!in_table || tag == PM_TAG_TABLE || tag == PM_TAG_CAPTION)
		owe(w, PM_OWED_BLOCK);
	else if (is_row(tag))
		owe(w, PM_OWED_ROW);
	else if (!is_cell(tag))
		owe(w, PM_OWED_LINE);
}

static void leave_to(struct writer *w, uint32_t node)
{
	while (w->frame[w->top].last < node) {
		const struct frame *f = &w->frame[w->top--];

		if (f->tag)
			border(w, f->tag, f->table);
	}
}

static uint8_t one_more(uint8_t n)
{
	return n < 255 ? n + 1 : n;
}

/* An item's number is what the page says, or follows that of the item before. */
static void number_item(struct writer *w, struct frame *f, const struct pm_node *node)
{
	struct frame *list = &w->frame[f->list];

	f->number = 0;
	if (node->tag != PM_TAG_LI || !f->list || !list->number)
		return;
	list->number = pm_attr_number(w->doc, node, PM_ATTR_VALUE, list->number - 1) + 1;
	f->number = list->number++;
}

/* How an element changes what its frame inherited. */
static void shape(struct writer *w, struct frame *f, const struct pm_node *node, uint32_t flags)
{
	uint8_t tag = node->tag;

	if (flags & PM_EL_LIST) {
		f->lists = one_more(f->lists);
		f->list = (uint16_t)w->top;
		f->number =
			tag == PM_TAG_OL ? pm_attr_number(w->doc, node, PM_ATTR_START, 1) + 1 : 0;
	}
	if (tag == PM_TAG_BLOCKQUOTE)
		f->quotes = one_more(f->quotes);
	if (flags & PM_EL_PRE)
		f->pre = true;
	if (tag == PM_TAG_CAPTION || tag == PM_TAG_FIGCAPTION) {
		f->kind = PM_BLOCK_CAPTION;
		f->level = 0;
	} else if (f->table || f->kind == PM_BLOCK_HEADING || f->kind == PM_BLOCK_CODE) {
		return;
	} else if (flags & PM_EL_HEADING) {
		f->kind = PM_BLOCK_HEADING;
		f->level = (uint8_t)(tag - PM_TAG_H1 + 1);
	} else if (flags & PM_EL_PRE && flags & PM_EL_BLOCK) {
		f->kind = PM_BLOCK_CODE;
		f->level = 0;
		w->info = pm_attr_code_language(w->doc, node, &w->around);
	} else if (flags & PM_EL_ITEM) {
		f->kind = PM_BLOCK_LIST_ITEM;
		f->level = f->lists ? f->lists : 1;
		f->item = (uint16_t)w->top;
		f->used = false;
		number_item(w, f, node);
	} else if (tag == PM_TAG_BLOCKQUOTE) {
		f->kind = PM_BLOCK_QUOTE;
		f->level = f->quotes;
	}
}

static void enter(struct writer *w, const struct pm_node *node, uint32_t flags, bool data)
{
	const struct frame *outer = &w->frame[w->top];
	uint8_t tag = node->tag;
	struct frame *f;

	/* Fostered nodes lie deeper than the parser's own stack goes; they keep what is around
	 * them. */
	if (w->top + 1 == FRAMES)
		return;
	f = &w->frame[++w->top];
	*f = *outer;
	f->last = node->last;
	f->tag = flags & PM_EL_BLOCK ? tag : PM_TAG_NONE;
	if (data) {
		f->table = true;
		f->kind = PM_BLOCK_TABLE;
		f->level = 0;
	}
	shape(w, f, node, flags);
	if (f->tag)
		border(w, f->tag, f->table);
	if (!f->table)
		return;
	if (tag == PM_TAG_TR)
		pm_grid_row(&w->grid);
	else if (is_row(tag) || tag == PM_TAG_TABLE)
		pm_grid_group(&w->grid);
	else if (is_cell(tag) && pm_grid_cell(&w->grid, w->doc, node))
		owe(w, PM_OWED_CELL);
}

/* Marks the tables below `from`, itself included, that are there for layout: they hold another
 * table, a heading, a section, a quotation or code, or in one cell more than two paragraphs (two br
 * in a row end one) or a kilobyte of text. */
static void find_layout(struct pm_html *doc, uint32_t from)
{
	enum { PARAGRAPHS_MAX = 2, TEXT_MAX = 1000, BLANK_MAX = 8 };
	uint32_t open[FRAMES], paragraphs = 0, text = 0, since = BLANK_MAX;
	unsigned depth = 0;

	open[0] = from;
	for (uint32_t i = from + 1; i <= doc->nodes[from].last; i++) {
		const struct pm_node *node = &doc->nodes[i];

		while (doc->nodes[open[depth]].last < i)
			depth--;
		if (node->ns != PM_NS_HTML)
			continue;
		if (is_cell(node->tag))
			paragraphs = text = 0, since = BLANK_MAX;
		if (node->tag == PM_TAG_NONE &&
		    !(pm_tag_flags[doc->nodes[node->parent].tag] & PM_EL_HIDDEN)) {
			text += node->len;
			since += node->len;
		} else if (node->tag == PM_TAG_BR) {
			paragraphs += since < BLANK_MAX;
			since = 0;
		}
		paragraphs += node->tag == PM_TAG_P;
		if (pm_tag_flags[node->tag] & PM_EL_LAYOUT || paragraphs > PARAGRAPHS_MAX ||
		    text > TEXT_MAX)
			doc->nodes[open[depth]].flags |= PM_NODE_LAYOUT;
		if (node->tag == PM_TAG_TABLE && depth + 1 < FRAMES)
			open[++depth] = i;
	}
	doc->effort += doc->nodes[from].last - from;
}

bool pm_visible_hides(const struct pm_html *doc, const struct pm_node *node)
{
	if (pm_tag_flags[node->tag] & PM_EL_HIDDEN || node->flags & PM_NODE_HIDDEN)
		return true;
	switch (node->tag) {
	case PM_TAG_DIALOG:
		return pm_html_attr(doc, node, PM_ATTR_OPEN).ptr == NULL;
	case PM_TAG_OBJECT:
		return pm_html_attr(doc, node, PM_ATTR_DATA).len != 0;
	case PM_TAG_ANNOTATION:
	case PM_TAG_ANNOTATION_XML:
		return node->ns == PM_NS_MATH;
	case PM_TAG_DEFS:
	case PM_TAG_DESC:
	case PM_TAG_METADATA:
	case PM_TAG_SYMBOL:
	case PM_TAG_CLIPPATH:
	case PM_TAG_MASK:
	case PM_TAG_PATTERN:
	case PM_TAG_MARKER:
		return node->ns == PM_NS_SVG;
	default:
		return false;
	}
}

/* Of SVG only <text> and the HTML in foreignObject show characters, of MathML only the tokens. */
static bool drawn(const struct pm_html *doc, const struct pm_node *text, uint32_t i,
		  uint32_t svg_text)
{
	const struct pm_node *parent = &doc->nodes[text->parent];

	if (parent->ns == PM_NS_HTML)
		return true;
	if (parent->ns == PM_NS_SVG)
		return i <= svg_text || parent->tag == PM_TAG_FOREIGNOBJECT;
	return parent->tag == PM_TAG_MI || parent->tag == PM_TAG_MN || parent->tag == PM_TAG_MO ||
	       parent->tag == PM_TAG_MS || parent->tag == PM_TAG_MTEXT;
}

static void element(struct writer *w, uint32_t i, const struct pm_node *node)
{
	uint32_t flags = pm_tag_flags[node->tag];
	bool data = false;

	if (node->tag == PM_TAG_BR) {
		w->breaks++;
		owe(w, PM_OWED_LINE);
		return;
	}
	if (!(flags & (PM_EL_BLOCK | PM_EL_PRE)))
		return;
	if (flags & PM_EL_VOID) {
		border(w, node->tag, w->frame[w->top].table);
		return;
	}
	if (node->tag == PM_TAG_TABLE) {
		/* The outermost looks inside, once for all tables that it holds. */
		if (i > w->looked) {
			find_layout(w->doc, i);
			w->looked = node->last;
		}
		data = !(node->flags & PM_NODE_LAYOUT);
	}
	enter(w, node, flags, data);
}

static void text(struct writer *w, uint32_t i, const struct pm_node *node, const char *at,
		 const char *limit)
{
	size_t before = w->clean.len;

	pm_clean_add(&w->clean, at, at + node->len, limit,
		     (node->flags & PM_NODE_PLAIN ? 0 : PM_CLEAN_REFERENCES) |
		     (w->frame[w->top].pre && !w->frame[w->top].table ? PM_CLEAN_PRE : 0));
	/* Paying for a line's end may first take back white space. */
	if (w->nblocks && w->clean.len != before)
		add_run(w, i, w->clean.len > before ? w->clean.len - before : 1);
}

/* All nodes from `from` to its last descendant. */
static void walk(struct writer *w, uint32_t from)
{
	struct pm_html *doc = w->doc;
	uint32_t last = doc->nodes[from].last, svg_text = 0;
	const char *limit = doc->src + doc->len;

	for (uint32_t i = from; i <= last && !w->clean.full; i++) {
		const struct pm_node *node = &doc->nodes[i];

		leave_to(w, i);
		if (node->tag == PM_TAG_NONE) {
			const char *at = doc->src + node->at;

			if (node->parent && drawn(doc, node, i, svg_text))
				text(w, i, node, at, limit);
			doc->effort += node->len;
		} else if (pm_visible_hides(doc, node)) {
			i = node->last;
		} else if (node->ns == PM_NS_HTML) {
			element(w, i, node);
		} else if (node->ns == PM_NS_SVG && node->tag == PM_TAG_TEXTNODE) {
			svg_text = node->last;
			enter(w, node, PM_EL_BLOCK, false);
		}
	}
}

bool pm_visible_read(struct pm_html *doc, struct pm_arena *a, struct pm_visible *v)
{
	struct writer *w = pm_arena_alloc(a, sizeof(*w));

	*v = (struct pm_visible){ 0 };
	if (!w)
		return false;
	if (!doc->body)
		return true;
	w->frame[0] = (struct frame){ .last = UINT32_MAX, .kind = PM_BLOCK_PARAGRAPH };
	w->top = 0;
	w->block = NULL;
	w->run = NULL;
	w->nblocks = w->block_cap = w->nruns = w->run_cap = 0;
	w->open = false;
	w->breaks = w->looked = 0;
	w->around = (struct pm_around){ 0 };
	pm_grid_open(&w->grid, doc->len / 16);
	w->doc = doc;
	/* Text is a tenth of a page or less; what has more pays for a copy. */
	pm_clean_open(&w->clean, a, doc->len / 8);
	w->clean.pay = pay;
	w->clean.owner = w;
	w->clean.owed = PM_OWED_BLOCK;
	if (w->clean.full)
		return false;
	walk(w, doc->body);
	close_block(w);
	if (w->clean.full)
		return false;
	*v = (struct pm_visible){ .text = pm_slice(w->clean.p, w->clean.len),
				  .blocks = w->block, .nblocks = (uint32_t)w->nblocks,
				  .runs = w->run, .nruns = (uint32_t)w->nruns };
	return true;
}

struct pm_block pm_visible_block_of(const struct pm_visible_block *b, struct pm_slice text)
{
	return (struct pm_block){ .kind = b->kind,
				  .level = b->level,
				  .text = text,
				  .number = b->number,
				  .info = { b->info, b->info_len } };
}

bool pm_visible_text(const struct pm_visible *v, struct pm_page *page)
{
	if (v->nblocks == 0)
		return true;
	page->blocks.at = PM_ARENA_NEW(page->arena, struct pm_block, v->nblocks);
	if (!page->blocks.at)
		return false;
	page->blocks.len = page->blocks.cap = v->nblocks;
	for (size_t i = 0; i < v->nblocks; i++) {
		struct pm_visible_block *b = &v->blocks[i];

		b->kept = true;
		page->blocks.at[i] = pm_visible_block_of(b, pm_slice(v->text.ptr + b->at, b->len));
	}
	page->text = v->text;
	return true;
}

/* The most of a text node that is read for `most` bytes: it ends before a character or a reference
 * that stands across. */
static const char *read_to(const char *at, size_t len, size_t most)
{
	enum { REFERENCE = 40, SPARE = 4 };
	const char *to = at + len;

	if (len / SPARE <= most)
		return to;
	to = at + most * SPARE;
	while (((unsigned char)*to & 0xc0) == 0x80 && to > at)
		to--;
	for (const char *p = to; p > at && to - p < REFERENCE; p--)
		if (p[-1] == '&')
			return p - 1;
	return to;
}

void pm_visible_put(const struct pm_html *doc, struct pm_clean *c, uint32_t node, uint32_t last,
		    size_t most)
{
	const char *limit = doc->src + doc->len;

	if (last - node > most)
		last = node + (uint32_t)most;
	for (uint32_t i = node + 1; i <= last && !c->full && c->len - c->from <= most; i++) {
		const struct pm_node *n = &doc->nodes[i];
		const char *at = doc->src + n->at;

		if (n->tag == PM_TAG_NONE) {
			pm_clean_add(c, at, read_to(at, n->len, most), limit,
				     n->flags & PM_NODE_PLAIN ? 0 : PM_CLEAN_REFERENCES);
		} else if (pm_visible_hides(doc, n)) {
			i = n->last;
		} else if ((n->tag == PM_TAG_BR || pm_tag_flags[n->tag] & PM_EL_BLOCK) &&
			   c->owed == PM_OWED_NOTHING) {
			c->owed = PM_OWED_SPACE;
		}
	}
}

struct pm_slice pm_visible_line(const struct pm_html *doc, struct pm_arena *a, uint32_t node)
{
	struct pm_clean c;

	pm_clean_open(&c, a, 256);
	pm_visible_put(doc, &c, node, doc->nodes[node].last, SIZE_MAX);
	pm_clean_settle(&c);
	return c.full ? (struct pm_slice){ 0 } : pm_slice(c.p, c.len);
}
