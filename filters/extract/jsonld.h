/* filters/extract/jsonld.h -- JSON-LD as pages have it: read whatever its faults are.
 *
 * Values of all blocks of a page stand in one flat row, in the order of the source: what value n
 * holds are the values n + 1 to at[n].last. Comments, raw control bytes, quotes inside strings,
 * commas too many or too few and brackets that do not match are read over; what was there before
 * and after them stays. Time is linear in the source; memory is bounded by PM_JSONLD_VALUES and the
 * source's length. */
#ifndef PM_FILTERS_EXTRACT_JSONLD_H
#define PM_FILTERS_EXTRACT_JSONLD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum {
	PM_JSONLD_VALUES = 1 << 14,     /* of a page; what comes later is left out */
	PM_JSONLD_DEPTH = 48,           /* what lies deeper is left out */
	PM_JSONLD_NONE = UINT32_MAX,
};

enum pm_jsonld_type { PM_JSONLD_OBJECT, PM_JSONLD_ARRAY, PM_JSONLD_STRING, PM_JSONLD_WORD };

struct pm_jsonld_value {
	struct pm_slice key;    /* as in the source; absent in arrays */
	struct pm_slice raw;    /* string: between its quotes, escapes
				 * as they stand; word: true, 12, ... */
	uint32_t parent;        /* PM_JSONLD_NONE at the top */
	uint32_t last;          /* the last value inside; itself where there is none */
	uint8_t type;           /* enum pm_jsonld_type */
};

struct pm_jsonld {
	struct pm_jsonld_value *at;
	uint32_t len, cap;
};

/* Room for scripts of `bytes` in all: a value for every eight of them. false: the arena is full. */
bool pm_jsonld_open(struct pm_jsonld *j, struct pm_arena *a, size_t bytes);

/* Adds what a script holds. false: the arena is full. */
bool pm_jsonld_read(struct pm_jsonld *j, struct pm_arena *a, struct pm_slice source);

/* The member of an object; PM_JSONLD_NONE: it has none. `object` may be PM_JSONLD_NONE. */
uint32_t pm_jsonld_get(const struct pm_jsonld *j, uint32_t object, const char *key);

/* A string's text, escapes and HTML's character references resolved, on one line. Empty where it
 * shows nothing or is no string; absent when the arena is full. */
struct pm_slice pm_jsonld_text(const struct pm_jsonld *j, struct pm_arena *a, uint32_t value);

#endif
