/* The model's second half: actions, and what must hold after each feed. */
#include <inttypes.h>

#include "tests/simulation/model_in.h"
#include "tests/simulation/trace.h"

/* How long "a little later" may be, in ms. */
enum { LITTLE_LATER = 100 };

bool model_has_room(const struct model *m)
{
	return m->stats.bytes < m->conf.memory_bytes && m->stats.pages < m->conf.pages_max;
}

/* -- actions ------------------------------------------------------------------------------- */

static void on_produce(struct model *m, const struct pm_action *action)
{
	PROMISE(m->at_produce < m->nproduce, "PRODUCE of what is not due");
	PROMISE(m->produce[m->at_produce].cookie == action->cookie &&
		m->produce[m->at_produce].index == action->index, "PRODUCE out of order");
	m->at_produce++;
}

static void on_end(struct model *m, const struct pm_action *action)
{
	if (action->kind == PM_ACT_RETURNED && m->refuse_due &&
	    action->cookie == m->refused_cookie) {
		m->refuse_due = false;
		return;
	}
	for (size_t i = 0; i < m->nends; i++) {
		if (m->end[i].cookie != action->cookie)
			continue;
		PROMISE(m->end[i].how == action->kind, "a page came to the wrong end");
		m->end[i] = m->end[--m->nends];
		return;
	}
	broken("a page ended that should not");
}

static void on_unassign(struct model *m, const struct pm_action *action)
{
	struct model_partition *p = &m->part[action->src.partition];

	if (p->unassign_due) {
		p->unassign_due = false;
		return;
	}
	PROMISE(p->hold == DRAINING || p->hold == PARTING, "UNASSIGN that nobody asked for");
	if (p->hold == PARTING && !model_dirty(p)) {
		cover(p->cut ? REVOKED_RETURNED : REVOKED_CLEAN);
	} else if (p->hold == PARTING && p->unknown) {
		cover(REVOKED_UNKNOWN);
	} else if (p->hold == PARTING && m->now >= p->parted + m->conf.grace_ms) {
		cover(REVOKED_UNCOMMITTED);
	} else {
		cover(REVOKED_BY_EXIT);
		m->by_exit = true;
		m->abandoned |= model_dirty(p);
	}
	p->hold = AWAY;
}

static void on_commit(struct model *m, const struct pm_action *action)
{
	bool revocation = false;

	PROMISE(!m->committing, "COMMIT while one is under way");
	PROMISE(m->phase != LEFT, "COMMIT after EXIT");
	PROMISE(action->npositions == model_ndirty(m),
		"COMMIT of %zu partitions, %zu have something",
		action->npositions, model_ndirty(m));
	m->ncommit = 0;
	for (size_t i = 0; i < action->npositions; i++) {
		const struct pm_engine_position *at = &action->positions[i];
		struct model_partition *p = &m->part[at->partition];

		for (size_t j = 0; j < i; j++)
			PROMISE(m->commit[j].partition != at->partition,
				"COMMIT names a partition twice");
		PROMISE(model_dirty(p), "COMMIT of partition %" PRIu32 ", away or clean",
			at->partition);
		PROMISE(at->offset == model_finished(p), "COMMIT of %" PRIu32 "@%" PRId64
			", finished up to %" PRId64, at->partition, at->offset, model_finished(p));
		m->commit[m->ncommit].partition = at->partition;
		m->commit[m->ncommit].epoch = p->epoch;
		m->commit[m->ncommit++].offset = at->offset;
		p->unknown = false;
		revocation |= p->hold == PARTING;
	}
	PROMISE(m->ncommit > 0, "COMMIT of nothing");
	if (m->phase == LEAVING)
		cover(COMMIT_LEAVING);
	else
		cover(revocation ? COMMIT_REVOCATION : COMMIT_STEADY);
	m->committing = true;
	m->stats.commits++;
}

static void on_pause(struct model *m)
{
	PROMISE(!m->paused, "PAUSE twice");
	PROMISE(m->phase == GOING, "PAUSE while not going on");
	PROMISE(m->full_since != INT64_MAX && m->now - m->full_since >= m->conf.pause_ms,
		"PAUSE too early");
	cover(PAUSED);
	m->paused = true;
	m->stats.pauses++;
}

/* Half the budget is free, so that it isn't full again at once. */
static bool half_empty(const struct model *m)
{
	return m->stats.bytes <= m->conf.memory_bytes / 2 &&
	       m->stats.pages <= m->conf.pages_max / 2;
}

static void on_resume(struct model *m)
{
	PROMISE(m->paused, "RESUME without PAUSE");
	PROMISE(half_empty(m), "RESUME too early");
	cover(RESUMED);
	m->paused = false;
}

/* A bounded run leaves when all is done; this is known only after partitions have been let go. */
static void settle(struct model *m)
{
	size_t ours = 0, ended = 0;

	for (int i = 0; i < PARTITIONS; i++) {
		ours += m->part[i].hold != AWAY;
		ended += m->part[i].hold != AWAY && m->part[i].ended;
	}
	if (m->stats.pages)
		return;
	if (m->phase == STOPPING || (m->phase == GOING && ours && ours == ended)) {
		m->phase = LEAVING;
		m->status = 0;
		m->leaving = m->now;
	}
}

static bool grace_over(const struct model *m)
{
	return m->now >= m->leaving + m->conf.grace_ms;
}

static void on_exit(struct model *m, const struct pm_action *action)
{
	bool dirty = model_ndirty(m) > 0 || m->abandoned;
	int status;

	settle(m);
	PROMISE(m->phase == LEAVING, "EXIT for no reason");
	status = m->status ? m->status : dirty ? 75 : 0;
	PROMISE(action->status == status, "EXIT %d, should be %d", action->status, status);
	PROMISE(m->at_once || !dirty || grace_over(m), "EXIT before the last commit had its time");
	if (m->at_once)
		cover(EXIT_TWICE);
	else if (m->fatal)
		cover(EXIT_FATAL);
	else if (status == 0)
		cover(m->stops ? EXIT_DRAINED : EXIT_ENDED);
	else
		cover(m->status ? EXIT_UNDRAINED : EXIT_UNCOMMITTED);
	m->phase = LEFT;
	m->by_exit = m->at_once = false;
}

void model_action(struct model *m, const struct pm_action *action)
{
	PROMISE(m->phase != LEFT || action->kind == PM_ACT_RETURNED ||
		action->kind == PM_ACT_UNASSIGN,
		"an action after EXIT");
	switch (action->kind) {
	case PM_ACT_DISPATCH:
		PROMISE(m->dispatch_due && m->dispatch_due == action->cookie,
			"DISPATCH of what is not due");
		m->dispatch_due = NULL;
		break;
	case PM_ACT_PRODUCE: on_produce(m, action); break;
	case PM_ACT_COMMIT: on_commit(m, action); break;
	case PM_ACT_UNASSIGN: on_unassign(m, action); break;
	case PM_ACT_PAUSE: on_pause(m); break;
	case PM_ACT_RESUME: on_resume(m); break;
	case PM_ACT_FINISHED:
	case PM_ACT_RETURNED: on_end(m, action); break;
	case PM_ACT_EXIT: on_exit(m, action); break;
	default: broken("an action of exactly_once");
	}
}

/* -- after each feed ----------------------------------------------------------------------- */

static void check_partition(const struct model *m, uint32_t i)
{
	const struct model_partition *p = &m->part[i];
	bool away = p->hold == AWAY;

	PROMISE(!p->unassign_due, "no UNASSIGN of %" PRIu32, i);
	PROMISE(pm_engine_epoch(m->engine, i) == (away ? 0 : p->epoch), "wrong epoch of %" PRIu32,
		i);
	PROMISE(pm_engine_finished(m->engine, i) == (away ? -1 : model_finished(p)),
		"finished of %" PRIu32 " is %" PRId64 ", should be %" PRId64, i,
		pm_engine_finished(m->engine, i), away ? -1 : model_finished(p));
	PROMISE(pm_engine_committed(m->engine, i) == (away ? -1 : p->confirmed),
		"committed of %" PRIu32 " is %" PRId64 ", should be %" PRId64, i,
		pm_engine_committed(m->engine, i), away ? -1 : p->confirmed);
	PROMISE(p->hold != PARTING || m->phase == LEFT ||
		(model_dirty(p) && !p->unknown && m->now < p->parted + m->conf.grace_ms),
		"the revocation of %" PRIu32 " goes on for no reason", i);
	PROMISE(p->hold != DRAINING || m->phase == LEFT ||
		m->now < p->asked_back + m->conf.revoke_ms,
		"the revocation of %" PRIu32 " drains for too long", i);
}

static void check_stats(const struct model *m)
{
	const struct pm_engine_stats *is = pm_engine_stats(m->engine), *want = &m->stats;

	PROMISE(is->received == is->finished + is->returned + is->pages, "stats don't add up");
	PROMISE(is->received == want->received && is->finished == want->finished &&
		is->returned == want->returned && is->late == want->late &&
		is->again == want->again &&
		is->commits == want->commits && is->pauses == want->pauses, "wrong counts");
	PROMISE(is->pages == want->pages, "%zu pages, should be %zu", is->pages, want->pages);
	PROMISE(is->bytes == want->bytes, "%zu bytes, should be %zu", is->bytes, want->bytes);
}

static void check_flow(const struct model *m)
{
	bool hungry = m->phase == GOING && !m->paused && model_has_room(m);

	PROMISE(pm_engine_hungry(m->engine) == hungry,
		"hungry is %d", pm_engine_hungry(m->engine));
	PROMISE(pm_engine_paused(m->engine) == m->paused, "paused is %d",
		pm_engine_paused(m->engine));
	if (m->phase != GOING)
		return;
	PROMISE(!m->paused || !half_empty(m), "no RESUME");
	PROMISE(m->paused || m->full_since == INT64_MAX ||
		m->now - m->full_since < m->conf.pause_ms,
		"no PAUSE");
}

static void check_process(const struct model *m)
{
	PROMISE(!m->by_exit, "a revocation was ended before its time");
	if (m->phase != LEAVING)
		return;
	PROMISE(!m->at_once, "told to stop twice, and no EXIT");
	PROMISE(model_ndirty(m) > 0, "nothing more to do, and no EXIT");
	PROMISE(!grace_over(m), "the last commit's time is over, and no EXIT");
}

/* A driver that sleeps until the deadline must not miss anything, nor spin. */
static void check_deadline(const struct model *m)
{
	int64_t at = pm_engine_deadline(m->engine), due = INT64_MAX, commit;
	bool hurry = m->phase == LEAVING;

	if (m->phase == LEFT) {
		PROMISE(at == INT64_MAX, "a deadline after EXIT");
		return;
	}
	PROMISE(at > m->now, "the deadline is not in the future");
	for (int i = 0; i < PARTITIONS; i++) {
		const struct model_partition *p = &m->part[i];

		if (p->hold == DRAINING && due > p->asked_back + m->conf.revoke_ms)
			due = p->asked_back + m->conf.revoke_ms;
		if (p->hold == PARTING && due > p->parted + m->conf.grace_ms)
			due = p->parted + m->conf.grace_ms;
		hurry |= p->hold == PARTING;
	}
	if (m->phase == STOPPING && due > m->stopped + m->conf.shutdown_ms)
		due = m->stopped + m->conf.shutdown_ms;
	if (m->phase == LEAVING && due > m->leaving + m->conf.grace_ms)
		due = m->leaving + m->conf.grace_ms;
	if (m->phase == GOING && !m->paused && m->full_since != INT64_MAX &&
	    due > m->full_since + m->conf.pause_ms)
		due = m->full_since + m->conf.pause_ms;
	hurry |= m->conf.commit_ms < LITTLE_LATER;
	commit = m->now + (hurry ? LITTLE_LATER : m->conf.commit_ms);
	if (!m->committing && model_ndirty(m) && due > commit)
		due = commit;
	PROMISE(at <= due, "the deadline is %" PRId64 ", should be %" PRId64 " at most", at, due);
}

void model_check(struct model *m)
{
	settle(m);
	PROMISE(!m->dispatch_due, "no DISPATCH");
	PROMISE(m->at_produce == m->nproduce, "no PRODUCE");
	PROMISE(!m->refuse_due, "a message was not given back");
	PROMISE(m->nends == 0, "%zu pages did not end", m->nends);
	for (uint32_t i = 0; i < PARTITIONS; i++)
		check_partition(m, i);
	check_stats(m);
	check_flow(m);
	check_process(m);
	check_deadline(m);
}
