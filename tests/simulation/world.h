/* tests/simulation/world.h -- the lives of a process: what happens, when, and how it ends. */
#ifndef PM_TESTS_SIMULATION_WORLD_H
#define PM_TESTS_SIMULATION_WORLD_H

#include <stdbool.h>
#include <stdint.h>

/* One schedule, wholly given by its seed: faults for at least 200 steps, then kind weather until
 * every page of every partition has been done. Returns how many events it fed; a broken promise
 * ends the process. */
unsigned world_run(uint64_t seed);

#endif
