/* Envelopes beside plain JSON: WARC values, content codings in envelopes, presets. */
#include <libdeflate.h>
#include <nettle/base64.h>
#include <stdlib.h>

#include "consumer/envelope.h"
#include "tests/test.h"


enum { PAGE_BYTES = 64 };

static struct pm_arena arena;
static struct pm_unpacker *unpacker;
static struct pm_page page;
static struct pm_err err;

static struct pm_envelope *configured(const char *json)
{
	struct pm_config *cf = pm_config_text("test", pm_slice_str(json));
	struct pm_envelope *env = pm_envelope_new(pm_config_root(cf), cf, PAGE_BYTES, false);

	CHECK(env && pm_config_faults(cf) == 0);
	pm_config_free(cf);
	return env;
}

static enum pm_reason decode(const struct pm_envelope *env, struct pm_slice value)
{
	struct pm_message msg = { .value = value, .timestamp = 1752309000123, .create_time = true };

	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	err.msg[0] = 0;
	return pm_envelope_decode(env, unpacker, &msg, &page, &err);
}

static char packed[4096];

static struct pm_slice gzip(const void *bytes, size_t len)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t n = libdeflate_gzip_compress(c, bytes, len, packed, sizeof(packed));

	libdeflate_free_compressor(c);
	return pm_slice(packed, n);
}

/* -- WARC ------------------------------------------------------------------------------------ */

static char text[8192];

/* A record with that block; `fields` are whole lines. */
static struct pm_slice record(const char *type, const char *fields, struct pm_slice block)
{
	int n = snprintf(text, sizeof(text), "WARC/1.0\r\nWARC-Type: %s\r\n%sContent-Length: %zu\r\n\r\n", type,
			 fields, block.len);

	memcpy(text + n, block.ptr, block.len);
	memcpy(text + n + block.len, "\r\n\r\n", 4);
	return pm_slice(text, (size_t)n + block.len + 4);
}

#define HTTP "Content-Type: application/http; msgtype=response\r\n"
#define WHERE "WARC-Target-URI: <http://a.example/x>\r\nWARC-Record-ID: <urn:uuid:1>\r\n" \
	"WARC-Date: 2025-07-12T08:30:00Z\r\n"

static void responses(const struct pm_envelope *env)
{
	CHECK(decode(env, record("response", WHERE HTTP, PM_LIT("HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n"
		" charset=utf-8\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>he\r\n2\r\ny!\r\n0\r\n\r\n"))) ==
	      PM_REASON_NONE);
	CHECK_SLICE(page.url, "http://a.example/x");
	CHECK_SLICE(page.source_id, "urn:uuid:1");
	CHECK_SLICE(page.fetched_at, "2025-07-12T08:30:00Z");
	CHECK_SLICE(page.body, "<p>hey!");
	CHECK(page.status == 200 && page.nheaders == 3 && page.media == PM_MEDIA_HTML);
	CHECK(decode(env, record("response", WHERE HTTP, PM_LIT("HTTP/1.0 404\nA: b\n\n"))) ==
	      PM_REASON_NONE);
	CHECK(page.status == 404 && page.page_type == PM_TYPE_ERROR);
	CHECK(decode(env, record("response", WHERE HTTP, PM_LIT("HTTP/1.1 200 OK\r\n\r\n"))) ==
	      PM_REASON_NO_BODY);
	CHECK(decode(env, record("response", WHERE HTTP, PM_LIT("<html>"))) == PM_REASON_BAD_WARC);
	/* Without a date that can be read the message's time counts. */
	CHECK(decode(env, record("response", HTTP "WARC-Date: 2025\r\n", PM_LIT("HTTP/1.1 200 OK\r\n\r\nx"))) ==
	      PM_REASON_NONE);
	CHECK_SLICE(page.fetched_at, "2025-07-12T08:30:00.123Z");
	CHECK(!page.url.ptr);
}

static void others(const struct pm_envelope *env)
{
	struct pm_slice s;

	CHECK(decode(env, record("conversion", WHERE "Content-Type: text/plain\r\n",
				 PM_LIT("a\nb"))) == PM_REASON_NONE);
	CHECK(page.media == PM_MEDIA_TEXT && page.status == 0);
	CHECK_SLICE(page.body, "a\nb");
	CHECK(decode(env, record("resource", WHERE "Content-Type: text/html\r\n",
				 PM_LIT("<p>a"))) == PM_REASON_NONE);
	CHECK(page.media == PM_MEDIA_HTML);
	CHECK(decode(env, record("revisit", WHERE HTTP, PM_LIT("HTTP/1.1 200 OK\r\n\r\n"))) ==
	      PM_REASON_BAD_WARC);
	CHECK(strstr(err.msg, "revisit"));
	CHECK(decode(env, record("request", WHERE, PM_LIT("GET / HTTP/1.1\r\n\r\n"))) ==
	      PM_REASON_BAD_WARC);
	CHECK(decode(env, PM_LIT("<html>")) == PM_REASON_BAD_WARC);
	CHECK(decode(env, PM_LIT("")) == PM_REASON_BAD_WARC);
	s = record("resource", WHERE, PM_LIT("<p>a"));
	CHECK(decode(env, gzip(s.ptr, s.len)) == PM_REASON_NONE);
	CHECK_SLICE(page.body, "<p>a");
	s = gzip(s.ptr, s.len);
	CHECK(decode(env, pm_slice(s.ptr, s.len - 1)) == PM_REASON_BAD_WARC);
	/* Broken off at every byte: the line ends behind the block alone may be missing. */
	s = record("resource", WHERE, PM_LIT("<p>a"));
	for (size_t n = 0; n < s.len; n++)
		CHECK(decode(env, pm_slice(s.ptr, n)) ==
		      (n + 4 < s.len ? PM_REASON_BAD_WARC : PM_REASON_NONE));
}

/* At the limit of the unpacked body, and one more. */
static void sizes(const struct pm_envelope *env)
{
	char block[1024], body[PAGE_BYTES + 1];

	memset(body, 'x', sizeof(body));
	for (size_t len = PAGE_BYTES; len <= PAGE_BYTES + 1; len++) {
		struct pm_slice s = gzip(body, len);
		size_t n = (size_t)sprintf(block, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");

		memcpy(block + n, s.ptr, s.len);
		CHECK(decode(env, record("response", WHERE HTTP, pm_slice(block, n + s.len))) ==
		      (len == PAGE_BYTES ? PM_REASON_NONE : PM_REASON_PAGE_TOO_LARGE));
		CHECK(decode(env, record("response", WHERE HTTP, pm_slice(block, n + s.len - 1))) ==
		      PM_REASON_BAD_ENCODING);
	}
}

static void warc(void)
{
	struct pm_envelope *env = configured("{\"format\":\"warc\"}");

	responses(env);
	others(env);
	sizes(env);
	pm_envelope_free(env);
}

/* -- codings in JSON ------------------------------------------------------------------------- */

static struct pm_slice with_body(const char *members, struct pm_slice body)
{
	int n = snprintf(text, sizeof(text), "{%s\"body_base64\":\"", members);

	base64_encode_raw(text + n, body.len, (const uint8_t *)body.ptr);
	n += (int)BASE64_ENCODE_RAW_LENGTH(body.len);
	return pm_slice(text, (size_t)(n + sprintf(text + n, "\"}")));
}

static void codings(void)
{
	struct pm_envelope *env = configured("{}");
	char body[PAGE_BYTES + 1], received[33];
	struct pm_slice s;

	CHECK(decode(env, with_body("", gzip("<p>a", 4))) == PM_REASON_NONE);
	memcpy(received, page.id, 33);
	CHECK(decode(env, with_body("\"headers\":{\"Content-Encoding\":[\"gzip\"]},",
				    gzip("<p>a", 4))) == PM_REASON_NONE);
	CHECK_SLICE(page.body, "<p>a");
	/* Without a URL the id is that of the bytes as they came. */
	CHECK(strcmp(page.id, received) == 0);
	CHECK(decode(env, with_body("\"headers\":{\"Content-Encoding\":\"gzip\"},",
				    PM_LIT("<p>a"))) == PM_REASON_NONE);
	CHECK_SLICE(page.body, "<p>a");
	s = gzip("<p>a", 4);
	CHECK(decode(env, with_body("\"headers\":{\"Content-Encoding\":\"gzip\"},",
				    pm_slice(s.ptr, s.len - 2))) == PM_REASON_BAD_ENCODING);
	/* Text is text. */
	CHECK(decode(env,
		     PM_LIT("{\"headers\":{\"Content-Encoding\":\"br\"},\"body\":\"<p>a\"}")) ==
	      PM_REASON_NONE);
	CHECK_SLICE(page.body, "<p>a");
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (char)('a' + i * i % 26);
	CHECK(decode(env, with_body("\"headers\":{\"Content-Encoding\":\"gzip\"},",
				    gzip(body, PAGE_BYTES))) == PM_REASON_NONE);
	CHECK(decode(env, with_body("\"headers\":{\"Content-Encoding\":\"gzip\"},",
				    gzip(body, PAGE_BYTES + 1))) == PM_REASON_PAGE_TOO_LARGE);
	pm_envelope_free(env);
}

/* -- presets --------------------------------------------------------------------------------- */

static void scrapy_cluster(void)
{
	struct pm_envelope *env = configured("{\"preset\":\"scrapy-cluster\"}");

	CHECK(decode(env, PM_LIT("{\"appid\":\"t\",\"crawlid\":\"c\",\"url\":\"http://a.example/\","
		"\"response_url\":\"http://a.example/end\",\"status_code\":200,\"status_msg\":\"OK\","
		"\"response_headers\":{\"Content-Type\":[\"text/html\"]},\"request_headers\":{},"
		"\"body\":\"<p>a\",\"links\":[],\"attrs\":null,\"encoding\":\"utf-8\","
		"\"timestamp\":\"2025-07-12T08:30:00.123456\",\"id\":5}")) == PM_REASON_NONE);
	CHECK_SLICE(page.url, "http://a.example/end");
	CHECK_SLICE(page.body, "<p>a");
	CHECK_SLICE(page.fetched_at, "2025-07-12");
	CHECK(page.status == 200 && page.body_is_text && !page.source_id.ptr);
	pm_envelope_free(env);
	/* Its base64 option keeps the name of the member. */
	env = configured("{\"preset\":\"scrapy-cluster\",\"fields\":{\"body_base64\":\"body\"}}");
	CHECK(decode(env, PM_LIT("{\"response_url\":\"http://a.example/\",\"body\":\"PHA+YQ==\",\"encoding\":\"cp1251\","
		"\"response_headers\":{\"Content-Type\":\"text/html\"}}")) == PM_REASON_NONE);
	CHECK_SLICE(page.body, "<p>a");
	CHECK_SLICE(page.content_type, "text/html; charset=cp1251");
	CHECK(!page.body_is_text);
	CHECK(decode(env, PM_LIT("{\"body\":\"PHA+YQ==\",\"encoding\":\"cp1251\","
		"\"response_headers\":{\"Content-Type\":\"text/html;Charset=utf-8\"}}")) == PM_REASON_NONE);
	CHECK_SLICE(page.content_type, "text/html;Charset=utf-8");
	pm_envelope_free(env);
}

static void corpora(void)
{
	struct pm_envelope *env = configured("{\"preset\":\"dolma\"}");

	CHECK(decode(env, PM_LIT("{\"id\":\"d1\",\"text\":\"a <b>\",\"source\":\"cc\",\"added\":\"2023-04-11T09:57:03.044571+00:00\","
		"\"created\":\"x\",\"status\":404,\"metadata\":{\"url\":\"http://a.example/\"}}")) == PM_REASON_NONE);
	CHECK_SLICE(page.url, "http://a.example/");
	CHECK_SLICE(page.source_id, "d1");
	CHECK(page.media == PM_MEDIA_TEXT && page.status == 0);
	CHECK(page.fetched_at.ptr != NULL);
	pm_envelope_free(env);
	env = configured("{\"preset\":\"datatrove\"}");
	CHECK(decode(env, PM_LIT("{\"text\":\"a\",\"id\":\"<urn:uuid:1>\",\"metadata\":{\"url\":\"http://a.example/\","
		"\"date\":\"2025-07-12T08:30:00Z\"}}")) == PM_REASON_NONE);
	CHECK_SLICE(page.fetched_at, "2025-07-12T08:30:00Z");
	CHECK_SLICE(page.source_id, "<urn:uuid:1>");
	CHECK(page.media == PM_MEDIA_TEXT);
	CHECK(decode(env, PM_LIT("{\"id\":1}")) == PM_REASON_NO_BODY);
	pm_envelope_free(env);
	env = configured("{\"preset\":\"scrapy\"}");
	CHECK(decode(env, PM_LIT("{\"url\":\"http://a.example/\",\"status\":200,\"headers\":{\"Content-Type\":[\"text/html\"]},"
		"\"body\":\"<p>a\",\"depth\":1}")) == PM_REASON_NONE);
	CHECK(page.media == PM_MEDIA_HTML && page.status == 200);
	pm_envelope_free(env);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 4 << 20) == 0);
	unpacker = pm_unpacker_new();
	RUN(warc);
	RUN(codings);
	RUN(scrapy_cluster);
	RUN(corpora);
	pm_unpacker_free(unpacker);
	pm_arena_close(&arena);
	return DONE();
}
