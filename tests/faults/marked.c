/* tests/faults/marked.c -- pages that end the process, for tests alone: preloaded, it looks at what
 * is hashed for a record's id, which is its page's URL, on the worker's thread:
 *
 * 	http://fault.example/segv, /abort, /fpe, /stack, /kill, /loop, /sleep, /kill-once?FILE
 *
 * The program has no such doors itself. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nettle/sha2.h>

static const char mark[] = "http://fault.example/";

static volatile int zero, *nowhere;

/* Each frame is used behind the call: no compiler makes a loop of it. */
static int deeper(int depth)
{
	volatile char frame[4096];

	frame[depth % 4096] = (char)depth;
	return depth < 0 ? 0 : deeper(depth + 1) + frame[(depth + 1) % 4096];
}

static void fault(const char *what, size_t len)
{
	char name[256] = "";

	memcpy(name, what, len < sizeof(name) ? len : sizeof(name) - 1);
	if (strcmp(name, "segv") == 0)
		*nowhere = 1;
	else if (strcmp(name, "abort") == 0)
		abort();
	else if (strcmp(name, "fpe") == 0)
		zero = 100 / zero;
	else if (strcmp(name, "stack") == 0)
		zero = deeper(0);
	else if (strcmp(name, "kill") == 0)
		kill(getpid(), SIGKILL);
	else if (strcmp(name, "loop") == 0)
		for (;;)
			zero++;
	else if (strcmp(name, "sleep") == 0)
		for (;;)
			sleep(1000);
	else if (strncmp(name, "kill-once?", 10) == 0 &&
		 open(name + 10, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0)
		kill(getpid(), SIGKILL);
}

/* nettle renames its functions by macro, so this takes the library's own name. */
void sha256_update(struct sha256_ctx *ctx, size_t length, const uint8_t *data)
{
	static void (*real)(struct sha256_ctx *, size_t, const uint8_t *);
	size_t n = sizeof(mark) - 1;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "nettle_sha256_update");
	if (length > n && memcmp(data, mark, n) == 0)
		fault((const char *)data + n, length - n);
	real(ctx, length, data);
}
