/* stage/engine_ring.h -- the pages of one partition that are under way, oldest first.
 *
 * Offsets rise, with gaps; a page is found by its offset in log n steps. */
#ifndef PM_STAGE_ENGINE_RING_H
#define PM_STAGE_ENGINE_RING_H

#include <stddef.h>
#include <stdint.h>

enum pm_item_state {
	PM_ITEM_RUNNING,        /* a worker has it */
	PM_ITEM_READY,          /* its results wait for those before it */
	PM_ITEM_SENT,           /* every output was asked to be produced */
	PM_ITEM_FINISHED,       /* ended well, and waits for those before it */
};

struct pm_item {
	int64_t offset;
	void *cookie;
	size_t bytes;           /* message and results: what the budget is charged */
	unsigned nout, acked;
	enum pm_item_state state;
};

/* Zeroed is empty. */
struct pm_ring {
	struct pm_item *at;
	size_t head, len, cap;  /* cap is a power of two, or 0 */
};

/* The i-th oldest; i < len. */
static inline struct pm_item *pm_ring_at(const struct pm_ring *ring, size_t i)
{
	return &ring->at[(ring->head + i) & (ring->cap - 1)];
}

/* A new youngest one, not initialised; its offset must be above all others. Aborts the process when
 * out of memory: a page that can't be remembered would be lost. Moves the others: no pointer to an
 * item outlives it. */
struct pm_item *pm_ring_push(struct pm_ring *ring);
/* Forgets the oldest; len > 0. */
void pm_ring_pop(struct pm_ring *ring);
/* NULL: there is none with this offset. */
struct pm_item *pm_ring_find(const struct pm_ring *ring, int64_t offset);
void pm_ring_free(struct pm_ring *ring);

#endif
