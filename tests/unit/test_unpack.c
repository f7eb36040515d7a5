#include "core/unpack.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

#include "consumer/coding.h"
#include "tests/test.h"

enum { ROOM = 1 << 20, BIG = 300000 };

/* Made by the brotli tool: a page, and a hundred thousand times "a". */
#define BROTLI_SMALL \
	"\x8b\x0c\x80\x3c\x70\x3e\x68\x65\x6c\x6c\x6f\x2c\x20\x68\x65\x6c\x6c\x6f\x2c\x20\x68\x65\x6c\x6c\x6f\x3c\x2f\x70\x3e\x03"
#define BROTLI_LARGE "\x5b\x9f\x86\x81\x5f\x22\x2c\x1e\x0b\x04\xb2\xfc\x02\x00"

static struct pm_arena arena;
static struct pm_unpacker *u;
static const char page[] = "<p>hello, hello, hello</p>";

/* -- packing --------------------------------------------------------------------------------- */

static char packed[ROOM];

static struct pm_slice gzip(const void *bytes, size_t len)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t n = libdeflate_gzip_compress(c, bytes, len, packed, sizeof(packed));

	libdeflate_free_compressor(c);
	CHECK(n > 0);
	return pm_slice(packed, n);
}

static struct pm_slice deflate(const void *bytes, size_t len, bool raw)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t n = raw ? libdeflate_deflate_compress(c, bytes, len, packed, sizeof(packed))
		       : libdeflate_zlib_compress(c, bytes, len, packed, sizeof(packed));

	libdeflate_free_compressor(c);
	CHECK(n > 0);
	return pm_slice(packed, n);
}

static struct pm_slice zstd(const void *bytes, size_t len)
{
	size_t n = ZSTD_compress(packed, sizeof(packed), bytes, len, 3);

	CHECK(!ZSTD_isError(n));
	return pm_slice(packed, n);
}

static struct pm_slice copy(struct pm_slice s)
{
	char *to = malloc(s.len ? s.len : 1);

	memcpy(to, s.ptr, s.len);
	return pm_slice(to, s.len);
}

static struct pm_slice out;

static enum pm_unpack undo(enum pm_coding coding, struct pm_slice in, size_t limit)
{
	pm_arena_reset(&arena);
	return pm_unpack(u, coding, in, limit, &arena, &out);
}

/* -- cases ----------------------------------------------------------------------------------- */

static void names(void)
{
	CHECK(pm_coding_of(PM_LIT("GZip")) == PM_CODING_GZIP);
	CHECK(pm_coding_of(PM_LIT("x-gzip")) == PM_CODING_GZIP);
	CHECK(pm_coding_of(PM_LIT("br")) == PM_CODING_BROTLI);
	CHECK(pm_coding_of(PM_LIT("zstd")) == PM_CODING_ZSTD);
	CHECK(pm_coding_of(PM_LIT("deflate")) == PM_CODING_DEFLATE);
	CHECK(pm_coding_of(PM_LIT("identity")) == PM_CODING_NONE);
	CHECK(pm_coding_of(PM_LIT("")) == PM_CODING_NONE);
	CHECK(pm_coding_of(PM_LIT("compress")) == PM_CODING_UNKNOWN);
	CHECK(pm_coding_of(PM_LIT("gzi")) == PM_CODING_UNKNOWN);
}

static void whole(void)
{
	CHECK(undo(PM_CODING_GZIP, gzip(page, strlen(page)), 100) == PM_UNPACK_OK);
	CHECK_SLICE(out, page);
	CHECK(undo(PM_CODING_DEFLATE, deflate(page, strlen(page), false), 100) == PM_UNPACK_OK);
	CHECK_SLICE(out, page);
	CHECK(undo(PM_CODING_DEFLATE, deflate(page, strlen(page), true), 100) == PM_UNPACK_OK);
	CHECK_SLICE(out, page);
	CHECK(undo(PM_CODING_ZSTD, zstd(page, strlen(page)), 100) == PM_UNPACK_OK);
	CHECK_SLICE(out, page);
	CHECK(undo(PM_CODING_GZIP, gzip("", 0), 0) == PM_UNPACK_OK);
	CHECK(out.ptr && out.len == 0);
	CHECK(undo(PM_CODING_ZSTD, zstd("", 0), 0) == PM_UNPACK_OK);
	CHECK(out.ptr && out.len == 0);
}

static void members(void)
{
	struct pm_slice one = copy(gzip(page, strlen(page)));
	char twice[256];

	memcpy(twice, one.ptr, one.len);
	memcpy(twice + one.len, one.ptr, one.len);
	CHECK(undo(PM_CODING_GZIP, pm_slice(twice, 2 * one.len), 100) == PM_UNPACK_OK);
	CHECK_SLICE(out, "<p>hello, hello, hello</p><p>hello, hello, hello</p>");
	/* Rubbish behind the end is no member; a second one that breaks off is. */
	memcpy(twice + one.len, "rubbish", 7);
	CHECK(undo(PM_CODING_GZIP, pm_slice(twice, one.len + 7), 100) == PM_UNPACK_OK);
	CHECK_SLICE(out, page);
	memcpy(twice + one.len, one.ptr, one.len);
	CHECK(undo(PM_CODING_GZIP, pm_slice(twice, 2 * one.len - 1), 100) == PM_UNPACK_BAD);
	free((char *)one.ptr);
}

/* 0, limit, limit + 1, and a bomb. */
static void limits(void)
{
	char *zeros = calloc(1, BIG);
	size_t len = strlen(page);

	for (int i = 0; i < 3; i++) {
		enum pm_coding coding = i == 0	 ? PM_CODING_GZIP
					: i == 1 ? PM_CODING_DEFLATE
						 : PM_CODING_ZSTD;
		struct pm_slice in = i == 0   ? gzip(page, len)
				     : i == 1 ? deflate(page, len, false)
					      : zstd(page, len);

		CHECK(undo(coding, in, len) == PM_UNPACK_OK);
		CHECK(undo(coding, in, len - 1) == PM_UNPACK_LARGE);
		CHECK(undo(coding, in, 0) == PM_UNPACK_LARGE);
		CHECK(!out.ptr);
		in = i == 0   ? gzip(zeros, BIG)
		     : i == 1 ? deflate(zeros, BIG, false)
			      : zstd(zeros, BIG);
		CHECK(undo(coding, in, 1000) == PM_UNPACK_LARGE);
		CHECK(undo(coding, in, BIG - 1) == PM_UNPACK_LARGE);
		CHECK(undo(coding, in, BIG) == PM_UNPACK_OK);
		/* What the arena lacks is no fault of the page's size. */
		CHECK(undo(coding, in, 2 * ROOM) == PM_UNPACK_OK);
		arena.limit = BIG / 2;
		CHECK(undo(coding, in, BIG) == PM_UNPACK_FULL);
		arena.limit = ROOM;
	}
	free(zeros);
}

/* Broken off at every byte, and with every bit turned: never a wrong page without a word. */
static void damage(void)
{
	for (int kind = 0; kind < 2; kind++) {
		enum pm_coding coding = kind ? PM_CODING_ZSTD : PM_CODING_GZIP;
		struct pm_slice in =
			copy(kind ? zstd(page, strlen(page)) : gzip(page, strlen(page)));
		char *bytes = (char *)in.ptr;

		for (size_t n = 0; n < in.len; n++) {
			size_t magic = kind ? 4 : 2;

			CHECK(undo(coding, pm_slice(bytes, n), 100) ==
			      (n < magic ? PM_UNPACK_OTHER : PM_UNPACK_BAD));
		}
		for (size_t bit = 0; bit < in.len * 8; bit++) {
			enum pm_unpack got;

			bytes[bit / 8] ^= (char)(1 << bit % 8);
			got = undo(coding, in, 100);
			if (kind == 0 && got == PM_UNPACK_OK)
				CHECK_SLICE(out, page);
			CHECK(got != PM_UNPACK_FULL);
			bytes[bit / 8] ^= (char)(1 << bit % 8);
		}
		free(bytes);
	}
}

static void as_it_is(void)
{
	struct pm_slice text = pm_slice_str(page);

	CHECK(undo(PM_CODING_GZIP, text, 100) == PM_UNPACK_OTHER);
	CHECK(undo(PM_CODING_DEFLATE, text, 100) == PM_UNPACK_OTHER);
	CHECK(undo(PM_CODING_BROTLI, text, 100) == PM_UNPACK_OTHER);
	CHECK(undo(PM_CODING_ZSTD, text, 100) == PM_UNPACK_OTHER);
	CHECK(undo(PM_CODING_NONE, text, 100) == PM_UNPACK_OTHER);
	CHECK(undo(PM_CODING_UNKNOWN, text, 100) == PM_UNPACK_OTHER);
}

static void brotli(void)
{
	static const char small[] = BROTLI_SMALL, large[] = BROTLI_LARGE;
	struct pm_slice in = pm_slice(small, sizeof(small) - 1),
			bomb = pm_slice(large, sizeof(large) - 1);

	CHECK(undo(PM_CODING_BROTLI, in, 26) == PM_UNPACK_OK);
	CHECK_SLICE(out, page);
	CHECK(undo(PM_CODING_BROTLI, in, 25) == PM_UNPACK_LARGE);
	for (size_t n = 0; n < in.len; n++)
		CHECK(undo(PM_CODING_BROTLI, pm_slice(in.ptr, n), 100) == PM_UNPACK_OTHER);
	CHECK(undo(PM_CODING_BROTLI, bomb, 99999) == PM_UNPACK_LARGE);
	CHECK(undo(PM_CODING_BROTLI, bomb, 100000) == PM_UNPACK_OK);
	CHECK(out.len == 100000 && out.ptr[0] == 'a' && out.ptr[99999] == 'a');
}

/* -- headers --------------------------------------------------------------------------------- */

static enum pm_reason undo_named(const char *names, struct pm_slice *body, size_t limit)
{
	struct pm_header headers[] = {
		{ PM_LIT("Content-Type"), PM_LIT("gzip") },
		{ PM_LIT("CONTENT-ENCODING"), pm_slice_str(names) },
	};
	struct pm_codings codings = { 0 };
	struct pm_err err;

	pm_arena_reset(&arena);
	pm_codings_add(&codings, headers, 2, "content-encoding");
	return pm_codings_undo(&codings, u, limit, &arena, body, &err);
}

static void layers(void)
{
	struct pm_slice inner = copy(zstd(page, strlen(page)));
	struct pm_slice two = copy(gzip(inner.ptr, inner.len)), body = two;
	struct pm_slice three = copy(gzip(two.ptr, two.len));

	CHECK(undo_named("zstd, gzip", &body, 100) == PM_REASON_NONE);
	CHECK_SLICE(body, page);
	body = two;
	CHECK(undo_named(" gzip ,identity,, zstd", &body, 100) == PM_REASON_NONE);
	CHECK_SLICE(body, page);
	body = two;
	CHECK(undo_named("zstd, gzip", &body, strlen(page)) == PM_REASON_NONE);
	body = two;
	CHECK(undo_named("zstd, gzip", &body, strlen(page) - 1) == PM_REASON_PAGE_TOO_LARGE);
	/* Undone before: the header stayed. */
	body = pm_slice_str(page);
	CHECK(undo_named("gzip", &body, 100) == PM_REASON_NONE);
	CHECK(body.ptr == page);
	body = inner;
	CHECK(undo_named("zstd, gzip, gzip", &body, 100) == PM_REASON_NONE);
	CHECK_SLICE(body, page);
	body = three;
	CHECK(undo_named("zstd, gzip, gzip", &body, 200) == PM_REASON_BAD_ENCODING);
	body = pm_slice(two.ptr, two.len - 1);
	CHECK(undo_named("gzip", &body, 100) == PM_REASON_BAD_ENCODING);
	/* One name takes off one layer. */
	body = three;
	CHECK(undo_named("gzip", &body, 200) == PM_REASON_NONE);
	CHECK(pm_slice_eq(body, two));
	free((char *)inner.ptr);
	free((char *)two.ptr);
	free((char *)three.ptr);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, ROOM) == 0);
	u = pm_unpacker_new();
	CHECK(u != NULL);
	RUN(names);
	RUN(whole);
	RUN(members);
	RUN(limits);
	RUN(damage);
	RUN(as_it_is);
	RUN(brotli);
	RUN(layers);
	pm_unpacker_free(u);
	pm_unpacker_free(NULL);
	pm_arena_close(&arena);
	return DONE();
}
