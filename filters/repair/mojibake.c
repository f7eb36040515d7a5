/* UTF-8 that was read in another encoding. A run of characters is taken back only where its bytes
 * in that encoding are UTF-8 and where, besides, hardly any text would hold it by intention: the
 * rules are in `meant` and below. */
#include <string.h>

#include "filters/repair/steps.h"

struct misread {
	uint8_t byte[PM_MISREADS];      /* 0: not in that encoding */
	uint16_t lead, trail;           /* the encodings in which it
					 * begins a sequence, or goes on */
};
#undef PM_REPAIR_KINDS
#include "repair_chars.inc"

enum { TABLED = sizeof(misread_index) / sizeof(*misread_index) };

/* One sequence taken back. */
struct taken {
	uint32_t cp;
	const char *end;        /* behind its last character as it stands */
	uint32_t last;          /* that character */
	unsigned bytes;         /* of the sequence */
	unsigned char byte[4];
	bool control;           /* one of its characters is a control: nobody types those */
};

static const struct misread *row(uint32_t cp)
{
	return &misread_rows[cp < TABLED ? misread_index[cp] : 0];
}

bool pm_misread_pair(uint32_t first, uint32_t second)
{
	return (row(first)->lead & row(second)->trail) != 0;
}

static bool western(unsigned e)
{
	return e <= PM_MISREAD_1250;
}

static bool is_trail(unsigned char b)
{
	return (b & 0xc0) == 0x80;
}

bool pm_misread_inside(const uint32_t last[3], uint32_t cp, uint32_t next)
{
	for (unsigned e = 0; e < PM_MISREADS; e++) {
		unsigned char one = row(last[0])->byte[e], two = row(last[1])->byte[e];

		if (!is_trail(row(cp)->byte[e]))
			continue;
		if (cp == 0xa0) {
			/* It stands behind letters of any script: only these few are likelier
			 * misread. */
			if (!western(e))
				continue;
			if (one == 0xc2 || one == 0xc3 || one == 0xc5 || one == 0xce || one == 0xd0)
				return true;
		} else if (one >= 0xc2 && one < 0xe0) {
			return true;
		}
		if (one >= 0xe0 && one < 0xf5 && is_trail(row(next)->byte[e]))
			return true;
		if (is_trail(one) && ((two >= 0xe0 && two < 0xf5) ||
				      (is_trail(two) && row(last[2])->byte[e] >= 0xf0 &&
				       row(last[2])->byte[e] < 0xf5)))
			return true;
	}
	return false;
}

struct pm_slice pm_misread_bytes(void)
{
	return pm_slice((const char *)misread_rows, sizeof(misread_rows));
}

static enum pm_script script_of(uint32_t cp)
{
	if (cp >= 0xa0 && cp < 0xc0)
		return PM_SCRIPT_SIGN;
	if ((cp >= 0xc0 && cp < 0x180) || cp == 0x1a0 || cp == 0x1a1 || cp == 0x1af ||
	    cp == 0x1b0 || cp == 0x192 || (cp >= 0x218 && cp <= 0x21b) ||
	    (cp >= 0x1e00 && cp < 0x1f00))
		return PM_SCRIPT_LATIN;
	if ((cp >= 0x300 && cp < 0x340) || cp == 0x2bb || cp == 0x2bc || cp == 0x2c6 || cp == 0x2dc)
		return PM_SCRIPT_LATIN;
	if ((cp >= 0x384 && cp < 0x3cf) || (cp >= 0x1f00 && cp < 0x2000))
		return PM_SCRIPT_GREEK;
	if (cp >= 0x400 && cp < 0x530)
		return PM_SCRIPT_CYRILLIC;
	if (cp >= 0x591 && cp < 0x5f5)
		return PM_SCRIPT_HEBREW;
	if (cp >= 0x60c && cp < 0x6fa)
		return PM_SCRIPT_ARABIC;
	if (cp >= 0x900 && cp < 0xe60)
		return PM_SCRIPT_INDIC;
	if ((cp >= 0x531 && cp < 0x590) || (cp >= 0x10a0 && cp < 0x1380) ||
	    (cp >= 0x1780 && cp < 0x17f0))
		return PM_SCRIPT_OTHER;
	if ((cp >= 0x2010 && cp < 0x2028) || (cp >= 0x2030 && cp < 0x2040) || cp == 0x202f ||
	    (cp >= 0x200b && cp < 0x2010) || (cp >= 0x2070 && cp < 0x20c1) ||
	    (cp >= 0x2100 && cp < 0x2400) || (cp >= 0x2460 && cp < 0x2c00) || cp == 0x2009 ||
	    cp == 0x200a || cp == 0x2002 || cp == 0x2003 || cp == 0x2028 || cp == 0xfeff ||
	    cp == 0xfe0f)
		return PM_SCRIPT_SIGN;
	if ((cp >= 0x3000 && cp < 0xd7a4) || (cp >= 0x2e80 && cp < 0x2fe0) ||
	    (cp >= 0xf900 && cp < 0xfb00) || (cp >= 0xfe30 && cp < 0xfe70) ||
	    (cp >= 0xff01 && cp < 0xffe7) || (cp >= 0x20000 && cp < 0x30000))
		return PM_SCRIPT_HAN;
	if (cp >= 0x1f000 && cp < 0x1fb00)
		return PM_SCRIPT_EMOJI;
	return PM_SCRIPT_NONE;
}

/* Letters of these scripts come in words: one alone proves little. */
static bool in_words(enum pm_script script)
{
	return script >= PM_SCRIPT_GREEK && script <= PM_SCRIPT_HAN;
}

/* Whether the first two bytes of a sequence begin neither an overlong form, nor a surrogate, nor
 * what is beyond U+10FFFF (table 3-7 of the Unicode Standard). */
static bool well_formed(unsigned char one, unsigned char two)
{
	switch (one) {
	case 0xe0: return two >= 0xa0;
	case 0xed: return two < 0xa0;
	case 0xf0: return two >= 0x90;
	case 0xf4: return two < 0x90;
	default: return true;
	}
}

/* Takes back the sequence at `p`. false: its bytes in encoding `e` are none of UTF-8. */
static bool take(const char *p, const char *end, unsigned e, struct taken *t)
{
	t->bytes = 0;
	t->control = false;
	for (unsigned want = 1; t->bytes < want; t->bytes++) {
		uint32_t cp;
		unsigned char b;

		if (p == end || (unsigned char)*p < 0x80)
			return false;
		cp = pm_utf8_next(&p, end);
		b = row(cp)->byte[e];
		if (t->bytes == 0) {
			if (b < 0xc2 || b > 0xf4)
				return false;
			want = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
			t->cp = b & 0x7fu >> want;
		} else {
			if (!is_trail(b) || (t->bytes == 1 && !well_formed(t->byte[0], b)))
				return false;
			t->cp = t->cp << 6 | (b & 0x3fu);
		}
		t->control |= cp < 0xa0;
		t->last = cp;
		t->byte[t->bytes] = b;
	}
	t->end = p;
	return true;
}

/* Signs that stand behind a letter in ordinary text. */
static bool follows_letters(uint32_t cp)
{
	switch (cp) {
	case 0xa0: case 0xa1: case 0xab: case 0xae: case 0xb0: case 0xb7: case 0xbb: case 0xbf:
	case 0xaa: case 0xba: case 0xb2: case 0xb3: case 0xb9: case 0xb4:
	case 0x2013: case 0x2014: case 0x2018: case 0x2019: case 0x201a: case 0x201c: case 0x201d:
	case 0x201e: case 0x2022: case 0x2026: case 0x2039: case 0x203a: case 0x2122:
		return true;
	default:
		return false;
	}
}

static bool ascii_letter(uint32_t cp)
{
	return cp < 0x80 && pm_is_cased(pm_letter(cp));
}

/* Whether a sequence of two that gives a Latin letter stands where such a letter does. */
static bool letter_fits(const struct pm_repair *r, const struct taken *t, unsigned e,
			uint32_t before, const char *end)
{
	uint32_t after = pm_char_at(t->end, end);
	struct taken behind;
	enum pm_letter prev = pm_letter(before), next = pm_letter(after);

	if (!western(e))
		return ascii_letter(before) || ascii_letter(after) ||
		       r->proven[e] & 1 << PM_SCRIPT_LATIN;
	if (t->control || !follows_letters(t->last))
		return true;
	/* "IRMÃ»" may be a shouted word and its closing mark; "forÃªt" is not. */
	if (t->last == 0xa0 && t->cp == 0xe0)
		return prev != PM_LETTER_UPPER;
	/* Of two in a row hardly one is meant, as in "Ã«Âª"; nor where the page has such letters
	 * elsewhere. */
	if (prev != PM_LETTER_UPPER && r->proven[e] & 1 << PM_SCRIPT_LATIN)
		return true;
	if (take(t->end, end, e, &behind) &&
	    (behind.cp < 0xa0 || script_of(behind.cp) != PM_SCRIPT_NONE))
		return true;
	if (next == PM_LETTER_LOWER ||
	    (next == PM_LETTER_UPPER && pm_letter(t->cp) == PM_LETTER_UPPER))
		return true;
	return prev == PM_LETTER_LOWER || (before >= 0x80 && row(before)->trail >> e & 1);
}

/* "Â" or its like before a sign of ISO 8859-1. */
static bool sign_fits(const struct pm_repair *r, const struct taken *t, unsigned e, uint32_t before)
{
	if (t->control)
		return true;
	/* There it is a letter of the script; a page of Latin letters has none of them. */
	if (!western(e) && r->proven[e] & 1 << PM_SCRIPT_LATIN)
		return true;
	if (e == PM_MISREAD_1251 || e == PM_MISREAD_1253 || e == PM_MISREAD_MAC_CYRILLIC)
		return r->proven[e] && pm_letter(t->last) == PM_LETTER_NOT;
	return pm_letter(before) != PM_LETTER_UPPER || !follows_letters(t->last);
}

/* How many sequences of one script follow each other from `t` on, three at most. */
static unsigned row_of(const struct taken *t, const char *end, unsigned e, enum pm_script script)
{
	struct taken next = *t;
	unsigned n = 1;

	while (n < 3 && take(next.end, end, e, &next) && script_of(next.cp) == script)
		n++;
	return n;
}

/* Whether the sequence `t` behind a character is misread for sure enough. */
static bool meant(const struct pm_repair *r, unsigned e, const struct taken *t,
		  enum pm_script script, uint32_t before, const char *end, bool joined)
{
	unsigned n;

	/* Right behind another one it belongs to the same run, whatever it is. */
	if (joined && script != PM_SCRIPT_NONE)
		return true;
	if (script == PM_SCRIPT_NONE)
		return (t->control || joined) && t->cp >= 0x80 && t->cp < 0xa0;
	n = row_of(t, end, e, script);
	if (n >= (western(e) ? 2 : 3) && in_words(script))
		return true;
	if (in_words(script) && r->proven[e] & 1 << script)
		return true;
	if (t->bytes == 4)
		return script == PM_SCRIPT_EMOJI;
	if (t->bytes == 3 && (t->cp >> 8 == 0x20 || t->cp == 0x2122 || t->cp == 0xfeff))
		return true;
	if (t->bytes == 3 && western(e))
		return !in_words(script) || (t->cp >= 0xfe30 && t->cp < 0xff60) ||
		       t->cp >> 8 == 0x30;
	if (script == PM_SCRIPT_LATIN)
		return letter_fits(r, t, e, before, end);
	if (script == PM_SCRIPT_SIGN && t->bytes == 2)
		return sign_fits(r, t, e, before);
	return t->bytes == 3 && n >= 2;
}

/* A sequence of letters in which a no-break space, a byte of it, became a space. Returns the bytes
 * that go, 0 for none; only in the encoding and the scripts that the page surely was read by. */
static size_t spaced(const struct pm_repair *r, const char *p, const char *end, uint32_t *cp)
{
	unsigned e = r->likeliest, n = 0, want = 1, lost = 0;
	unsigned char bytes[4];
	const char *q = p, *at;
	struct pm_slice s;

	if (e > PM_MISREAD_1253)
		return 0;
	for (; n < want; n++) {
		unsigned char b;

		if (q == end || (n == 0 && (unsigned char)*q < 0x80))
			return 0;
		lost += *q == ' ';
		b = *q == ' ' ? 0xa0 : row(pm_char_at(q, end))->byte[e];
		(void)pm_utf8_next(&q, end);
		if (n == 0)
			want = b < 0xc2 || b > 0xf4 ? 0 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
		if (want == 0 || (n && (b < 0x80 || b > 0xbf)))
			return 0;
		bytes[n] = b;
	}
	s = pm_slice((const char *)bytes, n);
	if (lost != 1 || pm_utf8_valid(s) != n)
		return 0;
	at = s.ptr;
	*cp = pm_utf8_next(&at, s.ptr + n);
	return in_words(script_of(*cp)) && r->proven[e] & 1 << script_of(*cp) ? (size_t)(q - p) : 0;
}

/* Sequences of which a byte was lost on the way: a no-break space that became a space, a soft
 * hyphen or an unassigned byte that went. Returns the bytes that go, 0 for none; *cp is what comes,
 * 0: nothing. */
static size_t lossy(const struct pm_repair *r, const char *p, const char *begin, const char *end,
		    uint32_t *cp)
{
	uint32_t first = pm_char_at(p, end), before = pm_char_before(p, begin), next;
	const char *q = p;
	bool sure = r->proven[PM_MISREAD_1252] & 1 << PM_SCRIPT_LATIN;

	if (first == 0x413 && end - p > 2 && r->proven[PM_MISREAD_1251] & 1 << PM_SCRIPT_LATIN &&
	    p[2] == ' ') {
		*cp = 0xe0;
		return 2;
	}
	if (first != 0xc2 && first != 0xc3 && first != 0xe2)
		return 0;
	(void)pm_utf8_next(&q, end);
	next = pm_char_at(q, end);
	if (first == 0xe2) {
		/* The closing mark's last byte is not assigned in windows-1252. */
		if (next != 0x20ac)
			return 0;
		(void)pm_utf8_next(&q, end);
		*cp = 0x201d;
		return pm_char_at(q, end) < 0x80 ? (size_t)(q - p) : 0;
	}
	if (first == 0xc2) {
		*cp = 0;
		return next == ' ' && sure && pm_letter(before) != PM_LETTER_UPPER &&
				       before != ' ' && before
			       ? (size_t)(q - p)
			       : 0;
	}
	if (!sure || pm_letter(before) == PM_LETTER_UPPER)
		return 0;
	if (next == ' ') {
		*cp = 0xe0;
		return (size_t)(q - p);
	}
	*cp = 0xed;
	return pm_letter(before) == PM_LETTER_LOWER && ascii_letter(next) &&
	       pm_letter(next) == PM_LETTER_LOWER ? (size_t)(q - p) : 0;
}

/* The character before `p`; a capital that stands alone there counts for none where the page proves
 * the encoding: "MÃ¡" is no shouted word. */
static uint32_t stands_behind(const struct pm_repair *r, unsigned e, const char *p,
			      const char *begin)
{
	const char *back = pm_char_back(p, begin);
	uint32_t before = pm_char_before(p, begin);

	if (pm_letter(before) == PM_LETTER_UPPER && r->proven[e] & 1 << PM_SCRIPT_LATIN &&
	    !pm_is_letter(pm_letter(pm_char_before(back, begin))))
		return ' ';
	return before;
}

/* The first encoding that takes the sequence at `p` back for sure. */
static bool find(const struct pm_repair *r, const char *p, const char *begin, const char *end,
		 bool joined, struct taken *t)
{
	uint32_t first = pm_char_at(p, end);
	const char *q = p;
	unsigned may;

	(void)pm_utf8_next(&q, end);
	may = row(first)->lead;
	if (may && q < end)
		may &= row(pm_char_at(q, end))->trail;
	/* The encoding that the page proves best goes first. */
	for (unsigned n = 0; n <= PM_MISREADS; n++) {
		unsigned e = n ? n - 1 : r->likeliest;
		enum pm_script script;

		if (!(may >> e & 1) || (n && e == r->likeliest) || !take(p, end, e, t))
			continue;
		script = script_of(t->cp);
		if (meant(r, e, t, script, stands_behind(r, e, p, begin), end, joined))
			return true;
	}
	return false;
}

bool pm_misread_worth(const char *p, const char *end)
{
	struct taken t;

	for (unsigned e = 0; e < PM_MISREADS; e++) {
		enum pm_script script;

		if (!take(p, end, e, &t))
			continue;
		script = script_of(t.cp);
		if (!in_words(script) || row_of(&t, end, e, script) >= (western(e) ? 2 : 3))
			return true;
	}
	return (pm_char_at(p, end) == 0xe2);
}

/* Whether a sequence says that the page was read in encoding `e`: three of a script in a row, or a
 * letter that nothing but Latin words have there. */
static bool proves(const struct taken *t, unsigned e, enum pm_script script, uint32_t before,
		   const char *end)
{
	if (script != PM_SCRIPT_LATIN)
		return in_words(script) && row_of(t, end, e, script) == 3;
	if (t->cp >= 0x180 || (western(e) && e != PM_MISREAD_1252))
		return false;
	return (e == PM_MISREAD_1252 && !follows_letters(t->last)) ||
	       (ascii_letter(before) && ascii_letter(pm_char_at(t->end, end)));
}

enum { HITS_MAX = 2000 };       /* sequences; what they don't prove, more won't */

void pm_repair_prove(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;

	for (unsigned hits = 0; p < end && hits < HITS_MAX;) {
		const char *at = p;
		uint32_t first;
		unsigned may;

		if ((unsigned char)*p < 0x80) {
			p++;
			continue;
		}
		first = pm_utf8_next(&p, end);
		may = row(first)->lead;
		if (may && p < end)
			may &= row(pm_char_at(p, end))->trail;
		for (unsigned e = 0; may >> e; e++) {
			struct taken t;
			enum pm_script script;

			if (!(may >> e & 1) || !take(at, end, e, &t))
				continue;
			hits++;
			script = script_of(t.cp);
			if (!proves(&t, e, script, pm_char_before(at, begin), end))
				continue;
			r->proven[e] |= (uint16_t)(1 << script);
			r->proofs[e]++;
			if (r->proofs[e] > r->proofs[r->likeliest])
				r->likeliest = e;
		}
	}
}

void pm_repair_mojibake(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p, *last = NULL;

	while (p < end) {
		struct taken t;
		uint32_t cp;
		size_t gone;

		if ((unsigned char)*p < 0x80) {
			p++;
			continue;
		}
		if (find(r, p, begin, end, p == last, &t)) {
			pm_edit_replace(&r->edit, p, (size_t)(t.end - p),
					pm_slice((const char *)t.byte, t.bytes));
			r->count[PM_REPAIR_MOJIBAKE]++;
			p = last = t.end;
			continue;
		}
		gone = lossy(r, p, begin, end, &cp);
		if (!gone)
			gone = spaced(r, p, end, &cp);
		if (gone) {
			pm_edit_replace(&r->edit, p, gone,
					pm_slice(r->space, cp ? pm_utf8_put(r->space, cp) : 0));
			r->count[PM_REPAIR_MOJIBAKE]++;
			p += gone;
			continue;
		}
		(void)pm_utf8_next(&p, end);
	}
}
