#include "core/sure.h"
#include "core/log.h"
#include "stage/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Beyond the numbers that verbs give their own options. */
enum { OPT_SET = 10000, OPT_HELP };

static const struct pm_arg common[] = {
	{ 'c', "config", "FILE", "The configuration." },
	{ OPT_SET, "set", "PATH=VALUE", "Override one setting; may be repeated." },
	{ OPT_HELP, "help", NULL, "This text." },
	{ 0 }
};

static void print_args(const struct pm_arg *arg)
{
	for (; arg && arg->name; arg++) {
		char left[64];
		int n = arg->id < 256 ? snprintf(left, sizeof(left), "-%c, ", arg->id) :
			snprintf(left, sizeof(left), "    ");

		snprintf(left + n, sizeof(left) - (size_t)n, "--%s%s%s", arg->name,
			 arg->value ? " " : "", arg->value ? arg->value : "");
		printf("  %-36s %s\n", left, arg->doc);
	}
}

static void print_help(const struct pm_verb *verb)
{
	printf("usage: pagemill %s %s\n\n%s\n", verb->name, verb->synopsis, verb->summary);
	if (verb->more)
		printf("\n%s\n", verb->more);
	printf("\n");
	print_args(verb->args);
	print_args(common);
}

int pm_cli_usage(const struct pm_cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "pagemill %s: ", cli->verb->name);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, " (see pagemill %s --help)\n", cli->verb->name);
	va_end(ap);
	return PM_EXIT_USAGE;
}

static int refuse(struct pm_cli *cli, const char *what, const char *arg)
{
	cli->status = pm_cli_usage(cli, "%s: %s", arg, what);
	return -1;
}

static const struct pm_arg *find(const struct pm_arg *arg, const char *name, size_t len)
{
	for (; arg && arg->name; arg++)
		if (strlen(arg->name) == len && memcmp(arg->name, name, len) == 0)
			return arg;
	return NULL;
}

static const struct pm_arg *find_short(const struct pm_arg *arg, char letter)
{
	for (; arg && arg->name; arg++)
		if (arg->id == letter)
			return arg;
	return NULL;
}

/* Operands that stand before options move behind them, in their order. */
static void move_back(struct pm_cli *cli, int from, int to)
{
	char *operand = cli->argv[from];

	memmove(cli->argv + from, cli->argv + from + 1, (size_t)(to - from - 1) * sizeof(char *));
	cli->argv[to - 1] = operand;
}

static int take(struct pm_cli *cli, const struct pm_arg *arg, const char *attached)
{
	const char *text = cli->argv[cli->at - 1];

	cli->value = NULL;
	if (!arg->value) {
		if (attached)
			return refuse(cli, "takes no value", text);
	} else if (attached) {
		cli->value = attached;
	} else if (cli->at < cli->argc - cli->moved) {
		cli->value = cli->argv[cli->at++];
	} else {
		return refuse(cli, "expects a value", text);
	}
	return arg->id;
}

static int next_option(struct pm_cli *cli)
{
	const char *text = cli->argv[cli->at++];
	const struct pm_arg *arg;

	if (text[1] == '-') {
		const char *name = text + 2, *equals = strchr(name, '=');
		size_t len = equals ? (size_t)(equals - name) : strlen(name);

		arg = find(cli->verb->args, name, len);
		if (!arg)
			arg = find(common, name, len);
		return arg ? take(cli, arg, equals ? equals + 1 : NULL) : refuse(cli, "no such option", text);
	}
	arg = find_short(cli->verb->args, text[1]);
	if (!arg)
		arg = find_short(common, text[1]);
	return arg ? take(cli, arg, text[2] ? text + 2 : NULL)
		   : refuse(cli, "no such option", text);
}

/* -c and --set; false: the option is the verb's own. */
static bool took_common(struct pm_cli *cli, int id)
{
	if (id == 'c') {
		cli->config = cli->value;
		return true;
	}
	if (id != OPT_SET)
		return false;
	if (cli->nsets < PM_CLI_SETS)
		cli->set[cli->nsets] = cli->value;
	cli->nsets++;
	return true;
}

int pm_cli_next(struct pm_cli *cli)
{
	while (cli->at < cli->argc - cli->moved) {
		char *text = cli->argv[cli->at];
		int id;

		if (strcmp(text, "--") == 0) {
			cli->at++;
			for (int rest = cli->argc - cli->moved - cli->at; rest > 0; rest--)
				move_back(cli, cli->at, cli->argc);
			break;
		}
		if (text[0] != '-' || text[1] == 0) {
			move_back(cli, cli->at, cli->argc);
			cli->moved++;
			continue;
		}
		id = next_option(cli);
		if (id == OPT_HELP) {
			print_help(cli->verb);
			cli->status = PM_EXIT_OK;
			return -1;
		}
		if (id < 0 || !took_common(cli, id))
			return id;
		if (cli->nsets > PM_CLI_SETS)
			return refuse(cli, "too many", text);
	}
	return 0;
}

/* Trees are made when the program starts, and half a tree looks like a whole
 * one: without memory for it there is no start. */
static void *for_json(size_t size)
{
	return pm_sure(malloc(size));
}

void pm_cli_open(void)
{
	json_set_alloc_funcs(for_json, free);
	pm_log_open();
}

struct pm_config *pm_cli_config(struct pm_cli *cli)
{
	struct pm_err err = { .msg = "out of memory", .status = PM_EXIT_INTERNAL };
	struct pm_config *cf = cli->config ? pm_config_read(cli->config, &err) :
		pm_config_text("built-in", PM_LIT("{}"));

	if (!cf) {
		fprintf(stderr, "pagemill %s: %s\n", cli->verb->name, err.msg);
		cli->status = err.status ? err.status : PM_EXIT_INPUT;
		return NULL;
	}
	for (size_t i = 0; i < cli->nsets; i++) {
		if (pm_config_set(cf, cli->set[i], &err) == 0)
			continue;
		cli->status = pm_cli_usage(cli, "--set %s: %s", cli->set[i], err.msg);
		pm_config_free(cf);
		return NULL;
	}
	return cf;
}
