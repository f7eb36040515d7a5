/* The record: everything filled, nothing filled, what is empty, and the ceiling. `--print` writes
 * the full record for a validator of its schema. */
#include <jansson.h>

#include "core/json_write.h"
#include "producer/record.h"
#include "tests/test.h"

static const struct pm_provenance from = {
	PM_LIT("00112233445566778899aabbccddeeff"), PM_LIT("[{\"name\":\"decode\",\"version\":1}]"),
};

#define META(name) { PM_LIT(name), "json-ld" }
#define LIST(page, list, elements)                                                          \
	((page)->list.at = elements, (page)->list.len = sizeof(elements) / sizeof(*elements))

static struct pm_slice authors[] = { PM_LIT("Ann Other"), PM_LIT(""), PM_LIT("B. Else") };
static struct pm_slice crumbs[] = { PM_LIT("Home"), PM_LIT("News") };
static struct pm_slice words[] = { PM_LIT("a"), PM_LIT("b") };
static struct pm_slice robots[] = { PM_LIT("noindex") };
static struct pm_block blocks[] = {
	{ .kind = PM_BLOCK_HEADING, .level = 2, .text = PM_LIT("A head") },
	{ .kind = PM_BLOCK_PARAGRAPH, .text = PM_LIT("") },
	{ .kind = PM_BLOCK_PARAGRAPH, .text = PM_LIT("Some \"text\".") },
};
static struct pm_link links[] = {
	{ PM_LIT("https://e.org/"), PM_LIT("here"), PM_LIT("nofollow"), true },
	{ PM_LIT("https://e.org/x"), { 0 }, { 0 }, false },
};
static const uint32_t spans[][2] = { { 0, 6 }, { 8, 12 } };
static struct pm_tag tags[] = {
	{ PM_LIT("country"), PM_LIT("KP"), PM_LIT("North Korea"), 2, spans, 2 },
	{ PM_LIT("email"), { 0 }, PM_LIT("a@b.example"), 1, NULL, 0 },
};
static struct pm_topic topics[] = { { PM_LIT("20000003"), PM_LIT("politics"), 9876 } };
static struct pm_flag flags[] = { { PM_LIT("truncated"), PM_LIT("U.S.Policy: The U") },
				  { PM_LIT("spun_text"), { 0 } } };
static struct pm_signal signals[] = { { PM_LIT("rps_doc_word_count"), 12340000 },
				      { PM_LIT("x"), -5 },
				      { PM_LIT("x"), 7 } };
static struct pm_count repairs[] = { { PM_LIT("joined_words"), 0, 2 },
				     { PM_LIT("joined_words"), 0, 1 },
				     { PM_LIT("none"), 0, 0 } };
static struct pm_count removed[] = { { PM_LIT("navigation"), 120, 4 } };
static struct pm_annotation annotations[] = { { PM_LIT("mine"), PM_LIT("{\"a\":[1,2]}") },
					      { PM_LIT("mine"), PM_LIT("2") } };

static void fill_metadata(struct pm_page *page)
{
	page->url = PM_LIT("https://e.org/a#b");
	page->source_id = PM_LIT("17");
	page->fetched_at = PM_LIT("2025-07-12T10:00:00Z");
	page->host = PM_LIT("e.org");
	page->domain = PM_LIT("e.org");
	page->canonical_url = (struct pm_meta)META("https://e.org/a");
	page->site_name = (struct pm_meta)META("E");
	page->published_at = (struct pm_meta)META("2025-07-12");
	page->modified_at = (struct pm_meta)META("2025-07-12T10:00:00+02:00");
	page->title = (struct pm_meta){ PM_LIT("T\xc3\xa9"), "h1" };
	page->section = (struct pm_meta)META("News");
	page->description = (struct pm_meta)META("D");
	page->image = (struct pm_meta)META("https://e.org/i.png");
	page->licence = (struct pm_meta)META("CC0");
	page->authors = (struct pm_meta_list){ authors, 3, "byline" };
	page->breadcrumbs = (struct pm_meta_list){ crumbs, 2, "microdata" };
	page->keywords = (struct pm_meta_list){ words, 2, "meta" };
	page->robots = (struct pm_meta_list){ robots, 1, "meta" };
	page->is_accessible_for_free = 1;
}

static void fill(struct pm_page *page)
{
	pm_page_init(page, NULL);
	strcpy(page->id, "ffeeddccbbaa99887766554433221100");
	fill_metadata(page);
	page->text = PM_LIT("A head\n\nSome \"text\".");
	page->layout = PM_LAYOUT_HTML;
	page->show_blocks = true;
	LIST(page, blocks, blocks);
	page->markdown = PM_LIT("## A head");
	LIST(page, links, links);
	page->language = PM_LIT("en");
	page->language_confidence = PM_SCORE_ONE;
	page->declared_language = PM_LIT("en-GB");
	page->page_type = PM_TYPE_ARTICLE;
	page->page_type_confidence = 9000;
	LIST(page, tags, tags);
	page->focus_country = PM_LIT("KP");
	page->focus_confidence = 5000;
	LIST(page, topics, topics);
	page->quality_score = 7001;
	LIST(page, flags, flags);
	LIST(page, signals, signals);
	LIST(page, repairs, repairs);
	LIST(page, removed, removed);
	LIST(page, annotations, annotations);
}

#define ID "\"schema\":1,\"id\":\"ffeeddccbbaa99887766554433221100\""
#define PROVENANCE                                                                          \
	"\"provenance\":{\"chain\":\"00112233445566778899aabbccddeeff\","                   \
	"\"filters\":[{\"name\":\"decode\",\"version\":1}]}"

static const char full[] =
	"{" ID ",\"url\":\"https://e.org/a#b\",\"source_id\":\"17\","
	"\"canonical_url\":\"https://e.org/a\",\"host\":\"e.org\",\"domain\":\"e.org\","
	"\"site_name\":\"E\",\"fetched_at\":\"2025-07-12T10:00:00Z\","
	"\"published_at\":\"2025-07-12\",\"modified_at\":\"2025-07-12T10:00:00+02:00\","
	"\"title\":\"T\xc3\xa9\",\"authors\":[\"Ann Other\",\"B. Else\"],\"section\":\"News\","
	"\"breadcrumbs\":[\"Home\",\"News\"],\"description\":\"D\","
	"\"image\":\"https://e.org/i.png\",\"keywords\":[\"a\",\"b\"],\"licence\":\"CC0\","
	"\"is_accessible_for_free\":true,\"robots\":[\"noindex\"],"
	"\"sources\":{\"canonical_url\":\"json-ld\",\"site_name\":\"json-ld\","
	"\"published_at\":\"json-ld\",\"modified_at\":\"json-ld\",\"title\":\"h1\","
	"\"section\":\"json-ld\",\"description\":\"json-ld\",\"image\":\"json-ld\","
	"\"licence\":\"json-ld\",\"authors\":\"byline\",\"breadcrumbs\":\"microdata\","
	"\"keywords\":\"meta\",\"robots\":\"meta\"},"
	"\"text\":\"A head\\n\\nSome \\\"text\\\".\",\"layout\":\"html\","
	"\"blocks\":[{\"kind\":\"heading\",\"text\":\"A head\",\"level\":2},"
	"{\"kind\":\"paragraph\",\"text\":\"Some \\\"text\\\".\"}],\"markdown\":\"## A head\","
	"\"links\":[{\"url\":\"https://e.org/\",\"text\":\"here\",\"rel\":\"nofollow\","
	"\"main\":true},{\"url\":\"https://e.org/x\",\"main\":false}],"
	"\"language\":{\"code\":\"en\",\"confidence\":1.0000,\"declared\":\"en-GB\"},"
	"\"page_type\":\"article\",\"page_type_confidence\":0.9000,"
	"\"tags\":[{\"type\":\"country\",\"id\":\"KP\",\"name\":\"North Korea\",\"count\":2,"
	"\"spans\":[[0,6],[8,12]]},{\"type\":\"email\",\"name\":\"a@b.example\",\"count\":1}],"
	"\"focus\":{\"country\":\"KP\",\"confidence\":0.5000},"
	"\"topics\":[{\"id\":\"20000003\",\"name\":\"politics\",\"score\":0.9876}],"
	"\"quality\":{\"score\":0.7001,\"flags\":[{\"name\":\"truncated\","
	"\"evidence\":\"U.S.Policy: The U\"},{\"name\":\"spun_text\"}],"
	"\"signals\":{\"rps_doc_word_count\":1234.0000,\"x\":-0.0005}},"
	"\"repairs\":{\"joined_words\":3},"
	"\"removed\":{\"navigation\":{\"characters\":120,\"blocks\":4}},"
	"\"annotations\":{\"mine\":{\"a\":[1,2]}}," PROVENANCE "}";

static void everything(void)
{
	struct pm_buf out = { .max = 1 << 20 };
	struct pm_page page;
	json_t *json;

	fill(&page);
	CHECK(pm_record_write(&out, &page, &from));
	CHECK_SLICE(pm_buf_get(&out), full);
	json = json_loadb(out.ptr, out.len, JSON_REJECT_DUPLICATES, NULL);
	CHECK(json != NULL);
	json_decref(json);
	pm_buf_free(&out);
}

static void nothing(void)
{
	struct pm_buf out = { .max = 1 << 20 };
	struct pm_page page;

	pm_page_init(&page, NULL);
	strcpy(page.id, "ffeeddccbbaa99887766554433221100");
	CHECK(pm_record_write(&out, &page, &from));
	CHECK_SLICE(pm_buf_get(&out), "{" ID "," PROVENANCE "}");
	pm_buf_free(&out);
}

/* Present and empty is absent all the same, also one level down. */
static void empty(void)
{
	struct pm_slice none[] = { PM_LIT(""), { 0 } };
	struct pm_tag tag[] = { { .count = 1 } };
	struct pm_count zero[] = { { PM_LIT("related"), 0, 0 } };
	struct pm_buf out = { .max = 1 << 20 };
	struct pm_page page;

	pm_page_init(&page, NULL);
	strcpy(page.id, "ffeeddccbbaa99887766554433221100");
	page.title = (struct pm_meta){ PM_LIT(""), "h1" };
	page.authors = (struct pm_meta_list){ none, 2, "byline" };
	page.text = PM_LIT("");
	page.page_type_confidence = 5;
	page.language_confidence = 5;
	LIST(&page, blocks, blocks);
	LIST(&page, tags, tag);
	LIST(&page, repairs, zero);
	LIST(&page, removed, zero);
	CHECK(pm_record_write(&out, &page, &from));
	CHECK_SLICE(pm_buf_get(&out), "{" ID "," PROVENANCE "}");
	pm_buf_free(&out);
}

static void ceiling(void)
{
	struct pm_buf out = { .max = sizeof(full) - 1 };
	struct pm_page page;

	fill(&page);
	CHECK(pm_record_write(&out, &page, &from));
	pm_buf_reset(&out);
	out.max--;
	CHECK(!pm_record_write(&out, &page, &from));
	pm_buf_free(&out);
}

static void bad_utf8(void)
{
	struct pm_buf out = { .max = 1 << 20 };
	struct pm_page page;

	pm_page_init(&page, NULL);
	strcpy(page.id, "ffeeddccbbaa99887766554433221100");
	page.url = PM_LIT("http://e/\xff");
	CHECK(pm_record_write(&out, &page, &from));
	CHECK_SLICE(pm_buf_get(&out), "{" ID ",\"url\":\"http://e/\xef\xbf\xbd\"," PROVENANCE "}");
	pm_buf_free(&out);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--print") == 0)
		return puts(full) < 0;
	RUN(everything);
	RUN(nothing);
	RUN(empty);
	RUN(ceiling);
	RUN(bad_utf8);
	return DONE();
}
