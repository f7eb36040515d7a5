/* filters/extract/entity.h -- HTML's character references. */
#ifndef PM_FILTERS_EXTRACT_ENTITY_H
#define PM_FILTERS_EXTRACT_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

/* What stands for the reference at `p`, which is a "&": up to two code points in `cp`, the second 0
 * where there is one. Returns the reference's length in bytes, or 0: the "&" is only itself. In an
 * attribute's value a name without ";" counts only where no letter, digit or "=" follows. */
size_t pm_entity_read(const char *p, const char *end, bool attribute, uint32_t cp[2]);

/* An attribute's value with its references resolved: `raw` itself where it has none, else in the
 * arena; absent when that is full. */
struct pm_slice pm_entity_decode(struct pm_arena *a, struct pm_slice raw);

#endif
