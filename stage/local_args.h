/* stage/local_args.h -- what the verbs over local pages have in common. */
#ifndef PM_STAGE_LOCAL_ARGS_H
#define PM_STAGE_LOCAL_ARGS_H

#include <stdio.h>

#include "consumer/source_local.h"
#include "core/buf.h"
#include "stage/task.h"

/* For --help and usage errors. */
#define PM_LOCAL_FORMATS "json|raw|html|text|warc"

/* What --format (of feed: --input-format) calls it; false: no such format. */
bool pm_local_format(const char *name, enum pm_local_format *format);

/* One line of JSON about a page that failed. `room` is reused from page to page. */
void pm_local_failed(struct pm_buf *room, const struct pm_task *task, FILE *to);
/* The same with all that a dead letter holds. */
void pm_local_letter(struct pm_buf *room, const struct pm_task *task, FILE *to);

#endif
