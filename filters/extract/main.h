/* filters/extract/main.h -- the main text of a page: the blocks that a reader came for. */
#ifndef PM_FILTERS_EXTRACT_MAIN_H
#define PM_FILTERS_EXTRACT_MAIN_H

#include "core/page.h"
#include "filters/extract/html.h"
#include "filters/extract/visible.h"

/* Fills page->text and page->blocks with the main part of what is visible; both stay empty where
 * there is none. What is left out is counted in page->removed. false: the arena is full. */
bool pm_main_text(struct pm_html *doc, const struct pm_visible *v, struct pm_page *page);

/* Everything learnt from data that can change a result, as bytes to digest, part by part; absent
 * behind the last. */
struct pm_slice pm_main_learnt(unsigned part);

#endif
