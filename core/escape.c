#include "core/escape.h"

#include "core/utf8.h"

bool pm_escape_needed(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return true;
	/* Marks, separators, embeddings, overrides and isolates (UAX #9). */
	return cp == 0x061c || (cp >= 0x200e && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}

static void escape_ascii(struct pm_buf *to, char c)
{
	switch (c) {
	case '\n':
		pm_buf_str(to, "\\n");
		break;
	case '\r':
		pm_buf_str(to, "\\r");
		break;
	case '\t':
		pm_buf_str(to, "\\t");
		break;
	case '\\':
	case '"':
		pm_buf_char(to, '\\');
		pm_buf_char(to, c);
		break;
	default:
		pm_buf_printf(to, "\\x%02x", (unsigned)(unsigned char)c);
	}
}

/* A replacement character that stands in the text is a valid sequence of three bytes. */
static bool broken(uint32_t cp, const char *from, const char *to)
{
	return cp == PM_UTF8_BAD && !(to - from == 3 && memcmp(from, "\xef\xbf\xbd", 3) == 0);
}

void pm_escape(struct pm_buf *to, struct pm_slice s, size_t max, bool quotes)
{
	const char *at = s.ptr, *end = s.ptr + s.len;

	while (at < end) {
		const char *from = at;
		uint32_t cp = pm_utf8_next(&at, end);

		if ((size_t)(at - s.ptr) > max) {
			pm_buf_str(to, "…");
			return;
		}
		if (broken(cp, from, at)) {
			for (; from < at; from++)
				pm_buf_printf(to, "\\x%02x", (unsigned)(unsigned char)*from);
		} else if (cp < 0x80 &&
			   (pm_escape_needed(cp) || (quotes && (cp == '"' || cp == '\\')))) {
			escape_ascii(to, (char)cp);
		} else if (pm_escape_needed(cp)) {
			pm_buf_printf(to, "\\u%04x", (unsigned)cp);
		} else {
			pm_buf_add(to, from, (size_t)(at - from));
		}
	}
}
