/* filters/gen/boilerplate.c -- prints boilerplate.inc: what filters/data has
 * on words and phrases, by key.
 *
 * Reads lines of role, text and value from standard input: "word", "first", "last" with a
 * weight in 1/16, "function" without one, "is" (a whole line), "starts" (the first words)
 * and "has" (a word) with the class of furniture. Runs on the building machine only. */
#include <stdio.h>
#include <stdlib.h>

#include "core/utf8.c"
#include "filters/boilerplate/letter.c"

enum { SLOTS = 1 << 15 };

static struct pm_phrase slots[SLOTS];

static const char *const classes[PM_FURNITURES] = PM_FURNITURE_NAMES;

bool pm_portable = true;

static uint32_t word_hash(const char *word)
{
	struct pm_phrase_reader r = { .len = 0 };
	uint32_t fold;

	for (const char *p = word, *end = p + strlen(p); p < end; ) {
		enum pm_phrase_char l = letter(pm_utf8_next(&p, end), &fold);

		pm_phrase_put(&r, fold, l == PM_PHRASE_CHAR_DIGIT);
	}
	return pm_phrase_word(r.folded, r.len);
}

static struct pm_phrase *slot(enum pm_phrase_role role, const char *text)
{
	uint32_t words, h, key, at;
	char line[1024];

	/* A number in a phrase, which any number is read as. */
	snprintf(line, sizeof(line), "%s", text);
	for (char *p = line; (role == PM_PHRASE_LINE || role == PM_PHRASE_START) && *p; p++)
		*p = *p == '#' ? '0' : *p;
	h = pm_phrase_hash(pm_slice_str(line), &words);
	/* A word in a line's hash is joined to what stands before it; by itself it is not. */
	if (role == PM_PHRASE_WORD)
		h = word_hash(text);
	key = pm_phrase_key(role, h);
	for (at = key & (SLOTS - 1); slots[at].key && slots[at].key != key; )
		at = (at + 1) & (SLOTS - 1);
	slots[at].key = key;
	return &slots[at];
}

static uint8_t class_of(const char *name)
{
	for (uint8_t i = 0; i < PM_FURNITURES; i++)
		if (classes[i] && strcmp(classes[i], name) == 0)
			return i;
	fprintf(stderr, "boilerplate: no such class: %s\n", name);
	exit(1);
}

static bool add(char *line)
{
	static const struct { const char *name; enum pm_phrase_role role; } roles[] = {
		{ "word", PM_PHRASE_WORD }, { "first", PM_PHRASE_FIRST },
		{ "last", PM_PHRASE_LAST },
	};
	char *role = strtok(line, "\t\n"), *text = strtok(NULL, "\t\n"), *value = strtok(NULL, "\t\n");

	if (!role || *role == '#')
		return true;
	if (!text)
		return false;
	if (strcmp(role, "function") == 0) {
		slot(PM_PHRASE_WORD, text)->function = 1;
		return true;
	}
	if (!value)
		return false;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		if (strcmp(role, roles[i].name) != 0)
			continue;
		slot(roles[i].role, text)->weight = (int8_t)atoi(value);
		return true;
	}
	if (strcmp(role, "is") == 0)
		slot(PM_PHRASE_LINE, text)->class = class_of(value);
	else if (strcmp(role, "has") == 0)
		slot(PM_PHRASE_WORD, text)->class = class_of(value);
	else if (strcmp(role, "starts") == 0)
		slot(PM_PHRASE_START, text)->class = class_of(value);
	else
		return false;
	return true;
}

int main(void)
{
	char line[1024];
	unsigned used = 0;

	while (fgets(line, sizeof(line), stdin)) {
		if (!add(line)) {
			fprintf(stderr, "boilerplate: not a role, a text and a value: %s\n", line);
			return 1;
		}
	}
	for (unsigned i = 0; i < SLOTS; i++)
		used += slots[i].key != 0;
	if (used > SLOTS * 3 / 4) {
		fprintf(stderr, "boilerplate: %u phrases are too many for %u slots\n", used, SLOTS);
		return 1;
	}
	for (unsigned i = 0; i < SLOTS; i++)
		printf("{%uu,%d,%d,%d,0},\n", slots[i].key, slots[i].weight, slots[i].class,
		       slots[i].function);
	return 0;
}
