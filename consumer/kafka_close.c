#include "consumer/kafka_in.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"

enum {
	CLOSE_MS = 15000,       /* leaving the group may hang
				 * (librdkafka 2.0.2): then we go anyway */
	/* Ending the client may as well, with a topic that was deleted for
	 * one (issue 4724). All that mattered is over by then. */
	DESTROY_MS = 1500,
	FAREWELL_MS = 300,      /* for the word that leaves the group to be sent */
};

enum { ASSIGNOR_MENDED = 0x020300ff };

/* Closing or destroying a member that joins and has never had an assignment ends the process: its
 * assignor has no state to destroy (issue 4312, mended in 2.3.0). It says goodbye, and the process
 * ends with it. */
static bool never_assigned(const struct pm_kafka *k)
{
	return k->ask && !k->bounded && !k->met_group && rd_kafka_version() < ASSIGNOR_MENDED;
}

/* Leaves the group on this thread, so that the last revocation comes to it as all others did. */
static void leave(struct pm_kafka *k)
{
	int64_t deadline = pm_clock_ms() + CLOSE_MS;
	rd_kafka_error_t *error;

	k->closing = true;
	if (never_assigned(k)) {
		rd_kafka_unsubscribe(k->rk);
		for (deadline = pm_clock_ms() + FAREWELL_MS; pm_clock_ms() < deadline;) {
			rd_kafka_message_t *rkm = rd_kafka_consumer_poll(k->rk, 50);

			if (rkm)
				rd_kafka_message_destroy(rkm);
		}
		return;
	}
	/* The group still waits for a word on what it gave: closing would wait with it. */
	if (k->pending && (error = rd_kafka_incremental_assign(k->rk, k->pending)))
		rd_kafka_error_destroy(error);
	error = rd_kafka_consumer_close_queue(k->rk, k->queue);
	if (error) {
		rd_kafka_error_destroy(error);
		return;
	}
	while (!rd_kafka_consumer_closed(k->rk) && pm_clock_ms() < deadline) {
		rd_kafka_message_t *rkm = rd_kafka_consumer_poll(k->rk, 50);

		if (rkm)
			rd_kafka_message_destroy(rkm);
		pm_kafka_serve(k);
	}
	if (!rd_kafka_consumer_closed(k->rk))
		pm_log(PM_WARN, "leaving the group took too long", NULL);
}

/* What a bounded assignment held is let go without a group's word. */
static void release_bounds(struct pm_kafka *k)
{
	uint32_t *slots = malloc((k->slots.len + 1) * sizeof(*slots));
	size_t n = 0;

	for (uint32_t i = 0; slots && i < k->slots.len; i++)
		if (k->slots.at[i].assigned)
			slots[n++] = i;
	if (n && k->announced)
		k->events.revoke(k->events.ctx, slots, n, false);
	for (size_t i = 0; i < n; i++)
		k->slots.at[slots[i]].assigned = false;
	free(slots);
}

struct destroyer {
	rd_kafka_t *rk;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool done, left;
};

static void *destroy_main(void *arg)
{
	struct destroyer *d = arg;
	bool left;

	rd_kafka_destroy_flags(d->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	pthread_mutex_lock(&d->lock);
	d->done = true;
	left = d->left;
	pthread_cond_signal(&d->cond);
	pthread_mutex_unlock(&d->lock);
	if (left)
		free(d);
	return NULL;
}

/* Destroying may hang as well: after a while the process ends with it.
 * false: its threads live on. */
static bool destroy(rd_kafka_t *rk)
{
	struct destroyer *d = calloc(1, sizeof(*d));
	struct timespec until;
	pthread_t thread;
	bool done;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += DESTROY_MS % 1000 * 1000000;
	until.tv_sec += DESTROY_MS / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	if (d) {
		d->rk = rk;
		pthread_mutex_init(&d->lock, NULL);
		pthread_cond_init(&d->cond, NULL);
	}
	if (!d || pthread_create(&thread, NULL, destroy_main, d)) {
		rd_kafka_destroy_flags(rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
		free(d);
		return true;
	}
	pthread_mutex_lock(&d->lock);
	while (!d->done && pthread_cond_timedwait(&d->cond, &d->lock, &until) == 0)
		continue;
	done = d->done;
	d->left = !done;
	pthread_mutex_unlock(&d->lock);
	if (!done) {
		pm_log(PM_WARN, "librdkafka does not end", NULL);
		pthread_detach(thread);
		return false;
	}
	pthread_join(thread, NULL);
	free(d);
	return true;
}

void pm_kafka_close(struct pm_source *s)
{
	struct pm_kafka *k = (struct pm_kafka *)s;
	bool keep;

	if (!s)
		return;
	if (k->rk && k->bounded)
		release_bounds(k);
	if (k->ask)
		leave(k);
	keep = never_assigned(k);
	pm_kafka_ask_free(k->ask);
	if (k->pending)
		rd_kafka_topic_partition_list_destroy(k->pending);
	if (k->member)
		rd_kafka_consumer_group_metadata_destroy(k->member);
	if (k->rk) {
		rd_kafka_queue_io_event_enable(k->queue, -1, NULL, 0);
		rd_kafka_queue_io_event_enable(k->commits, -1, NULL, 0);
		rd_kafka_queue_destroy(k->queue);
		rd_kafka_queue_destroy(k->commits);
		/* What still runs may still call back. */
		if (!keep && !destroy(k->rk))
			keep = true;
	}
	if (keep)
		return;
	if (k->conf)
		rd_kafka_conf_destroy(k->conf);
	rd_kafka_topic_partition_list_destroy(k->topics);
	pm_kafka_slots_free(&k->slots);
	free(k->headers);
	free(k);
}
