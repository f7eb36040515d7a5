/* stage/check.c -- the verb `check`: every fault of a configuration, each with its place. */
#include <stdio.h>

#include "stage/cli.h"
#include "stage/pipeline.h"

enum { ONLINE = 1000 };

static const struct pm_arg args[] = {
	{ ONLINE, "online", NULL, "Also ask the brokers whether the topics exist." },
	{ 0 }
};

static int check_online(struct pm_pipeline *pl, const struct pm_cli *cli)
{
	struct pm_err err = { 0 };

	if (pm_pipeline_check(pl, &err) == 0)
		return PM_EXIT_OK;
	fprintf(stderr, "%s: %s\n", cli->config, err.msg);
	return err.status;
}

static int check(struct pm_cli *cli)
{
	int id, status = PM_EXIT_CONFIG;
	struct pm_pipeline pl;
	struct pm_config *cf;
	bool online = false;

	while ((id = pm_cli_next(cli)) > 0)
		online = true;
	if (id < 0)
		return cli->status;
	if (!cli->config && cli->at < cli->argc)
		cli->config = cli->argv[cli->at++];
	if (!cli->config || cli->at < cli->argc)
		return pm_cli_usage(cli, "needs one configuration: -c FILE");
	cf = pm_cli_config(cli);
	if (!cf)
		return cli->status;
	if (pm_pipeline_read(&pl, cf) != 0)
		pm_config_print(cf, stderr);
	else
		status = online ? check_online(&pl, cli) : PM_EXIT_OK;
	if (status == PM_EXIT_OK)
		printf("%s: ok\n", cli->config);
	pm_pipeline_free(&pl);
	pm_config_free(cf);
	return status;
}

const struct pm_verb pm_verb_check = {
	.name = "check",
	.synopsis = "-c FILE [--online]",
	.summary = "Check a configuration: every fault with file:line:column.",
	.args = args,
	.main = check,
};
