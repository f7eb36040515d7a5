#include "consumer/local_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/slice.h"

enum { EXIT_NO_INPUT = 66, EXIT_INTERNAL = 70, PATH_BYTES = 1 << 16 };

/* One open folder: the names in it, sorted, and how far we are. */
struct folder {
	dev_t dev;
	ino_t ino;
	char **name;
	size_t len, cap, at;
	size_t path_len;        /* of the folder's own path within files->path */
};

struct pm_local_files {
	struct pm_local_conf conf;
	size_t at;              /* next of conf.paths */
	const char *root;
	struct folder folder[PM_LOCAL_DEPTH];
	size_t depth;
	struct pm_buf path;     /* always ends with a NUL that len counts */
	size_t skipped;
};

/* -- kinds ----------------------------------------------------------------------------------- */

static const struct { const char *extension; enum pm_local_format format; } kinds[] = {
	{ "html", PM_LOCAL_HTML }, { "htm", PM_LOCAL_HTML }, { "xhtml", PM_LOCAL_HTML },
	{ "txt", PM_LOCAL_TEXT }, { "jsonl", PM_LOCAL_JSON }, { "warc", PM_LOCAL_WARC },
	{ "wet", PM_LOCAL_WARC },
};

/* The last extension of a name; empty when it has none. */
static struct pm_slice last_extension(struct pm_slice name)
{
	const char *dot = name.len ? memrchr(name.ptr, '.', name.len) : NULL;

	if (!dot || dot == name.ptr)
		return PM_LIT("");
	return pm_slice(dot + 1, (size_t)(name.ptr + name.len - dot - 1));
}

/* "html" of "page.html" and of "page.html.gz". */
static struct pm_slice extension(const char *path, enum pm_packing *packing)
{
	const char *base = strrchr(path, '/');
	struct pm_slice name = pm_slice_str(base ? base + 1 : path), ext = last_extension(name);

	*packing = pm_slice_is_nocase(ext, "gz") ? PM_PACKING_GZIP :
		   pm_slice_is_nocase(ext, "zst") ? PM_PACKING_ZSTD : PM_PACKING_SNIFF;
	if (*packing == PM_PACKING_SNIFF)
		return ext;
	return last_extension(pm_slice(name.ptr, name.len - ext.len - 1));
}

/* AUTO: the name says nothing. */
static enum pm_local_format kind_of(const struct pm_local_files *files, const char *path)
{
	enum pm_packing packing;
	struct pm_slice ext = extension(path, &packing);

	if (files->conf.format != PM_LOCAL_AUTO)
		return files->conf.format;
	if (strcmp(path, "-") == 0)
		return PM_LOCAL_JSON;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (pm_slice_is_nocase(ext, kinds[i].extension))
			return kinds[i].format;
	return PM_LOCAL_AUTO;
}

static int unknown_kind(const char *path, struct pm_err *err)
{
	enum pm_packing packing;
	struct pm_slice ext = extension(path, &packing);

	err->status = EXIT_NO_INPUT;
	return pm_fail(err, "%.100s: \"%.*s\" doesn't say what it holds (.html, .txt, .jsonl, .warc and .wet do, "
		       "alone or with .gz or .zst): use --format", path,
		       ext.len < 20 ? (int)ext.len : 20,
		       ext.ptr);
}

static int cant_open(const char *path, struct pm_err *err)
{
	err->status = EXIT_NO_INPUT;
	return pm_fail(err, "%.150s: %s", path, strerror(errno));
}

static int check_one(const struct pm_local_files *files, const char *path, struct pm_err *err)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return 0;
	if (stat(path, &st) < 0 || access(path, S_ISDIR(st.st_mode) ? R_OK | X_OK : R_OK) < 0)
		return cant_open(path, err);
	if (!S_ISDIR(st.st_mode) && kind_of(files, path) == PM_LOCAL_AUTO)
		return unknown_kind(path, err);
	return 0;
}

int pm_local_files_check(const struct pm_local_files *files, struct pm_err *err)
{
	for (size_t i = 0; i < files->conf.npaths; i++)
		if (check_one(files, files->conf.paths[i], err) < 0)
			return -1;
	return 0;
}

/* -- folders --------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_name(struct folder *f, const char *name)
{
	if (f->len == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 64;
		char **grown = realloc(f->name, cap * sizeof(*grown));

		if (!grown)
			return false;
		f->name = grown;
		f->cap = cap;
	}
	f->name[f->len] = strdup(name);
	return f->name[f->len] && ++f->len;
}

static void close_folder(struct folder *f)
{
	for (size_t i = f->at; i < f->len; i++)
		free(f->name[i]);
	free(f->name);
	*f = (struct folder){ 0 };
}

static int list(struct folder *f, const char *path, struct pm_err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return cant_open(path, err);
	while ((errno = 0, entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (!add_name(f, entry->d_name)) {
			errno = ENOMEM;
			break;
		}
	}
	if (errno)
		cant_open(path, err);
	else
		err->msg[0] = 0;
	closedir(dir);
	if (err->msg[0])
		return -1;
	if (f->len)
		qsort(f->name, f->len, sizeof(*f->name), by_bytes);
	return 0;
}

/* Opens the folder that files->path names. A folder within itself (by a symbolic link) is left out
 * without a word, as its files were read already. */
static int enter(struct pm_local_files *files, const struct stat *st, struct pm_err *err)
{
	const char *path = files->path.ptr;
	struct folder *f;

	for (size_t i = 0; i < files->depth; i++)
		if (files->folder[i].dev == st->st_dev && files->folder[i].ino == st->st_ino)
			return 0;
	if (files->depth == PM_LOCAL_DEPTH) {
		err->status = EXIT_NO_INPUT;
		return pm_fail(err, "%.150s: more than %d folders deep", path, PM_LOCAL_DEPTH);
	}
	f = &files->folder[files->depth];
	*f = (struct folder){ .dev = st->st_dev, .ino = st->st_ino };
	if (list(f, path, err) < 0) {
		close_folder(f);
		return -1;
	}
	f->path_len = files->path.len - 1;
	while (f->path_len > 1 && path[f->path_len - 1] == '/')
		f->path_len--;
	files->depth++;
	return 0;
}

/* -- walking --------------------------------------------------------------------------------- */

static bool set_path(struct pm_local_files *files, const char *path)
{
	pm_buf_reset(&files->path);
	return pm_buf_add(&files->path, path, strlen(path) + 1);
}

static bool add_path(struct pm_local_files *files, const struct folder *f, const char *name)
{
	const char *path = files->path.ptr;

	files->path.len = f->path_len;
	if (f->path_len && path[f->path_len - 1] != '/')
		pm_buf_char(&files->path, '/');
	return pm_buf_add(&files->path, name, strlen(name) + 1);
}

static enum pm_local_next found(struct pm_local_files *files, struct pm_local_file *file)
{
	file->path = files->path.ptr;
	file->root = files->root;
	file->format = kind_of(files, file->path);
	extension(file->path, &file->packing);
	return PM_LOCAL_FILE;
}

static enum pm_local_next too_long(const char *name, struct pm_err *err)
{
	err->status = EXIT_INTERNAL;
	pm_fail(err, "%.150s: the path is too long", name);
	return PM_LOCAL_BAD;
}

/* The next name of the innermost folder. END: nothing for the caller here, look again. */
static enum pm_local_next next_in_folder(struct pm_local_files *files, struct pm_local_file *file,
					 struct pm_err *err)
{
	struct folder *f = &files->folder[files->depth - 1];
	bool known, ok;
	struct stat st;
	char *name;

	if (f->at == f->len) {
		close_folder(f);
		files->depth--;
		return PM_LOCAL_END;
	}
	name = f->name[f->at++];
	ok = add_path(files, f, name);
	free(name);
	if (!ok) {
		files->path.failed = false;
		return too_long(files->root, err);
	}
	known = kind_of(files, files->path.ptr) != PM_LOCAL_AUTO;
	if (stat(files->path.ptr, &st) < 0) {
		files->skipped += !known;
		return known ? cant_open(files->path.ptr, err), PM_LOCAL_BAD : PM_LOCAL_END;
	}
	if (S_ISDIR(st.st_mode))
		return enter(files, &st, err) < 0 ? PM_LOCAL_BAD : PM_LOCAL_END;
	if (known && S_ISREG(st.st_mode))
		return found(files, file);
	files->skipped++;
	return PM_LOCAL_END;
}

static enum pm_local_next next_named(struct pm_local_files *files, struct pm_local_file *file,
				     struct pm_err *err)
{
	const char *path = files->conf.paths[files->at++];
	struct stat st;

	files->root = path;
	if (!set_path(files, path)) {
		files->path.failed = false;
		return too_long(path, err);
	}
	if (strcmp(path, "-") == 0)
		return found(files, file);
	if (stat(path, &st) < 0)
		return cant_open(path, err), PM_LOCAL_BAD;
	if (S_ISDIR(st.st_mode))
		return enter(files, &st, err) < 0 ? PM_LOCAL_BAD : PM_LOCAL_END;
	if (kind_of(files, path) == PM_LOCAL_AUTO)
		return unknown_kind(path, err), PM_LOCAL_BAD;
	return found(files, file);
}

enum pm_local_next pm_local_files_next(struct pm_local_files *files, struct pm_local_file *file,
				       struct pm_err *err)
{
	while (files->depth || files->at < files->conf.npaths) {
		enum pm_local_next next = files->depth ? next_in_folder(files, file, err)
						       : next_named(files, file, err);

		if (next != PM_LOCAL_END)
			return next;
	}
	return PM_LOCAL_END;
}

struct pm_local_files *pm_local_files_new(const struct pm_local_conf *conf)
{
	struct pm_local_files *files = calloc(1, sizeof(*files));

	if (!files)
		return NULL;
	files->conf = *conf;
	files->path.max = PATH_BYTES;
	return files;
}

void pm_local_files_free(struct pm_local_files *files)
{
	if (!files)
		return;
	while (files->depth)
		close_folder(&files->folder[--files->depth]);
	pm_buf_free(&files->path);
	free(files);
}

size_t pm_local_files_skipped(const struct pm_local_files *files)
{
	return files->skipped;
}
