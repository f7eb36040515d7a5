/* stage/version.h -- which program this is. */
#ifndef PM_STAGE_VERSION_H
#define PM_STAGE_VERSION_H

#include "core/buf.h"

/* `pagemill X.Y.Z`, build flags and library versions, a line each. */
void pm_version_print(void);
/* The same as one JSON object, with the digest of the chain that runs (NULL: none). */
void pm_version_json(struct pm_buf *to, const char *chain);

#endif
