/* filters/boilerplate/repeat.c -- pieces that say what others said. */
#include "filters/boilerplate/piece.h"

enum {
	TRIES = 64,             /* slots looked at: who makes hashes
				 * collide is missed, not waited for */
};

/* Pieces by their hashes; a slot holds a piece's number plus 1. */
struct table {
	uint32_t *slots, mask;
	const struct pm_piece *at;
};

/* The slot with the hash, else an empty one; NULL: neither is near. */
static uint32_t *find(const struct table *t, uint32_t h)
{
	uint32_t at = pm_phrase_mix(h);

	for (unsigned i = 0; i < TRIES; i++) {
		uint32_t *slot = &t->slots[(at + i) & t->mask];

		if (!*slot || t->at[*slot - 1].hash == h)
			return slot;
	}
	return NULL;
}

static void mark_repeats(struct table *t, struct pm_pieces *pieces)
{
	memset(t->slots, 0, (t->mask + 1) * sizeof(*t->slots));
	for (uint32_t i = 0; i < pieces->len; i++) {
		struct pm_piece *p = &pieces->at[i];
		uint32_t *slot = p->words ? find(t, p->hash) : NULL;

		if (!slot)
			continue;
		if (!*slot) {
			*slot = i + 1;
			continue;
		}
		p->flags |= PM_PIECE_REPEAT;
		pieces->at[*slot - 1].flags |= PM_PIECE_REPEATED;
	}
}

bool pm_pieces_repeats(struct pm_arena *a, struct pm_pieces *pieces)
{
	struct table t = { .at = pieces->at, .mask = 63 };

	while (t.mask < pieces->len * 2)
		t.mask = t.mask * 2 + 1;
	t.slots = PM_ARENA_NEW(a, uint32_t, (size_t)t.mask + 1);
	if (!t.slots)
		return false;
	mark_repeats(&t, pieces);
	return true;
}
