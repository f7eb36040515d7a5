#include "core/config.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sysexits.h>

#include "core/buf.h"
#include "core/config_expand.h"
#include "core/config_in.h"
#include "core/config_pos.h"
#include "core/escape.h"
#include "core/file.h"
#include "core/sure.h"
#include "core/utf8.h"

enum {
	FILE_MAX = 16 << 20,            /* bytes of a configuration */
	EXPANDED_MAX = 64 << 20,        /* bytes of all expanded strings */
	FAULTS_MAX = 1000,              /* kept and printed; the rest is counted */
	SHOWN_MAX = 1000,               /* bytes of a path or message that are printed */
	SECRET_FILE = 4,                /* a shorter one would blot out half of every message */
	SECRET_VARIABLE = 8,
};

struct fault {
	uint32_t line, column;          /* 0: --set gave the value */
	bool expansion;                 /* goes away when --set replaces the value */
	char *path, *what;
};

struct kept {
	struct kept *next;
	alignas(max_align_t) char bytes[];
};

struct pm_config {
	char *name, *text;
	json_t *root, *owned;
	struct pm_pos pos;
	bool broken;                    /* by a syntax error */
	struct fault *faults;           /* sorted */
	size_t nfaults, uncounted;      /* uncounted: beyond FAULTS_MAX */
	struct kept *kept;
	json_t *sets;                   /* paths that --set gave */
	json_t *secrets;
	size_t expanded;                /* bytes so far */
};

void *pm_config_keep(struct pm_config *cf, size_t size)
{
	struct kept *kept = size > SIZE_MAX - sizeof(*kept) ? NULL : malloc(sizeof(*kept) + size);

	if (!kept)
		return NULL;
	kept->next = cf->kept;
	cf->kept = kept;
	return kept->bytes;
}

json_t *pm_config_own(struct pm_config *cf, json_t *value)
{
	if (value && json_array_append_new(cf->owned, value) < 0)
		return NULL;
	return value;
}

void pm_config_free(struct pm_config *cf)
{
	if (!cf)
		return;
	for (size_t i = 0; i < cf->nfaults; i++) {
		free(cf->faults[i].path);
		free(cf->faults[i].what);
	}
	while (cf->kept) {
		struct kept *next = cf->kept->next;

		free(cf->kept);
		cf->kept = next;
	}
	free(cf->faults);
	json_decref(cf->root);
	json_decref(cf->owned);
	json_decref(cf->sets);
	json_decref(cf->secrets);
	pm_pos_free(&cf->pos);
	free(cf->text);
	free(cf->name);
	free(cf);
}

/* What came from outside is not shown, wherever a message quotes it. */
static void blot(const struct pm_config *cf, char *what)
{
	size_t i;
	json_t *secret;

	json_array_foreach(cf->secrets, i, secret) {
		const char *value = json_string_value(secret);
		size_t len = json_string_length(secret);
		char *at = what;

		while ((at = strstr(at, value))) {
			memmove(at + 3, at + len, strlen(at + len) + 1);
			memcpy(at, "***", 3);
			at += 3;
		}
	}
}

/* Whether `path` is `over` or lies below it. */
static bool below(const char *path, const char *over)
{
	size_t len = strlen(over);

	return strncmp(path, over, len) == 0 &&
	       (!path[len] || path[len] == '.' || path[len] == '[');
}

static bool comes_before(const struct fault *a, const struct fault *b)
{
	if (!a->line != !b->line)
		return a->line != 0;
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* Takes its place behind those of the same position. Without memory the fault is only counted, so
 * that the configuration is refused all the same. */
static void add_fault(struct pm_config *cf, struct fault fault, const char *path, const char *what)
{
	size_t at = cf->nfaults;

	if (!cf->faults)
		cf->faults = calloc(FAULTS_MAX, sizeof(*cf->faults));
	if (!cf->faults || cf->nfaults == FAULTS_MAX) {
		cf->uncounted++;
		return;
	}
	fault.path = strdup(path);
	fault.what = strdup(what);
	if (!fault.path || !fault.what) {
		free(fault.path);
		free(fault.what);
		cf->uncounted++;
		return;
	}
	blot(cf, fault.what);
	while (at && comes_before(&fault, &cf->faults[at - 1])) {
		cf->faults[at] = cf->faults[at - 1];
		at--;
	}
	cf->faults[at] = fault;
	cf->nfaults++;
}

/* Where a path stands: what --set gave has no place in the file, nor what it made on its way. */
static struct fault place(const struct pm_config *cf, const char *path)
{
	struct fault fault = { .line = 1, .column = 1 };
	bool whole, set = false;
	uint32_t node = pm_pos_find(&cf->pos, path, &whole);
	size_t i;
	json_t *over;

	json_array_foreach(cf->sets, i, over)
		set |= below(path, json_string_value(over)) ||
		       (!whole && below(json_string_value(over), path));
	if (set)
		fault.line = fault.column = 0;
	else if (cf->pos.len) {
		fault.line = cf->pos.at[node].line;
		fault.column = cf->pos.at[node].column;
	}
	return fault;
}

void pm_config_fault(struct pm_config *cf, const char *path, const char *fmt, ...)
{
	char what[WHAT_MAX];
	va_list ap;

	if (cf->broken)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	add_fault(cf, place(cf, path), path, what);
}

size_t pm_config_faults(const struct pm_config *cf)
{
	return cf->nfaults + cf->uncounted;
}

static void print_escaped(const char *str, FILE *to)
{
	struct pm_buf b = { .max = SHOWN_MAX * 8 };

	pm_escape(&b, pm_slice_str(str), SHOWN_MAX, false);
	fprintf(to, "%.*s", PM_FMT(pm_buf_get(&b)));
	pm_buf_free(&b);
}

void pm_config_print(const struct pm_config *cf, FILE *to)
{
	for (size_t i = 0; i < cf->nfaults; i++) {
		const struct fault *fault = &cf->faults[i];

		if (fault->line) {
			print_escaped(cf->name, to);
			fprintf(to, ":%u:%u: ", (unsigned)fault->line, (unsigned)fault->column);
		} else {
			fputs("--set: ", to);
		}
		if (*fault->path) {
			print_escaped(fault->path, to);
			fputs(": ", to);
		}
		print_escaped(fault->what, to);
		fputc('\n', to);
	}
	if (cf->uncounted) {
		print_escaped(cf->name, to);
		fprintf(to, ": and %zu faults more\n", cf->uncounted);
	}
}

/* A place that the scanner or jansson found, with the path of the node it is about. */
static void scan_fault(void *ctx, uint32_t node, uint32_t line, uint32_t column, const char *what)
{
	struct pm_config *cf = ctx;
	struct pm_buf path = { .max = PATH_MAX_BYTES };

	pm_pos_path(&cf->pos, node, &path);
	pm_buf_add(&path, "", 1);
	add_fault(cf, (struct fault){ .line = line, .column = column },
		  path.failed ? "" : path.ptr, what);
	pm_buf_free(&path);
}

/* A fault at a byte of the text, found before anything is parsed. */
static bool byte_fault(struct pm_config *cf, struct pm_slice text, size_t at, const char *what)
{
	uint32_t line = 1;
	size_t start = 0;

	for (size_t i = 0; i < at; i++) {
		if (text.ptr[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	scan_fault(cf, 0, line, (uint32_t)pm_utf8_count(pm_slice(text.ptr + start, at - start)) + 1,
		   what);
	return false;
}

static bool bytes_fit(struct pm_config *cf, struct pm_slice text)
{
	size_t valid;
	const char *nul;

	if (text.len >= 2 && (memcmp(text.ptr, "\xff\xfe", 2) == 0 ||
			      memcmp(text.ptr, "\xfe\xff", 2) == 0))
		return byte_fault(cf, text, 0, "the file is UTF-16; it must be UTF-8");
	nul = text.len ? memchr(text.ptr, 0, text.len) : NULL;
	if (nul)
		return byte_fault(cf, text, (size_t)(nul - text.ptr),
				  "a NUL byte; the file must be UTF-8 text");
	valid = pm_utf8_valid(text);
	return valid == text.len || byte_fault(cf, text, valid, "not valid UTF-8");
}

/* The tree of the text, or NULL after faults of syntax. */
static json_t *parse(struct pm_config *cf, struct pm_slice text)
{
	const struct pm_pos_faults to = { scan_fault, cf };
	json_error_t error;
	json_t *root;

	/* Editors of some systems put a byte order mark there; it has no width. */
	if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
		text = pm_slice(text.ptr + 3, text.len - 3);
	if (!bytes_fit(cf, text) || !pm_pos_scan(&cf->pos, text, &to))
		return NULL;
	root = json_loadb(text.ptr, text.len, 0, &error);
	if (!root)
		scan_fault(cf, 0, error.line > 0 ? (uint32_t)error.line : 1,
			   error.column > 0 ? (uint32_t)error.column : 1,
			   json_error_code(&error) == json_error_numeric_overflow ?
				   "the number is too large" : error.text);
	return root;
}

/* -- expansion ------------------------------------------------------------------------- */

struct expansion {
	struct pm_config *cf;
	const char *path;
};

static void expansion_fault(void *ctx, const char *what)
{
	struct expansion *x = ctx;
	struct fault fault = place(x->cf, x->path);

	fault.expansion = true;
	add_fault(x->cf, fault, x->path, what);
}

static void expansion_value(void *ctx, struct pm_slice value, bool from_file)
{
	struct expansion *x = ctx;

	if (value.len >= (from_file ? SECRET_FILE : SECRET_VARIABLE))
		json_array_append_new(x->cf->secrets, json_stringn(value.ptr, value.len));
}

static void expand_string(struct pm_config *cf, json_t *string, const char *path)
{
	struct pm_slice s = { json_string_value(string), json_string_length(string) };
	struct expansion x = { cf, path };
	const struct pm_expand how = { &x, expansion_fault, expansion_value };
	struct pm_buf out = { .max = EXPANDED_MAX - cf->expanded };

	if (!pm_expand_needed(s))
		return;
	pm_expand(s, &how, &out);
	cf->expanded += out.len;
	if (out.failed || json_string_setn(string, pm_buf_get(&out).ptr, out.len) < 0)
		expansion_fault(&x, "expanded values are larger than 64 MiB together");
	pm_buf_free(&out);
}

/* Recursion ends with the tree: it is PM_POS_DEPTH deep at most. `path` grows and shrinks. */
static void expand_tree(struct pm_config *cf, json_t *value, struct pm_buf *path, unsigned depth)
{
	size_t len = path->len, i;
	const char *name;
	json_t *member;

	if (json_is_string(value)) {
		pm_buf_add(path, "", 1);
		expand_string(cf, value, path->failed ? "" : path->ptr);
	} else if (depth > PM_POS_DEPTH) {
		pm_buf_add(path, "", 1);
		pm_config_fault(cf, path->failed ? "" : path->ptr, "nested deeper than 64 levels");
	} else if (json_is_object(value)) {
		json_object_foreach(value, name, member) {
			pm_buf_printf(path, "%s%s", len ? "." : "", name);
			expand_tree(cf, member, path, depth + 1);
			path->len = len;
			path->failed = false;
		}
	} else {
		json_array_foreach(value, i, member) {
			pm_sure(pm_buf_printf(path, "[%zu]", i) || !path->starved ? path : NULL);
			expand_tree(cf, member, path, depth + 1);
			path->len = len;
			path->failed = false;
		}
	}
	path->len = len;
}

static void expand_all(struct pm_config *cf, json_t *value, const char *at)
{
	struct pm_buf path = { .max = PATH_MAX_BYTES };

	pm_buf_str(&path, at);
	expand_tree(cf, value, &path, 1);
	pm_buf_free(&path);
}

/* -- reading --------------------------------------------------------------------------- */

static struct pm_config *config_new(const char *name)
{
	struct pm_config *cf = calloc(1, sizeof(*cf));

	if (!cf)
		return NULL;
	cf->name = strdup(name);
	cf->root = json_object();
	cf->owned = json_array();
	cf->sets = json_array();
	cf->secrets = json_array();
	if (!cf->name || !cf->root || !cf->owned || !cf->sets || !cf->secrets) {
		pm_config_free(cf);
		return NULL;
	}
	return cf;
}

struct pm_config *pm_config_text(const char *name, struct pm_slice text)
{
	struct pm_config *cf = config_new(name);
	json_t *root;

	if (!cf)
		return NULL;
	if (text.len > FILE_MAX) {
		scan_fault(cf, 0, 1, 1, "larger than 16 MiB");
		cf->broken = true;
		return cf;
	}
	cf->text = malloc(text.len + 1);
	if (!cf->text) {
		pm_config_free(cf);
		return NULL;
	}
	if (text.len)
		memcpy(cf->text, text.ptr, text.len);
	root = parse(cf, pm_slice(cf->text, text.len));
	cf->broken = !root;
	if (root) {
		json_decref(cf->root);
		cf->root = root;
		expand_all(cf, root, "");
	}
	return cf;
}

struct pm_config *pm_config_read(const char *path, struct pm_err *err)
{
	struct pm_buf bytes = { .max = FILE_MAX + 2 };
	struct pm_config *cf = NULL;

	/* One byte more than fits, so that a larger file is a fault of the configuration. */
	if (pm_file_read(path, FILE_MAX + 1, &bytes, err) == 0) {
		cf = pm_config_text(path, pm_buf_get(&bytes));
		if (!cf)
			pm_fail(err, "out of memory");
	} else if (err->status == 0) {
		cf = config_new(path);
		if (cf) {
			scan_fault(cf, 0, 1, 1, "larger than 16 MiB");
			cf->broken = true;
		}
	}
	if (!cf)
		pm_fail_at(err, "%s", path);
	pm_buf_free(&bytes);
	return cf;
}

json_t *pm_config_root(struct pm_config *cf)
{
	return cf->root;
}

/* Faults of expanding what is replaced now are no faults any more. */
static void forget_expansions(struct pm_config *cf, const char *path)
{
	size_t to = 0;

	for (size_t i = 0; i < cf->nfaults; i++) {
		if (cf->faults[i].expansion && below(cf->faults[i].path, path)) {
			free(cf->faults[i].path);
			free(cf->faults[i].what);
		} else {
			cf->faults[to++] = cf->faults[i];
		}
	}
	cf->nfaults = to;
}

void pm_config_replaced(struct pm_config *cf, json_t *value, const char *path)
{
	forget_expansions(cf, path);
	json_array_append_new(cf->sets, json_string(path));
	expand_all(cf, value, path);
}

bool pm_config_broken(const struct pm_config *cf)
{
	return cf->broken;
}
