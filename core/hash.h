/* core/hash.h -- SHA-256 for names that must not collide, and a fast hash for tables. */
#ifndef PM_CORE_HASH_H
#define PM_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

#include "core/slice.h"

enum { PM_SHA256_SIZE = SHA256_DIGEST_SIZE };   /* bytes */

/* On the caller's stack; no allocation, nothing to close. */
struct pm_sha256 {
	struct sha256_ctx ctx;
};

void pm_sha256_init(struct pm_sha256 *h);
void pm_sha256_update(struct pm_sha256 *h, struct pm_slice s);
/* Also makes it ready for the next message. */
void pm_sha256_final(struct pm_sha256 *h, uint8_t digest[PM_SHA256_SIZE]);
/* All three in one. */
void pm_sha256(struct pm_slice s, uint8_t digest[PM_SHA256_SIZE]);

/* 2 * n lower-case hex digits, no NUL behind them. */
void pm_hex(char *to, const uint8_t *bytes, size_t n);

/* 64 bits, the same on every machine and in every version: results may be kept in files. Who knows
 * the seed can make collisions; tables keyed by strangers need another bound. */
uint64_t pm_hash64(struct pm_slice s, uint64_t seed);

#endif
