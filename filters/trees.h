/* filters/trees.h -- boosted trees in fixed point, for eight rows of features at once.
 *
 * The trees are oblivious: one question a level, so that the answers are the bits of a leaf's
 * number. Eight rows come to their leaves without a branch; SSE2 answers for all eight in one
 * comparison. */
#ifndef PM_FILTERS_TREES_H
#define PM_FILTERS_TREES_H

#include <stddef.h>
#include <stdint.h>

enum {
	PM_TREE_DEPTH = 6,
	PM_TREES_AT_ONCE = 8,
	PM_TREES_SCORE_MAX = 1023,      /* of the sum, either way */
};

/* One feature of eight rows. */
typedef int16_t pm_eight[PM_TREES_AT_ONCE];

struct pm_tree {
	int16_t cut[PM_TREE_DEPTH];     /* a feature above it answers with 1 */
	uint8_t feature[PM_TREE_DEPTH];
	int16_t value[1 << PM_TREE_DEPTH];      /* log-odds in 1/1024; the first
						 * answer is the highest bit */
	uint8_t unused[2];              /* no byte of a tree is undefined: they are digested */
};

struct pm_trees {
	const struct pm_tree *at;
	size_t len;
	int32_t bias;           /* log-odds in 1/1024 */
	/* Where all eight rows are `sure` either way after `early` trees, in 1/1024, the others
	 * aren't asked. 0: all are. */
	size_t early;
	int32_t sure;
};

/* Log-odds in 1/64 of the eight rows whose features stand at f[feature][row]. */
void pm_trees_judge(const struct pm_trees *trees, const pm_eight *f,
		    int16_t score[PM_TREES_AT_ONCE]);

#endif
