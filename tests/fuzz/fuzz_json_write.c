/* Whatever goes in, what comes out is JSON, and says the same once wrong bytes are replaced. */
#include <assert.h>
#include <jansson.h>

#include "core/json_write.h"
#include "core/simd.h"
#include "core/utf8.h"

/* The string that should come back. */
static void repair(struct pm_buf *to, struct pm_slice s)
{
	const char *at = s.ptr;
	char cp[PM_UTF8_MAX];

	while (at < s.ptr + s.len)
		pm_buf_add(to, cp, pm_utf8_put(cp, pm_utf8_next(&at, s.ptr + s.len)));
}

static void record(struct pm_buf *b, struct pm_slice s, int32_t n)
{
	struct pm_jw w = { .buf = b };

	pm_buf_reset(b);
	pm_jw_object(&w);
	pm_jw_key(&w, "s");
	pm_jw_string(&w, s);
	pm_jw_key(&w, "a");
	pm_jw_array(&w);
	pm_jw_int(&w, n);
	pm_jw_fixed(&w, n);
	pm_jw_bool(&w, n & 1);
	pm_jw_string(&w, pm_slice(s.ptr, s.len / 2));
	pm_jw_array_end(&w);
	pm_jw_object_end(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_buf fast = { .max = 8 << 20 }, slow = { .max = 8 << 20 };
	static struct pm_buf want = { .max = 8 << 20 }, tight;
	struct pm_slice s = pm_slice((const char *)data, size);
	int32_t n = 0;
	json_t *got, *text;

	memcpy(&n, data, size < 4 ? size : 4);
	pm_portable = false;
	record(&fast, s, n);
	pm_portable = true;
	record(&slow, s, n);
	assert(!fast.failed && pm_slice_eq(pm_buf_get(&fast), pm_buf_get(&slow)));
	/* A ceiling that just holds it changes nothing. */
	tight = (struct pm_buf){ .max = fast.len };
	record(&tight, s, n);
	assert(!tight.failed && pm_slice_eq(pm_buf_get(&fast), pm_buf_get(&tight)));
	pm_buf_free(&tight);

	got = json_loadb(fast.ptr, fast.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
	assert(got);
	text = json_object_get(got, "s");
	pm_buf_reset(&want);
	repair(&want, s);
	assert(pm_slice_eq(pm_slice(json_string_value(text), json_string_length(text)),
			   pm_buf_get(&want)));
	assert(json_integer_value(json_array_get(json_object_get(got, "a"), 0)) == n);
	assert(json_real_value(json_array_get(json_object_get(got, "a"), 1)) == n / 10000.0);
	json_decref(got);
	return 0;
}
