/* core/psl.h -- the registrable domain of a host, by the whole Public Suffix List.
 *
 * The list is built in (core/gen/psl.c): nothing is read at run time. */
#ifndef PM_CORE_PSL_H
#define PM_CORE_PSL_H

#include "core/slice.h"

/* The public suffix of `host` and one label more, as a part of `host`: what publicsuffix.org's
 * algorithm gives for ICANN and private rules alike, with "*" where no rule matches. Absent for an
 * IP address, for a bare suffix, and where the label before the suffix is empty. `host` is ASCII in
 * lower case as pm_url holds it. As in the URL Standard, a host's trailing dot is kept:
 * "www.example.com." has "example.com.". */
struct pm_slice pm_psl_domain(struct pm_slice host);
/* Every rule that is built in, for the digest: builds with the same bytes agree on all hosts. */
struct pm_slice pm_psl_bytes(void);

#endif
