/* core/file.h -- a whole file into memory, up to a size. */
#ifndef PM_CORE_FILE_H
#define PM_CORE_FILE_H

#include <stddef.h>

#include "core/buf.h"
#include "core/err.h"

/* Appends the file's bytes (a pipe's too, up to its end) to `to`, whose max should leave room for
 * them. -1: it can't be opened or read (status 66), or holds more than `max` bytes (status 0). */
int pm_file_read(const char *path, size_t max, struct pm_buf *to, struct pm_err *err);

#endif
