/* producer/sink.h -- where records go: Kafka, a file, standard output.
 *
 * All calls come from one thread, the control thread. Records sent to one topic with one key arrive
 * in the order they were sent. */
#ifndef PM_PRODUCER_SINK_H
#define PM_PRODUCER_SINK_H

#include "core/err.h"
#include "producer/out.h"

struct pm_sink;

enum pm_sent {
	PM_SENT,                /* a report with the cookie will follow, exactly one */
	PM_SENT_FULL,           /* queue full: nothing was taken, try again after a report */
	PM_SENT_FATAL,          /* err says why, with an exit status */
};

enum pm_delivery {
	PM_DELIVERED,
	PM_REFUSED_SIZE,        /* the brokers won't take a record this large */
	PM_REFUSED_TOPIC,       /* the topic doesn't exist and wasn't made */
	PM_DELIVERY_FATAL,      /* the producer can't go on; err of the report says why */
};

struct pm_report {
	void *cookie;
	enum pm_delivery delivery;
	struct pm_err err;      /* filled unless delivered */
};

struct pm_sink_ops {
	/* Connects and checks that every topic of `fixed` exists, at most connect_ms. -1: err with
	 * a status. */
	int (*open)(struct pm_sink *s, const char *const *fixed, size_t n, struct pm_err *err);
	/* Later: whether these topics exist too, within a few seconds. NULL: any does. -1: err. */
	int (*check)(struct pm_sink *s, const char *const *fixed, size_t n, struct pm_err *err);
	enum pm_sent (*send)(struct pm_sink *s, const struct pm_out *out, void *cookie,
			     struct pm_err *err);
	/* Takes up to `max` delivery reports that have come in; never waits. */
	size_t (*reports)(struct pm_sink *s, struct pm_report *at, size_t max);
	bool (*ready)(struct pm_sink *s);       /* brokers reachable */
	/* Waits for what is in the air, at most ms, without taking its reports. */
	void (*flush)(struct pm_sink *s, int ms);
	/* Frees; what was not delivered is given up. NULL is fine. */
	void (*close)(struct pm_sink *s);
};

struct pm_sink {
	const struct pm_sink_ops *ops;
	int wake;               /* descriptor that the sink writes to
				 * when reports wait; set before open */
};

#endif
