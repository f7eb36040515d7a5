/* The copy of a message: everything in one block, absent stays absent, empty stays present. */
#include "core/message.h"

#include "tests/test.h"

static bool inside(const struct pm_message *msg, struct pm_slice s)
{
	return s.ptr >= (const char *)msg && s.ptr + s.len <= (const char *)msg + msg->bytes;
}

static void test_full(void)
{
	char name[] = "n", value[] = "v\0w", key[] = "key", body[] = "body", place[] = "f.jsonl:3";
	struct pm_header headers[] = {
		{ pm_slice(name, 1), pm_slice(value, 3) },
		{ pm_slice(name, 1), { 0 } },
		{ pm_slice(name, 0), pm_slice(value, 0) },
	};
	struct pm_message from = {
		.key = pm_slice(key, 3), .value = pm_slice(body, 4), .headers = headers,
		.nheaders = 3, .timestamp = 12, .create_time = true, .kind = PM_KIND_HTML,
		.topic = "pages", .partition = 4, .slot = 5, .offset = INT64_MAX,
		.position = pm_slice(place, 9),
	};
	struct pm_message *msg = pm_message_copy(&from);

	CHECK(msg != NULL);
	/* What it was copied from may change or go. */
	memset(name, 'x', 1);
	memset(value, 'x', 3);
	memset(key, 'x', 3);
	memset(body, 'x', 4);
	memset(place, 'x', 9);
	memset(headers, 0, sizeof(headers));
	CHECK_SLICE(msg->key, "key");
	CHECK_SLICE(msg->value, "body");
	CHECK_SLICE(msg->position, "f.jsonl:3");
	CHECK(msg->nheaders == 3 && msg->timestamp == 12 && msg->create_time);
	CHECK(msg->kind == PM_KIND_HTML && msg->topic == from.topic && msg->partition == 4);
	CHECK(msg->slot == 5 && msg->offset == INT64_MAX);
	CHECK_SLICE(msg->headers[0].name, "n");
	CHECK(pm_slice_eq(msg->headers[0].value, PM_LIT("v\0w")));
	CHECK(msg->headers[1].value.ptr == NULL);
	CHECK_SLICE(msg->headers[2].name, "");
	CHECK_SLICE(msg->headers[2].value, "");
	CHECK(msg->bytes == sizeof(*msg) + sizeof(headers) + 3 + 4 + 9 + 2 + 3);
	CHECK(inside(msg, msg->key) && inside(msg, msg->value) && inside(msg, msg->position));
	CHECK(inside(msg, msg->headers[0].value) && inside(msg, msg->headers[2].value));
	pm_message_free(msg);
}

static void test_absent(void)
{
	struct pm_message from = { .timestamp = -1 };
	struct pm_message *msg = pm_message_copy(&from);

	CHECK(msg && msg->key.ptr == NULL && msg->value.ptr == NULL && msg->position.ptr == NULL);
	CHECK(msg && msg->bytes == sizeof(*msg) && msg->nheaders == 0 && msg->timestamp == -1);
	pm_message_free(msg);
	from.key = from.value = PM_LIT("");
	msg = pm_message_copy(&from);
	CHECK(msg && msg->key.ptr && msg->key.len == 0 && msg->value.ptr && msg->value.len == 0);
	pm_message_free(msg);
	pm_message_free(NULL);
}

int main(void)
{
	RUN(test_full);
	RUN(test_absent);
	return DONE();
}
