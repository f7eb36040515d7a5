/* stage/progress.h -- one line on a terminal that says how far a verb is; nothing anywhere else. */
#ifndef PM_STAGE_PROGRESS_H
#define PM_STAGE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Start with pm_progress_open; all calls come from one thread. */
struct pm_progress {
	bool on;                /* standard error is a terminal that can go back in a line */
	bool shown;
	int64_t began, last;    /* ms */
	uint64_t total;         /* bytes to come in all; 0: not known */
};

void pm_progress_open(struct pm_progress *p, uint64_t total);
/* A few times a second at most, however often it is called: pages and bytes since the start. */
void pm_progress_show(struct pm_progress *p, uint64_t pages, uint64_t bytes);
/* The line is gone, so that others can be written. */
void pm_progress_clear(struct pm_progress *p);

#endif
