#include "filters/extract/clean.h"

#include <string.h>

#include "core/simd.h"
#include "core/utf8.h"
#include "filters/extract/entity.h"
#include "filters/extract/nfc.h"
#include "filters/repair/misread.h"

/* More than any one reference or separator needs, and what a 16-byte store may write too far. */
enum { SLACK = 64 };

static bool reserve(struct pm_clean *c, size_t more)
{
	size_t cap = c->cap;
	char *p;

	if (more <= cap - c->len)
		return true;
	while (cap - c->len < more)
		cap *= 2;
	p = c->full ? NULL : pm_arena_alloc(c->arena, cap);
	if (!p) {
		c->full = true;
		return false;
	}
	memcpy(p, c->p, c->len);
	c->p = p;
	c->cap = cap;
	return true;
}

void pm_clean_open(struct pm_clean *c, struct pm_arena *a, size_t expect)
{
	*c = (struct pm_clean){ .arena = a, .cap = expect + SLACK };
	c->p = pm_arena_alloc(a, c->cap);
	c->full = c->p == NULL;
}

void pm_clean_raw(struct pm_clean *c, const char *bytes, size_t len)
{
	if (!reserve(c, len + c->want + SLACK))
		return;
	memcpy(c->p + c->len, bytes, len);
	c->len += len;
}

/* What is owed goes out before the next character. */
static inline void settle_debt(struct pm_clean *c)
{
	if (c->owed == PM_OWED_NOTHING)
		return;
	if (c->owed == PM_OWED_SPACE || !c->pay) {
		if (c->len > c->from && !pm_ascii_space(c->p[c->len - 1]))
			c->p[c->len++] = ' ';
		c->owed = PM_OWED_NOTHING;
		return;
	}
	c->pay(c, c->owner);
}

/* The last character written in this block, 0 without one. */
static uint32_t last_char(const struct pm_clean *c)
{
	size_t at = c->len;
	const char *p;

	if (at == c->from || c->owed != PM_OWED_NOTHING)
		return 0;
	do
		at--;
	while (at > c->from && ((unsigned char)c->p[at] & 0xc0) == 0x80);
	p = c->p + at;
	return pm_utf8_next(&p, c->p + c->len);
}

/* A joiner says something behind a letter of a script that joins, or an emoji: everything from the
 * Hebrew block to the Mongolian one, the later blocks of such scripts, and symbols. */
static bool joins(uint32_t before)
{
	return (before >= 0x590 && before < 0x1900) || (before >= 0x2190 && before < 0x2c00) ||
	       (before >= 0xa800 && before < 0xac00) || (before >= 0xfb1d && before < 0xfe10) ||
	       (before >= 0xfe70 && before < 0xff00) || (before >= 0x10800 && before < 0x12000) ||
	       before >= 0x1e900;
}

/* A flag's tags stand behind U+1F3F4. */
static bool flags(uint32_t before)
{
	return before == 0x1f3f4 || (before >= 0xe0020 && before <= 0xe007f);
}

static bool dropped(const struct pm_clean *c, uint8_t action)
{
	switch (action) {
	case PM_CHAR_DROP:
		return true;
	case PM_CHAR_JOINER:
		/* A variation selector may stand between an emoji and its joiner. */
		return !joins(last_char(c)) && (last_char(c) & ~0xfu) != 0xfe00;
	case PM_CHAR_TAG:
		return !flags(last_char(c));
	default:
		return false;
	}
}

/* The last characters written in this block, newest first, 0 where there are fewer. */
static void last_chars(const struct pm_clean *c, uint32_t cp[3])
{
	size_t at = c->len;

	memset(cp, 0, 3 * sizeof(*cp));
	if (c->owed != PM_OWED_NOTHING)
		return;
	for (unsigned i = 0; i < 3 && at > c->from; i++) {
		const char *p;

		do
			at--;
		while (at > c->from && ((unsigned char)c->p[at] & 0xc0) == 0x80);
		p = c->p + at;
		cp[i] = pm_utf8_next(&p, c->p + c->len);
	}
}

/* Whether a character that shows nothing is the rest of one that was misread: "Ã" and a soft hyphen
 * was "í". It is all that is left to know it by, so it stays for a filter that takes it back. */
static bool misread(const struct pm_clean *c, uint32_t cp, const char *next, const char *to)
{
	uint32_t last[3];

	if (cp < 0x80 || (cp > 0xa0 && cp != 0xad))
		return false;
	last_chars(c, last);
	return last[0] >= 0x80 &&
	       pm_misread_inside(last, cp, next < to ? pm_utf8_next(&next, to) : 0);
}

static void put_misread(struct pm_clean *c, uint32_t cp)
{
	settle_debt(c);
	c->ccc = 0;
	c->len += pm_utf8_put(c->p + c->len, cp);
}

static void put(struct pm_clean *c, uint32_t cp)
{
	struct pm_char_kind kind = pm_char_kind(cp);

	if (kind.action == PM_CHAR_SPACE || kind.action == PM_CHAR_LINE) {
		if (c->owed == PM_OWED_NOTHING)
			c->owed = PM_OWED_SPACE;
		return;
	}
	if (kind.action != PM_CHAR_PLAIN && dropped(c, kind.action))
		return;
	settle_debt(c);
	if (kind.check != PM_NFC_YES || (kind.ccc && kind.ccc < c->ccc))
		c->nfc = true;
	c->ccc = kind.ccc;
	c->len += pm_utf8_put(c->p + c->len, cp);
}

/* The same where white space is kept. Behind a separator lines that hold nothing are left out. */
static void put_pre(struct pm_clean *c, uint32_t cp)
{
	struct pm_char_kind kind = pm_char_kind(cp);

	if (kind.action == PM_CHAR_SPACE || kind.action == PM_CHAR_LINE) {
		bool line = kind.action == PM_CHAR_LINE || (cp >= '\n' && cp <= '\r');

		if (c->owed > PM_OWED_SPACE)
			return;
		settle_debt(c);
		c->p[c->len++] = line ? '\n' : cp == '\t' ? '\t' : ' ';
		c->ccc = 0;
		return;
	}
	put(c, cp);
}

/* One character of the source that is not plain ASCII, or a reference; moves *at behind it. */
static void special(struct pm_clean *c, const char **at, const char *to, unsigned flag)
{
	void (*one)(struct pm_clean *, uint32_t) = flag & PM_CLEAN_PRE ? put_pre : put;
	const char *p = *at;
	uint32_t cp[2];

	if (*p == '&' && flag & PM_CLEAN_REFERENCES) {
		size_t used = pm_entity_read(p, to, false, cp);

		if (used) {
			one(c, cp[0]);
			if (cp[1])
				one(c, cp[1]);
			*at = p + used;
			return;
		}
	}
	if (*p == '\r' && flag & PM_CLEAN_PRE && to - p > 1 && p[1] == '\n') {
		*at = p + 1;
		return;
	}
	cp[0] = pm_utf8_next(at, to);
	if (misread(c, cp[0], *at, to))
		put_misread(c, cp[0]);
	else
		one(c, cp[0]);
}

static inline bool ordinary(unsigned char b)
{
	return b > ' ' && b < 0x7f && b != '&';
}

#if PM_SSE2
/* Copies ASCII with single spaces, 16 bytes at a time; returns what is left for the other way. One
 * byte of ours always precedes c->len here, and it is not white space. */
static const char *bulk(struct pm_clean *c, const char *p, const char *to, const char *limit)
{
	const __m128i space = _mm_set1_epi8(' '), amp = _mm_set1_epi8('&'),
		      del = _mm_set1_epi8(0x7f);

	while (p < to && limit - p >= 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		/* Signed: bytes from 0x80 up are less than a space as well. */
		unsigned odd = (unsigned)_mm_movemask_epi8(_mm_or_si128(
			_mm_cmplt_epi8(x, space),
			_mm_or_si128(_mm_cmpeq_epi8(x, amp), _mm_cmpeq_epi8(x, del))));
		unsigned gap = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, space));
		size_t n = 16;

		odd |= gap & gap << 1;
		if (to - p < 16)
			odd |= ~0u << (to - p);
		if (odd) {
			n = (size_t)__builtin_ctz(odd);
			if (n == 0)
				return p;
		}
		_mm_storeu_si128((__m128i *)(c->p + c->len), x);
		c->len += n;
		p += n;
		if (c->p[c->len - 1] == ' ') {
			c->len--;
			return p - 1;
		}
		if (n < 16)
			return p;
	}
	return p;
}
#endif

/* Behind white space: over more of it. Controls among it show nothing and may go with it. */
static const char *skip_blank(const char *p, const char *to, const char *limit)
{
#if PM_SSE2
	const __m128i space = _mm_set1_epi8(' ');

	while (!pm_portable && p < to && limit - p >= 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		/* What is more than a space, and, by its sign, what is not ASCII. */
		unsigned shows =
			(unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpgt_epi8(x, space), x));

		if (shows) {
			p += __builtin_ctz(shows);
			return p < to ? p : to;
		}
		p += 16;
	}
#endif
	while (p < to && (unsigned char)*p <= ' ')
		p++;
	return p < to ? p : to;
}

static void collapse(struct pm_clean *c, const char *p, const char *to, const char *limit,
		     unsigned flag)
{
	while (p < to) {
		unsigned char b = (unsigned char)*p;

		if (ordinary(b)) {
			settle_debt(c);
			c->ccc = 0;
#if PM_SSE2
			if (!pm_portable) {
				const char *q = bulk(c, p, to, limit);

				if (q != p) {
					p = q;
					continue;
				}
			}
#endif
			do
				c->p[c->len++] = *p++;
			while (p < to && ordinary((unsigned char)*p));
		} else if (pm_ascii_space((char)b)) {
			p = skip_blank(p + 1, to, limit);
			if (c->owed == PM_OWED_NOTHING)
				c->owed = PM_OWED_SPACE;
		} else {
			special(c, &p, to, flag);
		}
	}
}

static void keep(struct pm_clean *c, const char *p, const char *to, unsigned flag)
{
	const char *line = p;

	while (p < to) {
		unsigned char b = (unsigned char)*p;

		if (ordinary(b)) {
			bool begins = c->owed > PM_OWED_SPACE;

			settle_debt(c);
			c->ccc = 0;
			/* A block's first line keeps its indent, but text does not begin with white
			 * space. */
			if (begins && c->len && pm_ascii_space(c->p[c->len - 1]))
				for (; line < p && (*line == ' ' || *line == '\t'); line++)
					c->p[c->len++] = *line;
			do
				c->p[c->len++] = *p++;
			while (p < to && ordinary((unsigned char)*p));
		} else {
			special(c, &p, to, flag);
			if (b == '\n' || b == '\r')
				line = p;
		}
	}
}

void pm_clean_add(struct pm_clean *c, const char *from, const char *to, const char *limit,
		  unsigned flag)
{
	/* A byte becomes three at most: U+FFFD. An indent is written once more at most. */
	c->want = 4 * (size_t)(to - from);
	if (c->full || !reserve(c, c->want + SLACK))
		return;
	if (flag & PM_CLEAN_PRE)
		keep(c, from, to, flag);
	else
		collapse(c, from, to, limit, flag);
	c->want = 0;
}

void pm_clean_settle(struct pm_clean *c)
{
	while (c->len > c->from && pm_ascii_space(c->p[c->len - 1]))
		c->len--;
	if (c->nfc && !c->full) {
		struct pm_slice done = { 0 };

		if (reserve(c, 3 * (c->len - c->from) + c->want + SLACK))
			done = pm_nfc(c->arena, pm_slice(c->p + c->from, c->len - c->from));
		if (!done.ptr) {
			c->full = true;
			return;
		}
		memcpy(c->p + c->from, done.ptr, done.len);
		c->len = c->from + done.len;
		pm_arena_trim(c->arena, (void *)done.ptr, 0);
	}
	c->nfc = false;
	c->ccc = 0;
}

struct pm_slice pm_clean_line(struct pm_arena *a, struct pm_slice raw, bool references)
{
	struct pm_clean c;

	pm_clean_open(&c, a, raw.len);
	if (c.full)
		return (struct pm_slice){ 0 };
	pm_clean_add(&c, raw.ptr, raw.ptr + raw.len, raw.ptr + raw.len,
		     references ? PM_CLEAN_REFERENCES : 0);
	pm_clean_settle(&c);
	return c.full ? (struct pm_slice){ 0 } : pm_slice(c.p, c.len);
}
