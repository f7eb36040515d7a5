#include "tests/simulation/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 30, POSITIONS = 8 };

struct entry {
	enum { EVENT, ACTION, NOTE } what;
	unsigned step;
	int64_t now;
	struct pm_event event;
	struct pm_action action;
	struct pm_engine_position at[POSITIONS];
	const char *note;
};

static struct entry kept[KEPT];
static unsigned nkept, steps;
static uint64_t seed_now;
static int64_t now_ms;
static bool printing;

static const char *const event_names[PM_EVENTS] = {
	[PM_EV_TICK] = "TICK", [PM_EV_ASSIGN] = "ASSIGN", [PM_EV_REVOKE] = "REVOKE",
	[PM_EV_LOST] = "LOST", [PM_EV_MSG] = "MSG", [PM_EV_END] = "END", [PM_EV_DONE] = "DONE",
	[PM_EV_ACK] = "ACK",
	[PM_EV_NACK] = "NACK", [PM_EV_OK] = "OK", [PM_EV_RETRIABLE] = "RETRIABLE",
	[PM_EV_ABORTABLE] = "ABORTABLE", [PM_EV_UNKNOWN] = "UNKNOWN", [PM_EV_FATAL] = "FATAL",
	[PM_EV_STOP] = "STOP",
};

static const char *const action_names[PM_ACTIONS] = {
	[PM_ACT_DISPATCH] = "DISPATCH", [PM_ACT_BEGIN] = "BEGIN", [PM_ACT_PRODUCE] = "PRODUCE",
	[PM_ACT_SEND_OFFSETS] = "SEND_OFFSETS", [PM_ACT_COMMIT] = "COMMIT",
	[PM_ACT_ABORT] = "ABORT", [PM_ACT_SEEK] = "SEEK", [PM_ACT_UNASSIGN] = "UNASSIGN",
	[PM_ACT_NEW_PRODUCER] = "NEW_PRODUCER",
	[PM_ACT_PAUSE] = "PAUSE", [PM_ACT_RESUME] = "RESUME", [PM_ACT_FINISHED] = "FINISHED",
	[PM_ACT_RETURNED] = "RETURNED", [PM_ACT_EXIT] = "EXIT",
};

const char *trace_event_name(enum pm_event_kind kind)
{
	return event_names[kind];
}

static void print_src(struct pm_src src)
{
	printf(" %" PRIu32 "@%" PRId64 " epoch %" PRIu32, src.partition, src.offset, src.epoch);
}

static void print_event(const struct entry *entry)
{
	const struct pm_event *event = &entry->event;

	printf("step %u at %" PRId64 " ms: %s", entry->step, entry->now, event_names[event->kind]);
	if (event->kind == PM_EV_FATAL)
		printf(" status %d", event->status);
	else if (event->kind < PM_EV_OK && event->kind != PM_EV_TICK)
		print_src(event->src);
	if (event->kind == PM_EV_MSG || event->kind == PM_EV_DONE)
		printf(", %zu bytes", event->bytes);
	if (event->kind == PM_EV_DONE)
		printf(", %u outputs", event->nout);
	if (event->kind == PM_EV_ACK || event->kind == PM_EV_NACK)
		printf(", output %u", event->index);
	printf("\n");
}

static void print_action(const struct entry *entry)
{
	const struct pm_action *action = &entry->action;

	printf("    %s", action_names[action->kind]);
	if (action->kind == PM_ACT_EXIT)
		printf(" %d", action->status);
	else if (action->kind == PM_ACT_COMMIT)
		for (size_t i = 0; i < action->npositions && i < POSITIONS; i++)
			printf(" %" PRIu32 "@%" PRId64, entry->at[i].partition,
			       entry->at[i].offset);
	else if (action->kind != PM_ACT_PAUSE && action->kind != PM_ACT_RESUME)
		print_src(action->src);
	if (action->kind == PM_ACT_PRODUCE)
		printf(", output %u", action->index);
	printf("\n");
}

static void print(const struct entry *entry)
{
	if (entry->what == EVENT)
		print_event(entry);
	else if (entry->what == ACTION)
		print_action(entry);
	else
		printf("  (%s %" PRIu32 "@%" PRId64 ")\n", entry->note, entry->at[0].partition,
		       entry->at[0].offset);
}

static struct entry *next(int what)
{
	struct entry *entry = &kept[nkept++ % KEPT];

	entry->what = what;
	entry->step = steps;
	entry->now = now_ms;
	return entry;
}

void trace_start(uint64_t seed, bool live)
{
	nkept = steps = 0;
	now_ms = 0;
	seed_now = seed;
	printing = live;
}

void trace_event(int64_t now, const struct pm_event *event)
{
	struct entry *entry;

	steps++;
	now_ms = now;
	entry = next(EVENT);
	entry->event = *event;
	if (printing)
		print(entry);
}

void trace_action(const struct pm_action *action)
{
	struct entry *entry = next(ACTION);

	entry->action = *action;
	for (size_t i = 0; i < action->npositions && i < POSITIONS; i++)
		entry->at[i] = action->positions[i];
	if (printing)
		print(entry);
}

void trace_note(const char *what, uint32_t partition, int64_t offset)
{
	struct entry *entry = next(NOTE);

	entry->note = what;
	entry->at[0] = (struct pm_engine_position){ partition, offset };
	if (printing)
		print(entry);
}

unsigned trace_steps(void)
{
	return steps;
}

void broken(const char *fmt, ...)
{
	va_list ap;

	if (!printing)
		for (unsigned i = nkept > KEPT ? nkept - KEPT : 0; i < nkept; i++)
			print(&kept[i % KEPT]);
	printf("broken: seed %" PRIu64 ", step %u: ", seed_now, steps);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\nsee it all: %s --seed %" PRIu64 " --trace\n", program_invocation_name, seed_now);
	exit(1);
}
