/* filters/boilerplate/seam.h -- where lines ended in a text that lost them.
 *
 * A flattener that joins blocks with a blank, or with nothing, leaves furniture and sentences in one line.
 * Words' case, what they say of furniture, and phrases of it tell where a block ended: trees that
 * learnt from pages whose lines are known judge each place between two words. */
#ifndef PM_FILTERS_BOILERPLATE_SEAM_H
#define PM_FILTERS_BOILERPLATE_SEAM_H

#include "core/arena.h"
#include "filters/boilerplate/phrase.h"
#include "filters/trees.h"

enum {
	PM_SEAM_FEATURES = 60,
	PM_SEAM_WORDS = 2048,           /* of a line that are looked at at once */
	PM_SEAM_AROUND = 16,            /* of them at each end, that are only looked at for their neighbours */
};

struct pm_seam_word {
	const char *from, *to;          /* absent stands what is behind the last word */
	uint32_t hash, three;           /* of it, and of it with the two that come next */
	uint32_t letters;
	int8_t weight;
	uint8_t class;                  /* of a word of furniture or of a date */
	uint8_t kind;                   /* enum pm_seam_kind */
	uint8_t function;
	uint8_t phrase, ends, inside;   /* words of the longest phrase that begins, ends here; it is in one */
	uint8_t phrase_class, ends_class;
	/* What stands between the word before and this one. */
	uint8_t blank;                  /* a space does */
	uint8_t mark, opens;            /* enum: the last sign that ends something, the one that opens this word */
	uint8_t signs;
};

/* Places between words of a line, in order, each with its score. */
struct pm_seams {
	const struct pm_phrases *phrases;
	const char *end;                /* of the line */
	const char *next;               /* where words are read on from */
	struct pm_seam_word *word;
	size_t words;
	uint8_t *seen;                  /* how often three words in a row are there, by their hash */
	size_t first, last;             /* words of the window that are judged */
	uint32_t words_before;
	uint32_t alone, upper, function;        /* words of the window */
};

/* Whether the word that begins at `from` is known with the capital at p in it: WhatsApp, YouTube. */
bool pm_seam_is_known(const struct pm_phrases *t, const char *from, const char *p, const char *end);

/* false: the arena is full. */
bool pm_seams_open(struct pm_seams *s, const struct pm_phrases *phrases, struct pm_arena *a);
/* A line to look into. */
void pm_seams_begin(struct pm_seams *s, struct pm_slice line);
/* Reads the next words; false: the line has no more. */
bool pm_seams_read(struct pm_seams *s);
/* Whether a line may have ended before word `i` at all. */
bool pm_seam_possible(const struct pm_seams *s, size_t i);
/* Whether a phrase of furniture begins or ends there, or a copyright sign stands there. */
bool pm_seam_by_phrase(const struct pm_seams *s, size_t i);
/* Where it did, if it did. */
const char *pm_seam_at(const struct pm_seams *s, size_t i);
/* Features of the place before word `i`, as row `lane` of eight. */
void pm_seam_features(const struct pm_seams *s, size_t i, pm_eight *f, unsigned lane);
/* Log-odds that a line ended there, in 1/64. */
void pm_seam_judge(const pm_eight *f, int16_t score[PM_TREES_AT_ONCE]);
/* What was learnt as bytes to digest. */
struct pm_slice pm_seam_learnt(void);

#endif
