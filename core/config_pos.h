/* core/config_pos.h -- where every member and element of a JSON text stands: path -> line:column.
 *
 * For configuration alone: jansson keeps no positions, and can't say where a name is repeated. */
#ifndef PM_CORE_CONFIG_POS_H
#define PM_CORE_CONFIG_POS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/slice.h"

/* Nesting, the outermost object counted, and values of one configuration. */
enum { PM_POS_DEPTH = 64, PM_POS_VALUES = 1 << 20 };

/* A member stands where its name begins, an element where its value does. */
struct pm_pos_node {
	struct pm_slice name;           /* without escapes; absent for elements and the root */
	uint32_t parent, index;         /* index: which element */
	uint32_t line, column;          /* from 1; columns count code points */
};

struct pm_pos {
	struct pm_pos_node *at;         /* at[0] is the root */
	uint32_t len, cap;
	uint32_t *table;                /* open addressing over (parent, name or index): node + 1 */
	uint32_t table_cap;
	struct pm_pos_text *texts;      /* names that had escapes */
};

/* Told of each fault with the node it is about. */
struct pm_pos_faults {
	void (*fault)(void *ctx, uint32_t node, uint32_t line, uint32_t column, const char *what);
	void *ctx;
};

/* Scans all of `text`, which the index borrows from. Names that are repeated are faults and the
 * scan goes on; the first fault of syntax ends it. Stricter than RFC 8259: the outermost value is
 * an object, \u0000 and lone surrogates are refused. false: there was a fault of syntax. */
bool pm_pos_scan(struct pm_pos *pos, struct pm_slice text, const struct pm_pos_faults *to);
void pm_pos_free(struct pm_pos *pos);

/* The node at a path like filters[2].length; names may hold dots themselves: the longest that
 * exists is taken. *whole: all of the path was found; else the nearest parent's node comes. */
uint32_t pm_pos_find(const struct pm_pos *pos, const char *path, bool *whole);
/* Appends the path of a node. */
void pm_pos_path(const struct pm_pos *pos, uint32_t node, struct pm_buf *to);

#endif
