#include "core/config_expand.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/utf8.h"

__attribute__((format(printf, 2, 3)))
static void fault(const struct pm_expand *how, const char *fmt, ...)
{
	struct pm_err err;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err.msg, sizeof(err.msg), fmt, ap);
	va_end(ap);
	how->fault(how->ctx, err.msg);
}

bool pm_expand_needed(struct pm_slice s)
{
	for (size_t i = 0; i + 1 < s.len; i++)
		if (s.ptr[i] == '$' && (s.ptr[i + 1] == '{' || s.ptr[i + 1] == '$'))
			return true;
	return false;
}

/* Length of the variable's name at the start of s; 0: there is none. */
static size_t name_len(struct pm_slice s)
{
	size_t i = 0;

	for (; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (pm_ascii_lower(c) >= 'a' && pm_ascii_lower(c) <= 'z') || c == '_';

		if (!letter && !(i && c >= '0' && c <= '9'))
			break;
	}
	return i;
}

/* A value from outside. JSON strings hold UTF-8, and C strings no NUL. */
static void put(struct pm_slice value, const char *what, bool from_file,
		const struct pm_expand *how, struct pm_buf *out)
{
	if (value.len && memchr(value.ptr, 0, value.len)) {
		fault(how, "%s holds a NUL byte", what);
	} else if (pm_utf8_valid(value) != value.len) {
		fault(how, "%s is not valid UTF-8", what);
	} else {
		how->value(how->ctx, value, from_file);
		pm_buf_slice(out, value);
	}
}

static void expand_file(struct pm_slice path, const struct pm_expand *how, struct pm_buf *out)
{
	struct pm_buf bytes = { .max = PM_EXPAND_MAX + 1 };
	struct pm_slice value;
	char name[200], what[220];
	struct pm_err err;

	snprintf(name, sizeof(name), "%.*s", PM_FMT(path));
	snprintf(what, sizeof(what), "the file %s", name);
	if (path.len == 0) {
		fault(how, "${file:} names no file");
	} else if (path.len >= sizeof(name)) {
		fault(how, "${file:…}: the path is longer than %zu bytes", sizeof(name) - 1);
	} else if (pm_file_read(name, PM_EXPAND_MAX, &bytes, &err) < 0) {
		fault(how, "%s: %s", what, err.msg);
	} else {
		value = pm_buf_get(&bytes);
		if (value.len && value.ptr[value.len - 1] == '\n')
			value.len--;
		put(value, what, true, how, out);
	}
	/* It may be a secret: not left in freed memory. */
	if (bytes.ptr)
		explicit_bzero(bytes.ptr, bytes.cap);
	pm_buf_free(&bytes);
}

/* VAR, and what stands behind it: nothing, ":-default" or ":?message". */
static void expand_variable(struct pm_slice name, struct pm_slice rest, const struct pm_expand *how,
			    struct pm_buf *out)
{
	char var[128], what[160];
	const char *value;

	if (name.len >= sizeof(var)) {
		fault(how, "a variable's name longer than %zu bytes", sizeof(var) - 1);
		return;
	}
	snprintf(var, sizeof(var), "%.*s", PM_FMT(name));
	snprintf(what, sizeof(what), "the environment variable %s", var);
	value = getenv(var);
	if (rest.len == 0) {
		if (!value)
			fault(how, "%s is not set", what);
		else
			put(pm_slice_str(value), what, false, how, out);
		return;
	}
	if (value && *value) {
		put(pm_slice_str(value), what, false, how, out);
		return;
	}
	if (rest.ptr[1] == '-')
		pm_buf_add(out, rest.ptr + 2, rest.len - 2);
	else if (rest.len == 2)
		fault(how, "%s is %s", what, value ? "empty" : "not set");
	else
		fault(how, "%s: %.*s", var, (int)(rest.len - 2), rest.ptr + 2);
}

static void expand_braces(struct pm_slice inside, const struct pm_expand *how, struct pm_buf *out)
{
	struct pm_slice name, rest;

	if (inside.len >= 5 && memcmp(inside.ptr, "file:", 5) == 0) {
		expand_file(pm_slice(inside.ptr + 5, inside.len - 5), how, out);
		return;
	}
	name = pm_slice(inside.ptr, name_len(inside));
	rest = pm_slice(inside.ptr + name.len, inside.len - name.len);
	if (name.len == 0 || (rest.len && !(rest.len >= 2 && rest.ptr[0] == ':' &&
					    (rest.ptr[1] == '-' || rest.ptr[1] == '?'))))
		fault(how, "expected ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH}; "
			   "a dollar sign itself is $$");
	else
		expand_variable(name, rest, how, out);
}

void pm_expand(struct pm_slice s, const struct pm_expand *how, struct pm_buf *out)
{
	const char *at = s.ptr, *end = s.ptr + s.len;

	while (at < end) {
		const char *dollar = memchr(at, '$', (size_t)(end - at)), *close;

		if (!dollar || dollar + 1 == end) {
			pm_buf_add(out, at, (size_t)(end - at));
			return;
		}
		pm_buf_add(out, at, (size_t)(dollar - at));
		at = dollar + 2;
		if (dollar[1] != '{') {
			pm_buf_char(out, '$');
			at = dollar[1] == '$' ? at : dollar + 1;
			continue;
		}
		close = memchr(at, '}', (size_t)(end - at));
		if (!close) {
			fault(how, "${ without its }; a dollar sign itself is $$");
			return;
		}
		expand_braces(pm_slice(at, (size_t)(close - at)), how, out);
		at = close + 1;
	}
}
