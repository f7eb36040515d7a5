/* filters/boilerplate/title.c -- which line above the text is the headline.
 *
 * A headline is repeated (a page's <title> begins with it), the page's address
 * is made of its words, or it speaks of what the text speaks of: of the lines
 * above the text the one whose long words the first paragraphs share most. */
#include "filters/boilerplate/rule.h"

#include "core/utf8.h"

enum {
	TOP = 80,               /* pieces above the text that may be the headline */
	WORDS_LEAST = 3, CHARS_LEAST = 8,
	TEXT_WORDS = 400,       /* of the text's topic that are looked at */
	LONG_WORD = 4,          /* letters of a word that tells lines apart */
	BITS = 1 << 13,
	POINTS_LEAST = 45,
	FRAMED = 20,            /* points of a line by its neighbours */
	SLUG_LEAST = 3,         /* words of a path's segment that is made of a headline */
	SLUG_ALIKE = 50,        /* % of them in the line */
};

/* Words of the text's beginning; a few others may seem to be in it. */
struct words {
	uint8_t bits[BITS / 8];
};

/* Words of the address, and of the text's beginning. */
struct topic {
	struct words text, slug;
	unsigned slug_words;    /* 0: the address says nothing */
};

/* "usMillbrook": what stood before it is still in it. */
static bool has_glue(struct pm_slice s)
{
	for (size_t i = 2; i < s.len; i++)
		if ((unsigned)(s.ptr[i] - 'A') < 26 && (unsigned)(s.ptr[i - 1] - 'a') < 26 &&
		    (unsigned)(s.ptr[i - 2] - 'a') < 26)
			return true;
	return false;
}

static bool like_title(const struct pm_piece *p, const struct pm_decision *d)
{
	return d->class != PM_FURNITURE_BYLINE && d->class != PM_FURNITURE_DATE &&
	       d->class != PM_FURNITURE_BREADCRUMB && p->words >= WORDS_LEAST &&
	       p->chars >= CHARS_LEAST && p->chars <= PM_TITLE_CHARS_MOST && !p->class &&
	       !(p->flags & PM_PIECE_COLON) && !memchr(p->text.ptr, '\n', p->text.len) &&
	       p->digits * 3 <= p->chars && !(p->flags & PM_PIECE_SPLIT && has_glue(p->text));
}

/* The topic's words of a piece are known by the low bits of their hashes. */
static bool has(const struct words *w, uint32_t hash)
{
	return w->bits[hash % BITS / 8] >> hash % 8 & 1;
}

static void put(struct words *w, uint32_t hash)
{
	w->bits[hash % BITS / 8] |= (uint8_t)(1 << hash % 8);
}

static void read_text(struct words *w, const struct pm_pieces *pieces, const struct pm_decision *d,
		      size_t from)
{
	size_t left = TEXT_WORDS;

	memset(w, 0, sizeof(*w));
	for (size_t i = from; i < pieces->len && left; i++) {
		const struct pm_piece *p = &pieces->at[i];

		for (uint32_t k = 0; !d[i].class && k < p->topics && left; k++, left--)
			put(w, pieces->topic[p->topic + k]);
	}
}

/* The last segment of the path that has words in it, as "bell-rings-at-dawn-123.html" has. */
static void read_slug(struct topic *t, struct pm_slice url)
{
	const char *end, *from, *p;
	uint32_t hash, letters;

	t->slug_words = 0;
	if (!url.ptr)
		return;
	end = url.ptr + url.len;
	for (p = url.ptr; p < end; p++)
		if (*p == '?' || *p == '#')
			end = p;
	for (; end > url.ptr && t->slug_words<SLUG_LEAST; end = from> url.ptr ? from - 1 : from) {
		for (from = end; from > url.ptr && from[-1] != '/'; from--)
			;
		memset(&t->slug, 0, sizeof(t->slug));
		t->slug_words = 0;
		for (p = from; pm_phrase_next(&p, end, &hash, &letters); ) {
			if (letters < LONG_WORD)
				continue;
			t->slug_words++;
			put(&t->slug, hash);
		}
	}
	if (t->slug_words < SLUG_LEAST)
		t->slug_words = 0;
}

/* How much of a line is known. */
struct known {
	int text;               /* the share of its long words that the
				 * text has, of 100; -1: it has none */
	int slug;               /* the share of the address's words in
				 * it; less where it has many others */
};

static struct known known_of(const struct topic *t, const struct pm_pieces *pieces,
			     const struct pm_piece *p)
{
	unsigned n = p->topics, text = 0, slug = 0;

	for (uint32_t k = 0; k < n; k++) {
		uint32_t hash = pieces->topic[p->topic + k];

		text += has(&t->text, hash);
		slug += t->slug_words && has(&t->slug, hash);
	}
	return (struct known){
		.text = n ? (int)(text * 100 / n) : -1,
		.slug = slug < 2 ? 0
				 : (int)(slug * 200 /
					 (t->slug_words + (n > t->slug_words ? n : t->slug_words))),
	};
}

/* Marks in front of a line that converters make of lists and headings. */
static struct pm_slice unmarked(struct pm_slice s, bool *heading)
{
	static const char *const marks[] = { "#", "*", "+", "\xe2\x80\xa2", "\xe2\x96\xa1", "\xe2\x97\xa6", "\xe2\x96\xaa" };

	*heading = s.len && *s.ptr == '#';
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		while (s.len > strlen(marks[i]) && memcmp(s.ptr, marks[i], strlen(marks[i])) == 0)
			s = pm_slice(s.ptr + strlen(marks[i]), s.len - strlen(marks[i]));
	return pm_slice_trim(s);
}

/* How much a line at `i` looks like the headline of the text that begins at `first`. */
static int points(const struct pm_pieces *pieces, const struct pm_decision *d, const struct topic *t, size_t i,
		  size_t first)
{
	const struct pm_piece *p = &pieces->at[i];
	struct known known = known_of(t, pieces, p);
	int sum = known.text, slug = known.slug, away = (int)(first - i);
	bool heading;

	(void)unmarked(p->text, &heading);
	if (sum < 0)
		return sum;
	if (t->slug_words)
		sum = (slug > 100 ? 100 : slug) + sum / 2;
	/* A deck is a sentence, and a caption has one too; so has the first
	 * line of a text by itself. */
	if (p->flags & PM_PIECE_TERMINAL)
		sum -= p->text.ptr[p->text.len - 1] == '.' && slug < SLUG_ALIKE ? 70 : 25;
	if (p->words > 20)
		sum -= 20;
	else if (p->words >= 5)
		sum += 15;
	if (p->flags & (PM_PIECE_REPEAT | PM_PIECE_REPEATED))
		sum += 20;
	if (heading)
		sum += 25;
	else if (p->flags & (PM_PIECE_LOWER | PM_PIECE_BULLET))
		sum -= 20;
	if (p->signs > 1 + (heading ? 5 : 0))
		sum -= 15;
	/* Below a path, and above who wrote it and when. */
	if (i && d[i - 1].class == PM_FURNITURE_BREADCRUMB)
		sum += FRAMED;
	if (d[i + 1].class == PM_FURNITURE_BYLINE || d[i + 1].class == PM_FURNITURE_DATE)
		sum += FRAMED;
	return sum - (away > 20 ? 20 : away);
}

/* Whether the first line, a page's <title> as it often is, begins or ends with the piece. */
static bool in_first_line(const struct pm_pieces *pieces, size_t i)
{
	struct pm_slice w = pieces->at[0].text, p = pieces->at[i].text;

	return w.len >= p.len && (memcmp(w.ptr, p.ptr, p.len) == 0 ||
				  memcmp(w.ptr + w.len - p.len, p.ptr, p.len) == 0);
}

static size_t find(const struct pm_page *page, const struct pm_pieces *pieces,
		   const struct pm_decision *d, size_t first, const char **source)
{
	size_t best = first, from = first > TOP ? first - TOP : 0;
	int most = POINTS_LEAST - 1;
	struct topic topic;

	*source = "text:repeated";
	read_text(&topic.text, pieces, d, first);
	read_slug(&topic, page->url);
	for (size_t i = 1; i < first && i < TOP; i++)
		if (like_title(&pieces->at[i], &d[i]) && pieces->at[i].words > WORDS_LEAST &&
		    in_first_line(pieces, i) &&
		    (!topic.slug_words ||
		     known_of(&topic, pieces, &pieces->at[i]).slug >= SLUG_ALIKE))
			return i;
	for (size_t i = from; i < first; i++) {
		int sum = like_title(&pieces->at[i], &d[i]) ? points(pieces, d, &topic, i, first) : -1;

		/* The upper one of two alike: what stands below is the deck. */
		if (sum > most) {
			most = sum;
			best = i;
		}
	}
	*source = best == 0 ? "text:first-line" : "text:heading";
	return best;
}

void pm_text_title(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d)
{
	size_t first = pm_text_start(pieces, d), at;
	const char *source;
	uint32_t words, h;
	bool heading, stays = false;

	if (first == pieces->len)
		return;
	if (!page->title.value.ptr) {
		at = find(page, pieces, d, first, &source);
		if (at == first)
			return;
		page->title = (struct pm_meta){ unmarked(pieces->at[at].text, &heading), source };
	}
	/* The title has a field of its own: the lines above the text that say it
	 * are none of the text. Below lines that stay it is a heading of theirs. */
	h = pm_phrase_hash(page->title.value, &words);
	for (size_t i = 0; words && i < first; i++) {
		if (pieces->at[i].hash == h && (d[i].class || !stays))
			d[i] = (struct pm_decision){ PM_FURNITURE_TITLE, "it is the title" };
		stays |= !d[i].class;
	}
}
