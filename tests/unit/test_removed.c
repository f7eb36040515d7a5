/* What the main text leaves out is counted by what it is there for, all of it and nothing else. */
#include "filters/extract/removed.h"

#include "core/utf8.h"
#include "filters/extract/main.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;
static struct pm_html doc;
static struct pm_visible visible;

static bool read_html(struct pm_slice html, bool explained)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	page.explained = explained;
	return pm_html_parse(&doc, &arena, html) && pm_visible_read(&doc, &arena, &visible) &&
	       pm_main_text(&doc, &visible, &page);
}

static const char article[] =
	"<article><h1>The harbour of the town</h1><p>The harbour was built in the year after the flood, said the council, "
	"and nobody had expected that it would stand for more than a hundred years.</p><p>Half of the money came "
	"from the county, and the rest from a tax on salt, which was raised twice before the work was done.</p>"
	"<p>Today the ferries leave from the other side of the river, and only fishermen use the old pier, though "
	"there are plans to open it for visitors in the summer.</p><p>A second phase of the work would mend the "
	"crane and the small railway, the engineer said, but it has to wait for another year.</p></article>";

/* Blocks of a class that stands beside the article. */
static uint32_t count(const char *before, const char *after, const char *class)
{
	static char html[8192];
	uint32_t all = 0, chars = 0, blocks = 0;

	snprintf(html, sizeof(html), "<!doctype html><title>The harbour of the town</title>%s%s%s",
		 before, article, after);
	CHECK(read_html(pm_slice_str(html), false));
	CHECK(page.blocks.len >= 4 && page.cuts.len == 0);
	for (size_t i = 0; i < page.removed.len; i++) {
		const struct pm_count *c = &page.removed.at[i];

		CHECK(c->blocks > 0 && c->characters >= c->blocks);
		all += c->blocks;
		chars += c->characters;
		if (pm_slice_is(c->kind, class))
			blocks = c->blocks;
	}
	CHECK(all + page.blocks.len == visible.nblocks);
	for (uint32_t i = 0; i < visible.nblocks; i++)
		if (!visible.blocks[i].kept)
			chars -= (uint32_t)pm_utf8_count(
				pm_slice(visible.text.ptr + visible.blocks[i].at,
					 visible.blocks[i].len));
	CHECK(chars == 0);
	return blocks;
}

static void words_say_what_they_name(void)
{
	static const struct { const char *word; enum pm_furniture says; } cases[] = {
		{ "ad", PM_FURNITURE_AD_NOTICE }, { "AUTHORS", PM_FURNITURE_BYLINE },
		{ "banner", PM_FURNITURE_HEADER },
		{ "byline", PM_FURNITURE_BYLINE }, { "caption", PM_FURNITURE_CAPTION },
		{ "Comments", PM_FURNITURE_COMMENTS }, { "crumbs", PM_FURNITURE_BREADCRUMB },
		{ "date", PM_FURNITURE_DATE }, { "footer", PM_FURNITURE_FOOTER },
		{ "gdpr", PM_FURNITURE_CONSENT },
		{ "header", PM_FURNITURE_HEADER }, { "likes", PM_FURNITURE_COUNTER },
		{ "menu", PM_FURNITURE_NAVIGATION },
		{ "newsletter", PM_FURNITURE_NEWSLETTER }, { "outbrain", PM_FURNITURE_RELATED },
		{ "published", PM_FURNITURE_DATE }, { "related", PM_FURNITURE_RELATED },
		{ "share", PM_FURNITURE_SHARE },
		{ "toc", PM_FURNITURE_NAVIGATION }, { "updated", PM_FURNITURE_DATE },
		{ "widget", PM_FURNITURE_ASIDE },
		{ "", PM_FURNITURE_NONE }, { "a", PM_FURNITURE_NONE }, { "adx", PM_FURNITURE_NONE },
		{ "z", PM_FURNITURE_NONE }, { "zz", PM_FURNITURE_NONE },
		{ "\xc3\xa9", PM_FURNITURE_NONE },
		{ "entry", PM_FURNITURE_NONE }, { "`d", PM_FURNITURE_NONE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK(pm_furniture_word(cases[i].word, strlen(cases[i].word)) == cases[i].says);
	CHECK(pm_furniture_join(PM_FURNITURE_BYLINE, PM_FURNITURE_COMMENTS) ==
	      PM_FURNITURE_COMMENTS);
	CHECK(pm_furniture_join(PM_FURNITURE_NONE, PM_FURNITURE_ASIDE) == PM_FURNITURE_ASIDE);
}

static void elements_say_what_they_hold(void)
{
	CHECK(count("<nav><a href=/a>News</a><p><a href=/b>Sport</a></nav>", "", "navigation") ==
	      2);
	CHECK(count("<header class=site-header><p>Welcome, guest</header>", "", "header") == 1);
	CHECK(count("", "<footer><p>Printed in town</footer>", "footer") == 1);
	CHECK(count("", "<aside><p>On the radio</aside>", "aside") == 1);
	CHECK(count("", "<form><label>Your name</label><select><option>Mr<option>Ms</select></form>", "form") == 3);
	CHECK(count("", "<footer><nav><p>Jobs <button>More</button></nav></footer>",
		    "navigation") == 1);
	CHECK(count("", "<footer><form><p>Your name</form></footer>", "form") == 1);
}

static void names_say_more_than_elements(void)
{
	CHECK(count("", "<aside class=related-posts><h3>Read on</h3><nav><p><a href=/x>A boat sank</a></nav></aside>",
		    "related") == 2);
	CHECK(count("", "<section id=comments><form><label>Say something</label></form><p class=date>May 1</section>",
		    "comments") == 2);
	CHECK(count("<div class=cookieConsent><p>We use them <button>Fine</button></div>", "", "consent") > 0);
	CHECK(count("", "<div class='footer__newsletter'><p>Every morning</div>", "newsletter") ==
	      1);
	CHECK(count("", "<ul class=social-share><li><a href=/x>Mail</a><li><a href=/y>Print</a></ul>", "share") == 2);
	CHECK(count("", "<div class=ad-slot><p>Buy boats</div>", "ad_notice") == 1);
	CHECK(count("<ol class=breadcrumbs><li><a href=/>Home</a></ol>", "", "breadcrumb") == 1);
	CHECK(count("<p class=dateline>May 1, 2024</p>", "", "date") == 1);
}

/* A name of what holds the main text says nothing of the rest. */
static void names_of_the_whole_say_nothing(void)
{
	CHECK(count("<body class='comments-open newsletter'><div class=related><form>",
		    "<footer><p>Printed in town</footer></form></div>", "footer") == 1);
	CHECK(count("<body class='comments-open newsletter'><div class=related><form>",
		    "<footer><p>Printed in town</footer></form></div>", "comments") == 0);
}

static void texts_say_what_names_do_not(void)
{
	CHECK(count("", "<div class=bottom><ul><li><a href=/a>Jobs</a><li><a href=/b>Terms</a></ul>"
		    "<p>\xc2\xa9 2024 The Quay Gazette. All rights reserved.</p></div>", "copyright") == 1);
	CHECK(count("<p><a href=/a>News</a><p><a href=/b>Sport</a>", "", "navigation") == 2);
	CHECK(count("", "<ul><li><a href=/a>A boat sank in the harbour last night</a></ul>", "related") == 1);
}

static void nothing_is_removed_where_all_is_kept(void)
{
	CHECK(read_html(PM_LIT(""), true) && page.removed.len == 0 && page.cuts.len == 0);
	CHECK(read_html(PM_LIT("<frameset><frame>"), true) && page.removed.len == 0);
}

static void cuts_are_the_blocks_that_are_counted(void)
{
	static char html[8192];
	size_t blocks = 0, before = 0;

	snprintf(html, sizeof(html), "<!doctype html><title>The harbour of the town</title><nav><p>News<p>Sport</nav>%s"
		 "<div class=share><p>Mail</div><footer><p>Printed in town</footer>", article);
	CHECK(read_html(pm_slice_str(html), true));
	for (size_t i = 0; i < page.removed.len; i++)
		blocks += page.removed.at[i].blocks;
	CHECK(page.cuts.len == blocks && blocks >= 4);
	CHECK_SLICE(page.cuts.at[0].text, "News");
	CHECK_SLICE(page.cuts.at[0].class, "navigation");
	CHECK(page.cuts.at[0].before == 0 && page.cuts.at[0].why);
	CHECK_SLICE(page.cuts.at[blocks - 1].text, "Printed in town");
	CHECK(page.cuts.at[blocks - 1].before == page.blocks.len);
	for (size_t i = 0; i < page.cuts.len; i++) {
		CHECK(page.cuts.at[i].before >= before &&
		      page.cuts.at[i].before <= page.blocks.len);
		before = page.cuts.at[i].before;
	}
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 64 << 20) == 0);
	RUN(words_say_what_they_name);
	RUN(elements_say_what_they_hold);
	RUN(names_say_more_than_elements);
	RUN(names_of_the_whole_say_nothing);
	RUN(texts_say_what_names_do_not);
	RUN(nothing_is_removed_where_all_is_kept);
	RUN(cuts_are_the_blocks_that_are_counted);
	pm_arena_close(&arena);
	return DONE();
}
