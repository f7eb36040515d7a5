#include "filters/trees.h"

#include <stdbool.h>

#include "core/simd.h"

static void leaves_portable(const struct pm_tree *t, const pm_eight *f, uint16_t *leaf)
{
	for (unsigned k = 0; k < PM_TREES_AT_ONCE; k++) {
		leaf[k] = 0;
		for (unsigned d = 0; d < PM_TREE_DEPTH; d++)
			leaf[k] = (uint16_t)(leaf[k] << 1 | (f[t->feature[d]][k] > t->cut[d]));
	}
}

#if PM_SSE2
static inline __attribute__((always_inline)) void leaves_sse2(const struct pm_tree *t,
							      const pm_eight *f, uint16_t *leaf)
{
	__m128i at = _mm_setzero_si128();

	/* A true comparison is -1. */
#pragma GCC unroll 6
	for (unsigned d = 0; d < PM_TREE_DEPTH; d++) {
		__m128i answer = _mm_cmpgt_epi16(_mm_loadu_si128((const __m128i *)f[t->feature[d]]),
						 _mm_set1_epi16(t->cut[d]));

		at = _mm_sub_epi16(_mm_add_epi16(at, at), answer);
	}
	_mm_storeu_si128((__m128i *)leaf, at);
}
#endif

static inline __attribute__((always_inline)) void add_values(const struct pm_tree *t,
							     const uint16_t *leaf, int32_t *sum)
{
#pragma GCC unroll 8
	for (unsigned k = 0; k < PM_TREES_AT_ONCE; k++)
		sum[k] += t->value[leaf[k]];
}

#if PM_SSE2
static inline __attribute__((always_inline)) void
add_sse2(const struct pm_tree *t, const struct pm_tree *end, const pm_eight *f, int32_t *sum)
{
	uint16_t leaf[PM_TREES_AT_ONCE];

	for (; t < end; t++) {
		leaves_sse2(t, f, leaf);
		add_values(t, leaf, sum);
	}
}

/* The same source: AVX2 spreads a cut over eight lanes in one instruction where SSE2 needs four. */
PM_TARGET_AVX2 static void add_avx2(const struct pm_tree *t, const struct pm_tree *end,
				    const pm_eight *f, int32_t *sum)
{
	add_sse2(t, end, f, sum);
}
#endif

static void add_leaves(const struct pm_tree *t, const struct pm_tree *end, const pm_eight *f,
		       int32_t sum[PM_TREES_AT_ONCE])
{
	uint16_t leaf[PM_TREES_AT_ONCE];

#if PM_SSE2
	if (PM_USE_AVX2)
		return add_avx2(t, end, f, sum);
	if (PM_USE_SSE2)
		return add_sse2(t, end, f, sum);
#endif
	for (; t < end; t++) {
		leaves_portable(t, f, leaf);
		add_values(t, leaf, sum);
	}
}

static bool all_sure(const int32_t sum[PM_TREES_AT_ONCE], int32_t sure)
{
	for (unsigned k = 0; k < PM_TREES_AT_ONCE; k++)
		if (sum[k] < sure && sum[k] > -sure)
			return false;
	return true;
}

void pm_trees_judge(const struct pm_trees *trees, const pm_eight *f,
		    int16_t score[PM_TREES_AT_ONCE])
{
	const struct pm_tree *end = trees->at + trees->len, *early = trees->at + trees->early;
	int32_t sum[PM_TREES_AT_ONCE];

	for (unsigned k = 0; k < PM_TREES_AT_ONCE; k++)
		sum[k] = trees->bias;
	add_leaves(trees->at, early, f, sum);
	if (!trees->early || !all_sure(sum, trees->sure))
		add_leaves(early, end, f, sum);
	for (unsigned k = 0; k < PM_TREES_AT_ONCE; k++) {
		int32_t s = sum[k] / 16;

		score[k] = (int16_t)(s > PM_TREES_SCORE_MAX ? PM_TREES_SCORE_MAX :
				     s < -PM_TREES_SCORE_MAX ? -PM_TREES_SCORE_MAX : s);
	}
}
