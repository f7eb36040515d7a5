/* tests/json_oracle.h -- holds the scanner against jansson, for the unit test and the fuzz target.
 *
 * They must agree on what is JSON and on what it says, but for these differences, all meant:
 * jansson knows no BOM, no number beyond int64 or double, no lone surrogate, no \u0000 in a name,
 * and skips a NUL byte behind a number or word; ours stops at PM_JSON_DEPTH and refuses names twice
 * at the top. */
#ifndef PM_TESTS_JSON_ORACLE_H
#define PM_TESTS_JSON_ORACLE_H

#include <jansson.h>
#include <stdlib.h>

#include "core/json_scan.h"

/* The string as pm_json_text() should give it. */
static inline bool oracle_string(struct pm_slice got, const char *want, size_t len)
{
	size_t i, at = 0;

	for (i = 0; i < len; i++) {
		size_t n = want[i] ? 1 : 3;
		const char *from = want[i] ? want + i : "\xef\xbf\xbd";

		if (got.len - at < n || memcmp(got.ptr + at, from, n) != 0)
			return false;
		at += n;
	}
	return at == got.len;
}

static inline bool oracle_number(const struct pm_json_value *v, const json_t *want)
{
	int64_t n;
	bool whole = pm_json_int(v, &n);

	if (json_is_integer(want))
		return whole && n == json_integer_value(want);
	/* A double says nothing exact beyond 2^53, and a number near an integer may round to it. */
	if (!json_is_real(want))
		return false;
	return !whole || (double)n == json_real_value(want);
}

static inline bool oracle_value(struct pm_arena *a, const struct pm_json_value *v, json_t *want);

static inline bool oracle_inside(struct pm_arena *a, const struct pm_json_value *v, json_t *want)
{
	bool object = v->type == PM_JSON_OBJECT;
	size_t size = object ? json_object_size(want) : json_array_size(want), n = 0;
	struct pm_json_member m;
	struct pm_slice name;
	struct pm_json j;
	json_t *child;

	if (object ? !json_is_object(want) : !json_is_array(want))
		return false;
	for (pm_json_walk(&j, *v); pm_json_next(&j, &m); n++)
		;
	if (j.fault)
		return false;
	/* Names twice: jansson keeps one of the values. */
	if (n != size)
		return object && n > size;
	n = 0;
	for (pm_json_walk(&j, *v); pm_json_next(&j, &m); n++) {
		child = object ? NULL : json_array_get(want, n);
		if (object) {
			name = pm_json_text(a, &m.name, NULL);
			child = json_object_getn(want, name.ptr, name.len);
		}
		if (!child || !oracle_value(a, &m.value, child))
			return false;
	}
	return true;
}

static inline bool oracle_value(struct pm_arena *a, const struct pm_json_value *v, json_t *want)
{
	struct pm_slice text;
	bool nul;

	switch (v->type) {
	case PM_JSON_NULL:
		return json_is_null(want);
	case PM_JSON_FALSE:
		return json_is_false(want);
	case PM_JSON_TRUE:
		return json_is_true(want);
	case PM_JSON_NUMBER:
		return oracle_number(v, want);
	case PM_JSON_STRING:
		if (!json_is_string(want))
			return false;
		text = pm_json_text(a, v, &nul);
		return oracle_string(text, json_string_value(want), json_string_length(want)) &&
		       nul == (strlen(json_string_value(want)) < json_string_length(want));
	default:
		return oracle_inside(a, v, want);
	}
}

/* Members that the document reader gives, or -1 with its fault. */
static inline long oracle_members(struct pm_arena *a, struct pm_slice doc, const char **fault)
{
	struct pm_json_member m;
	struct pm_json j;
	long n = 0;

	for (pm_json_open(&j, doc, a); pm_json_next(&j, &m); n++)
		;
	*fault = j.fault;
	return j.fault ? -1 : n;
}

static inline bool oracle_nul(struct pm_slice doc, size_t at)
{
	char before = at > 0 && at < doc.len && !doc.ptr[at] ? doc.ptr[at - 1] : 0;

	return (before >= '0' && before <= '9') || (before >= 'a' && before <= 'z');
}

/* NULL when both agree; otherwise what they disagree about. */
static inline const char *oracle(struct pm_arena *a, struct pm_slice doc)
{
	static const struct pm_slice bom = { "\xef\xbb\xbf", 3 };
	struct pm_slice rest = doc;
	struct pm_json_value v;
	const char *fault, *doc_fault, *said = NULL;
	json_error_t err;
	size_t fault_at;
	json_t *want;
	long n;

	if (rest.len >= 3 && memcmp(rest.ptr, bom.ptr, 3) == 0)
		rest = pm_slice(rest.ptr + 3, rest.len - 3);
	want = json_loadb(rest.ptr, rest.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &err);
	fault = pm_json_check(doc, false, &v, &fault_at);
	n = oracle_members(a, doc, &doc_fault);
	if (fault && fault_at > doc.len)
		said = "the offset of the fault";
	else if (fault && want)
		said = strcmp(fault, "nested too deeply") == 0 || oracle_nul(doc, fault_at) ?
			       NULL : "ours refuses";
	else if (!fault && !want)
		said = json_error_code(&err) == json_error_numeric_overflow ||
				       json_error_code(&err) == json_error_null_byte_in_key ||
				       strncmp(err.text, "invalid Unicode '", 17) == 0 ?
			       NULL : "jansson refuses";
	else if (!fault && !oracle_value(a, &v, want))
		said = "what it says";
	else if (!fault && json_is_object(want) && n >= 0 && (size_t)n != json_object_size(want))
		said = "a name twice went through";
	else if (!fault && json_is_object(want) && n < 0) {
		struct pm_json_member m;
		struct pm_json j;
		size_t all = 0;

		for (pm_json_walk(&j, v); pm_json_next(&j, &m); all++)
			;
		/* \u0000 and U+FFFD in names are one for us; jansson takes no \u0000 there. */
		if (strcmp(doc_fault, "a name comes twice") != 0 || all == json_object_size(want))
			said = "the document reader refuses";
	}
	if (fault && n >= 0)
		said = "the document reader takes it";
	json_decref(want);
	return said;
}

#endif
