/* filters/boilerplate/seam_model.c -- the model of where lines ended. */
#include "filters/boilerplate/seam.h"

#define L(...) { __VA_ARGS__ }
#define TREE(features, cuts, values) { cuts, features, values, { 0 } },
#define BIAS(bias)
static const struct pm_tree trees[] = {
#include "filters/data/boilerplate_seams.inc"
};
#undef TREE
#undef BIAS

#define TREE(features, cuts, values)
#define BIAS(bias) bias
static const int32_t bias[] = {
#include "filters/data/boilerplate_seams.inc"
};

void pm_seam_judge(const pm_eight *f, int16_t score[PM_TREES_AT_ONCE])
{
	static const size_t len = sizeof(trees) / sizeof(*trees);

	pm_trees_judge(&(struct pm_trees){ trees, len, bias[0], 0, 0 }, f, score);
}

struct pm_slice pm_seam_learnt(void)
{
	return pm_slice((const char *)trees, sizeof(trees));
}
