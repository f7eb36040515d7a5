/* consumer/source.h -- where raw pages come from: Kafka, local files.
 *
 * A source numbers its topic-partitions with small integers (slots) and reads each in rising
 * offsets. All calls come from one thread, the control thread. */
#ifndef PM_CONSUMER_SOURCE_H
#define PM_CONSUMER_SOURCE_H

#include <stdint.h>

#include "core/err.h"
#include "core/message.h"

struct pm_source;

enum pm_poll {
	PM_POLL_NONE,           /* nothing now: the wake descriptor fires when there may be */
	PM_POLL_MSG,            /* *msg is the caller's to free */
	PM_POLL_END,            /* slot `*slot` has reached its bound:
				 * nothing more will come of it */
	PM_POLL_BAD,            /* an input item is broken beyond an envelope (a local file
				 * that can't be read): err says which; the source goes on */
	PM_POLL_FATAL,          /* err says why, with an exit status: the stage must stop */
};

/* A slot and the position to read or to commit next (last finished offset + 1). */
struct pm_position {
	uint32_t slot;
	int64_t offset;
};

/* Called from within poll and close, on the control thread. `revoke` returns when the slots are no
 * longer needed: the engine drains and commits inside. `lost`: they belong to another already, and
 * nothing may be committed. `committed` reports a commit's end (err NULL: the brokers confirmed it;
 * err->status 75: the same commit may succeed a little later). */
struct pm_source_events {
	void *ctx;
	void (*assign)(void *ctx, const struct pm_position *starts, size_t n);
	void (*revoke)(void *ctx, const uint32_t *slots, size_t n, bool lost);
	void (*committed)(void *ctx, const struct pm_position *at, size_t n,
			  const struct pm_err *err);
};

/* Bounds for a replay: start and exclusive end of each topic-partition named; NULL: unbounded. */
struct pm_range {
	struct pm_range_part { const char *topic; int32_t partition; int64_t from, to; } *at;
	size_t len;
};

struct pm_lag {
	uint32_t slot;
	int64_t end;            /* last stable offset as of at most five seconds ago; -1: unknown */
};

struct pm_source_ops {
	/* Starts reading; waits until the brokers answer, at most connect_ms. -1: err with a
	 * status. */
	int (*open)(struct pm_source *s, const struct pm_range *bounds,
		    const struct pm_source_events *events, struct pm_err *err);
	enum pm_poll (*poll)(struct pm_source *s, struct pm_message **msg, uint32_t *slot,
			     struct pm_err *err);
	/* Asynchronous; ends with events->committed from a later poll or serve, never from within.
	 * A source without positions confirms at the next one. -1: not possible now (try again
	 * later). */
	int (*commit)(struct pm_source *s, const struct pm_position *at, size_t n);
	void (*pause)(struct pm_source *s, bool paused);        /* all assigned slots */
	void (*seek)(struct pm_source *s, const struct pm_position *at, size_t n);
	/* Reading state for /ready and metrics. */
	bool (*ready)(struct pm_source *s);             /* joined, and brokers reachable */
	size_t (*lag)(struct pm_source *s, struct pm_lag *out, size_t max);
	/* The names behind a slot: pm_source_topic, pm_source_partition. */
	const char *(*name)(const struct pm_source *s, uint32_t slot, int32_t *partition);
	/* Serves callbacks without taking a message: what a revocation waits with. */
	void (*serve)(struct pm_source *s);
	/* Leaves the group (revoke is called if slots are still held) and frees. NULL is fine. */
	void (*close)(struct pm_source *s);
};

struct pm_source {
	const struct pm_source_ops *ops;
	int wake;               /* descriptor (eventfd) that the
				 * source writes to; set before open */
};

/* The names behind a slot, valid until close; never NULL for a slot that the source gave out. */
const char *pm_source_topic(const struct pm_source *s, uint32_t slot);
int32_t pm_source_partition(const struct pm_source *s, uint32_t slot);

#endif
