/* consumer/inflow.h -- a file's bytes, unpacked as they come: plain, gzip, zstd.
 *
 * Memory is one buffer of a megabyte, and what the formats ask for: zstd's window, at most 128 MiB
 * and by its tools' defaults 8. A dictionary at the start of a zstd file is used as the WARC-zstd
 * convention has it (https://iipc.github.io/warc-specifications/specifications/warc-zstd/). */
#ifndef PM_CONSUMER_INFLOW_H
#define PM_CONSUMER_INFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pm_packing {
	PM_PACKING_NONE,
	PM_PACKING_GZIP,
	PM_PACKING_ZSTD,
	PM_PACKING_SNIFF,       /* by the first bytes */
};

enum pm_flow {
	PM_FLOW_SOME,
	PM_FLOW_WAIT,           /* nothing can be read now without waiting */
	PM_FLOW_MORE,           /* enough was done for one call: call again */
	PM_FLOW_END,
	PM_FLOW_FAILED,         /* errno says why */
	PM_FLOW_DAMAGED,        /* what is packed breaks off or is
				 * damaged; so it stays until a resync */
};

/* Members are gzip's members and zstd's frames. */
struct pm_flow_got {
	size_t len;
	bool starts;            /* the bytes are a member's first */
	bool open;              /* their member goes on, and its check is still to come */
	uint64_t at;            /* offset in the file of their member; plain: of the first byte */
};

struct pm_inflow;

/* NULL: out of memory. */
struct pm_inflow *pm_inflow_new(void);
void pm_inflow_free(struct pm_inflow *f);
/* Begins with a descriptor, which is borrowed. `waits`: reading it may have to wait. */
void pm_inflow_open(struct pm_inflow *f, int fd, bool waits, enum pm_packing packing);
/* At most `room` bytes, never of two members. */
enum pm_flow pm_inflow_read(struct pm_inflow *f, char *to, size_t room, struct pm_flow_got *got);
/* Whether the file is packed, once something was read. */
bool pm_inflow_packed(const struct pm_inflow *f);

/* After DAMAGED. `what` is static; *at is about where in the file it was noticed, *member (may be
 * NULL) where the member begins that is damaged. */
void pm_inflow_damage(const struct pm_inflow *f, uint64_t *at, uint64_t *member, const char **what);
/* After DAMAGED: goes to the next member that begins with `prefix` (at most 8 bytes) when unpacked.
 * SOME: read on there. END: there is none. WAIT, MORE: call again. */
enum pm_flow pm_inflow_resync(struct pm_inflow *f, const char *prefix);
/* Goes back within a plain file. false: this one can't. */
bool pm_inflow_seek(struct pm_inflow *f, uint64_t at);

#endif
