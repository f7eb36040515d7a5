/* stage/pool.h -- worker threads: tasks in, finished tasks out, in any order.
 *
 * How many tasks may be inside is the engine's decision; the pool only keeps them in two rows. */
#ifndef PM_STAGE_POOL_H
#define PM_STAGE_POOL_H

#include "stage/task.h"

struct pm_pool;

struct pm_pool_conf {
	unsigned workers;               /* at least 1 */
	size_t arena_bytes, record_bytes;
	bool timed;                     /* take filter durations */
	int wake;                       /* descriptor written to when a task is finished */
	int64_t page_ms;                /* limits.page_ms */
	struct pm_note *note;           /* NULL: none; outlives the pool */
};

/* Starts the threads. NULL: err. */
struct pm_pool *pm_pool_open(const struct pm_pool_conf *conf, struct pm_err *err);
/* Hands a task to the next free worker. */
void pm_pool_put(struct pm_pool *pool, struct pm_task *task);
/* A finished task, or NULL. */
struct pm_task *pm_pool_take(struct pm_pool *pool);
/* Whether a page took longer than page_ms: it was named, and the process is to end. Its worker
 * can't be stopped; when nobody ends the process within half a minute, SIGALRM does. */
bool pm_pool_slow(struct pm_pool *pool);
/* How long the worker that has been busy longest is on its page, in ms; 0: none is. */
int64_t pm_pool_longest(struct pm_pool *pool, int64_t now_ms);
/* Adds what the workers counted to sum, one entry a filter (pm_filters_len). */
void pm_pool_counts(struct pm_pool *pool, struct pm_filter_count *sum);
/* Tasks that no worker has begun go through `drop`; waits for the others; finished ones that nobody
 * took go through it as well. false: a page that is too slow still runs, so that nothing it may
 * refer to can be freed, the pool included. NULL is fine. */
bool pm_pool_close(struct pm_pool *pool, void (*drop)(struct pm_task *));

#endif
