/* stage/engine.c -- see engine.h: one function per event, and what follows from it.
 *
 * The rest is in engine_ring.c (the pages of a partition), engine_state.c (partitions and the row
 * of actions) and engine_commit.c. */
#include "stage/engine.h"

#include <assert.h>
#include <stdlib.h>

#include "stage/engine_state.h"

enum { EXIT_NOT_DRAINED = 75, EXIT_INTERNAL = 70 };

/* NULL: late, the page's partition has changed hands since, or it has ended already. */
static struct pm_item *find(const struct pm_engine *e, struct pm_src src,
			    struct pm_partition **owner)
{
	if (src.partition >= e->nparts)
		return NULL;
	*owner = &e->part[src.partition];
	if ((*owner)->hold == PM_NOT_OURS || (*owner)->epoch != src.epoch)
		return NULL;
	return pm_ring_find(&(*owner)->ring, src.offset);
}

/* -- the ways a page ends ------------------------------------------------------------------- */

static void ask(struct pm_engine *e, enum pm_action_kind kind, const struct pm_partition *p,
		const struct pm_item *item, unsigned index)
{
	pm_engine_push(e, (struct pm_action){ .kind = kind, .index = index, .cookie = item->cookie,
					      .src = pm_engine_src(e, p, item->offset) });
}

static void release(struct pm_engine *e, const struct pm_item *item)
{
	e->stats.bytes -= item->bytes;
	e->stats.pages--;
}

static void finish(struct pm_engine *e, const struct pm_partition *p, struct pm_item *item)
{
	item->state = PM_ITEM_FINISHED;
	release(e, item);
	e->stats.finished++;
	ask(e, PM_ACT_FINISHED, p, item, 0);
}

/* The finished prefix grows over everything at the head that has ended. */
static void advance(struct pm_engine *e, struct pm_partition *p)
{
	while (p->ring.len && pm_ring_at(&p->ring, 0)->state == PM_ITEM_FINISHED) {
		p->finished = pm_ring_at(&p->ring, 0)->offset + 1;
		pm_ring_pop(&p->ring);
		p->sent--;
	}
	pm_engine_note_dirty(e, p);
}

/* Unfinished pages go back to whoever reads the partition next. */
static void return_all(struct pm_engine *e, struct pm_partition *p)
{
	for (size_t i = 0; i < p->ring.len; i++) {
		const struct pm_item *item = pm_ring_at(&p->ring, i);

		if (item->state == PM_ITEM_FINISHED)
			continue;
		release(e, item);
		e->stats.returned++;
		ask(e, PM_ACT_RETURNED, p, item, 0);
	}
	p->ring.len = p->sent = 0;
}

/* Results leave in the partition's order: a ready page waits for those before it. */
static void produce_ready(struct pm_engine *e, struct pm_partition *p)
{
	while (p->sent < p->ring.len && pm_ring_at(&p->ring, p->sent)->state == PM_ITEM_READY) {
		struct pm_item *item = pm_ring_at(&p->ring, p->sent++);

		item->state = PM_ITEM_SENT;
		for (unsigned i = 0; i < item->nout; i++)
			ask(e, PM_ACT_PRODUCE, p, item, i);
		if (item->nout == 0)
			finish(e, p, item);
	}
	advance(e, p);
}

/* -- letting go ------------------------------------------------------------------------------ */

static void unassign(struct pm_engine *e, struct pm_partition *p)
{
	pm_engine_push(e, (struct pm_action){ .kind = PM_ACT_UNASSIGN,
					      .src = pm_engine_src(e, p, p->finished) });
	pm_engine_hold(e, p, PM_NOT_OURS);
}

/* One step of a revocation: drain, then commit, then let go; each step has its time. */
static void step_revocation(struct pm_engine *e, struct pm_partition *p)
{
	if (p->hold == PM_REVOKING && (p->ring.len == 0 || e->now >= p->deadline)) {
		return_all(e, p);
		pm_engine_hold(e, p, PM_PARTING);
		p->deadline = pm_engine_after(e, e->conf.grace_ms);
	}
	if (p->hold != PM_PARTING)
		return;
	if (!pm_engine_dirty(p) || e->now >= p->deadline)
		unassign(e, p);
	else
		pm_engine_commit(e);
}

/* Backwards, since one that is let go leaves its place to the last. */
static void step_revocations(struct pm_engine *e)
{
	const struct pm_slot_list *leaving = &e->list[PM_LEAVING_US];

	for (size_t i = leaving->len; i-- > 0;)
		step_revocation(e, &e->part[leaving->at[i]]);
}

/* -- phases ---------------------------------------------------------------------------------- */

/* A finished page that isn't in the prefix yet waits for one that isn't finished. */
static bool drained(const struct pm_engine *e)
{
	return e->stats.pages == 0;
}

/* A bounded run is over when every partition that is ours has reached its bound. */
static bool all_ended(const struct pm_engine *e)
{
	return e->nours > 0 && e->nended == e->nours;
}

static void leave(struct pm_engine *e, int status)
{
	e->phase = PM_LEAVING;
	e->status = status;
	e->phase_deadline = pm_engine_after(e, e->conf.grace_ms);
}

/* Whatever is not finished goes back; what is finished may still be committed. */
static void give_up(struct pm_engine *e, int status)
{
	for (size_t i = 0; i < e->nparts; i++)
		return_all(e, &e->part[i]);
	leave(e, status);
}

/* Nobody waits for a revocation of an engine that has left. */
static void left(struct pm_engine *e, int status)
{
	const struct pm_slot_list *leaving = &e->list[PM_LEAVING_US];

	while (leaving->len)
		unassign(e, &e->part[leaving->at[0]]);
	e->phase = PM_LEFT;
	pm_engine_push(e, (struct pm_action){ .kind = PM_ACT_EXIT, .status = status });
}

static void step_phase(struct pm_engine *e)
{
	bool over = e->phase == PM_STOPPING || (e->phase == PM_RUNNING_ON && all_ended(e));

	if (over && drained(e))
		leave(e, 0);
	else if (e->phase == PM_STOPPING && e->now >= e->phase_deadline)
		give_up(e, EXIT_NOT_DRAINED);
	if (e->phase != PM_LEAVING)
		return;
	/* A commit still under way then is of partitions that have gone. */
	if (e->list[PM_DIRTY].len == 0)
		left(e, e->status);
	else if (e->now >= e->phase_deadline)
		left(e, e->status ? e->status : EXIT_NOT_DRAINED);
	else
		pm_engine_commit(e);
}

/* -- flow ------------------------------------------------------------------------------------ */

static bool room(const struct pm_engine *e)
{
	return e->stats.bytes < e->conf.memory_bytes && e->stats.pages < e->conf.pages_max;
}

/* When lack of room becomes a pause; INT64_MAX: not for now. */
static int64_t pause_due(const struct pm_engine *e)
{
	if (e->paused || e->full_since == INT64_MAX || e->phase != PM_RUNNING_ON ||
	    e->conf.pause_ms > INT64_MAX - e->full_since)
		return INT64_MAX;
	return e->full_since + e->conf.pause_ms;
}

/* Pausing throws the client's prefetched messages away, so it comes late and ends late. */
static void step_pause(struct pm_engine *e)
{
	if (room(e))
		e->full_since = INT64_MAX;
	else if (e->full_since == INT64_MAX)
		e->full_since = e->now;
	if (e->now >= pause_due(e)) {
		e->paused = true;
		e->stats.pauses++;
		pm_engine_push(e, (struct pm_action){ .kind = PM_ACT_PAUSE });
	} else if (e->paused && e->stats.bytes <= e->conf.memory_bytes / 2 &&
		   e->stats.pages <= e->conf.pages_max / 2) {
		e->paused = false;
		pm_engine_push(e, (struct pm_action){ .kind = PM_ACT_RESUME });
	}
}

/* After every event: whatever time or the event has made due. */
static void step(struct pm_engine *e)
{
	if (e->phase == PM_LEFT)
		return;
	step_revocations(e);
	if (e->now >= e->commit_due)
		pm_engine_commit(e);
	step_pause(e);
	step_phase(e);
}

/* -- events ---------------------------------------------------------------------------------- */

static void on_assign(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p = pm_engine_partition(e, event->src.partition);

	/* Somebody may wait for its revocation; whatever was under way is of another time. */
	return_all(e, p);
	if (p->hold == PM_REVOKING || p->hold == PM_PARTING)
		unassign(e, p);
	pm_engine_ended(e, p, false);
	p->epoch = ++e->epochs;
	p->expected = p->finished = p->committed = event->src.offset;
	pm_engine_hold(e, p, PM_OWNED);
	/* A bounded run that was about to end has more to do now. */
	if (e->phase == PM_LEAVING && e->status == 0 && e->stops == 0)
		e->phase = PM_RUNNING_ON;
}

static void on_revoke(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p = pm_engine_partition(e, event->src.partition);

	if (p->hold == PM_NOT_OURS || e->phase == PM_LEFT) {
		unassign(e, p);
	} else if (p->hold == PM_OWNED) {
		pm_engine_hold(e, p, PM_REVOKING);
		p->deadline = pm_engine_after(e, e->conf.revoke_ms);
	}
}

static void on_lost(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p = pm_engine_partition(e, event->src.partition);

	return_all(e, p);
	unassign(e, p);
}

static void on_msg(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p = pm_engine_partition(e, event->src.partition);
	struct pm_item *item;

	/* Once one is turned away for the partition's hold or the phase, so are all after it: none
	 * goes back without an ASSIGN, which reads from the committed position again. */
	if (p->hold != PM_OWNED || e->phase != PM_RUNNING_ON || event->src.offset < p->expected) {
		e->stats.again++;
		pm_engine_push(e, (struct pm_action){ .kind = PM_ACT_RETURNED, .src = event->src,
						      .cookie = event->cookie });
		return;
	}
	item = pm_ring_push(&p->ring);
	*item = (struct pm_item){ .offset = event->src.offset, .cookie = event->cookie,
				  .bytes = event->bytes, .state = PM_ITEM_RUNNING };
	p->expected = event->src.offset + 1;
	e->stats.received++;
	e->stats.pages++;
	e->stats.bytes += event->bytes;
	ask(e, PM_ACT_DISPATCH, p, item, 0);
}

static void on_end(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p = pm_engine_partition(e, event->src.partition);

	if (p->hold != PM_NOT_OURS)
		pm_engine_ended(e, p, true);
}

static void on_done(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p;
	struct pm_item *item = find(e, event->src, &p);

	if (!item || item->state != PM_ITEM_RUNNING) {
		e->stats.late++;
		return;
	}
	item->state = PM_ITEM_READY;
	item->nout = event->nout;
	item->bytes += event->bytes;
	e->stats.bytes += event->bytes;
	produce_ready(e, p);
}

static void on_ack(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p;
	struct pm_item *item = find(e, event->src, &p);

	if (!item || item->state != PM_ITEM_SENT) {
		e->stats.late++;
		return;
	}
	if (++item->acked == item->nout) {
		finish(e, p, item);
		advance(e, p);
	}
}

static void on_nack(struct pm_engine *e, const struct pm_event *event)
{
	struct pm_partition *p;
	struct pm_item *item = find(e, event->src, &p);

	if (!item || item->state != PM_ITEM_SENT) {
		e->stats.late++;
		return;
	}
	ask(e, PM_ACT_PRODUCE, p, item, event->index);
}

static void on_stop(struct pm_engine *e)
{
	if (e->phase == PM_LEFT)
		return;
	if (e->stops++ > 0) {
		/* One that FATAL has given a status keeps it. */
		int status = e->phase == PM_LEAVING && e->status ? e->status : EXIT_NOT_DRAINED;

		give_up(e, status);
		left(e, status);
	} else if (e->phase == PM_RUNNING_ON) {
		e->phase = PM_STOPPING;
		e->phase_deadline = pm_engine_after(e, e->conf.shutdown_ms);
	}
}

static void on_fatal(struct pm_engine *e, const struct pm_event *event)
{
	int status = event->status ? event->status : EXIT_INTERNAL;

	if (e->phase < PM_LEAVING)
		give_up(e, status);
	else if (e->phase == PM_LEAVING && (e->status == 0 || e->status == EXIT_NOT_DRAINED))
		e->status = status;
}

void pm_engine_feed(struct pm_engine *e, int64_t now_ms, const struct pm_event *event)
{
	assert(e->row_at == e->row_len);
	e->row_at = e->row_len = 0;
	if (now_ms > e->now)
		e->now = now_ms;
	switch (event->kind) {
	case PM_EV_ASSIGN: on_assign(e, event); break;
	case PM_EV_REVOKE: on_revoke(e, event); break;
	case PM_EV_LOST: on_lost(e, event); break;
	case PM_EV_MSG: on_msg(e, event); break;
	case PM_EV_END: on_end(e, event); break;
	case PM_EV_DONE: on_done(e, event); break;
	case PM_EV_ACK: on_ack(e, event); break;
	case PM_EV_NACK: on_nack(e, event); break;
	case PM_EV_OK:
	case PM_EV_RETRIABLE:
	case PM_EV_ABORTABLE:
	case PM_EV_UNKNOWN: pm_engine_outcome(e, event); break;
	case PM_EV_STOP: on_stop(e); break;
	case PM_EV_FATAL: on_fatal(e, event); break;
	case PM_EV_TICK:
	case PM_EVENTS: break;
	}
	step(e);
}

bool pm_engine_next(struct pm_engine *e, struct pm_action *action)
{
	if (e->row_at == e->row_len)
		return false;
	*action = e->row[e->row_at++];
	return true;
}

/* -- what the driver asks -------------------------------------------------------------------- */

bool pm_engine_hungry(const struct pm_engine *e)
{
	return e->phase == PM_RUNNING_ON && !e->paused && room(e);
}

bool pm_engine_paused(const struct pm_engine *e)
{
	return e->paused;
}

static const struct pm_partition *ours(const struct pm_engine *e, uint32_t slot)
{
	return slot < e->nparts && e->part[slot].hold != PM_NOT_OURS ? &e->part[slot] : NULL;
}

uint32_t pm_engine_epoch(const struct pm_engine *e, uint32_t slot)
{
	const struct pm_partition *p = ours(e, slot);

	return p ? p->epoch : 0;
}

int64_t pm_engine_finished(const struct pm_engine *e, uint32_t slot)
{
	const struct pm_partition *p = ours(e, slot);

	return p ? p->finished : -1;
}

int64_t pm_engine_committed(const struct pm_engine *e, uint32_t slot)
{
	const struct pm_partition *p = ours(e, slot);

	return p ? p->committed : -1;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the next commit is asked for, if nothing happens; INT64_MAX: not before an answer comes. */
static int64_t next_commit(const struct pm_engine *e)
{
	if (e->committing || e->list[PM_DIRTY].len == 0)
		return INT64_MAX;
	return e->phase == PM_LEAVING ? e->retry_due : e->commit_due;
}

int64_t pm_engine_deadline(const struct pm_engine *e)
{
	const struct pm_slot_list *leaving = &e->list[PM_LEAVING_US];
	int64_t at = sooner(next_commit(e), pause_due(e));

	if (e->phase == PM_LEFT)
		return INT64_MAX;
	if (e->phase != PM_RUNNING_ON)
		at = sooner(at, e->phase_deadline);
	for (size_t i = 0; i < leaving->len; i++) {
		const struct pm_partition *p = &e->part[leaving->at[i]];

		at = sooner(at, p->deadline);
		if (p->hold == PM_PARTING && !e->committing)
			at = sooner(at, e->retry_due);
	}
	return at;
}

const struct pm_engine_stats *pm_engine_stats(const struct pm_engine *e)
{
	return &e->stats;
}

struct pm_engine *pm_engine_new(const struct pm_engine_conf *conf)
{
	struct pm_engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->conf = *conf;
	e->full_since = INT64_MAX;
	return e;
}

void pm_engine_free(struct pm_engine *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->nparts; i++)
		pm_ring_free(&e->part[i].ring);
	for (int i = 0; i < PM_LISTS; i++)
		free(e->list[i].at);
	free(e->part);
	free(e->commit);
	free(e->positions);
	free(e->row);
	free(e);
}
