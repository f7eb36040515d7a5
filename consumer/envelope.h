/* consumer/envelope.h -- from a message's value to a page: formats, statuses, media types. */
#ifndef PM_CONSUMER_ENVELOPE_H
#define PM_CONSUMER_ENVELOPE_H

#include "core/buf.h"
#include "core/config.h"
#include "core/message.h"
#include "core/page.h"
#include "core/reason.h"
#include "core/unpack.h"

struct pm_envelope;

/* From "input" (NULL: defaults): format, fields, preset. Faults go to cf under "input"; that format
 * and preset are strings is checked by the table of "input" already. `page_bytes` bounds a decoded,
 * unpacked body, inclusive. `tombstones`: a NULL value passes as a tombstone (output.key is input).
 * NULL when there were faults. */
struct pm_envelope *pm_envelope_new(const json_t *input, struct pm_config *cf, size_t page_bytes,
				    bool tombstones);
void pm_envelope_free(struct pm_envelope *env);
/* What of it shapes a record, for the chain's digest: format, fields, preset. New reference. */
json_t *pm_envelope_seed(const struct pm_envelope *env);

/* Fills a fresh page. PM_REASON_NONE, or why the page is a dead letter, with words for its message.
 * Slices of the page borrow from msg and from the page's arena. `u` is the calling thread's. */
enum pm_reason pm_envelope_decode(const struct pm_envelope *env, struct pm_unpacker *u,
				  const struct pm_message *msg, struct pm_page *page,
				  struct pm_err *err);

/* The other way round, for whoever sends pages on: appends the value of a message in the format
 * "json" that decodes to what `page` is before any filter, as `env` reads it. A time that is not
 * known is written as null, so that no message's time takes its place. `line` is the envelope that
 * the page was decoded from (absent: from something else): it goes as it is where it may. false: a
 * preset has no member for the body as it is. Look at to->failed. */
bool pm_envelope_write(const struct pm_envelope *env, struct pm_slice line,
		       const struct pm_page *page, struct pm_buf *to);
/* The media type to send a page on with: the one it came with, else what its kind says. Absent:
 * none. */
struct pm_slice pm_envelope_type(const struct pm_page *page);

#endif
