/* consumer/local_watch.h -- a thread that waits for a pipe, so that the control thread need not. */
#ifndef PM_CONSUMER_LOCAL_WATCH_H
#define PM_CONSUMER_LOCAL_WATCH_H

#include "core/err.h"

struct pm_local_watch;

/* The descriptor `wake` (an eventfd) is written to when one that was asked about can be read. NULL:
 * err says why. */
struct pm_local_watch *pm_local_watch_new(int wake, struct pm_err *err);
/* Asks once; the descriptor must stay open until it can be read or the watch is freed. Asking again
 * about the same one is fine. */
void pm_local_watch_fd(struct pm_local_watch *watch, int fd);
void pm_local_watch_free(struct pm_local_watch *watch);

#endif
