/* tests/torture/torture.c -- memory runs out, at every place where the program asks for some.
 *
 * 	torture CALLS [FOLDER]
 *
 * CALLS holds the arguments of one a line, parted by spaces. Behind a ~ only the
 * number of lines counts that it prints: times are in them, or their order is free.
 *
 * A verb is run in a child of its own, again and again, in which the n-th request fails: alone, or
 * with all that follow. Whatever n is, the child must end by itself: with the output of a run with
 * enough memory, or with a status that says it failed and a line that says why. Requests are those
 * of our own code and of jansson; libraries that end a process themselves when memory is out
 * (librdkafka, CLD2) get theirs. */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/simd.h"
#include "stage/cli.h"

enum { WORDS = 40, SITES = 8192, EACH_SITE = 1, DEPTH = 8, NEAR = 7, PATIENCE_S = 60 };
enum { CALLS = 32, LINE = 2000, JOBS = 16 };

/* What child and parent both see; one a child that runs. */
static struct shared {
	_Atomic unsigned long asked;
	unsigned long fail_at;          /* 0: none */
	bool onwards;                   /* and all behind it */
	bool learning;
} *jobs, *shared;

/* Places that have been tried are not tried again for another verb. */
static struct places {
	unsigned long nsites;
	struct site { uint64_t from; unsigned long seen; } site[SITES];
	unsigned long nchosen;
	unsigned long chosen[SITES * EACH_SITE];
} *places;

static struct running {
	pid_t pid;                      /* 0: none */
	unsigned long n;
	bool onwards;
} running[JOBS];

static int failed, runs, tolerated;

/* -- the requests ------------------------------------------------------------------------------ */

/* Where a request comes from: what was called on the way to it. */
static uint64_t place(void)
{
	void *frames[DEPTH];
	int n = backtrace(frames, DEPTH);

	return pm_hash64(pm_slice((const char *)frames,
				  (size_t)(n < NEAR ? n : NEAR) * sizeof(*frames)),
			 0);
}

/* The first request of each place is tried: what comes later from there is more of the same. */
static void learn(unsigned long n)
{
	uint64_t from = place();
	unsigned long i;

	for (i = 0; i < places->nsites && places->site[i].from != from; i++)
		continue;
	if (i == SITES)
		return;
	if (i == places->nsites)
		places->site[places->nsites++].from = from;
	if (places->site[i].seen++ < EACH_SITE)
		places->chosen[places->nchosen++] = n;
}

/* "err.3" */
static const char *path_of(const char *name, unsigned job)
{
	static char path[2][32];
	static unsigned turn;
	char *to = path[turn++ % 2];

	snprintf(to, sizeof(path[0]), "%s.%u", name, job);
	return to;
}

/* For whoever looks into a failure: addr2line names the places. */
static void say_where(void)
{
	int fd = open(path_of("where", (unsigned)(shared - jobs)),
		      O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	void *frames[DEPTH];
	int n = backtrace(frames, DEPTH);

	if (fd < 0)
		return;
	backtrace_symbols_fd(frames, n, fd);
	close(fd);
}

static bool refused(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	unsigned long n, at;

	if (!shared)
		return false;
	n = ++shared->asked;
	at = shared->fail_at;
	if (shared->learning) {
		pthread_mutex_lock(&lock);
		learn(n);
		pthread_mutex_unlock(&lock);
	}
	if (!at || n < at || (n > at && !shared->onwards))
		return false;
	if (n == at)
		say_where();
	errno = ENOMEM;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__real_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int __real_pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *),
			  void *arg);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *),
			  void *arg);

void *__wrap_malloc(size_t size)
{
	return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return refused() ? NULL : __real_realloc(p, size);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return refused() ? NULL : __real_reallocarray(p, n, size);
}

char *__wrap_strdup(const char *s)
{
	return refused() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return refused() ? NULL : __real_strndup(s, n);
}

void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	return refused() ? MAP_FAILED : __real_mmap(at, size, prot, flags, fd, offset);
}

int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	return refused() ? EAGAIN : __real_pthread_create(t, attr, run, arg);
}

/* -- a run ------------------------------------------------------------------------------------- */

struct call {
	int argc;
	char *argv[WORDS];
	char line[LINE], words[LINE];
	bool varies;                    /* what it prints, but for the number of lines */
};

static const struct pm_verb *verb_of(const char *name)
{
	for (size_t i = 0; pm_verbs[i]; i++)
		if (strcmp(pm_verbs[i]->name, name) == 0)
			return pm_verbs[i];
	return NULL;
}

static void child(struct call *call, unsigned job)
{
	struct pm_cli cli = { .argc = call->argc, .argv = call->argv, .at = 2,
			      .verb = verb_of(call->argv[1]) };

	alarm(PATIENCE_S);
	if (!freopen(path_of("out", job), "w", stdout) ||
	    !freopen(path_of("err", job), "w", stderr) || !freopen("/dev/null", "r", stdin))
		_exit(99);
	pm_cli_open();
	shared = &jobs[job];
	exit(cli.verb->main(&cli));
}

static void start(struct call *call, unsigned job, unsigned long n, bool onwards, bool learning)
{
	jobs[job] = (struct shared){ .fail_at = n, .onwards = onwards, .learning = learning };
	running[job] = (struct running){ .n = n, .onwards = onwards };
	fflush(NULL);
	running[job].pid = fork();
	if (running[job].pid == 0)
		child(call, job);
	if (running[job].pid < 0) {
		perror("torture");
		exit(2);
	}
	runs++;
}

static size_t content(const char *path, char *to, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(to, 1, size, f) : 0;

	if (f)
		fclose(f);
	return n;
}

static size_t lines(const char *at, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += at[i] == '\n';
	return sum;
}

static bool alike(const struct call *call, const char *have, size_t n, const char *want,
		  size_t wanted)
{
	if (call->varies)
		return lines(have, n) == lines(want, wanted);
	return n == wanted && memcmp(have, want, n) == 0;
}

static const char *fault_of(const struct call *call, int status, int good, unsigned job)
{
	static char have[1 << 20], want[1 << 20];
	size_t n = content(path_of("out", job), have, sizeof(have));

	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM ? "it never ends" : "it crashes";
	if (status == good) {
		tolerated++;
		/* Where a page failed anyway, another one may have, and was told of. */
		if (good || alike(call, have, n, want, content("good", want, sizeof(want))))
			return NULL;
		return "it ends well and its output is another";
	}
	switch (WEXITSTATUS(status)) {
	case PM_EXIT_CHECK:
		/* `explain` tells of a page that fails where it tells of all else. */
		return n || content(path_of("err", job), have, sizeof(have)) ? NULL :
			"it fails without a word";
	case PM_EXIT_POSITION:
	case PM_EXIT_INPUT:
	case PM_EXIT_BROKERS:
	case PM_EXIT_INTERNAL:
	case PM_EXIT_NOT_DRAINED:
	case PM_EXIT_CONFIG:
		return content(path_of("err", job), have, sizeof(have)) ? NULL : "it fails without a word";
	case PM_EXIT_USAGE:
		return NULL;
	case PM_EXIT_OK:
		return "it ends well, which it shouldn't";
	}
	return "its status is none of ours";
}

static void look_at(struct call *call, unsigned job, int status, int good)
{
	const char *fault = fault_of(call, status, good, job);
	char words[1500];

	if (!fault)
		return;
	failed++;
	words[content(path_of("err", job), words, sizeof(words) - 1)] = 0;
	printf("torture: %s: request %lu%s: %s (status 0x%x)\n%s\n", call->line, running[job].n,
	       running[job].onwards ? " and all behind it" : "", fault, (unsigned)status, words);
	words[content(path_of("where", job), words, sizeof(words) - 1)] = 0;
	printf("%s\n", words);
}

/* Waits until one of them ends, or all; a job that is free then. */
static unsigned wait_for(struct call *call, int good, bool all)
{
	unsigned freed = 0, left;

	do {
		int status;
		pid_t pid;

		left = 0;
		for (unsigned job = 0; job < JOBS; job++)
			left += running[job].pid != 0;
		if (!left || (!all && left < JOBS))
			break;
		pid = waitpid(-1, &status, 0);
		for (unsigned job = 0; job < JOBS; job++)
			if (running[job].pid == pid) {
				running[job].pid = 0;
				look_at(call, job, status, good);
			}
	} while (all);
	while (freed < JOBS && running[freed].pid)
		freed++;
	return freed;
}

static void torture(struct call *call)
{
	unsigned long sites = places->nsites;
	int good;

	places->nchosen = 0;
	start(call, 0, 0, false, true);
	waitpid(running[0].pid, &good, 0);
	running[0].pid = 0;
	rename(path_of("out", 0), "good");
	for (unsigned long i = 0; i < 2 * places->nchosen; i++)
		start(call, wait_for(call, good, false), places->chosen[i / 2], i % 2, false);
	wait_for(call, good, true);
	printf("  %s: status %d, %lu requests, %lu new places\n", call->line, WEXITSTATUS(good),
	       jobs[0].asked, places->nsites - sites);
}

/* -- the calls, one a line of the file --------------------------------------------------------- */

static bool split(struct call *call, char *line)
{
	static char program[] = "pagemill";

	line[strcspn(line, "\n")] = 0;
	call->varies = line[0] == '~';
	line += call->varies;
	snprintf(call->line, sizeof(call->line), "%s", line);
	snprintf(call->words, sizeof(call->words), "%s", line);
	call->argc = 0;
	call->argv[call->argc++] = program;
	for (char *word = strtok(call->words, " "); word && call->argc < WORDS - 1;
	     word = strtok(NULL, " "))
		call->argv[call->argc++] = word;
	call->argv[call->argc] = NULL;
	return call->argc > 1 && verb_of(call->argv[1]);
}

static void *share(size_t size)
{
	void *at =
		__real_mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		perror("torture");
		exit(2);
	}
	return at;
}

int main(int argc, char **argv)
{
	static struct call call[CALLS];
	char line[LINE];
	size_t n = 0;
	FILE *calls = argc > 1 ? fopen(argv[1], "r") : NULL;

	if (!calls || (argc > 2 && chdir(argv[2]) != 0)) {
		fprintf(stderr, "usage: torture CALLS [FOLDER]\n");
		return 2;
	}
	jobs = share(sizeof(*jobs) * JOBS);
	places = share(sizeof(*places));
	pm_simd_init();
	/* All of it now: children share where the file was read to. */
	for (; n < CALLS && fgets(line, sizeof(line), calls); n++)
		if (!split(&call[n], line)) {
			fprintf(stderr, "torture: no such verb: %s\n", call[n].line);
			return 2;
		}
	fclose(calls);
	for (size_t i = 0; i < n; i++)
		torture(&call[i]);
	printf("torture: %d checks, %d failed (%d runs did well without)\n", runs, failed,
	       tolerated);
	return failed || !runs;
}
