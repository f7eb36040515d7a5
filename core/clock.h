/* core/clock.h -- time for timers and metrics. A record never sees it. */
#ifndef PM_CORE_CLOCK_H
#define PM_CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Never goes back; counts from some moment of the past. */
static inline int64_t pm_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static inline int64_t pm_clock_ms(void)
{
	return pm_clock_ns() / 1000000;
}

#endif
