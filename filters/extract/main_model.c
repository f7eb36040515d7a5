/* filters/extract/main_model.c -- the learnt parts: words' weights and two models of boosted
 * trees. */
#include "filters/extract/main_model.h"

#include "filters/extract/main.h"

#define L(...) { __VA_ARGS__ }
#define TREE(features, cuts, values) { cuts, features, values, { 0 } },
#define BIAS(bias)
static const struct pm_tree first_trees[] = {
#include "filters/data/main_first.inc"
};
static const struct pm_tree second_trees[] = {
#include "filters/data/main_second.inc"
};
#undef TREE
#undef BIAS

#define TREE(features, cuts, values)
#define BIAS(bias) bias
static const int32_t biases[] = {
#include "filters/data/main_first.inc"
	,
#include "filters/data/main_second.inc"
};

static const struct pm_weight words[] = {
#include "main_words.inc"
};

const struct pm_weights pm_main_words = { words, sizeof(words) / sizeof(*words) - 1 };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

void pm_main_judge_first(const pm_eight *f, int16_t *score)
{
	pm_trees_judge(&(struct pm_trees){ .at = first_trees,
					   .len = COUNT(first_trees),
					   .bias = biases[0] },
		       f, score);
}

void pm_main_judge_second(const pm_eight *f, int16_t *score)
{
	pm_trees_judge(&(struct pm_trees){ .at = second_trees,
					   .len = COUNT(second_trees),
					   .bias = biases[1] },
		       f, score);
}

#define BYTES(array) pm_slice((const char *)(array), sizeof(array))

struct pm_slice pm_main_learnt(unsigned part)
{
	switch (part) {
	case 0: return BYTES(words);
	case 1: return BYTES(first_trees);
	case 2: return BYTES(second_trees);
	case 3: return BYTES(biases);
	default: return (struct pm_slice){ 0 };
	}
}
