/* filters/repair/edit.h -- a text that is changed piece by piece from front to back, with the
 * borders of its blocks moving along. Nothing is copied until the first change. */
#ifndef PM_FILTERS_REPAIR_EDIT_H
#define PM_FILTERS_REPAIR_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"

struct pm_edit {
	struct pm_arena *arena;
	struct pm_slice from;           /* the text as this step reads it */
	size_t *borders;                /* block after block its begin
					 * and end in the text, ascending */
	size_t nborders;
	/* Two buffers take turns: what one step wrote, the next one reads. */
	char *buffer[2];
	size_t cap;                     /* bytes of either */
	unsigned turn;                  /* the one that is written to */
	bool changed;                   /* by this step */
	bool failed;                    /* the arena is full, or the text outgrew its buffer */
	size_t read, written;           /* bytes of `from` done with, bytes in the buffer */
	size_t border;                  /* borders before this one have moved */
};

/* A step begins. */
void pm_edit_begin(struct pm_edit *e);
/* Puts `to` in the place of `len` bytes at `at`, which is not before the end of the last change. */
void pm_edit_replace(struct pm_edit *e, const char *at, size_t len, struct pm_slice to);
/* The step is over: `from` is what it made of the text. */
void pm_edit_end(struct pm_edit *e);

#endif
