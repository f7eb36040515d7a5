/* The crash note: what is left at an end, by what it is known, how files are shared. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/log.h"
#include "stage/note.h"
#include "tests/test.h"

static char dir[64];

static struct pm_message page(int64_t offset)
{
	return (struct pm_message){ .topic = "pages.raw", .partition = 3, .offset = offset,
				    .key = PM_LIT("k"), .value = PM_LIT("a page") };
}

/* The page is begun and left so. */
static bool begin(struct pm_note *note, unsigned worker, int64_t offset)
{
	struct pm_message msg = page(offset);
	struct pm_err why = { 0 };

	pm_note_end(note, worker);
	return pm_note_begin(note, worker, &msg, "chain", &why);
}

/* … and ended. */
static bool condemned(struct pm_note *note, const struct pm_message *msg, const char *chain,
		      struct pm_err *why)
{
	bool is = pm_note_begin(note, 0, msg, chain, why);

	pm_note_end(note, 0);
	return is;
}

static void shut(struct pm_note *note)
{
	for (unsigned i = 0; i < 8; i++)
		pm_note_end(note, i);
	pm_note_close(note);
}

/* A process that ends while its first worker is on this page: named by signal, or without a
 * word. */
static void die_at(int64_t offset, int number, unsigned workers)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct pm_note *note = pm_note_open(dir, "group", workers);

		if (begin(note, 0, offset))
			_exit(2);
		if (number)
			pm_note_name(pm_note_entry(note, 0), number);
		_exit(1);
	}
	waitpid(child, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void fresh(void)
{
	strcpy(dir, "/tmp/pagemill-note-XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
}

static void clean(void)
{
	for (int i = 0; i < PM_NOTE_FILES; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/group.%d.crash", dir, i);
		unlink(path);
		snprintf(path, sizeof(path), "%s/another.%d.crash", dir, i);
		unlink(path);
	}
	rmdir(dir);
}

static void named_at_once(void)
{
	struct pm_note *note;

	fresh();
	die_at(7, SIGSEGV, 2);
	note = pm_note_open(dir, "group", 2);
	CHECK(begin(note, 0, 7));
	CHECK(begin(note, 1, 7));
	CHECK(!begin(note, 0, 6));
	CHECK(!begin(note, 1, 8));
	shut(note);
	clean();
}

static void two_ends_condemn(void)
{
	struct pm_note *note;

	fresh();
	die_at(7, 0, 1);
	die_at(7, 0, 1);
	note = pm_note_open(dir, "group", 1);
	CHECK(begin(note, 0, 7));
	shut(note);
	clean();
}

static void one_end_is_chance(void)
{
	struct pm_note *note;

	fresh();
	die_at(7, 0, 1);
	note = pm_note_open(dir, "group", 1);
	CHECK(!begin(note, 0, 7));
	pm_note_end(note, 0);
	shut(note);
	die_at(7, 0, 1);
	note = pm_note_open(dir, "group", 1);
	CHECK(!begin(note, 0, 7));
	shut(note);
	clean();
}

/* Where one is to blame, the others are not. */
static void beside_a_named_one(void)
{
	struct pm_note *note;
	pid_t child;
	int status;

	fresh();
	for (int i = 0; i < 3; i++) {
		child = fork();
		if (child == 0) {
			note = pm_note_open(dir, "group", 2);
			if (begin(note, 0, 7) || begin(note, 1, 100 + i))
				_exit(2);
			pm_note_name(pm_note_entry(note, 1), SIGSEGV);
			_exit(0);
		}
		waitpid(child, &status, 0);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	clean();
}

/* An end by our own will is nobody's fault, and doesn't acquit either. */
static void orderly_end(void)
{
	/* What is closed with a page begun is not given back. */
	static struct pm_note *left[3];
	struct pm_note *note;

	fresh();
	die_at(7, 0, 1);
	for (int i = 0; i < 3; i++) {
		left[i] = pm_note_open(dir, "group", 1);
		CHECK(!begin(left[i], 0, 7));
		pm_note_close(left[i]);
	}
	die_at(7, 0, 1);
	note = pm_note_open(dir, "group", 1);
	CHECK(begin(note, 0, 7));
	shut(note);
	clean();
}

static void what_is_known_of_a_page(void)
{
	struct pm_message msg = page(7);
	struct pm_err why = { 0 };
	struct pm_note *note;

	fresh();
	die_at(7, SIGABRT, 1);
	note = pm_note_open(dir, "group", 1);
	CHECK(condemned(note, &msg, "chain", &why));
	CHECK(strstr(why.msg, "SIGABRT") != NULL);
	CHECK(!condemned(note, &msg, "another", &why));
	msg.topic = "pages.other";
	CHECK(!condemned(note, &msg, "chain", &why));
	msg = page(7);
	msg.partition = 4;
	CHECK(!condemned(note, &msg, "chain", &why));
	msg = page(7);
	msg.value = PM_LIT("a pagf");
	CHECK(!condemned(note, &msg, "chain", &why));
	msg.value = (struct pm_slice){ 0 };
	CHECK(!condemned(note, &msg, "chain", &why));
	msg = page(7);
	msg.key = (struct pm_slice){ 0 };
	CHECK(!condemned(note, &msg, NULL, &why));
	shut(note);
	note = pm_note_open(dir, "another", 1);
	CHECK(!begin(note, 0, 7));
	shut(note);
	CHECK(begin((note = pm_note_open(dir, "group", 1)), 0, 7));
	shut(note);
	clean();
}

/* Any part of a large value that was looked at tells pages apart; so does its length. */
static void content(void)
{
	static char bytes[3 * 4096];
	const size_t at[] = { 0, 4095, sizeof(bytes) - 4096, sizeof(bytes) - 1 };
	struct pm_message msg = page(1);
	struct pm_err why = { 0 };
	struct pm_note *note;
	pid_t child;
	int status;

	fresh();
	msg.value = pm_slice(bytes, sizeof(bytes));
	child = fork();
	if (child == 0) {
		note = pm_note_open(dir, "group", 1);
		pm_note_begin(note, 0, &msg, "chain", &why);
		pm_note_name(pm_note_entry(note, 0), 0);
		_exit(0);
	}
	waitpid(child, &status, 0);
	note = pm_note_open(dir, "group", 1);
	CHECK(condemned(note, &msg, "chain", &why));
	CHECK(strstr(why.msg, "limits.page_ms") != NULL);
	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
		bytes[at[i]] ^= 1;
		CHECK(!condemned(note, &msg, "chain", &why));
		bytes[at[i]] ^= 1;
	}
	msg.value.len--;
	CHECK(!condemned(note, &msg, "chain", &why));
	shut(note);
	clean();
}

/* A note outlives other numbers of workers, and as many restarts as one likes. */
static void kept(void)
{
	struct pm_note *note;

	fresh();
	die_at(1, SIGBUS, 1);
	die_at(2, SIGBUS, PM_NOTE_SLOTS + 1);
	die_at(3, SIGBUS, 3);
	for (unsigned workers = 1; workers < 5; workers++) {
		note = pm_note_open(dir, "group", workers);
		for (int64_t i = 1; i <= 3; i++)
			CHECK(begin(note, 0, i));
		CHECK(!begin(note, workers - 1, 4));
		CHECK(!begin(note, workers, 1));        /* no entry: it goes without */
		pm_note_end(note, workers);
		shut(note);
	}
	clean();
}

/* The oldest are forgotten. */
static void more_than_are_kept(void)
{
	struct pm_note *note;

	fresh();
	for (int64_t i = 0; i <= PM_NOTE_KEPT; i++)
		die_at(i, SIGBUS, 1);
	note = pm_note_open(dir, "group", 1);
	for (int64_t i = 1; i <= PM_NOTE_KEPT; i++)
		CHECK(begin(note, 0, i));
	shut(note);
	note = pm_note_open(dir, "group", 1);
	CHECK(!begin(note, 0, 0));
	shut(note);
	clean();
}

/* Who lives has a file of its own; who died is read by all that live. */
static void shared_folder(void)
{
	struct pm_note *a, *b;

	fresh();
	a = pm_note_open(dir, "group", 1);
	CHECK(!begin(a, 0, 5));
	b = pm_note_open(dir, "group", 1);
	CHECK(!begin(b, 0, 5));
	pm_note_end(b, 0);
	/* a third dies, and was the first to have the third file */
	die_at(9, SIGSEGV, 1);
	CHECK(!begin(b, 0, 9));
	pm_note_end(b, 0);
	pm_note_refresh(a);
	pm_note_refresh(b);
	CHECK(begin(b, 0, 9));
	CHECK(!begin(b, 0, 5));
	pm_note_end(b, 0);
	shut(b);
	shut(a);
	clean();
}

struct alone {
	struct pm_note *note;
	_Atomic bool in, refused;       /* checks are counted by one thread alone */
};

static void *suspect(void *arg)
{
	struct alone *alone = arg;

	alone->refused = begin(alone->note, 1, 7);
	alone->in = true;
	pm_note_end(alone->note, 1);
	return NULL;
}

/* A second chance waits until nothing else runs. */
static void alone(void)
{
	struct alone alone = { 0 };
	pthread_t thread;

	fresh();
	die_at(7, 0, 2);
	alone.note = pm_note_open(dir, "group", 2);
	CHECK(!begin(alone.note, 0, 8));
	CHECK(pthread_create(&thread, NULL, suspect, &alone) == 0);
	usleep(50000);
	CHECK(!alone.in);
	pm_note_end(alone.note, 0);
	pthread_join(thread, NULL);
	CHECK(alone.in && !alone.refused);
	CHECK(!begin(alone.note, 0, 8));
	CHECK(!begin(alone.note, 1, 7));        /* innocent now: beside others */
	shut(alone.note);
	clean();
}

static void too_many(void)
{
	struct pm_note *note[PM_NOTE_FILES + 1];

	fresh();
	for (int i = 0; i <= PM_NOTE_FILES; i++) {
		note[i] = pm_note_open(dir, "group", 1);
		CHECK(note[i] != NULL);
		CHECK(!begin(note[i], 0, i));
		pm_note_end(note[i], 0);        /* ThreadSanitizer knows 64 locks at a time */
	}
	for (int i = 0; i <= PM_NOTE_FILES; i++)
		shut(note[i]);
	clean();
}

static void nowhere(void)
{
	struct pm_note *note = pm_note_open(NULL, "group", 1);

	CHECK(!begin(note, 0, 1));
	CHECK(pm_note_name(pm_note_entry(note, 0), 0));
	CHECK(!pm_note_name(pm_note_entry(note, 0), SIGSEGV));
	shut(note);
	note = pm_note_open("/nowhere/at/all", "group", 1);
	CHECK(note != NULL);
	CHECK(!begin(note, 0, 1));
	shut(note);
	pm_note_close(NULL);
	pm_note_refresh(NULL);
	pm_note_end(NULL, 0);
}

/* Names are files' names; a link in its place is not followed. */
static void names(void)
{
	struct pm_note *note;
	char path[160], other[160];
	struct stat st;

	fresh();
	note = pm_note_open(dir, "../a b/\xc3\xa9", 1);
	shut(note);
	snprintf(path, sizeof(path), "%s/_._a_b___.0.crash", dir);
	CHECK(stat(path, &st) == 0);
	CHECK((st.st_mode & 0777) == 0600);
	unlink(path);
	snprintf(path, sizeof(path), "%s/group.0.crash", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	CHECK(symlink(other, path) == 0);
	note = pm_note_open(dir, "group", 1);
	CHECK(note != NULL);
	CHECK(stat(other, &st) != 0);
	shut(note);
	clean();
}

static void place(void)
{
	char path[256], want[256];

	fresh();
	unsetenv("STATE_DIRECTORY");
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "/nowhere", 1);
	CHECK(pm_note_place("", true, path, sizeof(path)) == NULL);
	CHECK(pm_note_place(NULL, false, path, sizeof(path)) == NULL);
	CHECK(pm_note_place("/a/very/long/path", true, path, 17) == NULL);
	CHECK(strcmp(pm_note_place("/a/very/long/path", true, path, 18), "/a/very/long/path") == 0);
	if (access("/var/lib/pagemill", F_OK) != 0) {
		CHECK(pm_note_place(NULL, true, path, sizeof(path)) == NULL);
		setenv("HOME", dir, 1);
		snprintf(want, sizeof(want), "%s/.local/state/pagemill", dir);
		CHECK(strcmp(pm_note_place(NULL, true, path, sizeof(path)), want) == 0);
		rmdir(want);
		snprintf(want, sizeof(want), "%s/.local/state", dir);
		rmdir(want);
		snprintf(want, sizeof(want), "%s/.local", dir);
		rmdir(want);
	}
	snprintf(want, sizeof(want), "%s:/elsewhere", dir);
	setenv("STATE_DIRECTORY", want, 1);
	CHECK(strcmp(pm_note_place(NULL, true, path, sizeof(path)), dir) == 0);
	clean();
}

int main(void)
{
	pm_log_level = PM_ERROR + 1;
	RUN(named_at_once);
	RUN(two_ends_condemn);
	RUN(one_end_is_chance);
	RUN(beside_a_named_one);
	RUN(orderly_end);
	RUN(what_is_known_of_a_page);
	RUN(content);
	RUN(kept);
	RUN(more_than_are_kept);
	RUN(shared_folder);
	RUN(alone);
	RUN(too_many);
	RUN(nowhere);
	RUN(names);
	RUN(place);
	return DONE();
}
