/* Behind a damaged member: the next one that begins as a record does. */
#include "consumer/inflow_in.h"

#include <string.h>
#include <unistd.h>

enum {
	PREFIX_MAX = 8,
	GZIP_TRY = 8 << 10,             /* packed bytes that must give the
					 * prefix: a head with a long name */
	ZSTD_TRY = 256 << 10,           /* a block is unpacked whole: at most 128 KiB */
	CALL = 16 << 20,                /* bytes searched in one call, so
					 * that other work gets its turn */
};

/* Damage is noticed late: a member that runs on over its end has taken others with it. So the
 * search begins at the second byte of the one that broke. */
static void go_back(struct pm_inflow *f)
{
	if (f->kept) {
		f->from = f->member;
		f->at = f->member_at;
		if (f->from < f->end)
			pm_inflow_take(f, 1);
	} else if (!f->waits && lseek(f->fd, (off_t)f->member_at + 1, SEEK_SET) >= 0) {
		f->from = f->end = 0;
		f->at = f->member_at + 1;
		f->eof = false;
	}
	f->kept = false;
}

/* The next place where a member may begin, within what is in the buffer. */
static bool find_magic(struct pm_inflow *f)
{
	bool gzip = f->packing == PM_PACKING_GZIP;
	const unsigned char *p = f->in + f->from;
	const void *found = gzip ? memmem(p, pm_inflow_have(f), "\x1f\x8b\x08", 3)
				 : memmem(p, pm_inflow_have(f), "\x28\xb5\x2f\xfd", 4);

	if (found) {
		pm_inflow_take(f, (size_t)((const unsigned char *)found - p));
		return true;
	}
	/* The end may be a magic number's beginning. */
	if (pm_inflow_have(f) > 3)
		pm_inflow_take(f, pm_inflow_have(f) - 3);
	return false;
}

static size_t first_bytes(struct pm_inflow *f, unsigned char first[PREFIX_MAX])
{
	size_t have = pm_inflow_have(f);
	ZSTD_inBuffer in = { f->in + f->from, have < ZSTD_TRY ? have : ZSTD_TRY, 0 };
	ZSTD_outBuffer out = { first, PREFIX_MAX, 0 };

	if (f->packing == PM_PACKING_GZIP) {
		inflateReset(&f->z);
		f->z.next_in = f->in + f->from;
		f->z.avail_in = have < GZIP_TRY ? (uInt)have : GZIP_TRY;
		f->z.next_out = first;
		f->z.avail_out = PREFIX_MAX;
		inflate(&f->z, Z_NO_FLUSH);
		return (size_t)(f->z.next_out - first);
	}
	ZSTD_DCtx_reset(f->zstd, ZSTD_reset_session_only);
	while (in.pos < in.size && out.pos < out.size) {
		size_t left = ZSTD_decompressStream(f->zstd, &out, &in);

		if (ZSTD_isError(left) || left == 0)
			break;
	}
	return out.pos;
}

enum pm_flow pm_inflow_resync(struct pm_inflow *f, const char *prefix)
{
	size_t len = strlen(prefix);
	unsigned char first[PREFIX_MAX];
	uint64_t began;

	if (f->damage) {
		go_back(f);
		f->damage = NULL;
	}
	for (began = f->at; f->at - began < CALL;) {
		enum pm_flow got = pm_inflow_more(f, ZSTD_TRY);

		if (got != PM_FLOW_SOME)
			return got;
		if (find_magic(f)) {
			got = pm_inflow_more(f, ZSTD_TRY);
			if (got != PM_FLOW_SOME)
				return got;
			if (first_bytes(f, first) >= len && memcmp(first, prefix, len) == 0) {
				f->state = PM_INFLOW_BETWEEN;
				return PM_FLOW_SOME;
			}
			pm_inflow_take(f, 1);
		} else if (f->eof) {
			return PM_FLOW_END;
		}
	}
	return PM_FLOW_MORE;
}
