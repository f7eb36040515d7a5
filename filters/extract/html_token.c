#include <string.h>

#include "filters/extract/html_parser.h"

enum { SPACE = 1, NAME_END = 2, ATTR_END = 4, VALUE_END = 8, SKIP = 16, LETTER = 32 };

#define S (SPACE | NAME_END | ATTR_END | VALUE_END | SKIP)
#define L LETTER
static const uint8_t kind[256] = {
	['\t'] = S, ['\n'] = S, ['\f'] = S, ['\r'] = S, [' '] = S,
	['/'] = NAME_END | ATTR_END | SKIP, ['>'] = NAME_END | ATTR_END | VALUE_END,
	['='] = ATTR_END,
	['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	['A'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
};
#undef S
#undef L

static inline uint8_t kind_of(char c)
{
	return kind[(unsigned char)c];
}

static const char *skip(const char *p, const char *end, uint8_t what)
{
	while (p < end && kind_of(*p) & what)
		p++;
	return p;
}

static const char *skip_to(const char *p, const char *end, uint8_t what)
{
	while (p < end && !(kind_of(*p) & what))
		p++;
	return p;
}

/* Keeps an attribute that is known and was not there yet: the first of two counts. */
static bool keep_attr(struct pm_parser *ps, struct pm_token *t, uint64_t *seen, const char *name,
		      size_t name_len, const char *value, size_t value_len)
{
	struct pm_html *doc = ps->doc;
	uint8_t which = pm_attr_find(name, name_len, (size_t)(ps->end - name));

	if (which == PM_ATTR_NONE || *seen >> which & 1)
		return true;
	*seen |= (uint64_t)1 << which;
	t->hidden |= which == PM_ATTR_HIDDEN;
	if (doc->nattrs == ps->attr_cap) {
		uint32_t cap = pm_grown(ps, ps->attr_cap);
		struct pm_attr *more = PM_ARENA_NEW(ps->arena, struct pm_attr, cap);

		if (!more) {
			ps->full = true;
			return false;
		}
		memcpy(more, doc->attrs, doc->nattrs * sizeof(*more));
		doc->attrs = more;
		ps->attr_cap = cap;
	}
	doc->attrs[doc->nattrs++] = (struct pm_attr){ (uint32_t)(value - doc->src),
						      (uint32_t)value_len, which };
	t->nattrs++;
	return true;
}

/* The value behind "=": *value and *len. NULL: the source ends inside. */
static const char *attr_value(const char *p, const char *end, const char **value, size_t *len)
{
	p = skip(p, end, SPACE);
	if (p == end)
		return NULL;
	*value = p;
	if (*p == '"' || *p == '\'') {
		const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));

		if (!close)
			return NULL;
		*value = p + 1;
		*len = (size_t)(close - p - 1);
		return close + 1;
	}
	p = skip_to(p, end, VALUE_END);
	*len = (size_t)(p - *value);
	return p;
}

bool pm_token_attrs(struct pm_parser *ps, struct pm_token *t, bool keep)
{
	const char *p = ps->p, *end = ps->end;
	uint64_t seen = 0;

	t->attrs = ps->doc->nattrs;
	t->nattrs = 0;
	t->hidden = false;
	for (;;) {
		const char *from = p, *name, *value;
		size_t name_len, value_len = 0;

		p = skip(p, end, SKIP);
		if (p == end)
			return false;
		if (*p == '>') {
			t->self_closing = p > from && p[-1] == '/';
			ps->p = p + 1;
			return true;
		}
		/* A "=" where a name should begin belongs to the name. */
		name = p;
		p = skip_to(p + 1, end, ATTR_END);
		name_len = (size_t)(p - name);
		value = p;
		if (p < end && kind_of(*p) & SPACE)
			p = skip(p, end, SPACE);
		if (p < end && *p == '=') {
			p = attr_value(p + 1, end, &value, &value_len);
			if (!p)
				return false;
		}
		if (keep && !keep_attr(ps, t, &seen, name, name_len, value, value_len))
			return false;
	}
}

/* `lt` is a "<" (or "</" at lt): whether the name and then what ends one follow at `at`. */
static bool name_at(const char *at, const char *end, const char *name, size_t len)
{
	if ((size_t)(end - at) <= len || !(kind_of(at[len]) & NAME_END))
		return false;
	for (size_t i = 0; i < len; i++)
		if (pm_ascii_lower(at[i]) != name[i])
			return false;
	return true;
}

bool pm_same_name(const char *name, const char *end, const struct pm_token *t)
{
	if ((size_t)(end - name) <= t->name_len || !(kind_of(name[t->name_len]) & NAME_END))
		return false;
	for (size_t i = 0; i < t->name_len; i++)
		if (pm_ascii_lower(name[i]) != pm_ascii_lower(t->name[i]))
			return false;
	return true;
}

const char *pm_token_raw_end(const struct pm_parser *ps, const char *name, size_t len)
{
	const char *p = ps->p, *end = ps->end;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (end - p > 2 && p[1] == '/' && name_at(p + 2, end, name, len))
			return p;
		p++;
	}
	return end;
}

/* From a comment inside a script on: behind its "-->", or at the script's end tag (*closed). The
 * two dashes that open the comment may close it. */
static const char *script_comment(const char *p, const char *end, bool *closed)
{
	bool doubled = false;

	for (; p < end; p++) {
		if (*p == '-') {
			if (end - p >= 3 && p[1] == '-' && p[2] == '>')
				return p + 3;
			continue;
		}
		if (*p != '<' || end - p < 2)
			continue;
		if (p[1] == '/' && name_at(p + 2, end, "script", 6)) {
			if (!doubled) {
				*closed = true;
				return p;
			}
			doubled = false;
		} else if (!doubled && name_at(p + 1, end, "script", 6)) {
			doubled = true;
		}
	}
	return end;
}

const char *pm_token_script_end(const struct pm_parser *ps)
{
	const char *p = ps->p, *end = ps->end;
	bool closed = false;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (end - p > 2 && p[1] == '/' && name_at(p + 2, end, "script", 6))
			return p;
		if (end - p >= 4 && p[1] == '!' && p[2] == '-' && p[3] == '-') {
			p = script_comment(p + 2, end, &closed);
			if (closed || p == end)
				return p;
		} else {
			p++;
		}
	}
	return end;
}

/* `p` stands behind "<!--". */
static const char *comment_end(const char *p, const char *end)
{
	const char *from = p;

	if (p < end && *p == '>')
		return p + 1;
	if (end - p >= 2 && p[0] == '-' && p[1] == '>')
		return p + 2;
	while ((p = memchr(p, '>', (size_t)(end - p))) != NULL) {
		size_t before = (size_t)(p - from);

		p++;
		if (before >= 2 && p[-2] == '-' && p[-3] == '-')
			return p;
		if (before >= 3 && p[-2] == '!' && p[-3] == '-' && p[-4] == '-')
			return p;
	}
	return end;
}

/* A CDATA section: its text, and where it ends. `p` stands behind "<![CDATA[". */
static void cdata(struct pm_parser *ps, const char *p)
{
	const char *q = p;

	for (;;) {
		q = memchr(q, '>', (size_t)(ps->end - q));
		if (!q)
			break;
		if (q - p >= 2 && q[-1] == ']' && q[-2] == ']') {
			pm_tree_text(ps, p, q - 2, PM_NODE_PLAIN);
			ps->p = q + 1;
			return;
		}
		q++;
	}
	pm_tree_text(ps, p, ps->end, PM_NODE_PLAIN);
	ps->p = ps->end;
}

/* At "<!", "<?" or "</" without a letter: comments of all kinds, doctype, CDATA. */
static void markup(struct pm_parser *ps)
{
	const char *p = ps->p, *end = ps->end, *close;

	if (p[1] == '!' && end - p >= 4 && p[2] == '-' && p[3] == '-') {
		ps->p = comment_end(p + 4, end);
		return;
	}
	if (p[1] == '!' && end - p >= 9 && memcmp(p + 2, "[CDATA[", 7) == 0 &&
	    pm_top(ps)->ns != PM_NS_HTML) {
		cdata(ps, p + 9);
		return;
	}
	close = memchr(p + 2, '>', (size_t)(end - p - 2));
	ps->p = close ? close + 1 : end;
}

/* The name of a tag whose first letter is at `p`. false: the source ends inside the tag. */
static bool tag(struct pm_parser *ps, const char *p, struct pm_token *t, bool keep)
{
	const char *q = skip_to(p + 1, ps->end, NAME_END);

	if (q == ps->end)
		return false;
	t->name = p;
	t->name_len = (uint32_t)(q - p);
	t->tag = pm_tag_find(p, t->name_len, (size_t)(ps->end - p));
	ps->p = q;
	return pm_token_attrs(ps, t, keep);
}

/* The next "<" that begins markup, or the end. */
static const char *text_end(const char *p, const char *end)
{
	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (end - p < 2)
			return end;
		if (kind_of(p[1]) & LETTER || p[1] == '!' || p[1] == '?')
			return p;
		if (p[1] == '/' && end - p >= 3)
			return p;
		p++;
	}
	return end;
}

static void run(struct pm_parser *ps)
{
	while (ps->p < ps->end && !ps->full) {
		const char *lt = text_end(ps->p, ps->end);
		struct pm_token t;

		if (lt > ps->p)
			pm_tree_text(ps, ps->p, lt, 0);
		ps->skip_newline = false;
		ps->p = lt;
		if (lt == ps->end)
			return;
		t.at = lt;
		if (kind_of(lt[1]) & LETTER) {
			if (!tag(ps, lt + 1, &t, true)) {
				ps->p = ps->end;
				return;
			}
			pm_tree_start(ps, &t);
		} else if (lt[1] == '/' && kind_of(lt[2]) & LETTER) {
			if (!tag(ps, lt + 2, &t, false)) {
				ps->p = ps->end;
				return;
			}
			pm_tree_end(ps, &t);
		} else {
			markup(ps);
		}
	}
}

bool pm_html_parse(struct pm_html *doc, struct pm_arena *a, struct pm_slice src)
{
	struct pm_parser *ps;

	*doc = (struct pm_html){ .src = src.ptr ? src.ptr : "", .len = (uint32_t)src.len };
	if (src.len > PM_HTML_BYTES_MAX)
		return false;
	ps = pm_parser_new(doc, a);
	if (!ps)
		return false;
	ps->p = doc->src;
	ps->end = doc->src + doc->len;
	ps->frameset_ok = true;
	/* One node per 100 bytes is usual; what has more pays for a copy. */
	ps->node_cap = doc->len / 48 + 64;
	ps->attr_cap = doc->len / 96 + 64;
	doc->nodes = PM_ARENA_NEW(a, struct pm_node, ps->node_cap);
	doc->attrs = PM_ARENA_NEW(a, struct pm_attr, ps->attr_cap);
	if (!doc->nodes || !doc->attrs)
		return false;
	pm_open_push(ps, pm_node_add(ps, 0, PM_TAG_HTML, PM_NS_HTML), PM_TAG_HTML, PM_NS_HTML);
	doc->head = pm_node_add(ps, 0, PM_TAG_HEAD, PM_NS_HTML);
	doc->nodes[0].flags = doc->nodes[doc->head].flags = PM_NODE_IMPLIED;
	run(ps);
	if (!ps->full && ps->phase < PM_PHASE_BODY)
		pm_tree_begin_body(ps, NULL);
	pm_open_pop_to(ps, 1);
	if (!ps->full && ps->fostered)
		pm_nodes_reorder(ps);
	doc->effort += doc->len + doc->nnodes;
	return !ps->full;
}

struct pm_slice pm_html_attr(const struct pm_html *doc, const struct pm_node *node,
			     enum pm_attr_name name)
{
	for (uint32_t i = 0; i < node->nattrs; i++) {
		const struct pm_attr *attr = &doc->attrs[node->attrs + i];

		if (attr->name == name)
			return pm_slice(doc->src + attr->at, attr->len);
	}
	return (struct pm_slice){ 0 };
}
