#include "tests/simulation/sim.h"

#include <inttypes.h>

#include "tests/simulation/trace.h"

struct sim_world sim;

/* -- chance -------------------------------------------------------------------------------- */

/* SplitMix64. */
static uint64_t draw(void)
{
	uint64_t z = sim.random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned sim_below(unsigned n)
{
	return n ? (unsigned)(draw() % n) : 0;
}

bool sim_chance(unsigned percent)
{
	return sim_below(100) < percent;
}

int64_t sim_one_of(const int64_t *at, unsigned n)
{
	return at[sim_below(n)];
}

/* A partition for which `fits`; PARTITIONS: none. */
uint32_t sim_some_partition(bool (*fits)(uint32_t))
{
	uint32_t first = sim_below(sim.partitions);

	for (uint32_t i = 0; i < sim.partitions; i++) {
		uint32_t p = (first + i) % sim.partitions;

		if (fits(p))
			return p;
	}
	return PARTITIONS;
}

/* -- brokers ------------------------------------------------------------------------------- */

bool sim_is_ours(uint32_t p)
{
	return sim.model.part[p].hold != AWAY;
}

bool sim_is_away(uint32_t p)
{
	return !sim_is_ours(p);
}

bool sim_is_readable(uint32_t p)
{
	return sim.model.part[p].hold == OURS && sim.log[p].next < sim.log[p].len;
}

/* What is committed was done, all of it, and never goes back. */
static void store(uint32_t p, int64_t offset)
{
	struct sim_log *log = &sim.log[p];

	PROMISE(offset >= log->committed, "committed of %" PRIu32 " went back to %" PRId64, p,
		offset);
	for (size_t i = 0; i < log->len && log->offset[i] < offset; i++)
		PROMISE(log->done[i], "%" PRIu32 "@%" PRId64 " committed and never finished", p,
			log->offset[i]);
	log->committed = offset;
}

/* The brokers take a commit of a partition only from whoever it belongs to. */
void sim_apply_commit(void)
{
	for (size_t i = 0; i < sim.ncommit && !sim.applied; i++)
		if (sim.commit[i].generation == sim.log[sim.commit[i].partition].generation)
			store(sim.commit[i].partition, sim.commit[i].offset);
	sim.applied = true;
}

size_t sim_position_of(const struct sim_log *log)
{
	size_t i = 0;

	while (i < log->len && log->offset[i] < log->committed)
		i++;
	return i;
}

/* Another member of the group has it for a while. */
static void another_owner(uint32_t p)
{
	struct sim_log *log = &sim.log[p];
	size_t i = sim_position_of(log), n = sim_below(4);

	for (; n && i < log->len; i++, n--) {
		log->done[i] = true;
		store(p, log->offset[i] + 1);
	}
	trace_note("another owner works up to", p, log->committed);
}

/* -- the driver ---------------------------------------------------------------------------- */

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
	sim.committing = true;
	sim.applied = false;
	sim.ncommit = action->npositions;
	for (size_t i = 0; i < action->npositions; i++) {
		sim.commit[i].partition = action->positions[i].partition;
		sim.commit[i].offset = action->positions[i].offset;
		sim.commit[i].generation = sim.log[action->positions[i].partition].generation;
	}
	if (sim_chance(50) && (sim.kind || !sim_chance(sim.failures)))
		sim_apply_commit();
}

static void page_done(const struct pm_action *action)
{
	struct sim_log *log = &sim.log[action->src.partition];

	for (size_t i = 0; i < log->len; i++)
		if (log->offset[i] == action->src.offset)
			log->done[i] = true;
}

static void act(const struct pm_action *action)
{
	unsigned task = task_of(action->cookie);

	switch (action->kind) {
	case PM_ACT_DISPATCH:
		sim.task[task].src = action->src;
		sim.task[task].held = true;
		sim.running[sim.nrunning++] = task;
		break;
	case PM_ACT_PRODUCE:
		sim.outbox[sim.out_head + sim.out_len++] = (struct sim_output){ task,
										action->index };
		break;
	case PM_ACT_COMMIT:
		take_commit(action);
		break;
	case PM_ACT_FINISHED:
		page_done(action);
		sim.task[task].held = false;
		break;
	case PM_ACT_RETURNED:
		sim.task[task].held = false;
		break;
	case PM_ACT_UNASSIGN:
		sim.log[action->src.partition].generation++;
		sim.log[action->src.partition].returning = false;
		break;
	case PM_ACT_EXIT:
		sim.left = true;
		sim.status = action->status;
		break;
	default:
		break;
	}
}

void sim_feed(struct pm_event event)
{
	struct pm_action action;

	trace_event(sim.now, &event);
	model_event(&sim.model, sim.now, &event);
	pm_engine_feed(sim.engine, sim.now, &event);
	while (pm_engine_next(sim.engine, &action)) {
		trace_action(&action);
		model_action(&sim.model, &action);
		act(&action);
	}
	model_check(&sim.model);
}

void sim_feed_partition(enum pm_event_kind kind, uint32_t p)
{
	sim_feed((struct pm_event){ .kind = kind, .src = { .partition = p } });
}

bool sim_is_returning(uint32_t p)
{
	return sim.log[p].returning;
}

bool sim_may_poll(void)
{
	return sim.ntasks < SIM_COOKIES && (sim.wild ||
					    sim_some_partition(sim_is_returning) == PARTITIONS);
}

static void send_message(uint32_t p, size_t i)
{
	struct pm_event event = {
		.kind = PM_EV_MSG, .cookie = cookie_of(sim.ntasks),
		.bytes = sim_below(sim.page_bytes + 1),
		.src = { .partition = p, .offset = sim.log[p].offset[i] },
	};

	sim.task[sim.ntasks++] = (struct sim_task){ .src = event.src };
	sim_feed(event);
}

void sim_poll_one(void)
{
	uint32_t p = sim_some_partition(sim_is_readable);

	/* A paused client may still hand out what it had: rarely. */
	if (p == PARTITIONS || !sim_may_poll() ||
	    !(pm_engine_hungry(sim.engine) || (pm_engine_paused(sim.engine) && sim_chance(5))))
		return;
	send_message(p, sim.log[p].next++);
}

/* Read before; or of a partition on its way out; or after all is over. */
void sim_poll_again(void)
{
	uint32_t p = sim_below(sim.partitions);

	if (sim.ntasks == SIM_COOKIES || sim.log[p].next == 0)
		return;
	if (sim.model.part[p].hold == OURS && sim.model.phase == GOING &&
	    sim.log[p].offset[sim.log[p].next - 1] >= sim.model.part[p].expected)
		return;
	send_message(p, sim_below((unsigned)sim.log[p].next));
}

void sim_work(void)
{
	static const unsigned char outputs[] = { 0, 1, 1, 1, 1, 2, 2, 3 };
	unsigned i = sim_below(sim.nrunning), task;

	if (sim.nrunning == 0)
		return;
	task = sim.running[i];
	sim.running[i] = sim.running[--sim.nrunning];
	/* A driver need not say that a page which was given up is done; it may. */
	if (!sim.task[task].held && (sim.kind || sim_chance(50)))
		return;
	sim.task[task].nout = outputs[sim_below(sizeof(outputs))];
	sim_feed((struct pm_event){ .kind = PM_EV_DONE, .src = sim.task[task].src,
				    .cookie = cookie_of(task),
				.bytes = sim_below(sim.result_bytes + 1),
				.nout = sim.task[task].nout });
}

void sim_send(void)
{
	struct sim_output out;

	if (sim.out_len == 0 || sim.sink_full)
		return;
	out = sim.outbox[sim.out_head++];
	if (--sim.out_len == 0)
		sim.out_head = 0;
	if (sim.task[out.task].held)
		sim.air[sim.nair++] = out;
}

void sim_answer(void)
{
	size_t i = sim_chance(70) ? 0 : sim_below((unsigned)sim.nair);
	struct sim_output out;
	bool refused;

	if (sim.nair == 0)
		return;
	out = sim.air[i];
	refused = !sim.kind && sim_chance(sim.task[out.task].held ? sim.refusals : 50);
	sim.air[i] = sim.air[--sim.nair];
	if (!sim.task[out.task].held && (sim.kind || sim_chance(50)))
		return;
	sim_feed((struct pm_event){ .kind = refused ? PM_EV_NACK : PM_EV_ACK,
				    .src = sim.task[out.task].src,
				.cookie = cookie_of(out.task), .index = out.index });
}

void sim_answer_commit(void)
{
	static const enum pm_event_kind bad[] = { PM_EV_RETRIABLE, PM_EV_UNKNOWN, PM_EV_ABORTABLE };
	struct pm_event event = { .kind = PM_EV_OK, .op = PM_ACT_COMMIT };

	if (!sim.committing)
		return;
	sim.committing = false;
	if (!sim.kind && sim_chance(sim.model.phase == GOING ? sim.failures : 50))
		event.kind = bad[sim_below(3)];
	/* An unknown outcome may be either. */
	if (event.kind == PM_EV_OK || (event.kind == PM_EV_UNKNOWN && sim_chance(50)))
		sim_apply_commit();
	sim_feed(event);
}

void sim_assign(uint32_t p)
{
	struct sim_log *log = &sim.log[p];

	if (!sim_is_away(p)) {
		log->generation++;
		log->returning = false;
	} else if (!sim.kind && sim_chance(60)) {
		log->generation++;
		another_owner(p);
	}
	log->next = sim_position_of(log);
	log->bound_said = false;
	sim_feed((struct pm_event){ .kind = PM_EV_ASSIGN, .src = { .partition = p,
								   .offset = log->committed } });
}

void sim_revoke(uint32_t p)
{
	sim.log[p].returning = true;
	sim_feed_partition(PM_EV_REVOKE, p);
}

void sim_revoke_some(void)
{
	bool all = sim_chance(30);

	for (uint32_t p = 0; p < sim.partitions; p++)
		if (sim_is_ours(p) && (all || sim_chance(30)))
			sim_revoke(p);
}

void sim_lose(uint32_t p)
{
	sim.log[p].generation++;
	if (sim_chance(50))
		another_owner(p);
	sim_feed_partition(PM_EV_LOST, p);
}

void sim_say_bound(uint32_t p)
{
	if (sim.log[p].bound_said || !sim_is_ours(p) || (sim.log[p].next < sim.log[p].len &&
							 !sim.wild))
		return;
	sim.log[p].bound_said = true;
	sim_feed_partition(PM_EV_END, p);
}
