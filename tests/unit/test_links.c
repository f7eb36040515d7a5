/* Where links lead, what they say, and whether that is in the text. */
#include "filters/extract/links.h"

#include "filters/extract/main.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;
static struct pm_html doc;
static struct pm_visible visible;

static bool read_html(const char *url, struct pm_slice html, bool scope_main)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	page.url = pm_slice_str(url);
	return pm_html_parse(&doc, &arena, html) && pm_visible_read(&doc, &arena, &visible) &&
	       (scope_main ? pm_main_text(&doc, &visible, &page)
			   : pm_visible_text(&visible, &page)) &&
	       pm_links(&doc, &visible, &page);
}

/* All links as "url|text|rel" with a "*" before those in the text, one a line. */
static const char *links_of(const char *url, const char *html)
{
	static char said[8192];
	size_t len = 0;

	CHECK(read_html(url, pm_slice_str(html), false));
	said[0] = '\0';
	for (size_t i = 0; i < page.links.len; i++) {
		const struct pm_link *l = &page.links.at[i];

		CHECK(l->url.len > 0 && (!l->text.ptr || l->text.len) &&
		      (!l->rel.ptr || l->rel.len));
		len += (size_t)snprintf(said + len, sizeof(said) - len, "%s%s%.*s|%.*s|%.*s",
					i ? "\n" : "", l->main ? "*" : "", PM_FMT(l->url),
					PM_FMT(l->text), PM_FMT(l->rel));
	}
	return said;
}

static void same(const char *html, const char *want)
{
	const char *got = links_of("https://example.org/a/b?q#f", html);

	CHECK(strcmp(got, want) == 0);
	if (strcmp(got, want) != 0)
		printf("  %s\n  gives %s\n  and not %s\n", html, got, want);
}

static void urls_are_resolved(void)
{
	same("<p><a href=c>x</a>", "*https://example.org/a/c|x|");
	same("<p><a href=/c>x</a>", "*https://example.org/c|x|");
	same("<p><a href=//h.example/c>x</a>", "*https://h.example/c|x|");
	same("<p><a href=''>x</a>", "*https://example.org/a/b?q|x|");
	same("<p><a href='#top'>x</a>", "*https://example.org/a/b?q#top|x|");
	same("<p><a href='?r#s'>x</a>", "*https://example.org/a/b?r#s|x|");
	same("<p><a href=' \n/c d\n/\te '>x</a>", "*https://example.org/c%20d/e|x|");
	same("<p><a href='/?a=1&amp;b=2&#x26;c=3&d=4'>x</a>", "*https://example.org/?a=1&b=2&c=3&d=4|x|");
	same("<p><a href='HTTP://B\xc3\xbc" "cher.Example:80/\xc3\xbc'>x</a>", "*http://xn--bcher-kva.example/%C3%BC|x|");
}

static void only_the_web_counts(void)
{
	same("<p><a href='javascript:alert(1)'>x</a><a href='java\nscript:x'>x</a><a href='mailto:a@b.c'>x</a>"
	     "<a href='tel:1'>x</a><a href='data:text/html,x'>x</a><a href='ftp://h/'>x</a>"
	     "<a href='file:///x'>x</a><a href='http://['>x</a><a href='https://'>x</a><a href>x</a>",
	     "*https://example.org/a/b?q|x|");
	same("<p><a>x</a><a name=y>x</a>", "");
	CHECK(strcmp(links_of("file:a.html", "<p><a href=b>x</a><a href=http://h/>y</a>"), "*http://h/|y|") == 0);
	CHECK(strcmp(links_of(NULL, "<p><a href=b>x</a><a href='a:b'>x</a><a href=http://h/>y</a>"),
		     "*http://h/|y|") == 0);
	CHECK(strcmp(links_of("not a url", "<p><a href=b>x</a><a href=http://h/>y</a>"), "*http://h/|y|") == 0);
}

static void base_decides(void)
{
	same("<base href=/x/y><p><a href=c>x</a>", "*https://example.org/x/c|x|");
	same("<base href=//h.example/x/><p><a href=c>x</a>", "*https://h.example/x/c|x|");
	same("<base target=_top><base href=/1/><base href=/2/><p><a href=c>x</a>", "*https://example.org/1/c|x|");
	same("<template><base href=/1/></template><p><a href=c>x</a>", "*https://example.org/a/c|x|");
	same("<base href='http://['><p><a href=c>x</a>", "*https://example.org/a/c|x|");
	same("<base href='javascript:x'><p><a href=c>x</a>", "*https://example.org/a/c|x|");
	CHECK(strcmp(links_of(NULL, "<base href=https://h.example/x/><p><a href=c>x</a>"),
		     "*https://h.example/x/c|x|") == 0);
	CHECK(strcmp(links_of("file:a.html", "<base href=https://h.example/x/><p><a href=c>x</a>"),
		     "*https://h.example/x/c|x|") == 0);
}

static void what_is_not_displayed_is_left_out(void)
{
	same("<template><a href=c>x</a></template><div hidden><a href=c>x</a></div><a hidden href=c>x</a>"
	     "<dialog><a href=c>x</a></dialog><map><area hidden href=c></map><noframes><a href=c>x</a></noframes>"
	     "<iframe><a href=c>x</a></iframe><script>'<a href=c>x</a>'</script><!-- <a href=c>x</a> -->", "");
	same("<body><noscript><a href=c>x</a></noscript>", "*https://example.org/a/c|x|");
	same("<svg><a href=c><text>x</text></a></svg>", "*https://example.org/a/c|x|");
	same("<math><a href=c>x</a></math>", "");
}

static void text_is_on_one_line(void)
{
	same("<p><a href=c> One &amp;\n <b>two</b><br>three<div>four</div> </a>", "*https://example.org/a/c|One & two three four|");
	same("<div><a href=c><h2>One</h2><p>two</a></div>", "*https://example.org/a/c|One two|");
	same("<p><a href=c>e\xcc\x81\xe2\x80\x8b</a>", "*https://example.org/a/c|\xc3\xa9|");
	same("<p>x <a href=c> <img src=i alt=alt> </a> y", "*https://example.org/a/c||");
	same("<p>x<map><area href=c alt=alt></map>y", "*https://example.org/a/c||");
	same("<p><button>x <a href=c>y <b>z</b></a></button>", "*https://example.org/a/c|y z|");
	same("<p><a href=c>x <a href=d>y</a></a>", "*https://example.org/a/c|x|\n*https://example.org/a/d|y|");
}

/* A block ends the paragraph that it stands in, and the link's element with it, but not the
 * link. */
static void blocks_part_links(void)
{
	same("<p>a <a href=c><div>b</div> d</a> e", "*https://example.org/a/c|b d|");
	same("<p><a href=c>a<h2>b</h2><p>c</a>d<a href=e>f</a></a>g",
	     "*https://example.org/a/c|a b c|\n*https://example.org/a/e|f|");
	same("<p><a href=c></p><p>a</p></a>b", "*https://example.org/a/c|a|");
	same("<p><a href=c><div>a<a href=d>b</a></div></a>",
	     "*https://example.org/a/c||\n*https://example.org/a/d|b|");
	same("<p><a href=c><div>a", "*https://example.org/a/c||");
	same("<p><a name=c><div>a</div></a>b</a>", "");
	same("<table>x<p><a href=c><div>a</div></a><tr><td>b</table>", "*https://example.org/a/c|a|");
	same("<p><a href=c>a<div hidden>b</div><div>c</div></a>", "*https://example.org/a/c|a c|");
}

static void rel_is_tokens(void)
{
	same("<p><a href=c rel='  NoFollow\n noopener '>x</a>", "*https://example.org/a/c|x|nofollow noopener");
	same("<p><a href=c rel>x</a><a href=c rel=' '>y</a>", "*https://example.org/a/c|x|\n*https://example.org/a/c|y|");
	same("<p><a href=c rel='t&#65;g'>x</a>", "*https://example.org/a/c|x|tag");
}

static void main_is_what_was_taken(void)
{
	static char html[16384];
	size_t len = (size_t)snprintf(html, sizeof(html), "<title>A harbour</title><nav><ul>");

	for (int i = 0; i < 12; i++)
		len += (size_t)snprintf(html + len, sizeof(html) - len, "<li><a href=/n%d>Menu %d</a>", i, i);
	len += (size_t)snprintf(html + len, sizeof(html) - len, "</ul></nav><a href=/logo><img src=l></a><article><h1>A harbour</h1>");
	for (int i = 0; i < 8; i++)
		len += (size_t)snprintf(html + len, sizeof(html) - len, "<p>The harbour was built in the year after the "
					"flood, said the council, and <a href=/p%d>nobody had expected</a> that it would stand "
					"for more than a hundred years, through every storm.</p><a href=/i%d><img src=i></a>",
					i, i);
	snprintf(html + len, sizeof(html) - len, "</article><footer><a href=/f>Imprint</a><a href=/g><img src=g></a></footer>");
	CHECK(read_html("https://example.org/", pm_slice_str(html), true));
	CHECK(page.links.len == 12 + 1 + 16 + 2);
	for (size_t i = 0; i < page.links.len; i++) {
		const struct pm_link *l = &page.links.at[i];
		char which = l->url.ptr[sizeof("https://example.org/") - 1];

		/* The last picture stands between the last paragraph and the footer. */
		CHECK(l->main == (which == 'p' || (which == 'i' && !pm_slice_is(l->url, "https://example.org/i7"))));
	}
}

static void no_main_text_has_links(void)
{
	CHECK(read_html("https://example.org/", PM_LIT(""), true) && page.links.len == 0);
	CHECK(read_html("https://example.org/", PM_LIT("<frameset><frame>"), true) &&
	      page.links.len == 0);
	CHECK(read_html("https://example.org/", PM_LIT("<a href=/x><img></a>"), true) &&
	      page.links.len == 1);
	CHECK(!page.links.at[0].main);
}

/* -- bounds ------------------------------------------------------------------------------------ */

static char big[8 << 20];

static size_t repeat(size_t len, const char *what, size_t times)
{
	size_t n = strlen(what);

	for (size_t i = 0; i < times; i++, len += n)
		memcpy(big + len, what, n);
	return len;
}

static size_t fill(size_t len, char c, size_t times)
{
	memset(big + len, c, times);
	return len + times;
}

static void links_are_counted(void)
{
	for (int more = -1; more <= 1; more++) {
		size_t n = (size_t)(PM_LINKS_MAX + more);

		CHECK(read_html("https://example.org/",
				pm_slice(big, repeat(0, "<a href=/x>y</a>", n)), false));
		CHECK(page.links.len == (n < PM_LINKS_MAX ? n : PM_LINKS_MAX));
		CHECK(page.links.at[page.links.len - 1].main);
	}
}

static void long_urls_are_left_out(void)
{
	/* "https://example.org/" and what comes to the bound, and one more. */
	for (size_t more = 0; more < 2; more++) {
		size_t len = repeat(0, "<a href='/", 1);

		len = fill(len, 'x', PM_LINK_URL_MAX - 20 + more);
		len = repeat(len, "'>y</a>", 1);
		CHECK(read_html("https://example.org/", pm_slice(big, len), false));
		CHECK(page.links.len == 1 - more);
		CHECK(more || page.links.at[0].url.len == PM_LINK_URL_MAX);
	}
}

static void long_texts_are_cut(void)
{
	size_t len = repeat(0, "<p><a href=/x>", 1);

	len = repeat(len, "\xe4\xb8\xad", PM_LINK_TEXT_MAX);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.len == 1 && page.links.at[0].text.len == PM_LINK_TEXT_MAX / 3 * 3);
	len = repeat(0, "<p><a href=/x>", 1);
	len = fill(len, 'y', PM_LINK_TEXT_MAX);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.at[0].text.len == PM_LINK_TEXT_MAX);
	len = repeat(0, "<p><a href=/x>", 1);
	len = repeat(len, "&eacute; ", 20 * PM_LINK_TEXT_MAX);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.at[0].text.len > PM_LINK_TEXT_MAX - 4 &&
	      page.links.at[0].text.len <= PM_LINK_TEXT_MAX);
}

static void long_rels_are_cut(void)
{
	size_t len = repeat(0, "<p><a href=/x rel='", 1);

	len = repeat(len, "abc ", 400);
	len = repeat(len, "'>y</a>", 1);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.at[0].rel.len == PM_LINK_REL_MAX - 1);
	len = repeat(0, "<p><a href=/x rel='", 1);
	len = fill(len, 'a', PM_LINK_REL_MAX + 1);
	len = repeat(len, "'>y</a>", 1);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.len == 1 && !page.links.at[0].rel.ptr);
}

/* A thousand links of two kilobytes each are what there is room for; memory follows. */
static void all_of_them_are_bounded(void)
{
	size_t len = repeat(0, "<base href='/", 1), bytes = 0;

	len = fill(len, 'x', PM_LINK_URL_MAX - 100);
	len = repeat(len, "/'>", 1);
	len = repeat(len, "<a href=y>z</a>", PM_LINKS_MAX);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.len > 900 && page.links.len < 1200);
	for (size_t i = 0; i < page.links.len; i++)
		bytes += page.links.at[i].url.len + page.links.at[i].text.len;
	CHECK(bytes >= PM_LINKS_BYTES_MAX && bytes < PM_LINKS_BYTES_MAX + 2 * PM_LINK_URL_MAX);
	CHECK(arena.used < 16u << 20);
}

/* What a base is that is longer than any link: nothing is relative to it. */
static void a_long_base_costs_nothing(void)
{
	size_t len = repeat(0, "<base href='/", 1);

	len = fill(len, 'x', 1 << 20);
	len = repeat(len, "/'>", 1);
	len = repeat(len, "<a href=y>z</a><a href=http://h/>z</a>", 4000);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.len == 4000);
	len = repeat(0, "<base href='/?", 1);
	len = fill(len, 'x', 1 << 20);
	len = repeat(len, "'>", 1);
	len = repeat(len, "<a href='#y'>z</a><a href=' \x01'>z</a><a href=y>z</a>", 4000);
	CHECK(read_html("https://example.org/", pm_slice(big, len), false));
	CHECK(page.links.len == 4000);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 256 << 20) == 0);
	RUN(urls_are_resolved);
	RUN(only_the_web_counts);
	RUN(base_decides);
	RUN(what_is_not_displayed_is_left_out);
	RUN(text_is_on_one_line);
	RUN(blocks_part_links);
	RUN(rel_is_tokens);
	RUN(main_is_what_was_taken);
	RUN(no_main_text_has_links);
	RUN(links_are_counted);
	RUN(long_urls_are_left_out);
	RUN(long_texts_are_cut);
	RUN(long_rels_are_cut);
	RUN(all_of_them_are_bounded);
	RUN(a_long_base_costs_nothing);
	pm_arena_close(&arena);
	return DONE();
}
