/* filters/boilerplate/decide.c -- from scores to what stays.
 *
 * A fixed threshold loses whole pages that look unlike the usual article (rankings, recipes, short
 * notes). The pieces' probabilities say how much main text a page can be expected to have; taking
 * the likeliest pieces first, the expected F1 of what was taken rises and falls: its top is the
 * cut. */
#include "filters/boilerplate/rule.h"

enum {
	BUCKETS = 65,
	STEP = 16,              /* of the score, a bucket */
	FAVOURED = 40,          /* of the score: what a preference moves the cut by */
	TAKEN_WEIGHS = 1178,    /* in 1/1024: furniture in a text is worse than a line less */
	CUT_MOST = 48,          /* what is more likely than this stays in any case */
	SPLIT_FEW = 8,          /* one of so many pieces may begin within a line */
	MIDDLE_SCORE = -240,    /* of a line in a text that shows no furniture */
};

/* The logistic function of a score over 64, in 1/1024, from -512 in steps of 16. */
static const uint16_t probability[BUCKETS] = {
	0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 7, 9, 11, 14, 18, 24, 30, 38, 49, 62, 78, 98, 122,
	152, 187, 228, 275, 329, 387, 448, 512, 576, 637, 695, 749, 796, 837, 872, 902, 926,
	946, 962, 975, 986, 994, 1000, 1006, 1010, 1013, 1015, 1017, 1019, 1020, 1021, 1021,
	1022, 1022, 1023, 1023, 1023, 1023, 1024, 1024,
};

static unsigned bucket(int32_t score)
{
	int32_t b = (score + (BUCKETS / 2) * STEP) / STEP;

	return b < 0 ? 0 : b >= BUCKETS ? BUCKETS - 1 : (unsigned)b;
}

/* The lowest bucket that stays. */
static unsigned best_cut(const uint64_t words[BUCKETS], uint64_t expected)
{
	uint64_t good = 0, taken = 0, best_good = 0, best_taken = 1;
	unsigned cut = BUCKETS;

	for (unsigned b = BUCKETS; b-- > 0; ) {
		if (!words[b])
			continue;
		good += words[b] * probability[b];
		taken += words[b];
		/* F1 is twice good over taken and expected. */
		if (cut == BUCKETS || good * (best_taken * TAKEN_WEIGHS + expected) >
				      best_good * (taken * TAKEN_WEIGHS + expected)) {
			best_good = good;
			best_taken = taken;
			cut = b;
		}
	}
	return cut;
}

void pm_decide(const struct pm_pieces *pieces, const int16_t *score, enum pm_favour favour,
	       struct pm_decision *d)
{
	uint64_t words[BUCKETS] = { 0 }, expected = 0;
	int32_t by = favour == PM_FAVOUR_PRECISION ? -FAVOURED
		     : favour == PM_FAVOUR_RECALL  ? FAVOURED
						   : 0;
	unsigned cut;

	for (size_t i = 0; i < pieces->len; i++) {
		unsigned b = bucket(score[i]);

		words[b] += pieces->at[i].words + 1u;
		expected += (pieces->at[i].words + 1u) * (uint64_t)probability[b];
	}
	cut = best_cut(words, expected);
	if (cut > bucket(CUT_MOST) && cut < BUCKETS)
		cut = bucket(CUT_MOST);
	for (size_t i = 0; i < pieces->len; i++)
		if (bucket(score[i] + by) < cut && bucket(score[i]) < BUCKETS - 1)
			d[i] = (struct pm_decision){ PM_FURNITURE_OTHER, "not like main text" };
}

/* Whether nothing on the page is known from furniture. What lost its lines shows too little of
 * it. */
static bool is_bare(const struct pm_pieces *pieces)
{
	size_t split = 0;

	for (size_t i = 0; i < pieces->len; i++) {
		if (pieces->at[i].class || pieces->at[i].marks)
			return false;
		split += !!(pieces->at[i].flags & PM_PIECE_SPLIT);
	}
	return split * SPLIT_FEW <= pieces->len;
}

void pm_keep_middle(const struct pm_pieces *pieces, const int16_t *score, struct pm_decision *d)
{
	size_t from = 0, to = pieces->len;

	if (!is_bare(pieces))
		return;
	while (from < to && d[from].class)
		from++;
	while (to > from && d[to - 1].class)
		to--;
	for (size_t i = from; i < to; i++)
		if (score[i] > MIDDLE_SCORE)
			d[i].class = PM_FURNITURE_NONE;
}
