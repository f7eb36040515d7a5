#include "filters/repair/edit.h"

/* No repair makes a text longer than this by the whole: a space between two bytes is the most. */
enum { GROWTH = 2, SLACK = 256 };

void pm_edit_begin(struct pm_edit *e)
{
	e->changed = false;
	e->read = e->written = e->border = 0;
}

static bool ready(struct pm_edit *e)
{
	if (e->failed)
		return false;
	if (e->cap == 0)
		e->cap = e->from.len * GROWTH + SLACK;
	if (!e->buffer[e->turn])
		e->buffer[e->turn] = pm_arena_alloc(e->arena, e->cap);
	e->failed = e->buffer[e->turn] == NULL;
	e->changed |= !e->failed;
	return !e->failed;
}

static void write(struct pm_edit *e, const char *bytes, size_t len)
{
	if (len > e->cap - e->written) {
		e->failed = true;
		return;
	}
	memcpy(e->buffer[e->turn] + e->written, bytes, len);
	e->written += len;
}

/* Borders up to `at` of what is read go where they come to lie. */
static void move(struct pm_edit *e, size_t at)
{
	for (; e->border < e->nborders && e->borders[e->border] <= at; e->border++)
		e->borders[e->border] = e->borders[e->border] < e->read ? e->written
			: e->borders[e->border] - e->read + e->written;
}

void pm_edit_replace(struct pm_edit *e, const char *at, size_t len, struct pm_slice to)
{
	size_t to_copy = (size_t)(at - e->from.ptr) - e->read;

	if (!ready(e))
		return;
	move(e, e->read + to_copy);
	write(e, e->from.ptr + e->read, to_copy);
	if (!e->failed)
		write(e, to.ptr, to.len);
	e->read += to_copy + len;
}

void pm_edit_end(struct pm_edit *e)
{
	if (!e->changed || e->failed)
		return;
	move(e, e->from.len);
	write(e, e->from.ptr + e->read, e->from.len - e->read);
	if (e->failed)
		return;
	e->from = pm_slice(e->buffer[e->turn], e->written);
	e->turn = !e->turn;
}
