/* filters/extract/meta_headline.c -- headings weighed by what the head says, by their level, and by
 * what their markup says that they are: logos, places in a list, lines above the headline. */
#include "filters/extract/meta_headline.h"

enum {
	ALIKE = 50,             /* hundredths of the shorter's words
				 * from which an h1 may be the headline */
	WORDS = 5,              /* of an h1 with nothing in common with the head,
				 * unless JSON-LD says that this is an article */
};

/* What speaks against a heading. */
enum {
	IS_CRUMB = 1 << 0,      /* stands in the list of where one is */
	IS_LOGO = 1 << 1,       /* the site's name, a link to its front page */
	IS_TAIL = 1 << 2,       /* the last part of the title element */
	IS_KICKER = 1 << 3,     /* the line above a headline */
	IS_APART = 1 << 4,      /* in navigation, footer, aside */
};

static unsigned like(struct pm_slice a, struct pm_slice b)
{
	return a.len && b.len ? pm_meta_likeness(a, b) : 0;
}

/* The last part of the title element; *first: the first one. Empty: it has one part. */
static struct pm_slice last_part(struct pm_slice whole, struct pm_slice *first)
{
	size_t n, at = 0, from = 0;

	for (size_t i = 1; i < whole.len; i++) {
		n = pm_title_separator(whole, i);
		if (!n)
			continue;
		at = at ? at : i;
		from = i + n;
		i += n - 1;
	}
	*first = pm_slice_trim(pm_slice(whole.ptr, at));
	return at ? pm_slice_trim(pm_slice(whole.ptr + from, whole.len - from)) : PM_LIT("");
}

/* A URL without a path, or nothing but one to it inside an archive's. */
static bool is_front_page(struct pm_slice href)
{
	size_t from = 0;

	href = pm_slice_trim(href);
	if (pm_slice_is(href, "/") || pm_slice_is(href, "./") || pm_slice_is(href, "../"))
		return true;
	for (size_t i = 0; i + 3 <= href.len; i++)
		if (memcmp(href.ptr + i, "://", 3) == 0)
			from = i + 3;
	for (size_t i = from; from && i < href.len; i++)
		if (href.ptr[i] == '/')
			return i + 1 == href.len;
	return from != 0;
}

static bool links_home(struct pm_meta_reader *r, uint32_t h)
{
	const struct pm_html *doc = r->doc;
	const struct pm_node *nodes = doc->nodes;

	if (nodes[nodes[h].parent].tag == PM_TAG_A &&
	    is_front_page(pm_html_attr(doc, &nodes[nodes[h].parent], PM_ATTR_HREF)))
		return true;
	for (uint32_t i = h + 1; i <= nodes[h].last; i++)
		if (nodes[i].tag == PM_TAG_A && nodes[i].ns == PM_NS_HTML)
			return pm_meta_hints(r, i) & PM_HINT_LOGO ||
			       is_front_page(pm_html_attr(doc, &nodes[i], PM_ATTR_HREF));
	return false;
}

static unsigned faults_of(struct pm_meta_reader *r, uint32_t h)
{
	enum { LEVELS = 8, SMALL = 60 /* nodes of a list of where one is */ };
	const struct pm_html *doc = r->doc;
	unsigned hints = pm_meta_hints(r, h), faults = 0;

	if (hints & PM_HINT_CRUMBS)
		faults |= IS_CRUMB;
	if (hints & PM_HINT_LOGO || links_home(r, h))
		faults |= IS_LOGO;
	if (hints & PM_HINT_KICKER)
		faults |= IS_KICKER;
	for (uint32_t n = 0, i = doc->nodes[h].parent; i && n < LEVELS;
	     n++, i = doc->nodes[i].parent) {
		enum pm_element tag = doc->nodes[i].tag;

		if (tag == PM_TAG_ARTICLE || tag == PM_TAG_MAIN || tag == PM_TAG_BODY)
			break;
		if (doc->nodes[i].last - i < SMALL &&
		    (pm_meta_hints(r, i) & PM_HINT_CRUMBS || tag == PM_TAG_NAV))
			faults |= IS_CRUMB;
		if (tag == PM_TAG_FOOTER || tag == PM_TAG_ASIDE)
			faults |= IS_APART;
		if (n < 2 && pm_meta_hints(r, i) & PM_HINT_LOGO)
			faults |= IS_LOGO;
	}
	return faults;
}

/* The more of the title a heading has, and the less speaks against it. 0: none of it. */
static unsigned worth(struct pm_slice line, enum pm_element tag, unsigned faults, unsigned alike,
		      bool stated)
{
	unsigned words, points;

	(void)pm_title_shared(line, PM_LIT(""), &words);
	points = 300 + alike + 2 * (words < 10 ? words : 10) + (stated ? 30 : 0) +
		 (tag == PM_TAG_H1 ? 40 : tag == PM_TAG_H2 ? 10 : 0);
	points -= (faults & IS_CRUMB ? 60 : 0) + (faults & IS_LOGO ? 60 : 0) +
		  (faults & IS_TAIL ? 30 : 0) + (faults & IS_KICKER ? 40 : 0);
	return points - (faults & IS_APART ? 40 : 0);
}

struct choice {
	uint32_t at;
	unsigned worth, faults;
	struct pm_slice text;
};

struct head {
	const struct pm_stated *best, *element;
	struct pm_slice whole, first, last;
};

/* The letters of `a`, and more behind them: what a system has cut. */
static bool continues(struct pm_slice line, struct pm_slice a)
{
	enum { LEAST = 90 };

	return a.len >= LEAST && line.len > a.len && pm_title_same(pm_slice(line.ptr, a.len), a);
}

/* A heading that is no h1 has to say what the head says, or a part of the title element. */
static bool repeats(const struct head *head, struct pm_slice line)
{
	enum { LEAST = 10 };
	unsigned words;

	(void)pm_title_shared(line, PM_LIT(""), &words);
	if (line.len < LEAST || (words < 2 && (unsigned char)line.ptr[0] < 0x80))
		return false;
	return pm_title_same(line, head->best->text) || pm_title_same(line, head->element->text) ||
	       pm_title_same(line, head->first) || pm_title_same(line, head->last) ||
	       continues(line, head->best->text);
}

/* It has what stands above the letters too; its text is no title. */
static bool has_ruby(const struct pm_html *doc, uint32_t h)
{
	for (uint32_t i = h + 1; i <= doc->nodes[h].last; i++)
		if (doc->nodes[i].tag == PM_TAG_RT)
			return true;
	return false;
}

struct pm_slice pm_headline_text(struct pm_slice line)
{
	static const char *const marks[] = { "\302\266", "\302\247", "\360\237\224\227" };

	for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++) {
		size_t n = strlen(marks[k]);

		if (line.len > n && memcmp(line.ptr + line.len - n, marks[k], n) == 0)
			return pm_slice_trim(pm_slice(line.ptr, line.len - n));
	}
	return line;
}

/* The name of a product that begins with the site's is its title, where the title element begins
 * with it. */
static bool names_site(struct pm_meta_reader *r, const struct head *head, struct pm_slice line)
{
	if (!pm_meta_is_site(r, line))
		return false;
	return pm_title_is_site(r, line) ||
	       !(pm_title_same(line, head->first) || pm_title_same(line, head->element->text));
}

static bool consider(struct pm_meta_reader *r, const struct head *head, uint32_t h, bool exact,
		     struct choice *c)
{
	struct pm_said said = { .at = h, .form = PM_SAID_NODE };
	struct pm_slice line = pm_meta_text(r, &said);
	enum pm_element tag = r->doc->nodes[h].tag;
	bool silent = !head->best->text.len && !head->element->text.len, stated;
	unsigned faults, alike, a, b, points;

	if (!line.ptr)
		return false;
	line = pm_headline_text(line);
	if (!line.len || line.len > PM_TITLE_BYTES || (names_site(r, head, line) && !silent))
		return true;
	a = like(line, head->best->text), b = like(line, head->element->text);
	alike = silent ? ALIKE : a > b ? a : b;
	if (alike < ALIKE || (tag != PM_TAG_H1 && !repeats(head, line)) || has_ruby(r->doc, h))
		return true;
	faults = faults_of(r, h);
	stated = head->best->text.len && pm_title_same(line, head->best->text);
	if (!stated && head->last.len && pm_title_same(line, head->last))
		faults |= IS_TAIL;
	if (exact && !stated)
		return true;
	points = worth(line, tag, faults, alike, stated);
	if (points > c->worth)
		*c = (struct choice){ h, points, faults, line };
	return true;
}

/* "More from Bees", a link to a list. */
static bool is_link(const struct pm_html *doc, uint32_t h)
{
	const struct pm_node *nodes = doc->nodes;
	uint32_t i = h + 1;

	while (i <= nodes[h].last && nodes[i].tag == PM_TAG_NONE)
		i++;
	return i <= nodes[h].last && nodes[i].tag == PM_TAG_A && nodes[i].last + 1 >= nodes[h].last;
}

/* Articles may have a headline for readers and one for searchers, with nothing in common. */
static bool unlike(struct pm_meta_reader *r, bool stated, struct choice *c)
{
	for (unsigned i = 0; i < r->nh1; i++) {
		struct pm_said said = { .at = r->h1[i], .form = PM_SAID_NODE };
		struct pm_slice line = pm_meta_text(r, &said);
		unsigned faults, words;

		if (!line.ptr)
			return false;
		line = pm_headline_text(line);
		if (!line.len || line.len > PM_TITLE_BYTES || pm_meta_is_site(r, line))
			continue;
		faults = faults_of(r, r->h1[i]);
		(void)pm_title_shared(line, PM_LIT(""), &words);
		if ((words < WORDS && !stated) || is_link(r->doc, r->h1[i]))
			continue;
		if (faults & (IS_CRUMB | IS_LOGO | IS_APART))
			continue;
		/* Of two nobody knows which. */
		if (c->at || has_ruby(r->doc, r->h1[i]))
			return c->at = 0, true;
		*c = (struct choice){ .at = r->h1[i], .text = line };
	}
	return true;
}

/* Whether a statement outside the body is the heading, or its end behind a line above it. */
static bool is_announced(struct pm_meta_reader *r, struct pm_slice line, bool *yes)
{
	enum { LEAST = 12, MOST = 8 };
	const struct pm_said *s = pm_meta_best(r, PM_SAYS_TITLE, NULL);

	*yes = false;
	for (unsigned n = 0; s && !*yes && n < MOST; n++, s = pm_meta_best(r, PM_SAYS_TITLE, s)) {
		struct pm_slice said = s->form == PM_SAID_NODE ? PM_LIT("") : pm_meta_text(r, s);

		if (!said.ptr)
			return false;
		said = pm_title_without_site(r, said);
		*yes = said.len >= LEAST && said.len <= PM_TITLE_BYTES &&
		       (pm_title_same(line, said) || pm_title_tail(line, said));
	}
	return true;
}

/* The list of where one is may end with a heading for searchers; the headline is the first below it
 * that any statement of the head announces. */
static bool below_crumbs(struct pm_meta_reader *r, struct choice *c)
{
	struct pm_slice crumb = c->text;
	uint32_t from = c->at;
	bool yes;

	for (unsigned i = 0; i < r->nsub; i++) {
		struct pm_said said = { .at = r->sub[i], .form = PM_SAID_NODE };
		struct pm_slice line;

		if (r->sub[i] < from)
			continue;
		line = pm_meta_text(r, &said);
		if (!line.ptr ||
		    (line.len && line.len <= PM_TITLE_BYTES && !is_announced(r, line, &yes)))
			return false;
		if (!line.len || line.len > PM_TITLE_BYTES || !yes)
			continue;
		if (pm_title_same(line, crumb))
			return true;
		*c = (struct choice){ .at = r->sub[i], .text = line };
		return true;
	}
	return true;
}

bool pm_headline_find(struct pm_meta_reader *r, const struct pm_stated *best,
		      const struct pm_stated *element, struct pm_slice whole,
		      struct pm_slice *found)
{
	struct head head = { .best = best, .element = element, .whole = whole };
	struct choice c = { 0, 0, 0, { 0 } };
	bool silent = !best->text.len && !element->text.len, short_form;
	bool said = r->ld_article && best->source && strcmp(best->source, "json-ld") == 0;

	*found = (struct pm_slice){ 0 };
	head.last = last_part(whole, &head.first);
	for (unsigned i = 0; i < r->nh1; i++)
		if (!consider(r, &head, r->h1[i], false, &c))
			return false;
	if (c.at && c.faults & IS_CRUMB && !below_crumbs(r, &c))
		return false;
	/* Where the h1 is the site's, headlines are an h2 or an h3. The list of where one is may
	 * have a short form of the headline that JSON-LD has. */
	short_form = c.faults & IS_CRUMB && said && !pm_title_same(c.text, best->text);
	if (short_form)
		c = (struct choice){ .faults = IS_CRUMB };
	for (unsigned i = 0; (!c.at || c.faults) && i < r->nsub; i++)
		if (!consider(r, &head, r->sub[i], short_form, &c))
			return false;
	if (!c.at && short_form)
		return true;
	if (!c.at && (r->article || silent) && !unlike(r, said || silent, &c))
		return false;
	if (c.at) {
		*found = c.text;
		r->headline = c.at;
	}
	return true;
}
