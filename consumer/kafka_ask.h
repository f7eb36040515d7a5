/* consumer/kafka_ask.h -- questions that the brokers may take long to answer, asked by a thread of
 * their own, one at a time, so that the control thread never waits. */
#ifndef PM_CONSUMER_KAFKA_ASK_H
#define PM_CONSUMER_KAFKA_ASK_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "core/err.h"

enum pm_kafka_question {
	PM_ASK_NOTHING,
	PM_ASK_STARTS,          /* committed positions, and the range of each log */
	PM_ASK_ENDS,            /* last stable offsets; of no partitions: are the brokers there? */
};

struct pm_kafka_log {
	int64_t committed;      /* -1: none (and for ENDS) */
	int64_t low, end;       /* first offset and last stable one; -1: unknown */
};

struct pm_kafka_answer {
	enum pm_kafka_question question;        /* NOTHING: there is no answer yet */
	rd_kafka_topic_partition_list_t *parts; /* as asked; the caller's to destroy */
	struct pm_kafka_log *log;               /* one for each of parts; the caller's to free */
	rd_kafka_resp_err_t failed;             /* 0, or why there is no answer */
	bool reachable;                         /* some broker answered something */
};

struct pm_kafka_ask;

/* `wake` is written to when an answer is there. NULL: err says why. */
struct pm_kafka_ask *pm_kafka_ask_new(rd_kafka_t *rk, int wake, struct pm_err *err);
/* Takes `parts` over. false: another question is under way, or its answer wasn't fetched. */
bool pm_kafka_ask(struct pm_kafka_ask *ask, enum pm_kafka_question question,
		  rd_kafka_topic_partition_list_t *parts);
struct pm_kafka_answer pm_kafka_ask_answer(struct pm_kafka_ask *ask);
/* Waits for a question under way, which takes some seconds at most. NULL is fine. */
void pm_kafka_ask_free(struct pm_kafka_ask *ask);

#endif
