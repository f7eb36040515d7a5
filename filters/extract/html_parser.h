/* filters/extract/html_parser.h -- what the files of the HTML parser share among themselves. */
#ifndef PM_FILTERS_EXTRACT_HTML_PARSER_H
#define PM_FILTERS_EXTRACT_HTML_PARSER_H

#include "filters/extract/html.h"

/* A start or end tag as the tokenizer hands it over. */
struct pm_token {
	const char *at, *name;          /* the "<", the name */
	uint32_t name_len;
	uint32_t attrs;                 /* the first of its attributes in doc->attrs */
	uint8_t nattrs;
	uint8_t tag;
	bool self_closing, hidden;
};

/* An open element. Beside its own facts it keeps what held before it was opened: the nearest open
 * element of each kind that ends a search, as positions in the stack (0: none). So every "is there
 * an X in scope" is one comparison, and closing restores the state. */
struct pm_open {
	uint32_t node;
	uint8_t tag, ns;
	bool ended;             /* its end tag came while others were open inside: goes with them */
	bool integrates;        /* foreign, but HTML's rules hold inside */
	uint16_t same;          /* the nearest with the same tag */
	uint16_t scope, button, item, table_scope, special, inner_special, context;
};

/* Where in the document the parser is, as far as text depends on it. */
enum pm_phase { PM_PHASE_HEAD, PM_PHASE_AFTER_HEAD, PM_PHASE_BODY, PM_PHASE_FRAMESET };

struct pm_parser {
	struct pm_html *doc;
	struct pm_arena *arena;
	const char *p, *end;
	enum pm_phase phase;
	bool full;              /* the arena is: everything stops */
	bool frameset_ok;
	bool form_open;
	bool skip_newline;      /* one line feed behind <pre> is not text */
	bool fostered;          /* nodes are out of tree order */
	uint32_t node_cap, attr_cap;
	/* The node before whose table a fostered node belongs, by node; allocated when first
	 * needed. */
	struct pm_foster { uint32_t node, table; } *fosters;
	size_t nfosters, foster_cap;
	size_t parted_cap;
	uint32_t parted;                        /* the link whose rest is being read, 0: none */

	unsigned depth;                         /* the top is stack[depth]; stack[0] is unused */
	struct pm_open stack[PM_HTML_DEPTH_MAX + 1];
	uint16_t open[PM_TAG_END];              /* the topmost of each HTML tag, 0: none */
	/* Topmost boundaries, see struct pm_open. */
	uint16_t scope, button, item, table_scope, special, inner_special, context;
};

static inline struct pm_open *pm_top(struct pm_parser *ps)
{
	return &ps->stack[ps->depth];
}

/* Tokenizer (html_token.c). */

/* Reads the attributes from ps->p on and the tag's end. false: the source ends inside the tag. */
bool pm_token_attrs(struct pm_parser *ps, struct pm_token *t, bool keep);
/* The end of text that runs to the end tag `name`: where that tag's "<" is, or the source's end. */
const char *pm_token_raw_end(const struct pm_parser *ps, const char *name, size_t len);
/* The same for script, whose text may hold a comment with scripts in it. */
const char *pm_token_script_end(const struct pm_parser *ps);

/* Whether a start tag's name, which begins at `name`, is the token's. */
bool pm_same_name(const char *name, const char *end, const struct pm_token *t);

/* Stack and nodes (html_stack.c). */

/* In the arena, nothing open; NULL: that is full. */
struct pm_parser *pm_parser_new(struct pm_html *doc, struct pm_arena *a);

/* Room for how many nodes or attributes to make when there are `n` and no more fit. */
uint32_t pm_grown(const struct pm_parser *ps, uint32_t n);
/* A new node under `parent`; its index, or 0 when the arena is full (node 0 is the first). */
uint32_t pm_node_add(struct pm_parser *ps, uint32_t parent, uint8_t tag, uint8_t ns);
/* A new element at the place for new nodes; opened unless `leaf`. `t` NULL: implied. */
uint32_t pm_element_add(struct pm_parser *ps, const struct pm_token *t, uint8_t tag, uint8_t ns,
			bool leaf);
void pm_text_add(struct pm_parser *ps, const char *from, const char *to, uint8_t flags);
void pm_open_push(struct pm_parser *ps, uint32_t node, uint8_t tag, uint8_t ns);
/* Closes everything from position `pos` up; 0 closes nothing. */
void pm_open_pop_to(struct pm_parser *ps, unsigned pos);
/* Closes open elements that only awaited the end of what was inside. */
void pm_open_settle(struct pm_parser *ps);
void pm_close_p(struct pm_parser *ps);
/* Ends the topmost formatting element `tag`: with blocks open inside it ends where they end, which
 * moves no text. false: none is in scope. */
bool pm_open_end(struct pm_parser *ps, uint8_t tag);
/* At a link's end tag where no link is open: a parted one ends here. */
void pm_link_end(struct pm_parser *ps);
/* Puts fostered nodes where they belong: one pass over all nodes. */
void pm_nodes_reorder(struct pm_parser *ps);

/* Tree construction: start tags (html_start.c), tables (html_table.c), end tags (html_end.c),
 * foreign content (html_foreign.c). */
void pm_tree_start(struct pm_parser *ps, struct pm_token *t);
void pm_tree_end(struct pm_parser *ps, struct pm_token *t);
void pm_tree_text(struct pm_parser *ps, const char *from, const char *to, uint8_t flags);
/* From any earlier phase into the body, with or without its tag. */
void pm_tree_begin_body(struct pm_parser *ps, const struct pm_token *t);
/* Whether the tag was one of a table's parts, and is dealt with. */
bool pm_table_start(struct pm_parser *ps, struct pm_token *t);
bool pm_table_end(struct pm_parser *ps, struct pm_token *t);
/* Whether new nodes would stand directly in a table, where only its parts may. */
bool pm_table_direct(struct pm_parser *ps);
/* Whether tokens go by the rules of foreign content now. */
bool pm_foreign_now(struct pm_parser *ps);
/* Whether the tag was dealt with. */
bool pm_foreign_start(struct pm_parser *ps, struct pm_token *t);
bool pm_foreign_end(struct pm_parser *ps, struct pm_token *t);

#endif
