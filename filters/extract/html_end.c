#include "filters/extract/html_parser.h"

static bool is_heading(uint8_t tag)
{
	return pm_tag_flags[tag] & PM_EL_HEADING;
}

/* Closes the topmost `tag` if it is in the scope that `boundary` ends. */
static void close_in(struct pm_parser *ps, uint8_t tag, unsigned boundary)
{
	unsigned pos = ps->open[tag];

	if (pos && pos >= boundary)
		pm_open_pop_to(ps, pos);
	pm_open_settle(ps);
}

/* Any heading in scope is closed by any heading's end tag. */
static void end_heading(struct pm_parser *ps)
{
	unsigned top = 0;

	for (uint8_t tag = PM_TAG_H1; tag <= PM_TAG_H6; tag++)
		if (ps->open[tag] > top)
			top = ps->open[tag];
	if (top && top >= ps->scope)
		pm_open_pop_to(ps, top);
	pm_open_settle(ps);
}

static void end_format(struct pm_parser *ps, uint8_t tag)
{
	if (!pm_open_end(ps, tag) && tag == PM_TAG_A)
		pm_link_end(ps);
}

/* What an end tag around it ends as well, without an end tag of its own. */
static bool ends_by_itself(const struct pm_open *e)
{
	switch (e->tag) {
	case PM_TAG_DD:
	case PM_TAG_DT:
	case PM_TAG_LI:
	case PM_TAG_OPTGROUP:
	case PM_TAG_OPTION:
	case PM_TAG_P:
	case PM_TAG_RB:
	case PM_TAG_RP:
	case PM_TAG_RT:
	case PM_TAG_RTC:
		return e->ns == PM_NS_HTML;
	default:
		return false;
	}
}

/* A form's end tag takes only the form out of the stack, and what ends by itself inside. */
static void end_form(struct pm_parser *ps)
{
	unsigned pos = ps->open[PM_TAG_FORM];

	ps->form_open = false;
	if (!pos || pos < ps->scope)
		return;
	while (ps->depth > pos && ends_by_itself(pm_top(ps)))
		pm_open_pop_to(ps, ps->depth);
	ps->stack[pos].ended = true;
	pm_open_settle(ps);
}

/* Names that only their own kind has: the nearest with nothing special above it. Unknown names
 * share their number with others, so a few of them are compared. */
static void end_other(struct pm_parser *ps, const struct pm_token *t)
{
	enum { COMPARE_MAX = 16 };
	unsigned pos = ps->open[t->tag];

	for (unsigned i = 0; pos && pos >= ps->special && i < COMPARE_MAX; i++) {
		const struct pm_open *e = &ps->stack[pos];

		ps->doc->effort++;
		if (t->tag < PM_TAG_OTHER ||
		    pm_same_name(ps->doc->src + ps->doc->nodes[e->node].at + 1, ps->end, t)) {
			pm_open_pop_to(ps, pos);
			break;
		}
		pos = e->same;
	}
	pm_open_settle(ps);
}

static void end_body(struct pm_parser *ps, struct pm_token *t)
{
	uint32_t flags = pm_tag_flags[t->tag];

	switch (t->tag) {
	case PM_TAG_HTML:
	case PM_TAG_BODY:
	case PM_TAG_HEAD:
	case PM_TAG_FRAMESET:
		/* What comes behind them still belongs to the body. */
		return;
	case PM_TAG_P:
		if (!ps->open[PM_TAG_P] || ps->open[PM_TAG_P] < ps->button)
			pm_element_add(ps, NULL, PM_TAG_P, PM_NS_HTML, true);
		else
			pm_close_p(ps);
		return;
	case PM_TAG_BR:
		ps->frameset_ok = false;
		pm_element_add(ps, NULL, PM_TAG_BR, PM_NS_HTML, true);
		return;
	case PM_TAG_LI:
		close_in(ps, PM_TAG_LI, ps->item);
		return;
	case PM_TAG_FORM:
		end_form(ps);
		return;
	case PM_TAG_TEMPLATE:
		pm_open_pop_to(ps, ps->open[PM_TAG_TEMPLATE]);
		pm_open_settle(ps);
		return;
	default:
		break;
	}
	if (flags & PM_EL_TABLE)
		pm_table_end(ps, t);
	else if (is_heading(t->tag))
		end_heading(ps);
	else if (flags & PM_EL_FORMAT)
		end_format(ps, t->tag);
	else if (flags & PM_EL_SCOPE_END)
		close_in(ps, t->tag, ps->scope);
	else
		end_other(ps, t);
}

void pm_tree_end(struct pm_parser *ps, struct pm_token *t)
{
	if (ps->phase == PM_PHASE_FRAMESET) {
		if (t->tag == PM_TAG_FRAMESET && pm_top(ps)->tag == PM_TAG_FRAMESET &&
		    ps->depth > 1)
			pm_open_pop_to(ps, ps->depth);
		return;
	}
	if (ps->phase < PM_PHASE_BODY && !ps->open[PM_TAG_TEMPLATE]) {
		if (t->tag == PM_TAG_HEAD)
			ps->phase = PM_PHASE_AFTER_HEAD;
		if (t->tag != PM_TAG_BODY && t->tag != PM_TAG_HTML && t->tag != PM_TAG_BR)
			return;
		pm_tree_begin_body(ps, NULL);
		if (t->tag != PM_TAG_BR)
			return;
	}
	if (pm_top(ps)->ns != PM_NS_HTML && pm_foreign_end(ps, t))
		return;
	if (ps->full)
		return;
	end_body(ps, t);
}
