/* consumer/source_kafka.h -- pages out of Kafka topics, as a member of a consumer group. */
#ifndef PM_CONSUMER_SOURCE_KAFKA_H
#define PM_CONSUMER_SOURCE_KAFKA_H

#include <librdkafka/rdkafka.h>
#include <signal.h>

#include "consumer/source.h"

/* Where a partition without a committed position begins. */
enum pm_start {
	PM_START_EARLIEST,
	PM_START_LATEST,        /* resolved at the first assignment, and committed at once */
	PM_START_ERROR,         /* stops the stage, status 65 */
};

struct pm_kafka_source_conf {
	rd_kafka_conf_t *conf;          /* checked, with bootstrap.servers
					 * and group.id; taken over */
	const char *const *topics;      /* names, or "^regex"; copied */
	size_t ntopics;
	const char *const *excluded;    /* names, or "^regex", that no
					 * regex of topics reads; copied */
	size_t nexcluded;
	enum pm_start start;
	int64_t connect_ms;             /* how long open waits for the brokers */
	size_t queue_bytes;             /* how much librdkafka may have fetched ahead */
	const volatile sig_atomic_t *stop;      /* may be NULL; not 0: open gives up (status 0) */
};

/* Sets in `conf` what the source relies on (callbacks, no automatic commits, cooperative-sticky,
 * read_committed, ...). NULL: err says why, and conf->conf is gone all the same. */
struct pm_source *pm_source_kafka_new(const struct pm_kafka_source_conf *conf, struct pm_err *err);

/* The group's member as rd_kafka_consumer_group_metadata took it at the latest assignment: what an
 * exactly_once producer fences its offsets with. NULL before the first; borrowed until the next. */
const rd_kafka_consumer_group_metadata_t *pm_source_kafka_member(const struct pm_source *s);

#endif
