/* producer/sink_kafka_impl.h -- the Kafka sink's state, shared by its two files. */
#ifndef PM_PRODUCER_SINK_KAFKA_IMPL_H
#define PM_PRODUCER_SINK_KAFKA_IMPL_H

#include "producer/sink_kafka.h"

/* One record between send and report. */
struct pm_flight {
	struct pm_flight *next;
	struct pm_out out;
	void *cookie;
	size_t bytes;           /* key, value and headers */
	uint64_t alone; /* number of the last send, when nothing else was in the air; else 0 */
	rd_kafka_resp_err_t err;
};

struct pm_flight_list {
	struct pm_flight *first, *last;
};

struct pm_flight_chunk;

struct pm_kafka_sink {
	struct pm_sink sink;
	rd_kafka_conf_t *conf;          /* what rk was made from */
	rd_kafka_t *rk;
	rd_kafka_topic_t **topics;      /* handles of the fixed topics */
	size_t ntopics;
	const struct pm_slice *prefixes;
	size_t nprefixes;
	int connect_ms;
	size_t batch;                   /* bytes */

	struct pm_flight_list done;     /* reported by librdkafka, not yet by us */
	struct pm_flight_list again;    /* refused in a batch with others: to be sent alone */
	struct pm_flight *spare;
	struct pm_flight_chunk *chunks;
	size_t in_air;                  /* records that librdkafka holds */
	uint64_t sends;                 /* records that it was given so far */

	bool up, fatal;
	unsigned silent;                /* statistics in a row without a connected broker */
	unsigned mute;                  /* and with records in the air, but not one answer */
	uint64_t answers;               /* as of the last statistics */
	struct pm_err err;              /* why it is fatal; before that the last trouble */
};

/* Makes rk from conf, connects, checks topics, learns their limits. -1: err with a status. */
int pm_sink_kafka_connect(struct pm_kafka_sink *k, const char *const *fixed, size_t n,
			  struct pm_err *err);
/* Whether these topics exist as well. -1: err. */
int pm_sink_kafka_check(struct pm_kafka_sink *k, const char *const *fixed, size_t n,
			struct pm_err *err);

#endif
