/* consumer/local_files.h -- the files behind what was named: folders walked in byte order. */
#ifndef PM_CONSUMER_LOCAL_FILES_H
#define PM_CONSUMER_LOCAL_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "consumer/inflow.h"
#include "consumer/source_local.h"
#include "core/err.h"

enum { PM_LOCAL_DEPTH = 32 };   /* folders within folders that are followed */

struct pm_local_files;

struct pm_local_file {
	const char *path;       /* valid until the next call */
	const char *root;       /* what was named and led here; borrowed from the configuration */
	enum pm_local_format format;    /* never AUTO */
	enum pm_packing packing;        /* as the name says; its first bytes know better */
};

enum pm_local_next {
	PM_LOCAL_FILE,
	PM_LOCAL_END,
	PM_LOCAL_BAD,           /* err says what can't be read; go on with the next call */
};

/* NULL: out of memory. */
struct pm_local_files *pm_local_files_new(const struct pm_local_conf *conf);
void pm_local_files_free(struct pm_local_files *files);
/* Whether everything that was named is there and of a kind that we read. -1: err, status 66. */
int pm_local_files_check(const struct pm_local_files *files, struct pm_err *err);
enum pm_local_next pm_local_files_next(struct pm_local_files *files, struct pm_local_file *file,
				       struct pm_err *err);
size_t pm_local_files_skipped(const struct pm_local_files *files);

#endif
