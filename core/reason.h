/* core/reason.h -- the closed list of faults that no single filter owns (docs: dead letters). */
#ifndef PM_CORE_REASON_H
#define PM_CORE_REASON_H

enum pm_reason {
	PM_REASON_NONE,
	PM_REASON_BAD_JSON,
	PM_REASON_BAD_FIELD,
	PM_REASON_NO_BODY,
	PM_REASON_NO_VALUE,
	PM_REASON_BAD_BASE64,
	PM_REASON_BAD_WARC,
	PM_REASON_BAD_ENCODING,
	PM_REASON_PAGE_TOO_LARGE,
	PM_REASON_RECORD_TOO_LARGE,
	PM_REASON_ARENA_FULL,
	PM_REASON_EFFORT,
	PM_REASON_CRASHED_BEFORE,
	PM_REASON_NO_TOPIC,
	PM_REASONS
};

/* The name as dead letters and metrics show it ("bad_json"); static. */
const char *pm_reason_name(enum pm_reason reason);

#endif
