/* filters/extract/byline_lead.c -- how bylines begin: "By", "Von", "Par" and their kin. */
#include <string.h>

#include "filters/extract/byline_impl.h"

static const char *const leads[] = {
	"written by", "posted by", "published by", "reported by", "story by", "words by", "text by", "article by",
	"review by", "created by", "authored by", "submitted by", "opinion by", "analysis by", "commentary by", "column by", "kommentar von", "kolumne von", "essay by",
	"post by", "by", "contributor", "contributors", "recipe by", "photos by", "author", "authors", "author(s)", "words", "text", "story", "writer",
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
	"\316\243\317\205\316\275\317\204\316\254\316\272\317\204\316\267\317\202",
	"t\303\241c gi\341\272\243", "T\303\241c gi\341\272\243", "oleh", "penulis", "teksti",
	"\327\236\327\220\327\252", "\331\206\331\210\333\214\330\263\331\206\330\257\331\207",
	"\340\244\262\340\245\207\340\244\226\340\244\225", "\340\271\202\340\270\224\340\270\242",
	"scris de",
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

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || c & 0x80;
}

/* Bytes of such words at the start of `s`; 0: it starts otherwise. */
static size_t help_length(struct pm_slice s)
{
	static const char *const helps[] = {
		"medically reviewed", "reviewed by", "edited by", "fact checked", "fact-checked", "checked by", "updated by",
		"translated by", "contributions from", "contributions by", "additional reporting by", "photography by",
		"photographs by", "illustration by", "illustrations by", "illustrated by", "graphics by", "styling by",
		"\303\274bersetzt von", "\303\234bersetzt von", "\303\234bersetzung:", "\303\274bersetzung:", "aus dem englischen von", "redigiert von", "traduit par",
		"relu par", "traduction :", "traducci\303\263n de", "traducido por", "revisado por", "editado por",
		"traduzione di", "traduzido por", "vertaald door",
		"\350\264\243\344\273\273\347\274\226\350\276\221",
		"\350\262\254\344\273\273\347\267\250\350\274\257", "\350\264\243\347\274\226",
		"\350\262\254\347\267\250", "\347\274\226\350\276\221\357\274\232", "\346\240\241\345\257\271",
		"\346\221\204\345\275\261",
	};
	char first = s.len ? pm_ascii_lower(s.ptr[0]) : 0;

	for (size_t k = 0; k < sizeof(helps) / sizeof(*helps); k++) {
		size_t n = strlen(helps[k]);

		if (first == helps[k][0] && pm_slice_begins_nocase(s, helps[k], n) &&
		    (s.len == n || !is_letter(s.ptr[n]) || (unsigned char)first >= 0xe3))
			return n;
	}
	return 0;
}

size_t pm_byline_help(struct pm_slice line, size_t *end)
{
	for (size_t i = 0; i < line.len; i++) {
		bool capital = (unsigned char)(line.ptr[i] - 'A') < 26 || line.ptr[i] & 0x80;
		size_t n = 0;

		/* Not inside of a word, unless a capital says that two are glued. */
		if (i == 0 || !is_letter(line.ptr[i - 1]) || capital)
			n = help_length(pm_slice(line.ptr + i, line.len - i));
		if (!n)
			continue;
		for (*end = i + n; *end < line.len && memchr(" :", line.ptr[*end], 2); ++*end)
			;
		return i;
	}
	*end = line.len;
	return line.len;
}
