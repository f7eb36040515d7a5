#include "stage/demo_broker.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

struct pm_demo_broker {
	rd_kafka_t *host;               /* whose mock cluster it is; also
					 * the producer of the input */
	rd_kafka_mock_cluster_t *cluster;
	rd_kafka_t *reader;
	const char *input, *letters;
	int partitions, next;
};

/* The client's chatter is no news to somebody who looks at a demo. */
static void quiet(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	pm_log(PM_DEBUG, text, NULL);
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *servers, struct pm_err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[200] = "";
	rd_kafka_t *rk;

	rd_kafka_conf_set_log_cb(conf, quiet);
	if (servers)
		rd_kafka_conf_set(conf, "bootstrap.servers", servers, NULL, 0);
	if (type == RD_KAFKA_CONSUMER) {
		rd_kafka_conf_set(conf, "group.id", "pagemill-demo-reader", NULL, 0);
		rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", NULL, 0);
		rd_kafka_conf_set(conf, "enable.auto.commit", "false", NULL, 0);
		rd_kafka_conf_set(conf, "fetch.wait.max.ms", "20", NULL, 0);
	} else {
		rd_kafka_conf_set(conf, "message.max.bytes", "8000000", NULL, 0);
		rd_kafka_conf_set(conf, "linger.ms", "0", NULL, 0);
	}
	rk = rd_kafka_new(type, conf, why, sizeof(why));
	if (!rk) {
		rd_kafka_conf_destroy(conf);
		pm_fail(err, "%s", why);
	}
	return rk;
}

static int open_reader(struct pm_demo_broker *b, const char *records, struct pm_err *err)
{
	rd_kafka_topic_partition_list_t *list;
	rd_kafka_resp_err_t failed;

	b->reader = client(RD_KAFKA_CONSUMER, pm_demo_broker_address(b), err);
	if (!b->reader)
		return -1;
	rd_kafka_poll_set_consumer(b->reader);
	list = rd_kafka_topic_partition_list_new(2);
	rd_kafka_topic_partition_list_add(list, records, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_topic_partition_list_add(list, b->letters, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
	failed = rd_kafka_assign(b->reader, list);
	rd_kafka_topic_partition_list_destroy(list);
	return failed ? pm_fail(err, "%s", rd_kafka_err2str(failed)) : 0;
}

struct pm_demo_broker *pm_demo_broker_open(const char *input, int partitions, const char *records,
					   const char *letters, struct pm_err *err)
{
	struct pm_demo_broker *b = calloc(1, sizeof(*b));

	if (!b) {
		pm_fail(err, "out of memory");
		return NULL;
	}
	*b = (struct pm_demo_broker){ .input = input, .letters = letters,
				      .partitions = partitions };
	b->host = client(RD_KAFKA_PRODUCER, NULL, err);
	if (!b->host)
		goto fail;
	b->cluster = rd_kafka_mock_cluster_new(b->host, 1);
	if (!b->cluster || rd_kafka_mock_topic_create(b->cluster, input, partitions, 1) ||
	    rd_kafka_mock_topic_create(b->cluster, records, 1, 1) ||
	    rd_kafka_mock_topic_create(b->cluster, letters, 1, 1)) {
		pm_fail(err, "the embedded broker does not start");
		goto fail;
	}
	if (rd_kafka_brokers_add(b->host, pm_demo_broker_address(b)) < 1 ||
	    open_reader(b, records, err) != 0)
		goto fail;
	return b;
fail:
	pm_demo_broker_close(b);
	return NULL;
}

void pm_demo_broker_close(struct pm_demo_broker *b)
{
	if (!b)
		return;
	if (b->reader)
		rd_kafka_destroy(b->reader);
	if (b->cluster)
		rd_kafka_mock_cluster_destroy(b->cluster);
	if (b->host)
		rd_kafka_destroy(b->host);
	free(b);
}

const char *pm_demo_broker_address(const struct pm_demo_broker *b)
{
	return rd_kafka_mock_cluster_bootstraps(b->cluster);
}

int pm_demo_broker_put(struct pm_demo_broker *b, struct pm_slice value, struct pm_err *err)
{
	rd_kafka_resp_err_t failed;

	failed = rd_kafka_producev(b->host, RD_KAFKA_V_TOPIC(b->input),
				   RD_KAFKA_V_PARTITION(b->next),
				   RD_KAFKA_V_VALUE((void *)value.ptr, value.len),
				   RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
	b->next = (b->next + 1) % b->partitions;
	if (!failed)
		failed = rd_kafka_flush(b->host, 10000);
	return failed ? pm_fail(err, "the embedded broker takes no page: %s",
				rd_kafka_err2str(failed))
		      : 0;
}

static struct pm_slice reason_of(const rd_kafka_message_t *msg)
{
	rd_kafka_headers_t *headers;
	const void *value;
	size_t size;

	if (rd_kafka_message_headers(msg, &headers) ||
	    rd_kafka_header_get_last(headers, "__pagemill.errors.reason", &value, &size) || !value)
		return (struct pm_slice){ 0 };
	return pm_slice(value, size);
}

bool pm_demo_broker_take(struct pm_demo_broker *b, int ms,
			 void (*show)(struct pm_slice value, bool letter, struct pm_slice reason))
{
	rd_kafka_message_t *msg = rd_kafka_consumer_poll(b->reader, ms);
	bool took = msg && !msg->err;

	if (took)
		show(pm_slice(msg->payload, msg->len),
		     strcmp(rd_kafka_topic_name(msg->rkt), b->letters) == 0, reason_of(msg));
	if (msg)
		rd_kafka_message_destroy(msg);
	return took;
}
