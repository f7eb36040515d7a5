/* core/sure.h -- memory that must be had: without it something would be lost that was promised. */
#ifndef PM_CORE_SURE_H
#define PM_CORE_SURE_H

/* Gives `memory` back. NULL: says so on standard error and ends the process (70) without a further
 * step, as nothing is committed that wasn't finished. Any thread. */
void *pm_sure(void *memory);

#endif
