/* The row of nodes: its shape, its depth, and that no input costs more than its length. */
#include <stdio.h>
#include <stdlib.h>

#include "filters/extract/html_meta.h"
#include "filters/extract/visible.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_html doc;
static struct pm_page page;
static struct pm_visible visible;

static bool run(struct pm_slice html)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	page.url = PM_LIT("http://www.example.com/a/b");
	return pm_html_parse(&doc, &arena, html) && pm_visible_read(&doc, &arena, &visible) &&
	       pm_visible_text(&visible, &page) && pm_html_meta(&doc, &page);
}

/* Whether every node lies within its parent, behind it, and no deeper than may be. */
static bool well_formed(void)
{
	enum { SLACK = 2 };     /* a leaf below the deepest open element, and html as level 0 */
	uint32_t *depth = calloc(doc.nnodes, sizeof(*depth));
	bool good = depth && doc.nodes[0].last == doc.nnodes - 1;

	for (uint32_t i = 1; good && i < doc.nnodes; i++) {
		const struct pm_node *node = &doc.nodes[i];

		good = node->parent < i && node->last >= i &&
		       node->last <= doc.nodes[node->parent].last;
		if (good)
			depth[i] = depth[node->parent] + 1;
		good = good && depth[i] < PM_HTML_DEPTH_MAX + SLACK;
		/* The next node is a child of this one, or stands behind all that this one
		 * holds. */
		if (good && i + 1 < doc.nnodes)
			good = (doc.nodes[i + 1].parent == i) == (node->last > i);
	}
	free(depth);
	return good;
}

static void shape(void)
{
	static const char *const pages[] = {
		"", "a", "<p>a<p>b", "<table>a<tr>b<td>c<b>d</table>e", "<table><tr><td>a<table>b<i>c</table>",
		"<svg><a>b</svg>", "<b><p>a</b>b</p>c", "<head><template><tr></template><title>a",
		"<frameset><frame></frameset>", "<select><option>a<table><tr>b",
		"<table><template><td></template>a<td>", "<a><table><a>b<td>c</a></table>d",
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		CHECK(run(pm_slice_str(pages[i])));
		CHECK(well_formed());
	}
}

static char *repeated(const char *head, const char *unit, size_t times, size_t *len)
{
	size_t h = strlen(head), u = strlen(unit);
	char *s = malloc(h + u * times);

	if (!s)
		abort();
	memcpy(s, head, h);
	for (size_t i = 0; i < times; i++)
		memcpy(s + h + u * i, unit, u);
	*len = h + u * times;
	return s;
}

static void depth(void)
{
	/* html and body are open as well: what is the 511th div finds the stack full. */
	static const size_t times[] = { 509, 510, 511, 512, 5000 };

	for (size_t i = 0; i < 5; i++) {
		size_t len;
		char *s = repeated("", "<div>x", times[i], &len);

		CHECK(run(pm_slice(s, len)));
		CHECK(well_formed());
		CHECK(page.blocks.len == times[i]);
		free(s);
		s = repeated("<table><tr><td>", "<table><tr><td>", times[i], &len);
		CHECK(run(pm_slice(s, len)));
		CHECK(well_formed());
		free(s);
	}
}

/* Work that is counted, not timed: bytes and nodes looked at, per byte. */
static void linear(void)
{
	static const struct { const char *head, *unit; } hostile[] = {
		{ "", "<div>" }, { "", "<b>" }, { "", "<ul><li>" }, { "", "<table><tr><td>" },
		{ "", "<svg><desc>" }, { "", "<p><b>x" }, { "", "&" }, { "", "&a" }, { "", "<" },
		{ "", "<!--" }, { "", "<a href=\"" }, { "<svg>", "<![CDATA[" }, { "", "<script><!--" },
		{ "<p ", "class=x " }, { "<p ", "a=b " }, { "", "</p>" }, { "", "</b></p>" },
		{ "", "<a>" },
		{ "<table>", "x<b>" }, { "<table>", "<tr>x" }, { "", "<table><tr>x<td>" }, { "", "<br>" },
		{ "<table><tr>", "<td>x" }, { "", "<html lang=en id=1>" },
		{ "", "<body class=x>x" },
		{ "", "<template>" }, { "", "<form>" }, { "<select>", "<option>" }, { "<pre>", " \n" },
		{ "", "<h1>" }, { "", "<title>" }, { "", "<base href=x>" }, { "", "<frameset>" },
		{ "a", "\314\201" }, { "a", "\314\201\314\243" }, { "", "\377" }, { "", "<a><div></a>" },
		{ "", "<link rel=canonical href=/x>" }, { "", "<x-a></x-b>" }, { "<math>", "<mi>" },
	};
	enum { EFFORT_MAX = 20 };       /* foreign end tags look at 64 open elements */

	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		size_t units = 200000 / strlen(hostile[i].unit), len;
		char *s = repeated(hostile[i].head, hostile[i].unit, units, &len);

		CHECK(run(pm_slice(s, len)));
		CHECK(doc.effort <= (uint64_t)EFFORT_MAX * len);
		CHECK(well_formed());
		free(s);
	}
}

/* What is behind a deep row of open elements must not be searched through for each end tag. */
static void deep_ends(void)
{
	static const char *const ends[] = { "</div>", "</x>", "</li>", "</p>", "</h1>", "</td>", "</g>" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t deep, len;
		char *head = repeated("<div><li><h1><table><tr><td>", "<span>", 490, &deep), *s;

		head = realloc(head, deep + 1);
		head[deep] = 0;
		s = repeated(head, ends[i], 40000, &len);
		CHECK(run(pm_slice(s, len)));
		CHECK(doc.effort <= 4 * (uint64_t)len);
		free(s);
		free(head);
	}
}

static void attributes(void)
{
	const struct pm_node *body;

	CHECK(run(PM_LIT("<html lang=a><body ID = 'x&amp;y' class=\"c d\" id=z unknown hidden><html lang=b dir=ltr>"
			 "<body class=e title=t>")));
	body = &doc.nodes[doc.body];
	CHECK_SLICE(pm_html_attr(&doc, body, PM_ATTR_ID), "x&amp;y");
	CHECK_SLICE(pm_html_attr(&doc, body, PM_ATTR_CLASS), "c d");
	CHECK_SLICE(pm_html_attr(&doc, body, PM_ATTR_HIDDEN), "");
	CHECK_SLICE(pm_html_attr(&doc, body, PM_ATTR_TITLE), "t");
	CHECK_SLICE(pm_html_attr(&doc, &doc.nodes[0], PM_ATTR_LANG), "a");
	CHECK_SLICE(pm_html_attr(&doc, &doc.nodes[0], PM_ATTR_DIR), "ltr");
	CHECK(pm_html_attr(&doc, body, PM_ATTR_HREF).ptr == NULL);
}

/* What a script moves from the end to the places that templates hold. */
static void streamed(void)
{
#define PART(n, s) "<div hidden id=\"S:" n "\">" s "</div>"
#define PLACE(n) "<template id=\"B:" n "\"></template>"
	static const char *const pages[][2] = {
		{ "<p>a<!--$?-->" PLACE("0") "<!--/$--><p>d" PART("0", "<p>b<p>c"), "a\n\nb\n\nc\n\nd" },
		{ PLACE("1") "<p>c" PART("1", "<p>a<template id=P:a></template>") PART("a", "<p>b"),
		  "a\n\nb\n\nc" },
		{ PLACE("0") PLACE("1") "d" PART("1", "<p>b") PART("0", "<p>a"), "a\n\nb\n\nd" },
		{ "a" PART("0", "b") PLACE("0"), "a" },
		{ "a" PART("0", PLACE("0") "b"), "a" },
		{ PLACE("0") "a" PART("0", "b") PART("0", "c"), "b\n\na" },
		{ PLACE("1000") PLACE("fff") "a" PART("1000", "b") PART("fff", "c"), "c\n\na" },
		{ PLACE("g") PLACE("") "a" PART("g", "b") PART("", "c"), "a" },
		{ "<table><tr><td>a" PLACE("0") "<td>c</table>" PART("0", "b"), "a b\tc" },
		{ "<p hidden>" PLACE("0") "<div>a</div>" PART("0", "b"), "a" },
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		char html[512];

		snprintf(html, sizeof(html), "<body>%s", pages[i][0]);
		CHECK(run(pm_slice_str(html)) && pm_html_stream(&doc, &arena));
		CHECK(well_formed());
		CHECK(pm_visible_read(&doc, &arena, &visible));
		CHECK_SLICE(visible.text, pages[i][1]);
	}
}

/* Parts in parts move as long as nothing gets deeper than the parser lets it. */
static void streamed_depth(void)
{
	static char html[1 << 20];
	static const int parts[] = { 2, 100, 600 };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t len = (size_t)snprintf(html, sizeof(html), "<body>" PLACE("0"));

		for (int n = 0; n < parts[i]; n++)
			len += (size_t)snprintf(html + len, sizeof(html) - len, "<div hidden id=\"S:%x\"><p>x"
						"<div><template id=\"B:%x\"></template></div></div>", n, n + 1);
		CHECK(run(pm_slice(html, len)) && pm_html_stream(&doc, &arena));
		CHECK(well_formed());
		CHECK(pm_visible_read(&doc, &arena, &visible));
		CHECK(visible.nblocks == (parts[i] < 200 ? (uint32_t)parts[i] : 0));
	}
}

/* More parts than are looked at, by a number that comes again: the others stay hidden. */
static void streamed_again(void)
{
	static char html[1 << 20];
	static const unsigned parts[] = { 4095, 4096, 4097, 9000 };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t len = (size_t)snprintf(html, sizeof(html), "<body>");

		for (unsigned n = 0; n < parts[i]; n++)
			len += (size_t)snprintf(html + len, sizeof(html) - len,
						PLACE("1") PART("1", "<p>x"));
		CHECK(run(pm_slice(html, len)) && pm_html_stream(&doc, &arena));
		CHECK(well_formed());
		CHECK(pm_visible_read(&doc, &arena, &visible));
		CHECK(visible.nblocks == (parts[i] < 4096 ? parts[i] : 4096));
	}
}

/* Lines that are looked at for a date are given back: a long chat has a time at each of them. */
static void times(void)
{
	static const char *const units[] = { "<p><data>12:34</data> a", "<p><time>12:34</time> a" };
	size_t used[2];

	for (size_t i = 0; i < 2; i++) {
		size_t len;
		char *s = repeated("<h1>a b c d e</h1>", units[i], 20000, &len);

		CHECK(run(pm_slice(s, len)));
		used[i] = arena.used;
		free(s);
	}
	CHECK(used[1] < used[0] + 65536);
}

/* A full arena is said, never a crash: at whatever allocation it is reached. */
static void arena_full(void)
{
	static const char html[] = "<title>a</title><table>b<tr><td>e\314\201<td>d</table><link rel=canonical href=/>";

	for (size_t limit = 4096; limit < 96 << 10; limit += 512) {
		struct pm_arena small;
		struct pm_arena whole = arena;
		bool done;

		if (pm_arena_open(&small, limit) != 0)
			break;
		arena = small;
		done = run(PM_LIT(html));
		CHECK(!done || page.text.len > 0);
		pm_arena_close(&arena);
		arena = whole;
	}
	CHECK(run(PM_LIT(html)));
}

int main(void)
{
	if (pm_arena_open(&arena, 1 << 28) != 0)
		return 1;
	RUN(shape);
	RUN(depth);
	RUN(linear);
	RUN(deep_ends);
	RUN(attributes);
	RUN(streamed);
	RUN(streamed_depth);
	RUN(streamed_again);
	RUN(times);
	RUN(arena_full);
	pm_arena_close(&arena);
	return DONE();
}
