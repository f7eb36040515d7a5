/* filters/boilerplate/read.c -- one look at each byte of a piece: its words, signs and ends. */
#include "core/utf8.h"
#include "filters/boilerplate/piece.h"

enum kind { SPACE, LOWER, UPPER, DIGIT, STOP, COMMA, COLON, QUOTE, SIGN, OTHER };

/* ASCII by what it is; all else is OTHER. */
static const uint8_t kinds[128] = {
	[0 ... 31] = SPACE, [' '] = SPACE, ['a' ... 'z'] = LOWER, ['A' ... 'Z'] = UPPER,
	['0' ... '9'] = DIGIT, ['.'] = STOP, ['!'] = STOP, ['?'] = STOP, [','] = COMMA, [';'] = COMMA,
	[':'] = COLON, ['"'] = QUOTE, ['\''] = QUOTE, ['|'] = SIGN, ['>'] = SIGN, ['<'] = SIGN,
	['*'] = SIGN, ['#'] = SIGN, ['+'] = SIGN, ['='] = SIGN, ['@'] = SIGN, ['['] = SIGN, [']'] = SIGN,
	['/'] = SIGN, ['\\'] = SIGN, ['_'] = SIGN, ['~'] = SIGN, ['$'] = OTHER, ['%'] = OTHER,
	['&'] = SIGN, ['('] = OTHER, [')'] = OTHER, ['-'] = OTHER, ['^'] = SIGN, ['`'] = SIGN,
	['{'] = SIGN, ['}'] = SIGN, [127] = SPACE,
};

static inline bool is_letter(char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26;
}

static enum kind wide_kind(uint32_t cp, uint32_t *fold, bool *alone)
{
	enum pm_phrase_char l = pm_phrase_letter(cp, fold);

	*alone = l == PM_PHRASE_CHAR_ALONE;
	if (l != PM_PHRASE_CHAR_NONE)
		return l == PM_PHRASE_CHAR_UPPER ? UPPER : LOWER;
	switch (cp) {
	case 0x3002: case 0xff01: case 0xff1f: case 0x2026: case 0x6d4: case 0x61f: case 0x964:
	case 0xff61: case 0xff0e:
		return STOP;
	case 0xff0c: case 0x3001: case 0x60c: case 0xff1b: case 0xff64: case 0x61b:
		return COMMA;
	case 0xff1a:
		return COLON;
	case 0xab: case 0xbb: case 0x2018: case 0x2019: case 0x201a: case 0x201c: case 0x201d:
	case 0x201e: case 0x2039: case 0x203a: case 0x300c: case 0x300d: case 0x300e: case 0x300f:
		return QUOTE;
	case 0xa0: case 0x3000: case 0x2002: case 0x2003: case 0x2009:
		return SPACE;
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0xa3: case 0x20ac:
		return OTHER;
	default:
		return SIGN;
	}
}

struct reader {
	const struct pm_phrases *phrases;
	struct pm_piece *piece;
	struct pm_phrase_reader word;
	uint32_t before, last, two;     /* hashes: the last word but one, the last, the first two joined */
	uint32_t letters, capitals;     /* of the word; 0: not in one */
	uint32_t chars, words, function, upper, shout, digits, commas, stops, signs, long_word;
	uint32_t alone;                 /* characters that are words */
	int32_t sum;
	bool begins_upper;              /* the word */
	bool open;                      /* the last word was a function word */
};

static void count_word(struct reader *r, uint32_t hash)
{
	struct pm_piece *p = r->piece;
	const struct pm_phrase *found = pm_phrase_find(r->phrases, pm_phrase_key(PM_PHRASE_WORD, hash));

	r->words++;
	r->function += found->function;
	r->open = found->function;
	r->sum += found->weight;
	if (found->weight < p->least)
		p->least = found->weight;
	if (found->weight > p->most)
		p->most = found->weight;
	r->upper += r->begins_upper;
	r->shout += r->capitals == r->letters && r->letters > 1;
	if (r->letters > r->long_word)
		r->long_word = r->letters;
	p->hash = pm_phrase_join(p->hash, hash);
	if (r->words <= 4) {
		const struct pm_phrase *start;

		start = pm_phrase_find(r->phrases, pm_phrase_key(PM_PHRASE_START, p->hash));
		if (start->class)
			p->class = start->class;
		if (r->words == 2)
			r->two = p->hash;
	}
	r->before = r->last;
	r->last = hash;
	r->letters = r->capitals = 0;
}

static void end_word(struct reader *r)
{
	count_word(r, pm_phrase_word(r->word.folded, r->word.len));
	r->word.len = 0;
	r->word.in_digits = false;
}

/* A word of ASCII letters alone, the way most words are; where it is none nothing is read. */
static const char *read_plain_word(struct reader *r, const char *p, const char *end)
{
	const char *q = p, *at;
	uint32_t capitals = 0;
	uint64_t h = 0;

	while (q < end && is_letter(*q))
		capitals += kinds[(unsigned char)*q++] == UPPER;
	if (q - p > PM_PHRASE_WORD_BYTES - PM_UTF8_MAX ||
	    (q < end && ((unsigned char)*q >= 0x80 || kinds[(unsigned char)*q] == DIGIT)))
		return p;
	/* Bit 5 is what parts the cases of ASCII letters. */
	for (at = p; q - at >= 8; at += 8)
		h = pm_phrase_step(h, pm_phrase_load(at, 8) | UINT64_C(0x2020202020202020));
	if (q > at) {
		unsigned spare = 64 - 8 * (unsigned)(q - at);
		uint64_t eight = end - at >= 8 ? pm_phrase_load(at, 8) << spare >> spare
					       : pm_phrase_load(at, (size_t)(q - at));

		h = pm_phrase_step(h, eight | UINT64_C(0x2020202020202020) << spare >> spare);
	}
	r->letters = (uint32_t)(q - p);
	r->chars += r->letters;
	r->capitals = capitals;
	r->begins_upper = kinds[(unsigned char)*p] == UPPER;
	count_word(r, pm_phrase_end(h, r->letters));
	return q;
}

static uint16_t cap(uint32_t n)
{
	return n > 30000 ? 30000 : (uint16_t)n;
}

/* How the piece ends: what stands last but for closing quotes and brackets. */
static unsigned ending(enum kind last, uint32_t last_cp, uint32_t dots, bool open)
{
	unsigned f = 0;

	if (last == STOP)
		f |= dots >= 2 || last_cp == 0x2026 ? PM_PIECE_ELLIPSIS : PM_PIECE_TERMINAL;
	if (last == COLON)
		f |= PM_PIECE_COLON;
	if (last == COMMA)
		f |= PM_PIECE_COMMA;
	if (open && (last == LOWER || last == UPPER))
		f |= PM_PIECE_OPEN;
	return f;
}

static unsigned beginning(enum kind first)
{
	switch (first) {
	case LOWER: return PM_PIECE_LOWER;
	case UPPER: return PM_PIECE_UPPER;
	case DIGIT: return PM_PIECE_NUMBER;
	case QUOTE: return PM_PIECE_QUOTE;
	default: return PM_PIECE_BULLET;
	}
}

static void look_up(const struct pm_phrases *t, struct pm_piece *p, const struct reader *r)
{
	const struct pm_phrase *line = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_LINE, p->hash));

	p->line = line->weight;
	p->whole = line->class != 0;
	if (line->class)
		p->class = line->class;
	if (r->words < 2)
		return;
	p->first_two = r->two;
	p->last_two = pm_phrase_join(pm_phrase_join(0, r->before), r->last);
	p->first = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_FIRST, p->first_two))->weight;
	p->last = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_LAST, p->last_two))->weight;
}

static void store(struct pm_piece *p, const struct reader *r)
{
	p->chars = cap(r->chars);
	p->words = cap(r->words);
	p->function = cap(r->function);
	p->upper = cap(r->upper);
	p->shout = cap(r->shout);
	p->digits = cap(r->digits);
	p->commas = cap(r->commas);
	p->stops = cap(r->stops);
	p->signs = cap(r->signs);
	p->long_word = cap(r->long_word);
	p->sum = (int16_t)(r->sum > 30000 ? 30000 : r->sum < -30000 ? -30000 : r->sum);
	/* A heading or a menu has few function words; of prose they are a third in most languages. */
	if (p->chars + 2 * r->alone >= 80 && (p->flags & (PM_PIECE_TERMINAL | PM_PIECE_COLON)) && (p->function * 6 >= p->words || r->alone * 2 > r->words))
		p->flags |= PM_PIECE_WORDY;
}

/* A letter or a digit. `alone`: a word by itself. */
static void read_letter(struct reader *r, enum kind k, uint32_t fold, bool alone)
{
	if (!r->letters)
		r->begins_upper = k == UPPER;
	r->digits += k == DIGIT;
	r->capitals += k == UPPER;
	r->letters++;
	pm_phrase_put(&r->word, fold, k == DIGIT);
	if (!alone)
		return;
	r->alone++;
	/* A character that is a word says nothing of what comes next. */
	end_word(r);
	r->open = false;
}

void pm_piece_read(const struct pm_phrases *phrases, struct pm_piece *piece)
{
	const char *p = piece->text.ptr, *end = p + piece->text.len;
	struct reader r = { .phrases = phrases, .piece = piece, .word.len = 0 };
	enum kind first = SPACE, last = SPACE;
	uint32_t last_cp = 0, dots = 0;

	piece->hash = 0;
	while (p < end) {
		uint32_t cp = (unsigned char)*p, fold;
		bool alone = false;
		enum kind k;

		if (!r.letters && is_letter(*p)) {
			const char *word = p;

			p = read_plain_word(&r, p, end);
			if (p > word) {
				last = kinds[(unsigned char)p[-1]];
				first = first == SPACE ? (enum kind)kinds[(unsigned char)*word] : first;
				continue;
			}
		}
		if (cp < 0x80) {
			p++;
			k = kinds[cp];
			fold = k == UPPER ? cp | 0x20 : cp;
		} else {
			cp = pm_utf8_next(&p, end);
			k = wide_kind(cp, &fold, &alone);
		}
		r.chars++;
		if (r.letters && (k > DIGIT || k == SPACE || alone))
			end_word(&r);
		if (k == SPACE)
			continue;
		if (first == SPACE)
			first = k;
		if (k <= DIGIT) {
			read_letter(&r, k, fold, alone);
			last = k;
			continue;
		}
		r.stops += k == STOP && last != STOP;
		r.commas += k == COMMA;
		r.signs += k == SIGN;
		if (k == QUOTE || cp == ')' || cp == ']')
			continue;
		dots = k == STOP && last == STOP ? dots + 1 : 0;
		last = k;
		last_cp = cp;
	}
	if (r.letters)
		end_word(&r);
	piece->flags |= (uint16_t)(ending(last, last_cp, dots, r.open) | beginning(first));
	look_up(phrases, piece, &r);
	store(piece, &r);
}
