#include "consumer/source_local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "consumer/local_files.h"
#include "consumer/local_items.h"
#include "consumer/local_watch.h"
#include "consumer/warc_cut.h"
#include "core/log.h"

enum { EXIT_POSITION = 65, EXIT_NO_INPUT = 66, EXIT_INTERNAL = 70 };

/* A line that holds a page of the largest size: every byte of a body may be written as \u00xx, and
 * the other members of the envelope want room too. */
enum { ESCAPED = 6, BESIDE = 1 << 20 };
enum { READ_OVER = 256 };               /* items in one call */

struct local {
	struct pm_source source;        /* first: what callers hold */
	struct pm_source_events events;
	struct pm_local_conf conf;
	struct pm_local_files *files;
	struct pm_local_watch *watch;   /* NULL until something had to be waited for */
	struct pm_local_file file;
	int fd;                         /* -1: no file is open */
	struct pm_inflow *flow;
	struct pm_local_items items;
	struct pm_warc_cut cut;
	char *position;                 /* of the latest item; owned */
	char fault[200];                /* words of the latest item's fault */
	int64_t next;                   /* offset of the next item */
	uint64_t behind;                /* bytes of the files that are through */
	int64_t confirm;                /* a commit to confirm; -1: none */
	bool assigned, ended, paused;
};

static struct local *local(struct pm_source *s)
{
	return (struct local *)s;
}

static void wake(const struct local *l)
{
	const uint64_t one = 1;

	if (l->source.wake >= 0 && write(l->source.wake, &one, sizeof(one)) < 0)
		return;         /* full: it is awake already */
}

/* -- files ----------------------------------------------------------------------------------- */

static void measure(struct local *l)
{
	off_t at = l->conf.progress && l->fd >= 0 ? lseek(l->fd, 0, SEEK_CUR) : -1;

	/* A pipe has no position, and so no share in a percentage. */
	if (at >= 0)
		l->conf.progress->bytes = l->behind + (uint64_t)at;
}

static void close_file(struct local *l)
{
	measure(l);
	if (l->conf.progress)
		l->behind = l->conf.progress->bytes;
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	l->fd = -1;
	pm_local_items_reset(&l->items);
	pm_warc_cut_reset(&l->cut);
}

/* A pipe without a writer must not hold up the control thread: O_NONBLOCK lets its open return. */
static int open_file(struct local *l, struct pm_err *err)
{
	bool standard = strcmp(l->file.path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(l->file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		err->status = EXIT_NO_INPUT;
		pm_fail(err, "%.150s: %s", l->file.path, strerror(errno));
		if (fd > STDIN_FILENO)
			close(fd);
		return -1;
	}
	l->fd = fd;
	pm_inflow_open(l->flow, fd, !S_ISREG(st.st_mode), l->file.packing);
	l->items.lines = l->file.format == PM_LOCAL_JSON;
	l->items.max = l->conf.page_bytes;
	if (l->items.lines)
		l->items.max = l->conf.page_bytes * ESCAPED + BESIDE;
	return 0;
}

static enum pm_kind kind_of(enum pm_local_format format)
{
	switch (format) {
	case PM_LOCAL_HTML:
		return PM_KIND_HTML;
	case PM_LOCAL_TEXT:
		return PM_KIND_TEXT;
	case PM_LOCAL_RAW:
		return PM_KIND_RAW;
	case PM_LOCAL_WARC:
		return PM_KIND_WARC;
	case PM_LOCAL_AUTO:
	case PM_LOCAL_JSON:
		break;
	}
	return PM_KIND_JSON;
}

/* Sends the message on its way, with its position: `at` behind `mark`. */
static enum pm_poll deliver(struct local *l, struct pm_message *from, char mark, uint64_t at,
			    struct pm_message **msg, struct pm_err *err)
{
	int len;

	free(l->position);
	l->position = NULL;
	len = asprintf(&l->position, "%s%c%llu", l->file.path, mark, (unsigned long long)at);
	if (len < 0)
		l->position = NULL;
	from->position = pm_slice(l->position, len < 0 ? 0 : (size_t)len);
	from->timestamp = -1;
	from->kind = kind_of(l->file.format);
	from->topic = l->file.root;
	from->offset = l->next;
	*msg = l->position ? pm_message_copy(from) : NULL;
	if (!*msg) {
		err->status = EXIT_INTERNAL;
		pm_fail(err, "%.150s: out of memory", l->file.path);
		return PM_POLL_FATAL;
	}
	l->next++;
	measure(l);
	return PM_POLL_MSG;
}

/* Nothing to be had now: somebody must say when there is. */
static enum pm_poll wait_for_input(struct local *l, struct pm_err *err)
{
	if (!l->watch && !(l->watch = pm_local_watch_new(l->source.wake, err)))
		return PM_POLL_FATAL;
	pm_local_watch_fd(l->watch, l->fd);
	return PM_POLL_NONE;
}

/* What WARC files held beside pages, and what became of it. */
static void log_records(const struct pm_warc_counts *c)
{
	const uint64_t *n = c->type;
	uint64_t all = c->damaged;

	for (int i = 0; i < PM_WARC_TYPES; i++)
		all += n[i];
	if (all == 0)
		return;
	pm_log(c->damaged ? PM_WARN : PM_INFO, "warc records",
	       PM_I("response", n[PM_WARC_RESPONSE]), PM_I("resource", n[PM_WARC_RESOURCE]),
	       PM_I("conversion", n[PM_WARC_CONVERSION]), PM_I("request", n[PM_WARC_REQUEST]),
	       PM_I("revisit", n[PM_WARC_REVISIT]), PM_I("metadata", n[PM_WARC_METADATA]),
	       PM_I("warcinfo", n[PM_WARC_WARCINFO]), PM_I("continuation", n[PM_WARC_CONTINUATION]),
	       PM_I("other", n[PM_WARC_OTHER]), PM_I("truncated", c->truncated),
	       PM_I("oversize", c->oversize), PM_I("damaged", c->damaged), NULL);
}

static enum pm_poll next_file(struct local *l, uint32_t *slot, struct pm_err *err)
{
	switch (pm_local_files_next(l->files, &l->file, err)) {
	case PM_LOCAL_FILE:
		return open_file(l, err) < 0 ? PM_POLL_BAD : PM_POLL_MSG;
	case PM_LOCAL_BAD:
		return PM_POLL_BAD;
	case PM_LOCAL_END:
		break;
	}
	if (l->next < l->conf.from) {
		err->status = EXIT_POSITION;
		pm_fail(err, "offset %lld is beyond the end: the inputs hold %lld pages",
			(long long)l->conf.from, (long long)l->next);
		return PM_POLL_FATAL;
	}
	l->ended = true;
	log_records(&l->cut.counts);
	if (l->conf.progress)
		l->conf.progress->ended = true;
	*slot = 0;
	return PM_POLL_END;
}

/* Many items are read over without a word: other work gets its turn in between. */
static enum pm_poll read_over(struct local *l)
{
	if (++l->next % READ_OVER)
		return PM_POLL_MSG;
	measure(l);
	wake(l);
	return PM_POLL_NONE;
}

static enum pm_items next_line(struct local *l, struct pm_message *from, char *mark, uint64_t *at)
{
	struct pm_local_item item;
	enum pm_items got = pm_local_items_next(&l->items, &item);
	uint64_t near;
	const char *what;

	if (got != PM_ITEMS_ONE && got != PM_ITEMS_DAMAGED)
		return got;
	from->value = item.bytes;
	from->oversize = item.oversize;
	*mark = l->items.lines ? ':' : '@';
	*at = l->items.lines ? l->items.line : 0;
	if (got == PM_ITEMS_ONE)
		return got;
	pm_inflow_damage(l->flow, &near, NULL, &what);
	snprintf(l->fault, sizeof(l->fault), "%s, at about byte %llu of the file: what follows is lost", what,
		 (unsigned long long)near);
	from->fault = PM_REASON_BAD_ENCODING;
	from->fault_text = pm_slice_str(l->fault);
	return got;
}

static enum pm_items next_record(struct local *l, struct pm_message *from, char *mark, uint64_t *at)
{
	struct pm_warc_item item;
	enum pm_items got = pm_warc_cut_next(&l->cut, &item);

	if (got != PM_ITEMS_ONE)
		return got;
	from->value = item.bytes;
	from->oversize = item.oversize;
	from->fault = item.fault ? PM_REASON_BAD_WARC : PM_REASON_NONE;
	from->fault_text = pm_slice_str(item.fault);
	*mark = '@';
	*at = item.offset;
	return got;
}

static enum pm_poll next_item(struct local *l, struct pm_message **msg, struct pm_err *err)
{
	struct pm_message from = { 0 };
	char mark = 0;
	uint64_t at = 0;
	enum pm_poll poll;

	switch (l->file.format == PM_LOCAL_WARC ? next_record(l, &from, &mark, &at)
						: next_line(l, &from, &mark, &at)) {
	case PM_ITEMS_ONE:
		if (l->next < l->conf.from)
			return read_over(l);
		return deliver(l, &from, mark, at, msg, err);
	case PM_ITEMS_DAMAGED:
		poll = l->next < l->conf.from ? read_over(l)
					      : deliver(l, &from, mark, at, msg, err);
		close_file(l);
		return poll;
	case PM_ITEMS_WAIT:
		return wait_for_input(l, err);
	case PM_ITEMS_MORE:
		wake(l);
		return PM_POLL_NONE;
	case PM_ITEMS_FAILED:
		err->status = EXIT_NO_INPUT;
		pm_fail(err, "%.150s: %s", l->file.path, strerror(errno));
		close_file(l);
		return PM_POLL_BAD;
	case PM_ITEMS_END:
		break;
	}
	close_file(l);
	return PM_POLL_END;
}

/* -- operations ------------------------------------------------------------------------------ */

static void local_serve(struct pm_source *s)
{
	struct local *l = local(s);
	struct pm_position at = { 0, l->confirm };

	if (l->confirm < 0)
		return;
	l->confirm = -1;
	l->events.committed(l->events.ctx, &at, 1, NULL);
}

static enum pm_poll local_poll(struct pm_source *s, struct pm_message **msg, uint32_t *slot,
			       struct pm_err *err)
{
	struct local *l = local(s);
	enum pm_poll got;

	if (!l->assigned) {
		struct pm_position start = { 0, l->conf.from };

		l->assigned = true;
		l->events.assign(l->events.ctx, &start, 1);
	}
	local_serve(s);
	while (!l->ended && !l->paused) {
		if (l->fd < 0) {
			got = next_file(l, slot, err);
			if (got != PM_POLL_MSG)
				return got;
		}
		got = next_item(l, msg, err);
		if (got != PM_POLL_END && (got != PM_POLL_MSG || *msg))
			return got;
	}
	return PM_POLL_NONE;
}

static int local_open(struct pm_source *s, const struct pm_range *bounds,
		      const struct pm_source_events *events, struct pm_err *err)
{
	struct local *l = local(s);

	l->events = *events;
	return pm_local_files_check(l->files, err);
}

static int local_commit(struct pm_source *s, const struct pm_position *at, size_t n)
{
	struct local *l = local(s);

	for (size_t i = 0; i < n; i++)
		if (at[i].offset > l->confirm)
			l->confirm = at[i].offset;
	if (l->conf.progress && l->confirm > l->conf.progress->committed)
		l->conf.progress->committed = l->confirm;
	wake(l);
	return 0;
}

static void local_pause(struct pm_source *s, bool paused)
{
	local(s)->paused = paused;
	if (!paused)
		wake(local(s));
}

/* Only a transaction that was aborted goes back, and files don't take part in any. */
static void local_seek(struct pm_source *s, const struct pm_position *at, size_t n)
{
}

static bool local_ready(struct pm_source *s)
{
	return true;
}

static size_t local_lag(struct pm_source *s, struct pm_lag *out, size_t max)
{
	return 0;
}

static const char *local_name(const struct pm_source *s, uint32_t slot, int32_t *partition)
{
	const struct local *l = (const struct local *)s;

	*partition = 0;
	return l->file.root ? l->file.root : "";
}

static void local_close(struct pm_source *s)
{
	struct local *l = local(s);
	uint32_t slot = 0;

	if (!s)
		return;
	if (l->assigned)
		l->events.revoke(l->events.ctx, &slot, 1, false);
	pm_local_watch_free(l->watch);
	close_file(l);
	pm_local_items_free(&l->items);
	pm_warc_cut_free(&l->cut);
	pm_inflow_free(l->flow);
	pm_local_files_free(l->files);
	free(l->position);
	free(l);
}

static const struct pm_source_ops local_ops = {
	.open = local_open,
	.poll = local_poll,
	.commit = local_commit,
	.pause = local_pause,
	.seek = local_seek,
	.ready = local_ready,
	.lag = local_lag,
	.name = local_name,
	.serve = local_serve,
	.close = local_close,
};

struct pm_source *pm_source_local_new(const struct pm_local_conf *conf)
{
	struct local *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->source = (struct pm_source){ .ops = &local_ops, .wake = -1 };
	l->conf = *conf;
	l->confirm = -1;
	l->fd = -1;
	l->files = pm_local_files_new(conf);
	l->flow = pm_inflow_new();
	if (!l->files || !l->flow) {
		pm_local_files_free(l->files);
		pm_inflow_free(l->flow);
		free(l);
		return NULL;
	}
	l->items.flow = l->cut.flow = l->flow;
	l->cut.max = conf->page_bytes + conf->page_bytes / 8 + PM_WARC_BESIDE;
	return &l->source;
}

size_t pm_source_local_skipped(const struct pm_source *s)
{
	return pm_local_files_skipped(((const struct local *)s)->files);
}
