/* core/unpack.h -- undoes HTTP's content codings over a whole body, never beyond a size.
 *
 * The output is one piece of the page's arena. What it may hold is bounded by the caller's limit
 * alone, whatever ratio the input claims. */
#ifndef PM_CORE_UNPACK_H
#define PM_CORE_UNPACK_H

#include "core/arena.h"
#include "core/slice.h"

enum pm_coding {
	PM_CODING_NONE,         /* identity, and names that say nothing about bytes */
	PM_CODING_GZIP,         /* RFC 1952; several members in a row are one body */
	PM_CODING_DEFLATE,      /* RFC 1950, or RFC 1951 alone as old servers send it */
	PM_CODING_BROTLI,       /* RFC 7932 */
	PM_CODING_ZSTD,         /* RFC 8878; several frames in a row are one body */
	PM_CODING_UNKNOWN,      /* a name that we can't undo */
};

enum pm_unpack {
	PM_UNPACK_OK,
	PM_UNPACK_OTHER,        /* the bytes don't begin (brotli, deflate:
				 * don't decode) as the coding does */
	PM_UNPACK_LARGE,        /* more than `limit` bytes would come out; reading stopped there */
	PM_UNPACK_BAD,          /* it begins so, and breaks off or is damaged */
	PM_UNPACK_FULL,         /* the arena can't hold what comes out */
};

/* The decoders' own memory, kept from one page to the next; one thread's. */
struct pm_unpacker;

/* NULL: out of memory. */
struct pm_unpacker *pm_unpacker_new(void);
/* NULL is fine. */
void pm_unpacker_free(struct pm_unpacker *u);

/* By the name of a coding as headers give it, in any case: RFC 9110 section 8.4.1 with its "x-"
 * forms, RFC 7932, RFC 8878. */
enum pm_coding pm_coding_of(struct pm_slice name);
/* Static; "" for NONE and UNKNOWN. */
const char *pm_coding_name(enum pm_coding coding);
/* Whether the bytes begin with the coding's magic number; only gzip and zstd have one. */
bool pm_coding_magic(enum pm_coding coding, struct pm_slice bytes);

/* Undoes one coding. Bytes behind the end that don't begin another member are left out, as web
 * browsers do. OK: *out, in the arena. */
enum pm_unpack pm_unpack(struct pm_unpacker *u, enum pm_coding coding, struct pm_slice in,
			 size_t limit, struct pm_arena *a, struct pm_slice *out);

#endif
