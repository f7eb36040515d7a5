/* filters/libraries.h -- versions of the libraries whose answers can change a record. */
#ifndef PM_FILTERS_LIBRARIES_H
#define PM_FILTERS_LIBRARIES_H

struct pm_loader;

/* Puts them into the chain's digest. */
void pm_libraries_frame(struct pm_loader *load);

#endif
