/* The engine's promises as short stories: what is fed, and the actions that must follow, written as
 * `KIND partition@offset`, in their order. tests/simulation/ looks for what nobody thought of. */
#include "stage/engine.h"

#include <inttypes.h>
#include <stdarg.h>

#include "tests/test.h"

enum { COMMIT_MS = 1000, PAUSE_MS = 500, REVOKE_MS = 300, SHUTDOWN_MS = 400, GRACE_MS = 200 };
enum { MEMORY = 100, PAGES = 4 };

static struct pm_engine *e;
static int64_t now;
static char said[1024];

static const char *const names[PM_ACTIONS] = {
	[PM_ACT_DISPATCH] = "DISPATCH", [PM_ACT_PRODUCE] = "PRODUCE", [PM_ACT_COMMIT] = "COMMIT",
	[PM_ACT_UNASSIGN] = "UNASSIGN", [PM_ACT_PAUSE] = "PAUSE", [PM_ACT_RESUME] = "RESUME",
	[PM_ACT_FINISHED] = "FINISHED", [PM_ACT_RETURNED] = "RETURNED", [PM_ACT_EXIT] = "EXIT",
};

__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said + len, sizeof(said) - len, fmt, ap);
	va_end(ap);
}

static void hear(const struct pm_action *action)
{
	say("%s%s", said[0] ? " " : "", names[action->kind] ? names[action->kind] : "?");
	if (action->kind == PM_ACT_EXIT)
		say(" %d", action->status);
	else if (action->kind == PM_ACT_COMMIT)
		for (size_t i = 0; i < action->npositions; i++)
			say(" %" PRIu32 "@%" PRId64, action->positions[i].partition,
			    action->positions[i].offset);
	else if (action->kind == PM_ACT_UNASSIGN)
		say(" %" PRIu32, action->src.partition);
	else if (action->kind != PM_ACT_PAUSE && action->kind != PM_ACT_RESUME)
		say(" %" PRIu32 "@%" PRId64, action->src.partition, action->src.offset);
}

/* Everything that follows from one event. */
static const char *feed(struct pm_event event)
{
	struct pm_action action;

	said[0] = 0;
	pm_engine_feed(e, now, &event);
	while (pm_engine_next(e, &action))
		hear(&action);
	return said;
}

static struct pm_src at(uint32_t partition, int64_t offset)
{
	return (struct pm_src){ partition, pm_engine_epoch(e, partition), offset };
}

static const char *part(enum pm_event_kind kind, uint32_t partition)
{
	return feed((struct pm_event){ .kind = kind, .src = { .partition = partition } });
}

static const char *assign(uint32_t partition, int64_t offset)
{
	return feed((struct pm_event){ .kind = PM_EV_ASSIGN,
				       .src = { .partition = partition, .offset = offset } });
}

static const char *msg(uint32_t partition, int64_t offset, size_t bytes)
{
	return feed((struct pm_event){ .kind = PM_EV_MSG, .bytes = bytes,
				       .src = { .partition = partition, .offset = offset } });
}

static const char *done(struct pm_src src, unsigned nout)
{
	return feed((struct pm_event){ .kind = PM_EV_DONE, .src = src, .nout = nout });
}

static const char *ack(struct pm_src src)
{
	return feed((struct pm_event){ .kind = PM_EV_ACK, .src = src });
}

static const char *outcome(enum pm_event_kind kind)
{
	return feed((struct pm_event){ .kind = kind, .op = PM_ACT_COMMIT });
}

static const char *tick_at(int64_t ms)
{
	now = ms;
	return feed((struct pm_event){ .kind = PM_EV_TICK });
}

static const char *stop(void)
{
	return feed((struct pm_event){ .kind = PM_EV_STOP });
}

#define SAYS(call, want) CHECK(strcmp((call), (want)) == 0)

static void start(void)
{
	struct pm_engine_conf conf = {
		.memory_bytes = MEMORY, .pages_max = PAGES, .pause_ms = PAUSE_MS,
		.commit_ms = COMMIT_MS, .revoke_ms = REVOKE_MS, .shutdown_ms = SHUTDOWN_MS,
		.grace_ms = GRACE_MS,
	};

	pm_engine_free(e);
	e = pm_engine_new(&conf);
	now = 0;
	SAYS(assign(0, 10), "");
}

/* One page from its message to its acknowledgement. */
static void whole_page(uint32_t partition, int64_t offset)
{
	msg(partition, offset, 1);
	done(at(partition, offset), 1);
	ack(at(partition, offset));
}

static void results_leave_in_order(void)
{
	start();
	SAYS(msg(0, 10, 1), "DISPATCH 0@10");
	SAYS(msg(0, 11, 1), "DISPATCH 0@11");
	SAYS(msg(0, 12, 1), "DISPATCH 0@12");
	SAYS(done(at(0, 12), 1), "");
	SAYS(done(at(0, 11), 0), "");
	SAYS(done(at(0, 10), 2), "PRODUCE 0@10 PRODUCE 0@10 FINISHED 0@11 PRODUCE 0@12");
}

static void only_the_finished_prefix_is_committed(void)
{
	start();
	msg(0, 10, 1);
	msg(0, 15, 1);  /* a gap: 11 to 14 hold no messages */
	done(at(0, 10), 2);
	done(at(0, 15), 1);
	SAYS(ack(at(0, 15)), "FINISHED 0@15");
	CHECK(pm_engine_finished(e, 0) == 10);
	SAYS(tick_at(COMMIT_MS), "");
	SAYS(ack(at(0, 10)), "");
	CHECK(pm_engine_finished(e, 0) == 10);
	SAYS(ack(at(0, 10)), "FINISHED 0@10");
	CHECK(pm_engine_finished(e, 0) == 16 && pm_engine_committed(e, 0) == 10);
	SAYS(tick_at(2 * COMMIT_MS - 1), "");
	SAYS(tick_at(2 * COMMIT_MS), "COMMIT 0@16");
	CHECK(pm_engine_committed(e, 0) == 10);
	SAYS(outcome(PM_EV_OK), "");
	CHECK(pm_engine_committed(e, 0) == 16);
}

static void messages_seen_before_are_not_taken(void)
{
	start();
	SAYS(msg(0, 9, 1), "RETURNED 0@9");
	SAYS(msg(0, 10, 1), "DISPATCH 0@10");
	SAYS(msg(0, 10, 1), "RETURNED 0@10");
	SAYS(msg(1, 0, 1), "RETURNED 1@0");
	CHECK(pm_engine_stats(e)->received == 1 && pm_engine_stats(e)->again == 3);
}

static void a_failed_commit_is_asked_for_again(void)
{
	start();
	whole_page(0, 10);
	SAYS(tick_at(COMMIT_MS), "COMMIT 0@11");
	SAYS(outcome(PM_EV_RETRIABLE), "");
	CHECK(pm_engine_deadline(e) == COMMIT_MS + 100);
	SAYS(tick_at(COMMIT_MS + 99), "");
	/* With what is finished by then. */
	whole_page(0, 11);
	SAYS(tick_at(COMMIT_MS + 100), "COMMIT 0@12");
	SAYS(outcome(PM_EV_UNKNOWN), "");
	CHECK(pm_engine_committed(e, 0) == 10);
	SAYS(tick_at(2 * COMMIT_MS + 100), "COMMIT 0@12");
}

static void a_revocation_drains_and_commits(void)
{
	start();
	assign(1, 0);
	msg(0, 10, 1);
	msg(1, 0, 1);
	SAYS(part(PM_EV_REVOKE, 0), "");
	SAYS(msg(0, 11, 1), "RETURNED 0@11");
	SAYS(done(at(0, 10), 1), "PRODUCE 0@10");
	SAYS(ack(at(0, 10)), "FINISHED 0@10 COMMIT 0@11");
	SAYS(outcome(PM_EV_OK), "UNASSIGN 0");
	CHECK(pm_engine_epoch(e, 0) == 0 && pm_engine_epoch(e, 1) != 0);
	CHECK(pm_engine_stats(e)->returned == 0);
	/* Nothing to do: at once. Not ours: as well. */
	assign(2, 0);
	SAYS(part(PM_EV_REVOKE, 2), "UNASSIGN 2");
	SAYS(part(PM_EV_REVOKE, 2), "UNASSIGN 2");
}

static void a_revocation_ends_in_time(void)
{
	start();
	msg(0, 10, 1);
	done(at(0, 10), 0);
	msg(0, 11, 1);
	SAYS(part(PM_EV_REVOKE, 0), "");
	CHECK(pm_engine_deadline(e) == REVOKE_MS);
	SAYS(tick_at(REVOKE_MS - 1), "");
	/* Asked again, it has no more time than before. */
	SAYS(part(PM_EV_REVOKE, 0), "");
	SAYS(tick_at(REVOKE_MS), "RETURNED 0@11 COMMIT 0@11");
	SAYS(tick_at(REVOKE_MS + GRACE_MS - 1), "");
	SAYS(tick_at(REVOKE_MS + GRACE_MS), "UNASSIGN 0");
}

static void an_older_commit_is_not_the_last_one(void)
{
	start();
	whole_page(0, 10);
	SAYS(tick_at(COMMIT_MS), "COMMIT 0@11");
	msg(0, 11, 1);
	part(PM_EV_REVOKE, 0);
	SAYS(done(at(0, 11), 0), "FINISHED 0@11");
	/* The outcome of the one before, with time left for the last. */
	SAYS(outcome(PM_EV_UNKNOWN), "");
	SAYS(tick_at(COMMIT_MS + 100), "COMMIT 0@12");
	SAYS(outcome(PM_EV_UNKNOWN), "UNASSIGN 0");
}

static void what_is_lost_is_never_committed(void)
{
	start();
	whole_page(0, 10);
	msg(0, 11, 1);
	SAYS(part(PM_EV_LOST, 0), "RETURNED 0@11 UNASSIGN 0");
	SAYS(tick_at(COMMIT_MS), "");
	CHECK(pm_engine_committed(e, 0) == -1 && pm_engine_finished(e, 0) == -1);
	CHECK(pm_engine_stats(e)->bytes == 0 && pm_engine_stats(e)->pages == 0);
}

static void late_results_die(void)
{
	struct pm_src old;

	start();
	msg(0, 10, 1);
	old = at(0, 10);
	part(PM_EV_LOST, 0);
	SAYS(done(old, 1), "");
	assign(0, 10);
	SAYS(msg(0, 10, 1), "DISPATCH 0@10");
	SAYS(done(old, 1), "");
	SAYS(ack(old), "");
	CHECK(pm_engine_stats(e)->late == 3);
	SAYS(done(at(0, 10), 1), "PRODUCE 0@10");
}

static void a_commit_confirms_nothing_of_the_next_epoch(void)
{
	start();
	whole_page(0, 10);
	SAYS(tick_at(COMMIT_MS), "COMMIT 0@11");
	part(PM_EV_LOST, 0);
	assign(0, 10);
	SAYS(outcome(PM_EV_OK), "");
	CHECK(pm_engine_committed(e, 0) == 10);
}

static void a_refused_output_is_produced_again(void)
{
	start();
	msg(0, 10, 1);
	done(at(0, 10), 1);
	SAYS(feed((struct pm_event){ .kind = PM_EV_NACK, .src = at(0, 10) }), "PRODUCE 0@10");
	SAYS(ack(at(0, 10)), "FINISHED 0@10");
}

static void a_stop_drains_and_commits(void)
{
	start();
	msg(0, 10, 1);
	SAYS(stop(), "");
	CHECK(!pm_engine_hungry(e));
	SAYS(msg(0, 11, 1), "RETURNED 0@11");
	SAYS(done(at(0, 10), 1), "PRODUCE 0@10");
	SAYS(ack(at(0, 10)), "FINISHED 0@10 COMMIT 0@11");
	SAYS(outcome(PM_EV_OK), "EXIT 0");
	CHECK(pm_engine_deadline(e) == INT64_MAX);
	/* The driver closes. */
	SAYS(part(PM_EV_REVOKE, 0), "UNASSIGN 0");
	SAYS(msg(0, 11, 1), "RETURNED 0@11");
	start();
	SAYS(stop(), "EXIT 0");
}

static void a_stop_ends_in_time(void)
{
	start();
	whole_page(0, 10);
	msg(0, 11, 1);
	stop();
	CHECK(pm_engine_deadline(e) == SHUTDOWN_MS);
	SAYS(tick_at(SHUTDOWN_MS - 1), "");
	SAYS(tick_at(SHUTDOWN_MS), "RETURNED 0@11 COMMIT 0@11");
	SAYS(tick_at(SHUTDOWN_MS + GRACE_MS - 1), "");
	SAYS(tick_at(SHUTDOWN_MS + GRACE_MS), "EXIT 75");
	/* Committed in time or not: it wasn't drained. */
	start();
	msg(0, 10, 1);
	stop();
	SAYS(tick_at(SHUTDOWN_MS), "RETURNED 0@10 EXIT 75");
}

static void a_second_stop_is_at_once(void)
{
	start();
	msg(0, 10, 1);
	part(PM_EV_REVOKE, 0);
	SAYS(stop(), "");
	SAYS(stop(), "RETURNED 0@10 UNASSIGN 0 EXIT 75");
	SAYS(stop(), "");
}

static void a_fatal_error_keeps_its_status(void)
{
	start();
	whole_page(0, 10);
	msg(0, 11, 1);
	SAYS(feed((struct pm_event){ .kind = PM_EV_FATAL, .status = 69 }),
	     "RETURNED 0@11 COMMIT 0@11");
	SAYS(outcome(PM_EV_OK), "EXIT 69");
	start();
	SAYS(feed((struct pm_event){ .kind = PM_EV_FATAL }), "EXIT 70");
	start();
	whole_page(0, 10);
	stop();
	SAYS(feed((struct pm_event){ .kind = PM_EV_FATAL, .status = 69 }), "");
	SAYS(stop(), "EXIT 69");
}

static void a_bounded_run_ends(void)
{
	start();
	assign(1, 0);
	msg(0, 10, 1);
	SAYS(part(PM_EV_END, 0), "");
	SAYS(part(PM_EV_END, 1), "");
	SAYS(done(at(0, 10), 0), "FINISHED 0@10 COMMIT 0@11");
	/* It was about to leave; now there is more to do, and a first stop is still the first. */
	SAYS(assign(2, 0), "");
	SAYS(outcome(PM_EV_OK), "");
	CHECK(pm_engine_hungry(e));
	SAYS(part(PM_EV_END, 2), "EXIT 0");
	start();
	whole_page(0, 10);
	SAYS(part(PM_EV_END, 0), "COMMIT 0@11");
	SAYS(stop(), "");
	SAYS(outcome(PM_EV_OK), "EXIT 0");
}

static void no_room_pauses_once(void)
{
	start();
	for (int i = 0; i < PAGES; i++)
		msg(0, 10 + i, 1);
	CHECK(!pm_engine_hungry(e) && !pm_engine_paused(e));
	CHECK(pm_engine_deadline(e) == PAUSE_MS);
	SAYS(tick_at(PAUSE_MS - 1), "");
	SAYS(tick_at(PAUSE_MS), "PAUSE");
	CHECK(pm_engine_paused(e));
	/* What the client had is taken all the same. */
	SAYS(msg(0, 20, 1), "DISPATCH 0@20");
	done(at(0, 10), 0);
	SAYS(done(at(0, 11), 0), "FINISHED 0@11");
	CHECK(pm_engine_paused(e) && !pm_engine_hungry(e));
	SAYS(done(at(0, 12), 0), "FINISHED 0@12 RESUME");
	CHECK(pm_engine_hungry(e) && pm_engine_stats(e)->pauses == 1);
	/* Room in between begins the time anew. */
	msg(0, 21, 1);
	msg(0, 22, 1);
	SAYS(tick_at(2 * PAUSE_MS - 1), "");
	done(at(0, 13), 0);
	msg(0, 23, 1);
	SAYS(tick_at(3 * PAUSE_MS - 2), "COMMIT 0@14");
	SAYS(tick_at(3 * PAUSE_MS - 1), "PAUSE");
}

static void the_budget_counts_messages_and_results(void)
{
	start();
	CHECK(pm_engine_hungry(e));
	msg(0, 10, MEMORY - 1);
	CHECK(pm_engine_hungry(e));
	msg(0, 11, 0);
	CHECK(pm_engine_hungry(e) && pm_engine_stats(e)->bytes == MEMORY - 1);
	msg(0, 12, 1);
	CHECK(!pm_engine_hungry(e) && pm_engine_stats(e)->bytes == MEMORY);
	feed((struct pm_event){ .kind = PM_EV_DONE, .src = at(0, 12), .bytes = 1 });
	CHECK(!pm_engine_hungry(e) && pm_engine_stats(e)->bytes == MEMORY + 1);
	done(at(0, 11), 0);
	SAYS(done(at(0, 10), 0), "FINISHED 0@10 FINISHED 0@11 FINISHED 0@12");
	CHECK(pm_engine_hungry(e));
	CHECK(pm_engine_stats(e)->bytes == 0 && pm_engine_stats(e)->pages == 0);
	/* One page larger than all of it is taken when there is room. */
	SAYS(msg(0, 13, MEMORY + 1), "DISPATCH 0@13");
	CHECK(!pm_engine_hungry(e));
}

static void many_partitions_stand_apart(void)
{
	enum { MANY = 5000 };

	start();
	for (uint32_t p = 1; p < MANY; p++)
		assign(p, 0);
	whole_page(MANY - 1, 0);
	whole_page(7, 0);
	SAYS(tick_at(COMMIT_MS), "COMMIT 4999@1 7@1");
	SAYS(part(PM_EV_LOST, MANY - 1), "UNASSIGN 4999");
	SAYS(outcome(PM_EV_OK), "");
	CHECK(pm_engine_committed(e, 7) == 1 && pm_engine_committed(e, MANY - 1) == -1);
	CHECK(pm_engine_epoch(e, MANY) == 0 && pm_engine_epoch(e, UINT32_MAX) == 0);
}

int main(void)
{
	RUN(results_leave_in_order);
	RUN(only_the_finished_prefix_is_committed);
	RUN(messages_seen_before_are_not_taken);
	RUN(a_failed_commit_is_asked_for_again);
	RUN(a_revocation_drains_and_commits);
	RUN(a_revocation_ends_in_time);
	RUN(an_older_commit_is_not_the_last_one);
	RUN(what_is_lost_is_never_committed);
	RUN(late_results_die);
	RUN(a_commit_confirms_nothing_of_the_next_epoch);
	RUN(a_refused_output_is_produced_again);
	RUN(a_stop_drains_and_commits);
	RUN(a_stop_ends_in_time);
	RUN(a_second_stop_is_at_once);
	RUN(a_fatal_error_keeps_its_status);
	RUN(a_bounded_run_ends);
	RUN(no_room_pauses_once);
	RUN(the_budget_counts_messages_and_results);
	RUN(many_partitions_stand_apart);
	pm_engine_free(e);
	return DONE();
}
