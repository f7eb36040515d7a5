#include "stage/local_envelope.h"

#include <nettle/base64.h>

#include "core/json_write.h"

static void put_base64(struct pm_buf *to, struct pm_slice bytes)
{
	char *room = pm_buf_room(to, BASE64_ENCODE_RAW_LENGTH(bytes.len) + 2);

	if (!room)
		return;
	base64_encode_raw(room + 1, bytes.len, (const uint8_t *)bytes.ptr);
	room[0] = room[1 + BASE64_ENCODE_RAW_LENGTH(bytes.len)] = '"';
	to->len += BASE64_ENCODE_RAW_LENGTH(bytes.len) + 2;
}

/* A file's position is PATH@OFFSET. */
static struct pm_slice path_of(struct pm_slice position)
{
	const char *at = memrchr(position.ptr, '@', position.len);

	return at ? pm_slice(position.ptr, (size_t)(at - position.ptr)) : position;
}

void pm_local_envelope(struct pm_buf *to, const struct pm_message *msg)
{
	struct pm_jw w = { .buf = to };
	struct pm_buf url = { .max = 64 * 1024 };

	if (msg->kind == PM_KIND_JSON || msg->kind == PM_KIND_ENVELOPE) {
		pm_buf_slice(to, msg->value);
		return;
	}
	pm_buf_str(&url, "file:");
	pm_buf_slice(&url, path_of(msg->position));
	pm_jw_object(&w);
	pm_jw_key(&w, "url");
	pm_jw_string(&w, pm_buf_get(&url));
	if (msg->kind == PM_KIND_TEXT || msg->kind == PM_KIND_HTML) {
		pm_jw_key(&w, "content_type");
		pm_jw_string(&w, msg->kind == PM_KIND_TEXT ? PM_LIT("text/plain") : PM_LIT("text/html"));
	}
	pm_jw_key(&w, "fetched_at");
	pm_jw_null(&w);
	pm_jw_key(&w, "body_base64");
	put_base64(to, msg->value);
	pm_jw_object_end(&w);
	pm_buf_free(&url);
}
