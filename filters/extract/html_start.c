#include <string.h>

#include "filters/extract/html_parser.h"

/* html and body: attributes of later tags count where the first had none. The list is copied to the
 * end of all attributes, which then belong to the node alone. */
static void merge_attrs(struct pm_parser *ps, uint32_t n, const struct pm_token *t)
{
	struct pm_html *doc = ps->doc;
	struct pm_node *node = &doc->nodes[n];
	uint64_t seen = 0;
	uint32_t room, kept = 0;
	struct pm_attr both[PM_ATTRS_KNOWN];

	if (t->nattrs == 0)
		return;
	if (node->nattrs == 0) {
		node->attrs = t->attrs;
		node->nattrs = t->nattrs;
		return;
	}
	for (uint32_t i = 0; i < node->nattrs; i++) {
		both[kept] = doc->attrs[node->attrs + i];
		seen |= (uint64_t)1 << both[kept++].name;
	}
	for (uint32_t i = 0; i < t->nattrs; i++) {
		const struct pm_attr *attr = &doc->attrs[t->attrs + i];

		if (!(seen >> attr->name & 1))
			both[kept++] = *attr;
	}
	/* The token's own attributes lie at the end already: overwrite them, as far as they
	 * reach. */
	doc->nattrs = t->attrs;
	room = ps->attr_cap - doc->nattrs;
	if (room < kept) {
		struct pm_attr *more = PM_ARENA_NEW(ps->arena, struct pm_attr,
						    (size_t)ps->attr_cap * 2 + PM_ATTRS_KNOWN);

		if (!more) {
			ps->full = true;
			return;
		}
		memcpy(more, doc->attrs, doc->nattrs * sizeof(*more));
		doc->attrs = more;
		ps->attr_cap = ps->attr_cap * 2 + PM_ATTRS_KNOWN;
	}
	memcpy(doc->attrs + doc->nattrs, both, kept * sizeof(*both));
	node->attrs = doc->nattrs;
	node->nattrs = (uint8_t)kept;
	doc->nattrs += kept;
}

void pm_tree_begin_body(struct pm_parser *ps, const struct pm_token *t)
{
	/* Nothing but html is open: what stands in the head is closed at once. */
	pm_open_pop_to(ps, 2);
	ps->phase = PM_PHASE_BODY;
	ps->doc->body = pm_element_add(ps, t, PM_TAG_BODY, PM_NS_HTML, false);
}

/* Before the body, what belongs to the head goes there even where the head was closed. */
static void open_head(struct pm_parser *ps)
{
	if (pm_top(ps)->node != ps->doc->head)
		pm_open_push(ps, ps->doc->head, PM_TAG_HEAD, PM_NS_HTML);
}

/* An element whose content is text alone: it ends before the next token. */
static void text_element(struct pm_parser *ps, const struct pm_token *t, bool in_head)
{
	const char *end, *from;
	uint8_t flags = pm_tag_flags[t->tag] & PM_EL_RCDATA ? 0 : PM_NODE_PLAIN;

	if (in_head)
		open_head(ps);
	pm_element_add(ps, t, t->tag, PM_NS_HTML, false);
	if (ps->full)
		return;
	if (t->tag == PM_TAG_PLAINTEXT)
		end = ps->end;
	else if (t->tag == PM_TAG_SCRIPT)
		end = pm_token_script_end(ps);
	else
		end = pm_token_raw_end(ps, pm_tag_names[t->tag], strlen(pm_tag_names[t->tag]));
	from = ps->p;
	if (t->tag == PM_TAG_TEXTAREA && from < end && *from == '\r')
		from++;
	if (t->tag == PM_TAG_TEXTAREA && from < end && *from == '\n')
		from++;
	ps->p = end;
	if (from < end)
		pm_text_add(ps, from, end, flags);
	if (ps->full)
		return;
	/* The end tag itself is read as any other, so that its attributes are passed over. */
	if (end < ps->end) {
		struct pm_token close = { .at = end };

		ps->p = end + 2 + t->name_len;
		if (!pm_token_attrs(ps, &close, false))
			ps->p = ps->end;
	}
	pm_open_pop_to(ps, ps->depth);
	if (in_head)
		pm_open_pop_to(ps, 2);
}

static bool is_text_element(uint8_t tag)
{
	return pm_tag_flags[tag] & (PM_EL_RAW | PM_EL_RCDATA) || tag == PM_TAG_SCRIPT ||
	       tag == PM_TAG_PLAINTEXT;
}

/* Whether the tag leaves the parser before the body: it stands in the head, or counts for
 * nothing. */
static bool head_start(struct pm_parser *ps, struct pm_token *t)
{
	switch (t->tag) {
	case PM_TAG_HTML:
		merge_attrs(ps, 0, t);
		return true;
	case PM_TAG_HEAD:
		return true;
	case PM_TAG_BODY:
		ps->frameset_ok = false;
		pm_tree_begin_body(ps, t);
		return true;
	case PM_TAG_FRAMESET:
		ps->phase = PM_PHASE_FRAMESET;
		pm_element_add(ps, t, t->tag, PM_NS_HTML, false);
		return true;
	case PM_TAG_NOSCRIPT:
		/* Holds links, styles and meta here; what else comes ends the head, so it needs no
		 * node. */
		return ps->phase == PM_PHASE_HEAD;
	case PM_TAG_TEMPLATE:
		open_head(ps);
		pm_element_add(ps, t, t->tag, PM_NS_HTML, false);
		return true;
	default:
		break;
	}
	if (!(pm_tag_flags[t->tag] & PM_EL_HEAD))
		return false;
	if (is_text_element(t->tag)) {
		text_element(ps, t, true);
		return true;
	}
	open_head(ps);
	pm_element_add(ps, t, t->tag, PM_NS_HTML, true);
	pm_open_pop_to(ps, 2);
	return true;
}

static void frameset_start(struct pm_parser *ps, struct pm_token *t)
{
	if (t->tag == PM_TAG_HTML)
		merge_attrs(ps, 0, t);
	else if (t->tag == PM_TAG_NOFRAMES)
		text_element(ps, t, false);
	else if (t->tag == PM_TAG_FRAMESET || t->tag == PM_TAG_FRAME)
		pm_element_add(ps, t, t->tag, PM_NS_HTML, t->tag == PM_TAG_FRAME);
}

/* Closes the topmost `tag` unless a boundary lies above it. */
static void close_above(struct pm_parser *ps, uint8_t tag, unsigned boundary)
{
	unsigned pos = ps->open[tag];

	if (pos && pos >= boundary)
		pm_open_pop_to(ps, pos);
	pm_open_settle(ps);
}

/* Elements whose start tags end others of their kind. */
static void close_siblings(struct pm_parser *ps, uint8_t tag)
{
	const struct pm_open *top;

	switch (tag) {
	case PM_TAG_LI:
		close_above(ps, PM_TAG_LI, ps->inner_special);
		pm_close_p(ps);
		break;
	case PM_TAG_DD:
	case PM_TAG_DT:
		close_above(ps, PM_TAG_DD, ps->inner_special);
		close_above(ps, PM_TAG_DT, ps->inner_special);
		pm_close_p(ps);
		break;
	case PM_TAG_BUTTON:
		close_above(ps, PM_TAG_BUTTON, ps->scope);
		break;
	case PM_TAG_OPTGROUP:
	case PM_TAG_HR:
		if (tag == PM_TAG_OPTGROUP || ps->open[PM_TAG_SELECT]) {
			close_above(ps, PM_TAG_OPTION, ps->special);
			close_above(ps, PM_TAG_OPTGROUP, ps->special);
		}
		break;
	case PM_TAG_OPTION:
		close_above(ps, PM_TAG_OPTION, ps->special);
		break;
	case PM_TAG_RB:
	case PM_TAG_RTC:
	case PM_TAG_RP:
	case PM_TAG_RT:
		top = pm_top(ps);
		if (top->ns == PM_NS_HTML && (top->tag == PM_TAG_RB || top->tag == PM_TAG_RT ||
					      top->tag == PM_TAG_RP))
			pm_open_pop_to(ps, ps->depth);
		break;
	default:
		top = pm_top(ps);
		if (pm_tag_flags[tag] & PM_EL_HEADING && pm_tag_flags[top->tag] & PM_EL_HEADING &&
		    top->ns == PM_NS_HTML)
			pm_open_pop_to(ps, ps->depth);
		break;
	}
}

/* <a> in <a>, <nobr> in <nobr>: the first ends, now or with what is open inside of it. */
static void end_link(struct pm_parser *ps, uint8_t tag)
{
	if (tag == PM_TAG_A)
		ps->parted = 0;
	pm_open_end(ps, tag);
}

/* A frameset where no text came yet takes the place of the body. */
static void late_frameset(struct pm_parser *ps, struct pm_token *t)
{
	if (!ps->frameset_ok || ps->depth < 2)
		return;
	pm_open_pop_to(ps, 2);
	ps->doc->body = 0;
	ps->phase = PM_PHASE_FRAMESET;
	pm_element_add(ps, t, t->tag, PM_NS_HTML, false);
}

/* Tags of the body that open nothing. */
static bool odd_start(struct pm_parser *ps, struct pm_token *t)
{
	switch (t->tag) {
	case PM_TAG_HTML:
		if (!ps->open[PM_TAG_TEMPLATE])
			merge_attrs(ps, 0, t);
		return true;
	case PM_TAG_BODY:
		if (ps->doc->body && !ps->open[PM_TAG_TEMPLATE])
			merge_attrs(ps, ps->doc->body, t);
		ps->frameset_ok = false;
		return true;
	case PM_TAG_FRAMESET:
		late_frameset(ps, t);
		return true;
	case PM_TAG_HEAD:
	case PM_TAG_FRAME:
		return true;
	case PM_TAG_FORM:
		if (ps->form_open && !ps->open[PM_TAG_TEMPLATE])
			return true;
		if (pm_table_direct(ps)) {
			pm_element_add(ps, t, t->tag, PM_NS_HTML, true);
			return true;
		}
		return false;
	case PM_TAG_SELECT:
		if (ps->open[PM_TAG_SELECT] && ps->open[PM_TAG_SELECT] >= ps->scope) {
			close_above(ps, PM_TAG_SELECT, ps->scope);
			return true;
		}
		return false;
	case PM_TAG_INPUT:
		close_above(ps, PM_TAG_SELECT, ps->scope);
		return false;
	default:
		return false;
	}
}

/* A colgroup ends before all but its columns: what comes stands in the table, or before it. */
static void leave_colgroup(struct pm_parser *ps, uint8_t tag)
{
	const struct pm_open *top = pm_top(ps);

	if (top->tag == PM_TAG_COLGROUP && top->ns == PM_NS_HTML && tag != PM_TAG_COL &&
	    tag != PM_TAG_TEMPLATE && tag != PM_TAG_HTML)
		pm_open_pop_to(ps, ps->depth);
}

/* By the rules of the body. */
static void start_body(struct pm_parser *ps, struct pm_token *t)
{
	uint32_t flags;

	if (t->tag == PM_TAG_IMAGE)
		t->tag = PM_TAG_IMG;
	leave_colgroup(ps, t->tag);
	flags = pm_tag_flags[t->tag];
	if (flags & PM_EL_NOT_OK)
		ps->frameset_ok = false;
	if (flags & PM_EL_TABLE && (t->tag != PM_TAG_TABLE || ps->context)) {
		bool done = pm_table_start(ps, t);

		pm_open_settle(ps);
		if (done)
			return;
	}
	if (odd_start(ps, t))
		return;
	if (flags & PM_EL_CLOSES_P)
		pm_close_p(ps);
	if (t->tag == PM_TAG_A || t->tag == PM_TAG_NOBR)
		end_link(ps, t->tag);
	else if (!(flags & PM_EL_FORMAT))
		close_siblings(ps, t->tag);
	if (is_text_element(t->tag)) {
		text_element(ps, t, false);
		return;
	}
	if (t->tag == PM_TAG_SVG || t->tag == PM_TAG_MATH) {
		pm_element_add(ps, t, t->tag, t->tag == PM_TAG_SVG ? PM_NS_SVG : PM_NS_MATH,
			       t->self_closing);
		return;
	}
	pm_element_add(ps, t, t->tag, PM_NS_HTML, flags & PM_EL_VOID);
	if (t->tag == PM_TAG_FORM)
		ps->form_open = true;
	ps->skip_newline = t->tag == PM_TAG_PRE || t->tag == PM_TAG_LISTING;
}

void pm_tree_start(struct pm_parser *ps, struct pm_token *t)
{
	/* Inside a template in the head the body's rules hold. */
	if (ps->phase < PM_PHASE_BODY && !ps->open[PM_TAG_TEMPLATE]) {
		if (head_start(ps, t))
			return;
		pm_tree_begin_body(ps, NULL);
	}
	if (ps->full)
		return;
	if (ps->phase == PM_PHASE_FRAMESET) {
		frameset_start(ps, t);
		return;
	}
	if (pm_foreign_now(ps) && pm_foreign_start(ps, t))
		return;
	start_body(ps, t);
}

static const char *skip_space(const char *from, const char *to)
{
	while (from < to && pm_ascii_space(*from))
		from++;
	return from;
}

void pm_tree_text(struct pm_parser *ps, const char *from, const char *to, uint8_t flags)
{
	if (ps->phase == PM_PHASE_FRAMESET)
		return;
	if (ps->phase < PM_PHASE_BODY && !ps->open[PM_TAG_TEMPLATE]) {
		from = skip_space(from, to);
		if (from == to)
			return;
		pm_tree_begin_body(ps, NULL);
	}
	if (ps->skip_newline) {
		if (from < to && *from == '\r')
			from++;
		if (from < to && *from == '\n')
			from++;
	}
	if (ps->frameset_ok && skip_space(from, to) < to)
		ps->frameset_ok = false;
	if (from == to || ps->full)
		return;
	if (pm_top(ps)->tag == PM_TAG_COLGROUP && pm_top(ps)->ns == PM_NS_HTML) {
		if (skip_space(from, to) == to)
			return;
		pm_open_pop_to(ps, ps->depth);
	}
	/* White space alone shows nothing between a table's parts, and stays out of the way. */
	if (pm_table_direct(ps) && skip_space(from, to) == to)
		return;
	pm_text_add(ps, from, to, flags);
}
