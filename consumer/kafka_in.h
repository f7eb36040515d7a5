/* consumer/kafka_in.h -- the inside of the Kafka source, shared by its files.
 *
 * source_kafka.c makes and polls it; kafka_open.c reaches the brokers, kafka_close.c leaves them;
 * kafka_group.c answers the group (assignments, revocations, commits); kafka_faults.c tells errors
 * apart and says so once. All of it runs on the control thread: librdkafka calls back from within
 * consumer_poll only. */
#ifndef PM_CONSUMER_KAFKA_IN_H
#define PM_CONSUMER_KAFKA_IN_H

#include <stdatomic.h>

#include "consumer/kafka_ask.h"
#include "consumer/kafka_slots.h"
#include "consumer/source_kafka.h"
#include "core/clock.h"

/* Exit statuses (sysexits; docs: exit status). */
enum {
	PM_EXIT_RANGE = 65, PM_EXIT_BROKERS = 69, PM_EXIT_INTERNAL = 70, PM_EXIT_AGAIN = 75,
	PM_EXIT_CONFIG = 78,
};

struct pm_kafka {
	struct pm_source source;        /* first: what callers hold */
	struct pm_source_events events;
	rd_kafka_conf_t *conf;          /* NULL once rk has it */
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;        /* messages, rebalances, errors, log lines */
	rd_kafka_queue_t *commits;      /* their results alone: served within a revocation too */
	rd_kafka_topic_partition_list_t *topics;
	enum pm_start start;
	int64_t connect_ms;
	const volatile sig_atomic_t *stop;
	char servers[128];              /* for messages */

	struct pm_kafka_slots slots;
	struct pm_kafka_ask *ask;
	rd_kafka_topic_partition_list_t *pending;       /* given by the group,
							 * positions unknown yet */
	rd_kafka_consumer_group_metadata_t *member;
	int64_t ask_at_ms;              /* when the next question is due */
	bool asking_starts, starts_failed;
	bool bounded, announced;        /* explicit partitions; their assignment was told */
	size_t ends_due;                /* slots whose end was reached and isn't reported */
	bool met_group;                 /* the group called back at least once */
	bool joined, away, paused, closing;
	atomic_bool joining;            /* between generations: written by librdkafka's thread */
	size_t keeps;                   /* slots with `keep` set */
	int64_t keep_at_ms;
	unsigned poison;                /* unreadable answers in a row */
	char cause[160];                /* the latest reason of a broken connection */
	struct pm_header *headers;      /* scratch */
	size_t headers_cap;
	bool failed;                    /* `fatal` is why */
	struct pm_err fatal;
};

/* Sets a property; -1: err, with librdkafka's word on it. */
int pm_kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct pm_err *err);

/* -- kafka_open.c, kafka_close.c -- */
int pm_kafka_open(struct pm_source *s, const struct pm_range *bounds,
		  const struct pm_source_events *events, struct pm_err *err);
void pm_kafka_close(struct pm_source *s);

/* -- kafka_faults.c -- */
void pm_kafka_error_cb(rd_kafka_t *rk, int err, const char *reason, void *opaque);
void pm_kafka_log_cb(const rd_kafka_t *rk, int level, const char *fac, const char *buf);
/* Whether the same request may succeed a little later. */
bool pm_kafka_passing(rd_kafka_resp_err_t err);
/* An error that came in place of a message. */
void pm_kafka_consumer_error(struct pm_kafka *k, const rd_kafka_message_t *rkm);
/* Keeps the first fatal fault; later ones follow from it. */
__attribute__((format(printf, 3, 4)))
void pm_kafka_fatal(struct pm_kafka *k, int status, const char *fmt, ...);
void pm_kafka_out_of_range(struct pm_kafka *k, uint32_t slot, int64_t position);
/* Whether brokers can be reached, as seen just now: said in the log when it changes. */
void pm_kafka_away(struct pm_kafka *k, bool away);

/* -- kafka_group.c -- */
void pm_kafka_rebalance_cb(rd_kafka_t *rk, rd_kafka_resp_err_t err,
			   rd_kafka_topic_partition_list_t *parts, void *opaque);
/* Answers that have come, questions that are due, results of commits. Never waits. */
void pm_kafka_serve(struct pm_kafka *k);
int pm_kafka_commit(struct pm_source *s, const struct pm_position *at, size_t n);

#endif
