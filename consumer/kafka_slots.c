#include "consumer/kafka_slots.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"

static size_t place_of(const struct pm_kafka_slots *s, const char *topic, int32_t partition)
{
	return pm_hash64(pm_slice_str(topic), (uint32_t)partition) & (s->table_cap - 1);
}

static bool is_slot(const struct pm_kafka_slots *s, uint32_t slot, const char *topic,
		    int32_t partition)
{
	return slot < s->len && s->at[slot].partition == partition &&
	       strcmp(s->at[slot].topic, topic) == 0;
}

uint32_t pm_kafka_slot_find(struct pm_kafka_slots *s, const char *topic, int32_t partition)
{
	if (is_slot(s, s->latest, topic, partition))
		return s->latest;
	if (!s->table_cap)
		return PM_KAFKA_NO_SLOT;
	for (size_t i = place_of(s, topic, partition); s->table[i];
	     i = (i + 1) & (s->table_cap - 1))
		if (is_slot(s, s->table[i] - 1, topic, partition))
			return s->latest = s->table[i] - 1;
	return PM_KAFKA_NO_SLOT;
}

static void enter(struct pm_kafka_slots *s, uint32_t slot)
{
	size_t i = place_of(s, s->at[slot].topic, s->at[slot].partition);

	while (s->table[i])
		i = (i + 1) & (s->table_cap - 1);
	s->table[i] = slot + 1;
}

/* Both arrays double together: the table is never more than half full. */
static bool grow(struct pm_kafka_slots *s)
{
	size_t cap = s->cap ? s->cap * 2 : 32;
	struct pm_kafka_slot *at = realloc(s->at, cap * sizeof(*at));
	uint32_t *table;

	if (!at)
		return false;
	s->at = at;
	table = calloc(2 * cap, sizeof(*table));
	if (!table)
		return false;
	free(s->table);
	s->table = table;
	s->table_cap = 2 * cap;
	s->cap = cap;
	for (uint32_t slot = 0; slot < s->len; slot++)
		enter(s, slot);
	return true;
}

uint32_t pm_kafka_slot_add(struct pm_kafka_slots *s, const char *topic, int32_t partition)
{
	uint32_t slot = pm_kafka_slot_find(s, topic, partition);
	char *name;

	if (slot != PM_KAFKA_NO_SLOT)
		return slot;
	if (s->len == s->cap && !grow(s))
		return PM_KAFKA_NO_SLOT;
	name = strdup(topic);
	if (!name)
		return PM_KAFKA_NO_SLOT;
	slot = (uint32_t)s->len++;
	s->at[slot] = (struct pm_kafka_slot){
		.topic = name, .partition = partition, .to = INT64_MAX, .low = -1, .end = -1,
	};
	enter(s, slot);
	return slot;
}

void pm_kafka_slots_free(struct pm_kafka_slots *s)
{
	for (size_t i = 0; i < s->len; i++)
		free(s->at[i].topic);
	free(s->at);
	free(s->table);
	*s = (struct pm_kafka_slots){ 0 };
}
