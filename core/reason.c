#include "core/reason.h"

#include <stddef.h>

static const char *const names[PM_REASONS] = {
	[PM_REASON_NONE] = "",
	[PM_REASON_BAD_JSON] = "bad_json",
	[PM_REASON_BAD_FIELD] = "bad_field",
	[PM_REASON_NO_BODY] = "no_body",
	[PM_REASON_NO_VALUE] = "no_value",
	[PM_REASON_BAD_BASE64] = "bad_base64",
	[PM_REASON_BAD_WARC] = "bad_warc",
	[PM_REASON_BAD_ENCODING] = "bad_encoding",
	[PM_REASON_PAGE_TOO_LARGE] = "page_too_large",
	[PM_REASON_RECORD_TOO_LARGE] = "record_too_large",
	[PM_REASON_ARENA_FULL] = "arena_full",
	[PM_REASON_EFFORT] = "effort",
	[PM_REASON_CRASHED_BEFORE] = "crashed_before",
	[PM_REASON_NO_TOPIC] = "no_topic",
};

const char *pm_reason_name(enum pm_reason reason)
{
	return (unsigned)reason < PM_REASONS ? names[reason] : "";
}
