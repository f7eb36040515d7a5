#include "producer/sink_kafka.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "producer/sink_kafka_impl.h"

enum {
	CHUNK = 256,            /* flights that are allocated together */
	SILENT_MAX = 2,         /* statistics without a broker until they count as away */
	MUTE_MAX = 5,           /* and without an answer, though something waits for one */
	STATUS_REFUSED = 69,    /* EX_UNAVAILABLE */
	STATUS_INTERNAL = 70,   /* EX_SOFTWARE */
	STATUS_CONFIG = 78,     /* EX_CONFIG */
	RECORD_MAX = 128 << 20, /* bytes: message.max.bytes */
	RECORD_OVERHEAD = 1 << 20,
};

struct pm_flight_chunk {
	struct pm_flight_chunk *next;
	struct pm_flight at[CHUNK];
};

static struct pm_kafka_sink *of(struct pm_sink *s)
{
	return (struct pm_kafka_sink *)s;
}

/* -- outcomes ------------------------------------------------------------------------------ */
enum pm_delivery pm_sink_kafka_outcome(rd_kafka_resp_err_t err, bool dynamic, int *status)
{
	switch (err) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return PM_DELIVERED;
	/* These are about the record: another one may pass. */
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
	case RD_KAFKA_RESP_ERR_INVALID_RECORD:
	case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
		return PM_REFUSED_SIZE;
	/* A name from page data may be any; a configured topic was there at the start. */
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
	case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
	case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
	case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
		if (dynamic)
			return PM_REFUSED_TOPIC;
		*status = STATUS_REFUSED;
		return PM_DELIVERY_FATAL;
	default:
		/* Codes of the protocol are the brokers' word; those below zero are librdkafka's
		 * own. What can be tried again never comes here: librdkafka does so without an end.
		 */
		*status = err > 0 || err == RD_KAFKA_RESP_ERR__AUTHENTICATION ? STATUS_REFUSED
									      : STATUS_INTERNAL;
		return PM_DELIVERY_FATAL;
	}
}

/* Whether a refusal of the whole batch may be another record's fault: not when the record is larger
 * than a batch of several may be, or was the only one in the air from its sending to its report. */
static bool blameless(const struct pm_kafka_sink *k, const struct pm_flight *flight)
{
	int status;

	return flight->err && flight->alone != k->sends && flight->bytes <= k->batch &&
	       pm_sink_kafka_outcome(flight->err, false, &status) == PM_REFUSED_SIZE;
}

static void set_fatal(struct pm_kafka_sink *k, rd_kafka_resp_err_t err, const char *text,
		      int status)
{
	if (k->fatal)
		return;
	k->fatal = true;
	k->err.status = status;
	pm_fail(&k->err, "output: %s (%s)", text, rd_kafka_err2name(err));
}

/* -- flights ------------------------------------------------------------------------------- */
static void push(struct pm_flight_list *list, struct pm_flight *flight)
{
	flight->next = NULL;
	if (list->last)
		list->last->next = flight;
	else
		list->first = flight;
	list->last = flight;
}

static struct pm_flight *pop(struct pm_flight_list *list)
{
	struct pm_flight *flight = list->first;

	if (flight) {
		list->first = flight->next;
		if (!list->first)
			list->last = NULL;
	}
	return flight;
}

static struct pm_flight *flight_new(struct pm_kafka_sink *k)
{
	struct pm_flight *flight;

	if (!k->spare) {
		struct pm_flight_chunk *chunk = calloc(1, sizeof(*chunk));

		if (!chunk)
			return NULL;
		chunk->next = k->chunks;
		k->chunks = chunk;
		for (size_t i = 0; i < CHUNK; i++) {
			chunk->at[i].next = k->spare;
			k->spare = &chunk->at[i];
		}
	}
	flight = k->spare;
	k->spare = flight->next;
	return flight;
}

static void flight_free(struct pm_kafka_sink *k, struct pm_flight *flight)
{
	flight->next = k->spare;
	k->spare = flight;
}

static void wake(const struct pm_kafka_sink *k)
{
	const uint64_t one = 1;

	if (k->sink.wake >= 0 && write(k->sink.wake, &one, sizeof(one)) < 0)
		return; /* a counter that is full wakes too */
}

/* -- callbacks: all of them run inside rd_kafka_poll, on the control thread ------------------ */
static void set_up(struct pm_kafka_sink *k, bool up)
{
	if (k->up == up)
		return;
	k->up = up;
	if (up)
		pm_log(PM_INFO, "brokers back", PM_S("client", "producer"), NULL);
	else
		pm_log(PM_WARN, "brokers away", PM_S("client", "producer"),
		       PM_S("error", k->err.msg), NULL);
}

static void on_report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
	struct pm_flight *flight = message->_private;
	struct pm_kafka_sink *k = opaque;

	k->in_air--;
	flight->err = message->err;
	if (!message->err) {
		k->silent = k->mute = 0;
		set_up(k, true);
	}
	push(blameless(k, flight) ? &k->again : &k->done, flight);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
	rd_kafka_resp_err_t err = (rd_kafka_resp_err_t)code;
	struct pm_kafka_sink *k = opaque;
	char text[256];
	int status;

	if (err == RD_KAFKA_RESP_ERR__FATAL) {
		err = rd_kafka_fatal_error(rk, text, sizeof(text));
		pm_sink_kafka_outcome(err, false, &status);
		set_fatal(k, err, text, err > 0 ? STATUS_REFUSED : STATUS_INTERNAL);
		wake(k);
		return;
	}
	if (!k->fatal)
		pm_fail(&k->err, "%s", reason);
	if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
		set_up(k, false);
}

/* How many answers came in so far: the last "rx", behind those of single brokers. */
static uint64_t answers_in(const char *json, size_t len)
{
	static const char rx[] = "\"rx\":";
	const char *end = json + len, *at, *last = NULL;

	for (at = json; (at = memmem(at, (size_t)(end - at), rx, sizeof(rx) - 1)); last = at)
		at += sizeof(rx) - 1;
	return last ? strtoull(last, NULL, 10) : 0;
}

/* Connections come and go without a callback, but statistics name the state of each broker. One
 * that hangs keeps its connection: it shows by answering nothing. */
static int on_stats(rd_kafka_t *rk, char *json, size_t len, void *opaque)
{
	static const char up[] = "\"state\":\"UP\"";
	struct pm_kafka_sink *k = opaque;
	uint64_t answers = answers_in(json, len);

	k->silent = memmem(json, len, up, sizeof(up) - 1) ? 0 : k->silent + 1;
	k->mute = answers == k->answers && k->in_air ? k->mute + 1 : 0;
	k->answers = answers;
	if (k->silent == 0 && k->mute == 0)
		set_up(k, true);
	else if (k->silent >= SILENT_MAX || k->mute >= MUTE_MAX)
		set_up(k, false);
	return 0;
}

/* librdkafka speaks syslog's levels. */
/* Connections that break come to error_cb as well, which says it once. */
static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	bool said_elsewhere = strcmp(facility, "FAIL") == 0 || strcmp(facility, "ERROR") == 0 ||
			      strcmp(facility, "REQTMOUT") == 0;
	enum pm_level ours = said_elsewhere || level > 5 ? PM_DEBUG
			     : level == 5		 ? PM_INFO
							 : PM_WARN;

	pm_log(ours, "librdkafka", PM_S("facility", facility), PM_S("line", text), NULL);
}

/* -- sending ------------------------------------------------------------------------------- */
static rd_kafka_headers_t *headers_of(const struct pm_out *out)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(out->nheaders);

	for (size_t i = 0; i < out->nheaders; i++) {
		const struct pm_header *h = &out->headers[i];

		if (rd_kafka_header_add(headers, h->name.ptr, (ssize_t)h->name.len, h->value.ptr,
					(ssize_t)h->value.len)) {
			rd_kafka_headers_destroy(headers);
			return NULL;
		}
	}
	return headers;
}

static rd_kafka_topic_t *handle_of(const struct pm_kafka_sink *k, const char *topic)
{
	for (size_t i = 0; i < k->ntopics; i++)
		if (strcmp(rd_kafka_topic_name(k->topics[i]), topic) == 0)
			return k->topics[i];
	return NULL;
}

/* librdkafka takes the value without copying it: the caller's block lives until the report. A
 * timestamp of 0 means "now" to it. */
static rd_kafka_resp_err_t produce(struct pm_kafka_sink *k, struct pm_flight *flight)
{
	const struct pm_out *out = &flight->out;
	rd_kafka_topic_t *handle = handle_of(k, out->topic);
	rd_kafka_headers_t *headers = headers_of(out);
	int64_t timestamp = out->timestamp > 0 ? out->timestamp : 0;
	rd_kafka_resp_err_t err;

	if (!headers)
		return RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
	if (handle)
		err = rd_kafka_producev(k->rk, RD_KAFKA_V_RKT(handle), RD_KAFKA_V_MSGFLAGS(0),
				      RD_KAFKA_V_KEY((void *)out->key.ptr, out->key.len),
				      RD_KAFKA_V_VALUE((void *)out->value.ptr, out->value.len),
				      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_TIMESTAMP(timestamp),
				      RD_KAFKA_V_OPAQUE(flight), RD_KAFKA_V_END);
	else
		err = rd_kafka_producev(k->rk, RD_KAFKA_V_TOPIC(out->topic), RD_KAFKA_V_MSGFLAGS(0),
				      RD_KAFKA_V_KEY((void *)out->key.ptr, out->key.len),
				      RD_KAFKA_V_VALUE((void *)out->value.ptr, out->value.len),
				      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_TIMESTAMP(timestamp),
				      RD_KAFKA_V_OPAQUE(flight), RD_KAFKA_V_END);
	if (err) {
		rd_kafka_headers_destroy(headers);
		return err;
	}
	k->sends++;
	flight->alone = k->in_air++ ? 0 : k->sends;
	return err;
}

static size_t bytes_of(const struct pm_out *out)
{
	size_t bytes = out->key.len + out->value.len;

	for (size_t i = 0; i < out->nheaders; i++)
		bytes += out->headers[i].name.len + out->headers[i].value.len;
	return bytes;
}

static enum pm_sent kafka_send(struct pm_sink *s, const struct pm_out *out, void *cookie,
			       struct pm_err *err)
{
	struct pm_kafka_sink *k = of(s);
	struct pm_flight *flight;

	if (k->fatal) {
		*err = k->err;
		return PM_SENT_FATAL;
	}
	/* Until the refused ones had their turn nothing may pass them. */
	if (k->again.first)
		return PM_SENT_FULL;
	flight = flight_new(k);
	if (!flight) {
		err->status = STATUS_INTERNAL;
		pm_fail(err, "out of memory");
		return PM_SENT_FATAL;
	}
	*flight = (struct pm_flight){ .out = *out, .cookie = cookie, .bytes = bytes_of(out) };
	flight->err = produce(k, flight);
	if (flight->err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
		flight_free(k, flight);
		return PM_SENT_FULL;
	}
	if (flight->err) {
		push(&k->done, flight);
		wake(k);
	}
	return PM_SENT;
}

/* One refused record at a time, with nothing else in the air, so that what the brokers say is about
 * this record. It has lost its place: what followed it in librdkafka's queue went before. That
 * takes a topic whose limit is below batch.size and could not be learned at the start. */
static void resend(struct pm_kafka_sink *k)
{
	struct pm_flight *flight;

	if (k->in_air || !k->again.first || k->fatal)
		return;
	flight = pop(&k->again);
	flight->err = produce(k, flight);
	if (flight->err)
		push(&k->done, flight);
}

/* -- reports ------------------------------------------------------------------------------- */
static void report(struct pm_kafka_sink *k, struct pm_flight *flight, struct pm_report *to)
{
	int status = 0;

	*to = (struct pm_report){ .cookie = flight->cookie };
	to->delivery = pm_sink_kafka_outcome(flight->err, flight->out.dynamic, &status);
	if (to->delivery != PM_DELIVERED) {
		pm_fail(&to->err, "%s: %s (%s)", flight->out.topic, rd_kafka_err2str(flight->err),
			rd_kafka_err2name(flight->err));
		to->err.status = status;
	}
	if (to->delivery == PM_DELIVERY_FATAL) {
		/* Behind a fatal error every record is purged: the error itself says more. */
		if (k->fatal)
			to->err = k->err;
		set_fatal(k, flight->err, to->err.msg, status);
	}
	flight_free(k, flight);
}

static size_t kafka_reports(struct pm_sink *s, struct pm_report *at, size_t max)
{
	struct pm_kafka_sink *k = of(s);
	struct pm_flight *flight;
	size_t n = 0;

	rd_kafka_poll(k->rk, 0);
	resend(k);
	while (n < max && (flight = pop(&k->done)))
		report(k, flight, &at[n++]);
	if (k->done.first)
		wake(k);
	return n;
}

static bool kafka_ready(struct pm_sink *s)
{
	return of(s)->up && !of(s)->fatal;
}

static void kafka_flush(struct pm_sink *s, int ms)
{
	struct pm_kafka_sink *k = of(s);

	rd_kafka_flush(k->rk, ms);
	resend(k);
}

static void kafka_close(struct pm_sink *s)
{
	struct pm_kafka_sink *k = of(s);

	if (!s)
		return;
	for (size_t i = 0; i < k->ntopics; i++)
		rd_kafka_topic_destroy(k->topics[i]);
	free(k->topics);
	if (k->rk) {
		rd_kafka_purge(k->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
					      RD_KAFKA_PURGE_F_NON_BLOCKING);
		rd_kafka_destroy(k->rk);
	}
	if (k->conf)
		rd_kafka_conf_destroy(k->conf);
	for (struct pm_flight_chunk *chunk = k->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(k);
}

static int kafka_open(struct pm_sink *s, const char *const *fixed, size_t n, struct pm_err *err)
{
	struct pm_kafka_sink *k = of(s);

	if (pm_sink_kafka_connect(k, fixed, n, err) != 0)
		return -1;
	k->up = true;
	return 0;
}

/* -- settings ------------------------------------------------------------------------------ */
static int set(rd_kafka_conf_t *conf, const char *name, const char *value, struct pm_err *err)
{
	char text[200];

	if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) == RD_KAFKA_CONF_OK)
		return 0;
	err->status = STATUS_CONFIG;
	return pm_fail(err, "output.kafka: %s: %s", name, text);
}

int pm_sink_kafka_defaults(rd_kafka_conf_t *conf, struct pm_err *err)
{
	if (set(conf, "compression.type", "zstd", err) != 0 ||
	    set(conf, "topic.metadata.propagation.max.ms", "10000", err) != 0)
		return -1;
	return set(conf, "socket.nagle.disable", "true", err);
}

static int relied_on(rd_kafka_conf_t *conf, size_t queue_bytes, struct pm_err *err)
{
	static const char *const properties[][2] = {
		{ "enable.idempotence", "true" },
		{ "acks", "all" }, { "message.timeout.ms", "0" },
		{ "partitioner", "murmur2_random" }, { "message.max.bytes", "134217728" },
		{ "statistics.interval.ms", "1000" }, { "log.queue", "true" },
		/* Without keys each record goes its own way, not a batch of them the same one. */
		{ "sticky.partitioning.linger.ms", "0" },
	};
	size_t least = RECORD_MAX + RECORD_OVERHEAD;
	char kbytes[32];

	/* A record that is larger than the whole queue would be "queue full" for ever. */
	snprintf(kbytes, sizeof(kbytes), "%zu", (queue_bytes > least ? queue_bytes : least) / 1024);
	for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
		if (set(conf, properties[i][0], properties[i][1], err) != 0)
			return -1;
	return set(conf, "queue.buffering.max.kbytes", kbytes, err);
}

static int kafka_check(struct pm_sink *s, const char *const *fixed, size_t n, struct pm_err *err)
{
	return pm_sink_kafka_check((struct pm_kafka_sink *)s, fixed, n, err);
}

static const struct pm_sink_ops ops = {
	.open = kafka_open, .check = kafka_check, .send = kafka_send, .reports = kafka_reports,
	.ready = kafka_ready, .flush = kafka_flush, .close = kafka_close,
};

struct pm_sink *pm_sink_kafka_new(rd_kafka_conf_t *conf, size_t queue_bytes, int connect_ms,
				  struct pm_err *err)
{
	struct pm_kafka_sink *k = calloc(1, sizeof(*k));

	if (!k) {
		rd_kafka_conf_destroy(conf);
		err->status = STATUS_INTERNAL;
		pm_fail(err, "out of memory");
		return NULL;
	}
	k->sink = (struct pm_sink){ &ops, -1 };
	k->conf = conf;
	k->connect_ms = connect_ms;
	rd_kafka_conf_set_opaque(conf, k);
	rd_kafka_conf_set_dr_msg_cb(conf, on_report);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_stats_cb(conf, on_stats);
	rd_kafka_conf_set_log_cb(conf, on_log);
	if (relied_on(conf, queue_bytes, err) != 0) {
		kafka_close(&k->sink);
		return NULL;
	}
	return &k->sink;
}

void pm_sink_kafka_prefixes(struct pm_sink *s, const struct pm_slice *prefixes, size_t n)
{
	of(s)->prefixes = prefixes;
	of(s)->nprefixes = n;
}

size_t pm_sink_kafka_batch(const struct pm_sink *s)
{
	return ((const struct pm_kafka_sink *)s)->batch;
}
