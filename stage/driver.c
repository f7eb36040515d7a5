#include "stage/driver.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/sure.h"
#include "stage/cli.h"
#include "stage/driver_state.h"
#include "stage/fatal.h"
#include "stage/version.h"

enum { TURN_MESSAGES = 64 };            /* taken from the source before
					 * results are looked at again */
enum { IDLE_MS = 500 };                 /* a turn comes at least so often:
					 * beats, timers, callbacks */
enum { REPORTS = 256 };
/* A page's working memory: its body decoded and unpacked, its tree, its
 * text, several times over. */
enum { ARENA_PAGES = 8, ARENA_LEAST = 16 << 20 };
/* A record's text is at most the page's, escaped; blocks and markdown may repeat it. */
enum { RECORD_PAGES = 6 };

volatile sig_atomic_t pm_stop;
static volatile sig_atomic_t reload_asked;
static int signal_wake = -1;

static void on_signal(int number)
{
	const uint64_t one = 1;
	int kept = errno;

	if (number == SIGHUP)
		reload_asked = 1;
	else
		pm_stop = pm_stop + 1;
	if (write(signal_wake, &one, sizeof(one)) < 0)
		errno = kept;
	errno = kept;
}

/* -- tasks ------------------------------------------------------------------------------------ */

/* A task is freed when the engine, the workers and the sink have all let go of it. */
static void let_go(struct pm_task *task)
{
	if (!task->held && !task->running && task->in_air == 0)
		pm_task_free(task);
}

static void outbox_put(struct pm_outbox *box, struct pm_task *task, unsigned index)
{
	if (box->len == box->cap) {
		size_t cap = box->cap ? box->cap * 2 : 256;
		struct pm_outbox_entry *at = pm_sure(malloc(cap * sizeof(*at)));

		for (size_t i = 0; i < box->len; i++)
			at[i] = box->at[(box->head + i) & (box->cap - 1)];
		free(box->at);
		*box = (struct pm_outbox){ .at = at, .len = box->len, .cap = cap };
	}
	box->at[(box->head + box->len++) & (box->cap - 1)] =
		(struct pm_outbox_entry){ task, index };
	/* Waiting here is holding: the entry is looked at even if the engine gives the page up. */
	task->in_air++;
}

static void later(struct pm_driver *d, struct pm_event event)
{
	/* A commit has one end, and each action leads to one event at most: more
	 * is a fault of ours, and losing one would stop all further commits. */
	assert(d->nlater < PM_DRIVER_LATER);
	d->later[d->nlater++] = event;
}

/* -- actions ---------------------------------------------------------------------------------- */

static void finished(struct pm_driver *d, struct pm_task *task)
{
	switch (task->outcome) {
	case PM_EMITTED:
		d->sum.emitted++;
		break;
	case PM_DROPPED:
		d->sum.dropped++;
		pm_tally_add(&d->dropped, task->filter, task->reason, 1);
		break;
	case PM_REJECTED:
		d->sum.failed++;
		pm_tally_add(&d->failed, task->filter, task->reason, 1);
		if (task->work->output && !task->work->output->dead_letter)
			pm_log(PM_WARN, "page failed", PM_S("reason", task->reason),
			       PM_S("topic", task->msg->topic),
			       PM_I("partition", task->msg->partition),
			       PM_I("offset", task->msg->offset), PM_S("message", task->message),
			       NULL);
		break;
	}
	if (d->conf->finished)
		d->conf->finished(d->conf->ctx, task);
	task->held = false;
	let_go(task);
}

static void commit(struct pm_driver *d, const struct pm_action *action)
{
	struct pm_source *source = d->conf->source;
	struct pm_position *at = pm_sure(malloc((action->npositions + 1) * sizeof(*at)));

	for (size_t i = 0; i < action->npositions; i++)
		at[i] = (struct pm_position){ action->positions[i].partition,
					      action->positions[i].offset };
	if (source->ops->commit(source, at, action->npositions) != 0)
		later(d, (struct pm_event){ .kind = PM_EV_RETRIABLE, .op = PM_ACT_COMMIT });
	free(at);
}

static void act(struct pm_driver *d, const struct pm_action *action)
{
	struct pm_task *task = action->cookie;

	switch (action->kind) {
	case PM_ACT_DISPATCH:
		task->src = action->src;
		task->running = true;
		pm_pool_put(d->pool, task);
		break;
	case PM_ACT_PRODUCE:
		outbox_put(&d->outbox, task, action->index);
		break;
	case PM_ACT_COMMIT:
		commit(d, action);
		break;
	case PM_ACT_UNASSIGN:
		if (d->letting_go)
			d->letting_go--;
		break;
	case PM_ACT_PAUSE:
	case PM_ACT_RESUME:
		pm_log(PM_INFO, action->kind == PM_ACT_PAUSE ? "paused: no room in limits.memory_bytes" :
		       "resumed", NULL);
		d->conf->source->ops->pause(d->conf->source, action->kind == PM_ACT_PAUSE);
		break;
	case PM_ACT_FINISHED:
		finished(d, task);
		break;
	case PM_ACT_RETURNED:
		task->held = false;
		let_go(task);
		break;
	case PM_ACT_EXIT:
		d->leaving = true;
		d->status = action->status;
		break;
	case PM_ACT_BEGIN:
	case PM_ACT_SEND_OFFSETS:
	case PM_ACT_ABORT:
	case PM_ACT_SEEK:
	case PM_ACT_NEW_PRODUCER:
	case PM_ACTIONS:
		/* exactly_once: `check` refuses it. */
		abort();
	}
}

static void feed(struct pm_driver *d, struct pm_event event)
{
	struct pm_action action;

	for (size_t fed = 0;;) {
		pm_engine_feed(d->engine, d->now, &event);
		while (pm_engine_next(d->engine, &action))
			act(d, &action);
		if (fed == d->nlater)
			break;
		event = d->later[fed++];
		if (fed == d->nlater)
			fed = d->nlater = 0;
	}
}

static void fatal(struct pm_driver *d, const struct pm_err *err)
{
	/* What comes after the first one follows from it, once a record that was on its way. */
	if (!d->failing)
		pm_log(PM_ERROR, err->msg, NULL);
	d->failing = true;
	feed(d, (struct pm_event){ .kind = PM_EV_FATAL,
				   .status = err->status ? err->status : PM_EXIT_INTERNAL });
}

/* -- what comes back --------------------------------------------------------------------------- */

static void take_reports(struct pm_driver *d)
{
	static const struct pm_err no_letter = {
		.msg = "the dead-letter topic refuses even a letter without its value",
		.status = PM_EXIT_BROKERS,
	};
	struct pm_report reports[REPORTS];
	struct pm_sink *sink = d->conf->sink;
	size_t n;

	while ((n = sink->ops->reports(sink, reports, REPORTS)) > 0) {
		for (size_t i = 0; i < n; i++) {
			struct pm_air *air = reports[i].cookie;
			struct pm_task *task = air->task;
			struct pm_event event = { .kind = PM_EV_ACK,
						  .src = task->src,
						  .cookie = task,
						  .index = air->index };

			if (reports[i].delivery == PM_DELIVERED) {
				pm_tally_add(&d->produced, pm_task_out(task, air->index)->topic,
					     NULL, 1);
				d->sum.produced++;
			} else if (reports[i].delivery == PM_DELIVERY_FATAL) {
				task->in_air--;
				let_go(task);
				fatal(d, &reports[i].err);
				continue;
			} else if (task->held && pm_task_refused(task, air, &reports[i])) {
				event.kind = PM_EV_NACK;
			} else if (task->held && air->replaced) {
				fatal(d, &no_letter);
				continue;
			}
			task->in_air--;
			if (task->held)
				feed(d, event);
			else
				let_go(task);
		}
	}
}

static void take_done(struct pm_driver *d)
{
	struct pm_task *task;

	while ((task = pm_pool_take(d->pool))) {
		task->running = false;
		if (!task->held) {
			let_go(task);
			continue;
		}
		feed(d, (struct pm_event){ .kind = PM_EV_DONE, .src = task->src, .cookie = task,
					   .bytes = pm_task_bytes(task),
					   .nout = task->outs ? (unsigned)task->outs->len : 0 });
	}
}

static void send_outbox(struct pm_driver *d)
{
	struct pm_sink *sink = d->conf->sink;
	struct pm_outbox *box = &d->outbox;
	struct pm_err err = { 0 };

	while (box->len) {
		struct pm_outbox_entry *e = &box->at[box->head & (box->cap - 1)];
		enum pm_sent sent = PM_SENT_FATAL;

		/* Given up while it waited: somebody else will produce it. */
		if (!e->task->held) {
			e->task->in_air--;
			let_go(e->task);
		} else {
			sent = sink->ops->send(sink, pm_task_out(e->task, e->index),
					       &e->task->air[e->index], &err);
			if (sent == PM_SENT_FULL)
				return;
		}
		box->head++;
		box->len--;
		if (err.msg[0]) {
			e->task->in_air--;
			fatal(d, &err);
			return;
		}
	}
}

/* -- the source -------------------------------------------------------------------------------- */

static void on_assign(void *ctx, const struct pm_position *starts, size_t n)
{
	struct pm_driver *d = ctx;

	d->now = pm_clock_ms();
	d->rebalances += n > 0;
	pm_note_refresh(d->note);
	for (size_t i = 0; i < n; i++)
		feed(d, (struct pm_event){ .kind = PM_EV_ASSIGN,
					   .src = { .partition = starts[i].slot,
						    .offset = starts[i].offset } });
}

static void turn(struct pm_driver *d, bool wait);

/* Returns when every slot is let go: drained and committed, or out of time. */
static void on_revoke(void *ctx, const uint32_t *slots, size_t n, bool lost)
{
	struct pm_driver *d = ctx;

	d->now = pm_clock_ms();
	d->rebalances += n > 0;
	d->letting_go += n;
	for (size_t i = 0; i < n; i++)
		feed(d, (struct pm_event){ .kind = lost ? PM_EV_LOST : PM_EV_REVOKE,
					   .src = { .partition = slots[i] } });
	while (d->letting_go && !d->leaving) {
		turn(d, true);
		d->conf->source->ops->serve(d->conf->source);
	}
	d->letting_go = 0;
}

static void on_committed(void *ctx, const struct pm_position *at, size_t n,
			 const struct pm_err *err)
{
	struct pm_driver *d = ctx;

	enum pm_event_kind kind = !err ? PM_EV_OK :
		err->status == PM_EXIT_NOT_DRAINED ? PM_EV_RETRIABLE : PM_EV_UNKNOWN;

	if (err)
		pm_log(kind == PM_EV_RETRIABLE ? PM_INFO : PM_WARN, "commit failed",
		       PM_S("error", err->msg), NULL);
	later(d, (struct pm_event){ .kind = kind, .op = PM_ACT_COMMIT });
}

static void feed_later(struct pm_driver *d)
{
	if (d->nlater)
		feed(d, (struct pm_event){ .kind = PM_EV_TICK });
}

static void take_message(struct pm_driver *d, struct pm_message *msg)
{
	struct pm_event event = { .kind = PM_EV_MSG, .bytes = msg->bytes,
				  .src = { .partition = msg->slot, .offset = msg->offset } };
	struct pm_task *task = pm_task_new(msg, d->work);
	struct pm_err err = { .msg = "out of memory", .status = PM_EXIT_INTERNAL };

	if (!task) {
		fatal(d, &err);
		return;
	}
	pm_driver_count_size(d, msg->value.len);
	event.cookie = task;
	task->held = true;
	feed(d, event);
}

/* Whether there may be more to take at once. */
static bool poll_source(struct pm_driver *d)
{
	struct pm_source *source = d->conf->source;

	for (int i = 0; i < TURN_MESSAGES; i++) {
		struct pm_message *msg = NULL;
		struct pm_err err = { 0 };
		uint32_t slot = 0;

		if (!pm_engine_hungry(d->engine) && !pm_engine_paused(d->engine)) {
			source->ops->serve(source);
			feed_later(d);
			return false;
		}
		switch (source->ops->poll(source, &msg, &slot, &err)) {
		case PM_POLL_MSG:
			take_message(d, msg);
			break;
		case PM_POLL_END:
			feed(d,
			     (struct pm_event){ .kind = PM_EV_END, .src = { .partition = slot } });
			break;
		case PM_POLL_BAD:
			d->sum.bad_inputs++;
			if (d->conf->bad_input)
				d->conf->bad_input(d->conf->ctx, &err);
			break;
		case PM_POLL_FATAL:
			fatal(d, &err);
			return false;
		case PM_POLL_NONE:
			feed_later(d);
			return false;
		}
		feed_later(d);
		if (d->leaving)
			return false;
	}
	return true;
}

/* -- the loop ---------------------------------------------------------------------------------- */

static void wait_for_news(struct pm_driver *d)
{
	struct pollfd fd = { .fd = d->wake, .events = POLLIN };
	int64_t until = pm_engine_deadline(d->engine), ms = IDLE_MS;
	uint64_t count;

	if (until != INT64_MAX && until - pm_clock_ms() < ms)
		ms = until - pm_clock_ms();
	if (poll(&fd, 1, ms > 0 ? (int)ms : 0) > 0 && read(d->wake, &count, sizeof(count)) < 0)
		errno = 0;      /* somebody else's read was first: there is news all the same */
}

static void beat(struct pm_driver *d)
{
	bool ready;

	if (!d->admin)
		return;
	ready = !d->stops && !d->leaving && d->conf->source->ops->ready(d->conf->source) &&
		d->conf->sink->ops->ready(d->conf->sink);
	pm_admin_beat(d->admin, d->now, ready, pm_pool_longest(d->pool, d->now));
	if (pm_admin_asked(d->admin)) {
		pm_driver_metrics_render(d);
		pm_admin_metrics(d->admin, pm_buf_get(&d->text));
	}
}

/* SIGHUP: pages that come from now on are worked on by the new chain and routes, or by the old ones
 * if anything is wrong with the new. */
static void reload(struct pm_driver *d)
{
	struct pm_sink *sink = d->conf->sink;
	struct pm_err err = { 0 };
	struct pm_work *work;

	reload_asked = 0;
	work = d->conf->reload(d->conf->ctx, &err);
	if (work && sink->ops->check &&
	    sink->ops->check(sink, work->topics, work->ntopics, &err) != 0) {
		pm_work_unref(work);
		work = NULL;
	}
	if (!work) {
		pm_log(PM_ERROR, "reload refused: the old filters and routes stay",
		       PM_S("error", err.msg), NULL);
		return;
	}
	pm_work_unref(d->work);
	d->work = work;
	if (d->counts)
		pm_driver_metrics_zeros(d);
	pm_log(PM_INFO, "reloaded", PM_S("chain", work->journey.chain), NULL);
}

/* Everything but taking messages: what a revocation waits with as well. */
static void turn(struct pm_driver *d, bool wait)
{
	static const struct pm_err too_slow = {
		.msg = "stopping: a worker can't be brought back from its page",
		.status = PM_EXIT_INTERNAL,
	};

	if (wait)
		wait_for_news(d);
	d->now = pm_clock_ms();
	while (d->stops < pm_stop) {
		d->stops++;
		pm_log(PM_INFO, d->stops == 1 ? "stopping: draining" : "stopping at once", NULL);
		feed(d, (struct pm_event){ .kind = PM_EV_STOP });
	}
	if (reload_asked && d->conf->reload)
		reload(d);
	if (pm_pool_slow(d->pool) && !d->failing)
		fatal(d, &too_slow);
	take_reports(d);
	take_done(d);
	send_outbox(d);
	/* A file takes what it is sent at once: its reports are there already. */
	take_reports(d);
	feed(d, (struct pm_event){ .kind = PM_EV_TICK });
	pm_log_flush(false);
	beat(d);
}

static void loop(struct pm_driver *d)
{
	bool more = true;

	while (!d->leaving) {
		turn(d, !more);
		more = !d->leaving && poll_source(d);
	}
}

/* -- opening and closing ----------------------------------------------------------------------- */

static void handle_signals(int wake, bool reloads)
{
	struct sigaction action = { .sa_handler = on_signal };

	signal_wake = wake;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	if (reloads)
		sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static unsigned workers(const struct pm_driver_conf *conf)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return conf->workers ? conf->workers : cores > 0 ? (unsigned)cores : 1;
}

static int open_all(struct pm_driver *d, struct pm_err *err)
{
	const struct pm_driver_conf *conf = d->conf;
	struct pm_source_events events = { d, on_assign, on_revoke, on_committed };
	struct pm_pool_conf pool = {
		.workers = workers(conf), .timed = conf->listen != NULL, .wake = d->wake,
		.page_ms = conf->page_ms,
		.arena_bytes = conf->page_bytes * ARENA_PAGES + ARENA_LEAST,
		.record_bytes = conf->page_bytes * RECORD_PAGES + ARENA_LEAST,
	};

	d->engine = pm_engine_new(&conf->engine);
	if (!d->engine)
		return pm_fail(err, "out of memory");
	d->note = pm_note_open(conf->note_dir, conf->note_name, pool.workers);
	if (!d->note)
		return pm_fail(err, "out of memory");
	pm_fatal_open();
	pool.note = d->note;
	d->pool = pm_pool_open(&pool, err);
	if (!d->pool)
		return -1;
	if (conf->listen) {
		struct pm_buf version = { .max = 4096 };
		struct pm_admin_conf admin = { conf->listen, d->wake, conf->stall_ms, { 0 } };

		pm_version_json(&version, d->work->journey.chain);
		admin.version = pm_buf_get(&version);
		d->admin = pm_admin_open(&admin, err);
		pm_buf_free(&version);
		if (!d->admin)
			return -1;
	}
	conf->source->wake = conf->sink->wake = d->wake;
	if (conf->sink->ops->open(conf->sink, d->work->topics, d->work->ntopics, err) != 0)
		return -1;
	return conf->source->ops->open(conf->source, NULL, &events, err);
}

static void drop_outbox(struct pm_outbox *box)
{
	for (; box->len; box->head++, box->len--) {
		struct pm_task *task = box->at[box->head & (box->cap - 1)].task;

		task->in_air--;
		let_go(task);
	}
	free(box->at);
}

/* A worker that never comes back still uses all that is left: it ends with the process. */
static void leave_now(struct pm_driver *d)
{
	pm_note_close(d->note);
	pm_summary_log(&d->sum);
	fflush(NULL);
	_exit(d->status ? d->status : PM_EXIT_INTERNAL);
}

static void close_all(struct pm_driver *d)
{
	bool all_back;

	d->now = pm_clock_ms();
	d->conf->source->ops->close(d->conf->source);
	all_back = pm_pool_close(d->pool, pm_task_free);
	drop_outbox(&d->outbox);
	d->conf->sink->ops->close(d->conf->sink);
	if (d->engine)
		d->sum.returned = pm_engine_stats(d->engine)->returned;
	if (!all_back)
		leave_now(d);
	pm_admin_close(d->admin);
	pm_driver_metrics_close(d);
	pm_work_unref(d->work);
	pm_note_close(d->note);
	pm_engine_free(d->engine);
	close(d->wake);
}

int pm_driver_run(const struct pm_driver_conf *conf, struct pm_summary *sum)
{
	struct pm_driver d = { .conf = conf,
			       .work = conf->work,
			       .wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) };
	struct pm_err err = { 0 };

	handle_signals(d.wake, conf->reload != NULL);
	pm_driver_metrics_open(&d);
	if (open_all(&d, &err) == 0) {
		loop(&d);
	} else {
		d.status = err.status || pm_stop ? err.status : PM_EXIT_INTERNAL;
		if (err.msg[0])
			pm_log(PM_ERROR, err.msg, NULL);
	}
	if (d.engine)
		d.sum.received = pm_engine_stats(d.engine)->received;
	close_all(&d);
	*sum = d.sum;
	return d.status;
}

void pm_summary_log(const struct pm_summary *sum)
{
	pm_log_flush(true);
	pm_log(PM_INFO, "done", PM_I("received", sum->received), PM_I("emitted", sum->emitted),
	       PM_I("dropped", sum->dropped), PM_I("failed", sum->failed),
	       PM_I("returned", sum->returned), PM_I("produced", sum->produced), NULL);
}
