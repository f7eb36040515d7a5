/* Dead letters: headers, attempts, what is cut at 900,000 bytes, and the lines for files. */
#include <jansson.h>
#include <stdlib.h>

#include "producer/letter.h"
#include "tests/test.h"

static const struct pm_letter_why why = {
	.stage = "filter", .filter = "decode", .reason = "bad_encoding",
	.message = PM_LIT("broken\nat \xff 7"), .chain = "c0ffee",
};

static struct pm_slice find(const struct pm_out *out, const char *name)
{
	for (size_t i = 0; i < out->nheaders; i++)
		if (pm_slice_is(out->headers[i].name, name))
			return out->headers[i].value;
	return (struct pm_slice){ 0 };
}

static size_t weight(const struct pm_out *out)
{
	size_t bytes = out->key.len + out->value.len;

	for (size_t i = 0; i < out->nheaders; i++)
		bytes += out->headers[i].name.len + out->headers[i].value.len;
	return bytes;
}

static struct pm_header headers[] = {
	{ PM_LIT("content-type"), PM_LIT("text/html") },
	{ PM_LIT("pagemill-source"), PM_LIT("a:1:2") },
	{ PM_LIT("__pagemill.errors.reason"), PM_LIT("old") },
	{ PM_LIT("__Pagemill.errors.attempt"), PM_LIT("2") },
	{ PM_LIT("x"), { NULL, 0 } },
};

static const struct pm_message base = {
	.key = PM_LIT("k"), .value = PM_LIT("value"), .headers = headers, .nheaders = 5,
	.timestamp = 99, .topic = "pages.raw", .partition = 3, .offset = 42,
};

static void whole(void)
{
	struct pm_outs *outs = pm_letter_new("dead", &base, &why, PM_LETTER_WHOLE);
	const struct pm_out *out = &outs->at[0];

	CHECK(outs->len == 1 && out->kind == PM_OUT_LETTER && strcmp(out->topic, "dead") == 0);
	CHECK_SLICE(out->key, "k");
	CHECK_SLICE(out->value, "value");
	CHECK(out->timestamp == 99 && !out->dynamic);
	CHECK(out->nheaders == 3 + 9);
	CHECK_SLICE(out->headers[0].value, "text/html");
	CHECK_SLICE(out->headers[1].name, "pagemill-source");
	CHECK(pm_slice_is(out->headers[2].name, "x") && !out->headers[2].value.ptr);
	CHECK_SLICE(find(out, "__pagemill.errors.topic"), "pages.raw");
	CHECK_SLICE(find(out, "__pagemill.errors.partition"), "3");
	CHECK_SLICE(find(out, "__pagemill.errors.offset"), "42");
	CHECK_SLICE(find(out, "__pagemill.errors.stage"), "filter");
	CHECK_SLICE(find(out, "__pagemill.errors.filter"), "decode");
	CHECK_SLICE(find(out, "__pagemill.errors.reason"), "bad_encoding");
	CHECK_SLICE(find(out, "__pagemill.errors.message"), "broken\\nat \\xff 7");
	CHECK_SLICE(find(out, "__pagemill.errors.attempt"), "3");
	CHECK_SLICE(find(out, "__pagemill.errors.chain"), "c0ffee");
	CHECK(!find(out, "__pagemill.errors.truncated").ptr);
	free(outs);
}

static void envelope(void)
{
	struct pm_letter_why bad = { .stage = "consume", .reason = "no_value" };
	struct pm_message msg = base;
	struct pm_outs *outs;

	msg.value = msg.key = (struct pm_slice){ 0 };
	msg.nheaders = 0;
	outs = pm_letter_new("dead", &msg, &bad, PM_LETTER_WHOLE);
	CHECK(!outs->at[0].value.ptr && !outs->at[0].key.ptr);
	CHECK(!find(&outs->at[0], "__pagemill.errors.filter").ptr);
	CHECK(!find(&outs->at[0], "__pagemill.errors.chain").ptr);
	CHECK_SLICE(find(&outs->at[0], "__pagemill.errors.attempt"), "1");
	CHECK_SLICE(find(&outs->at[0], "__pagemill.errors.message"), "");
	free(outs);
}

static unsigned attempt(const char *before)
{
	struct pm_header h = { PM_LIT("__pagemill.errors.attempt"), pm_slice_str(before) };
	struct pm_message msg = { .headers = &h, .nheaders = 1 };

	return pm_letter_attempt(&msg);
}

static void attempts(void)
{
	CHECK(attempt("1") == 2);
	CHECK(attempt("0") == 1);
	CHECK(attempt("") == 1);
	CHECK(attempt(NULL) == 1);
	CHECK(attempt("x") == 1);
	CHECK(attempt("-4") == 1);
	CHECK(attempt("1000000") == 1000001);
	CHECK(attempt("1000001") == 1);
	CHECK(attempt("99999999999999999999999") == 1);
}

static void messages(void)
{
	struct pm_letter_why long_one = why;
	struct pm_slice got;
	char text[2000];
	struct pm_outs *outs;

	memset(text, 'e', sizeof(text));
	long_one.message = pm_slice(text, sizeof(text));
	outs = pm_letter_new("dead", &base, &long_one, PM_LETTER_WHOLE);
	got = find(&outs->at[0], "__pagemill.errors.message");
	CHECK(got.len <= PM_LETTER_MESSAGE && got.len > PM_LETTER_MESSAGE - 10);
	free(outs);
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	outs = pm_letter_new("dead", &base, &long_one, PM_LETTER_WHOLE);
	got = find(&outs->at[0], "__pagemill.errors.message");
	CHECK(got.len <= PM_LETTER_MESSAGE && ((unsigned char)got.ptr[got.len - 1] & 0xc0) == 0x80);
	free(outs);
}

static void cut(void)
{
	size_t size = 2000000;
	char *big = malloc(size);
	struct pm_message msg = base;
	struct pm_outs *outs;

	memset(big, 'v', size);
	msg.value = pm_slice(big, size);
	outs = pm_letter_new("dead", &msg, &why, PM_LETTER_WHOLE);
	CHECK(outs->at[0].value.len == size &&
	      !find(&outs->at[0], "__pagemill.errors.truncated").ptr);
	free(outs);
	outs = pm_letter_new("dead", &msg, &why, PM_LETTER_CUT);
	CHECK(weight(&outs->at[0]) < PM_LETTER_BYTES &&
	      outs->at[0].value.len > PM_LETTER_BYTES - 10000);
	CHECK_SLICE(find(&outs->at[0], "__pagemill.errors.truncated"), "2000000");
	CHECK_SLICE(outs->at[0].key, "k");
	free(outs);
	outs = pm_letter_new("dead", &msg, &why, PM_LETTER_EMPTY);
	CHECK(outs->at[0].value.ptr && outs->at[0].value.len == 0 &&
	      outs->at[0].nheaders == 3 + 10);
	CHECK_SLICE(find(&outs->at[0], "__pagemill.errors.truncated"), "2000000");
	free(outs);
	outs = pm_letter_new("dead", &msg, &why, PM_LETTER_BARE);
	CHECK(!outs->at[0].key.ptr && outs->at[0].nheaders == 10 && outs->at[0].timestamp == -1);
	CHECK(strstr(find(&outs->at[0], "__pagemill.errors.message").ptr,
		     "(3 headers left out) (key left out)"));
	CHECK(weight(&outs->at[0]) < 4096);
	free(outs);
	free(big);
}

/* What is huge is a header or the key. */
static void huge_parts(void)
{
	size_t size = 2000000;
	char *big = malloc(size);
	struct pm_header two[] = { { PM_LIT("a"), PM_LIT("1") }, { PM_LIT("b"), { big, size } },
				   { PM_LIT("c"), PM_LIT("3") } };
	struct pm_message msg = base;
	struct pm_outs *outs;

	memset(big, 'v', size);
	msg.headers = two;
	msg.nheaders = 3;
	outs = pm_letter_new("dead", &msg, &why, PM_LETTER_CUT);
	CHECK(weight(&outs->at[0]) < PM_LETTER_BYTES && outs->at[0].nheaders == 1 + 10);
	CHECK_SLICE(outs->at[0].value, "value");
	CHECK_SLICE(find(&outs->at[0], "__pagemill.errors.truncated"), "5");
	CHECK(strstr(find(&outs->at[0], "__pagemill.errors.message").ptr, "(2 headers left out)"));
	free(outs);
	msg = base;
	msg.key = pm_slice(big, size);
	outs = pm_letter_new("dead", &msg, &why, PM_LETTER_CUT);
	CHECK(!outs->at[0].key.ptr && weight(&outs->at[0]) < PM_LETTER_BYTES);
	CHECK_SLICE(outs->at[0].value, "value");
	free(outs);
	free(big);
}

static void lines(void)
{
	struct pm_letter_page page = { PM_LIT("17"), PM_LIT("https://e.org/") };
	struct pm_buf to = { .max = 1 << 20 };
	struct pm_message msg = base;
	json_t *json;

	msg.position = PM_LIT("in.jsonl:7");
	pm_letter_line(&to, &msg, &page, &why);
	CHECK_SLICE(pm_buf_get(&to),
		    "{\"reason\":\"bad_encoding\",\"message\":\"broken\\\\nat \\\\xff 7\","
		    "\"source_id\":\"17\",\"url\":\"https://e.org/\",\"position\":\"in.jsonl:7\"}");
	pm_buf_reset(&to);
	pm_letter_line(&to, &(struct pm_message){ 0 }, &(struct pm_letter_page){ 0 },
		       &(struct pm_letter_why){ .reason = "no_value" });
	CHECK_SLICE(pm_buf_get(&to), "{\"reason\":\"no_value\"}");
	pm_buf_reset(&to);
	msg.key = PM_LIT("\xff\x00" "a");
	pm_letter_json(&to, &msg, &page, &why);
	json = json_loadb(to.ptr, to.len, JSON_REJECT_DUPLICATES, NULL);
	CHECK(json != NULL);
	CHECK(strcmp(json_string_value(json_object_get(json, "key_base64")), "/wBh") == 0);
	CHECK(strcmp(json_string_value(json_object_get(json, "value")), "value") == 0);
	CHECK(json_integer_value(json_object_get(json, "attempt")) == 3);
	CHECK(json_integer_value(json_object_get(json, "timestamp")) == 99);
	CHECK(json_array_size(json_object_get(json, "headers")) == 5);
	CHECK(strcmp(json_string_value(json_object_get(json, "position")), "in.jsonl:7") == 0);
	json_decref(json);
	pm_buf_reset(&to);
	msg.value = PM_LIT("\xfe");
	pm_letter_json(&to, &msg, &page, &why);
	CHECK(memmem(to.ptr, to.len, "\"value_base64\":\"/g==\"", 21) != NULL);
	pm_buf_reset(&to);
	msg.value = PM_LIT("\xfe\x01");
	pm_letter_json(&to, &msg, &page, &why);
	CHECK(memmem(to.ptr, to.len, "\"value_base64\":\"/gE=\"", 21) != NULL);
	pm_buf_free(&to);
	to.max = 20;
	pm_letter_json(&to, &msg, &page, &why);
	CHECK(to.failed);
	pm_buf_free(&to);
}

int main(void)
{
	RUN(whole);
	RUN(envelope);
	RUN(attempts);
	RUN(messages);
	RUN(cut);
	RUN(huge_parts);
	RUN(lines);
	return DONE();
}
