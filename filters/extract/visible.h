/* filters/extract/visible.h -- the text that a page displays without style sheets and scripts, by
 * blocks in reading order (the HTML Standard's "Rendering" section).
 *
 * Where the section leaves it open: what is inside details shows, opened or not (nobody needs a
 * script to open it); dialog shows when it is open; object shows what it holds when it names no
 * data; canvas shows what it holds, audio, video, meter and progress do not. */
#ifndef PM_FILTERS_EXTRACT_VISIBLE_H
#define PM_FILTERS_EXTRACT_VISIBLE_H

#include "core/page.h"
#include "filters/extract/clean.h"
#include "filters/extract/html.h"

struct pm_visible_block {
	uint32_t at, len;       /* bytes of the text */
	uint8_t kind;           /* enum pm_block_kind */
	uint8_t level;          /* as in struct pm_block */
	bool kept;              /* it stands in page->text, once that was taken */
	uint8_t info_len;       /* as in struct pm_block, in the source */
	uint32_t number;
	const char *info;
};

/* What one text node gave to one block, in tree order. */
struct pm_visible_run {
	uint32_t node, block;
	uint32_t len;           /* bytes, about: separators and normalisation move it a little */
};

struct pm_visible {
	struct pm_slice text;   /* empty, with no blocks, where nothing shows */
	struct pm_visible_block *blocks;
	struct pm_visible_run *runs;
	uint32_t nblocks, nruns;
};

/* All in the arena. false: it is full. */
bool pm_visible_read(struct pm_html *doc, struct pm_arena *a, struct pm_visible *v);

/* What it is on the page, with the text that it has there. */
struct pm_block pm_visible_block_of(const struct pm_visible_block *b, struct pm_slice text);

/* Fills page->text and page->blocks with all of it. false: the arena is full. */
bool pm_visible_text(const struct pm_visible *v, struct pm_page *page);

/* One element's visible text on one line: a title, a heading. Empty when nothing shows; absent when
 * the arena is full. */
struct pm_slice pm_visible_line(const struct pm_html *doc, struct pm_arena *a, uint32_t node);

/* Adds such a line to what `c` holds, unsettled, of all nodes behind `node` to `last`. What is
 * longer than `most` bytes may be cut anywhere behind them, or, where much of it shows nothing,
 * before: effort is `most` times a constant. */
void pm_visible_put(const struct pm_html *doc, struct pm_clean *c, uint32_t node, uint32_t last,
		    size_t most);

/* Whether what an element holds is not displayed. */
bool pm_visible_hides(const struct pm_html *doc, const struct pm_node *node);

#endif
