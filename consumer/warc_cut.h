/* consumer/warc_cut.h -- a WARC file cut into its records, damaged ones among them.
 *
 * Memory is bounded by the largest record that is wanted; larger ones are passed over as they come.
 * A record that is damaged costs itself: reading goes on at the next one, which in a plain file is
 * the next line that begins one, and in a packed file the next member that does. */
#ifndef PM_CONSUMER_WARC_CUT_H
#define PM_CONSUMER_WARC_CUT_H

#include "consumer/inflow.h"
#include "consumer/local_items.h"
#include "consumer/warc.h"

/* Of the records of all files, by type; and those of them that were cut short by their crawler,
 * were damaged, or were too large. */
struct pm_warc_counts {
	uint64_t type[PM_WARC_TYPES];
	uint64_t truncated, damaged, oversize;
};

/* Start with { .flow = ..., .max = ... }, and reset for every file. */
struct pm_warc_cut {
	struct pm_inflow *flow;         /* borrowed, open */
	size_t max;                     /* largest record that is kept, with its head */
	struct pm_warc_counts counts;

	char *buf;                      /* owned; unread bytes are buf[from .. from + len) */
	size_t cap, from, len;
	uint64_t at;                    /* offset of the first unread byte in the unpacked file */
	uint64_t member, member_at;     /* the latest member: where it
					 * begins unpacked, and in the file */
	uint64_t inner;                 /* where a member begins with a record, unpacked; 0: none */
	bool open;                      /* the latest member goes on */
	bool end, broken;               /* nothing more comes: of the file, of this member */

	enum pm_warc_cut_state {
		PM_CUT_RECORD,
		PM_CUT_SKIP,
		PM_CUT_SEARCH,
		PM_CUT_RESYNC,
		PM_CUT_END
	} state;
	uint64_t skip_to;               /* SKIP: unpacked offset behind the record */
	uint64_t candidate;             /* SKIP: where a record seems to
					 * begin within it; 0: nowhere */
	char fault[160];
};

struct pm_warc_item {
	struct pm_slice bytes;          /* the record, or what there is of a
					 * damaged one; until the next call */
	uint64_t offset;                /* of its member in the file, where it is the first of one
					 * (in a plain file: its own); else in the unpacked file */
	size_t oversize;                /* not 0: the record's length, and bytes is absent */
	const char *fault;              /* not NULL: why it is damaged; until the next call */
};

/* The next record that holds a page, or that is damaged. */
enum pm_items pm_warc_cut_next(struct pm_warc_cut *cut, struct pm_warc_item *item);
/* Ready for another file; keeps the buffer and the counts. */
void pm_warc_cut_reset(struct pm_warc_cut *cut);
void pm_warc_cut_free(struct pm_warc_cut *cut);

#endif
