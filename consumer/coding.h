/* consumer/coding.h -- the content codings that headers name, undone. */
#ifndef PM_CONSUMER_CODING_H
#define PM_CONSUMER_CODING_H

#include "core/err.h"
#include "core/message.h"
#include "core/reason.h"
#include "core/unpack.h"

enum { PM_CODINGS_MAX = 8, PM_CODINGS_UNDONE = 2 };

/* Codings by their names, in the order of the headers. */
struct pm_codings {
	enum pm_coding at[PM_CODINGS_MAX];
	size_t len;
};

/* Adds those of every header of that name; names that say nothing or that we don't know are left
 * out, and so is what is beyond PM_CODINGS_MAX. */
void pm_codings_add(struct pm_codings *c, const struct pm_header *headers, size_t n,
		    const char *name);

/* Most bytes that a body may have before its codings are undone, so that one of `limit` bytes which
 * didn't shrink still passes. */
size_t pm_codings_room(const struct pm_codings *c, size_t limit);

/* Undoes at most PM_CODINGS_UNDONE of them. HTTP lists codings as they were applied (RFC 9110
 * section 8.4), so the last one comes off first; but servers and crawlers list them in either order
 * and keep the header after undoing, so one that doesn't fit the bytes waits for its turn. What
 * fits none is taken as it is. A body of more layers than that is bad_encoding. */
enum pm_reason pm_codings_undo(const struct pm_codings *c, struct pm_unpacker *u, size_t limit,
			       struct pm_arena *a, struct pm_slice *body, struct pm_err *err);

#endif
