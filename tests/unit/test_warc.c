/* A small WARC file, whole, broken off at every byte and with every bit turned, in each packing. */
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "consumer/http.h"
#include "consumer/warc_cut.h"
#include "tests/test.h"

enum { RECORDS = 5, ROOM = 1 << 20, MAX = 4096 };

enum way { PLAIN, GZIP_EACH, GZIP_STREAM, ZSTD_EACH, ZSTD_STREAM, WAYS };

/* -- a file ---------------------------------------------------------------------------------- */

static const char *const bodies[RECORDS] = {
	"<p>one</p>", "<p>two\r\n\r\nlines</p>", "", "four, four, four, four", "\r\n\r\n",
};

/* Record i, with the two line ends behind it. */
static size_t put_record(char *to, int i)
{
	return (size_t)sprintf(to, "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: <http://a.example/%d>\r\n"
			       "Content-Type: text/html\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n",
			       i,
			       strlen(bodies[i]), bodies[i]);
}

static size_t packed_by(enum way way, const char *from, size_t len, char *to)
{
	struct libdeflate_compressor *c;
	ZSTD_CCtx *z;
	size_t n;

	if (way == GZIP_EACH || way == GZIP_STREAM) {
		c = libdeflate_alloc_compressor(6);
		n = libdeflate_gzip_compress(c, from, len, to, ROOM);
		libdeflate_free_compressor(c);
		return n;
	}
	z = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(z, to, ROOM, from, len);
	ZSTD_freeCCtx(z);
	return n;
}

static char file[ROOM];
static size_t file_len;
static size_t begins[RECORDS + 1];      /* where each record begins in the
					 * file; of a stream: unpacked */

static void make(enum way way)
{
	static char plain[ROOM];
	size_t len = 0, at;

	file_len = 0;
	for (int i = 0; i < RECORDS; i++) {
		begins[i] = way == GZIP_EACH || way == ZSTD_EACH ? file_len : len;
		at = len;
		len += put_record(plain + len, i);
		if (way == GZIP_EACH || way == ZSTD_EACH)
			file_len += packed_by(way, plain + at, len - at, file + file_len);
	}
	if (way == PLAIN) {
		memcpy(file, plain, len);
		file_len = len;
	} else if (way == GZIP_STREAM || way == ZSTD_STREAM) {
		file_len = packed_by(way, plain, len, file);
	}
	begins[RECORDS] = way == GZIP_EACH || way == ZSTD_EACH ? file_len : len;
}

/* -- reading --------------------------------------------------------------------------------- */

static struct pm_warc_cut cut;

/* Which of the records came out, each as it was put in. */
struct read {
	bool whole[RECORDS];
	int faults, others;
	uint64_t fault_at;
};

static void take(struct read *r, const struct pm_warc_item *item, bool offsets)
{
	if (item->fault) {
		r->faults++;
		r->fault_at = item->offset;
		return;
	}
	for (int i = 0; i < RECORDS; i++) {
		static char want[1024];
		size_t len = put_record(want, i) - 4;

		if (!pm_slice_eq(item->bytes, pm_slice(want, len)))
			continue;
		r->others += r->whole[i];
		CHECK(!offsets || item->offset == begins[i]);
		r->whole[i] = true;
		return;
	}
	r->others++;
}

static struct read read_file(const char *bytes, size_t len, enum pm_packing packing, bool offsets)
{
	int fd = memfd_create("warc", MFD_CLOEXEC);
	struct read r = { 0 };
	struct pm_warc_item item;
	enum pm_items got;

	CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
	pm_inflow_open(cut.flow, fd, false, packing);
	pm_warc_cut_reset(&cut);
	while ((got = pm_warc_cut_next(&cut, &item)) == PM_ITEMS_ONE || got == PM_ITEMS_MORE)
		if (got == PM_ITEMS_ONE)
			take(&r, &item, offsets);
	CHECK(got == PM_ITEMS_END);
	close(fd);
	return r;
}

static enum pm_packing packing_of(enum way way)
{
	return way == PLAIN	    ? PM_PACKING_SNIFF
	       : way <= GZIP_STREAM ? PM_PACKING_GZIP
				    : PM_PACKING_ZSTD;
}

static void whole(void)
{
	for (enum way way = 0; way < WAYS; way++) {
		struct read r;

		make(way);
		r = read_file(file, file_len, PM_PACKING_SNIFF, true);
		for (int i = 0; i < RECORDS; i++)
			CHECK(r.whole[i]);
		CHECK(!r.faults && !r.others);
	}
}

/* What lies wholly before the cut comes out; what doesn't is said to be lost, unless nothing of it
 * is there at all. */
static void broken_off(void)
{
	for (enum way way = 0; way < WAYS; way++) {
		bool stream = way == GZIP_STREAM || way == ZSTD_STREAM;

		make(way);
		for (size_t len = 0; len < file_len; len++) {
			struct read r = read_file(file, len, packing_of(way), true);
			bool boundary = false;

			for (int i = 0; i < RECORDS && !stream; i++) {
				size_t ends = begins[i + 1] - (way == PLAIN ? 4 : 0);

				CHECK(r.whole[i] == (len >= ends));
				boundary |= len == begins[i] ||
					    (way == PLAIN && len >= ends && len < begins[i + 1]);
			}
			for (int i = 1; i < RECORDS; i++)
				CHECK(!stream || r.whole[i - 1] || !r.whole[i]);
			CHECK(r.faults == (stream ? len != 0 : !boundary));
			CHECK(!r.others);
		}
	}
}

/* One bit costs the record that it is in; in a stream nothing before it is lost. */
static void turned_bits(void)
{
	for (enum way way = 0; way < WAYS; way++) {
		bool stream = way == GZIP_STREAM || way == ZSTD_STREAM;

		make(way);
		for (size_t bit = 0; bit < file_len * 8; bit++) {
			struct read r;

			file[bit / 8] ^= (char)(1 << bit % 8);
			r = read_file(file, file_len, packing_of(way), false);
			file[bit / 8] ^= (char)(1 << bit % 8);
			for (int i = 0; i < RECORDS && !stream; i++)
				CHECK(r.whole[i] ||
				      (bit / 8 >= begins[i] && bit / 8 < begins[i + 1]));
			/* A member's checksum sees every one; a stream's comes after its
			 * records. */
			CHECK(way == PLAIN || stream || !r.others);
		}
	}
}

static void rubbish_between(void)
{
	static char bytes[ROOM];

	for (enum way way = GZIP_EACH; way < WAYS; way += 2) {
		struct read r;
		size_t len;

		make(way);
		memcpy(bytes, file, begins[2]);
		len = begins[2];
		memcpy(bytes + len, "rubbish \x1f\x8b\x08 rubbish \x28\xb5\x2f\xfd", 24);
		len += 24;
		memcpy(bytes + len, file + begins[2], file_len - begins[2]);
		len += file_len - begins[2];
		r = read_file(bytes, len, packing_of(way), false);
		for (int i = 0; i < RECORDS; i++)
			CHECK(r.whole[i]);
		CHECK(r.faults == 1 && r.fault_at == begins[2]);
		/* Zeros behind the end are no damage. */
		memset(file + file_len, 0, 512);
		r = read_file(file, file_len + 512, packing_of(way), true);
		CHECK(r.whole[RECORDS - 1] && !r.faults);
	}
}

/* -- sizes ----------------------------------------------------------------------------------- */

static size_t put_sized(char *to, size_t length, size_t says, char fill)
{
	size_t head = (size_t)sprintf(to, "WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: %zu\r\n\r\n", says);

	memset(to + head, fill, length);
	memcpy(to + head + length, "\r\n\r\n", 4);
	return head + length + 4;
}

/* At the limit, one more, and far beyond what is read at once. */
static void too_large(void)
{
	static char bytes[16 << 20];
	static const size_t sizes[] = { 1, MAX + 1, 5 << 20 };
	struct pm_warc_item item;

	for (size_t i = 0; i < 3; i++) {
		size_t head = put_sized(bytes, 0, sizes[i], 'x') - 4, size = sizes[i];
		int fd = memfd_create("warc", MFD_CLOEXEC);
		size_t len;

		size = i == 1 ? MAX + 1 - head : size;
		len = put_sized(bytes, size, size, 'x');
		len += put_record(bytes + len, 0);
		CHECK(write(fd, bytes, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
		pm_inflow_open(cut.flow, fd, false, PM_PACKING_SNIFF);
		pm_warc_cut_reset(&cut);
		CHECK(pm_warc_cut_next(&cut, &item) == PM_ITEMS_ONE && !item.fault);
		CHECK(item.oversize == (i ? size : 0) && (i != 0) == !item.bytes.ptr);
		CHECK(pm_warc_cut_next(&cut, &item) == PM_ITEMS_ONE && !item.fault &&
		      item.bytes.ptr);
		CHECK(pm_warc_cut_next(&cut, &item) == PM_ITEMS_END);
		close(fd);
	}
}

/* A length that swallows what follows gives it back. */
static void false_lengths(void)
{
	static char bytes[ROOM];
	static const size_t says[] = { 0, 9, 11, 200, 3000, 1 << 20, 999999999 };

	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++) {
		size_t len = put_sized(bytes, 10, says[i], 'x');
		struct read r;

		for (int n = 0; n < RECORDS; n++)
			len += put_record(bytes + len, n);
		r = read_file(bytes, len, PM_PACKING_SNIFF, false);
		for (int n = 0; n < RECORDS; n++)
			CHECK(r.whole[n]);
		CHECK(r.faults + r.others >= 1);
	}
}

/* -- heads ----------------------------------------------------------------------------------- */

static void heads(void)
{
	struct pm_warc rec;
	const char *fault;

	CHECK(pm_warc_head(PM_LIT("WARC/1.0\nwarc-type:Response\nCONTENT-LENGTH: 12 \nWARC-Target-URI: <u>\n"
				  "Content-Type: application/http; msgtype=response\n\n"), &rec, &fault) == PM_WARC_OK);
	CHECK(rec.type == PM_WARC_RESPONSE && rec.length == 12);
	CHECK_SLICE(rec.url, "u");
	CHECK(pm_warc_is_page(&rec) && pm_warc_is_http(&rec));
	CHECK(pm_warc_head(PM_LIT("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: dns:a.example\r\n"
				  "Content-Type: text/dns\r\nContent-Length: 0\r\n\r\n"), &rec, &fault) == PM_WARC_OK);
	CHECK(!pm_warc_is_page(&rec));
	CHECK(pm_warc_head(PM_LIT("WARC/1.0\r\nWARC-Type: x\r\n"), &rec, &fault) == PM_WARC_MORE);
	CHECK(pm_warc_head(PM_LIT("WARC/1.0\r\nWARC-Type: x\r\n\r\n"), &rec, &fault) ==
	      PM_WARC_BAD);
	CHECK(pm_warc_head(PM_LIT("WARC/1.0\r\nContent-Length: 1\r\n\r\n"), &rec, &fault) ==
	      PM_WARC_BAD);
	CHECK(pm_warc_head(PM_LIT("WARC/1.0\r\nWARC-Type: x\r\nContent-Length: 1x\r\n\r\n"), &rec,
			   &fault) == PM_WARC_BAD);
	CHECK(pm_warc_head(PM_LIT("WARC/1.0\r\nWARC-Type: x\r\nContent-Length: 99999999999999999999\r\n\r\n"),
			   &rec, &fault) == PM_WARC_BAD);
	CHECK(pm_warc_head(PM_LIT("<html>"), &rec, &fault) == PM_WARC_BAD);
	CHECK(pm_warc_find(PM_LIT("x WARC/1.0 \nWARC/1.\nWARC/1.1\n"), 0) == 20);
}

static void chunks(void)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "3\r\nabc\r\n0\r\n\r\n", "abc" }, { "3;x=y\r\nabc\r\n2 \r\nde\r\n0\r\nTrailer: x\r\n\r\n", "abcde" },
		{ "A\nabcdefghij\n0\n\n", "abcdefghij" }, { "0\r\n\r\n", "" },
		/* Broken off. */
		{ "3\r\nabc\r\n5\r\nde", "abcde" }, { "3\r\nabc\r\n", "abc" }, { "3\r\nabc\r\n5", "abc" },
		/* No chunks. */
		{ "<p>text", "<p>text" }, { "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n" },
		{ "abc", "abc" }, { "", "" }, { "fffffffffffffffffffff\r\nx", "fffffffffffffffffffff\r\nx" },
	};
	struct pm_arena arena;
	struct pm_slice out;

	CHECK(pm_arena_open(&arena, 1 << 16) == 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		pm_arena_reset(&arena);
		CHECK(pm_http_dechunk(pm_slice_str(cases[i].in), &arena, &out));
		CHECK_SLICE(out, cases[i].out);
	}
	pm_arena_close(&arena);
}

int main(void)
{
	cut = (struct pm_warc_cut){ .flow = pm_inflow_new(), .max = MAX };
	CHECK(cut.flow != NULL);
	RUN(whole);
	RUN(broken_off);
	RUN(turned_bits);
	RUN(rubbish_between);
	RUN(too_large);
	RUN(false_lengths);
	RUN(heads);
	RUN(chunks);
	pm_inflow_free(cut.flow);
	pm_warc_cut_free(&cut);
	return DONE();
}
