#include "tests/simulation/world.h"

#include <inttypes.h>
#include <string.h>

#include "tests/simulation/model.h"
#include "tests/simulation/trace.h"

enum { STEPS_LEAST = 300, STEPS_MORE = 800, COOKIES = 1 << 14, KIND_STEPS_MAX = 20000 };
enum { OUTPUTS = 4, CLOSING = 8 };
/* For a last commit: a commit that failed just before is not asked for again at once. */
enum { TIME_ENOUGH = 200 };

/* What a schedule may do at a step. The weights are drawn anew for each schedule. */
enum deed {
	PASS_TIME, LEAP, POLL, WORK, SEND, ANSWER, COMMIT_ANSWER, ASSIGN, REVOKE, LOSE, BOUND, TICK, STOP,
	FATAL, CRASH, AGAIN, STRAY, SINK_TURNS, DEEDS
};

static const unsigned usual[DEEDS] = {
	[PASS_TIME] = 60, [LEAP] = 2, [POLL] = 200, [WORK] = 150, [SEND] = 200, [ANSWER] = 180,
	[COMMIT_ANSWER] = 30, [ASSIGN] = 25, [REVOKE] = 8, [LOSE] = 3, [BOUND] = 8, [TICK] = 12, [STOP] = 3,
	[FATAL] = 1, [CRASH] = 1, [AGAIN] = 6, [STRAY] = 20, [SINK_TURNS] = 6,
};

struct log {
	int64_t offset[LOG];
	bool done[LOG];         /* finished at least once, by us or by another owner */
	size_t len;
	int64_t committed;      /* what the brokers hold */
	unsigned generation;    /* one more whenever the partition changes hands */
	size_t next;            /* the consumer's */
	bool bound_said;
	bool returning;         /* asked back, not let go yet */
};

/* A page in the driver's hands: between DISPATCH and its end, and what a worker or the sink keeps. */
struct task {
	struct pm_src src;
	bool held;
	unsigned nout;
};

struct output {
	unsigned task, index;
};

static struct world {
	uint64_t random;
	int64_t now;
	struct pm_engine *engine;
	struct model model;
	struct pm_engine_conf conf;

	struct log log[PARTITIONS];
	uint32_t partitions;
	unsigned weight[DEEDS], total;
	unsigned dt, page_bytes, result_bytes, refusals, failures;
	bool wild;              /* events that no good driver would feed */

	struct task task[COOKIES];
	unsigned ntasks;
	unsigned running[COOKIES], nrunning;
	struct output outbox[COOKIES * OUTPUTS], air[COOKIES * OUTPUTS];
	size_t out_head, out_len, nair;
	bool sink_full;

	struct { uint32_t partition; int64_t offset; unsigned generation; } commit[PARTITIONS];
	size_t ncommit;
	bool committing, applied;

	bool left, bounded;
	int status;
	bool kind;              /* nothing fails any more */
} w;

/* -- chance ------------------------------------------------------------------------------------ */

/* SplitMix64. */
static uint64_t draw(void)
{
	uint64_t z = w.random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
	return n ? (unsigned)(draw() % n) : 0;
}

static bool chance(unsigned percent)
{
	return below(100) < percent;
}

static int64_t one_of(const int64_t *at, unsigned n)
{
	return at[below(n)];
}

/* A partition for which `fits`; PARTITIONS: none. */
static uint32_t some_partition(bool (*fits)(uint32_t))
{
	uint32_t first = below(w.partitions);

	for (uint32_t i = 0; i < w.partitions; i++) {
		uint32_t p = (first + i) % w.partitions;

		if (fits(p))
			return p;
	}
	return PARTITIONS;
}

/* -- brokers ------------------------------------------------------------------------------------ */

static bool is_ours(uint32_t p)
{
	return w.model.part[p].hold != AWAY;
}

static bool is_away(uint32_t p)
{
	return !is_ours(p);
}

static bool is_readable(uint32_t p)
{
	return w.model.part[p].hold == OURS && w.log[p].next < w.log[p].len;
}

/* What is committed was done, all of it, and never goes back. */
static void store(uint32_t p, int64_t offset)
{
	struct log *log = &w.log[p];

	PROMISE(offset >= log->committed, "committed of %" PRIu32 " went back to %" PRId64, p, offset);
	for (size_t i = 0; i < log->len && log->offset[i] < offset; i++)
		PROMISE(log->done[i], "%" PRIu32 "@%" PRId64 " committed and never finished", p, log->offset[i]);
	log->committed = offset;
}

/* The brokers take a commit of a partition only from whoever it belongs to. */
static void apply_commit(void)
{
	for (size_t i = 0; i < w.ncommit && !w.applied; i++)
		if (w.commit[i].generation == w.log[w.commit[i].partition].generation)
			store(w.commit[i].partition, w.commit[i].offset);
	w.applied = true;
}

static size_t position_of(const struct log *log)
{
	size_t i = 0;

	while (i < log->len && log->offset[i] < log->committed)
		i++;
	return i;
}

/* Another member of the group has it for a while. */
static void another_owner(uint32_t p)
{
	struct log *log = &w.log[p];
	size_t i = position_of(log), n = below(4);

	for (; n && i < log->len; i++, n--) {
		log->done[i] = true;
		store(p, log->offset[i] + 1);
	}
	trace_note("another owner works up to", p, log->committed);
}

/* -- the driver ---------------------------------------------------------------------------------- */

static void *cookie_of(unsigned task)
{
	return (void *)(uintptr_t)(task + 1);
}

static unsigned task_of(const void *cookie)
{
	return (unsigned)(uintptr_t)cookie - 1;
}

static void take_commit(const struct pm_action *action)
{
	w.committing = true;
	w.applied = false;
	w.ncommit = action->npositions;
	for (size_t i = 0; i < action->npositions; i++) {
		w.commit[i].partition = action->positions[i].partition;
		w.commit[i].offset = action->positions[i].offset;
		w.commit[i].generation = w.log[action->positions[i].partition].generation;
	}
	if (chance(50) && (w.kind || !chance(w.failures)))
		apply_commit();
}

static void page_done(const struct pm_action *action)
{
	struct log *log = &w.log[action->src.partition];

	for (size_t i = 0; i < log->len; i++)
		if (log->offset[i] == action->src.offset)
			log->done[i] = true;
}

static void act(const struct pm_action *action)
{
	unsigned task = task_of(action->cookie);

	switch (action->kind) {
	case PM_ACT_DISPATCH:
		w.task[task].src = action->src;
		w.task[task].held = true;
		w.running[w.nrunning++] = task;
		break;
	case PM_ACT_PRODUCE:
		w.outbox[w.out_head + w.out_len++] = (struct output){ task, action->index };
		break;
	case PM_ACT_COMMIT:
		take_commit(action);
		break;
	case PM_ACT_FINISHED:
		page_done(action);
		w.task[task].held = false;
		break;
	case PM_ACT_RETURNED:
		w.task[task].held = false;
		break;
	case PM_ACT_UNASSIGN:
		w.log[action->src.partition].generation++;
		w.log[action->src.partition].returning = false;
		break;
	case PM_ACT_EXIT:
		w.left = true;
		w.status = action->status;
		break;
	default:
		break;
	}
}

static void feed(struct pm_event event)
{
	struct pm_action action;

	trace_event(w.now, &event);
	model_event(&w.model, w.now, &event);
	pm_engine_feed(w.engine, w.now, &event);
	while (pm_engine_next(w.engine, &action)) {
		trace_action(&action);
		model_action(&w.model, &action);
		act(&action);
	}
	model_check(&w.model);
}

static void feed_partition(enum pm_event_kind kind, uint32_t p)
{
	feed((struct pm_event){ .kind = kind, .src = { .partition = p } });
}

static bool is_returning(uint32_t p)
{
	return w.log[p].returning;
}

static bool may_poll(void)
{
	return w.ntasks < COOKIES && (w.wild || some_partition(is_returning) == PARTITIONS);
}

static void send_message(uint32_t p, size_t i)
{
	struct pm_event event = {
		.kind = PM_EV_MSG, .cookie = cookie_of(w.ntasks), .bytes = below(w.page_bytes + 1),
		.src = { .partition = p, .offset = w.log[p].offset[i] },
	};

	w.task[w.ntasks++] = (struct task){ .src = event.src };
	feed(event);
}

static void poll_one(void)
{
	uint32_t p = some_partition(is_readable);

	/* A paused client may still hand out what it had: rarely. */
	if (p == PARTITIONS || !may_poll() ||
	    !(pm_engine_hungry(w.engine) || (pm_engine_paused(w.engine) && chance(5))))
		return;
	send_message(p, w.log[p].next++);
}

/* Read before; or of a partition on its way out; or after all is over. */
static void poll_again(void)
{
	uint32_t p = below(w.partitions);

	if (w.ntasks == COOKIES || w.log[p].next == 0)
		return;
	if (w.model.part[p].hold == OURS && w.model.phase == GOING &&
	    w.log[p].offset[w.log[p].next - 1] >= w.model.part[p].expected)
		return;
	send_message(p, below((unsigned)w.log[p].next));
}

static void work(void)
{
	static const unsigned char outputs[] = { 0, 1, 1, 1, 1, 2, 2, 3 };
	unsigned i = below(w.nrunning), task;

	if (w.nrunning == 0)
		return;
	task = w.running[i];
	w.running[i] = w.running[--w.nrunning];
	/* A driver need not say that a page which was given up is done; it may. */
	if (!w.task[task].held && (w.kind || chance(50)))
		return;
	w.task[task].nout = outputs[below(sizeof(outputs))];
	feed((struct pm_event){ .kind = PM_EV_DONE, .src = w.task[task].src, .cookie = cookie_of(task),
				.bytes = below(w.result_bytes + 1), .nout = w.task[task].nout });
}

static void send(void)
{
	struct output out;

	if (w.out_len == 0 || w.sink_full)
		return;
	out = w.outbox[w.out_head++];
	if (--w.out_len == 0)
		w.out_head = 0;
	if (w.task[out.task].held)
		w.air[w.nair++] = out;
}

static void answer(void)
{
	size_t i = chance(70) ? 0 : below((unsigned)w.nair);
	struct output out;
	bool refused;

	if (w.nair == 0)
		return;
	out = w.air[i];
	refused = !w.kind && chance(w.task[out.task].held ? w.refusals : 50);
	w.air[i] = w.air[--w.nair];
	if (!w.task[out.task].held && (w.kind || chance(50)))
		return;
	feed((struct pm_event){ .kind = refused ? PM_EV_NACK : PM_EV_ACK, .src = w.task[out.task].src,
				.cookie = cookie_of(out.task), .index = out.index });
}

static void answer_commit(void)
{
	static const enum pm_event_kind bad[] = { PM_EV_RETRIABLE, PM_EV_UNKNOWN, PM_EV_ABORTABLE };
	struct pm_event event = { .kind = PM_EV_OK, .op = PM_ACT_COMMIT };

	if (!w.committing)
		return;
	w.committing = false;
	if (!w.kind && chance(w.model.phase == GOING ? w.failures : 50))
		event.kind = bad[below(3)];
	/* An unknown outcome may be either. */
	if (event.kind == PM_EV_OK || (event.kind == PM_EV_UNKNOWN && chance(50)))
		apply_commit();
	feed(event);
}

static void assign(uint32_t p)
{
	struct log *log = &w.log[p];

	if (!is_away(p)) {
		log->generation++;
		log->returning = false;
	} else if (!w.kind && chance(60)) {
		log->generation++;
		another_owner(p);
	}
	log->next = position_of(log);
	log->bound_said = false;
	feed((struct pm_event){ .kind = PM_EV_ASSIGN, .src = { .partition = p, .offset = log->committed } });
}

static void revoke(uint32_t p)
{
	w.log[p].returning = true;
	feed_partition(PM_EV_REVOKE, p);
}

static void revoke_some(void)
{
	bool all = chance(30);

	for (uint32_t p = 0; p < w.partitions; p++)
		if (is_ours(p) && (all || chance(30)))
			revoke(p);
}

static void lose(uint32_t p)
{
	w.log[p].generation++;
	if (chance(50))
		another_owner(p);
	feed_partition(PM_EV_LOST, p);
}

static void say_bound(uint32_t p)
{
	if (w.log[p].bound_said || !is_ours(p) || (w.log[p].next < w.log[p].len && !w.wild))
		return;
	w.log[p].bound_said = true;
	feed_partition(PM_EV_END, p);
}

/* -- one life of the process ---------------------------------------------------------------------- */

static void begin(void)
{
	static const int64_t memory[] = { 1, 300, 1000, 4000 }, pages[] = { 1, 3, 10, 40 };
	static const int64_t commits[] = { 0, 1, 50, 1000, 5000 }, pauses[] = { 1, 50, 300, 1000 };
	static const int64_t revokes[] = { 0, 20, 200, 1000 }, stops[] = { 0, 50, 500, 2000 };
	static const int64_t graces[] = { 0, 10, 200, 1000 };

	w.conf = (struct pm_engine_conf){
		.memory_bytes = (size_t)one_of(memory, 4), .pages_max = (size_t)one_of(pages, 4),
		.commit_ms = one_of(commits, 5), .pause_ms = one_of(pauses, 4),
		.revoke_ms = one_of(revokes, 4), .shutdown_ms = one_of(stops, 4),
		.grace_ms = one_of(graces, 4),
	};
	if (w.kind)
		w.conf.grace_ms = TIME_ENOUGH;
	w.engine = pm_engine_new(&w.conf);
	model_start(&w.model, &w.conf, w.engine);
	w.ntasks = w.nrunning = 0;
	w.out_head = w.out_len = w.nair = 0;
	w.sink_full = w.committing = w.left = false;
	w.bounded = chance(30);
	for (uint32_t p = 0; p < w.partitions; p++)
		w.log[p].returning = false;
}

/* All that the process knew is gone; its last commit may have reached the brokers or not. */
static void end(void)
{
	if (w.committing && chance(50))
		apply_commit();
	for (uint32_t p = 0; p < w.partitions; p++)
		w.log[p].generation++;
	pm_engine_free(w.engine);
	w.engine = NULL;
}

static void stray(void)
{
	uint32_t p = some_partition(is_returning);

	if (p == PARTITIONS || chance(50))
		p = below(w.partitions);
	switch (below(8)) {
	case 0: revoke(p); break;
	case 1: lose(p); break;
	case 2: assign(p); break;
	case 3: say_bound(p); break;
	case 4: poll_again(); break;
	case 5: feed_partition(PM_EV_TICK, 0); break;
	case 6: answer_commit(); break;
	case 7: feed_partition(PM_EV_END, p); break;
	}
}

static void do_deed(enum deed deed);

/* What a driver may still feed while it closes. */
static void close_down(void)
{
	for (unsigned i = below(CLOSING); i > 0; i--) {
		switch (below(8)) {
		case 0: feed_partition(PM_EV_STOP, 0); break;
		case 1: feed((struct pm_event){ .kind = PM_EV_FATAL }); break;
		case 2: work(); break;
		case 3: answer(); break;
		default: stray(); break;
		}
	}
	for (uint32_t p = 0; p < w.partitions; p++)
		if (is_ours(p))
			revoke(p);
}

static void restart(void)
{
	if (w.left && !w.kind)
		close_down();
	else if (!w.left)
		cover(CRASHED);
	trace_note(w.left ? "the process ends" : "the process crashes", 0, 0);
	end();
	begin();
}

static void do_deed(enum deed deed)
{
	uint32_t p;

	switch (deed) {
	case PASS_TIME: w.now += below(w.dt + 1); break;
	case LEAP: w.now += below(3000); break;
	case POLL: poll_one(); break;
	case WORK: work(); break;
	case SEND: send(); break;
	case ANSWER: answer(); break;
	case COMMIT_ANSWER: answer_commit(); break;
	case ASSIGN:
		p = some_partition(is_away);
		if (p < PARTITIONS)
			assign(p);
		break;
	case REVOKE: revoke_some(); break;
	case LOSE:
		p = some_partition(is_ours);
		if (p < PARTITIONS)
			lose(p);
		break;
	case BOUND:
		if (w.bounded)
			for (p = 0; p < w.partitions; p++)
				say_bound(p);
		break;
	case TICK: feed_partition(PM_EV_TICK, 0); break;
	case STOP: feed_partition(PM_EV_STOP, 0); break;
	case FATAL: feed((struct pm_event){ .kind = PM_EV_FATAL, .status = chance(50) ? 69 : 0 }); break;
	case CRASH: restart(); break;
	case AGAIN: poll_again(); break;
	case STRAY:
		if (w.wild)
			stray();
		break;
	case SINK_TURNS: w.sink_full = chance(40); break;
	case DEEDS: break;
	}
}

static enum deed choose(void)
{
	unsigned at = below(w.total);
	enum deed deed = 0;

	while (at >= w.weight[deed])
		at -= w.weight[deed++];
	return deed;
}

static void make_logs(void)
{
	w.partitions = 1 + below(PARTITIONS);
	for (uint32_t p = 0; p < w.partitions; p++) {
		struct log *log = &w.log[p];
		int64_t offset = below(3);

		*log = (struct log){ .len = below(LOG + 1) / (1 + w.partitions / 3), .committed = offset };
		for (size_t i = 0; i < log->len; i++) {
			offset += chance(15) ? 1 + below(5) : 0;
			log->offset[i] = offset++;
		}
	}
}

static void make_weather(void)
{
	static const int64_t steps[] = { 0, 2, 20, 100 };

	w.dt = (unsigned)one_of(steps, 4);
	w.page_bytes = below(400);
	w.result_bytes = below(400);
	w.refusals = chance(50) ? below(50) : 0;
	w.failures = chance(80) ? below(90) : 0;
	w.wild = chance(40);
	w.total = 0;
	for (int i = 0; i < DEEDS; i++) {
		w.weight[i] = usual[i] * (1 + below(16));
		w.total += w.weight[i];
	}
}

/* -- kind weather: everything must come to its end by itself --------------------------------------- */

static bool all_done(void)
{
	for (uint32_t p = 0; p < w.partitions; p++) {
		const struct log *log = &w.log[p];

		if (log->len && log->committed <= log->offset[log->len - 1])
			return false;
	}
	return true;
}

static bool unbound(uint32_t p)
{
	return is_ours(p) && w.log[p].next == w.log[p].len && !w.log[p].bound_said;
}

/* Whatever can be done without waiting, one piece of it; false: there is nothing. */
static bool one_piece(bool ending)
{
	uint32_t p;

	if (w.nair)
		answer();
	else if (w.out_len)
		send();
	else if (w.nrunning)
		work();
	else if (w.committing)
		answer_commit();
	else if (w.model.phase == GOING && (p = some_partition(is_away)) < PARTITIONS)
		assign(p);
	else if (pm_engine_hungry(w.engine) && some_partition(is_readable) < PARTITIONS && may_poll())
		poll_one();
	else if (ending && w.model.phase == GOING && (p = some_partition(unbound)) < PARTITIONS)
		say_bound(p);
	else
		return false;
	return true;
}

static void kind_weather(void)
{
	bool ending = chance(50), stopped = false;
	bool well = w.model.phase == GOING &&
	     w.conf.grace_ms >= TIME_ENOUGH;
	uint64_t returned = w.model.stats.returned;

	w.kind = true;
	w.wild = w.sink_full = false;
	if (w.ntasks > COOKIES / 2) {
		restart();
		returned = 0;
	}
	for (int i = 0; !w.left || !all_done(); i++) {
		int64_t at;

		PROMISE(i < KIND_STEPS_MAX, "no end in kind weather");
		if (w.left) {
			PROMISE(!well || w.status == 0, "EXIT %d in kind weather", w.status);
			restart();
			stopped = false;
			well = true;
			returned = 0;
		}
		PROMISE(w.model.stats.returned == returned, "pages returned in kind weather");
		if (one_piece(ending))
			continue;
		at = pm_engine_deadline(w.engine);
		if (at != INT64_MAX) {
			w.now = at;
			feed_partition(PM_EV_TICK, 0);
			continue;
		}
		PROMISE(!ending && !stopped && all_done(), "it hangs: nothing happens, nothing is awaited");
		stopped = true;
		feed_partition(PM_EV_STOP, 0);
	}
	PROMISE(!well || w.status == 0, "EXIT %d in kind weather", w.status);
}

unsigned world_run(uint64_t seed)
{
	unsigned until;

	memset(&w, 0, offsetof(struct world, task));
	w.random = seed;
	make_logs();
	make_weather();
	w.ncommit = 0;
	w.kind = false;
	begin();
	until = STEPS_LEAST + below(STEPS_MORE);
	while (trace_steps() < until) {
		do_deed(choose());
		if ((w.left && chance(30)) || w.ntasks == COOKIES)
			restart();
	}
	kind_weather();
	end();
	return trace_steps();
}
