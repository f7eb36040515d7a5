#include "filters/extract/main.h"

#include "core/simd.h"
#include "filters/extract/main_impl.h"
#include "filters/extract/main_model.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;
static struct pm_html doc;
static struct pm_visible visible;

static bool run(const char *html, size_t len)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	return pm_html_parse(&doc, &arena, pm_slice(html, len)) &&
	       pm_visible_read(&doc, &arena, &visible) && pm_main_text(&doc, &visible, &page);
}

/* -- words ------------------------------------------------------------------------------------- */

static char heard[512];

static void hear(void *ctx, enum pm_word_space space, uint32_t key, const char *word, size_t len)
{
	size_t at = strlen(heard);

	snprintf(heard + at, sizeof(heard) - at, "[%.*s]", (int)len, word);
}

static const char *names(const char *value)
{
	heard[0] = '\0';
	pm_class_words(pm_slice_str(value), PM_WORD_CLASS, hear, NULL);
	return heard;
}

static void splits_names(void)
{
	CHECK(strcmp(names(""), "") == 0);
	CHECK(strcmp(names("a"), "") == 0);
	CHECK(strcmp(names("ad"), "[ad]") == 0);
	CHECK(strcmp(names("post-body"), "[post][body][post-body]") == 0);
	CHECK(strcmp(names("postBody"), "[post][Body][postBody]") == 0);
	CHECK(strcmp(names("post body"), "[post][body]") == 0);
	CHECK(strcmp(names("td_17_x"), "[td]") == 0);
}

static uint32_t last_key;

static void keep_key(void *ctx, enum pm_word_space space, uint32_t key, const char *word,
		     size_t len)
{
	last_key = key;
}

static uint32_t pair_key(const char *value)
{
	pm_class_words(pm_slice_str(value), PM_WORD_CLASS, keep_key, NULL);
	return last_key;
}

static void pairs_are_one_however_spelled(void)
{
	CHECK(pair_key("post-body") == pair_key("postBody"));
	CHECK(pair_key("post-body") == pair_key("Post__Body"));
	CHECK(pair_key("post-body") != pair_key("body-post"));
}

static void words_of_text(void)
{
	struct pm_slice text = PM_LIT("It's 12 o'clock, Zo\xc3\xab!");
	struct pm_word_reader r = { text.ptr, text.ptr + text.len };
	unsigned n = 0;

	while (pm_next_word(&r))
		n++;
	CHECK(n == 4);
	r = (struct pm_word_reader){ text.ptr, text.ptr };
	CHECK(pm_next_word(&r) == 0);
}

/* -- models ------------------------------------------------------------------------------------ */

static void full_width_marks_part_words(void)
{
	heard[0] = '\0';
	pm_text_words(PM_LIT("\xe4\xbd\x9c\xe8\x80\x85\xef\xbc\x9a\xe7\x8e\x8b\xe3\x80\x82x\xef\xbc\xa1"), hear, NULL);
	CHECK(strcmp(heard, "[\xe4\xbd\x9c\xe8\x80\x85][\xe7\x8e\x8b][x\xef\xbc\xa1]") == 0);
	/* Cut marks are bytes of a word like others. */
	heard[0] = '\0';
	pm_text_words(PM_LIT("a\xef\xbc"), hear, NULL);
	CHECK(strcmp(heard, "[a\xef\xbc]") == 0);
}

/* A page that shows `shown`, with an article of `body` bytes in its JSON-LD. */
static bool takes_body(const char *shown, size_t body)
{
	static char html[4096];
	size_t len = (size_t)snprintf(html, sizeof(html), "<script type='application/ld+json'>"
				      "{\"articleBody\":\"Body. ");

	for (size_t i = 6; i < body; i++)
		html[len++] = i % 8 ? 'e' : ' ';
	len += (size_t)snprintf(html + len, sizeof(html) - len, "\"}</script><p>%s", shown);
	CHECK(run(html, len));
	return page.text.len > 5 && memcmp(page.text.ptr, "Body.", 5) == 0;
}

static void takes_json_body_where_little_shows(void)
{
	char shown[256];

	CHECK(takes_body("Please enable JavaScript.", 500));
	CHECK(page.blocks.len == 1 && page.blocks.at[0].text.len == page.text.len);
	CHECK(!takes_body("Please enable JavaScript.", 499));
	memset(shown, 'a', 200);
	shown[200] = '\0';
	CHECK(!takes_body(shown, 803));
	CHECK(takes_body(shown, 804));
	shown[199] = '\0';
	CHECK(takes_body(shown, 500));
	CHECK(takes_body("", 500));
	CHECK(!takes_body("", 499));
}

static void chances(void)
{
	CHECK(pm_main_chance(0) == 128);
	CHECK(pm_main_chance(64) == 186);
	CHECK(pm_main_chance(-64) == 69);
	CHECK(pm_main_chance(PM_MAIN_SCORE_MAX) == 255);
	CHECK(pm_main_chance(-PM_MAIN_SCORE_MAX) == 0);
	for (int s = -PM_MAIN_SCORE_MAX; s < PM_MAIN_SCORE_MAX; s++)
		CHECK(pm_main_chance(s) <= pm_main_chance(s + 1));
}

static void both_twins_judge_alike(void)
{
	static pm_eight f[PM_FEATURES_END];
	int16_t fast[PM_MAIN_AT_ONCE], plain[PM_MAIN_AT_ONCE];
	uint32_t h = 1;

	for (int round = 0; round < 200; round++) {
		for (unsigned i = 0; i < PM_FEATURES_END; i++)
			for (unsigned k = 0; k < PM_MAIN_AT_ONCE; k++) {
				h = h * 1664525u + 1013904223u;
				f[i][k] = (int16_t)(round & 1 ? h >> 16 : (h >> 16) % 130);
			}
		pm_portable = false;
		pm_main_judge_second(f, fast);
		pm_portable = true;
		pm_main_judge_second(f, plain);
		pm_portable = false;
		CHECK(memcmp(fast, plain, sizeof(fast)) == 0);
	}
}

static void everything_learnt_is_digested(void)
{
	unsigned parts = 0;

	while (pm_main_learnt(parts).ptr)
		CHECK(pm_main_learnt(parts++).len > 0);
	CHECK(parts == 4);
}

/* -- pages ------------------------------------------------------------------------------------- */

#define PROSE \
	"The harbour was quiet when the first boats came in, and the keeper, who had not slept, counted " \
	"them one by one as they passed the pier. Nobody spoke of the storm that had kept them out. "
#define PARAGRAPH "<p>" PROSE PROSE "</p>"

static void takes_prose_and_leaves_navigation(void)
{
	static const char html[] =
		"<title>Boats</title><nav class=menu><ul><li><a href=/a>Home</a><li><a href=/b>News</a>"
		"<li><a href=/c>Sport</a></ul></nav><div class=content><h1>Boats</h1>" PARAGRAPH PARAGRAPH
		PARAGRAPH "</div><footer class=footer><a href=/d>Privacy policy</a></footer>";

	CHECK(run(html, sizeof(html) - 1));
	CHECK(page.blocks.len == 3);
	CHECK(page.text.len > 900);
	CHECK(!memmem(page.text.ptr, page.text.len, "Sport", 5));
	CHECK(!memmem(page.text.ptr, page.text.len, "Privacy", 7));
	for (size_t i = 0; i < page.blocks.len; i++)
		CHECK(page.blocks.at[i].text.ptr >= page.text.ptr &&
		      page.blocks.at[i].text.ptr + page.blocks.at[i].text.len <=
			      page.text.ptr + page.text.len);
}

/* Whether a line amid prose is left out. */
static bool left_out(const char *line)
{
	static char html[4096];
	int len = snprintf(html, sizeof(html),
			   "<title>Boats</title><div class=content>" PARAGRAPH PARAGRAPH
			   "%s" PARAGRAPH "</div>",
			   line);

	CHECK(run(html, (size_t)len));
	CHECK(page.blocks.len >= 3);
	return page.blocks.len == 3;
}

static void cues_lead_elsewhere(void)
{
	CHECK(left_out("<p>Read more: <a href=/a>The pier that was never finished</a></p>"));
	CHECK(left_out("<p><b>READ ALSO</b> | <a href=/a>The pier that was never finished</a></p>"));
	CHECK(left_out("<p>[<a href=/a>Related: The pier that was never finished</a>]</p>"));
	CHECK(left_out("<p>L\xc3\x84S \xc3\x84VEN: <a href=/a>Piren som aldrig blev klar</a></p>"));
	CHECK(left_out("<p>Don\xe2\x80\x99t miss:</p><p><a href=/a>The pier that was never finished</a></p>"));
	/* No link, a link to a part of it, no mark, one word that is linked. */
	CHECK(!left_out("<p>Related: the pier that was never finished was sold for less than its stones.</p>"));
	CHECK(!left_out("<p>Related: the pier that was never finished, as <a href=/a>we wrote in spring</a>, was sold.</p>"));
	CHECK(!left_out("<p><a href=/a>Related matters were settled by the board in a long night of talks.</a></p>"));
	CHECK(!left_out("<p>Read more: the book about <a href=/a>lighthouses</a> tells how the keepers lived.</p>"));
}

/* A menu stands before the code, so that its indent isn't where the page's text begins. */
static void text_never_begins_with_an_indent(void)
{
	static const char html[] =
		"<title>Boats</title><nav class=menu><ul><li><a href=/a>Home</a></ul></nav><div class=content>"
		"<pre>    for (each boat)\n        count(it);</pre>" PARAGRAPH PARAGRAPH "</div>";

	CHECK(run(html, sizeof(html) - 1));
	CHECK(page.blocks.len == 3);
	CHECK_SLICE(page.blocks.at[0].text, "for (each boat)\n        count(it);");
	CHECK(page.text.ptr == page.blocks.at[0].text.ptr);
}

static void nothing_out_of_nothing(void)
{
	CHECK(run("", 0));
	CHECK(page.text.len == 0 && page.blocks.len == 0);
	CHECK(run("<body><script>1</script>", 24));
	CHECK(page.text.len == 0 && page.blocks.len == 0);
	CHECK(run("<frameset><frame src=a></frameset>", 34));
	CHECK(page.text.len == 0);
}

/* Whole arenas' worth of depth, names, rows and one line: it must end, in bounds. */
static void hostile(void)
{
	enum { SIZE = 1 << 20 };
	static char html[SIZE];
	static const char *const pieces[] = {
		"<div class=\"post body\">", "<p>x", "<td>", "<a href=x>y ", "a, ", "\"articleBody\":\"",
		"<script type=application/ld+json>{\"articleBody\":\"\\u12", "<h1>z", "\xf0\x9f\x98\x80",
		"<li><ul>", "<p>Related: <a href=x>", "<p>Read more<p><a href=x>a b c</a>", "<meta name=description content=\"a b c\">",
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		size_t len = strlen(pieces[i]), n = SIZE / len * len;

		for (size_t at = 0; at < n; at += len)
			memcpy(html + at, pieces[i], len);
		CHECK(run(html, n));
	}
}

static void full_arena(void)
{
	static const char html[] = "<title>Boats</title><div>" PARAGRAPH PARAGRAPH "</div>";
	struct pm_arena whole = arena;
	size_t most;

	CHECK(run(html, sizeof(html) - 1));
	most = arena.used;
	for (size_t limit = 0; limit < most; limit += 512) {
		arena.limit = limit;
		CHECK(!run(html, sizeof(html) - 1));
	}
	arena.limit = whole.limit;
}

int main(void)
{
	if (pm_arena_open(&arena, (size_t)1 << 30) != 0)
		return 1;
	RUN(splits_names);
	RUN(pairs_are_one_however_spelled);
	RUN(words_of_text);
	RUN(full_width_marks_part_words);
	RUN(takes_json_body_where_little_shows);
	RUN(chances);
	RUN(both_twins_judge_alike);
	RUN(everything_learnt_is_digested);
	RUN(takes_prose_and_leaves_navigation);
	RUN(cues_lead_elsewhere);
	RUN(text_never_begins_with_an_indent);
	RUN(nothing_out_of_nothing);
	RUN(hostile);
	RUN(full_arena);
	pm_arena_close(&arena);
	return DONE();
}
