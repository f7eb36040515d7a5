/* stage/engine_state.h -- what the engine remembers; for its own files only.
 *
 * An event costs what it changes, however many partitions are assigned: those that have something
 * to commit and those on their way out stand in lists, all else is counted. */
#ifndef PM_STAGE_ENGINE_STATE_H
#define PM_STAGE_ENGINE_STATE_H

#include "stage/engine.h"
#include "stage/engine_ring.h"

enum pm_hold {
	PM_NOT_OURS,
	PM_OWNED,
	PM_REVOKING,            /* asked back: draining */
	PM_PARTING,             /* drained or out of time: its last commit, then UNASSIGN */
};

enum pm_list {
	PM_DIRTY,               /* finished beyond what is committed */
	PM_LEAVING_US,          /* REVOKING and PARTING */
	PM_LISTS
};

struct pm_partition {
	enum pm_hold hold;
	uint32_t epoch;
	bool ended;
	int64_t expected;       /* offsets below it were received already */
	int64_t finished;       /* end of the finished prefix */
	int64_t committed;      /* confirmed, or where we started */
	int64_t deadline;       /* of the current step of a revocation */
	struct pm_ring ring;    /* received and not yet in the finished prefix */
	size_t sent;            /* how many of the ring, from its head on, were produced */
	size_t place[PM_LISTS]; /* 1 + its index in the list; 0: not in it */
};

struct pm_slot_list {
	uint32_t *at;           /* in no particular order; room for every partition */
	size_t len;
};

enum pm_phase {
	PM_RUNNING_ON,
	PM_STOPPING,            /* draining what was taken */
	PM_LEAVING,             /* nothing under way: the last commit, then EXIT */
	PM_LEFT,
};

/* A position of the commit under way, and whose it was. */
struct pm_committing {
	int64_t offset;
	uint32_t partition, epoch;
};

struct pm_engine {
	struct pm_engine_conf conf;
	struct pm_engine_stats stats;
	int64_t now;

	struct pm_partition *part;
	size_t nparts;
	uint32_t epochs;
	struct pm_slot_list list[PM_LISTS];
	size_t nours, nended;   /* partitions that are ours; those of them that reached their
	                         * bound */

	struct pm_action *row;  /* actions not fetched yet */
	size_t row_at, row_len, row_cap;

	struct pm_committing *commit;
	struct pm_engine_position *positions;   /* the same for COMMIT's reader */
	size_t ncommit;
	bool committing;
	int64_t commit_due, retry_due;          /* commit_due is never before retry_due */

	int64_t full_since;     /* INT64_MAX: there is room */
	bool paused;

	enum pm_phase phase;
	int64_t phase_deadline; /* of STOPPING and LEAVING */
	unsigned stops;
	int status;             /* what LEAVING exits with when all is committed */
};

/* A moment `ms` from now, or never. */
static inline int64_t pm_engine_after(const struct pm_engine *e, int64_t ms)
{
	return ms > INT64_MAX - e->now ? INT64_MAX : e->now + ms;
}

/* engine_state.c. Out of memory, these abort: a lost action would be a lost page. */
void pm_engine_push(struct pm_engine *e, struct pm_action action);
/* The partition, known from now on. Pointers to others may move. */
struct pm_partition *pm_engine_partition(struct pm_engine *e, uint32_t slot);
struct pm_src pm_engine_src(const struct pm_engine *e, const struct pm_partition *p,
			    int64_t offset);
void pm_engine_hold(struct pm_engine *e, struct pm_partition *p, enum pm_hold hold);
void pm_engine_ended(struct pm_engine *e, struct pm_partition *p, bool ended);
/* To be called whenever finished, committed or hold changed. */
void pm_engine_note_dirty(struct pm_engine *e, struct pm_partition *p);

/* engine_commit.c */
/* Asks for a commit of every partition that has something to commit, unless one is under way or the
 * last one failed a moment ago. */
void pm_engine_commit(struct pm_engine *e);
/* OK, RETRIABLE, ABORTABLE or UNKNOWN. */
void pm_engine_outcome(struct pm_engine *e, const struct pm_event *event);

static inline bool pm_engine_dirty(const struct pm_partition *p)
{
	return p->place[PM_DIRTY] != 0;
}

#endif
