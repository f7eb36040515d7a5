/* tests/train/seams.c -- what the trainer knows of places between words, by the library's own code.
 *
 *	seams blank|glue < LIST         features as int16, host order, each row after its label
 *
 * LIST has a path a line, of texts that have one block a line. The lines of each are joined; a label is 1 where
 * one ended, 2 where a short one stood by a long one. A text's rows begin with their number, int32. */
#include <stdio.h>
#include <stdlib.h>

#include "core/utf8.h"
#include "filters/boilerplate/seam.h"
#include "filters/extract/flat.h"

enum { LONG_LINE = 80 };        /* characters */

static struct pm_slice read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *p;
	long len;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0)
		exit(1);
	rewind(f);
	p = malloc((size_t)len + 1);
	if (!p || fread(p, 1, (size_t)len, f) != (size_t)len)
		exit(1);
	fclose(f);
	p[len] = '\0';
	return pm_slice(p, (size_t)len);
}

/* The lines in one; `ends` marks the bytes that each ends before. */
static struct pm_slice join(struct pm_arena *a, const struct pm_page *page, bool blank, uint8_t **ends)
{
	char *to = pm_arena_alloc(a, page->text.len + 1);
	size_t n = 0;

	bool was_long = false, is_long;

	*ends = pm_arena_alloc(a, page->text.len + 1);
	if (!to || !*ends)
		exit(1);
	memset(*ends, 0, page->text.len + 1);
	for (size_t i = 0; i < page->blocks.len; i++) {
		struct pm_slice s = page->blocks.at[i].text;

		is_long = pm_utf8_count(s) >= LONG_LINE;
		if (i) {
			(*ends)[n] = is_long != was_long ? 2 : 1;
			if (blank)
				to[n++] = ' ';
		}
		memcpy(to + n, s.ptr, s.len);
		n += s.len;
		was_long = is_long;
	}
	return pm_slice(to, n);
}

static void print(struct pm_arena *a, struct pm_slice line, const uint8_t *ends)
{
	struct pm_seams s;
	int16_t row[1 + PM_SEAM_FEATURES];
	pm_eight f[PM_SEAM_FEATURES];
	size_t cap = line.len + 1;
	int16_t *rows = malloc(cap * sizeof(row));
	int32_t n = 0;

	if (!rows || !pm_seams_open(&s, &pm_phrases, a))
		exit(1);
	pm_seams_begin(&s, line);
	while (pm_seams_read(&s)) {
		for (size_t i = s.first; i < s.last; i++) {
			const char *from = s.word[i - 1].to, *to = s.word[i].from;

			if (!pm_seam_possible(&s, i))
				continue;
			row[0] = 0;
			for (const char *p = from; p <= to; p++)
				if (ends[p - line.ptr] > row[0])
					row[0] = ends[p - line.ptr];
			pm_seam_features(&s, i, f, 0);
			for (unsigned k = 0; k < PM_SEAM_FEATURES; k++)
				row[k + 1] = f[k][0];
			memcpy(rows + (size_t)n++ * (1 + PM_SEAM_FEATURES), row, sizeof(row));
		}
	}
	fwrite(&n, sizeof(n), 1, stdout);
	fwrite(rows, sizeof(row), (size_t)n, stdout);
	free(rows);
}

int main(int argc, char **argv)
{
	static struct pm_arena a;
	char path[4096];

	if (argc < 2 || pm_arena_open(&a, (size_t)1 << 30) != 0)
		return 1;
	while (fgets(path, sizeof(path), stdin)) {
		struct pm_page page;
		struct pm_slice in, line;
		uint8_t *ends;

		path[strcspn(path, "\n")] = '\0';
		in = read_file(path);
		pm_arena_reset(&a);
		pm_page_init(&page, &a);
		if (!pm_flat_text(&page, in))
			return 1;
		free((char *)in.ptr);
		line = join(&a, &page, strcmp(argv[1], "blank") == 0, &ends);
		print(&a, line, ends);
	}
	return 0;
}
