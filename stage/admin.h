/* stage/admin.h -- the admin interface: /metrics, /health, /ready, /version, and / for people.
 *
 * The server has a thread of its own, so that it can say that the control thread is stuck. It never
 * touches the stage's state: the control thread beats, and gives it texts when it asks for them. */
#ifndef PM_STAGE_ADMIN_H
#define PM_STAGE_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"

struct pm_admin;

struct pm_admin_conf {
	const char *listen;     /* ADDRESS:PORT, [ADDRESS]:PORT or
				 * :PORT; port 0: a free one, logged */
	int wake;               /* descriptor of the control thread */
	int64_t stall_ms;       /* no beat, or a page under way, for this long is stuck */
	struct pm_slice version;        /* body of /version; copied */
};

/* Whether `listen` has that form; an address that nobody has is found only when it is opened. */
bool pm_admin_listens(const char *listen);
/* NULL: err says why (an address that is taken is status 69). */
struct pm_admin *pm_admin_open(const struct pm_admin_conf *conf, struct pm_err *err);
/* NULL is fine. */
void pm_admin_close(struct pm_admin *admin);

/* Control thread, every turn: it is alive; whether the stage is ready; how long the busiest worker
 * has been on its page. */
void pm_admin_beat(struct pm_admin *admin, int64_t now_ms, bool ready, int64_t longest_ms);
/* Control thread: somebody waits for the metrics; answer with pm_admin_metrics. */
bool pm_admin_asked(const struct pm_admin *admin);
void pm_admin_metrics(struct pm_admin *admin, struct pm_slice text);

#endif
