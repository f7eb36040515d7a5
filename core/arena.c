#include "core/arena.h"

#include <stdint.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define PM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PM_ASAN 1
#endif
#endif

#ifdef PM_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
enum { GAP = 0 };
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#endif

/* What an ordinary page uses stays resident, so that pages in a row cost no page faults. */
enum { KEPT = 4 << 20, ALIGN = alignof(max_align_t) };

int pm_arena_open(struct pm_arena *a, size_t limit)
{
	void *base = mmap(NULL, limit, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return -1;
	*a = (struct pm_arena){ .base = base, .limit = limit, .kept = KEPT };
	/* A page that needs more gets it in few faults. Advice: who can't follow it, doesn't. */
	if (limit > KEPT)
		madvise((char *)base + KEPT, limit - KEPT, MADV_HUGEPAGE);
	POISON(base, limit);
	return 0;
}

void pm_arena_close(struct pm_arena *a)
{
	if (!a->base)
		return;
	UNPOISON(a->base, a->limit);
	munmap(a->base, a->limit);
	*a = (struct pm_arena){ 0 };
}

void pm_arena_reset(struct pm_arena *a)
{
	if (a->used > a->touched)
		a->touched = a->used;
	if (a->touched > a->kept) {
		madvise(a->base + a->kept, a->limit - a->kept, MADV_DONTNEED);
		a->touched = a->kept;
	}
	POISON(a->base, a->used);
	a->used = 0;
}

void *pm_arena_alloc(struct pm_arena *a, size_t size)
{
	size_t need, at = a->used;

	if (size > a->limit || a->limit - at < GAP + ALIGN)
		return NULL;
	need = (size + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (need > a->limit - at)
		return NULL;
	a->used = at + need;
	UNPOISON(a->base + at, size);
	return a->base + at;
}

void *pm_arena_alloc_n(struct pm_arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return pm_arena_alloc(a, n * size);
}

void pm_arena_trim(struct pm_arena *a, void *newest, size_t size)
{
	size_t at = (size_t)((char *)newest - a->base);
	size_t end = (at + size + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);

	POISON((char *)newest + size, a->used - at - size);
	if (end >= a->used)
		return;
	if (a->used > a->touched)
		a->touched = a->used;
	a->used = end;
}

struct pm_slice pm_arena_copy(struct pm_arena *a, struct pm_slice s)
{
	char *p = s.ptr ? pm_arena_alloc(a, s.len) : NULL;

	if (!p)
		return (struct pm_slice){ 0 };
	if (s.len)
		memcpy(p, s.ptr, s.len);
	return (struct pm_slice){ p, s.len };
}

size_t pm_arena_left(const struct pm_arena *a)
{
	size_t left = a->limit - a->used;

	return left > GAP + ALIGN ? left - GAP - ALIGN : 0;
}
