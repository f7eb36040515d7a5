/* core/json_write.h -- writes JSON into a buffer, commas included; the same value always gives the
 * same bytes.
 *
 *	struct pm_jw w = { .buf = buf };
 *
 *	pm_jw_object(&w);
 *	pm_jw_key(&w, "url");
 *	pm_jw_string(&w, url);
 *	pm_jw_key(&w, "score");
 *	pm_jw_fixed(&w, 9876);          -> {"url":"…","score":0.9876}
 *	pm_jw_object_end(&w);
 *
 * What does not fit sets buf->failed: look once, at the end. Nesting and names are the caller's. */
#ifndef PM_CORE_JSON_WRITE_H
#define PM_CORE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/slice.h"

struct pm_jw {
	struct pm_buf *buf;
	bool comma;             /* what comes next follows a sibling */
};

void pm_jw_object(struct pm_jw *w);
void pm_jw_object_end(struct pm_jw *w);
void pm_jw_array(struct pm_jw *w);
void pm_jw_array_end(struct pm_jw *w);

/* A name of our own: plain ASCII without quote, backslash or control bytes. */
void pm_jw_key(struct pm_jw *w, const char *name);
/* A name from outside, escaped like a string. */
void pm_jw_key_slice(struct pm_jw *w, struct pm_slice name);

/* An absent slice is written as null. Bytes that are not UTF-8 become U+FFFD. Escaped are quote,
 * backslash and the bytes below 0x20 (\b \f \n \r \t, else \u00xx); all else is raw UTF-8. */
void pm_jw_string(struct pm_jw *w, struct pm_slice s);
void pm_jw_int(struct pm_jw *w, int64_t n);
void pm_jw_uint(struct pm_jw *w, uint64_t n);
/* `n` counts ten-thousandths, and always has its four decimals: 9876 is 0.9876, -5 is -0.0005. */
void pm_jw_fixed(struct pm_jw *w, int32_t n);
void pm_jw_bool(struct pm_jw *w, bool b);
/* One JSON value, as it is: a raw value of the scanner (a string's needs its quotes around it). */
void pm_jw_raw(struct pm_jw *w, struct pm_slice json);

/* The string alone, with its quotes, outside any writer; "" when absent. */
void pm_json_quote(struct pm_buf *b, struct pm_slice s);

#endif
