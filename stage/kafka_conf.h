/* stage/kafka_conf.h -- from a "kafka" object of the configuration to librdkafka's own. */
#ifndef PM_STAGE_KAFKA_CONF_H
#define PM_STAGE_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "core/config.h"

enum pm_kafka_role { PM_KAFKA_CONSUMER, PM_KAFKA_PRODUCER };

/* A fresh rd_kafka_conf_t with every property of `object` (NULL: none) set; each is checked for its
 * name, its scope and its value, and those that the engine relies on are refused with the reason.
 * A producer starts from the connection and security properties of `base` (the input's object; NULL
 * for a consumer). Faults go to cf under `path`; NULL when there were any.
 * `instance`, when set, is the static member's and client's name. */
rd_kafka_conf_t *pm_kafka_conf(enum pm_kafka_role role, const json_t *object, const json_t *base,
			       const char *instance, struct pm_config *cf, const char *path);

#endif
