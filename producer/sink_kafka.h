/* producer/sink_kafka.h -- records to Kafka topics by librdkafka's idempotent producer. */
#ifndef PM_PRODUCER_SINK_KAFKA_H
#define PM_PRODUCER_SINK_KAFKA_H

#include <librdkafka/rdkafka.h>

#include "producer/sink.h"

/* What pagemill prefers to librdkafka's defaults; called before the user's own properties are set:
 * zstd (the one codec that this librdkafka applies with every broker version), no Nagle, ten
 * seconds instead of thirty until a topic that brokers won't create counts as missing. linger.ms
 * keeps librdkafka's 5 ms. -1: err. */
int pm_sink_kafka_defaults(rd_kafka_conf_t *conf, struct pm_err *err);

/* `conf` holds connection, security and the user's properties; it is the sink's from here on, also
 * after a failure. What the sink relies on is set on top: idempotence, acks=all, no message
 * timeout, Java's partitioner, message.max.bytes of 128 MiB, callbacks, the log queue, statistics
 * each second. `queue_bytes` is the budget of librdkafka's queue; a record is not copied into it,
 * and one of the largest size fits always. NULL: err with a status. */
struct pm_sink *pm_sink_kafka_new(rd_kafka_conf_t *conf, size_t queue_bytes, int connect_ms,
				  struct pm_err *err);

/* Before open: the prefixes that topics made from page data begin with, borrowed until open
 * returns. Limits of those that exist already are then known. */
void pm_sink_kafka_prefixes(struct pm_sink *s, const struct pm_slice *prefixes, size_t n);

/* The bound on a batch in bytes (batch.size as configured, or the smallest max.message.bytes of the
 * topics, if that is less). Valid after open. */
size_t pm_sink_kafka_batch(const struct pm_sink *s);

/* What one outcome of librdkafka means for one record: the only place that tells errors apart.
 * `dynamic`: the topic's name was made from page data. *status is set with PM_DELIVERY_FATAL. */
enum pm_delivery pm_sink_kafka_outcome(rd_kafka_resp_err_t err, bool dynamic, int *status);

#endif
