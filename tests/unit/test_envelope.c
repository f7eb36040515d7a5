#include "consumer/envelope.h"

#include <stdlib.h>

#include "tests/test.h"

enum { PAGE_BYTES = 64 };

static struct pm_arena arena;
static struct pm_unpacker *unpacker;
static struct pm_page page;
static struct pm_err err;

/* -- decoders -------------------------------------------------------------------------------- */

static struct pm_envelope *configured(const char *json, bool tombstones)
{
	struct pm_config *cf = pm_config_text("test", pm_slice_str(json));
	struct pm_envelope *env = pm_envelope_new(pm_config_root(cf), cf, PAGE_BYTES, tombstones);

	CHECK(env && pm_config_faults(cf) == 0);
	pm_config_free(cf);
	return env;
}

/* One fault, at `path`, whose words hold `what`. */
static void refused(const char *json, const char *path, const char *what)
{
	struct pm_config *cf = pm_config_text("test", pm_slice_str(json));
	struct pm_envelope *env = pm_envelope_new(pm_config_root(cf), cf, PAGE_BYTES, false);
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	pm_config_print(cf, to);
	fclose(to);
	CHECK(!env && pm_config_faults(cf) == 1);
	if (!strstr(text, path) || !strstr(text, what))
		printf("\t%s", text);
	CHECK(strstr(text, path) && strstr(text, what));
	free(text);
	pm_envelope_free(env);
	pm_config_free(cf);
}

static enum pm_reason decode_message(const struct pm_envelope *env, const struct pm_message *msg)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	err.msg[0] = 0;
	return pm_envelope_decode(env, unpacker, msg, &page, &err);
}

static struct pm_envelope *plain;

static enum pm_reason decode_slice(struct pm_slice value)
{
	struct pm_message msg = { .value = value, .timestamp = 1752309000123, .create_time = true };

	return decode_message(plain, &msg);
}

static enum pm_reason decode(const char *value)
{
	return decode_slice(pm_slice_str(value));
}

static void fails(const char *value, enum pm_reason reason)
{
	enum pm_reason got = decode(value);

	if (got != reason)
		printf("\t%s: %s, want %s\n", value, pm_reason_name(got), pm_reason_name(reason));
	CHECK(got == reason);
	CHECK(err.msg[0] != 0);
}

static void passes(const char *value)
{
	enum pm_reason got = decode(value);

	if (got)
		printf("\t%s: %s (%s)\n", value, pm_reason_name(got), err.msg);
	CHECK(got == PM_REASON_NONE);
}

/* -- json ------------------------------------------------------------------------------------ */

static void whole(void)
{
	passes("{\"url\":\"https://www.Example.co.uk:8080/a?b#c\",\"body\":\"<p>hi</p>\","
	       "\"content_type\":\"text/html; charset=x\",\"status\":200,\"id\":\"r-1\","
	       "\"fetched_at\":\"2025-07-12T08:30:00+02:00\",\"headers\":{\"X-A\":\"1\"},"
	       "\"unknown\":[1,{\"url\":2}]}");
	CHECK_SLICE(page.url, "https://www.Example.co.uk:8080/a?b#c");
	CHECK_SLICE(page.host, "www.example.co.uk");
	CHECK_SLICE(page.domain, "example.co.uk");
	CHECK_SLICE(page.source_id, "r-1");
	CHECK_SLICE(page.fetched_at, "2025-07-12T08:30:00+02:00");
	CHECK_SLICE(page.content_type, "text/html; charset=x");
	CHECK_SLICE(page.body, "<p>hi</p>");
	CHECK(page.body_is_text && page.status == 200 && page.media == PM_MEDIA_HTML);
	CHECK(page.nheaders == 1 && strlen(page.id) == 32);
	CHECK(page.page_type == PM_TYPE_NONE && page.flags.len == 0);
}

static void not_json(void)
{
	fails("", PM_REASON_BAD_JSON);
	fails(" ", PM_REASON_BAD_JSON);
	fails("{", PM_REASON_BAD_JSON);
	fails("[]", PM_REASON_BAD_JSON);
	fails("null", PM_REASON_BAD_JSON);
	fails("\"body\"", PM_REASON_BAD_JSON);
	fails("{\"body\":\"x\"} x", PM_REASON_BAD_JSON);
	fails("{\"body\":\"x\",}", PM_REASON_BAD_JSON);
	fails("{'body':'x'}", PM_REASON_BAD_JSON);
	fails("{\"body\":\"x\",\"body\":\"y\"}", PM_REASON_BAD_JSON);
	fails("{\"a\":1,\"\\u0061\":2,\"body\":\"x\"}", PM_REASON_BAD_JSON);
	fails("{\"body\":\"\xff\"}", PM_REASON_BAD_JSON);
	fails("{\"body\":\"a\nb\"}", PM_REASON_BAD_JSON);
	fails("{\"body\":NaN}", PM_REASON_BAD_JSON);
	fails("{\"body\":\"x\",\"n\":01}", PM_REASON_BAD_JSON);
	CHECK(decode_slice(PM_LIT("{\"body\":\"a\0b\"}")) == PM_REASON_BAD_JSON);
	CHECK(strstr(err.msg, "byte 10") != NULL);
	passes("\xef\xbb\xbf{\"body\":\"x\"}");
	passes("{\"body\":\"x\",\"o\":{\"a\":1,\"a\":2}}");
}

/* At most 64 levels, the document's own counted. */
static void deep(void)
{
	char value[512];
	size_t n;

	for (int levels = 63; levels <= 64; levels++) {
		n = (size_t)snprintf(value, sizeof(value), "{\"body\":\"x\",\"a\":");
		memset(value + n, '[', (size_t)levels);
		memset(value + n + levels, ']', (size_t)levels);
		strcpy(value + n + 2 * levels, "}");
		CHECK(decode(value) == (levels == 63 ? PM_REASON_NONE : PM_REASON_BAD_JSON));
	}
}

static void wrong_types(void)
{
	static const char *const members[] = { "url", "content_type", "fetched_at", "body",
					       "body_base64", "status", "id", "headers" };
	static const char *const values[] = { "true", "[]", "{}", "7", "\"\"" };
	char value[128];

	for (size_t m = 0; m < 8; m++)
		for (size_t v = 0; v < 5; v++) {
			/* id and status take numbers, headers take [] and {}; "" is another
			 * matter */
			bool fine = (v == 3 && m == 6) || ((v == 1 || v == 2) && m == 7) || v == 4;

			if (fine)
				continue;
			snprintf(value, sizeof(value), "{\"%s\":%s%s}", members[m], values[v],
				 m == 3 || m == 4 ? "" : ",\"body\":\"x\"");
			fails(value, PM_REASON_BAD_FIELD);
			CHECK(strstr(err.msg, members[m]) != NULL);
		}
	fails("{\"body\":\"x\",\"body_base64\":\"eA==\"}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"\",\"body_base64\":\"eA==\"}", PM_REASON_BAD_FIELD);
	passes("{\"body\":null,\"body_base64\":\"eA==\"}");
	CHECK_SLICE(page.body, "x");
	CHECK(!page.body_is_text);
	passes("{\"body\":\"x\",\"body_base64\":null,\"url\":null,\"id\":null,\"status\":null,"
	       "\"headers\":null,\"content_type\":null}");
	CHECK(!page.url.ptr && !page.source_id.ptr && page.status == 0 && !page.content_type.ptr);
	passes("{\"body\":\"x\",\"url\":\"\",\"id\":\"\",\"content_type\":\"\"}");
	CHECK(!page.url.ptr && !page.source_id.ptr && !page.content_type.ptr);
}

static void bodies(void)
{
	fails("{}", PM_REASON_NO_BODY);
	fails("{\"url\":\"http://a/\"}", PM_REASON_NO_BODY);
	fails("{\"body\":null}", PM_REASON_NO_BODY);
	fails("{\"body\":\"\"}", PM_REASON_NO_BODY);
	fails("{\"body_base64\":\"\"}", PM_REASON_NO_BODY);
	fails("{\"body_base64\":\" \\n\"}", PM_REASON_NO_BODY);
	fails("{\"body_base64\":\"a\"}", PM_REASON_BAD_BASE64);
	fails("{\"body_base64\":\"a===\"}", PM_REASON_BAD_BASE64);
	fails("{\"body_base64\":\"<p>x</p>\"}", PM_REASON_BAD_BASE64);
	passes("{\"body_base64\":\"PHA+\\n\\/w==\"}");
	CHECK_SLICE(page.body, "<p>\xff");
	passes("{\"body\":\"a\\u0000b\\ud800c\\ud83d\\ude00\"}");
	CHECK_SLICE(page.body, "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xf0\x9f\x98\x80");
	fails("{\"url\":\"http://a/\\u0000\",\"body\":\"x\"}", PM_REASON_BAD_FIELD);
	passes("{\"url\":\"no url at all\",\"body\":\"x\"}");
	CHECK_SLICE(page.url, "no url at all");
	CHECK(!page.host.ptr && !page.domain.ptr && strlen(page.id) == 32);
}

/* `unit` is written n times between the quotes and stands for `each` bytes. */
static void sized(const char *member, const char *unit, size_t n, size_t each)
{
	char value[1024];
	size_t at = (size_t)snprintf(value, sizeof(value), "{\"%s\":\"", member);
	bool over = n * each > PAGE_BYTES;

	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(value + at, sizeof(value) - at, "%s", unit);
	snprintf(value + at, sizeof(value) - at, "\"}");
	CHECK(decode(value) == (over ? PM_REASON_PAGE_TOO_LARGE : PM_REASON_NONE));
	CHECK(over || page.body.len == n * each);
}

static void sizes(void)
{
	sized("body", "x", 64, 1);
	sized("body", "x", 65, 1);
	sized("body", "\\u0001", 64, 1);
	sized("body", "\\u0001", 65, 1);
	sized("body", "\\n", 64, 1);
	sized("body", "\\n", 65, 1);
	sized("body", "\\u00e9", 32, 2);
	sized("body", "\\u00e9", 33, 2);
	sized("body", "\\u0000", 21, 3);
	sized("body", "\\u0000", 22, 3);
	sized("body", "\\ud83d\\ude00", 16, 4);
	sized("body", "\\ud83d\\ude00", 17, 4);
	sized("body", "\\ud83dx", 16, 4);
	sized("body", "\\ud83dx", 17, 4);
	sized("body_base64", "eHh4", 21, 3);
	sized("body_base64", "eHh4", 22, 3);
	sized("body_base64", "eHh4\\n ", 21, 3);
	CHECK(decode("{\"body_base64\":\"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"
		     "eHh4eHh4eHh4eHh4eHh4eHh4eA==\"}") == PM_REASON_NONE);
	CHECK(page.body.len == 64);
	CHECK(decode("{\"body_base64\":\"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"
		     "eHh4eHh4eHh4eHh4eHh4eHh4eHg=\"}") == PM_REASON_PAGE_TOO_LARGE);
}

static void statuses(void)
{
	static const char *const bad[] = { "0", "99", "1000", "-200", "200.5", "1e30", "\"\"",
					   "\"abc\"", "\"20\"", "\"2000\"", "\" 200\"", "\"099\"" };
	char value[128];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(value, sizeof(value), "{\"body\":\"x\",\"status\":%s}", bad[i]);
		fails(value, PM_REASON_BAD_FIELD);
	}
	for (int status = 100; status <= 999; status++) {
		bool page_follows =
			status >= 200 && status <= 299 && status != 204 && status != 205;

		snprintf(value, sizeof(value), "{\"body\":\"x\",\"status\":\"%d\"}", status);
		CHECK(decode(value) == PM_REASON_NONE && page.status == status);
		CHECK((page.page_type == PM_TYPE_ERROR) == !page_follows);
		CHECK((page.media == PM_MEDIA_NONE) == !page_follows);
		CHECK((page.body.ptr == NULL) == !page_follows);
	}
	passes("{\"url\":\"http://a/\",\"status\":404}");
	CHECK(page.page_type == PM_TYPE_ERROR && page.flags.len == 0);
	passes("{\"body\":\"%PDF-1\",\"status\":500,\"content_type\":\"application/pdf\"}");
	CHECK(page.page_type == PM_TYPE_ERROR && page.flags.len == 0);
	passes("{\"body\":\"x\",\"status\":2e2}");
	CHECK(page.status == 200);
}

static void media(void)
{
	passes("{\"body\":\"{}\",\"content_type\":\"application/json; x=y\"}");
	CHECK(page.media == PM_MEDIA_NONE && page.page_type == PM_TYPE_OTHER && !page.body.ptr);
	CHECK(page.flags.len == 1);
	CHECK_SLICE(page.flags.at[0].name, "unsupported_media");
	CHECK_SLICE(page.flags.at[0].evidence, "application/json");
	passes("{\"body_base64\":\"AAEC\"}");
	CHECK(page.media == PM_MEDIA_NONE && page.page_type == PM_TYPE_OTHER);
	passes("{\"body\":\"<?xml version='1.0'?><html/>\",\"content_type\":\"text/xml\"}");
	CHECK(page.media == PM_MEDIA_GUESS && page.page_type == PM_TYPE_NONE);
	passes("{\"body\":\"words\",\"content_type\":\"text/plain\"}");
	CHECK(page.media == PM_MEDIA_TEXT);
	passes("{\"body\":\"words\"}");
	CHECK(page.media == PM_MEDIA_GUESS);
}

static void headers(void)
{
	passes("{\"body\":\"x\",\"headers\":{\"cOnTent-Type\":\"text/plain\",\"A\":[\"1\",\"2\"],"
	       "\"N\":null}}");
	CHECK_SLICE(page.content_type, "text/plain");
	CHECK(page.nheaders == 3);
	CHECK_SLICE(page.headers[1].name, "A");
	CHECK_SLICE(page.headers[2].value, "2");
	passes("{\"body\":\"x\",\"headers\":[[\"A\",\"1\"],[\"content-type\",\"text/html\"]]}");
	CHECK_SLICE(page.content_type, "text/html");
	CHECK(page.nheaders == 2 && page.media == PM_MEDIA_HTML);
	passes("{\"body\":\"x\",\"headers\":{\"content-type\":\"image/png\"},"
	       "\"content_type\":\"text/html\"}");
	CHECK_SLICE(page.content_type, "text/html");
	passes("{\"body\":\"x\",\"headers\":[]}");
	fails("{\"body\":\"x\",\"headers\":\"A: 1\"}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":{\"A\":1}}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":{\"A\":{}}}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":{\"A\":[[]]}}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":[\"A\"]}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":[[]]}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":[[\"A\"]]}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":[[\"A\",\"1\",\"2\"]]}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"headers\":[[1,\"A\"]]}", PM_REASON_BAD_FIELD);
}

static void ids_and_times(void)
{
	passes("{\"body\":\"x\",\"id\":12345678901234567890}");
	CHECK_SLICE(page.source_id, "12345678901234567890");
	CHECK_SLICE(page.fetched_at, "2025-07-12T08:30:00.123Z");
	passes("{\"body\":\"x\",\"fetched_at\":null}");
	CHECK(!page.fetched_at.ptr);
	passes("{\"body\":\"x\",\"fetched_at\":\"2025-01-01t00:00:00z\"}");
	CHECK_SLICE(page.fetched_at, "2025-01-01T00:00:00Z");
	passes("{\"body\":\"x\",\"fetched_at\":\"2025-01-01\"}");
	CHECK_SLICE(page.fetched_at, "2025-01-01");
	passes("{\"body\":\"x\",\"fetched_at\":\"2025-01-01T00:00:00\"}");
	CHECK_SLICE(page.fetched_at, "2025-01-01");
	fails("{\"body\":\"x\",\"fetched_at\":\"\"}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"fetched_at\":\"2025-02-30T00:00:00Z\"}", PM_REASON_BAD_FIELD);
	fails("{\"body\":\"x\",\"fetched_at\":\"now\\u001b[31m\"}", PM_REASON_BAD_FIELD);
	CHECK(!strchr(err.msg, 0x1b) && strstr(err.msg, "now"));
}

static void message_times(void)
{
	struct pm_message msg = { .value = PM_LIT("{\"body\":\"x\"}"), .timestamp = 5 };

	CHECK(decode_message(plain, &msg) == PM_REASON_NONE && !page.fetched_at.ptr);
	msg.create_time = true;
	CHECK(decode_message(plain, &msg) == PM_REASON_NONE);
	CHECK_SLICE(page.fetched_at, "1970-01-01T00:00:00.005Z");
	msg.timestamp = -1;
	CHECK(decode_message(plain, &msg) == PM_REASON_NONE && !page.fetched_at.ptr);
}

static void values_that_are_not_there(void)
{
	struct pm_envelope *keeps = configured("{}", true);
	struct pm_message msg = { .timestamp = -1 };

	CHECK(decode_message(plain, &msg) == PM_REASON_NO_VALUE);
	CHECK(decode_message(keeps, &msg) == PM_REASON_NONE && page.tombstone);
	msg.oversize = 1000;
	CHECK(decode_message(keeps, &msg) == PM_REASON_PAGE_TOO_LARGE);
	CHECK(strstr(err.msg, "1000") != NULL);
	pm_envelope_free(keeps);
}

/* -- fields ---------------------------------------------------------------------------------- */

static void fields(void)
{
	struct pm_envelope *env = configured("{\"fields\":{\"url\":\"metadata.source.url\","
					     "\"body\":\"text\",\"id\":\"metadata.id\"}}", false);
	struct pm_message msg = { .timestamp = -1 };
	json_t *seed = pm_envelope_seed(env);
	char *text = json_dumps(seed, JSON_COMPACT);

	CHECK(strcmp(text, "{\"format\":\"json\",\"fields\":{\"url\":\"metadata.source.url\","
		     "\"body\":\"text\",\"id\":\"metadata.id\"},\"preset\":null}") == 0);
	free(text);
	json_decref(seed);
	msg.value = PM_LIT("{\"text\":\"words\",\"url\":7,\"body\":7,\"metadata\":{\"id\":1,\"id\":2,"
			   "\"sou\\u0072ce\":{\"url\":\"http://a.example/\"}}}");
	CHECK(decode_message(env, &msg) == PM_REASON_NONE);
	CHECK_SLICE(page.url, "http://a.example/");
	CHECK_SLICE(page.source_id, "2");
	CHECK_SLICE(page.body, "words");
	msg.value = PM_LIT("{\"text\":\"words\",\"metadata\":{\"source\":null}}");
	CHECK(decode_message(env, &msg) == PM_REASON_NONE && !page.url.ptr);
	msg.value = PM_LIT("{\"text\":\"words\",\"metadata\":[]}");
	CHECK(decode_message(env, &msg) == PM_REASON_BAD_FIELD);
	CHECK(strstr(err.msg, "metadata") != NULL);
	msg.value = PM_LIT("{\"text\":3}");
	CHECK(decode_message(env, &msg) == PM_REASON_BAD_FIELD && strstr(err.msg, "text"));
	msg.value = PM_LIT("{\"body\":\"words\"}");
	CHECK(decode_message(env, &msg) == PM_REASON_NO_BODY);
	pm_envelope_free(env);
}

static void configurations(void)
{
	refused("{\"format\":\"jsno\"}", "input.format", "did you mean \"json\"");
	refused("{\"format\":\"raw\",\"preset\":\"scrapy\"}", "input.preset", "only the format");
	refused("{\"preset\":\"crapy\"}", "input.preset", "did you mean \"scrapy\"");
	refused("{\"fields\":[]}", "input.fields", "must be an object");
	refused("{\"fields\":{\"bodi\":\"x\"}}", "input.fields.bodi", "did you mean \"body\"");
	refused("{\"fields\":{\"url\":7}}", "input.fields.url", "must be a string");
	refused("{\"fields\":{\"url\":\"\"}}", "input.fields.url", "empty");
	refused("{\"fields\":{\"url\":\"a..b\"}}", "input.fields.url", "empty");
	refused("{\"fields\":{\"url\":\"a.\"}}", "input.fields.url", "empty");
	refused("{\"fields\":{\"url\":\"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q\"}}", "input.fields.url",
		"too many");
	refused("{\"format\":\"raw\",\"fields\":{\"url\":\"a\"}}", "input.fields", "json");
	pm_envelope_free(
		configured("{\"fields\":{\"url\":\"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p\"}}", false));
}

/* -- raw and local --------------------------------------------------------------------------- */

#define HEADER(n, v) { PM_LIT(n), PM_LIT(v) }

static void raw(void)
{
	static const struct pm_header all[] = {
		HEADER("URL", "http://old.example/"), HEADER("url", "http://a.example/"),
		HEADER("Content-Type", "text/plain"), HEADER("fetched-at", "2025-01-01T00:00:00Z"),
		HEADER("id", "i"), HEADER("status", "200"),
	};
	static const struct pm_header unknown_time[] = { HEADER("fetched-at", "") };
	static const struct pm_header null_time[] = { { PM_LIT("fetched-at"), { 0 } } };
	static const struct pm_header bad_time[] = { HEADER("fetched-at", "x") };
	static const struct pm_header bad_status[] = { HEADER("status", "x") };
	static const struct pm_header bad_url[] = { HEADER("url", "http://a/\0") };
	struct pm_envelope *env = configured("{\"format\":\"raw\"}", false);
	struct pm_message msg = { .value = PM_LIT("words"),
				  .timestamp = 1,
				  .create_time = true,
				  .key = PM_LIT("http://key.example/"),
				  .headers = all,
				  .nheaders = 6 };

	CHECK(decode_message(env, &msg) == PM_REASON_NONE);
	CHECK_SLICE(page.url, "http://a.example/");
	CHECK_SLICE(page.content_type, "text/plain");
	CHECK_SLICE(page.fetched_at, "2025-01-01T00:00:00Z");
	CHECK_SLICE(page.source_id, "i");
	CHECK_SLICE(page.body, "words");
	CHECK(page.status == 200 && page.media == PM_MEDIA_TEXT && !page.body_is_text);
	msg.nheaders = 0;
	CHECK(decode_message(env, &msg) == PM_REASON_NONE);
	CHECK_SLICE(page.url, "http://key.example/");
	CHECK_SLICE(page.fetched_at, "1970-01-01T00:00:00.001Z");
	msg.key = PM_LIT("user-17");
	CHECK(decode_message(env, &msg) == PM_REASON_NONE && !page.url.ptr);
	msg.nheaders = 1;
	msg.headers = unknown_time;
	CHECK(decode_message(env, &msg) == PM_REASON_NONE && !page.fetched_at.ptr);
	msg.headers = null_time;
	CHECK(decode_message(env, &msg) == PM_REASON_NONE && !page.fetched_at.ptr);
	msg.headers = bad_time;
	CHECK(decode_message(env, &msg) == PM_REASON_BAD_FIELD);
	msg.headers = bad_status;
	CHECK(decode_message(env, &msg) == PM_REASON_BAD_FIELD);
	msg.headers = bad_url;
	CHECK(decode_message(env, &msg) == PM_REASON_BAD_FIELD);
	msg.nheaders = 0;
	msg.value = PM_LIT("");
	CHECK(decode_message(env, &msg) == PM_REASON_NO_BODY);
	msg.value = (struct pm_slice){ 0 };
	CHECK(decode_message(env, &msg) == PM_REASON_NO_VALUE);
	/* A line of a local file is JSON whatever the topic holds. */
	msg.kind = PM_KIND_JSON;
	msg.value = PM_LIT("{\"body\":\"json\"}");
	CHECK(decode_message(env, &msg) == PM_REASON_NONE);
	CHECK_SLICE(page.body, "json");
	pm_envelope_free(env);
}

static void local(void)
{
	struct pm_message msg = { .value = PM_LIT("words"), .timestamp = -1, .kind = PM_KIND_HTML,
				  .position = PM_LIT("in/a@b.html@0") };

	CHECK(decode_message(plain, &msg) == PM_REASON_NONE);
	CHECK_SLICE(page.url, "file:in/a@b.html");
	CHECK(page.media == PM_MEDIA_HTML && !page.body_is_text && !page.fetched_at.ptr);
	CHECK(!page.host.ptr && strlen(page.id) == 32);
	msg.kind = PM_KIND_TEXT;
	CHECK(decode_message(plain, &msg) == PM_REASON_NONE && page.media == PM_MEDIA_TEXT);
	msg.kind = PM_KIND_RAW;
	CHECK(decode_message(plain, &msg) == PM_REASON_NONE && page.media == PM_MEDIA_GUESS);
	msg.value = PM_LIT("%PDF-1.4");
	CHECK(decode_message(plain, &msg) == PM_REASON_NONE && page.page_type == PM_TYPE_OTHER);
	msg.value = PM_LIT("");
	CHECK(decode_message(plain, &msg) == PM_REASON_NO_BODY);
}

/* Whatever room there is: an answer of the list, and never a crash. */
static void small_arenas(void)
{
	struct pm_arena whole_arena = arena;

	for (size_t limit = 0; limit < 4096; limit += 16) {
		enum pm_reason got;

		arena.limit = limit;
		got = decode("{\"url\":\"http://b\\u00fccher.example/\\u00fc\",\"body_base64\":\"eHh4\","
			     "\"headers\":{\"\\u0061\":[\"1\",\"2\",\"3\"]},\"status\":\"200\","
			     "\"fetched_at\":\"2025-01-01T00:00:00Z\"}");
		CHECK(got == PM_REASON_NONE || got == PM_REASON_ARENA_FULL);
	}
	arena.limit = whole_arena.limit;
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 1 << 20) == 0);
	unpacker = pm_unpacker_new();
	plain = configured("{}", false);
	RUN(whole);
	RUN(not_json);
	RUN(deep);
	RUN(wrong_types);
	RUN(bodies);
	RUN(sizes);
	RUN(statuses);
	RUN(media);
	RUN(headers);
	RUN(ids_and_times);
	RUN(message_times);
	RUN(values_that_are_not_there);
	RUN(fields);
	RUN(configurations);
	RUN(raw);
	RUN(local);
	RUN(small_arenas);
	pm_envelope_free(plain);
	pm_unpacker_free(unpacker);
	pm_arena_close(&arena);
	return DONE();
}
