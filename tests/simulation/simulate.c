/* Schedules of everything that can happen around the engine, each from its seed.
 *
 *	simulate --schedules 20000      seeds from --seed (1) on; --least: how often every
 *	                                transition is to be taken; --table: print all
 *	simulate --seed 17 --trace      one schedule, every event and action printed */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/simulation/coverage.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/world.h"

enum { STEPS_LEAST = 200 };

static int usage(void)
{
	fprintf(stderr,
		"usage: simulate [--schedules N] [--seed N] [--least N] [--table] [--trace]\n");
	return 64;
}

/* Not safe in a handler, but all that is left to say. */
static void crashed(int number)
{
	signal(number, SIG_DFL);
	broken("signal %d", number);
}

static int run(uint64_t schedules, uint64_t seed, uint64_t least, bool table, bool live)
{
	clock_t start = clock();
	uint64_t steps = 0;

	for (uint64_t i = 0; i < schedules; i++) {
		unsigned n;

		trace_start(seed + i, live);
		n = world_run(seed + i);
		PROMISE(n >= STEPS_LEAST, "only %u steps", n);
		steps += n;
	}
	printf("%" PRIu64 " schedules (seeds %" PRIu64 " to %" PRIu64 "), ", schedules, seed,
	       seed + schedules - 1);
	printf("%" PRIu64 " steps, %.1f s\n", steps, (double)(clock() - start) / CLOCKS_PER_SEC);
	if (live)
		return 0;
	return coverage_report(least, table) ? 0 : 1;
}

int main(int argc, char **argv)
{
	uint64_t schedules = 0, seed = 1, least = 0;
	bool table = false, live = false;

	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--trace") == 0)
			live = true;
		else if (strcmp(argv[i], "--table") == 0)
			table = true;
		else if (more && strcmp(argv[i], "--schedules") == 0)
			schedules = strtoull(argv[++i], NULL, 10);
		else if (more && strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[++i], NULL, 10);
		else if (more && strcmp(argv[i], "--least") == 0)
			least = strtoull(argv[++i], NULL, 10);
		else
			return usage();
	}
	signal(SIGSEGV, crashed);
	signal(SIGABRT, crashed);
	return run(schedules ? schedules : 1, seed, least, table, live);
}
