/* filters/extract/date.h -- dates as pages write them, in many languages, as RFC 3339 writes them.
 *
 * No clock and no locale: what a date may be is bounded by the year 1995, when pages began, and by
 * the time at which the page was fetched, where that is known. */
#ifndef PM_FILTERS_EXTRACT_DATE_H
#define PM_FILTERS_EXTRACT_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum {
	/* "2025-07-12T08:30:00.123456789+02:00" */
	PM_DATE_SIZE = 36,
	PM_DATE_YEAR_FIRST = 1995,
};

struct pm_date {
	uint32_t day;           /* 20250712 */
	uint8_t len;
	bool timed;             /* has a time, which always has its offset */
	char text[PM_DATE_SIZE];
};

/* What helps to read a date. Zeroed is no help. */
struct pm_date_hints {
	struct pm_slice language;       /* BCP 47, or absent */
	uint32_t latest;                /* the last day that can be meant; 0: not known */
	bool day_first;                 /* English, but of a country that writes 31/12/2024 */
};

/* The first plausible date in `s`, wherever it stands: ISO 8601 and RFC 5322 forms, month names of
 * CLDR's languages, numbers. 3/4/2024 is read as its language reads it. A time without an offset is
 * cut to its date. `end` (may be NULL) is the offset in `s` behind what was read. Linear in
 * s.len. */
bool pm_date_find(struct pm_slice s, const struct pm_date_hints *hints, struct pm_date *d,
		  size_t *end);

/* A value that is a date, as attributes have it: the above, and 20241231, and seconds or
 * milliseconds since 1970. */
bool pm_date_value(struct pm_slice s, const struct pm_date_hints *hints, struct pm_date *d);

/* The date in a URL's path: /2024/12/31/ and its kin. */
bool pm_date_in_url(struct pm_slice url, const struct pm_date_hints *hints, struct pm_date *d);

/* The last day that a page fetched then can speak of: a day later, for the east. 0: not a date. */
uint32_t pm_date_latest(struct pm_slice fetched_at);

/* Days from day `a` to day `b`. */
int64_t pm_date_days(uint32_t a, uint32_t b);

/* Whether both are times, and the same minute, whatever their offsets. */
bool pm_date_same_minute(const struct pm_date *a, const struct pm_date *b);

/* Whether a page that gives the time `utc` in UTC can have been published on `day` where it was
 * written: west of Greenwich mornings in UTC are evenings of the day before. Midnight is a day
 * without a time. */
bool pm_date_may_be_local(const struct pm_date *utc, uint32_t day);

/* Every name of a month, as bytes to digest. */
struct pm_slice pm_date_bytes(void);

#endif
