/* core/config_in.h -- what the two files of a configuration share: reading it, and --set. */
#ifndef PM_CORE_CONFIG_IN_H
#define PM_CORE_CONFIG_IN_H

#include <stdbool.h>

#include "core/config.h"

enum { PATH_MAX_BYTES = 1024, WHAT_MAX = 512 };

/* A syntax error made an empty tree of it: there is nothing to set. */
bool pm_config_broken(const struct pm_config *cf);
/* `value` stands at `path` now: faults of what stood there are forgotten, and it is expanded. */
void pm_config_replaced(struct pm_config *cf, json_t *value, const char *path);

#endif
