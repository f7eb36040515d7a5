/* filters/registry.h -- which filters there are. */
#ifndef PM_FILTERS_REGISTRY_H
#define PM_FILTERS_REGISTRY_H

#include "filters/filter.h"

/* All built-in filters in the order of list.h; ends with NULL. */
extern const struct pm_filter *const pm_filters[];
/* Those of the default chain, in its order; ends with NULL. */
extern const struct pm_filter *const pm_filters_default[];

/* Its place in pm_filters: what counters are kept by. */
size_t pm_filter_index(const struct pm_filter *filter);
size_t pm_filters_len(void);
/* By name, or NULL. */
const struct pm_filter *pm_filter_find(const char *name);
/* The nearest name, or NULL: for "did you mean". */
const char *pm_filter_suggest(const char *name);

#endif
