/* filters/gen/html_entities.c -- prints HTML's named character references, all 2,231 of the
 * standard.
 *
 * The facts come from Debian's libpython3-stdlib: the dictionary `html5` of html/entities.py. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 4096, SLOTS = 8192 };

static struct {
	char name[40];
	unsigned cp[2];
} all[NAMES_MAX];
static size_t n;

static void die(const char *what)
{
	fprintf(stderr, "entities: %s\n", what);
	exit(1);
}

/* One code point of a Python string literal; 0 at its closing quote. */
static unsigned literal(const char **at, unsigned char quote)
{
	const unsigned char *p = (const unsigned char *)*at;
	unsigned cp = *p;
	int digits = 0;

	if (*p == quote)
		return 0;
	if (*p == '\\') {
		digits = p[1] == 'x' ? 2 : p[1] == 'u' ? 4 : p[1] == 'U' ? 8 : 0;
		if (digits) {
			char hex[9] = "";

			memcpy(hex, p + 2, (size_t)digits);
			*at += 2 + digits;
			return (unsigned)strtoul(hex, NULL, 16);
		}
		*at += 2;
		return p[1] == 'n' ? '\n' : p[1] == 't' ? '\t' : p[1];
	}
	if (cp >= 0x80)
		die("a character that is not ASCII");
	++*at;
	return cp;
}

static void read_names(FILE *f)
{
	char line[512];
	int inside = 0;

	while (fgets(line, sizeof(line), f)) {
		const char *p = line, *colon;
		unsigned char quote;
		size_t len;

		if (strncmp(line, "html5 = {", 9) == 0)
			inside = 1;
		else if (inside && line[0] == '}')
			return;
		while (*p == ' ')
			p++;
		if (!inside || *p != '\'')
			continue;
		colon = strstr(p, "': ");
		if (!colon || n == NAMES_MAX)
			die("a line that is not understood");
		len = (size_t)(colon - p - 1);
		if (len >= sizeof(all[n].name))
			die("a name too long");
		memcpy(all[n].name, p + 1, len);
		quote = (unsigned char)colon[3];
		p = colon + 4;
		all[n].cp[0] = literal(&p, quote);
		all[n].cp[1] = literal(&p, quote);
		if (!all[n].cp[0])
			die("a name that stands for nothing");
		n++;
	}
}

static unsigned hash(const char *s)
{
	unsigned h = 2166136261u;

	while (*s)
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h;
}

int main(void)
{
	static unsigned short slot[SLOTS];
	glob_t found;
	FILE *f;
	size_t at = 0;

	if (glob("/usr/lib/python3*/html/entities.py", 0, NULL, &found) != 0)
		die("no /usr/lib/python3*/html/entities.py (package libpython3-stdlib)");
	f = fopen(found.gl_pathv[found.gl_pathc - 1], "r");
	if (!f)
		die("its file can't be read");
	read_names(f);
	fclose(f);
	globfree(&found);
	if (n != 2231)
		die("not the 2,231 names of the standard");
	printf("/* Each: bytes into entity_names, code points (0: only one). */\n");
	printf("static const struct { uint16_t name; uint32_t cp[2]; } entities[] = {\n");
	for (size_t i = 0; i < n; i++) {
		printf("\t{ %zu, { 0x%x, 0x%x } },\n", at, all[i].cp[0], all[i].cp[1]);
		at += strlen(all[i].name) + 1;
	}
	printf("};\nstatic const char entity_names[] =\n");
	for (size_t i = 0; i < n; i++) {
		unsigned h = hash(all[i].name) & (SLOTS - 1);

		printf("\t\"%s\\0\"\n", all[i].name);
		while (slot[h])
			h = (h + 1) & (SLOTS - 1);
		slot[h] = (unsigned short)(i + 1);
	}
	printf("\t;\nenum { ENTITY_SLOTS = %d };\nstatic const uint16_t entity_slot[] = {", SLOTS);
	for (size_t i = 0; i < SLOTS; i++)
		printf("%s%u,", i % 20 ? "" : "\n\t", slot[i]);
	printf("\n};\n");
	return 0;
}
