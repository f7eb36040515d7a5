/* filters/repair/misread.h -- what UTF-8 looks like when it is read in another encoding; for
 * extract, too, which otherwise drops the parts of it that show nothing. */
#ifndef PM_FILTERS_REPAIR_MISREAD_H
#define PM_FILTERS_REPAIR_MISREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/* Whether some encoding could have made these two characters from one. */
bool pm_misread_pair(uint32_t first, uint32_t second);
/* Whether `cp` goes on with a misread character: `last` are the characters before it, newest first,
 * `next` the one behind it; 0 where there is none. */
bool pm_misread_inside(const uint32_t last[3], uint32_t cp, uint32_t next);
/* The tables as bytes to digest. */
struct pm_slice pm_misread_bytes(void);

#endif
