#include "filters/extract/entity.h"

#include <string.h>

#include "core/utf8.h"
#include "html_entities.inc"

/* The longest name is 32 bytes with its semicolon, the longest that may lack one has 6. */
enum { NAME_MAX_BYTES = 32, LEGACY_MAX = 6, LEGACY_MIN = 2 };

/* What the standard makes of &#128; to &#159;: Windows-1252's characters, where it has one. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
};

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static bool is_alnum(char c)
{
	return is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26;
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint32_t numbered(uint32_t cp)
{
	if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return PM_UTF8_BAD;
	return cp >= 0x80 && cp < 0xa0 ? windows_1252[cp - 0x80] : cp;
}

static size_t numeric(const char *p, const char *end, uint32_t cp[2])
{
	const char *q = p + 2, *digits;
	bool hex = q < end && (*q | 0x20) == 'x';
	uint32_t value = 0;
	int digit;

	if (hex)
		q++;
	for (digits = q; q < end && (digit = hex_value(*q)) >= 0 && (hex || digit < 10); q++)
		if (value <= 0x10ffff)
			value = value * (hex ? 16 : 10) + (uint32_t)digit;
	if (q == digits)
		return 0;
	if (q < end && *q == ';')
		q++;
	cp[0] = numbered(value);
	cp[1] = 0;
	return (size_t)(q - p);
}

/* The entry of a whole name, its ";" included where it has one; -1 without. */
static int find(const char *name, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	for (h &= ENTITY_SLOTS - 1; entity_slot[h]; h = (h + 1) & (ENTITY_SLOTS - 1)) {
		const char *known = entity_names + entities[entity_slot[h] - 1].name;

		if (strncmp(known, name, len) == 0 && known[len] == 0)
			return entity_slot[h] - 1;
	}
	return -1;
}

size_t pm_entity_read(const char *p, const char *end, bool attribute, uint32_t cp[2])
{
	const char *name = p + 1;
	size_t len = 0, left = (size_t)(end - name);
	int at = -1;

	if (left && *name == '#')
		return numeric(p, end, cp);
	while (len < left && len < NAME_MAX_BYTES && is_alnum(name[len]))
		len++;
	if (len < left && name[len] == ';')
		at = find(name, ++len);
	if (at < 0) {
		if (len > LEGACY_MAX)
			len = LEGACY_MAX;
		for (; len >= LEGACY_MIN; len--)
			if ((at = find(name, len)) >= 0)
				break;
		if (at < 0)
			return 0;
		if (attribute && name[len - 1] != ';' && len < left &&
		    (name[len] == '=' || is_alnum(name[len])))
			return 0;
	}
	cp[0] = entities[at].cp[0];
	cp[1] = entities[at].cp[1];
	return len + 1;
}

struct pm_slice pm_entity_decode(struct pm_arena *a, struct pm_slice raw)
{
	const char *p = raw.ptr, *end, *amp;
	size_t len = 0;
	char *to;

	if (!raw.len || !memchr(p, '&', raw.len))
		return raw;
	end = p + raw.len;
	/* No reference is shorter than what it stands for, but for two: "&nGt;" and "&nLt;" become
	 * six bytes. */
	to = pm_arena_alloc(a, raw.len + raw.len / 4);
	if (!to)
		return (struct pm_slice){ 0 };
	while ((amp = memchr(p, '&', (size_t)(end - p))) != NULL) {
		uint32_t cp[2];
		size_t used = pm_entity_read(amp, end, true, cp);

		memcpy(to + len, p, (size_t)(amp - p));
		len += (size_t)(amp - p);
		if (used == 0) {
			to[len++] = '&';
			p = amp + 1;
			continue;
		}
		len += pm_utf8_put(to + len, cp[0]);
		if (cp[1])
			len += pm_utf8_put(to + len, cp[1]);
		p = amp + used;
	}
	memcpy(to + len, p, (size_t)(end - p));
	len += (size_t)(end - p);
	pm_arena_trim(a, to, len);
	return pm_slice(to, len);
}
