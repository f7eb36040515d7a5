#include "core/hash.h"

#include <stdlib.h>

#include "tests/test.h"

static void digest_is(struct pm_slice s, const char *want)
{
	uint8_t digest[PM_SHA256_SIZE];
	char hex[2 * PM_SHA256_SIZE];

	pm_sha256(s, digest);
	pm_hex(hex, digest, sizeof(digest));
	CHECK_SLICE(pm_slice(hex, sizeof(hex)), want);
}

/* FIPS 180's examples. */
static void sha256_of_known_messages(void)
{
	const char *empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

	digest_is(PM_LIT(""), empty);
	digest_is((struct pm_slice){ 0 }, empty);
	digest_is(PM_LIT("abc"),
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_is(PM_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_give_what_the_whole_gives(void)
{
	uint8_t whole[PM_SHA256_SIZE], pieces[PM_SHA256_SIZE];
	struct pm_sha256 h;
	char text[200];
	size_t cut;

	memset(text, 'p', sizeof(text));
	pm_sha256(pm_slice(text, sizeof(text)), whole);
	/* One context for all: final makes it new. */
	pm_sha256_init(&h);
	for (cut = 0; cut <= sizeof(text); cut++) {
		pm_sha256_update(&h, pm_slice(text, cut));
		pm_sha256_update(&h, pm_slice(text + cut, sizeof(text) - cut));
		pm_sha256_final(&h, pieces);
		CHECK(memcmp(whole, pieces, sizeof(whole)) == 0);
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Files may keep these numbers: a change here is a change of their format. They come from a second
 * implementation, in Python. */
static void hash64_never_changes(void)
{
	CHECK(pm_hash64(PM_LIT(""), 0) == UINT64_C(0x8e96060d57c9a260));
	CHECK(pm_hash64(PM_LIT("a"), 0) == UINT64_C(0x34f2e0bb98ee33d8));
	CHECK(pm_hash64(PM_LIT("mill"), 0) == UINT64_C(0x995675d1cf2383c7));
	CHECK(pm_hash64(PM_LIT("pagemill"), 0) == UINT64_C(0x229b261772f58557));
	CHECK(pm_hash64(PM_LIT("pagemill"), 1) == UINT64_C(0x05543f208f5a9b32));
	CHECK(pm_hash64(PM_LIT("a page enters on the left"), 0) == UINT64_C(0xd069329b526e4546));
	CHECK(pm_hash64((struct pm_slice){ 0 }, 0) == pm_hash64(PM_LIT(""), 0));
}

static void hash64_tells_near_names_apart(void)
{
	enum { N = 1 << 17, LEN = 40 };
	uint64_t *seen = calloc(N, sizeof(*seen));
	char text[LEN] = { 0 };
	size_t i, len, same = 0, n = 0;

	/* Every length around the steps of the loop, and every bit of each. */
	for (len = 0; len <= LEN; len++) {
		seen[n++] = pm_hash64(pm_slice(text, len), 0);
		for (i = 0; i < 8 * len; i++) {
			text[i / 8] ^= (char)(1 << i % 8);
			seen[n++] = pm_hash64(pm_slice(text, len), 0);
			text[i / 8] ^= (char)(1 << i % 8);
		}
	}
	for (; n < N; n++) {
		len = (size_t)snprintf(text, sizeof(text), "w%zu", n);
		seen[n] = pm_hash64(pm_slice(text, len), 0);
	}
	qsort(seen, N, sizeof(*seen), by_value);
	for (i = 1; i < N; i++)
		same += seen[i] == seen[i - 1];
	CHECK(same == 0);
	free(seen);
}

static void hex_of_every_kind_of_nibble(void)
{
	char to[8] = { '.', '.', '.', '.', '.', '.', '.', '.' };

	pm_hex(to, (const uint8_t *)"\x01\x9a\xff", 3);
	CHECK_SLICE(pm_slice(to, 8), "019aff..");
	pm_hex(to, NULL, 0);
	CHECK_SLICE(pm_slice(to, 8), "019aff..");
}

int main(void)
{
	RUN(sha256_of_known_messages);
	RUN(pieces_give_what_the_whole_gives);
	RUN(hash64_never_changes);
	RUN(hash64_tells_near_names_apart);
	RUN(hex_of_every_kind_of_nibble);
	return DONE();
}
