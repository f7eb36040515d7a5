#include "core/unpack.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Blocks that brotli gave back, for its next page; larger ones (windows of many megabytes) go back
 * to the system. */
enum { BLOCKS = 24, BLOCK_KEPT = 1 << 20 };

struct block {
	max_align_t *at;        /* its size is in the first piece, the caller's begins behind it */
	size_t size;
};

struct pm_unpacker {
	struct libdeflate_decompressor *deflate;
	ZSTD_DCtx *zstd;
	struct block free[BLOCKS];
	size_t nfree;
};

/* -- brotli's memory ------------------------------------------------------------------------- */

/* The smallest kept block that fits without waste. */
static max_align_t *take_kept(struct pm_unpacker *u, size_t size)
{
	size_t best = BLOCKS;
	max_align_t *at;

	for (size_t i = 0; i < u->nfree; i++)
		if (u->free[i].size >= size && u->free[i].size / 4 <= size &&
		    (best == BLOCKS || u->free[i].size < u->free[best].size))
			best = i;
	if (best == BLOCKS)
		return NULL;
	at = u->free[best].at;
	u->free[best] = u->free[--u->nfree];
	return at;
}

static void *brotli_alloc(void *ctx, size_t size)
{
	max_align_t *at = take_kept(ctx, size);

	if (at)
		return at + 1;
	at = malloc(sizeof(*at) + size);
	if (!at)
		return NULL;
	memcpy(at, &size, sizeof(size));
	return at + 1;
}

static void brotli_free(void *ctx, void *address)
{
	struct pm_unpacker *u = ctx;
	max_align_t *at = address;
	size_t size;

	if (!at)
		return;
	at--;
	memcpy(&size, at, sizeof(size));
	if (u->nfree == BLOCKS || size > BLOCK_KEPT)
		free(at);
	else
		u->free[u->nfree++] = (struct block){ at, size };
}

/* -- tools ----------------------------------------------------------------------------------- */

struct pm_unpacker *pm_unpacker_new(void)
{
	struct pm_unpacker *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->deflate = libdeflate_alloc_decompressor();
	u->zstd = ZSTD_createDCtx();
	if (u->deflate && u->zstd)
		return u;
	pm_unpacker_free(u);
	return NULL;
}

void pm_unpacker_free(struct pm_unpacker *u)
{
	if (!u)
		return;
	while (u->nfree)
		free(u->free[--u->nfree].at);
	if (u->deflate)
		libdeflate_free_decompressor(u->deflate);
	ZSTD_freeDCtx(u->zstd);
	free(u);
}

/* -- names ----------------------------------------------------------------------------------- */

enum pm_coding pm_coding_of(struct pm_slice name)
{
	static const struct { const char *name; enum pm_coding coding; } names[] = {
		{ "gzip", PM_CODING_GZIP }, { "x-gzip", PM_CODING_GZIP },
		{ "deflate", PM_CODING_DEFLATE }, { "x-deflate", PM_CODING_DEFLATE },
		{ "br", PM_CODING_BROTLI }, { "zstd", PM_CODING_ZSTD },
		{ "", PM_CODING_NONE }, { "identity", PM_CODING_NONE }, { "none", PM_CODING_NONE },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (pm_slice_is_nocase(name, names[i].name))
			return names[i].coding;
	return PM_CODING_UNKNOWN;
}

const char *pm_coding_name(enum pm_coding coding)
{
	static const char *const names[] = {
		[PM_CODING_NONE] = "", [PM_CODING_GZIP] = "gzip", [PM_CODING_DEFLATE] = "deflate",
		[PM_CODING_BROTLI] = "br", [PM_CODING_ZSTD] = "zstd", [PM_CODING_UNKNOWN] = "",
	};

	return names[coding];
}

static bool begins(struct pm_slice s, const char *bytes, size_t len)
{
	return s.len >= len && memcmp(s.ptr, bytes, len) == 0;
}

bool pm_coding_magic(enum pm_coding coding, struct pm_slice bytes)
{
	if (coding == PM_CODING_GZIP)
		return begins(bytes, "\x1f\x8b", 2);
	if (coding != PM_CODING_ZSTD || bytes.len < 4)
		return false;
	/* A frame, or one of the sixteen kinds that are skipped (RFC 8878 section 3.1). */
	return begins(bytes, "\x28\xb5\x2f\xfd", 4) ||
	       (((unsigned char)bytes.ptr[0] & 0xf0) == 0x50 && memcmp(bytes.ptr + 1, "\x2a\x4d\x18", 3) == 0);
}

/* -- one decoder each ------------------------------------------------------------------------ */

/* What is read and where it goes: `room` is one byte more than may come out. */
struct job {
	struct pm_unpacker *u;
	struct pm_slice in;
	char *to;
	size_t room, len;
};

static enum pm_unpack of_deflate(enum libdeflate_result result)
{
	if (result == LIBDEFLATE_SUCCESS)
		return PM_UNPACK_OK;
	return result == LIBDEFLATE_INSUFFICIENT_SPACE ? PM_UNPACK_LARGE : PM_UNPACK_BAD;
}

static void advance(struct job *j, size_t taken, size_t given)
{
	j->in = pm_slice(j->in.ptr + taken, j->in.len - taken);
	j->len += given;
}

static enum pm_unpack unpack_gzip(struct job *j)
{
	do {
		size_t taken, given;
		enum pm_unpack got =
			of_deflate(libdeflate_gzip_decompress_ex(j->u->deflate, j->in.ptr,
								 j->in.len, j->to + j->len,
								 j->room - j->len, &taken, &given));

		if (got != PM_UNPACK_OK)
			return got;
		advance(j, taken, given);
	} while (pm_coding_magic(PM_CODING_GZIP, j->in));
	return PM_UNPACK_OK;
}

/* RFC 1950 section 2.2: the method is 8, and the first two bytes are a multiple of 31. */
static bool zlib_head(struct pm_slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	return s.len >= 2 && (p[0] & 0x0f) == 8 && (p[0] << 8 | p[1]) % 31 == 0;
}

/* There is no magic number to hold against a body that doesn't decode. Without zlib's checksum only
 * a stream that takes up the whole body is believed. */
static enum pm_unpack unpack_deflate(struct job *j)
{
	size_t taken = 0, given = 0;
	enum libdeflate_result result = LIBDEFLATE_BAD_DATA;

	if (zlib_head(j->in))
		result = libdeflate_zlib_decompress_ex(j->u->deflate, j->in.ptr, j->in.len, j->to,
						       j->room, &taken, &given);
	if (result == LIBDEFLATE_BAD_DATA) {
		result = libdeflate_deflate_decompress_ex(j->u->deflate, j->in.ptr, j->in.len,
							  j->to, j->room, &taken, &given);
		if (result == LIBDEFLATE_SUCCESS && taken != j->in.len)
			result = LIBDEFLATE_BAD_DATA;
	}
	if (result == LIBDEFLATE_BAD_DATA)
		return PM_UNPACK_OTHER;
	advance(j, taken, given);
	return of_deflate(result);
}

static enum pm_unpack unpack_brotli(struct job *j)
{
	BrotliDecoderState *state = BrotliDecoderCreateInstance(brotli_alloc, brotli_free, j->u);
	const uint8_t *in = (const uint8_t *)j->in.ptr;
	size_t in_left = j->in.len, room = j->room;
	uint8_t *to = (uint8_t *)j->to;
	BrotliDecoderResult result;

	if (!state)
		return PM_UNPACK_FULL;
	result = BrotliDecoderDecompressStream(state, &in_left, &in, &room, &to, NULL);
	BrotliDecoderDestroyInstance(state);
	j->len = j->room - room;
	if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
		return PM_UNPACK_LARGE;
	return result == BROTLI_DECODER_RESULT_SUCCESS && in_left == 0 ? PM_UNPACK_OK
								       : PM_UNPACK_OTHER;
}

static enum pm_unpack unpack_zstd(struct job *j)
{
	do {
		size_t frame = ZSTD_findFrameCompressedSize(j->in.ptr, j->in.len), given;

		if (ZSTD_isError(frame))
			return PM_UNPACK_BAD;
		given = ZSTD_decompressDCtx(j->u->zstd, j->to + j->len, j->room - j->len, j->in.ptr,
					    frame);
		if (ZSTD_isError(given))
			return ZSTD_getErrorCode(given) == ZSTD_error_dstSize_tooSmall
				       ? PM_UNPACK_LARGE
				       : PM_UNPACK_BAD;
		advance(j, frame, given);
	} while (pm_coding_magic(PM_CODING_ZSTD, j->in));
	return PM_UNPACK_OK;
}

static enum pm_unpack unpack_one(struct job *j, enum pm_coding coding)
{
	switch (coding) {
	case PM_CODING_GZIP:
		return pm_coding_magic(coding, j->in) ? unpack_gzip(j) : PM_UNPACK_OTHER;
	case PM_CODING_ZSTD:
		return pm_coding_magic(coding, j->in) ? unpack_zstd(j) : PM_UNPACK_OTHER;
	case PM_CODING_DEFLATE:
		return unpack_deflate(j);
	case PM_CODING_BROTLI:
		return unpack_brotli(j);
	case PM_CODING_NONE:
	case PM_CODING_UNKNOWN:
		break;
	}
	return PM_UNPACK_OTHER;
}

enum pm_unpack pm_unpack(struct pm_unpacker *u, enum pm_coding coding, struct pm_slice in,
			 size_t limit, struct pm_arena *a, struct pm_slice *out)
{
	size_t left = pm_arena_left(a), room = limit < left ? limit + 1 : left;
	struct job j = { .u = u, .in = in, .room = room };
	enum pm_unpack got;

	j.to = pm_arena_alloc(a, room);
	if (!j.to)
		return PM_UNPACK_FULL;
	got = unpack_one(&j, coding);
	if (got == PM_UNPACK_OK && j.len > limit)
		got = PM_UNPACK_LARGE;
	/* It was the arena's end that was hit, not the limit's. */
	if (got == PM_UNPACK_LARGE && room <= limit)
		got = PM_UNPACK_FULL;
	pm_arena_trim(a, j.to, got == PM_UNPACK_OK ? j.len : 0);
	*out = got == PM_UNPACK_OK ? pm_slice(j.to, j.len) : (struct pm_slice){ 0 };
	return got;
}
