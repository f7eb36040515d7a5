/* filters/extract/main_model.h -- what was learnt about main text, evaluated in integers. */
#ifndef PM_FILTERS_EXTRACT_MAIN_MODEL_H
#define PM_FILTERS_EXTRACT_MAIN_MODEL_H

#include "filters/extract/main_impl.h"

enum { PM_MAIN_SCORE_MAX = PM_TREES_SCORE_MAX };

extern const struct pm_weights pm_main_words;

/* Log-odds in 1/64 for eight blocks' features. */
void pm_main_judge_first(const pm_eight *f, int16_t *score);
void pm_main_judge_second(const pm_eight *f, int16_t *score);

#endif
