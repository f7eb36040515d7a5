/* filters/gen/repair_chars.c -- prints what filters/repair knows of characters: letters and their
 * other case by Debian's unicode-data, and which byte a character is in the encodings that text is
 * wrongly read by, by the C library. Runs on the building machine only. */
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA "/usr/share/unicode/UnicodeData.txt"

/* As in filters/repair/chars.h. */
enum { OTHER, LOWER, UPPER, LETTER, MARK, DIGIT };
enum { POINTS = 0x2000, MISREAD = 0x2600, ROWS_MAX = 1024 };

/* In the order of enum pm_misread. */
static const char *const encodings[] = {
	"CP1252", "CP1254", "CP1250", "CP1251", "CP1253", "MACINTOSH", "MAC-CYRILLIC", "IBM437",
	"IBM850",
};
enum { ENCODINGS = sizeof(encodings) / sizeof(*encodings) };

static unsigned char kind[POINTS];
static unsigned other[POINTS];

static void die(const char *what)
{
	fprintf(stderr, "repair_chars: %s\n", what);
	exit(1);
}

static int width(unsigned cp)
{
	return cp < 0x80 ? 1 : cp < 0x800 ? 2 : 3;
}

static unsigned char kind_of(const char *category)
{
	if (strcmp(category, "Ll") == 0)
		return LOWER;
	if (strcmp(category, "Lu") == 0)
		return UPPER;
	return category[0] == 'L'   ? LETTER
	       : category[0] == 'M' ? MARK
	       : category[0] == 'N' ? DIGIT
				    : OTHER;
}

static void read_data(void)
{
	FILE *f = fopen(DATA, "r");
	char line[1024];

	if (!f)
		die(DATA " (package unicode-data)");
	while (fgets(line, sizeof(line), f)) {
		char *field[15], *p = line;
		unsigned cp, to;

		for (int i = 0; i < 15; i++) {
			field[i] = p;
			p += strcspn(p, ";\n");
			*p++ = 0;
		}
		cp = (unsigned)strtoul(field[0], NULL, 16);
		if (cp >= POINTS)
			break;
		kind[cp] = kind_of(field[2]);
		to = (unsigned)strtoul(kind[cp] == LOWER ? field[12] : field[13], NULL, 16);
		/* A letter whose other case is longer, or lies elsewhere, keeps its case. */
		if (to && to < POINTS && width(to) == width(cp))
			other[cp] = to;
	}
	fclose(f);
}

static unsigned meaning(const char *encoding, unsigned char byte)
{
	iconv_t cd = iconv_open("UTF-32LE", encoding);
	char *in = (char *)&byte;
	uint32_t cp = 0;
	char *out = (char *)&cp;
	size_t left = 1, room = 4;

	if (cd == (iconv_t)-1)
		die(encoding);
	/* What is not assigned is read as the control of that number. */
	if (iconv(cd, &in, &left, &out, &room) == (size_t)-1)
		cp = byte;
	iconv_close(cd);
	return cp;
}

static unsigned char row[ROWS_MAX][ENCODINGS];
static unsigned index_of[MISREAD], rows = 1;

static void read_misread(void)
{
	for (unsigned e = 0; e < ENCODINGS; e++)
		for (unsigned byte = 0x80; byte < 0x100; byte++) {
			unsigned cp = meaning(encodings[e], (unsigned char)byte);

			if (cp >= MISREAD)
				continue;
			if (!index_of[cp])
				index_of[cp] = rows++;
			if (rows == ROWS_MAX)
				die("too many characters");
			row[index_of[cp]][e] = (unsigned char)byte;
		}
	/* A control of ISO 8859-1 stands for its byte wherever the encoding leaves that byte
	 * open. */
	for (unsigned cp = 0x80; cp < 0xa0; cp++) {
		if (!index_of[cp])
			index_of[cp] = rows++;
		for (unsigned e = 0; e < ENCODINGS; e++)
			row[index_of[cp]][e] = (unsigned char)cp;
	}
}

/* The encodings in which a row's character begins a sequence, and in which it goes on. */
static void roles(unsigned i, unsigned *lead, unsigned *trail)
{
	*lead = *trail = 0;
	for (unsigned e = 0; e < ENCODINGS; e++) {
		unsigned byte = row[i][e];

		*lead |= (unsigned)(byte >= 0xc2 && byte <= 0xf4) << e;
		*trail |= (unsigned)(byte >= 0x80 && byte <= 0xbf) << e;
	}
}

/* As in filters/repair/chars.h: the kind of character, and the roles it can have. */
static unsigned traits(unsigned cp)
{
	unsigned lead, trail;

	roles(index_of[cp], &lead, &trail);
	return (cp < POINTS ? kind[cp] : 0) | (lead ? 8 : 0) | (trail ? 16 : 0) |
	       (cp >= 0x2018 && cp <= 0x201e ? 32 : 0);
}

static void print_misread(void)
{
	printf("static const uint16_t misread_index[%d] = {", MISREAD);
	for (unsigned cp = 0; cp < MISREAD; cp++)
		printf("%s%u,", cp % 24 ? "" : "\n\t", index_of[cp]);
	printf("\n};\nstatic const struct misread misread_rows[%u] = {\n", rows);
	for (unsigned i = 0; i < rows; i++) {
		unsigned lead, trail;

		roles(i, &lead, &trail);
		printf("\t{ {");
		for (unsigned e = 0; e < ENCODINGS; e++)
			printf(" %u,", row[i][e]);
		printf(" }, %u, %u },\n", lead, trail);
	}
	printf("};\n");
}

int main(void)
{
	read_data();
	read_misread();
	printf("#ifdef PM_REPAIR_KINDS\nconst uint8_t pm_char_traits[%d] = {", MISREAD);
	for (unsigned i = 0; i < MISREAD; i++)
		printf("%s%u,", i % 32 ? "" : "\n\t", traits(i));
	printf("\n};\nstatic const uint16_t others[%d] = {", POINTS);
	for (int i = 0; i < POINTS; i++)
		printf("%s%u,", i % 16 ? "" : "\n\t", other[i]);
	printf("\n};\n#else\n");
	print_misread();
	printf("#endif\n");
	return 0;
}
