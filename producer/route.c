#include "producer/route.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/option.h"
#include "producer/route_impl.h"

enum { ROUTES_MAX = 1000 };

struct pm_route_block {
	struct pm_route_block *next;
	max_align_t memory[];
};

void *pm_routes_keep(struct pm_routes *routes, size_t size)
{
	struct pm_route_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->next = routes->blocks;
	routes->blocks = block;
	return block->memory;
}

void pm_routes_free(struct pm_routes *routes)
{
	if (!routes)
		return;
	for (size_t i = 0; i < routes->len; i++)
		pm_topic_free(&routes->at[i].topic);
	for (size_t i = 0; i < routes->nres; i++)
		pcre2_code_free(routes->res[i]);
	free(routes->res);
	for (struct pm_route_block *block = routes->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(routes);
}

/* -- faults -------------------------------------------------------------------------------- */
int pm_route_fault(struct pm_route_parse *p, const char *below, const char *fmt, ...)
{
	char text[512];
	size_t len = pm_route_down(p, below);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pm_config_fault(p->cf, p->path, "%s", text);
	pm_route_up(p, len);
	return -1;
}

size_t pm_route_down(struct pm_route_parse *p, const char *below)
{
	size_t len = strlen(p->path);

	snprintf(p->path + len, sizeof(p->path) - len, "%s%s", *below && *below != '[' ? "." : "",
		 below);
	return len;
}

void pm_route_up(struct pm_route_parse *p, size_t len)
{
	p->path[len] = 0;
}

bool pm_route_produced(struct pm_route_parse *p, const char *below, const char *path)
{
	const char *near;

	if (!p->can || p->can->field(p->can->ctx, path))
		return true;
	near = p->can->suggest ? p->can->suggest(p->can->ctx, path) : NULL;
	if (near)
		pm_route_fault(p, below, "nothing in the chain writes %s (did you mean %s?)", path,
			       near);
	else
		pm_route_fault(p, below, "nothing in the chain writes %s", path);
	return false;
}

/* -- one route ----------------------------------------------------------------------------- */
static const char *const members[] = { "when", "topic", "also", "drop" };

static bool reason_fits(const char *reason)
{
	size_t len = strspn(reason, "abcdefghijklmnopqrstuvwxyz_");

	return len && len <= 64 && !reason[len];
}

static void parse_topic(struct pm_route_parse *p, const json_t *value, struct pm_route_one *route)
{
	struct pm_err err;

	if (!json_is_string(value)) {
		pm_route_fault(p, "topic", "expected a string");
		return;
	}
	if (pm_topic_parse(&route->topic, json_string_value(value), &err) != 0) {
		pm_route_fault(p, "topic", "%s", err.msg);
		return;
	}
	for (size_t i = 0; i < route->topic.npieces; i++) {
		const struct pm_field_ref *ref = &route->topic.pieces[i].ref;

		if (ref->field && !strchr(ref->field->path, '*'))
			pm_route_produced(p, "topic", ref->field->path);
	}
}

static void parse_drop(struct pm_route_parse *p, const json_t *value, struct pm_route_one *route)
{
	char *reason;

	if (!json_is_string(value) || !reason_fits(json_string_value(value))) {
		pm_route_fault(p, "drop",
			       "expected a reason of small letters and \"_\", at most 64 of them");
		return;
	}
	reason = pm_routes_keep(p->routes, json_string_length(value) + 1);
	if (reason)
		memcpy(reason, json_string_value(value), json_string_length(value));
	else
		pm_route_fault(p, "drop", "out of memory");
	route->drop = reason;
}

static void unknown_members(struct pm_route_parse *p, const json_t *value)
{
	const char *key, *near;
	json_t *member;

	json_object_foreach((json_t *)value, key, member) {
		bool known = false;

		for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
			known = known || strcmp(key, members[i]) == 0;
		if (known)
			continue;
		near = pm_suggest(key, members, sizeof(members) / sizeof(*members));
		if (near)
			pm_route_fault(p, key, "no such member of a route (did you mean %s?)",
				       near);
		else
			pm_route_fault(p, key, "no such member of a route");
	}
}

static void parse_route(struct pm_route_parse *p, const json_t *value, struct pm_route_one *route)
{
	const json_t *when = json_object_get(value, "when");
	const json_t *topic = json_object_get(value, "topic");
	const json_t *also = json_object_get(value, "also");
	const json_t *drop = json_object_get(value, "drop");
	size_t len;

	if (!json_is_object(value)) {
		pm_route_fault(p, "", "expected an object");
		return;
	}
	unknown_members(p, value);
	if (!when) {
		pm_route_fault(p, "", "a route needs \"when\"");
	} else {
		len = pm_route_down(p, "when");
		pm_test_parse(p, when, &route->when);
		pm_route_up(p, len);
	}
	if (!topic == !drop)
		pm_route_fault(p, "", "a route needs one of \"topic\" and \"drop\"");
	if (topic)
		parse_topic(p, topic, route);
	if (drop)
		parse_drop(p, drop, route);
	if (also && !json_is_boolean(also))
		pm_route_fault(p, "also", "expected true or false");
	if (also && drop)
		pm_route_fault(p, "also", "only a route with a topic can go on");
	route->also = json_is_true(also);
}

static int parse_routes(struct pm_route_parse *p, const json_t *value)
{
	struct pm_routes *routes = p->routes;
	char below[32];

	if (!json_is_array(value))
		return pm_route_fault(p, "", "expected an array of routes");
	if (json_array_size(value) > ROUTES_MAX)
		return pm_route_fault(p, "", "at most %d routes", ROUTES_MAX);
	routes->at = pm_routes_keep(routes, json_array_size(value) * sizeof(*routes->at));
	if (!routes->at)
		return pm_route_fault(p, "", "out of memory");
	for (size_t i = 0; i < json_array_size(value); i++) {
		size_t len;

		snprintf(below, sizeof(below), "[%zu]", i);
		len = pm_route_down(p, below);
		parse_route(p, json_array_get(value, i), &routes->at[routes->len++]);
		pm_route_up(p, len);
	}
	return 0;
}

struct pm_routes *pm_routes_new(const json_t *routes, const char *topic, struct pm_config *cf,
				const struct pm_producible *can)
{
	struct pm_route_parse p = { .cf = cf, .can = can, .path = "output.routes" };
	size_t faults = pm_config_faults(cf);
	char *copy;

	p.routes = calloc(1, sizeof(*p.routes));
	if (!p.routes) {
		pm_config_fault(cf, "output.routes", "out of memory");
		return NULL;
	}
	if (topic) {
		copy = pm_routes_keep(p.routes, strlen(topic) + 1);
		if (copy)
			memcpy(copy, topic, strlen(topic));
		else
			pm_config_fault(cf, "output.topic", "out of memory");
		p.routes->topic = copy;
	}
	if (routes)
		parse_routes(&p, routes);
	if (pm_config_faults(cf) == faults)
		return p.routes;
	pm_routes_free(p.routes);
	return NULL;
}

/* -- deciding ------------------------------------------------------------------------------ */
static void add_topic(struct pm_routed *routed, const char *name, bool dynamic)
{
	for (size_t i = 0; i < routed->len; i++) {
		if (strcmp(routed->at[i].name, name) == 0) {
			/* Known by configuration too, so that its absence is no page's fault. */
			routed->at[i].dynamic = routed->at[i].dynamic && dynamic;
			return;
		}
	}
	routed->at[routed->len++] = (struct pm_routed_topic){ name, dynamic };
}

int pm_route(const struct pm_routes *routes, const struct pm_page *page, struct pm_arena *a,
	     struct pm_route_scratch *scratch, struct pm_routed *routed)
{
	*routed = (struct pm_routed){ .at = PM_ARENA_NEW(a, struct pm_routed_topic,
							 routes->len + 1) };
	if (!routed->at)
		return -1;
	for (size_t i = 0; i < routes->len; i++) {
		const struct pm_route_one *route = &routes->at[i];
		const char *name;

		if (!pm_test_passes(&route->when, page, scratch))
			continue;
		if (route->drop) {
			routed->drop = route->drop;
			return 0;
		}
		name = pm_topic_of(&route->topic, page, a);
		if (!name)
			return -1;
		add_topic(routed, name, route->topic.dynamic);
		if (!route->also)
			return 0;
	}
	if (routes->topic)
		add_topic(routed, routes->topic, false);
	return 0;
}

bool pm_route_view(const struct pm_routes *routes, size_t i, const struct pm_page *page,
		   struct pm_route_scratch *scratch, struct pm_route_view *view)
{
	const struct pm_route_one *route;

	if (i >= routes->len)
		return false;
	route = &routes->at[i];
	*view = (struct pm_route_view){
		.matched = pm_test_passes(&route->when, page, scratch), .also = route->also,
		.drop = route->drop, .topic = route->topic.text,
	};
	return true;
}

/* -- what there is ------------------------------------------------------------------------- */
bool pm_routes_topic(const struct pm_routes *routes, size_t i, struct pm_topic_use *use)
{
	if (routes->topic && i-- == 0) {
		*use = (struct pm_topic_use){ pm_slice_str(routes->topic), false };
		return true;
	}
	for (size_t r = 0; r < routes->len; r++) {
		if (!routes->at[r].topic.text || i-- > 0)
			continue;
		*use = (struct pm_topic_use){ pm_topic_prefix(&routes->at[r].topic),
					      routes->at[r].topic.dynamic };
		return true;
	}
	return false;
}

const char *pm_routes_reason(const struct pm_routes *routes, size_t i)
{
	for (size_t r = 0; r < routes->len; r++)
		if (routes->at[r].drop && i-- == 0)
			return routes->at[r].drop;
	return NULL;
}
