/* filters/extract/byline_lead.c -- how bylines begin: "By", "Von", "Par" and their kin. */
#include <string.h>

#include "filters/extract/byline_impl.h"

static const char *const leads[] = {
	"written by", "posted by", "published by", "reported by", "story by", "words by", "text by", "article by",
	"review by", "created by", "authored by", "submitted by", "opinion by", "analysis by", "commentary by", "column by", "kommentar von", "kolumne von", "essay by",
	"by", "contributor", "contributors", "recipe by", "photos by", "author", "authors", "author(s)", "words", "text", "story", "writer",
	"erstellt von", "text und interview", "interview", "quelle", "foto", "geschrieben von", "verfasst von", "ver\303\266ffentlicht von", "ein artikel von", "eine analyse von",
	"ein kommentar von", "ein gastbeitrag von", "von", "autor", "autoren", "autorin", "verfasser",
	"\303\251crit par", "publi\303\251 par", "post\303\251 par", "par", "auteur", "auteurs", "propos recueillis par",
	"escrito por", "publicado por", "por", "autora", "autores", "redactado por", "texto",
	"scritto da", "pubblicato da", "di", "autore", "a cura di", "da",
	"geschreven door", "door", "skriven av", "av", "skrevet af", "skrevet av", "af", "tekst", "kirjoittaja",
	"autor:", "autorin/autor", "autor/in", "autor:in", "autor*in", "napisa\305\202", "napsal", "autorzy", "szerz\305\221", "de", "yazar",
	"\320\260\320\262\321\202\320\276\321\200", "\320\220\320\262\321\202\320\276\321\200",
	"\320\260\320\262\321\202\320\276\321\200\321\213", "\320\220\320\262\321\202\320\276\321\200\321\213",
	"\320\242\320\265\320\272\321\201\321\202", "\317\203\317\205\316\275\317\204\316\254\316\272\317\204\316\267\317\202",
	"\330\250\331\202\331\204\331\205", "\331\203\330\252\330\250", "\330\247\331\204\331\203\330\247\330\252\330\250",
	NULL
};

/* Written without a space. */
static const char *const glued[] = {
	"\344\275\234\350\200\205\357\274\232", "\344\275\234\350\200\205:", "\344\275\234\350\200\205",
	"\350\256\260\350\200\205", "\350\250\230\350\200\205", "\350\264\243\344\273\273\347\274\226\350\276\221\357\274\232",
	"\350\264\243\347\274\226\357\274\232", "\346\226\207\357\274\217", "\346\226\207\343\203\273", "\346\226\207/", "\346\226\207\357\274\232",
	"\346\222\260\346\226\207\357\274\232", "\347\274\226\350\276\221\357\274\232", "\350\264\243\347\274\226",
	"\357\274\232", NULL
};

static size_t lead_length(struct pm_slice line)
{
	char first = line.len ? pm_ascii_lower(line.ptr[0]) : 0;
	size_t best = 0;

	for (size_t i = 0; leads[i]; i++) {
		size_t n;

		if (first != pm_ascii_lower(leads[i][0]))
			continue;
		n = strlen(leads[i]);
		if (n > best && line.len > n && (line.ptr[n] == ' ' || line.ptr[n] == ':') &&
		    pm_slice_is_nocase(pm_slice(line.ptr, n), leads[i]))
			best = n + 1;
	}
	/* "ByVan Sias", when a style sheet keeps them apart. */
	if (!best && line.len > 3 && memcmp(line.ptr, "By", 2) == 0 && (unsigned char)(line.ptr[2] - 'A') < 26)
		best = 2;
	for (size_t i = 0; !best && glued[i]; i++) {
		size_t n;

		if (first != glued[i][0])
			continue;
		n = strlen(glued[i]);
		if (line.len > n && memcmp(line.ptr, glued[i], n) == 0)
			best = n;
	}
	return best;
}

struct pm_slice pm_byline_lead(struct pm_slice line, bool *led)
{
	size_t n;

	*led = false;
	line = pm_byline_bare(line);
	while ((n = lead_length(line)) != 0) {
		*led = true;
		line = pm_byline_bare(pm_slice(line.ptr + n, line.len - n));
	}
	return line;
}

bool pm_byline_is_lead(struct pm_slice words)
{
	char line[40];
	bool led;

	words = pm_slice_trim(words);
	while (words.len && words.ptr[words.len - 1] == ':')
		words.len--;
	if (words.len < 2 || words.len > sizeof(line) - 3)
		return false;
	memcpy(line, words.ptr, words.len);
	memcpy(line + words.len, " x", 2);
	return pm_byline_lead(pm_slice(line, words.len + 2), &led).len == 1 && led;
}
