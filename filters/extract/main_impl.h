/* filters/extract/main_impl.h -- what the files that choose a page's main text share.
 *
 * Blocks are judged one by one by boosted trees over integer features. A first model sees the
 * block, its place in the tree and the page; a second sees that and what the first said about
 * neighbours, containers and blocks of the same build. Every sum over subtrees comes from one
 * pass. */
#ifndef PM_FILTERS_EXTRACT_MAIN_IMPL_H
#define PM_FILTERS_EXTRACT_MAIN_IMPL_H

#include "core/page.h"
#include "filters/extract/html.h"
#include "filters/extract/main_features.h"
#include "filters/extract/visible.h"
#include "filters/trees.h"

/* What a word of a class, an id or a text says about main text, learnt from pages: log-odds in 1/16
 * that text is main, anywhere on a page and where its surroundings are. */
struct pm_weight {
	uint32_t key;           /* pm_word_key; 0: a free slot */
	int8_t anywhere, inside;
};

struct pm_weights {
	const struct pm_weight *slots;
	uint32_t mask;          /* slots - 1, a power of two less one */
};

enum pm_word_space { PM_WORD_CLASS = 1, PM_WORD_ROLE, PM_WORD_TEXT, PM_WORD_FIRST, PM_WORD_LINE };

enum { PM_WORD_LEN_MAX = 32, PM_LINE_BYTES_MAX = 96 };

/* FNV-1a; a word's letters in lower case follow one by one. */
static inline uint32_t pm_word_begin(enum pm_word_space space)
{
	return (2166136261u ^ (uint32_t)space) * 16777619u;
}

static inline uint32_t pm_word_step(uint32_t h, unsigned char c)
{
	return (h ^ c) * 16777619u;
}

static inline uint32_t pm_word_key(uint32_t h)
{
	h ^= h >> 15;
	h *= 0x2c1b3c6du;
	h ^= h >> 13;
	return h ? h : 1;
}

/* Two or three words in a row. */
static inline uint32_t pm_word_row(uint32_t a, uint32_t b, uint32_t c)
{
	return pm_word_key((a * 31 ^ b) * 31 ^ c);
}

static inline const struct pm_weight *pm_weight_find(const struct pm_weights *w, uint32_t key)
{
	for (uint32_t i = key & w->mask; w->slots[i].key; i = (i + 1) & w->mask)
		if (w->slots[i].key == key)
			return &w->slots[i];
	return NULL;
}

/* Rows of words as hashes: whether a text's rows of two or three words stand in another. */
struct pm_grams {
	uint32_t *slots;        /* 0: free */
	uint32_t mask, n;       /* rows put in */
	uint32_t seen;          /* rows of blocks that were found, each place once */
};

/* What the page's head says its content is. */
struct pm_hints {
	struct pm_grams pairs;          /* of the description: two words */
	struct pm_grams triples;        /* of JSON-LD's articleBody: three words */
	struct pm_slice body;           /* the same, its text; absent without */
	uint16_t type;                  /* og:type: 0 none, 1 article, 2
					 * product, 3 website, 4 another */
	bool dated;                     /* article:published_time or the like */
};

/* Where an element lies, inherited from the root down. */
enum pm_place_bits {
	PM_IN_LINK = 1 << 0,
	PM_IN_BOLD = 1 << 1,
	PM_IN_ITALIC = 1 << 2,
	PM_IN_NAV = 1 << 3,
	PM_IN_ASIDE = 1 << 4,
	PM_IN_HEADER = 1 << 5,
	PM_IN_FOOTER = 1 << 6,
	PM_IN_ARTICLE = 1 << 7,
	PM_IN_MAIN = 1 << 8,
	PM_IN_FORM = 1 << 9,
	PM_IN_BUTTON = 1 << 10,
	PM_IN_LABEL = 1 << 11,
	PM_IN_FIGURE = 1 << 12,
	PM_IN_CAPTION = 1 << 13,
	PM_IN_LIST = 1 << 14,
	PM_IN_ITEM = 1 << 15,
	PM_IN_TABLE = 1 << 16,
	PM_IN_QUOTE = 1 << 17,
	PM_IN_P = 1 << 18,
	PM_IN_TIME = 1 << 19,
	PM_IN_SMALL = 1 << 20,
	PM_IN_HEADING = 1 << 21,
	PM_IN_DETAILS = 1 << 22,
	PM_IN_SECTION = 1 << 23,
	PM_IN_UNSEEN = 1 << 24, /* style or aria says that it does not show */
	PM_IN_NOSCRIPT = 1 << 25,
	PM_IN_SELECT = 1 << 26,
	PM_IN_DL = 1 << 27,
	PM_IN_DIALOG = 1 << 28,
};

struct pm_place {
	uint32_t bits;
	uint32_t link;          /* the nearest a; 0: none */
	uint32_t box;           /* the smallest container around or
				 * at this with two blocks or more */
	uint32_t index;         /* of the first block in it */
	uint32_t own;           /* hash of its tag and classes */
	uint32_t build;         /* the same of it and the two elements around it */
	/* Sums over the subtree; bytes of visible text. */
	uint32_t bytes, link_bytes, blocks, commas, stops, words;
	uint32_t pictures, inputs, paragraphs;
	int32_t score;          /* container score */
	int32_t mass;           /* of what the first model said: sum of p * bytes / 256 */
	int32_t gain;           /* and of (p - a fixed part) * bytes / 256 */
	int16_t depth;
	/* Of words in class, id, role, itemprop: what the nearest element and the one before
	 * it say (least and greatest), least and greatest of all around, their sum. */
	int8_t near_lo, near_hi, next_lo, next_hi;
	int8_t least, least_inside, greatest, greatest_inside;
	bool holds;             /* visible text: of others only pictures and inputs are known */
	uint8_t says;           /* enum pm_furniture: what its names say that it holds */
	int32_t sum;
};

struct pm_piece {
	uint32_t node;          /* the first text node */
	uint32_t at;            /* the nearest element around it that makes a block */
	uint32_t bytes, chars, words, link_bytes, bold_bytes, italic_bytes, small_bytes, digits;
	uint32_t before;        /* bytes of blocks before */
	uint32_t mass_before;   /* the same of p * bytes / 256 */
	uint32_t run;           /* bytes of the row of blocks of one judgement that it stands in */
	uint16_t good_before, good_after;       /* blocks to the next one that is main for sure */
	uint32_t build;         /* index in m->build */
	uint32_t link;          /* the last a in it */
	uint32_t line;          /* key of the whole line, digits folded */
	uint16_t pairs, triples, prices;        /* rows of words found in
						 * m->hints; amounts of money */
	uint16_t links, commas, stops, capitals, shouts, shorts, symbols, title_words;
	uint8_t first, last;    /* enum pm_glyph */
	uint8_t repeats;        /* other blocks with the same line */
	int8_t weight_first, weight_line, weight_line_inside;
	int16_t weight_sum, inside_sum, weighed;
	int8_t weight_lo, weight_hi, inside_lo, inside_hi;
	bool broken;            /* has line breaks */
	bool cued;              /* leads to another page (main_cue.c) */
};

enum pm_glyph {
	PM_GLYPH_OTHER,
	PM_GLYPH_LOWER,
	PM_GLYPH_UPPER,
	PM_GLYPH_DIGIT,
	PM_GLYPH_STOP,
	PM_GLYPH_COMMA,
	PM_GLYPH_COLON,
	PM_GLYPH_QUOTE,
	PM_GLYPH_SYMBOL,
	PM_GLYPH_WIDE,
	PM_GLYPH_ELLIPSIS,
	PM_GLYPH_OPEN,
	PM_GLYPH_SPACE,
};

enum { PM_TITLE_WORDS = 32 };

/* Blocks of one build (struct pm_place). */
struct pm_build {
	uint32_t key, blocks, bytes, link_bytes, mass;
};

struct pm_main {
	struct pm_html *doc;
	const struct pm_visible *visible;
	struct pm_arena *arena;
	struct pm_weights weights;
	struct pm_place *place;         /* by node */
	struct pm_piece *piece;         /* by block */
	int16_t *score;                 /* by block: the first model's log-odds in 1/64 */
	uint8_t *p;                     /* and its probability in 1/255 */
	uint32_t n;                     /* blocks */
	uint32_t bytes, link_bytes;     /* of visible text */
	uint32_t best;                  /* the element of the best container score */
	uint32_t top, mass;             /* the element that holds most of what
					 * the first model takes; all of it */
	uint32_t title[PM_TITLE_WORDS];
	uint16_t ntitle;
	uint64_t title_bits;            /* one for each of them, by its lowest six bits */
	struct pm_hints hints;
	uint32_t headline;              /* the block that is the page's headline, or n */
	struct pm_build *build;
	uint32_t build_mask;
	int8_t *body_before, *body_after;       /* by block, see main_features.c */
	uint32_t *heading;              /* by block: the last heading at
					 * or before it, plus 1; 0: none */
	struct { uint32_t mass, bytes, next; } *section;        /* by heading's block:
								 * what follows it */
	uint32_t prices, long_blocks, long_bytes, headings, items, tables, codes, h1, articles;
	struct { uint16_t segments, words, digits, query, length; } url;
};

/* Everything below works in the arena; false: it is full. */

/* All that the models see of a page but what the first says, for them and for who trains them. */
bool pm_main_read(struct pm_main *m, struct pm_html *doc, const struct pm_visible *v,
		  struct pm_arena *a, const struct pm_weights *w, struct pm_slice url,
		  bool scripts);

/* The head (main_hints.c); scripts are left out unless `scripts`. */
bool pm_main_hints(struct pm_main *m, bool scripts);
/* Hashes of words, one by one, as main_piece.c splits them. */
struct pm_word_reader {
	const char *at, *end;
};
/* 0: no more words. */
uint32_t pm_next_word(struct pm_word_reader *r);
bool pm_gram_seen(struct pm_grams *g, uint32_t key);

/* Text of blocks (main_piece.c). */
bool pm_main_pieces(struct pm_main *m);
/* Elements (main_place.c): bits and words on the way down, sums on the way up. */
bool pm_main_places(struct pm_main *m);
void pm_main_sums(struct pm_main *m);

/* Words, for who learns from them: each with its space; `joined` words come as "a-b". */
typedef void pm_word_fn(void *ctx, enum pm_word_space space, uint32_t key, const char *word,
			size_t len);
void pm_class_words(struct pm_slice value, enum pm_word_space space, pm_word_fn *fn, void *ctx);
void pm_text_words(struct pm_slice text, pm_word_fn *fn, void *ctx);

/* Features of up to eight blocks side by side: f[feature][k] is that of the k-th. */
enum { PM_MAIN_AT_ONCE = PM_TREES_AT_ONCE };

/* main_features.c */
bool pm_main_prepare(struct pm_main *m, struct pm_slice url);
/* The first of the eight, k = 0, comes first. */
void pm_main_first(const struct pm_main *m, uint32_t block, pm_eight *f, unsigned k);
/* A score in 1/64 as a chance in 1/255. */
uint8_t pm_main_chance(int score);
/* What the first model said (m->score) made ready for the second (main_context.c). */
bool pm_main_context(struct pm_main *m);
void pm_main_second(const struct pm_main *m, uint32_t block, pm_eight *f, unsigned k);

/* Takes out of the blocks that are kept those in small boxes whose names say
 * what they are (main_box.c). */
bool pm_main_boxes(const struct pm_main *m);
/* Takes out lines that lead to other pages by a cue and a link (main_cue.c). */
void pm_main_cues(const struct pm_main *m);

#endif
