/* The scanner against jansson, and its twins against one another. */
#include <assert.h>

#include "core/hash.h"
#include "core/simd.h"
#include "tests/json_oracle.h"

static uint64_t mix(uint64_t h, struct pm_slice base, const struct pm_json_value *v)
{
	uint64_t facts[4] = { h, v->type * 2u + v->escaped, v->raw.len, 0 };

	if (v->raw.ptr)
		facts[3] = (uint64_t)(v->raw.ptr - base.ptr);
	return pm_hash64(pm_slice((const char *)facts, sizeof(facts)), 0);
}

/* All that a reader can learn, as one number. */
static uint64_t transcript(struct pm_arena *a, struct pm_slice doc)
{
	struct pm_json_member m;
	struct pm_json_value v;
	struct pm_slice text;
	struct pm_json j;
	uint64_t h = 0;
	int64_t n;
	size_t at;
	bool nul;

	pm_arena_reset(a);
	for (pm_json_open(&j, doc, a); pm_json_next(&j, &m);) {
		h = mix(mix(h, doc, &m.name), doc, &m.value);
		text = pm_json_text(a, &m.value, &nul);
		h = pm_hash64(text, h + nul);
		if (pm_json_int(&m.value, &n))
			h += (uint64_t)n;
	}
	assert(!j.full && j.fault_at <= doc.len);
	h = pm_hash64(pm_slice_str(j.fault), h + j.fault_at);
	h = pm_hash64(pm_slice_str(pm_json_check(doc, true, &v, &at)), h);
	h = mix(h + at, doc, &v);
	return h;
}

/* Bytes that never were checked must not lead a reader astray either. */
static void unchecked(struct pm_arena *a, struct pm_slice doc)
{
	struct pm_json_value v = { PM_JSON_STRING, true, doc };
	struct pm_json_member m;
	struct pm_slice text;
	struct pm_json j;

	text = pm_json_text(a, &v, NULL);
	assert(text.ptr && text.len <= doc.len);
	v.type = PM_JSON_OBJECT;
	for (pm_json_walk(&j, v); pm_json_next(&j, &m);)
		;
	v.type = PM_JSON_ARRAY;
	for (pm_json_walk(&j, v); pm_json_next(&j, &m);)
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_arena a;
	struct pm_slice doc = pm_slice(size ? (const char *)data : "", size);
	const char *said;
	uint64_t fast;

	if (!a.base && pm_arena_open(&a, 64 << 20) < 0)
		return 0;
	pm_portable = false;
	fast = transcript(&a, doc);
	unchecked(&a, doc);
	said = oracle(&a, doc);
	if (said) {
		fprintf(stderr, "disagreement: %s\n", said);
		abort();
	}
	pm_portable = true;
	assert(fast == transcript(&a, doc));
	unchecked(&a, doc);
	return 0;
}
