#include "tests/simulation/world.h"

#include <stddef.h>
#include <string.h>

#include "tests/simulation/sim.h"
#include "tests/simulation/trace.h"

enum { STEPS_LEAST = 300, STEPS_MORE = 800, KIND_STEPS_MAX = 20000, CLOSING = 8 };
/* For a last commit: a commit that failed just before is not asked for again at once. */
enum { TIME_ENOUGH = 200 };

/* What a schedule may do at a step. The weights are drawn anew for each schedule. */
enum deed {
	PASS_TIME, LEAP, POLL, WORK, SEND, ANSWER, COMMIT_ANSWER, ASSIGN, REVOKE, LOSE, BOUND, TICK,
	STOP, FATAL, CRASH, AGAIN, STRAY, SINK_TURNS, DEEDS
};

static const unsigned usual[DEEDS] = {
	[PASS_TIME] = 60, [LEAP] = 2, [POLL] = 200, [WORK] = 150, [SEND] = 200, [ANSWER] = 180,
	[COMMIT_ANSWER] = 30, [ASSIGN] = 25, [REVOKE] = 8, [LOSE] = 3, [BOUND] = 8, [TICK] = 12,
	[STOP] = 3, [FATAL] = 1, [CRASH] = 1, [AGAIN] = 6, [STRAY] = 20, [SINK_TURNS] = 6,
};

static unsigned weight[DEEDS], total;

/* -- one life of the process --------------------------------------------------------------- */

static void begin(void)
{
	static const int64_t memory[] = { 1, 300, 1000, 4000 }, pages[] = { 1, 3, 10, 40 };
	static const int64_t commits[] = { 0, 1, 50, 1000, 5000 }, pauses[] = { 1, 50, 300, 1000 };
	static const int64_t revokes[] = { 0, 20, 200, 1000 }, stops[] = { 0, 50, 500, 2000 };
	static const int64_t graces[] = { 0, 10, 200, 1000 };

	sim.conf = (struct pm_engine_conf){
		.memory_bytes = (size_t)sim_one_of(memory, 4),
		.pages_max = (size_t)sim_one_of(pages, 4),
		.commit_ms = sim_one_of(commits, 5), .pause_ms = sim_one_of(pauses, 4),
		.revoke_ms = sim_one_of(revokes, 4), .shutdown_ms = sim_one_of(stops, 4),
		.grace_ms = sim_one_of(graces, 4),
	};
	if (sim.kind)
		sim.conf.grace_ms = TIME_ENOUGH;
	sim.engine = pm_engine_new(&sim.conf);
	model_start(&sim.model, &sim.conf, sim.engine);
	sim.ntasks = sim.nrunning = 0;
	sim.out_head = sim.out_len = sim.nair = 0;
	sim.sink_full = sim.committing = sim.left = false;
	sim.bounded = sim_chance(30);
	for (uint32_t p = 0; p < sim.partitions; p++)
		sim.log[p].returning = false;
}

/* All that the process knew is gone; its last commit may have reached the brokers or not. */
static void end(void)
{
	if (sim.committing && sim_chance(50))
		sim_apply_commit();
	for (uint32_t p = 0; p < sim.partitions; p++)
		sim.log[p].generation++;
	pm_engine_free(sim.engine);
	sim.engine = NULL;
}

static void stray(void)
{
	uint32_t p = sim_some_partition(sim_is_returning);

	if (p == PARTITIONS || sim_chance(50))
		p = sim_below(sim.partitions);
	switch (sim_below(8)) {
	case 0: sim_revoke(p); break;
	case 1: sim_lose(p); break;
	case 2: sim_assign(p); break;
	case 3: sim_say_bound(p); break;
	case 4: sim_poll_again(); break;
	case 5: sim_feed_partition(PM_EV_TICK, 0); break;
	case 6: sim_answer_commit(); break;
	case 7: sim_feed_partition(PM_EV_END, p); break;
	}
}

static void do_deed(enum deed deed);

/* What a driver may still feed while it closes. */
static void close_down(void)
{
	for (unsigned i = sim_below(CLOSING); i > 0; i--) {
		switch (sim_below(8)) {
		case 0: sim_feed_partition(PM_EV_STOP, 0); break;
		case 1: sim_feed((struct pm_event){ .kind = PM_EV_FATAL }); break;
		case 2: sim_work(); break;
		case 3: sim_answer(); break;
		default: stray(); break;
		}
	}
	for (uint32_t p = 0; p < sim.partitions; p++)
		if (sim_is_ours(p))
			sim_revoke(p);
}

static void restart(void)
{
	if (sim.left && !sim.kind)
		close_down();
	else if (!sim.left)
		cover(CRASHED);
	trace_note(sim.left ? "the process ends" : "the process crashes", 0, 0);
	end();
	begin();
}

static void do_deed(enum deed deed)
{
	uint32_t p;

	switch (deed) {
	case PASS_TIME: sim.now += sim_below(sim.dt + 1); break;
	case LEAP: sim.now += sim_below(3000); break;
	case POLL: sim_poll_one(); break;
	case WORK: sim_work(); break;
	case SEND: sim_send(); break;
	case ANSWER: sim_answer(); break;
	case COMMIT_ANSWER: sim_answer_commit(); break;
	case ASSIGN:
		p = sim_some_partition(sim_is_away);
		if (p < PARTITIONS)
			sim_assign(p);
		break;
	case REVOKE: sim_revoke_some(); break;
	case LOSE:
		p = sim_some_partition(sim_is_ours);
		if (p < PARTITIONS)
			sim_lose(p);
		break;
	case BOUND:
		if (sim.bounded)
			for (p = 0; p < sim.partitions; p++)
				sim_say_bound(p);
		break;
	case TICK: sim_feed_partition(PM_EV_TICK, 0); break;
	case STOP: sim_feed_partition(PM_EV_STOP, 0); break;
	case FATAL: sim_feed((struct pm_event){ .kind = PM_EV_FATAL,
						.status = sim_chance(50) ? 69 : 0 }); break;
	case CRASH: restart(); break;
	case AGAIN: sim_poll_again(); break;
	case STRAY:
		if (sim.wild)
			stray();
		break;
	case SINK_TURNS: sim.sink_full = sim_chance(40); break;
	case DEEDS: break;
	}
}

static enum deed choose(void)
{
	unsigned at = sim_below(total);
	enum deed deed = 0;

	while (at >= weight[deed])
		at -= weight[deed++];
	return deed;
}

static void make_logs(void)
{
	sim.partitions = 1 + sim_below(PARTITIONS);
	for (uint32_t p = 0; p < sim.partitions; p++) {
		struct sim_log *log = &sim.log[p];
		int64_t offset = sim_below(3);

		*log = (struct sim_log){ .committed = offset };
		log->len = sim_below(LOG + 1) / (1 + sim.partitions / 3);
		for (size_t i = 0; i < log->len; i++) {
			offset += sim_chance(15) ? 1 + sim_below(5) : 0;
			log->offset[i] = offset++;
		}
	}
}

static void make_weather(void)
{
	static const int64_t steps[] = { 0, 2, 20, 100 };

	sim.dt = (unsigned)sim_one_of(steps, 4);
	sim.page_bytes = sim_below(400);
	sim.result_bytes = sim_below(400);
	sim.refusals = sim_chance(50) ? sim_below(50) : 0;
	sim.failures = sim_chance(80) ? sim_below(90) : 0;
	sim.wild = sim_chance(40);
	total = 0;
	for (int i = 0; i < DEEDS; i++) {
		weight[i] = usual[i] * (1 + sim_below(16));
		total += weight[i];
	}
}

/* -- kind weather: everything must come to its end by itself ------------------------------- */

static bool all_done(void)
{
	for (uint32_t p = 0; p < sim.partitions; p++) {
		const struct sim_log *log = &sim.log[p];

		if (log->len && log->committed <= log->offset[log->len - 1])
			return false;
	}
	return true;
}

static bool unbound(uint32_t p)
{
	return sim_is_ours(p) && sim.log[p].next == sim.log[p].len && !sim.log[p].bound_said;
}

/* Whatever can be done without waiting, one piece of it; false: there is nothing. */
static bool one_piece(bool ending)
{
	uint32_t p;

	if (sim.nair)
		sim_answer();
	else if (sim.out_len)
		sim_send();
	else if (sim.nrunning)
		sim_work();
	else if (sim.committing)
		sim_answer_commit();
	else if (sim.model.phase == GOING && (p = sim_some_partition(sim_is_away)) < PARTITIONS)
		sim_assign(p);
	else if (pm_engine_hungry(sim.engine) && sim_some_partition(sim_is_readable) < PARTITIONS &&
		 sim_may_poll())
		sim_poll_one();
	else if (ending && sim.model.phase == GOING &&
		 (p = sim_some_partition(unbound)) < PARTITIONS)
		sim_say_bound(p);
	else
		return false;
	return true;
}

static void kind_weather(void)
{
	bool ending = sim_chance(50), stopped = false;
	bool well = sim.model.phase == GOING &&
	     sim.conf.grace_ms >= TIME_ENOUGH;
	uint64_t returned = sim.model.stats.returned;

	sim.kind = true;
	sim.wild = sim.sink_full = false;
	if (sim.ntasks > SIM_COOKIES / 2) {
		restart();
		returned = 0;
	}
	for (int i = 0; !sim.left || !all_done(); i++) {
		int64_t at;

		PROMISE(i < KIND_STEPS_MAX, "no end in kind weather");
		if (sim.left) {
			PROMISE(!well || sim.status == 0, "EXIT %d in kind weather", sim.status);
			restart();
			stopped = false;
			well = true;
			returned = 0;
		}
		PROMISE(sim.model.stats.returned == returned, "pages returned in kind weather");
		if (one_piece(ending))
			continue;
		at = pm_engine_deadline(sim.engine);
		if (at != INT64_MAX) {
			sim.now = at;
			sim_feed_partition(PM_EV_TICK, 0);
			continue;
		}
		PROMISE(!ending && !stopped && all_done(),
			"it hangs: nothing happens, nothing is awaited");
		stopped = true;
		sim_feed_partition(PM_EV_STOP, 0);
	}
	PROMISE(!well || sim.status == 0, "EXIT %d in kind weather", sim.status);
}

unsigned world_run(uint64_t seed)
{
	unsigned until;

	memset(&sim, 0, offsetof(struct sim_world, task));
	sim.random = seed;
	make_logs();
	make_weather();
	sim.ncommit = 0;
	sim.kind = false;
	begin();
	until = STEPS_LEAST + sim_below(STEPS_MORE);
	while (trace_steps() < until) {
		do_deed(choose());
		if ((sim.left && sim_chance(30)) || sim.ntasks == SIM_COOKIES)
			restart();
	}
	kind_weather();
	end();
	return trace_steps();
}
