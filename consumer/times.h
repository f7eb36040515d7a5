/* consumer/times.h -- the page's own time, as RFC 3339 writes it. */
#ifndef PM_CONSUMER_TIMES_H
#define PM_CONSUMER_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

enum { PM_TIME_SIZE = 25 };     /* "2025-07-12T08:30:00.000Z" and its NUL */

/* Checks a date-time of RFC 3339 section 5.6 (days that exist; a leap second only at 23:59:60 UTC).
 * As everywhere in a record, a date alone stays a date and a time without an offset is cut to its
 * date: *keep is the length that stays. */
bool pm_time_valid(struct pm_slice s, size_t *keep);

/* Milliseconds since 1970 in UTC, with milliseconds and Z. false: negative, or beyond year 9999. */
bool pm_time_of_ms(int64_t ms, char out[PM_TIME_SIZE]);

#endif
