/* How fast a WARC file is read: every page of it as an envelope decodes it, without a filter.
 *
 *	warc_read FILE      prints records, bytes of bodies, seconds of CPU */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include "consumer/envelope.h"
#include "consumer/warc_cut.h"

enum { PAGE_BYTES = 10 << 20, ARENA = 96 << 20 };

int main(int argc, char **argv)
{
	struct pm_warc_cut cut = { .flow = pm_inflow_new(), .max = PAGE_BYTES };
	struct pm_config *cf = pm_config_text("bench", PM_LIT("{}"));
	struct pm_envelope *env = pm_envelope_new(pm_config_root(cf), cf, PAGE_BYTES, false);
	struct pm_unpacker *u = pm_unpacker_new();
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	size_t records = 0, bytes = 0;
	struct pm_warc_item item;
	struct pm_arena arena;
	enum pm_items got;
	clock_t start;

	if (fd < 0 || !cut.flow || !env || !u || pm_arena_open(&arena, ARENA) < 0)
		return 1;
	start = clock();
	pm_inflow_open(cut.flow, fd, false, PM_PACKING_SNIFF);
	while ((got = pm_warc_cut_next(&cut, &item)) == PM_ITEMS_ONE || got == PM_ITEMS_MORE) {
		struct pm_message msg = { .value = item.bytes,
					  .kind = PM_KIND_WARC,
					  .timestamp = -1 };
		struct pm_page page;
		struct pm_err err;

		if (got == PM_ITEMS_MORE || item.fault || item.oversize)
			continue;
		pm_arena_reset(&arena);
		pm_page_init(&page, &arena);
		pm_envelope_decode(env, u, &msg, &page, &err);
		records++;
		bytes += page.body.len;
	}
	printf("%zu %zu %.4f\n", records, bytes, (double)(clock() - start) / CLOCKS_PER_SEC);
	return got != PM_ITEMS_END;
}
