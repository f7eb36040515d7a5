#include "filters/extract/cut_off.h"

#include <string.h>
#include <strings.h>

enum { MORE_BYTES = 80 };       /* of a block that only says that there is more */

struct phrase {
	const char *text;       /* letters beyond ASCII as they are mostly written */
	bool sure;
};

static const struct phrase phrases[] = {
	{ "continue reading", true }, { "keep reading", false }, { "read the full", true },
	{ "read the rest", true }, { "read full story", true }, { "to continue reading", true },
	{ "to read the full", true }, { "read more", false }, { "weiterlesen", true },
	{ "ganzen artikel lesen", true }, { "mehr lesen", false }, { "lire la suite", true },
	{ "il vous reste", true }, { "seguir leyendo", true }, { "sigue leyendo", true },
	{ "leer m\xc3\xa1s", false }, { "continua a leggere", true }, { "leggi tutto", false },
	{ "continue lendo", true }, { "leia mais", false }, { "lees verder", true },
	{ "lees meer", false },
	{ "l\xc3\xa4s mer", false }, { "les mer", false }, { "l\xc3\xa6s mere", false },
	{ "czytaj dalej", true }, { "\xd1\x87\xd0\xb8\xd1\x82\xd0\xb0\xd1\x82\xd1\x8c \xd0\xb4\xd0\xb0\xd0\xbb\xd0\xb5\xd0\xb5", true },
	{ "\xd0\xa7\xd0\xb8\xd1\x82\xd0\xb0\xd1\x82\xd1\x8c \xd0\xb4\xd0\xb0\xd0\xbb\xd0\xb5\xd0\xb5", true },
	{ "\xe7\xbb\xa7\xe7\xbb\xad\xe9\x98\x85\xe8\xaf\xbb", true },     /* continue reading */
	{ "\xe9\x98\x85\xe8\xaf\xbb\xe5\x85\xa8\xe6\x96\x87", true },     /* read the whole text */
	/* Read the rest. */
	{ "\xe7\xb6\x9a\xe3\x81\x8d\xe3\x82\x92\xe8\xaa\xad\xe3\x82\x80", true },
};
enum { PHRASES = sizeof(phrases) / sizeof(*phrases) };

/* Behind a phrase: arrows, stops, closing brackets. */
static struct pm_slice unpointed(struct pm_slice s)
{
	static const char *const marks[] = { ".", ":", ">", "]", ")", " ", "\xe2\x86\x92", "\xc2\xbb", "\xe2\x80\xba",
					     "\xe2\x80\xa6" };
	bool again = true;

	while (again && s.len) {
		again = false;
		for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
			size_t n = strlen(marks[i]);

			if (s.len < n || memcmp(s.ptr + s.len - n, marks[i], n) != 0)
				continue;
			s.len -= n;
			again = true;
		}
	}
	return s;
}

static bool ends_in_ellipsis(struct pm_slice s)
{
	while (s.len &&
	       (s.ptr[s.len - 1] == ']' || s.ptr[s.len - 1] == ')' || s.ptr[s.len - 1] == ' '))
		s.len--;
	return (s.len > 3 && memcmp(s.ptr + s.len - 3, "\xe2\x80\xa6", 3) == 0) ||
	       (s.len > 3 && memcmp(s.ptr + s.len - 3, "...", 3) == 0);
}

bool pm_ends_cut_off(struct pm_slice block)
{
	struct pm_slice s;

	if (ends_in_ellipsis(block))
		return true;
	s = unpointed(block);
	for (size_t i = 0; i < PHRASES; i++) {
		size_t n = strlen(phrases[i].text);

		/* Behind a sentence's end: "we read more" is prose. */
		if (s.len > n + 2 &&
		    pm_slice_begins_nocase(pm_slice(s.ptr + s.len - n, n), phrases[i].text, n) &&
		    s.ptr[s.len - n - 1] == ' ' && strchr(".!?)]\"", s.ptr[s.len - n - 2]))
			return true;
	}
	return false;
}

bool pm_says_more(struct pm_slice block, bool only_sure)
{
	if (block.len > MORE_BYTES)
		return false;
	while (block.len && strchr("([>", *block.ptr))
		block = pm_slice(block.ptr + 1, block.len - 1);
	for (size_t i = 0; i < PHRASES; i++) {
		size_t n = strlen(phrases[i].text);
		bool alone = unpointed(block).len == n;

		if (pm_slice_begins_nocase(block, phrases[i].text, n) &&
		    (phrases[i].sure ? true : alone && !only_sure))
			return true;
	}
	return false;
}
