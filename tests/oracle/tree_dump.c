/* tests/oracle/tree_dump.c -- trees as html5lib's tests write them down, a node a line:
 *
 *	| <body>
 *	|   <svg desc>
 *	|     class="x"
 *	|     "text, which may
 *	go on over lines"
 *
 * Each two spaces behind the bar are one level. */
#include <string.h>

#include "tests/oracle/visible.h"

struct reader {
	struct visible *v;
	struct visible_element next;    /* read, but its attributes are yet to come */
	bool pending, in_text;
};

static void enter_pending(struct reader *r)
{
	if (r->pending)
		visible_enter(r->v, &r->next);
	r->pending = false;
}

static bool begins(const char *at, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(at, with, strlen(with)) == 0;
}

/* <name>, <svg name> or <math name> */
static void element(struct reader *r, const char *at, size_t len)
{
	r->next = (struct visible_element){ .name = at + 1, .len = len - 2 };
	if (begins(at, len, "<svg ")) {
		r->next.ns = VISIBLE_SVG;
		r->next.name += 4;
		r->next.len -= 4;
	} else if (begins(at, len, "<math ")) {
		r->next.ns = VISIBLE_MATHML;
		r->next.name += 5;
		r->next.len -= 5;
	}
	r->pending = true;
}

static void attribute(struct reader *r, const char *at, size_t len)
{
	r->next.hidden |= begins(at, len, "hidden=");
	r->next.open |= begins(at, len, "open=");
	r->next.data |= begins(at, len, "data=\"") && !begins(at, len, "data=\"\"");
}

/* A line of text up to its end or the quote that ends the node. */
static void text(struct reader *r, const char *at, size_t len, bool last)
{
	r->in_text = !last;
	visible_text(r->v, at, last && len && at[len - 1] == '"' ? len - 1 : len);
}

static void node(struct reader *r, size_t level, const char *at, size_t len, bool last)
{
	if (*at != '<' && *at != '"' && memchr(at, '=', len)) {
		attribute(r, at, len);
		return;
	}
	enter_pending(r);
	while (visible_depth(r->v) > level)
		visible_leave(r->v);
	if (*at == '"')
		text(r, at + 1, len - 1, last);
	else if (*at == '<' && !begins(at, len, "<!"))
		element(r, at, len);
	else if (begins(at, len, "content"))
		r->next = (struct visible_element){ .name = at, .len = len }, r->pending = true;
}

void oracle_dump(struct visible *v, const char *dump, size_t len)
{
	const char *end = dump + len;
	struct reader r = { .v = v };

	for (const char *p = dump, *next; p < end; p = next) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *at = p + 2;
		bool last;

		eol = eol ? eol : end;
		next = eol < end ? eol + 1 : end;
		last = next == end || begins(next, (size_t)(end - next), "| ");
		if (!begins(p, (size_t)(eol - p), "| ")) {
			if (r.in_text)
				text(&r, p, (size_t)(eol - p), last);
			continue;
		}
		r.in_text = false;
		while (at < eol && *at == ' ')
			at++;
		if (at < eol)
			node(&r, (size_t)(at - p - 2) / 2, at, (size_t)(eol - at), last);
	}
}
