#include "stage/tally.h"

#include <stdlib.h>
#include <string.h>

static struct pm_tally_row *find(struct pm_tally *t, const char *a, const char *b)
{
	for (size_t i = 0; i < t->len; i++)
		if (strcmp(t->at[i].label[0], a) == 0 && (!b || strcmp(t->at[i].label[1], b) == 0))
			return &t->at[i];
	return NULL;
}

void pm_tally_add(struct pm_tally *t, const char *a, const char *b, uint64_t by)
{
	struct pm_tally_row *row = find(t, a, b);

	if (row) {
		row->n += by;
		return;
	}
	/* The last row is kept for all that come too late. */
	if (t->len == PM_TALLY_MAX - 1 && strcmp(a, "other") != 0) {
		pm_tally_add(t, "other", b ? "other" : NULL, by);
		return;
	}
	if (t->len == PM_TALLY_MAX)
		return;
	row = &t->at[t->len];
	*row = (struct pm_tally_row){ .label = { strdup(a), b ? strdup(b) : NULL }, .n = by };
	if (!row->label[0] || (b && !row->label[1])) {
		free(row->label[0]);
		free(row->label[1]);
		return;
	}
	t->len++;
}

void pm_tally_free(struct pm_tally *t)
{
	for (size_t i = 0; i < t->len; i++) {
		free(t->at[i].label[0]);
		free(t->at[i].label[1]);
	}
	t->len = 0;
}
