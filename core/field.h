/* core/field.h -- the fields of the output record by their paths ("language.code", "topics.id"),
 * and their values in a page. Routes, rules and checks read pages through this table only. */
#ifndef PM_CORE_FIELD_H
#define PM_CORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/page.h"
#include "core/slice.h"

enum pm_field_type {
	PM_FIELD_STRING,
	PM_FIELD_NUMBER,        /* compared in 1/10000, as the record prints fractions */
	PM_FIELD_BOOL,
	PM_FIELD_GROUP,         /* an object or a list of objects: can only exist or not */
};

struct pm_field_value {
	struct pm_slice str;    /* STRING: never empty; GROUP: unset */
	int64_t number;         /* NUMBER: 1/10000; BOOL: 0 or 1 */
};

struct pm_field {
	const char *path;       /* "quality.signals.*": the star stands for any one name */
	enum pm_field_type type;
	bool list;              /* may have several values */
	uint64_t part;          /* enum pm_part whose giver writes it; 0: the envelope does */
	/* STRING with a closed set of values: the i-th, NULL behind the last. NULL: an open set. */
	const char *(*choice)(size_t i);
	/* How many values the page may have; a single one may still be absent. */
	size_t (*count)(const struct pm_page *page);
	/* The i-th value (i < count). `name` is what stood for the star. false: absent. */
	bool (*get)(const struct pm_page *page, struct pm_slice name, size_t i,
		    struct pm_field_value *value);
};

/* A path that was looked up. */
struct pm_field_ref {
	const struct pm_field *field;
	struct pm_slice name;   /* borrowed from the path; absent without a star */
};

/* false: the record has no such field. `path` must outlive *ref. */
bool pm_field_find(const char *path, struct pm_field_ref *ref);
/* How many values `ref` may have in the page, and the i-th of them (false: absent). */
size_t pm_field_count(const struct pm_field_ref *ref, const struct pm_page *page);
bool pm_field_get(const struct pm_field_ref *ref, const struct pm_page *page, size_t i,
		  struct pm_field_value *value);
/* Whether the record has the field at all. */
bool pm_field_exists(const struct pm_field_ref *ref, const struct pm_page *page);

/* The table, in the record's order, and its length. */
extern const struct pm_field pm_fields[];
extern const size_t pm_fields_len;

#endif
