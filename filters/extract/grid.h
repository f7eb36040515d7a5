/* filters/extract/grid.h -- which column of a table a cell stands in: cells that span columns, and
 * cells of rows above that reach down, push it to the right (the HTML Standard's "Forming a
 * table"). */
#ifndef PM_FILTERS_EXTRACT_GRID_H
#define PM_FILTERS_EXTRACT_GRID_H

#include "filters/extract/html.h"

enum { PM_GRID_COLUMNS = 64 };  /* farther right cells span nothing */

struct pm_grid {
	uint16_t below[PM_GRID_COLUMNS];        /* how many more rows a cell above reaches down */
	unsigned used;                          /* columns from here on have none such */
	unsigned column;                        /* of the cell that was begun last */
	unsigned next;                          /* where the next one may stand */
	unsigned written;                       /* the column up to which the row was written */
	size_t spare;                           /* columns that may still be
						 * left empty, on the whole page */
};

/* `spare`: how many columns without a cell of their own the page's text can bear. */
void pm_grid_open(struct pm_grid *g, size_t spare);
/* At a table's or a row group's start: what is above ends. */
void pm_grid_group(struct pm_grid *g);
/* At a row's start. */
void pm_grid_row(struct pm_grid *g);
/* At a cell's start. false: it is in the row's first column. */
bool pm_grid_cell(struct pm_grid *g, struct pm_html *doc, const struct pm_node *node);
/* When the cell's first character is written: how many columns it stands behind the last that
 * was. */
unsigned pm_grid_steps(struct pm_grid *g);

#endif
