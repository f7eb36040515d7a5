/* filters/extract/main_piece.c -- what a block's text alone says: lengths, marks, words. */
#include "core/hash.h"
#include "core/utf8.h"
#include "filters/extract/clean.h"
#include "filters/extract/main_impl.h"

enum {
	WORDS_HEARD = 16,       /* of each block: where blocks are
				 * told apart by words, they are short */
	TITLE_BYTES = 512,
};

static const uint8_t glyphs[256] = {
	['\t'] = PM_GLYPH_SPACE, ['\n'] = PM_GLYPH_SPACE, [' '] = PM_GLYPH_SPACE,
	['!'] = PM_GLYPH_STOP, ['"'] = PM_GLYPH_QUOTE, ['#'] = PM_GLYPH_SYMBOL,
	['$'] = PM_GLYPH_SYMBOL, ['%'] = PM_GLYPH_OTHER, ['&'] = PM_GLYPH_SYMBOL,
	['\''] = PM_GLYPH_QUOTE, ['('] = PM_GLYPH_OPEN, [')'] = PM_GLYPH_OPEN,
	['*'] = PM_GLYPH_SYMBOL, ['+'] = PM_GLYPH_SYMBOL, [','] = PM_GLYPH_COMMA,
	['.'] = PM_GLYPH_STOP, ['/'] = PM_GLYPH_SYMBOL, [':'] = PM_GLYPH_COLON,
	[';'] = PM_GLYPH_COMMA, ['<'] = PM_GLYPH_SYMBOL, ['='] = PM_GLYPH_SYMBOL,
	['>'] = PM_GLYPH_SYMBOL, ['?'] = PM_GLYPH_STOP, ['@'] = PM_GLYPH_SYMBOL,
	['['] = PM_GLYPH_OPEN, ['\\'] = PM_GLYPH_SYMBOL, [']'] = PM_GLYPH_OPEN,
	['_'] = PM_GLYPH_SYMBOL, ['{'] = PM_GLYPH_SYMBOL, ['|'] = PM_GLYPH_SYMBOL,
	['}'] = PM_GLYPH_SYMBOL, ['~'] = PM_GLYPH_SYMBOL, ['0'] = PM_GLYPH_DIGIT, PM_GLYPH_DIGIT,
	PM_GLYPH_DIGIT, PM_GLYPH_DIGIT, PM_GLYPH_DIGIT,
	PM_GLYPH_DIGIT, PM_GLYPH_DIGIT, PM_GLYPH_DIGIT, PM_GLYPH_DIGIT, PM_GLYPH_DIGIT,
#define TWICE(x) x, x
#define ALPHABET(x) \
	TWICE(TWICE(TWICE(x))), TWICE(TWICE(TWICE(x))), TWICE(TWICE(TWICE(x))), TWICE(x)
	['A'] = ALPHABET(PM_GLYPH_UPPER),
	['a'] = ALPHABET(PM_GLYPH_LOWER),
};

/* Of letters and digits: capitals in the lower half, digits in the upper one. */
static const uint64_t tally[256] = {
	['A'] = ALPHABET(1),
	['0'] = TWICE(UINT64_C(1) << 32), TWICE(UINT64_C(1) << 32), TWICE(UINT64_C(1) << 32),
	TWICE(UINT64_C(1) << 32), TWICE(UINT64_C(1) << 32),
};

/* Ideographs and kana stand for words without spaces between them. */
static bool is_wide(uint32_t cp)
{
	return (cp >= 0x3040 && cp <= 0x30ff) || (cp >= 0x3400 && cp <= 0x9fff) ||
	       (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0xff66 && cp <= 0xff9f) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

/* Characters of Chinese and Japanese that hold a sentence together as short words do elsewhere. */
static bool is_particle(uint32_t cp)
{
	switch (cp) {
	case 0x7684:
	case 0x4e86:
	case 0x662f:
	case 0x5728:
	case 0x548c:
	case 0x4e0d:
	case 0x6709:
	case 0x4e5f:
	case 0x5c31:
	case 0x90fd:
	case 0x4e0e:
	case 0x8207:
	case 0x8fd9:
	case 0x9019:
	case 0x4e3a:
	case 0x70ba:
	case 0x800c:
	case 0x4e4b:
	case 0x5176:
	case 0x4e8e:
	case 0x65bc:
	case 0x4ed6:
	case 0x6211:
	case 0x4ee5:
	case 0x306e:
	case 0x306f:
	case 0x3092:
	case 0x304c:
	case 0x306b:
	case 0x3067:
	case 0x3068:
	case 0x3082:
	case 0x305f: case 0x3066:
		return true;
	default:
		return false;
	}
}

/* Capitals of Latin, Greek and Cyrillic as far as they stand in a row of their own. */
static bool is_capital(uint32_t cp)
{
	return (cp >= 0xc0 && cp <= 0xde && cp != 0xd7) || (cp >= 0x391 && cp <= 0x3ab) ||
	       (cp >= 0x400 && cp <= 0x42f);
}

static enum pm_glyph beyond_ascii(uint32_t cp)
{
	switch (cp) {
	case 0x3002: case 0xff01: case 0xff1f: case 0xff0e: case 0x061f: case 0x06d4: case 0x0964:
		return PM_GLYPH_STOP;
	case 0x3001: case 0xff0c: case 0x060c: case 0xff1b: case 0x061b:
		return PM_GLYPH_COMMA;
	case 0x2026:
		return PM_GLYPH_ELLIPSIS;
	case 0xff1a:
		return PM_GLYPH_COLON;
	case 0x2018:
	case 0x2019:
	case 0x201a:
	case 0x201c:
	case 0x201d:
	case 0x201e:
	case 0xab:
	case 0xbb:
	case 0x300c: case 0x300d: case 0x2039: case 0x203a:
		return PM_GLYPH_QUOTE;
	case 0xa0: case 0x3000: case 0x202f:
		return PM_GLYPH_SPACE;
	default:
		break;
	}
	if (is_wide(cp))
		return PM_GLYPH_WIDE;
	if (cp < 0xc0 || (cp >= 0x2000 && cp < 0x2c00))
		return PM_GLYPH_SYMBOL;
	return is_capital(cp) ? PM_GLYPH_UPPER : PM_GLYPH_LOWER;
}

static enum pm_glyph next_glyph(const char **at, const char *end)
{
	unsigned char c = (unsigned char)**at;

	if (c < 128) {
		++*at;
		return glyphs[c];
	}
	return beyond_ascii(pm_utf8_next(at, end));
}

static uint8_t lower(unsigned char c)
{
	return (uint8_t)pm_ascii_lower((char)c);
}

static void count16(uint16_t *n)
{
	*n += *n < UINT16_MAX;
}

/* A block's text on the way through it. */
struct scan {
	struct pm_main *m;
	struct pm_piece *b;
	unsigned len, uppers;           /* of the word so far: letters and digits */
	uint32_t hash, before, before2; /* of it and of the words before, 0: none */
	uint8_t first;                  /* its first glyph */
	uint8_t previous;               /* the last glyph */
	bool money;                     /* the last character was a currency's sign */
};

static bool in_word(enum pm_glyph glyph)
{
	return (unsigned)glyph - PM_GLYPH_LOWER <= PM_GLYPH_DIGIT - PM_GLYPH_LOWER;
}

static inline void end_word(struct scan *s)
{
	struct pm_piece *b = s->b;

	if (!s->len)
		return;
	if (s->before && s->m->hints.pairs.slots)
		b->pairs += pm_gram_seen(&s->m->hints.pairs, pm_word_row(s->before, s->hash, 0));
	if (s->before2 && s->m->hints.triples.slots)
		b->triples += pm_gram_seen(&s->m->hints.triples,
					   pm_word_row(s->before2, s->before, s->hash));
	s->before2 = s->before;
	s->before = s->hash;
	b->words++;
	if (s->first == PM_GLYPH_UPPER)
		count16(&b->capitals);
	if (s->uppers == s->len && s->len > 1)
		count16(&b->shouts);
	/* Function words are short and small in most scripts with spaces. */
	if (s->first == PM_GLYPH_LOWER && s->len <= 3)
		count16(&b->shorts);
	s->len = 0;
}

static inline void note_ends(struct scan *s, enum pm_glyph glyph)
{
	struct pm_piece *b = s->b;

	if (b->first == PM_GLYPH_SPACE && s->previous == PM_GLYPH_SPACE && glyph != PM_GLYPH_SPACE)
		b->first = (uint8_t)glyph;
	if (glyph != PM_GLYPH_SPACE && glyph != PM_GLYPH_OPEN &&
	    (glyph != PM_GLYPH_QUOTE || b->last == PM_GLYPH_SPACE))
		b->last = (uint8_t)glyph;
	s->previous = (uint8_t)glyph;
}

static inline void begin_word(struct scan *s, enum pm_glyph glyph)
{
	if (s->len)
		return;
	s->first = (uint8_t)glyph;
	s->uppers = 0;
	s->hash = pm_word_begin(PM_WORD_TEXT);
}

/* ASCII letters and digits from `at` on, of which there is one at least. */
static inline const char *scan_ascii(struct scan *s, const char *at, const char *end)
{
	const char *from = at;
	uint64_t count = 0;
	uint32_t hash;
	enum pm_glyph glyph = glyphs[(unsigned char)*at];

	begin_word(s, glyph);
	note_ends(s, glyph);
	if (s->money && glyph == PM_GLYPH_DIGIT)
		count16(&s->b->prices);
	hash = s->hash;
	do {
		count += tally[(unsigned char)*at];
		/* Bit 5 is set in digits already. */
		hash = pm_word_step(hash, (unsigned char)*at | 0x20);
	} while (++at < end && in_word(glyphs[(unsigned char)*at]));
	s->hash = hash;
	s->len += (unsigned)(at - from);
	s->uppers += (uint32_t)count;
	s->b->chars += (uint32_t)(at - from);
	s->b->digits += (uint32_t)(count >> 32);
	s->b->last = s->previous = glyphs[(unsigned char)at[-1]];
	s->money = false;
	return at;
}

static bool is_money(const char *from, size_t len)
{
	return *from == '$' || (len == 2 && (memcmp(from, "\xc2\xa3", 2) == 0 || memcmp(from, "\xc2\xa5", 2) == 0)) ||
	       (len == 3 && memcmp(from, "\xe2\x82\xac", 3) == 0);
}

/* About two make a word, and one says as much as three letters: thus texts of both kinds are of the
 * same length to the models. */
static void count_wide(struct pm_piece *b, const char *from, const char *end)
{
	b->chars += 2;
	b->words += b->chars & 1;
	if (is_particle(pm_utf8_next(&from, end)))
		count16(&b->shorts);
}

/* Any other character. */
static const char *scan_other(struct scan *s, const char *at, const char *end)
{
	struct pm_piece *b = s->b;
	const char *from = at;
	enum pm_glyph glyph = next_glyph(&at, end);

	b->chars++;
	if (in_word(glyph)) {
		begin_word(s, glyph);
		for (const char *p = from; p < at; p++)
			s->hash = pm_word_step(s->hash, (unsigned char)*p);
		s->len++;
		s->uppers += glyph == PM_GLYPH_UPPER;
	} else if (glyph != PM_GLYPH_QUOTE || !s->len) {
		end_word(s);
	}
	if (glyph == PM_GLYPH_COMMA)
		count16(&b->commas);
	else if (glyph == PM_GLYPH_STOP)
		count16(&b->stops);
	else if (glyph == PM_GLYPH_SYMBOL)
		count16(&b->symbols);
	else if (glyph == PM_GLYPH_WIDE)
		count_wide(b, from, end);
	if (*from == '\n')
		b->broken = true;
	note_ends(s, glyph);
	if (glyph != PM_GLYPH_SPACE)
		s->money = is_money(from, (size_t)(at - from));
	return at;
}

static void scan(struct pm_main *m, struct pm_piece *b, struct pm_slice text)
{
	const char *at = text.ptr, *end = text.ptr + text.len;
	struct scan s = { .m = m, .b = b, .previous = PM_GLYPH_SPACE };

	b->bytes = (uint32_t)text.len;
	b->first = b->last = PM_GLYPH_SPACE;
	while (at < end) {
		unsigned char c = (unsigned char)*at;

		if (c == ' ') {
			/* As scan_other does, in short. */
			b->chars++;
			end_word(&s);
			s.previous = PM_GLYPH_SPACE;
			at++;
		} else {
			at = in_word(glyphs[c]) ? scan_ascii(&s, at, end) : scan_other(&s, at, end);
		}
	}
	end_word(&s);
	/* A script without capitals begins sentences with what it has. */
	if (b->first == PM_GLYPH_WIDE)
		b->first = PM_GLYPH_UPPER;
	if (b->last == PM_GLYPH_WIDE)
		b->last = PM_GLYPH_LOWER;
}

/* A line as learnt ones are kept: small letters, a number as "#". Long lines are no such, and only
 * compared with each other. */
static uint32_t line_key(struct pm_slice text)
{
	uint32_t h = pm_word_begin(PM_WORD_LINE);
	bool after_digit = false;

	if (text.len > PM_LINE_BYTES_MAX)
		return pm_word_key((uint32_t)pm_hash64(text, 0));
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool digit = (unsigned char)(c - '0') < 10;

		if (!digit)
			h = pm_word_step(h, lower(c));
		else if (!after_digit)
			h = pm_word_step(h, '#');
		after_digit = digit;
	}
	return pm_word_key(h);
}

/* The same words without their blocks. */
uint32_t pm_next_word(struct pm_word_reader *r)
{
	uint32_t hash = pm_word_begin(PM_WORD_TEXT);
	bool any = false;

	while (r->at < r->end) {
		const char *from = r->at;
		enum pm_glyph glyph = next_glyph(&r->at, r->end);

		if (in_word(glyph)) {
			any = true;
			for (const char *p = from; p < r->at; p++)
				hash = pm_word_step(hash, lower((unsigned char)*p));
		} else if (any && glyph != PM_GLYPH_QUOTE) {
			break;
		}
	}
	return any ? hash : 0;
}

/* -- words, for what was learnt about them ----------------------------------------------------- */

/* Whether a mark of three bytes stands here that parts words: typographic ones (U+2000 to U+203F),
 * those of East Asia (U+3000 to U+303F) and their full-width kin (U+FF00 to U+FF0F, U+FF1A to
 * U+FF20). */
static bool parting(const unsigned char *p, const unsigned char *end)
{
	if (end - p < 3)
		return false;
	if (p[0] == 0xef && p[1] == 0xbc)
		return p[2] < 0x90 || (p[2] >= 0x9a && p[2] <= 0xa0);
	return (p[0] == 0xe2 || p[0] == 0xe3) && p[1] == 0x80;
}

/* The first words of a text: letters, anything beyond ASCII counted as one. Built into each
 * caller. */
static inline __attribute__((always_inline)) void each_word(struct pm_slice text, pm_word_fn *fn,
							    void *ctx)
{
	const unsigned char *p = (const unsigned char *)text.ptr, *end = p + text.len;
	unsigned heard = 0;

	while (p < end && heard < WORDS_HEARD) {
		const unsigned char *from = p;
		uint32_t all = pm_word_begin(PM_WORD_TEXT);

		for (; p < end; p++) {
			unsigned char small = *p | 0x20;

			if ((unsigned char)(small - 'a') < 26)
				all = pm_word_step(all, small);
			else if (*p >= 0x80 && !parting(p, end))
				all = pm_word_step(all, *p);
			else
				break;
		}
		if (p > from) {
			fn(ctx, heard ? PM_WORD_TEXT : PM_WORD_FIRST, pm_word_key(all),
			   (const char *)from, (size_t)(p - from));
			heard++;
		} else {
			p += parting(p, end) ? 3 : 1;
		}
	}
}

void pm_text_words(struct pm_slice text, pm_word_fn *fn, void *ctx)
{
	each_word(text, fn, ctx);
}

struct hearing {
	struct pm_main *m;
	struct pm_piece *b;
};

static inline void hear(void *ctx, enum pm_word_space space, uint32_t key, const char *word,
			size_t len)
{
	struct hearing *h = ctx;
	struct pm_piece *b = h->b;
	const struct pm_weight *w = pm_weight_find(&h->m->weights, key);

	for (unsigned i = 0; h->m->title_bits >> (key & 63) & 1 && i < h->m->ntitle; i++) {
		if (h->m->title[i] == key) {
			b->title_words++;
			break;
		}
	}
	if (space == PM_WORD_FIRST)
		b->weight_first = w ? w->inside : 0;
	if (!w)
		return;
	b->weighed++;
	b->weight_sum += w->anywhere;
	b->inside_sum += w->inside;
	if (w->anywhere < b->weight_lo)
		b->weight_lo = w->anywhere;
	if (w->anywhere > b->weight_hi)
		b->weight_hi = w->anywhere;
	if (w->inside < b->inside_lo)
		b->inside_lo = w->inside;
	if (w->inside > b->inside_hi)
		b->inside_hi = w->inside;
}

static void weigh(struct pm_main *m, struct pm_piece *b, struct pm_slice text)
{
	struct hearing h = { m, b };
	const struct pm_weight *w = pm_weight_find(&m->weights, b->line);

	each_word(text, hear, &h);
	if (w) {
		b->weight_line = w->anywhere;
		b->weight_line_inside = w->inside;
	}
}

/* -- the title --------------------------------------------------------------------------------- */

static void title_word(void *ctx, enum pm_word_space space, uint32_t key, const char *word,
		       size_t len)
{
	struct pm_main *m = ctx;

	for (unsigned i = 0; i < m->ntitle; i++)
		if (m->title[i] == key)
			return;
	if (m->ntitle == PM_TITLE_WORDS)
		return;
	m->title[m->ntitle++] = key;
	m->title_bits |= UINT64_C(1) << (key & 63);
}

static bool read_title(struct pm_main *m)
{
	const struct pm_html *doc = m->doc;

	for (uint32_t i = 1; i < doc->nnodes; i++) {
		struct pm_slice title;

		if (doc->nodes[i].tag != PM_TAG_TITLE || doc->nodes[i].ns != PM_NS_HTML)
			continue;
		title = pm_visible_line(doc, m->arena, i);
		if (!title.ptr)
			return false;
		if (title.len > TITLE_BYTES)
			title.len = TITLE_BYTES;
		/* WORDS_HEARD bounds it: sites put their own name last. */
		pm_text_words(title, title_word, m);
		return true;
	}
	return true;
}

/* -- repeated lines ---------------------------------------------------------------------------- */

static bool count_repeats(struct pm_main *m)
{
	uint32_t size = 64;
	uint32_t *slot;

	while (size < m->n * 2)
		size *= 2;
	slot = PM_ARENA_NEW(m->arena, uint32_t, size);
	if (!slot)
		return false;
	memset(slot, 0, size * sizeof(*slot));
	for (uint32_t b = 0; b < m->n; b++) {
		uint32_t i = m->piece[b].line & (size - 1), steps = 0;

		/* Keys are hashes of hostile text: a search that grows long gives up. */
		while (slot[i] && m->piece[slot[i] - 1].line != m->piece[b].line && ++steps < 64)
			i = (i + 1) & (size - 1);
		if (!slot[i])
			slot[i] = b + 1;
		else if (m->piece[slot[i] - 1].line == m->piece[b].line) {
			struct pm_piece *one = &m->piece[slot[i] - 1];

			one->repeats += one->repeats < 255;
			m->piece[b].repeats = 1;
		}
	}
	return true;
}

static uint32_t block_element(const struct pm_html *doc, uint32_t text)
{
	uint32_t at = doc->nodes[text].parent;

	while (at && !(pm_tag_flags[doc->nodes[at].tag] & PM_EL_BLOCK))
		at = doc->nodes[at].parent;
	return at;
}

bool pm_main_pieces(struct pm_main *m)
{
	const struct pm_visible *v = m->visible;
	uint32_t run = 0;

	if (!read_title(m))
		return false;
	m->piece = PM_ARENA_NEW(m->arena, struct pm_piece, m->n);
	if (!m->piece)
		return false;
	memset(m->piece, 0, m->n * sizeof(*m->piece));
	for (uint32_t i = 0; i < m->n; i++) {
		struct pm_piece *b = &m->piece[i];
		struct pm_slice text = pm_slice(v->text.ptr + v->blocks[i].at, v->blocks[i].len);

		while (run < v->nruns && v->runs[run].block < i)
			run++;
		b->node = run < v->nruns && v->runs[run].block == i ? v->runs[run].node
								    : m->doc->body;
		b->at = block_element(m->doc, b->node);
		b->before = m->bytes;
		scan(m, b, text);
		b->line = line_key(text);
		weigh(m, b, text);
		m->bytes += b->bytes;
	}
	return count_repeats(m);
}
