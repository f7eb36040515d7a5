/* core/base64.h -- base64 (RFC 4648 section 4) as page bodies carry it. */
#ifndef PM_CORE_BASE64_H
#define PM_CORE_BASE64_H

#include "core/arena.h"
#include "core/slice.h"

enum pm_base64 {
	PM_BASE64_OK,
	PM_BASE64_BAD,          /* not base64 */
	PM_BASE64_FULL,         /* the arena has no room for the result */
};

/* Decodes the standard alphabet into the arena. ASCII white space may stand anywhere (MIME breaks
 * lines). The padding is whole or left out. Half of it, anything behind it, and bits that
 * are not zero behind the last byte are refused (RFC 4648 section 3.5). Empty gives empty. */
__attribute__((warn_unused_result)) enum pm_base64 pm_base64_decode(struct pm_arena *a,
								     struct pm_slice in,
								     struct pm_slice *out);

#endif
