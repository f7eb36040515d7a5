/* tests/oracle/oracle.c -- the visible text of pages, by parsers that are not the program's.
 *
 * 	oracle gumbo|myhtml     pages as bytes, decoded by the filter `decode`
 * 	oracle dump             trees as html5lib's tests write them down
 * 	oracle ours             pages in UTF-8, by the program's own parser
 *
 * Standard input holds pages, each as "LENGTH\n" and its bytes; each is answered the same way, or
 * by a word: "slow" when a parser took too long (both are quadratic in the depth of elements),
 * "crash", "text" for what the program takes for flattened text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filters/extract/html.h"
#include "filters/extract/is_html.h"
#include "filters/extract/visible.h"
#include "filters/registry.h"
#include "filters/worker.h"
#include "tests/oracle/visible.h"

enum { SECONDS = 4, ARENA = 512 << 20 };

struct job {
	const char *name;
	void (*read)(struct visible *v, const char *page, size_t len);
	bool bytes;             /* still to be decoded */
};

static const struct job jobs[] = {
	{ "gumbo", oracle_gumbo, true }, { "myhtml", oracle_myhtml, true },
	{ "dump", oracle_dump, false }, { "ours", NULL, false },
};

static struct pm_worker worker;

static _Noreturn void die(const char *why)
{
	fprintf(stderr, "oracle: %s\n", why);
	exit(1);
}

static struct pm_slice decoded(struct pm_page *page)
{
	const struct pm_filter *decode = pm_filter_find("decode");
	struct pm_err err = { 0 };
	void *state = decode->open(NULL, NULL, &err);

	page->media = PM_MEDIA_HTML;
	page->content_type = PM_LIT("text/html");
	if (!state || decode->process(page, state, &worker).verdict != PM_PASS)
		die("a page that can't be decoded");
	return page->content;
}

static void answer(const char *text, size_t len)
{
	printf("%zu\n", len);
	fwrite(text, 1, len, stdout);
	fflush(stdout);
}

static void answer_ours(struct pm_slice page)
{
	struct pm_visible visible = { 0 };
	struct pm_html doc;

	if (!pm_html_parse(&doc, &worker.arena, page) ||
	    !pm_visible_read(&doc, &worker.arena, &visible))
		die("a page too large");
	answer(visible.text.ptr, visible.text.len);
}

/* In a process of its own, which the clock may end. */
static void run(const struct job *job, struct pm_slice body)
{
	struct pm_page page;
	char *text = NULL;
	size_t len = 0;
	FILE *to;

	pm_page_init(&page, &worker.arena);
	page.body = body;
	page.content = job->bytes ? decoded(&page) : body;
	if (job->bytes && !pm_is_html(page.media, page.content)) {
		puts("text");
		fflush(stdout);
	} else if (!job->read) {
		answer_ours(page.content);
	} else {
		to = open_memstream(&text, &len);
		if (!to)
			die("out of memory");
		job->read(visible_new(to), page.content.ptr, page.content.len);
		fclose(to);
		answer(text, len);
	}
}

static void one(const struct job *job, struct pm_slice body)
{
	struct itimerval limit = { .it_value = { .tv_sec = SECONDS } };
	struct rlimit no_core = { 0 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		setitimer(ITIMER_PROF, &limit, NULL);
		run(job, body);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("no process for a page");
	if (WIFSIGNALED(status))
		puts(WTERMSIG(status) == SIGPROF ? "slow" : "crash");
	else if (WEXITSTATUS(status))
		exit(1);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const struct job *job = NULL;
	struct pm_err err = { 0 };
	size_t len;

	for (size_t i = 0; argc == 2 && i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (strcmp(argv[1], jobs[i].name) == 0)
			job = &jobs[i];
	if (!job)
		die("usage: oracle gumbo|myhtml|dump|ours");
	if (pm_worker_open(&worker, ARENA, 1 << 20, &err) != 0)
		die("out of memory");
	pm_worker_reset(&worker, 0);
	while (scanf("%zu", &len) == 1 && getchar() == '\n') {
		char *page = malloc(len + 1);

		if (!page || fread(page, 1, len, stdin) != len)
			die("a page that is cut off");
		one(job, pm_slice(page, len));
		free(page);
	}
	return 0;
}
