#include "consumer/local_watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct pm_local_watch {
	pthread_t thread;
	int wake;
	int kick;               /* eventfd: there is something new in `wanted` */
	_Atomic int wanted;     /* the descriptor to wait for, or STOP */
};

enum { STOP = -2 };

/* Waits for a kick while it waits for the descriptor of the last one. */
static void *watch_main(void *arg)
{
	struct pm_local_watch *watch = arg;
	const uint64_t one = 1;
	int fd = -1;

	for (;;) {
		struct pollfd pfd[2] = { { watch->kick, POLLIN, 0 }, { fd, POLLIN, 0 } };
		uint64_t kicks;

		if (poll(pfd, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (pfd[0].revents && read(watch->kick, &kicks, sizeof(kicks)) == sizeof(kicks)) {
			fd = watch->wanted;
			if (fd == STOP)
				return NULL;
			continue;
		}
		if (pfd[1].revents) {
			fd = -1;
			if (write(watch->wake, &one, sizeof(one)) < 0 && errno != EAGAIN)
				return NULL;
		}
	}
}

struct pm_local_watch *pm_local_watch_new(int wake, struct pm_err *err)
{
	struct pm_local_watch *watch = calloc(1, sizeof(*watch));
	sigset_t all, old;
	int failed;

	err->status = 70;
	if (!watch || (watch->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0) {
		pm_fail(err, "watching the input: %s", strerror(errno));
		free(watch);
		return NULL;
	}
	watch->wake = wake;
	/* Signals are the control thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&watch->thread, NULL, watch_main, watch);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed) {
		pm_fail(err, "watching the input: %s", strerror(failed));
		close(watch->kick);
		free(watch);
		return NULL;
	}
	return watch;
}

static void order(struct pm_local_watch *watch, int what)
{
	const uint64_t one = 1;

	watch->wanted = what;
	if (write(watch->kick, &one, sizeof(one)) < 0)
		abort();        /* an eventfd that is far from full takes a one */
}

void pm_local_watch_fd(struct pm_local_watch *watch, int fd)
{
	order(watch, fd);
}

void pm_local_watch_free(struct pm_local_watch *watch)
{
	if (!watch)
		return;
	order(watch, STOP);
	pthread_join(watch->thread, NULL);
	close(watch->kick);
	free(watch);
}
