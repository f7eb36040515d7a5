/* core/message.h -- one input record as it arrived, in one block of memory of its own.
 *
 * The block lives until everything that came of the record has ended, so that a dead letter can
 * carry the original bytes; librdkafka's own message is destroyed as soon as this copy exists. */
#ifndef PM_CORE_MESSAGE_H
#define PM_CORE_MESSAGE_H

#include <stdint.h>

#include "core/reason.h"
#include "core/slice.h"

/* What the value holds, when its origin says so already. */
enum pm_kind {
	PM_KIND_ENVELOPE,       /* decode by input.format */
	PM_KIND_JSON,           /* a JSON envelope, whatever input.format
				 * is (a line of a local file) */
	PM_KIND_HTML,           /* a local page: bytes of HTML */
	PM_KIND_TEXT,           /* a local page: flattened text */
	PM_KIND_RAW,            /* a local page: its content decides */
	PM_KIND_WARC,           /* a WARC record, unpacked: head and block */
};

struct pm_header {
	struct pm_slice name, value;    /* value.ptr NULL: a null header value */
};

struct pm_message {
	struct pm_slice key, value;     /* ptr NULL: null */
	const struct pm_header *headers;        /* in order, duplicates kept */
	size_t nheaders;
	int64_t timestamp;              /* Kafka's, milliseconds since 1970; -1: none */
	bool create_time;               /* the timestamp is CreateTime, not LogAppendTime */
	enum pm_kind kind;

	/* The journey: shown in headers and errors, never in the record. */
	const char *topic;              /* borrowed from the source, lives as
					 * long as it; a path for local input */
	int32_t partition;              /* Kafka's number */
	uint32_t slot;                  /* the source's dense number of topic and partition */
	int64_t offset;                 /* rising within a slot */
	struct pm_slice position;       /* "FILE:LINE" or "FILE@OFFSET"
					 * for local input, else absent */

	size_t oversize;                /* not 0: the item's length in bytes, as far as it was
					 * counted: too much to be read; value is absent then,
					 * and the envelope says page_too_large */
	enum pm_reason fault;           /* not NONE: the item can't be read for that reason,
					 * and value holds what there is of it */
	struct pm_slice fault_text;     /* its words */
	size_t bytes;                   /* size of this block: what the memory budget is charged */
};

/* Copies everything that `from` points to (but topic) into one block. NULL: out of memory. */
struct pm_message *pm_message_copy(const struct pm_message *from);
void pm_message_free(struct pm_message *msg);

#endif
