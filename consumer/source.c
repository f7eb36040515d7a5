#include "consumer/source.h"

const char *pm_source_topic(const struct pm_source *s, uint32_t slot)
{
	int32_t partition;

	return s->ops->name(s, slot, &partition);
}

int32_t pm_source_partition(const struct pm_source *s, uint32_t slot)
{
	int32_t partition;

	s->ops->name(s, slot, &partition);
	return partition;
}
