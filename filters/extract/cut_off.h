/* filters/extract/cut_off.h -- signs that a text goes on elsewhere: what `truncated` is flagged
 * by. */
#ifndef PM_FILTERS_EXTRACT_CUT_OFF_H
#define PM_FILTERS_EXTRACT_CUT_OFF_H

#include <stdbool.h>

#include "core/slice.h"

/* Whether a block ends in an ellipsis, in brackets or not, or in "Continue reading" and its kin. */
bool pm_ends_cut_off(struct pm_slice block);

/* Whether a block says nothing but that the text goes on behind it: "Continue reading this story".
 * In `only_sure` "Read more" isn't enough: links to other pages say that, too. */
bool pm_says_more(struct pm_slice block, bool only_sure);

#endif
