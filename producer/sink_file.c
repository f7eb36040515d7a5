#include "producer/sink_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/sure.h"

enum {
	BATCH = 64 * 1024,      /* bytes that are gathered before a write */
	LINE_MAX_KEPT = 1 << 20,        /* a buffer that grew beyond is given back */
	STATUS_AGAIN = 75,      /* EX_TEMPFAIL */
	STATUS_NO_FILE = 66,    /* EX_NOINPUT */
};

struct file_sink {
	struct pm_sink sink;
	int fd;
	bool owned, failed;
	struct pm_err err;              /* why it failed */
	struct pm_buf buf;              /* lines not yet written */
	void **cookies;                 /* of all that was sent and not reported: a ring */
	size_t first, len, cap;
	size_t written;                 /* of these, how many from the first on */
};

static struct file_sink *of(struct pm_sink *s)
{
	return (struct file_sink *)s;
}

static void fail(struct file_sink *f)
{
	f->failed = true;
	f->err.status = STATUS_AGAIN;
	if (errno == EPIPE)
		pm_fail(&f->err, "output: the reader went away");
	else
		pm_fail(&f->err, "output: %s", strerror(errno));
}

/* All of it, over short writes, signals and descriptors that don't block. */
static int write_all(struct file_sink *f)
{
	size_t done = 0;

	while (done < f->buf.len) {
		ssize_t n = write(f->fd, f->buf.ptr + done, f->buf.len - done);

		if (n >= 0) {
			done += (size_t)n;
			continue;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			struct pollfd p = { .fd = f->fd, .events = POLLOUT };

			poll(&p, 1, 1000);
			continue;
		}
		if (errno != EINTR) {
			fail(f);
			return -1;
		}
	}
	if (f->buf.cap > LINE_MAX_KEPT)
		pm_buf_free(&f->buf);
	else
		pm_buf_reset(&f->buf);
	f->written = f->len;
	return 0;
}

static int remember(struct file_sink *f, void *cookie)
{
	if (f->len == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 256;
		void **grown = calloc(cap, sizeof(*grown));

		if (!grown)
			return -1;
		for (size_t i = 0; i < f->len; i++)
			grown[i] = f->cookies[(f->first + i) % f->cap];
		free(f->cookies);
		f->cookies = grown;
		f->cap = cap;
		f->first = 0;
	}
	f->cookies[(f->first + f->len++) % f->cap] = cookie;
	return 0;
}

/* There is something to report as soon as something was sent. */
static void wake(const struct file_sink *f)
{
	const uint64_t one = 1;

	if (f->sink.wake >= 0 && write(f->sink.wake, &one, sizeof(one)) < 0)
		return; /* a counter that is full wakes too */
}

static int file_open(struct pm_sink *s, const char *const *fixed, size_t n, struct pm_err *err)
{
	return 0;
}

static enum pm_sent file_send(struct pm_sink *s, const struct pm_out *out, void *cookie,
			      struct pm_err *err)
{
	struct file_sink *f = of(s);
	size_t len = f->buf.len;

	assert(out->kind != PM_OUT_LETTER);
	if (f->failed) {
		*err = f->err;
		return PM_SENT_FATAL;
	}
	if (out->value.ptr &&
	    (!pm_buf_slice(&f->buf, out->value) || !pm_buf_char(&f->buf, '\n')))
		goto full;
	if (remember(f, cookie) != 0)
		goto full;
	if (f->buf.len >= BATCH)
		write_all(f);   /* a failure is reported with the records */
	if (f->len == 1)
		wake(f);
	return PM_SENT;
full:
	/* Without memory the record waits until what is there is written; if
	 * nothing is, for ever. */
	pm_sure(f->len ? f : NULL);
	f->buf.len = len;
	f->buf.failed = f->buf.starved = false;
	return PM_SENT_FULL;
}

static size_t file_reports(struct pm_sink *s, struct pm_report *at, size_t max)
{
	struct file_sink *f = of(s);
	size_t n = 0;

	if (!f->failed && f->written < f->len)
		write_all(f);
	for (; n < max && f->len && (f->written || f->failed); n++) {
		at[n] = (struct pm_report){ .cookie = f->cookies[f->first] };
		if (f->written) {
			at[n].delivery = PM_DELIVERED;
			f->written--;
		} else {
			at[n].delivery = PM_DELIVERY_FATAL;
			at[n].err = f->err;
		}
		f->first = (f->first + 1) % f->cap;
		f->len--;
	}
	return n;
}

static bool file_ready(struct pm_sink *s)
{
	return !of(s)->failed;
}

static void file_flush(struct pm_sink *s, int ms)
{
	struct file_sink *f = of(s);

	if (!f->failed && f->written < f->len)
		write_all(f);
}

static void file_close(struct pm_sink *s)
{
	struct file_sink *f = of(s);

	if (!s)
		return;
	if (f->owned)
		close(f->fd);
	pm_buf_free(&f->buf);
	free(f->cookies);
	free(f);
}

static const struct pm_sink_ops ops = {
	.open = file_open, .send = file_send, .reports = file_reports,
	.ready = file_ready, .flush = file_flush, .close = file_close,
};

struct pm_sink *pm_sink_file_new(int fd, bool owned)
{
	struct file_sink *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->sink = (struct pm_sink){ &ops, -1 };
	f->fd = fd;
	f->owned = owned;
	f->buf.max = SIZE_MAX / 2;
	return &f->sink;
}

struct pm_sink *pm_sink_file_open(const char *path, struct pm_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	struct pm_sink *s;

	if (fd < 0) {
		err->status = STATUS_NO_FILE;
		pm_fail(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	s = pm_sink_file_new(fd, true);
	if (!s) {
		close(fd);
		err->status = 70;
		pm_fail(err, "out of memory");
	}
	return s;
}
