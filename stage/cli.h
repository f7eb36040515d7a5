/* stage/cli.h -- the command line: verbs, their options, and --help made from the same tables. */
#ifndef PM_STAGE_CLI_H
#define PM_STAGE_CLI_H

#include <stddef.h>

#include "core/config.h"

/* sysexits, as the product promises them. */
enum pm_exit {
	PM_EXIT_OK = 0,
	PM_EXIT_CHECK = 1,              /* done, but something it was asked to check failed */
	PM_EXIT_USAGE = 64,
	PM_EXIT_POSITION = 65,          /* out of range, or start: error without one */
	PM_EXIT_INPUT = 66,             /* an input can't be opened */
	PM_EXIT_BROKERS = 69,           /* unreachable, or they refuse */
	PM_EXIT_INTERNAL = 70,
	PM_EXIT_NOT_DRAINED = 75,       /* stopped before it was drained */
	PM_EXIT_CONFIG = 78,
};

struct pm_arg {
	int id;                 /* what pm_cli_next returns: the short
				 * option's letter, or 256 to 9999 */
	const char *name;       /* without the dashes */
	const char *value;      /* what follows it ("FILE"); NULL: nothing */
	const char *doc;
};

struct pm_cli;

struct pm_verb {
	const char *name;
	const char *synopsis;   /* what stands behind the name */
	const char *summary;    /* one line */
	const char *more;       /* further lines of --help; NULL: none */
	const struct pm_arg *args;      /* its own, last entry is {0}; NULL: none */
	int (*main)(struct pm_cli *cli);
};

/* Every verb, ends with NULL (verbs.c). */
extern const struct pm_verb *const pm_verbs[];

enum { PM_CLI_SETS = 64 };

/* One call of a verb. -c, --set and --help are read for every verb. */
struct pm_cli {
	const struct pm_verb *verb;
	int argc;
	char **argv;
	int at;                         /* next argument; the first operand once options are over */
	int moved;                      /* operands met so far, at the end of argv now */
	const char *value;              /* of the option just returned */
	const char *config;             /* -c FILE; NULL: not given */
	const char *set[PM_CLI_SETS];   /* --set */
	size_t nsets;
	int status;                     /* how to exit when pm_cli_next returned -1 */
};

/* Before anything else, and before threads: how memory and the log behave for every verb. */
void pm_cli_open(void);
/* The next option's id; 0: operands follow (argv[at] to argv[argc - 1]); -1: leave with `status`
 * (help was printed, or what is wrong). Options and operands may be mixed until "--". */
int pm_cli_next(struct pm_cli *cli);
/* Says what is wrong with the call; returns PM_EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int pm_cli_usage(const struct pm_cli *cli, const char *fmt,
						       ...);

/* The file of -c (without one: an empty configuration), with every --set done. NULL: it was said
 * why on standard error, and cli->status is the exit status. */
struct pm_config *pm_cli_config(struct pm_cli *cli);

#endif
