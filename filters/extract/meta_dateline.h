/* filters/extract/meta_dateline.h -- the dates that a page shows its readers. */
#ifndef PM_FILTERS_EXTRACT_META_DATELINE_H
#define PM_FILTERS_EXTRACT_META_DATELINE_H

#include "filters/extract/meta.h"

struct pm_dateline {
	struct pm_date published, modified;
	bool has_published, has_modified;
	bool claimed;           /* markup or words say of `published`
				 * that it is when the page was published */
	bool marked;            /* markup says of it that it is a date */
	const char *source;     /* of `published`; static */
};

/* The dates right at the headline. false: the arena is full. */
bool pm_dateline_near(struct pm_meta_reader *r, struct pm_dateline *d);

/* What markup calls a date around it, unless there is one already. */
bool pm_dateline_marked(struct pm_meta_reader *r, struct pm_dateline *d);

/* Those farther from it, the likeliest places first, unless there is one already. */
bool pm_dateline_far(struct pm_meta_reader *r, struct pm_dateline *d);

/* The one day that the page's scripts call that of publication. */
bool pm_script_date(struct pm_meta_reader *r, struct pm_date *d);

#endif
