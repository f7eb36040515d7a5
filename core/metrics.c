#include "core/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "core/utf8.h"

struct pm_metric_page {
	struct pm_buf *to;
	const struct pm_metric *metric;
};

static bool name_valid(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (; *name; name++)
		if (!(*name >= 'a' && *name <= 'z') && !(*name >= '0' && *name <= '9') &&
		    *name != '_')
			return false;
	return true;
}

static bool ends_with(const char *name, const char *end)
{
	size_t a = strlen(name), b = strlen(end);

	return a > b && strcmp(name + a - b, end) == 0;
}

static bool known(const struct pm_metrics *m, const char *name)
{
	for (size_t i = 0; i < m->len; i++)
		for (const struct pm_metric *at = m->at[i].table; at->name; at++)
			if (strcmp(at->name, name) == 0)
				return true;
	return false;
}

void pm_metrics_add(struct pm_metrics *m, const struct pm_metric *table, void *owner)
{
	assert(m->len < PM_METRIC_TABLES);
	for (const struct pm_metric *at = table; at->name; at++) {
		assert(name_valid(at->name));
		assert((at->type == PM_COUNTER) == ends_with(at->name, "_total"));
		assert(at->help && *at->help);
		assert(at->decimals <= 18);
		assert(at->read || (!at->labels[0] && at->type != PM_HISTOGRAM));
		assert(!known(m, at->name));
		for (size_t i = 0; i < PM_METRIC_LABELS && at->labels[i]; i++)
			assert(name_valid(at->labels[i]) && strcmp(at->labels[i], "le") != 0);
	}
	m->at[m->len].table = table;
	m->at[m->len++].owner = owner;
}

/* The format's escapes, which know only three; other control bytes may stand as they are, but what
 * is not UTF-8 would make the whole answer unreadable. */
static void put_escaped(struct pm_buf *to, const char *str, bool quotes)
{
	const char *at = str, *end = str + strlen(str);

	while (at < end) {
		char cp[PM_UTF8_MAX];
		uint32_t c = pm_utf8_next(&at, end);

		if (c == '\n')
			pm_buf_str(to, "\\n");
		else if (c == '\\' || (quotes && c == '"'))
			pm_buf_printf(to, "\\%c", (int)c);
		else
			pm_buf_add(to, cp, pm_utf8_put(cp, c));
	}
}

/* 1500000 with 9 decimals is 0.0015. */
static void put_number(struct pm_buf *to, bool negative, uint64_t value, unsigned decimals)
{
	uint64_t unit = 1;

	for (unsigned i = 0; i < decimals; i++)
		unit *= 10;
	pm_buf_printf(to, "%s%" PRIu64, negative ? "-" : "", value / unit);
	value %= unit;
	if (!value)
		return;
	for (; value % 10 == 0; decimals--)
		value /= 10;
	pm_buf_printf(to, ".%0*" PRIu64, (int)decimals, value);
}

/* {a="…",b="…"}; `le` is written by the caller, who then closes the braces. */
static bool put_labels(struct pm_buf *to, const struct pm_metric *metric, const char *const *values)
{
	bool any = false;

	for (size_t i = 0; i < PM_METRIC_LABELS && metric->labels[i]; i++) {
		pm_buf_printf(to, "%s%s=\"", any ? "," : "{", metric->labels[i]);
		put_escaped(to, values[i], true);
		pm_buf_char(to, '"');
		any = true;
	}
	return any;
}

static void put_sample(struct pm_metric_page *to, const char *suffix, const char *const *values,
		       bool negative, uint64_t value, unsigned decimals)
{
	pm_buf_printf(to->to, "%s%s", to->metric->name, suffix);
	if (put_labels(to->to, to->metric, values))
		pm_buf_char(to->to, '}');
	pm_buf_char(to->to, ' ');
	put_number(to->to, negative, value, decimals);
	pm_buf_char(to->to, '\n');
}

void pm_metric_sample(struct pm_metric_page *to, const char *const *values, int64_t value)
{
	assert(to->metric->type != PM_HISTOGRAM);
	assert(value >= 0 || to->metric->type == PM_GAUGE);
	put_sample(to, "", values, value < 0, value < 0 ? -(uint64_t)value : (uint64_t)value,
		   to->metric->decimals);
}

static void put_bucket(struct pm_metric_page *to, const char *const *values, const uint64_t *bound,
		       uint64_t count)
{
	pm_buf_printf(to->to, "%s_bucket", to->metric->name);
	pm_buf_str(to->to, put_labels(to->to, to->metric, values) ? ",le=\"" : "{le=\"");
	if (bound)
		put_number(to->to, false, *bound, to->metric->decimals);
	else
		pm_buf_str(to->to, "+Inf");
	pm_buf_printf(to->to, "\"} %" PRIu64 "\n", count);
}

void pm_metric_histogram(struct pm_metric_page *to, const char *const *values,
			 const struct pm_histogram *h)
{
	uint64_t count = 0;

	assert(to->metric->type == PM_HISTOGRAM);
	for (size_t i = 0; i <= h->n; i++) {
		count += h->counts[i];
		put_bucket(to, values, i < h->n ? &h->bounds[i] : NULL, count);
	}
	put_sample(to, "_sum", values, false, h->sum, to->metric->decimals);
	put_sample(to, "_count", values, false, count, 0);
}

static const char *const types[] = {
	[PM_COUNTER] = "counter", [PM_GAUGE] = "gauge", [PM_HISTOGRAM] = "histogram",
};

void pm_metrics_render(const struct pm_metrics *m, struct pm_buf *to)
{
	for (size_t i = 0; i < m->len; i++) {
		for (const struct pm_metric *at = m->at[i].table; at->name; at++) {
			struct pm_metric_page page = { to, at };
			int64_t value;

			pm_buf_printf(to, "# HELP %s ", at->name);
			put_escaped(to, at->help, false);
			pm_buf_printf(to, "\n# TYPE %s %s\n", at->name, types[at->type]);
			if (at->read) {
				at->read(&page, m->at[i].owner);
				continue;
			}
			memcpy(&value, (const char *)m->at[i].owner + at->offset, sizeof(value));
			pm_metric_sample(&page, NULL, value);
		}
	}
}

void pm_metrics_document(const struct pm_metrics *m, struct pm_buf *to)
{
	pm_buf_str(to, "| name | type | labels | what |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < m->len; i++) {
		for (const struct pm_metric *at = m->at[i].table; at->name; at++) {
			pm_buf_printf(to, "| `%s` | %s | ", at->name, types[at->type]);
			for (size_t l = 0; l < PM_METRIC_LABELS && at->labels[l]; l++)
				pm_buf_printf(to, "%s`%s`", l ? ", " : "", at->labels[l]);
			pm_buf_printf(to, " | %s |\n", at->help);
		}
	}
}

size_t pm_histogram_bucket(const uint64_t *bounds, size_t n, uint64_t value)
{
	size_t i = 0;

	while (i < n && value > bounds[i])
		i++;
	return i;
}
