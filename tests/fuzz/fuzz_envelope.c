/* Any bytes as an envelope or as a raw page: the result is one of the envelope's reasons, and what
 * passed has an id, a body within the limit and a time that is one. */
#include <stdlib.h>

#include "consumer/envelope.h"
#include "consumer/times.h"

enum { PAGE_BYTES = 4096 };

static struct pm_envelope *envelope(const char *json)
{
	struct pm_config *cf = pm_config_text("fuzz", pm_slice_str(json));
	struct pm_envelope *env = pm_envelope_new(pm_config_root(cf), cf, PAGE_BYTES, false);

	pm_config_free(cf);
	if (!env)
		abort();
	return env;
}

static void check(const struct pm_page *page, enum pm_reason reason, const struct pm_err *err)
{
	size_t keep;

	switch (reason) {
	case PM_REASON_NONE:
		break;
	case PM_REASON_BAD_JSON:
	case PM_REASON_BAD_FIELD:
	case PM_REASON_NO_BODY:
	case PM_REASON_BAD_BASE64:
	case PM_REASON_BAD_WARC:
	case PM_REASON_BAD_ENCODING:
	case PM_REASON_PAGE_TOO_LARGE:
	case PM_REASON_ARENA_FULL:
		if (!err->msg[0])
			abort();
		return;
	default:
		abort();
	}
	if (strlen(page->id) != 32 || page->body.len > PAGE_BYTES)
		abort();
	if ((page->media == PM_MEDIA_NONE) != (page->body.ptr == NULL))
		abort();
	if ((page->media == PM_MEDIA_NONE) != (page->page_type != PM_TYPE_NONE))
		abort();
	if (page->fetched_at.ptr && !pm_time_valid(page->fetched_at, &keep))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_envelope *env[5];
	static struct pm_unpacker *u;
	static struct pm_arena arena;
	struct pm_message msg = { .timestamp = 1, .create_time = true, .position = PM_LIT("f@0") };
	struct pm_header header[2];
	struct pm_page page;

	if (!env[0]) {
		env[0] = envelope("{}");
		env[1] = envelope("{\"fields\":{\"url\":\"a.b\",\"body\":\"t\",\"headers\":\"h.h.h\"}}");
		env[2] = envelope("{\"format\":\"raw\"}");
		env[3] = envelope("{\"format\":\"warc\"}");
		env[4] = envelope("{\"preset\":\"scrapy-cluster\",\"fields\":{\"body_base64\":\"body\"}}");
		u = pm_unpacker_new();
		if (pm_arena_open(&arena, 1 << 16) < 0)
			abort();
	}
	if (size < 2)
		return 0;
	msg.value = pm_slice((const char *)data + 2, size - 2);
	msg.kind = (enum pm_kind)(data[0] % (PM_KIND_WARC + 1));
	/* Of a raw page the first bytes are its headers'. */
	header[0] = (struct pm_header){ PM_LIT("url"), msg.value };
	header[1] = (struct pm_header){ data[1] & 1 ? PM_LIT("fetched-at") : PM_LIT("status"),
					msg.value };
	msg.key = msg.value;
	if (data[1] & 2) {
		msg.headers = header;
		msg.nheaders = 2;
	}
	for (size_t i = 0; i < 5; i++) {
		struct pm_err err = { { 0 }, 0 };

		pm_arena_reset(&arena);
		pm_page_init(&page, &arena);
		check(&page, pm_envelope_decode(env[i], u, &msg, &page, &err), &err);
	}
	return 0;
}
