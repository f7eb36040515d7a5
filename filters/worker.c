#include "filters/worker.h"

#include <stdarg.h>
#include <stdio.h>

#include "filters/filter.h"

int pm_worker_open(struct pm_worker *w, size_t arena_bytes, size_t record_bytes, struct pm_err *err)
{
	*w = (struct pm_worker){ .out = { .max = record_bytes } };
	if (pm_arena_open(&w->arena, arena_bytes) != 0)
		return pm_fail(err, "no address space for a page's arena of %zu bytes",
			       arena_bytes);
	return 0;
}

void pm_worker_close(struct pm_worker *w)
{
	pm_arena_close(&w->arena);
	pm_buf_free(&w->out);
}

void pm_worker_reset(struct pm_worker *w, uint64_t effort)
{
	pm_arena_reset(&w->arena);
	pm_buf_reset(&w->out);
	w->effort = effort ? effort : PM_EFFORT_DEFAULT;
	w->message[0] = 0;
}

bool pm_spend(struct pm_worker *worker, uint32_t effort)
{
	if (worker->effort < effort) {
		worker->effort = 0;
		return false;
	}
	worker->effort -= effort;
	return true;
}

struct pm_result pm_page_fail(struct pm_worker *worker, unsigned reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(worker->message, sizeof(worker->message), fmt, ap);
	va_end(ap);
	return (struct pm_result){ PM_FAIL, reason };
}
