#include "filters/registry.h"

#include <string.h>

#define PM_FILTER(name, chain) extern const struct pm_filter pm_filter_##name;
#include "filters/list.h"
#undef PM_FILTER

const struct pm_filter *const pm_filters[] = {
#define PM_FILTER(name, chain) &pm_filter_##name,
#include "filters/list.h"
#undef PM_FILTER
	NULL
};

const struct pm_filter *const pm_filters_default[] = {
#define DEFAULT(name) &pm_filter_##name,
#define EXTRA(name)
#define PM_FILTER(name, chain) chain(name)
#include "filters/list.h"
#undef PM_FILTER
#undef EXTRA
#undef DEFAULT
	NULL
};

enum { FILTERS = sizeof(pm_filters) / sizeof(*pm_filters) - 1 };

const struct pm_filter *pm_filter_find(const char *name)
{
	for (size_t i = 0; i < FILTERS; i++)
		if (strcmp(pm_filters[i]->name, name) == 0)
			return pm_filters[i];
	return NULL;
}

size_t pm_filters_len(void)
{
	return FILTERS;
}

size_t pm_filter_index(const struct pm_filter *filter)
{
	size_t i = 0;

	while (pm_filters[i] && pm_filters[i] != filter)
		i++;
	return i;
}

const char *pm_filter_suggest(const char *name)
{
	const char *names[FILTERS];

	for (size_t i = 0; i < FILTERS; i++)
		names[i] = pm_filters[i]->name;
	return pm_suggest(name, names, FILTERS);
}
