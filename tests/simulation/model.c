#include "tests/simulation/model.h"

#include <inttypes.h>
#include <string.h>

#include "tests/simulation/model_in.h"
#include "tests/simulation/trace.h"

/* -- what is so now ------------------------------------------------------------------------ */

int64_t model_finished(const struct model_partition *p)
{
	return p->prefix ? p->page[p->prefix - 1].offset + 1 : p->start;
}

bool model_dirty(const struct model_partition *p)
{
	return p->hold != AWAY && model_finished(p) > p->confirmed;
}

size_t model_ndirty(const struct model *m)
{
	size_t n = 0;

	for (int i = 0; i < PARTITIONS; i++)
		n += model_dirty(&m->part[i]);
	return n;
}

static size_t under_way(const struct model_partition *p)
{
	return p->hold == AWAY || p->returned ? 0 : p->npages - p->prefix;
}

struct model_page *model_find(struct model *m, struct pm_src src)
{
	struct model_partition *p = &m->part[src.partition];

	if (p->hold == AWAY || p->epoch != src.epoch || p->returned)
		return NULL;
	for (size_t i = p->prefix; i < p->npages; i++)
		if (p->page[i].offset == src.offset)
			return &p->page[i];
	return NULL;
}

/* -- pages --------------------------------------------------------------------------------- */

static void end_page(struct model *m, const struct model_page *page, enum pm_action_kind how)
{
	m->end[m->nends].cookie = page->cookie;
	m->end[m->nends++].how = how;
	m->stats.pages--;
	m->stats.bytes -= page->bytes;
}

static void finish(struct model *m, struct model_page *page)
{
	page->state = DONE_WITH;
	end_page(m, page, PM_ACT_FINISHED);
	m->stats.finished++;
}

static void return_pages(struct model *m, struct model_partition *p)
{
	static const enum move moves[] = { RETURNED_RUNNING, RETURNED_READY, RETURNED_SENT,
					   FORGOTTEN };

	if (p->hold == AWAY || p->returned)
		return;
	for (size_t i = p->prefix; i < p->npages; i++) {
		cover(moves[p->page[i].state]);
		if (p->page[i].state == DONE_WITH)
			continue;
		end_page(m, &p->page[i], PM_ACT_RETURNED);
		m->stats.returned++;
		p->cut = true;
	}
	p->returned = true;
}

static void grow_prefix(struct model_partition *p)
{
	while (p->prefix < p->npages && p->page[p->prefix].state == DONE_WITH)
		p->prefix++;
}

static void on_msg(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];
	bool before = event->src.offset < p->expected;

	if (p->hold != OURS || m->phase != GOING || before) {
		cover(p->hold == OURS && m->phase == GOING ? MSG_BEFORE : MSG_REFUSED);
		m->refuse_due = true;
		m->refused = event->src;
		m->refused_cookie = event->cookie;
		m->stats.again++;
		return;
	}
	cover(m->paused ? MSG_TAKEN_IN_PAUSE : MSG_TAKEN);
	if (event->src.offset > p->expected)
		cover(MSG_AFTER_GAP);
	p->page[p->npages++] = (struct model_page){ .offset = event->src.offset,
						    .bytes = event->bytes,
						    .cookie = event->cookie };
	p->expected = event->src.offset + 1;
	m->dispatch_due = event->cookie;
	m->stats.received++;
	m->stats.pages++;
	m->stats.bytes += event->bytes;
}

static void on_done(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];
	struct model_page *page = model_find(m, event->src);
	bool behind;

	if (!page) {
		cover(LATE_DONE);
		m->stats.late++;
		return;
	}
	behind = page != &p->page[p->produced];
	if (behind)
		cover(DONE_WAITS);
	page->state = WAITING;
	page->nout = event->nout;
	page->bytes += event->bytes;
	m->stats.bytes += event->bytes;
	for (; p->produced < p->npages && p->page[p->produced].state == WAITING; p->produced++) {
		struct model_page *next = &p->page[p->produced];

		next->state = SENT;
		for (unsigned i = 0; i < next->nout; i++) {
			m->produce[m->nproduce].cookie = next->cookie;
			m->produce[m->nproduce++].index = i;
		}
		if (next == page)
			cover(next->nout ? DONE_SENT : DONE_NOTHING);
		else
			cover(next->nout ? READY_SENT : READY_NOTHING);
		if (next->nout == 0)
			finish(m, next);
	}
	grow_prefix(p);
}

static void on_answer(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];
	struct model_page *page = model_find(m, event->src);
	bool ack = event->kind == PM_EV_ACK;

	if (!page) {
		cover(ack ? LATE_ACK : LATE_NACK);
		m->stats.late++;
		return;
	}
	if (!ack) {
		cover(NACK_AGAIN);
		m->produce[m->nproduce].cookie = page->cookie;
		m->produce[m->nproduce++].index = event->index;
		return;
	}
	if (++page->acked < page->nout) {
		cover(ACK_MORE);
		return;
	}
	cover(page == &p->page[p->prefix] ? ACK_HEAD : ACK_BEHIND);
	finish(m, page);
	grow_prefix(p);
}

/* -- partitions ---------------------------------------------------------------------------- */

static void on_assign(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];

	return_pages(m, p);
	if (p->hold == DRAINING || p->hold == PARTING)
		p->unassign_due = true;
	p->hold = OURS;
	p->epoch = ++m->epochs;
	p->ended = p->returned = p->unknown = p->cut = false;
	p->start = p->expected = p->confirmed = event->src.offset;
	p->npages = p->prefix = p->produced = 0;
	if (m->phase == LEAVING && m->status == 0 && m->stops == 0) {
		cover(GOING_AGAIN);
		m->phase = GOING;
	}
}

static void on_revoke(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];

	if (p->hold == AWAY || m->phase == LEFT) {
		p->hold = AWAY;
		p->unassign_due = true;
	} else if (p->hold == OURS) {
		p->hold = DRAINING;
		p->asked_back = m->now;
		p->cut = p->unknown = false;
	}
}

static void on_lost(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];

	return_pages(m, p);
	p->hold = AWAY;
	p->unassign_due = true;
}

static void on_end(struct model *m, const struct pm_event *event)
{
	struct model_partition *p = &m->part[event->src.partition];

	p->ended |= p->hold != AWAY;
}

static void on_outcome(struct model *m, const struct pm_event *event)
{
	static const enum fate fates[] = { FATE_AWAY, FATE_OURS, FATE_DRAINING, FATE_PARTING };

	m->committing = false;
	for (size_t i = 0; i < m->ncommit; i++) {
		struct model_partition *p = &m->part[m->commit[i].partition];
		bool same = p->hold != AWAY && p->epoch == m->commit[i].epoch;

		cover_outcome(p->hold != AWAY && !same ? FATE_ANOTHER_EPOCH : fates[p->hold],
			      event->kind);
		if (!same)
			continue;
		if (event->kind == PM_EV_OK)
			p->confirmed = m->commit[i].offset;
		else if (event->kind != PM_EV_RETRIABLE && p->hold == PARTING &&
			 m->commit[i].offset == model_finished(p))
			p->unknown = true;
	}
}

/* -- the process --------------------------------------------------------------------------- */

static void return_everything(struct model *m)
{
	for (int i = 0; i < PARTITIONS; i++)
		return_pages(m, &m->part[i]);
}

static void leave(struct model *m, int status)
{
	m->phase = LEAVING;
	m->status = status;
	m->leaving = m->now;
}

static void on_stop(struct model *m)
{
	if (m->phase == LEFT)
		return;
	if (++m->stops > 1) {
		int status = m->phase == LEAVING && m->status ? m->status : 75;

		return_everything(m);
		leave(m, status);
		m->at_once = true;
	} else if (m->phase == GOING) {
		m->phase = STOPPING;
		m->stopped = m->now;
	}
}

static void on_fatal(struct model *m, const struct pm_event *event)
{
	int status = event->status ? event->status : 70;

	if (m->phase < LEAVING) {
		return_everything(m);
		leave(m, status);
		m->fatal = true;
	} else if (m->phase == LEAVING && (m->status == 0 || m->status == 75)) {
		m->status = status;
		m->fatal = true;
	}
}

/* -- time ---------------------------------------------------------------------------------- */

static void pass_time(struct model *m)
{
	for (int i = 0; i < PARTITIONS && m->phase != LEFT; i++) {
		struct model_partition *p = &m->part[i];

		if (p->hold != DRAINING ||
		    (under_way(p) > 0 && m->now < p->asked_back + m->conf.revoke_ms))
			continue;
		return_pages(m, p);
		p->hold = PARTING;
		p->parted = m->now;
	}
	if (m->phase == LEFT || m->at_once)
		return;
	if (model_has_room(m))
		m->full_since = INT64_MAX;
	else if (m->full_since == INT64_MAX) {
		cover(m->stats.pages >= m->conf.pages_max ? FULL_PAGES : FULL_BYTES);
		m->full_since = m->now;
	}
	if (m->phase == STOPPING && m->stats.pages && m->now >= m->stopped + m->conf.shutdown_ms) {
		return_everything(m);
		leave(m, 75);
	}
}

static void count(const struct model *m, const struct pm_event *event)
{
	cover_phase(m->phase, event->kind);
	if (event->kind >= PM_EV_ASSIGN && event->kind <= PM_EV_NACK)
		cover_hold(m->part[event->src.partition].hold, event->kind);
}

void model_event(struct model *m, int64_t now, const struct pm_event *event)
{
	m->now = now;
	m->kind = event->kind;
	m->nproduce = m->at_produce = m->nends = 0;
	count(m, event);
	switch (event->kind) {
	case PM_EV_ASSIGN: on_assign(m, event); break;
	case PM_EV_REVOKE: on_revoke(m, event); break;
	case PM_EV_LOST: on_lost(m, event); break;
	case PM_EV_MSG: on_msg(m, event); break;
	case PM_EV_END: on_end(m, event); break;
	case PM_EV_DONE: on_done(m, event); break;
	case PM_EV_ACK:
	case PM_EV_NACK: on_answer(m, event); break;
	case PM_EV_OK:
	case PM_EV_RETRIABLE:
	case PM_EV_ABORTABLE:
	case PM_EV_UNKNOWN: on_outcome(m, event); break;
	case PM_EV_STOP: on_stop(m); break;
	case PM_EV_FATAL: on_fatal(m, event); break;
	case PM_EV_TICK:
	case PM_EVENTS: break;
	}
	pass_time(m);
}

void model_start(struct model *m, const struct pm_engine_conf *conf, const struct pm_engine *e)
{
	memset(m, 0, sizeof(*m));
	m->conf = *conf;
	m->engine = e;
	m->full_since = INT64_MAX;
}
