/* core/config_expand.h -- ${VAR}, ${VAR:-default}, ${VAR:?message}, ${file:PATH}, $$ in strings. */
#ifndef PM_CORE_CONFIG_EXPAND_H
#define PM_CORE_CONFIG_EXPAND_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/slice.h"

/* Bytes of one expanded value at most. */
enum { PM_EXPAND_MAX = 1 << 20 };

struct pm_expand {
	void *ctx;
	void (*fault)(void *ctx, const char *what);
	/* Told of each value from outside that goes into the string. */
	void (*value)(void *ctx, struct pm_slice value, bool from_file);
};

/* Whether there is anything to expand. */
bool pm_expand_needed(struct pm_slice s);
/* Appends `s` expanded to `out`, once: what comes out of a variable is not looked at again. A
 * dollar sign before anything but { and $ stays, since patterns end with it. After a fault it goes
 * on. */
void pm_expand(struct pm_slice s, const struct pm_expand *how, struct pm_buf *out);

#endif
