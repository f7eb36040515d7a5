/* filters/extract/meta_dateline.c -- the dates that a page shows: right at its headline, else where
 * pages have them, marked ones before those that only stand there. */
#include "filters/extract/meta_dateline.h"

#include "filters/extract/clean.h"

enum {
	LINE = 160,             /* bytes of a line that a date is looked for in */
	BESIDE = 70,            /* bytes that an unmarked dateline has before and behind its date */
	SENTENCE = 24,          /* bytes before a date that ends with
				 * a full stop: a sentence ends there */
	NEAR = 40,              /* nodes behind the headline in which nothing else has a date */
	ABOVE = 10,             /* nodes before it likewise: what stands
				 * higher may be the day's own date */
	HEADER = 30,            /* nodes before it in which it may have its date */
	BEFORE = 120, AFTER = 300,      /* nodes around the headline that belong to it still */
	FAR = 3000,             /* nodes in which any line of an article is looked at */
	CLAIMED_ONLY = 1 << 16,      /* beside what classes hint at: only
				      * what says that it was published */
};

static bool begins(struct pm_slice s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && pm_slice_is_nocase(pm_slice(s.ptr, n), word);
}

static bool has_any(struct pm_slice s, const char *const *words)
{
	for (size_t i = 0; i < s.len; i++) {
		char first = pm_ascii_lower(s.ptr[i]);

		for (size_t k = 0; words[k]; k++)
			if (first == words[k][0] &&
			    begins(pm_slice(s.ptr + i, s.len - i), words[k]))
				return true;
	}
	return false;
}

/* Words before a date that say that it isn't when the page was published. */
static bool says_updated(struct pm_slice s)
{
	static const char *const words[] = {
		"updated", "modified", "last update", "last edited", "aktualisiert", "ge\303\244ndert", "stand:", "mis \303\240 jour",
		"modifi\303\251", "actualizado", "actualizada", "atualizado", "atualizada", "aggiornato", "aggiornamento",
		"bijgewerkt", "laatst", "uppdaterad", "opdateret", "oppdatert", "zaktualizowano", "aktualizace",
		"\320\276\320\261\320\275\320\276\320\262\320\273\320\265\320\275\320\276", "\346\233\264\346\226\260", "reviewed", "p\303\244ivitetty",
		"revised", "last post", "letzter beitrag", "zuletzt", "g\303\274ncelle", "actualiz\303\263",
		"\320\276\320\275\320\276\320\262\320\273\320\265\320\275\320\276", NULL
	};

	return has_any(s, words);
}

/* When somebody became a member is no date of the page's. */
static bool says_joined(struct pm_slice s)
{
	static const char *const words[] = {
		"joined", "member since", "registered", "registriert", "dabei seit", "mitglied seit", "inscrit", "\320\240\320\265\320\263\320\270\321\201\321\202\321\200\320\260\321\206",
		"copyright", "\302\251", NULL
	};

	return has_any(s, words);
}

static bool says_published(struct pm_slice s)
{
	static const char *const words[] = {
		"publish", "posted", "ver\303\266ffentlicht", "erschienen", "publi\303\251", "publicado", "publicada", "pubblicato",
		"gepubliceerd", "geplaatst", "publicerad", "publiceret", "publisert", "opublikowano", "julkaistu",
		"\320\276\320\277\321\203\320\261\320\273\320\270\320\272\320\276\320\262\320\260\320\275", "yay\304\261n", NULL
	};

	return has_any(s, words);
}

static void note(struct pm_dateline *to, const struct pm_date *d, bool updated, bool claimed,
		 const char *source)
{
	/* What is later than the last change is another's: the next post's. */
	if (!updated && !claimed && to->has_modified && d->day > to->modified.day)
		return;
	if (updated && !to->has_modified) {
		to->modified = *d;
		to->has_modified = true;
	} else if (!updated && !to->has_published) {
		to->published = *d;
		to->has_published = true;
		to->claimed = claimed;
		to->source = source;
	}
}

/* A date in running text has a sentence around it, a dateline has a name or a word. */
static bool is_dateline(struct pm_slice line, struct pm_slice read, size_t end)
{
	size_t rest = line.len - end;

	if (end > BESIDE + PM_DATE_SIZE || rest > BESIDE)
		return false;
	return !(read.len > end && read.ptr[end] == '.' && end > SENTENCE + 10 && rest < 2) &&
	       !(rest > 1 && line.ptr[end] == '.' && end > SENTENCE + 10);
}

/* The dates of one line: "Published Jan 2, 2024 | Updated Jan 5, 2024". */
static void read_line(struct pm_meta_reader *r, struct pm_slice line, unsigned hints, bool strict,
		      const char *source, struct pm_dateline *to)
{
	struct pm_slice rest = line;
	struct pm_date d;
	size_t end;

	for (unsigned n = 0; n < 3 && rest.len && pm_date_find(rest, &r->hints, &d, &end); n++) {
		struct pm_slice said = pm_slice(rest.ptr, end);
		bool updated = (hints & PM_HINT_UPDATED && !(hints & PM_HINT_PUBLISHED)) ||
			       says_updated(said);

		if (strict && n == 0 && !is_dateline(line, rest, end))
			return;
		if (hints & CLAIMED_ONLY && !says_published(said) && !updated)
			return;
		if (says_joined(said))
			return;
		note(to, &d, updated,
		     (hints & PM_HINT_PUBLISHED && !(hints & PM_HINT_UPDATED)) ||
			     says_published(said),
		     source);
		rest.ptr += end;
		rest.len -= end;
	}
}

static bool node_line(struct pm_meta_reader *r, uint32_t i, struct pm_slice *line)
{
	struct pm_said said = { .at = i, .form = PM_SAID_NODE };

	*line = pm_meta_text(r, &said);
	r->doc->effort += line->len;
	return line->ptr != NULL;
}

/* The text that stands right before a node: "Updated", in a box of its own. */
static struct pm_slice label_of(const struct pm_html *doc, uint32_t i)
{
	enum { LABEL = 40 };

	for (unsigned n = 0; n < 3 && i-- > 1; n++) {
		const struct pm_node *node = &doc->nodes[i];
		struct pm_slice s;

		if (node->tag != PM_TAG_NONE)
			continue;
		s = pm_slice_trim(pm_node_source(doc, node));
		if (s.len)
			return s.len <= LABEL ? s : (struct pm_slice){ 0 };
	}
	return (struct pm_slice){ 0 };
}

/* The value of an attribute named data-…date or …time in a start tag, from
 * `at` on; absent: none. */
static struct pm_slice data_value(struct pm_slice tag, size_t at)
{
	static const char *const words[] = { "date", "time", NULL };
	enum { NAME = 40 };

	for (; at + 8 < tag.len; at++) {
		size_t end = at;
		char quote;

		if (tag.ptr[at] != ' ' || !begins(pm_slice(tag.ptr + at + 1, tag.len - at - 1), "data-"))
			continue;
		while (end < tag.len && end < at + NAME && tag.ptr[end] != '=')
			end++;
		if (end + 1 >= tag.len || tag.ptr[end] != '=' ||
		    !has_any(pm_slice(tag.ptr + at, end - at), words))
			continue;
		quote = tag.ptr[end + 1];
		at = end + 2;
		for (end = at; end < tag.len && tag.ptr[end] != quote; end++)
			;
		return quote == '"' || quote == '\'' ? pm_slice(tag.ptr + at, end - at)
						     : (struct pm_slice){ 0 };
	}
	return (struct pm_slice){ 0 };
}

/* What attributes say of the date where the text doesn't: "3 hours ago". */
static bool hidden_date(struct pm_meta_reader *r, uint32_t i, struct pm_date *d)
{
	static const enum pm_attr_name names[] = { PM_ATTR_DATETIME, PM_ATTR_CONTENT,
						   PM_ATTR_TITLE };
	enum { VALUE = 48, TAG = 1000 };
	const struct pm_node *node = &r->doc->nodes[i];
	struct pm_slice tag = pm_node_source(r->doc, node), value;

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		value = pm_html_attr(r->doc, node, names[k]);
		if (value.len && value.len <= VALUE && pm_date_value(value, &r->hints, d))
			return true;
	}
	value = tag.len <= TAG ? data_value(tag, 0) : tag;
	return value.len && value.len <= VALUE && pm_date_value(value, &r->hints, d);
}

/* A time element; it and its box may say what it is about. */
static bool see_time(struct pm_meta_reader *r, uint32_t i, struct pm_dateline *to)
{
	const struct pm_node *nodes = r->doc->nodes;
	struct pm_slice value = pm_html_attr(r->doc, &nodes[i], PM_ATTR_DATETIME), line,
			label = label_of(r->doc, i);
	unsigned hints = pm_meta_hints(r, i), around = pm_meta_hints(r, nodes[i].parent);
	struct pm_date d, local;

	hints |= around & PM_HINT_UPDATED  ? PM_HINT_UPDATED
		 : hints & PM_HINT_UPDATED ? 0
					   : around & PM_HINT_PUBLISHED;
	if (!node_line(r, i, &line))
		return false;
	if (says_updated(label) || (line.len < LINE && says_updated(line)))
		hints = (hints | PM_HINT_UPDATED) & ~(unsigned)PM_HINT_PUBLISHED;
	if (value.len && value.len < LINE && pm_date_value(value, &r->hints, &d)) {
		if (line.len < LINE && pm_date_find(line, &r->hints, &local, NULL) &&
		    pm_date_may_be_local(&d, local.day))
			d = local;
		note(to, &d, hints & PM_HINT_UPDATED && !(hints & PM_HINT_PUBLISHED),
		     (hints & PM_HINT_PUBLISHED && !(hints & PM_HINT_UPDATED)) ||
			     says_published(label) || says_published(line),
		     "time");
	} else if (line.len < LINE && pm_date_find(line, &r->hints, &d, NULL)) {
		read_line(r, line, hints, false, "time", to);
	} else if (hidden_date(r, i, &d)) {
		note(to, &d, hints & PM_HINT_UPDATED && !(hints & PM_HINT_PUBLISHED),
		     hints & PM_HINT_PUBLISHED, "time");
	}
	return true;
}

static bool is_lower(char c)
{
	return (unsigned char)(c - 'a') < 26;
}

/* What stands before a paragraph's date: nothing, a month, a place and a comma. Sentences begin "On". */
static bool is_place(struct pm_slice s, size_t end)
{
	size_t digit = 0, words = 0, first = 0;
	bool comma = false;

	for (; digit < end && (unsigned char)(s.ptr[digit] - '0') > 9; digit++) {
		bool begins = digit == 0 || s.ptr[digit - 1] == ' ' || s.ptr[digit - 1] == '(';

		if (begins && is_lower(s.ptr[digit]))
			return false;
		words += begins && s.ptr[digit] != ' ' && s.ptr[digit] != '(';
		first += words == 1 && s.ptr[digit] != ' ';
		comma |= s.ptr[digit] == ',';
	}
	return comma || words == 0 || (words == 1 && first > 2);
}

/* "LONDON, May 5, 2024 -- The bees", "(5. Mai 2024) Die Bienen": a paragraph
 * that begins with a dateline, which has a mark behind it. */
static bool see_opening(struct pm_meta_reader *r, uint32_t i, struct pm_dateline *to)
{
	enum { OPENING = 80, PLACE = 50 };
	struct pm_slice s = pm_slice_trim(pm_node_source(r->doc, &r->doc->nodes[i]));
	struct pm_date d;
	size_t end;

	s.len = s.len < OPENING ? s.len : OPENING;
	while (s.len && (s.ptr[s.len - 1] & 0xc0) == 0x80)
		s.len--;
	s = pm_clean_line(r->page->arena, s, true);
	if (!s.ptr)
		return false;
	if (!s.len || !pm_date_find(s, &r->hints, &d, &end) || end > PLACE || !is_place(s, end))
		return true;
	while (end < s.len && s.ptr[end] == ' ')
		end++;
	if (end < s.len && (strchr(")-/:|", s.ptr[end]) || (s.ptr[end] & 0xe0) == 0xe0))
		note(to, &d, false, false, "dateline");
	return true;
}

/* Whether there can be a digit in it: as such, beyond ASCII or as a
 * reference. Every date has one. */
static bool may_have_digit(struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if ((unsigned char)(c - '0') < 10 || c >= 0x80 || c == '&')
			return true;
	}
	return false;
}

/* Whether an element's text may hold a date. What pm_meta_text finds too
 * large has no text to it. */
static bool may_hold_date(const struct pm_html *doc, uint32_t i)
{
	enum { NODES = 200 };
	uint32_t last = doc->nodes[i].last;

	if (last - i > NODES)
		return false;
	for (uint32_t n = i + 1; n <= last; n++)
		if (doc->nodes[n].tag == PM_TAG_NONE &&
		    may_have_digit(pm_node_source(doc, &doc->nodes[n])))
			return true;
	return false;
}

/* Elements whose line one look has been at: each of their texts asks for it. */
enum { LINES_KEPT = 16 };
struct lines {
	struct { uint32_t node; bool is_long; } at[LINES_KEPT];
};

/* Reads the line of the element around a text. *is_long: it is too long for a dateline. */
static bool see_line(struct pm_meta_reader *r, uint32_t i, unsigned hints, bool *is_long,
		     struct pm_dateline *to)
{
	struct pm_slice line;

	*is_long = false;
	if (!may_hold_date(r->doc, i))
		return true;
	if (!node_line(r, i, &line))
		return false;
	*is_long = line.len > LINE;
	if (line.len && !*is_long)
		read_line(r, line, hints, true, "dateline", to);
	return true;
}

static bool see_text(struct pm_meta_reader *r, uint32_t i, unsigned hints, struct lines *lines,
		     struct pm_dateline *to)
{
	const struct pm_node *node = &r->doc->nodes[i];
	struct pm_slice line = pm_node_source(r->doc, node);
	uint32_t k = node->parent % LINES_KEPT;

	if (node->flags & PM_NODE_PLAIN)
		return true;
	if (node->len > LINE)
		return (hints & ~(unsigned)CLAIMED_ONLY) || see_opening(r, i, to);
	if (pm_meta_hints(r, node->parent) & PM_HINT_AUTHOR)
		hints &= ~(unsigned)CLAIMED_ONLY;
	if (!node->parent || lines->at[k].node != node->parent) {
		lines->at[k].node = node->parent;
		if (!see_line(r, node->parent, hints, &lines->at[k].is_long, to))
			return false;
	}
	if (!lines->at[k].is_long || !may_have_digit(line))
		return true;
	/* The date may stand between links: "in <a>Bees</a> on 3 May 2024. Filed under <a>...". */
	line = pm_clean_line(r->page->arena, line, true);
	if (!line.ptr)
		return false;
	if (line.len && line.len <= LINE)
		read_line(r, line, hints, true, "dateline", to);
	return true;
}

/* Whether something inside says better what it is: "Published <time>...</time> <i class=updated>...</i>". */
static bool holds_dates(struct pm_meta_reader *r, uint32_t i)
{
	const struct pm_node *nodes = r->doc->nodes;

	for (uint32_t n = i + 1; n <= nodes[i].last; n++)
		if ((nodes[n].tag == PM_TAG_TIME &&
		     pm_html_attr(r->doc, &nodes[n], PM_ATTR_DATETIME).len) ||
		    (nodes[n].tag != PM_TAG_NONE && pm_meta_hints(r, n) & PM_HINT_UPDATED))
			return true;
	return false;
}

/* The texts of a box that is too long for one line. */
static bool see_inside(struct pm_meta_reader *r, uint32_t i, struct pm_dateline *to)
{
	const struct pm_node *nodes = r->doc->nodes;
	struct lines lines = { { { 0, false } } };

	for (uint32_t n = i + 1; n <= nodes[i].last && !to->has_published; n++)
		if (nodes[n].tag == PM_TAG_NONE && nodes[n].len <= LINE &&
		    !see_text(r, n, 0, &lines, to))
			return false;
	return true;
}

/* An element that calls itself a date. */
static bool see_marked(struct pm_meta_reader *r, uint32_t i, struct pm_dateline *to)
{
	unsigned hints = pm_meta_hints(r, i);
	struct pm_slice line;
	struct pm_date d;

	if (!(hints & (PM_HINT_DATE | PM_HINT_UPDATED)) || r->doc->nodes[i].last - i > 30 ||
	    holds_dates(r, i))
		return true;
	if (!node_line(r, i, &line))
		return false;
	if (hints & PM_HINT_DATE && !(hints & PM_HINT_PUBLISHED))
		hints &= ~(unsigned)PM_HINT_UPDATED;
	if (says_updated(label_of(r->doc, i)))
		hints = PM_HINT_UPDATED;
	if (line.len > LINE)
		return see_inside(r, i, to);
	if (!pm_date_find(line, &r->hints, &d, NULL) && hidden_date(r, i, &d))
		note(to, &d, hints & PM_HINT_UPDATED,
		     hints & PM_HINT_PUBLISHED && !(hints & PM_HINT_UPDATED), "dateline");
	else if (line.len)
		read_line(r, line, hints, false, "dateline", to);
	return true;
}

/* Which text is looked at, and what is passed over. */
enum {
	MARKED = 0,             /* elements that say that they are dates */
	LINES = 1 << 0,         /* any line */
	CLOSE = 1 << 1,         /* what a class says of other articles
				 * doesn't count so close to the headline */
	ASIDES = 1 << 2,        /* nor do asides */
	CLAIMED = 1 << 4,       /* only those that say that the page was published then */
	ON = 1 << 3,            /* goes on behind the first date, for when the page was changed */
};

/* A page's footer; an article's has its date and its author. */
static bool is_page_footer(const struct pm_html *doc, uint32_t i)
{
	enum { LEVELS = 12 };

	for (unsigned n = 0; i && n < LEVELS; n++, i = doc->nodes[i].parent)
		if (doc->nodes[i].tag == PM_TAG_ARTICLE || doc->nodes[i].tag == PM_TAG_MAIN)
			return false;
	return true;
}

static bool is_left_out(struct pm_meta_reader *r, uint32_t i, unsigned how)
{
	const struct pm_node *node = &r->doc->nodes[i];

	if (node->ns != PM_NS_HTML || (i < r->headline && node->last >= r->headline))
		return false;
	switch (node->tag) {
	case PM_TAG_NAV:
	case PM_TAG_TEMPLATE:
	case PM_TAG_FIGCAPTION:
	case PM_TAG_BLOCKQUOTE:
		return true;
	case PM_TAG_FOOTER:
		return is_page_footer(r->doc, i);
	case PM_TAG_ASIDE:
		return !(how & (CLOSE | ASIDES));
	default:
		break;
	}
	if (pm_meta_hints(r, i) & PM_HINT_CAPTION)
		return true;
	return !(how & (CLOSE | ASIDES)) && pm_meta_is_apart(r, i);
}

/* Lines that were read are gone with the next node: pages have tens of thousands of them. */
static bool look(struct pm_meta_reader *r, uint32_t from, uint32_t to, unsigned how,
		 struct pm_dateline *d)
{
	const struct pm_html *doc = r->doc;
	void *mark = pm_arena_alloc(r->page->arena, 0);
	struct lines lines = { { { 0, false } } };

	if (!mark)
		return false;
	for (uint32_t i = from; i <= to && !(d->has_published && (d->has_modified || !(how & ON)));
	     i++) {
		const struct pm_node *node = &doc->nodes[i];
		bool done = true;

		if (node->tag == PM_TAG_NONE && !(how & LINES))
			continue;
		if (node->tag == PM_TAG_NONE)
			done = see_text(r, i, how & CLAIMED ? CLAIMED_ONLY : 0, &lines, d);
		else if (is_left_out(r, i, how))
			i = node->last;
		else
			done = node->tag == PM_TAG_TIME ? see_time(r, i, d) : see_marked(r, i, d);
		if (!done)
			return false;
		pm_arena_trim(r->page->arena, mark, 0);
	}
	return true;
}

static uint32_t back(uint32_t from, uint32_t nodes, uint32_t least)
{
	return from > least + nodes ? from - nodes : least;
}

static uint32_t on(uint32_t from, uint32_t nodes, uint32_t most)
{
	return most > from && most - from > nodes ? from + nodes : most;
}

bool pm_dateline_near(struct pm_meta_reader *r, struct pm_dateline *d)
{
	uint32_t last = r->doc->nnodes - 1, head = r->headline, end;

	if (!head)
		return true;
	end = r->doc->nodes[head].last;
	if (!look(r, head, on(end, NEAR, last), CLOSE | ON, d) ||
	    !look(r, back(head, ABOVE, r->doc->body), head, CLOSE, d))
		return false;
	d->marked = d->has_published;
	return look(r, back(head, HEADER, r->doc->body), head, CLOSE, d) &&
	       look(r, head, on(end, NEAR, last), CLOSE | LINES | ON, d) &&
	       look(r, back(head, HEADER, r->doc->body), head, CLOSE | LINES, d);
}

/* Where the page's own text begins that has no headline: what stands above
 * it may be the day's date. */
static uint32_t begin_of_main(const struct pm_html *doc)
{
	uint32_t article = 0, narticles = 0;

	for (uint32_t i = doc->body; i < doc->nnodes; i++) {
		if (doc->nodes[i].tag == PM_TAG_MAIN)
			return i;
		if (doc->nodes[i].tag == PM_TAG_ARTICLE && narticles++ == 0)
			article = i;
	}
	return narticles == 1 ? article : doc->body;
}

bool pm_dateline_marked(struct pm_meta_reader *r, struct pm_dateline *d)
{
	uint32_t last = r->doc->nnodes - 1,
		 head = r->headline ? r->headline : begin_of_main(r->doc);

	return look(r, head, on(head, AFTER, last), MARKED, d) &&
	       look(r, back(head, BEFORE, r->doc->body), head, MARKED, d);
}

bool pm_dateline_far(struct pm_meta_reader *r, struct pm_dateline *d)
{
	uint32_t last = r->doc->nnodes - 1,
		 head = r->headline ? r->headline : begin_of_main(r->doc);
	uint32_t before = back(head, BEFORE, r->doc->body), after = on(head, AFTER, last);

	r->doc->effort += r->doc->nnodes;
	return pm_dateline_marked(r, d) &&
	       look(r, head, after, LINES, d) &&
	       look(r, before, head, LINES, d) &&
	       look(r, after, last, MARKED, d) &&
	       look(r, after, on(after, FAR, last), LINES | (r->article ? 0 : CLAIMED), d) &&
	       look(r, before, last, ASIDES, d);
}
