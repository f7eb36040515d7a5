#include "stage/reference.h"

#include <inttypes.h>
#include <string.h>

#include "core/metrics.h"
#include "filters/registry.h"
#include "stage/driver_state.h"
#include "stage/settings.h"

void pm_option_type_text(const struct pm_option *o, char *to, size_t size)
{
	size_t n = 0;

	switch (o->type) {
	case PM_OPT_BOOL:
		snprintf(to, size, "true or false");
		break;
	case PM_OPT_INT:
		snprintf(to, size, "whole number, %" PRId64 " to %" PRId64, o->min, o->max);
		break;
	case PM_OPT_STRING:
		snprintf(to, size, "string");
		break;
	case PM_OPT_ENUM:
		for (size_t i = 0; o->choices[i] && n < size; i++)
			n += (size_t)snprintf(to + n, size - n, "%s%s", i ? ", " : "one of ", o->choices[i]);
		break;
	case PM_OPT_STRINGS:
		snprintf(to, size, "array of strings");
		break;
	case PM_OPT_JSON:
		snprintf(to, size, "JSON");
		break;
	}
}

static void options_table(const struct pm_option *o, FILE *to)
{
	fprintf(to, "| option | type | default | what |\n| --- | --- | --- | --- |\n");
	for (; o && o->name; o++) {
		char type[160];

		pm_option_type_text(o, type, sizeof(type));
		fprintf(to, "| `%s` | %s | %s%s%s | %s |\n", o->name, type, o->def ? "`" : "",
			o->def ? o->def : "none", o->def ? "`" : "", o->doc);
	}
	fprintf(to, "\n");
}

static bool in_default_chain(const struct pm_filter *f)
{
	for (size_t i = 0; pm_filters_default[i]; i++)
		if (pm_filters_default[i] == f)
			return true;
	return false;
}

void pm_reference_filters(FILE *to)
{
	fprintf(to, "# Filters\n\nPrinted by `pagemill filters --markdown`; `make docs` writes it.\n\n"
		"Every filter may also fail a page with `arena_full` or `effort`.\n\n");
	for (size_t i = 0; pm_filters[i]; i++) {
		const struct pm_filter *f = pm_filters[i];

		fprintf(to, "## %s\n\n%s\n\nVersion %u%s.\n\n", f->name, f->summary, f->version,
			in_default_chain(f) ? ", in the default chain" : "");
		if (f->options)
			options_table(f->options, to);
		for (size_t r = 0; f->reasons && f->reasons[r]; r++)
			fprintf(to, "%s`%s`", r ? ", " : "Reasons: ", f->reasons[r]);
		if (f->reasons && f->reasons[0])
			fprintf(to, ".\n\n");
	}
}

void pm_reference_settings(FILE *to)
{
	for (const struct pm_settings_group *g = pm_settings_groups; g->name; g++) {
		fprintf(to, "## %s\n\n", g->name[0] ? g->name : "The file");
		options_table(g->options, to);
	}
}

void pm_reference_metrics(FILE *to)
{
	struct pm_metrics m = { 0 };
	struct pm_buf text = { .max = 1 << 20 };
	struct pm_slice s;

	pm_metrics_add(&m, pm_driver_metric_table, NULL);
	pm_metrics_document(&m, &text);
	s = pm_buf_get(&text);
	fprintf(to, "# Metrics\n\nPrinted by `pagemill run --metrics-markdown`; `make docs` writes it.\n\n%.*s",
		PM_FMT(s));
	pm_buf_free(&text);
}
