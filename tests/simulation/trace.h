/* tests/simulation/trace.h -- what went before: the last events and actions of a schedule, and the
 * way a broken promise is reported. */
#ifndef PM_TESTS_SIMULATION_TRACE_H
#define PM_TESTS_SIMULATION_TRACE_H

#include "stage/engine.h"

/* Begins the schedule of a seed. `live` prints every entry at once. */
void trace_start(uint64_t seed, bool live);
void trace_event(int64_t now, const struct pm_event *event);
void trace_action(const struct pm_action *action);
/* What the world does without telling the engine: a crash, another owner's work. */
void trace_note(const char *what, uint32_t partition, int64_t offset);
/* Events of this schedule so far. */
unsigned trace_steps(void);
const char *trace_event_name(enum pm_event_kind kind);

/* Prints the seed, the step, the last entries and how to see them all, and ends the process. */
__attribute__((noreturn, format(printf, 1, 2))) void broken(const char *fmt, ...);

/* A promise of the engine. */
#define PROMISE(cond, ...)                                                                 \
	do {                                                                               \
		if (!(cond))                                                               \
			broken(__VA_ARGS__);                                               \
	} while (0)

#endif
