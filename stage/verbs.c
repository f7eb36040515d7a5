/* stage/verbs.c -- every verb, one line each. */
#include "stage/cli.h"

extern const struct pm_verb pm_verb_run, pm_verb_enrich, pm_verb_explain, pm_verb_feed,
	pm_verb_check;
extern const struct pm_verb pm_verb_filters, pm_verb_demo;

const struct pm_verb *const pm_verbs[] = {
	&pm_verb_run,
	&pm_verb_enrich,
	&pm_verb_explain,
	&pm_verb_feed,
	&pm_verb_check,
	&pm_verb_filters,
	&pm_verb_demo,
	NULL
};
