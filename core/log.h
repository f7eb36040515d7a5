/* core/log.h -- log lines: logfmt on a terminal, JSON elsewhere, on standard error.
 *
 * Values are escaped (controls, ESC, invalid UTF-8) and cut at 200 bytes; each call site is limited
 * to 10 lines in 10 seconds and says how many it left out. Never payloads, never secrets. */
#ifndef PM_CORE_LOG_H
#define PM_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum pm_level { PM_DEBUG, PM_INFO, PM_WARN, PM_ERROR };

/* Fields come as name, kind, value triples behind the message; the list ends with NULL:
 *	pm_log(PM_INFO, "admin listening", PM_S("address", addr), PM_I("port", port), NULL); */
enum pm_log_kind { PM_LOG_STR = 1, PM_LOG_INT, PM_LOG_SLICE };
#define PM_S(name, str) (name), PM_LOG_STR, (const char *)(str)
#define PM_I(name, num) (name), PM_LOG_INT, (int64_t)(num)
#define PM_V(name, slice) (name), PM_LOG_SLICE, (struct pm_slice)(slice)

struct pm_log_site {
	int64_t window_ms;
	uint32_t lines, left_out;
};

#define pm_log(level, ...)                                                                 \
	do {                                                                               \
		static struct pm_log_site site_;                                           \
		pm_log_at(&site_, (level), __VA_ARGS__);                                   \
	} while (0)

void pm_log_at(struct pm_log_site *site, enum pm_level level, const char *msg, ...);

/* Least level that is written (PM_INFO at start). Set before threads start. */
extern enum pm_level pm_log_level;
/* Called once by main: looks at standard error, NO_COLOR. */
void pm_log_open(void);

#endif
