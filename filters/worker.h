/* filters/worker.h -- one thread's scratch: its arena, the page's remaining effort, its last
 * words. */
#ifndef PM_FILTERS_WORKER_H
#define PM_FILTERS_WORKER_H

#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

/* Effort of a page where limits.effort is 0. A unit is about a byte looked at; the default chain
 * needs 5 to 30 a byte, so that this leaves room for the largest page and stops what explodes. */
#define PM_EFFORT_DEFAULT UINT64_C(1000000000)

struct pm_worker {
	struct pm_arena arena;          /* the page's: reset before each */
	uint64_t effort;                /* units left for this page */
	char message[256];              /* the last FAIL's words; empty when it gave none */
	struct pm_buf out;              /* where the record is written */
	bool timed;                     /* take filter durations (a metric, never in a record) */
};

/* `arena_bytes` bounds one page's working memory, `record_bytes` one record. -1: err. */
int pm_worker_open(struct pm_worker *w, size_t arena_bytes, size_t record_bytes,
		   struct pm_err *err);
/* A zeroed worker is fine. */
void pm_worker_close(struct pm_worker *w);
/* Ready for the next page: arena and buffer empty, effort filled (0: the default), message
 * empty. */
void pm_worker_reset(struct pm_worker *w, uint64_t effort);

#endif
