#include "stage/engine_state.h"

#include <stdlib.h>
#include <string.h>

#include "core/sure.h"

enum { FIRST_ROW = 256, FIRST_PARTITIONS = 16 };

void pm_engine_push(struct pm_engine *e, struct pm_action action)
{
	if (e->row_len == e->row_cap) {
		size_t cap = e->row_cap ? e->row_cap * 2 : FIRST_ROW;

		e->row = pm_sure(realloc(e->row, cap * sizeof(*e->row)));
		e->row_cap = cap;
	}
	e->row[e->row_len++] = action;
}

static void *grown(void *at, size_t n, size_t size)
{
	return pm_sure(reallocarray(at, n, size));
}

struct pm_partition *pm_engine_partition(struct pm_engine *e, uint32_t slot)
{
	if (slot >= e->nparts) {
		size_t n = e->nparts ? e->nparts * 2 : FIRST_PARTITIONS;

		if (n <= slot)
			n = (size_t)slot + 1;
		e->part = grown(e->part, n, sizeof(*e->part));
		memset(e->part + e->nparts, 0, (n - e->nparts) * sizeof(*e->part));
		e->commit = grown(e->commit, n, sizeof(*e->commit));
		e->positions = grown(e->positions, n, sizeof(*e->positions));
		for (int i = 0; i < PM_LISTS; i++)
			e->list[i].at = grown(e->list[i].at, n, sizeof(*e->list[i].at));
		e->nparts = n;
	}
	return &e->part[slot];
}

struct pm_src pm_engine_src(const struct pm_engine *e, const struct pm_partition *p, int64_t offset)
{
	return (struct pm_src){ (uint32_t)(p - e->part), p->epoch, offset };
}

/* In or out, in constant time: the last one takes the place of one that goes. */
static void enlist(struct pm_engine *e, enum pm_list which, struct pm_partition *p, bool in)
{
	struct pm_slot_list *list = &e->list[which];
	size_t place = p->place[which];

	if (in == (place != 0))
		return;
	if (in) {
		list->at[list->len++] = (uint32_t)(p - e->part);
		p->place[which] = list->len;
		return;
	}
	list->at[place - 1] = list->at[--list->len];
	e->part[list->at[place - 1]].place[which] = place;
	p->place[which] = 0;
}

void pm_engine_note_dirty(struct pm_engine *e, struct pm_partition *p)
{
	enlist(e, PM_DIRTY, p, p->hold != PM_NOT_OURS && p->finished > p->committed);
}

void pm_engine_ended(struct pm_engine *e, struct pm_partition *p, bool ended)
{
	if (p->hold != PM_NOT_OURS) {
		e->nended -= p->ended;
		e->nended += ended;
	}
	p->ended = ended;
}

void pm_engine_hold(struct pm_engine *e, struct pm_partition *p, enum pm_hold hold)
{
	bool was = p->hold != PM_NOT_OURS, is = hold != PM_NOT_OURS;

	e->nours += is;
	e->nours -= was;
	e->nended += is && p->ended;
	e->nended -= was && p->ended;
	p->hold = hold;
	enlist(e, PM_LEAVING_US, p, hold == PM_REVOKING || hold == PM_PARTING);
	pm_engine_note_dirty(e, p);
}
