/* consumer/kafka_slots.h -- every topic-partition that was ever ours, by a small number.
 *
 * A slot keeps its number across assignments, and its topic's name until the table is freed. */
#ifndef PM_CONSUMER_KAFKA_SLOTS_H
#define PM_CONSUMER_KAFKA_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pm_kafka_slot {
	char *topic;
	int32_t partition;
	bool assigned;
	bool keep;              /* its start is to be committed, as nobody else did */
	bool ended;             /* its bound was reached and reported */
	int64_t to_keep;        /* that start */
	int64_t next;           /* least offset that may come: what is below was here before */
	int64_t to;             /* exclusive bound; INT64_MAX: none */
	int64_t low, end;       /* the log's range when the brokers were last asked; -1: never */
	int64_t end_ms;         /* when that was */
};

struct pm_kafka_slots {
	struct pm_kafka_slot *at;
	size_t len, cap;
	uint32_t *table;        /* slot + 1, by hash; 0 is free */
	size_t table_cap;       /* a power of two, or 0 */
	uint32_t latest;        /* found last: messages come in runs of one partition */
};

#define PM_KAFKA_NO_SLOT UINT32_MAX

/* PM_KAFKA_NO_SLOT: it has none, or memory is out (add). */
uint32_t pm_kafka_slot_find(struct pm_kafka_slots *s, const char *topic, int32_t partition);
uint32_t pm_kafka_slot_add(struct pm_kafka_slots *s, const char *topic, int32_t partition);
void pm_kafka_slots_free(struct pm_kafka_slots *s);

#endif
