#include "filters/boilerplate/phrase.h"

static const struct pm_phrase table[] = {
#include "boilerplate.inc"
};

const struct pm_phrases pm_phrases = { table, sizeof(table) / sizeof(*table) - 1 };
