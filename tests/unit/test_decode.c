#include "filters/filter.h"
#include "filters/worker.h"
#include "tests/test.h"

extern const struct pm_filter pm_filter_decode;

static struct pm_worker worker;
static struct pm_page page;

/* Runs the filter over a fresh page; `effort` in its units. */
static struct pm_result run(struct pm_slice body, const char *content_type, bool text,
			    uint64_t effort)
{
	pm_worker_reset(&worker, effort);
	pm_page_init(&page, &worker.arena);
	page.body = body;
	page.content_type = pm_slice_str(content_type);
	page.body_is_text = text;
	page.media = body.ptr ? PM_MEDIA_GUESS : PM_MEDIA_NONE;
	return pm_filter_decode.process(&page, pm_filter_decode.open(NULL, NULL, NULL), &worker);
}

static void leaves_utf8_where_it_is(void)
{
	struct pm_slice body = PM_LIT("<p>h\xc3\xa9");

	CHECK(run(body, NULL, false, 100).verdict == PM_PASS);
	CHECK(page.content.ptr == body.ptr && page.content.len == body.len);
	CHECK_SLICE(pm_slice_str(page.charset), "UTF-8");
	CHECK_SLICE(pm_slice_str(page.charset_rule), "utf-8");
	CHECK(worker.arena.used == 0);
}

static void decodes(void)
{
	CHECK(run(PM_LIT("h\xe9"), "text/html; charset=latin1", false, 100).verdict == PM_PASS);
	CHECK_SLICE(page.content, "hé");
	CHECK_SLICE(pm_slice_str(page.charset), "windows-1252");
	CHECK_SLICE(pm_slice_str(page.charset_rule), "http");
	CHECK(run(PM_LIT("\xff\xfeh\0\xe9\0"), NULL, false, 100).verdict == PM_PASS);
	CHECK_SLICE(page.content, "hé");
}

static void never_decodes_text_again(void)
{
	struct pm_slice body = PM_LIT("<meta charset=koi8-r>\xc3\xa9");

	CHECK(run(body, "text/html; charset=koi8-r", true, 100).verdict == PM_PASS);
	CHECK(page.content.ptr == body.ptr && page.content.len == body.len);
	CHECK_SLICE(pm_slice_str(page.charset_rule), "envelope");
	CHECK(run(PM_LIT("\xef\xbb\xbfhi"), NULL, true, 100).verdict == PM_PASS);
	CHECK_SLICE(page.content, "hi");
}

static void replaces_nul(void)
{
	CHECK(run(PM_LIT("\0a\0"), NULL, false, 100).verdict == PM_PASS);
	CHECK_SLICE(page.content, "\xef\xbf\xbd" "a\xef\xbf\xbd");
	CHECK(run(PM_LIT("\xff\xfe\0\0a\0"), NULL, false, 100).verdict == PM_PASS);
	CHECK_SLICE(page.content, "\xef\xbf\xbd" "a");
}

static void passes_what_has_no_body(void)
{
	CHECK(run(pm_slice(NULL, 0), "text/html", false, 0).verdict == PM_PASS);
	CHECK(page.content.ptr == NULL && page.charset == NULL);
	CHECK(run(PM_LIT(""), NULL, false, 0).verdict == PM_PASS);
	CHECK(page.content.ptr != NULL && page.content.len == 0);
}

static void fails_at_its_limits(void)
{
	static char big[8192];
	struct pm_result r;

	r = run(PM_LIT("12345"), NULL, false, 9);
	CHECK(r.verdict == PM_FAIL && r.reason == PM_REASON_BASE + PM_REASON_EFFORT);
	CHECK(run(PM_LIT("12345"), NULL, false, 10).verdict == PM_PASS);
	memset(big, 0xe9, sizeof big);
	r = run(pm_slice(big, sizeof big), NULL, false, 1 << 20);
	CHECK(r.verdict == PM_FAIL && r.reason == PM_REASON_BASE + PM_REASON_ARENA_FULL);
	memset(big, 0, sizeof big);
	r = run(pm_slice(big, sizeof big), NULL, false, 1 << 20);
	CHECK(r.verdict == PM_FAIL && r.reason == PM_REASON_BASE + PM_REASON_ARENA_FULL);
	CHECK(page.content.ptr == NULL);
}

int main(void)
{
	struct pm_err err;

	CHECK(pm_worker_open(&worker, 12288, 4096, &err) == 0);
	RUN(leaves_utf8_where_it_is);
	RUN(decodes);
	RUN(never_decodes_text_again);
	RUN(replaces_nul);
	RUN(passes_what_has_no_body);
	RUN(fails_at_its_limits);
	pm_worker_close(&worker);
	return DONE();
}
