/* filters/extract/byline_impl.h -- what the readers of bylines share. */
#ifndef PM_FILTERS_EXTRACT_BYLINE_IMPL_H
#define PM_FILTERS_EXTRACT_BYLINE_IMPL_H

#include "filters/extract/byline.h"

/* Without marks at either end; full stops of initials stay. */
struct pm_slice pm_byline_bare(struct pm_slice s);

/* Where in the line somebody else's part begins, as "Edited by" does; line.len: nowhere. *end: behind these
 * words. */
size_t pm_byline_help(struct pm_slice line, size_t *end);

#endif
