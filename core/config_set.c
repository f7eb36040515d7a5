/* core/config_set.c -- --set path.to.key=value: one value in the place of another. */
#include "core/config_in.h"

#include <stdlib.h>
#include <sysexits.h>

#include "core/buf.h"
#include "core/config_pos.h"
#include "core/escape.h"

/* One walk along a path, which is written anew as faults would write it. */
struct walk {
	struct pm_slice left;           /* of the path that was given */
	struct pm_buf path;             /* so far, NUL-terminated by whole() */
	json_t *at, *parent;
	size_t index;                   /* of `at` in parent, an array */
	char name[256];                 /* of `at` in parent, an object */
	unsigned depth;
	bool one_name;                  /* the rest is one name: what stands below "kafka" */
};

static const char *whole(struct walk *w)
{
	size_t len = w->path.len;

	pm_buf_add(&w->path, "", 1);
	w->path.len = len;
	return w->path.failed ? "" : w->path.ptr;
}

static int refuse(struct walk *w, struct pm_err *err, const char *what)
{
	struct pm_buf shown = { .max = WHAT_MAX };

	pm_escape(&shown, pm_slice_str(whole(w)), 150, false);
	pm_fail(err, "%.*s%s%s", PM_FMT(pm_buf_get(&shown)), shown.len ? ": " : "", what);
	pm_buf_free(&shown);
	err->status = EX_CONFIG;
	return -1;
}

/* "[2]": an element that exists. */
static int walk_index(struct walk *w, struct pm_err *err)
{
	size_t i = 1, n = 0, size = json_array_size(w->at);

	for (; i < w->left.len && w->left.ptr[i] >= '0' && w->left.ptr[i] <= '9'; i++)
		n = n > size ? n : n * 10 + (size_t)(w->left.ptr[i] - '0');
	if (i == 1 || i == w->left.len || w->left.ptr[i] != ']')
		return refuse(w, err, "expected [n] or [\"name\"] in the path");
	if (!json_is_array(w->at))
		return refuse(w, err, "not an array");
	if (n >= size)
		return refuse(w, err, "the array has no such element");
	pm_buf_printf(&w->path, "[%zu]", n);
	w->left = pm_slice(w->left.ptr + i + 1, w->left.len - i - 1);
	w->parent = w->at;
	w->index = n;
	w->at = json_array_get(w->at, n);
	return 0;
}

/* How much of what is left is the next name: the longest that exists, else up to a dot or
 * bracket. */
static size_t name_bytes(const struct walk *w)
{
	size_t first = w->left.len, len;

	if (w->one_name)
		return w->left.len;
	if (w->left.ptr[0] == '.')
		return 0;
	for (len = w->left.len; len; len--) {
		bool ends = len == w->left.len || w->left.ptr[len] == '.' ||
			    w->left.ptr[len] == '[';

		if (!ends)
			continue;
		if (len < sizeof(w->name) && json_object_getn(w->at, w->left.ptr, len))
			return len;
		first = len;
	}
	return first;
}

static int walk_name(struct walk *w, struct pm_err *err)
{
	struct pm_slice name;
	size_t used;

	if (w->left.len >= 2 && w->left.ptr[0] == '[' && w->left.ptr[1] == '"') {
		const char *from = w->left.ptr + 2;
		const char *close = memmem(from, w->left.len - 2, "\"]", 2);

		if (!close)
			return refuse(w, err, "expected [n] or [\"name\"] in the path");
		name = pm_slice(from, (size_t)(close - from));
		used = name.len + 4;
	} else {
		used = name_bytes(w);
		name = pm_slice(w->left.ptr, used);
	}
	if (!json_is_object(w->at))
		return refuse(w, err, "not an object");
	if (name.len == 0 || name.len >= sizeof(w->name) || memchr(name.ptr, 0, name.len))
		return refuse(w, err, "a name in the path is empty or too long");
	memcpy(w->name, name.ptr, name.len);
	w->name[name.len] = '\0';
	pm_buf_printf(&w->path, "%s%s", w->path.len ? "." : "", w->name);
	w->left = pm_slice(w->left.ptr + used, w->left.len - used);
	w->parent = w->at;
	w->at = json_object_get(w->parent, w->name);
	return 0;
}

/* One step down. A missing object on the way is made; `at` of the last step may be NULL. */
static int walk_step(struct walk *w, struct pm_err *err)
{
	bool bracket = w->left.ptr[0] == '[' && !w->one_name;
	bool quoted = bracket && w->left.len > 1 && w->left.ptr[1] == '"';

	if (++w->depth > PM_POS_DEPTH)
		return refuse(w, err, "nested deeper than 64 levels");
	if ((bracket && !quoted ? walk_index(w, err) : walk_name(w, err)) < 0)
		return -1;
	if (w->left.len && w->left.ptr[0] == '.') {
		w->left = pm_slice(w->left.ptr + 1, w->left.len - 1);
		if (w->left.len == 0)
			return refuse(w, err, "the path ends with a dot");
	}
	if (w->left.len && !w->at) {
		w->at = json_object();
		if (json_object_set_new(w->parent, w->name, w->at) < 0)
			return refuse(w, err, "not valid UTF-8, or out of memory");
	}
	w->one_name = json_is_object(w->parent) && strcmp(w->name, "kafka") == 0 &&
		      w->left.len && w->left.ptr[0] != '[';
	return 0;
}

int pm_config_set(struct pm_config *cf, const char *assignment, struct pm_err *err)
{
	const char *equals = strchr(assignment, '=');
	struct walk w = { .at = pm_config_root(cf), .path.max = PATH_MAX_BYTES };
	json_t *value;
	int result = 0;

	if (!equals || equals == assignment) {
		err->status = EX_USAGE;
		pm_fail(err, "expected path.to.key=value");
		return -1;
	}
	if (pm_config_broken(cf))
		return 0;
	w.left = pm_slice(assignment, (size_t)(equals - assignment));
	while (result == 0 && w.left.len)
		result = walk_step(&w, err);
	if (result < 0) {
		pm_buf_free(&w.path);
		return -1;
	}
	value = json_loads(equals + 1, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	if (!value)
		value = json_string(equals + 1);
	if (!value || (json_is_array(w.parent) ?
			       json_array_set_new(w.parent, w.index, value) :
			       json_object_set_new(w.parent, w.name, value)) < 0) {
		result = refuse(&w, err, "the value is not valid UTF-8");
	} else {
		pm_config_replaced(cf, value, whole(&w));
	}
	pm_buf_free(&w.path);
	return result;
}
