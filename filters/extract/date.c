/* filters/extract/date.c -- dates in running text: day, month and year in a
 * row, and the time behind them. */
#include "filters/extract/date_impl.h"

#include "core/utf8.h"

struct month_name {
	char name[40], language[3];
	uint8_t month;
};
#include "months.inc"

enum { MONTHS = sizeof(month_names) / sizeof(*month_names) };

struct pm_slice pm_date_bytes(void)
{
	return pm_slice((const char *)month_names, sizeof(month_names));
}

unsigned pm_date_days_in(unsigned y, unsigned m)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		return 29;
	return days[m - 1];
}

bool pm_date_set(unsigned y, unsigned m, unsigned day, const struct pm_date_hints *hints,
		 struct pm_date *d)
{
	uint32_t number;

	if (y < PM_DATE_YEAR_FIRST || y > 2099 || m < 1 || m > 12 || day < 1 ||
	    day > pm_date_days_in(y, m))
		return false;
	number = y * 10000 + m * 100 + day;
	if (hints->latest && number > hints->latest)
		return false;
	*d = (struct pm_date){ .day = number, .len = 10 };
	for (unsigned i = 10, left = number; i-- > 0;) {
		if (i == 4 || i == 7) {
			d->text[i] = '-';
			continue;
		}
		d->text[i] = (char)('0' + left % 10);
		left /= 10;
	}
	return true;
}

/* -- characters -------------------------------------------------------------------------------- */

/* A decimal digit of a script that dates are written in; -1: none. */
static int digit_of(uint32_t cp)
{
	static const uint32_t zeros[] = {
		'0',   0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6,  0xb66,  0xbe6,
		0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0xff10,
	};

	for (size_t i = 0; i < sizeof(zeros) / sizeof(*zeros); i++)
		if (cp - zeros[i] < 10)
			return (int)(cp - zeros[i]);
	return -1;
}

static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 0x20) - 'a' < 26;
	return cp >= 0xc0 && cp != 0x60c && !(cp >= 0x2000 && cp <= 0x206f) &&
	       !(cp >= 0x2190 && cp <= 0x2bff) && !(cp >= 0x3000 && cp <= 0x303f) && cp != 0xfffd &&
	       !(cp >= 0x1f000 && cp <= 0x1faff) && !(cp >= 0xff00 && cp <= 0xff0f);
}

/* -- words ------------------------------------------------------------------------------------- */

static int compare_name(const char *name, struct pm_slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		unsigned char a = (unsigned char)name[i];
		unsigned char b = (unsigned char)pm_ascii_lower(word.ptr[i]);

		if (a != b)
			return a < b ? -1 : 1;
	}
	return name[word.len] ? 1 : 0;
}

/* 0: no name of a month. */
unsigned pm_date_month(struct pm_slice word, struct pm_slice language)
{
	size_t lo = 0, hi = MONTHS, i;

	if (word.len < 3 || word.len >= sizeof(month_names[0].name))
		return 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare_name(month_names[mid].name, word) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == MONTHS || compare_name(month_names[lo].name, word) != 0)
		return 0;
	for (i = lo + 1; language.len >= 2 && i < MONTHS && month_names[i].language[0]; i++)
		if (compare_name(month_names[i].name, word) == 0 &&
		    memcmp(month_names[i].language, language.ptr, 2) == 0)
			return month_names[i].month;
	return month_names[lo].month;
}

/* Words that stand inside a date. */
static bool joins(struct pm_slice word)
{
	static const char *const words[] = {
		"st", "nd", "rd", "th", "of", "the", "de", "del", "d", "m", "er", "le", "do", "den",
		"e", "a", "an", "mh", "y", "\320\263", "\320\263\320\276", "g", "r", "\303\240",
		"gada", "gads", "o", "tanggal",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (pm_ascii_lower(*word.ptr) == *words[i] && pm_slice_is_nocase(word, words[i]))
			return true;
	return false;
}

/* -- three atoms in a row ---------------------------------------------------------------------- */

enum unit { NUMBER, NAME, PERSIAN, YEAR, MONTH, DAY };

struct atom {
	unsigned value;
	uint8_t digits;
	uint8_t unit;           /* enum unit */
	char sep;               /* what stands before it: a mark, ' ' or 0 */
};

struct scan {
	const char *p, *end;
	const struct pm_date_hints *hints;
	struct atom at[3];
	unsigned n;
	char sep;               /* since the last atom */
	bool glued;             /* a Latin letter stands right before: "v1.2.2024" */
	bool quoted;            /* an apostrophe does: "4 May '24" */
	uint16_t era;           /* the year before the first of an era that was named */
	uint8_t unit;           /* what the next number is, by the word before it */
};

/* Thai years count from 543 years earlier. */
static unsigned year_of(const struct atom *a)
{
	return a->value >= 2538 && a->value <= 2642 ? a->value - 543 : a->value;
}

static bool is_name(const struct atom *a)
{
	return a->unit == NAME || a->unit == PERSIAN;
}

static bool is_year(const struct atom *a)
{
	return a->digits == 4 && (a->unit == NUMBER || a->unit == YEAR);
}

static bool is_day(const struct atom *a)
{
	return a->digits <= 2 && (a->unit == NUMBER || a->unit == DAY);
}

/* A date of the calendar that its month's name, or the page's language, is of. */
static bool set_date(const struct scan *s, const struct atom *y, const struct atom *m, unsigned day,
		     struct pm_date *d)
{
	struct pm_slice l = s->hints->language;
	bool persian = m->unit == PERSIAN ||
		       (m->unit != NAME && l.len >= 2 && memcmp(l.ptr, "fa", 2) == 0 &&
			y->value < PM_DATE_PERSIAN_END);

	if (persian)
		return pm_date_set_persian(y->value, m->value, day, s->hints, d);
	return pm_date_set(year_of(y), m->value, day, s->hints, d);
}

static bool month_first(const struct scan *s, char sep)
{
	struct pm_slice l = s->hints->language;

	if (sep == '.' || s->hints->day_first)
		return false;
	if (!l.ptr)
		return true;
	if (l.len < 2 || memcmp(l.ptr, "en", 2) != 0)
		return false;
	return l.len == 2 || pm_slice_is(l, "en-US") || pm_slice_is(l, "en-PH") || pm_slice_is(l, "en-CA");
}

static bool all_numbers(const struct scan *s, struct pm_date *d)
{
	const struct atom *a = s->at;
	struct atom year = a[2];
	unsigned first = 0, second = 1;

	if (a[1].sep != a[2].sep || (a[1].sep != '-' && a[1].sep != '/' && a[1].sep != '.') ||
	    a[1].digits > 2)
		return false;
	if (is_year(&a[0]))
		return a[2].digits <= 2 && set_date(s, &a[0], &a[1], a[2].value, d);
	if (a[0].digits > 2 || (!is_year(&a[2]) && (a[2].digits != 2 || a[1].sep == '-')))
		return false;
	year.value += is_year(&a[2]) ? 0 : 2000;
	if (a[0].value <= 12 && (a[1].value > 12 || month_first(s, a[1].sep)))
		first = 1, second = 0;
	return set_date(s, &year, &a[second], a[first].value, d);
}

/* Whether ", 2025" follows: then the year before the month was no part of the date. */
static bool year_follows(const struct scan *s)
{
	const char *p = s->p;

	while (p < s->end && (*p == ',' || *p == ' '))
		p++;
	return s->end - p >= 4 && (p[0] == '1' || p[0] == '2') &&
	       (unsigned char)(p[1] - '0') < 10 && (unsigned char)(p[2] - '0') < 10 &&
	       (unsigned char)(p[3] - '0') < 10 &&
	       (s->end - p == 4 || (unsigned char)(p[4] - '0') > 9);
}

/* "04-Mar-24", as machines write it. */
static bool short_year(const struct scan *s, struct pm_date *d)
{
	const struct atom *a = s->at;

	return a[1].unit == NAME && is_day(&a[0]) && a[2].digits == 2 && a[2].unit == NUMBER &&
	       a[1].sep == '-' && a[2].sep == '-' &&
	       pm_date_set(2000 + a[2].value, a[1].value, a[0].value, s->hints, d);
}

static bool match(const struct scan *s, struct pm_date *d)
{
	const struct atom *a = s->at;

	if (is_name(&a[1]) && is_day(&a[0]) && is_year(&a[2]))
		return set_date(s, &a[2], &a[1], a[0].value, d);
	if (is_name(&a[0]) && is_day(&a[1]) && is_year(&a[2]))
		return set_date(s, &a[2], &a[0], a[1].value, d);
	if (is_name(&a[1]) && is_year(&a[0]) && is_day(&a[2]) && !year_follows(s))
		return set_date(s, &a[0], &a[1], a[2].value, d);
	if (short_year(s, d))
		return true;
	if (is_name(&a[0]) || is_name(&a[1]) || is_name(&a[2]))
		return false;
	if (a[0].unit == YEAR && a[1].unit == MONTH && a[2].digits <= 2)
		return set_date(s, &a[0], &a[1], a[2].value, d);
	if (a[1].unit == MONTH && is_day(&a[0]) && is_year(&a[2]))
		return set_date(s, &a[2], &a[1], a[0].value, d);
	if (a[0].unit == MONTH && is_day(&a[1]) && is_year(&a[2]))
		return set_date(s, &a[2], &a[0], a[1].value, d);
	return all_numbers(s, d);
}

/* Vietnamese says before a number what it is: "4 tháng 3, 2024". */
static enum unit unit_before(struct pm_slice word)
{
	static const struct { const char *word; enum unit unit; } words[] = {
		{ "th\303\241ng", MONTH }, { "thg", MONTH }, { "n\304\203m", YEAR }, { "ng\303\240y", DAY },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (pm_slice_is_nocase(word, words[i].word))
			return words[i].unit;
	return NUMBER;
}

static bool push(struct scan *s, struct atom a, struct pm_date *d)
{
	if (s->n == 3) {
		s->at[0] = s->at[1];
		s->at[1] = s->at[2];
		s->n = 2;
	}
	a.sep = s->sep;
	s->sep = 0;
	s->at[s->n++] = a;
	return s->n == 3 && match(s, d);
}

/* -- the time behind a date -------------------------------------------------------------------- */

static int two_digits(const char *p, const char *end)
{
	if (end - p < 2 || (unsigned char)(p[0] - '0') > 9 || (unsigned char)(p[1] - '0') > 9)
		return -1;
	return (p[0] - '0') * 10 + p[1] - '0';
}

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && pm_ascii_space(*p))
		p++;
	return p;
}

static bool word_at(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && pm_slice_is_nocase(pm_slice(p, n), word);
}

/* An offset, as "+hh:mm" or "Z" in `out`. NULL: none is said. */
static const char *read_offset(const char *p, const char *end, char out[7])
{
	bool utc = false;
	int h, m = 0;

	if (word_at(p, end, "UTC") || word_at(p, end, "GMT"))
		p += 3, utc = true;
	else if (p < end && (*p == 'Z' || *p == 'z'))
		p++, utc = true;
	if (p == end || (*p != '+' && *p != '-')) {
		if (!utc || (p < end && is_letter((unsigned char)*p)))
			return NULL;
		memcpy(out, "Z", 2);
		return p;
	}
	h = two_digits(p + 1, end);
	if (h < 0 || h > 23)
		return NULL;
	out[0] = *p, out[1] = p[1], out[2] = p[2];
	p += 3;
	if (p < end && *p == ':')
		p++;
	if (two_digits(p, end) >= 0)
		m = two_digits(p, end), p += 2;
	if (m > 59)
		return NULL;
	out[3] = ':', out[4] = (char)('0' + m / 10), out[5] = (char)('0' + m % 10), out[6] = 0;
	return p;
}

/* Adds the time where there is one with an offset. Returns where reading ended. */
static const char *read_time(const char *from, const char *end, struct pm_date *d)
{
	const char *p = skip_space(from, end), *frac = NULL, *q;
	int h, m, sec = 0;
	size_t nfrac = 0, n;
	char offset[7];

	if (p < end && (*p == 'T' || *p == 't' || *p == ','))
		p = skip_space(p + 1, end);
	h = two_digits(p, end);
	if (h < 0 || h > 23 || p + 2 >= end || p[2] != ':')
		return from;
	m = two_digits(p + 3, end);
	if (m < 0 || m > 59)
		return from;
	p += 5;
	if (p < end && *p == ':') {
		sec = two_digits(p + 1, end);
		if (sec < 0 || sec > 59)
			return from;
		p += 3;
	}
	if (p < end && (*p == '.' || *p == ',') && p + 1 < end &&
	    (unsigned char)(p[1] - '0') < 10) {
		for (frac = ++p; p < end && (unsigned char)(*p - '0') < 10; p++)
			nfrac++;
		nfrac = nfrac > 9 ? 9 : nfrac;
	}
	q = skip_space(p, end);
	q = read_offset(q, end, offset);
	if (!q)
		return p;
	n = (size_t)d->len;
	d->text[n++] = 'T';
	d->text[n++] = (char)('0' + h / 10), d->text[n++] = (char)('0' + h % 10),
	d->text[n++] = ':';
	d->text[n++] = (char)('0' + m / 10), d->text[n++] = (char)('0' + m % 10),
	d->text[n++] = ':';
	d->text[n++] = (char)('0' + sec / 10), d->text[n++] = (char)('0' + sec % 10);
	if (nfrac) {
		d->text[n++] = '.';
		memcpy(d->text + n, frac, nfrac);
		n += nfrac;
	}
	memcpy(d->text + n, offset, strlen(offset));
	d->len = (uint8_t)(n + strlen(offset));
	d->timed = true;
	return q;
}

/* -- scanning ---------------------------------------------------------------------------------- */

/* A run of digits, and what a sign behind it makes of it. */
static struct atom read_number(struct scan *s)
{
	struct atom a = { 0 };
	const char *next = s->p;
	int digit;

	while (s->p < s->end && (digit = digit_of(pm_utf8_next(&next, s->end))) >= 0) {
		if (a.digits < 9)
			a.value = a.value * 10 + (unsigned)digit, a.digits++;
		s->p = next;
	}
	next = s->p;
	while (next < s->end && *next == ' ')
		next++;
	if (next < s->end) {
		uint32_t cp = pm_utf8_next(&next, s->end);

		a.unit = cp == 0x5e74 || cp == 0xb144 ? YEAR : cp == 0x6708 || cp == 0xc6d4 ? MONTH
			 : cp == 0x65e5 || cp == 0xc77c ? DAY : NUMBER;
		if (a.unit != NUMBER)
			s->p = next;
	}
	return a;
}

/* Whether one of Thai's letters stands here: three bytes. */
static bool is_thai(const char *p)
{
	return p[0] == '\340' && (p[1] == '\270' || p[1] == '\271');
}

/* Chinese, Japanese and Korean write no spaces: a word ends where another script begins. */
static struct pm_slice read_word(struct scan *s)
{
	const char *from = s->p, *next = s->p;
	bool thai = false;

	while (s->p < s->end) {
		uint32_t cp = pm_utf8_next(&next, s->end);

		/* Thai's short names have dots inside. */
		if (cp == '.' && thai && is_thai(s->end - next >= 3 ? next : "   ")) {
			s->p = next;
			continue;
		}
		if (!is_letter(cp) || digit_of(cp) >= 0)
			break;
		thai = is_thai(s->p);
		s->p = next;
	}
	return pm_slice(from, (size_t)(s->p - from));
}

/* The rest of 4:30:15, which is no part of a date but may stand inside one:
 * "Dec 22 10:00:00 2024". */
static bool skip_clock(struct scan *s)
{
	if (s->end - s->p < 2 || *s->p != ':' || (unsigned char)(s->p[1] - '0') > 9)
		return false;
	while (s->p < s->end && (*s->p == ':' || (unsigned char)(*s->p - '0') < 10))
		s->p++;
	return true;
}

static bool step_number(struct scan *s, struct pm_date *d)
{
	struct atom a = read_number(s);
	bool glued = s->glued;

	if (a.unit == NUMBER)
		a.unit = s->unit;
	if (s->era && a.unit == YEAR && a.digits <= 3)
		a.value += s->era, a.digits = 4;
	if (s->quoted && s->n == 2 && a.digits == 2 && a.unit == NUMBER)
		a.value += a.value < 50 ? 2000 : 1900, a.digits = 4;
	s->glued = s->quoted = false;
	s->era = s->unit = 0;
	if (skip_clock(s)) {
		s->n = s->n == 2 ? 2 : 0;
		return false;
	}
	if (glued || a.digits > 4 || a.digits == 3) {
		s->n = 0;
		return false;
	}
	return push(s, a, d);
}

/* The month that a word names, with Hebrew's preposition before it or without. */
static struct atom month_of(const struct scan *s, struct pm_slice word)
{
	struct atom a = { .value = pm_date_month(word, s->hints->language), .unit = NAME };

	if (!a.value && word.len > 4 && memcmp(word.ptr, "\327\221", 2) == 0)
		a.value = pm_date_month(pm_slice(word.ptr + 2, word.len - 2), s->hints->language);
	if (!a.value && (unsigned char)word.ptr[0] >= 0xd8 &&
	    (a.value = pm_date_persian_month(word)) != 0)
		a.unit = PERSIAN;
	return a;
}

static bool step_word(struct scan *s, struct pm_date *d)
{
	struct pm_slice word = read_word(s);
	struct atom month = month_of(s, word);

	s->quoted = false;
	s->era = 0;
	if (month.value) {
		const struct atom *last = s->n ? &s->at[s->n - 1] : NULL;

		/* One month by two of Arabic's names for it, with a stroke between. */
		if (last && last->unit == NAME && last->value == month.value)
			return false;
		return push(s, month, d);
	}
	s->unit = unit_before(word);
	if (s->unit != NUMBER || joins(word))
		return false;
	s->n = 0;
	s->era = (uint16_t)pm_date_era(word);
	s->glued = (unsigned char)word.ptr[word.len - 1] < 0x80;
	return false;
}

/* The mark of ASCII that a sign stands for. */
static uint32_t mark_of(uint32_t cp)
{
	switch (cp) {
	case 0x2010:
	case 0x2011:
	case 0x2013:
	case 0xff0d:
		return '-';
	case 0xff0f:
		return '/';
	case 0xff0e:
		return '.';
	case 0xff0c:
	case 0x60c:
		return ',';
	case 0x2019:
		return '\'';
	case 0xa0:
	case 0x202f:
	case 0x3000:
		return ' ';
	default:
		return cp;
	}
}

static bool step(struct scan *s, struct pm_date *d)
{
	const char *next = s->p;
	uint32_t cp = pm_utf8_next(&next, s->end);

	if (digit_of(cp) >= 0)
		return step_number(s, d);
	if (is_letter(cp))
		return step_word(s, d);
	cp = mark_of(cp);
	s->p = next;
	s->glued = false;
	s->quoted = cp == '\'';
	if (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r')
		s->sep = s->sep ? s->sep : ' ';
	else if (cp == '-' || cp == '/' || cp == '.' || cp == ',')
		s->sep = s->sep && s->sep != ' ' ? '?' : (char)cp;
	else if (!s->quoted && cp != 0xba && cp != 0xaa && cp != 0x200f && cp != 0x200e)
		s->n = 0;
	return false;
}

/* Whether there can be a digit, of any script: every date has one. */
static bool may_have_digits(struct pm_slice s)
{
	unsigned found = 0;

	for (size_t i = 0; i < s.len; i++)
		found |= (unsigned)((unsigned char)(s.ptr[i] - '0') < 10) |
			 (unsigned char)s.ptr[i] >> 7;
	return found;
}

bool pm_date_find(struct pm_slice s, const struct pm_date_hints *hints, struct pm_date *d,
		  size_t *end)
{
	struct scan scan = { .p = s.ptr, .end = s.ptr + s.len, .hints = hints };

	if (!may_have_digits(s))
		return false;
	while (scan.p < scan.end) {
		if (!step(&scan, d))
			continue;
		scan.p = read_time(scan.p, scan.end, d);
		if (end)
			*end = (size_t)(scan.p - s.ptr);
		return true;
	}
	return false;
}
