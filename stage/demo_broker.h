/* stage/demo_broker.h -- librdkafka's mock cluster inside this process, and its two ends: pages in,
 * records out. It keeps 5 MiB a partition and silently drops what is older, so it is fed in
 * step. */
#ifndef PM_STAGE_DEMO_BROKER_H
#define PM_STAGE_DEMO_BROKER_H

#include <stdbool.h>

#include "core/err.h"
#include "core/slice.h"

struct pm_demo_broker;

/* Starts it with the input topic (`partitions` of them) and the two outputs (one each). */
struct pm_demo_broker *pm_demo_broker_open(const char *input, int partitions, const char *records,
					   const char *letters, struct pm_err *err);
/* NULL is fine. */
void pm_demo_broker_close(struct pm_demo_broker *b);
/* What bootstrap.servers is. */
const char *pm_demo_broker_address(const struct pm_demo_broker *b);

/* Puts one value into the next partition of the input, and waits until it is there. -1: err. */
int pm_demo_broker_put(struct pm_demo_broker *b, struct pm_slice value, struct pm_err *err);
/* Takes the next record or dead letter within ms; calls show while it is valid. false: none
 * came. */
bool pm_demo_broker_take(struct pm_demo_broker *b, int ms,
			 void (*show)(struct pm_slice value, bool letter, struct pm_slice reason));

#endif
