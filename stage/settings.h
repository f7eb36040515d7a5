/* stage/settings.h -- a whole configuration, read and checked: what the verbs start from. */
#ifndef PM_STAGE_SETTINGS_H
#define PM_STAGE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/envelope.h"
#include "core/config.h"
#include "core/option.h"
#include "filters/chain.h"
#include "producer/output.h"

enum pm_delivery_mode { PM_AT_LEAST_ONCE, PM_EXACTLY_ONCE };

/* Which parts a verb needs: a run needs all, local verbs only what shapes records, feeding only
 * where pages go and in which form. */
enum pm_purpose { PM_FOR_LOCAL, PM_FOR_RUN, PM_FOR_FEED };

struct pm_settings {
	const char *name;               /* the pipeline's: header pagemill-pipeline */
	const char *instance;           /* NULL: none */
	const char *state_dir;          /* NULL: the usual place, "": none */
	int delivery;                   /* enum pm_delivery_mode */
	int64_t workers;                /* 0: one a core */

	struct pm_input_settings {
		struct pm_strings topics;
		int start;              /* enum pm_start */
		const char *format, *preset;
		json_t *fields, *kafka;
	} input;
	struct pm_limits {
		int64_t page_bytes, memory_bytes, effort, page_ms;
	} limits;
	struct pm_timeouts {
		int64_t connect_ms, shutdown_ms, stall_ms;
	} timeouts;
	const char *listen;             /* admin.listen */

	/* Built from the tree; NULL where the purpose has no use for it. */
	struct pm_envelope *envelope;
	struct pm_chain *chain;
	struct pm_output *output;
	json_t *filters, *admin, *output_json, *input_json, *limits_json, *timeouts_json;
};

/* Reads the tree of cf. Faults go to cf; returns 0 when there were none. The settings borrow from
 * cf. Free them in either case. */
int pm_settings_read(struct pm_settings *set, struct pm_config *cf, enum pm_purpose purpose);
void pm_settings_free(struct pm_settings *set);

/* The tables, for the reference in docs/: one group an object of the file, ends with a NULL
 * name. */
struct pm_settings_group {
	const char *name;               /* "" is the top level */
	const struct pm_option *options;
};
extern const struct pm_settings_group pm_settings_groups[];

#endif
