/* consumer/local_items.h -- a file cut into items: lines, or everything as one.
 *
 * Memory is bounded by the longest item that is wanted; longer ones are counted, not kept. */
#ifndef PM_CONSUMER_LOCAL_ITEMS_H
#define PM_CONSUMER_LOCAL_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/inflow.h"
#include "core/slice.h"

enum pm_items {
	PM_ITEMS_ONE,           /* `item` is filled */
	PM_ITEMS_WAIT,          /* nothing can be read now without waiting */
	PM_ITEMS_MORE,          /* enough was read for one call: call again */
	PM_ITEMS_END,
	PM_ITEMS_FAILED,        /* errno says why */
	PM_ITEMS_DAMAGED,       /* what is packed breaks off or is damaged: the rest is lost,
				 * and `item` holds what came of its last item */
};

/* Start with { .flow = ..., .max = ... }; flow and buf are kept from one file to the next
 * (reset). */
struct pm_local_items {
	struct pm_inflow *flow; /* borrowed, open */
	bool lines;             /* items are lines; else the whole is one */
	size_t max;             /* longest item that is kept */

	char *buf;              /* owned */
	size_t cap, from, len;  /* unread bytes are buf[from .. from + len) */
	size_t seen;            /* of these, bytes that hold no line feed */
	size_t dropped;         /* bytes of a too long item that are gone already */
	uint64_t line;          /* number of the latest item's line, from 1 */
	bool eof, given;
};

struct pm_local_item {
	struct pm_slice bytes;  /* valid until the next call; without the line's end */
	size_t oversize;        /* not 0: the item's length, and bytes is absent; of a packed
				 * file only as far as it was unpacked */
};

/* The next item. Lines of nothing but white space are counted and left out; the last line may lack
 * its line feed. The whole of an empty file is one empty item. */
enum pm_items pm_local_items_next(struct pm_local_items *in, struct pm_local_item *item);
/* Ready for another file; keeps the buffer. */
void pm_local_items_reset(struct pm_local_items *in);
void pm_local_items_free(struct pm_local_items *in);

#endif
