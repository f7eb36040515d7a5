/* filters/boilerplate/piece.h -- flattened text in the pieces that are judged: a line, the lines
 * that a wrapped paragraph stands on, or a sentence of what lost its lines. */
#ifndef PM_FILTERS_BOILERPLATE_PIECE_H
#define PM_FILTERS_BOILERPLATE_PIECE_H

#include "core/page.h"
#include "filters/boilerplate/phrase.h"

enum { PM_PIECES_MAX = 1 << 14 };       /* more lines than that are judged several at once */

/* How a piece ends or begins. */
enum {
	PM_PIECE_TERMINAL  = 1 << 0,    /* ends a sentence */
	PM_PIECE_COLON     = 1 << 1,    /* ends in a colon */
	PM_PIECE_ELLIPSIS  = 1 << 2,    /* ends in an ellipsis */
	PM_PIECE_LOWER     = 1 << 3,    /* begins in lower case */
	PM_PIECE_UPPER     = 1 << 4,    /* begins in upper case */
	PM_PIECE_NUMBER    = 1 << 5,    /* begins with a digit */
	PM_PIECE_QUOTE     = 1 << 6,    /* begins with a quotation mark */
	PM_PIECE_BULLET    = 1 << 7,    /* begins with a bullet, a dash or another sign */
	PM_PIECE_COMMA     = 1 << 8,    /* ends in a comma */
	PM_PIECE_OPEN      = 1 << 9,    /* its last word is a function word */
	PM_PIECE_PARAGRAPH = 1 << 10,   /* an empty line stands before it */
	PM_PIECE_SPLIT     = 1 << 11,   /* begins within a line */
	PM_PIECE_REPEAT    = 1 << 12,   /* the same words stood before */
	PM_PIECE_REPEATED  = 1 << 13,   /* the same words come again */
	PM_PIECE_WORDY     = 1 << 14,   /* prose: long enough, ends like
					 * a sentence, has function words */
};

/* Short lines that hold words of a kind: what is told by their whole is their class. */
enum {
	PM_MARK_DATE = 1 << 0,          /* a month, "ago", numbers in a date's form */
	PM_MARK_CREDIT = 1 << 1,        /* photographs and who made them */
};

struct pm_piece {
	struct pm_slice text;   /* of page->text; line feeds in it are white space */
	uint32_t hash;          /* of its words in order */
	uint32_t topic, topics; /* where its topic words stand, and how many */
	uint16_t flags;
	/* Counts, capped. */
	uint16_t chars, words, function, upper, shout, digits, commas, stops, signs;
	uint16_t long_word;     /* letters of the longest */
	uint8_t class;          /* enum pm_furniture, by the phrases that it is or begins with */
	uint8_t marks;          /* PM_MARK_... */
	uint8_t whole;          /* its class is that of the whole piece, not of its start */
	int16_t sum;            /* of its words' weights, 1/16 */
	int16_t first, last;    /* weights of the first and the last two words */
	int8_t least;           /* of its words' weights */
};

enum { PM_TOPIC_BITS = 14, PM_TOPIC_LETTERS = 4 };

struct pm_pieces {
	struct pm_piece *at;
	size_t len;
	/* Words that a text may be about, piece by piece: low bits of their hashes. NULL: not
	 * wanted. */
	uint16_t *topic;
	uint32_t topics;
};

/* Cuts page->text. false: the arena is full. */
bool pm_pieces_cut(const struct pm_phrases *phrases, struct pm_page *page,
		   struct pm_pieces *pieces);
/* Counts what a piece of `pieces` holds; its text is set. */
void pm_piece_read(const struct pm_phrases *phrases, struct pm_pieces *pieces,
		   struct pm_piece *piece);
/* Marks what repeats. false: the arena is full. */
bool pm_pieces_repeats(struct pm_arena *a, struct pm_pieces *pieces);

#endif
