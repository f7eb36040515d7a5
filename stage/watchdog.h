/* stage/watchdog.h -- notices a page that outlives limits.page_ms.
 *
 * A page is too slow when its worker spent that much processor time on it, or when as much time
 * went by and the worker stands still (it sleeps, or waits for a lock that nobody gives back). One
 * that only waits for its turn on a busy machine is left alone, up to ten times the limit. Time in
 * which the whole process was stopped doesn't count. */
#ifndef PM_STAGE_WATCHDOG_H
#define PM_STAGE_WATCHDOG_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* One worker, as the watchdog saw it last. All in nanoseconds. */
struct pm_watched {
	uint32_t page;                  /* odd: works on one; rises with each begin and end */
	int64_t began;                  /* processor time when the page was first seen */
	int64_t processor;              /* … and at the last look */
	int64_t passed, still;          /* time on this page, and since
					 * its processor time last moved */
};

/* A look, `passed` after the one before. Whether the page is too slow. */
bool pm_watched_look(struct pm_watched *w, uint32_t page, int64_t processor, int64_t passed,
		     int64_t limit);

struct pm_watchdog;

struct pm_watchdog_conf {
	int64_t page_ms;
	unsigned workers;
	/* The worker's page number, as in pm_watched, and the clock of its processor time. */
	uint32_t (*page)(void *ctx, unsigned worker);
	clockid_t (*clock)(void *ctx, unsigned worker);
	/* On the watchdog's thread: this page is too slow. false: it has just ended; else the
	 * worker is left alone from here on. */
	bool (*slow)(void *ctx, unsigned worker);
	void *ctx;
};

/* Starts its thread. NULL: the system refuses one, or memory. */
struct pm_watchdog *pm_watchdog_open(const struct pm_watchdog_conf *conf);
/* NULL is fine. */
void pm_watchdog_close(struct pm_watchdog *dog);

#endif
