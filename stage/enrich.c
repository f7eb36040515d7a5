/* stage/enrich.c -- the verb `enrich`: the chain over local pages, JSON Lines out, no broker. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "consumer/source_local.h"
#include "core/log.h"
#include "producer/sink_file.h"
#include "stage/cli.h"
#include "stage/driver.h"
#include "stage/local_args.h"
#include "stage/note.h"
#include "stage/settings.h"

enum { FORMAT = 1000, DEAD_LETTER, WORKERS };
enum { PAGES_A_WORKER = 16 };           /* in flight: enough to keep one
					 * busy, little to keep in cache */
enum { GRACE_MS = 5000 };

static const struct pm_arg args[] = {
	{ FORMAT, "format", PM_LOCAL_FORMATS, "What the inputs hold; else files say it by extension." },
	{ DEAD_LETTER, "dead-letter", "FILE", "Keep pages that fail here, as JSON Lines." },
	{ 0 }
};

struct enrich {
	struct pm_settings set;
	enum pm_local_format format;
	const char *dead_letter;        /* path; NULL: none */
	FILE *letters;
	struct pm_buf line;
	bool write_failed;
};

/* -- pages that fail --------------------------------------------------------------------------- */

static void on_finished(void *ctx, const struct pm_task *task)
{
	struct enrich *en = ctx;

	if (task->outcome != PM_REJECTED)
		return;
	pm_local_failed(&en->line, task, stderr);
	if (en->letters)
		pm_local_letter(&en->line, task, en->letters);
}

static void on_bad_input(void *ctx, const struct pm_err *err)
{
	fprintf(stderr, "pagemill enrich: %s\n", err->msg);
}

/* -- the verb ---------------------------------------------------------------------------------- */

static int run_chain(struct enrich *en, const char *const *paths, size_t npaths)
{
	const struct pm_settings *set = &en->set;
	struct pm_local_conf local = {
		.paths = paths, .npaths = npaths, .format = en->format,
		.page_bytes = (size_t)set->limits.page_bytes,
	};
	struct pm_work work = {
		.envelope = set->envelope,
		.chain = set->chain,
		.effort = (uint64_t)set->limits.effort,
		.journey = { .chain = pm_chain_digest(set->chain) },
		.refs = 1,
	};
	char place[PATH_MAX];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned workers = set->workers ? (unsigned)set->workers : cores > 0 ? (unsigned)cores : 1;
	struct pm_driver_conf conf = {
		.source = pm_source_local_new(&local),
		.sink = pm_sink_file_new(STDOUT_FILENO, false),
		.work = &work, .workers = workers,
		.page_bytes = (size_t)set->limits.page_bytes, .stall_ms = set->timeouts.stall_ms,
		.page_ms = set->limits.page_ms, .note_name = "enrich",
		.note_dir = pm_note_place(set->state_dir, false, place, sizeof(place)),
		.bounded = true, .finished = on_finished, .bad_input = on_bad_input, .ctx = en,
		.engine = {
			.memory_bytes = (size_t)set->limits.memory_bytes,
			.pages_max = PAGES_A_WORKER * workers,
			.commit_ms = INT32_MAX, .pause_ms = INT32_MAX, .grace_ms = GRACE_MS,
			.shutdown_ms = set->timeouts.shutdown_ms,
		},
	};
	struct pm_summary sum = { 0 };
	int status;

	if (!conf.source || !conf.sink) {
		if (conf.source)
			conf.source->ops->close(conf.source);
		if (conf.sink)
			conf.sink->ops->close(conf.sink);
		fputs("pagemill enrich: out of memory\n", stderr);
		return PM_EXIT_INTERNAL;
	}
	status = pm_driver_run(&conf, &sum);
	pm_summary_log(&sum);
	if (status == PM_EXIT_OK && sum.bad_inputs)
		status = PM_EXIT_INPUT;
	return status == PM_EXIT_OK && sum.failed ? PM_EXIT_CHECK : status;
}

static int open_letters(struct enrich *en)
{
	if (!en->dead_letter)
		return 0;
	en->letters = fopen(en->dead_letter, "we");
	if (en->letters)
		return 0;
	fprintf(stderr, "pagemill enrich: %s: %s\n", en->dead_letter, strerror(errno));
	return -1;
}

static int close_letters(struct enrich *en, int status)
{
	bool failed = en->letters && ferror(en->letters);

	if (!en->letters || (fclose(en->letters) == 0 && !failed))
		return status;
	fprintf(stderr, "pagemill enrich: %s: could not be written\n", en->dead_letter);
	return PM_EXIT_INTERNAL;
}

static int enrich(struct pm_cli *cli)
{
	static const char *const standard_input[] = { "-" };
	struct enrich en = { .line = { .max = SIZE_MAX } };
	int id, status = PM_EXIT_CONFIG;
	const char *const *paths;
	struct pm_config *cf;

	while ((id = pm_cli_next(cli)) > 0) {
		if (id == DEAD_LETTER)
			en.dead_letter = cli->value;
		else if (!pm_local_format(cli->value, &en.format))
			return pm_cli_usage(cli, "--format %s: expected " PM_LOCAL_FORMATS,
					    cli->value);
	}
	if (id < 0)
		return cli->status;
	cf = pm_cli_config(cli);
	if (!cf)
		return cli->status;
	paths = cli->at < cli->argc ? (const char *const *)cli->argv + cli->at : standard_input;
	if (pm_settings_read(&en.set, cf, PM_FOR_LOCAL) != 0)
		pm_config_print(cf, stderr);
	else if (open_letters(&en) != 0)
		status = PM_EXIT_INPUT;
	else
		status = close_letters(&en, run_chain(&en, paths, cli->at < cli->argc ?
						      (size_t)(cli->argc - cli->at) : 1));
	pm_buf_free(&en.line);
	pm_settings_free(&en.set);
	pm_config_free(cf);
	return status;
}

const struct pm_verb pm_verb_enrich = {
	.name = "enrich",
	.synopsis = "[-c FILE] [PATH...|-]",
	.summary = "Run the chain over local pages; records come out as JSON Lines.",
	.more = "A PATH is a file (.html, .txt, .jsonl, .warc, .wet, each also .gz or .zst), a folder of these, or -\n"
		"for standard input (JSON Lines, unless --format says otherwise).\n"
		"A page that fails is a line of JSON on standard error, and the exit status is 1.",
	.args = args,
	.main = enrich,
};
