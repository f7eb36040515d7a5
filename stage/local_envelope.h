/* stage/local_envelope.h -- a local page as the `json` envelope that a crawler would have sent. */
#ifndef PM_STAGE_LOCAL_ENVELOPE_H
#define PM_STAGE_LOCAL_ENVELOPE_H

#include "core/buf.h"
#include "core/message.h"

/* Appends the envelope of an item of the local source: a line of JSON as it is; a file with the url
 * "file:PATH", its bytes in base64, the media type that its extension says, and no time. */
void pm_local_envelope(struct pm_buf *to, const struct pm_message *msg);

#endif
