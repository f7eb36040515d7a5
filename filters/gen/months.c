/* filters/gen/months.c -- prints the names of the months in the languages of Unicode's CLDR, as ICU
 * has them: full and short, inside a date and alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

enum { NAME = 40, LANGUAGE = 3, ROWS = 40000, WORD = 64 };

struct row {
	char name[NAME], language[LANGUAGE];
	unsigned month, weight;
};

static struct row rows[ROWS];
static size_t nrows;

/* Where two languages mean different months by one word, a page that names no language is taken to
 * be in the one that more of the web is written in. */
static const char *const common[] = {
	"en", "ru", "de", "es", "fr", "ja", "pt", "it", "nl", "pl", "tr", "zh", "fa", "vi", "id", "cs", "ko",
	"uk", "hu", "ar", "ro", "sv", "el", "da", "fi", "he", "sk", "th", "bg", "hr", "sr", "nb", "lt", "sl", NULL
};

static unsigned weight_of(const char *language)
{
	unsigned i = 0;

	while (common[i] && strcmp(common[i], language) != 0)
		i++;
	return i;
}

static void add(const char *name, const char *language, unsigned month)
{
	struct row *r = &rows[nrows];

	if (nrows == ROWS) {
		fprintf(stderr, "months: too many names\n");
		exit(1);
	}
	if (strlen(name) < 3 || strlen(name) >= NAME || strlen(language) >= LANGUAGE)
		return;
	*r = (struct row){ .month = month, .weight = weight_of(language) };
	for (size_t i = 0; name[i]; i++)
		r->name[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
	strcpy(r->language, language);
	nrows++;
}

/* One word of letters; a name such as "1月" is read by its digits. */
static int is_word(const UChar *s, int32_t len)
{
	if (len < 2)
		return 0;
	for (int32_t i = 0; i < len; i++)
		if ((s[i] < 'A' && !(s[i] == '.' && s[0] >= 0xe00 && s[0] < 0xe80)) ||
		    s[i] == 0x6708 || s[i] == 0xc6d4 || s[i] == 0xa0 || s[i] == 0x202f)
			return 0;
	return 1;
}

static void add_cases(const UChar *s, int32_t len, const char *language, unsigned month)
{
	UChar changed[WORD];
	char utf8[4 * WORD];
	UErrorCode e = U_ZERO_ERROR;

	for (int how = 0; how < 4; how++) {
		int32_t n = how == 0   ? u_strToLower(changed, WORD, s, len, language, &e)
			    : how == 1 ? u_strToUpper(changed, WORD, s, len, language, &e)
			    : how == 2 ? u_strToTitle(changed, WORD, s, len, NULL, language, &e)
				       : len;

		u_strToUTF8(utf8, sizeof(utf8), NULL, how < 3 ? changed : s, n, &e);
		if (U_SUCCESS(e))
			add(utf8, language, month);
		e = U_ZERO_ERROR;
	}
}

static void read_language(const char *language)
{
	static const UDateFormatSymbolType types[] = {
		UDAT_MONTHS,
		UDAT_SHORT_MONTHS,
		UDAT_STANDALONE_MONTHS,
		UDAT_STANDALONE_SHORT_MONTHS,
	};
	char locale[32];
	UErrorCode e = U_ZERO_ERROR;
	UDateFormat *f;

	snprintf(locale, sizeof(locale), "%s@calendar=gregorian", language);
	f = udat_open(UDAT_DEFAULT, UDAT_DEFAULT, locale, NULL, 0, NULL, 0, &e);
	for (size_t t = 0; U_SUCCESS(e) && t < 4; t++) {
		for (int32_t m = 0; m < 12; m++) {
			UChar s[WORD];
			int32_t len = udat_getSymbols(f, types[t], m, s, WORD, &e);

			while (U_SUCCESS(e) && len > 0 && s[len - 1] == '.')
				len--;
			if (U_SUCCESS(e) && is_word(s, len))
				add_cases(s, len, language, (unsigned)m + 1);
			e = U_ZERO_ERROR;
		}
	}
	udat_close(f);
}

/* By name; the commonest language first. */
static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int d = strcmp(x->name, y->name);

	if (d == 0)
		d = (x->weight > y->weight) - (x->weight < y->weight);
	return d ? d : strcmp(x->language, y->language);
}

int main(void)
{
	/* Short forms that are written, but that CLDR leaves out. */
	static const struct { const char *name, *language; unsigned month; } also[] = {
		{ "sept", "en", 9 }, { "janv", "fr", 1 }, { "f\303\251vr", "fr", 2 }, { "juil", "fr", 7 },
		{ "d\303\251c", "fr", 12 }, { "m\303\244r", "de", 3 }, { "mrz", "de", 3 }, { "j\303\244n", "de", 1 },
		{ "ene", "es", 1 }, { "abr", "es", 4 }, { "ago", "es", 8 }, { "dic", "es", 12 }, { "set", "it", 9 },
		{ "out", "pt", 10 }, { "dez", "pt", 12 }, { "fev", "pt", 2 }, { "gen", "it", 1 },
		{ "mag", "it", 5 },
		{ "giu", "it", 6 }, { "lug", "it", 7 }, { "ott", "it", 10 },
		{ "j\303\244nner", "de", 1 }, { "feber", "de", 2 }, { "setiembre", "es", 9 }, { "fevrier", "fr", 2 },
		{ "aout", "fr", 8 }, { "decembre", "fr", 12 }, { "pebruari", "id", 2 }, { "nopember", "id", 11 },
		/* Arabic from Syria to Iraq, in Algeria and Tunisia, in
		 * Morocco; and without its hamza. */
		{ "\330\264\330\250\330\247\330\267", "ar", 2 }, { "\330\242\330\260\330\247\330\261", "ar", 3 },
		{ "\331\206\331\212\330\263\330\247\331\206", "ar", 4 }, { "\330\243\331\212\330\247\330\261", "ar", 5 },
		{ "\330\255\330\262\331\212\330\261\330\247\331\206", "ar", 6 }, { "\330\252\331\205\331\210\330\262", "ar", 7 },
		{ "\330\242\330\250", "ar", 8 },
		{ "\330\243\331\212\331\204\331\210\331\204", "ar", 9 },
		{ "\330\254\330\247\331\206\331\201\331\212", "ar", 1 }, { "\331\201\331\212\331\201\330\261\331\212", "ar", 2 },
		{ "\330\243\331\201\330\261\331\212\331\204", "ar", 4 }, { "\331\205\330\247\331\212", "ar", 5 },
		{ "\330\254\331\210\330\247\331\206", "ar", 6 }, { "\330\254\331\210\331\212\331\204\331\212\330\251", "ar", 7 },
		{ "\330\243\331\210\330\252", "ar", 8 }, { "\331\212\331\210\331\204\331\212\331\210\330\262", "ar", 7 },
		{ "\330\272\330\264\330\252", "ar", 8 }, { "\330\264\330\252\331\206\330\250\330\261", "ar", 9 },
		{ "\331\206\331\210\331\206\330\250\330\261", "ar", 11 }, { "\330\257\330\254\331\206\330\250\330\261", "ar", 12 },
		{ "\330\247\330\250\330\261\331\212\331\204", "ar", 4 }, { "\330\247\330\272\330\263\330\267\330\263", "ar", 8 },
		{ "\330\247\331\203\330\252\331\210\330\250\330\261", "ar", 10 },
	};
	int32_t n = uloc_countAvailable();

	for (int32_t i = 0; i < n; i++)
		if (strlen(uloc_getAvailable(i)) == 2)
			read_language(uloc_getAvailable(i));
	for (size_t i = 0; i < sizeof(also) / sizeof(*also); i++)
		add(also[i].name, also[i].language, also[i].month);
	qsort(rows, nrows, sizeof(*rows), compare);
	printf("static const struct month_name month_names[] = {\n");
	for (size_t i = 0, first = 0; i < nrows; i++) {
		if (i == 0 || strcmp(rows[i].name, rows[first].name) != 0) {
			first = i;
			printf("\t{ \"%s\", \"\", %u },\n", rows[i].name, rows[i].month);
		} else if (rows[i].month != rows[first].month &&
			   (strcmp(rows[i].name, rows[i - 1].name) != 0 ||
			    strcmp(rows[i].language, rows[i - 1].language) != 0 ||
			    rows[i].month != rows[i - 1].month)) {
			printf("\t{ \"%s\", \"%s\", %u },\n", rows[i].name, rows[i].language,
			       rows[i].month);
		}
	}
	printf("};\n");
	return 0;
}
