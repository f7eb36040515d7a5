/* stage/main.c -- picks the verb. */
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/option.h"
#include "core/simd.h"
#include "stage/cli.h"
#include "stage/version.h"

static int help(FILE *to, int status)
{
	fprintf(to, "usage: pagemill VERB …\n\n"
		"A stage of a Kafka pipeline: raw web pages in, cleaned, tagged and classified records out.\n\n");
	for (size_t i = 0; pm_verbs[i]; i++)
		fprintf(to, "  %-10s %s\n", pm_verbs[i]->name, pm_verbs[i]->summary);
	fprintf(to, "\n  pagemill VERB --help     a verb's options\n"
		"  pagemill --version       this program, its build and its libraries\n");
	return status;
}

static const struct pm_verb *find(const char *name)
{
	for (size_t i = 0; pm_verbs[i]; i++)
		if (strcmp(pm_verbs[i]->name, name) == 0)
			return pm_verbs[i];
	return NULL;
}

static int unknown(const char *name)
{
	const char *names[32], *near;
	size_t n = 0;

	while (n < 32 && pm_verbs[n]) {
		names[n] = pm_verbs[n]->name;
		n++;
	}
	near = pm_suggest(name, names, n);
	fprintf(stderr, "pagemill: no such verb: %s%s%s%s (see pagemill --help)\n", name,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return PM_EXIT_USAGE;
}

/* Whoever starts us with a standard stream closed must not find a socket or a file in its place:
 * opened the wrong way round, it refuses to be read or written, as a closed one does. */
static void hold_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			return;
}

static int run(int argc, char **argv)
{
	struct pm_cli cli = { .argc = argc, .argv = argv, .at = 2 };

	if (argc < 2)
		return help(stderr, PM_EXIT_USAGE);
	if (strcmp(argv[1], "--version") == 0) {
		pm_version_print();
		return PM_EXIT_OK;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return help(stdout, PM_EXIT_OK);
	cli.verb = find(argv[1]);
	return cli.verb ? cli.verb->main(&cli) : unknown(argv[1]);
}

int main(int argc, char **argv)
{
	int status;

	hold_standard_streams();
	pm_simd_init();
	pm_cli_open();
	/* Blocks of messages and results are made and freed in the hundreds of kilobytes: kept
	 * in the heap, they cost no page faults; trimmed often enough, they don't stay. */
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
	mallopt(M_TOP_PAD, 1 << 20);
	status = run(argc, argv);
	/* What a verb printed is its result, too: on a full disk it is not there. */
	if (fflush(stdout) != 0 && status == PM_EXIT_OK) {
		perror("pagemill: standard output");
		status = PM_EXIT_NOT_DRAINED;
	}
	return status;
}
