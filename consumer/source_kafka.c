#include "consumer/kafka_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"

enum {
	SKIP_MAX = 1000,        /* messages passed over in one poll,
				 * so that other work gets its turn */
};

static struct pm_kafka *kafka(struct pm_source *s)
{
	return (struct pm_kafka *)s;
}

static void wake(const struct pm_kafka *k)
{
	const uint64_t one = 1;

	if (write(k->source.wake, &one, sizeof(one)) < 0)
		return;         /* full: it is awake already */
}

/* -- settings -------------------------------------------------------------------------------- */

int pm_kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct pm_err *err)
{
	char why[200];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK)
		return 0;
	err->status = PM_EXIT_CONFIG;
	return pm_fail(err, "%.40s: %.180s", name, why);
}

/* librdkafka's sizes count in bytes as they travel: a batch of one page repeated unpacks to a
 * hundred times that. Small fetches keep what arrives at once within the queue's budget. */
enum {
	FETCH_SHARE = 4,
	PARTITION_SHARE = 256,
	PARTITION_LEAST = 64 << 10,
	PARTITION_MOST = 1 << 20
};

static int set_fetches(rd_kafka_conf_t *conf, size_t queue_bytes, struct pm_err *err)
{
	size_t partition = queue_bytes / PARTITION_SHARE, all = queue_bytes / FETCH_SHARE;
	char text[24];

	partition = partition < PARTITION_LEAST ? PARTITION_LEAST : partition;
	partition = partition > PARTITION_MOST ? PARTITION_MOST : partition;
	snprintf(text, sizeof(text), "%zu", partition);
	if (pm_kafka_set(conf, "fetch.message.max.bytes", text, err) < 0)
		return -1;
	snprintf(text, sizeof(text), "%zu", all < PARTITION_MOST ? (size_t)PARTITION_MOST :
		 all > 50 << 20 ? (size_t)50 << 20 : all);
	return pm_kafka_set(conf, "fetch.max.bytes", text, err);
}

/* A commit that meets the brokers between two generations of the group costs the whole assignment
 * (librdkafka before 2.10, issues 4059 and 4908). Only its debug lines tell when that is. */
static int set_debug(rd_kafka_conf_t *conf, struct pm_err *err)
{
	char text[512] = "";
	size_t size = sizeof(text) - sizeof(",cgrp");

	if (rd_kafka_conf_get(conf, "debug", text, &size) != RD_KAFKA_CONF_OK)
		text[0] = 0;
	strcat(text, text[0] ? ",cgrp" : "cgrp");
	return pm_kafka_set(conf, "debug", text, err);
}

/* What the source's promises rest on. */
static int set_what_we_rely_on(rd_kafka_conf_t *conf, size_t queue_bytes, struct pm_err *err)
{
	static const char *const fixed[][2] = {
		{ "enable.auto.commit", "false" },
		{ "enable.auto.offset.store", "false" },
		{ "auto.offset.reset", "error" },
		{ "isolation.level", "read_committed" },
		{ "partition.assignment.strategy", "cooperative-sticky" },
		{ "allow.auto.create.topics", "false" },
		{ "log.connection.close", "false" },
	};
	char kbytes[24];

	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (pm_kafka_set(conf, fixed[i][0], fixed[i][1], err) < 0)
			return -1;
	/* Counted in units of 1024 bytes; 2097151 is the most that it takes. */
	queue_bytes /= 1024;
	snprintf(kbytes, sizeof(kbytes), "%zu",
		 queue_bytes < 1 ? 1 : queue_bytes > 2097151 ? 2097151 : queue_bytes);
	if (pm_kafka_set(conf, "queued.max.messages.kbytes", kbytes, err) < 0)
		return -1;
	if (set_debug(conf, err) < 0 || set_fetches(conf, queue_bytes * 1024, err) < 0)
		return -1;
	/* From 2.2.0 on: without it a full queue stops fetching for a second. */
	rd_kafka_conf_set(conf, "fetch.queue.backoff.ms", "10", NULL, 0);
	return 0;
}

/* A topic's name as a regex: of its characters only the dot means anything else there. */
static void add_excluded(struct pm_buf *list, const char *name)
{
	if (list->len)
		pm_buf_char(list, ',');
	if (name[0] == '^') {
		pm_buf_str(list, name);
		return;
	}
	pm_buf_char(list, '^');
	for (; *name; name++)
		if (*name == '.')
			pm_buf_str(list, "[.]");
		else
			pm_buf_char(list, *name);
	pm_buf_char(list, '$');
}

static int set_excluded(rd_kafka_conf_t *conf, const char *const *names, size_t n,
			struct pm_err *err)
{
	struct pm_buf list = { .max = 1 << 20 };
	int failed;

	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		add_excluded(&list, names[i]);
	pm_buf_char(&list, 0);
	err->status = PM_EXIT_CONFIG;
	failed = list.failed ? pm_fail(err, "too many topics to leave out")
			     : pm_kafka_set(conf, "topic.blacklist", list.ptr, err);
	pm_buf_free(&list);
	return failed;
}

static const struct pm_source_ops kafka_ops;

struct pm_source *pm_source_kafka_new(const struct pm_kafka_source_conf *conf, struct pm_err *err)
{
	struct pm_kafka *k = calloc(1, sizeof(*k));
	size_t size;

	if (!k) {
		err->status = PM_EXIT_INTERNAL;
		pm_fail(err, "out of memory");
		rd_kafka_conf_destroy(conf->conf);
		return NULL;
	}
	k->source = (struct pm_source){ .ops = &kafka_ops, .wake = -1 };
	k->conf = conf->conf;
	k->start = conf->start;
	k->connect_ms = conf->connect_ms;
	k->stop = conf->stop;
	k->keep_at_ms = INT64_MAX;
	size = sizeof(k->servers);
	if (rd_kafka_conf_get(k->conf, "bootstrap.servers", k->servers, &size) != RD_KAFKA_CONF_OK)
		snprintf(k->servers, sizeof(k->servers), "(many)");
	k->topics = rd_kafka_topic_partition_list_new((int)conf->ntopics);
	for (size_t i = 0; i < conf->ntopics; i++)
		rd_kafka_topic_partition_list_add(k->topics, conf->topics[i],
						  RD_KAFKA_PARTITION_UA);
	if (set_what_we_rely_on(k->conf, conf->queue_bytes, err) < 0 ||
	    set_excluded(k->conf, conf->excluded, conf->nexcluded, err) < 0) {
		pm_kafka_close(&k->source);
		return NULL;
	}
	rd_kafka_conf_set_opaque(k->conf, k);
	rd_kafka_conf_set_rebalance_cb(k->conf, pm_kafka_rebalance_cb);
	rd_kafka_conf_set_error_cb(k->conf, pm_kafka_error_cb);
	rd_kafka_conf_set_log_cb(k->conf, pm_kafka_log_cb);
	return &k->source;
}

/* -- poll ------------------------------------------------------------------------------------ */

/* Tells the bounded assignment, which no group announces. */
static void announce(struct pm_kafka *k)
{
	struct pm_position *starts = malloc((k->slots.len + 1) * sizeof(*starts));

	k->announced = true;
	if (!starts) {
		pm_kafka_fatal(k, PM_EXIT_INTERNAL, "out of memory");
		return;
	}
	for (uint32_t i = 0; i < k->slots.len; i++)
		starts[i] = (struct pm_position){ i, k->slots.at[i].next };
	k->events.assign(k->events.ctx, starts, k->slots.len);
	free(starts);
}

static bool at_end(const struct pm_kafka_slot *slot)
{
	return slot->assigned && !slot->ended && slot->next >= slot->to;
}

static enum pm_poll report_end(struct pm_kafka *k, uint32_t *slot)
{
	for (uint32_t i = 0; i < k->slots.len; i++)
		if (at_end(&k->slots.at[i])) {
			k->slots.at[i].ended = true;
			k->ends_due--;
			*slot = i;
			return PM_POLL_END;
		}
	k->ends_due = 0;
	return PM_POLL_NONE;
}

/* The next offset to come, which may be the bound. */
static void move_on(struct pm_kafka *k, struct pm_kafka_slot *slot, int64_t next)
{
	bool before = at_end(slot);

	if (next > slot->next)
		slot->next = next;
	if (before || !at_end(slot))
		return;
	k->ends_due++;
	wake(k);
}

static size_t copy_headers(struct pm_kafka *k, const rd_kafka_message_t *rkm)
{
	rd_kafka_headers_t *headers;
	size_t n;

	if (rd_kafka_message_headers(rkm, &headers))
		return 0;
	n = rd_kafka_header_cnt(headers);
	if (n > k->headers_cap) {
		struct pm_header *grown = realloc(k->headers, n * sizeof(*grown));

		if (!grown)
			return SIZE_MAX;
		k->headers = grown;
		k->headers_cap = n;
	}
	for (size_t i = 0; i < n; i++) {
		const char *name;
		const void *value;
		size_t len;

		rd_kafka_header_get_all(headers, i, &name, &value, &len);
		k->headers[i] = (struct pm_header){ pm_slice_str(name), { value, len } };
	}
	return n;
}

/* The message as ours: librdkafka's would pin the whole answer that it came in. */
static struct pm_message *copy(struct pm_kafka *k, const rd_kafka_message_t *rkm, uint32_t slot)
{
	rd_kafka_timestamp_type_t type;
	struct pm_message from = {
		.key = { rkm->key, rkm->key ? rkm->key_len : 0 },
		.value = { rkm->payload, rkm->payload ? rkm->len : 0 },
		.topic = k->slots.at[slot].topic,
		.partition = rkm->partition, .slot = slot, .offset = rkm->offset,
	};
	size_t n = copy_headers(k, rkm);

	if (n == SIZE_MAX)
		return NULL;
	from.headers = k->headers;
	from.nheaders = n;
	from.timestamp = rd_kafka_message_timestamp(rkm, &type);
	from.create_time = type == RD_KAFKA_TIMESTAMP_CREATE_TIME;
	if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
		from.timestamp = -1;
	return pm_message_copy(&from);
}

/* NONE: nothing for the caller, look again. */
static enum pm_poll take(struct pm_kafka *k, const rd_kafka_message_t *rkm, struct pm_message **msg)
{
	const char *topic = rkm->rkt ? rd_kafka_topic_name(rkm->rkt) : "";
	uint32_t slot = pm_kafka_slot_find(&k->slots, topic, rkm->partition);
	struct pm_kafka_slot *s = slot == PM_KAFKA_NO_SLOT ? NULL : &k->slots.at[slot];

	if (rkm->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
		if (s && s->assigned)
			move_on(k, s, rkm->offset);
		return PM_POLL_NONE;
	}
	if (rkm->err) {
		pm_kafka_consumer_error(k, rkm);
		return PM_POLL_NONE;
	}
	k->poison = 0;
	/* Fetching can begin again at an old position (librdkafka 2.0.2, issue 4636). */
	if (!s || !s->assigned || rkm->offset < s->next)
		return PM_POLL_NONE;
	if (rkm->offset >= s->to) {
		move_on(k, s, s->to);
		return PM_POLL_NONE;
	}
	*msg = copy(k, rkm, slot);
	if (!*msg) {
		pm_kafka_fatal(k, PM_EXIT_INTERNAL, "out of memory");
		return PM_POLL_FATAL;
	}
	move_on(k, s, rkm->offset + 1);
	return PM_POLL_MSG;
}

static enum pm_poll kafka_poll(struct pm_source *s, struct pm_message **msg, uint32_t *slot,
			       struct pm_err *err)
{
	struct pm_kafka *k = kafka(s);
	enum pm_poll got = PM_POLL_NONE;
	rd_kafka_message_t *rkm;

	if (k->bounded && !k->announced)
		announce(k);
	pm_kafka_serve(k);
	if (k->ends_due && !k->failed)
		got = report_end(k, slot);
	for (int skipped = 0; got == PM_POLL_NONE && !k->failed; skipped++) {
		rkm = skipped < SKIP_MAX ? rd_kafka_consumer_poll(k->rk, 0) : NULL;
		if (skipped == SKIP_MAX)
			wake(k);
		if (!rkm)
			break;
		got = take(k, rkm, msg);
		rd_kafka_message_destroy(rkm);
	}
	if (k->failed && got != PM_POLL_MSG) {
		*err = k->fatal;
		return PM_POLL_FATAL;
	}
	return got;
}

/* -- the other operations -------------------------------------------------------------------- */

static void kafka_pause(struct pm_source *s, bool paused)
{
	struct pm_kafka *k = kafka(s);
	rd_kafka_topic_partition_list_t *list = NULL;

	if (k->paused == paused)
		return;
	k->paused = paused;
	if (rd_kafka_assignment(k->rk, &list))
		return;
	if (paused)
		rd_kafka_pause_partitions(k->rk, list);
	else
		rd_kafka_resume_partitions(k->rk, list);
	rd_kafka_topic_partition_list_destroy(list);
}

static void kafka_seek(struct pm_source *s, const struct pm_position *at, size_t n)
{
	struct pm_kafka *k = kafka(s);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
	rd_kafka_error_t *error;

	for (size_t i = 0; i < n; i++) {
		struct pm_kafka_slot *slot = &k->slots.at[at[i].slot];

		if (!slot->assigned)
			continue;
		slot->next = at[i].offset;
		rd_kafka_topic_partition_list_add(list, slot->topic, slot->partition)->offset =
			at[i].offset;
	}
	/* -1: any other time-out is a thousandth of what it says (2.0.2). Nothing is asked of
	 * brokers. */
	error = rd_kafka_seek_partitions(k->rk, list, -1);
	if (error) {
		pm_kafka_fatal(k, PM_EXIT_INTERNAL, "going back: %.200s",
			       rd_kafka_error_string(error));
		rd_kafka_error_destroy(error);
	}
	rd_kafka_topic_partition_list_destroy(list);
}

static bool kafka_ready(struct pm_source *s)
{
	return kafka(s)->joined && !kafka(s)->away;
}

static size_t kafka_lag(struct pm_source *s, struct pm_lag *out, size_t max)
{
	struct pm_kafka *k = kafka(s);
	int64_t now = pm_clock_ms();
	size_t n = 0;

	for (uint32_t i = 0; i < k->slots.len && n < max; i++) {
		const struct pm_kafka_slot *slot = &k->slots.at[i];

		if (!slot->assigned)
			continue;
		out[n] = (struct pm_lag){ i, -1 };
		/* What was read since the brokers were asked is in the log all the same. */
		if (slot->end >= 0 && now - slot->end_ms <= 5000)
			out[n].end = slot->end > slot->next ? slot->end : slot->next;
		n++;
	}
	return n;
}

static const char *kafka_name(const struct pm_source *s, uint32_t slot, int32_t *partition)
{
	const struct pm_kafka *k = (const struct pm_kafka *)s;

	*partition = k->slots.at[slot].partition;
	return k->slots.at[slot].topic;
}

static void kafka_serve(struct pm_source *s)
{
	pm_kafka_serve(kafka(s));
}

static const struct pm_source_ops kafka_ops = {
	.open = pm_kafka_open,
	.poll = kafka_poll,
	.commit = pm_kafka_commit,
	.pause = kafka_pause,
	.seek = kafka_seek,
	.ready = kafka_ready,
	.lag = kafka_lag,
	.name = kafka_name,
	.serve = kafka_serve,
	.close = pm_kafka_close,
};

const rd_kafka_consumer_group_metadata_t *pm_source_kafka_member(const struct pm_source *s)
{
	return ((const struct pm_kafka *)s)->member;
}
