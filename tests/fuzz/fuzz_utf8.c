/* The validator against the decoder, and every twin against the other. */
#include <assert.h>

#include "core/simd.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pm_slice s = pm_slice((const char *)data, size);
	const char *at = s.ptr, *end = at + size, *before;
	size_t valid, count, prefix = 0, n = 0, len;
	bool wrong = false;
	uint32_t cp;
	char to[PM_UTF8_MAX];

	pm_portable = false;
	valid = pm_utf8_valid(s);
	count = pm_utf8_count(s);
	pm_portable = true;
	assert(valid == pm_utf8_valid(s));
	assert(count == pm_utf8_count(s));
	assert(valid <= size);
	while (at < end) {
		before = at;
		cp = pm_utf8_next(&at, end);
		assert(at > before && at - before <= PM_UTF8_MAX && at <= end);
		len = pm_utf8_put(to, cp);
		if (len != (size_t)(at - before) || memcmp(to, before, len) != 0)
			wrong = true;
		if (!wrong)
			prefix = (size_t)(at - s.ptr);
		n++;
	}
	assert(prefix == valid);
	assert(wrong || n == count);
	return 0;
}
