/* stage/tally.h -- counters under one or two labels, made as they are met, never more than a
 * bound. */
#ifndef PM_STAGE_TALLY_H
#define PM_STAGE_TALLY_H

#include <stddef.h>
#include <stdint.h>

/* Rows of one tally; what would be more is counted under "other". */
enum { PM_TALLY_MAX = 512 };

struct pm_tally_row {
	char *label[2];         /* the second is NULL where there is one */
	uint64_t n;
};

/* Start with { 0 }. */
struct pm_tally {
	struct pm_tally_row at[PM_TALLY_MAX];
	size_t len;
};

/* Adds `by` (0: only makes the row, so that its zero shows). */
void pm_tally_add(struct pm_tally *t, const char *a, const char *b, uint64_t by);
void pm_tally_free(struct pm_tally *t);

#endif
