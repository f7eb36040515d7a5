/* Where pages have their date, and whose date it is. */
#include "core/message.h"
#include "core/simd.h"
#include "filters/extract/html_meta.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;
static struct pm_html doc;

struct dated_case { const char *html, *value, *source; };

static void check_at(const char *url, const struct dated_case *c)
{
	const struct pm_meta *got = &page.published_at;
	bool same;

	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	page.url = pm_slice_str(url);
	CHECK(pm_html_parse(&doc, &arena, pm_slice_str(c->html)));
	CHECK(pm_html_meta(&doc, &page));
	same = pm_slice_is(got->value.ptr ? got->value : PM_LIT(""), c->value) &&
	       !got->source == !c->source && (!c->source || strcmp(got->source, c->source) == 0);
	CHECK(same);
	if (!same)
		printf("  %s: %.*s %s\n", c->html, (int)got->value.len,
		       got->value.ptr ? got->value.ptr : "", got->source ? got->source : "absent");
}

#define EACH(url, cases) \
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) \
		check_at(url, &cases[i])
#define PLAIN "https://example.com/a/b"
#define LD(json) "<script type='application/ld+json'>" json "</script>"
#define TEN "<p>x<p>x<p>x<p>x<p>x<p>x<p>x<p>x<p>x<p>x"
#define FIFTY TEN TEN TEN TEN TEN

/* Films, teasers and lists in a page are from other days than the page. */
static void others(void)
{
	static const struct dated_case cases[] = {
		{ LD("{\"@type\":\"VideoObject\",\"uploadDate\":\"2024-03-01\"}") "<meta name=pubdate content=2024-03-04>",
		  "2024-03-04", "meta:date" },
		{ LD("{\"@type\":\"VideoObject\",\"uploadDate\":\"2024-03-01\"}") "<h1>T</h1><p>4 March 2024</p>",
		  "2024-03-04", "dateline" },
		{ LD("{\"@type\":\"VideoObject\",\"uploadDate\":\"2024-03-01\"}"), "2024-03-01", "json-ld" },
		{ "<aside><i itemprop=datePublished content=2024-03-01>x</i></aside><meta name=date content=2024-03-04>",
		  "2024-03-04", "meta:date" },
		{ "<aside><i itemprop=datePublished content=2024-03-01>x</i></aside><h1>T</h1><p>4 March 2024</p>",
		  "2024-03-04", "dateline" },
		{ "<i itemprop=datePublished content=2024-03-01>x</i><i itemprop=datePublished content=2024-03-02>x</i>"
		  "<meta name=date content=2024-03-04>", "2024-03-04", "meta:date" },
		{ "<i itemprop=datePublished content=2024-03-01>x</i><i itemprop=datePublished content=2024-03-01T10:00:00Z>x</i>"
		  "<meta name=date content=2024-03-04>", "2024-03-01", "microdata" },
		/* What says of the page when it is from says it of the file: readers are shown an
		 * earlier day. */
		{ LD("{\"@type\":\"WebPage\",\"datePublished\":\"2024-03-14\"}") "<h1>T</h1><time>4 March 2024</time>",
		  "2024-03-04", "time" },
		{ LD("{\"@type\":\"Article\",\"datePublished\":\"2024-03-14\"}") "<h1>T</h1><time>4 March 2024</time>",
		  "2024-03-14", "json-ld" },
	};

	EACH(PLAIN, cases);
}

static void addresses(void)
{
	static const struct dated_case cases[] = {
		{ "<h1>T</h1><time datetime=2024-03-04>x</time>", "2024-03-04", "url" },
		{ "<h1>T</h1><time datetime=2024-03-07>x</time>", "2024-03-07", "time" },
		{ "<h1>T</h1><time datetime=2024-03-08>x</time>", "2024-03-04", "url" },
		{ "<h1>T</h1><time datetime=2024-03-03>x</time>", "2024-03-04", "url" },
		{ "<h1>T</h1><p>5 March 2024</p>", "2024-03-04", "url" },
		{ "<h1>T</h1>" FIFTY "<time datetime=2024-03-05>x</time>", "2024-03-05", "time" },
	};

	EACH("https://example.com/2024/03/04/x", cases);
}

/* Boxes whose names hold "sidebar" because they have one; pages without a headline. */
static void boxes(void)
{
	static const struct dated_case cases[] = {
		{ "<h1>T</h1>" FIFTY "<div class='main has-sidebar'><i class=date>4 March 2024</i></div>", "2024-03-04", "dateline" },
		{ "<h1>T</h1>" FIFTY "<div class=c-layout-sidebar><i class=date>4 March 2024</i></div>"
		  "<i class=date>5 March 2024</i>", "2024-03-04", "dateline" },
		{ "<h1>T</h1>" FIFTY "<div class='has-x sidebar'><i class=date>4 March 2024</i></div>"
		  "<i class=date>5 March 2024</i>", "2024-03-05", "dateline" },
		{ "<h1>T</h1>" FIFTY "<div class=hasty-sidebar><i class=date>4 March 2024</i></div>"
		  "<i class=date>5 March 2024</i>", "2024-03-05", "dateline" },
		{ "<time>5 March 2024</time><main><i class=date>4 March 2024</i></main>", "2024-03-04", "dateline" },
		{ "<time>5 March 2024</time><article><i class=date>4 March 2024</i></article>", "2024-03-04", "dateline" },
		{ "<time>5 March 2024</time><main><p>x</main>", "2024-03-05", "time" },
	};

	EACH(PLAIN, cases);
}

static void posts(void)
{
	static const struct dated_case cases[] = {
		/* Far behind the headline, of a page that isn't said to be an article: only who and
		 * when. */
		{ "<h1>T</h1>" FIFTY FIFTY FIFTY FIFTY "<p class=author>by <b>Ann</b> \302\273 4 March 2024</p>", "2024-03-04",
		  "dateline" },
		{ "<h1>T</h1>" FIFTY FIFTY FIFTY FIFTY "<p>by <b>Ann</b> \302\273 4 March 2024</p>",
		  "", NULL },
		/* The next post is later than the last change of this one. */
		{ "<p>4 March 2024</p>" TEN TEN "<h1>T</h1><p>x</p><p>Last edited 5 March 2024</p><p>6 March 2024</p>", "2024-03-04",
		  "dateline" },
	};

	EACH(PLAIN, cases);
}

/* Attributes that say what a text such as "3 hours ago" doesn't. */
static void attributes(void)
{
	static const struct dated_case cases[] = {
		{ "<h1>T</h1><abbr class=published title=2024-03-04T05:06:07Z>3 hours ago</abbr>", "2024-03-04T05:06:07Z", "dateline" },
		{ "<h1>T</h1><i class=date content=2024-03-04></i>", "2024-03-04", "dateline" },
		{ "<h1>T</h1><i class=date data-pubdate=\"4 March 2024\">today</i>", "2024-03-04", "dateline" },
		{ "<h1>T</h1><time data-format='x' data-timestamp='1709528767'>now</time>", "2024-03-04T05:06:07Z", "time" },
		{ "<h1>T</h1><time data-timestamp=1709528767>now</time>", "", NULL },
		{ "<h1>T</h1><time data-x='2024-03-04'>now</time>", "", NULL },
		{ "<h1>T</h1><time data-date='2024-03-04", "", NULL },
		{ "<h1>T</h1><i class=date title=2024-03-05>4 March 2024</i>", "2024-03-04", "dateline" },
		{ "<h1>T</h1><i class=date title='Permalink to the bees that were seen on 5 March 2024'>today</i>", "", NULL },
	};

	EACH(PLAIN, cases);
}

static void scripts(void)
{
#define S(js) "<script>" js "</script>"
	static const struct dated_case cases[] = {
		{ S("var s={\"published_at\":\"2024-03-04T05:06:07+01:00\"}"), "2024-03-04T05:06:07+01:00", "script" },
		{ S("x(\"{\\\"datePublished\\\":\\\"2024-03-04\\\"}\")"), "2024-03-04", "script" },
		{ S("a.pubDate = '2024/03/04';"), "2024-03-04", "script" },
		{ S("{\"publishDate\":1709528767000}"), "2024-03-04T05:06:07Z", "script" },
		{ S("{firstPublishedAt: '2024-03-04', x: 1}") S("{\"publish-date\":\"2024-03-04\"}"),
		  "2024-03-04", "script" },
		/* Two days: a list's. */
		{ S("[{\"pubdate\":\"2024-03-04\"},{\"pubdate\":\"2024-03-05\"}]"), "", NULL },
		{ S("{\"published_by\":\"2024-03-04\"}"), "", NULL }, { S("{\"republished\":\"2024-03-04\"}"), "", NULL },
		{ S("{\"unpublishDate\":\"2024-03-04\"}"), "", NULL }, { S("{\"pubdate\":\"2024-03-04"), "", NULL },
		{ S("pubdate"), "", NULL }, { S("{\"pubdate\":true}"), "", NULL }, { S("f(pubdate, '2024-03-04')"), "", NULL },
		{ S("{\"pubdate\":\"2024-03-04\"}") "<h1>T</h1><p>5 March 2024</p>", "2024-03-05", "dateline" },
	};

	EACH(PLAIN, cases);
}

/* A name at each distance from a block of sixteen bytes' start and from the script's end. */
static void scripts_are_read_at_every_place(void)
{
	static const char name[] = ";PubDate='2024-03-04';";

	for (size_t n = 0; n < 2 * 40; n++) {
		char html[256];
		struct dated_case c = { html, "2024-03-04", "script" };

		snprintf(html, sizeof(html), "<script>%.*s%s%.*s</script><p>x", (int)(n / 2),
			 "pppuuubbpupub.pu.b;upb;ppu;;pp;u;b;p;u;b", name, n % 2 ? 20 : 0,
			 "pupupupupupupupupupu");
		check_at(PLAIN, &c);
		pm_portable = true;
		check_at(PLAIN, &c);
		pm_portable = false;
	}
}

int main(void)
{
	if (pm_arena_open(&arena, (size_t)1 << 28) != 0)
		return 1;
	RUN(others);
	RUN(addresses);
	RUN(boxes);
	RUN(posts);
	RUN(attributes);
	RUN(scripts);
	pm_portable = true;
	RUN(scripts);
	pm_portable = false;
	RUN(scripts_are_read_at_every_place);
	pm_arena_close(&arena);
	return DONE();
}
