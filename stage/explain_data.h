/* stage/explain_data.h -- one page's way through the chain, kept for whoever shows it: what every
 * step decided, on what grounds, and what it cost. How it looks is another file's. */
#ifndef PM_STAGE_EXPLAIN_DATA_H
#define PM_STAGE_EXPLAIN_DATA_H

#include "producer/route.h"
#include "stage/settings.h"
#include "stage/task.h"

struct pm_cost {
	int64_t nanoseconds;
	uint64_t effort;        /* units */
	size_t arena;           /* bytes of the page's memory that it left taken */
};

struct pm_explain_step {
	const struct pm_filter *filter;
	enum pm_verdict verdict;
	bool wrote;             /* it left something on the page */
	bool observed;          /* a drop that went on, because the step only observes */
	const char *reason;     /* of a drop or a failure */
	char message[256];      /* a failure's words; may be empty */
	struct pm_cost cost;
	size_t note, notes;     /* its own within page.notes */
	size_t cut, cuts;       /* within page.cuts */
	size_t removed, removes;        /* and the kinds that it was the
					 * first to count in page.removed */
};

/* Slices borrow from the message, the settings and the hand's arena and buffer, as the page
 * does. */
struct pm_explain {
	const struct pm_settings *set;
	const struct pm_message *msg;
	struct pm_page page;

	/* The envelope comes first; when it fails, no step ran. */
	enum pm_reason fault;
	char fault_message[256];
	struct pm_cost envelope;

	struct pm_explain_step *step;   /* those that ran */
	size_t steps;

	enum pm_outcome outcome;
	const char *by, *reason;        /* of a drop or failure: metric labels */
	const char *message;            /* of a failure */

	bool routed;                    /* the configuration has an output,
					 * and the page came so far */
	struct pm_routed to;
	struct pm_slice key;            /* of the record; absent: none */
	struct pm_slice record;         /* absent: none came of it */
};

/* Works on the page as a run would, with everything kept. false: out of memory. */
bool pm_explain_page(struct pm_explain *ex, const struct pm_settings *set, struct pm_hand *hand,
		     const struct pm_message *msg);
void pm_explain_free(struct pm_explain *ex);

#endif
