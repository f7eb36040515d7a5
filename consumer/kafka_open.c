#include "consumer/kafka_in.h"

#include <stdlib.h>

enum { SLICE_MS = 500 };        /* how often a wait for brokers looks up */

static int create(struct pm_kafka *k, struct pm_err *err)
{
	static const uint64_t one = 1;
	char why[200];

	if (k->bounded && pm_kafka_set(k->conf, "enable.partition.eof", "true", err) < 0)
		return -1;
	k->rk = rd_kafka_new(RD_KAFKA_CONSUMER, k->conf, why, sizeof(why));
	if (!k->rk) {
		err->status = PM_EXIT_CONFIG;
		return pm_fail(err, "kafka: %.200s", why);
	}
	k->conf = NULL;
	rd_kafka_poll_set_consumer(k->rk);
	k->queue = rd_kafka_queue_get_consumer(k->rk);
	k->commits = rd_kafka_queue_new(k->rk);
	rd_kafka_queue_io_event_enable(k->queue, k->source.wake, &one, sizeof(one));
	rd_kafka_queue_io_event_enable(k->commits, k->source.wake, &one, sizeof(one));
	return 0;
}

static bool stopped(const struct pm_kafka *k)
{
	return k->stop && *k->stop;
}

/* Errors and log lines that came in while open waits. */
static void drain(struct pm_kafka *k)
{
	rd_kafka_message_t *rkm;

	while ((rkm = rd_kafka_consumer_poll(k->rk, 0))) {
		if (rkm->err)
			pm_kafka_consumer_error(k, rkm);
		rd_kafka_message_destroy(rkm);
	}
}

/* Every topic of the cluster that we may see. NULL: err. */
static const struct rd_kafka_metadata *reach_brokers(struct pm_kafka *k, struct pm_err *err)
{
	int64_t deadline = pm_clock_ms() + k->connect_ms;
	const struct rd_kafka_metadata *md;

	for (;;) {
		int64_t left = deadline - pm_clock_ms();
		rd_kafka_resp_err_t got;

		if (stopped(k)) {
			err->status = 0;
			pm_fail(err, "stopped");
			return NULL;
		}
		if (left <= 0)
			break;
		got = rd_kafka_metadata(k->rk, 1, NULL, &md,
					left < SLICE_MS ? (int)left : SLICE_MS);
		drain(k);
		if (!got)
			return md;
		if (k->failed) {
			*err = k->fatal;
			return NULL;
		}
	}
	err->status = PM_EXIT_BROKERS;
	pm_fail(err, "no broker of %.80s answered within %lld ms%s%.100s", k->servers,
		(long long)k->connect_ms, k->cause[0] ? ": " : "", k->cause);
	return NULL;
}

static bool has_topic(const struct rd_kafka_metadata *md, const char *name)
{
	for (int i = 0; i < md->topic_cnt; i++)
		if (strcmp(md->topics[i].topic, name) == 0)
			return md->topics[i].err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	return false;
}

static int check_topics(const struct pm_kafka *k, const struct rd_kafka_metadata *md,
			struct pm_err *err)
{
	for (int i = 0; i < k->topics->cnt; i++) {
		const char *name = k->topics->elems[i].topic;

		if (name[0] == '^' || has_topic(md, name))
			continue;
		err->status = PM_EXIT_BROKERS;
		return pm_fail(err, "the brokers have no topic \"%.150s\", or don't let us see it",
			       name);
	}
	return 0;
}

static int subscribe(struct pm_kafka *k, struct pm_err *err)
{
	rd_kafka_resp_err_t failed = rd_kafka_subscribe(k->rk, k->topics);

	if (!failed)
		return 0;
	err->status = PM_EXIT_BROKERS;
	return pm_fail(err, "subscribing: %.200s", rd_kafka_err2str(failed));
}

/* Explicit partitions: no group gives them or takes them away. */
static int assign_bounds(struct pm_kafka *k, const struct pm_range *bounds, struct pm_err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)bounds->len);
	rd_kafka_resp_err_t failed;

	for (size_t i = 0; i < bounds->len; i++) {
		const struct pm_range_part *part = &bounds->at[i];
		uint32_t slot = pm_kafka_slot_add(&k->slots, part->topic, part->partition);

		if (slot == PM_KAFKA_NO_SLOT) {
			rd_kafka_topic_partition_list_destroy(list);
			err->status = PM_EXIT_INTERNAL;
			return pm_fail(err, "out of memory");
		}
		k->slots.at[slot].assigned = true;
		k->slots.at[slot].next = part->from;
		k->slots.at[slot].to = part->to;
		k->ends_due += part->from >= part->to;
		if (part->from < part->to)
			rd_kafka_topic_partition_list_add(list, part->topic, part->partition)
				->offset = part->from;
	}
	failed = rd_kafka_assign(k->rk, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (!failed)
		return 0;
	err->status = PM_EXIT_BROKERS;
	return pm_fail(err, "assigning partitions: %.200s", rd_kafka_err2str(failed));
}

int pm_kafka_open(struct pm_source *s, const struct pm_range *bounds,
		      const struct pm_source_events *events, struct pm_err *err)
{
	struct pm_kafka *k = (struct pm_kafka *)s;
	const struct rd_kafka_metadata *md;
	int failed;

	k->events = *events;
	k->bounded = bounds != NULL;
	if (create(k, err) < 0)
		return -1;
	md = reach_brokers(k, err);
	if (!md)
		return -1;
	failed = check_topics(k, md, err);
	rd_kafka_metadata_destroy(md);
	if (failed < 0)
		return -1;
	k->ask = pm_kafka_ask_new(k->rk, s->wake, err);
	if (!k->ask)
		return -1;
	k->joined = k->bounded;
	return bounds ? assign_bounds(k, bounds, err) : subscribe(k, err);
}
