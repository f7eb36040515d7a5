/* Dead letters as lines of JSON: for files and for people. */
#include "core/escape.h"
#include "core/json_write.h"
#include "core/utf8.h"
#include "producer/letter.h"

static void put_base64(struct pm_jw *w, struct pm_slice s)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct pm_buf text = { .max = SIZE_MAX };
	const unsigned char *in = (const unsigned char *)s.ptr;
	char *to = s.len > SIZE_MAX / 2 ? NULL : pm_buf_room(&text, s.len / 3 * 4 + 4);

	if (!to) {
		w->buf->failed = true;
		return;
	}
	for (size_t i = 0; i < s.len; i += 3) {
		size_t left = s.len - i;
		uint32_t n = (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
			     (left > 2 ? in[i + 2] : 0u);

		*to++ = digits[n >> 18];
		*to++ = digits[n >> 12 & 63];
		*to++ = left > 1 ? digits[n >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[n & 63] : '=';
		text.len += 4;
	}
	pm_jw_string(w, pm_buf_get(&text));
	pm_buf_free(&text);
}

static void put(struct pm_jw *w, const char *key, struct pm_slice s)
{
	if (!s.ptr || !s.len)
		return;
	pm_jw_key(w, key);
	pm_jw_string(w, s);
}

/* Bytes come back as they were: text where they are UTF-8, else base64 under the second name. */
static void put_bytes(struct pm_jw *w, const char *key, const char *key_base64, struct pm_slice s)
{
	if (!s.ptr)
		return;
	if (pm_utf8_valid(s) == s.len) {
		pm_jw_key(w, key);
		pm_jw_string(w, s);
		return;
	}
	pm_jw_key(w, key_base64);
	put_base64(w, s);
}

static void put_message(struct pm_jw *w, const struct pm_letter_why *why)
{
	struct pm_buf text = { .max = 8 * PM_LETTER_MESSAGE };

	if (why->message.ptr)
		pm_escape(&text, why->message, PM_LETTER_MESSAGE, false);
	put(w, "message", pm_buf_get(&text));
	pm_buf_free(&text);
}

static void put_headers(struct pm_jw *w, const struct pm_message *msg)
{
	if (!msg->nheaders)
		return;
	pm_jw_key(w, "headers");
	pm_jw_array(w);
	for (size_t i = 0; i < msg->nheaders; i++) {
		pm_jw_array(w);
		pm_jw_string(w, msg->headers[i].name);
		pm_jw_string(w, msg->headers[i].value);
		pm_jw_array_end(w);
	}
	pm_jw_array_end(w);
}

static void put_where(struct pm_jw *w, const struct pm_message *msg,
		      const struct pm_letter_page *page)
{
	put(w, "source_id", page->source_id);
	put(w, "url", page->url);
	put(w, "position", msg->position);
}

void pm_letter_line(struct pm_buf *to, const struct pm_message *msg,
		    const struct pm_letter_page *page, const struct pm_letter_why *why)
{
	struct pm_jw w = { .buf = to };

	pm_jw_object(&w);
	put(&w, "reason", pm_slice_str(why->reason));
	put_message(&w, why);
	put_where(&w, msg, page);
	pm_jw_object_end(&w);
}

void pm_letter_json(struct pm_buf *to, const struct pm_message *msg,
		    const struct pm_letter_page *page, const struct pm_letter_why *why)
{
	struct pm_jw w = { .buf = to };

	pm_jw_object(&w);
	put(&w, "stage", pm_slice_str(why->stage));
	put(&w, "filter", pm_slice_str(why->filter));
	put(&w, "reason", pm_slice_str(why->reason));
	put_message(&w, why);
	put_where(&w, msg, page);
	pm_jw_key(&w, "attempt");
	pm_jw_uint(&w, pm_letter_attempt(msg));
	put(&w, "chain", pm_slice_str(why->chain));
	if (msg->timestamp >= 0) {
		pm_jw_key(&w, "timestamp");
		pm_jw_int(&w, msg->timestamp);
	}
	put_bytes(&w, "key", "key_base64", msg->key);
	put_headers(&w, msg);
	put_bytes(&w, "value", "value_base64", msg->value);
	pm_jw_object_end(&w);
}
