#include "tests/oracle/visible.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct open {
	bool hidden;            /* it, or an element around it, is not displayed */
	bool shows;             /* text directly inside is displayed */
	bool svg_text;          /* inside SVG's text */
};

struct visible {
	FILE *to;
	struct open *open;
	size_t depth, cap, body;        /* body: the depth of the body element, 0: not inside */
};

static bool is(const struct visible_element *e, const char *name)
{
	return strlen(name) == e->len && strncasecmp(e->name, name, e->len) == 0;
}

static bool one_of(const struct visible_element *e, const char *const *names)
{
	for (; *names; names++)
		if (is(e, *names))
			return true;
	return false;
}

static bool hides_html(const struct visible_element *e)
{
	static const char *const never[] = {
		"area", "audio", "base", "basefont", "bgsound", "datalist", "head", "iframe", "link",
		"meta", "meter", "noembed", "noframes", "param", "progress", "rp", "script", "style",
		"template", "title", "video", NULL
	};

	return e->hidden || one_of(e, never) || (is(e, "dialog") && !e->open) ||
	       (is(e, "object") && e->data);
}

static bool hides_foreign(const struct visible_element *e)
{
	static const char *const svg[] = {
		"clipPath", "defs", "desc", "marker", "mask", "metadata", "pattern", "script", "style",
		"symbol", "title", NULL
	};

	if (e->ns == VISIBLE_SVG)
		return one_of(e, svg);
	return is(e, "annotation") || is(e, "annotation-xml");
}

static bool shows(const struct visible_element *e, bool svg_text)
{
	static const char *const tokens[] = { "mi", "mn", "mo", "ms", "mtext", NULL };

	switch (e->ns) {
	case VISIBLE_SVG:
		return svg_text || is(e, "foreignObject");
	case VISIBLE_MATHML:
		return one_of(e, tokens);
	default:
		return true;
	}
}

struct visible *visible_new(FILE *to)
{
	struct visible *v = calloc(1, sizeof(*v));

	if (v) {
		v->to = to;
		v->cap = 1024;
		v->open = calloc(v->cap, sizeof(*v->open));
	}
	if (!v || !v->open)
		abort();
	return v;
}

void visible_enter(struct visible *v, const struct visible_element *e)
{
	struct open *o, around;

	if (v->depth + 1 == v->cap) {
		v->cap *= 2;
		v->open = realloc(v->open, v->cap * sizeof(*v->open));
		if (!v->open)
			abort();
	}
	around = v->open[v->depth];
	o = &v->open[++v->depth];
	if (v->body == 0 && v->depth == 2 && e->ns == VISIBLE_HTML && is(e, "body"))
		v->body = v->depth;
	o->hidden = around.hidden || (e->ns == VISIBLE_HTML ? hides_html(e) : hides_foreign(e));
	o->svg_text = e->ns == VISIBLE_SVG && (around.svg_text || is(e, "text"));
	o->shows = shows(e, o->svg_text);
}

void visible_leave(struct visible *v)
{
	if (v->body == v->depth)
		v->body = 0;
	v->depth--;
}

void visible_text(struct visible *v, const char *text, size_t len)
{
	if (v->body && v->open[v->depth].shows && !v->open[v->depth].hidden)
		fwrite(text, 1, len, v->to);
}

size_t visible_depth(const struct visible *v)
{
	return v->depth;
}
