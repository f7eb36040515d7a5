/* consumer/source_local.h -- pages out of local files, folders and standard input, plain or packed
 * by gzip or zstd.
 *
 * One slot for everything, offsets rising from 0, files in the order they were named and folders in
 * byte order of the names in them. Memory is bounded by one item, whatever a file holds. */
#ifndef PM_CONSUMER_SOURCE_LOCAL_H
#define PM_CONSUMER_SOURCE_LOCAL_H

#include "consumer/source.h"

enum pm_local_format {
	PM_LOCAL_AUTO,          /* by the file's extension; standard input is JSON Lines */
	PM_LOCAL_JSON,          /* JSON Lines: an envelope a line */
	PM_LOCAL_RAW,           /* a whole file is a page; its content says of what kind */
	PM_LOCAL_HTML,
	PM_LOCAL_TEXT,
	PM_LOCAL_WARC,          /* WARC and WET: a record a page */
};

/* How far reading is; read it on the control thread. */
struct pm_local_progress {
	uint64_t bytes;                 /* taken from files, as they lie there */
	int64_t committed;              /* every item before this offset came to its end */
	bool ended;                     /* everything was read */
};

struct pm_local_conf {
	const char *const *paths;       /* files, folders, "-"; borrowed until close */
	size_t npaths;
	enum pm_local_format format;    /* forced on every file, those in folders too */
	size_t page_bytes;              /* limits.page_bytes: longer
					 * items come without their bytes */
	int64_t from;                   /* first offset to give out: those before are read over */
	struct pm_local_progress *progress;     /* optional; zeroed, and lives until close */
};

/* NULL: out of memory. The source's open fails with status 66 when something that was named can't
 * be opened, or has an extension that says nothing and no format was forced. */
struct pm_source *pm_source_local_new(const struct pm_local_conf *conf);
/* Files in folders that were left out so far, because they are no pages by their extension. */
size_t pm_source_local_skipped(const struct pm_source *s);

#endif
