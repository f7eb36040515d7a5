#include "core/option.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/config.h"

enum {
	PATH_MAX_BYTES = 1024,
	WORDS_MAX = 400,        /* bytes of a fault's text */
	NAME_MAX_BYTES = 63,    /* longer names are near no option's */
	EDITS = 2,
};

/* Edits (insert, delete, replace, swap of neighbours) between two short names; EDITS + 1 when they
 * are further apart. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][NAME_MAX_BYTES + 1], *before = rows[0], *last = rows[1], *now = rows[2];

	if ((na > nb ? na - nb : nb - na) > EDITS)
		return EDITS + 1;
	for (size_t j = 0; j <= nb; j++)
		last[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *free_row = before;

		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		before = last;
		last = now;
		now = free_row;
	}
	return last[nb];
}

const char *pm_suggest(const char *name, const char *const *names, size_t n)
{
	size_t len = strlen(name), best = EDITS + 1;
	const char *nearest = NULL;

	if (len > NAME_MAX_BYTES)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t other = strlen(names[i]), d;

		if (other > NAME_MAX_BYTES)
			continue;
		d = distance(name, len, names[i], other);
		/* Nothing of a name is left when all of it is edited. */
		if (d < best && d < len && d < other) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}

struct reader {
	struct pm_config *cf;
	const char *path;
	size_t faults;
};

static void *field(const struct pm_option *o, void *conf)
{
	return (char *)conf + o->offset;
}

static void fault(struct reader *r, const char *name, const char *what)
{
	struct pm_buf at = { .max = PATH_MAX_BYTES };

	pm_buf_printf(&at, "%s%s%s", r->path, *r->path && *name ? "." : "", name);
	pm_config_fault(r->cf, at.failed ? r->path : at.ptr, "%s", what);
	pm_buf_free(&at);
	r->faults++;
}

static void expected_int(struct reader *r, const struct pm_option *o)
{
	char what[WORDS_MAX];

	if (o->min == INT64_MIN && o->max == INT64_MAX)
		snprintf(what, sizeof(what), "expected a whole number");
	else if (o->max == INT64_MAX)
		snprintf(what, sizeof(what), "expected a whole number, at least %" PRId64, o->min);
	else if (o->min == INT64_MIN)
		snprintf(what, sizeof(what), "expected a whole number, at most %" PRId64, o->max);
	else
		snprintf(what, sizeof(what), "expected a whole number from %" PRId64 " to %" PRId64,
			 o->min, o->max);
	fault(r, o->name, what);
}

/* 1e6 and 200.0 are whole numbers too, as far as a double holds them exactly (2^53). */
static bool whole_number(const json_t *value, int64_t *to)
{
	const double exact = 9007199254740992.0;
	double real;

	if (json_is_integer(value)) {
		*to = json_integer_value(value);
		return true;
	}
	real = json_is_real(value) ? json_real_value(value) : exact * 2;
	if (real < -exact || real > exact || (double)(int64_t)real != real)
		return false;
	*to = (int64_t)real;
	return true;
}

static void read_int(struct reader *r, const struct pm_option *o, const json_t *value, int64_t *to)
{
	int64_t n;

	if (whole_number(value, &n) && n >= o->min && n <= o->max)
		*to = n;
	else
		expected_int(r, o);
}

static void read_enum(struct reader *r, const struct pm_option *o, const json_t *value, int *to)
{
	const char *given = json_is_string(value) ? json_string_value(value) : NULL, *near;
	struct pm_buf what = { .max = WORDS_MAX };
	size_t n = 0;

	for (; o->choices[n]; n++) {
		if (given && strcmp(given, o->choices[n]) == 0) {
			*to = (int)n;
			return;
		}
	}
	pm_buf_str(&what, n > 1 ? "expected one of " : "expected ");
	for (size_t i = 0; i < n; i++)
		pm_buf_printf(&what, "%s\"%s\"", i ? ", " : "", o->choices[i]);
	near = given ? pm_suggest(given, o->choices, n) : NULL;
	if (near)
		pm_buf_printf(&what, "; did you mean \"%s\"?", near);
	pm_buf_add(&what, "", 1);
	fault(r, o->name, what.failed ? "not one of its choices" : what.ptr);
	pm_buf_free(&what);
}

static void read_string(struct reader *r, const struct pm_option *o, const json_t *value,
			const char **to)
{
	size_t size = json_string_length(value) + 1;
	char *copy = json_is_string(value) ? pm_config_keep(r->cf, size) : NULL;

	if (!json_is_string(value))
		fault(r, o->name, "expected a string");
	else if (!copy)
		fault(r, o->name, "out of memory");
	else
		*to = memcpy(copy, json_string_value(value), size);
}

static void expected_strings(struct reader *r, const struct pm_option *o)
{
	char what[WORDS_MAX];

	if (o->max && o->min == o->max)
		snprintf(what, sizeof(what), "expected exactly %" PRId64 " string%s", o->min,
			 o->min == 1 ? "" : "s");
	else if (o->max)
		snprintf(what, sizeof(what), "expected from %" PRId64 " to %" PRId64 " strings",
			 o->min, o->max);
	else
		snprintf(what, sizeof(what), "expected at least %" PRId64 " string%s", o->min,
			 o->min == 1 ? "" : "s");
	fault(r, o->name, what);
}

static void read_strings(struct reader *r, const struct pm_option *o, const json_t *value,
			 struct pm_strings *to)
{
	size_t n = json_array_size(value), before = r->faults;
	struct pm_strings got = { .len = n };
	struct pm_option one = { .type = PM_OPT_STRING };
	char name[128];

	if (!json_is_array(value)) {
		fault(r, o->name, "expected an array of strings");
		return;
	}
	if ((int64_t)n < o->min || (o->max && (int64_t)n > o->max)) {
		expected_strings(r, o);
		return;
	}
	got.at = pm_config_keep(r->cf, (n + 1) * sizeof(*got.at));
	if (!got.at) {
		fault(r, o->name, "out of memory");
		return;
	}
	got.at[n] = NULL;
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s[%zu]", o->name, i);
		one.name = name;
		read_string(r, &one, json_array_get(value, i), &got.at[i]);
	}
	if (r->faults == before)
		*to = got;
}

static void read_value(struct reader *r, const struct pm_option *o, void *conf, json_t *value)
{
	switch (o->type) {
	case PM_OPT_BOOL:
		if (json_is_boolean(value))
			*(bool *)field(o, conf) = json_is_true(value);
		else
			fault(r, o->name, "expected true or false");
		break;
	case PM_OPT_INT:
		read_int(r, o, value, field(o, conf));
		break;
	case PM_OPT_STRING:
		read_string(r, o, value, field(o, conf));
		break;
	case PM_OPT_ENUM:
		read_enum(r, o, value, field(o, conf));
		break;
	case PM_OPT_STRINGS:
		read_strings(r, o, value, field(o, conf));
		break;
	case PM_OPT_JSON:
		*(json_t **)field(o, conf) = value;
		break;
	}
}

/* Zero where the table has no default. */
static void read_default(struct reader *r, const struct pm_option *o, void *conf)
{
	static const size_t size[] = {
		[PM_OPT_BOOL] = sizeof(bool), [PM_OPT_INT] = sizeof(int64_t),
		[PM_OPT_STRING] = sizeof(char *), [PM_OPT_ENUM] = sizeof(int),
		[PM_OPT_STRINGS] = sizeof(struct pm_strings), [PM_OPT_JSON] = sizeof(json_t *),
	};
	bool text = o->type == PM_OPT_STRING || o->type == PM_OPT_ENUM;
	json_t *value;

	memset(field(o, conf), 0, size[o->type]);
	if (!o->def)
		return;
	value = text ? json_string(o->def) : json_loads(o->def, JSON_DECODE_ANY, NULL);
	if (!pm_config_own(r->cf, value))
		fault(r, o->name, "its default can't be read");
	else
		read_value(r, o, conf, value);
}

static void unknown(struct reader *r, const struct pm_option *options, size_t n, const char *name)
{
	const char **names = calloc(n + 1, sizeof(*names)), *near = NULL;
	char what[WORDS_MAX] = "no such option";

	for (size_t i = 0; names && i < n; i++)
		names[i] = options[i].name;
	if (names)
		near = pm_suggest(name, names, n);
	if (near)
		snprintf(what, sizeof(what), "no such option; did you mean \"%s\"?", near);
	free(names);
	fault(r, name, what);
}

size_t pm_options_read(const struct pm_option *options, void *conf, const json_t *object,
		       struct pm_config *cf, const char *path)
{
	struct reader r = { .cf = cf, .path = path };
	size_t n = 0;
	const char *name;
	json_t *value;

	for (; options[n].name; n++)
		read_default(&r, &options[n], conf);
	if (object && !json_is_object(object)) {
		fault(&r, "", "expected an object");
		return r.faults;
	}
	/* jansson's iteration takes a pointer that is not const, but only reads. */
	json_object_foreach((json_t *)(uintptr_t)object, name, value) {
		size_t i = 0;

		while (i < n && strcmp(options[i].name, name) != 0)
			i++;
		if (i < n)
			read_value(&r, &options[i], conf, value);
		else
			unknown(&r, options, n, name);
	}
	return r.faults;
}

static json_t *dump_strings(const struct pm_strings *strings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < strings->len; i++)
		json_array_append_new(array, json_string(strings->at[i]));
	return array;
}

static json_t *dump_value(const struct pm_option *o, const void *at)
{
	const char *str;
	json_t *json;

	switch (o->type) {
	case PM_OPT_BOOL:
		return json_boolean(*(const bool *)at);
	case PM_OPT_INT:
		return json_integer(*(const int64_t *)at);
	case PM_OPT_STRING:
		str = *(const char *const *)at;
		return str ? json_string(str) : json_null();
	case PM_OPT_ENUM:
		return json_string(o->choices[*(const int *)at]);
	case PM_OPT_STRINGS:
		return dump_strings(at);
	case PM_OPT_JSON:
		json = *(json_t *const *)at;
		return json ? json_incref(json) : json_null();
	}
	return NULL;
}

json_t *pm_options_dump(const struct pm_option *options, const void *conf)
{
	json_t *object = json_object();

	for (; options->name; options++) {
		const void *at = (const char *)conf + options->offset;

		if (json_object_set_new(object, options->name, dump_value(options, at)) < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

void pm_option_type(const struct pm_option *option, char *to, size_t size)
{
	static const char *const names[] = {
		[PM_OPT_BOOL] = "true or false", [PM_OPT_STRING] = "string",
		[PM_OPT_STRINGS] = "array of strings", [PM_OPT_JSON] = "JSON",
	};
	size_t n = 0;

	if (option->type == PM_OPT_INT) {
		snprintf(to, size, "whole number, %" PRId64 " to %" PRId64, option->min,
			 option->max);
	} else if (option->type == PM_OPT_ENUM) {
		for (size_t i = 0; option->choices[i] && n < size; i++)
			n += (size_t)snprintf(to + n, size - n, "%s%s", i ? ", " : "one of ",
					      option->choices[i]);
	} else {
		snprintf(to, size, "%s", names[option->type]);
	}
}
