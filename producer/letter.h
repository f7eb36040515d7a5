/* producer/letter.h -- dead letters: what could not be processed, byte for byte, and why. */
#ifndef PM_PRODUCER_LETTER_H
#define PM_PRODUCER_LETTER_H

#include "core/buf.h"
#include "core/message.h"
#include "producer/out.h"

struct pm_letter_why {
	const char *stage;      /* consume, filter, route, produce */
	const char *filter;     /* NULL: no filter did it */
	const char *reason;
	struct pm_slice message;        /* any bytes; escaped and cut */
	const char *chain;      /* the digest; NULL: none */
};

/* How much of the original a letter carries. A letter that the brokers refuse as too large is sent
 * again at the next level. */
enum pm_letter_size {
	PM_LETTER_WHOLE,
	PM_LETTER_CUT,	 /* key, headers and value together stay under PM_LETTER_BYTES */
	PM_LETTER_EMPTY, /* no value */
	PM_LETTER_BARE,	 /* the error headers alone: no value, key or headers of the original */
	PM_LETTER_SIZES
};

enum {
	PM_LETTER_BYTES = 900000, /* below the brokers' default of 1,048,588 with room to spare */
	PM_LETTER_MESSAGE = 500,  /* most bytes of the message */
};

/* One letter to `topic` in a block of its own, which borrows from `msg`. NULL: out of memory.
 * free() ends it. The attempt is one more than that of the letter that `msg` was, else 1. What is
 * left out is said in the message, and `__pagemill.errors.truncated` holds the value's length. */
struct pm_outs *pm_letter_new(const char *topic, const struct pm_message *msg,
			      const struct pm_letter_why *why, enum pm_letter_size size);

/* The attempt that a letter about `msg` bears. */
unsigned pm_letter_attempt(const struct pm_message *msg);

/* What is known of a page that failed, beside its message. */
struct pm_letter_page {
	struct pm_slice source_id, url;
};

/* The letter as one line of JSON, without line feed, for a file: bytes that are no UTF-8 appear as
 * base64 under key_base64, value_base64. Look at to->failed. */
void pm_letter_json(struct pm_buf *to, const struct pm_message *msg,
		    const struct pm_letter_page *page, const struct pm_letter_why *why);
/* The short line of a failed page on standard error: reason, message, source_id, url, position. */
void pm_letter_line(struct pm_buf *to, const struct pm_message *msg,
		    const struct pm_letter_page *page, const struct pm_letter_why *why);

#endif
