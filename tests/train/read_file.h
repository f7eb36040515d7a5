/* tests/train/read_file.h -- a file's bytes, for the programs that print what the trainer learns
 * from. */
#ifndef PM_TESTS_TRAIN_READ_FILE_H
#define PM_TESTS_TRAIN_READ_FILE_H

#include <stdio.h>
#include <stdlib.h>

#include "core/slice.h"

/* From malloc, with a NUL behind them; ends the program where the file can't be read. */
static inline struct pm_slice read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *p;
	long len;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0) {
		fprintf(stderr, "%s: can't read it\n", path);
		exit(1);
	}
	rewind(f);
	p = malloc((size_t)len + 1);
	if (!p || fread(p, 1, (size_t)len, f) != (size_t)len)
		exit(1);
	fclose(f);
	p[len] = '\0';
	return pm_slice(p, (size_t)len);
}

#endif
