/* core/psl_hash.h -- what core/psl.c and the program that generates its table must agree on. */
#ifndef PM_CORE_PSL_HASH_H
#define PM_CORE_PSL_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Bits: a name may be a rule and the parent of a wildcard. */
enum { PM_PSL_RULE = 1, PM_PSL_WILDCARD = 2, PM_PSL_EXCEPTION = 4 };

#define PM_PSL_HASH UINT32_C(2166136261)

/* FNV-1a from the last byte to the first: a longer suffix goes on from a shorter one's hash. */
static inline uint32_t pm_psl_hash(uint32_t hash, const char *bytes, size_t len)
{
	while (len)
		hash = (hash ^ (unsigned char)bytes[--len]) * UINT32_C(16777619);
	return hash;
}

#endif
