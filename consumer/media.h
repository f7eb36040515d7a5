/* consumer/media.h -- what a body is: MIME types (WHATWG MIME Sniffing) and, where they say
 * nothing, the first bytes. */
#ifndef PM_CONSUMER_MEDIA_H
#define PM_CONSUMER_MEDIA_H

#include <stdbool.h>

#include "core/page.h"
#include "core/slice.h"

/* Borrowed from the header's value, as given: compare without case. */
struct pm_mime {
	struct pm_slice type, subtype;
	struct pm_slice essence;        /* "type/subtype" */
};

/* false: not a MIME type (WHATWG MIME Sniffing 4.4); its parameters are not looked at. */
bool pm_mime_parse(struct pm_slice value, struct pm_mime *mime);

/* Whether the first element of an XML document is "html", behind white space, the XML declaration,
 * processing instructions, comments and a document type. */
bool pm_media_html_root(struct pm_slice body);

/* What kind of page a body is by its type, or by its content where the type is absent, can't be
 * parsed, or is application/octet-stream. PM_MEDIA_NONE: nothing that we read. */
enum pm_media pm_media_of(struct pm_slice content_type, struct pm_slice body);

#endif
