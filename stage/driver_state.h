/* stage/driver_state.h -- what the driver holds; for its own files only. */
#ifndef PM_STAGE_DRIVER_STATE_H
#define PM_STAGE_DRIVER_STATE_H

#include "core/metrics.h"
#include "stage/driver.h"
#include "stage/pool.h"
#include "stage/tally.h"

/* Outputs that wait for room in the sink, in the order the engine asked for them. */
struct pm_outbox {
	struct pm_outbox_entry {
		struct pm_task *task;
		unsigned index;
	} *at;
	size_t head, len, cap;          /* a ring; cap is a power of two */
};

enum { PM_DRIVER_LATER = 16 };

struct pm_driver {
	const struct pm_driver_conf *conf;
	struct pm_work *work;           /* what new pages are worked on by */
	struct pm_engine *engine;
	struct pm_pool *pool;
	struct pm_note *note;
	struct pm_admin *admin;
	int wake;
	int64_t now;

	struct pm_outbox outbox;
	/* Events that came up while actions were carried out; fed when those are through. */
	struct pm_event later[PM_DRIVER_LATER];
	size_t nlater;
	size_t letting_go;              /* partitions whose UNASSIGN a revocation waits for */
	int stops;                      /* signals that were fed */
	bool failing;                   /* a fatal fault was said */
	bool leaving;
	int status;

	struct pm_summary sum;
	uint64_t rebalances;
	uint64_t page_bytes[16], page_bytes_sum;        /* histogram of messages' sizes */
	struct pm_tally dropped, failed, produced;
	struct pm_filter_count *counts; /* summed from the workers for a rendering */
	struct pm_lag *lag;
	struct pm_metrics metrics;
	struct pm_buf text;
};

/* driver_metrics.c */
void pm_driver_metrics_open(struct pm_driver *d);
void pm_driver_metrics_close(struct pm_driver *d);
void pm_driver_metrics_render(struct pm_driver *d);
/* Whatever the work could count gets a zero. */
void pm_driver_metrics_zeros(struct pm_driver *d);
void pm_driver_count_size(struct pm_driver *d, size_t bytes);
/* Tables of everything that `run` counts, for docs/METRICS.md. */
extern const struct pm_metric pm_driver_metric_table[];

#endif
