/* Any text through boilerplate: what stays is valid UTF-8, a part of what came, in pieces without
 * white space at their ends; what goes is counted; both code paths agree; effort is bounded. */
#include <stdlib.h>

#include "core/simd.h"
#include "core/utf8.h"
#include "filters/extract/flat.h"
#include "filters/filter.h"
#include "filters/registry.h"
#include "filters/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct pm_filter pm_filter_boilerplate;

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static size_t shown(struct pm_slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] != '\n' && s.ptr[i] != ' ';
	return n;
}

static void check_page(const struct pm_page *page, struct pm_slice before)
{
	const char *at = page->text.ptr;
	uint64_t cut = 0;

	for (size_t i = 0; i < page->removed.len; i++) {
		MUST(page->removed.at[i].blocks > 0);
		cut += page->removed.at[i].blocks;
	}
	MUST((page->text.ptr == NULL) == (page->blocks.len == 0));
	MUST(page->text.ptr || cut || before.len == 0);
	MUST(shown(page->text) <= shown(before));
	MUST(cut || shown(page->text) == shown(before));
	if (!at)
		return;
	MUST(pm_utf8_valid(page->text) == page->text.len);
	for (size_t i = 0; i < page->blocks.len; i++) {
		struct pm_slice s = page->blocks.at[i].text;

		MUST(s.len && s.ptr >= at && !memchr(s.ptr, '\n', s.len));
		for (; at < s.ptr; at++)
			MUST(*at == '\n');
		MUST(!pm_ascii_space(s.ptr[0]) && !pm_ascii_space(s.ptr[s.len - 1]));
		at = s.ptr + s.len;
	}
	MUST(at == page->text.ptr + page->text.len);
}

static struct pm_slice run(struct pm_worker *w, struct pm_slice in, const void *state)
{
	struct pm_page page;
	struct pm_slice before;

	pm_worker_reset(w, 0);
	pm_page_init(&page, &w->arena);
	MUST(pm_flat_text(&page, in));
	before = page.text;
	MUST(pm_filter_boilerplate.process(&page, state, w).verdict == PM_PASS);
	check_page(&page, before);
	return page.text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_worker a, b;
	static const int favour;
	struct pm_slice in = { (const char *)data, size }, fast, slow;
	struct pm_err err;

	if (!a.arena.base)
		MUST(pm_worker_open(&a, 1 << 28, 1 << 20, &err) == 0 &&
		     pm_worker_open(&b, 1 << 28, 1 << 20, &err) == 0);
	pm_portable = false;
	fast = run(&a, in, &favour);
	pm_portable = true;
	slow = run(&b, in, &favour);
	pm_portable = false;
	MUST(pm_slice_eq(fast, slow));
	return 0;
}
