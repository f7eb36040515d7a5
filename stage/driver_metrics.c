/* stage/driver_metrics.c -- what a run counts, as PRODUCT names it, rendered on the control
 * thread. */
#include <stdio.h>
#include <stdlib.h>

#include "consumer/source.h"
#include "core/reason.h"
#include "filters/registry.h"
#include "stage/driver_state.h"

enum { LAGS = 4096 };           /* partitions whose lag is shown */

/* Bytes of a message's value. */
static const uint64_t size_bounds[15] = {
	1 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10, 128 << 10, 256 << 10, 512 << 10,
	1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20, 64 << 20,
};

void pm_driver_count_size(struct pm_driver *d, size_t bytes)
{
	d->page_bytes[pm_histogram_bucket(size_bounds, 15, bytes)]++;
	d->page_bytes_sum += bytes;
}

/* -- readers ----------------------------------------------------------------------------------- */

static void one(struct pm_metric_page *to, uint64_t value)
{
	pm_metric_sample(to, NULL, (int64_t)value);
}

static void read_received(struct pm_metric_page *to, void *owner)
{
	one(to, pm_engine_stats(((struct pm_driver *)owner)->engine)->received);
}

static void read_returned(struct pm_metric_page *to, void *owner)
{
	one(to, pm_engine_stats(((struct pm_driver *)owner)->engine)->returned);
}

static void read_memory(struct pm_metric_page *to, void *owner)
{
	one(to, pm_engine_stats(((struct pm_driver *)owner)->engine)->bytes);
}

static void read_tally(struct pm_metric_page *to, const struct pm_tally *t)
{
	for (size_t i = 0; i < t->len; i++)
		pm_metric_sample(to, (const char *const *)t->at[i].label, (int64_t)t->at[i].n);
}

static void read_dropped(struct pm_metric_page *to, void *owner)
{
	read_tally(to, &((struct pm_driver *)owner)->dropped);
}

static void read_failed(struct pm_metric_page *to, void *owner)
{
	read_tally(to, &((struct pm_driver *)owner)->failed);
}

static void read_produced(struct pm_metric_page *to, void *owner)
{
	read_tally(to, &((struct pm_driver *)owner)->produced);
}

static void read_observed(struct pm_metric_page *to, void *owner)
{
	struct pm_driver *d = owner;

	for (size_t i = 0; i < pm_chain_len(d->work->chain); i++) {
		const struct pm_filter *f = pm_chain_filter(d->work->chain, i);

		for (unsigned r = 0;
		     pm_chain_observes(d->work->chain, i) && f->reasons && f->reasons[r]; r++) {
			const char *labels[] = { f->name, f->reasons[r] };

			pm_metric_sample(to, labels,
					 (int64_t)d->counts[pm_filter_index(f)].observed[r]);
		}
	}
}

static void read_durations(struct pm_metric_page *to, void *owner)
{
	struct pm_driver *d = owner;

	for (size_t i = 0; i < pm_chain_len(d->work->chain); i++) {
		const struct pm_filter *f = pm_chain_filter(d->work->chain, i);
		const struct pm_filter_count *count = &d->counts[pm_filter_index(f)];
		struct pm_histogram h = {
			.bounds = pm_count_bucket,
			.counts = count->bucket,
			.n = PM_COUNT_BUCKETS - 1,
			.sum = count->nanoseconds,
		};

		pm_metric_histogram(to, &f->name, &h);
	}
}

static void read_sizes(struct pm_metric_page *to, void *owner)
{
	struct pm_driver *d = owner;
	struct pm_histogram h = {
		.bounds = size_bounds, .counts = d->page_bytes, .n = 15, .sum = d->page_bytes_sum,
	};

	pm_metric_histogram(to, NULL, &h);
}

/* From the finished prefix to the last stable offset; never negative, as the end may be older. */
static void read_lag(struct pm_metric_page *to, void *owner)
{
	struct pm_driver *d = owner;
	struct pm_source *source = d->conf->source;
	size_t n = source->ops->lag(source, d->lag, LAGS);

	for (size_t i = 0; i < n; i++) {
		int64_t finished = pm_engine_finished(d->engine, d->lag[i].slot);
		char partition[16];
		const char *labels[] = { pm_source_topic(source, d->lag[i].slot), partition };

		if (finished < 0 || d->lag[i].end < 0)
			continue;
		snprintf(partition, sizeof(partition), "%d",
			 pm_source_partition(source, d->lag[i].slot));
		pm_metric_sample(to, labels,
				 d->lag[i].end > finished ? d->lag[i].end - finished : 0);
	}
}

static void read_transactions(struct pm_metric_page *to, void *owner)
{
	static const char *const outcomes[] = { "committed", "aborted" };

	for (size_t i = 0; i < 2; i++)
		pm_metric_sample(to, &outcomes[i], 0);
}

static void read_build(struct pm_metric_page *to, void *owner)
{
	struct pm_driver *d = owner;
	const char *labels[] = { PM_VERSION, d->work->journey.chain };

	pm_metric_sample(to, labels, 1);
}

const struct pm_metric pm_driver_metric_table[] = {
	{ "pagemill_pages_received_total", PM_COUNTER, "Pages taken from the input.",
	  .read = read_received },
	{ "pagemill_pages_emitted_total", PM_COUNTER, "Pages whose record the brokers have taken.",
	  .offset = offsetof(struct pm_driver, sum.emitted) },
	{ "pagemill_pages_dropped_total", PM_COUNTER, "Pages dropped on purpose.",
	  .labels = { "filter", "reason" }, .read = read_dropped },
	{ "pagemill_pages_failed_total", PM_COUNTER, "Pages that became dead letters.",
	  .labels = { "filter", "reason" }, .read = read_failed },
	{ "pagemill_pages_returned_total", PM_COUNTER,
	  "Pages given up unfinished: another owner of the partition does them again.",
	  .read = read_returned },
	{ "pagemill_pages_observed_total", PM_COUNTER,
	  "Pages that a step with \"observe\" would have dropped.",
	  .labels = { "filter", "reason" }, .read = read_observed },
	{ "pagemill_records_produced_total", PM_COUNTER, "Records that the brokers have taken.",
	  .labels = { "topic" }, .read = read_produced },
	{ "pagemill_filter_duration_seconds", PM_HISTOGRAM, "Time of a page in a filter.",
	  .labels = { "filter" }, .decimals = 9, .read = read_durations },
	{ "pagemill_page_bytes", PM_HISTOGRAM, "Size of the messages' values.",
	  .read = read_sizes },
	{ "pagemill_consumer_lag", PM_GAUGE,
	  "Records from the finished prefix to the last stable offset, own partitions.",
	  .labels = { "topic", "partition" }, .read = read_lag },
	{ "pagemill_rebalances_total", PM_COUNTER, "Changes of the assignment, the first included.",
	  .offset = offsetof(struct pm_driver, rebalances) },
	{ "pagemill_transactions_total", PM_COUNTER, "Transactions of exactly_once.",
	  .labels = { "outcome" }, .read = read_transactions },
	{ "pagemill_memory_bytes", PM_GAUGE, "Bytes in flight, as limits.memory_bytes bounds them.",
	  .read = read_memory },
	{ "pagemill_build_info", PM_GAUGE, "Always 1; the labels say what runs.",
	  .labels = { "version", "chain" }, .read = read_build },
	{ 0 }
};

/* -- zeros ------------------------------------------------------------------------------------- */

/* Whatever could be counted shows as zero from the start, so that alerts see the first one. */
void pm_driver_metrics_zeros(struct pm_driver *d)
{
	const struct pm_chain *chain = d->work->chain;
	const struct pm_output *output = d->work->output;
	const char *reason;

	for (int r = PM_REASON_BAD_JSON; r <= PM_REASON_ARENA_FULL; r++)
		if (r != PM_REASON_RECORD_TOO_LARGE)
			pm_tally_add(&d->failed, "envelope", pm_reason_name((enum pm_reason)r), 0);
	pm_tally_add(&d->failed, "envelope", pm_reason_name(PM_REASON_CRASHED_BEFORE), 0);
	for (size_t i = 0; i < pm_chain_len(chain); i++) {
		const struct pm_filter *f = pm_chain_filter(chain, i);

		pm_tally_add(&d->failed, f->name, pm_reason_name(PM_REASON_ARENA_FULL), 0);
		pm_tally_add(&d->failed, f->name, pm_reason_name(PM_REASON_EFFORT), 0);
		for (unsigned r = 0; f->reasons && f->reasons[r]; r++) {
			pm_tally_add(&d->failed, f->name, f->reasons[r], 0);
			pm_tally_add(&d->dropped, f->name, f->reasons[r], 0);
		}
	}
	pm_tally_add(&d->failed, "route", pm_reason_name(PM_REASON_ARENA_FULL), 0);
	pm_tally_add(&d->failed, "produce", pm_reason_name(PM_REASON_RECORD_TOO_LARGE), 0);
	pm_tally_add(&d->failed, "produce", pm_reason_name(PM_REASON_NO_TOPIC), 0);
	for (size_t i = 0; output && (reason = pm_routes_reason(output->routes, i)); i++)
		pm_tally_add(&d->dropped, "route", reason, 0);
	for (size_t i = 0; i < d->work->ntopics; i++)
		pm_tally_add(&d->produced, d->work->topics[i], NULL, 0);
}

void pm_driver_metrics_open(struct pm_driver *d)
{
	if (!d->conf->listen)
		return;
	d->text.max = 64 << 20;
	d->counts = calloc(pm_filters_len(), sizeof(*d->counts));
	d->lag = calloc(LAGS, sizeof(*d->lag));
	pm_metrics_add(&d->metrics, pm_driver_metric_table, d);
	pm_driver_metrics_zeros(d);
}

void pm_driver_metrics_close(struct pm_driver *d)
{
	pm_tally_free(&d->dropped);
	pm_tally_free(&d->failed);
	pm_tally_free(&d->produced);
	pm_buf_free(&d->text);
	free(d->counts);
	free(d->lag);
}

void pm_driver_metrics_render(struct pm_driver *d)
{
	pm_buf_reset(&d->text);
	if (!d->counts || !d->lag)
		return;
	memset(d->counts, 0, pm_filters_len() * sizeof(*d->counts));
	pm_pool_counts(d->pool, d->counts);
	pm_metrics_render(&d->metrics, &d->text);
}
