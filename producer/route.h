/* producer/route.h -- which topics a page's record goes to: `output.routes`, compiled at start.
 *
 * The first route that matches decides, `also` sends a copy and goes on, and where none decides the
 * record goes to output.topic. Numbers are compared in 1/10000; no page costs a malloc. */
#ifndef PM_PRODUCER_ROUTE_H
#define PM_PRODUCER_ROUTE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/config.h"
#include "core/page.h"

/* What the configured chain can produce, so that no route waits for what never comes. */
struct pm_producible {
	const void *ctx;
	bool (*field)(const void *ctx, const char *path);
	bool (*value)(const void *ctx, const char *path, const char *value);
	const char *(*suggest)(const void *ctx, const char *path);      /* may return NULL */
};

struct pm_routes;

/* From the value of output.routes (NULL: none). `topic` is output.topic, or NULL where records have
 * no topic. Faults go to `cf` under output.routes; NULL when there were any. `can` NULL:
 * anything. */
struct pm_routes *pm_routes_new(const json_t *routes, const char *topic, struct pm_config *cf,
				const struct pm_producible *can);
void pm_routes_free(struct pm_routes *routes);

/* What one thread needs to match patterns. NULL: out of memory. */
struct pm_route_scratch *pm_route_scratch_new(void);
void pm_route_scratch_free(struct pm_route_scratch *scratch);
/* How many matches ended at a limit of effort or memory, and so counted as "does not match". */
uint64_t pm_route_limits(const struct pm_route_scratch *scratch);

struct pm_routed_topic {
	const char *name; /* lives as long as the routes, or as the arena's page when dynamic */
	bool dynamic;
};

struct pm_routed {
	const char *drop;               /* the reason, when a route dropped the page; else NULL */
	struct pm_routed_topic *at; /* each topic once; copies may go out although it is dropped */
	size_t len;
};

/* Decides for one page. -1: the arena is full. */
int pm_route(const struct pm_routes *routes, const struct pm_page *page, struct pm_arena *a,
	     struct pm_route_scratch *scratch, struct pm_routed *routed);

/* One route by itself, for whoever asks why: i from 0, false behind the last. */
struct pm_route_view {
	bool matched, also;
	const char *drop;       /* the reason; NULL: it sends to `topic` */
	const char *topic;      /* as configured */
};
bool pm_route_view(const struct pm_routes *routes, size_t i, const struct pm_page *page,
		   struct pm_route_scratch *scratch, struct pm_route_view *view);

/* Every topic that a route or the default can write: i from 0, false behind the last. `prefix`:
 * every topic that begins so. */
struct pm_topic_use {
	struct pm_slice name;
	bool prefix;
};
bool pm_routes_topic(const struct pm_routes *routes, size_t i, struct pm_topic_use *use);
/* Every reason that a route drops for, the same way; NULL behind the last. */
const char *pm_routes_reason(const struct pm_routes *routes, size_t i);

#endif
