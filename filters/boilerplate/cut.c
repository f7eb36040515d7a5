/* filters/boilerplate/cut.c -- where pieces begin and end.
 *
 * Browsers' and converters' text is wrapped at a column: lines of one paragraph are joined again where
 * the next word had no room. Other tools part a paragraph at every link: what goes on in lower case
 * or after an open end is joined, too. What lost its lines is cut at sentences and where words are glued. */
#include "core/utf8.h"
#include "filters/boilerplate/piece.h"
#include "filters/boilerplate/seam.h"
#include "filters/extract/byline.h"

enum {
	WRAP_LEAST = 56, WRAP_MOST = 132,       /* columns that text is wrapped at */
	WRAP_RAGGED = 14,                       /* how far a full line may end before the column */
	WRAP_INDENT = 8,                        /* columns that were taken off its front */
	BYLINE_BYTES = 60,
	JOIN_LEAST = 30,                        /* bytes of a line that may go on in the next */
	LONG_LINE = 300,                        /* bytes; a longer one is looked into */
	ONLY_LINES = 2, ONLY_LINE = 120,        /* so few lines have lost theirs; bytes of one */
	SENTENCES_LINE = 1200,                  /* bytes; a longer one is cut at its sentences */
	PIECE_LEAST = 24,                       /* bytes of a piece that a sentence's end makes */
	NAMES_LOOKED_FOR = 64, NAME_NEAR = 4000,        /* words; bytes before and behind them */
	SEAM_SCORE = -32, EDGE_SCORE = -64,     /* of a place where a line ended; at a phrase's edge */
	SEAM_BYTES = 192 << 10,                 /* of a page that are looked through for such places */
};

struct cutter {
	const struct pm_phrases *phrases;
	struct pm_page *page;
	struct pm_pieces *pieces;
	size_t cap;
	unsigned column;        /* that the text is wrapped at, or 0 */
	size_t least;           /* bytes of a piece within a line */
	unsigned looks;         /* for names with a capital inside */
	struct pm_seams seams;
	size_t seam_bytes;      /* that may still be looked through */
	const char *ends[PM_SEAM_WORDS];        /* of lines, in the words that were read last */
	size_t end, ends_known;
};

static bool is_lower(unsigned char c)
{
	return (unsigned)(c - 'a') < 26;
}

static bool is_upper(unsigned char c)
{
	return (unsigned)(c - 'A') < 26;
}

/* -- wrapped text ------------------------------------------------------------------------------ */

/* The column that nearly no line goes beyond and many nearly reach; 0: not wrapped. */
static unsigned wrap_column(const struct pm_page *page)
{
	unsigned histogram[WRAP_MOST + 2] = { 0 }, lines = 0, beyond = 0, full = 0, column = WRAP_MOST + 1;

	for (size_t i = 0; i < page->blocks.len; i++) {
		struct pm_slice s = page->blocks.at[i].text;
		size_t n = s.len > 4 * WRAP_MOST ? WRAP_MOST + 1 : pm_utf8_count(s);

		histogram[n > WRAP_MOST ? WRAP_MOST + 1 : n]++;
		lines += n > 20;
	}
	while (column > WRAP_LEAST && (beyond + histogram[column]) * 40 <= lines)
		beyond += histogram[column--];
	if (column <= WRAP_LEAST || column > WRAP_MOST)
		return 0;
	for (unsigned n = column - WRAP_RAGGED; n <= column; n++)
		full += histogram[n];
	return full >= 6 && full * 5 >= lines ? column : 0;
}

static size_t first_word(struct pm_slice s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] != ' ')
		n++;
	return pm_utf8_count(pm_slice(s.ptr, n));
}

static bool wraps(const struct cutter *c, struct pm_slice line, struct pm_slice next)
{
	size_t n;

	if (!c->column || line.len * 2 < c->column)
		return false;
	n = pm_utf8_count(line);
	return n + 1 + first_word(next) + WRAP_INDENT > c->column && n + WRAP_RAGGED * 2 > c->column;
}

static bool ends_sentence(struct pm_slice s)
{
	unsigned char c = (unsigned char)s.ptr[s.len - 1];

	return c == '.' || c == '!' || c == '?' || c == ':' || c == '"' || c == ')' || c >= 0x80;
}

/* Whether the line's last word is one that another follows. */
static bool ends_open(const struct pm_phrases *phrases, struct pm_slice line)
{
	size_t n = 0;

	while (n < line.len && n < 8 && is_lower((unsigned char)line.ptr[line.len - 1 - n]))
		n++;
	if (n == 0 || n == 8 || n == line.len || line.ptr[line.len - 1 - n] != ' ')
		return false;
	return pm_phrase_find(phrases, pm_phrase_key(PM_PHRASE_WORD,
			      pm_phrase_word(line.ptr + line.len - n, n)))->function;
}

/* A byline in lower case, or furniture of one word: not what the line above it goes on with. */
static bool stands_alone(const struct pm_phrases *phrases, struct pm_slice line)
{
	uint32_t words, h;
	bool led;

	if (line.len > BYLINE_BYTES || line.ptr[line.len - 1] == '.')
		return false;
	h = pm_phrase_hash(line, &words);
	if (pm_phrase_find(phrases, pm_phrase_key(PM_PHRASE_LINE, h))->class)
		return true;
	(void)pm_byline_lead(line, &led);
	return led;
}

/* Whether the next line begins in the middle of a sentence. */
static bool goes_on(const struct cutter *c, struct pm_slice line, struct pm_slice next)
{
	unsigned char first = (unsigned char)next.ptr[0];

	if (first == ',' || first == ';' || first == '.' || first == ')')
		return next.len == 1 || next.ptr[1] == ' ' || next.ptr[1] == '\n';
	if (line.len < JOIN_LEAST || ends_sentence(line))
		return false;
	return ends_open(c->phrases, line) || (is_lower(first) && !stands_alone(c->phrases, next));
}

/* -- lines that hold more than a piece ------------------------------------------------------------ */

static bool add(struct cutter *c, const char *from, const char *to, unsigned flags)
{
	struct pm_piece *p;

	while (from < to && (*from == ' ' || *from == '\n'))
		from++;
	while (from < to && (to[-1] == ' ' || to[-1] == '\n'))
		to--;
	if (from == to)
		return true;
	if (c->pieces->len == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 256;
		struct pm_piece *grown = PM_ARENA_NEW(c->page->arena, struct pm_piece, cap);

		if (!grown)
			return false;
		if (c->pieces->len)
			memcpy(grown, c->pieces->at, c->pieces->len * sizeof(*grown));
		c->pieces->at = grown;
		c->cap = cap;
	}
	p = &c->pieces->at[c->pieces->len++];
	*p = (struct pm_piece){ .text = pm_slice(from, (size_t)(to - from)), .flags = (uint16_t)flags };
	pm_piece_read(c->phrases, c->pieces, p);
	return true;
}

/* How many bytes of stops and closing quotes stand at p; 0: none. */
static size_t stop_at(const char *p, const char *end)
{
	const char *q = p;

	if (end - q >= 3 && (!memcmp(q, "\xe3\x80\x82", 3) || !memcmp(q, "\xef\xbc\x81", 3) ||
			     !memcmp(q, "\xef\xbc\x9f", 3)))
		q += 3;
	else if (*q == '.' || *q == '!' || *q == '?')
		while (q < end && (*q == '.' || *q == '!' || *q == '?'))
			q++;
	else
		return 0;
	while (q < end && (*q == '"' || *q == '\'' || *q == ')' || *q == ']'))
		q++;
	if (end - q >= 3 && (!memcmp(q, "\xe2\x80\x9d", 3) || !memcmp(q, "\xe2\x80\x99", 3)))
		q += 3;
	return (size_t)(q - p);
}

/* "12. M\303\244rz", "2024.03.12": the stop is part of a date. */
static bool in_date(const char *from, const char *stop, const char *next, const char *end)
{
	uint32_t hash, letters;
	size_t digits = 0;

	while (stop - digits > from && (unsigned)(stop[-1 - (ptrdiff_t)digits] - '0') < 10)
		digits++;
	if (digits == 0 || next == end)
		return false;
	if (next == stop + 1)
		return (unsigned)(*next - '0') < 10;
	return digits <= 2 && pm_phrase_next(&next, next + 40 < end ? next + 40 : end, &hash, &letters) &&
	       pm_phrase_find(&pm_phrases, pm_phrase_key(PM_PHRASE_WORD, hash))->class == PM_FURNITURE_DATE;
}

/* A capital letter, an opening quote or anything that has no case begins a sentence; what stands
 * before the stop must be a word of two letters at least (initials, "U.S.") that isn't a title. */
static bool sentence_ends(const char *from, const char *stop, const char *next, const char *end)
{
	unsigned char c = next < end ? (unsigned char)*next : 0;
	const char *w = stop;

	if (is_lower(c) || c == ',' || c == '.' || c == ';' || (*stop == '.' && in_date(from, stop, next, end)))
		return false;
	if ((unsigned char)*stop >= 0x80)
		return true;
	while (w > from && (is_lower((unsigned char)w[-1]) || is_upper((unsigned char)w[-1]) ||
			    (unsigned char)w[-1] >= 0x80))
		w--;
	if (*stop == '.' && (stop - w < 2 || (stop - w < 4 && is_upper((unsigned char)*w))))
		return stop > from && ((unsigned)(stop[-1] - '0') < 10 || stop[-1] == '"' || stop[-1] == ')' ||
				       (stop - w >= 3 && next > stop + 1 && !strncmp(w, "Inc", 3)));
	return true;
}

/* "endNext": lower and upper case without a space between, where neither is a short one (iPhone,
 * McDonald). */
static bool glued(const char *from, const char *p, const char *end)
{
	return is_upper((unsigned char)*p) && p - from >= 3 && is_lower((unsigned char)p[-1]) &&
	       is_lower((unsigned char)p[-2]) && is_lower((unsigned char)p[-3]) && p + 2 < end &&
	       (is_lower((unsigned char)p[1]) || p[1] == ' ' || is_upper((unsigned char)p[1]));
}

static bool within_word(const char *from, const char *p)
{
	return p > from && is_lower((unsigned char)p[-1]) && is_upper((unsigned char)*p);
}

/* Whether the word around p is known, or stands elsewhere near it: then it is a name, of those that are written with
 * a capital inside. Only so many are looked for. */
static bool is_name(struct cutter *c, struct pm_slice line, const char *p)
{
	const char *end = line.ptr + line.len, *from = p, *to = p, *near, *far;

	if (c->looks >= NAMES_LOOKED_FOR)
		return false;
	c->looks++;
	while (from > line.ptr && (is_lower((unsigned char)from[-1]) || is_upper((unsigned char)from[-1])))
		from--;
	if (pm_seam_is_known(c->phrases, from, p, end))
		return true;
	while (to < end && (is_lower((unsigned char)*to) || is_upper((unsigned char)*to)))
		to++;
	near = from - line.ptr > NAME_NEAR ? from - NAME_NEAR : line.ptr;
	far = end - to > NAME_NEAR ? to + NAME_NEAR : end;
	return memmem(near, (size_t)(from - near), from, (size_t)(to - from)) ||
	       memmem(to, (size_t)(far - to), from, (size_t)(to - from));
}

/* Reads on until the end of a line that lies behind p, or the last one. */
static void next_end(struct cutter *c, const char *p)
{
	while (c->end < c->ends_known && c->ends[c->end] < p)
		c->end++;
	while (c->end == c->ends_known && pm_seams_read(&c->seams)) {
		pm_eight f[PM_SEAM_FEATURES];
		int16_t score[PM_TREES_AT_ONCE];
		const char *at[PM_TREES_AT_ONCE];
		bool edge[PM_TREES_AT_ONCE];
		unsigned lane = 0;

		c->end = c->ends_known = 0;
		for (size_t i = c->seams.first; i < c->seams.last || lane; i++) {
			bool there = i < c->seams.last;

			if (there && !pm_seam_possible(&c->seams, i))
				continue;
			at[lane] = there ? pm_seam_at(&c->seams, i) : NULL;
			edge[lane] = there && pm_seam_by_phrase(&c->seams, i);
			pm_seam_features(&c->seams, there ? i : c->seams.last - 1, f, lane);
			lane = (lane + 1) % PM_TREES_AT_ONCE;
			if (lane)
				continue;
			pm_seam_judge(f, score);
			for (unsigned k = 0; k < PM_TREES_AT_ONCE; k++)
				if (at[k] && score[k] > (edge[k] ? EDGE_SCORE : SEAM_SCORE))
					c->ends[c->ends_known++] = at[k];
		}
		while (c->end < c->ends_known && c->ends[c->end] < p)
			c->end++;
	}
}

static bool begin_ends(struct cutter *c, struct pm_slice line)
{
	if (!c->seams.word && !pm_seams_open(&c->seams, &pm_phrases, c->page->arena))
		return false;
	if (line.len > c->seam_bytes) {
		line.len = c->seam_bytes;
		while (line.len && ((unsigned char)line.ptr[line.len] & 0xc0) == 0x80)
			line.len--;
	}
	c->seam_bytes -= line.len;
	pm_seams_begin(&c->seams, line);
	c->end = c->ends_known = 0;
	return true;
}

/* Whether a line seems to have ended right before p. */
static bool is_end(struct cutter *c, const char *p)
{
	if (c->end == c->ends_known && c->seams.next == c->seams.end)
		return false;
	if (c->end == c->ends_known || c->ends[c->end] < p)
		next_end(c, p);
	return c->end < c->ends_known && c->ends[c->end] == p;
}

/* Cuts one line at sentences' ends and glue, and where lines seem to have ended. */
static bool cut_line(struct cutter *c, const char *from, const char *end, unsigned flags, bool sentences)
{
	const char *piece = from, *p = from;

	if (sentences && !begin_ends(c, pm_slice(from, (size_t)(end - from))))
		return false;
	while (p < end) {
		size_t n = sentences ? stop_at(p, end) : 0;
		const char *at = NULL, *next = p + n;
		bool seam = sentences && is_end(c, p);

		if (n) {
			while (next < end && (*next == ' ' || *next == '\n'))
				next++;
			if (sentence_ends(piece, p, next, end))
				at = p + n;
			p += n - 1;
		} else if ((seam || glued(piece, p, end)) &&
			   !(within_word(from, p) && is_name(c, pm_slice(from, (size_t)(end - from)), p))) {
			at = p;
		}
		if (at && (size_t)(at - piece) >= (n ? c->least : seam ? c->least - PIECE_LEAST + 2 : c->least / 2)) {
			if (!add(c, piece, at, flags))
				return false;
			flags = seam ? 0 : PM_PIECE_SPLIT;
			piece = at;
		}
		p++;
	}
	return add(c, piece, end, flags);
}

static unsigned glue_in(struct pm_slice s)
{
	const char *p = s.ptr, *end = p + s.len;
	unsigned n = 0;

	for (const char *from = p; p < end; p++)
		n += is_upper((unsigned char)*p) &&
		     (glued(from, p, end) || (p - from >= 2 && (p[-1] == '.' || p[-1] == '?') &&
					      is_lower((unsigned char)p[-2])));
	return n;
}

/* Whether a short line is menu items joined: names such as YouTube stand apart, and in sentences. */
static bool glued_words(struct pm_slice s)
{
	unsigned n = glue_in(s);

	return n >= 2 && n * 24 >= s.len && !memchr(s.ptr, ',', s.len);
}

static bool cut_run(struct cutter *c, struct pm_slice run, unsigned flags)
{
	unsigned glue = run.len > LONG_LINE ? glue_in(run) : 0;

	if (run.len > SENTENCES_LINE || glue >= 2 || (run.len > LONG_LINE && c->page->layout == PM_LAYOUT_FLAT) ||
	    (run.len > ONLY_LINE && c->page->blocks.len <= ONLY_LINES))
		return cut_line(c, run.ptr, run.ptr + run.len, flags, true);
	if (run.len <= LONG_LINE && run.len >= 12 && glued_words(run))
		return cut_line(c, run.ptr, run.ptr + run.len, flags, false);
	return add(c, run.ptr, run.ptr + run.len, flags);
}

bool pm_pieces_cut(const struct pm_phrases *phrases, struct pm_page *page, struct pm_pieces *pieces)
{
	struct cutter c = {
		.phrases = phrases, .page = page, .pieces = pieces, .seam_bytes = SEAM_BYTES,
	};
	size_t n = page->blocks.len, together = n / PM_PIECES_MAX + 1;

	*pieces = (struct pm_pieces){ 0 };
	/* A word of a topic has four bytes at least, or three where a character is a word. */
	pieces->topic = PM_ARENA_NEW(page->arena, uint16_t, page->text.len / 3 + 1);
	if (!pieces->topic)
		return false;
	c.column = wrap_column(page);
	c.least = PIECE_LEAST + page->text.len / PM_PIECES_MAX;
	for (size_t i = 0, j; i < n; i = j) {
		const struct pm_block *b = page->blocks.at;
		struct pm_slice run = b[i].text;
		unsigned flags = i && b[i].text.ptr - (b[i - 1].text.ptr + b[i - 1].text.len) > 1
				 ? PM_PIECE_PARAGRAPH : 0;

		for (j = i + 1; j < n; j++) {
			struct pm_slice line = b[j - 1].text, next = b[j].text;
			bool paragraph = next.ptr - (line.ptr + line.len) > 1;

			/* Where lines are judged by the dozen, how they go on is no matter. */
			if (j - i >= together && (together > 1 || (paragraph && !goes_on(&c, line, next)) ||
			    (!wraps(&c, line, next) && !goes_on(&c, run, next))))
				break;
			run.len = (size_t)(next.ptr + next.len - run.ptr);
		}
		if (!cut_run(&c, run, flags))
			return false;
	}
	return true;
}
