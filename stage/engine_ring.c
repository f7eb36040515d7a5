#include "stage/engine_ring.h"

#include <stdlib.h>

#include "core/sure.h"

enum { FIRST_CAP = 64 };

static void grow(struct pm_ring *ring)
{
	size_t cap = ring->cap ? ring->cap * 2 : FIRST_CAP;
	struct pm_item *at = pm_sure(malloc(cap * sizeof(*at)));

	for (size_t i = 0; i < ring->len; i++)
		at[i] = *pm_ring_at(ring, i);
	free(ring->at);
	ring->at = at;
	ring->cap = cap;
	ring->head = 0;
}

struct pm_item *pm_ring_push(struct pm_ring *ring)
{
	if (ring->len == ring->cap)
		grow(ring);
	return pm_ring_at(ring, ring->len++);
}

void pm_ring_pop(struct pm_ring *ring)
{
	ring->head++;
	ring->len--;
}

struct pm_item *pm_ring_find(const struct pm_ring *ring, int64_t offset)
{
	size_t low = 0;

	for (size_t high = ring->len; low < high;) {
		size_t mid = low + (high - low) / 2;

		if (pm_ring_at(ring, mid)->offset < offset)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == ring->len || pm_ring_at(ring, low)->offset != offset)
		return NULL;
	return pm_ring_at(ring, low);
}

void pm_ring_free(struct pm_ring *ring)
{
	free(ring->at);
	*ring = (struct pm_ring){ 0 };
}
