/* stage/gen/reference.c -- prints the pages of docs/ that the tables in the code know: filters,
 * configuration, metrics. `make docs` writes them. */
#include <stdio.h>
#include <string.h>

#include "core/metrics.h"
#include "filters/furniture.h"
#include "filters/registry.h"
#include "stage/driver_state.h"
#include "stage/settings.h"

static void options_table(const struct pm_option *o, FILE *to)
{
	fprintf(to, "| option | type | default | what |\n| --- | --- | --- | --- |\n");
	for (; o && o->name; o++) {
		char type[160];

		pm_option_type(o, type, sizeof(type));
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

static void removed_classes(FILE *to)
{
	static const char *const names[PM_FURNITURES] = PM_FURNITURE_NAMES;
	static const char *const meanings[PM_FURNITURES] = PM_FURNITURE_MEANINGS;

	fprintf(to, "## What is removed\n\n`removed` counts the characters and blocks that are left out of "
		"the main text by class:\n\n| class | what |\n| --- | --- |\n");
	for (unsigned i = 1; i < PM_FURNITURES; i++)
		fprintf(to, "| `%s` | %s |\n", names[i], meanings[i]);
}

static void filters(FILE *to)
{
	fprintf(to, "# Filters\n\nPrinted from the code by `make docs`.\n\n"
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
	removed_classes(to);
}

static void configuration(FILE *to)
{
	fprintf(to, "# Configuration\n\nPrinted from the code by `make docs`. One JSON file; unknown keys are errors. "
		"`deploy/pagemill.json` is a complete one.\n\n"
		"Inside string values `${VAR}`, `${VAR:-default}`, `${VAR:?message}` and `${file:PATH}` are "
		"expanded; `$$` is a dollar sign.\n\n");
	for (const struct pm_settings_group *g = pm_settings_groups; g->name; g++) {
		fprintf(to, "## %s\n\n", g->name[0] ? g->name : "The file");
		options_table(g->options, to);
	}
}

static void metrics(FILE *to)
{
	struct pm_metrics m = { 0 };
	struct pm_buf text = { .max = 1 << 20 };
	struct pm_slice s;

	pm_metrics_add(&m, pm_driver_metric_table, NULL);
	pm_metrics_document(&m, &text);
	s = pm_buf_get(&text);
	fprintf(to, "# Metrics\n\nPrinted from the code by `make docs`.\n\n%.*s",
		PM_FMT(s));
	pm_buf_free(&text);
}

int main(int argc, char **argv)
{
	const char *page = argc == 2 ? argv[1] : "";

	if (strcmp(page, "filters") == 0)
		filters(stdout);
	else if (strcmp(page, "configuration") == 0)
		configuration(stdout);
	else if (strcmp(page, "metrics") == 0)
		metrics(stdout);
	else
		return 64;
	return 0;
}
