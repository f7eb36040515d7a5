/* The arena at its limit: 0, limit, limit + 1, SIZE_MAX; alignment, trim, reset, poisoning. */
#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#endif
#ifdef POISONED
#include <sanitizer/asan_interface.h>
#endif

#include "tests/test.h"

enum { LIMIT = 1 << 16 };

static void test_open(void)
{
	struct pm_arena a = { 0 };

	CHECK(pm_arena_open(&a, 0) < 0);
	CHECK(pm_arena_open(&a, SIZE_MAX) < 0);
	pm_arena_close(&a);
	CHECK(pm_arena_open(&a, 1) == 0);
	pm_arena_close(&a);
	CHECK(a.base == NULL);
	pm_arena_close(&a);
}

static void test_limit(void)
{
	struct pm_arena a;
	size_t left;
	char *p;

	CHECK(pm_arena_open(&a, LIMIT) == 0);
	CHECK(pm_arena_alloc(&a, SIZE_MAX) == NULL);
	CHECK(pm_arena_alloc(&a, SIZE_MAX - 15) == NULL);       /* rounding up would wrap */
	CHECK(pm_arena_alloc(&a, LIMIT + 1) == NULL);
	CHECK(a.used == 0);
	left = pm_arena_left(&a);
	CHECK(left > LIMIT - 64 && left <= LIMIT);
	p = pm_arena_alloc(&a, left);
	CHECK(p != NULL);
	if (p)
		memset(p, 'x', left);
	CHECK(pm_arena_alloc(&a, LIMIT) == NULL);
	CHECK(pm_arena_left(&a) < 64);
	CHECK(pm_arena_alloc(&a, 65) == NULL);
	pm_arena_reset(&a);
	CHECK(pm_arena_left(&a) == left && pm_arena_alloc(&a, left) == p);
	pm_arena_close(&a);
}

static void test_many(void)
{
	struct pm_arena a;
	size_t n = 0, wrong = 0;
	char *last = NULL, *p;

	CHECK(pm_arena_open(&a, LIMIT) == 0);
	while ((p = pm_arena_alloc(&a, n % 40))) {
		wrong += (uintptr_t)p % alignof(max_align_t) != 0;
		wrong += p < last || p + n % 40 > a.base + LIMIT;
		memset(p, (int)n, n % 40);
		last = p;
		n++;
	}
	CHECK(n > LIMIT / 80 && wrong == 0);
	pm_arena_close(&a);
}

static void test_product(void)
{
	struct pm_arena a;

	CHECK(pm_arena_open(&a, LIMIT) == 0);
	CHECK(pm_arena_alloc_n(&a, SIZE_MAX / 2 + 2, 2) == NULL);       /* would wrap to 2 */
	CHECK(pm_arena_alloc_n(&a, SIZE_MAX, SIZE_MAX) == NULL);
	CHECK(pm_arena_alloc_n(&a, 0, SIZE_MAX) != NULL);
	CHECK(pm_arena_alloc_n(&a, SIZE_MAX, 0) != NULL);
	CHECK(PM_ARENA_NEW(&a, uint64_t, 8) != NULL);
	CHECK(PM_ARENA_NEW(&a, uint64_t, LIMIT / 8 + 1) == NULL);
	pm_arena_close(&a);
}

static void test_trim(void)
{
	struct pm_arena a;
	char *p, *next;
	size_t used;

	CHECK(pm_arena_open(&a, LIMIT) == 0);
	p = pm_arena_alloc(&a, 1000);
	used = a.used;
	pm_arena_trim(&a, p, 1000);
	CHECK(a.used == used);
	memset(p, 'x', 10);
	pm_arena_trim(&a, p, 10);
	CHECK(a.used < used);
	next = pm_arena_alloc(&a, 16);
	CHECK(next >= p + 10 && next < p + 100 && p[9] == 'x');
	pm_arena_trim(&a, next, 0);
	CHECK(pm_arena_left(&a) < LIMIT);
	pm_arena_close(&a);
}

static void test_copy(void)
{
	struct pm_arena a;
	struct pm_slice s;

	CHECK(pm_arena_open(&a, LIMIT) == 0);
	CHECK_SLICE(pm_arena_copy(&a, PM_LIT("abc")), "abc");
	CHECK_SLICE(pm_arena_copy(&a, PM_LIT("")), "");
	CHECK(pm_arena_copy(&a, (struct pm_slice){ 0 }).ptr == NULL);
	s = pm_arena_copy(&a, pm_slice(a.base, LIMIT));
	CHECK(s.ptr == NULL && s.len == 0);
	pm_arena_close(&a);
}

/* What a large page used beyond the kept part comes back as zero pages: it went to the system. */
static void test_given_back(void)
{
	enum { LARGE = 16 << 20 };
	struct pm_arena a;
	char *p;

	CHECK(pm_arena_open(&a, LARGE) == 0);
	p = pm_arena_alloc(&a, LARGE - 64);
	CHECK(p != NULL);
	if (p)
		memset(p, 'x', LARGE - 64);
	pm_arena_reset(&a);
	p = pm_arena_alloc(&a, LARGE - 64);
	CHECK(p && p[LARGE - 65] == 0 && p[a.kept] == 0 && p[a.kept - 1] == 'x');
	pm_arena_reset(&a);
	CHECK(a.touched <= a.kept);
	pm_arena_close(&a);
}

#ifdef POISONED
/* One byte too far and a slice that outlives its page are both seen. */
static void test_poison(void)
{
	struct pm_arena a;
	char *p, *q;

	CHECK(pm_arena_open(&a, LIMIT) == 0);
	p = pm_arena_alloc(&a, 16);
	q = pm_arena_alloc(&a, 7);
	CHECK(!__asan_address_is_poisoned(p) && !__asan_address_is_poisoned(p + 15));
	CHECK(__asan_address_is_poisoned(p + 16) && __asan_address_is_poisoned(q + 7));
	pm_arena_trim(&a, q, 3);
	CHECK(!__asan_address_is_poisoned(q + 2) && __asan_address_is_poisoned(q + 3));
	pm_arena_reset(&a);
	CHECK(__asan_address_is_poisoned(p) && __asan_address_is_poisoned(q));
	pm_arena_close(&a);
}
#endif

int main(void)
{
	RUN(test_open);
	RUN(test_limit);
	RUN(test_many);
	RUN(test_product);
	RUN(test_trim);
	RUN(test_copy);
	RUN(test_given_back);
#ifdef POISONED
	RUN(test_poison);
#endif
	return DONE();
}
