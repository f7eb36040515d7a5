/* Reads a route's test from the configuration and checks it against the table of fields. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/option.h"
#include "producer/route_impl.h"

enum {
	NESTING_MAX = 8,        /* all, any and not inside each other */
	KEYS_MAX = 100000,      /* values of one "in" */
	PATTERN_MAX = 4096,     /* bytes */
};

enum operator { OP_IS, OP_IN, OP_MATCHES, OP_ABOVE, OP_BELOW, OP_EXISTS, OPS };

static const char *const members[] = {
	[OP_IS] = "is", [OP_IN] = "in", [OP_MATCHES] = "matches", [OP_ABOVE] = "above",
	[OP_BELOW] = "below", [OP_EXISTS] = "exists", "field", "all", "any", "not",
};

enum { MEMBERS = sizeof(members) / sizeof(*members) };

static int parse(struct pm_route_parse *p, const json_t *when, struct pm_test *test, int depth);

/* -- numbers ------------------------------------------------------------------------------- */
/* jansson has read the number as a double. A decimal with at most four places is the double nearest
 * to n / 10000, and division of two exact integers gives just that double: so the test below says
 * exactly whether the file had such a decimal, and n is it. */
static bool ten_thousandths(const json_t *value, int64_t *out)
{
	double d;

	if (json_is_integer(value)) {
		*out = json_integer_value(value);
		return !__builtin_mul_overflow(*out, (int64_t)PM_SCORE_ONE, out);
	}
	d = json_real_value(value);
	if (d > 1e11 || d < -1e11)
		return false;
	*out = (int64_t)(d * PM_SCORE_ONE + (d < 0 ? -0.5 : 0.5));
	return (double)*out / PM_SCORE_ONE == d;
}

static int parse_number(struct pm_route_parse *p, const char *below, const json_t *value,
			int64_t *out)
{
	if (!json_is_number(value))
		return pm_route_fault(p, below, "expected a number");
	if (!ten_thousandths(value, out))
		return pm_route_fault(p, below, "expected a number with at most four decimals");
	return 0;
}

/* -- is, in -------------------------------------------------------------------------------- */
/* A value that the field never takes would make a route that silently doesn't fire. */
static int check_value(struct pm_route_parse *p, const char *below, const struct pm_test *test,
		       const char *path, const char *value)
{
	const struct pm_field *field = test->ref.field;
	const char *choices[64], *near;
	size_t n = 0;

	for (; field->choice && n < 64 && field->choice(n); n++) {
		choices[n] = field->choice(n);
		if (strcmp(choices[n], value) == 0)
			break;
	}
	if (field->choice && !field->choice(n)) {
		near = pm_suggest(value, choices, n);
		return near ? pm_route_fault(p, below, "%s is never \"%s\" (did you mean \"%s\"?)",
					     path, value, near)
			    : pm_route_fault(p, below, "%s is never \"%s\"", path, value);
	}
	if (p->can && !p->can->value(p->can->ctx, path, value))
		return pm_route_fault(p, below, "nothing in the chain gives %s the value \"%s\"",
				      path, value);
	return 0;
}

static int parse_string_key(struct pm_route_parse *p, const char *below, const json_t *value,
			    const struct pm_test *test, const char *path, union pm_test_key *key)
{
	size_t len = json_string_length(value);
	char *copy;

	if (!json_is_string(value))
		return pm_route_fault(p, below, "%s is compared with strings", path);
	if (!len)
		return pm_route_fault(p, below, "no field is ever empty: use \"exists\": false");
	if (check_value(p, below, test, path, json_string_value(value)) != 0)
		return -1;
	copy = pm_routes_keep(p->routes, len + 1);
	if (!copy)
		return pm_route_fault(p, below, "out of memory");
	memcpy(copy, json_string_value(value), len);
	key->str = pm_slice(copy, len);
	return 0;
}

static int parse_key(struct pm_route_parse *p, const char *below, const json_t *value,
		     const struct pm_test *test, const char *path, union pm_test_key *key)
{
	switch (test->ref.field->type) {
	case PM_FIELD_STRING:
		return parse_string_key(p, below, value, test, path, key);
	case PM_FIELD_NUMBER:
		return parse_number(p, below, value, &key->number);
	case PM_FIELD_BOOL:
		if (!json_is_boolean(value))
			return pm_route_fault(p, below, "%s is true or false", path);
		key->number = json_is_true(value);
		return 0;
	default:
		return pm_route_fault(p, below, "%s can only exist or not", path);
	}
}

static int by_string(const void *a, const void *b)
{
	return pm_test_key_order(a, b, true);
}

static int by_number(const void *a, const void *b)
{
	return pm_test_key_order(a, b, false);
}

static int parse_keys(struct pm_route_parse *p, const json_t *value, struct pm_test *test,
		      const char *path)
{
	size_t n = json_array_size(value);
	bool good = true;
	char below[32];

	if (!json_is_array(value) || !n)
		return pm_route_fault(p, "in", "expected an array of values");
	if (n > KEYS_MAX)
		return pm_route_fault(p, "in", "at most %d values", KEYS_MAX);
	test->keys = pm_routes_keep(p->routes, n * sizeof(*test->keys));
	if (!test->keys)
		return pm_route_fault(p, "in", "out of memory");
	test->nkeys = n;
	for (size_t i = 0; i < n; i++) {
		snprintf(below, sizeof(below), "in[%zu]", i);
		good = parse_key(p, below, json_array_get(value, i), test, path,
				 &test->keys[i]) == 0 && good;
	}
	if (!good)
		return -1;
	qsort(test->keys, n, sizeof(*test->keys),
	      test->ref.field->type == PM_FIELD_STRING ? by_string : by_number);
	return 0;
}

static int parse_is(struct pm_route_parse *p, const json_t *value, struct pm_test *test,
		    const char *path)
{
	test->keys = pm_routes_keep(p->routes, sizeof(*test->keys));
	if (!test->keys)
		return pm_route_fault(p, "is", "out of memory");
	test->nkeys = 1;
	return parse_key(p, "is", value, test, path, test->keys);
}

/* -- matches ------------------------------------------------------------------------------- */
static int parse_pattern(struct pm_route_parse *p, const json_t *value, struct pm_test *test,
			 const char *path)
{
	struct pm_routes *routes = p->routes;
	pcre2_code **grown;
	unsigned char text[256];
	PCRE2_SIZE at;
	int code;

	if (test->ref.field->type != PM_FIELD_STRING)
		return pm_route_fault(p, "matches", "%s is no string", path);
	if (!json_is_string(value) || json_string_length(value) > PATTERN_MAX)
		return pm_route_fault(p, "matches", "expected a pattern of at most %d bytes",
				      PATTERN_MAX);
	test->re = pcre2_compile((PCRE2_SPTR)json_string_value(value), json_string_length(value),
				 PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C,
				 &code, &at, NULL);
	if (!test->re) {
		pcre2_get_error_message(code, text, sizeof(text));
		return pm_route_fault(p, "matches", "at character %zu: %s", (size_t)at,
				      (char *)text);
	}
	/* Without the JIT (a system that refuses executable memory) the interpreter serves. */
	pcre2_jit_compile(test->re, PCRE2_JIT_COMPLETE);
	grown = realloc(routes->res, (routes->nres + 1) * sizeof(*grown));
	if (!grown) {
		pcre2_code_free(test->re);
		return pm_route_fault(p, "matches", "out of memory");
	}
	routes->res = grown;
	routes->res[routes->nres++] = test->re;
	return 0;
}

/* -- one field ----------------------------------------------------------------------------- */
static int parse_bound(struct pm_route_parse *p, const char *below, const json_t *value,
		       struct pm_test *test, const char *path)
{
	if (test->ref.field->type != PM_FIELD_NUMBER)
		return pm_route_fault(p, below, "%s is no number", path);
	return parse_number(p, below, value, &test->number);
}

static int parse_operator(struct pm_route_parse *p, enum operator op, const json_t *value,
			  struct pm_test *test, const char *path)
{
	static const enum pm_test_kind kinds[OPS] = {
		[OP_IS] = PM_TEST_IS,
		[OP_IN] = PM_TEST_IS,
		[OP_MATCHES] = PM_TEST_MATCHES,
		[OP_ABOVE] = PM_TEST_ABOVE,
		[OP_BELOW] = PM_TEST_BELOW,
		[OP_EXISTS] = PM_TEST_EXISTS,
	};

	test->kind = kinds[op];
	switch (op) {
	case OP_IS:
		return parse_is(p, value, test, path);
	case OP_IN:
		return parse_keys(p, value, test, path);
	case OP_MATCHES:
		return parse_pattern(p, value, test, path);
	case OP_ABOVE:
	case OP_BELOW:
		return parse_bound(p, members[op], value, test, path);
	default:
		if (!json_is_boolean(value))
			return pm_route_fault(p, "exists", "expected true or false");
		test->want = json_is_true(value);
		return 0;
	}
}

static int unknown_field(struct pm_route_parse *p, const char *path)
{
	const char *paths[128], *near;
	size_t n = 0;

	for (size_t i = 0; i < pm_fields_len && n < 128; i++)
		if (!strchr(pm_fields[i].path, '*'))
			paths[n++] = pm_fields[i].path;
	near = pm_suggest(path, paths, n);
	return near ? pm_route_fault(p, "field", "no such field: %s (did you mean %s?)", path, near)
		    : pm_route_fault(p, "field", "no such field: %s", path);
}

static int parse_field(struct pm_route_parse *p, const json_t *when, struct pm_test *test)
{
	const json_t *field = json_object_get(when, "field"), *value = NULL;
	enum operator op = OPS;
	size_t found = 0, len = json_string_length(field);
	char *path;

	for (enum operator o = 0; o < OPS; o++) {
		if (json_object_get(when, members[o])) {
			found++;
			op = o;
			value = json_object_get(when, members[o]);
		}
	}
	if (!json_is_string(field))
		return pm_route_fault(p, "field", "expected the path of a field");
	if (found != 1)
		return pm_route_fault(
		    p, "", "a field needs one of is, in, matches, above, below and exists");
	path = pm_routes_keep(p->routes, len + 1);
	if (!path)
		return pm_route_fault(p, "field", "out of memory");
	memcpy(path, json_string_value(field), len);
	if (!pm_field_find(path, &test->ref))
		return unknown_field(p, path);
	if (!pm_route_produced(p, "field", path))
		return -1;
	return parse_operator(p, op, value, test, path);
}

/* -- combinations -------------------------------------------------------------------------- */
static int parse_child(struct pm_route_parse *p, const char *below, const json_t *value,
		       struct pm_test *test, int depth)
{
	size_t len = pm_route_down(p, below);
	int rc = parse(p, value, test, depth + 1);

	pm_route_up(p, len);
	return rc;
}

static int parse_list(struct pm_route_parse *p, const char *name, const json_t *value,
		      struct pm_test *test, int depth)
{
	size_t n = json_array_size(value);
	char below[32];
	int rc = 0;

	if (!json_is_array(value) || !n)
		return pm_route_fault(p, name, "expected an array of tests");
	test->children = pm_routes_keep(p->routes, n * sizeof(*test->children));
	if (!test->children)
		return pm_route_fault(p, name, "out of memory");
	test->nchildren = n;
	for (size_t i = 0; i < n; i++) {
		snprintf(below, sizeof(below), "%s[%zu]", name, i);
		if (parse_child(p, below, json_array_get(value, i), &test->children[i], depth) != 0)
			rc = -1;
	}
	return rc;
}

static int parse_combination(struct pm_route_parse *p, const json_t *when, struct pm_test *test,
			     int depth)
{
	if (json_object_get(when, "all")) {
		test->kind = PM_TEST_ALL;
		return parse_list(p, "all", json_object_get(when, "all"), test, depth);
	}
	if (json_object_get(when, "any")) {
		test->kind = PM_TEST_ANY;
		return parse_list(p, "any", json_object_get(when, "any"), test, depth);
	}
	test->kind = PM_TEST_NOT;
	test->children = pm_routes_keep(p->routes, sizeof(*test->children));
	if (!test->children)
		return pm_route_fault(p, "not", "out of memory");
	test->nchildren = 1;
	return parse_child(p, "not", json_object_get(when, "not"), test->children, depth);
}

static int unknown_member(struct pm_route_parse *p, const json_t *when)
{
	const char *key, *near;
	json_t *member;
	int rc = 0;

	json_object_foreach((json_t *)when, key, member) {
		size_t i = 0;

		while (i < MEMBERS && strcmp(key, members[i]) != 0)
			i++;
		if (i < MEMBERS)
			continue;
		near = pm_suggest(key, members, MEMBERS);
		rc = near ? pm_route_fault(p, key, "no such test (did you mean %s?)", near)
			  : pm_route_fault(p, key, "no such test");
	}
	return rc;
}

static int parse(struct pm_route_parse *p, const json_t *when, struct pm_test *test, int depth)
{
	size_t combinations;

	if (!json_is_object(when))
		return pm_route_fault(p, "", "expected an object with a test");
	if (depth > NESTING_MAX)
		return pm_route_fault(p, "", "tests nest at most %d deep", NESTING_MAX);
	if (unknown_member(p, when) != 0)
		return -1;
	combinations = !!json_object_get(when, "all") + !!json_object_get(when, "any") +
		       !!json_object_get(when, "not");
	if (combinations && json_object_size(when) > 1)
		return pm_route_fault(p, "", "all, any and not stand alone");
	return combinations ? parse_combination(p, when, test, depth) : parse_field(p, when, test);
}

int pm_test_parse(struct pm_route_parse *p, const json_t *when, struct pm_test *test)
{
	return parse(p, when, test, 0);
}
