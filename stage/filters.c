/* stage/filters.c -- the verb `filters`: what the filters are and which options they take. */
#include <stdio.h>

#include "core/option.h"
#include "filters/registry.h"
#include "stage/cli.h"

static void list(void)
{
	for (size_t i = 0; pm_filters[i]; i++)
		printf("%-12s %3u  %s\n", pm_filters[i]->name, pm_filters[i]->version,
		       pm_filters[i]->summary);
}

static void show(const struct pm_filter *f)
{
	printf("%s, version %u\n%s\n", f->name, f->version, f->summary);
	for (const struct pm_option *o = f->options; o && o->name; o++) {
		char type[128];

		pm_option_type(o, type, sizeof(type));
		printf("\n  %s: %s%s%s\n      %s\n", o->name, type, o->def ? ", default " : "",
		       o->def ? o->def : "", o->doc);
	}
	for (size_t i = 0; f->reasons && f->reasons[i]; i++)
		printf("%s%s", i ? ", " : "\nreasons: ", f->reasons[i]);
	if (f->reasons && f->reasons[0])
		printf("\n");
}

static int filters(struct pm_cli *cli)
{
	const struct pm_filter *f;

	if (pm_cli_next(cli) != 0)
		return cli->status;
	if (cli->at == cli->argc) {
		list();
		return PM_EXIT_OK;
	}
	f = pm_filter_find(cli->argv[cli->at]);
	if (!f) {
		const char *near = pm_filter_suggest(cli->argv[cli->at]);

		return pm_cli_usage(cli, "%s: no such filter%s%s", cli->argv[cli->at],
				    near ? "; did you mean " : "", near ? near : "");
	}
	show(f);
	return PM_EXIT_OK;
}

const struct pm_verb pm_verb_filters = {
	.name = "filters",
	.synopsis = "[NAME]",
	.summary = "List the filters, or one filter's options with types and defaults.",
	.main = filters,
};
