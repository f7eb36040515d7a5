/* filters/boilerplate/feature.h -- what the model is asked about a piece, as small integers. */
#ifndef PM_FILTERS_BOILERPLATE_FEATURE_H
#define PM_FILTERS_BOILERPLATE_FEATURE_H

#include "filters/boilerplate/piece.h"
#include "filters/trees.h"

enum { PM_PIECE_FEATURES = 59 };

enum { PM_PIECE_SEEN = 3 };     /* features of a piece that its neighbours look at */

/* What is known of a piece by its place on the page. */
struct pm_piece_place {
	int16_t seen[PM_PIECE_SEEN];
	uint32_t chars, wordy;          /* characters before it; of them in wordy pieces */
	uint32_t last_wordy;            /* the piece before it that is wordy, plus 1; 0: none */
	uint32_t next_wordy;            /* the one after it, plus 1 */
	int32_t weight;                 /* sum of words' weights before it */
	uint32_t words;                 /* words before it */
	uint16_t hits;                  /* pieces before it that are furniture by phrases */
	uint16_t signs;                 /* pieces before it that are, or hold words of it */
	uint32_t last_hit;              /* the one before it that is, plus 1 */
};

struct pm_piece_view {
	const struct pm_piece *at;
	struct pm_piece_place *place;   /* one more than there are pieces: the ends of sums */
	size_t len;
	const uint16_t *topic;  /* words of all pieces */
	uint8_t *about;         /* how often wordy pieces have each, capped */
	size_t run[2];          /* the stretch that has the most prose for its furniture */
};

/* false: the arena is full. */
bool pm_piece_view_open(struct pm_arena *a, const struct pm_pieces *pieces,
			struct pm_piece_view *v);
/* Features of the pieces from `i`, eight of them; behind the last one the last is repeated. */
void pm_piece_features(const struct pm_piece_view *v, size_t i, pm_eight *f);

/* Log-odds of standing in the main text, in 1/64. `joined`: the text has lost its lines. */
void pm_piece_judge(const pm_eight *f, bool joined, int16_t score[PM_TREES_AT_ONCE]);
/* What was learnt as bytes to digest, part by part; absent behind the last. */
struct pm_slice pm_piece_learnt(unsigned part);

#endif
