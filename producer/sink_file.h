/* producer/sink_file.h -- records as lines, to standard output or a file. */
#ifndef PM_PRODUCER_SINK_FILE_H
#define PM_PRODUCER_SINK_FILE_H

#include <stdbool.h>

#include "producer/sink.h"

/* One record a line, in the order they were sent, whatever their topic; a tombstone has no line.
 * Letters don't go here (pm_letter_json makes lines of them). What is reported as delivered was
 * taken by the system. A reader that went away or a full disk is PM_SENT_FATAL or
 * PM_DELIVERY_FATAL with status 75: nothing was lost, the run can be repeated.
 * SIGPIPE must be ignored. `owned`: close() closes fd. NULL: out of memory. */
struct pm_sink *pm_sink_file_new(int fd, bool owned);
/* The same over a file that is made, or emptied when it is there. NULL: err, with status 66. */
struct pm_sink *pm_sink_file_open(const char *path, struct pm_err *err);

#endif
