/* filters/repair/words.h -- what a page proves of its own words: which ones it has, and in which
 * case they stand where case means something. */
#ifndef PM_FILTERS_REPAIR_WORDS_H
#define PM_FILTERS_REPAIR_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

/* How often, 65535 at most. */
struct pm_word {
	uint32_t hash;          /* of the word in lower case; 0: an empty place */
	uint16_t lower;         /* all in lower case */
	uint16_t name;          /* first letter upper, the rest lower, where no sentence begins */
	uint16_t first;         /* the same where one begins, or in a line of such words */
	uint16_t other;         /* any other way: NATO, iPhone */
	uint16_t alone;         /* of `name`: no other capitalised word beside it */
	uint16_t article;       /* of `name`: behind an article or its like */
};

/* Words, and pairs of words with nothing but a space between them, in one open table. */
struct pm_words {
	struct pm_word *at;
	uint32_t mask, left;    /* places, less one; how many more are taken in */
	unsigned inner;         /* words with a capital inside that
				 * the page has again, or as code does */
	unsigned calls;         /* what only programs have: "file.Close(", "GetEvents(" */
};

enum pm_word_case { PM_CASE_LOWER, PM_CASE_NAME, PM_CASE_OTHER };

struct pm_token {
	struct pm_slice text;
	uint32_t hash;
	enum pm_word_case form;
	bool upper;             /* the first letter is */
	bool plain;             /* stands as a word: no part of an address, a number,
				 * a handle, a name with a dot */
	bool first;             /* a sentence may begin with it */
	bool pair;              /* a space or a hyphen, no more, between it and the one before */
	bool hyphen;            /* it was a hyphen */
	bool free;              /* no hyphen or slash follows */
	bool capped;            /* it has a capital in a line of capitalised words, a title */
	bool article;           /* the word before it is one, or another that names don't follow */
	bool code;              /* what follows makes it a name in a program */
};

/* Where a reader of tokens stands. */
struct pm_tokens {
	const char *p, *begin, *end, *last_end;
	const char *line_end;   /* of the line that `capped` was decided for */
	const char *chunk_end;  /* of the run without white space that `odd` was decided for */
	unsigned calls;         /* seen so far */
	bool capped, cased, odd, article;
};

/* A page's words from its text; an empty table when the arena is full. */
void pm_words_open(struct pm_words *w, struct pm_arena *a, size_t text_len);
/* Empty again. */
void pm_words_reset(struct pm_words *w);
void pm_words_add(struct pm_words *w, const char *p, const char *end);
/* NULL: not on the page. */
const struct pm_word *pm_words_find(const struct pm_words *w, uint32_t hash);

void pm_tokens_begin(struct pm_tokens *t, const char *p, const char *end);
bool pm_tokens_next(struct pm_tokens *t, struct pm_token *token);
/* Whether the line of a token that was just read has capitals at all. */
bool pm_tokens_cased(struct pm_tokens *t, const struct pm_token *token);

/* Whether a word in lower case, with these counts, is a name by the page alone; behind an article
 * only where names stand there, too. */
bool pm_words_prove(const struct pm_word *word, bool article);
/* The hash of a word in lower case, never 0. */
uint32_t pm_word_hash(struct pm_slice word);
/* That of two words by theirs; and of two with a full stop and no space between them. */
uint32_t pm_pair_hash(uint32_t first, uint32_t second);
uint32_t pm_joint_hash(uint32_t first, uint32_t second);

/* Words that hold sentences together (the, und, pour, не), by hash. */
bool pm_is_function(uint32_t hash);
/* Those of them that stand before common nouns. */
bool pm_is_article(uint32_t hash);
/* Names of countries and cities, in several languages: one word, or a pair of them. */
bool pm_is_name(uint32_t hash);
/* Words that have a capital inside by themselves: YouTube, WordPress. */
bool pm_is_camel(uint32_t hash);
/* Words that are written small in one of the larger languages; one in 300 others is taken for
 * one. */
bool pm_is_common(uint32_t hash);
/* The lists as bytes to digest. */
struct pm_slice pm_names_bytes(unsigned list);
enum { PM_NAME_LISTS = 6 };

/* What a page says, at a glance, of words whose case may be wrong: bits by hashes. */
enum { PM_PREFIX_WORDS = 1024, PM_SUSPECT_WORDS = 256, PM_SUSPECT_SHIFT = 18 };
struct pm_suspects {
	uint64_t prefix[PM_PREFIX_WORDS];      /* beginnings of names, the listed ones among them */
	uint64_t name[3][PM_SUSPECT_WORDS];     /* capitalised inside sentences,
						 * once, twice, three times */
	uint64_t both[3][PM_SUSPECT_WORDS];     /* pairs of capitalised words */
	uint64_t one[PM_SUSPECT_WORDS];         /* pairs of which one is */
	uint32_t odd_hash[8];   /* names with a capital too many, the first few of them */
	unsigned odd;
	uint32_t frequent_hash[16];     /* pairs that reached three in `both` */
	unsigned frequent;      /* all of them: others may have, too */
	bool own;               /* it is the page's own text */
	unsigned searches;      /* for words in it */
	uint32_t small;         /* a word in small letters that the page repeats, by hash */
	bool again;             /* the second time over: only pairs are looked at */
	bool found;
};
enum { PM_SUSPECT_ODD = 8, PM_SUSPECT_FREQUENT = 16 };

/* The beginnings of the listed names, as pm_prefix_bit() has them. */
const uint64_t *pm_name_prefixes(void);
void pm_suspects_begin(struct pm_suspects *s);
/* Every stretch of the text, and then each of them once more. */
void pm_suspects_add(struct pm_suspects *s, const char *p, const char *end);
void pm_suspects_look(struct pm_suspects *s, const char *p, const char *end);
bool pm_suspects_found(const struct pm_suspects *s);
/* Whether pairs may lack a capital by bits that others may have set; over every stretch once more,
 * by hashes this time, adds to what was found. */
bool pm_suspects_doubtful(const struct pm_suspects *s);
void pm_suspects_again(struct pm_suspects *s, const char *p, const char *end);

#endif
