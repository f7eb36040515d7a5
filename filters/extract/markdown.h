/* filters/extract/markdown.h -- a page's blocks as CommonMark with GFM's tables.
 *
 * What is written reads back, by CommonMark 0.29 with GFM's tables, as the same blocks: kind, level
 * and text. Captions are paragraphs; list items have the number that the page gives them, or are
 * bullets; every line of a table's text is a row, the first its header; code says its language. No
 * character of a text is markup: what could be read as such is escaped. */
#ifndef PM_FILTERS_EXTRACT_MARKDOWN_H
#define PM_FILTERS_EXTRACT_MARKDOWN_H

#include "core/page.h"

enum {
	/* Items and quotations that lie deeper are written at this depth: indentation stays
	 * bounded. */
	PM_MARKDOWN_DEPTH_MAX = 32,
	/* Cells behind it share the last column, with references to tabs between them. */
	PM_MARKDOWN_COLUMNS_MAX = 1000,
};

/* Fills page->markdown from page->blocks; it is absent where there are none. Time and memory are
 * linear in the blocks' text. false: the arena is full. */
bool pm_markdown(struct pm_page *page);

#endif
