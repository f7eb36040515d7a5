#include "stage/explain_text.h"

#include <stdarg.h>
#include <string.h>

#include "core/escape.h"
#include "core/field.h"
#include "core/utf8.h"

enum { LABEL = 2, VALUE = 21, HOW = VALUE + 15 };
enum { TIME_END = 55, EFFORT_END = 73, ARENA_END = 86 };        /* columns that costs end before */
enum { ROWS = 20, VALUES = 12 };        /* of one field */

/* -- costs ------------------------------------------------------------------------------------- */

/* Ends before the column `end`, as numbers below each other do. */
static void put_number(struct pm_paint *p, unsigned end, const char *unit, uint64_t n,
		       unsigned decimals)
{
	unsigned width = (unsigned)pm_utf8_count(pm_slice_str(unit));
	char text[48];

	if (decimals)
		snprintf(text, sizeof(text), "%llu.%llu %s", (unsigned long long)n / 10,
			 (unsigned long long)n % 10, unit);
	else
		snprintf(text, sizeof(text), "%llu %s", (unsigned long long)n, unit);
	width += (unsigned)(strlen(text) - strlen(unit));
	pm_paint_to(p, end > width ? end - width : 0);
	pm_paint_text(p, PM_DIM, "%s", text);
}

/* A step's head: its name, how it ended, what it cost. */
__attribute__((format(printf, 5, 6)))
static void put_head(struct pm_paint *p, const char *name, const struct pm_cost *cost,
		     enum pm_colour colour, const char *verdict, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, verdict);
	vsnprintf(text, sizeof(text), verdict, ap);
	va_end(ap);
	pm_paint_text(p, PM_BOLD, "%s", name);
	pm_paint_to(p, VALUE);
	pm_paint_text(p, colour, "%s", text);
	put_number(p, TIME_END, "µs", (uint64_t)cost->nanoseconds / 1000, 0);
	put_number(p, EFFORT_END, "units", cost->effort, 0);
	put_number(p, ARENA_END, "KiB", cost->arena * 10 / 1024, 1);
	pm_paint_line(p);
}

static void put_message(struct pm_paint *p, const char *reason, const char *message)
{
	if (!message[0] || strcmp(message, reason) == 0)
		return;
	pm_paint_to(p, LABEL);
	pm_paint_text(p, PM_RED, "%s", message);
	pm_paint_line(p);
}

/* -- fields ------------------------------------------------------------------------------------ */

static void label(struct pm_paint *p, const char *name)
{
	pm_paint_to(p, LABEL);
	pm_paint_text(p, PM_PLAIN, "%s", name);
	pm_paint_to(p, VALUE);
}

static void row(struct pm_paint *p, const char *name, struct pm_slice value)
{
	if (!value.ptr)
		return;
	label(p, name);
	pm_paint_slice(p, PM_PLAIN, value);
	pm_paint_line(p);
}

/* Counts as such, all else with its four decimals. */
static void put_value(struct pm_paint *p, const struct pm_field *field,
		      const struct pm_field_value *v)
{
	if (field->type == PM_FIELD_STRING)
		pm_paint_slice(p, PM_PLAIN, v->str);
	else if (field->type == PM_FIELD_BOOL)
		pm_paint_text(p, PM_PLAIN, "%s", v->number ? "true" : "false");
	else if (field->list && v->number % PM_SCORE_ONE == 0)
		pm_paint_text(p, PM_PLAIN, "%lld", (long long)v->number / PM_SCORE_ONE);
	else
		pm_paint_text(p, PM_PLAIN, "%s%lld.%04lld", v->number < 0 ? "-" : "",
			      (long long)(v->number < 0 ? -v->number : v->number) / PM_SCORE_ONE,
			      (long long)(v->number < 0 ? -v->number : v->number) % PM_SCORE_ONE);
}

/* Where a metadata field was found; NULL: it isn't said. */
static const char *source_of(const struct pm_page *page, const char *path)
{
	const struct { const char *path, *source; } of[] = {
		{ "title", page->title.source }, { "canonical_url", page->canonical_url.source },
		{ "site_name", page->site_name.source },
		{ "description", page->description.source },
		{ "image", page->image.source }, { "section", page->section.source },
		{ "licence", page->licence.source }, { "published_at", page->published_at.source },
		{ "modified_at", page->modified_at.source }, { "authors", page->authors.source },
		{ "breadcrumbs", page->breadcrumbs.source }, { "keywords", page->keywords.source },
		{ "robots", page->robots.source }, { "is_accessible_for_free", page->free_source },
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++)
		if (strcmp(of[i].path, path) == 0)
			return of[i].source;
	return NULL;
}

/* All values of a field on one line, behind where they came from: that must not be cut off. */
static void put_field(struct pm_paint *p, const struct pm_page *page, const struct pm_field *field)
{
	struct pm_field_ref ref = { field, { 0 } };
	size_t n = pm_field_count(&ref, page), shown = 0;
	const char *source = source_of(page, field->path);
	struct pm_field_value value;

	for (size_t i = 0; i < n && shown < VALUES; i++) {
		if (!pm_field_get(&ref, page, i, &value))
			continue;
		if (shown++ > 0) {
			pm_paint_text(p, PM_DIM, " · ");
		} else {
			label(p, field->path);
			if (source)
				pm_paint_text(p, PM_DIM, "(%s) ", source);
		}
		put_value(p, field, &value);
	}
	if (!shown)
		return;
	pm_paint_line(p);
}

/* Whether `field` is a column of `group`: "tags.name" of "tags". */
static bool is_column(const struct pm_field *group, const struct pm_field *field)
{
	size_t n = strlen(group->path);

	return field->list && strncmp(field->path, group->path, n) == 0 && field->path[n] == '.';
}

/* A list of objects, one a line. Returns how many fields of the table are its columns. */
static size_t put_group(struct pm_paint *p, const struct pm_page *page, size_t at)
{
	const struct pm_field *group = &pm_fields[at];
	size_t n = group->count(page), columns = 0;

	while (at + 1 + columns < pm_fields_len && is_column(group, &pm_fields[at + 1 + columns]))
		columns++;
	for (size_t i = 0; columns && i < n && i < ROWS; i++) {
		bool first = true;

		label(p, i == 0 ? group->path : "");
		for (size_t c = 0; c < columns; c++) {
			struct pm_field_ref ref = { &pm_fields[at + 1 + c], { 0 } };
			struct pm_field_value value;

			if (strchr(ref.field->path, '*') || !pm_field_get(&ref, page, i, &value))
				continue;
			if (!first)
				pm_paint_text(p, PM_DIM, "  ");
			first = false;
			put_value(p, ref.field, &value);
		}
		pm_paint_line(p);
	}
	if (columns && n > ROWS) {
		label(p, "");
		pm_paint_text(p, PM_DIM, "and %zu more", n - ROWS);
		pm_paint_line(p);
	}
	return columns;
}

static void put_counts(struct pm_paint *p, const char *name, const struct pm_count *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		label(p, i == 0 ? name : "");
		pm_paint_slice(p, PM_PLAIN, at[i].kind);
		pm_paint_text(p, PM_PLAIN, "  %u", at[i].blocks);
		if (at[i].characters)
			pm_paint_text(p, PM_PLAIN, " block%s, %u characters", at[i].blocks == 1 ? "" : "s",
				      at[i].characters);
		pm_paint_line(p);
	}
}

static void put_signals(struct pm_paint *p, const struct pm_page *page)
{
	static const struct pm_field number = { .type = PM_FIELD_NUMBER };

	for (size_t i = 0; i < page->signals.len; i++) {
		struct pm_field_value value = { .number = page->signals.at[i].value };

		label(p, i == 0 ? "signals" : "");
		pm_paint_slice(p, PM_PLAIN, page->signals.at[i].name);
		pm_paint_text(p, PM_PLAIN, "  ");
		put_value(p, &number, &value);
		pm_paint_line(p);
	}
}

/* What the parts that a filter writes hold now. Text, blocks and links have a place of their
 * own. */
static void put_parts(struct pm_paint *p, const struct pm_page *page, uint64_t parts)
{
	uint64_t apart = PM_TEXT | PM_BLOCKS | PM_LINKS | PM_MARKDOWN | PM_REPAIRS | PM_REMOVED;

	for (size_t i = 0; i < pm_fields_len; i++) {
		const struct pm_field *field = &pm_fields[i];

		if (!(field->part & parts & ~apart) || strchr(field->path, '*'))
			continue;
		if (field->type == PM_FIELD_GROUP)
			i += put_group(p, page, i);
		else
			put_field(p, page, field);
	}
	if (parts & PM_REPAIRS)
		put_counts(p, "repairs", page->repairs.at, page->repairs.len);
	if (parts & PM_QUALITY)
		put_signals(p, page);
	if ((parts & PM_TEXT) && page->text.ptr) {
		label(p, "text");
		pm_paint_text(p, PM_PLAIN, "%zu characters, layout %s", pm_utf8_count(page->text),
			      page->layout ? pm_layout_name(page->layout) : "unknown");
		pm_paint_line(p);
	}
	if ((parts & PM_LINKS) && page->links.len) {
		label(p, "links");
		pm_paint_text(p, PM_PLAIN, "%zu", page->links.len);
		pm_paint_line(p);
	}
}

/* -- blocks ------------------------------------------------------------------------------------ */

static void put_block(struct pm_paint *p, const struct pm_block *b)
{
	char kind[32];

	snprintf(kind, sizeof(kind), b->level ? "%s %d" : "%s", pm_block_kind_name(b->kind),
		 b->level);
	pm_paint_to(p, LABEL);
	pm_paint_text(p, PM_GREEN, "+ %s", kind);
	pm_paint_to(p, VALUE);
	pm_paint_slice(p, b->kind == PM_BLOCK_HEADING ? PM_BOLD : PM_PLAIN, b->text);
	pm_paint_line(p);
}

static void put_cut(struct pm_paint *p, const struct pm_cut *cut)
{
	pm_paint_to(p, LABEL);
	pm_paint_text(p, PM_RED, "- %s", pm_block_kind_name(cut->kind));
	pm_paint_to(p, VALUE);
	pm_paint_text(p, PM_RED, "[%.*s%s%s] ", PM_FMT(cut->class), cut->why ? ": " : "",
		      cut->why ? cut->why : "");
	pm_paint_slice(p, PM_DIM, cut->text);
	pm_paint_line(p);
}

/* In the page's order: each cut block before the kept one that it stood before. */
static void put_blocks(struct pm_paint *p, const struct pm_page *page, bool cuts)
{
	size_t cut = cuts ? 0 : page->cuts.len;

	if (!page->blocks.len && !page->cuts.len)
		return;
	pm_paint_text(p, PM_BOLD, "blocks");
	pm_paint_to(p, VALUE);
	pm_paint_text(p, PM_DIM, "%zu kept, %zu removed%s", page->blocks.len, page->cuts.len,
		      page->cuts.len && !cuts ? " (--keep-removed shows them)" : "");
	pm_paint_line(p);
	for (size_t i = 0; i <= page->blocks.len; i++) {
		while (cut < page->cuts.len &&
		       (page->cuts.at[cut].before <= i || i == page->blocks.len))
			put_cut(p, &page->cuts.at[cut++]);
		if (i < page->blocks.len)
			put_block(p, &page->blocks.at[i]);
	}
}

/* -- the way ----------------------------------------------------------------------------------- */

static const char *media_name(enum pm_media media)
{
	static const char *const names[] = {
		[PM_MEDIA_NONE] = "nothing that is read: metadata only", [PM_MEDIA_HTML] = "HTML, as declared",
		[PM_MEDIA_TEXT] = "text, for sure", [PM_MEDIA_GUESS] = "decided by the content",
	};

	return names[media];
}

static void put_envelope(struct pm_paint *p, const struct pm_explain *ex)
{
	const struct pm_page *page = &ex->page;

	if (ex->fault != PM_REASON_NONE) {
		put_head(p, "envelope", &ex->envelope, PM_RED, "fails: %s",
			 pm_reason_name(ex->fault));
		put_message(p, pm_reason_name(ex->fault), ex->fault_message);
		return;
	}
	put_head(p, "envelope", &ex->envelope, PM_GREEN, "passes");
	row(p, "host", page->host);
	row(p, "domain", page->domain);
	row(p, "fetched_at", page->fetched_at);
	row(p, "content_type", page->content_type);
	label(p, "body");
	if (page->status)
		pm_paint_text(p, PM_PLAIN, "status %d, ", page->status);
	pm_paint_text(p, PM_PLAIN, "%zu bytes, %s",
		      page->body.len ? page->body.len : page->received.len,
		      media_name(page->media));
	pm_paint_line(p);
}

static void put_step(struct pm_paint *p, const struct pm_explain *ex,
		     const struct pm_explain_step *step)
{
	const struct pm_page *page = &ex->page;
	const struct pm_filter *f = step->filter;

	if (step->verdict == PM_FAIL) {
		put_head(p, f->name, &step->cost, PM_RED, "fails: %s", step->reason);
		put_message(p, step->reason, step->message);
	} else if (step->verdict == PM_DROP) {
		put_head(p, f->name, &step->cost, PM_YELLOW, step->observed ? "would drop: %s" : "drops: %s",
			 step->reason);
	} else {
		put_head(p, f->name, &step->cost, PM_GREEN, "passes");
	}
	if ((f->gives & PM_CONTENT) && page->charset) {
		label(p, "charset");
		pm_paint_text(p, PM_PLAIN, "%s", page->charset);
		pm_paint_text(p, PM_DIM, "  (%s)", page->charset_rule ? page->charset_rule : "");
		pm_paint_line(p);
	}
	for (size_t i = 0; i < step->notes; i++)
		row(p, page->notes.at[step->note + i].what, page->notes.at[step->note + i].text);
	if (step->verdict != PM_FAIL && step->wrote)
		put_parts(p, page, f->gives | f->rewrites);
	if (step->removes)
		put_counts(p, "removed", page->removed.at + step->removed, step->removes);
}

static void put_routes(struct pm_paint *p, const struct pm_explain *ex,
		       struct pm_route_scratch *scratch)
{
	const struct pm_output *output = ex->set->output;
	struct pm_route_view view;
	bool decided = false;

	pm_paint_text(p, PM_BOLD, "routes");
	pm_paint_line(p);
	for (size_t i = 0; pm_route_view(output->routes, i, &ex->page, scratch, &view); i++) {
		const char *how = decided ? "not asked" : view.matched ? "matches" : "doesn't match";

		pm_paint_to(p, LABEL);
		pm_paint_text(p, PM_PLAIN, "routes[%zu]", i);
		pm_paint_to(p, VALUE);
		pm_paint_text(p, decided || !view.matched ? PM_DIM : PM_GREEN, "%s", how);
		pm_paint_to(p, HOW);
		pm_paint_text(p, decided || !view.matched ? PM_DIM : PM_PLAIN, "%s %s%s",
			      view.drop ? "drop" : "topic", view.drop ? view.drop : view.topic,
			      view.also ? ", and on" : "");
		pm_paint_line(p);
		decided |= view.matched && !view.also;
	}
	for (size_t i = 0; i < ex->to.len; i++)
		row(p, i == 0 ? "topic" : "", pm_slice_str(ex->to.at[i].name));
	row(p, "key", ex->key);
}

void pm_explain_text(struct pm_paint *p, const struct pm_explain *ex,
		     struct pm_route_scratch *scratch, bool cuts)
{
	const struct pm_page *page = &ex->page;

	pm_paint_text(p, PM_BOLD, "page");
	pm_paint_to(p, VALUE);
	pm_paint_slice(p, PM_BOLD, page->url.ptr ? page->url : PM_LIT("without a url"));
	pm_paint_line(p);
	row(p, "position", ex->msg->position);
	row(p, "source_id", page->source_id);
	if (page->id[0])
		row(p, "id", pm_slice_str(page->id));
	put_envelope(p, ex);
	for (size_t i = 0; i < ex->steps; i++)
		put_step(p, ex, &ex->step[i]);
	put_blocks(p, page, cuts);
	if (ex->routed)
		put_routes(p, ex, scratch);
	pm_paint_text(p, PM_BOLD, "outcome");
	pm_paint_to(p, VALUE);
	if (ex->outcome == PM_REJECTED)
		pm_paint_text(p, PM_RED, "fails in %s: %s", ex->by, ex->reason);
	else if (ex->outcome == PM_DROPPED)
		pm_paint_text(p, PM_YELLOW, "dropped by %s: %s", ex->by, ex->reason);
	else
		pm_paint_text(p, PM_GREEN, "a record of %zu bytes", ex->record.len);
	pm_paint_line(p);
}

/* -- the record -------------------------------------------------------------------------------- */

static void indent(FILE *to, int depth)
{
	fprintf(to, "\n%*s", depth * 2, "");
}

/* A string with its quotes; returns what is behind it. */
static const char *put_string(FILE *to, const char *at, const char *end)
{
	bool escaped = false;

	fputc(*at++, to);
	while (at < end) {
		const char *from = at;
		uint32_t cp = pm_utf8_next(&at, end);

		if (pm_escape_needed(cp))
			fprintf(to, "\\u%04x", cp);
		else
			fwrite(from, 1, (size_t)(at - from), to);
		if (cp == '"' && !escaped)
			break;
		escaped = cp == '\\' && !escaped;
	}
	return at;
}

void pm_explain_json(FILE *to, struct pm_slice json)
{
	const char *at = json.ptr, *end = at + json.len;
	int depth = 0;

	while (at < end) {
		char c = *at;

		if (c == '"') {
			at = put_string(to, at, end);
			continue;
		}
		at++;
		if (c == '}' || c == ']')
			indent(to, --depth);
		fputc(c, to);
		if (c == ':')
			fputc(' ', to);
		else if (c == ',')
			indent(to, depth);
		else if (c == '{' || c == '[')
			indent(to, ++depth);
	}
	fputc('\n', to);
}
