#include "consumer/kafka_ask.h"
#include "core/sure.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long one call may take, in milliseconds. */
enum { STARTS_MS = 5000, ENDS_MS = 2000 };

struct pm_kafka_ask {
	rd_kafka_t *rk;
	int wake;
	pthread_t thread;
	pthread_mutex_t lock;           /* guards what follows */
	pthread_cond_t asked;
	enum pm_kafka_question question;
	rd_kafka_topic_partition_list_t *parts;
	struct pm_kafka_answer answer;
	bool stop;
};

/* The special timestamps of the ListOffsets request: -2 is the log's first offset, -1 its last
 * stable one for a read_committed consumer. One request goes to each leader. The last partition's
 * error that there was, and its offset stays -1: the others have theirs. */
static rd_kafka_resp_err_t log_offsets(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *parts,
				       int64_t which, int ms, struct pm_kafka_log *log)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_copy(parts);
	rd_kafka_resp_err_t err;

	for (int i = 0; i < list->cnt; i++)
		list->elems[i].offset = which;
	err = rd_kafka_offsets_for_times(rk, list, ms);
	for (int i = 0, known = !err; i < list->cnt && known; i++) {
		const rd_kafka_topic_partition_t *p = &list->elems[i];

		err = p->err ? p->err : err;
		if (p->err)
			continue;
		if (which == RD_KAFKA_OFFSET_BEGINNING)
			log[i].low = p->offset;
		else
			log[i].end = p->offset;
	}
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

static rd_kafka_resp_err_t committed(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *parts,
				     struct pm_kafka_log *log)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_copy(parts);
	rd_kafka_resp_err_t err = rd_kafka_committed(rk, list, STARTS_MS);

	for (int i = 0; i < list->cnt && !err; i++) {
		err = list->elems[i].err;
		if (list->elems[i].offset >= 0)
			log[i].committed = list->elems[i].offset;
	}
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

static rd_kafka_resp_err_t probe(rd_kafka_t *rk)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t err = rd_kafka_metadata(rk, 0, NULL, &md, ENDS_MS);

	if (!err)
		rd_kafka_metadata_destroy(md);
	return err;
}

static struct pm_kafka_answer find_out(rd_kafka_t *rk, enum pm_kafka_question question,
				       rd_kafka_topic_partition_list_t *parts)
{
	struct pm_kafka_answer a = { .question = question, .parts = parts };
	int n = parts->cnt;

	a.log = pm_sure(malloc(((size_t)n + 1) * sizeof(*a.log)));
	for (int i = 0; i < n; i++)
		a.log[i] = (struct pm_kafka_log){ -1, -1, -1 };
	if (question == PM_ASK_STARTS) {
		a.failed = committed(rk, parts, a.log);
		if (!a.failed)
			a.failed =
				log_offsets(rk, parts, RD_KAFKA_OFFSET_BEGINNING, STARTS_MS, a.log);
		if (!a.failed)
			a.failed = log_offsets(rk, parts, RD_KAFKA_OFFSET_END, STARTS_MS, a.log);
	} else if (n) {
		a.failed = log_offsets(rk, parts, RD_KAFKA_OFFSET_END, ENDS_MS, a.log);
	}
	/* One broker of several may be away: that is not yet an outage. */
	a.reachable = (n && !a.failed) || !probe(rk);
	return a;
}

static void *ask_main(void *arg)
{
	struct pm_kafka_ask *ask = arg;
	const uint64_t one = 1;

	pthread_mutex_lock(&ask->lock);
	for (;;) {
		enum pm_kafka_question question;
		struct pm_kafka_answer answer;

		while (!ask->parts && !ask->stop)
			pthread_cond_wait(&ask->asked, &ask->lock);
		if (ask->stop)
			break;
		question = ask->question;
		pthread_mutex_unlock(&ask->lock);
		answer = find_out(ask->rk, question, ask->parts);
		pthread_mutex_lock(&ask->lock);
		ask->answer = answer;
		ask->parts = NULL;
		if (write(ask->wake, &one, sizeof(one)) < 0)
			continue;       /* full: it is awake already */
	}
	pthread_mutex_unlock(&ask->lock);
	return NULL;
}

struct pm_kafka_ask *pm_kafka_ask_new(rd_kafka_t *rk, int wake, struct pm_err *err)
{
	struct pm_kafka_ask *ask = calloc(1, sizeof(*ask));
	sigset_t all, old;
	int failed;

	err->status = 70;
	if (!ask) {
		pm_fail(err, "out of memory");
		return NULL;
	}
	ask->rk = rk;
	ask->wake = wake;
	pthread_mutex_init(&ask->lock, NULL);
	pthread_cond_init(&ask->asked, NULL);
	/* Signals are the control thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&ask->thread, NULL, ask_main, ask);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed) {
		pm_fail(err, "a thread: %s", strerror(failed));
		free(ask);
		return NULL;
	}
	return ask;
}

bool pm_kafka_ask(struct pm_kafka_ask *ask, enum pm_kafka_question question,
		  rd_kafka_topic_partition_list_t *parts)
{
	bool free_now;

	pthread_mutex_lock(&ask->lock);
	free_now = !ask->parts && ask->answer.question == PM_ASK_NOTHING;
	if (free_now) {
		ask->question = question;
		ask->parts = parts;
		pthread_cond_signal(&ask->asked);
	}
	pthread_mutex_unlock(&ask->lock);
	if (!free_now)
		rd_kafka_topic_partition_list_destroy(parts);
	return free_now;
}

struct pm_kafka_answer pm_kafka_ask_answer(struct pm_kafka_ask *ask)
{
	struct pm_kafka_answer answer;

	pthread_mutex_lock(&ask->lock);
	answer = ask->answer;
	ask->answer = (struct pm_kafka_answer){ 0 };
	pthread_mutex_unlock(&ask->lock);
	return answer;
}

void pm_kafka_ask_free(struct pm_kafka_ask *ask)
{
	struct pm_kafka_answer left;

	if (!ask)
		return;
	pthread_mutex_lock(&ask->lock);
	ask->stop = true;
	pthread_cond_signal(&ask->asked);
	pthread_mutex_unlock(&ask->lock);
	pthread_join(ask->thread, NULL);
	left = pm_kafka_ask_answer(ask);
	if (ask->parts)
		rd_kafka_topic_partition_list_destroy(ask->parts);
	if (left.parts)
		rd_kafka_topic_partition_list_destroy(left.parts);
	free(left.log);
	pthread_cond_destroy(&ask->asked);
	pthread_mutex_destroy(&ask->lock);
	free(ask);
}
