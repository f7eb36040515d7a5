#include "stage/watchdog.h"

#include <stdlib.h>
#include <time.h>

#include "core/clock.h"

/* Looks a limit, and the shortest time between two. */
enum { LOOKS = 10, LEAST_MS = 10 };
/* Standing still for this part of the limit is no waiting for a turn; this many limits are too much
 * in any case. */
enum { STILL_PART = 4, PATIENCE = 10 };

struct pm_watchdog {
	struct pm_watchdog_conf conf;
	pthread_t id;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool closing;
	struct dog_worker {
		struct pm_watched seen;
		bool said;
	} worker[];
};

bool pm_watched_look(struct pm_watched *w, uint32_t page, int64_t processor, int64_t passed,
		     int64_t limit)
{
	if (page != w->page || page % 2 == 0) {
		*w = (struct pm_watched){ .page = page, .began = processor,
					  .processor = processor };
		return false;
	}
	w->passed += passed;
	w->still = processor > w->processor ? 0 : w->still + passed;
	w->processor = processor;
	if (processor - w->began >= limit)
		return true;
	if (w->passed < limit)
		return false;
	return w->still >= limit / STILL_PART || w->passed >= limit * PATIENCE;
}

static int64_t processor_time(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		return 0;
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void look(struct pm_watchdog *dog, int64_t passed)
{
	const struct pm_watchdog_conf *conf = &dog->conf;

	for (unsigned i = 0; i < conf->workers; i++) {
		struct dog_worker *w = &dog->worker[i];
		uint32_t page = conf->page(conf->ctx, i);
		int64_t processor = page % 2 ? processor_time(conf->clock(conf->ctx, i)) : 0;

		if (pm_watched_look(&w->seen, page, processor, passed, conf->page_ms * 1000000) &&
		    !w->said)
			w->said = conf->slow(conf->ctx, i);
	}
}

/* Sleeps until the next look; false: it is time to go. */
static bool rest(struct pm_watchdog *dog, int64_t ns)
{
	struct timespec until;
	bool closing;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (until.tv_nsec + ns) / 1000000000;
	until.tv_nsec = (until.tv_nsec + ns) % 1000000000;
	pthread_mutex_lock(&dog->lock);
	while (!dog->closing && pthread_cond_timedwait(&dog->cond, &dog->lock, &until) == 0)
		continue;
	closing = dog->closing;
	pthread_mutex_unlock(&dog->lock);
	return !closing;
}

static void *run(void *arg)
{
	struct pm_watchdog *dog = arg;
	int64_t ms = dog->conf.page_ms / LOOKS > LEAST_MS ? dog->conf.page_ms / LOOKS : LEAST_MS;
	int64_t pause = ms * 1000000, last = pm_clock_ns();

	while (rest(dog, pause)) {
		int64_t now = pm_clock_ns(), passed = now - last;

		last = now;
		/* We were stopped or starved ourselves: nobody knows whether the workers ran. */
		look(dog, passed < 2 * pause ? passed : pause);
	}
	return NULL;
}

struct pm_watchdog *pm_watchdog_open(const struct pm_watchdog_conf *conf)
{
	struct pm_watchdog *dog = calloc(1, sizeof(*dog) + conf->workers * sizeof(dog->worker[0]));
	pthread_condattr_t attr;

	if (!dog)
		return NULL;
	dog->conf = *conf;
	pthread_mutex_init(&dog->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&dog->cond, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&dog->id, NULL, run, dog) == 0)
		return dog;
	pthread_mutex_destroy(&dog->lock);
	pthread_cond_destroy(&dog->cond);
	free(dog);
	return NULL;
}

void pm_watchdog_close(struct pm_watchdog *dog)
{
	if (!dog)
		return;
	pthread_mutex_lock(&dog->lock);
	dog->closing = true;
	pthread_cond_signal(&dog->cond);
	pthread_mutex_unlock(&dog->lock);
	pthread_join(dog->id, NULL);
	pthread_mutex_destroy(&dog->lock);
	pthread_cond_destroy(&dog->cond);
	free(dog);
}
