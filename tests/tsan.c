/* ThreadSanitizer knows POSIX threads, and librdkafka uses C11's: here these are made of those.
 * Linked into the tests of BUILD=tsan only. glibc gives both kinds the same objects (its threads.h
 * says how large they are). */
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "a mutex of either kind is the same");
static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "a condition of either kind is the same");

const char *__tsan_default_suppressions(void);

/* librdkafka itself is not instrumented: what it does alone can't be judged. */
const char *__tsan_default_suppressions(void)
{
	return "called_from_lib:librdkafka.so\n";
}

struct start {
	thrd_start_t fn;
	void *arg;
};

static void *start_main(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	return (void *)(intptr_t)start.fn(start.arg);
}

int thrd_create(thrd_t *thread, thrd_start_t fn, void *arg)
{
	struct start *start = malloc(sizeof(*start));

	if (!start)
		return thrd_nomem;
	*start = (struct start){ fn, arg };
	if (pthread_create((pthread_t *)thread, NULL, start_main, start) == 0)
		return thrd_success;
	free(start);
	return thrd_error;
}

int thrd_join(thrd_t thread, int *result)
{
	void *value;

	if (pthread_join((pthread_t)thread, &value))
		return thrd_error;
	if (result)
		*result = (int)(intptr_t)value;
	return thrd_success;
}

int thrd_detach(thrd_t thread)
{
	return pthread_detach((pthread_t)thread) ? thrd_error : thrd_success;
}

int mtx_init(mtx_t *mutex, int type)
{
	pthread_mutexattr_t attr;
	int failed;

	pthread_mutexattr_init(&attr);
	if (type & mtx_recursive)
		pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	failed = pthread_mutex_init((pthread_mutex_t *)mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	return failed ? thrd_error : thrd_success;
}

int mtx_lock(mtx_t *mutex)
{
	return pthread_mutex_lock((pthread_mutex_t *)mutex) ? thrd_error : thrd_success;
}

int mtx_trylock(mtx_t *mutex)
{
	return pthread_mutex_trylock((pthread_mutex_t *)mutex) ? thrd_busy : thrd_success;
}

int mtx_unlock(mtx_t *mutex)
{
	return pthread_mutex_unlock((pthread_mutex_t *)mutex) ? thrd_error : thrd_success;
}

void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

int cnd_init(cnd_t *cond)
{
	return pthread_cond_init((pthread_cond_t *)cond, NULL) ? thrd_error : thrd_success;
}

int cnd_signal(cnd_t *cond)
{
	return pthread_cond_signal((pthread_cond_t *)cond) ? thrd_error : thrd_success;
}

int cnd_broadcast(cnd_t *cond)
{
	return pthread_cond_broadcast((pthread_cond_t *)cond) ? thrd_error : thrd_success;
}

int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return pthread_cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex) ? thrd_error
										     : thrd_success;
}

int cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *until)
{
	return pthread_cond_timedwait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex, until)
		       ? thrd_timedout : thrd_success;
}

void cnd_destroy(cnd_t *cond)
{
	pthread_cond_destroy((pthread_cond_t *)cond);
}
