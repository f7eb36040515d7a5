/* filters/gen/html_names.c -- prints perfect hash tables over the names of
 * filters/extract/elements.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filters/extract/elements.h"

#define NAME(id, name, ...) name,
static const char *const tags[] = { "", PM_TAGS(NAME) NULL };
static const char *const attrs[] = { "", PM_ATTRS(NAME) NULL };

static uint64_t first(const char *name)
{
	uint64_t f = 0;

	for (size_t i = 0; i < 8 && name[i]; i++)
		f |= (uint64_t)(unsigned char)name[i] << 8 * i;
	return f;
}

static int fits(const char *const *names, uint64_t seed, uint8_t slot[PM_NAME_SLOTS])
{
	memset(slot, 0, PM_NAME_SLOTS);
	for (size_t i = 1; names[i]; i++) {
		uint32_t h = pm_name_hash(first(names[i]), strlen(names[i]), seed);

		if (slot[h])
			return 0;
		slot[h] = (uint8_t)i;
	}
	return 1;
}

static void table(const char *what, const char *const *names)
{
	uint8_t slot[PM_NAME_SLOTS];
	uint64_t seed = 0x9e3779b97f4a7c15;

	for (int tries = 0; !fits(names, seed, slot); tries++) {
		seed = (seed * 6364136223846793005 + 1442695040888963407) | 1;
		if (tries == 50000000) {
			fprintf(stderr, "names: no seed found for %ss\n", what);
			exit(1);
		}
	}
	printf("static const uint64_t %s_seed = 0x%llxu;\n", what, (unsigned long long)seed);
	printf("static const uint8_t %s_slot[%d] = {", what, PM_NAME_SLOTS);
	for (int i = 0; i < PM_NAME_SLOTS; i++)
		printf("%s%d,", i % 24 ? "" : "\n\t", slot[i]);
	printf("\n};\nstatic const uint64_t %s_first[] = {\n\t0,", what);
	for (size_t i = 1; names[i]; i++)
		printf("%s0x%llxu,", i % 4 ? " " : "\n\t", (unsigned long long)first(names[i]));
	printf("\n};\n");
}

int main(void)
{
	table("tag", tags);
	table("attr", attrs);
	return 0;
}
