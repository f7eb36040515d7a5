/* stage/driver.h -- carries out what the engine decides: one control thread, N workers, one
 * descriptor that wakes it. The same for every verb that moves pages. */
#ifndef PM_STAGE_DRIVER_H
#define PM_STAGE_DRIVER_H

#include <signal.h>

#include "consumer/source.h"
#include "producer/sink.h"
#include "stage/admin.h"
#include "stage/engine.h"
#include "stage/task.h"

/* What the numbers of a finished run were; `msg=done` shows them. */
struct pm_summary {
	uint64_t received, emitted, dropped, failed, returned, produced, bad_inputs;
};

struct pm_driver_conf {
	struct pm_source *source;       /* unopened; the driver opens and closes both */
	struct pm_sink *sink;
	struct pm_work *work;           /* a reference, the driver's from here on */
	struct pm_engine_conf engine;
	unsigned workers;               /* 0: one a core */
	size_t page_bytes;              /* limits.page_bytes: sizes arenas and records */
	const char *listen;             /* admin.listen; NULL: no admin interface */
	int64_t stall_ms, page_ms;
	/* Where the crash note is kept, under which name: pm_note_open. */
	const char *note_dir, *note_name;
	bool bounded;                   /* the source ends by itself: no metrics, no admin */

	/* Optional: SIGHUP. Another work with one reference, or NULL with err: the old one
	 * stays. */
	struct pm_work *(*reload)(void *ctx, struct pm_err *err);
	/* Optional, on the control thread: a page that came to its end, in the order of its
	 * partition; an input that can't be read. */
	void (*finished)(void *ctx, const struct pm_task *task);
	void (*bad_input)(void *ctx, const struct pm_err *err);
	void *ctx;
};

/* Runs until the source ends, a signal, or a fault; returns the exit status. Installs handlers of
 * SIGTERM and SIGINT, and of signals that end the process (fatal.h). Logs why it stopped, not the
 * summary. A page that takes longer than page_ms ends the process from in here, summary included:
 * its worker still uses what the caller would free. */
int pm_driver_run(const struct pm_driver_conf *conf, struct pm_summary *sum);

/* Logs msg=done with the numbers: the last line of every verb that moves pages. */
void pm_summary_log(const struct pm_summary *sum);

/* Not 0 once SIGTERM or SIGINT came: what a source's open looks at. */
extern volatile sig_atomic_t pm_stop;

#endif
