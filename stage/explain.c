/* stage/explain.c -- the verb `explain`: what every filter did to one page, and why. */
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "consumer/source_local.h"
#include "core/sure.h"
#include "stage/cli.h"
#include "stage/explain_data.h"
#include "stage/explain_text.h"
#include "stage/local_args.h"

enum { FORMAT = 1000, LINE, OFFSET, ID, RECORD, KEEP_REMOVED };
/* One page's memory, as the workers of a run have it. */
enum { ARENA_PAGES = 8, ARENA_LEAST = 16 << 20, RECORD_PAGES = 6 };
enum { WAIT_MS = 1000 };

static const struct pm_arg args[] = {
	{ FORMAT, "format", PM_LOCAL_FORMATS, "What the input holds; else the file says it by extension." },
	{ LINE, "line", "N", "The page on this line (PATH:N does the same)." },
	{ OFFSET, "offset", "N", "The page at this offset of the file (PATH@N does the same)." },
	{ ID, "id", "ID", "The page with this id, source_id or url." },
	{ RECORD, "record", NULL, "Show the record too, on many lines." },
	{ KEEP_REMOVED, "keep-removed", NULL, "Show the blocks that were left out of the text, each with its reason." },
	{ 0 }
};

struct explain {
	struct pm_settings set;
	struct pm_hand hand;
	struct pm_source *source;
	int wake;
	enum pm_local_format format;
	const char *path;
	const char *line, *offset, *id; /* NULL: whatever there is */
	bool record, keep_removed;
	char *named;                    /* PATH without its position; owned */
};

/* -- which page -------------------------------------------------------------------------------- */

/* Positions end so: "FILE:17", "FILE@4096". */
static bool ends_with(struct pm_slice position, char mark, const char *number)
{
	size_t n = strlen(number);

	return position.len > n && position.ptr[position.len - n - 1] == mark &&
	       memcmp(position.ptr + position.len - n, number, n) == 0;
}

static bool has_id(struct explain *ex, const struct pm_message *msg)
{
	struct pm_err err;
	struct pm_page page;

	pm_worker_reset(&ex->hand.worker, 0);
	pm_page_init(&page, &ex->hand.worker.arena);
	pm_envelope_decode(ex->set.envelope, ex->hand.unpacker, msg, &page, &err);
	return pm_slice_is(page.source_id, ex->id) || strcmp(page.id, ex->id) == 0 ||
	       pm_slice_is(page.url, ex->id);
}

static bool is_wanted(struct explain *ex, const struct pm_message *msg)
{
	return (!ex->line || ends_with(msg->position, ':', ex->line)) &&
	       (!ex->offset || ends_with(msg->position, '@', ex->offset)) &&
	       (!ex->id || has_id(ex, msg));
}

static void wait_for_input(const struct explain *ex)
{
	struct pollfd pfd = { .fd = ex->wake, .events = POLLIN };
	uint64_t n;

	if (poll(&pfd, 1, WAIT_MS) == 1 && read(ex->wake, &n, sizeof(n)) < 0)
		return;         /* asked again, it will say so again */
}

/* The message, or NULL with err. */
static struct pm_message *find_page(struct explain *ex, struct pm_err *err)
{
	struct pm_source *source = ex->source;
	struct pm_message *msg;
	uint32_t slot;

	for (;;) {
		msg = NULL;
		switch (source->ops->poll(source, &msg, &slot, err)) {
		case PM_POLL_MSG:
			if (is_wanted(ex, msg))
				return msg;
			pm_message_free(msg);
			break;
		case PM_POLL_NONE:
			wait_for_input(ex);
			break;
		case PM_POLL_BAD:
			fprintf(stderr, "pagemill explain: %s\n", err->msg);
			break;
		case PM_POLL_FATAL:
			return NULL;
		case PM_POLL_END:
			err->status = PM_EXIT_POSITION;
			pm_fail(err, "%.150s: no such page in it", ex->path);
			return NULL;
		}
	}
}

/* The local source's events: whoever asks for pages one by one has no use for them. */
static void assigned(void *ctx, const struct pm_position *starts, size_t n)
{
}

static void revoked(void *ctx, const uint32_t *slots, size_t n, bool lost)
{
}

static void committed(void *ctx, const struct pm_position *at, size_t n, const struct pm_err *err)
{
}

/* -- the verb ---------------------------------------------------------------------------------- */

static int open_all(struct explain *ex, struct pm_err *err)
{
	struct pm_source_events none = { NULL, assigned, revoked, committed };
	size_t page_bytes = (size_t)ex->set.limits.page_bytes;
	struct pm_local_conf local = {
		.paths = &ex->path, .npaths = 1, .format = ex->format, .page_bytes = page_bytes,
	};

	ex->hand.route = pm_route_scratch_new();
	ex->hand.unpacker = pm_unpacker_new();
	ex->source = pm_source_local_new(&local);
	ex->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	err->status = PM_EXIT_INTERNAL;
	if (!ex->hand.route || !ex->hand.unpacker || !ex->source || ex->wake < 0)
		return pm_fail(err, "out of memory");
	if (pm_worker_open(&ex->hand.worker, page_bytes * ARENA_PAGES + ARENA_LEAST,
			   page_bytes * RECORD_PAGES + ARENA_LEAST, err) != 0)
		return -1;
	ex->source->wake = ex->wake;
	return ex->source->ops->open(ex->source, NULL, &none, err);
}

static void close_all(struct explain *ex)
{
	if (ex->source)
		ex->source->ops->close(ex->source);
	pm_worker_close(&ex->hand.worker);
	pm_route_scratch_free(ex->hand.route);
	pm_unpacker_free(ex->hand.unpacker);
	if (ex->wake >= 0)
		close(ex->wake);
}

static int show(struct explain *ex, const struct pm_message *msg)
{
	struct pm_explain data;
	struct pm_paint paint;
	int status = PM_EXIT_OK;

	if (!pm_explain_page(&data, &ex->set, &ex->hand, msg)) {
		fputs("pagemill explain: out of memory\n", stderr);
		return PM_EXIT_INTERNAL;
	}
	if (data.outcome == PM_REJECTED)
		status = PM_EXIT_CHECK;
	pm_paint_open(&paint, stdout);
	pm_explain_text(&paint, &data, ex->hand.route, ex->keep_removed);
	if (ex->record && data.record.ptr)
		pm_explain_json(stdout, data.record);
	pm_paint_close(&paint);
	pm_explain_free(&data);
	return fflush(stdout) == 0 ? status : PM_EXIT_INTERNAL;
}

static int explain_one(struct explain *ex)
{
	struct pm_err err = { 0 };
	struct pm_message *msg = NULL;
	int status;

	if (open_all(ex, &err) == 0)
		msg = find_page(ex, &err);
	if (msg) {
		status = show(ex, msg);
	} else {
		fprintf(stderr, "pagemill explain: %s\n", err.msg);
		status = err.status ? err.status : PM_EXIT_INTERNAL;
	}
	pm_message_free(msg);
	close_all(ex);
	return status;
}

/* Error lines name a page PATH:LINE or PATH@OFFSET: what they say can be asked about as it is. */
static bool read_path(struct explain *ex, const char *path)
{
	size_t len = strlen(path), digits = len;

	ex->path = path;
	while (digits && (unsigned char)(path[digits - 1] - '0') < 10)
		digits--;
	if (digits < 2 || digits == len || (path[digits - 1] != ':' && path[digits - 1] != '@') ||
	    access(path, F_OK) == 0)
		return true;
	ex->named = pm_sure(strndup(path, digits - 1));
	if (access(ex->named, F_OK) != 0)
		return true;
	ex->path = ex->named;
	*(path[digits - 1] == ':' ? &ex->line : &ex->offset) = path + digits;
	return true;
}

static bool is_number(const char *text)
{
	return text[0] && text[strspn(text, "0123456789")] == 0;
}

/* false: leave with cli->status. */
static bool read_args(struct explain *ex, struct pm_cli *cli)
{
	int id;

	while ((id = pm_cli_next(cli)) > 0) {
		const char **number = id == LINE ? &ex->line : id == OFFSET ? &ex->offset : NULL;

		if (id == RECORD) {
			ex->record = true;
		} else if (id == KEEP_REMOVED) {
			ex->keep_removed = true;
		} else if (id == ID) {
			ex->id = cli->value;
		} else if (number && is_number(cli->value)) {
			*number = cli->value;
		} else if (number) {
			cli->status = pm_cli_usage(cli, "%s: expected a whole number", cli->value);
			return false;
		} else if (!pm_local_format(cli->value, &ex->format)) {
			cli->status = pm_cli_usage(cli, "--format %s: expected " PM_LOCAL_FORMATS,
						   cli->value);
			return false;
		}
	}
	if (id < 0)
		return false;
	if (cli->argc - cli->at != 1) {
		cli->status = pm_cli_usage(cli, "needs one PATH, or - for standard input");
		return false;
	}
	cli->status = PM_EXIT_INTERNAL;
	return read_path(ex, cli->argv[cli->at]);
}

static int explain(struct pm_cli *cli)
{
	struct explain ex = { .wake = -1 };
	int status = PM_EXIT_CONFIG;
	struct pm_config *cf;

	if (!read_args(&ex, cli))
		return cli->status;
	cf = pm_cli_config(cli);
	if (cf && pm_settings_read(&ex.set, cf, PM_FOR_LOCAL) != 0)
		pm_config_print(cf, stderr);
	else
		status = cf ? explain_one(&ex) : cli->status;
	pm_settings_free(&ex.set);
	pm_config_free(cf);
	free(ex.named);
	return status;
}

const struct pm_verb pm_verb_explain = {
	.name = "explain",
	.synopsis = "[-c FILE] PATH|-",
	.summary = "Show what every filter did to one page, and why.",
	.more = "A PATH is what enrich takes; of several pages in it the first is explained, or the one that is asked\n"
		"for. With an output in the configuration its routes are tried too. The exit status is 1 when the page\n"
		"fails.",
	.args = args,
	.main = explain,
};
