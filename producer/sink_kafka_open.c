/* Before the first record: brokers answer, topics are there, a batch's bound is known. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "producer/sink_kafka_impl.h"

enum {
	STATUS_REFUSED = 69,
	STATUS_INTERNAL = 70,
	STATUS_CONFIG = 78,
	SLICE_MS = 1000,   /* of waiting, between which log lines are written */
	CHECK_MS = 5000,   /* for a list of topics while records flow: the control thread waits */
	LIMITS_MS = 10000, /* at most for the topics' limits, which we can do without */
};

/* -- the client ---------------------------------------------------------------------------- */
static int start(struct pm_kafka_sink *k, struct pm_err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(k->conf);
	char text[200], size[32] = "";
	size_t len = sizeof(size);
	rd_kafka_queue_t *queue;

	k->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
	if (!k->rk) {
		rd_kafka_conf_destroy(conf);
		err->status = STATUS_CONFIG;
		return pm_fail(err, "output.kafka: %s", text);
	}
	/* Log lines come out where we poll: our logger is then called by one thread only. */
	rd_kafka_set_log_queue(k->rk, NULL);
	queue = rd_kafka_queue_get_main(k->rk);
	if (k->sink.wake >= 0) {
		const uint64_t one = 1;

		rd_kafka_queue_io_event_enable(queue, k->sink.wake, &one, sizeof(one));
	}
	rd_kafka_queue_destroy(queue);
	if (rd_kafka_conf_get(k->conf, "batch.size", size, &len) == RD_KAFKA_CONF_OK)
		k->batch = (size_t)strtoull(size, NULL, 10);
	return 0;
}

/* A broker that hangs leaves no word of its own, so the line names whom we asked. */
static void unreachable(const struct pm_kafka_sink *k, const char *why, struct pm_err *err)
{
	char brokers[200] = "";
	size_t size = sizeof(brokers);

	rd_kafka_conf_get(rd_kafka_conf(k->rk), "bootstrap.servers", brokers, &size);
	pm_fail(err, "output: brokers %s unreachable within %d ms: %s", brokers, k->connect_ms,
		why);
}

/* All topics of the cluster: asking for ours by name could make the brokers create them. */
static const struct rd_kafka_metadata *all_topics(struct pm_kafka_sink *k, int64_t deadline,
						  struct pm_err *err)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t code;
	int64_t left;

	do {
		left = deadline - pm_clock_ms();
		if (left > SLICE_MS)
			left = SLICE_MS;
		code = rd_kafka_metadata(k->rk, 1, NULL, &md, left > 1 ? (int)left : 1);
		rd_kafka_poll(k->rk, 0);
		if (!code)
			return md;
	} while (pm_clock_ms() < deadline && !k->fatal);
	err->status = STATUS_REFUSED;
	if (k->fatal)
		*err = k->err;
	else
		unreachable(k, *k->err.msg ? k->err.msg : rd_kafka_err2str(code), err);
	return NULL;
}

static bool known(const struct rd_kafka_metadata *md, const char *topic)
{
	for (int i = 0; i < md->topic_cnt; i++)
		if (strcmp(md->topics[i].topic, topic) == 0)
			return true;
	return false;
}

static int check_fixed(const struct rd_kafka_metadata *md, const char *const *fixed, size_t n,
		       struct pm_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (known(md, fixed[i]))
			continue;
		err->status = STATUS_REFUSED;
		return pm_fail(err, "output: topic %s does not exist, or this user may not see it",
			       fixed[i]);
	}
	return 0;
}

/* -- limits -------------------------------------------------------------------------------- */
static bool of_ours(const struct pm_kafka_sink *k, const char *topic, const char *const *fixed,
		    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(fixed[i], topic) == 0)
			return true;
	for (size_t i = 0; i < k->nprefixes; i++)
		if (strncmp(topic, k->prefixes[i].ptr, k->prefixes[i].len) == 0)
			return true;
	return false;
}

static void add_resource(rd_kafka_ConfigResource_t **at, size_t *len, rd_kafka_ResourceType_t type,
			 const char *name)
{
	at[*len] = rd_kafka_ConfigResource_new(type, name);
	if (at[*len])
		++*len;
}

/* One answer: the smallest limit that it names, or SIZE_MAX. */
static size_t limit_of(const rd_kafka_ConfigResource_t *resource)
{
	const rd_kafka_ConfigEntry_t **entries;
	size_t n, limit = SIZE_MAX;

	if (rd_kafka_ConfigResource_error(resource)) {
		pm_log(PM_INFO, "a topic's limit is not known",
		       PM_S("topic", rd_kafka_ConfigResource_name(resource)),
		       PM_S("error", rd_kafka_err2str(rd_kafka_ConfigResource_error(resource))),
		       NULL);
		return SIZE_MAX;
	}
	entries = rd_kafka_ConfigResource_configs(resource, &n);
	for (size_t i = 0; i < n; i++) {
		const char *name = rd_kafka_ConfigEntry_name(entries[i]);
		const char *value = rd_kafka_ConfigEntry_value(entries[i]);
		size_t bytes = value ? (size_t)strtoull(value, NULL, 10) : 0;

		/* A broker's own is message.max.bytes: what topics to come will have. */
		if ((strcmp(name, "max.message.bytes") == 0 ||
		     strcmp(name, "message.max.bytes") == 0) &&
		    bytes && bytes < limit)
			limit = bytes;
	}
	return limit;
}

static size_t ask(struct pm_kafka_sink *k, rd_kafka_ConfigResource_t **at, size_t len,
		  int32_t broker, int ms)
{
	rd_kafka_AdminOptions_t *options =
		rd_kafka_AdminOptions_new(k->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(k->rk);
	const rd_kafka_ConfigResource_t **answers;
	size_t n, limit = SIZE_MAX;
	rd_kafka_event_t *event;
	char text[128];

	rd_kafka_AdminOptions_set_request_timeout(options, ms, text, sizeof(text));
	/* Any broker knows topics; a broker's own settings only itself. */
	rd_kafka_AdminOptions_set_broker(options, broker, text, sizeof(text));
	rd_kafka_DescribeConfigs(k->rk, at, len, options, queue);
	event = rd_kafka_queue_poll(queue, ms + SLICE_MS);
	if (event && !rd_kafka_event_error(event)) {
		answers = rd_kafka_DescribeConfigs_result_resources(
			rd_kafka_event_DescribeConfigs_result(event), &n);
		for (size_t i = 0; i < n; i++)
			if (limit_of(answers[i]) < limit)
				limit = limit_of(answers[i]);
	} else if (event) {
		pm_log(PM_INFO, "the topics' limits are not known",
		       PM_S("error", rd_kafka_event_error_string(event)), NULL);
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_queue_destroy(queue);
	return limit;
}

/* A broker refuses a whole batch for its size. Batches no larger than the smallest limit are
 * refused only where one record alone is too large, and that one travels alone. */
static size_t smallest_limit(struct pm_kafka_sink *k, const struct rd_kafka_metadata *md,
			     const char *const *fixed, size_t n, int64_t deadline)
{
	rd_kafka_ConfigResource_t **at = calloc((size_t)md->topic_cnt + 1, sizeof(*at));
	int64_t left = deadline - pm_clock_ms();
	size_t len = 0, limit = SIZE_MAX;
	char broker[16];

	if (left > LIMITS_MS)
		left = LIMITS_MS;
	if (!at || left < 1 || !md->broker_cnt) {
		free(at);
		return SIZE_MAX;
	}
	for (int i = 0; i < md->topic_cnt; i++)
		if (of_ours(k, md->topics[i].topic, fixed, n))
			add_resource(at, &len, RD_KAFKA_RESOURCE_TOPIC, md->topics[i].topic);
	if (k->nprefixes) {
		snprintf(broker, sizeof(broker), "%" PRId32, md->brokers[0].id);
		add_resource(at, &len, RD_KAFKA_RESOURCE_BROKER, broker);
	}
	if (len)
		limit = ask(k, at, len, md->brokers[0].id, (int)left);
	rd_kafka_ConfigResource_destroy_array(at, len);
	free(at);
	return limit;
}

/* batch.size can't be changed once a client exists. */
static int restart(struct pm_kafka_sink *k, size_t batch, struct pm_err *err)
{
	char size[32], text[200];

	snprintf(size, sizeof(size), "%zu", batch);
	if (rd_kafka_conf_set(k->conf, "batch.size", size, text, sizeof(text)) !=
	    RD_KAFKA_CONF_OK) {
		err->status = STATUS_INTERNAL;
		return pm_fail(err, "batch.size: %s", text);
	}
	rd_kafka_destroy(k->rk);
	k->rk = NULL;
	return start(k, err);
}

/* -- all of it ----------------------------------------------------------------------------- */
/* Handles of topics that are known to exist, and where their partitions are: the first record to a
 * topic would wait up to a second for that. */
static int warm_up(struct pm_kafka_sink *k, const char *const *fixed, size_t n, int64_t deadline,
		   struct pm_err *err)
{
	const struct rd_kafka_metadata *md;
	int64_t left;

	k->topics = calloc(n + 1, sizeof(*k->topics));
	if (!k->topics)
		goto fail;
	for (size_t i = 0; i < n; i++) {
		k->topics[k->ntopics] = rd_kafka_topic_new(k->rk, fixed[i], NULL);
		if (!k->topics[k->ntopics])
			goto fail;
		k->ntopics++;
	}
	left = deadline - pm_clock_ms();
	if (n && rd_kafka_metadata(k->rk, 0, NULL, &md, left > 100 ? (int)left : 100) == 0)
		rd_kafka_metadata_destroy(md);
	return 0;
fail:
	err->status = STATUS_INTERNAL;
	return pm_fail(err, "output: topic handles: %s", rd_kafka_err2str(rd_kafka_last_error()));
}

int pm_sink_kafka_check(struct pm_kafka_sink *k, const char *const *fixed, size_t n,
			struct pm_err *err)
{
	const struct rd_kafka_metadata *md = all_topics(k, pm_clock_ms() + CHECK_MS, err);
	int rc = md ? check_fixed(md, fixed, n, err) : -1;

	if (md)
		rd_kafka_metadata_destroy(md);
	return rc;
}

int pm_sink_kafka_connect(struct pm_kafka_sink *k, const char *const *fixed, size_t n,
			  struct pm_err *err)
{
	int64_t deadline = pm_clock_ms() + k->connect_ms;
	const struct rd_kafka_metadata *md;
	size_t limit;
	int rc;

	if (start(k, err) != 0)
		return -1;
	md = all_topics(k, deadline, err);
	if (!md)
		return -1;
	rc = check_fixed(md, fixed, n, err);
	limit = rc == 0 ? smallest_limit(k, md, fixed, n, deadline) : SIZE_MAX;
	rd_kafka_metadata_destroy(md);
	if (rc == 0 && limit < k->batch)
		rc = restart(k, limit, err);
	return rc == 0 ? warm_up(k, fixed, n, deadline, err) : -1;
}
