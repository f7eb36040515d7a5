/* filters/gen/repair_words.c -- prints the words that are written small
 * (filters/data/repair_words.txt, on standard input) as a Bloom filter of their hashes. Runs on the
 * building machine only. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "filters/repair/word_hash.h"

static uint64_t bits[PM_COMMON_BITS / 64];

/* As filters/repair reads words: these are in small letters already. */
static uint32_t hash_of(const char *word, int32_t len)
{
	uint32_t h = PM_HASH_BEGIN;

	for (int32_t i = 0; i < len;) {
		UChar32 cp;

		U8_NEXT(word, i, len, cp);
		if (cp < 0) {
			fprintf(stderr, "repair_words: not UTF-8: %s\n", word);
			exit(1);
		}
		h = pm_hash_char(h, (uint32_t)u_tolower(cp));
	}
	return pm_hash_end(h);
}

int main(void)
{
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		uint32_t hash = hash_of(line, (int32_t)strcspn(line, "\n"));

		for (unsigned i = 0; i < PM_COMMON_PROBES; i++) {
			uint32_t bit = pm_common_bit(hash, i);

			bits[bit / 64] |= UINT64_C(1) << bit % 64;
		}
	}
	printf("static const uint64_t common[%u] = {", PM_COMMON_BITS / 64);
	for (unsigned i = 0; i < PM_COMMON_BITS / 64; i++)
		printf("%sUINT64_C(0x%llx),", i % 4 ? " " : "\n\t", (unsigned long long)bits[i]);
	printf("\n};\n");
	return 0;
}
