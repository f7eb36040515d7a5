/* filters/boilerplate/rule.c -- lines that a person knows for what they are at first sight. */
#include "filters/boilerplate/rule.h"

#include "core/utf8.h"

enum {
	TOP = 48,               /* pieces from the top that may hold the title */
	CRUMBS_MOST = 8, CRUMB_BYTES_MOST = 80,
	CRUMB_CHARS_MOST = 120, /* of the last one where it ends as sentences do */
	HEADINGS_MOST = 2,      /* one above the other */
	HEADING_WORDS_MOST = 16, HEADING_SCORE = -200, PARAGRAPH_SCORE = -48,
	NAME_WORDS_MOST = 6, LIST_WORDS_MOST = 16,
	CUT_SCORE = -220,       /* of a last line that breaks off, and that is no furniture */
	SENTENCE_WORDS = 5, SENTENCE_SCORE = -96,       /* of a sentence beside one that stays */
	DATE_WORDS = 9,         /* of a line that says when */
	PROSE_WORDS = 25,       /* words of a piece that shows that the text goes on */
};

/* -- breadcrumbs ------------------------------------------------------------------------------- */

static const char *const arrows[] = { "\xc2\xbb", "\xe2\x80\xba", "\xe2\x86\x92", "\xe2\x96\xb8",
				      "\xe2\x96\xba", ">", "/", "|" };
enum { ARROWS = sizeof(arrows) / sizeof(*arrows), SURE_ARROWS = 6 };

struct crumbs {
	struct pm_slice at[CRUMBS_MOST];
	size_t len;
};

static struct pm_slice trim(struct pm_slice s)
{
	s = pm_slice_trim(s);
	while (s.len && s.ptr[s.len - 1] == ':')
		s.len--;
	return s;
}

/* Parts between one kind of arrow, each with blanks around it. */
static bool split_crumbs(struct pm_slice line, const char *arrow, struct crumbs *c)
{
	size_t n = strlen(arrow);
	const char *from = line.ptr, *end = line.ptr + line.len;

	c->len = 0;
	for (const char *p = from; p <= end; p++) {
		bool last = p == end;
		struct pm_slice part;

		if (!last && (*p != *arrow || end - p < (ptrdiff_t)n || memcmp(p, arrow, n) != 0))
			continue;
		/* "and/or" is no path. */
		if (!last && ((p > line.ptr && p[-1] != ' ') || (p + n < end && p[n] != ' ')))
			continue;
		part = trim(pm_slice(from, (size_t)(p - from)));
		if (part.len == 0 && !last && c->len)
			return false;
		if (part.len && (c->len == CRUMBS_MOST))
			return false;
		if (part.len)
			c->at[c->len++] = part;
		from = p + n;
		p = last ? p : p + n - 1;
	}
	return c->len >= 2;
}

/* What sites call their front page; the first of a path. */
static bool is_home(struct pm_slice s)
{
	static const char *const names[] = {
		"home", "homepage", "home page", "start", "startseite", "start page", "accueil", "inicio",
		"portada", "pagina inicial", "p\xc3\xa1gina inicial", ("in\xc3\xad" "cio"), "strona g\xc5\x82\xc3\xb3wna",
		"hem", "hjem", "etusivu", "forside", "ana sayfa", "anasayfa", "\xd0\x93\xd0\xbb\xd0\xb0\xd0\xb2\xd0\xbd\xd0\xb0\xd1\x8f",
		"\xd0\x93\xd0\xbe\xd0\xbb\xd0\xbe\xd0\xb2\xd0\xbd\xd0\xb0", "\xe3\x83\x9b\xe3\x83\xbc\xe3\x83\xa0",
		"\xe3\x83\x88\xe3\x83\x83\xe3\x83\x97", "\xe9\xa6\x96\xe9\xa1\xb5", "\xed\x99\x88",
		"\xd8\xa7\xd9\x84\xd8\xb1\xd8\xa6\xd9\x8a\xd8\xb3\xd9\x8a\xd8\xa9", "dom\xc5\xaf",
		"kezd\xc5\x91lap", "\xce\x91\xcf\x81\xcf\x87\xce\xb9\xce\xba\xce\xae", "prima pagina",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (pm_slice_is_nocase(s, names[i]))
			return true;
	return false;
}

static uint32_t hash_of(struct pm_slice s)
{
	uint32_t words;

	return pm_phrase_hash(s, &words);
}

/* Where lines are lost, what stands behind the last arrow may reach into the text. */
static bool takes_sentence(const struct pm_piece *p, struct pm_slice last)
{
	return p->flags & PM_PIECE_TERMINAL && pm_utf8_count(last) > CRUMB_CHARS_MOST;
}

/* A line that is a path: from the front page, or to what another line near the top says again. */
static bool read_crumbs(const struct pm_pieces *pieces, size_t i, struct crumbs *c)
{
	struct pm_slice line = pieces->at[i].text;
	size_t top = pieces->len < TOP ? pieces->len : TOP;

	if (pieces->at[i].chars > 300 || pieces->at[i].words < 2)
		return false;
	for (unsigned a = 0; a < ARROWS; a++) {
		bool fits;

		if (!memchr(line.ptr, *arrows[a], line.len) || !split_crumbs(line, arrows[a], c))
			continue;
		fits = true;
		for (size_t k = 0; k + 1 < c->len; k++)
			fits &= c->at[k].len <= CRUMB_BYTES_MOST;
		if (!fits || takes_sentence(&pieces->at[i], c->at[c->len - 1]))
			continue;
		if (is_home(c->at[0]))
			return true;
		if (a >= SURE_ARROWS || c->len < 3)
			continue;
		for (size_t k = i + 1; k < top; k++)
			if (pieces->at[k].hash == hash_of(c->at[c->len - 1]))
				return true;
	}
	return false;
}

/* Whether the last crumb is the page itself: another line says it, or it is
 * as long as titles are. */
static bool names_page(const struct pm_pieces *pieces, size_t i, struct pm_slice last)
{
	uint32_t words, h = pm_phrase_hash(last, &words);

	for (size_t k = i + 1; k < pieces->len && k < i + TOP; k++)
		if (pieces->at[k].hash == h)
			return true;
	return words > 4;
}

static bool keep_crumbs(struct pm_page *page, const struct pm_pieces *pieces, size_t i,
			const struct crumbs *c)
{
	bool page_last = names_page(pieces, i, c->at[c->len - 1]);
	size_t n = c->len - page_last, first = is_home(c->at[0]);
	struct pm_slice *at;

	if (page_last && !page->title.value.ptr && c->at[c->len - 1].len <= PM_TITLE_CHARS_MOST)
		page->title = (struct pm_meta){ c->at[c->len - 1], "text:breadcrumb" };
	if (n <= first || page->breadcrumbs.len)
		return true;
	at = PM_ARENA_NEW(page->arena, struct pm_slice, n);
	if (!at)
		return false;
	memcpy(at, c->at, n * sizeof(*at));
	page->breadcrumbs = (struct pm_meta_list){ at, n, "text:breadcrumb" };
	if (!page->section.value.ptr)
		page->section = (struct pm_meta){ at[first], "text:breadcrumb" };
	return true;
}

/* -- single lines ------------------------------------------------------------------------------ */

/* "Facebook" alone may be a heading; below "Twitter" it is a button. */
static bool stands_by_itself(const struct pm_pieces *pieces, size_t i)
{
	const struct pm_piece *p = &pieces->at[i];

	return p->class == PM_FURNITURE_SHARE && p->words == 1 && !(i && pieces->at[i - 1].class) &&
	       !(i + 1 < pieces->len && pieces->at[i + 1].class);
}

static void classify(const struct pm_pieces *pieces, size_t i, struct pm_decision *d)
{
	const struct pm_piece *p = &pieces->at[i];

	if (p->class && p->whole && !stands_by_itself(pieces, i)) {
		*d = (struct pm_decision){ p->class, "a phrase of furniture" };
		return;
	}
	if (d->class == PM_FURNITURE_NONE)
		return;
	if (p->class) {
		*d = (struct pm_decision){ p->class, "begins like furniture" };
		return;
	}
	if (p->flags & PM_PIECE_REPEAT)
		d->class = PM_FURNITURE_REPEAT;
	else if (p->chars < 60)
		d->class = PM_FURNITURE_NAVIGATION;
}

/* © and its kin begin a line that nobody wrote for readers. */
static bool is_copyright(const struct pm_piece *p)
{
	struct pm_slice s = p->text;

	return p->chars < 200 && s.len > 2 &&
	       (memcmp(s.ptr, "\xc2\xa9", 2) == 0 ||
		(s.len > 4 && pm_slice_begins_nocase(s, "(c) ", 4)));
}

unsigned pm_shows_page(const struct pm_pieces *pieces, size_t i)
{
	const struct pm_piece *p = &pieces->at[i];
	struct crumbs c;

	if (is_copyright(p))
		return 2;
	return (p->class && (p->whole || !(p->flags & PM_PIECE_WORDY))) || (p->marks & PM_MARK_DATE && p->words <= DATE_WORDS &&
			    !(p->flags & (PM_PIECE_TERMINAL | PM_PIECE_SPLIT))) || read_crumbs(pieces, i, &c);
}

/* Short lines below "Related" are what is related, until a sentence says that the text goes on. */
static void cut_lists(const struct pm_pieces *pieces, struct pm_decision *d)
{
	uint8_t class = PM_FURNITURE_NONE;

	for (size_t i = 0; i < pieces->len; i++) {
		const struct pm_piece *p = &pieces->at[i];

		if (p->class == PM_FURNITURE_RELATED && p->whole && !(p->flags & PM_PIECE_SPLIT))
			class = p->class;
		else if (p->words > LIST_WORDS_MOST ||
			 (p->flags & (PM_PIECE_TERMINAL | PM_PIECE_SPLIT)))
			class = PM_FURNITURE_NONE;
		else if (class && !d[i].class)
			d[i] = (struct pm_decision){ class, "in a list of related pages" };
	}
}

bool pm_rules(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d)
{
	for (size_t i = 0; i < pieces->len; i++) {
		const struct pm_piece *p = &pieces->at[i];
		struct crumbs crumbs;

		classify(pieces, i, &d[i]);
		if (is_copyright(p))
			d[i] = (struct pm_decision){ PM_FURNITURE_COPYRIGHT, "begins with a copyright sign" };
		if (i < TOP && read_crumbs(pieces, i, &crumbs)) {
			d[i] = (struct pm_decision){ PM_FURNITURE_BREADCRUMB, "a path from the front page" };
			if (!keep_crumbs(page, pieces, i, &crumbs))
				return false;
		}
	}
	cut_lists(pieces, d);
	if (!pm_text_meta(page, pieces, d))
		return false;
	pm_text_title(page, pieces, d);
	return true;
}

/* -- what goes with its neighbours ------------------------------------------------------------- */

/* A short line in the form of a heading and not of furniture. */
static bool like_heading(const struct pm_piece *p, int16_t score)
{
	return p->words <= HEADING_WORDS_MOST && p->chars >= 8 && !p->class && p->signs <= 1 &&
	       (p->words > NAME_WORDS_MOST ||
		!(p->flags & (PM_PIECE_REPEAT | PM_PIECE_REPEATED))) &&
	       !(p->flags & (PM_PIECE_LOWER | PM_PIECE_SPLIT)) && p->digits * 3 <= p->chars &&
	       score > HEADING_SCORE;
}

/* The line behind the last one that stays, or behind a heading there, where it was cut off: in the
 * middle of a page only what surely breaks off, at its end what stops early too. */
static void keep_cut_off(const struct pm_pieces *pieces, const int16_t *score,
			 struct pm_decision *d, size_t from)
{
	size_t n = pieces->len, at = from;
	const struct pm_piece *p;

	if (at + 1 < n && pieces->at[at].words < 8 && like_heading(&pieces->at[at], score[at]) &&
	    !pm_breaks_off(&pieces->at[at]))
		at++;
	if (at == n)
		return;
	p = &pieces->at[at];
	if (p->class || p->flags & PM_PIECE_REPEAT || score[at] <= CUT_SCORE ||
	    !(pm_breaks_off(p) || (at + 1 == n && pm_ends_early(p))))
		return;
	for (size_t i = from; i <= at; i++)
		d[i].class = PM_FURNITURE_NONE;
}

/* A whole sentence by its form, and no phrase of furniture. */
static bool is_sentence(const struct pm_piece *p)
{
	return p->flags & PM_PIECE_TERMINAL && !p->class && p->words >= SENTENCE_WORDS && p->signs <= 1 && p->commas + 1 < p->words &&
	       !(p->flags & (PM_PIECE_LOWER | PM_PIECE_BULLET | PM_PIECE_REPEAT | PM_PIECE_REPEATED)) &&
	       p->upper * 2 < p->words && p->digits * 4 < p->chars;
}

/* Sentences of one line go together, unless one is surely furniture. */
static void keep_sentences(const struct pm_pieces *pieces, const int16_t *score, struct pm_decision *d)
{
	size_t n = pieces->len;
	const struct pm_piece *p = pieces->at;

	for (size_t i = 1; i < n; i++)
		if (d[i].class && p[i].flags & PM_PIECE_SPLIT && !d[i - 1].class && p[i - 1].flags & PM_PIECE_TERMINAL &&
		    is_sentence(&p[i]) && score[i] > SENTENCE_SCORE)
			d[i].class = PM_FURNITURE_NONE;
	for (size_t i = n; i-- > 1; )
		if (d[i - 1].class && p[i].flags & PM_PIECE_SPLIT && !d[i].class && is_sentence(&p[i - 1]) &&
		    score[i - 1] > SENTENCE_SCORE)
			d[i - 1].class = PM_FURNITURE_NONE;
}

void pm_keep_between(const struct pm_pieces *pieces, const int16_t *score, struct pm_decision *d)
{
	size_t n = pieces->len, last = n;

	for (size_t i = 1, j; i + 1 < n; i = j + 1) {
		for (j = i; j < n && d[j].class && like_heading(&pieces->at[j], score[j]); j++)
			;
		if (d[i - 1].class || j == i || j - i > HEADINGS_MOST || j == n || d[j].class ||
		    pieces->at[j].words < 8)
			continue;
		for (size_t k = i; k < j; k++)
			d[k].class = PM_FURNITURE_NONE;
	}
	/* A paragraph goes with the one above it unless it is surely none. */
	for (size_t i = 1; i < n; i++)
		if (d[i].class && !pieces->at[i].class && pieces->at[i].flags & PM_PIECE_WORDY &&
		    pieces->at[i - 1].flags & PM_PIECE_WORDY && !d[i - 1].class &&
		    score[i] > PARAGRAPH_SCORE)
			d[i].class = PM_FURNITURE_NONE;
	/* An empty byline says that the text begins: what stands between is its first heading. */
	for (size_t i = 1; i + 1 < n && i < TOP; i++)
		if (d[i].class && !d[i + 1].class &&
		    pieces->at[i - 1].class == PM_FURNITURE_BYLINE && pieces->at[i - 1].whole &&
		    pieces->at[i].words > NAME_WORDS_MOST &&
		    pieces->at[i + 1].words >= PROSE_WORDS && !pieces->at[i].class &&
		    score[i] > CUT_SCORE)
			d[i].class = PM_FURNITURE_NONE;
	keep_sentences(pieces, score, d);
	while (last > 0 && d[last - 1].class)
		last--;
	if (last)
		keep_cut_off(pieces, score, d, last);
}
