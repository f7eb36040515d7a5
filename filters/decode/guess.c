/* The guess adds up small integers: for each byte or pair what it would be in a charset, how common
 * that is in a language written in it, and whether it can stand where it stands. */
#include "filters/decode/guess.h"

#include <limits.h>

#include "core/utf8.h"

enum kind { NOTHING, SYMBOL, MARK, LETTER, LOWER, UPPER };

enum { LANGUAGES = 10 };      /* most in one charset */

struct west {
	enum pm_charset charset;
	bool latin;                             /* its letters mix with ASCII's in a word */
	unsigned char kind[128];
	signed char weight[LANGUAGES][128];     /* by language; unused rows are zero */
};

#include "guess.inc"

/* Found by trying on pages; what matters is their order of size. */
enum {
	BAD = -20,              /* not a character at all */
	PRIVATE = -16,
	CONTROL = -12,
	INNER_SYMBOL = -6,      /* a sign between two letters */
	CASE_BREAK = -5,        /* a capital behind a small letter */
	MIXED = -4,             /* two scripts in one word */
	SYMBOL_ALONE = -2,
	CROWD = -3,             /* three accented letters and more in a row */
	ASCII_TRAIL = -8,       /* a pair that ends in a letter next to another: a Latin word */
	COMMON = 10,
	MARK_PLAIN = 3,
	ALONE = -4,             /* a capital that is a word */
};

static bool separates(unsigned char b)
{
	return b < '0' || (b > '9' && b < '@');
}

static bool ascii_letter(unsigned char b)
{
	return (unsigned char)((b | 0x20) - 'a') < 26;
}

struct sampler {
	const unsigned char *at, *end, *floor;  /* floor: nothing before it is taken (again) */
	char *to;
	size_t len, foreign;    /* bytes taken, and those beyond ASCII among them */
};

static void take_word(struct sampler *s)
{
	const unsigned char *from = s->at, *to = s->at;

	while (from > s->floor && !separates(from[-1]))
		from--;
	while (to < s->end && !separates(*to))
		to++;
	s->at = s->floor = to;
	for (; from < to && s->len < PM_GUESS_SAMPLE; from++) {
		s->foreign += *from >= 0x80;
		s->to[s->len++] = (char)*from;
	}
	if (s->len < PM_GUESS_SAMPLE)
		s->to[s->len++] = ' ';
}

static const unsigned char *find(const unsigned char *at, const unsigned char *end,
				 const char *what)
{
	const void *p = memmem(at, (size_t)(end - at), what, strlen(what));

	return p ? p : end;
}

static bool starts(const unsigned char *at, const unsigned char *end, const char *name)
{
	struct pm_slice s = { (const char *)at, strlen(name) };

	return (size_t)(end - at) > s.len && pm_slice_is_nocase(s, name);
}

/* Behind the tag (or script, style, comment) that begins at `at`; at + 1 when it is only a sign. */
static const unsigned char *skip_tag(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *name = at + 1;

	if (name == end || !(ascii_letter(*name) || *name == '/' || *name == '!' || *name == '?'))
		return name;
	if (starts(name, end, "!--"))
		return find(name, end, "-->");
	if (starts(name, end, "script") || starts(name, end, "style"))
		return find(find(name, end, ">"), end, "</");
	return find(name, end, ">");
}

static void sample(struct sampler *s, struct pm_slice body, bool tags)
{
	s->at = s->floor = (const unsigned char *)body.ptr;
	s->end = s->at + body.len;
	while (s->at < s->end && s->len < PM_GUESS_SAMPLE) {
		if (*s->at >= 0x80)
			take_word(s);
		else if (*s->at == '<' && !tags)
			s->at = s->floor = skip_tag(s->at, s->end);
		else
			s->at++;
	}
}

size_t pm_guess_sample(struct pm_slice body, char to[PM_GUESS_SAMPLE])
{
	struct sampler s = { .to = to };
	enum { ENOUGH = 24 };   /* foreign bytes: about a dozen words */

	if (body.len == 0)
		return 0;
	sample(&s, body, false);
	if (s.foreign < ENOUGH) {
		s = (struct sampler){ .to = to };
		sample(&s, body, true);
	}
	return s.len;
}

static enum kind west_kind(const struct west *w, unsigned char b)
{
	if (b >= 0x80)
		return w->kind[b - 0x80];
	if (!ascii_letter(b))
		return SYMBOL;
	return b & 0x20 ? LOWER : UPPER;
}

/* What a letter's place in its word says, whatever the language. */
static int west_place(const struct west *w, struct pm_slice sample, size_t i, enum kind kind)
{
	const unsigned char *s = (const unsigned char *)sample.ptr;
	enum kind before = i ? west_kind(w, s[i - 1]) : SYMBOL;
	enum kind behind = i + 1 < sample.len ? west_kind(w, s[i + 1]) : SYMBOL;
	int score = 0;

	if (kind == UPPER && before == LOWER)
		score += CASE_BREAK;
	if (kind == UPPER && w->latin && before < LETTER && behind < LETTER)
		score += ALONE;
	if (w->latin) {
		if (i >= 2 && s[i - 1] >= 0x80 && s[i - 2] >= 0x80 && before >= LETTER &&
		    west_kind(w, s[i - 2]) >= LETTER)
			score += CROWD;
	} else if (i && ascii_letter(s[i - 1])) {
		score += MIXED;
	}
	return score;
}

static int west_sign(const struct west *w, const unsigned char *s, size_t len, size_t i,
		     enum kind kind)
{
	bool inner = i > 0 && i + 1 < len && west_kind(w, s[i - 1]) >= LETTER &&
		     west_kind(w, s[i + 1]) >= LETTER;

	if (kind == NOTHING)
		return CONTROL;
	if (kind == SYMBOL)
		return inner ? INNER_SYMBOL : SYMBOL_ALONE;
	/* An apostrophe, a dash, a soft hyphen or a middle dot may stand inside a word. */
	if (inner && s[i] != 0x92 && s[i] != 0x96 && s[i] != 0x97 && s[i] != 0xad && s[i] != 0xb7)
		return SYMBOL_ALONE;
	return MARK_PLAIN;
}

static int west_score(const struct west *w, struct pm_slice sample)
{
	const unsigned char *s = (const unsigned char *)sample.ptr;
	int letters[128] = { 0 }, common = 0, best = INT_MIN;

	for (size_t i = 0; i < sample.len; i++) {
		enum kind kind;

		if (s[i] < 0x80) {
			if (!w->latin && i && s[i - 1] >= 0x80 && ascii_letter(s[i]) &&
			    west_kind(w, s[i - 1]) >= LETTER)
				common += MIXED;
			continue;
		}
		kind = w->kind[s[i] - 0x80];
		if (kind < LETTER) {
			common += west_sign(w, s, sample.len, i, kind);
			continue;
		}
		common += west_place(w, sample, i, kind);
		letters[s[i] - 0x80]++;
	}
	for (size_t k = 0; k < LANGUAGES; k++) {
		int language = 0;

		for (size_t b = 0; b < 128; b++)
			language += letters[b] * w->weight[k][b];
		if (language > best)
			best = language;
	}
	return best + common;
}

static bool common_pair(const uint16_t *common, size_t n, unsigned pair)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (common[mid] == pair)
			return true;
		if (common[mid] < pair)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static bool in(unsigned b, unsigned low, unsigned high)
{
	return b - low <= high - low;
}

/* Scores of a pair by the charset's rows. BAD: no such pair. */
static int gb_pair(unsigned lead, unsigned trail)
{
	if (trail < 0x40 || trail == 0x7f || trail > 0xfe || !in(lead, 0x81, 0xfe))
		return BAD;
	if (trail >= 0xa1) {
		if (in(lead, 0xb0, 0xd7))
			return 2;               /* the 3,755 everyday characters */
		if (in(lead, 0xd8, 0xf7))
			return -3;
		if (in(lead, 0xa1, 0xa3))
			return 0;               /* signs, full-width Latin */
		if (in(lead, 0xa4, 0xa5))
			return -6;              /* kana */
		return in(lead, 0xa6, 0xa9) ? -3 : lead < 0xa1 ? -4 : PRIVATE;
	}
	return in(lead, 0xa1, 0xa7) ? PRIVATE : -4;
}

static int big5_pair(unsigned lead, unsigned trail)
{
	if ((!in(trail, 0x40, 0x7e) && !in(trail, 0xa1, 0xfe)) || !in(lead, 0x81, 0xfe))
		return BAD;
	if (in(lead, 0xa4, 0xc5) || (lead == 0xc6 && trail <= 0x7e))
		return 2;                       /* the 5,401 everyday characters */
	if (in(lead, 0xa1, 0xa3))
		return 0;
	return in(lead, 0xc9, 0xf9) ? -4 : in(lead, 0xc6, 0xc8) ? -6 : -8;
}

static int euc_kr_pair(unsigned lead, unsigned trail)
{
	if (!in(trail, 0x41, 0xfe) || !in(lead, 0x81, 0xfe) || in(trail, 0x5b, 0x60) ||
	    in(trail, 0x7b, 0x80))
		return BAD;
	if (trail < 0xa1)
		return lead <= 0xc6 ? -6 : BAD; /* syllables that Windows added */
	if (in(lead, 0xb0, 0xc8))
		return 2;
	if (in(lead, 0xa1, 0xa3))
		return 0;
	return in(lead, 0xca, 0xfd) ? -3 : in(lead, 0xa4, 0xac) ? -6 : PRIVATE;
}

/* By row of JIS X 0208 (1 to 94) and cell, for EUC-JP and Shift_JIS alike. */
static int jis_cell(unsigned row, unsigned cell)
{
	if (row == 4)
		return cell <= 83 ? 7 : BAD;    /* hiragana */
	if (row == 5)
		return cell <= 86 ? 5 : BAD;    /* katakana */
	if (in(row, 16, 47))
		return 2;
	if (in(row, 48, 84))
		return -3;
	if (row == 1 || row == 3)
		return 0;
	return row == 2 || in(row, 6, 8) || row == 13 ? -4 : in(row, 89, 92) ? -8 : PRIVATE;
}

static int euc_jp_pair(unsigned lead, unsigned trail)
{
	if (lead == 0x8e)
		return in(trail, 0xa1, 0xdf) ? -3 : BAD;
	if (!in(lead, 0xa1, 0xfe) || !in(trail, 0xa1, 0xfe))
		return BAD;
	return jis_cell(lead - 0xa0, trail - 0xa0);
}

static int shift_jis_pair(unsigned lead, unsigned trail)
{
	unsigned row, cell;

	if (trail < 0x40 || trail == 0x7f || trail > 0xfc)
		return BAD;
	if (!in(lead, 0x81, 0x9f) && !in(lead, 0xe0, 0xfc))
		return BAD;
	if (in(lead, 0xf0, 0xf9))
		return PRIVATE;
	row = (lead - (lead < 0xa0 ? 0x81 : 0xc1)) * 2 + (trail >= 0x9f ? 2 : 1);
	cell = trail >= 0x9f ? trail - 0x9e : trail - (trail < 0x7f ? 0x3f : 0x40);
	return row > 94 ? -8 : jis_cell(row, cell);
}

struct east {
	enum pm_charset charset;
	int (*pair)(unsigned lead, unsigned trail);
	const uint16_t *common;
	size_t ncommon;
};

#define COMMON_OF(name) common_##name, sizeof common_##name / sizeof *common_##name
static const struct east east[] = {
	{ PM_CHARSET_GB18030, gb_pair, COMMON_OF(gb18030) },
	{ PM_CHARSET_BIG5, big5_pair, COMMON_OF(big5) },
	{ PM_CHARSET_EUC_KR, euc_kr_pair, COMMON_OF(euc_kr) },
	{ PM_CHARSET_EUC_JP, euc_jp_pair, COMMON_OF(euc_jp) },
	{ PM_CHARSET_SHIFT_JIS, shift_jis_pair, COMMON_OF(shift_jis) },
};

/* Characters that are not two bytes: their length, or 0. */
static size_t east_other(enum pm_charset charset, const unsigned char *s, size_t left, int *score)
{
	if (charset == PM_CHARSET_SHIFT_JIS && in(*s, 0xa1, 0xdf)) {
		*score += -3;
		return 1;
	}
	if (charset == PM_CHARSET_EUC_JP && *s == 0x8f && left > 2 && s[1] > 0xa0 && s[2] > 0xa0) {
		*score += -6;
		return 3;
	}
	if (charset == PM_CHARSET_GB18030 && left > 3 && in(s[1], '0', '9') && s[2] > 0x80 &&
	    in(s[3], '0', '9')) {
		*score += -4;
		return 4;
	}
	return 0;
}

static int east_score(const struct east *e, struct pm_slice sample)
{
	const unsigned char *s = (const unsigned char *)sample.ptr;
	int score = 0;

	for (size_t i = 0; i < sample.len; ) {
		size_t other;
		int pair;

		if (s[i] < 0x80) {
			i++;
			continue;
		}
		other = east_other(e->charset, s + i, sample.len - i, &score);
		if (other) {
			i += other;
			continue;
		}
		if (i + 1 == sample.len)
			break;          /* the sample may end anywhere */
		pair = e->pair(s[i], s[i + 1]);
		if (pair == BAD) {
			score += BAD;
			i++;
			continue;
		}
		if (common_pair(e->common, e->ncommon, (unsigned)s[i] << 8 | s[i + 1]))
			pair = COMMON;
		if (ascii_letter(s[i + 1]) && ((i && ascii_letter(s[i - 1])) ||
					       (i + 2 < sample.len && ascii_letter(s[i + 2]))))
			score += ASCII_TRAIL;
		score += pair;
		i += 2;
	}
	return score;
}

/* Pages pasted together from several encodings: UTF-8 when most of it is. */
static int utf8_score(struct pm_slice sample)
{
	const char *at = sample.ptr, *end = at + sample.len;
	int score = 0;

	while (at < end) {
		const char *from = at;
		uint32_t cp = pm_utf8_next(&at, end);

		if (cp == PM_UTF8_BAD)
			score += BAD / 2;
		else if (cp >= 0x80)
			score += 3 * (int)(at - from);
	}
	return score;
}

/* How much like text in some language of that charset the sample looks: above 0 like text, higher
 * is better. INT_MIN for charsets that the guess does not know. */
static int score_of(enum pm_charset charset, struct pm_slice sample)
{
	if (charset == PM_CHARSET_UTF_8)
		return utf8_score(sample);
	if (charset == PM_CHARSET_GBK)
		charset = PM_CHARSET_GB18030;
	for (size_t i = 0; i < sizeof west / sizeof *west; i++)
		if (west[i].charset == charset)
			return west_score(&west[i], sample);
	for (size_t i = 0; i < sizeof east / sizeof *east; i++)
		if (east[i].charset == charset)
			return east_score(&east[i], sample);
	return INT_MIN;
}

/* Half a point for each foreign byte: enough to decide between charsets that fit about as well. */
static int head_start(struct pm_slice sample)
{
	int foreign = 0;

	for (size_t i = 0; i < sample.len; i++)
		foreign += (unsigned char)sample.ptr[i] >= 0x80;
	return 1 + foreign / 2;
}

enum pm_charset pm_guess(struct pm_slice sample, const enum pm_charset *declared, size_t n)
{
	static const enum pm_charset order[] = {
		PM_CHARSET_UTF_8, PM_CHARSET_WINDOWS_1252, PM_CHARSET_GB18030, PM_CHARSET_SHIFT_JIS,
		PM_CHARSET_EUC_JP, PM_CHARSET_BIG5, PM_CHARSET_EUC_KR, PM_CHARSET_WINDOWS_1251,
		PM_CHARSET_WINDOWS_1250, PM_CHARSET_ISO_8859_2, PM_CHARSET_WINDOWS_1254,
		PM_CHARSET_WINDOWS_1253, PM_CHARSET_WINDOWS_1256, PM_CHARSET_WINDOWS_1255,
		PM_CHARSET_KOI8_R,
	};
	enum pm_charset best = PM_CHARSET_NONE;
	int most = 0, start = head_start(sample);
	enum { PRIOR = 3 };     /* the most pages by far without a declaration */

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		int score = score_of(order[i], sample);

		if (order[i] == PM_CHARSET_WINDOWS_1252)
			score += PRIOR;
		for (size_t k = 0; k < n; k++) {
			if (declared[k] == order[i] ||
			    (declared[k] == PM_CHARSET_GBK && order[i] == PM_CHARSET_GB18030)) {
				score += start;
				break;
			}
		}
		if (score > most) {
			most = score;
			best = order[i];
		}
	}
	return best;
}
