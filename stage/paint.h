/* stage/paint.h -- text for a person: lines no wider than the screen (a file takes a thousand
 * columns), colour only on a terminal, and nothing from a page that could move the cursor. */
#ifndef PM_STAGE_PAINT_H
#define PM_STAGE_PAINT_H

#include <stdio.h>

#include "core/buf.h"

enum pm_colour { PM_PLAIN, PM_BOLD, PM_DIM, PM_RED, PM_GREEN, PM_YELLOW };

struct pm_paint {
	FILE *to;
	unsigned width;         /* columns of a line */
	unsigned column;        /* where the line is */
	bool colour;
	struct pm_buf room;
};

/* Looks at the terminal behind `to`, COLUMNS, NO_COLOR and TERM. */
void pm_paint_open(struct pm_paint *p, FILE *to);
void pm_paint_close(struct pm_paint *p);

/* Appends to the line; what is beyond the width is cut, with an ellipsis. */
void pm_paint_slice(struct pm_paint *p, enum pm_colour colour, struct pm_slice s);
__attribute__((format(printf, 3, 4)))
void pm_paint_text(struct pm_paint *p, enum pm_colour colour, const char *fmt, ...);
/* Spaces up to a column (from 0), one at least. */
void pm_paint_to(struct pm_paint *p, unsigned column);
void pm_paint_line(struct pm_paint *p);

#endif
