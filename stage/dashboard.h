/* stage/dashboard.h -- the admin interface's page for people. */
#ifndef PM_STAGE_DASHBOARD_H
#define PM_STAGE_DASHBOARD_H

#include "core/slice.h"

/* One HTML page that reads /metrics every two seconds; static. */
struct pm_slice pm_dashboard(void);

#endif
