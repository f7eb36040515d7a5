/* stage/engine.h -- what happens next: a pure state machine over positions, bytes and endings.
 *
 * No clock, thread, memory of pages or Kafka inside: the driver feeds it events and carries out the
 * actions that it asks for, in order, until there are none. It decides what is taken, handed out,
 * produced, committed and given up; a page is only its source position, its size and a cookie.
 *
 *	    MSG, DISPATCH       DONE                   PRODUCE      ACK...
 *	 ---> RUNNING ---------> READY (in order) --------> SENT -----> FINISHED ---> COMMIT
 *	         \__________________\________________________\_______> RETURNED
 *
 * Invariant after every event: what is committed for a partition is at most the end of its finished
 * prefix, in the order the messages were received. */
#ifndef PM_STAGE_ENGINE_H
#define PM_STAGE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The epoch rises with every ASSIGN of a partition: results of an older one are late and die. */
struct pm_src {
	uint32_t partition;     /* the source's slot */
	uint32_t epoch;
	int64_t offset;
};

enum pm_event_kind {
	PM_EV_TICK,             /* time passed */
	PM_EV_ASSIGN,           /* src.partition is ours from src.offset on (first offset to
	                         * expect); pages that it still had from an earlier time are
	                         * RETURNED */
	PM_EV_REVOKE,           /* src.partition is asked back: drain, commit, then UNASSIGN is
	                         * asked for, once however often it was asked back meanwhile */
	PM_EV_LOST,             /* src.partition is another's already: drop, UNASSIGN, don't
	                         * commit */
	PM_EV_MSG,              /* a message: src.partition, src.offset, bytes, cookie. RETURNED at
	                         * once if it can't be taken: seen before, partition on its way out,
	                         * stopping */
	PM_EV_END,              /* src.partition reached its bound */
	PM_EV_DONE,             /* a worker finished: src, cookie, nout, bytes (of the results:
	                         * charged on top of the message's until the page ends) */
	PM_EV_ACK,              /* one output of src ended well: cookie. Each PRODUCE is answered by
	                         * one ACK or NACK */
	PM_EV_NACK,             /* one output of src was refused for good: cookie; the driver has
	                         * put another (a dead letter) in its place, which the engine asks
	                         * to PRODUCE */
	PM_EV_OK,               /* the operation `op` that was asked for succeeded */
	PM_EV_RETRIABLE,        /* `op` failed for now: the same call again, a little later */
	PM_EV_ABORTABLE,        /* `op` failed: the transaction must be aborted */
	PM_EV_UNKNOWN,          /* `op`'s outcome is not known and won't be: at_least_once waits
	                         * for no more of it; a partition whose last commit it was goes
	                         * without */
	PM_EV_FATAL,            /* the process can't go on; status says how it exits (0: 70) */
	PM_EV_STOP,             /* SIGTERM, SIGINT: drain; the second one: stop at once */
	PM_EVENTS
};

enum pm_action_kind {
	PM_ACT_DISPATCH,        /* hand src/cookie to a worker */
	PM_ACT_BEGIN,           /* a transaction (exactly_once) */
	PM_ACT_PRODUCE,         /* send output number `index` of src/cookie; one that still waits to
	                         * be sent when the page is RETURNED need not be sent */
	PM_ACT_SEND_OFFSETS,    /* positions into the transaction */
	PM_ACT_COMMIT,          /* commit `positions` (at_least_once), or the transaction. Exactly
	                         * one outcome is to be fed, however late: until then no other
	                         * COMMIT is asked for */
	PM_ACT_ABORT,
	PM_ACT_SEEK,            /* back to `positions` */
	PM_ACT_UNASSIGN,        /* src.partition is let go: the revocation of it may return */
	PM_ACT_NEW_PRODUCER,
	PM_ACT_PAUSE,           /* all partitions, once, and those assigned until RESUME: polling
	                         * goes on and should find nothing; what it finds all the same is
	                         * taken */
	PM_ACT_RESUME,
	PM_ACT_FINISHED,        /* src/cookie came to its end and counts: the engine forgets it */
	PM_ACT_RETURNED,        /* src/cookie is given up unfinished: the engine forgets it (a
	                         * worker or the producer may still hold it) */
	PM_ACT_EXIT,            /* leave with `status` (0 drained and committed, 75 not, or
	                         * FATAL's). Revocations under way have been UNASSIGNed before;
	                         * afterwards, while the driver closes, REVOKE is answered by
	                         * UNASSIGN and MSG by RETURNED */
	PM_ACTIONS
};

struct pm_engine_position {
	uint32_t partition;
	int64_t offset;         /* the next one to read */
};

struct pm_event {
	enum pm_event_kind kind;
	enum pm_action_kind op; /* OK, RETRIABLE, ABORTABLE, UNKNOWN: the outcome of which action */
	struct pm_src src;
	void *cookie;
	size_t bytes;
	unsigned nout;          /* DONE: outputs to produce (0: dropped, nothing to send) */
	unsigned index;         /* ACK, NACK: which output */
	int status;             /* FATAL */
};

struct pm_action {
	enum pm_action_kind kind;
	struct pm_src src;
	void *cookie;
	unsigned index;
	const struct pm_engine_position *positions;     /* valid until the next call */
	size_t npositions;
	int status;
};

struct pm_engine_conf {
	bool exactly_once;              /* refused by `check` until it is built */
	size_t memory_bytes;            /* budget over everything in flight */
	size_t pages_max;               /* and how many pages at most */
	int64_t commit_ms;              /* between commits of a steady group */
	int64_t pause_ms;               /* no room for this long: pause once (a third of
	                                 * max.poll.interval.ms) */
	int64_t revoke_ms;              /* a revocation drains at most this long */
	int64_t shutdown_ms;            /* STOP drains at most this long, then EXIT 75 */
	int64_t grace_ms;               /* what a last commit may take when draining is over:
	                                 * UNASSIGN comes within revoke_ms + grace_ms, EXIT within
	                                 * shutdown_ms + grace_ms. A failed commit is asked for
	                                 * again after 100 ms */
};

struct pm_engine_stats {
	uint64_t received, finished, returned;
	uint64_t late;                  /* results of an older epoch */
	uint64_t again;                 /* messages not taken: RETURNED, not counted as received */
	uint64_t commits, pauses;
	size_t bytes, pages;            /* in flight now */
};

struct pm_engine;

/* NULL: out of memory. */
struct pm_engine *pm_engine_new(const struct pm_engine_conf *conf);
void pm_engine_free(struct pm_engine *e);

/* Every event may lead to actions: all are to be fetched before the next event. A `now_ms` before
 * an earlier one counts as that. */
void pm_engine_feed(struct pm_engine *e, int64_t now_ms, const struct pm_event *event);
bool pm_engine_next(struct pm_engine *e, struct pm_action *action);

/* Whether the driver should take another message now (budget, not stopping). True as long as less
 * than the budget is used, so that one message and the results may go beyond it: a page larger than
 * what is left never waits for ever. */
bool pm_engine_hungry(const struct pm_engine *e);
/* Between PAUSE and RESUME: the driver polls on, so that the group keeps it, and expects none. */
bool pm_engine_paused(const struct pm_engine *e);
/* The epoch that a message of this slot belongs to now; 0: not assigned. */
uint32_t pm_engine_epoch(const struct pm_engine *e, uint32_t partition);
/* The end of the finished prefix, and what the brokers confirmed; -1: none yet or not assigned. */
int64_t pm_engine_finished(const struct pm_engine *e, uint32_t partition);
int64_t pm_engine_committed(const struct pm_engine *e, uint32_t partition);
/* When the next TICK is needed at the latest, always later than the last event's time; INT64_MAX:
 * no timer runs. */
int64_t pm_engine_deadline(const struct pm_engine *e);
const struct pm_engine_stats *pm_engine_stats(const struct pm_engine *e);

#endif
