/* filters/boilerplate/phrase.h -- what words and phrases say about furniture: one table by hash.
 *
 * The generator and the filter both make their keys here, so that they can't differ. Case is folded
 * for Latin, Greek and Cyrillic letters, a run of digits is one '#', all else but letters parts
 * words. */
#ifndef PM_FILTERS_BOILERPLATE_PHRASE_H
#define PM_FILTERS_BOILERPLATE_PHRASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "filters/furniture.h"

/* What a key says something about. */
enum pm_phrase_role {
	PM_PHRASE_WORD,         /* a word, wherever it stands */
	PM_PHRASE_LINE,         /* a whole line */
	PM_PHRASE_FIRST,        /* a line's first two words */
	PM_PHRASE_LAST,         /* a line's last two words */
	PM_PHRASE_START,        /* a line's first one to four words, classified */
};

struct pm_phrase {
	uint32_t key;           /* 0: an empty slot */
	int8_t weight;          /* log-odds of standing in the main text, in 1/16 */
	uint8_t class;          /* enum pm_furniture: for lines and starts */
	uint8_t function;       /* a word that languages are held together by */
	uint8_t unused;         /* 0: the table is digested */
};

enum { PM_PHRASE_WORD_BYTES = 64 };     /* of a word; what is longer is cut */

static inline uint32_t pm_phrase_mix(uint32_t h)
{
	h ^= h >> 15;
	h *= 0x2c1b3c6du;
	h ^= h >> 13;
	return h;
}

/* Eight bytes, or as many as there are and zeros, the first one lowest. */
static inline uint64_t pm_phrase_load(const char *p, size_t n)
{
	uint64_t x = 0;

	memcpy(&x, p, n < 8 ? n : 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

static inline uint64_t pm_phrase_step(uint64_t h, uint64_t eight)
{
	h = (h ^ eight) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static inline uint32_t pm_phrase_end(uint64_t h, size_t len)
{
	h = pm_phrase_step(h, len);
	return (uint32_t)(h ^ h >> 32);
}

/* The hash of a word: its letters folded, in UTF-8, and '#' for each run of digits. */
static inline uint32_t pm_phrase_word(const char *folded, size_t len)
{
	uint64_t h = 0;

	for (size_t i = 0; i < len; i += 8)
		h = pm_phrase_step(h, pm_phrase_load(folded + i, len - i));
	return pm_phrase_end(h, len);
}

/* A word being read: put its characters, then take its hash. */
struct pm_phrase_reader {
	char folded[PM_PHRASE_WORD_BYTES];
	uint32_t len;
	bool in_digits;
};

/* The hash of a sequence of words and one more. */
static inline uint32_t pm_phrase_join(uint32_t h, uint32_t word)
{
	return pm_phrase_mix(h * 0x9e3779b1u + word + 1);
}

static inline uint32_t pm_phrase_key(enum pm_phrase_role role, uint32_t h)
{
	uint32_t key = pm_phrase_mix(h + (uint32_t)role * 0x85ebca6bu);

	return key ? key : 1;
}

enum pm_phrase_char {
	PM_PHRASE_CHAR_NONE,
	PM_PHRASE_CHAR_LOWER,
	PM_PHRASE_CHAR_UPPER,
	PM_PHRASE_CHAR_DIGIT,
	PM_PHRASE_CHAR_ALONE,
};

/* What a code point beyond ASCII is in a word; *fold is its lower case. ALONE: a word by itself. */
enum pm_phrase_char pm_phrase_letter(uint32_t cp, uint32_t *fold);
/* One more letter, folded, or digit of a word. */
void pm_phrase_put(struct pm_phrase_reader *r, uint32_t fold, bool digit);

/* The next word from *at on, and how many letters it has; false: there is none. */
bool pm_phrase_next(const char **at, const char *end, uint32_t *hash, uint32_t *letters);
/* The hash of the words of a text, as lines are hashed; *words is how many. */
uint32_t pm_phrase_hash(struct pm_slice text, uint32_t *words);

/* A quarter of its slots at least is empty. */
struct pm_phrases {
	const struct pm_phrase *at;
	uint32_t mask;          /* slots - 1 */
};

/* The table that is built in. */
extern const struct pm_phrases pm_phrases;

/* A slot with key 0 where it is not in the table. */
static inline const struct pm_phrase *pm_phrase_find(const struct pm_phrases *t, uint32_t key)
{
	uint32_t at = key & t->mask;

	while (t->at[at].key && t->at[at].key != key)
		at = (at + 1) & t->mask;
	return &t->at[at];
}

#endif
