/* The Kafka sink against librdkafka's mock cluster: what arrives, what brokers refuse, what they do
 * rarely. The mock has no DescribeConfigs, so that limits are unknown here. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "core/log.h"
#include "producer/sink_kafka.h"
#include "tests/test.h"

enum { PRODUCE = 0, INIT_PRODUCER_ID = 22, WAIT_MS = 15000 };

static rd_kafka_t *host;
static rd_kafka_mock_cluster_t *cluster;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void cluster_start(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char text[200];

	rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
	host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
	cluster = rd_kafka_mock_cluster_new(host, 1);
	rd_kafka_mock_topic_create(cluster, "out", 1, 1);
	rd_kafka_mock_topic_create(cluster, "dead", 1, 1);
}

static void cluster_stop(void)
{
	rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(host);
}

static rd_kafka_conf_t *conf_new(const char *brokers)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	struct pm_err err;

	CHECK(pm_sink_kafka_defaults(conf, &err) == 0);
	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, NULL, 0);
	rd_kafka_conf_set(conf, "reconnect.backoff.max.ms", "200", NULL, 0);
	rd_kafka_conf_set(conf, "topic.metadata.propagation.max.ms", "500", NULL, 0);
	return conf;
}

static struct pm_sink *sink_open(rd_kafka_conf_t *conf)
{
	static const char *const fixed[] = { "out", "dead" };
	struct pm_err err = { 0 };
	struct pm_sink *s = pm_sink_kafka_new(conf, 64 << 20, 10000, &err);

	if (!s)
		printf("  %s\n", err.msg);
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	CHECK(s->ops->open(s, fixed, 2, &err) == 0);
	return s;
}

static void sink_close(struct pm_sink *s)
{
	int wake = s->wake;

	s->ops->close(s);
	close(wake);
}

/* Waits on the wake descriptor alone until `n` reports are in. */
static size_t collect(struct pm_sink *s, struct pm_report *at, size_t n)
{
	int64_t deadline = now_ms() + WAIT_MS;
	size_t got = 0;

	while (got < n && now_ms() < deadline) {
		struct pollfd p = { .fd = s->wake, .events = POLLIN };
		uint64_t count;

		if (poll(&p, 1, (int)(deadline - now_ms())) > 0 && read(s->wake, &count, 8) == 8)
			got += s->ops->reports(s, at + got, n - got);
	}
	return got;
}

static struct pm_out out_of(const char *topic, struct pm_slice value)
{
	return (struct pm_out){ .topic = topic, .key = PM_LIT("k"), .value = value,
				.timestamp = 1700000000123 };
}

/* -- reading back ---------------------------------------------------------------------------- */
struct reader {
	rd_kafka_t *rk;
};

static void reader_open(struct reader *r, const char *topic)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	char text[200];

	rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster),
			  NULL, 0);
	rd_kafka_conf_set(conf, "group.id", "reader", NULL, 0);
	rd_kafka_conf_set(conf, "fetch.wait.max.ms", "50", NULL, 0);
	r->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
	rd_kafka_poll_set_consumer(r->rk);
	rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
	rd_kafka_assign(r->rk, list);
	rd_kafka_topic_partition_list_destroy(list);
}

static rd_kafka_message_t *reader_next(struct reader *r)
{
	int64_t deadline = now_ms() + WAIT_MS;

	while (now_ms() < deadline) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(r->rk, 100);

		if (m && !m->err)
			return m;
		if (m)
			rd_kafka_message_destroy(m);
	}
	return NULL;
}

static void reader_close(struct reader *r)
{
	rd_kafka_consumer_close(r->rk);
	rd_kafka_destroy(r->rk);
}

/* -- cases ------------------------------------------------------------------------------------ */
static void arrives(void)
{
	static const struct pm_header headers[] = {
		{ PM_LIT("a"), PM_LIT("1") }, { PM_LIT("b"), { NULL, 0 } },
		{ PM_LIT("a"), PM_LIT("") }, { PM_LIT("pagemill-chain"), PM_LIT("c0") },
	};
	struct pm_out out = out_of("out", PM_LIT("{\"x\":1}")), none, empty;
	rd_kafka_timestamp_type_t type;
	struct pm_report reports[3];
	rd_kafka_headers_t *got;
	rd_kafka_message_t *m;
	struct pm_sink *s;
	struct reader r;
	struct pm_err err;
	const void *value;
	const char *name;
	int cookies[3];
	size_t len;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	CHECK(s->ops->ready(s));
	CHECK(pm_sink_kafka_batch(s) == 1000000);
	out.headers = headers;
	out.nheaders = 4;
	none = out_of("out", (struct pm_slice){ 0 });
	none.key = (struct pm_slice){ 0 };
	empty = out_of("out", PM_LIT(""));
	CHECK(s->ops->send(s, &out, &cookies[0], &err) == PM_SENT);
	CHECK(s->ops->send(s, &none, &cookies[1], &err) == PM_SENT);
	CHECK(s->ops->send(s, &empty, &cookies[2], &err) == PM_SENT);
	CHECK(collect(s, reports, 3) == 3);
	for (int i = 0; i < 3; i++)
		CHECK(reports[i].delivery == PM_DELIVERED && reports[i].cookie == &cookies[i]);
	reader_open(&r, "out");
	m = reader_next(&r);
	CHECK(m && m->len == 7 && memcmp(m->payload, "{\"x\":1}", 7) == 0 && m->key_len == 1);
	CHECK(m && rd_kafka_message_timestamp(m, &type) == 1700000000123);
	CHECK(m && rd_kafka_message_headers(m, &got) == 0 && rd_kafka_header_cnt(got) == 4);
	CHECK(m && rd_kafka_header_get_all(got, 1, &name, &value, &len) == 0 && value == NULL);
	CHECK(m && rd_kafka_header_get_all(got, 2, &name, &value, &len) == 0 && value && len == 0);
	if (m)
		rd_kafka_message_destroy(m);
	m = reader_next(&r);
	CHECK(m && m->payload == NULL && m->key == NULL);
	if (m)
		rd_kafka_message_destroy(m);
	m = reader_next(&r);
	CHECK(m && m->payload != NULL && m->len == 0);
	if (m)
		rd_kafka_message_destroy(m);
	reader_close(&r);
	sink_close(s);
	cluster_stop();
}

/* What only needs patience is invisible. */
static void patience(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	rd_kafka_mock_push_request_errors(
	    cluster, PRODUCE, 3, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
	    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR__TRANSPORT);
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_DELIVERED);
	sink_close(s);
	cluster_stop();
}

/* A batch is refused: each of its records is sent again alone, and only the one that is refused
 * alone is to blame. The producer goes on. */
static void too_large(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	size_t delivered = 0, refused = 0;
	struct pm_report reports[5];
	struct pm_err err;
	struct pm_sink *s;
	rd_kafka_conf_t *conf;
	int cookies[6];

	cluster_start();
	conf = conf_new(rd_kafka_mock_cluster_bootstraps(cluster));
	rd_kafka_conf_set(conf, "linger.ms", "200", NULL, 0);
	s = sink_open(conf);
	rd_kafka_mock_push_request_errors(cluster, PRODUCE, 3, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
					  RD_KAFKA_RESP_ERR_NO_ERROR,
					  RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
	for (int i = 0; i < 5; i++)
		CHECK(s->ops->send(s, &out, &cookies[i], &err) == PM_SENT);
	CHECK(collect(s, reports, 5) == 5);
	for (int i = 0; i < 5; i++) {
		delivered += reports[i].delivery == PM_DELIVERED;
		refused += reports[i].delivery == PM_REFUSED_SIZE;
		if (reports[i].delivery == PM_REFUSED_SIZE)
			CHECK(strstr(reports[i].err.msg, "out: ") != NULL);
	}
	CHECK(refused == 1 && delivered == 4);
	/* One that was alone all the time is not sent a second time. */
	rd_kafka_mock_push_request_errors(cluster, PRODUCE, 1,
					  RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
	CHECK(s->ops->send(s, &out, &cookies[5], &err) == PM_SENT);
	CHECK(collect(s, reports, 1) == 1 && reports[0].delivery == PM_REFUSED_SIZE);
	CHECK(s->ops->send(s, &out, &cookies[5], &err) == PM_SENT);
	CHECK(collect(s, reports, 1) == 1 && reports[0].delivery == PM_DELIVERED);
	sink_close(s);
	cluster_stop();
}

/* Larger than message.max.bytes: librdkafka itself refuses it, and still there is a report. */
static void far_too_large(void)
{
	size_t size = (128 << 20) + 1;
	char *big = calloc(1, size);
	struct pm_out out = out_of("out", pm_slice(big, size));
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;
	int cookie;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	CHECK(s->ops->send(s, &out, &cookie, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_REFUSED_SIZE);
	CHECK(report.cookie == &cookie);
	sink_close(s);
	cluster_stop();
	free(big);
}

static void full_queue(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	struct pm_report reports[8];
	enum pm_sent sent = PM_SENT;
	rd_kafka_conf_t *conf;
	struct pm_err err;
	struct pm_sink *s;
	size_t n = 0;

	cluster_start();
	conf = conf_new(rd_kafka_mock_cluster_bootstraps(cluster));
	rd_kafka_conf_set(conf, "queue.buffering.max.messages", "5", NULL, 0);
	rd_kafka_conf_set(conf, "linger.ms", "300", NULL, 0);
	s = sink_open(conf);
	while (n < 8 && (sent = s->ops->send(s, &out, NULL, &err)) == PM_SENT)
		n++;
	CHECK(n == 5 && sent == PM_SENT_FULL);
	CHECK(collect(s, reports, 5) == 5);
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	s->ops->flush(s, 5000);
	CHECK(s->ops->reports(s, reports, 8) == 1 && reports[0].delivery == PM_DELIVERED);
	sink_close(s);
	cluster_stop();
}

static void no_permission(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	rd_kafka_mock_push_request_errors(cluster, PRODUCE, 1,
					  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_DELIVERY_FATAL);
	CHECK(report.err.status == 69 && strstr(report.err.msg, "out"));
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT_FATAL && err.status == 69);
	CHECK(!s->ops->ready(s));
	sink_close(s);
	cluster_stop();
}

/* A topic from page data that brokers won't have is the page's fault, and others go on. */
static void dynamic_topic(void)
{
	struct pm_out out = out_of("pages.xx", PM_LIT("v")), good = out_of("out", PM_LIT("v"));
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	rd_kafka_mock_topic_set_error(cluster, "pages.xx", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
	out.dynamic = true;
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_REFUSED_TOPIC);
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_REFUSED_TOPIC);
	CHECK(s->ops->send(s, &good, NULL, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_DELIVERED);
	out.topic = "pages.new";
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_DELIVERED);
	sink_close(s);
	cluster_stop();
}

static void missing_topic(void)
{
	static const char *const fixed[] = { "out", "pages.nowhere" };
	struct pm_err err = { 0 };
	struct pm_sink *s;

	cluster_start();
	s = pm_sink_kafka_new(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)), 64 << 20, 5000,
			      &err);
	CHECK(s && s->ops->open(s, fixed, 2, &err) == -1);
	CHECK(err.status == 69 && strstr(err.msg, "pages.nowhere"));
	s->ops->close(s);
	/* Asking has not made it. */
	s = pm_sink_kafka_new(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)), 64 << 20, 5000,
			      &err);
	CHECK(s && s->ops->open(s, fixed, 2, &err) == -1);
	s->ops->close(s);
	cluster_stop();
}

static void unreachable(void)
{
	int64_t start = now_ms();
	struct pm_err err = { 0 };
	struct pm_sink *s = pm_sink_kafka_new(conf_new("127.0.0.1:1"), 64 << 20, 700, &err);

	CHECK(s && s->ops->open(s, NULL, 0, &err) == -1 && err.status == 69);
	CHECK(strstr(err.msg, "unreachable within 700 ms") != NULL);
	CHECK(now_ms() - start < 5000);
	s->ops->close(s);
}

/* Brokers go away and come back: nothing is lost, and readiness follows within seconds. */
static void outage(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	int64_t deadline;
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	rd_kafka_mock_broker_set_down(cluster, 1);
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	for (deadline = now_ms() + 8000; s->ops->ready(s) && now_ms() < deadline; usleep(20000))
		CHECK(s->ops->reports(s, &report, 1) == 0);
	CHECK(!s->ops->ready(s));
	rd_kafka_mock_broker_set_up(cluster, 1);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_DELIVERED);
	CHECK(s->ops->ready(s));
	sink_close(s);
	cluster_stop();
}

/* A broker that hangs keeps its connection and answers nothing for longer than a while. */
static void hangs(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	int64_t deadline;
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	rd_kafka_mock_broker_set_rtt(cluster, 1, 10000);
	CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	for (deadline = now_ms() + 9500; s->ops->ready(s) && now_ms() < deadline; usleep(20000))
		CHECK(s->ops->reports(s, &report, 1) == 0);
	CHECK(!s->ops->ready(s));
	rd_kafka_mock_broker_set_rtt(cluster, 1, 0);
	CHECK(collect(s, &report, 1) == 1 && report.delivery == PM_DELIVERED);
	CHECK(s->ops->ready(s));
	sink_close(s);
	cluster_stop();
}

/* Closing with records in the air neither hangs nor reports. */
static void given_up(void)
{
	struct pm_out out = out_of("out", PM_LIT("v"));
	int64_t start;
	struct pm_err err;
	struct pm_sink *s;

	cluster_start();
	s = sink_open(conf_new(rd_kafka_mock_cluster_bootstraps(cluster)));
	rd_kafka_mock_broker_set_down(cluster, 1);
	for (int i = 0; i < 1000; i++)
		CHECK(s->ops->send(s, &out, NULL, &err) == PM_SENT);
	start = now_ms();
	sink_close(s);
	CHECK(now_ms() - start < 5000);
	cluster_stop();
}

static void bad_settings(void)
{
	rd_kafka_conf_t *conf = conf_new("127.0.0.1:1");
	struct pm_err err = { 0 };
	struct pm_sink *s;

	rd_kafka_conf_set(conf, "max.in.flight", "6", NULL, 0);
	s = pm_sink_kafka_new(conf, 64 << 20, 100, &err);
	CHECK(s && s->ops->open(s, NULL, 0, &err) == -1 && err.status == 78);
	s->ops->close(s);
}

static void outcomes(void)
{
	int status = 0;

	CHECK(pm_sink_kafka_outcome(RD_KAFKA_RESP_ERR_NO_ERROR, false, &status) == PM_DELIVERED);
	CHECK(pm_sink_kafka_outcome(RD_KAFKA_RESP_ERR_INVALID_RECORD, false, &status) ==
	      PM_REFUSED_SIZE);
	CHECK(pm_sink_kafka_outcome(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, true, &status) ==
	      PM_REFUSED_TOPIC && status == 0);
	CHECK(pm_sink_kafka_outcome(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, false, &status) ==
	      PM_DELIVERY_FATAL && status == 69);
	CHECK(pm_sink_kafka_outcome(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, true,
				    &status) == PM_DELIVERY_FATAL &&
	      status == 69);
	CHECK(pm_sink_kafka_outcome(RD_KAFKA_RESP_ERR__PURGE_QUEUE, false, &status) ==
	      PM_DELIVERY_FATAL && status == 70);
}

int main(void)
{
	pm_log_level = PM_ERROR + 1;    /* faults are wanted here */
	RUN(outcomes);
	RUN(bad_settings);
	RUN(arrives);
	RUN(patience);
	RUN(too_large);
	RUN(far_too_large);
	RUN(full_queue);
	RUN(no_permission);
	RUN(dynamic_topic);
	RUN(missing_topic);
	RUN(unreachable);
	RUN(outage);
	RUN(hangs);
	RUN(given_up);
	return DONE();
}
