#include "filters/extract/html_parser.h"

bool pm_table_direct(struct pm_parser *ps)
{
	const struct pm_open *top = pm_top(ps);

	/* At the deepest level a part of a table may be open without its table. */
	if (top->ns != PM_NS_HTML || ps->depth != ps->context || !ps->open[PM_TAG_TABLE])
		return false;
	return top->tag == PM_TAG_TABLE || top->tag == PM_TAG_TBODY || top->tag == PM_TAG_THEAD ||
	       top->tag == PM_TAG_TFOOT || top->tag == PM_TAG_TR;
}

static bool is_cell(uint8_t tag)
{
	return tag == PM_TAG_TD || tag == PM_TAG_TH;
}

static bool is_section(uint8_t tag)
{
	return tag == PM_TAG_TBODY || tag == PM_TAG_THEAD || tag == PM_TAG_TFOOT;
}

/* Whether `tag` may stand directly in an open `context`; else what must be implied first (*implied)
 * or, with 0 there, the context must be closed. */
static bool may_stand(uint8_t context, uint8_t tag, uint8_t *implied)
{
	*implied = 0;
	if (context == PM_TAG_COLGROUP)
		return tag == PM_TAG_COL;
	if (context == PM_TAG_TR)
		return is_cell(tag);
	if (is_section(context)) {
		if (is_cell(tag))
			*implied = PM_TAG_TR;
		return tag == PM_TAG_TR;
	}
	if (context == PM_TAG_TABLE) {
		if (tag == PM_TAG_TR || is_cell(tag))
			*implied = PM_TAG_TBODY;
		else if (tag == PM_TAG_COL)
			*implied = PM_TAG_COLGROUP;
		return tag == PM_TAG_CAPTION || tag == PM_TAG_COLGROUP || is_section(tag);
	}
	return false;
}

bool pm_table_start(struct pm_parser *ps, struct pm_token *t)
{
	uint8_t implied;

	/* Each turn closes or implies one level of a table, of which there are four. */
	for (;;) {
		unsigned pos = ps->context;
		uint8_t context = ps->stack[pos].tag;

		if (pos == 0 || context == PM_TAG_TEMPLATE)
			return t->tag != PM_TAG_TABLE;
		if (t->tag == PM_TAG_TABLE && (is_cell(context) || context == PM_TAG_CAPTION))
			return false;
		if (may_stand(context, t->tag, &implied)) {
			pm_open_pop_to(ps, pos + 1);
			pm_element_add(ps, t, t->tag, PM_NS_HTML, t->tag == PM_TAG_COL);
			return true;
		}
		if (!implied) {
			pm_open_pop_to(ps, pos);
			continue;
		}
		pm_open_pop_to(ps, pos + 1);
		pm_element_add(ps, NULL, implied, PM_NS_HTML, false);
		if (ps->full)
			return true;
	}
}

bool pm_table_end(struct pm_parser *ps, struct pm_token *t)
{
	unsigned pos = ps->open[t->tag];

	if (t->tag != PM_TAG_COL && pos && pos >= ps->table_scope)
		pm_open_pop_to(ps, pos);
	pm_open_settle(ps);
	return true;
}
