/* stage/fatal.h -- signals that end the process say which page it was at.
 *
 * SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS and SIGABRT: when a worker's own code raised one, its
 * page is named in the crash note and on standard error. Then the signal does what it would have
 * done, a core dump for one. Sent from outside, it names nobody. */
#ifndef PM_STAGE_FATAL_H
#define PM_STAGE_FATAL_H

#include "stage/note.h"

/* For the process, once; again is fine. */
void pm_fatal_open(void);

struct pm_fatal_stack;

/* This thread works on the pages that `entry` tells of (NULL: none). From here to the end its
 * signals have a stack of their own, as its own may be what is used up. NULL: no memory for that;
 * then they go without. */
struct pm_fatal_stack *pm_fatal_begin(struct pm_note_entry *entry);
/* On the same thread. NULL is fine. */
void pm_fatal_end(struct pm_fatal_stack *stack);

#endif
