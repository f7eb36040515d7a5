/* filters/repair/word_hash.h -- how words become numbers; shared with filters/gen/repair_names.c. */
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

#endif
