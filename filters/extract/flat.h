/* filters/extract/flat.h -- flattened text: what a scraper left of a page, without its markup. */
#ifndef PM_FILTERS_EXTRACT_FLAT_H
#define PM_FILTERS_EXTRACT_FLAT_H

#include "core/page.h"

/* Lines that are longer than this on average have lost their line structure: a page's paragraphs
 * and its many short lines (navigation, headings, captions) stay far below. In characters. */
enum { PM_FLAT_LINE = 600 };

/* Fills page->text, layout and blocks, each line that shows something being one block. Characters
 * are cleaned as for HTML, line feeds stay (a run of empty lines is one). false: the arena is
 * full. */
bool pm_flat_text(struct pm_page *page, struct pm_slice content);

#endif
