/* The Prometheus text: types, labels and their escapes, decimals, histograms, the manual. */
#include "core/metrics.h"

#include "tests/test.h"

struct stats {
	uint64_t received;
	int64_t memory, balance;
	uint64_t buckets[4];
};

static const uint64_t bounds[] = {500000, 1000000000, 2500000000};

static void read_dropped(struct pm_metric_page *to, void *owner)
{
	pm_metric_sample(to, (const char *[]){"length", "too_short"}, 3);
	pm_metric_sample(to, (const char *[]){"a\"b\\c\nd\xff", ""}, 0);
}

static void read_duration(struct pm_metric_page *to, void *owner)
{
	const struct stats *stats = owner;
	struct pm_histogram h = {bounds, stats->buckets, 3, 1500000001};

	pm_metric_histogram(to, (const char *[]){"decode"}, &h);
}

static void read_size(struct pm_metric_page *to, void *owner)
{
	static const uint64_t none[1];

	pm_metric_histogram(to, NULL, &(struct pm_histogram){NULL, none, 0, 0});
}

static void read_nothing(struct pm_metric_page *to, void *owner)
{
}

static const struct pm_metric first[] = {
    {.name = "t_received_total",
     .type = PM_COUNTER,
     .help = "Pages\\ received.",
     .offset = offsetof(struct stats, received)},
    {.name = "t_memory_bytes",
     .type = PM_GAUGE,
     .help = "Held.",
     .offset = offsetof(struct stats, memory)},
    {.name = "t_balance",
     .type = PM_GAUGE,
     .help = "Lowest.",
     .decimals = 3,
     .offset = offsetof(struct stats, balance)},
    {0},
};

static const struct pm_metric second[] = {
    {.name = "t_dropped_total",
     .type = PM_COUNTER,
     .help = "Dropped.",
     .labels = {"filter", "reason"},
     .read = read_dropped},
    {.name = "t_duration_seconds",
     .type = PM_HISTOGRAM,
     .help = "Time.",
     .labels = {"filter"},
     .decimals = 9,
     .read = read_duration},
    {.name = "t_size", .type = PM_HISTOGRAM, .help = "Size.", .read = read_size},
    {.name = "t_lag",
     .type = PM_GAUGE,
     .help = "None yet.",
     .labels = {"topic"},
     .read = read_nothing},
    {0},
};

static void test_render(void)
{
	struct stats stats = {
	    .received = INT64_MAX, .memory = 0, .balance = INT64_MIN, .buckets = {1, 0, 2, 4}};
	struct pm_metrics m = {0};
	struct pm_buf b = {.max = 1 << 16};

	pm_metrics_add(&m, first, &stats);
	pm_metrics_add(&m, second, &stats);
	pm_metrics_render(&m, &b);
	CHECK(!b.failed);
	CHECK_SLICE(pm_buf_get(&b),
		    "# HELP t_received_total Pages\\\\ received.\n"
		    "# TYPE t_received_total counter\n"
		    "t_received_total 9223372036854775807\n"
		    "# HELP t_memory_bytes Held.\n"
		    "# TYPE t_memory_bytes gauge\n"
		    "t_memory_bytes 0\n"
		    "# HELP t_balance Lowest.\n"
		    "# TYPE t_balance gauge\n"
		    "t_balance -9223372036854775.808\n"
		    "# HELP t_dropped_total Dropped.\n"
		    "# TYPE t_dropped_total counter\n"
		    "t_dropped_total{filter=\"length\",reason=\"too_short\"} 3\n"
		    "t_dropped_total{filter=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\",reason=\"\"} 0\n"
		    "# HELP t_duration_seconds Time.\n"
		    "# TYPE t_duration_seconds histogram\n"
		    "t_duration_seconds_bucket{filter=\"decode\",le=\"0.0005\"} 1\n"
		    "t_duration_seconds_bucket{filter=\"decode\",le=\"1\"} 1\n"
		    "t_duration_seconds_bucket{filter=\"decode\",le=\"2.5\"} 3\n"
		    "t_duration_seconds_bucket{filter=\"decode\",le=\"+Inf\"} 7\n"
		    "t_duration_seconds_sum{filter=\"decode\"} 1.500000001\n"
		    "t_duration_seconds_count{filter=\"decode\"} 7\n"
		    "# HELP t_size Size.\n"
		    "# TYPE t_size histogram\n"
		    "t_size_bucket{le=\"+Inf\"} 0\n"
		    "t_size_sum 0\n"
		    "t_size_count 0\n"
		    "# HELP t_lag None yet.\n"
		    "# TYPE t_lag gauge\n");
	pm_buf_free(&b);
}

static void test_document(void)
{
	struct pm_metrics m = {0};
	struct pm_buf b = {.max = 1 << 16};

	pm_metrics_add(&m, second, NULL);
	pm_metrics_document(&m, &b);
	CHECK_SLICE(pm_buf_get(&b),
		    "| name | type | labels | what |\n| --- | --- | --- | --- |\n"
		    "| `t_dropped_total` | counter | `filter`, `reason` | Dropped. |\n"
		    "| `t_duration_seconds` | histogram | `filter` | Time. |\n"
		    "| `t_size` | histogram |  | Size. |\n"
		    "| `t_lag` | gauge | `topic` | None yet. |\n");
	pm_buf_free(&b);
}

/* A page that does not fit says so; nothing is written beyond the ceiling. */
static void test_full(void)
{
	struct stats stats = {0};
	struct pm_metrics m = {0};
	struct pm_buf b = {.max = 40};

	pm_metrics_add(&m, first, &stats);
	pm_metrics_render(&m, &b);
	CHECK(b.failed && b.len <= 40);
	pm_buf_free(&b);
}

/* Bounds are inclusive, as `le` says. */
static void test_bucket(void)
{
	CHECK(pm_histogram_bucket(bounds, 3, 0) == 0);
	CHECK(pm_histogram_bucket(bounds, 3, 500000) == 0);
	CHECK(pm_histogram_bucket(bounds, 3, 500001) == 1);
	CHECK(pm_histogram_bucket(bounds, 3, 2500000000) == 2);
	CHECK(pm_histogram_bucket(bounds, 3, UINT64_MAX) == 3);
	CHECK(pm_histogram_bucket(NULL, 0, 7) == 0);
}

int main(void)
{
	RUN(test_render);
	RUN(test_document);
	RUN(test_full);
	RUN(test_bucket);
	return DONE();
}
