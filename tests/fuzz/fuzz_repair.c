/* Any valid text, in blocks: what comes out is valid UTF-8, its blocks lie in it in order with only
 * separators between them, code is untouched, both twins agree, and repairing again changes
 * nothing. */
#include <stdlib.h>

#include "core/simd.h"
#include "core/utf8.h"
#include "filters/filter.h"
#include "filters/worker.h"

#define MUST(cond) ((cond) ? (void)0 : abort())

extern const struct pm_filter pm_filter_repair;

/* Bytes become lines of valid text without white space at their ends; a line that begins with "`"
 * is code. */
static void fill(struct pm_page *page, struct pm_arena *a, struct pm_slice raw)
{
	char *to = pm_arena_alloc(a, raw.len * 3 + 8);
	const char *p = raw.ptr, *end = p + raw.len;
	size_t len = 0, from = 0;

	MUST(to);
	while (p <= end) {
		uint32_t cp = p < end ? pm_utf8_next(&p, end) : '\n';

		if (p == end && cp == '\n')
			p++;
		if (cp != '\n') {
			if (cp && !(len == from && cp == ' '))
				len += pm_utf8_put(to + len, cp);
			if (p < end)
				continue;
			p++;
		}
		while (len > from && to[len - 1] == ' ')
			len--;
		if (len > from) {
			struct pm_block *b = PM_LIST_ADD(page, page->blocks);

			MUST(b);
			b->kind = to[from] == '`' ? PM_BLOCK_CODE : PM_BLOCK_PARAGRAPH;
			b->text = pm_slice(to + from, len - from);
			to[len++] = '\n';
			from = len;
		}
	}
	page->text = pm_slice(to, len ? len - 1 : 0);
}

static void check(const struct pm_page *page)
{
	const char *at = page->text.ptr;

	MUST(pm_utf8_valid(page->text) == page->text.len);
	for (size_t i = 0; i < page->blocks.len; i++) {
		struct pm_slice s = page->blocks.at[i].text;

		MUST(s.ptr == at && s.len > 0);
		MUST(pm_utf8_valid(s) == s.len);
		at = s.ptr + s.len + 1;
	}
	MUST(page->blocks.len == 0 || at == page->text.ptr + page->text.len + 1);
}

static struct pm_slice repair(struct pm_page *page, struct pm_worker *w, bool portable)
{
	static const bool on[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

	pm_portable = portable;
	MUST(pm_filter_repair.process(page, on, w).verdict == PM_PASS);
	pm_portable = false;
	check(page);
	return page->text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_worker w;
	struct pm_page page;
	struct pm_slice raw = pm_slice((const char *)data, size), one, two, was;
	struct pm_err err;

	if (w.arena.base == NULL && pm_worker_open(&w, 64 << 20, 1 << 20, &err) != 0)
		abort();
	pm_worker_reset(&w, 0);
	pm_page_init(&page, &w.arena);
	fill(&page, &w.arena, raw);
	was = page.text;
	one = repair(&page, &w, false);
	MUST(one.len <= 2 * was.len + 256);
	page.repairs.len = 0;
	two = repair(&page, &w, false);
	MUST(pm_slice_eq(one, two) && page.repairs.len == 0);
	pm_page_init(&page, &w.arena);
	fill(&page, &w.arena, raw);
	two = repair(&page, &w, true);
	MUST(pm_slice_eq(one, two));
	return 0;
}
