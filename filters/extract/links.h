/* filters/extract/links.h -- where a page's links lead, what they say, and whether that is in its
 * text. */
#ifndef PM_FILTERS_EXTRACT_LINKS_H
#define PM_FILTERS_EXTRACT_LINKS_H

#include "core/page.h"
#include "filters/extract/html.h"
#include "filters/extract/visible.h"

enum {
	PM_LINKS_MAX = 5000,            /* of a page; what comes later is left out */
	PM_LINKS_BYTES_MAX = 2 << 20,   /* of all URLs, texts and rels */
	PM_LINK_URL_MAX = 2048,         /* bytes; a longer one is left out, as given or resolved */
	PM_LINK_TEXT_MAX = 1024,        /* bytes; of a longer one the beginning is kept */
	PM_LINK_REL_MAX = 256,          /* bytes; likewise */
};

/* Fills page->links with every `a` and `area` of the displayed page that leads to an http or https
 * URL, in page order, repeated ones too. URLs are resolved against base's href and the page's URL,
 * and keep their fragment. `main` is set where some of a link's text stands in page->text; a link
 * that shows no text (a picture) has it where the text before and behind it does. After the text
 * was taken (`v`'s blocks know whether they were kept). false: the arena is full. */
bool pm_links(struct pm_html *doc, const struct pm_visible *v, struct pm_page *page);

#endif
