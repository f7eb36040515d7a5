/* filters/names.h -- what a configured chain can produce, so that routes are checked at start. */
#ifndef PM_FILTERS_NAMES_H
#define PM_FILTERS_NAMES_H

#include <stdbool.h>

struct pm_names;

/* A record field by its path ("language.code"), or a closed value of one ("tags.type" "country",
 * "topics.id" "20000003", "page_type" "error"; value NULL: any value). -1: out of memory. */
int pm_names_add(struct pm_names *names, const char *field, const char *value);
/* Whether something in the chain, or the envelope, can write the field. */
bool pm_names_field(const struct pm_names *names, const char *field);
/* Whether it can take this value: true too where its values were left open. */
bool pm_names_value(const struct pm_names *names, const char *field, const char *value);
/* The nearest known field, or NULL: for "did you mean". */
const char *pm_names_suggest(const struct pm_names *names, const char *field);

struct pm_names *pm_names_new(void);
void pm_names_free(struct pm_names *names);

#endif
