/* filters/extract/html_meta.h -- what a page says of itself. */
#ifndef PM_FILTERS_EXTRACT_HTML_META_H
#define PM_FILTERS_EXTRACT_HTML_META_H

#include "core/page.h"
#include "filters/extract/html.h"

/* Fills all metadata of the page, and declared_language, from JSON-LD, meta elements, microdata,
 * RDFa, what the page shows around its headline, its URL, and its headers. false: the arena is
 * full. */
bool pm_html_meta(struct pm_html *doc, struct pm_page *page);

/* The same of flattened text, which has only its headers left: robots. false: the arena is full. */
bool pm_meta_headers(struct pm_page *page);

/* A language tag as BCP 47 writes it: "en_us" gives "en-US". Absent when it is not one or says
 * nothing ("und"), or when the arena is full. */
struct pm_slice pm_language_tag(struct pm_arena *a, struct pm_slice raw);

#endif
