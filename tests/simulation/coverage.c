#include "tests/simulation/coverage.h"

#include <inttypes.h>
#include <stdio.h>

#include "tests/simulation/trace.h"

static uint64_t by_hold[HOLDS][PM_EVENTS], by_phase[PHASES][PM_EVENTS], by_fate[FATES][PM_EVENTS];
static uint64_t by_move[MOVED];

static const char *const hold_names[] = { "away", "ours", "draining", "parting" };
static const char *const phase_names[] = { "going", "stopping", "leaving", "left" };
static const char *const fate_names[] = {
	"ours", "draining", "parting", "away", "ours again in another epoch",
};
static const char *const move_names[] = {
#define M(name, text) text,
	MOVES(M)
#undef M
};

void cover_hold(enum hold hold, enum pm_event_kind kind)
{
	by_hold[hold][kind]++;
}

void cover_phase(enum phase phase, enum pm_event_kind kind)
{
	by_phase[phase][kind]++;
}

void cover_outcome(enum fate fate, enum pm_event_kind kind)
{
	by_fate[fate][kind]++;
}

void cover(enum move move)
{
	by_move[move]++;
}

struct tally {
	uint64_t least, lowest;
	unsigned listed, short_of;
	bool all;
};

static void one(struct tally *t, const char *what, const char *state, const char *event, uint64_t n)
{
	t->listed++;
	t->short_of += n < t->least;
	if (n < t->lowest)
		t->lowest = n;
	if (t->all || n < t->least)
		printf("  %10" PRIu64 "  %s%s%s%s\n", n, what, state, event[0] ? " x " : "", event);
}

/* Events that are about a partition, and events that end a commit. */
static bool of_partition(enum pm_event_kind kind)
{
	return kind >= PM_EV_ASSIGN && kind <= PM_EV_NACK;
}

static bool of_commit(enum pm_event_kind kind)
{
	return kind >= PM_EV_OK && kind <= PM_EV_UNKNOWN;
}

bool coverage_report(uint64_t least, bool all)
{
	struct tally t = { .least = least, .lowest = UINT64_MAX, .all = all };

	for (enum pm_event_kind kind = 0; kind < PM_EVENTS; kind++) {
		const char *name = trace_event_name(kind);

		for (int i = 0; i < HOLDS && of_partition(kind); i++)
			one(&t, "partition ", hold_names[i], name, by_hold[i][kind]);
		for (int i = 0; i < PHASES; i++)
			one(&t, "process ", phase_names[i], name, by_phase[i][kind]);
		for (int i = 0; i < FATES && of_commit(kind); i++)
			one(&t, "commit's partition ", fate_names[i], name, by_fate[i][kind]);
	}
	for (int i = 0; i < MOVED; i++)
		one(&t, "", move_names[i], "", by_move[i]);
	printf("%u transitions, the rarest taken %" PRIu64 " times, %u of them less than %" PRIu64,
	       t.listed, t.lowest, t.short_of, least);
	printf("\n");
	return t.short_of == 0;
}
