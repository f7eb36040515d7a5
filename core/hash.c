#include "core/hash.h"

void pm_sha256_init(struct pm_sha256 *h)
{
	sha256_init(&h->ctx);
}

void pm_sha256_update(struct pm_sha256 *h, struct pm_slice s)
{
	if (s.len)
		sha256_update(&h->ctx, s.len, (const uint8_t *)s.ptr);
}

void pm_sha256_final(struct pm_sha256 *h, uint8_t digest[PM_SHA256_SIZE])
{
	sha256_digest(&h->ctx, PM_SHA256_SIZE, digest);
}

void pm_sha256(struct pm_slice s, uint8_t digest[PM_SHA256_SIZE])
{
	struct pm_sha256 h;

	pm_sha256_init(&h);
	pm_sha256_update(&h, s);
	pm_sha256_final(&h, digest);
}

void pm_hex(char *to, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		to[2 * i] = digits[bytes[i] >> 4];
		to[2 * i + 1] = digits[bytes[i] & 15];
	}
}

/* The first 64 bits of the fractional parts of the square roots of 2, 3, 5 and 7 (they are in
 * FIPS 180-4), made odd: numbers that nobody chose. */
#define ROOT2 UINT64_C(0x6a09e667f3bcc909)
#define ROOT3 UINT64_C(0xbb67ae8584caa73b)
#define ROOT5 UINT64_C(0x3c6ef372fe94f82b)
#define ROOT7 UINT64_C(0xa54ff53a5f1d36f1)

/* All 128 bits of the product, folded: every bit of either side reaches every bit of the result. */
static inline uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load64(const char *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

static inline uint64_t load32(const char *p)
{
	uint32_t w;

	memcpy(&w, p, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap32(w);
#endif
	return w;
}

uint64_t pm_hash64(struct pm_slice s, uint64_t seed)
{
	const char *p = s.ptr;
	uint64_t h = seed ^ ROOT2, a = 0, b = 0;
	size_t n = s.len;

	for (; n > 16; p += 16, n -= 16)
		h = fold(load64(p) ^ ROOT3, load64(p + 8) ^ h);
	/* Both ends of what is left; they overlap where it is short. */
	if (n >= 8) {
		a = load64(p);
		b = load64(p + n - 8);
	} else if (n >= 4) {
		a = load32(p);
		b = load32(p + n - 4);
	} else if (n) {
		a = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
		    (unsigned char)p[n - 1];
	}
	return fold(fold(a ^ ROOT3, b ^ h) ^ ROOT5, s.len ^ ROOT7);
}
