/* Quotation marks that stand the wrong way round. Straight ones stay, and so does everything that
 * some language or transliteration writes by intention. */
#include <string.h>

#include "filters/repair/steps.h"

enum { SINGLE_OPEN = 0x2018, SINGLE_CLOSE = 0x2019, SINGLE_LOW = 0x201a,
       OPEN = 0x201c, CLOSE = 0x201d, LOW = 0x201e };

static const struct pm_slice open_mark = PM_LIT("\xe2\x80\x9c"), close_mark = PM_LIT("\xe2\x80\x9d"),
	single_open = PM_LIT("\xe2\x80\x98"), single_close = PM_LIT("\xe2\x80\x99");

/* One mark and its neighbours. */
struct mark {
	uint32_t cp, before, after;
	const char *at;
};

/* The next typographic mark; `p` is where to look from. false: none. */
static bool next_mark(const char *p, const char *begin, const char *end, struct mark *m)
{
	while (end - p >= 3 && (p = memchr(p, 0xe2, (size_t)(end - p - 2))) != NULL) {
		if ((unsigned char)p[1] == 0x80 && (unsigned char)p[2] >= 0x98 &&
		    (unsigned char)p[2] <= 0x9e) {
			m->at = p;
			m->cp = 0x2000 + ((unsigned char)p[2] & 0x3f);
			m->before = pm_char_before(p, begin);
			m->after = pm_char_at(p + 3, end);
			return true;
		}
		p += 3;
	}
	return false;
}

/* Whether a line ends between two places. */
static bool ends_line(const char *p, const char *to)
{
	size_t n = (size_t)(to - p);

	return memchr(p, '\n', n) != NULL || memchr(p, '\t', n) != NULL;
}

static bool blank(uint32_t cp)
{
	return cp == 0 || cp == ' ' || cp == '\n' || cp == '\t';
}

static bool wordy(uint32_t cp)
{
	return pm_letter(cp) != PM_LETTER_NOT;
}

static bool cjk(uint32_t cp)
{
	return (cp >= 0x3000 && cp < 0xa000) || (cp >= 0xff00 && cp < 0xfff0);
}

static bool opens(const struct mark *m)
{
	return (blank(m->before) || m->before == '(' || m->before == '[' || m->before == 0x2014 ||
		m->before == 0x2013) &&
	       (wordy(m->after) || m->after == 0x2026 || m->after == 0xbf || m->after == 0xa1 ||
		m->after == '$');
}

static bool ends_phrase(uint32_t cp)
{
	return blank(cp) || (cp < 0x80 && strchr(".,;:!?)]-", (int)cp)) || cp == 0x2014 ||
	       cp == 0x2013 || cp == 0x2026;
}

static bool closes(const struct mark *m)
{
	return (wordy(m->before) || m->before == 0x2026 ||
		(m->before && m->before < 0x80 && strchr(".,;:!?)%", (int)m->before))) &&
	       ends_phrase(m->after);
}

/* In scripts without spaces: what can stand before an opening mark, and behind it. */
static bool opens_cjk(const struct mark *m)
{
	return (cjk(m->before) || cjk(m->after)) && wordy(m->after) &&
	       m->before != 0x3002 && m->before != 0xff01 && m->before != 0xff1f;
}

static bool is_double(uint32_t cp)
{
	return cp == OPEN || cp == CLOSE;
}

/* The next double mark behind `m` on its line. */
static bool next_double(const struct mark *m, const char *begin, const char *end, struct mark *next)
{
	const char *p = m->at + 3;

	while (next_mark(p, begin, end, next) && !ends_line(p, next->at)) {
		if (is_double(next->cp))
			return true;
		p = next->at + 3;
	}
	return false;
}

/* Where quotations are on a line. */
struct line {
	bool open, single;      /* inside one */
	bool paired;            /* a whole one was seen */
	bool mirrored;          /* the mark that comes closes one that was opened the wrong way */
};

enum { SHORT = 90 };    /* bytes of a quotation that stands alone on its line */

/* Whether the pair that a closing mark begins is mirrored. */
static bool mirrored(const struct pm_repair *r, const struct line *l, const struct mark *m,
		     const struct mark *next, const char *begin, const char *end)
{
	struct mark third, fourth;

	if (opens(m) && closes(next))
		return next->cp == OPEN || r->quoting.high;
	if (next->cp != OPEN || !opens_cjk(m))
		return false;
	/* The opening mark has a closing one of its own. */
	if (next_double(next, begin, end, &third) && third.cp == CLOSE &&
	    !(next_double(&third, begin, end, &fourth) && fourth.cp == OPEN))
		return false;
	return l->paired || blank(m->before) || m->before == 0xff1a || next->at - m->at < SHORT;
}

static void replace(struct pm_repair *r, const struct mark *m, struct pm_slice with)
{
	pm_edit_replace(&r->edit, m->at, 3, with);
	r->count[PM_REPAIR_QUOTES]++;
}

static void double_mark(struct pm_repair *r, struct line *l, const struct mark *m,
			const char *begin, const char *end)
{
	struct mark next;

	if (l->mirrored) {
		l->mirrored = false;
		l->paired = true;
		if (m->cp == OPEN)
			replace(r, m, close_mark);
		return;
	}
	if (m->cp == OPEN) {
		if (l->open && closes(m)) {
			replace(r, m, close_mark);
			l->open = false;
			l->paired = true;
		} else {
			l->open = true;
		}
		return;
	}
	if (l->open) {
		l->open = false;
		l->paired = true;
		return;
	}
	if (next_double(m, begin, end, &next) && mirrored(r, l, m, &next, begin, end)) {
		replace(r, m, open_mark);
		l->mirrored = true;
	}
}

/* What English writes behind an apostrophe. */
static bool contraction(const char *p, const char *end)
{
	static const char *const tails[] = { "s", "t", "d", "m", "re", "ve", "ll", "S" };
	struct pm_slice word = pm_word_at(p, end);

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
		if (pm_slice_is(word, tails[i]))
			return true;
	return false;
}

/* What French, Italian, Catalan and English write before one. */
static bool elision(const char *p, const char *begin)
{
	static const char *const heads[] = {
		"l", "d", "n", "s", "c", "j", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quelqu",
		"aujourd", "presqu", "dell", "all", "nell", "sull", "dall", "un", "quest", "quell",
		"bell", "sant", "tutt", "quattr", "c", "com", "dov", "o",
	};
	struct pm_slice word = pm_word_before(p, begin);

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (pm_slice_is_nocase(word, heads[i]))
			return true;
	return false;
}

static bool vowel(uint32_t cp)
{
	static const uint32_t accented[] = { 0xe0, 0xe2, 0xe8, 0xe9, 0xea,
					     0xee, 0xf4, 0xf3, 0xfa, 0xed };

	cp = pm_fold(cp);
	for (size_t i = 0; i < sizeof(accented) / sizeof(*accented); i++)
		if (cp == accented[i])
			return true;
	return cp < 0x80 && cp && strchr("aeiouyh", (int)cp);
}

/* An opening mark between two letters is an apostrophe, but for the letters of Uzbek, Hawaiian and
 * transliterated Arabic that it stands for, too. */
static bool apostrophe(const struct mark *m, const char *begin, const char *end)
{
	if (m->before >= 0x400 && m->before < 0x530)
		return true;
	if (contraction(m->at + 3, end))
		return true;
	if (pm_slice_is_nocase(pm_word_at(m->at + 3, end), "clock"))
		return true;
	return elision(m->at, begin) && vowel(m->after);
}

static void single_mark(struct pm_repair *r, struct line *l, const struct mark *m,
			const char *begin, const char *end)
{
	struct mark next;

	if (m->cp == SINGLE_OPEN) {
		if (pm_is_cased(pm_letter(m->before)) && pm_is_cased(pm_letter(m->after))) {
			if (apostrophe(m, begin, end))
				replace(r, m, single_close);
		} else if (!r->quoting.low && closes(m) &&
			   (l->single || m->before == 's' || m->before == 'S')) {
			replace(r, m, single_close);
			l->single = false;
		} else {
			l->single = true;
		}
		return;
	}
	if (l->single && closes(m)) {
		l->single = false;
		return;
	}
	if (!r->quoting.low && opens(m) && pm_letter(m->after) != PM_LETTER_DIGIT &&
	    next_mark(m->at + 3, begin, end, &next) && !ends_line(m->at + 3, next.at) &&
	    next.cp == SINGLE_OPEN && closes(&next)) {
		replace(r, m, single_open);
		l->single = true;
	}
}

void pm_repair_quoting(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;
	struct mark m;

	while (next_mark(p, begin, end, &m)) {
		p = m.at + 3;
		r->quoting.low |= m.cp == LOW || m.cp == SINGLE_LOW;
		r->quoting.high |= m.cp == OPEN && opens(&m);
	}
}

void pm_repair_quotes(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;
	struct line l = { 0 };
	struct mark m;

	while (next_mark(p, begin, end, &m)) {
		if (ends_line(p, m.at))
			l = (struct line){ 0 };
		if (is_double(m.cp)) {
			if (!r->quoting.low)
				double_mark(r, &l, &m, begin, end);
		} else if (m.cp == SINGLE_OPEN || m.cp == SINGLE_CLOSE) {
			single_mark(r, &l, &m, begin, end);
		}
		p = m.at + 3;
	}
}
