/* core/arena.h -- memory that lives exactly as long as one page.
 *
 * One contiguous reservation of address space, filled from the bottom; nothing is freed before the
 * reset. Under AddressSanitizer what is not handed out is poisoned, with a gap between pieces. */
#ifndef PM_CORE_ARENA_H
#define PM_CORE_ARENA_H

#include <stdalign.h>
#include <stddef.h>

#include "core/slice.h"

struct pm_arena {
	char *base;
	size_t used, limit;     /* bytes */
	size_t kept;            /* bytes that a reset leaves resident */
	size_t touched;         /* most bytes used since memory was last given back */
};

/* Reserves `limit` bytes of address space (memory comes as it is touched). -1: the system
 * refused. */
__attribute__((warn_unused_result)) int pm_arena_open(struct pm_arena *a, size_t limit);
void pm_arena_close(struct pm_arena *a);
/* Everything handed out is gone. Memory beyond a fixed amount goes back to the system. */
void pm_arena_reset(struct pm_arena *a);

/* NULL when the limit is reached. Aligned for any type. Not zeroed. */
__attribute__((warn_unused_result)) void *pm_arena_alloc(struct pm_arena *a, size_t size);
/* `size` may exceed what will be needed: give the rest of the newest piece back with trim. Of an
 * older piece, all pieces behind it go with the rest. */
void pm_arena_trim(struct pm_arena *a, void *newest, size_t size);
/* A copy; absent when the limit is reached. Empty stays present. */
struct pm_slice pm_arena_copy(struct pm_arena *a, struct pm_slice s);
/* Bytes that one more allocation could still have. */
size_t pm_arena_left(const struct pm_arena *a);

#define PM_ARENA_NEW(a, type, n) ((type *)pm_arena_alloc_n((a), (n), sizeof(type)))
__attribute__((warn_unused_result)) void *pm_arena_alloc_n(struct pm_arena *a, size_t n,
							   size_t size);

#endif
