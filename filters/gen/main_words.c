/* filters/gen/main_words.c -- prints main_words.inc: filters/data/main_words.txt as a table by key.
 *
 * A line of the data is a space (name, role, text, line), a word, and its two weights
 * (filters/extract/main_impl.h). Runs on the building machine only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filters/extract/main_impl.h"

enum { SLOTS = 1 << 14 };

static struct pm_weight slots[SLOTS];

static enum pm_word_space space_of(const char *name)
{
	return strcmp(name, "name") == 0   ? PM_WORD_CLASS
	       : strcmp(name, "role") == 0 ? PM_WORD_ROLE
	       : strcmp(name, "line") == 0 ? PM_WORD_LINE
					   : PM_WORD_TEXT;
}

static int add(char *line)
{
	char *space = strtok(line, "\t"), *word = strtok(NULL, "\t"), *anywhere = strtok(NULL, "\t");
	char *inside = strtok(NULL, "\n");
	uint32_t h, key, at;

	if (!space || !word || !anywhere || !inside)
		return -1;
	h = pm_word_begin(space_of(space));
	for (const char *p = word; *p; p++)
		h = pm_word_step(h, (unsigned char)*p);
	key = pm_word_key(h);
	for (at = key & (SLOTS - 1); slots[at].key; at = (at + 1) & (SLOTS - 1))
		if (slots[at].key == key)
			return 0;
	slots[at] = (struct pm_weight){ key, (int8_t)atoi(anywhere), (int8_t)atoi(inside) };
	return 1;
}

int main(void)
{
	char line[1024];
	int used = 0;

	while (fgets(line, sizeof(line), stdin)) {
		int got = add(line);

		used += got;
		if (got < 0 || used > SLOTS * 3 / 4) {
			fprintf(stderr, "main_words: %s: %s\n", got < 0 ? "not a word and its weights" : "too many",
				line);
			return 1;
		}
	}
	for (int i = 0; i < SLOTS; i++)
		printf("{%uu,%d,%d},\n", slots[i].key, slots[i].anywhere, slots[i].inside);
	return 0;
}
