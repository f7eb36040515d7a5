/* filters/boilerplate/end.c -- whether a text was cut off: its last line ends in an ellipsis, or in
 * the middle of a sentence. Headings, list items, captions and signatures end without a full stop,
 * too. */
#include "filters/boilerplate/rule.h"
#include "filters/extract/cut_off.h"

enum {
	OPEN_WORDS = 8,         /* of a line whose last word asks for another */
	EARLY_WORDS = 11,       /* of a last sentence that just stops */
	EARLY_NAME_WORDS = 26,  /* of one whose last word is a name */
	EARLY_SIGNS = 20, TAIL_SIGNS = 4,       /* characters, where a script writes no spaces */
	TAIL_SMALL = 2, TAIL_NAME_SMALL = 3,    /* words with a small letter,
						 * behind whole sentences */
	PROSE_LEAST = 2, PROSE_CHARS = 40,      /* pieces before it that end as sentences do */
	MORE_LINES = 3,         /* from the last one on that may say that there is more */
	TAIL_BYTES = 600,       /* of a piece that are looked at, from its end */
	NAME_BEHIND_DASH = 48,  /* bytes of who said it */
};

static bool is_letter(unsigned char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26 || c >= 0x80;
}

static struct pm_slice end_of(struct pm_slice s)
{
	return s.len > TAIL_BYTES ? pm_slice(s.ptr + s.len - TAIL_BYTES, TAIL_BYTES) : s;
}

/* Bytes of the last word; 0: something else stands last, a picture too. */
static size_t last_word(struct pm_slice s)
{
	size_t n = 0;

	if (s.len >= 4 && (unsigned char)s.ptr[s.len - 4] >= 0xf0)
		return 0;
	while (n < s.len && is_letter((unsigned char)s.ptr[s.len - 1 - n]))
		n++;
	return n;
}

/* An address: nobody cuts there, and many texts end with one. */
static bool ends_in_address(struct pm_slice s)
{
	for (size_t n = s.len; n > 0 && s.ptr[n - 1] != ' '; n--) {
		char c = s.ptr[n - 1];

		if (c == '@' || c == '/' || c == '#' || (c == '.' && n < s.len))
			return true;
	}
	return false;
}

/* Bytes of a sentence's end that stands right before p; 0: none does. */
static ptrdiff_t stop_before(const char *from, const char *p)
{
	static const char *const stops[] = { ". ", ".\n", ".\" ", ".\xe2\x80\x9d ", "\xe3\x80\x82",
					     "\xe0\xa5\xa4" };

	if (p == from || (p[-1] != ' ' && p[-1] != '\n' && (unsigned char)p[-1] < 0x80))
		return 0;
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
		ptrdiff_t n = (ptrdiff_t)strlen(stops[i]);

		/* "B. Anthony" goes on. */
		if (p - from > n + 1 && memcmp(p - n, stops[i], (size_t)n) == 0 &&
		    !((unsigned)(p[-n - 1] - 'A') < 26 && p[-n - 2] == ' '))
			return n;
	}
	return 0;
}

/* The sentence that the line ends with; *behind: others stand before it. */
static struct pm_slice last_sentence(struct pm_slice s, bool *behind)
{
	const char *end = s.ptr + s.len, *p = end;

	while (p > s.ptr && !stop_before(s.ptr, p))
		p--;
	*behind = p > s.ptr;
	return pm_slice_trim(pm_slice(p, (size_t)(end - p)));
}

/* "- Ann Bee": who said it, or wrote it. */
static bool ends_in_signature(struct pm_slice s)
{
	size_t from = s.len > NAME_BEHIND_DASH ? s.len - NAME_BEHIND_DASH : 0;

	for (size_t i = s.len; i-- > from; ) {
		if (s.ptr[i] == '|' || s.ptr[i] == '(')
			return true;
		if (i >= 2 && memcmp(s.ptr + i - 2, "\xe2\x80", 2) == 0 &&
		    ((unsigned char)s.ptr[i] == 0x93 || (unsigned char)s.ptr[i] == 0x94))
			return true;
		if (i && s.ptr[i] == '-' && s.ptr[i - 1] == ' ')
			return true;
	}
	return false;
}

bool pm_breaks_off(const struct pm_piece *p)
{
	struct pm_slice s = end_of(p->text);

	if (p->flags & (PM_PIECE_TERMINAL | PM_PIECE_COLON) || p->words < 3 || ends_in_address(s))
		return false;
	if (p->flags & PM_PIECE_ELLIPSIS)
		return true;
	/* "The U": a letter that was a word's first. */
	if (last_word(s) == 1 && s.len > 2 && s.ptr[s.len - 2] == ' ' &&
	    (unsigned char)s.ptr[s.len - 1] < 0x80)
		return true;
	return p->flags & (PM_PIECE_COMMA | PM_PIECE_OPEN) && p->words >= OPEN_WORDS &&
	       !ends_in_signature(s);
}

struct tail {
	struct pm_slice sentence;
	uint32_t words, small;  /* small: begin with a small letter, or their script has none */
	bool behind;            /* sentences stand before it on the line */
	bool wide;              /* its script writes no spaces */
	bool name;              /* its last word begins with a capital */
};

static struct tail tail_of(const struct pm_piece *p)
{
	struct tail t = { .words = 0 };
	struct pm_slice s = t.sentence = last_sentence(end_of(p->text), &t.behind);
	const char *at = s.ptr, *end = s.ptr + s.len;
	size_t last = last_word(s);
	uint32_t hash, letters;

	while (pm_phrase_next(&at, end, &hash, &letters))
		t.words++;
	for (size_t i = 0; i < s.len; i++)
		if ((i == 0 || s.ptr[i - 1] == ' ') && is_letter((unsigned char)s.ptr[i]))
			t.small += (unsigned)(s.ptr[i] - 'A') >= 26;
	t.wide = t.words * 4 > s.len;
	t.name = last && (unsigned)(s.ptr[s.len - last] - 'A') < 26;
	return t;
}

bool pm_ends_early(const struct pm_piece *p)
{
	struct tail t = tail_of(p);

	if (p->flags & (PM_PIECE_TERMINAL | PM_PIECE_COLON | PM_PIECE_BULLET) ||
	    !last_word(t.sentence) || ends_in_address(end_of(p->text)) ||
	    ends_in_signature(t.sentence))
		return false;
	if (t.wide)
		return t.words >= (t.behind ? TAIL_SIGNS : EARLY_SIGNS);
	if (t.behind || p->flags & PM_PIECE_SPLIT)
		return t.small >= (t.name ? TAIL_NAME_SMALL : TAIL_SMALL);
	return t.words >= (t.name ? EARLY_NAME_WORDS : EARLY_WORDS) && p->function * 5 >= p->words;
}

/* Some scripts do without full stops: other pieces must have them. */
static bool has_prose(const struct pm_pieces *pieces, const struct pm_decision *d, size_t before)
{
	size_t prose = 0;

	for (size_t k = 0; k < before; k++)
		prose += !d[k].class && pieces->at[k].flags & PM_PIECE_TERMINAL &&
			 pieces->at[k].chars >= PROSE_CHARS;
	return prose >= PROSE_LEAST;
}

/* Whether the last line that stays, or one of those behind it, says that there is more of it. */
static bool says_more(const struct pm_pieces *pieces, size_t from)
{
	for (size_t i = from; i < pieces->len && i < from + MORE_LINES; i++)
		if (pm_says_more(pieces->at[i].text, i + MORE_LINES < pieces->len))
			return true;
	return false;
}

struct pm_slice pm_cut_off(const struct pm_pieces *pieces, const struct pm_decision *d)
{
	size_t i = pieces->len;

	while (i > 0 && d[i - 1].class)
		i--;
	if (i == 0 || !(pm_breaks_off(&pieces->at[i - 1]) ||
			pm_ends_cut_off(pieces->at[i - 1].text) || says_more(pieces, i - 1) ||
			(pm_ends_early(&pieces->at[i - 1]) && has_prose(pieces, d, i - 1))))
		return (struct pm_slice){ 0 };
	return pieces->at[i - 1].text;
}
