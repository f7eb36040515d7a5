/* stage/feed.c -- the verb `feed`: local pages into the input topic, acknowledged before it says
 * done.
 *
 * The same engine and driver as a run, from files to Kafka, with another work than the chain's. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "consumer/local_files.h"
#include "consumer/source_local.h"
#include "core/log.h"
#include "producer/sink_kafka.h"
#include "producer/topic.h"
#include "stage/cli.h"
#include "stage/driver.h"
#include "stage/feed_page.h"
#include "stage/kafka_conf.h"
#include "stage/local_args.h"
#include "stage/progress.h"
#include "stage/settings.h"

enum { FORMAT = 1000, INPUT_FORMAT, TOPIC, FROM };
/* In flight at most: enough for every partition's batches, little beside a large file. */
enum { IN_FLIGHT_BYTES = 48 << 20, IN_FLIGHT_SHARE = 4, PAGES_MAX = 20000, WORKERS_MAX = 4 };
enum { COMMIT_MS = 200, GRACE_MS = 5000 };

static const struct pm_arg args[] = {
	{ FORMAT, "format", "json|raw|warc", "What a message is; input.format, unless given." },
	{ INPUT_FORMAT, "input-format", PM_LOCAL_FORMATS,
	  "What the inputs hold; else files say it by extension." },
	{ TOPIC, "topic", "TOPIC", "Where pages go, where input.topics isn't one name." },
	{ FROM, "from-offset", "N", "Go on behind the first N pages, as an interrupted call says it." },
	{ 0 }
};

static const char *const formats[] = {
	[PM_FEED_JSON] = "json", [PM_FEED_RAW] = "raw", [PM_FEED_WARC] = "warc",
};

struct feed {
	struct pm_settings set;
	rd_kafka_conf_t *producer;      /* the sink's once it runs */
	const char *topic, *format_name;
	enum pm_feed_format format;
	struct pm_local_conf local;
	struct pm_local_progress read;
	struct pm_progress progress;
	struct pm_buf line;
	uint64_t pages;
};

/* -- what the driver says ---------------------------------------------------------------------- */

static void on_finished(void *ctx, const struct pm_task *task)
{
	struct feed *feed = ctx;

	feed->pages++;
	if (task->outcome == PM_REJECTED) {
		pm_progress_clear(&feed->progress);
		pm_local_failed(&feed->line, task, stderr);
	}
	pm_progress_show(&feed->progress, feed->pages, feed->read.bytes);
}

static void on_bad_input(void *ctx, const struct pm_err *err)
{
	struct feed *feed = ctx;

	pm_progress_clear(&feed->progress);
	fprintf(stderr, "pagemill feed: %s\n", err->msg);
}

/* What a percentage is of. Pipes and standard input have no size: then there is none. */
static uint64_t bytes_to_read(const struct pm_local_conf *conf)
{
	struct pm_local_files *files = pm_local_files_new(conf);
	struct pm_local_file file;
	enum pm_local_next got;
	struct pm_err err;
	uint64_t sum = 0;

	while (files && (got = pm_local_files_next(files, &file, &err)) != PM_LOCAL_END) {
		struct stat st;

		if (got == PM_LOCAL_BAD || stat(file.path, &st) != 0)
			continue;
		if (!S_ISREG(st.st_mode)) {
			sum = 0;
			break;
		}
		sum += (uint64_t)st.st_size;
	}
	pm_local_files_free(files);
	return sum;
}

/* -- the verb ---------------------------------------------------------------------------------- */

static int run_feed(struct feed *feed, struct pm_summary *sum)
{
	const struct pm_settings *set = &feed->set;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned few = cores > 0 && cores < WORKERS_MAX ? (unsigned)cores : WORKERS_MAX;
	int64_t budget = set->limits.memory_bytes / IN_FLIGHT_SHARE;
	struct pm_feed_work work = {
		.work = {
			.envelope = set->envelope, .make = pm_feed_page, .refs = 1,
			.topics = &feed->topic, .ntopics = 1,
		},
		.format = feed->format, .output = set->output, .topic = feed->topic,
	};
	struct pm_driver_conf conf = {
		.work = &work.work, .bounded = true, .page_bytes = (size_t)set->limits.page_bytes,
		.page_ms = set->limits.page_ms,
		.workers = set->workers ? (unsigned)set->workers : few,
		.finished = on_finished, .bad_input = on_bad_input, .ctx = feed,
		.engine = {
			.memory_bytes =
				(size_t)(budget < IN_FLIGHT_BYTES ? budget : IN_FLIGHT_BYTES),
			.pages_max = PAGES_MAX, .commit_ms = COMMIT_MS, .pause_ms = INT32_MAX,
			.grace_ms = GRACE_MS, .shutdown_ms = set->timeouts.shutdown_ms,
		},
	};
	rd_kafka_conf_t *producer = feed->producer;
	struct pm_err err = { 0 };

	feed->producer = NULL;
	conf.sink =
		pm_sink_kafka_new(producer, (size_t)budget, (int)set->timeouts.connect_ms, &err);
	if (!conf.sink) {
		pm_log(PM_ERROR, err.msg, NULL);
		return err.status;
	}
	conf.source = pm_source_local_new(&feed->local);
	if (!conf.source) {
		conf.sink->ops->close(conf.sink);
		return PM_EXIT_INTERNAL;
	}
	return pm_driver_run(&conf, sum);
}

/* Whoever is interrupted must know where to go on; a summary is the last line. */
static int feed_all(struct feed *feed)
{
	struct pm_summary sum = { 0 };
	long long next;
	char words[80];
	int status;

	pm_progress_open(&feed->progress, 0);
	if (feed->progress.on)
		feed->progress.total = bytes_to_read(&feed->local);
	feed->read.committed = feed->local.from;
	feed->local.progress = &feed->read;
	status = run_feed(feed, &sum);
	pm_progress_clear(&feed->progress);
	if (status == PM_EXIT_OK && !feed->read.ended)
		status = PM_EXIT_NOT_DRAINED;
	if (!feed->read.ended || status != PM_EXIT_OK) {
		next = feed->read.committed;
		snprintf(words, sizeof(words), "not all was fed: go on with --from-offset %lld",
			 next);
		pm_log(PM_WARN, words, PM_I("offset", next), NULL);
	}
	pm_summary_log(&sum);
	if (status == PM_EXIT_OK && sum.bad_inputs)
		status = PM_EXIT_INPUT;
	return status == PM_EXIT_OK && sum.failed ? PM_EXIT_CHECK : status;
}

/* -- configuration ----------------------------------------------------------------------------- */

static void find_topic(struct feed *feed, struct pm_config *cf)
{
	const struct pm_strings *topics = &feed->set.input.topics;
	const char *fault;

	if (!feed->topic && topics->len == 1 && topics->at[0][0] != '^')
		feed->topic = topics->at[0];
	if (!feed->topic) {
		pm_config_fault(cf, "input.topics", "feeding needs one name here, or --topic TOPIC");
		return;
	}
	fault = pm_topic_fault(feed->topic);
	if (fault)
		pm_config_fault(cf, "input.topics", "\"%.100s\": %s", feed->topic, fault);
}

/* Pages go where the stage reads them: connection and security are the input's, never the
 * output's. */
static void find_brokers(struct feed *feed, struct pm_config *cf)
{
	const struct pm_settings *set = &feed->set;
	const json_t *kafka = set->input.kafka;
	rd_kafka_conf_t *consumer;

	if (!json_object_get(kafka, "bootstrap.servers") && !json_object_get(kafka, "metadata.broker.list"))
		pm_config_fault(cf, "input.kafka", "expected \"bootstrap.servers\"");
	consumer = pm_kafka_conf(PM_KAFKA_CONSUMER, kafka, NULL, NULL, cf, "input.kafka");
	feed->producer = pm_kafka_conf(PM_KAFKA_PRODUCER, NULL, kafka, NULL, cf, "input.kafka");
	if (consumer)
		rd_kafka_conf_destroy(consumer);
}

static void find_format(struct feed *feed)
{
	const char *configured = feed->set.input.format;
	const char *name = feed->format_name ? feed->format_name : configured;

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(name, formats[i]) == 0)
			feed->format = (enum pm_feed_format)i;
	if (strcmp(name, configured) != 0)
		pm_log(PM_WARN, "the stage reads another format", PM_S("format", name),
		       PM_S("input.format", configured), NULL);
}

static int read_config(struct feed *feed, struct pm_config *cf)
{
	pm_settings_read(&feed->set, cf, PM_FOR_FEED);
	find_topic(feed, cf);
	find_brokers(feed, cf);
	if (pm_config_faults(cf)) {
		pm_config_print(cf, stderr);
		return -1;
	}
	feed->local.page_bytes = (size_t)feed->set.limits.page_bytes;
	find_format(feed);
	return 0;
}

static bool known_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(name, formats[i]) == 0)
			return true;
	return false;
}

static bool read_offset(struct feed *feed, const char *text)
{
	size_t digits = strspn(text, "0123456789");

	feed->local.from = digits ? strtoll(text, NULL, 10) : 0;
	return digits && digits < 19 && !text[digits];
}

/* false: leave with cli->status. */
static bool read_args(struct feed *feed, struct pm_cli *cli)
{
	int id;

	while ((id = pm_cli_next(cli)) > 0) {
		cli->status = PM_EXIT_OK;
		if (id == TOPIC)
			feed->topic = cli->value;
		else if (id == FORMAT && known_format(cli->value))
			feed->format_name = cli->value;
		else if (id == FORMAT)
			cli->status = pm_cli_usage(cli, "--format %s: expected json, raw or warc",
						   cli->value);
		else if (id == INPUT_FORMAT && !pm_local_format(cli->value, &feed->local.format))
			cli->status =
				pm_cli_usage(cli, "--input-format %s: expected " PM_LOCAL_FORMATS,
					     cli->value);
		else if (id == FROM && !read_offset(feed, cli->value))
			cli->status = pm_cli_usage(cli, "--from-offset %s: expected a whole number",
						   cli->value);
		if (cli->status != PM_EXIT_OK)
			return false;
	}
	if (id < 0)
		return false;
	if (cli->at == cli->argc)
		cli->status = pm_cli_usage(cli, "needs at least one PATH");
	else if (!cli->config && !cli->nsets)
		cli->status = pm_cli_usage(cli, "needs a configuration: -c FILE");
	feed->local.paths = (const char *const *)cli->argv + cli->at;
	feed->local.npaths = (size_t)(cli->argc - cli->at);
	return cli->at < cli->argc && (cli->config || cli->nsets);
}

static int feed(struct pm_cli *cli)
{
	struct feed fd = { .line = { .max = SIZE_MAX } };
	int status = PM_EXIT_CONFIG;
	struct pm_config *cf;

	if (!read_args(&fd, cli))
		return cli->status;
	cf = pm_cli_config(cli);
	if (!cf)
		return cli->status;
	if (read_config(&fd, cf) == 0)
		status = feed_all(&fd);
	if (fd.producer)
		rd_kafka_conf_destroy(fd.producer);
	pm_buf_free(&fd.line);
	pm_settings_free(&fd.set);
	pm_config_free(cf);
	return status;
}

const struct pm_verb pm_verb_feed = {
	.name = "feed",
	.synopsis = "-c FILE PATH...",
	.summary = "Put local pages into the input topic; done when the brokers have acknowledged all of them.",
	.more = "A PATH is a file, a folder, or - for standard input (JSON Lines). Keys are those of output.key. The\n"
		"header pagemill-position says where a page lies. A page that can't be read as one isn't fed: it is\n"
		"a line of JSON on standard error, and the exit status is 1. After an interruption (75) the last but\n"
		"one line says --from-offset N: every page before it was acknowledged.",
	.args = args,
	.main = feed,
};
