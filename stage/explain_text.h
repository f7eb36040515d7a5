/* stage/explain_text.h -- an explanation as text on a screen. */
#ifndef PM_STAGE_EXPLAIN_TEXT_H
#define PM_STAGE_EXPLAIN_TEXT_H

#include "stage/explain_data.h"
#include "stage/paint.h"

/* `scratch` matches routes once more, one by one. `cuts`: with the blocks that were left out of the
 * text, not only how many there were. */
void pm_explain_text(struct pm_paint *p, const struct pm_explain *ex,
		     struct pm_route_scratch *scratch, bool cuts);
/* One JSON value on many lines, in no way changed but for white space and what could harm a
 * terminal, which stands as its escape. */
void pm_explain_json(FILE *to, struct pm_slice json);

#endif
