/* consumer/http.h -- an HTTP response as a crawler kept it: head and body in one run of bytes.
 *
 * Lenient where real servers are: lines may end in LF alone, a line without a colon is passed over,
 * a line that begins with white space belongs to the one before. */
#ifndef PM_CONSUMER_HTTP_H
#define PM_CONSUMER_HTTP_H

#include "core/arena.h"
#include "core/message.h"

/* One line of a head, without its end. */
struct pm_http_lines {
	struct pm_slice rest;
};

/* The next field with its folded lines; false at the empty line that ends the head (rest is behind
 * it then) or at the end of the bytes. `name` is absent for a line that is no field. */
bool pm_http_field(struct pm_http_lines *in, struct pm_header *field);
/* Bytes of a head with the empty line that ends it; 0: it doesn't end within `s`. */
size_t pm_http_head_size(struct pm_slice s);

enum pm_http_parse {
	PM_HTTP_OK,
	PM_HTTP_NONE,           /* there is no status line */
	PM_HTTP_FULL,           /* no room in the arena */
};

struct pm_http {
	int status;             /* 0: the status line has none that is one */
	struct pm_header *headers;      /* in the arena; their bytes are in the input */
	size_t nheaders, cap;
	struct pm_slice body;   /* as it was sent */
};

enum pm_http_parse pm_http_parse(struct pm_slice s, struct pm_arena *a, struct pm_http *out);
/* The last header of that name with a value, as in WHATWG Fetch; absent: none. */
struct pm_slice pm_http_header(const struct pm_http *http, const char *name);

/* Undoes the chunked transfer coding (RFC 9112 section 7.1) into the arena. A body that isn't cut
 * into chunks comes back as it is, as crawlers keep the header after undoing it; one that breaks
 * off within a chunk comes back as far as it goes. false: no room in the arena. */
bool pm_http_dechunk(struct pm_slice in, struct pm_arena *a, struct pm_slice *out);

#endif
