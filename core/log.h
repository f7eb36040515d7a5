/* core/log.h -- log lines: logfmt on a terminal, JSON elsewhere, on standard error.
 *
 *	time=2025-07-12T08:00:00.000Z level=info msg="admin listening" address=127.0.0.1:9470
 *	{"time":"2025-07-12T08:00:00.000Z","level":"info","msg":"admin listening","address":"…"}
 *
 * Values are escaped (controls, ESC, invalid UTF-8) and cut at 200 bytes; each call site is limited
 * to 10 lines in 10 seconds and says how many it left out: on its next line, or, when none comes,
 * on a line of its own after the time has passed. A line is at most 4096 bytes, so that pipes keep
 * it whole (PIPE_BUF), and leaves in one write(2). Any thread may log. No payloads, no secrets. */
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

/* One call site; starts as { 0 } and lives for ever once used. */
struct pm_log_site {
	int64_t window_ms;              /* when its 10 seconds began, by the monotonic clock */
	uint32_t lines, left_out;       /* in this window */
	bool started, owes;             /* owes: is in the list of sites that left lines out */
	enum pm_level level;
	char msg[64];                   /* of a line left out, cut to fit */
	struct pm_log_site *next;
};

#define pm_log(level, ...)                                                                 \
	do {                                                                               \
		static struct pm_log_site site_;                                           \
		pm_log_at(&site_, (level), __VA_ARGS__);                                   \
	} while (0)

/* Names are string literals in lower case; the message may be any string. */
void pm_log_at(struct pm_log_site *site, enum pm_level level, const char *msg, ...);

/* Least level that is written (PM_INFO at start). Set before threads start. */
extern enum pm_level pm_log_level;
/* Called once by main: looks at standard error, NO_COLOR. Before it, lines are JSON. */
void pm_log_open(void);
/* Where lines go and how they look, for who knows better than pm_log_open. Before threads start. */
enum pm_log_form { PM_LOG_JSON, PM_LOG_LOGFMT, PM_LOG_COLOUR };
void pm_log_to(int fd, enum pm_log_form form);
/* Writes what sites have left out and not said yet: those whose time has passed, or all of them
 * before a last line. */
void pm_log_flush(bool all);

#endif
