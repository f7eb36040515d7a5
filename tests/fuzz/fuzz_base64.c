/* What decodes is what an encoder of the plainest kind turns back into the same digits. */
#include <assert.h>

#include "core/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Digit number `i` of the bytes, or 0 behind them. */
static char digit(struct pm_slice s, size_t i)
{
	size_t bit = 6 * i, at = bit / 8;
	unsigned two;

	if (bit >= 8 * s.len)
		return 0;
	two = (unsigned)(unsigned char)s.ptr[at] << 8;
	if (at + 1 < s.len)
		two |= (unsigned char)s.ptr[at + 1];
	return alphabet[two >> (10 - bit % 8) & 63];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_arena a;
	struct pm_slice out;
	size_t i, n = 0, pads = 0;
	enum pm_base64 r;
	bool behind = false, alien = false;

	if (!a.base && pm_arena_open(&a, 16 << 20) < 0)
		return 0;
	pm_arena_reset(&a);
	r = pm_base64_decode(&a, pm_slice((const char *)data, size), &out);
	assert(r != PM_BASE64_FULL);
	assert((r == PM_BASE64_OK) == (out.ptr != NULL));
	/* How many digits and pads there are decides, unless a digit differs. */
	for (i = 0; i < size; i++) {
		if (pm_ascii_space((char)data[i]))
			continue;
		if (data[i] == '=') {
			pads++;
			continue;
		}
		behind |= pads > 0;
		alien |= !memchr(alphabet, data[i], 64);
		if (r == PM_BASE64_OK)
			assert((char)data[i] == digit(out, n));
		n++;
	}
	if (r == PM_BASE64_OK) {
		assert(!behind && !alien && digit(out, n) == 0);
		assert(n % 4 != 1 && (pads == 0 || (n % 4 && pads == 4 - n % 4)));
	} else {
		assert(behind || alien || n % 4 || pads);
	}
	return 0;
}
