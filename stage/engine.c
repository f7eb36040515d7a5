/* stage/engine.c -- see engine.h. The parts: a ring of pages per partition, the row of actions, and
 * one function per event. */
#include "stage/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_NOT_DRAINED = 75, EXIT_INTERNAL = 70 };
enum { RETRY_MS = 100 };        /* before a commit that failed for now is asked for again */

struct item {
	int64_t offset;
	void *cookie;
	size_t bytes;           /* input and results: what the budget is charged */
	unsigned nout, acked;
	enum { RUNNING, READY, SENT, FINISHED } state;
};

enum hold {
	NOT_OURS,
	OWNED,
	REVOKING,               /* asked back: draining */
	COMMITTING,             /* drained or out of time: its last commit, then UNASSIGN */
};

struct partition {
	enum hold hold;
	uint32_t epoch;
	bool ended;
	int64_t expected;       /* offsets below it were received already */
	int64_t finished;       /* end of the finished prefix */
	int64_t committed;      /* confirmed, or where we started */
	int64_t deadline;       /* of the current step of a revocation */
	/* Received and not yet in the finished prefix, oldest first. */
	struct item *ring;
	size_t head, len, cap;  /* cap is a power of two */
	size_t sent;            /* how many from the head on were produced */
};

struct inflight {
	struct pm_engine_position at;
	uint32_t epoch;
};

struct pm_engine {
	struct pm_engine_conf conf;
	struct pm_engine_stats stats;
	int64_t now;

	struct partition *part;
	size_t nparts;
	uint32_t epochs;

	struct pm_action *row;  /* actions not fetched yet */
	size_t row_at, row_len, row_cap;

	struct inflight *commit;        /* what the commit under way will confirm */
	struct pm_engine_position *positions;
	size_t ncommit;
	bool committing;
	int64_t commit_due, retry_due;

	int64_t full_since;     /* INT64_MAX: there is room */
	bool paused;

	enum { RUNNING_ON, STOPPING, LEAVING, LEFT } phase;
	int64_t phase_deadline;
	int status;
};

/* -- memory -------------------------------------------------------------------------------- */

static void give_up(struct pm_engine *e, int status);

static void push(struct pm_engine *e, struct pm_action action)
{
	if (e->row_len == e->row_cap) {
		size_t cap = e->row_cap ? e->row_cap * 2 : 256;
		struct pm_action *row = realloc(e->row, cap * sizeof(*row));

		/* A lost action would be a lost page: better no process. */
		if (!row)
			abort();
		e->row = row;
		e->row_cap = cap;
	}
	e->row[e->row_len++] = action;
}

static struct item *item_at(const struct partition *p, size_t i)
{
	return &p->ring[(p->head + i) & (p->cap - 1)];
}

static struct item *ring_push(struct partition *p)
{
	if (p->len == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 64;
		struct item *ring = malloc(cap * sizeof(*ring));

		if (!ring)
			abort();
		for (size_t i = 0; i < p->len; i++)
			ring[i] = *item_at(p, i);
		free(p->ring);
		p->ring = ring;
		p->cap = cap;
		p->head = 0;
	}
	return item_at(p, p->len++);
}

/* The partition, known from now on. */
static struct partition *partition(struct pm_engine *e, uint32_t slot)
{
	if (slot >= e->nparts) {
		size_t n = slot + 16;
		struct partition *part = realloc(e->part, n * sizeof(*part));
		struct inflight *commit = realloc(e->commit, n * sizeof(*commit));
		struct pm_engine_position *positions = realloc(e->positions, n * sizeof(*positions));

		if (!part || !commit || !positions)
			abort();
		memset(part + e->nparts, 0, (n - e->nparts) * sizeof(*part));
		e->part = part;
		e->commit = commit;
		e->positions = positions;
		e->nparts = n;
	}
	return &e->part[slot];
}

/* NULL: late, the page's partition has changed hands since. */
static struct item *find(struct pm_engine *e, struct pm_src src, struct partition **owner)
{
	struct partition *p;
	size_t low = 0, high;

	if (src.partition >= e->nparts)
		return NULL;
	p = &e->part[src.partition];
	if (p->hold == NOT_OURS || p->epoch != src.epoch)
		return NULL;
	for (high = p->len; low < high;) {
		size_t mid = (low + high) / 2;

		if (item_at(p, mid)->offset < src.offset)
			low = mid + 1;
		else
			high = mid;
	}
	*owner = p;
	return low < p->len && item_at(p, low)->offset == src.offset ? item_at(p, low) : NULL;
}

static struct pm_src src_of(const struct pm_engine *e, const struct partition *p, int64_t offset)
{
	return (struct pm_src){ (uint32_t)(p - e->part), p->epoch, offset };
}

/* -- the ways a page ends ------------------------------------------------------------------- */

static void release(struct pm_engine *e, struct item *item)
{
	e->stats.bytes -= item->bytes;
	e->stats.pages--;
}

static void finish(struct pm_engine *e, struct partition *p, struct item *item)
{
	item->state = FINISHED;
	release(e, item);
	e->stats.finished++;
	push(e, (struct pm_action){ .kind = PM_ACT_FINISHED, .src = src_of(e, p, item->offset),
				    .cookie = item->cookie });
}

/* The finished prefix grows over everything at the head that has ended. */
static void advance(struct partition *p)
{
	while (p->len && item_at(p, 0)->state == FINISHED) {
		p->finished = item_at(p, 0)->offset + 1;
		p->head++;
		p->len--;
		p->sent--;
	}
}

/* Unfinished pages go back to whoever reads the partition next. */
static void return_all(struct pm_engine *e, struct partition *p)
{
	for (size_t i = 0; i < p->len; i++) {
		struct item *item = item_at(p, i);

		if (item->state == FINISHED)
			continue;
		release(e, item);
		e->stats.returned++;
		push(e, (struct pm_action){ .kind = PM_ACT_RETURNED, .cookie = item->cookie,
					    .src = src_of(e, p, item->offset) });
	}
	p->len = p->sent = 0;
}

/* Results leave in the partition's order: a ready page waits for those before it. */
static void produce_ready(struct pm_engine *e, struct partition *p)
{
	while (p->sent < p->len && item_at(p, p->sent)->state == READY) {
		struct item *item = item_at(p, p->sent++);

		item->state = SENT;
		for (unsigned i = 0; i < item->nout; i++)
			push(e, (struct pm_action){ .kind = PM_ACT_PRODUCE, .index = i,
						    .src = src_of(e, p, item->offset),
						    .cookie = item->cookie });
		if (item->nout == 0)
			finish(e, p, item);
	}
	advance(p);
}

/* -- commits -------------------------------------------------------------------------------- */

static bool dirty(const struct partition *p)
{
	return p->hold != NOT_OURS && p->finished > p->committed;
}

static bool any_dirty(const struct pm_engine *e)
{
	for (size_t i = 0; i < e->nparts; i++)
		if (dirty(&e->part[i]))
			return true;
	return false;
}

/* One commit at a time, of every partition that has something to commit. */
static void commit(struct pm_engine *e)
{
	if (e->committing || e->now < e->retry_due)
		return;
	e->ncommit = 0;
	for (size_t i = 0; i < e->nparts; i++) {
		struct partition *p = &e->part[i];

		if (!dirty(p))
			continue;
		e->positions[e->ncommit] = (struct pm_engine_position){ (uint32_t)i, p->finished };
		e->commit[e->ncommit] = (struct inflight){ e->positions[e->ncommit], p->epoch };
		e->ncommit++;
	}
	e->commit_due = e->now + e->conf.commit_ms;
	if (e->ncommit == 0)
		return;
	e->committing = true;
	e->stats.commits++;
	push(e, (struct pm_action){ .kind = PM_ACT_COMMIT, .positions = e->positions,
				    .npositions = e->ncommit });
}

static void commit_confirmed(struct pm_engine *e)
{
	for (size_t i = 0; i < e->ncommit; i++) {
		struct partition *p = &e->part[e->commit[i].at.partition];

		if (p->hold != NOT_OURS && p->epoch == e->commit[i].epoch &&
		    p->committed < e->commit[i].at.offset)
			p->committed = e->commit[i].at.offset;
	}
}

/* -- letting go ------------------------------------------------------------------------------ */

static void unassign(struct pm_engine *e, struct partition *p)
{
	push(e, (struct pm_action){ .kind = PM_ACT_UNASSIGN, .src = src_of(e, p, p->finished) });
	p->hold = NOT_OURS;
}

/* One step of a revocation: drain, then commit, then let go; each step has its time. */
static void step_revocation(struct pm_engine *e, struct partition *p)
{
	if (p->hold == REVOKING && (p->len == 0 || e->now >= p->deadline)) {
		return_all(e, p);
		p->hold = COMMITTING;
		p->deadline = e->now + e->conf.grace_ms;
	}
	if (p->hold != COMMITTING)
		return;
	if (!dirty(p) || e->now >= p->deadline)
		unassign(e, p);
	else
		commit(e);
}

static bool drained(const struct pm_engine *e)
{
	for (size_t i = 0; i < e->nparts; i++)
		if (e->part[i].hold != NOT_OURS && e->part[i].len)
			return false;
	return true;
}

/* A bounded run is over when every partition that is ours has reached its bound. */
static bool all_ended(const struct pm_engine *e)
{
	size_t ours = 0;

	for (size_t i = 0; i < e->nparts; i++) {
		if (e->part[i].hold == NOT_OURS)
			continue;
		if (!e->part[i].ended)
			return false;
		ours++;
	}
	return ours > 0;
}

static void leave(struct pm_engine *e, int status)
{
	e->phase = LEAVING;
	e->status = status;
	e->phase_deadline = e->now + e->conf.grace_ms;
}

/* Whatever is not finished goes back; what is finished may still be committed. */
static void give_up(struct pm_engine *e, int status)
{
	for (size_t i = 0; i < e->nparts; i++)
		if (e->part[i].hold != NOT_OURS)
			return_all(e, &e->part[i]);
	leave(e, status);
}

static void left(struct pm_engine *e, int status)
{
	e->phase = LEFT;
	push(e, (struct pm_action){ .kind = PM_ACT_EXIT, .status = status });
}

static void step_phase(struct pm_engine *e)
{
	if (e->phase == RUNNING_ON && all_ended(e) && drained(e))
		leave(e, 0);
	if (e->phase == STOPPING && drained(e))
		leave(e, 0);
	else if (e->phase == STOPPING && e->now >= e->phase_deadline)
		give_up(e, EXIT_NOT_DRAINED);
	if (e->phase != LEAVING)
		return;
	if (!any_dirty(e) && !e->committing)
		left(e, e->status);
	else if (e->now >= e->phase_deadline)
		left(e, e->status ? e->status : EXIT_NOT_DRAINED);
	else
		commit(e);
}

/* -- flow ------------------------------------------------------------------------------------ */

static bool room(const struct pm_engine *e)
{
	return e->stats.bytes < e->conf.memory_bytes && e->stats.pages < e->conf.pages_max;
}

/* Pausing throws the client's prefetched messages away, so it comes late and ends late. */
static void step_pause(struct pm_engine *e)
{
	if (room(e))
		e->full_since = INT64_MAX;
	else if (e->full_since == INT64_MAX)
		e->full_since = e->now;
	if (!e->paused && e->full_since != INT64_MAX && e->phase == RUNNING_ON &&
	    e->now - e->full_since >= e->conf.pause_ms) {
		e->paused = true;
		e->stats.pauses++;
		push(e, (struct pm_action){ .kind = PM_ACT_PAUSE });
	} else if (e->paused && e->stats.bytes <= e->conf.memory_bytes / 2 &&
		   e->stats.pages <= e->conf.pages_max / 2) {
		e->paused = false;
		push(e, (struct pm_action){ .kind = PM_ACT_RESUME });
	}
}

/* After every event: whatever time or the event has made due. */
static void step(struct pm_engine *e)
{
	if (e->phase == LEFT)
		return;
	for (size_t i = 0; i < e->nparts; i++)
		step_revocation(e, &e->part[i]);
	if (e->now >= e->commit_due)
		commit(e);
	step_pause(e);
	step_phase(e);
}

/* -- events ---------------------------------------------------------------------------------- */

static void on_assign(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p = partition(e, event->src.partition);

	if (p->hold != NOT_OURS)
		return_all(e, p);
	p->hold = OWNED;
	p->epoch = ++e->epochs;
	p->ended = false;
	p->expected = p->finished = p->committed = event->src.offset;
}

static void on_revoke(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p = partition(e, event->src.partition);

	if (p->hold == NOT_OURS || e->phase == LEFT) {
		return_all(e, p);
		unassign(e, p);
		return;
	}
	p->hold = REVOKING;
	p->deadline = e->now + e->conf.revoke_ms;
}

static void on_lost(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p = partition(e, event->src.partition);

	return_all(e, p);
	unassign(e, p);
}

static void on_msg(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p = partition(e, event->src.partition);
	struct item *item;

	if (p->hold != OWNED || e->phase >= LEAVING || event->src.offset < p->expected) {
		e->stats.again++;
		push(e, (struct pm_action){ .kind = PM_ACT_RETURNED, .src = event->src,
					    .cookie = event->cookie });
		return;
	}
	item = ring_push(p);
	*item = (struct item){ .offset = event->src.offset, .cookie = event->cookie,
			       .bytes = event->bytes, .state = RUNNING };
	p->expected = event->src.offset + 1;
	e->stats.received++;
	e->stats.pages++;
	e->stats.bytes += event->bytes;
	push(e, (struct pm_action){ .kind = PM_ACT_DISPATCH, .cookie = event->cookie,
				    .src = src_of(e, p, event->src.offset) });
}

static void on_done(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p;
	struct item *item = find(e, event->src, &p);

	if (!item || item->state != RUNNING) {
		e->stats.late++;
		return;
	}
	item->state = READY;
	item->nout = event->nout;
	item->bytes += event->bytes;
	e->stats.bytes += event->bytes;
	produce_ready(e, p);
}

static void on_ack(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p;
	struct item *item = find(e, event->src, &p);

	if (!item || item->state != SENT) {
		e->stats.late++;
		return;
	}
	if (++item->acked == item->nout) {
		finish(e, p, item);
		advance(p);
	}
}

static void on_nack(struct pm_engine *e, const struct pm_event *event)
{
	struct partition *p;
	struct item *item = find(e, event->src, &p);

	if (!item || item->state != SENT) {
		e->stats.late++;
		return;
	}
	push(e, (struct pm_action){ .kind = PM_ACT_PRODUCE, .src = event->src,
				    .cookie = item->cookie, .index = event->index });
}

static void on_outcome(struct pm_engine *e, const struct pm_event *event)
{
	if (event->op != PM_ACT_COMMIT || !e->committing)
		return;
	e->committing = false;
	e->retry_due = e->now;
	if (event->kind == PM_EV_OK) {
		commit_confirmed(e);
	} else if (event->kind == PM_EV_RETRIABLE) {
		e->retry_due = e->now + RETRY_MS;
		e->commit_due = e->retry_due;
	} else {
		/* Its answer won't come. A partition on its way out goes without: at worst pages are done
		 * twice. The others are committed again in their turn. */
		for (size_t i = 0; i < e->nparts; i++)
			if (e->part[i].hold == COMMITTING)
				e->part[i].deadline = e->now;
	}
}

static void on_stop(struct pm_engine *e)
{
	if (e->phase == RUNNING_ON) {
		e->phase = STOPPING;
		e->phase_deadline = e->now + e->conf.shutdown_ms;
	} else if (e->phase != LEFT) {
		give_up(e, EXIT_NOT_DRAINED);
		left(e, EXIT_NOT_DRAINED);
	}
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
	case PM_EV_END: partition(e, event->src.partition)->ended = true; break;
	case PM_EV_DONE: on_done(e, event); break;
	case PM_EV_ACK: on_ack(e, event); break;
	case PM_EV_NACK: on_nack(e, event); break;
	case PM_EV_OK:
	case PM_EV_RETRIABLE:
	case PM_EV_ABORTABLE:
	case PM_EV_UNKNOWN: on_outcome(e, event); break;
	case PM_EV_STOP: on_stop(e); break;
	case PM_EV_FATAL:
		if (e->phase < LEAVING)
			give_up(e, event->status ? event->status : EXIT_INTERNAL);
		break;
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
	return e->phase == RUNNING_ON && !e->paused && room(e);
}

bool pm_engine_paused(const struct pm_engine *e)
{
	return e->paused;
}

static const struct partition *ours(const struct pm_engine *e, uint32_t slot)
{
	return slot < e->nparts && e->part[slot].hold != NOT_OURS ? &e->part[slot] : NULL;
}

uint32_t pm_engine_epoch(const struct pm_engine *e, uint32_t slot)
{
	const struct partition *p = ours(e, slot);

	return p ? p->epoch : 0;
}

int64_t pm_engine_finished(const struct pm_engine *e, uint32_t slot)
{
	const struct partition *p = ours(e, slot);

	return p ? p->finished : -1;
}

int64_t pm_engine_committed(const struct pm_engine *e, uint32_t slot)
{
	const struct partition *p = ours(e, slot);

	return p ? p->committed : -1;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t pm_engine_deadline(const struct pm_engine *e)
{
	int64_t at = INT64_MAX;

	if (e->phase == LEFT)
		return at;
	if (e->phase != RUNNING_ON)
		at = e->phase_deadline;
	if (any_dirty(e) && !e->committing)
		at = sooner(at, e->phase == LEAVING ? e->retry_due : e->commit_due);
	if (!e->paused && e->full_since != INT64_MAX && e->phase == RUNNING_ON)
		at = sooner(at, e->full_since + e->conf.pause_ms);
	for (size_t i = 0; i < e->nparts; i++) {
		const struct partition *p = &e->part[i];

		if (p->hold == REVOKING || p->hold == COMMITTING)
			at = sooner(at, p->deadline);
		if (p->hold == COMMITTING && !e->committing)
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
		free(e->part[i].ring);
	free(e->part);
	free(e->commit);
	free(e->positions);
	free(e->row);
	free(e);
}
