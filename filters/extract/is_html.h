/* filters/extract/is_html.h -- whether a body is HTML or flattened text. */
#ifndef PM_FILTERS_EXTRACT_IS_HTML_H
#define PM_FILTERS_EXTRACT_IS_HTML_H

#include <stdbool.h>

#include "core/page.h"

enum { PM_IS_HTML_LOOK = 64 << 10 };      /* bytes that decide */

/* By the body's first PM_IS_HTML_LOOK bytes: text that was declared so is text; declared HTML needs
 * one tag of an HTML element; all else needs a doctype, html, head or body, or two end tags of HTML
 * elements. */
/* What shows that it is HTML, in words; NULL: it is flattened text. */
const char *pm_html_sign(enum pm_media declared, struct pm_slice content);
bool pm_is_html(enum pm_media declared, struct pm_slice content);

#endif
