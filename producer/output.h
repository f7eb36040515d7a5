/* producer/output.h -- `output` of the configuration, and what comes of one page: records, copies,
 * tombstones, each with its key and headers, in one block of memory. */
#ifndef PM_PRODUCER_OUTPUT_H
#define PM_PRODUCER_OUTPUT_H

#include "core/config.h"
#include "core/message.h"
#include "core/page.h"
#include "producer/out.h"
#include "producer/route.h"

enum pm_output_key {
	PM_KEY_URL, PM_KEY_HOST, PM_KEY_DOMAIN, PM_KEY_INPUT, PM_KEY_NONE,
};

struct pm_output {
	const char *topic;              /* NULL: none given */
	const char *dead_letter;        /* NULL: failed pages are only counted and logged */
	enum pm_output_key key;
	const json_t *kafka;            /* borrowed from the config, for the stage; NULL: none */
	struct pm_routes *routes;
};

/* From "output" (NULL: defaults). Strings live as long as `cf`. Faults go to `cf`; NULL when there
 * were any. `can` NULL: routes are not checked against a chain. `sends` is set where records go to
 * topics, so that a missing output.topic is a fault. */
struct pm_output *pm_output_new(const json_t *output, struct pm_config *cf,
				const struct pm_producible *can, bool sends);
void pm_output_free(struct pm_output *output);

/* Every topic that can be written, i from 0, the dead-letter topic last; false behind it. */
bool pm_output_topic(const struct pm_output *output, size_t i, struct pm_topic_use *use);
/* Whether `topic` is one of them, or could be one made from page data: what an input may not be. */
bool pm_output_writes(const struct pm_output *output, const char *topic);

/* The key of what comes of a page, as `key` says; the message's where the page lacks the part. */
struct pm_slice pm_output_key_of(const struct pm_output *output, const struct pm_message *msg,
				 const struct pm_page *page);

/* What travels in headers and never in the record; NULL leaves a header out. */
struct pm_journey {
	const char *chain;              /* the digest */
	const char *version;            /* the program's */
	const char *pipeline;
	const char *run;                /* replays only */
};

/* The record of a page to each of `routed`'s topics, headers and key included. Slices borrow from
 * `msg`, which must outlive the block; all else is copied into it. NULL: out of memory. free() ends
 * it. */
struct pm_outs *pm_output_record(const struct pm_output *output, const struct pm_message *msg,
				 const struct pm_page *page, struct pm_slice record,
				 const struct pm_routed *routed, const struct pm_journey *journey);
/* The tombstone of a message without a value: to output.topic under the input's key. */
struct pm_outs *pm_output_tombstone(const struct pm_output *output, const struct pm_message *msg,
				    const struct pm_journey *journey);

#endif
