/* producer/out.h -- one record on its way to a topic. */
#ifndef PM_PRODUCER_OUT_H
#define PM_PRODUCER_OUT_H

#include "core/message.h"
#include "core/slice.h"

enum pm_out_kind {
	PM_OUT_RECORD,
	PM_OUT_TOMBSTONE,
	PM_OUT_LETTER,
};

/* Slices borrow from the message it came of and from the block that holds it; both live until the
 * delivery is reported. */
struct pm_out {
	enum pm_out_kind kind;
	const char *topic;
	struct pm_slice key, value;             /* ptr NULL: null */
	const struct pm_header *headers;        /* in the order they are written */
	size_t nheaders;
	int64_t timestamp;                      /* milliseconds; -1: none given */
	bool dynamic;                           /* the topic's name was made from page data */
};

/* Everything that came of one page, in one block. */
struct pm_outs {
	size_t len;
	size_t bytes;           /* size of the block: what the memory budget is charged */
	struct pm_out at[];
};

#endif
