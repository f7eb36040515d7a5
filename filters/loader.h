/* filters/loader.h -- the only way from a file or a built-in table into a filter: what passes here
 * is part of the chain's digest. */
#ifndef PM_FILTERS_LOADER_H
#define PM_FILTERS_LOADER_H

#include "core/err.h"
#include "core/hash.h"
#include "core/slice.h"

struct pm_loader;

/* A whole file, kept by the loader as long as the chain lives, followed by a NUL that is not
 * counted. Larger than 1 GiB or unreadable: absent, err says why. */
struct pm_slice pm_loader_file(struct pm_loader *load, const char *path, struct pm_err *err);
/* A table that is compiled in, or a library's version that can change a result. */
void pm_loader_builtin(struct pm_loader *load, const char *name, struct pm_slice bytes);

/* For the chain, which owns it. NULL: out of memory. */
struct pm_loader *pm_loader_new(void);
/* Names what the next entries belong to; every part of the digest is framed by its length. */
void pm_loader_frame(struct pm_loader *load, const char *name, struct pm_slice bytes);
/* The digest of everything so far: 32 hex digits and NUL. Ends the digest. */
void pm_loader_digest(struct pm_loader *load, char hex[33]);
/* NULL is fine. */
void pm_loader_free(struct pm_loader *load);

#endif
