/* filters/chain.h -- a configured row of filters: built once, read-only, shared by all workers. */
#ifndef PM_FILTERS_CHAIN_H
#define PM_FILTERS_CHAIN_H

#include "core/config.h"
#include "filters/filter.h"
#include "filters/names.h"
#include "filters/worker.h"

struct pm_chain;

enum { PM_COUNT_REASONS = 64, PM_COUNT_BUCKETS = 16 };

/* Per filter and worker, written by that worker alone, summed when read. They outlive the chain: a
 * reload may put another in its place. */
struct pm_filter_count {
	uint64_t observed[PM_COUNT_REASONS];    /* by reason: drops of an
						 * `observe` step that went on */
	uint64_t bucket[PM_COUNT_BUCKETS];      /* pages by duration: see pm_count_bucket */
	uint64_t pages, nanoseconds;
};

/* Upper bounds of the duration histogram in nanoseconds; the last bucket is the rest. */
extern const uint64_t pm_count_bucket[PM_COUNT_BUCKETS - 1];

/* Builds the chain from `steps` (the value of "filters": an array of {"name": {options}[, "observe":
 * true]}; NULL: the default chain). `seed` is what else shapes a record (page limits, input format,
 * fields, preset) as one JSON value; it goes into the digest. Faults go to `cf` under "filters[n]";
 * NULL when there were any. `cf` must outlive the chain, which ends with pm_chain_free. */
struct pm_chain *pm_chain_new(const json_t *steps, const json_t *seed, struct pm_config *cf);
/* Once nothing runs in it; NULL is fine. */
void pm_chain_free(struct pm_chain *chain);

/* Runs the page through. On DROP or FAIL *at is the step that gave it, else the chain's length.
 * `counts` (by pm_filter_index, or NULL) is the worker's own. */
struct pm_result pm_chain_run(const struct pm_chain *chain, struct pm_page *page,
			      struct pm_worker *worker, struct pm_filter_count *counts, size_t *at);

/* One step alone, as pm_chain_run takes it: for whoever looks at each. */
struct pm_result pm_chain_step(const struct pm_chain *chain, size_t at, struct pm_page *page,
			       struct pm_worker *worker);

size_t pm_chain_len(const struct pm_chain *chain);
const struct pm_filter *pm_chain_filter(const struct pm_chain *chain, size_t step);
bool pm_chain_observes(const struct pm_chain *chain, size_t step);
/* The digest: 32 hex digits; the record's provenance.chain. */
const char *pm_chain_digest(const struct pm_chain *chain);
/* provenance.filters as ready JSON: [{"name":"decode","version":1},...] */
struct pm_slice pm_chain_filters_json(const struct pm_chain *chain);
/* What it can produce, the envelope's own fields included. */
const struct pm_names *pm_chain_names(const struct pm_chain *chain);
/* The reason's name for a DROP or FAIL of step `at`; static. */
const char *pm_chain_reason(const struct pm_chain *chain, size_t at, struct pm_result r);

#endif
