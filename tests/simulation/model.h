/* tests/simulation/model.h -- what the engine must do, worked out a second time and naively.
 *
 * The model sees the events and the actions, never the inside of the engine. What must happen at
 * once (pages dispatched, produced, finished, returned) it knows exactly; what has a time (commits,
 * revocations, leaving) it holds to its bounds. A broken promise ends the process. */
#ifndef PM_TESTS_SIMULATION_MODEL_H
#define PM_TESTS_SIMULATION_MODEL_H

#include "stage/engine.h"
#include "tests/simulation/coverage.h"

enum { PARTITIONS = 8, LOG = 128 };      /* at most; and pages in one partition's log */

struct model_page {
	int64_t offset;
	void *cookie;
	size_t bytes;
	unsigned nout, acked;           /* outputs; and those that ended */
	enum { AT_WORK, WAITING, SENT, DONE_WITH } state;
};

struct model_partition {
	enum hold hold;
	uint32_t epoch;
	bool ended;
	int64_t start, expected, confirmed;
	struct model_page page[LOG];    /* received in this epoch, in their order */
	size_t npages, prefix, produced;        /* all; finished from the first on; asked to be
	                                         * produced */
	bool returned;                  /* the pages that weren't finished were given back */
	int64_t asked_back, parted;     /* when */
	bool unknown;                   /* its last commit's outcome isn't known */
	bool unassign_due;
	bool cut;                       /* pages were returned by its revocation */
};

struct model {
	struct pm_engine_conf conf;
	const struct pm_engine *engine;
	struct model_partition part[PARTITIONS];
	uint32_t epochs;
	int64_t now;
	enum pm_event_kind kind;        /* of the event being fed */

	enum phase phase;
	int64_t stopped, leaving;       /* when */
	unsigned stops;
	int status;
	bool at_once;                   /* EXIT is due now, whatever is not committed */
	bool abandoned;                 /* dirty partitions were let go since the process leaves */
	bool by_exit;                   /* a revocation was ended before its time: EXIT must
	                                 * follow */
	bool fatal;

	struct { int64_t offset; uint32_t partition, epoch; } commit[PARTITIONS];
	size_t ncommit;
	bool committing;

	struct { void *cookie; unsigned index; } produce[8 * LOG];      /* due in this feed, in
	                                                                 * order */
	size_t nproduce, at_produce;
	struct pm_src refused;          /* a message that must be RETURNED uncounted */
	void *refused_cookie, *dispatch_due;
	bool refuse_due;
	struct { void *cookie; enum pm_action_kind how; } end[PARTITIONS * LOG];       /* due, in
	                                                                                * any
	                                                                                * order */
	size_t nends;

	bool paused;
	int64_t full_since;
	struct pm_engine_stats stats;
};

void model_start(struct model *m, const struct pm_engine_conf *conf, const struct pm_engine *e);
/* Around each feed: the event before it, each action, and then what must hold. */
void model_event(struct model *m, int64_t now, const struct pm_event *event);
void model_action(struct model *m, const struct pm_action *action);
void model_check(struct model *m);

/* The end of the finished prefix. */
int64_t model_finished(const struct model_partition *p);
/* NULL: given up, or of an older epoch. */
struct model_page *model_find(struct model *m, struct pm_src src);

#endif
