/* consumer/inflow_in.h -- what the parts of the inflow share: the file's own bytes, and the
 * decoders. */
#ifndef PM_CONSUMER_INFLOW_IN_H
#define PM_CONSUMER_INFLOW_IN_H

#define ZLIB_CONST
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

#include "consumer/inflow.h"

enum { PM_INFLOW_BUFFER = 1 << 20 };

enum pm_inflow_state {
	PM_INFLOW_FRESH,        /* nothing was looked at */
	PM_INFLOW_BETWEEN,      /* members */
	PM_INFLOW_INSIDE,       /* a member */
	PM_INFLOW_DICTIONARY,
	PM_INFLOW_BROKEN,
};

struct pm_inflow {
	int fd;
	bool waits, eof;
	enum pm_packing packing;
	enum pm_inflow_state state;

	/* Bytes of the file: in[from .. end) are unread, and begin at offset `at` of it. */
	unsigned char *in;      /* PM_INFLOW_BUFFER bytes */
	size_t from, end;
	uint64_t at;
	bool kept;              /* in[member ..] is still there, for a resync */
	size_t member;
	uint64_t member_at;     /* offset of the latest member */
	bool starts;            /* nothing of it was given out yet */
	const char *damage;

	z_stream z;
	bool z_ready;
	struct libdeflate_decompressor *deflate;
	ZSTD_DCtx *zstd;
	unsigned char *dictionary;      /* being read; then NULL */
	size_t dictionary_len, dictionary_size;
};

/* Reads so that `want` bytes (at most half the buffer) are unread, or all up to the end are. SOME,
 * WAIT, FAILED. */
enum pm_flow pm_inflow_more(struct pm_inflow *f, size_t want);
void pm_inflow_take(struct pm_inflow *f, size_t len);

static inline size_t pm_inflow_have(const struct pm_inflow *f)
{
	return f->end - f->from;
}

#endif
