/* What was left of mark-up and transport: character references that nobody resolved, and characters
 * that show nothing. */
#include <string.h>

#include "filters/extract/entity.h"
#include "filters/extract/nfc.h"
#include "filters/repair/steps.h"

enum { REFERENCE_MAX = 40 };    /* bytes: the longest name of HTML has 33 */

/* A reference at `p` with its semicolon. 0: none. */
static size_t reference(const char *p, const char *end, uint32_t cp[2])
{
	size_t len;

	if (end - p > REFERENCE_MAX)
		end = p + REFERENCE_MAX;
	len = pm_entity_read(p, end, false, cp);
	return len && p[len - 1] == ';' ? len : 0;
}

/* The same for one that was escaped once more, or twice: "&amp;amp;". More often than that is left:
 * then somebody means it. */
static size_t nested(const char *p, const char *end, uint32_t cp[2], unsigned *depth)
{
	char inner[REFERENCE_MAX];
	size_t len = reference(p, end, cp), rest;
	uint32_t other[2];

	*depth = 0;
	if (len == 0)
		return 0;
	*depth = 1;
	if (cp[0] != '&' || cp[1])
		return len;
	/* What the first round leaves is "&" and what follows. */
	rest = (size_t)(end - p) - len;
	if (rest > REFERENCE_MAX - 1)
		rest = REFERENCE_MAX - 1;
	inner[0] = '&';
	memcpy(inner + 1, p + len, rest);
	rest = reference(inner, inner + 1 + rest, other);
	if (rest == 0)
		return len;
	*depth = 2;
	cp[0] = other[0];
	cp[1] = other[1];
	len += rest - 1;
	if (cp[0] == '&' && !cp[1]) {
		rest = (size_t)(end - p) - len;
		if (rest > REFERENCE_MAX - 1)
			rest = REFERENCE_MAX - 1;
		memcpy(inner + 1, p + len, rest);
		if (reference(inner, inner + 1 + rest, other))
			*depth = 3;
	}
	return len;
}

/* Follows the text up to a place, to know whether that belongs to an address: "?a=1&amp;b=2". */
struct token {
	const char *at;
	bool address;
};

static void follow(struct token *t, const char *to, const char *end)
{
	for (; t->at < to; t->at++) {
		if ((unsigned char)*t->at <= ' ')
			t->address = false;
		else if (end - t->at >= 4 &&
			 (memcmp(t->at, "://", 3) == 0 || memcmp(t->at, "www.", 4) == 0))
			t->address = true;
	}
}

static bool at_border(const char *p, const char *begin, const char *end)
{
	return p == begin || p == end || p[-1] == '\n' || *p == '\n' || p[-1] == '\t' ||
	       *p == '\t' || p[-1] == ' ' || *p == ' ';
}

/* What stands in the text for a character that came out of hiding, in at most 4 bytes. */
static size_t shown(char *to, uint32_t cp, const char *p, const char *after, const char *begin,
		    const char *end)
{
	switch (pm_char_kind(cp).action) {
	case PM_CHAR_PLAIN:
		return pm_utf8_put(to, cp);
	case PM_CHAR_SPACE:
	case PM_CHAR_LINE:
		if (p == begin || p[-1] == '\n' || p[-1] == '\t' || p[-1] == ' ' ||
		    at_border(after, begin, end))
			return 0;
		*to = ' ';
		return 1;
	default:
		return 0;
	}
}

static bool escapes(char c)
{
	return memchr("\\`*_[]<>&#", c, 10) != NULL;
}

void pm_repair_entities(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;
	struct token token = { p, false };

	while (p < end && (p = memchr(p, '&', (size_t)(end - p)))) {
		unsigned depth;
		uint32_t cp[2];
		size_t len = nested(p, end, cp, &depth), n = 0;
		bool escaped = r->markdown && p > begin && p[-1] == '\\';
		const char *from = p - escaped;

		/* In Markdown one level is the notation's own. */
		if (len == 0 || depth > 2 || (r->markdown && !escaped && depth < 2)) {
			p += len ? len : 1;
			/* What hangs on to a reference that is left alone is left alone, too. */
			while (depth > 2 && p < end && (*p == '#' || *p == ';' || *p == '&' ||
				pm_letter((unsigned char)*p & 0x7f) != PM_LETTER_NOT))
				p++;
			continue;
		}
		follow(&token, p, end);
		if (token.address) {
			p += len;
			continue;
		}
		if (r->markdown && cp[0] < 0x80 && escapes((char)cp[0]))
			r->space[n++] = '\\';
		n += shown(r->space + n, cp[0], from, p + len, begin, end);
		if (cp[1])
			n += pm_utf8_put(r->space + n, cp[1]);
		pm_edit_replace(&r->edit, from, len + escaped, pm_slice(r->space, n));
		r->count[PM_REPAIR_ENTITIES]++;
		p += len;
	}
}

/* Joiners say something in the scripts that join, and between emoji. */
static bool joins(uint32_t before)
{
	return before >= 0x590 && pm_letter(before) != PM_LETTER_LOWER &&
	       pm_letter(before) != PM_LETTER_UPPER && !(before >= 0x2000 && before < 0x2190);
}

static bool hides(uint32_t cp, uint32_t before)
{
	switch (pm_char_kind(cp).action) {
	case PM_CHAR_DROP:
		return true;
	case PM_CHAR_JOINER:
		return !joins(before);
	default:
		return false;
	}
}

void pm_repair_controls(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;
	uint32_t before = 0;

	while (p < end) {
		const char *at = p;
		uint32_t cp = pm_utf8_next(&p, end);
		bool space = cp > ' ' ? cp >= 0x80 && (pm_char_kind(cp).action == PM_CHAR_SPACE ||
						       pm_char_kind(cp).action == PM_CHAR_LINE)
				      : cp < ' ' && cp != '\n' && cp != '\t';

		if (!space && (cp >= 0x20 || cp == '\n' || cp == '\t') && cp < 0x7f) {
			before = cp;
			continue;
		}
		if (!space && !hides(cp, before)) {
			before = cp;
			continue;
		}
		pm_edit_replace(&r->edit, at, (size_t)(p - at),
				pm_slice(r->space,
					 space ? shown(r->space, ' ', at, p, begin, end) : 0));
		r->count[PM_REPAIR_CONTROLS]++;
	}
}
