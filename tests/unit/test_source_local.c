#include "consumer/source_local.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "consumer/local_items.h"
#include "core/buf.h"
#include "tests/test.h"

/* -- a folder of our own --------------------------------------------------------------------- */

static char folder[] = "/tmp/pagemill-test-XXXXXX";

static void put(const char *name, const char *bytes, size_t len)
{
	FILE *f = fopen(name, "wb");

	CHECK(f && fwrite(bytes, 1, len, f) == len);
	if (f)
		fclose(f);
}

static void put_str(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

/* -- a source, and what it said -------------------------------------------------------------- */

/* Where reading begins, and how far it came. */
static int64_t from;
static struct pm_local_progress progress;

struct heard {
	int assigned, revoked;
	int64_t committed;
};

static void on_assign(void *ctx, const struct pm_position *starts, size_t n)
{
	struct heard *h = ctx;

	h->assigned += n == 1 && starts[0].slot == 0 && starts[0].offset == from;
}

static void on_revoke(void *ctx, const uint32_t *slots, size_t n, bool lost)
{
	struct heard *h = ctx;

	h->revoked += n == 1 && slots[0] == 0 && !lost;
}

static void on_committed(void *ctx, const struct pm_position *at, size_t n,
			 const struct pm_err *err)
{
	struct heard *h = ctx;

	CHECK(n == 1 && at[0].slot == 0 && !err);
	h->committed = at[0].offset;
}

static struct pm_source *start(struct heard *h, const char *const *paths, size_t n,
			       enum pm_local_format format, size_t page_bytes, struct pm_err *err)
{
	struct pm_local_conf conf = {
		.paths = paths, .npaths = n, .format = format, .page_bytes = page_bytes,
		.from = from, .progress = &progress,
	};
	struct pm_source *s = pm_source_local_new(&conf);
	struct pm_source_events events = { h, on_assign, on_revoke, on_committed };

	progress = (struct pm_local_progress){ 0 };
	*err = (struct pm_err){ { 0 }, 0 };
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->ops->open(s, NULL, &events, err) == 0)
		return s;
	close(s->wake);
	s->ops->close(s);
	return NULL;
}

static void stop(struct pm_source *s)
{
	int wake = s->wake;

	s->ops->close(s);
	close(wake);
}

/* Polls until there is something; waits on the descriptor as a stage does. */
static enum pm_poll next(struct pm_source *s, struct pm_message **msg, struct pm_err *err)
{
	uint32_t slot = 99;

	for (int waits = 0; waits < 50; waits++) {
		enum pm_poll got = s->ops->poll(s, msg, &slot, err);
		struct pollfd pfd = { s->wake, POLLIN, 0 };
		uint64_t n;

		if (got != PM_POLL_NONE) {
			CHECK(got != PM_POLL_END || slot == 0);
			return got;
		}
		if (poll(&pfd, 1, 200) == 1)
			CHECK(read(s->wake, &n, sizeof(n)) == sizeof(n));
	}
	return PM_POLL_NONE;
}

static void expect(struct pm_source *s, const char *position, enum pm_kind kind, const char *value)
{
	struct pm_message *msg = NULL;
	struct pm_err err = { { 0 }, 0 };

	CHECK(next(s, &msg, &err) == PM_POLL_MSG);
	if (!msg)
		return;
	CHECK_SLICE(msg->position, position);
	CHECK_SLICE(msg->value, value);
	CHECK(msg->kind == kind);
	CHECK(msg->timestamp == -1 && !msg->key.ptr && !msg->oversize);
	pm_message_free(msg);
}

static void expect_oversize(struct pm_source *s, const char *position, size_t bytes)
{
	struct pm_message *msg = NULL;
	struct pm_err err = { { 0 }, 0 };

	CHECK(next(s, &msg, &err) == PM_POLL_MSG);
	if (!msg)
		return;
	CHECK_SLICE(msg->position, position);
	CHECK(msg->oversize == bytes && !msg->value.ptr);
	pm_message_free(msg);
}

static void expect_end(struct pm_source *s)
{
	struct pm_message *msg = NULL;
	struct pm_err err = { { 0 }, 0 };
	uint32_t slot;

	CHECK(next(s, &msg, &err) == PM_POLL_END);
	CHECK(s->ops->poll(s, &msg, &slot, &err) == PM_POLL_NONE);
}

/* -- cases ----------------------------------------------------------------------------------- */

static void folders_in_byte_order(void)
{
	static const char *const paths[] = { "in/", "in/a.html" };
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;

	mkdir("in", 0700);
	mkdir("in/b", 0700);
	mkdir("in/b/empty", 0700);
	put_str("in/a.html", "<p>a");
	put_str("in/Z.TXT", "z");
	put_str("in/b/c.jsonl", "{}\n{\"n\":2}");
	put_str("in/b/page.xhtml", "<x/>");
	put_str("in/skip.pdf", "%PDF");
	put_str("in/noextension", "x");
	put_str("in/\xc3\xa9.htm", "e");
	CHECK(symlink("..", "in/b/loop") == 0);
	CHECK(symlink("nowhere.pdf", "in/dangling.pdf") == 0);
	s = start(&h, paths, 2, PM_LOCAL_AUTO, 100, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	expect(s, "in/Z.TXT@0", PM_KIND_TEXT, "z");
	expect(s, "in/a.html@0", PM_KIND_HTML, "<p>a");
	CHECK(strcmp(pm_source_topic(s, 0), "in/") == 0 && pm_source_partition(s, 0) == 0);
	expect(s, "in/b/c.jsonl:1", PM_KIND_JSON, "{}");
	expect(s, "in/b/c.jsonl:2", PM_KIND_JSON, "{\"n\":2}");
	expect(s, "in/b/page.xhtml@0", PM_KIND_HTML, "<x/>");
	expect(s, "in/\xc3\xa9.htm@0", PM_KIND_HTML, "e");
	expect(s, "in/a.html@0", PM_KIND_HTML, "<p>a");
	expect_end(s);
	CHECK(pm_source_local_skipped(s) == 3);
	CHECK(h.assigned == 1 && h.revoked == 0);
	stop(s);
	CHECK(h.revoked == 1);
}

static void lines(void)
{
	static const char *const paths[] = { "l.jsonl" };
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;

	put_str("l.jsonl", "\n\none\r\n \t\r\n\r\ntwo\n\nlast");
	s = start(&h, paths, 1, PM_LOCAL_AUTO, 100, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	expect(s, "l.jsonl:3", PM_KIND_JSON, "one");
	expect(s, "l.jsonl:6", PM_KIND_JSON, "two");
	expect(s, "l.jsonl:8", PM_KIND_JSON, "last");
	expect_end(s);
	stop(s);
}

/* A page of `page_bytes` is whole, one byte more is a length. */
static void whole_files_at_the_limit(void)
{
	static const char *const paths[] = { "limit.txt", "over.txt", "none.txt" };
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;

	put_str("limit.txt", "0123456789");
	put_str("over.txt", "0123456789x");
	put_str("none.txt", "");
	s = start(&h, paths, 3, PM_LOCAL_AUTO, 10, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	expect(s, "limit.txt@0", PM_KIND_TEXT, "0123456789");
	expect_oversize(s, "over.txt@0", 11);
	expect(s, "none.txt@0", PM_KIND_TEXT, "");
	expect_end(s);
	stop(s);
}

/* Longest line: 6 bytes for each byte of a page and 1 MiB beside it. */
static void long_lines(void)
{
	static const char *const paths[] = { "long.jsonl" };
	size_t max = 10 * 6 + (1 << 20), len = max + 1 + (5u << 20);
	char *bytes = malloc(2 * len + 16);
	struct pm_message *msg = NULL;
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;
	size_t at = 0;

	memset(bytes, 'x', 2 * len + 16);
	at = max;
	bytes[at++] = '\n';
	at += max + 1;
	bytes[at++] = '\n';
	bytes[at++] = 'y';
	bytes[at++] = '\n';
	put("long.jsonl", bytes, at + len);
	s = start(&h, paths, 1, PM_LOCAL_AUTO, 10, &err);
	CHECK(s && next(s, &msg, &err) == PM_POLL_MSG);
	CHECK(msg && msg->value.len == max && !msg->oversize);
	pm_message_free(msg);
	if (s) {
		expect_oversize(s, "long.jsonl:2", max + 1);
		expect(s, "long.jsonl:3", PM_KIND_JSON, "y");
		expect_oversize(s, "long.jsonl:4", len);
		expect_end(s);
		stop(s);
	}
	free(bytes);
}

static void refused(const char *path, enum pm_local_format format, const char *why)
{
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s = start(&h, &path, 1, format, 10, &err);

	CHECK(s == NULL && err.status == 66);
	CHECK(strstr(err.msg, path) && strstr(err.msg, why));
	if (s)
		stop(s);
}

static void what_is_named_must_be_there(void)
{
	static const char *const paths[] = { "x.dat" };
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;

	put_str("x.dat", "bytes");
	put_str("x.dat.gz", "bytes");
	refused("missing.html", PM_LOCAL_AUTO, "No such file");
	refused("missing", PM_LOCAL_HTML, "No such file");
	refused("x.dat", PM_LOCAL_AUTO, "--format");
	refused("x.dat.gz", PM_LOCAL_AUTO, "\"dat\" doesn't say");
	s = start(&h, paths, 1, PM_LOCAL_RAW, 10, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	expect(s, "x.dat@0", PM_KIND_RAW, "bytes");
	expect_end(s);
	stop(s);
}

/* A file that goes away after the start is one fault; the others come. */
static void broken_file_in_the_middle(void)
{
	static const char *const paths[] = { "b1.txt", "b2.txt", "b3.txt" };
	struct pm_message *msg = NULL;
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;

	put_str("b1.txt", "1");
	put_str("b2.txt", "2");
	put_str("b3.txt", "3");
	s = start(&h, paths, 3, PM_LOCAL_AUTO, 10, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	expect(s, "b1.txt@0", PM_KIND_TEXT, "1");
	unlink("b2.txt");
	CHECK(next(s, &msg, &err) == PM_POLL_BAD && err.status == 66 && strstr(err.msg, "b2.txt"));
	expect(s, "b3.txt@0", PM_KIND_TEXT, "3");
	expect_end(s);
	stop(s);
}

/* Nothing waits in poll: the descriptor says when a pipe has something. */
static void pipes_wake(void)
{
	static const char *const paths[] = { "pipe" };
	struct pm_message *msg = NULL;
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s;
	uint32_t slot;
	int fd;

	CHECK(mkfifo("pipe", 0600) == 0);
	s = start(&h, paths, 1, PM_LOCAL_JSON, 10, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	CHECK(s->ops->poll(s, &msg, &slot, &err) == PM_POLL_NONE);
	fd = open("pipe", O_WRONLY);
	CHECK(fd >= 0 && write(fd, "a\nb", 3) == 3);
	expect(s, "pipe:1", PM_KIND_JSON, "a");
	CHECK(s->ops->poll(s, &msg, &slot, &err) == PM_POLL_NONE);
	CHECK(write(fd, "c\n", 2) == 2);
	expect(s, "pipe:2", PM_KIND_JSON, "bc");
	CHECK(s->ops->poll(s, &msg, &slot, &err) == PM_POLL_NONE);
	close(fd);
	expect_end(s);
	stop(s);
}

/* Left while it waits for a pipe that says nothing. */
static void closes_while_waiting(void)
{
	static const char *const paths[] = { "pipe" };
	struct pm_message *msg = NULL;
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s = start(&h, paths, 1, PM_LOCAL_JSON, 10, &err);
	uint32_t slot;

	CHECK(s && s->ops->poll(s, &msg, &slot, &err) == PM_POLL_NONE);
	if (s)
		stop(s);
	CHECK(h.revoked == 1);
}

static void commits_are_confirmed_later(void)
{
	static const char *const paths[] = { "b3.txt" };
	struct pm_position at = { 0, 1 };
	struct heard h = { 0 };
	struct pm_err err;
	struct pm_source *s = start(&h, paths, 1, PM_LOCAL_AUTO, 10, &err);

	CHECK(s != NULL);
	if (!s)
		return;
	s->ops->pause(s, true);
	CHECK(next(s, &(struct pm_message *){ NULL }, &err) == PM_POLL_NONE);
	s->ops->pause(s, false);
	expect(s, "b3.txt@0", PM_KIND_TEXT, "3");
	CHECK(s->ops->commit(s, &at, 1) == 0 && h.committed == 0);
	s->ops->serve(s);
	CHECK(h.committed == 1);
	expect_end(s);
	stop(s);
}

/* 600 items are more than are read over in one call. */
static void reads_on_from_an_offset(void)
{
	const char *const paths[] = { "f0.txt", "f1.jsonl" };
	struct pm_buf lines = { .max = 1 << 16 };
	struct pm_message *msg = NULL;
	struct pm_source *s;
	struct heard h = { 0 };
	struct pm_err err;

	for (int i = 0; i < 600; i++)
		pm_buf_printf(&lines, "{\"n\":%d}\n", i);
	put_str("f0.txt", "0");
	put("f1.jsonl", lines.ptr, lines.len);
	from = 600;
	s = start(&h, paths, 2, PM_LOCAL_AUTO, 100, &err);
	CHECK(s != NULL);
	if (!s)
		return;
	expect(s, "f1.jsonl:600", PM_KIND_JSON, "{\"n\":599}");
	CHECK(h.assigned == 1 && progress.bytes == lines.len + 1 && !progress.ended);
	expect_end(s);
	CHECK(progress.ended);
	stop(s);
	from = 601;
	s = start(&h, paths, 2, PM_LOCAL_AUTO, 100, &err);
	expect_end(s);
	stop(s);
	from = 602;
	s = start(&h, paths, 2, PM_LOCAL_AUTO, 100, &err);
	CHECK(next(s, &msg, &err) == PM_POLL_FATAL && err.status == 65);
	CHECK(strstr(err.msg, "601 pages"));
	stop(s);
	from = 0;
	pm_buf_free(&lines);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static int remove_all(void)
{
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	CHECK(mkdtemp(folder) && chdir(folder) == 0);
	RUN(folders_in_byte_order);
	RUN(lines);
	RUN(whole_files_at_the_limit);
	RUN(long_lines);
	RUN(what_is_named_must_be_there);
	RUN(broken_file_in_the_middle);
	RUN(pipes_wake);
	RUN(closes_while_waiting);
	RUN(commits_are_confirmed_later);
	RUN(reads_on_from_an_offset);
	if (chdir("/") == 0 && remove_all() != 0)
		printf("the test's folder stays\n");
	return DONE();
}
