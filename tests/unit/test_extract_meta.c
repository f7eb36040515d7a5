/* What a page says of itself, whether it is HTML, flattened text, and normalisation. */
#include "core/simd.h"
#include "filters/extract/entity.h"
#include "filters/extract/flat.h"
#include "filters/extract/html_meta.h"
#include "filters/extract/is_html.h"
#include "filters/extract/nfc.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;

static void read_at(const char *url, const char *html)
{
	static struct pm_html doc;
	bool done;

	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	page.url = pm_slice_str(url);
	done = pm_html_parse(&doc, &arena, pm_slice_str(html)) && pm_html_meta(&doc, &page);
	CHECK(done);
}

#define DEEP "https://www.example.co.uk/a/b?c=d"

static void title(void)
{
	read_at(DEEP, "<title> A &amp;\n B\302\255</title><h1>c</h1>");
	CHECK_SLICE(page.title.value, "A & B");
	CHECK(strcmp(page.title.source, "title") == 0);
	read_at(DEEP, "<title> &nbsp;</title><h1>c<br>d <b>e</b><span hidden>f</span></h1>");
	CHECK_SLICE(page.title.value, "c d e");
	CHECK(strcmp(page.title.source, "h1") == 0);
	read_at(DEEP, "<svg><title>x</title></svg><template><title>y</title></template><title>z</title>");
	CHECK_SLICE(page.title.value, "z");
	read_at(DEEP, "<p>x");
	CHECK(page.title.value.ptr == NULL && page.title.source == NULL);
}

static void canonical(void)
{
	static const struct { const char *url, *html, *canonical; } cases[] = {
		{ DEEP, "<link rel=canonical href='/e#f'>", "https://www.example.co.uk/e" },
		{ DEEP, "<link rel='x CANONICAL' href='?g=1&amp;h=2'>", "https://www.example.co.uk/a/b?g=1&h=2" },
		{ DEEP, "<base href=/x/><link rel=canonical href=y>", "https://www.example.co.uk/x/y" },
		{ DEEP, "<base href='http://['><link rel=canonical href=y>", "https://www.example.co.uk/a/y" },
		{ DEEP, "<link rel=canonical href='http://m.example.co.uk/y'>", "http://m.example.co.uk/y" },
		/* Another domain; a public suffix is no domain. */
		{ DEEP, "<link rel=canonical href='https://other.co.uk/y'>", NULL },
		{ DEEP, "<link rel=canonical href='https://example.com/y'>", NULL },
		/* The root, for a deep page and for the root itself. */
		{ DEEP, "<link rel=canonical href='/'>", NULL },
		{ "https://www.example.com/", "<link rel=canonical href='http://example.com'>", "http://example.com/" },
		/* og:url serves where link does not. */
		{ DEEP, "<meta property=og:url content=/og><link rel=canonical href=/y>", "https://www.example.co.uk/y" },
		{ DEEP, "<meta property=og:url content=/og><link rel=canonical href=/>", "https://www.example.co.uk/og" },
		{ DEEP, "<link rel=canonical href=' '><meta name='og:url' content=/og>", "https://www.example.co.uk/og" },
		/* Not on the web, no URL of its own, no domain. */
		{ DEEP, "<link rel=canonical href='javascript:x'>", NULL },
		{ "file:x.html", "<link rel=canonical href='https://example.com/y'>", NULL },
		{ NULL, "<link rel=canonical href='https://example.com/y'>", NULL },
		{ "http://10.0.0.1/a", "<link rel=canonical href='/y'>", "http://10.0.0.1/y" },
		{ "http://10.0.0.1/a", "<link rel=canonical href='http://10.0.0.2/y'>", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		read_at(cases[i].url, cases[i].html);
		if (cases[i].canonical)
			CHECK_SLICE(page.canonical_url.value, cases[i].canonical);
		else
			CHECK(page.canonical_url.value.ptr == NULL);
	}
}

static void description(void)
{
	read_at(DEEP, "<meta property=og:description content=o><meta name=Description content=' a&lt;\n b '>");
	CHECK_SLICE(page.description.value, "a< b");
	CHECK(strcmp(page.description.source, "meta:description") == 0);
	read_at(DEEP, "<meta name=description content=' '><meta property=og:description content=o>");
	CHECK_SLICE(page.description.value, "o");
	CHECK(strcmp(page.description.source, "og:description") == 0);
	/* White space that only references make is none the less nothing. */
	read_at(DEEP, "<meta name=description content='&nbsp;'>");
	CHECK(page.description.value.ptr == NULL);
}

static void language(void)
{
	static const struct { const char *said, *tag; } tags[] = {
		{ "en", "en" }, { "EN_us", "en-US" }, { " de-at ", "de-AT" }, { "zh-hans-cn", "zh-Hans-CN" },
		{ "es-419", "es-419" }, { "sl-rozaj-biske", "sl-rozaj-biske" }, { "de-1996", "de-1996" },
		{ "zh-yue-hk", "zh-yue-HK" }, { "en-a-bbb-x-us", "en-a-bbb-x-us" },
		{ "gsw", "gsw" },
		{ "", NULL }, { "e", NULL }, { "english", NULL }, { "en-", NULL },
		{ "en--us", NULL },
		{ "en us", NULL }, { "x-default", NULL }, { "und", NULL }, { "und-US", NULL },
		{ "{{lang}}", NULL }, { "en-x", NULL }, { "en-us-us", NULL }, { "e1", NULL },
		{ "en-abcdefghi", NULL }, { "fr\303\251", NULL },
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		struct pm_slice got = pm_language_tag(&arena, pm_slice_str(tags[i].said));

		if (tags[i].tag)
			CHECK_SLICE(got, tags[i].tag);
		else
			CHECK(got.ptr == NULL);
	}
	read_at(DEEP, "<html lang=xx-bad-bad><meta property=og:locale content=fr_FR>");
	CHECK_SLICE(page.declared_language, "fr-FR");
	read_at(DEEP, "<meta http-equiv=Content-Language content='de, en'>");
	CHECK_SLICE(page.declared_language, "de");
	read_at(DEEP, "<html xml:lang=it>");
	CHECK_SLICE(page.declared_language, "it");
}

static void is_html(void)
{
	static const struct { enum pm_media media; const char *body; bool html; } cases[] = {
		{ PM_MEDIA_TEXT, "<!doctype html><html>", false },
		{ PM_MEDIA_HTML, "a<b>c", true }, { PM_MEDIA_HTML, "a</P >", true },
		{ PM_MEDIA_HTML, "<br/>", true },
		{ PM_MEDIA_HTML, "a < b, x<y>", false }, { PM_MEDIA_HTML, "plain", false },
		{ PM_MEDIA_HTML, "if a<b and c", false }, { PM_MEDIA_HTML, "x> if a<b", false },
		{ PM_MEDIA_GUESS, "a</b and</i", false }, { PM_MEDIA_GUESS, "a</b and</i>", true },
		{ PM_MEDIA_HTML, "<!-- a -->", false }, { PM_MEDIA_HTML, "<!DocType HTML>", true },
		{ PM_MEDIA_GUESS, "a<b>c", false }, { PM_MEDIA_GUESS, "a<b>c</b>", false },
		{ PM_MEDIA_GUESS, "a</b>c</i>", true }, { PM_MEDIA_GUESS, "</x></y></z>", false },
		{ PM_MEDIA_GUESS, "a <HTML lang=x>", true }, { PM_MEDIA_GUESS, "<header>", false },
		{ PM_MEDIA_GUESS, "<head>", true }, { PM_MEDIA_GUESS, "<body>", true },
		{ PM_MEDIA_GUESS, "", false },
	};
	static char large[PM_IS_HTML_LOOK + 16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK(pm_is_html(cases[i].media, pm_slice_str(cases[i].body)) == cases[i].html);
	memset(large, 'x', sizeof(large));
	memcpy(large + PM_IS_HTML_LOOK - 6, "<body>", 6);
	CHECK(pm_is_html(PM_MEDIA_GUESS, pm_slice(large, sizeof(large))));
	memset(large, 'x', sizeof(large));
	memcpy(large + PM_IS_HTML_LOOK, "<body>", 6);
	CHECK(!pm_is_html(PM_MEDIA_GUESS, pm_slice(large, sizeof(large))));
}

static void flat_of(struct pm_slice text)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	CHECK(pm_flat_text(&page, text));
}

static void flat(void)
{
	static char line[PM_FLAT_LINE * 2 + 2];

	flat_of(PM_LIT("\n\n  a  b\r\nc &amp; <i>\r\n \r\n\r\n\302\240\nd\302\255\n"));
	CHECK_SLICE(page.text, "a b\nc &amp; <i>\n\nd");
	CHECK(page.layout == PM_LAYOUT_LINES && page.blocks.len == 3);
	CHECK_SLICE(page.blocks.at[1].text, "c &amp; <i>");
	CHECK_SLICE(page.blocks.at[2].text, "d");
	flat_of(PM_LIT("a\rb"));
	CHECK_SLICE(page.text, "a\nb");
	flat_of(PM_LIT(" \n \302\240"));
	CHECK(page.text.ptr == NULL && page.blocks.len == 0 && page.layout == PM_LAYOUT_NONE);
	memset(line, 'x', sizeof(line));
	flat_of(pm_slice(line, PM_FLAT_LINE));
	CHECK(page.layout == PM_LAYOUT_LINES);
	flat_of(pm_slice(line, PM_FLAT_LINE + 1));
	CHECK(page.layout == PM_LAYOUT_FLAT);
	line[PM_FLAT_LINE] = '\n';
	flat_of(pm_slice(line, sizeof(line)));
	CHECK(page.layout == PM_LAYOUT_FLAT);
	flat_of(pm_slice(line, sizeof(line) - 2));
	CHECK(page.layout == PM_LAYOUT_LINES);
}

static void values(void)
{
	struct pm_slice plain = PM_LIT("a=b");

	CHECK(pm_entity_decode(&arena, plain).ptr == plain.ptr);
	CHECK_SLICE(pm_entity_decode(&arena, PM_LIT("?a&amp;b&copy=1&copy;&copyx&copy")), "?a&b&copy=1\302\251&copyx\302\251");
	CHECK_SLICE(pm_entity_decode(&arena, PM_LIT("&nGt;&nLt;")), "\342\211\253\342\203\222\342\211\252\342\203\222");
	CHECK_SLICE(pm_entity_decode(&arena, PM_LIT("&")), "&");
}

/* Runs of marks on both sides of what is sorted by insertion, and the blocking rules. */
static void nfc(void)
{
	char marks[256], sorted[256];
	size_t n = 0;

	CHECK_SLICE(pm_nfc(&arena, PM_LIT("a\314\250\314\201")), "\304\205\314\201");
	CHECK_SLICE(pm_nfc(&arena, PM_LIT("a\314\201\314\250")), "\304\205\314\201");
	CHECK_SLICE(pm_nfc(&arena, PM_LIT("\341\204\200\341\205\241")), "\352\260\200");
	CHECK_SLICE(pm_nfc(&arena, PM_LIT("\352\260\200\341\206\250")), "\352\260\201");
	CHECK_SLICE(pm_nfc(&arena, PM_LIT("\352\260\201\341\206\250")), "\352\260\201\341\206\250");
	CHECK_SLICE(pm_nfc(&arena, PM_LIT("\342\204\253\342\204\246")), "\303\205\316\251");
	CHECK_SLICE(pm_nfc(&arena, PM_LIT("\314\201e")), "\314\201e");
	for (size_t pairs = 11; pairs <= 14; pairs++) {
		n = 0;
		marks[n] = sorted[n] = 'x', n++;
		for (size_t i = 0; i < pairs; i++) {
			memcpy(marks + n + 4 * i, "\314\201\314\243", 4);
			memcpy(sorted + n + 2 * i, "\314\243", 2);
			memcpy(sorted + n + 2 * pairs + 2 * i, "\314\201", 2);
		}
		n += 4 * pairs;
		sorted[n] = 0;
		/* x and a dot below make one letter. */
		CHECK(pm_nfc(&arena, pm_slice(marks, n)).len == n);
		CHECK_SLICE(pm_nfc(&arena, pm_slice(marks, n)), sorted);
	}
}

int main(void)
{
	if (pm_arena_open(&arena, 1 << 24) != 0)
		return 1;
	RUN(title);
	RUN(canonical);
	RUN(description);
	RUN(language);
	RUN(is_html);
	RUN(flat);
	RUN(values);
	RUN(nfc);
	pm_arena_close(&arena);
	return DONE();
}
