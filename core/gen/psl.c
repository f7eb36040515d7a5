/* Prints the Public Suffix List as core/psl.c holds it, from Debian's package publicsuffix.
 *
 * Rules come as one sorted run of bytes (length, kind, name in A-labels) and a hash table of the
 * places in it. Both ends take their hash from core/psl_hash.h. */
#include <idn2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/psl_hash.h"

static const char list[] = "/usr/share/publicsuffix/public_suffix_list.dat";

struct rule {
	char name[256];
	int kind;
};

static struct rule *rules;
static size_t count, room;

static void die(const char *why, const char *what)
{
	fprintf(stderr, "psl: %s: %s\n", why, what);
	exit(1);
}

static void add(const char *line)
{
	int kind = PM_PSL_RULE, rc;
	char *ascii;

	if (strncmp(line, "*.", 2) == 0)
		kind = PM_PSL_WILDCARD, line += 2;
	else if (line[0] == '!')
		kind = PM_PSL_EXCEPTION, line++;
	if (strchr(line, '*'))
		die("a wildcard that is not leftmost", line);
	rc = idn2_to_ascii_8z(line, &ascii, IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK)
		die(idn2_strerror(rc), line);
	if (strlen(ascii) > 255)
		die("too long", line);
	if (count == room) {
		room = room ? room * 2 : 1024;
		rules = realloc(rules, room * sizeof(*rules));
		if (!rules)
			die("no memory", line);
	}
	snprintf(rules[count].name, sizeof(rules[count].name), "%s", ascii);
	rules[count++].kind = kind;
	idn2_free(ascii);
}

/* A rule is what stands before the first white space of a line. */
static void load(void)
{
	FILE *f = fopen(list, "r");
	char line[1024];

	if (!f)
		die("cannot open", list);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, " \t\r\n")] = 0;
		if (line[0] && strncmp(line, "//", 2) != 0)
			add(line);
	}
	if (ferror(f) || count == 0)
		die("cannot read", list);
	fclose(f);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct rule *)a)->name, ((const struct rule *)b)->name);
}

/* One name may be a rule and a wildcard's parent: their kinds are bits. */
static void merge(void)
{
	size_t kept = 0;

	qsort(rules, count, sizeof(*rules), by_name);
	for (size_t i = 0; i < count; i++) {
		if (kept && strcmp(rules[kept - 1].name, rules[i].name) == 0)
			rules[kept - 1].kind |= rules[i].kind;
		else
			rules[kept++] = rules[i];
	}
	count = kept;
}

static unsigned labels(const char *name)
{
	unsigned n = 1;

	for (; *name; name++)
		n += *name == '.';
	return n;
}

static void put_byte(unsigned byte, size_t *at)
{
	printf("%u,%s", byte, ++*at % 24 == 0 ? "\n" : "");
}

int main(void)
{
	uint32_t slots = 1, *slot;
	unsigned most = 0;
	size_t at = 0;

	load();
	merge();
	while (slots < 2 * count)
		slots *= 2;
	slot = calloc(slots, sizeof(*slot));
	if (!slot)
		die("no memory", list);
	printf("static const unsigned char psl_rules[] = {\n");
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(rules[i].name);
		uint32_t hash = pm_psl_hash(PM_PSL_HASH, rules[i].name, len);

		while (slot[hash & (slots - 1)])
			hash++;
		/* Zero marks a free slot, so places count from one. */
		slot[hash & (slots - 1)] = (uint32_t)at + 1;
		if (labels(rules[i].name) > most)
			most = labels(rules[i].name);
		put_byte((unsigned)len, &at);
		put_byte((unsigned)rules[i].kind, &at);
		for (size_t j = 0; j < len; j++)
			put_byte((unsigned char)rules[i].name[j], &at);
	}
	printf("};\nstatic const uint32_t psl_slots[%u] = {\n", slots);
	for (uint32_t i = 0; i < slots; i++)
		printf("%u,%s", slot[i], i % 12 == 11 ? "\n" : "");
	printf("};\nenum { PSL_LABELS = %u };\n", most);
	return fflush(stdout) != 0;
}
