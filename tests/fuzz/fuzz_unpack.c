/* Any bytes under any codings: what comes out is within the limit, and the arena holds it. */
#include <stdlib.h>

#include "consumer/coding.h"
#include "consumer/http.h"

enum { LIMIT = 10000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "gzip", "deflate", "br", "zstd", "zstd, gzip", "br, deflate, gzip" };
	static struct pm_unpacker *u;
	static struct pm_arena arena;
	struct pm_header header = { PM_LIT("content-encoding"), { 0 } };
	struct pm_codings codings = { 0 };
	struct pm_slice body, joined;
	struct pm_err err = { { 0 }, 0 };
	enum pm_reason reason;

	if (!u && (!(u = pm_unpacker_new()) || pm_arena_open(&arena, 1 << 20) < 0))
		abort();
	if (size < 1)
		return 0;
	header.value = pm_slice_str(names[data[0] % (sizeof(names) / sizeof(*names))]);
	body = pm_slice((const char *)data + 1, size - 1);
	pm_arena_reset(&arena);
	if (!pm_http_dechunk(body, &arena, &joined) || joined.len > body.len)
		abort();
	pm_codings_add(&codings, &header, 1, "Content-Encoding");
	reason = pm_codings_undo(&codings, u, LIMIT, &arena, &body, &err);
	if (reason == PM_REASON_NONE && body.ptr != (const char *)data + 1 &&
	    body.len > pm_codings_room(&codings, LIMIT))
		abort();
	if ((reason == PM_REASON_NONE) != (err.msg[0] == 0))
		abort();
	return 0;
}
