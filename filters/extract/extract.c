/* filters/extract/extract.c -- from a decoded body to text, blocks and what
 * the page says of itself. */
#include "core/psl.h"
#include "filters/extract/date.h"
#include "filters/extract/flat.h"
#include "filters/extract/html_meta.h"
#include "filters/extract/is_html.h"
#include "filters/extract/links.h"
#include "filters/extract/main.h"
#include "filters/extract/markdown.h"
#include "filters/extract/nfc.h"
#include "filters/extract/removed.h"
#include "filters/extract/visible.h"
#include "filters/filter.h"
#include "filters/loader.h"
#include "filters/names.h"

enum scope { SCOPE_BODY, SCOPE_MAIN };

struct conf {
	int scope;
	bool blocks, markdown, links;
};

static const char *const reasons[] = { NULL };

static const char *const scopes[] = { [SCOPE_BODY] = "body", [SCOPE_MAIN] = "main", NULL };

static const struct pm_option options[] = {
	{ PM_OPT_ENUM, "scope", "main", .choices = scopes, .offset = offsetof(struct conf, scope),
	  .doc = "What becomes `text` of an HTML page: `main` is its main content, `body` all text that it "
		 "displays." },
	{ PM_OPT_BOOL, "blocks", "false", .offset = offsetof(struct conf, blocks),
	  .doc = "Whether the record shows `blocks`: the text piece by piece, with each one's kind." },
	{ PM_OPT_BOOL, "markdown", "false", .offset = offsetof(struct conf, markdown),
	  .doc = "Whether the record has `markdown`: the same pieces as CommonMark with GFM's tables." },
	{ PM_OPT_BOOL, "links", "false", .offset = offsetof(struct conf, links),
	  .doc = "Whether the record has `links`: each link of an HTML page that leads to the web, resolved, "
		 "with its text, its `rel`, and whether it stands in the text." },
	{ 0 }
};

static void *extract_open(const void *conf, struct pm_loader *load, struct pm_err *err)
{
	for (unsigned i = 0; i < PM_UNICODE_TABLES; i++)
		pm_loader_builtin(load, "unicode", pm_unicode_bytes(i));
	pm_loader_builtin(load, "public_suffixes", pm_psl_bytes());
	for (unsigned i = 0; pm_main_learnt(i).ptr; i++)
		pm_loader_builtin(load, "main", pm_main_learnt(i));
	pm_loader_builtin(load, "months", pm_date_bytes());
	return (void *)conf;
}

/* The blocks in their other form, where it is asked for. */
static struct pm_result finish(struct pm_page *page, const struct conf *conf,
			       struct pm_worker *worker)
{
	if (!conf->markdown)
		return PM_PASSED;
	if (!pm_markdown(page))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	return pm_spend(worker, (uint32_t)page->markdown.len) ? PM_PASSED
							      : PM_FAILED(PM_REASON_EFFORT);
}

static struct pm_result extract_process(struct pm_page *page, const void *state,
					struct pm_worker *worker)
{
	const struct conf *conf = state;
	struct pm_html doc;
	struct pm_visible visible;
	const char *sign;
	uint64_t owed;

	if (!page->content.ptr)
		return PM_PASSED;
	page->show_blocks = conf->blocks;
	/* Before the work, by its size: every stage looks at each byte a
	 * bounded number of times. */
	if (!pm_spend(worker, (uint32_t)page->content.len))
		return PM_FAILED(PM_REASON_EFFORT);
	sign = pm_html_sign(page->media, page->content);
	pm_page_note(page, "read as", "%s: %s", sign ? "HTML" : "flattened text", sign ? sign :
		     page->media == PM_MEDIA_TEXT ? "it came as text" : "no sign of HTML in its first 64 KiB");
	if (!sign)
		return pm_flat_text(page, page->content) && pm_meta_headers(page)
		       ? finish(page, conf, worker) : PM_FAILED(PM_REASON_ARENA_FULL);
	page->layout = PM_LAYOUT_HTML;
	if (!pm_html_parse(&doc, page->arena, page->content))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	/* `body` is what shows without scripts. */
	if (conf->scope == SCOPE_MAIN && !pm_html_stream(&doc, page->arena))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (!pm_visible_read(&doc, page->arena, &visible) || !pm_html_meta(&doc, page))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (!(conf->scope == SCOPE_MAIN ? pm_main_text(&doc, &visible, page)
					: pm_visible_text(&visible, page)))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (conf->links && !pm_links(&doc, &visible, page))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	owed = doc.effort > page->content.len ? doc.effort - page->content.len : 0;
	if (!pm_spend(worker, owed < UINT32_MAX ? (uint32_t)owed : UINT32_MAX))
		return PM_FAILED(PM_REASON_EFFORT);
	return finish(page, conf, worker);
}

static int extract_provides(const void *state, struct pm_names *names)
{
	static const char *const fields[][2] = {
		{ "text", NULL }, { "layout", "html" }, { "layout", "lines" }, { "layout", "flat" },
		{ "language.declared", NULL }, { "is_accessible_for_free", NULL },
		{ "sources.is_accessible_for_free", NULL },
		{ "title", NULL }, { "sources.title", NULL },
		{ "canonical_url", NULL }, { "sources.canonical_url", NULL },
		{ "site_name", NULL }, { "sources.site_name", NULL },
		{ "published_at", NULL }, { "sources.published_at", NULL },
		{ "modified_at", NULL }, { "sources.modified_at", NULL },
		{ "authors", NULL }, { "sources.authors", NULL },
		{ "section", NULL }, { "sources.section", NULL },
		{ "breadcrumbs", NULL }, { "sources.breadcrumbs", NULL },
		{ "description", NULL }, { "sources.description", NULL },
		{ "image", NULL }, { "sources.image", NULL },
		{ "keywords", NULL }, { "sources.keywords", NULL },
		{ "licence", NULL }, { "sources.licence", NULL },
		{ "robots", NULL }, { "sources.robots", NULL },
		{ "quality.flags.name", "truncated" },
	};
	static const char *const links[] = { "links.url", "links.text", "links.rel", "links.main" };
	const struct conf *conf = state;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (pm_names_add(names, fields[i][0], fields[i][1]) != 0)
			return -1;
	if (conf->blocks && pm_names_add(names, "blocks.kind", NULL) != 0)
		return -1;
	for (size_t i = 0; conf->links && i < sizeof(links) / sizeof(*links); i++)
		if (pm_names_add(names, links[i], NULL) != 0)
			return -1;
	if (conf->scope == SCOPE_MAIN && pm_removed_names(names) != 0)
		return -1;
	return conf->markdown ? pm_names_add(names, "markdown", NULL) : 0;
}

static void extract_close(void *state)
{
}

const struct pm_filter pm_filter_extract = {
	.abi = PM_FILTER_ABI,
	.size = sizeof(struct pm_filter),
	.name = "extract",
	.version = 30,
	.summary = "Takes text, blocks and metadata out of HTML or flattened text.",
	.needs = PM_CONTENT,
	.gives = PM_TEXT | PM_META | PM_BLOCKS | PM_MARKDOWN | PM_LINKS | PM_REMOVED,
	.options = options,
	.conf_size = sizeof(struct conf),
	.reasons = reasons,
	.open = extract_open,
	.provides = extract_provides,
	.process = extract_process,
	.close = extract_close,
};
