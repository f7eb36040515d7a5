#include "filters/loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 30 };    /* bytes */

struct file {
	struct file *next;
	char bytes[];
};

struct pm_loader {
	struct pm_sha256 sha;
	struct file *files;
};

struct pm_loader *pm_loader_new(void)
{
	struct pm_loader *load = calloc(1, sizeof(*load));

	if (load)
		pm_sha256_init(&load->sha);
	return load;
}

void pm_loader_free(struct pm_loader *load)
{
	while (load && load->files) {
		struct file *file = load->files;

		load->files = file->next;
		free(file);
	}
	free(load);
}

/* The length goes first, as decimal text: no two sequences of entries hash alike by shifting
 * bytes. */
void pm_loader_frame(struct pm_loader *load, const char *name, struct pm_slice bytes)
{
	char head[96];
	int n = snprintf(head, sizeof(head), "%.60s %zu\n", name, bytes.len);

	pm_sha256_update(&load->sha, pm_slice(head, (size_t)n));
	pm_sha256_update(&load->sha, bytes);
	pm_sha256_update(&load->sha, PM_LIT("\n"));
}

void pm_loader_builtin(struct pm_loader *load, const char *name, struct pm_slice bytes)
{
	pm_loader_frame(load, name, bytes);
}

static struct file *read_all(FILE *f, size_t *len, struct pm_err *err, const char *path)
{
	struct stat st;
	struct file *file;

	if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		pm_fail(err, "%s: not a regular file of at most 1 GiB", path);
		return NULL;
	}
	file = malloc(sizeof(*file) + (size_t)st.st_size + 1);
	if (!file) {
		pm_fail(err, "%s: out of memory", path);
		return NULL;
	}
	*len = fread(file->bytes, 1, (size_t)st.st_size, f);
	if (*len != (size_t)st.st_size || ferror(f)) {
		pm_fail(err, "%s: read ended early", path);
		free(file);
		return NULL;
	}
	file->bytes[*len] = 0;
	return file;
}

struct pm_slice pm_loader_file(struct pm_loader *load, const char *path, struct pm_err *err)
{
	FILE *f = fopen(path, "rbe");
	struct file *file;
	size_t len = 0;

	if (!f) {
		pm_fail(err, "%s: %s", path, strerror(errno));
		return (struct pm_slice){ 0 };
	}
	file = read_all(f, &len, err, path);
	fclose(f);
	if (!file)
		return (struct pm_slice){ 0 };
	file->next = load->files;
	load->files = file;
	pm_loader_frame(load, "file", pm_slice(file->bytes, len));
	return pm_slice(file->bytes, len);
}

void pm_loader_digest(struct pm_loader *load, char hex[33])
{
	uint8_t digest[PM_SHA256_SIZE];

	pm_sha256_final(&load->sha, digest);
	pm_hex(hex, digest, 16);
	hex[32] = 0;
}
