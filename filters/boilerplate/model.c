/* filters/boilerplate/model.c -- the models that were learnt: one for pages with
 * their lines, one for texts that lost them. */
#include "filters/boilerplate/feature.h"

#define L(...) { __VA_ARGS__ }
#define TREE(features, cuts, values) { cuts, features, values, { 0 } },
#define BIAS(bias)
static const struct pm_tree trees[] = {
#include "filters/data/boilerplate_trees.inc"
};
static const struct pm_tree joined_trees[] = {
#include "filters/data/boilerplate_joined.inc"
};
#undef TREE
#undef BIAS

#define TREE(features, cuts, values)
#define BIAS(bias) bias
static const int32_t bias[] = {
#include "filters/data/boilerplate_trees.inc"
};
static const int32_t joined_bias[] = {
#include "filters/data/boilerplate_joined.inc"
};

enum { EARLY = 30, SURE = 2048 };       /* trees, and log-odds in 1/1024 after them */

void pm_piece_judge(const pm_eight *f, bool joined, int16_t score[PM_TREES_AT_ONCE])
{
	static const struct pm_trees whole = { trees, sizeof(trees) / sizeof(*trees), 0, EARLY, SURE };
	static const struct pm_trees less = { joined_trees, sizeof(joined_trees) / sizeof(*joined_trees), 0, EARLY, SURE };
	struct pm_trees t = joined ? less : whole;

	t.bias = joined ? joined_bias[0] : bias[0];
	pm_trees_judge(&t, f, score);
}

#define BYTES(array) pm_slice((const char *)(array), sizeof(array))

struct pm_slice pm_piece_learnt(unsigned part)
{
	switch (part) {
	case 0: return BYTES(trees);
	case 1: return BYTES(bias);
	case 2: return pm_slice((const char *)pm_phrases.at, (pm_phrases.mask + 1) * sizeof(*pm_phrases.at));
	case 3: return BYTES(joined_trees);
	case 4: return BYTES(joined_bias);
	default: return (struct pm_slice){ 0 };
	}
}
