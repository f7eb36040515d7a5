/* stage/demo.c -- the verb `demo`: a whole pipeline in one process, on an embedded broker.
 *
 * The control thread runs the very stage that `run` runs. A second thread
 * feeds pages to the broker in step, and shows what comes out: a window of
 * pages goes in, and all of it comes out, before the next. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "consumer/source_local.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/sure.h"
#include "stage/cli.h"
#include "stage/demo_broker.h"
#include "stage/pipeline.h"

enum { INPUT = 1000 };
enum { WINDOW_BYTES = 3 << 20, PAGE_BYTES = 4 << 20 };  /* of the broker's 5 MiB a partition */
enum { PARTITIONS = 3, TAKE_MS = 100 };
enum { ARENA_PAGES = 8 };               /* a page decoded, several times over */

static const struct pm_arg args[] = {
	{ INPUT, "input", "PATH", "A page, JSON Lines, or a folder of these, instead of the sample pages." },
	{ 0 }
};

struct demo {
	struct pm_demo_broker *broker;
	struct pm_source *pages;
	struct pm_envelope *envelope;   /* the default: what goes to the broker */
	struct pm_unpacker *unpacker;
	struct pm_arena arena;
	_Atomic uint64_t ended;         /* pages that the stage is done with */
	_Atomic uint64_t sent;          /* records and letters that came of them */
	atomic_bool over;               /* the stage has stopped */
	uint64_t fed, shown;
	uint64_t window;                /* bytes */
	int status;
};

static void show(struct pm_slice value, bool letter, struct pm_slice reason)
{
	if (letter) {
		fprintf(stderr, "dead letter: %.*s\n", PM_FMT(reason));
		return;
	}
	fwrite(value.ptr, 1, value.len, stdout);
	putchar('\n');
}

static void on_finished(void *ctx, const struct pm_task *task)
{
	struct demo *demo = ctx;

	atomic_fetch_add(&demo->sent, task->outs ? task->outs->len : 0);
	atomic_fetch_add(&demo->ended, 1);
}

/* Until everything that was fed has come out. */
static void drain(struct demo *demo)
{
	while (!atomic_load(&demo->over) && (atomic_load(&demo->ended) < demo->fed ||
					     demo->shown < atomic_load(&demo->sent)))
		demo->shown += pm_demo_broker_take(demo->broker, TAKE_MS, show);
	fflush(stdout);
	demo->window = 0;
}

/* A page that can't be decoded goes in as far as it goes, so that its dead letter is seen too. */
static bool write_envelope(struct demo *demo, const struct pm_message *msg, struct pm_buf *to)
{
	struct pm_slice line = { 0 };
	struct pm_err err = { 0 };
	enum pm_reason reason;
	struct pm_page page;

	pm_buf_reset(to);
	pm_arena_reset(&demo->arena);
	pm_page_init(&page, &demo->arena);
	reason = pm_envelope_decode(demo->envelope, demo->unpacker, msg, &page, &err);
	if (msg->kind == PM_KIND_JSON)
		line = msg->value;
	if (reason == PM_REASON_NONE || page.received.ptr)
		return pm_envelope_write(demo->envelope, line, &page, to);
	return msg->oversize || (line.ptr && pm_buf_slice(to, line));
}

static int feed(struct demo *demo, const struct pm_message *msg, struct pm_buf *envelope,
		struct pm_err *err)
{
	bool is_page = write_envelope(demo, msg, envelope);

	pm_sure(envelope->starved ? NULL : envelope);
	if (!is_page) {
		fprintf(stderr, "pagemill demo: %.*s: holds no page\n", PM_FMT(msg->position));
		return 0;
	}
	if (msg->oversize || envelope->failed || envelope->len > PAGE_BYTES) {
		fprintf(stderr, "pagemill demo: %.*s: larger than the embedded broker takes (4 MiB)\n",
			PM_FMT(msg->position));
		return 0;
	}
	if (demo->window && demo->window + envelope->len > WINDOW_BYTES)
		drain(demo);
	if (pm_demo_broker_put(demo->broker, pm_buf_get(envelope), err) != 0)
		return -1;
	demo->window += envelope->len;
	demo->fed++;
	return 0;
}

static int feed_all(struct demo *demo, struct pm_err *err)
{
	struct pm_source *pages = demo->pages;
	struct pm_buf envelope = { .max = PAGE_BYTES * 8 };
	bool more = true;
	int status = 0;

	while (more && status == 0 && !atomic_load(&demo->over)) {
		struct pm_message *msg = NULL;
		uint32_t slot;

		switch (pages->ops->poll(pages, &msg, &slot, err)) {
		case PM_POLL_MSG:
			status = feed(demo, msg, &envelope, err);
			pm_message_free(msg);
			break;
		case PM_POLL_BAD:
			fprintf(stderr, "pagemill demo: %s\n", err->msg);
			demo->status = PM_EXIT_INPUT;
			break;
		case PM_POLL_NONE:
			usleep(10000);
			break;
		case PM_POLL_FATAL:
			status = -1;
			break;
		case PM_POLL_END:
			more = false;
			break;
		}
	}
	if (status == 0)
		drain(demo);
	pm_buf_free(&envelope);
	return status;
}

static void *feeder(void *ctx)
{
	struct demo *demo = ctx;
	struct pm_err err = { 0 };

	if (feed_all(demo, &err) != 0) {
		pm_log(PM_ERROR, err.msg, NULL);
		demo->status = err.status ? err.status : PM_EXIT_INTERNAL;
	}
	/* As a user would stop it: drained, committed, exit 0. */
	kill(getpid(), SIGTERM);
	return NULL;
}

/* -- sample pages ------------------------------------------------------------------------------ */

/* Where they are installed, else beside the build folder of a checkout. */
static int sample_pages(char *to, size_t size)
{
	char exe[4096], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	snprintf(to, size, "%s/demo", PM_DATADIR);
	if (access(to, R_OK) == 0)
		return 0;
	if (n < 0)
		return -1;
	exe[n] = 0;
	for (int up = 0; up < 3; up++) {
		slash = strrchr(exe, '/');
		if (!slash)
			return -1;
		*slash = 0;
	}
	return snprintf(to, size, "%s/deploy/demo", exe) < (int)size && access(to, R_OK) == 0 ? 0
											      : -1;
}

/* The local source's events: whoever feeds by hand has no use for them. */
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

static const char input_topic[] = "pages.raw", record_topic[] = "pages.enriched", letter_topic[] = "pages.dead";

/* The user's own configuration keeps its filters and limits; where pages
 * come from and go to is ours. */
static int configure(struct pm_config *cf, const char *servers, struct pm_err *err)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "input={\"topics\":[\"%s\"],\"kafka\":{\"bootstrap.servers\":\"%s\",\"group.id\":\"demo\","
		 "\"fetch.wait.max.ms\":20}}", input_topic, servers);
	if (pm_config_set(cf, text, err) != 0)
		return -1;
	snprintf(text, sizeof(text), "output={\"topic\":\"%s\",\"dead_letter\":\"%s\"}",
		 record_topic, letter_topic);
	return pm_config_set(cf, text, err) != 0 ||
			       pm_config_set(cf, "admin={\"listen\":\"\"}", err) != 0 ||
			       pm_config_set(cf, "state_dir=\"\"", err) != 0 ||
			       pm_config_set(cf, "delivery=at_least_once", err) != 0
		       ? -1
		       : 0;
}

/* The feeder may be through before the stage listens, or after it has failed. */
static void on_early_stop(int number)
{
	pm_stop = pm_stop + 1;
}

static int run_stage(struct demo *demo, struct pm_config *cf)
{
	struct pm_summary sum = { 0 };
	struct pm_pipeline pl;
	pthread_t thread;
	int status = PM_EXIT_CONFIG;

	signal(SIGTERM, on_early_stop);
	if (pm_pipeline_read(&pl, cf) != 0) {
		pm_config_print(cf, stderr);
	} else if (pthread_create(&thread, NULL, feeder, demo) != 0) {
		fputs("pagemill demo: the system refuses another thread\n", stderr);
		status = PM_EXIT_INTERNAL;
	} else {
		pl.finished = on_finished;
		pl.ctx = demo;
		status = pm_pipeline_run(&pl, &sum);
		atomic_store(&demo->over, true);
		pthread_join(thread, NULL);
		pm_summary_log(&sum);
	}
	pm_pipeline_free(&pl);
	return status ? status : demo->status;
}

static void close_feeder(struct demo *demo)
{
	if (demo->pages)
		demo->pages->ops->close(demo->pages);
	pm_envelope_free(demo->envelope);
	pm_unpacker_free(demo->unpacker);
	pm_arena_close(&demo->arena);
}

static int open_feeder(struct demo *demo, const struct pm_local_conf *local)
{
	struct pm_config *cf = pm_config_text("built-in", PM_LIT("{}"));

	if (cf)
		demo->envelope = pm_envelope_new(NULL, cf, PAGE_BYTES, false);
	pm_config_free(cf);
	demo->unpacker = pm_unpacker_new();
	demo->pages = pm_source_local_new(local);
	if (demo->envelope && demo->unpacker && demo->pages &&
	    pm_arena_open(&demo->arena, (size_t)PAGE_BYTES * ARENA_PAGES) == 0) {
		demo->pages->wake = -1;
		return 0;
	}
	close_feeder(demo);
	return -1;
}

static int demo_with(struct demo *demo, struct pm_config *cf, const char *path)
{
	struct pm_local_conf local = { .paths = &path, .npaths = 1, .page_bytes = PAGE_BYTES };
	struct pm_source_events none = { NULL, assigned, revoked, committed };
	struct pm_err err = { 0 };
	int status;

	if (open_feeder(demo, &local) != 0) {
		fputs("pagemill demo: out of memory\n", stderr);
		return PM_EXIT_INTERNAL;
	}
	if (demo->pages->ops->open(demo->pages, NULL, &none, &err) != 0)
		goto fail;
	demo->broker =
		pm_demo_broker_open(input_topic, PARTITIONS, record_topic, letter_topic, &err);
	if (!demo->broker || configure(cf, pm_demo_broker_address(demo->broker), &err) != 0)
		goto fail;
	status = run_stage(demo, cf);
	pm_demo_broker_close(demo->broker);
	close_feeder(demo);
	return status;
fail:
	fprintf(stderr, "pagemill demo: %s\n", err.msg);
	pm_demo_broker_close(demo->broker);
	close_feeder(demo);
	return err.status ? err.status : PM_EXIT_INTERNAL;
}

static int run_demo(struct pm_cli *cli)
{
	struct demo demo = { 0 };
	const char *path = NULL;
	char samples[4200];
	struct pm_config *cf;
	int id, status;

	while ((id = pm_cli_next(cli)) > 0)
		path = cli->value;
	if (id < 0)
		return cli->status;
	if (cli->at < cli->argc)
		return pm_cli_usage(cli, "%s: takes no operands", cli->argv[cli->at]);
	if (!path && sample_pages(samples, sizeof(samples)) != 0)
		return pm_cli_usage(cli, "the sample pages are not installed: name yours with --input PATH");
	cf = pm_cli_config(cli);
	if (!cf)
		return cli->status;
	status = demo_with(&demo, cf, path ? path : samples);
	pm_config_free(cf);
	return status;
}

const struct pm_verb pm_verb_demo = {
	.name = "demo",
	.synopsis = "[--input PATH]",
	.summary = "All of it on an embedded broker: nothing to install or start.",
	.args = args,
	.main = run_demo,
};
