#include "consumer/kafka_in.h"

#include <stdlib.h>

#include "core/log.h"
#include "core/sure.h"

/* Between questions, in milliseconds: ends of logs are at most five seconds old when shown. */
enum { ENDS_EVERY_MS = 2500, AWAY_EVERY_MS = 1000, AGAIN_MS = 500 };

/* -- commits --------------------------------------------------------------------------------- */

/* One commit that is under way. `ours`: the source's own, nobody else waits for its end. */
struct commit {
	bool ours;
	size_t n;
	struct pm_position at[];
};

static rd_kafka_topic_partition_list_t *list_of(struct pm_kafka *k, const struct pm_position *at,
						size_t n)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);

	for (size_t i = 0; i < n; i++) {
		const struct pm_kafka_slot *slot = &k->slots.at[at[i].slot];

		rd_kafka_topic_partition_list_add(list, slot->topic, slot->partition)->offset =
			at[i].offset;
	}
	return list;
}

/* -1: nothing was sent. */
static int send_commit(struct pm_kafka *k, const struct pm_position *at, size_t n, bool ours)
{
	struct commit *c = malloc(sizeof(*c) + n * sizeof(*at));
	rd_kafka_topic_partition_list_t *list;
	rd_kafka_resp_err_t err;

	if (!c)
		return -1;
	c->ours = ours;
	c->n = n;
	memcpy(c->at, at, n * sizeof(*at));
	list = list_of(k, at, n);
	err = rd_kafka_commit_queue(k->rk, list, k->commits, NULL, c);
	rd_kafka_topic_partition_list_destroy(list);
	if (!err)
		return 0;
	free(c);
	return -1;
}

static void unkeep(struct pm_kafka *k, struct pm_kafka_slot *slot)
{
	k->keeps -= slot->keep;
	slot->keep = false;
}

int pm_kafka_commit(struct pm_source *s, const struct pm_position *at, size_t n)
{
	struct pm_kafka *k = (struct pm_kafka *)s;

	if (!n)
		return 0;
	if (atomic_load(&k->joining))
		return -1;
	if (send_commit(k, at, n, false) < 0)
		return -1;
	/* What is finished lies behind the start: that need not be kept any more. */
	for (size_t i = 0; i < n; i++)
		unkeep(k, &k->slots.at[at[i].slot]);
	return 0;
}

/* Commits the starts that `latest` resolved, so that a restart begins there and not later. */
static void keep_starts(struct pm_kafka *k)
{
	struct pm_position *at = malloc(k->keeps * sizeof(*at));
	size_t n = 0;

	k->keep_at_ms = pm_clock_ms() + AGAIN_MS;
	if (!at)
		return;
	for (uint32_t slot = 0; slot < k->slots.len && n < k->keeps; slot++)
		if (k->slots.at[slot].keep)
			at[n++] = (struct pm_position){ slot, k->slots.at[slot].to_keep };
	if (!atomic_load(&k->joining) && send_commit(k, at, n, true) == 0)
		k->keep_at_ms = INT64_MAX;
	free(at);
}

static rd_kafka_resp_err_t error_of(const rd_kafka_topic_partition_list_t *list,
				    const struct pm_kafka_slot *slot, rd_kafka_resp_err_t otherwise)
{
	const rd_kafka_topic_partition_t *p = NULL;

	if (list)
		p = rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)list,
						       slot->topic, slot->partition);
	return p && p->err ? p->err : otherwise;
}

/* One commit has one end: it is confirmed when all of it is. */
static void report(struct pm_kafka *k, const struct commit *c,
		   const rd_kafka_topic_partition_list_t *list, rd_kafka_resp_err_t whole)
{
	struct pm_err err = { { 0 }, PM_EXIT_BROKERS };
	bool failed = false;

	for (size_t i = 0; i < c->n && !failed; i++) {
		const struct pm_kafka_slot *slot = &k->slots.at[c->at[i].slot];
		rd_kafka_resp_err_t e = error_of(list, slot, whole);

		failed = e != RD_KAFKA_RESP_ERR_NO_ERROR && e != RD_KAFKA_RESP_ERR__NO_OFFSET;
		err.status = pm_kafka_passing(e) ? PM_EXIT_AGAIN : PM_EXIT_BROKERS;
		if (failed)
			pm_fail(&err, "%.100s [%d]: %s", slot->topic, (int)slot->partition,
				rd_kafka_err2str(e));
	}
	k->events.committed(k->events.ctx, c->at, c->n, failed ? &err : NULL);
}

/* The end of a commit of our own: what was confirmed need not be kept, the rest is tried again. */
static void kept(struct pm_kafka *k, const struct commit *c,
		 const rd_kafka_topic_partition_list_t *list, rd_kafka_resp_err_t whole)
{
	for (size_t i = 0; i < c->n; i++)
		if (!error_of(list, &k->slots.at[c->at[i].slot], whole))
			unkeep(k, &k->slots.at[c->at[i].slot]);
	k->keep_at_ms = pm_clock_ms() + AGAIN_MS;
}

static void serve_commits(struct pm_kafka *k)
{
	rd_kafka_event_t *ev;

	while ((ev = rd_kafka_queue_poll(k->commits, 0))) {
		if (rd_kafka_event_type(ev) == RD_KAFKA_EVENT_OFFSET_COMMIT) {
			struct commit *c = rd_kafka_event_opaque(ev);
			const rd_kafka_topic_partition_list_t *list =
				rd_kafka_event_topic_partition_list(ev);

			if (c->ours)
				kept(k, c, list, rd_kafka_event_error(ev));
			else
				report(k, c, list, rd_kafka_event_error(ev));
			free(c);
		}
		rd_kafka_event_destroy(ev);
	}
}

/* -- assignments ----------------------------------------------------------------------------- */

/* Where a partition begins; -1: nowhere, and the source has failed. */
static int64_t start_of(struct pm_kafka *k, uint32_t slot, const struct pm_kafka_log *log)
{
	struct pm_kafka_slot *s = &k->slots.at[slot];

	if (log->committed >= 0) {
		/* One beyond the last stable offset may still be within the
		 * log: of that the brokers tell when it is fetched. */
		if (log->committed >= log->low)
			return log->committed;
		pm_kafka_out_of_range(k, slot, log->committed);
		return -1;
	}
	switch (k->start) {
	case PM_START_EARLIEST:
		return log->low;
	case PM_START_LATEST:
		k->keeps += !s->keep;
		s->keep = true;
		s->to_keep = log->end;
		return log->end;
	case PM_START_ERROR:
		break;
	}
	pm_kafka_fatal(k, PM_EXIT_RANGE, "%.150s [%d]: the group has no committed position, and "
		       "input.start is \"error\"", s->topic, (int)s->partition);
	return -1;
}

static void refresh_member(struct pm_kafka *k)
{
	if (k->member)
		rd_kafka_consumer_group_metadata_destroy(k->member);
	k->member = rd_kafka_consumer_group_metadata(k->rk);
}

/* Gives librdkafka its answer, with a position for every partition. */
static bool assign(struct pm_kafka *k, const rd_kafka_topic_partition_list_t *parts)
{
	rd_kafka_error_t *error = rd_kafka_incremental_assign(k->rk, parts);

	if (error) {
		pm_kafka_fatal(k, PM_EXIT_INTERNAL, "taking an assignment: %.180s",
			       rd_kafka_error_string(error));
		rd_kafka_error_destroy(error);
		return false;
	}
	if (k->paused && parts->cnt)
		rd_kafka_pause_partitions(k->rk, (rd_kafka_topic_partition_list_t *)parts);
	refresh_member(k);
	k->joined = true;
	return true;
}

/* The positions of the pending partitions are known. */
static void apply(struct pm_kafka *k, const struct pm_kafka_answer *a)
{
	rd_kafka_topic_partition_list_t *parts = k->pending;
	struct pm_position *starts = malloc(((size_t)parts->cnt + 1) * sizeof(*starts));
	int64_t now = pm_clock_ms();

	for (int i = 0; i < parts->cnt && !k->failed; i++) {
		rd_kafka_topic_partition_t *p = &parts->elems[i];
		uint32_t slot = pm_kafka_slot_add(&k->slots, p->topic, p->partition);
		struct pm_kafka_slot *s;

		if (!starts || slot == PM_KAFKA_NO_SLOT) {
			pm_kafka_fatal(k, PM_EXIT_INTERNAL, "out of memory");
			break;
		}
		s = &k->slots.at[slot];
		s->low = a->log[i].low;
		s->end = a->log[i].end;
		s->end_ms = now;
		p->offset = s->next = start_of(k, slot, &a->log[i]);
		starts[i] = (struct pm_position){ slot, s->next };
	}
	if (!k->failed && assign(k, parts)) {
		for (int i = 0; i < parts->cnt; i++)
			k->slots.at[starts[i].slot].assigned = true;
		k->events.assign(k->events.ctx, starts, (size_t)parts->cnt);
		k->keep_at_ms = 0;
	}
	rd_kafka_topic_partition_list_destroy(parts);
	k->pending = NULL;
	free(starts);
}

static void starts_answered(struct pm_kafka *k, const struct pm_kafka_answer *a)
{
	k->asking_starts = false;
	/* The group may have thought again meanwhile. */
	if (!k->pending || k->closing)
		return;
	if (a->failed == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
	    a->failed == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
		pm_kafka_fatal(k, PM_EXIT_BROKERS, "the brokers refuse: %.180s",
			       rd_kafka_err2str(a->failed));
		return;
	}
	if (a->failed) {
		if (!k->starts_failed)
			pm_log(PM_WARN, "no committed positions yet, asking again",
			       PM_S("cause", rd_kafka_err2str(a->failed)), NULL);
		k->starts_failed = true;
		k->ask_at_ms = pm_clock_ms() + AGAIN_MS;
		return;
	}
	k->starts_failed = false;
	apply(k, a);
}

static void ends_answered(struct pm_kafka *k, const struct pm_kafka_answer *a)
{
	int64_t now = pm_clock_ms();

	/* A partition that has gone, or has no leader, hides no other's end. */
	for (int i = 0; i < a->parts->cnt && a->log; i++) {
		const rd_kafka_topic_partition_t *p = &a->parts->elems[i];
		uint32_t slot = pm_kafka_slot_find(&k->slots, p->topic, p->partition);

		if (slot == PM_KAFKA_NO_SLOT || a->log[i].end < 0)
			continue;
		k->slots.at[slot].end = a->log[i].end;
		k->slots.at[slot].end_ms = now;
	}
}

/* -- questions ------------------------------------------------------------------------------- */

static void take_answer(struct pm_kafka *k)
{
	struct pm_kafka_answer a = pm_kafka_ask_answer(k->ask);

	if (a.question == PM_ASK_NOTHING)
		return;
	pm_kafka_away(k, !a.reachable);
	k->ask_at_ms = pm_clock_ms() + (k->away ? AWAY_EVERY_MS : ENDS_EVERY_MS);
	if (a.question == PM_ASK_STARTS)
		starts_answered(k, &a);
	else
		ends_answered(k, &a);
	rd_kafka_topic_partition_list_destroy(a.parts);
	free(a.log);
}

static rd_kafka_topic_partition_list_t *assigned(const struct pm_kafka *k)
{
	rd_kafka_topic_partition_list_t *list =
		rd_kafka_topic_partition_list_new((int)k->slots.len);

	for (size_t i = 0; i < k->slots.len; i++)
		if (k->slots.at[i].assigned)
			rd_kafka_topic_partition_list_add(list, k->slots.at[i].topic,
							  k->slots.at[i].partition);
	return list;
}

static void ask_what_is_due(struct pm_kafka *k)
{
	int64_t now = pm_clock_ms();

	if (k->asking_starts || now < k->ask_at_ms || k->closing)
		return;
	if (k->pending)
		k->asking_starts = pm_kafka_ask(k->ask, PM_ASK_STARTS,
						rd_kafka_topic_partition_list_copy(k->pending));
	else
		pm_kafka_ask(k->ask, PM_ASK_ENDS, assigned(k));
	/* Refused when one is under way: its answer sets the time anew. */
	k->ask_at_ms = now + AGAIN_MS;
}

void pm_kafka_serve(struct pm_kafka *k)
{
	serve_commits(k);
	take_answer(k);
	ask_what_is_due(k);
	if (k->keeps && pm_clock_ms() >= k->keep_at_ms)
		keep_starts(k);
}

/* -- the group calls ------------------------------------------------------------------------- */

static void on_assign(struct pm_kafka *k, const rd_kafka_topic_partition_list_t *parts)
{
	if (!parts->cnt) {
		assign(k, parts);
		return;
	}
	/* The answer to the group waits for the positions; until then it asks for nothing else. */
	if (k->pending)
		rd_kafka_topic_partition_list_destroy(k->pending);
	k->pending = rd_kafka_topic_partition_list_copy(parts);
	k->ask_at_ms = 0;
	ask_what_is_due(k);
}

static void on_revoke(struct pm_kafka *k, const rd_kafka_topic_partition_list_t *parts)
{
	bool lost = rd_kafka_assignment_lost(k->rk);
	/* Letting go without a word would lose positions. */
	uint32_t *slots = pm_sure(malloc(((size_t)parts->cnt + 1) * sizeof(*slots)));
	rd_kafka_error_t *error;
	size_t n = 0;

	for (int i = 0; i < parts->cnt; i++) {
		uint32_t slot = pm_kafka_slot_find(&k->slots, parts->elems[i].topic,
						   parts->elems[i].partition);

		if (slot != PM_KAFKA_NO_SLOT && k->slots.at[slot].assigned)
			slots[n++] = slot;
	}
	if (n)
		k->events.revoke(k->events.ctx, slots, n, lost);
	for (size_t i = 0; i < n; i++) {
		k->slots.at[slots[i]].assigned = false;
		unkeep(k, &k->slots.at[slots[i]]);
	}
	free(slots);
	k->joined = k->joined && !lost;
	error = rd_kafka_incremental_unassign(k->rk, parts);
	if (error) {
		pm_log(PM_WARN, "letting partitions go",
		       PM_S("cause", rd_kafka_error_string(error)), NULL);
		rd_kafka_error_destroy(error);
		rd_kafka_assign(k->rk, NULL);
	}
}

/* That these are incremental is known from what we configured: rd_kafka_rebalance_protocol gives
 * NULL while a consumer closes (2.0.2). */
void pm_kafka_rebalance_cb(rd_kafka_t *rk, rd_kafka_resp_err_t err,
			   rd_kafka_topic_partition_list_t *parts, void *opaque)
{
	struct pm_kafka *k = opaque;

	k->met_group = true;
	if (err == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
		on_revoke(k, parts);
	} else if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !k->closing) {
		on_assign(k, parts);
	} else {
		if (!k->closing)
			pm_log(PM_WARN, "rebalance failed", PM_S("cause", rd_kafka_err2str(err)),
			       NULL);
		rd_kafka_assign(rk, NULL);
	}
}
