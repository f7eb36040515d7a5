#include "filters/extract/links.h"

#include "core/url.h"
#include "filters/extract/clean.h"
#include "filters/extract/entity.h"

struct reader {
	struct pm_html *doc;
	struct pm_page *page;
	struct pm_url base;
	bool has_base;
	bool long_query;        /* the base's is so long that what keeps it is left out unseen */
	size_t base_len;        /* bytes of the base that each link may copy */
	struct pm_clean text;   /* of all links, one behind the other */
	size_t bytes;           /* of what was read so far */
	size_t missed;          /* links that there was no room for */
	size_t parted;          /* which of the parted links may come next */
	/* By link: its element, its last node, and where its text begins in `text`, which moves as
	 * it grows. */
	uint32_t *node, *last, *at;
};

/* -- where to ---------------------------------------------------------------------------------- */

static uint32_t base_element(const struct pm_html *doc)
{
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];

		if (node->tag == PM_TAG_TEMPLATE)
			i = node->last;
		else if (node->tag == PM_TAG_BASE && pm_html_attr(doc, node, PM_ATTR_HREF).ptr)
			return i;
	}
	return 0;
}

/* A base that doesn't parse, or that nothing can be relative to, is as good as none. */
static bool open_base(struct reader *r)
{
	struct pm_arena *a = r->page->arena;
	uint32_t at = base_element(r->doc);
	enum pm_url_status got = PM_URL_BAD;
	struct pm_slice href;
	struct pm_url url;

	if (r->page->url.ptr)
		got = pm_url_parse(a, r->page->url, NULL, &r->base);
	r->has_base = got == PM_URL_OK;
	if (got == PM_URL_FULL)
		return false;
	if (at) {
		href = pm_entity_decode(a, pm_html_attr(r->doc, &r->doc->nodes[at], PM_ATTR_HREF));
		got = href.ptr ? pm_url_parse(a, href, r->has_base ? &r->base : NULL, &url)
			       : PM_URL_FULL;
		if (got == PM_URL_FULL)
			return false;
		if (got == PM_URL_OK && !url.opaque_path) {
			r->base = url;
			r->has_base = true;
		}
	}
	if (!r->has_base)
		return true;
	/* Each link copies what it takes from here, so this must be no longer than a link may
	 * be. */
	r->base_len =
		r->base.username.len + r->base.password.len + r->base.host.len + r->base.path.len;
	r->has_base = r->base_len <= PM_LINK_URL_MAX;
	r->long_query = r->base.query.len > PM_LINK_URL_MAX;
	return true;
}

/* Without what URL parsers take off either end. */
static struct pm_slice trim(struct pm_slice s)
{
	while (s.len && (unsigned char)s.ptr[0] <= ' ')
		s.ptr++, s.len--;
	while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

/* Whether it names a scheme that isn't the web's: javascript:, mailto:, ... */
static bool is_elsewhere(struct pm_slice href)
{
	size_t i = 0;

	while (i < href.len && ((unsigned char)((href.ptr[i] | 0x20) - 'a') < 26 ||
				(unsigned char)(href.ptr[i] - '0') < 10 || href.ptr[i] == '+' ||
				href.ptr[i] == '-' || href.ptr[i] == '.'))
		i++;
	if (i == 0 || i == href.len || href.ptr[i] != ':')
		return false;
	href.len = i;
	return !pm_slice_is_nocase(href, "http") && !pm_slice_is_nocase(href, "https");
}

/* What a link has to say of where it leads, before any memory goes into it. */
static bool is_hopeful(const struct reader *r, struct pm_slice href)
{
	if (href.len > PM_LINK_URL_MAX || is_elsewhere(href))
		return false;
	if (r->long_query && (href.len == 0 || href.ptr[0] == '#'))
		return false;
	return r->has_base || (href.len && memchr(href.ptr, ':', href.len));
}

/* `to` stays absent where it leads nowhere on the web. Only the URL itself stays in the arena, not
 * what parsing it took. false: the arena is full. */
static bool resolve(struct reader *r, struct pm_slice href, struct pm_slice *to)
{
	struct pm_arena *a = r->page->arena;
	void *mark = pm_arena_alloc(a, 0);
	struct pm_slice full = { 0 };
	char url[PM_LINK_URL_MAX];
	enum pm_url_status got;
	struct pm_url parsed;

	if (!mark)
		return false;
	href = pm_entity_decode(a, href);
	if (!href.ptr)
		return false;
	got = pm_url_parse(a, href, r->has_base ? &r->base : NULL, &parsed);
	if (got == PM_URL_FULL)
		return false;
	if (got == PM_URL_OK && pm_url_is_web(&parsed)) {
		full = pm_url_href(a, &parsed, true);
		if (!full.ptr)
			return false;
		if (full.len <= sizeof(url))
			memcpy(url, full.ptr, full.len);
		else
			full = (struct pm_slice){ 0 };
	}
	pm_arena_trim(a, mark, 0);
	if (!full.ptr)
		return true;
	*to = pm_arena_copy(a, pm_slice(url, full.len));
	return to->ptr != NULL;
}

/* -- what it says ------------------------------------------------------------------------------ */

/* Its tokens in lower case with one space between; absent where it has none. false: the arena is
 * full. */
static bool read_rel(struct reader *r, const struct pm_node *node, struct pm_slice *to)
{
	enum { MOST = 4 * PM_LINK_REL_MAX };
	struct pm_slice raw = pm_html_attr(r->doc, node, PM_ATTR_REL);
	size_t len = 0, whole = 0;
	char *p;

	if (!raw.len)
		return true;
	/* Of more only whole tokens, whatever references they are written with. */
	if (raw.len > MOST)
		for (raw.len = MOST; raw.len && !pm_ascii_space(raw.ptr[raw.len - 1]);)
			raw.len--;
	raw = pm_entity_decode(r->page->arena, raw);
	p = raw.ptr ? pm_arena_alloc(r->page->arena, PM_LINK_REL_MAX) : NULL;
	if (!p)
		return false;
	for (size_t i = 0; i <= raw.len; i++) {
		if (i < raw.len && !pm_ascii_space(raw.ptr[i])) {
			if (len == PM_LINK_REL_MAX)
				break;
			p[len++] = pm_ascii_lower(raw.ptr[i]);
		} else if (len > whole) {
			whole = len;
			if (len == PM_LINK_REL_MAX)
				break;
			p[len++] = ' ';
			whole += i < raw.len;
		}
	}
	while (whole && p[whole - 1] == ' ')
		whole--;
	pm_arena_trim(r->page->arena, p, whole);
	if (whole)
		*to = pm_slice(p, whole);
	return true;
}

/* Behind the texts of the links before. */
static bool read_text(struct reader *r, uint32_t i, uint32_t last, struct pm_link *link)
{
	struct pm_clean *c = &r->text;
	size_t len;

	c->from = c->len;
	c->owed = PM_OWED_NOTHING;
	pm_visible_put(r->doc, c, i, last, PM_LINK_TEXT_MAX);
	pm_clean_settle(c);
	if (c->full)
		return false;
	len = c->len - c->from;
	if (len > PM_LINK_TEXT_MAX) {
		len = PM_LINK_TEXT_MAX;
		while (((unsigned char)c->p[c->from + len] & 0xc0) == 0x80)
			len--;
		while (len && c->p[c->from + len - 1] == ' ')
			len--;
	}
	c->len = c->from + len;
	link->text.len = len;
	return true;
}

/* -- all of them ------------------------------------------------------------------------------- */

static bool is_link(const struct pm_node *node)
{
	if (node->flags & PM_NODE_HIDDEN)
		return false;
	return node->tag == PM_TAG_A ? node->ns != PM_NS_MATH :
	       node->tag == PM_TAG_AREA && node->ns == PM_NS_HTML;
}

/* A link that a block parts from what it holds goes on behind it. Links come in order. */
static uint32_t last_node(struct reader *r, uint32_t i)
{
	const struct pm_html *doc = r->doc;
	uint32_t last = doc->nodes[i].last;

	while (r->parted < doc->nparted && doc->parted[r->parted].node < i)
		r->parted++;
	if (r->parted < doc->nparted && doc->parted[r->parted].node == i &&
	    doc->parted[r->parted].last > last)
		last = doc->parted[r->parted].last;
	return last;
}

/* false: the arena is full. */
static bool add_link(struct reader *r, uint32_t i)
{
	const struct pm_node *node = &r->doc->nodes[i];
	struct pm_slice href = pm_html_attr(r->doc, node, PM_ATTR_HREF), url = { 0 };
	size_t n = r->page->links.len;
	struct pm_link *link;

	if (!href.ptr)
		return true;
	href = trim(href);
	r->doc->effort += href.len < PM_LINK_URL_MAX ? href.len : PM_LINK_URL_MAX;
	if (!is_hopeful(r, href))
		return true;
	if (n == PM_LINKS_MAX || r->bytes >= PM_LINKS_BYTES_MAX) {
		r->missed++;
		return true;
	}
	r->doc->effort += r->has_base ? r->base_len : 0;
	if (!resolve(r, href, &url))
		return false;
	if (!url.ptr)
		return true;
	link = PM_LIST_ADD(r->page, r->page->links);
	if (!link)
		return false;
	link->url = url;
	r->node[n] = i;
	r->last[n] = last_node(r, i);
	r->at[n] = (uint32_t)r->text.len;
	if (!read_rel(r, node, &link->rel) || !read_text(r, i, r->last[n], link))
		return false;
	r->bytes += link->url.len + link->rel.len + link->text.len;
	r->doc->effort += link->url.len + link->text.len;
	return true;
}

static bool walk(struct reader *r)
{
	const struct pm_html *doc = r->doc;

	for (uint32_t i = doc->body; i <= doc->nodes[doc->body].last; i++) {
		const struct pm_node *node = &doc->nodes[i];

		if (node->tag == PM_TAG_NONE)
			continue;
		if (is_link(node) && !add_link(r, i))
			return false;
		if (pm_visible_hides(doc, node))
			i = node->last;
	}
	r->doc->effort += doc->nnodes;
	return true;
}

static bool is_kept(const struct pm_visible *v, uint32_t run)
{
	return v->blocks[v->runs[run].block].kept;
}

/* From the last link to the first: which run is the first behind a link's start, and which of those
 * that were kept, is then known without a search. */
static void find_main(struct reader *r, const struct pm_visible *v)
{
	uint32_t run = v->nruns, kept = v->nruns;

	for (size_t n = r->page->links.len; n-- > 0;) {
		struct pm_link *link = &r->page->links.at[n];
		uint32_t last = r->last[n];

		while (run > 0 && v->runs[run - 1].node > r->node[n])
			if (is_kept(v, --run))
				kept = run;
		if (run < v->nruns && v->runs[run].node <= last)
			link->main = kept < v->nruns && v->runs[kept].node <= last;
		else
			link->main = v->nruns && (run == 0 || is_kept(v, run - 1)) &&
				     (run == v->nruns || is_kept(v, run));
		link->text = link->text.len ? pm_slice(r->text.p + r->at[n], link->text.len) :
			     (struct pm_slice){ 0 };
	}
}

bool pm_links(struct pm_html *doc, const struct pm_visible *v, struct pm_page *page)
{
	struct reader r = { .doc = doc, .page = page };

	if (!doc->body)
		return true;
	r.node = PM_ARENA_NEW(page->arena, uint32_t, 3 * PM_LINKS_MAX);
	if (!r.node || !open_base(&r))
		return false;
	r.last = r.node + PM_LINKS_MAX;
	r.at = r.last + PM_LINKS_MAX;
	pm_clean_open(&r.text, page->arena, v->text.len / 4);
	if (r.text.full || !walk(&r))
		return false;
	find_main(&r, v);
	if (r.missed)
		pm_page_note(page, "links left out", "%zu, beyond %d links or %d KiB", r.missed,
			     PM_LINKS_MAX, PM_LINKS_BYTES_MAX >> 10);
	return true;
}
