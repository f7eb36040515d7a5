/* consumer/warc.h -- one record of a WARC file (ISO 28500; WARC/1.0 and 1.1), and what it means.
 *
 * Lenient as real files ask for: lines may end in LF alone, white space stands around values, a
 * target URI may be written in angle brackets. */
#ifndef PM_CONSUMER_WARC_H
#define PM_CONSUMER_WARC_H

#include <stdint.h>

#include "core/slice.h"

enum {
	PM_WARC_HEAD_MAX = 256 << 10,   /* bytes of a record's head that
					 * are looked at for its end */
	PM_WARC_BESIDE = 1 << 20,       /* bytes that a record may have beside its body: heads,
					 * chunks' lines; and an eighth of limits.page_bytes more */
};

enum pm_warc_type {
	PM_WARC_RESPONSE, PM_WARC_RESOURCE, PM_WARC_CONVERSION, PM_WARC_REQUEST, PM_WARC_METADATA,
	PM_WARC_REVISIT, PM_WARC_WARCINFO, PM_WARC_CONTINUATION, PM_WARC_OTHER,
	PM_WARC_TYPES
};

struct pm_warc {
	enum pm_warc_type type;
	struct pm_slice url;            /* WARC-Target-URI without brackets; absent: none */
	struct pm_slice date;           /* WARC-Date */
	struct pm_slice id;             /* WARC-Record-ID without brackets */
	struct pm_slice content_type;   /* of the block */
	struct pm_slice truncated;      /* WARC-Truncated's reason, or
					 * "segment" of a record in parts */
	uint64_t length;                /* bytes of the block */
	size_t head;                    /* bytes before the block */
};

/* As WARC-Type has it; static ("other" for what the standard doesn't know). */
const char *pm_warc_type_name(enum pm_warc_type type);

enum pm_warc_parse {
	PM_WARC_OK,
	PM_WARC_MORE,           /* the head doesn't end within the bytes */
	PM_WARC_BAD,            /* *fault says why this is no record; static */
};

/* Reads a head. `bytes` begin with "WARC/". */
enum pm_warc_parse pm_warc_head(struct pm_slice bytes, struct pm_warc *rec, const char **fault);
/* Whether the bytes begin with "WARC/" and a version's digits, as far as they go. */
bool pm_warc_begins(struct pm_slice bytes);
/* Whether it holds a page: a response over HTTP, a resource, a conversion; not one over DNS or
 * FTP. */
bool pm_warc_is_page(const struct pm_warc *rec);
/* Whether the block is an HTTP response, head and body. */
bool pm_warc_is_http(const struct pm_warc *rec);
/* Where the next bytes are that could be a record's first line, with its end, at or behind `from`;
 * SIZE_MAX: nowhere. What precedes them doesn't matter: it may be what is damaged. */
size_t pm_warc_find(struct pm_slice bytes, size_t from);

#endif
