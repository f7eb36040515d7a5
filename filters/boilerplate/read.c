/* filters/boilerplate/read.c -- one look at each byte of a piece: its words, signs and ends. */
#include "core/simd.h"
#include "core/utf8.h"
#include "filters/boilerplate/piece.h"

enum {
	START_WORDS_MOST = 12,  /* of a line that begins like a byline, a dateline or a credit */
	DATE_WORDS_MOST = 12, DATE_DIGITS_LEAST = 2, DATE_FORM_DIGITS = 6,
	CREDIT_WORDS_MOST = 24,
};

enum kind { SPACE, LOWER, UPPER, DIGIT, STOP, COMMA, COLON, QUOTE, SIGN, OTHER };

/* ASCII by what it is; all else is OTHER. */
static const uint8_t kinds[128] = {
	[0 ... 31] = SPACE, [' '] = SPACE, ['a' ... 'z'] = LOWER, ['A' ... 'Z'] = UPPER,
	['0' ... '9'] = DIGIT, ['.'] = STOP, ['!'] = STOP, ['?'] = STOP, [','] = COMMA,
	[';'] = COMMA, [':'] = COLON, ['"'] = QUOTE, ['\''] = QUOTE, ['|'] = SIGN, ['>'] = SIGN,
	['<'] = SIGN, ['*'] = SIGN, ['#'] = SIGN, ['+'] = SIGN, ['='] = SIGN, ['@'] = SIGN,
	['['] = SIGN, [']'] = SIGN, ['/'] = SIGN, ['\\'] = SIGN, ['_'] = SIGN, ['~'] = SIGN,
	['$'] = OTHER, ['%'] = OTHER, ['&'] = SIGN, ['('] = OTHER, [')'] = OTHER, ['-'] = OTHER,
	['^'] = SIGN, ['`'] = SIGN, ['{'] = SIGN, ['}'] = SIGN, [127] = SPACE,
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
	struct pm_pieces *pieces;
	struct pm_piece *piece;
	struct pm_phrase_reader word;
	uint32_t before, last, two;     /* hashes: the last word but one,
					 * the last, the first two joined */
	uint32_t letters, capitals;     /* of the word; 0: not in one */
	uint32_t chars, words, function, upper, shout, digits, commas, stops, signs, long_word;
	uint32_t alone;                 /* characters that are words */
	uint32_t classes;               /* of its words, a bit each */
	int32_t sum;
	bool begins_upper;              /* the word */
	bool open;                      /* the last word was a function word */
};

/* `alone`: it is one character. */
static void count_word(struct reader *r, uint32_t hash, bool alone)
{
	struct pm_piece *p = r->piece;
	const struct pm_phrase *found =
		pm_phrase_find(r->phrases, pm_phrase_key(PM_PHRASE_WORD, hash));

	r->words++;
	r->function += found->function;
	r->open = found->function;
	r->sum += found->weight;
	r->classes |= 1u << found->class;
	if (found->weight < p->least)
		p->least = found->weight;
	r->upper += r->begins_upper;
	r->shout += r->capitals == r->letters && r->letters > 1;
	if (r->letters > r->long_word)
		r->long_word = r->letters;
	if ((r->letters >= PM_TOPIC_LETTERS || alone) && !found->function && r->pieces->topic)
		r->pieces->topic[r->pieces->topics++] =
			(uint16_t)(hash & ((1u << PM_TOPIC_BITS) - 1));
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

static void end_word(struct reader *r, bool alone)
{
	count_word(r, pm_phrase_word(r->word.folded, r->word.len), alone);
	r->word.len = 0;
	r->word.in_digits = false;
}

static const char *letters_portable(const char *p, const char *end, uint32_t *capitals)
{
	const char *q = p;

	for (*capitals = 0; q < end && is_letter(*q); q++)
		*capitals += !(*q & 0x20);
	return q;
}

#if PM_SSE2
/* Sixteen bytes at once; nearly no word is longer. */
static const char *letters_sse2(const char *p, const char *end, uint32_t *capitals)
{
	__m128i bytes, low;
	unsigned others, upper;

	if (end - p < 16)
		return letters_portable(p, end, capitals);
	bytes = _mm_loadu_si128((const __m128i *)p);
	low = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
	others = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmplt_epi8(low, _mm_set1_epi8('a')),
							  _mm_cmpgt_epi8(low, _mm_set1_epi8('z'))));
	if (!others)
		return letters_portable(p, end, capitals);
	/* Bit 5 of each byte moves to where the mask is taken from. */
	upper = ~(unsigned)_mm_movemask_epi8(_mm_slli_epi16(bytes, 2)) &
		(others ^ (others - 1)) >> 1;
	for (*capitals = 0; upper; upper &= upper - 1)
		++*capitals;
	return p + __builtin_ctz(others);
}
#endif

/* The end of the run of ASCII letters at p, and how many of them are capitals. */
static inline const char *letters(const char *p, const char *end, uint32_t *capitals)
{
#if PM_SSE2
	if (PM_USE_SSE2)
		return letters_sse2(p, end, capitals);
#endif
	return letters_portable(p, end, capitals);
}

/* A word of ASCII letters alone, the way most words are; where it is none nothing is read. */
static const char *read_plain_word(struct reader *r, const char *p, const char *end)
{
	uint32_t capitals;
	const char *q = letters(p, end, &capitals), *at;
	uint64_t h = 0;

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
	count_word(r, pm_phrase_end(h, r->letters), false);
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

/* Classes of lines that are short: a sentence may begin like one. */
static bool is_terse(uint8_t class)
{
	return class == PM_FURNITURE_BYLINE || class == PM_FURNITURE_DATE ||
	       class == PM_FURNITURE_CREDIT;
}

static void look_up(const struct pm_phrases *t, struct pm_piece *p, const struct reader *r)
{
	const struct pm_phrase *line = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_LINE, p->hash));
	uint32_t two;

	p->whole = line->class != 0;
	if (line->class)
		p->class = line->class;
	else if ((r->words > START_WORDS_MOST || p->flags & PM_PIECE_TERMINAL) &&
		 is_terse(p->class))
		p->class = PM_FURNITURE_NONE;
	if (r->words < 2)
		return;
	two = pm_phrase_join(pm_phrase_join(0, r->before), r->last);
	p->first = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_FIRST, r->two))->weight;
	p->last = pm_phrase_find(t, pm_phrase_key(PM_PHRASE_LAST, two))->weight;
}

/* "12/3/2024", "2024-03-12": three runs of digits with one sign between. */
static bool date_form(struct pm_slice s)
{
	unsigned runs = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool digit = (unsigned)(s.ptr[i] - '0') < 10;
		bool joint = s.ptr[i] == '/' || s.ptr[i] == '-' || s.ptr[i] == '.';

		if (digit && (i == 0 || (unsigned)(s.ptr[i - 1] - '0') >= 10))
			runs++;
		else if (!digit && !joint)
			runs = 0;
		if (runs == 3)
			return true;
	}
	return false;
}

static unsigned marks(const struct pm_piece *p, const struct reader *r)
{
	unsigned m = 0;

	if (r->words <= DATE_WORDS_MOST && r->digits >= DATE_DIGITS_LEAST &&
	    !(p->flags & PM_PIECE_TERMINAL && r->function > 1) &&
	    (r->classes >> PM_FURNITURE_DATE & 1 ||
	     (r->digits >= DATE_FORM_DIGITS && date_form(p->text))))
		m |= PM_MARK_DATE;
	if (r->words <= CREDIT_WORDS_MOST && r->classes >> PM_FURNITURE_CREDIT & 1)
		m |= PM_MARK_CREDIT;
	return m;
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
	p->marks = (uint8_t)marks(p, r);
	/* A heading or a menu has few function words; of prose they are a third in most
	 * languages. */
	if (p->chars + 2 * r->alone >= 80 && p->flags & (PM_PIECE_TERMINAL | PM_PIECE_COLON) &&
	    (p->function * 6 >= p->words || r->alone * 2 > r->words))
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
	end_word(r, true);
	r->open = false;
}

void pm_piece_read(const struct pm_phrases *phrases, struct pm_pieces *pieces,
		   struct pm_piece *piece)
{
	const char *p = piece->text.ptr, *end = p + piece->text.len;
	struct reader r = { .phrases = phrases, .pieces = pieces, .piece = piece, .word.len = 0 };
	enum kind first = SPACE, last = SPACE;
	uint32_t last_cp = 0, dots = 0;

	piece->hash = 0;
	piece->topic = pieces->topics;
	while (p < end) {
		uint32_t cp = (unsigned char)*p, fold;
		bool alone = false;
		enum kind k;

		if (!r.letters && *p == ' ') {
			r.chars++;
			p++;
			continue;
		}
		if (!r.letters && is_letter(*p)) {
			const char *word = p;

			p = read_plain_word(&r, p, end);
			if (p > word) {
				last = kinds[(unsigned char)p[-1]];
				first = first == SPACE ? (enum kind)kinds[(unsigned char)*word]
						       : first;
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
			end_word(&r, false);
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
		dots = cp == '.' && last == STOP && last_cp == '.' ? dots + 1 : 0;
		last = k;
		last_cp = cp;
	}
	if (r.letters)
		end_word(&r, false);
	piece->topics = pieces->topics - piece->topic;
	piece->flags |= (uint16_t)(ending(last, last_cp, dots, r.open) | beginning(first));
	look_up(phrases, piece, &r);
	store(piece, &r);
}
