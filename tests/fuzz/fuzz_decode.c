/* Any bytes, any charset: the output is valid UTF-8 of bounded length, the same from both twins;
 * and sniffing always comes to a decision. The first byte picks the charset. */
#include <stdlib.h>

#include "core/simd.h"
#include "core/utf8.h"
#include "filters/decode/prescan.h"
#include "filters/decode/sniff.h"

#define MUST(cond) ((cond) ? (void)0 : abort())

static struct pm_slice decode(enum pm_charset charset, struct pm_slice s, struct pm_arena *a,
			      bool portable, size_t *errors)
{
	struct pm_slice text;

	pm_portable = portable;
	text = pm_charset_decode(charset, s, a, errors);
	pm_portable = false;
	return text;
}

static void sniff(struct pm_slice body, struct pm_slice type, struct pm_arena *a)
{
	struct pm_sniffed found;

	pm_arena_reset(a);
	MUST(pm_sniff(body, type, a, &found));
	MUST(found.charset > PM_CHARSET_NONE && found.charset < PM_CHARSETS);
	MUST(found.rule != NULL && found.rest.len <= body.len);
	MUST(!found.valid || pm_utf8_valid(found.rest) == found.rest.len);
	MUST(pm_utf8_valid(found.text) == found.text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_arena arena;
	struct pm_slice s, one, two;
	size_t errors, errors_two;
	enum pm_charset charset;

	if (arena.base == NULL && pm_arena_open(&arena, 16 << 20) != 0)
		abort();
	if (size == 0)
		return 0;
	charset = data[0] % PM_CHARSETS;
	s = pm_slice((const char *)data + 1, size - 1);
	pm_arena_reset(&arena);
	one = decode(charset, s, &arena, false, &errors);
	two = decode(charset, s, &arena, true, &errors_two);
	MUST(one.ptr != NULL && pm_slice_eq(one, two) && errors == errors_two);
	MUST(one.len <= s.len * PM_CHARSET_GROWTH && pm_utf8_valid(one) == one.len);
	sniff(s, pm_slice(NULL, 0), &arena);
	/* The first bytes as a header, and the label of the charset. */
	sniff(s, pm_slice(s.ptr, s.len < 40 ? s.len : 40), &arena);
	(void)pm_charset_find(pm_prescan_type(s));
	return 0;
}
