/* filters/gen/unicode.c -- prints the character tables of filters/extract: what shows nothing, what
 * is white space, and Normalization Form C. From Debian's unicode-data: UnicodeData.txt and
 * DerivedNormalizationProps.txt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES "/usr/share/unicode/"

/* As in filters/extract/nfc.h. */
enum { PLAIN, SPACE, LINE, DROP, JOINER, TAG };
enum { QC_YES, QC_NO, QC_MAYBE };
enum { POINTS = 0x110000, BLOCK = 128, FULL_MAX = 8, PAIRS_MAX = 2048 };

static unsigned char ccc[POINTS], qc[POINTS], excluded[POINTS], action[POINTS];
static unsigned decomp[POINTS][2];
static unsigned char prop[POINTS];
static unsigned pairs[PAIRS_MAX][3];
static int npairs;

static void die(const char *what)
{
	fprintf(stderr, "unicode: %s (package unicode-data)\n", what);
	exit(1);
}

static FILE *open_file(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		die(path);
	return f;
}

/* Format characters that have no width. Those of Arabic, Syriac and Kaithi that stand for signs,
 * and the layout controls of hieroglyphs, do show. */
static int shows(unsigned cp)
{
	return (cp >= 0x600 && cp <= 0x605) || cp == 0x6dd || cp == 0x70f || cp == 0x890 ||
	       cp == 0x891 || cp == 0x8e2 || cp == 0x110bd || cp == 0x110cd ||
	       (cp >= 0x13430 && cp <= 0x1343f);
}

static void classify(unsigned cp, const char *category)
{
	if (strcmp(category, "Cc") == 0)
		action[cp] = (cp >= 9 && cp <= 13) ? SPACE : cp == 0x85 ? LINE : DROP;
	else if (strcmp(category, "Zs") == 0)
		action[cp] = SPACE;
	else if (category[0] == 'Z')
		action[cp] = LINE;
	else if (strcmp(category, "Cf") == 0 && !shows(cp))
		action[cp] = cp == 0x200c || cp == 0x200d ? JOINER : cp >= 0xe0020 ? TAG : DROP;
}

static void read_data(void)
{
	FILE *f = open_file(FILES "UnicodeData.txt");
	char line[1024];

	while (fgets(line, sizeof(line), f)) {
		char *field[6], *p = line;
		unsigned cp;

		for (int i = 0; i < 6; i++) {
			field[i] = p;
			p = strchr(p, ';');
			if (!p)
				die("a line of UnicodeData.txt is short");
			*p++ = 0;
		}
		cp = (unsigned)strtoul(field[0], NULL, 16);
		ccc[cp] = (unsigned char)atoi(field[3]);
		classify(cp, field[2]);
		if (field[5][0] && field[5][0] != '<') {
			char *end;

			decomp[cp][0] = (unsigned)strtoul(field[5], &end, 16);
			decomp[cp][1] = (unsigned)strtoul(end, NULL, 16);
		}
	}
	fclose(f);
}

static void read_props(void)
{
	FILE *f = open_file(FILES "DerivedNormalizationProps.txt");
	char line[1024], name[64], value[16];

	while (fgets(line, sizeof(line), f)) {
		unsigned from, to;
		int n;

		if (sscanf(line, "%x..%x ; %63[A-Za-z_] ; %15[A-Z]", &from, &to, name, value) < 3) {
			n = sscanf(line, "%x ; %63[A-Za-z_] ; %15[A-Z]", &from, name, value);
			if (n < 2)
				continue;
			to = from;
		}
		for (unsigned cp = from; cp <= to && cp < POINTS; cp++) {
			if (strcmp(name, "NFC_QC") == 0)
				qc[cp] = value[0] == 'N' ? QC_NO : QC_MAYBE;
			else if (strcmp(name, "Full_Composition_Exclusion") == 0)
				excluded[cp] = 1;
		}
	}
	fclose(f);
}

static void print_props(void)
{
	static unsigned char seen[POINTS / BLOCK][BLOCK];
	static unsigned set[256];
	unsigned stage1[POINTS / BLOCK], blocks = 0, sets = 0;

	for (unsigned cp = 0; cp < POINTS; cp++) {
		unsigned key = ccc[cp] | (unsigned)qc[cp] << 8 | (unsigned)action[cp] << 16, i;

		for (i = 0; i < sets && set[i] != key; i++)
			;
		if (i == 256)
			die("too many kinds of characters");
		if (i == sets)
			set[sets++] = key;
		prop[cp] = (unsigned char)i;
	}
	for (unsigned b = 0; b < POINTS / BLOCK; b++) {
		unsigned i;

		for (i = 0; i < blocks && memcmp(seen[i], prop + b * BLOCK, BLOCK) != 0; i++)
			;
		if (i == blocks)
			memcpy(seen[blocks++], prop + b * BLOCK, BLOCK);
		stage1[b] = i;
	}
	printf("static const struct pm_char_kind kinds[%u] = {\n", sets);
	for (unsigned i = 0; i < sets; i++)
		printf("\t{ %u, %u, %u },\n", set[i] & 255, set[i] >> 8 & 255, set[i] >> 16);
	printf("};\nstatic const uint8_t stage1[%d] = {", POINTS / BLOCK);
	if (blocks > 256)
		die("too many blocks");
	for (unsigned b = 0; b < POINTS / BLOCK; b++)
		printf("%s%u,", b % 32 ? "" : "\n\t", stage1[b]);
	printf("\n};\nstatic const uint8_t stage2[%u][%d] = {\n", blocks, BLOCK);
	for (unsigned b = 0; b < blocks; b++) {
		printf("\t{");
		for (int i = 0; i < BLOCK; i++)
			printf("%s%u,", i % 32 ? "" : "\n\t", seen[b][i]);
		printf("\n\t},\n");
	}
	printf("};\n");
}

static int full(unsigned cp, unsigned *to)
{
	int n;

	if (!decomp[cp][0]) {
		*to = cp;
		return 1;
	}
	n = full(decomp[cp][0], to);
	return decomp[cp][1] ? n + full(decomp[cp][1], to + n) : n;
}

static int by_pair(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return x[1] < y[1] ? -1 : x[1] > y[1];
}

static void print_mappings(void)
{
	int n = 0;

	printf("static const struct { uint32_t cp, to[4]; } decomposed[] = {\n");
	for (unsigned cp = 0; cp < POINTS; cp++) {
		unsigned to[FULL_MAX] = { 0 };

		if (!decomp[cp][0])
			continue;
		if (full(cp, to) > 4)
			die("a decomposition is longer than four");
		printf("\t{ 0x%x, { 0x%x, 0x%x, 0x%x, 0x%x } },\n", cp, to[0], to[1], to[2], to[3]);
		n++;
		if (decomp[cp][1] && !excluded[cp]) {
			if (npairs == PAIRS_MAX)
				die("too many compositions");
			pairs[npairs][0] = decomp[cp][0];
			pairs[npairs][1] = decomp[cp][1];
			pairs[npairs++][2] = cp;
		}
	}
	qsort(pairs, (size_t)npairs, sizeof(*pairs), by_pair);
	printf("};\nenum { DECOMPOSED = %d, COMPOSED = %d };\n", n, npairs);
	printf("static const struct { uint32_t first, second, cp; } composed[] = {\n");
	for (int i = 0; i < npairs; i++)
		printf("\t{ 0x%x, 0x%x, 0x%x },\n", pairs[i][0], pairs[i][1], pairs[i][2]);
	printf("};\n");
}

int main(void)
{
	read_data();
	read_props();
	print_props();
	print_mappings();
	return 0;
}
