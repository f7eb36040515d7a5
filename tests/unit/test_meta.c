/* What a page says of itself, source by source, and which source wins. */
#include "core/message.h"
#include "filters/extract/html_meta.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;
static struct pm_html doc;

#define DEEP "https://www.example.co.uk/a/b?c=d"

static void read_at(const char *url, const char *html)
{
	bool done;

	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	page.url = pm_slice_str(url);
	done = pm_html_parse(&doc, &arena, pm_slice_str(html)) && pm_html_meta(&doc, &page);
	CHECK(done);
}

/* A list's values with "|" between them; "" without one. */
static struct pm_slice joined(const struct pm_meta_list *list)
{
	static char to[4000];
	size_t n = 0;

	for (size_t i = 0; i < list->len; i++) {
		memcpy(to + n, list->at[i].ptr, list->at[i].len);
		n += list->at[i].len;
		to[n++] = '|';
	}
	return pm_slice(to, n ? n - 1 : 0);
}

struct meta_case { const char *html, *value, *source; };

static void check_one(const struct pm_meta *got, const struct meta_case *c)
{
	CHECK_SLICE(got->value.ptr ? got->value : PM_LIT(""), c->value);
	CHECK(!got->source == !c->source && (!c->source || strcmp(got->source, c->source) == 0));
	if (!!got->source != !!c->source || (c->source && strcmp(got->source, c->source) != 0))
		printf("  %s: %s\n", c->html, got->source ? got->source : "absent");
}

static void check_list(const struct pm_meta_list *got, const struct meta_case *c)
{
	const struct pm_meta one = { joined(got), got->len ? got->source : NULL };

	check_one(&one, c);
}

#define LD(json) "<script type='application/ld+json'>" json "</script>"
#define EACH(cases, field, how) \
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) { \
		read_at(DEEP, cases[i].html); \
		how(&page.field, &cases[i]); \
	}

static void titles(void)
{
	static const struct meta_case cases[] = {
		{ "<title>Bees fly high | Example News</title><h1>Bees fly high</h1>", "Bees fly high", "h1" },
		/* The headline, not what search engines get. */
		{ "<meta property=og:title content='Bees: how high they fly'><h1>How high bees can fly</h1>",
		  "How high bees can fly", "h1" },
		/* The heading that is the site's name, and the one that is like nothing in the
		 * head. */
		{ "<meta property=og:site_name content=Example><title>Bees fly</title><h1>Example</h1><h1>Bees fly!</h1>",
		  "Bees fly!", "h1" },
		/* What stands above the headline inside it; "Nature: " of the head is another
		 * thing. */
		{ "<meta property=og:title content='How high can bees fly?'><h1>Nature <b>How high can bees fly?</b></h1>",
		  "How high can bees fly?", "h1" },
		{ "<meta property=og:title content='Bees'><h1>All about bees</h1>", "All about bees", "h1" },
		/* Of an article the only heading, like what the head says or not; of others what is
		 * alike. */
		{ LD("{\"@type\":\"Article\",\"headline\":\"Ten facts on honey\"}") "<h1>Why bees matter</h1>", "Why bees matter", "h1" },
		{ "<meta property=og:title content='Ten facts on honey'><h1>Why bees matter</h1>", "Ten facts on honey", "og:title" },
		/* Of several articles that which the title element names. */
		{ "<title>Bees fly high</title>" LD("[{\"@type\":\"Article\",\"headline\":\"Wasps sleep\"},"
		  "{\"@type\":\"Article\",\"headline\":\"Bees fly high!\"}]"), "Bees fly high!", "json-ld" },
		{ "<title>Bees fly high | Nature</title>", "Bees fly high", "title" },
		{ "<title>Bees | Nature</title>", "Bees | Nature", "title" },
		/* Names of sites come off at either end, others stay. */
		{ "<meta property=og:site_name content='The Example'><title>Bees fly - The Example</title>", "Bees fly", "title" },
		{ "<meta property=og:site_name content='The Example'><title>The Example: Bees fly</title>", "Bees fly", "title" },
		{ "<title>Bees fly - example.co.uk</title>", "Bees fly", "title" },
		{ "<title>Bees - and wasps</title>", "Bees - and wasps", "title" },
		{ "<title>Example</title>", "Example", "title" },
		/* JSON-LD, Open Graph, Twitter, without a heading. */
		{ LD("{\"@type\":\"NewsArticle\",\"headline\":\"L\"}") "<meta property=og:title content=O>", "L", "json-ld" },
		{ "<meta property=og:title content=O><meta name=twitter:title content=T>", "O", "og:title" },
		{ "<meta name=twitter:title content=T><title>E</title>", "T", "twitter:title" },
		{ "<p>x", "", NULL },
	};

	EACH(cases, title, check_one);
}

/* Which heading it is, and what of it. */
static void headlines(void)
{
#define NEWS LD("{\"@type\":\"NewsArticle\",\"headline\":\"Why bees of the valley fly so high\"}")
	static const struct meta_case cases[] = {
		/* A logo, a link to the front page, the end of the title element. */
		{ "<title>Bees fly high : The Honey Place</title><h1 class=logo>The Honey Place</h1><h2>Bees fly high</h2>",
		  "Bees fly high", "h2" },
		{ "<title>Bees fly high - Honey</title><h1><a href='https://honey.example/'>Honey</a></h1><h3>Bees fly high</h3>",
		  "Bees fly high", "h3" },
		{ "<title>Bees fly high | All About Bees in the Valley</title><h1>All About Bees in the Valley</h1>"
		  "<h1>Bees fly high</h1>", "Bees fly high", "h1" },
		{ "<title>Honey Place | Bees fly high in May</title><h2>Bees fly high in May</h2>",
		  "Bees fly high in May", "h2" },
		{ "<title>Opinion | Why bees fly</title><h3>Opinion</h3>", "Opinion | Why bees fly",
		  "title" },
		{ "<title>Bees fly high</title><h2>Bees fly high and low</h2>", "Bees fly high", "title" },
		/* The list of where one is: JSON-LD has the long form, else it is as good as
		 * any. */
		{ NEWS "<title>Bees: how high</title><ol class=breadcrumb><li><h1>Bees: how high</h1></ol>"
		  "<h2>Why bees of the valley fly so high</h2>", "Why bees of the valley fly so high", "h2" },
		{ NEWS "<title>Bees: how high</title><nav><h1>Bees: how high</h1></nav>",
		  "Why bees of the valley fly so high", "json-ld" },
		{ "<title>Bees: how high</title><nav><h1>Bees: how high</h1></nav>", "Bees: how high", "h1" },
		/* Unlike all that the head says: of two nobody knows which; lists of more are
		 * none. */
		{ NEWS "<h1>Honey in danger</h1><h1><a href=/more>More honey</a></h1>", "Honey in danger", "h1" },
		{ NEWS "<h1>Honey in danger</h1><h1>More honey</h1>", "Why bees of the valley fly so high", "json-ld" },
		{ "<meta property=og:type content=article><meta property=og:title content='On bees'>"
		  "<h1>How high the honey makers fly</h1>", "How high the honey makers fly", "h1" },
		{ "<meta property=og:type content=article><meta property=og:title content='On bees'><h1>Special offers today</h1>",
		  "On bees", "og:title" },
		{ "<meta property=og:type content=website><meta property=og:title content='On bees'>"
		  "<h1>How high the honey makers fly</h1>", "On bees", "og:title" },
		/* Lines above, with a mark for the eye or none, and small print; a colon makes one
		 * title of both. */
		{ "<title>x</title><meta property=og:title content='Nature - Bees fly high'>"
		  "<h1><span class=overline>Nature</span><i> - </i><b>Bees fly high</b></h1>", "Bees fly high", "h1" },
		{ "<meta property=og:title content='Nature: Bees fly high'><h1><span class=kicker>Nature</span>Bees fly high</h1>",
		  "Bees fly high", "h1" },
		{ "<meta property=og:title content='Nature: Bees fly high'><h1><i class=kicker>Nature:</i> Bees fly high</h1>",
		  "Nature: Bees fly high", "h1" },
		{ "<meta property=og:title content='Nature: Bees fly high'><h1><i class=kicker>Nature</i>: Bees fly high</h1>",
		  "Nature: Bees fly high", "h1" },
		{ "<title>Bees fly high</title><h1>Bees fly high<br><small>2 May 2024</small></h1>",
		  "Bees fly high", "h1" },
		{ "<title>Bees</title><h1>Bees <small>2 May 2024</small></h1>", "Bees 2 May 2024", "h1" },
		/* What the heading and JSON-LD agree on stays; not so a kicker in an element of its
		 * own. */
		{ NEWS "<meta property=og:title content='valley fly so high'><h1>Why bees of the valley fly so high</h1>",
		  "Why bees of the valley fly so high", "h1" },
		{ NEWS "<meta property=og:title content='valley fly so high'><h1><b>Why bees of the</b> valley fly so high</h1>",
		  "valley fly so high", "h1" },
		{ "<title>Bees fly high today</title><meta property=og:title content=Bees><h1>News: Bees fly high today</h1>",
		  "Bees fly high today", "h1" },
		{ "<title>Best bees of the year</title><h1>The Best bees of the year</h1>", "The Best bees of the year", "h1" },
		/* A part that ends as JSON-LD's short form does is no kicker; behind an element or
		 * a line's end it is. */
		{ LD("{\"@type\":\"Article\",\"headline\":\"Honey in a jar\"}") "<h1>How much does honey in a jar cost? Honey in a jar</h1>",
		  "How much does honey in a jar cost? Honey in a jar", "h1" },
		{ LD("{\"@type\":\"Article\",\"headline\":\"Honey in a jar\"}") "<h1>How to eat<br>Honey in a jar</h1>",
		  "Honey in a jar", "h1" },
		/* The head's colon between two parts that only a style sheet keeps apart. */
		{ "<meta property=og:title content='Honey in May: Bees fly high'><h2><i>Honey in May</i> Bees fly high</h2>"
		  "<title>Bees fly high in May: honey</title><ol class=breadcrumbs><li><h1>Bees fly high in May: honey</h1></ol>"
		  "<h2><i>Honey in May</i> <b>Bees fly high</b></h2>", "Honey in May: Bees fly high", "h2" },
		/* Below a list of where one is that ends with a heading for searchers. */
		{ LD("{\"@type\":\"NewsArticle\",\"headline\":\"Bees honey price May\"}")
		  "<meta property=og:title content='What honey costs now'><title>Bees honey price May | Example</title>"
		  "<ol class=breadcrumb><li><h1>Bees honey price May</h1></ol><h2>What honey costs now</h2>",
		  "What honey costs now", "h2" },
		{ LD("{\"@type\":\"NewsArticle\",\"headline\":\"Bees honey price May\"}")
		  "<meta property=og:title content='What honey costs now'><title>Bees honey price May | Example</title>"
		  "<ol class=breadcrumb><li><h1>Bees honey price May</h1></ol><h2>What wax costs now</h2>",
		  "Bees honey price May", "h1" },
		/* The sign that links to a heading. */
		{ "<title>Bees fly - Example</title><h1>Bees fly<a href=#bees>\302\266</a></h1>", "Bees fly", "h1" },
		{ "<title>Bees - Example</title><h1>Bees<a href=#bees>\302\266</a></h1>", "Bees", "h1" },
		/* A product has its maker's name; what begins with a name of the site's is no
		 * site. */
		{ "<meta property=og:site_name content='Bee Tools'><title>Bee Tools Hive Comb 5 | Bee Tools</title>"
		  "<h1>Bee Tools Hive Comb 5</h1>", "Bee Tools Hive Comb 5", "h1" },
		{ "<meta property=og:site_name content='Bee Tools'><title>Bee Tools Pro | Get it now</title><h1>Bee Tools Pro</h1>",
		  "Bee Tools Pro", "h1" },
		{ "<meta property=og:site_name content='Why bees | Hives | Home'><title>Why bees | Hives | Home</title>"
		  "<h1>Why bees</h1>", "Why bees", "h1" },
		/* Text above the letters. */
		{ "<title>\345\255\220\344\276\233\343\201\250\350\234\202</title>"
		  "<h1><ruby>\345\255\220<rt>\343\201\223</rt></ruby>\344\276\233\343\201\250\350\234\202</h1>",
		  "\345\255\220\344\276\233\343\201\250\350\234\202", "title" },
	};

	EACH(cases, title, check_one);
}

#define EMPTY "<p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p><p></p>"

#define ALL_THREE LD("{\"@type\":\"Article\",\"author\":[\"Ann Bee\",\"Cid Dee\",\"Eve Fay\"]}")

static void authors(void)
{
	static const struct meta_case cases[] = {
		{ LD("{\"@type\":\"NewsArticle\",\"author\":\"By Ann Bee and Cid Dee\"}"), "Ann Bee|Cid Dee", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"author\":[{\"@type\":\"Person\",\"name\":\"Ann Bee\"},"
		     "{\"@type\":\"Organization\",\"name\":\"Example Desk\"},{\"name\":\"Cid Dee\"}]}"), "Ann Bee|Cid Dee", "json-ld" },
		{ LD("{\"@graph\":[{\"@type\":\"Person\",\"@id\":\"#a\",\"name\":\"Ann Bee\"},"
		     "{\"@type\":[\"Article\"],\"author\":{\"@id\":\"#a\"}}]}"), "Ann Bee", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"author\":{\"@id\":\"#nowhere\"}}") "<meta name=author content='Cid Dee'>",
		  "Cid Dee", "meta:author" },
		/* Others' authors: comments, lists, reviews. */
		{ LD("{\"@type\":\"Article\",\"comment\":[{\"@type\":\"Article\",\"author\":\"Eve Fay\"}]}"), "", NULL },
		{ LD("{\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"Article\",\"author\":\"Eve Fay\"}]}"), "", NULL },
		{ "<meta name=author content='Ann Bee'><meta name=author content='Cid Dee'>", "Ann Bee|Cid Dee", "meta:author" },
		{ "<meta property=article:author content='https://www.facebook.com/ann'><a rel=author href=x>Ann Bee</a>", "Ann Bee",
		  "rel:author" },
		{ "<meta name=citation_author content='Bee, Ann'><meta name=citation_author content='Dee, Cid E.'>",
		  "Ann Bee|Cid E. Dee", "citation_author" },
		{ "<span itemprop=author itemscope><b itemprop=name>Ann Bee</b> reporter</span>", "Ann Bee", "microdata" },
		{ "<span property='schema:author'>Ann Bee</span>", "Ann Bee", "rdfa" },
		{ "<h1>T</h1><div class=article__byline>By <a>Ann Bee</a> and <a>Cid Dee</a></div>",
		  "Ann Bee|Cid Dee", "byline" },
		{ "<h1>T</h1><p>By Ann Bee</p><p>Text.</p>", "Ann Bee", "byline" },
		{ "<h1>T</h1><p>By the time they came.</p>", "", NULL },
		{ "<h1>T</h1><div class=comments><p class=author>Eve Fay</p></div>", "", NULL },
		{ "<h1>T</h1><p>By</p><p>Ann Bee</p>", "Ann Bee", "byline" },
		{ "<h1>T</h1><p><a href='/authors/ann'>Ann Bee</a></p>", "Ann Bee", "byline" },
		{ "<h1>T</h1><div><p class=author>Ann Bee<br>4 August 2024</p></div>", "Ann Bee", "byline" },
		/* Labels and their values, in statements of their own. */
		{ "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ann Bee'>"
		  "<meta name=twitter:label2 content='Est. reading time'><meta name=twitter:data2 content='Five Minutes'>",
		  "Ann Bee", "twitter:data" },
		{ "<meta name=twitter:label2 content='Verfasst von'><meta name=twitter:data2 content='Ann Bee'>", "Ann Bee", "twitter:data" },
		{ "<meta name=twitter:data1 content='Ann Bee'>", "", NULL },
		{ "<meta name=twitter:label1 content='Price'><meta name=twitter:data1 content='Ann Bee'>", "", NULL },
		{ "<meta name=twitter:label3 content='Written by'><meta name=twitter:data3 content='Ann Bee'>", "", NULL },
		/* Names side by side; classes that speak of other articles, at the headline and far
		 * from it. */
		{ "<h1>T</h1><div class=byline><b>Ann Maria Bee</b> <b>Cid Dee</b> <b>Eve Fay</b></div>", "Ann Maria Bee|Cid Dee|Eve Fay",
		  "byline" },
		{ "<h1>T</h1><div class=latest-by>By <a href=/author/ann>Ann Bee</a></div>", "Ann Bee", "byline" },
		{ "<h1>T</h1><div class=latest><p></p></div>" EMPTY EMPTY EMPTY EMPTY
		  "<div class=latest><a href=/author/ann>Ann Bee</a></div>", "", NULL },
		{ "<h1>T</h1><div><p class=author>AB</p><p class=author>Ann Bee</p></div>", "Ann Bee", "byline" },
		/* Answers have authors of their own. */
		{ "<div><div><p><b itemprop=author>Ann</b></p></div></div>" EMPTY EMPTY
		  "<div><div><p><b itemprop=author>Eve</b></p></div></div><div><p>x</p></div>", "Ann", "microdata" },
		/* Those of one text may have a box each. */
		{ "<div><div><p>By <b itemprop=author>Ann Bee</b></p></div></div>"
		  "<div><div><p>By <b itemprop=author>Eve Fay</b></p></div></div>", "Ann Bee|Eve Fay", "microdata" },
		/* Who is named alone, and a statement of more trust or less that names others too. */
		{ LD("{\"@type\":\"Article\",\"author\":{\"name\":\"Ann Bee\"}}") "<meta name=author content='Ann Bee,Cid Dee'>",
		  "Ann Bee|Cid Dee", "meta:author" },
		{ LD("{\"@type\":\"Article\",\"author\":[{\"name\":\"Ann Bee\"},{\"name\":\"Cid Dee\"}]}")
		  "<meta name=author content='Ann Bee'>", "Ann Bee|Cid Dee", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"author\":{\"name\":\"Ann Bee\"}}") "<meta name=author content='Cid Dee,Eve Fay'>",
		  "Ann Bee", "json-ld" },
		/* Who helped, as the page says it: of several, and of those who also wrote. */
		{ ALL_THREE "<h1>T</h1><div>By <a href=/a>Ann Bee</a></div><p><i>Edited by</i> <a href=/d>Cid Dee</a></p>"
		  "<p>Contributions from <b>Eve Fay</b></p>", "Ann Bee", "json-ld" },
		{ ALL_THREE "<h1>T</h1><div>By <a href=/a>Ann Bee</a> and <a href=/d>Cid Dee</a></div><p>Edited by Cid Dee</p>"
		  "<p>\303\234bersetzt von Gus Hay</p>", "Ann Bee|Cid Dee|Eve Fay", "json-ld" },
		{ ALL_THREE "<h1>T</h1><p>Edited by Ann Bee, Cid Dee, Eve Fay</p>", "Ann Bee|Cid Dee|Eve Fay", "json-ld" },
		/* The site by its address. */
		{ "<meta name=author content='Honey Radio (www.example.co.uk)'>", "", NULL },
		{ "<meta name=author content='example.co.uk, Berlin, Germany'>", "", NULL },
		{ "<meta name=author content='Ann Bee (ann@example.co.uk)'>", "Ann Bee", "meta:author" },
		/* Pictures of authors have classes too. */
		{ "<h1>T</h1><p><a href='/author/ann'><img class=author-picture src=a.png>Ann Bee</a></p>", "Ann Bee", "byline" },
		/* Libraries' lists, and systems' names for authors. */
		{ "<meta name=citation_authors content='Bee, Ann'><meta name=citation_authors content='Dee, Cid'>",
		  "Ann Bee|Cid Dee", "citation_author" },
		{ "<meta name=articleAuthor content='Ann Bee'>", "Ann Bee", "meta:author" },
		/* Nobody: roles, dates, links to more, placeholders. */
		{ "<h1>T</h1><p class=byline>Games Editor</p>", "", NULL }, { "<h1>T</h1><p class=author>Sun Dec 17, 2023</p>", "", NULL },
		{ "<h1>T</h1><p class=byline>Staff Writer</p>", "", NULL }, { "<h1>T</h1><p class=author>admin</p>", "", NULL },
		{ "<meta name=author content='Name'>", "", NULL }, { "<h1>T</h1><p class=byline>Mehr</p>", "", NULL },
		{ "<h1>T</h1><p class=byline>Commentary By</p>", "", NULL },
		/* Publishers are no authors, but better than nobody. */
		{ LD("{\"@type\":\"Article\",\"author\":{\"@type\":\"Organization\",\"name\":\"Desk\"}}") "<h1>T</h1><p class=byline>Ann Bee</p>",
		  "Ann Bee", "byline" },
		{ LD("{\"@type\":\"Article\",\"author\":{\"@type\":\"Organization\",\"name\":\"Desk\"}}"), "Desk", "json-ld" },
		/* The site is an author only where nobody else is. */
		{ "<meta property=og:site_name content=Example><meta name=author content='Example'>"
		  "<h1>T</h1><p class=byline>Ann Bee</p>", "Ann Bee", "byline" },
		{ "<meta property=og:site_name content=Example><meta name=author content='Example'>", "Example", "meta:author" },
		{ "<p>x", "", NULL },
	};

	EACH(cases, authors, check_list);
}

static void published(void)
{
	static const struct meta_case cases[] = {
		{ LD("{\"@type\":\"Article\",\"datePublished\":\"2024-03-04T05:06:07+01:00\"}")
		  "<meta property=article:published_time content=2024-03-05>", "2024-03-04T05:06:07+01:00", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"datePublished\":\"soon\"}")
		  "<meta property=article:published_time content=2024-03-05>", "2024-03-05", "article:published_time" },
		{ "<meta name=pubdate content='5 March 2024'>", "2024-03-05", "meta:date" },
		{ "<meta name=DC.date.issued content=2024-03-05>", "2024-03-05", "dc:date" },
		{ "<time itemprop=datePublished datetime=2024-03-05>x</time>", "2024-03-05", "microdata" },
		{ "<span property=schema:datePublished content=2024-03-05>x</span>", "2024-03-05", "rdfa" },
		{ "<h1>T</h1><time datetime='2024-03-05T10:00'>x</time>", "2024-03-05", "time" },
		{ "<h1>T</h1><time>5 March 2024</time>", "2024-03-05", "time" },
		{ "<h1>T</h1><p class=post-date>5 March 2024</p>", "2024-03-05", "dateline" },
		{ "<html lang=de><h1>T</h1><p>Berlin, 5. M\303\244rz 2024</p>", "2024-03-05", "dateline" },
		{ "<h1>T</h1><p>Updated <time datetime=2024-03-06>x</time></p><p>Posted <time datetime=2024-03-05>x</time></p>",
		  "2024-03-05", "time" },
		{ "<h1>T</h1><aside><time datetime=2024-03-05>x</time></aside>", "2024-03-05", "time" },
		{ "<meta name=x-article-published-date content=2024-03-05>", "2024-03-05", "meta:date" },
		{ "<h1>T</h1><footer><time datetime=2024-03-05>x</time></footer>", "", NULL },
		{ "<p>x", "", NULL },
	};

	EACH(cases, published_at, check_one);
	/* Nothing is published after it was fetched. */
	pm_page_init(&page, &arena);
	page.fetched_at = PM_LIT("2024-03-04T23:00:00Z");
	CHECK(pm_html_parse(&doc, &arena, PM_LIT("<meta name=date content=2024-03-06><meta name=pubdate content=2024-03-05>")));
	CHECK(pm_html_meta(&doc, &page));
	CHECK_SLICE(page.published_at.value, "2024-03-05");
}

static void modified(void)
{
	static const struct meta_case cases[] = {
		{ LD("{\"@type\":\"Article\",\"dateModified\":\"2024-03-04\"}"), "2024-03-04", "json-ld" },
		{ "<meta property=article:modified_time content=2024-03-04T00:00:00Z>", "2024-03-04T00:00:00Z",
		  "article:modified_time" },
		{ "<meta property=article:published_time content=2024-03-04>", "", NULL },
		{ "<h1>T</h1><p class=date>Posted 4 March 2024</p><p class=date>Updated 6 March 2024</p>", "2024-03-06", "dateline" },
		{ "<h1>T</h1><p class=date>Posted 4 March 2024 | Updated 6 March 2024</p>", "2024-03-06", "dateline" },
	};

	EACH(cases, modified_at, check_one);
}

/* What is stated, against what stands at the headline. */
#define STATED(published, modified) \
	LD("{\"@type\":\"Article\",\"datePublished\":\"" published \
	   "\",\"dateModified\":\"" modified "\"}")

static void shown(void)
{
	static const struct meta_case cases[] = {
		/* The statement is in UTC; where it was written it was the day before, up to
		 * noon. */
		{ STATED("2024-03-05T03:22:07Z", "") "<h1>T</h1><p class=date>4 March 2024", "2024-03-04", "dateline" },
		{ STATED("2024-03-05T11:59:00+00:00", "") "<h1>T</h1><p class=date>4 March 2024", "2024-03-04", "dateline" },
		{ STATED("2024-03-05T12:00:00Z", "") "<h1>T</h1><p class=date>4 March 2024", "2024-03-05T12:00:00Z", "json-ld" },
		{ STATED("2024-03-05T00:00:00Z", "") "<h1>T</h1><p class=date>4 March 2024", "2024-03-05T00:00:00Z", "json-ld" },
		{ STATED("2024-03-05T03:22:07Z", "") "<h1>T</h1><p class=date>3 March 2024", "2024-03-05T03:22:07Z", "json-ld" },
		{ STATED("2024-03-05T03:22:07+01:00", "") "<h1>T</h1><p class=date>4 March 2024",
		  "2024-03-05T03:22:07+01:00", "json-ld" },
		/* The same minute, with its offset, on either side. */
		{ STATED("2024-03-05T03:22:07Z", "") "<h1>T</h1><time datetime=2024-03-04T22:22:07-05:00>x",
		  "2024-03-04T22:22:07-05:00", "time" },
		{ STATED("2024-03-04T18:30:00Z", "") "<h1>T</h1><time datetime=2024-03-05T05:30:00+11:00>x",
		  "2024-03-05T05:30:00+11:00", "time" },
		{ STATED("2024-03-05T03:22:07Z", "") "<h1>T</h1><time datetime=2024-03-04T22:23:07-05:00>x",
		  "2024-03-05T03:22:07Z", "json-ld" },
		/* A time element that shows another day than it states. */
		{ "<h1>T</h1><time datetime=2024-03-05T03:22:07Z>4 March 2024, 10:22 pm EST</time>",
		  "2024-03-04", "time" },
		/* Kept apart: what is shown and is when it was changed, unless it says
		 * otherwise. */
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class=date>9 March 2024", "2024-03-04", "json-ld" },
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class=date>Updated 9 March 2024",
		  "2024-03-04", "json-ld" },
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class=publish-date>9 March 2024",
		  "2024-03-09", "dateline" },
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class='published updated'>9 March 2024", "2024-03-04", "json-ld" },
		/* Neither of both, and in between: published anew. */
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class=date>8 March 2024", "2024-03-08", "dateline" },
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class=date>10 March 2024", "2024-03-04", "json-ld" },
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p class=date>3 March 2024", "2024-03-04", "json-ld" },
		{ STATED("2024-03-04", "2024-03-09") "<h1>T</h1><p>8 March 2024", "2024-03-04", "json-ld" },
		{ "<meta name=date content=2024-03-04><h1>T</h1><p class=date>3 March 2024", "2024-03-03", "dateline" },
		/* Captions, members and other articles have dates too. */
		{ "<h1>T</h1><figure><figcaption>A bee on 5 May 2023</figcaption></figure><p class=date>4 March 2024",
		  "2024-03-04", "dateline" },
		{ "<h1>T</h1><div class=info>Joined: 5 May 2012</div><div class=info>4 March 2024</div>", "2024-03-04", "dateline" },
		{ "<h1>T</h1><div class=social-comments><i class=date>4 March 2024</i></div>", "2024-03-04", "dateline" },
		{ "<h1>T</h1><p>The bees will fly and the wasps will not, on January 4, 2024.</p>",
		  "", NULL },
		{ "<article><h1>T</h1><p>x</p><footer><time datetime=2024-03-05>x</time></footer></article>", "2024-03-05", "time" },
		/* WordPress marks both. */
		{ "<h1>T</h1><p class=posted-on><time class=updated datetime=2024-03-09>x</time>"
		  "<time class='entry-date published' datetime=2024-03-04>x</time>", "2024-03-04", "time" },
		{ "<h1>T</h1><span>Updated</span> <span class=date>9 March 2024</span><span class=date>4 March 2024</span>",
		  "2024-03-04", "dateline" },
		/* A title's last part; a paragraph that opens with place and date. */
		{ "<title>Bees fly | Example | 04.03.2024</title><h1>Bees fly</h1>", "2024-03-04", "title" },
		{ "<title>Bees on 04.03.2024</title><h1>Bees on 04.03.2024</h1>", "2024-03-04", "dateline" },
	};

	EACH(cases, published_at, check_one);
}

static void openings(void)
{
#define LONG " The bees of the valley fly higher than all others that were seen in the valley in all the years " \
	"in which somebody looked at them, said a woman who has looked at them for thirty years."
	static const struct meta_case cases[] = {
		{ "<h1>T</h1><p>LONDON, May 5, 2024 /Wire/ --" LONG, "2024-05-05", "dateline" },
		{ "<html lang=de><h1>T</h1><p>(5. Mai 2024)" LONG, "2024-05-05", "dateline" },
		{ "<html lang=fr><h1>T</h1><p>Paris, 5 mai 2024 \342\200\223" LONG, "2024-05-05", "dateline" },
		{ "<h1>T</h1><p>On May 5, 2024 -" LONG, "", NULL },
		{ "<h1>T</h1><p>May 5, 2024 was a day." LONG, "", NULL },
		/* Between links of a line that is too long to be one. */
		{ "<h1>T</h1><p>By <a>" LONG "</a> on 5 May 2024. <a>Bees</a>", "2024-05-05", "dateline" },
	};

	EACH(cases, published_at, check_one);
}

static void terms(void)
{
	static const struct meta_case sections[] = {
		{ LD("{\"@type\":\"Article\",\"articleSection\":[\"Bees\",\"Wasps\"]}"), "Bees", "json-ld" },
		{ "<meta property=article:section content=Bees>", "Bees", "article:section" },
		{ "<meta property=article:section content='https://example.com/x'>", "", NULL },
	};
	static const struct meta_case keywords[] = {
		{ LD("{\"@type\":\"Article\",\"keywords\":[\"a\",\"b\",\"A\"]}"), "a|b",
		  "json-ld" },
		{ LD("{\"@type\":\"Article\",\"keywords\":[{\"@type\":\"DefinedTerm\",\"name\":\"a\"},{\"name\":\"b\"}]}"), "a|b", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"keywords\":\"a, b;c\"}"), "a|b|c", "json-ld" },
		{ "<meta property=article:tag content=a><meta property=article:tag content=b><meta name=keywords content=c>",
		  "a|b", "article:tag" },
		{ "<meta name=keywords content=' a ,, b '>", "a|b", "meta:keywords" },
		{ "<a rel=tag href=x>a</a> <a rel='nofollow tag' href=y>b</a>", "a|b", "rel:tag" },
	};
	static const struct meta_case crumbs[] = {
		{ LD("{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"name\":\"Home\"},{\"item\":{\"name\":\"Bees\"}}]}"),
		  "Home|Bees", "json-ld" },
		{ "<nav class=breadcrumbs><a>Home</a> / <a>Bees</a></nav>", "Home|Bees", "breadcrumb" },
		{ "<ol id=breadcrumb><li><a>Home</a><li>Bees</ol>", "Home|Bees", "breadcrumb" },
		{ "<nav><a>Home</a></nav>", "", NULL },
	};

	EACH(sections, section, check_one);
	EACH(keywords, keywords, check_list);
	EACH(crumbs, breadcrumbs, check_list);
}

static void images_and_sites(void)
{
	static const struct meta_case images[] = {
		{ "<meta property=og:image content='/i.jpg?a=1&amp;b'>", "https://www.example.co.uk/i.jpg?a=1&b", "og:image" },
		{ LD("{\"@type\":\"Article\",\"image\":[{\"@type\":\"ImageObject\",\"url\":\"https://i.example/x.png\"}]}"),
		  "https://i.example/x.png", "json-ld" },
		{ "<meta name=twitter:image content='data:image/png;base64,AA'><link rel=image_src href=/j.jpg>",
		  "https://www.example.co.uk/j.jpg", "link:image_src" },
		{ "<meta property=og:image content='/'>", "", NULL },
	};
	static const struct meta_case sites[] = {
		{ "<meta property=og:site_name content='Example &amp; Co'>", "Example & Co", "og:site_name" },
		{ LD("{\"@type\":\"WebSite\",\"name\":\"Example\"}"), "Example", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"publisher\":{\"name\":\"Example\"}}"), "Example", "json-ld" },
		{ "<meta name=application-name content=Example>", "Example", "meta:application-name" },
		{ "<title>Bees | Ex-ample</title>", "Ex-ample", "title" },
		{ "<title>Bees | Wasps</title>", "", NULL },
	};

	EACH(images, image, check_one);
	EACH(sites, site_name, check_one);
}

static void licences(void)
{
	static const struct meta_case cases[] = {
		{ "<a rel=license href='https://creativecommons.org/licenses/by/4.0/'>x</a>",
		  "https://creativecommons.org/licenses/by/4.0/", "rel:license" },
		{ "<link rel=license href=/terms>", "https://www.example.co.uk/terms", "rel:license" },
		{ "<a href='//creativecommons.org/licenses/by-sa/3.0/deed.en'>x</a>",
		  "https://creativecommons.org/licenses/by-sa/3.0/deed.en", "link" },
		{ "<a href='https://creativecommons.org/publicdomain/zero/1.0/'>x</a>",
		  "https://creativecommons.org/publicdomain/zero/1.0/", "link" },
		{ "<a href='https://creativecommons.org/about/history/of/it/'>x</a>", "", NULL },
		{ "<a href='https://example.com/creativecommons.org/licenses/by/'>x</a>", "",
		  NULL },
		{ LD("{\"@type\":\"Article\",\"license\":\"https://example.com/l\"}"), "https://example.com/l", "json-ld" },
		{ LD("{\"@type\":\"Article\",\"license\":[{\"@type\":\"CreativeWork\",\"name\":\"L\",\"url\":\"https://example.com/l\"}]}"),
		  "https://example.com/l", "json-ld" },
		{ "<figure><a href='https://creativecommons.org/licenses/by/2.0/'>x</a></figure>", "", NULL },
		{ "<a href='https://creativecommons.org/licenses/by/2.0/'>x</a>"
		  "<a href='https://creativecommons.org/licenses/by/4.0/'>y</a>", "", NULL },
		{ "<a href='https://creativecommons.org/licenses/by/2.0/'>x</a>"
		  "<a href='//creativecommons.org/licenses/by/2.0?z'>y</a>",
		  "https://creativecommons.org/licenses/by/2.0/", "link" },
		{ "<a href='https://creativecommons.org/licenses/by/2.0/'>x</a><a href='https://creativecommons.org/licenses/by/3.0/'>"
		  "x</a><footer><a href='https://creativecommons.org/licenses/by/4.0/'>y</a></footer>",
		  "https://creativecommons.org/licenses/by/4.0/", "link" },
		{ "<footer><a href='https://creativecommons.org/licenses/by/4.0/'>y</a></footer>"
		  "<a href='https://creativecommons.org/licenses/by/2.0/'>x</a>", "https://creativecommons.org/licenses/by/4.0/", "link" },
		{ "<footer><a href='https://creativecommons.org/licenses/by/4.0/'>y</a>"
		  "<a href='https://creativecommons.org/publicdomain/zero/1.0/'>x</a></footer>", "",
		  NULL },
		{ "<meta name=rights content='All rights reserved'>", "", NULL },
	};

	EACH(cases, licence, check_one);
}

static void robots(void)
{
	static const struct meta_case cases[] = {
		{ "<meta name=robots content='NOINDEX, nofollow'>", "noindex|nofollow", "meta:robots" },
		{ "<meta name=robots content='noai,noimageai'>", "noai|noimageai", "meta:robots" },
		{ "<meta name=robots content='index, follow, max-image-preview:large'>", "", NULL },
		{ "<meta name=GPTBot content=noai><meta name=googlebot-news content=nosnippet>", "",
		  NULL },
		{ "<meta name=bingbot content=noarchive><meta name=robots content=noindex>", "noindex", "meta:robots" },
		{ "<meta name=robots content='max-image-preview:none, max-snippet : 0 noarchive'>",
		  "noarchive", "meta:robots" },
		{ "<meta name=robots content='max-image-preview: none, none'>", "none", "meta:robots" },
		{ "<meta name=bottle content=noai><meta name=bot content=noai>", "", NULL },
		{ "<meta name=googlebot content=noarchive><meta name=robots content=noindex>", "noindex|noarchive", "meta:robots" },
	};
	static const struct { const char *value, *rules; } headers[] = {
		{ "noindex", "noindex" }, { "otherbot: noindex, nofollow", "" }, { "otherbot: noindex, googlebot: nofollow", "nofollow" },
		{ "unavailable_after: 25 Jun 2010 15:00:00 PST, noai", "noai" }, { "", "" }, { ":,: ,", "" },
		{ "max-image-preview: none", "" }, { "unavailable_after: Wed, 25 Jun 2025, none", "none" },
	};

	EACH(cases, robots, check_list);
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		struct pm_header h = { PM_LIT("X-Robots-Tag"), pm_slice_str(headers[i].value) };

		pm_page_init(&page, &arena);
		page.headers = &h;
		page.nheaders = 1;
		CHECK(pm_html_parse(&doc, &arena, PM_LIT("<p>x")) && pm_html_meta(&doc, &page));
		CHECK_SLICE(joined(&page.robots), headers[i].rules);
		CHECK(!page.robots.len || strcmp(page.robots.source, "x-robots-tag") == 0);
	}
}

static void access(void)
{
	static const struct { const char *html; int is_free; } cases[] = {
		{ LD("{\"@type\":\"Article\",\"isAccessibleForFree\":true}"), 1 },
		{ LD("{\"@type\":\"Article\",\"isAccessibleForFree\":\"False\"}"), -1 },
		{ LD("{\"@type\":\"Article\",\"isAccessibleForFree\":\"perhaps\"}"), 0 },
		{ LD("{\"@type\":\"Article\",\"hasPart\":{\"@type\":\"WebPageElement\",\"isAccessibleForFree\":false}}"), -1 },
		{ LD("{\"@type\":\"Article\",\"hasPart\":[{\"isAccessibleForFree\":true},{\"isAccessibleForFree\":\"False\"}]}"), -1 },
		{ LD("{\"@type\":\"Article\",\"hasPart\":{\"isAccessibleForFree\":true}}"), 0 },
		{ LD("{\"@type\":\"Article\",\"isAccessibleForFree\":true,\"hasPart\":{\"isAccessibleForFree\":false}}"), 1 },
		{ LD("{\"@type\":\"Article\",\"isAccessibleForFree\":\"https://schema.org/False\"}"),
		  -1 },
		{ "<p>x", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		read_at(DEEP, cases[i].html);
		CHECK(page.is_accessible_for_free == cases[i].is_free);
	}
}

/* Which of several objects is the page's content. */
static void objects(void)
{
	static const struct meta_case cases[] = {
		{ LD("{\"@type\":\"WebPage\",\"datePublished\":\"2024-01-01\"}")
			  LD("{\"@type\":\"BlogPosting\",\"datePublished\":\"2024-02-02\"}"),
		  "2024-02-02", "json-ld" },
		{ LD("{\"@type\":\"Product\",\"datePublished\":\"2024-01-01\"}") LD(
			  "[{\"@type\":\"http://schema.org/ReportageNewsArticle\",\"datePublished\":\"2024-02-02\"}]"),
		  "2024-02-02", "json-ld" },
		{ LD("{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":\"NewsArticle\",\"datePublished\":\"2024-02-02\"}}"),
		  "2024-02-02", "json-ld" },
		{ LD("{\"@type\":\"JobPosting\",\"datePublished\":\"2024-02-02\"}"), "", NULL },
		{ LD("{\"datePublished\":\"2024-02-02\"}"), "", NULL },
	};

	EACH(cases, published_at, check_one);
}

/* Hostile pages cost what their bytes cost. */
static void effort(void)
{
	enum { LEN = 1 << 20, PIECES = 8 };
	static char html[LEN + 1];
	static const char *const pieces[PIECES] = {
		"<meta name=author content='a, b and c, d'>", "<h1>a | b - c | d - e</h1>", "<time>1 May 1 May</time>",
		"<p class='byline author date'>By Ann Bee 1 May</p>", "<a rel=author itemprop=author>",
		"<nav class=breadcrumb><a>x</a>", "<script type='application/ld+json'>{\"@id\":\"a\",\"@type\":\"Article\",",
		"<div itemprop=author class=author>",
	};

	for (unsigned k = 0; k < PIECES; k++) {
		size_t n = strlen(pieces[k]);

		for (size_t i = 0; i + n <= LEN; i += n)
			memcpy(html + i, pieces[k], n);
		html[LEN / n * n] = 0;
		read_at(DEEP, html);
		CHECK(doc.effort < (uint64_t)64 * LEN);
	}
}

int main(void)
{
	if (pm_arena_open(&arena, (size_t)1 << 28) != 0)
		return 1;
	RUN(titles);
	RUN(headlines);
	RUN(authors);
	RUN(published);
	RUN(modified);
	RUN(shown);
	RUN(openings);
	RUN(terms);
	RUN(images_and_sites);
	RUN(licences);
	RUN(robots);
	RUN(access);
	RUN(objects);
	RUN(effort);
	pm_arena_close(&arena);
	return DONE();
}
