/* filters/extract/meta_author.c -- who wrote the page: what it states, else what its byline shows. */
#include "core/psl.h"
#include "filters/extract/meta_author.h"

enum {
	RANK_SEEN = 34,         /* from here on markup, not statements */
	RANK_WEAK = 44,         /* from here on organisations and the like */
	LINE = 200,             /* bytes of a visible byline at most */
	BESIDE = 24,            /* nodes in which the next box of a list of authors begins */
	FAR = 400,              /* nodes from the headline in which a line that begins with "By" counts */
};

/* The site is no author, as long as there is another. */
static void drop_site(struct pm_meta_reader *r, struct pm_people *people)
{
	size_t kept = 0, others = 0;

	for (size_t i = 0; i < people->len; i++)
		others += !pm_meta_is_site(r, people->at[i]);
	for (size_t i = 0; others && i < people->len; i++)
		if (!pm_meta_is_site(r, people->at[i]))
			people->at[kept++] = people->at[i];
	people->len = others ? kept : people->len;
}

static bool only_site(struct pm_meta_reader *r, const struct pm_people *people)
{
	for (size_t i = 0; i < people->len; i++)
		if (!pm_meta_is_site(r, people->at[i]))
			return false;
	return true;
}

static bool keep(struct pm_meta_reader *r, struct pm_people *people, const char *source)
{
	struct pm_meta_list *to = &r->page->authors;

	drop_site(r, people);
	pm_author_drop_helpers(r, people);
	pm_byline_drop_initials(people);
	to->at = PM_ARENA_NEW(r->page->arena, struct pm_slice, people->len);
	if (!to->at)
		return false;
	memcpy(to->at, people->at, people->len * sizeof(*to->at));
	to->len = people->len;
	to->source = source;
	return true;
}

/* "Bee, Ann", as libraries write names; anything else stays as it is. Absent: the arena is full. */
static struct pm_slice in_order(struct pm_meta_reader *r, struct pm_slice line)
{
	const char *comma = line.len ? memchr(line.ptr, ',', line.len) : NULL;
	struct pm_slice last, rest;
	char *to;

	if (!comma || line.len > LINE || memchr(comma + 1, ',', line.len - (size_t)(comma + 1 - line.ptr)))
		return line;
	last = pm_slice_trim(pm_slice(line.ptr, (size_t)(comma - line.ptr)));
	rest = pm_slice_trim(pm_slice(comma + 1, line.len - (size_t)(comma + 1 - line.ptr)));
	if (!last.len || !rest.len || memchr(rest.ptr, ';', rest.len) || memchr(last.ptr, ' ', last.len))
		return line;
	to = pm_arena_alloc(r->page->arena, last.len + rest.len + 1);
	if (!to)
		return (struct pm_slice){ 0 };
	memcpy(to, rest.ptr, rest.len);
	to[rest.len] = ' ';
	memcpy(to + rest.len + 1, last.ptr, last.len);
	return pm_slice(to, last.len + rest.len + 1);
}

static bool by_library(const char *source)
{
	return strcmp(source, "citation_author") == 0 || strcmp(source, "dc:creator") == 0;
}

/* Comments and other articles have authors too. */
static bool is_inside_other(struct pm_meta_reader *r, uint32_t i)
{
	const struct pm_html *doc = r->doc;
	enum { LEVELS = 6 };

	for (unsigned n = 0; i && n < LEVELS; n++, i = doc->nodes[i].parent)
		if (doc->nodes[i].tag != PM_TAG_FOOTER && pm_meta_is_apart(r, i))
			return true;
	return false;
}

/* The end of the box around a node: authors of one text stand together, those of answers do not. */
static uint32_t box_end(const struct pm_html *doc, uint32_t i)
{
	for (unsigned n = 0; n < 3; n++)
		i = doc->nodes[i].parent;
	return doc->nodes[i].last;
}

/* "Example Radio (www.example.de)", "example.de, Bonn": the site, as its address gives away. */
static bool has_own_domain(const struct pm_meta_reader *r, struct pm_slice line)
{
	struct pm_slice domain = r->has_url ? pm_psl_domain(r->own.host) : (struct pm_slice){ 0 };
	const char *bracket = line.len ? memchr(line.ptr, '(', line.len) : NULL;
	size_t k = 0;

	if (!domain.len || line.len <= domain.len || line.len > LINE)
		return false;
	if (bracket)
		line = pm_slice(bracket + 1, (size_t)(line.ptr + line.len - bracket - 1));
	if (pm_slice_begins_nocase(line, "www.", 4))
		line = pm_slice(line.ptr + 4, line.len - 4);
	while (k < domain.len && k < line.len && pm_ascii_lower(line.ptr[k]) == domain.ptr[k])
		k++;
	return k == domain.len;
}

static bool read_said(struct pm_meta_reader *r, const struct pm_said *s, uint32_t *limit,
		      struct pm_people *people, const char **source)
{
	bool markup = s->rank >= RANK_SEEN && s->form != PM_SAID_JSON;
	struct pm_slice line;

	if (markup && (s->at > *limit || is_inside_other(r, s->at)))
		return true;
	line = pm_meta_text(r, s);
	if (line.ptr && by_library(s->source))
		line = in_order(r, line);
	if (!line.ptr)
		return false;
	if ((markup && line.len > LINE) || has_own_domain(r, line))
		return true;
	if (!pm_byline_read(line, markup ? PM_BYLINE_MARKED : PM_BYLINE_STATED, people))
		return true;
	*source = s->source;
	if (markup && *limit == UINT32_MAX)
		*limit = box_end(r->doc, s->at);
	if (markup && *limit < s->at + BESIDE)
		*limit = s->at + BESIDE;
	return true;
}

/* Everything that was said with one rank is one statement: a meta element for each author. Moves *s to the
 * next rank. */
static bool read_rank(struct pm_meta_reader *r, const struct pm_said **s, struct pm_people *people,
		      const char **source)
{
	uint32_t limit = UINT32_MAX;
	unsigned rank = (*s)->rank;

	people->len = 0;
	for (; *s && (*s)->rank == rank; *s = pm_meta_best(r, PM_SAYS_AUTHOR, *s))
		if (!read_said(r, *s, &limit, people, source))
			return false;
	return true;
}

static bool names(const struct pm_people *people, struct pm_slice name)
{
	for (size_t i = 0; i < people->len; i++)
		if (pm_slice_eq(people->at[i], name))
			return true;
	return false;
}

static bool names_more(const struct pm_people *people, const struct pm_people *than)
{
	for (size_t i = 0; i < than->len; i++)
		if (!names(people, than->at[i]))
			return false;
	return people->len > than->len;
}

/* The site's own name gives way to whoever is named with less trust, and who is named alone to a statement
 * of the head that names others too. */
static bool stated(struct pm_meta_reader *r, unsigned from, unsigned to, struct pm_people *people,
		   const char **source)
{
	const struct pm_said *s = pm_meta_best(r, PM_SAYS_AUTHOR, NULL);
	struct pm_people next;

	while (s && s->rank < to) {
		unsigned rank = s->rank;
		const char *said = NULL;

		if (rank < from) {
			s = pm_meta_best(r, PM_SAYS_AUTHOR, s);
			continue;
		}
		if (!read_rank(r, &s, &next, &said))
			return false;
		if (next.len && (only_site(r, people) || (rank < RANK_SEEN && names_more(&next, people)))) {
			*people = next;
			*source = said;
		}
		if (people->len && !only_site(r, people) && rank >= RANK_SEEN)
			break;
	}
	return true;
}

/* -- what the page shows ----------------------------------------------------------------------------- */

/* Right at the headline there are no other articles yet, whatever a class says; comments there may be. */
static bool is_apart(struct pm_meta_reader *r, uint32_t i)
{
	enum { ABOVE = 30, BELOW = 60 };
	enum pm_element tag = r->doc->nodes[i].tag;
	uint32_t head = r->headline;

	if (head && i + ABOVE > head && i < r->doc->nodes[head].last + BELOW)
		return tag == PM_TAG_NAV || tag == PM_TAG_TEMPLATE || pm_meta_hints(r, i) & PM_HINT_COMMENTS;
	return pm_meta_is_apart(r, i);
}

static bool begins_folder(struct pm_slice s)
{
	static const char *const folders[] = {
		"/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/autores/", "/auteurs/", "/people/author",
		"/contributor/", "/contributors/", "/writers/", "/columnists/", "/journalist", "/redaktion/",
	};

	for (size_t k = 0; k < sizeof(folders) / sizeof(*folders); k++) {
		size_t n = strlen(folders[k]);

		if (folders[k][1] == s.ptr[1] && s.len > n && memcmp(s.ptr, folders[k], n) == 0)
			return true;
	}
	return false;
}

/* A link to where the site lists its authors. */
static bool is_author_link(const struct pm_html *doc, const struct pm_node *node)
{
	enum { BYTES = 300 };
	struct pm_slice href;

	if (node->tag != PM_TAG_A)
		return false;
	href = pm_html_attr(doc, node, PM_ATTR_HREF);
	for (size_t i = 0; i + 1 < href.len && i < BYTES; i++)
		if (href.ptr[i] == '/' && begins_folder(pm_slice(href.ptr + i, href.len - i)))
			return true;
	return false;
}

static bool is_marked(struct pm_meta_reader *r, uint32_t i)
{
	return pm_meta_hints(r, i) & PM_HINT_AUTHOR || is_author_link(r->doc, &r->doc->nodes[i]);
}

/* A child that holds more of the name and less of everything else. */
static bool reads_better(struct pm_meta_reader *r, uint32_t i)
{
	const struct pm_html *doc = r->doc;

	for (uint32_t n = i + 1; n <= doc->nodes[i].last; n++) {
		const struct pm_node *node = &doc->nodes[n];

		if (node->tag != PM_TAG_NONE && node->last > n && is_marked(r, n))
			return true;
	}
	return false;
}

/* Names side by side, each in an element, with nothing between them. */
static bool read_leaves(struct pm_meta_reader *r, uint32_t box, struct pm_people *people)
{
	const struct pm_node *nodes = r->doc->nodes;

	for (uint32_t i = box + 1; i <= nodes[box].last; i++) {
		struct pm_said said = { .at = i, .form = PM_SAID_NODE };
		struct pm_slice line;

		if (nodes[i].tag == PM_TAG_NONE || nodes[i].last != i + 1)
			continue;
		line = pm_meta_text(r, &said);
		if (!line.ptr)
			return false;
		if (line.len && line.len <= LINE)
			pm_byline_read(line, PM_BYLINE_SEEN, people);
	}
	return true;
}

static bool read_node(struct pm_meta_reader *r, uint32_t i, enum pm_byline_trust trust, bool must_lead,
		      struct pm_people *people)
{
	struct pm_said said = { .at = i, .form = PM_SAID_NODE };
	struct pm_slice line = pm_meta_text(r, &said);
	bool led;

	if (!line.ptr)
		return false;
	pm_byline_lead(line, &led);
	if (line.len && line.len <= LINE && (led || !must_lead) && !pm_byline_read(line, trust, people) &&
	    trust == PM_BYLINE_MARKED)
		return read_leaves(r, i, people);
	return true;
}

/* The first element that calls itself byline or author and shows names; of several side by side, all. */
static bool marked(struct pm_meta_reader *r, uint32_t from, uint32_t to, struct pm_people *people)
{
	enum { NODES = 60, READ_MAX = 200 };
	const struct pm_html *doc = r->doc;
	uint32_t near = 0;      /* the end of the box around the first */
	unsigned read = 0;

	for (uint32_t i = from; i <= to && !(near && i > near) && read < READ_MAX; i++) {
		const struct pm_node *node = &doc->nodes[i];
		size_t before = people->len;

		if (node->tag == PM_TAG_NONE || node->ns != PM_NS_HTML)
			continue;
		if (is_apart(r, i)) {
			i = node->last;
			continue;
		}
		if (!is_marked(r, i) || node->last - i > NODES || node->last == i)
			continue;
		if (reads_better(r, i))
			continue;
		if (!read_node(r, i, PM_BYLINE_MARKED, false, people))
			return false;
		read++;
		if (people->len > before && !near)
			near = doc->nodes[doc->nodes[node->parent].parent].last;
		i = node->last;
	}
	return true;
}

/* The element that follows, behind white space. */
static bool read_next(struct pm_meta_reader *r, uint32_t i, struct pm_people *people)
{
	enum { NEAR = 4 };
	const struct pm_node *nodes = r->doc->nodes;
	uint32_t n = nodes[i].last + 1;

	for (uint32_t end = n + NEAR; n < r->doc->nnodes && n < end; n++)
		if (nodes[n].tag != PM_TAG_NONE)
			return read_node(r, n, PM_BYLINE_SEEN, false, people);
	return true;
}

/* A short line near the headline that begins with "By"; the name may stand in the next box. */
static bool led(struct pm_meta_reader *r, uint32_t from, uint32_t to, struct pm_people *people)
{
	enum { NODES = 20 };
	const struct pm_html *doc = r->doc;

	to = to - from > FAR ? from + FAR : to;
	for (uint32_t i = from; i <= to && !people->len; i++) {
		const struct pm_node *node = &doc->nodes[i];
		bool alone;

		if (node->tag == PM_TAG_NONE)
			continue;
		if (is_apart(r, i)) {
			i = node->last;
			continue;
		}
		if (node->last - i >= NODES || node->last == i || doc->nodes[i + 1].tag != PM_TAG_NONE)
			continue;
		alone = node->last == i + 1 && pm_byline_is_lead(pm_node_source(doc, &doc->nodes[i + 1]));
		if (!(alone ? read_next(r, i, people) : read_node(r, i, PM_BYLINE_SEEN, true, people)))
			return false;
	}
	return true;
}

static bool shown(struct pm_meta_reader *r, struct pm_people *people)
{
	uint32_t last = r->doc->nnodes - 1, from = r->headline ? r->headline : r->doc->body;

	if (!marked(r, from, last, people))
		return false;
	if (!people->len && !led(r, from, last, people))
		return false;
	if (!people->len && r->headline && !marked(r, r->doc->body, r->headline, people))
		return false;
	r->doc->effort += r->doc->nnodes;
	return true;
}

bool pm_meta_authors(struct pm_meta_reader *r)
{
	struct pm_people people = { .len = 0 }, site = { .len = 0 };
	const char *source = NULL, *site_source = NULL;

	if (!stated(r, 0, RANK_WEAK, &people, &source))
		return false;
	if (people.len && only_site(r, &people)) {
		site = people;
		site_source = source;
		people.len = 0;
	}
	if (!people.len) {
		source = "byline";
		if (!shown(r, &people))
			return false;
	}
	if (!people.len && !stated(r, RANK_WEAK, UINT8_MAX, &people, &source))
		return false;
	if (!people.len && site.len) {
		people = site;
		source = site_source;
	}
	return !people.len || keep(r, &people, source);
}
