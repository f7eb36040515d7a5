/* filters/repair/word_hash.h -- how words become numbers; shared with filters/gen/repair_*.c. */
#ifndef PM_FILTERS_REPAIR_WORD_HASH_H
#define PM_FILTERS_REPAIR_WORD_HASH_H

#include <stdint.h>

#define PM_HASH_BEGIN UINT32_C(0x811c9dc5)

static inline uint32_t pm_hash_char(uint32_t h, uint32_t cp)
{
	return (h ^ cp) * UINT32_C(0x01000193);
}

/* FNV's low bits are its weak ones: mixed once more. Never 0. */
static inline uint32_t pm_hash_end(uint32_t h)
{
	h ^= h >> 15;
	h *= UINT32_C(0x2c1b3c6d);
	h ^= h >> 13;
	return h ? h : 1;
}

/* The table of common words: a bit of it for each of a word's probes. At 40,000 words one other
 * word in 300 is taken for one of them. */
enum { PM_COMMON_BITS = 1 << 19, PM_COMMON_PROBES = 4 };

static inline uint32_t pm_common_bit(uint32_t hash, unsigned probe)
{
	uint32_t step = (hash * UINT32_C(0x9e3779b1)) >> 13 | 1;

	return (hash + probe * step) & (PM_COMMON_BITS - 1);
}

/* A bit for the beginning of a word: its first four bytes, the first letter being small. Of a word
 * that begins beyond ASCII, that letter with the four bytes behind it. */
enum { PM_PREFIX_BITS = 1 << 16 };

/* Four bytes as a number, the first one lowest on every machine. */
static inline uint32_t pm_prefix_four(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint32_t pm_prefix_bit(uint32_t four)
{
	return four * UINT32_C(0x9e3779b1) >> 16;
}

static inline uint32_t pm_prefix_beyond(uint32_t first, uint32_t four)
{
	return four ^ first * UINT32_C(0x85ebca6b);
}

#endif
