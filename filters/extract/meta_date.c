/* filters/extract/meta_date.c -- when the page was published and changed. */
#include "filters/extract/meta.h"

enum {
	RANK_URL = 37,          /* a date in the URL is better than weaker statements */
	LINE = 160,             /* bytes of a line that a date is looked for in */
	BEFORE = 120, AFTER = 300,      /* nodes around the headline */
};

static bool set(struct pm_meta_reader *r, struct pm_meta *to, const struct pm_date *d, const char *source)
{
	to->value = pm_arena_copy(r->page->arena, pm_slice(d->text, d->len));
	to->source = source;
	return to->value.ptr != NULL;
}

/* The best statement that is a date; `rank` is its own. */
static bool stated(struct pm_meta_reader *r, enum pm_meta_field field, struct pm_date *d,
		   const char **source, unsigned *rank)
{
	for (const struct pm_said *s = pm_meta_best(r, field, NULL); s; s = pm_meta_best(r, field, s)) {
		struct pm_slice text = pm_meta_text(r, s);

		if (!text.ptr)
			return false;
		if (text.len > LINE || !pm_date_value(text, &r->hints, d))
			continue;
		*source = s->source;
		*rank = s->rank;
		return true;
	}
	*source = NULL;
	return true;
}

/* -- what the page shows ----------------------------------------------------------------------------- */

/* Words before a date that say that it isn't when the page was published. */
static bool says_updated(struct pm_slice s)
{
	static const char *const words[] = {
		"updated", "modified", "last update", "last edited", "aktualisiert", "ge\303\244ndert", "stand:", "mis \303\240 jour",
		"modifi\303\251", "actualizado", "actualizada", "atualizado", "atualizada", "aggiornato", "aggiornamento",
		"bijgewerkt", "laatst", "uppdaterad", "opdateret", "oppdatert", "zaktualizowano", "aktualizace",
		"\320\276\320\261\320\275\320\276\320\262\320\273\320\265\320\275\320\276", "\346\233\264\346\226\260", "reviewed", "p\303\244ivitetty",
		"revised",
	};

	for (size_t i = 0; i < s.len; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
			size_t n = strlen(words[k]);

			if (s.len - i >= n && pm_ascii_lower(s.ptr[i]) == words[k][0] &&
			    pm_slice_is_nocase(pm_slice(s.ptr + i, n), words[k]))
				return true;
		}
	return false;
}

struct seen {
	struct pm_date published, modified;
	bool has_published, has_modified;
	const char *source;
};

static void note(struct seen *seen, const struct pm_date *d, bool updated, const char *source)
{
	if (updated && !seen->has_modified) {
		seen->modified = *d;
		seen->has_modified = true;
	} else if (!updated && !seen->has_published) {
		seen->published = *d;
		seen->has_published = true;
		seen->source = source;
	}
}

/* The dates of one line: "Published Jan 2, 2024 | Updated Jan 5, 2024". */
static void read_line(struct pm_meta_reader *r, struct pm_slice line, bool updated, const char *source,
		      struct seen *seen)
{
	struct pm_date d;
	size_t end;

	for (unsigned n = 0; n < 3 && line.len && pm_date_find(line, &r->hints, &d, &end); n++) {
		note(seen, &d, updated || says_updated(pm_slice(line.ptr, end)), source);
		line.ptr += end;
		line.len -= end;
	}
}

static bool node_line(struct pm_meta_reader *r, uint32_t i, struct pm_slice *line)
{
	struct pm_said said = { .at = i, .form = PM_SAID_NODE };

	*line = pm_meta_text(r, &said);
	return line->ptr != NULL;
}

/* A time element; what stands just before it may say what it is about. */
static bool see_time(struct pm_meta_reader *r, uint32_t i, struct seen *seen)
{
	const struct pm_node *nodes = r->doc->nodes;
	struct pm_slice value = pm_html_attr(r->doc, &nodes[i], PM_ATTR_DATETIME), line;
	bool updated = pm_meta_hints(r, i) & PM_HINT_UPDATED ||
		       pm_meta_hints(r, nodes[i].parent) & PM_HINT_UPDATED;
	struct pm_date d;

	if (i > 0 && nodes[i - 1].tag == PM_TAG_NONE && nodes[i - 1].len < LINE)
		updated |= says_updated(pm_node_source(r->doc, &nodes[i - 1]));
	if (!node_line(r, i, &line))
		return false;
	updated |= line.len < LINE && says_updated(line);
	if (value.len && value.len < LINE && pm_date_value(value, &r->hints, &d))
		note(seen, &d, updated, "time");
	else if (line.len < LINE)
		read_line(r, line, updated, "time", seen);
	return true;
}

static bool see(struct pm_meta_reader *r, uint32_t i, bool lines, struct seen *seen)
{
	const struct pm_node *node = &r->doc->nodes[i];
	unsigned hints;
	struct pm_slice line;

	if (node->tag == PM_TAG_TIME)
		return see_time(r, i, seen);
	if (node->tag == PM_TAG_NONE) {
		if (!lines || node->len > LINE || node->flags & PM_NODE_PLAIN)
			return true;
		if (!node_line(r, node->parent, &line))
			return false;
		if (line.len && line.len <= LINE)
			read_line(r, line, false, "dateline", seen);
		return true;
	}
	hints = pm_meta_hints(r, i);
	if (!(hints & (PM_HINT_DATE | PM_HINT_UPDATED)) || node->last - i > 30)
		return true;
	if (!node_line(r, i, &line))
		return false;
	if (line.len && line.len <= LINE)
		read_line(r, line, (hints & PM_HINT_UPDATED) != 0 && !(hints & PM_HINT_DATE), "dateline", seen);
	return true;
}

/* Which parts of the page, and which text there: elements that say that they are dates, or any line. */
enum where { MARKED, LINES, ASIDES };

static bool is_left_out(struct pm_meta_reader *r, uint32_t i, enum where where)
{
	enum pm_element tag = r->doc->nodes[i].tag;

	if (where == ASIDES)
		return tag == PM_TAG_NAV || tag == PM_TAG_FOOTER || tag == PM_TAG_TEMPLATE;
	return r->doc->nodes[i].ns == PM_NS_HTML && pm_meta_is_apart(r, i);
}

static bool look(struct pm_meta_reader *r, uint32_t from, uint32_t to, enum where where, struct seen *seen)
{
	const struct pm_html *doc = r->doc;

	for (uint32_t i = from; i <= to && !seen->has_published; i++) {
		const struct pm_node *node = &doc->nodes[i];

		if (node->tag != PM_TAG_NONE && is_left_out(r, i, where))
			i = node->last;
		else if (!see(r, i, where == LINES, seen))
			return false;
	}
	return true;
}

/* After the headline, then before it; marked elements first, then any line. */
static bool shown(struct pm_meta_reader *r, struct seen *seen)
{
	uint32_t last = r->doc->nnodes - 1, head = r->headline ? r->headline : r->doc->body;
	uint32_t before = head > r->doc->body + BEFORE ? head - BEFORE : r->doc->body;
	uint32_t after = last - head > AFTER ? head + AFTER : last;

	r->doc->effort += r->doc->nnodes;
	return look(r, head, after, MARKED, seen) &&
	       (!r->headline || look(r, before, head, MARKED, seen)) &&
	       look(r, head, after, LINES, seen) &&
	       (!r->headline || look(r, before, head, LINES, seen)) &&
	       look(r, after, last, MARKED, seen) &&
	       look(r, before, last, ASIDES, seen);
}

/* -- choosing ---------------------------------------------------------------------------------------- */

static bool fill_published(struct pm_meta_reader *r, struct seen *seen)
{
	struct pm_page *page = r->page;
	struct pm_date said, in_url;
	const char *source;
	unsigned rank = 0;
	bool url;

	if (!stated(r, PM_SAYS_PUBLISHED, &said, &source, &rank))
		return false;
	url = page->url.ptr && pm_date_in_url(page->url, &r->hints, &in_url);
	if (source && (rank < RANK_URL || !url))
		return set(r, &page->published_at, &said, source);
	if (url)
		return set(r, &page->published_at, &in_url, "url");
	if (!shown(r, seen))
		return false;
	return !seen->has_published || set(r, &page->published_at, &seen->published, seen->source);
}

bool pm_meta_dates(struct pm_meta_reader *r)
{
	struct pm_page *page = r->page;
	struct seen seen = { 0 };
	struct pm_date said;
	const char *source;
	unsigned rank = 0;

	if (!fill_published(r, &seen) || !stated(r, PM_SAYS_MODIFIED, &said, &source, &rank))
		return false;
	if (source)
		return set(r, &page->modified_at, &said, source);
	return !seen.has_modified || set(r, &page->modified_at, &seen.modified, "dateline");
}
