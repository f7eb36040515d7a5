/* stage/pipeline.h -- a configuration made ready to run between Kafka topics: for run, check,
 * demo. */
#ifndef PM_STAGE_PIPELINE_H
#define PM_STAGE_PIPELINE_H

#include <librdkafka/rdkafka.h>

#include "stage/driver.h"
#include "stage/settings.h"

struct pm_pipeline {
	struct pm_settings set;
	rd_kafka_conf_t *consumer, *producer;   /* handed over when it runs */
	const char **topics;                    /* fixed ones that are written;
						 * names are set.output's */
	size_t ntopics;
	struct pm_slice *prefixes;              /* of topics that are made from page data */
	size_t nprefixes;
	char **excluded;                        /* what a regex of input.topics must not match */
	size_t nexcluded;

	/* Optional, on the control thread: a page that came to its end; the configuration once
	 * more, for SIGHUP (NULL: it was said why). */
	void (*finished)(void *ctx, const struct pm_task *task);
	struct pm_config *(*reread)(void *ctx);
	void *ctx;
};

/* Everything of the configuration, checked. Faults go to cf; returns 0 when there were none. */
int pm_pipeline_read(struct pm_pipeline *pl, struct pm_config *cf);
void pm_pipeline_free(struct pm_pipeline *pl);

/* Asks the brokers whether every topic that is named exists. -1: err with a status. */
int pm_pipeline_check(struct pm_pipeline *pl, struct pm_err *err);
/* Runs until a signal or a fault; returns the exit status. Once. */
int pm_pipeline_run(struct pm_pipeline *pl, struct pm_summary *sum);

#endif
