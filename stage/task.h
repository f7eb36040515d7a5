/* stage/task.h -- one page's work: from its message to what is sent, on any worker. */
#ifndef PM_STAGE_TASK_H
#define PM_STAGE_TASK_H

#include "consumer/envelope.h"
#include "core/message.h"
#include "core/unpack.h"
#include "filters/chain.h"
#include "producer/letter.h"
#include "producer/output.h"
#include "producer/sink.h"
#include "stage/engine.h"
#include "stage/note.h"

/* How a page ended. */
enum pm_outcome {
	PM_EMITTED,
	PM_DROPPED,
	PM_REJECTED,            /* a dead letter */
};

struct pm_task;
struct pm_hand;

/* How pages are worked on: read-only, shared by all tasks that began under it. A reload makes
 * another one; the last task that lets go of the old one frees it. */
struct pm_work {
	const struct pm_envelope *envelope;
	const struct pm_chain *chain;           /* NULL where `make` is set */
	const struct pm_output *output;         /* NULL: local, the record
						 * alone and no dead letters */
	struct pm_journey journey;
	/* Optional: what comes of a page instead of the chain and the routes, on any worker, as one
	 * block that free() ends. Another reason than NONE, with words in err: the page is a dead
	 * letter. */
	enum pm_reason (*make)(const struct pm_task *task, const struct pm_page *page,
			       struct pm_hand *hand, struct pm_outs **outs, struct pm_err *err);
	uint64_t effort;                        /* units a page; 0: the default */
	const char *const *topics;              /* fixed ones that it writes: they must exist */
	size_t ntopics;
	size_t refs;                            /* the control thread's */
	void (*free)(struct pm_work *work);     /* when nobody refers to it; NULL: its maker does */
};

void pm_work_unref(struct pm_work *work);

/* One thread's tools. */
struct pm_hand {
	struct pm_worker worker;
	struct pm_route_scratch *route;
	struct pm_unpacker *unpacker;
	struct pm_filter_count *counts;         /* by pm_filter_index */
	struct pm_note *note;                   /* where this hand, as worker
						 * `number`, says what it is at */
	unsigned number;
};

/* Cookie of one output in the sink. */
struct pm_air {
	struct pm_task *task;
	unsigned index;
	bool replaced;                  /* the letter stands in its place */
};

struct pm_task {
	struct pm_task *next;           /* in the pool's rows */
	struct pm_src src;
	struct pm_message *msg;
	struct pm_work *work;           /* a reference, taken when the message came */

	/* The worker's result, read after DONE. */
	enum pm_outcome outcome;
	const char *filter, *reason;    /* of a drop or dead letter: metric
					 * labels; live as the work does */
	const char *stage;              /* of a dead letter: consume, filter, route, produce */
	char message[256];              /* its words */
	struct pm_slice url, source_id; /* local verbs name a failed page by them; owned */
	struct pm_outs *outs;           /* NULL: nothing to send */

	/* The control thread's. */
	struct pm_air *air;             /* one for each output */
	struct pm_outs *letter;         /* in the place of an output that was refused */
	enum pm_letter_size letter_size;
	unsigned in_air;                /* outputs that wait for the sink, or are in it */
	bool running, held;             /* by a worker, by the engine: freed when by nobody */
};

/* Takes msg over, also when it fails. NULL: out of memory. */
struct pm_task *pm_task_new(struct pm_message *msg, struct pm_work *work);
/* On the control thread. NULL is fine. */
void pm_task_free(struct pm_task *task);

/* Decodes, filters, writes and routes the page, on the calling thread; nothing of the hand is
 * referred to afterwards. Ends the process when memory is out. */
void pm_task_run(struct pm_task *task, struct pm_hand *hand);

/* What to send for output `index`. */
const struct pm_out *pm_task_out(const struct pm_task *task, unsigned index);
/* Bytes of everything that waits to be sent: what the memory budget is charged. */
size_t pm_task_bytes(const struct pm_task *task);
/* The sink refused this output: a dead letter takes its place, or a smaller one that of a letter.
 * false: another output's letter already says it, or nothing smaller is left; the output is
 * over. */
bool pm_task_refused(struct pm_task *task, struct pm_air *air, const struct pm_report *report);

#endif
