#include "consumer/local_items.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 256 << 10,      /* bytes asked for at once */
	CALL = 16,              /* chunks in one call, so that other work gets its turn */
};

/* Room for one more chunk behind what is unread. */
static bool make_room(struct pm_local_items *in)
{
	size_t cap = in->cap ? in->cap : CHUNK;
	char *grown;

	if (in->from && in->cap - in->from - in->len < CHUNK) {
		memmove(in->buf, in->buf + in->from, in->len);
		in->from = 0;
	}
	while (cap - in->from - in->len < CHUNK)
		cap *= 2;
	if (cap == in->cap)
		return true;
	grown = realloc(in->buf, cap);
	if (!grown)
		return false;
	in->buf = grown;
	in->cap = cap;
	return true;
}

/* One chunk more. ONE: it came, or the end did. */
static enum pm_items fill(struct pm_local_items *in)
{
	struct pm_flow_got got;

	if (!make_room(in)) {
		errno = ENOMEM;
		return PM_ITEMS_FAILED;
	}
	switch (pm_inflow_read(in->flow, in->buf + in->from + in->len, CHUNK, &got)) {
	case PM_FLOW_SOME:
		in->len += got.len;
		return PM_ITEMS_ONE;
	case PM_FLOW_END:
		in->eof = true;
		return PM_ITEMS_ONE;
	case PM_FLOW_WAIT:
		return PM_ITEMS_WAIT;
	case PM_FLOW_MORE:
		return PM_ITEMS_MORE;
	case PM_FLOW_DAMAGED:
		return PM_ITEMS_DAMAGED;
	case PM_FLOW_FAILED:
		break;
	}
	return PM_ITEMS_FAILED;
}

/* Takes `len` bytes and `end` bytes behind them out of the buffer as one item. */
static void take(struct pm_local_items *in, size_t len, size_t end, struct pm_local_item *item)
{
	size_t all = in->dropped + len;

	*item = (struct pm_local_item){ { in->buf + in->from, len }, 0 };
	in->from += len + end;
	in->len -= len + end;
	in->seen = in->dropped = 0;
	in->line++;
	if (all > in->max)
		*item = (struct pm_local_item){ .oversize = all };
}

/* Whether the buffer holds a whole item. */
static bool cut(struct pm_local_items *in, struct pm_local_item *item)
{
	char *base = in->buf + in->from, *end = NULL;

	if (in->lines && in->len > in->seen)
		end = memchr(base + in->seen, '\n', in->len - in->seen);
	if (end) {
		take(in, (size_t)(end - base), 1, item);
		return true;
	}
	in->seen = in->len;
	if (in->eof && (in->lines ? in->len || in->dropped : !in->given)) {
		take(in, in->len, 0, item);
		return in->given = true;
	}
	if (in->dropped + in->len > in->max) {
		/* A whole packed file that is too large may be a bomb: nobody waits for its end. */
		if (!in->lines && pm_inflow_packed(in->flow)) {
			take(in, in->len, 0, item);
			return in->given = in->eof = true;
		}
		in->dropped += in->len;
		in->from = in->len = in->seen = 0;
	}
	return false;
}

static bool blank(struct pm_slice s)
{
	return pm_slice_trim(s).len == 0;
}

enum pm_items pm_local_items_next(struct pm_local_items *in, struct pm_local_item *item)
{
	for (int chunks = 0;;) {
		enum pm_items got;

		/* An empty file has nothing to point at. */
		if (!in->buf && !make_room(in)) {
			errno = ENOMEM;
			return PM_ITEMS_FAILED;
		}
		if (cut(in, item)) {
			struct pm_slice *s = &item->bytes;

			if (in->lines && s->len && s->ptr[s->len - 1] == '\r')
				s->len--;
			if (in->lines && !item->oversize && blank(*s))
				continue;
			return PM_ITEMS_ONE;
		}
		if (in->eof)
			return PM_ITEMS_END;
		if (chunks++ == CALL)
			return PM_ITEMS_MORE;
		got = fill(in);
		if (got == PM_ITEMS_DAMAGED)
			take(in, in->len, 0, item);
		if (got != PM_ITEMS_ONE)
			return got;
	}
}

void pm_local_items_reset(struct pm_local_items *in)
{
	*in = (struct pm_local_items){ .flow = in->flow, .buf = in->buf, .cap = in->cap };
}

void pm_local_items_free(struct pm_local_items *in)
{
	free(in->buf);
	*in = (struct pm_local_items){ .flow = in->flow };
}
