/* filters/boilerplate/model.c -- the model: boosted trees that ask one question a level, so that
 * the answers are the bits of a leaf's number, for eight pieces at once and without a branch. */
#include "core/simd.h"
#include "filters/boilerplate/feature.h"

enum { DEPTH = 6 };

struct tree {
	int16_t cut[DEPTH];             /* a feature above it answers with 1 */
	uint8_t feature[DEPTH];
	int16_t value[1 << DEPTH];      /* log-odds in 1/1024 */
	uint8_t unused[2];              /* 148 bytes, none of them undefined: they are digested */
};

#define L(...) { __VA_ARGS__ }
#define TREE(features, cuts, values) { cuts, features, values, { 0 } },
#define BIAS(bias)
static const struct tree trees[] = {
#include "filters/data/boilerplate_trees.inc"
};
#undef TREE
#undef BIAS

#define TREE(features, cuts, values)
#define BIAS(bias) bias
static const int32_t bias[] = {
#include "filters/data/boilerplate_trees.inc"
};

enum { TREES = sizeof(trees) / sizeof(*trees) };

static void leaves_portable(const struct tree *t, const pm_piece_eight *f, uint16_t *leaf)
{
	for (unsigned k = 0; k < PM_PIECE_AT_ONCE; k++) {
		leaf[k] = 0;
		for (unsigned d = 0; d < DEPTH; d++)
			leaf[k] = (uint16_t)(leaf[k] << 1 | (f[t->feature[d]][k] > t->cut[d]));
	}
}

#if PM_SSE2
static void leaves_sse2(const struct tree *t, const pm_piece_eight *f, uint16_t *leaf)
{
	__m128i at = _mm_setzero_si128();

	/* A true comparison is -1. */
#pragma GCC unroll 6
	for (unsigned d = 0; d < DEPTH; d++) {
		__m128i answer = _mm_cmpgt_epi16(_mm_loadu_si128((const __m128i *)f[t->feature[d]]),
						 _mm_set1_epi16(t->cut[d]));

		at = _mm_sub_epi16(_mm_add_epi16(at, at), answer);
	}
	_mm_storeu_si128((__m128i *)leaf, at);
}
#endif

void pm_piece_judge(const pm_piece_eight *f, int16_t score[PM_PIECE_AT_ONCE])
{
	int32_t sum[PM_PIECE_AT_ONCE];
	uint16_t leaf[PM_PIECE_AT_ONCE];

	for (unsigned k = 0; k < PM_PIECE_AT_ONCE; k++)
		sum[k] = bias[0];
	for (size_t t = 0; t < TREES; t++) {
#if PM_SSE2
		if (PM_USE_SSE2)
			leaves_sse2(&trees[t], f, leaf);
		else
#endif
			leaves_portable(&trees[t], f, leaf);
#pragma GCC unroll 8
		for (unsigned k = 0; k < PM_PIECE_AT_ONCE; k++)
			sum[k] += trees[t].value[leaf[k]];
	}
	for (unsigned k = 0; k < PM_PIECE_AT_ONCE; k++) {
		int32_t s = sum[k] / 16;

		score[k] = (int16_t)(s > PM_PIECE_SCORE_MAX ? PM_PIECE_SCORE_MAX :
				     s < -PM_PIECE_SCORE_MAX ? -PM_PIECE_SCORE_MAX : s);
	}
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
