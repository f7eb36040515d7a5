/* core/identity.h -- what a record is known by: its id, its host and its domain. */
#ifndef PM_CORE_IDENTITY_H
#define PM_CORE_IDENTITY_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "core/url.h"

struct pm_identity {
	char id[33];            /* 32 lower-case hex digits and a NUL */
	bool has_url;           /* url is filled: the page's URL could be parsed */
	struct pm_url url;      /* the base for the page's links */
	struct pm_slice host;   /* absent: no URL, or one without a host */
	struct pm_slice domain; /* absent: no host, an IP address, or a bare public suffix */
};

/* `url` may be absent, or anything: one that is not http(s) or cannot be parsed leaves the id to
 * the bytes of `body` as they were received. -1: the arena is full, nothing is filled. */
int pm_identity(struct pm_arena *a, struct pm_slice url, struct pm_slice body,
                struct pm_identity *out);

#endif
