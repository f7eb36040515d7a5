#include "stage/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "filters/registry.h"
#include "stage/fatal.h"
#include "stage/watchdog.h"

/* How long the process may take to end when a page is too slow; how often closing looks for one. */
enum { END_S = 30, LOOK_NS = 50000000 };

/* 64-bit counters are read by another thread while their worker writes them. */
_Static_assert(sizeof(struct pm_filter_count) % sizeof(uint64_t) == 0, "counters are words");

struct row {
	struct pm_task *first, **last;
};

struct thread {
	struct pm_pool *pool;
	pthread_t id;
	struct pm_hand hand;
	_Atomic int64_t busy_since;     /* ms; 0: idle */
	_Atomic uint32_t page;          /* odd: on a page; as the watchdog sees it */
	_Atomic clockid_t clock;        /* of its processor time */
};

struct pm_pool {
	struct pm_pool_conf conf;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct row todo, done;
	bool closing;
	unsigned started;
	struct pm_watchdog *dog;
	_Atomic bool slow;
	struct thread thread[];
};

static void row_put(struct row *row, struct pm_task *task)
{
	task->next = NULL;
	*row->last = task;
	row->last = &task->next;
}

static struct pm_task *row_take(struct row *row)
{
	struct pm_task *task = row->first;

	if (task) {
		row->first = task->next;
		if (!row->first)
			row->last = &row->first;
	}
	return task;
}

static void wake(const struct pm_pool *pool)
{
	const uint64_t one = 1;

	/* An eventfd refuses when its counter is full: then it is readable anyway. */
	if (write(pool->conf.wake, &one, sizeof(one)) < 0)
		return;
}

static void finished(struct pm_pool *pool, struct pm_task *task)
{
	bool first;

	pthread_mutex_lock(&pool->lock);
	first = pool->done.first == NULL;
	row_put(&pool->done, task);
	pthread_mutex_unlock(&pool->lock);
	/* The control thread takes until there is nothing left, so only the first one wakes it. */
	if (first)
		wake(pool);
}

static void *run(void *arg)
{
	struct thread *t = arg;
	struct pm_pool *pool = t->pool;
	struct pm_fatal_stack *stack =
		pm_fatal_begin(pm_note_entry(pool->conf.note, t->hand.number));
	clockid_t clock = CLOCK_MONOTONIC;

	pthread_getcpuclockid(pthread_self(), &clock);
	t->clock = clock;
	for (;;) {
		struct pm_task *task;

		pthread_mutex_lock(&pool->lock);
		while (!(task = row_take(&pool->todo)) && !pool->closing)
			pthread_cond_wait(&pool->filled, &pool->lock);
		pthread_mutex_unlock(&pool->lock);
		if (!task)
			break;
		atomic_store_explicit(&t->busy_since, pm_clock_ms(), memory_order_relaxed);
		atomic_fetch_add(&t->page, 1);
		pm_task_run(task, &t->hand);
		atomic_fetch_add_explicit(&t->page, 1, memory_order_relaxed);
		atomic_store_explicit(&t->busy_since, 0, memory_order_relaxed);
		finished(pool, task);
	}
	pm_fatal_end(stack);
	return NULL;
}

/* -- pages that are too slow ------------------------------------------------------------------- */

static uint32_t page_of(void *ctx, unsigned worker)
{
	const struct pm_pool *pool = ctx;

	return atomic_load_explicit(&pool->thread[worker].page, memory_order_relaxed);
}

static clockid_t clock_of(void *ctx, unsigned worker)
{
	const struct pm_pool *pool = ctx;

	return pool->thread[worker].clock;
}

static bool slow(void *ctx, unsigned worker)
{
	struct pm_pool *pool = ctx;
	struct pm_note_entry *entry = pm_note_entry(pool->conf.note, worker);

	if (entry && !pm_note_name(entry, 0))
		return false;
	pm_log(PM_ERROR, "a page takes longer than limits.page_ms",
	       PM_S("topic", entry ? entry->topic : NULL),
	       PM_I("partition", entry ? entry->partition : -1),
	       PM_I("offset", entry ? entry->offset : -1), NULL);
	atomic_store(&pool->slow, true);
	/* What it holds, a lock of the heap perhaps, may keep the others from ending in order. */
	alarm(END_S);
	wake(pool);
	return true;
}

bool pm_pool_slow(struct pm_pool *pool)
{
	return atomic_load_explicit(&pool->slow, memory_order_relaxed);
}

static int watch(struct pm_pool *pool, struct pm_err *err)
{
	struct pm_watchdog_conf conf = {
		.page_ms = pool->conf.page_ms, .workers = pool->started,
		.page = page_of, .clock = clock_of, .slow = slow, .ctx = pool,
	};

	pool->dog = pm_watchdog_open(&conf);
	return pool->dog ? 0 : pm_fail(err, "the system refuses another thread");
}

/* -- opening and closing ----------------------------------------------------------------------- */

static int start(struct pm_pool *pool, unsigned i, struct pm_err *err)
{
	struct thread *t = &pool->thread[i];

	t->pool = pool;
	t->hand.counts = calloc(pm_filters_len(), sizeof(*t->hand.counts));
	t->hand.route = pm_route_scratch_new();
	t->hand.unpacker = pm_unpacker_new();
	if (!t->hand.counts || !t->hand.route || !t->hand.unpacker)
		return pm_fail(err, "out of memory");
	if (pm_worker_open(&t->hand.worker, pool->conf.arena_bytes, pool->conf.record_bytes, err) !=
	    0)
		return -1;
	t->hand.worker.timed = pool->conf.timed;
	t->hand.note = pool->conf.note;
	t->hand.number = i;
	if (pthread_create(&t->id, NULL, run, t) != 0)
		return pm_fail(err, "the system refuses another thread");
	return 0;
}

static void close_hand(struct pm_hand *hand)
{
	pm_worker_close(&hand->worker);
	pm_route_scratch_free(hand->route);
	pm_unpacker_free(hand->unpacker);
	free(hand->counts);
}

struct pm_pool *pm_pool_open(const struct pm_pool_conf *conf, struct pm_err *err)
{
	struct pm_pool *pool = calloc(1, sizeof(*pool) + conf->workers * sizeof(struct thread));

	if (!pool) {
		pm_fail(err, "out of memory");
		return NULL;
	}
	pool->conf = *conf;
	pool->todo.last = &pool->todo.first;
	pool->done.last = &pool->done.first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->filled, NULL);
	for (unsigned i = 0; i < conf->workers; i++) {
		if (start(pool, i, err) != 0) {
			close_hand(&pool->thread[i].hand);
			pm_pool_close(pool, pm_task_free);
			return NULL;
		}
		pool->started++;
	}
	if (watch(pool, err) == 0)
		return pool;
	pm_pool_close(pool, pm_task_free);
	return NULL;
}

void pm_pool_put(struct pm_pool *pool, struct pm_task *task)
{
	pthread_mutex_lock(&pool->lock);
	row_put(&pool->todo, task);
	pthread_cond_signal(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
}

struct pm_task *pm_pool_take(struct pm_pool *pool)
{
	struct pm_task *task;

	pthread_mutex_lock(&pool->lock);
	task = row_take(&pool->done);
	pthread_mutex_unlock(&pool->lock);
	return task;
}

int64_t pm_pool_longest(struct pm_pool *pool, int64_t now_ms)
{
	int64_t longest = 0;

	for (unsigned i = 0; i < pool->started; i++) {
		int64_t since =
			atomic_load_explicit(&pool->thread[i].busy_since, memory_order_relaxed);

		if (since && now_ms - since > longest)
			longest = now_ms - since;
	}
	return longest;
}

void pm_pool_counts(struct pm_pool *pool, struct pm_filter_count *sum)
{
	size_t words = pm_filters_len() * sizeof(*sum) / sizeof(uint64_t);
	uint64_t *to = (uint64_t *)sum;

	for (unsigned i = 0; i < pool->started; i++) {
		uint64_t *from = (uint64_t *)pool->thread[i].hand.counts;

		for (size_t w = 0; w < words; w++)
			to[w] += __atomic_load_n(&from[w], __ATOMIC_RELAXED);
	}
}

/* false: it never will, or waits for one that never will. */
static bool ended(struct pm_pool *pool, struct thread *t)
{
	struct timespec until;

	for (;;) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += (until.tv_nsec + LOOK_NS) / 1000000000;
		until.tv_nsec = (until.tv_nsec + LOOK_NS) % 1000000000;
		if (pthread_timedjoin_np(t->id, NULL, &until) != ETIMEDOUT)
			return true;
		if (pm_pool_slow(pool))
			return false;
	}
}

bool pm_pool_close(struct pm_pool *pool, void (*drop)(struct pm_task *))
{
	struct pm_task *task;
	bool all = true;

	if (!pool)
		return true;
	pthread_mutex_lock(&pool->lock);
	pool->closing = true;
	while ((task = row_take(&pool->todo)))
		drop(task);
	pthread_cond_broadcast(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->started; i++) {
		if (ended(pool, &pool->thread[i]))
			close_hand(&pool->thread[i].hand);
		else
			all = false;
	}
	pm_watchdog_close(pool->dog);
	while ((task = row_take(&pool->done)))
		drop(task);
	if (!all)
		return false;
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->filled);
	free(pool);
	return true;
}
