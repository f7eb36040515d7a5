/* stage/reference.h -- pages of docs/ that are printed from the tables in the code. */
#ifndef PM_STAGE_REFERENCE_H
#define PM_STAGE_REFERENCE_H

#include <stdio.h>

#include "core/option.h"

/* "whole number, 1 to 1000", "one of a, b", ... into `to`. */
void pm_option_type_text(const struct pm_option *o, char *to, size_t size);
/* docs/FILTERS.md: every filter with its options and reasons. */
void pm_reference_filters(FILE *to);
/* docs/CONFIGURATION.md's tables: every group of settings. */
void pm_reference_settings(FILE *to);
/* docs/METRICS.md. */
void pm_reference_metrics(FILE *to);

#endif
