/* Any bytes as `output`: a configuration that is refused, or routes that decide within their
 * bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "producer/output.h"
#include "producer/topic.h"

static void decide(const struct pm_output *output, const struct pm_page *page, struct pm_arena *a,
		   struct pm_route_scratch *scratch)
{
	struct pm_routed routed;
	struct pm_topic_use use;

	if (pm_route(output->routes, page, a, scratch, &routed) != 0)
		return;
	for (size_t i = 0; i < routed.len; i++) {
		if (pm_topic_fault(routed.at[i].name))
			abort();
		if (!pm_output_writes(output, routed.at[i].name))
			abort();
		for (size_t j = 0; j < i; j++)
			if (strcmp(routed.at[i].name, routed.at[j].name) == 0)
				abort();
	}
	for (size_t i = 0; pm_output_topic(output, i, &use); i++)
		if (!use.name.len)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_route_scratch *scratch;
	static struct pm_arena arena;
	struct pm_config *cf;
	struct pm_output *output;
	struct pm_page page;

	if (!scratch) {
		scratch = pm_route_scratch_new();
		if (!scratch || pm_arena_open(&arena, 1 << 20) != 0)
			abort();
	}
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	/* The page's strings are the input too: hostile, and related to what routes look for. */
	page.url = pm_slice((const char *)data, size < 200 ? size : 200);
	page.language = pm_slice((const char *)data, size < 3 ? size : 3);
	page.text = pm_slice((const char *)data, size);
	page.page_type = PM_TYPE_ARTICLE;
	page.quality_score = size & 0x3fff;
	cf = pm_config_text("fuzz", pm_slice((const char *)data, size));
	if (!cf)
		return 0;
	output = pm_output_new(pm_config_root(cf), cf, NULL, false);
	if (!output && !pm_config_faults(cf))
		abort();
	if (output)
		decide(output, &page, &arena, scratch);
	pm_output_free(output);
	pm_config_free(cf);
	return 0;
}
