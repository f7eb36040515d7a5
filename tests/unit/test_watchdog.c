/* When a page is too slow, look by look; and the thread that looks. */
#include <time.h>
#include <unistd.h>

#include "stage/watchdog.h"
#include "tests/test.h"

enum { LIMIT = 1000, LOOK = 100 };

/* How many looks until the page is too slow, when its worker gets `each` of processor time between
 * two; 0: not within `looks`. */
static int looks_until(int64_t each, int looks)
{
	struct pm_watched w = { 0 };
	int64_t processor = 5000;

	pm_watched_look(&w, 1, processor, LOOK, LIMIT);
	for (int i = 1; i <= looks; i++) {
		processor += each;
		if (pm_watched_look(&w, 1, processor, LOOK, LIMIT))
			return i;
	}
	return 0;
}

static void limits(void)
{
	CHECK(looks_until(LOOK, 100) == 10);            /* a loop */
	CHECK(looks_until(0, 100) == 10);               /* a sleeper */
	CHECK(looks_until(LOOK / 2, 100) == 20);        /* half a processor: at the limit of it */
	CHECK(looks_until(1, 99) == 0);                 /* it hardly gets its turn… */
	CHECK(looks_until(1, 100) == 100);              /* … which has an end, too */
}

/* Standing still counts from when it began. */
static void stops_late(void)
{
	struct pm_watched w = { 0 };
	int64_t processor = 0;
	int i;

	for (i = 0; i < 12; i++)
		CHECK(!pm_watched_look(&w, 1, processor += LOOK / 2, LOOK, LIMIT));
	CHECK(!pm_watched_look(&w, 1, processor, LOOK, LIMIT));
	CHECK(!pm_watched_look(&w, 1, processor, LOOK, LIMIT));
	CHECK(pm_watched_look(&w, 1, processor, LOOK, LIMIT));
}

/* However long the row of pages is: each has its own time. */
static void pages_in_a_row(void)
{
	struct pm_watched w = { 0 };
	int64_t processor = 0;

	for (uint32_t page = 1; page < 100; page += 2)
		for (int i = 0; i < 10; i++)
			CHECK(!pm_watched_look(&w, page, processor += LOOK, LOOK, LIMIT));
	for (int i = 0; i < 100; i++)
		CHECK(!pm_watched_look(&w, 100, processor, LOOK, LIMIT));
	CHECK(!pm_watched_look(&w, UINT32_MAX, processor, LOOK, LIMIT));
	CHECK(pm_watched_look(&w, UINT32_MAX, processor + LIMIT, LOOK, LIMIT));
}

static _Atomic uint32_t page = 1;
static _Atomic int calls, hits, strangers;

static uint32_t page_of(void *ctx, unsigned worker)
{
	return worker == 1 ? page : 0;
}

static clockid_t clock_of(void *ctx, unsigned worker)
{
	return CLOCK_MONOTONIC;
}

/* The first time it has just ended, the second time it hasn't. */
static bool slow(void *ctx, unsigned worker)
{
	strangers += worker != 1;
	hits += calls++ > 0;
	return calls > 1;
}

static void thread(void)
{
	struct pm_watchdog_conf conf = {
		.page_ms = 100, .workers = 3, .page = page_of, .clock = clock_of, .slow = slow
	};
	struct pm_watchdog *dog = pm_watchdog_open(&conf);

	CHECK(dog != NULL);
	for (int i = 0; i < 500 && !hits; i++)
		usleep(10000);
	usleep(100000);
	pm_watchdog_close(dog);
	CHECK(hits == 1);
	CHECK(calls == 2);
	CHECK(strangers == 0);
	pm_watchdog_close(NULL);
}

int main(void)
{
	RUN(limits);
	RUN(stops_late);
	RUN(pages_in_a_row);
	RUN(thread);
	return DONE();
}
