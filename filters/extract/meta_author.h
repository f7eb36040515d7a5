/* filters/extract/meta_author.h -- what the readers of authors share. */
#ifndef PM_FILTERS_EXTRACT_META_AUTHOR_H
#define PM_FILTERS_EXTRACT_META_AUTHOR_H

#include "filters/extract/byline.h"
#include "filters/extract/meta.h"

/* Takes out those whom the page near its headline names first as who edited, reviewed, translated or
 * illustrated it, unless nobody would be left. Linear in the nodes that it looks at, which are bounded. */
void pm_author_drop_helpers(struct pm_meta_reader *r, struct pm_people *people);

#endif
