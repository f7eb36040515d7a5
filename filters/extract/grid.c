#include "filters/extract/grid.h"

#include <string.h>

#include "filters/extract/attr.h"

void pm_grid_open(struct pm_grid *g, size_t spare)
{
	*g = (struct pm_grid){ .spare = spare };
}

void pm_grid_group(struct pm_grid *g)
{
	memset(g->below, 0, g->used * sizeof(*g->below));
	g->used = 0;
	g->column = g->next = g->written = 0;
}

void pm_grid_row(struct pm_grid *g)
{
	/* Where the row before had no more cells, what is above it reached down all the same. */
	for (unsigned i = g->next; i < g->used; i++)
		g->below[i] -= g->below[i] > 0;
	g->column = g->next = g->written = 0;
}

/* At most as many as there is room for. */
static unsigned spend(struct pm_grid *g, unsigned columns)
{
	if (columns > g->spare)
		columns = (unsigned)g->spare;
	g->spare -= columns;
	return columns;
}

bool pm_grid_cell(struct pm_grid *g, struct pm_html *doc, const struct pm_node *node)
{
	uint32_t wide = 1, high = 1;
	unsigned at = g->next;

	while (at < g->used && g->below[at] && spend(g, 1))
		g->below[at++]--;
	if (node->nattrs) {
		wide = pm_attr_number(doc, node, PM_ATTR_COLSPAN, 1);
		high = pm_attr_number(doc, node, PM_ATTR_ROWSPAN, 1);
	}
	/* No rows is all that follow. */
	high = high == 0 || high > UINT16_MAX ? UINT16_MAX : high;
	wide = wide == 0 || wide > PM_GRID_COLUMNS ? 1 : wide;
	g->column = at;
	g->next = at + 1 + spend(g, wide - 1);
	for (unsigned i = at; i < g->next && i < PM_GRID_COLUMNS && (high > 1 || i < g->used);
	     i++) {
		g->below[i] = (uint16_t)(high - 1);
		if (i >= g->used)
			g->used = i + 1;
	}
	doc->effort += g->next - at;
	return at > 0;
}

unsigned pm_grid_steps(struct pm_grid *g)
{
	unsigned steps = g->column > g->written ? g->column - g->written : 0;

	g->written = g->column;
	return steps;
}
