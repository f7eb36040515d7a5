#include "consumer/inflow_in.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* WARC-zstd: the skippable frame with this magic holds the dictionary. */
static const unsigned char dictionary_magic[4] = { 0x5d, 0x2a, 0x4d, 0x18 };

enum {
	GZIP_HEAD = 10,                 /* RFC 1952: the fixed part */
	FRAME_HEAD = 8,                 /* RFC 8878: magic and size of a skippable frame */
	DICTIONARY_MAX = 16 << 20,      /* zstd's own trainer makes 112 KiB */
	WINDOW_LOG_MAX = 27,
};

/* -- the file's bytes ------------------------------------------------------------------------ */

static bool would_wait(const struct pm_inflow *f)
{
	struct pollfd pfd = { .fd = f->fd, .events = POLLIN };

	return f->waits && poll(&pfd, 1, 0) == 0;
}

/* -1: errno; EAGAIN when nothing can be had now. */
static ssize_t read_some(struct pm_inflow *f, void *to, size_t room)
{
	ssize_t n;

	if (would_wait(f)) {
		errno = EAGAIN;
		return -1;
	}
	do
		n = read(f->fd, to, room);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		f->eof = true;
	return n;
}

/* Moves what is needed to the buffer's front; the member's beginning stays while there is room. */
static void compact(struct pm_inflow *f)
{
	size_t keep = f->kept ? f->member : f->from;

	if (f->kept && keep == 0 && f->end == PM_INFLOW_BUFFER) {
		f->kept = false;
		keep = f->from;
	}
	memmove(f->in, f->in + keep, f->end - keep);
	f->from -= keep;
	f->end -= keep;
	f->member -= f->kept ? keep : 0;
}

enum pm_flow pm_inflow_more(struct pm_inflow *f, size_t want)
{
	while (pm_inflow_have(f) < want && !f->eof) {
		ssize_t n;

		if (f->end == PM_INFLOW_BUFFER || f->from + want > PM_INFLOW_BUFFER)
			compact(f);
		if (f->from + want > PM_INFLOW_BUFFER) {
			f->kept = false;
			compact(f);
		}
		n = read_some(f, f->in + f->end, PM_INFLOW_BUFFER - f->end);
		if (n < 0)
			return errno == EAGAIN ? PM_FLOW_WAIT : PM_FLOW_FAILED;
		f->end += (size_t)n;
	}
	return PM_FLOW_SOME;
}

void pm_inflow_take(struct pm_inflow *f, size_t len)
{
	f->from += len;
	f->at += len;
}

/* Returns DAMAGED. */
static enum pm_flow broken(struct pm_inflow *f, const char *what)
{
	f->state = PM_INFLOW_BROKEN;
	f->damage = what;
	return PM_FLOW_DAMAGED;
}

/* -- life ------------------------------------------------------------------------------------ */

struct pm_inflow *pm_inflow_new(void)
{
	struct pm_inflow *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->in = malloc(PM_INFLOW_BUFFER);
	f->deflate = libdeflate_alloc_decompressor();
	f->zstd = ZSTD_createDCtx();
	f->z_ready = inflateInit2(&f->z, 15 + 16) == Z_OK;      /* 16: gzip's head and check */
	if (f->in && f->deflate && f->zstd && f->z_ready) {
		ZSTD_DCtx_setParameter(f->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
		return f;
	}
	pm_inflow_free(f);
	return NULL;
}

void pm_inflow_free(struct pm_inflow *f)
{
	if (!f)
		return;
	if (f->z_ready)
		inflateEnd(&f->z);
	if (f->deflate)
		libdeflate_free_decompressor(f->deflate);
	ZSTD_freeDCtx(f->zstd);
	free(f->dictionary);
	free(f->in);
	free(f);
}

void pm_inflow_open(struct pm_inflow *f, int fd, bool waits, enum pm_packing packing)
{
	free(f->dictionary);
	ZSTD_DCtx_reset(f->zstd, ZSTD_reset_session_only);
	ZSTD_DCtx_loadDictionary(f->zstd, NULL, 0);
	*f = (struct pm_inflow){
		.fd = fd, .waits = waits, .packing = packing, .in = f->in, .z = f->z,
		.z_ready = f->z_ready, .deflate = f->deflate, .zstd = f->zstd,
	};
}

bool pm_inflow_packed(const struct pm_inflow *f)
{
	return f->packing == PM_PACKING_GZIP || f->packing == PM_PACKING_ZSTD;
}

void pm_inflow_damage(const struct pm_inflow *f, uint64_t *at, uint64_t *member, const char **what)
{
	*at = f->at;
	if (member)
		*member = f->member_at;
	*what = f->damage;
}

bool pm_inflow_seek(struct pm_inflow *f, uint64_t at)
{
	if (f->packing != PM_PACKING_NONE || f->waits || lseek(f->fd, (off_t)at, SEEK_SET) < 0)
		return false;
	f->from = f->end = 0;
	f->at = at;
	f->eof = f->kept = false;
	return true;
}

/* -- members --------------------------------------------------------------------------------- */

static bool gzip_here(const struct pm_inflow *f)
{
	const unsigned char *p = f->in + f->from;

	/* The method is 8; three flags have no meaning yet. */
	return pm_inflow_have(f) >= GZIP_HEAD && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 &&
	       !(p[3] & 0xe0);
}

static bool zstd_here(const struct pm_inflow *f)
{
	const unsigned char *p = f->in + f->from;

	if (pm_inflow_have(f) < FRAME_HEAD)
		return false;
	return memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0 ||
	       ((p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0);
}

/* Whether the bytes, as few as they may be, can be a magic number's first. */
static bool may_be_packed(const struct pm_inflow *f)
{
	static const char *const magic[] = { "\x1f\x8b\x08", "\x28\xb5\x2f\xfd",
					     "\x50\x2a\x4d\x18" };
	const unsigned char *p = f->in + f->from;
	size_t have = pm_inflow_have(f);

	for (size_t i = 0; i < sizeof(magic) / sizeof(*magic); i++) {
		size_t len = strlen(magic[i]), n = have < len ? have : len;

		/* Sixteen kinds of frames are skipped. */
		if (n == 0 || ((i < 2 ? p[0] : p[0] & 0xf0) == (unsigned char)magic[i][0] &&
			       memcmp(p + 1, magic[i] + 1, n - 1) == 0))
			return true;
	}
	return false;
}

/* A pipe may hold its second line back until the first was answered: no more is waited for than
 * tells the kinds apart. */
static enum pm_flow sniff(struct pm_inflow *f)
{
	size_t want = f->packing == PM_PACKING_SNIFF ? 1 : GZIP_HEAD;
	enum pm_flow got;

	do
		got = pm_inflow_more(f, want);
	while (got == PM_FLOW_SOME && !f->eof && want++ < GZIP_HEAD && may_be_packed(f));
	if (got != PM_FLOW_SOME)
		return got;
	/* A name may be wrong, but the first bytes may be what is damaged. */
	if (gzip_here(f))
		f->packing = PM_PACKING_GZIP;
	else if (zstd_here(f))
		f->packing = PM_PACKING_ZSTD;
	else if (f->packing == PM_PACKING_SNIFF ||
		 (pm_inflow_have(f) >= 5 && memcmp(f->in + f->from, "WARC/", 5) == 0))
		f->packing = PM_PACKING_NONE;
	f->state = PM_INFLOW_BETWEEN;
	if (f->packing == PM_PACKING_ZSTD && pm_inflow_have(f) >= FRAME_HEAD &&
	    memcmp(f->in + f->from, dictionary_magic, 4) == 0)
		f->state = PM_INFLOW_DICTIONARY;
	return PM_FLOW_SOME;
}

static enum pm_flow read_plain(struct pm_inflow *f, char *to, size_t room, struct pm_flow_got *got)
{
	ssize_t n = (ssize_t)pm_inflow_have(f);

	got->at = f->at;
	if (n) {
		got->len = (size_t)n < room ? (size_t)n : room;
		memcpy(to, f->in + f->from, got->len);
		pm_inflow_take(f, got->len);
		return PM_FLOW_SOME;
	}
	n = read_some(f, to, room);
	if (n < 0)
		return errno == EAGAIN ? PM_FLOW_WAIT : PM_FLOW_FAILED;
	if (n == 0)
		return PM_FLOW_END;
	got->len = (size_t)n;
	f->at += got->len;
	return PM_FLOW_SOME;
}

static void give(struct pm_inflow *f, size_t len, struct pm_flow_got *got)
{
	*got = (struct pm_flow_got){
		.len = len,
		.starts = f->starts,
		.at = f->member_at,
		.open = f->state != PM_INFLOW_BETWEEN,
	};
	f->starts = false;
}

/* Tapes and some tools fill up with zeros behind the last member. */
static enum pm_flow skip_zeros(struct pm_inflow *f)
{
	do {
		enum pm_flow got = pm_inflow_more(f, FRAME_HEAD);

		if (got != PM_FLOW_SOME)
			return got;
		while (pm_inflow_have(f) && f->in[f->from] == 0)
			pm_inflow_take(f, 1);
	} while (!f->eof && !pm_inflow_have(f));
	return pm_inflow_more(f, GZIP_HEAD);
}

/* Stands before a member, or at the end. SOME: a member begins. */
static enum pm_flow begin(struct pm_inflow *f)
{
	enum pm_flow got = skip_zeros(f);

	if (got != PM_FLOW_SOME)
		return got;
	if (!pm_inflow_have(f))
		return PM_FLOW_END;
	f->member = f->from;
	f->member_at = f->at;
	f->kept = true;
	if (f->packing == PM_PACKING_GZIP ? !gzip_here(f) : !zstd_here(f))
		return broken(f, f->packing == PM_PACKING_GZIP ? "no gzip member begins there"
									 : "no zstd frame begins there");
	f->starts = true;
	f->state = PM_INFLOW_INSIDE;
	return PM_FLOW_SOME;
}

/* A whole gzip member at one go, which is several times faster; false: it takes the stream. */
static bool whole_member(struct pm_inflow *f, char *to, size_t room, size_t *len)
{
	size_t taken, given;

	/* As much of it as the buffer takes; a pipe gives what it has. */
	pm_inflow_more(f, PM_INFLOW_BUFFER / 2);
	/* Its results are set where the check alone fails, too. */
	if (libdeflate_gzip_decompress_ex(f->deflate, f->in + f->from, pm_inflow_have(f), to, room,
					  &taken, &given) != LIBDEFLATE_SUCCESS)
		return false;
	pm_inflow_take(f, taken);
	*len = given;
	f->state = PM_INFLOW_BETWEEN;
	return true;
}

static enum pm_flow inside_gzip(struct pm_inflow *f, char *to, size_t room, size_t *len)
{
	size_t have = pm_inflow_have(f);
	int result;

	f->z.next_in = f->in + f->from;
	f->z.avail_in = (uInt)have;
	f->z.next_out = (unsigned char *)to;
	f->z.avail_out = room < UINT32_MAX ? (uInt)room : UINT32_MAX;
	result = inflate(&f->z, Z_NO_FLUSH);
	*len = (size_t)((char *)f->z.next_out - to);
	pm_inflow_take(f, have - f->z.avail_in);
	if (result == Z_STREAM_END)
		f->state = PM_INFLOW_BETWEEN;
	else if (result != Z_OK && result != Z_BUF_ERROR)
		return broken(f, "the gzip member is damaged");
	return PM_FLOW_SOME;
}

static enum pm_flow inside_zstd(struct pm_inflow *f, char *to, size_t room, size_t *len)
{
	ZSTD_inBuffer in = { f->in + f->from, pm_inflow_have(f), 0 };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t left = ZSTD_decompressStream(f->zstd, &out, &in);

	*len = out.pos;
	pm_inflow_take(f, in.pos);
	if (ZSTD_isError(left))
		return broken(f, "the zstd frame is damaged");
	if (left == 0)
		f->state = PM_INFLOW_BETWEEN;
	return PM_FLOW_SOME;
}

/* Goes on within a member. SOME with a length of 0: it took input alone. */
static enum pm_flow inside(struct pm_inflow *f, char *to, size_t room, size_t *len)
{
	enum pm_flow got = pm_inflow_more(f, 1);

	if (got != PM_FLOW_SOME)
		return got;
	got = f->packing == PM_PACKING_GZIP ? inside_gzip(f, to, room, len)
					    : inside_zstd(f, to, room, len);
	/* At the file's end the decoder may still hold output of what it took. */
	if (got == PM_FLOW_SOME && !*len && f->state == PM_INFLOW_INSIDE && f->eof &&
	    !pm_inflow_have(f))
		return broken(f, "the file breaks off");
	return got;
}

/* -- the dictionary -------------------------------------------------------------------------- */

static bool load(struct pm_inflow *f)
{
	const unsigned char *d = f->dictionary;
	unsigned long long size;
	unsigned char *plain;
	size_t n = f->dictionary_len;
	bool ok;

	if (n < 4 || memcmp(d, "\x28\xb5\x2f\xfd", 4) != 0)
		return !ZSTD_isError(ZSTD_DCtx_loadDictionary(f->zstd, d, n));
	size = ZSTD_getFrameContentSize(d, n);
	if (size == ZSTD_CONTENTSIZE_ERROR)
		return false;
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > DICTIONARY_MAX)
		size = DICTIONARY_MAX;
	plain = malloc(size ? size : 1);
	n = plain ? ZSTD_decompressDCtx(f->zstd, plain, size, d, n) : 0;
	ok = plain && !ZSTD_isError(n) &&
	     !ZSTD_isError(ZSTD_DCtx_loadDictionary(f->zstd, plain, n));
	free(plain);
	return ok;
}

static enum pm_flow read_dictionary(struct pm_inflow *f)
{
	const unsigned char *p = f->in + f->from;
	enum pm_flow got;
	size_t n;

	if (!f->dictionary) {
		f->dictionary_size =
			p[4] | (size_t)p[5] << 8 | (size_t)p[6] << 16 | (size_t)p[7] << 24;
		f->dictionary = f->dictionary_size <= DICTIONARY_MAX
					? malloc(f->dictionary_size + 1)
					: NULL;
		if (!f->dictionary)
			return broken(f, "the zstd dictionary is too large");
		pm_inflow_take(f, FRAME_HEAD);
	}
	while (f->dictionary_len < f->dictionary_size) {
		got = pm_inflow_more(f, 1);
		if (got != PM_FLOW_SOME)
			return got;
		n = pm_inflow_have(f);
		if (!n)
			return broken(f, "the file breaks off in its zstd dictionary");
		if (n > f->dictionary_size - f->dictionary_len)
			n = f->dictionary_size - f->dictionary_len;
		memcpy(f->dictionary + f->dictionary_len, f->in + f->from, n);
		f->dictionary_len += n;
		pm_inflow_take(f, n);
	}
	if (!load(f))
		return broken(f, "the zstd dictionary is damaged");
	free(f->dictionary);
	f->dictionary = NULL;
	f->state = PM_INFLOW_BETWEEN;
	return PM_FLOW_SOME;
}

/* -- together -------------------------------------------------------------------------------- */

/* One step; SOME with a length of 0: go on. */
static enum pm_flow step(struct pm_inflow *f, char *to, size_t room, size_t *len)
{
	enum pm_flow got;

	*len = 0;
	switch (f->state) {
	case PM_INFLOW_FRESH:
		return sniff(f);
	case PM_INFLOW_DICTIONARY:
		return read_dictionary(f);
	case PM_INFLOW_BROKEN:
		return PM_FLOW_DAMAGED;
	case PM_INFLOW_INSIDE:
		return inside(f, to, room, len);
	case PM_INFLOW_BETWEEN:
		break;
	}
	got = begin(f);
	if (got != PM_FLOW_SOME)
		return got;
	if (f->packing == PM_PACKING_ZSTD)
		ZSTD_DCtx_reset(f->zstd, ZSTD_reset_session_only);
	else if (!whole_member(f, to, room, len))
		inflateReset(&f->z);
	return PM_FLOW_SOME;
}

enum pm_flow pm_inflow_read(struct pm_inflow *f, char *to, size_t room, struct pm_flow_got *got)
{
	enum pm_flow flow;
	size_t len;

	*got = (struct pm_flow_got){ 0 };
	while (f->state == PM_INFLOW_FRESH || pm_inflow_packed(f)) {
		flow = step(f, to, room, &len);
		if (len) {
			give(f, len, got);
			return PM_FLOW_SOME;
		}
		if (flow != PM_FLOW_SOME)
			return flow;
	}
	return read_plain(f, to, room, got);
}
