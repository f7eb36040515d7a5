/* stage/run.c -- the verb `run`: the stage of a pipeline, until a signal. */
#include "core/log.h"
#include "stage/cli.h"
#include "stage/pipeline.h"

static struct pm_config *reread(void *cli)
{
	return pm_cli_config(cli);
}

static int run(struct pm_cli *cli)
{
	struct pm_summary sum = { 0 };
	struct pm_pipeline pl;
	struct pm_config *cf;
	int status;

	if (pm_cli_next(cli) != 0)
		return cli->status;
	if (cli->at < cli->argc)
		return pm_cli_usage(cli, "%s: takes no operands", cli->argv[cli->at]);
	if (!cli->config)
		return pm_cli_usage(cli, "needs a configuration: -c FILE");
	cf = pm_cli_config(cli);
	if (!cf)
		return cli->status;
	status = PM_EXIT_CONFIG;
	if (pm_pipeline_read(&pl, cf) != 0) {
		pm_config_print(cf, stderr);
	} else {
		pl.reread = reread;
		pl.ctx = cli;
		pm_log(PM_INFO, "starting", PM_S("version", PM_VERSION), PM_S("name", pl.set.name),
		       PM_S("chain", pm_chain_digest(pl.set.chain)), NULL);
		status = pm_pipeline_run(&pl, &sum);
		pm_summary_log(&sum);
	}
	pm_pipeline_free(&pl);
	pm_config_free(cf);
	return status;
}

const struct pm_verb pm_verb_run = {
	.name = "run",
	.synopsis = "-c FILE",
	.summary = "Run the stage until SIGTERM or SIGINT: drains, commits, exits 0.",
	.more = "SIGHUP reads the configuration again and swaps filters and routes whole, or keeps the old ones and\n"
		"says why; what concerns brokers, group and input topics needs a restart.",
	.main = run,
};
