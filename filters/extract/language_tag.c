#include "filters/extract/html_meta.h"

/* RFC 5646, 2.1: language[-extlang][-script][-region]*[-variant]*[-extension]*[-privateuse]. Parts
 * come in this order; each state is the last kind that was seen. */
enum part { NONE, LANGUAGE, EXTLANG, SCRIPT, REGION, VARIANT, EXTENSION };

enum { TAG_MAX = 64 };  /* bytes; longer ones are no language of a page */

static bool all(struct pm_slice s, bool letters, bool digits)
{
	for (size_t i = 0; i < s.len; i++) {
		bool letter = (unsigned char)((s.ptr[i] | 0x20) - 'a') < 26;
		bool digit = (unsigned char)(s.ptr[i] - '0') < 10;

		if (!(letter && letters) && !(digit && digits))
			return false;
	}
	return s.len > 0;
}

static enum part kind_of(struct pm_slice s, enum part before)
{
	bool letters = all(s, true, false), word = all(s, true, true);

	if (!word || s.len > 8)
		return NONE;
	if (before == NONE)
		return letters && (s.len == 2 || s.len == 3) ? LANGUAGE : NONE;
	if (s.len == 1 || before == EXTENSION)
		return EXTENSION;
	if (before == LANGUAGE && letters && s.len == 3)
		return EXTLANG;
	if (before < SCRIPT && letters && s.len == 4)
		return SCRIPT;
	if (before < REGION && ((letters && s.len == 2) || (s.len == 3 && all(s, false, true))))
		return REGION;
	if (s.len >= 5 || (s.len == 4 && s.ptr[0] <= '9'))
		return VARIANT;
	return NONE;
}

static char upper(char c)
{
	c = pm_ascii_lower(c);
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

struct pm_slice pm_language_tag(struct pm_arena *a, struct pm_slice raw)
{
	struct pm_slice s = pm_slice_trim(raw), part;
	enum part before = NONE;
	char tag[TAG_MAX];
	size_t from = 0;

	if (!s.ptr || s.len < 2 || s.len > TAG_MAX)
		return (struct pm_slice){ 0 };
	for (size_t i = 0; i <= s.len; i++) {
		if (i < s.len && s.ptr[i] != '-' && s.ptr[i] != '_')
			continue;
		part = pm_slice(s.ptr + from, i - from);
		before = kind_of(part, before);
		if (before == NONE)
			return (struct pm_slice){ 0 };
		for (size_t j = 0; j < part.len; j++)
			tag[from + j] = before == REGION || (before == SCRIPT && j == 0)
					? upper(part.ptr[j]) : pm_ascii_lower(part.ptr[j]);
		if (i < s.len)
			tag[i] = '-';
		from = i + 1;
	}
	/* An extension's singleton needs something behind it. */
	if (s.len >= 2 && tag[s.len - 2] == '-')
		return (struct pm_slice){ 0 };
	if (s.len >= 3 && memcmp(tag, "und", 3) == 0)
		return (struct pm_slice){ 0 };
	return pm_arena_copy(a, pm_slice(tag, s.len));
}
