/* filters/worker.h -- one thread's scratch: its arena, the page's remaining effort, its counters. */
#ifndef PM_FILTERS_WORKER_H
#define PM_FILTERS_WORKER_H

#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

struct pm_worker {
	struct pm_arena arena;          /* the page's: reset before each */
	uint64_t effort;                /* units left for this page */
	char message[256];              /* the last FAIL's words; empty when it gave none */
	struct pm_buf out;              /* where the record is written */
	bool timed;                     /* take filter durations (a metric, never in a record) */
	bool explain;                   /* keep what explain shows */
};

/* `arena_bytes` bounds one page's working memory, `record_bytes` one record. */
int pm_worker_open(struct pm_worker *w, size_t arena_bytes, size_t record_bytes, struct pm_err *err);
void pm_worker_close(struct pm_worker *w);
/* Ready for the next page: arena reset, effort filled, message empty. */
void pm_worker_reset(struct pm_worker *w, uint64_t effort);

#endif
