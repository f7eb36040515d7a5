/* core/metrics.h -- what is counted, described in tables and rendered as Prometheus text.
 *
 * Each owner of numbers has one static table; a row says name, type, help and labels, and where the
 * value is: at an offset in the owner's struct, or what a function sums up when it is asked.
 *
 *	static const struct pm_metric metrics[] = {
 *		{ "pagemill_rebalances_total", PM_COUNTER, "Changes of the assignment.",
 *		  .offset = offsetof(struct stats, rebalances) },
 *		{ "pagemill_pages_dropped_total", PM_COUNTER, "Pages dropped on purpose.",
 *		  .labels = { "filter", "reason" }, .read = read_dropped },
 *		{ 0 }
 *	};
 *
 * Threads: rendering reads the owners' structs, so it runs on the thread that owns them, the
 * control thread; per-worker counters are read there too, as relaxed atomics. An admin server on
 * another thread is given the rendered text, never this registry.
 * Numbers are integers in units of 10^-decimals, so that no locale and no float has a say.
 * Label values come from closed sets (filters, reasons, configured topics), never from pages. */
#ifndef PM_CORE_METRICS_H
#define PM_CORE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"

enum pm_metric_type { PM_COUNTER, PM_GAUGE, PM_HISTOGRAM };

/* Labels of one metric, and tables of one registry, at most. */
enum { PM_METRIC_LABELS = 4, PM_METRIC_TABLES = 16 };

struct pm_metric_page;  /* one rendering: where read() puts its samples */

struct pm_metric {
	const char *name;       /* with its base unit; a counter's ends with _total */
	enum pm_metric_type type;
	const char *help;       /* one sentence */
	const char *labels[PM_METRIC_LABELS];   /* names; unused ones are NULL */
	unsigned decimals;      /* the value counts 10^-decimals: 9 for nanoseconds as seconds */
	size_t offset;          /* without read: an int64_t or uint64_t in the owner's struct */
	/* Gives any number of samples by pm_metric_sample or pm_metric_histogram. */
	void (*read)(struct pm_metric_page *to, void *owner);
};

/* Counts are per bucket, not cumulative. */
struct pm_histogram {
	const uint64_t *bounds;         /* inclusive upper bounds, rising, in the metric's units */
	const uint64_t *counts;         /* n + 1: the last one is above all bounds */
	size_t n;
	uint64_t sum;                   /* of all observed values, in the metric's units */
};

/* Start with { 0 }. */
struct pm_metrics {
	struct { const struct pm_metric *table; void *owner; } at[PM_METRIC_TABLES];
	size_t len;
};

/* Adds a table (its last entry is {0}) and the struct its offsets and functions are about; both
 * must outlive the registry. Names, help and duplicates are asserted: they are ours. */
void pm_metrics_add(struct pm_metrics *m, const struct pm_metric *table, void *owner);
/* Appends the text format 0.0.4; `to->failed` says that it did not fit. */
void pm_metrics_render(const struct pm_metrics *m, struct pm_buf *to);
/* What the Content-Type header of that text is. */
#define PM_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"
/* Appends a Markdown table of the metrics: docs/METRICS.md. */
void pm_metrics_document(const struct pm_metrics *m, struct pm_buf *to);

/* For read(): one sample. `values` has one string for each label, in their order. Counters are
 * never negative. */
void pm_metric_sample(struct pm_metric_page *to, const char *const *values, int64_t value);
void pm_metric_histogram(struct pm_metric_page *to, const char *const *values,
			 const struct pm_histogram *h);

/* The bucket of counts[] that a value falls into. */
size_t pm_histogram_bucket(const uint64_t *bounds, size_t n, uint64_t value);

#endif
