/* filters/boilerplate/meta.c -- who wrote it and when, from the lines above the text. */
#include "core/utf8.h"
#include "filters/boilerplate/rule.h"
#include "filters/extract/byline.h"
#include "filters/extract/date.h"
#include "filters/extract/date_impl.h"

enum {
	TOP = 64,               /* pieces above the text that are looked at, from it upwards */
	NAMES_BYTES_MOST = 160, /* a line with names; a longer one is no byline */
	NAME_WORDS_MOST = 6,    /* of a line behind one that says "by" alone */
	DATE_CHARS_MOST = 120, DATE_WORDS_MOST = 20,
	DATELINE_WORDS_MOST = 12,
	BELOW = 6,              /* pieces that are looked at behind the one that the text begins with */
	PROSE_WORDS = 25,       /* of the line that the text begins with, */
	SENTENCE_WORDS = 5,     /* and of its first sentence */
	CASELESS = 0x590,       /* from here on most scripts have no capitals */
	ENGLISH_BYTES = 4096,   /* of a text that are looked at */
	ENGLISH_WORDS = 20,     /* one of so many is among the most frequent ones */
	LEAD_WORDS = 7,         /* behind a date, at which a byline may begin */
	DESK_NAME_BYTES = 30,   /* of a name that a reporter's title stands behind */
};

/* Whether a text is in English, by its most frequent words: there 3/4/2024 is in March. */
static bool is_english(struct pm_slice text)
{
	static const char *const frequent[] = { "the", "of", "and", "to", "in" };
	const char *p = text.ptr, *end = text.ptr + (text.len < ENGLISH_BYTES ? text.len : ENGLISH_BYTES);
	uint32_t known[sizeof(frequent) / sizeof(*frequent)], hash, letters, words = 0, english = 0;

	for (size_t i = 0; i < sizeof(frequent) / sizeof(*frequent); i++)
		known[i] = pm_phrase_word(frequent[i], strlen(frequent[i]));
	while (pm_phrase_next(&p, end, &hash, &letters)) {
		words++;
		for (size_t i = 0; i < sizeof(frequent) / sizeof(*frequent); i++)
			english += hash == known[i];
	}
	return english * ENGLISH_WORDS >= words;
}

static struct pm_date_hints hints_of(const struct pm_page *page)
{
	return (struct pm_date_hints){
		.language = page->declared_language, .latest = pm_date_latest(page->fetched_at),
		.day_first = !page->declared_language.ptr && !is_english(page->text),
	};
}

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

/* A word in lower case; a script without capitals says nothing by them. */
static bool is_small(struct pm_slice word)
{
	const char *p = word.ptr;
	uint32_t cp = pm_utf8_next(&p, p + word.len), fold;

	return cp < 0x80 ? cp - 'a' < 26 : cp < CASELESS && pm_phrase_letter(cp, &fold) == PM_PHRASE_CHAR_LOWER;
}

/* Without the words at its end that are part of what follows: a month, or words in lower case ("on", "il"). */
static struct pm_slice before_words(struct pm_slice s)
{
	for (;;) {
		size_t n = s.len;
		struct pm_slice word;

		while (n > 0 && s.ptr[n - 1] != ' ')
			n--;
		if (n == 0)
			return s;
		word = pm_slice(s.ptr + n, s.len - n);
		if (!is_small(word) && !pm_date_month(word, (struct pm_slice){ 0 }))
			return s;
		s = pm_slice(s.ptr, n);
		while (s.len && strchr(" ,;-|(", s.ptr[s.len - 1]))
			s.len--;
	}
}

/* What stands before a date, a separator or glue ("Ann BeeStaff"): of a line with names only these. */
static struct pm_slice before_rest(struct pm_slice s)
{
	size_t n = 0;

	for (; n < s.len; n++) {
		unsigned char c = (unsigned char)s.ptr[n];

		if ((unsigned)(c - '0') < 10 || c == '|' || (c == 0xc2 && n + 1 < s.len && (unsigned char)s.ptr[n + 1] == 0xb7))
			break;
		if (n >= 4 && (unsigned)(c - 'A') < 26 && (unsigned)(s.ptr[n - 1] - 'a') < 26 &&
		    (unsigned)(s.ptr[n - 2] - 'a') < 26 && (unsigned)(s.ptr[n - 3] - 'a') < 26)
			break;
	}
	s = pm_slice_trim(pm_slice(s.ptr, n));
	while (s.len && strchr(" ,;-(", s.ptr[s.len - 1]))
		s.len--;
	if (s.len > 3 && memcmp(s.ptr + s.len - 3, "\xe2\x80\x94", 3) == 0)
		s = pm_slice_trim(pm_slice(s.ptr, s.len - 3));
	return before_words(s);
}

/* What a date of the line is, and what stands behind it. */
static struct pm_slice behind_date(const struct pm_page *page, struct pm_slice line)
{
	struct pm_date_hints hints = { .language = page->declared_language };
	struct pm_date date;
	size_t end;

	if (!pm_date_find(line, &hints, &date, &end))
		return (struct pm_slice){ 0 };
	return pm_slice(line.ptr + end, line.len - end);
}

/* The line from a word on that names who wrote it: "Publi\303\251 le 5 avril \303\240 10h15 par Ann Bee". */
static struct pm_slice lead_within(struct pm_slice s, bool *led)
{
	*led = false;
	for (unsigned k = 0; k < LEAD_WORDS && s.len; k++) {
		const char *p = memchr(s.ptr, ' ', s.len);
		struct pm_slice rest;

		rest = pm_byline_lead(s, led);
		if (*led)
			return rest;
		if (!p)
			break;
		s = pm_slice_trim(pm_slice(p, s.len - (size_t)(p - s.ptr)));
	}
	return (struct pm_slice){ 0 };
}

/* Ways to say that somebody reports that stand behind the name, and in front of it beside what
 * every byline may begin with. */
static struct pm_slice without_desk(struct pm_slice s, bool *desk)
{
	static const char *const behind[] = { " \xea\xb8\xb0\xec\x9e\x90", " \xe8\xa8\x98\xe8\x80\x85", "\xe8\xa8\x98\xe8\x80\x85" };
	static const char *const before[] = {
		"yazan:", "haber:", "redacci\xc3\xb3n:", "ein bericht von ", "opr. ", "tekst: ", "\xea\xb8\xb0\xec\x9e\x90 ", "\xea\xb8\x80 ",
		"\xe6\x9c\xac\xe6\x8a\xa5\xe8\xae\xb0\xe8\x80\x85 ", "\xe6\x9c\xac\xe5\xa0\xb1\xe8\xa8\x98\xe8\x80\x85 ",
		"\xe5\x9f\xb7\xe7\xad\x86\xe8\x80\x85\xef\xbc\x9a", "\xe7\xbc\x96\xe8\xbe\x91\xef\xbc\x9a", "\xe7\xb7\xa8\xe8\xbc\xaf\xef\xbc\x9a",
		"\xe6\x92\xb0\xe6\x96\x87\xef\xbc\x9a", "\xd0\xbf\xd0\xbe\xd0\xb4\xd0\xb3\xd0\xbe\xd1\x82\xd0\xbe\xd0\xb2\xd0\xb8\xd0\xbb ",
	};

	*desk = false;
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		size_t n = strlen(before[i]);

		if (s.len > n && pm_slice_begins_nocase(s, before[i], n)) {
			*desk = true;
			return pm_slice_trim(pm_slice(s.ptr + n, s.len - n));
		}
	}
	for (size_t i = 0; i < sizeof(behind) / sizeof(*behind); i++) {
		const char *at = memmem(s.ptr, s.len, behind[i], strlen(behind[i]));

		/* Right behind a name, and what comes then is an address or a date. */
		if (at && at > s.ptr && at - s.ptr <= DESK_NAME_BYTES) {
			*desk = true;
			return pm_slice_trim(pm_slice(s.ptr, (size_t)(at - s.ptr)));
		}
	}
	return s;
}

/* Whether the words are a name by their form: two to four with capitals, or in a script without them, and
 * hardly one that pages are full of. */
static bool is_name(struct pm_slice s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;
	uint32_t hash, letters, words = 0, known = 0;

	if (s.len == 0 || s.len > 60 || memchr(s.ptr, ':', s.len))
		return false;
	while (pm_phrase_next(&p, end, &hash, &letters)) {
		const struct pm_phrase *found = pm_phrase_find(&pm_phrases, pm_phrase_key(PM_PHRASE_WORD, hash));
		const char *at = p;

		known += found->key != 0;
		words++;
		while (at > s.ptr && at[-1] != ' ')
			at--;
		if (found->function || letters < 2 || (unsigned)(*at - 'a') < 26 || (unsigned)(*at - '0') < 10)
			return false;
	}
	return words >= 2 && words <= 4 && known <= words / 2;
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

/* Names on a line that begins with something else: a desk, a date, or the name itself. */
static bool read_other_names(struct pm_page *page, struct pm_slice line)
{
	bool desk, led;
	struct pm_slice rest = without_desk(line, &desk), date;

	if (desk)
		return read_names(page, before_rest(rest), PM_BYLINE_MARKED);
	date = behind_date(page, line);
	if (!date.ptr)
		return true;
	rest = before_rest(line);
	if (is_name(rest))
		return read_names(page, rest, PM_BYLINE_SEEN);
	rest = lead_within(date, &led);
	return !led || read_names(page, before_rest(rest), PM_BYLINE_SEEN);
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
		if (!page->authors.len && !led && !read_other_names(page, p->text))
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

/* Words that say that a date is of a change, where they stand in front of it. Case is folded for ASCII. */
static bool says_updated(struct pm_slice line)
{
	static const char *const words[] = {
		"updated", "modified", "edited", "aktualisiert", "mis \xc3\xa0 jour", "modifi\xc3\xa9",
		"actualizado", "aggiornato", "atualizado", "bijgewerkt", "aktualizacja", "uppdaterad",
		"oppdatert", "opdateret", "aktualizov\xc3\xa1no", "aktualizovan\xc3\xa9", "friss\xc3\xadtve",
		"a\xc5\xbeurirano",
		"\xd0\xbe\xd0\xb1\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe",
		"\xd0\x9e\xd0\xb1\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe",
		"\xd0\xbe\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe",
		"\xd0\x9e\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe", "g\xc3\xbcncelle",
		"G\xc3\xbcncelle", "\xe6\x9b\xb4\xe6\x96\xb0",
		"\xe6\x9c\x80\xe7\xb5\x82\xe6\x9b\xb4\xe6\x96\xb0",
		"\xd8\xa2\xd8\xae\xd8\xb1 \xd8\xaa\xd8\xad\xd8\xaf\xd9\x8a\xd8\xab",
		"\xd8\xaa\xd8\xad\xd8\xaf\xd9\x8a\xd8\xab", "\xd7\xa2\xd7\x95\xd7\x93\xd7\x9b\xd7\x9f",
		"\xec\x88\x98\xec\xa0\x95", "p\xc3\xa4ivitetty", "c\xe1\xba\xadp nh\xe1\xba\xadt",
		"diperbarui", "actualizat",
		"\xd0\xbe\xd0\xb1\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xb5\xd0\xbd\xd0\xb0",
		"\xd0\x9e\xd0\xb1\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xb5\xd0\xbd\xd0\xb0",
		"\xce\xb5\xce\xbd\xce\xb7\xce\xbc\xce\xad\xcf\x81\xcf\x89\xcf\x83\xce\xb7",
		"\xce\x95\xce\xbd\xce\xb7\xce\xbc\xce\xad\xcf\x81\xcf\x89\xcf\x83\xce\xb7",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);

		for (size_t k = 0; k + n <= line.len && k < 24 && (unsigned)(line.ptr[k] - '0') >= 10; k++)
			if (pm_slice_begins_nocase(pm_slice(line.ptr + k, n), words[i], n))
				return true;
	}
	return false;
}

static bool read_date(struct pm_page *page, const struct pm_piece *p, struct pm_decision *d)
{
	struct pm_date_hints hints;
	struct pm_meta *to;
	struct pm_date date;

	if (p->chars > DATE_CHARS_MOST || p->digits < 3 || p->words > DATE_WORDS_MOST ||
	    (p->flags & PM_PIECE_TERMINAL && p->function > 1))
		return true;
	hints = hints_of(page);
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

/* Whether the text begins at a piece: it, or it with the sentences of its line, is long enough. */
static bool begins_text(const struct pm_pieces *pieces, const struct pm_decision *d, size_t i)
{
	unsigned words = pieces->at[i].words;

	if (d[i].class || words < SENTENCE_WORDS)
		return false;
	while (words < PROSE_WORDS && ++i < pieces->len && !d[i].class && pieces->at[i].flags & PM_PIECE_SPLIT)
		words += pieces->at[i].words;
	return words >= PROSE_WORDS;
}

size_t pm_text_start(const struct pm_pieces *pieces, const struct pm_decision *d)
{
	size_t i = 0;

	while (i < pieces->len && !begins_text(pieces, d, i))
		i++;
	return i;
}

bool pm_text_meta(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d)
{
	size_t first = pm_text_start(pieces, d), from;

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
