/* filters/extract/visible.h -- the text that a page displays without style sheets and scripts, by
 * blocks in reading order (the HTML Standard's "Rendering" section).
 *
 * Where the section leaves it open: what is inside details shows, opened or not (nobody needs a
 * script to open it); dialog shows when it is open; object shows what it holds when it names no data;
 * canvas shows what it holds, audio, video, meter and progress do not. */
#ifndef PM_FILTERS_EXTRACT_VISIBLE_H
#define PM_FILTERS_EXTRACT_VISIBLE_H

#include "core/page.h"
#include "filters/extract/html.h"

/* Fills page->text and page->blocks; both stay empty where nothing shows. false: the arena is full. */
bool pm_visible_text(struct pm_html *doc, struct pm_page *page);

/* One element's visible text on one line: a title, a heading. Empty when nothing shows; absent when
 * the arena is full. */
struct pm_slice pm_visible_line(const struct pm_html *doc, struct pm_arena *a, uint32_t node);

#endif
