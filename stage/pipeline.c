#include "stage/pipeline.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "consumer/source_kafka.h"
#include "core/log.h"
#include "producer/sink_kafka.h"
#include "stage/cli.h"
#include "stage/kafka_conf.h"
#include "stage/note.h"

/* How limits.memory_bytes is shared out: what librdkafka fetches ahead gets a quarter, fetches
 * under way an eighth; messages, their results and the producer's queue share one block each, and a
 * half. */
enum { FETCHED_SHARE = 4, IN_FLIGHT_SHARE = 2 };
enum { PAGES_MAX = 20000, COMMIT_MS = 500, GRACE_MS = 5000 };

/* -- topics ------------------------------------------------------------------------------------ */

/* "^pages\.out\..*" for the prefix "pages.out.", the name itself for a fixed topic. */
static char *exclusion(const struct pm_topic_use *use)
{
	char *text = malloc(use->name.len * 2 + 8), *to = text;

	if (!text)
		return NULL;
	if (!use->prefix) {
		memcpy(text, use->name.ptr, use->name.len);
		text[use->name.len] = 0;
		return text;
	}
	*to++ = '^';
	for (size_t i = 0; i < use->name.len; i++) {
		if (use->name.ptr[i] == '.')
			*to++ = '\\';
		*to++ = use->name.ptr[i];
	}
	memcpy(to, ".*", 3);
	return text;
}

static int list_topics(struct pm_pipeline *pl)
{
	struct pm_topic_use use;
	size_t n = 0;

	while (pm_output_topic(pl->set.output, n, &use))
		n++;
	pl->topics = calloc(n + 1, sizeof(*pl->topics));
	pl->excluded = calloc(n + 1, sizeof(*pl->excluded));
	pl->prefixes = calloc(n + 1, sizeof(*pl->prefixes));
	if (!pl->topics || !pl->excluded || !pl->prefixes)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char *name;

		pm_output_topic(pl->set.output, i, &use);
		name = exclusion(&use);
		if (!name)
			return -1;
		pl->excluded[pl->nexcluded++] = name;
		if (use.prefix)
			pl->prefixes[pl->nprefixes++] = use.name;
		else
			pl->topics[pl->ntopics++] = name;
	}
	return 0;
}

int pm_pipeline_read(struct pm_pipeline *pl, struct pm_config *cf)
{
	const struct pm_settings *set = &pl->set;

	*pl = (struct pm_pipeline){ 0 };
	pm_settings_read(&pl->set, cf, PM_FOR_RUN);
	pl->consumer = pm_kafka_conf(PM_KAFKA_CONSUMER, set->input.kafka, NULL, set->instance, cf,
				     "input.kafka");
	pl->producer = pm_kafka_conf(PM_KAFKA_PRODUCER, json_object_get(set->output_json, "kafka"),
				     set->input.kafka, set->instance, cf, "output.kafka");
	if (pm_config_faults(cf))
		return -1;
	if (list_topics(pl) != 0)
		pm_config_fault(cf, "", "out of memory");
	return pm_config_faults(cf) ? -1 : 0;
}

void pm_pipeline_free(struct pm_pipeline *pl)
{
	for (size_t i = 0; i < pl->nexcluded; i++)
		free(pl->excluded[i]);
	free(pl->excluded);
	free(pl->topics);
	free(pl->prefixes);
	if (pl->consumer)
		rd_kafka_conf_destroy(pl->consumer);
	if (pl->producer)
		rd_kafka_conf_destroy(pl->producer);
	pm_settings_free(&pl->set);
	*pl = (struct pm_pipeline){ 0 };
}

/* -- source and sink --------------------------------------------------------------------------- */

static int64_t number_of(const rd_kafka_conf_t *conf, const char *name, int64_t otherwise)
{
	char text[32];
	size_t size = sizeof(text);

	return rd_kafka_conf_get(conf, name, text, &size) == RD_KAFKA_CONF_OK ? atoll(text)
									      : otherwise;
}

static struct pm_source *open_source(struct pm_pipeline *pl, struct pm_err *err)
{
	struct pm_kafka_source_conf conf = {
		.conf = pl->consumer,
		.topics = pl->set.input.topics.at,
		.ntopics = pl->set.input.topics.len,
		.excluded = (const char *const *)pl->excluded,
		.nexcluded = pl->nexcluded,
		.start = (enum pm_start)pl->set.input.start,
		.connect_ms = pl->set.timeouts.connect_ms,
		.queue_bytes = (size_t)pl->set.limits.memory_bytes / FETCHED_SHARE,
		.stop = &pm_stop,
	};

	pl->consumer = NULL;
	return pm_source_kafka_new(&conf, err);
}

static struct pm_sink *open_sink(struct pm_pipeline *pl, struct pm_err *err)
{
	rd_kafka_conf_t *conf = pl->producer;
	struct pm_sink *sink;

	pl->producer = NULL;
	sink = pm_sink_kafka_new(conf, (size_t)pl->set.limits.memory_bytes,
				 (int)pl->set.timeouts.connect_ms, err);
	if (sink)
		pm_sink_kafka_prefixes(sink, pl->prefixes, pl->nprefixes);
	return sink;
}

/* -- work -------------------------------------------------------------------------------------- */

static struct pm_work work_of(const struct pm_pipeline *pl)
{
	return (struct pm_work){
		.envelope = pl->set.envelope, .chain = pl->set.chain, .output = pl->set.output,
		.effort = (uint64_t)pl->set.limits.effort, .refs = 1,
		.topics = pl->topics, .ntopics = pl->ntopics,
		.journey = {
			.chain = pm_chain_digest(pl->set.chain), .version = PM_VERSION,
			.pipeline = pl->set.name,
		},
	};
}

/* What a reload made, until the last page that began under it has ended. */
struct generation {
	struct pm_work work;            /* first: what the driver holds */
	struct pm_pipeline pl;
	struct pm_config *cf;
};

static void generation_free(struct pm_work *work)
{
	struct generation *g = (struct generation *)work;

	pm_pipeline_free(&g->pl);
	pm_config_free(g->cf);
	free(g);
}

static struct pm_work *reload(void *ctx, struct pm_err *err)
{
	struct pm_pipeline *pl = ctx;
	struct generation *g = calloc(1, sizeof(*g));

	if (!g) {
		pm_fail(err, "out of memory");
		return NULL;
	}
	g->cf = pl->reread(pl->ctx);
	if (g->cf && pm_pipeline_read(&g->pl, g->cf) == 0) {
		g->work = work_of(&g->pl);
		g->work.free = generation_free;
		return &g->work;
	}
	pm_fail(err, "the configuration has faults");
	if (g->cf)
		pm_config_print(g->cf, stderr);
	generation_free(&g->work);
	return NULL;
}

static void on_finished(void *ctx, const struct pm_task *task)
{
	const struct pm_pipeline *pl = ctx;

	if (pl->finished)
		pl->finished(pl->ctx, task);
}

int pm_pipeline_run(struct pm_pipeline *pl, struct pm_summary *sum)
{
	const struct pm_settings *set = &pl->set;
	int64_t poll_ms = number_of(pl->consumer, "max.poll.interval.ms", 300000);
	struct pm_work work = work_of(pl);
	char place[PATH_MAX];
	struct pm_driver_conf conf = {
		.work = &work,
		.workers = (unsigned)set->workers, .page_bytes = (size_t)set->limits.page_bytes,
		.listen = set->listen && set->listen[0] ? set->listen : NULL,
		.stall_ms = set->timeouts.stall_ms, .page_ms = set->limits.page_ms,
		.note_dir = pm_note_place(set->state_dir, true, place, sizeof(place)),
		.note_name = json_string_value(json_object_get(set->input.kafka, "group.id")),
		.reload = pl->reread ? reload : NULL, .finished = on_finished, .ctx = pl,
		.engine = {
			.memory_bytes = (size_t)set->limits.memory_bytes / IN_FLIGHT_SHARE,
			.pages_max = PAGES_MAX, .commit_ms = COMMIT_MS, .pause_ms = poll_ms / 3,
			.revoke_ms = poll_ms / 3, .grace_ms = GRACE_MS,
			.shutdown_ms = set->timeouts.shutdown_ms,
		},
	};
	struct pm_err err = { 0 };

	if (!set->output->dead_letter)
		pm_log(PM_WARN, "no output.dead_letter: pages that fail are only counted and logged", NULL);
	if (!conf.note_dir && !(set->state_dir && !set->state_dir[0]))
		pm_log(PM_WARN, "no folder for a crash note: a page that ends the process is met again after a "
		       "restart (state_dir)", NULL);
	conf.sink = open_sink(pl, &err);
	if (conf.sink)
		conf.source = open_source(pl, &err);
	if (!conf.source) {
		pm_log(PM_ERROR, err.msg, NULL);
		if (conf.sink)
			conf.sink->ops->close(conf.sink);
		return err.status ? err.status : PM_EXIT_INTERNAL;
	}
	return pm_driver_run(&conf, sum);
}

/* -- check --online ---------------------------------------------------------------------------- */

static bool has_topic(const struct rd_kafka_metadata *md, const char *name)
{
	for (int i = 0; i < md->topic_cnt; i++)
		if (strcmp(md->topics[i].topic, name) == 0)
			return true;
	return false;
}

/* What goes wrong comes back as an error: the lines are for who asks for them. */
static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *line)
{
	pm_log(PM_DEBUG, "librdkafka", PM_S("facility", facility), PM_S("line", line), NULL);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
	pm_log(PM_DEBUG, "kafka", PM_S("cause", reason), NULL);
}

/* The cluster's whole list: asking for one topic by name may make it. */
static int check_cluster(rd_kafka_type_t type, rd_kafka_conf_t *conf, const char *const *names,
			 size_t n, int ms, struct pm_err *err)
{
	const struct rd_kafka_metadata *md = NULL;
	char why[200];
	rd_kafka_resp_err_t failed;
	rd_kafka_t *rk;

	rd_kafka_conf_set_log_cb(conf, on_log);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rk = rd_kafka_new(type, conf, why, sizeof(why));
	err->status = PM_EXIT_BROKERS;
	if (!rk) {
		rd_kafka_conf_destroy(conf);
		return pm_fail(err, "%s", why);
	}
	failed = rd_kafka_metadata(rk, 1, NULL, &md, ms);
	if (failed)
		pm_fail(err, "brokers unreachable within %d ms: %s", ms, rd_kafka_err2str(failed));
	for (size_t i = 0; !failed && i < n; i++)
		if (names[i][0] != '^' && !has_topic(md, names[i])) {
			pm_fail(err, "topic %s does not exist", names[i]);
			failed = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
		}
	if (md)
		rd_kafka_metadata_destroy(md);
	rd_kafka_destroy(rk);
	return failed ? -1 : 0;
}

int pm_pipeline_check(struct pm_pipeline *pl, struct pm_err *err)
{
	rd_kafka_conf_t *consumer = pl->consumer, *producer = pl->producer;
	int ms = (int)pl->set.timeouts.connect_ms;

	pl->consumer = pl->producer = NULL;
	if (check_cluster(RD_KAFKA_CONSUMER, consumer, pl->set.input.topics.at,
			  pl->set.input.topics.len, ms, err) != 0) {
		rd_kafka_conf_destroy(producer);
		return -1;
	}
	return check_cluster(RD_KAFKA_PRODUCER, producer, pl->topics, pl->ntopics, ms, err);
}
