/* core/buf.h -- a growing run of bytes with a ceiling, reused from page to page. */
#ifndef PM_CORE_BUF_H
#define PM_CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

/* Start with { .max = bytes }. A failed append (ceiling or memory) sets `failed`, changes nothing
 * else, and every later append is refused, so that a writer checks once at its end. */
struct pm_buf {
	char *ptr;
	size_t len, cap, max;
	bool failed, starved;           /* starved: it was memory */
};

/* Room for `more` bytes behind len, to be written directly (then add to len). NULL: failed. */
char *pm_buf_room(struct pm_buf *b, size_t more);
bool pm_buf_add(struct pm_buf *b, const void *bytes, size_t len);
bool pm_buf_str(struct pm_buf *b, const char *str);
bool pm_buf_slice(struct pm_buf *b, struct pm_slice s);
bool pm_buf_char(struct pm_buf *b, char c);
__attribute__((format(printf, 2, 3))) bool pm_buf_printf(struct pm_buf *b, const char *fmt, ...);
/* Empty again; the memory stays for the next page. */
void pm_buf_reset(struct pm_buf *b);
void pm_buf_free(struct pm_buf *b);

static inline struct pm_slice pm_buf_get(const struct pm_buf *b)
{
	return (struct pm_slice){ b->ptr ? b->ptr : "", b->len };
}

#endif
