/* filters/extract/html_meta.h -- what a page says of itself: title, canonical URL, description,
 * declared language. */
#ifndef PM_FILTERS_EXTRACT_HTML_META_H
#define PM_FILTERS_EXTRACT_HTML_META_H

#include "core/page.h"
#include "filters/extract/html.h"

/* Fills page->title, canonical_url, description, declared_language. false: the arena is full. */
bool pm_html_meta(struct pm_html *doc, struct pm_page *page);

/* A language tag as BCP 47 writes it: "en_us" gives "en-US". Absent when it is not one or says nothing
 * ("und"), or when the arena is full. */
struct pm_slice pm_language_tag(struct pm_arena *a, struct pm_slice raw);

#endif
