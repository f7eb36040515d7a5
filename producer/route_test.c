/* Whether a page passes a route's test. */
#include <stdlib.h>

#include "core/log.h"
#include "producer/route_impl.h"

/* Bounds of one search, far above what a sane pattern needs on the longest page; without them a
 * pattern like (a+)+b would hold a worker for hours. The heap's is in KiB, the stack's in bytes. */
enum {
	MATCH_LIMIT = 1000000,
	DEPTH_LIMIT = 100000,
	HEAP_LIMIT = 16384,
	STACK_MIN = 32 * 1024,
	STACK_MAX = 1024 * 1024,
};

struct pm_route_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;         /* NULL where there is no JIT */
	uint64_t limits;
};

struct pm_route_scratch *pm_route_scratch_new(void)
{
	struct pm_route_scratch *scratch = calloc(1, sizeof(*scratch));

	if (!scratch)
		return NULL;
	scratch->data = pcre2_match_data_create(1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	scratch->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (!scratch->data || !scratch->context) {
		pm_route_scratch_free(scratch);
		return NULL;
	}
	pcre2_set_match_limit(scratch->context, MATCH_LIMIT);
	pcre2_set_depth_limit(scratch->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(scratch->context, HEAP_LIMIT);
	if (scratch->stack)
		pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	return scratch;
}

void pm_route_scratch_free(struct pm_route_scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	if (scratch->stack)
		pcre2_jit_stack_free(scratch->stack);
	free(scratch);
}

uint64_t pm_route_limits(const struct pm_route_scratch *scratch)
{
	return scratch->limits;
}

static bool matches(const struct pm_test *test, struct pm_slice s, struct pm_route_scratch *scratch)
{
	int rc = pcre2_match(test->re, (PCRE2_SPTR)s.ptr, s.len, 0, 0, scratch->data,
			     scratch->context);

	if (rc >= 0)
		return true;
	if (rc != PCRE2_ERROR_NOMATCH) {
		scratch->limits++;
		pm_log(PM_WARN, "a route's pattern hit its limit and counts as not matching",
		       PM_S("field", test->ref.field->path), PM_I("bytes", s.len),
		       PM_I("pcre2_error", rc), NULL);
	}
	return false;
}

int pm_test_key_order(const union pm_test_key *a, const union pm_test_key *b, bool strings)
{
	if (!strings)
		return (a->number > b->number) - (a->number < b->number);
	if (a->str.len != b->str.len)
		return a->str.len < b->str.len ? -1 : 1;
	return memcmp(a->str.ptr, b->str.ptr, a->str.len);
}

static bool listed(const struct pm_test *test, const struct pm_field_value *value)
{
	bool strings = test->ref.field->type == PM_FIELD_STRING;
	union pm_test_key key;
	size_t low = 0, high = test->nkeys;

	if (strings)
		key.str = value->str;
	else
		key.number = value->number;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = pm_test_key_order(&key, &test->keys[middle], strings);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool value_passes(const struct pm_test *test, const struct pm_field_value *value,
			 struct pm_route_scratch *scratch)
{
	switch (test->kind) {
	case PM_TEST_IS:
		return listed(test, value);
	case PM_TEST_MATCHES:
		return matches(test, value->str, scratch);
	case PM_TEST_ABOVE:
		return value->number > test->number;
	case PM_TEST_BELOW:
		return value->number < test->number;
	default:
		return false;
	}
}

static bool any_value_passes(const struct pm_test *test, const struct pm_page *page,
			     struct pm_route_scratch *scratch)
{
	size_t n = pm_field_count(&test->ref, page);
	struct pm_field_value value;

	for (size_t i = 0; i < n; i++)
		if (pm_field_get(&test->ref, page, i, &value) &&
		    value_passes(test, &value, scratch))
			return true;
	return false;
}

/* Goes as deep as the configuration nests, which the parser bounds. */
bool pm_test_passes(const struct pm_test *test, const struct pm_page *page,
		    struct pm_route_scratch *scratch)
{
	bool all = test->kind == PM_TEST_ALL;

	switch (test->kind) {
	case PM_TEST_NOT:
		return !pm_test_passes(test->children, page, scratch);
	case PM_TEST_ALL:
	case PM_TEST_ANY:
		for (size_t i = 0; i < test->nchildren; i++)
			if (pm_test_passes(&test->children[i], page, scratch) != all)
				return !all;
		return all;
	case PM_TEST_EXISTS:
		return pm_field_exists(&test->ref, page) == test->want;
	default:
		return any_value_passes(test, page, scratch);
	}
}
