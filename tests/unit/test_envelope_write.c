#include "consumer/envelope.h"

#include "tests/test.h"

static struct pm_unpacker *unpacker;
static struct pm_arena arena;
static struct pm_page page;
static struct pm_buf out = { .max = 1 << 20 };

static struct pm_envelope *configured(const char *json)
{
	struct pm_config *cf = pm_config_text("test", pm_slice_str(json));
	struct pm_envelope *env = pm_envelope_new(pm_config_root(cf), cf, 4096, false);

	CHECK(env && pm_config_faults(cf) == 0);
	pm_config_free(cf);
	return env;
}

static void decode(const struct pm_envelope *env, enum pm_kind kind, struct pm_slice value)
{
	struct pm_message msg = {
		.value = value, .kind = kind, .timestamp = 1752309000123,
		.create_time = kind == PM_KIND_ENVELOPE,
		.position = PM_LIT("d/a b.html@0"),
	};
	struct pm_err err = { 0 };

	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	CHECK(pm_envelope_decode(env, unpacker, &msg, &page, &err) == PM_REASON_NONE);
}

/* A line is written as `want`; and what is written decodes without the message's time. */
static void line(const struct pm_envelope *env, const char *value, const char *want)
{
	decode(env, PM_KIND_JSON, pm_slice_str(value));
	pm_buf_reset(&out);
	pm_envelope_write(env, pm_slice_str(value), &page, &out);
	CHECK(!out.failed);
	CHECK_SLICE(pm_buf_get(&out), want);
}

static void unknown_times(void)
{
	struct pm_envelope *env = configured("{}");

	line(env, "{\"url\":\"u\",\"body\":\"b\"}", "{\"fetched_at\":null,\"url\":\"u\",\"body\":\"b\"}");
	line(env, "\xEF\xBB\xBF { \"body\":\"b\"}", "\xEF\xBB\xBF {\"fetched_at\":null, \"body\":\"b\"}");
	line(env, "{\"fetched_at\":null,\"body\":\"b\"}", "{\"fetched_at\":null,\"body\":\"b\"}");
	line(env, "{\"body\":\"b\",\"fetched_\\u0061t\":null}", "{\"body\":\"b\",\"fetched_\\u0061t\":null}");
	line(env, "{\"body\":\"b\",\"fetched_at\":\"2024-01-02\"}", "{\"body\":\"b\",\"fetched_at\":\"2024-01-02\"}");
	pm_envelope_free(env);
}

static void unknown_times_elsewhere(void)
{
	struct pm_envelope *env = configured("{\"fields\":{\"fetched_at\":\"meta.at.time\"}}");

	line(env, "{\"body\":\"b\"}", "{\"meta\":{\"at\":{\"time\":null}},\"body\":\"b\"}");
	line(env, "{\"meta\":{},\"body\":\"b\"}", "{\"meta\":{\"at\":{\"time\":null}},\"body\":\"b\"}");
	line(env, "{\"meta\":{\"at\":{ },\"x\":1},\"body\":\"b\"}",
	     "{\"meta\":{\"at\":{\"time\":null },\"x\":1},\"body\":\"b\"}");
	line(env, "{\"meta\":{\"x\":1},\"body\":\"b\"}", "{\"meta\":{\"at\":{\"time\":null},\"x\":1},\"body\":\"b\"}");
	line(env, "{\"meta\":null,\"body\":\"b\"}", "{\"meta\":null,\"body\":\"b\"}");
	line(env, "{\"meta\":{\"at\":null},\"body\":\"b\"}", "{\"meta\":{\"at\":null},\"body\":\"b\"}");
	line(env, "{\"meta\":{\"at\":{\"time\":\"2024-01-02\"}},\"body\":\"b\"}",
	     "{\"meta\":{\"at\":{\"time\":\"2024-01-02\"}},\"body\":\"b\"}");
	pm_envelope_free(env);
}

/* What `page` is, written and decoded once more, is the same. */
static void around(const struct pm_envelope *env, const char *want)
{
	struct pm_buf kept = { .max = 1 << 20 };
	struct pm_page before = page;
	char url[256], type[256] = "";

	snprintf(url, sizeof(url), "%.*s", PM_FMT(page.url));
	if (page.content_type.ptr)
		snprintf(type, sizeof(type), "%.*s", PM_FMT(page.content_type));
	pm_buf_reset(&out);
	pm_envelope_write(env, (struct pm_slice){ 0 }, &page, &out);
	CHECK(!out.failed);
	CHECK_SLICE(pm_buf_get(&out), want);
	pm_buf_slice(&kept, page.received);
	decode(env, PM_KIND_ENVELOPE, pm_buf_get(&out));
	CHECK(pm_slice_eq(page.url, pm_slice_str(url)));
	CHECK(type[0] == 0 || pm_slice_is(page.content_type, type));
	CHECK(pm_slice_eq(page.received, pm_buf_get(&kept)));
	CHECK(page.media == before.media && page.status == before.status);
	CHECK(page.body_is_text == before.body_is_text && page.nheaders == before.nheaders);
	CHECK(!page.fetched_at.ptr == !before.fetched_at.ptr);
	CHECK(strcmp(page.id, before.id) == 0);
	pm_buf_free(&kept);
}

static void pages(void)
{
	struct pm_envelope *env = configured("{}");

	decode(env, PM_KIND_HTML, PM_LIT("<p>a\xFF"));
	around(env, "{\"url\":\"file:d/a b.html\",\"body_base64\":\"PHA+Yf8=\",\"content_type\":\"text/html\","
	       "\"fetched_at\":null}");
	decode(env, PM_KIND_TEXT, PM_LIT("a"));
	around(env, "{\"url\":\"file:d/a b.html\",\"body_base64\":\"YQ==\",\"content_type\":\"text/plain\","
	       "\"fetched_at\":null}");
	decode(env, PM_KIND_RAW, PM_LIT("a"));
	around(env, "{\"url\":\"file:d/a b.html\",\"body_base64\":\"YQ==\",\"fetched_at\":null}");
	decode(env, PM_KIND_JSON, PM_LIT("{\"url\":\"http://h/\",\"body\":\"a\\\"\",\"content_type\":\"image/png\","
					 "\"status\":203,\"headers\":{\"A\":[\"1\",\"2\"]},\"id\":7,"
					 "\"fetched_at\":\"2024-01-02\"}"));
	around(env, "{\"url\":\"http://h/\",\"body\":\"a\\\"\",\"content_type\":\"image/png\",\"status\":203,"
	       "\"headers\":[[\"A\",\"1\"],[\"A\",\"2\"]],\"fetched_at\":\"2024-01-02\",\"id\":\"7\"}");
	decode(env, PM_KIND_JSON, PM_LIT("{\"status\":404}"));
	around(env, "{\"status\":404,\"fetched_at\":null}");
	pm_envelope_free(env);
}

static void pages_elsewhere(void)
{
	struct pm_envelope *env = configured("{\"fields\":{\"url\":\"m.w.url\",\"body_base64\":\"raw\","
					     "\"content_type\":\"type\",\"fetched_at\":\"m.time\",\"id\":\"m.w.id\"}}");

	decode(env, PM_KIND_JSON, PM_LIT("{\"m\":{\"w\":{\"url\":\"http://h/\",\"id\":\"x\"}},\"raw\":\"YQ==\"}"));
	around(env, "{\"m\":{\"w\":{\"url\":\"http://h/\",\"id\":\"x\"},\"time\":null},\"raw\":\"YQ==\"}");
	pm_envelope_free(env);
}

int main(void)
{
	unpacker = pm_unpacker_new();
	if (pm_arena_open(&arena, 1 << 20) != 0)
		return 1;
	RUN(unknown_times);
	RUN(unknown_times_elsewhere);
	RUN(pages);
	RUN(pages_elsewhere);
	pm_buf_free(&out);
	pm_arena_close(&arena);
	pm_unpacker_free(unpacker);
	return DONE();
}
