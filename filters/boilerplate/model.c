/* filters/boilerplate/model.c -- the model that was learnt. */
#include "filters/boilerplate/feature.h"

#define L(...) { __VA_ARGS__ }
#define TREE(features, cuts, values) { cuts, features, values, { 0 } },
#define BIAS(bias)
static const struct pm_tree trees[] = {
#include "filters/data/boilerplate_trees.inc"
};
#undef TREE
#undef BIAS

#define TREE(features, cuts, values)
#define BIAS(bias) bias
static const int32_t bias[] = {
#include "filters/data/boilerplate_trees.inc"
};

enum { EARLY = 30, SURE = 2048 };       /* trees, and log-odds in 1/1024 after them */

void pm_piece_judge(const pm_eight *f, int16_t score[PM_TREES_AT_ONCE])
{
	static const size_t len = sizeof(trees) / sizeof(*trees);

	pm_trees_judge(&(struct pm_trees){ trees, len, bias[0], EARLY, SURE }, f, score);
}

#define BYTES(array) pm_slice((const char *)(array), sizeof(array))

struct pm_slice pm_piece_learnt(unsigned part)
{
	switch (part) {
	case 0: return BYTES(trees);
	case 1: return BYTES(bias);
	case 2: return pm_slice((const char *)pm_phrases.at, (pm_phrases.mask + 1) * sizeof(*pm_phrases.at));
	default: return (struct pm_slice){ 0 };
	}
}
