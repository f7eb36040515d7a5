/* filters/boilerplate/meta.c -- who wrote it and when, from the lines above the text. */
#include "filters/boilerplate/rule.h"
#include "filters/extract/byline.h"
#include "filters/extract/date.h"

enum {
	TOP = 64,               /* pieces above the text that are looked at, from it upwards */
	NAMES_BYTES_MOST = 160, /* a line with names; a longer one is no byline */
	NAME_WORDS_MOST = 6,    /* of a line behind one that says "by" alone */
	DATE_CHARS_MOST = 120, DATE_WORDS_MOST = 20,
	DATELINE_WORDS_MOST = 12,
	BELOW = 6,              /* pieces that are looked at behind the one that the text begins with */
	PROSE_WORDS = 25,       /* of the piece that the text begins with */
};

/* A short line of its own. */
static bool may_tell(const struct pm_piece *p)
{
	return !(p->flags & (PM_PIECE_SPLIT | PM_PIECE_WORDY)) && p->text.len <= NAMES_BYTES_MOST * 2;
}

static bool has_feed(struct pm_slice s)
{
	return memchr(s.ptr, '\n', s.len) != NULL;
}

static bool read_names(struct pm_page *page, struct pm_slice line, enum pm_byline_trust trust)
{
	struct pm_people people = { .len = 0 };
	struct pm_slice *at;

	if (line.len == 0 || line.len > NAMES_BYTES_MOST || has_feed(line) ||
	    !pm_byline_read(line, trust, &people) || !people.len)
		return true;
	at = PM_ARENA_NEW(page->arena, struct pm_slice, people.len);
	if (!at)
		return false;
	memcpy(at, people.at, people.len * sizeof(*at));
	page->authors = (struct pm_meta_list){ at, people.len, "text:byline" };
	return true;
}

/* What stands before a date, a separator or glue ("Ann BeeStaff"): of a line with names only these. */
static struct pm_slice before_rest(struct pm_slice s)
{
	size_t n = 0;

	for (; n < s.len; n++) {
		unsigned char c = (unsigned char)s.ptr[n];

		if ((unsigned)(c - '0') < 10 || c == '|')
			break;
		if (n >= 4 && (unsigned)(c - 'A') < 26 && (unsigned)(s.ptr[n - 1] - 'a') < 26 &&
		    (unsigned)(s.ptr[n - 2] - 'a') < 26 && (unsigned)(s.ptr[n - 3] - 'a') < 26)
			break;
	}
	return pm_slice_trim(pm_slice(s.ptr, n));
}

/* Whether the piece is a date and little else. */
static bool is_dateline(const struct pm_page *page, const struct pm_piece *p)
{
	struct pm_date_hints hints = { .language = page->declared_language };
	struct pm_date date;

	return p->words <= DATELINE_WORDS_MOST && p->digits >= 3 && !(p->flags & PM_PIECE_SPLIT) &&
	       pm_date_find(p->text, &hints, &date, NULL);
}

/* A line that is a name and no more, two to four words in capitals. */
static bool like_name(const struct pm_piece *p)
{
	return p->words >= 2 && p->words <= 4 && p->upper == p->words && p->shout < p->words && !p->digits &&
	       !p->signs && !p->class && !p->stops && p->chars <= 40 && !p->function;
}

/* A byline, or the name behind one that says no more than "by". */
static bool read_byline(struct pm_page *page, const struct pm_pieces *pieces, size_t i,
			struct pm_decision *d)
{
	const struct pm_piece *p = &pieces->at[i];
	struct pm_slice line;
	bool led;

	if (page->authors.len || p->text.len > NAMES_BYTES_MOST)
		return true;
	if (i && pieces->at[i - 1].class == PM_FURNITURE_BYLINE && pieces->at[i - 1].words <= 2) {
		if (p->words >= 2 && p->words <= NAME_WORDS_MOST &&
		    !read_names(page, before_rest(p->text), PM_BYLINE_SEEN))
			return false;
	} else {
		line = pm_byline_lead(p->text, &led);
		if (led ? !read_names(page, before_rest(line), PM_BYLINE_SEEN)
			: like_name(p) && ((i + 1 < pieces->len && is_dateline(page, &pieces->at[i + 1])) ||
					   (i && is_dateline(page, &pieces->at[i - 1]))) &&
			  !read_names(page, p->text, PM_BYLINE_SEEN))
			return false;
	}
	if (page->authors.len)
		d[i] = (struct pm_decision){ PM_FURNITURE_BYLINE, "names who wrote it" };
	return true;
}

static bool keep_date(struct pm_page *page, struct pm_meta *to, const struct pm_date *date)
{
	struct pm_slice text = pm_arena_copy(page->arena, pm_slice(date->text, date->len));

	if (text.ptr)
		*to = (struct pm_meta){ text, "text:dateline" };
	return text.ptr != NULL;
}

/* Words that say that a date is of a change; English and its neighbours, in lower case. */
static bool says_updated(struct pm_slice line)
{
	static const char *const words[] = {
		"updated", "modified", "edited", "aktualisiert", "mis \xc3\xa0 jour", "actualizado", "aggiornato",
		"atualizado", "bijgewerkt", "aktualizacja", "uppdaterad", "oppdatert", "opdateret",
		"\xd0\xbe\xd0\xb1\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);

		for (size_t k = 0; k + n <= line.len && k < 24; k++)
			if (pm_slice_begins_nocase(pm_slice(line.ptr + k, n), words[i], n))
				return true;
	}
	return false;
}

static bool read_date(struct pm_page *page, const struct pm_piece *p, struct pm_decision *d)
{
	struct pm_date_hints hints = { .language = page->declared_language,
				       .latest = pm_date_latest(page->fetched_at) };
	struct pm_meta *to;
	struct pm_date date;

	if (p->chars > DATE_CHARS_MOST || p->digits < 3 || p->words > DATE_WORDS_MOST ||
	    (p->flags & PM_PIECE_TERMINAL && p->function > 1))
		return true;
	to = says_updated(p->text) ? &page->modified_at : &page->published_at;
	if (to->value.ptr || !pm_date_find(p->text, &hints, &date, NULL))
		return true;
	if (p->words <= 8 && d->class != PM_FURNITURE_BYLINE)
		*d = (struct pm_decision){ PM_FURNITURE_DATE, "says when" };
	return keep_date(page, to, &date);
}

/* Addresses with a day in them say when, if the text doesn't. */
static bool read_url_date(struct pm_page *page)
{
	struct pm_date_hints hints = { .latest = pm_date_latest(page->fetched_at) };
	struct pm_date date;

	if (page->published_at.value.ptr || !pm_date_in_url(page->url, &hints, &date))
		return true;
	if (!keep_date(page, &page->published_at, &date))
		return false;
	page->published_at.source = "url";
	return true;
}

bool pm_text_meta(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d)
{
	size_t first = 0, from;

	while (first < pieces->len && (d[first].class || pieces->at[first].words < PROSE_WORDS))
		first++;
	if (first == pieces->len)
		return read_url_date(page);
	from = first > TOP ? first - TOP : 0;
	/* From the text upwards: what stands nearest to it is about it. */
	for (size_t i = first; i-- > from; ) {
		if (!may_tell(&pieces->at[i]))
			continue;
		if (!read_byline(page, pieces, i, d) || !read_date(page, &pieces->at[i], &d[i]))
			return false;
	}
	/* Below a deck, or the first paragraph. */
	for (size_t i = first + 1; i < pieces->len && i <= first + BELOW; i++) {
		if (!d[i].class || !may_tell(&pieces->at[i]))
			continue;
		if (!read_byline(page, pieces, i, d) || !read_date(page, &pieces->at[i], &d[i]))
			return false;
	}
	return read_url_date(page);
}
