/* producer/route_impl.h -- compiled routes, shared by the parser and the matcher only. */
#ifndef PM_PRODUCER_ROUTE_IMPL_H
#define PM_PRODUCER_ROUTE_IMPL_H

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>

#include "core/field.h"
#include "producer/route.h"
#include "producer/topic.h"

enum pm_test_kind {
	PM_TEST_ALL, PM_TEST_ANY, PM_TEST_NOT,  /* over children */
	PM_TEST_IS,                             /* is, in: one of `keys`, sorted */
	PM_TEST_MATCHES, PM_TEST_ABOVE, PM_TEST_BELOW, PM_TEST_EXISTS,
};

union pm_test_key {
	struct pm_slice str;
	int64_t number;
};

struct pm_test {
	enum pm_test_kind kind;
	struct pm_field_ref ref;
	struct pm_test *children;
	size_t nchildren;
	union pm_test_key *keys;
	size_t nkeys;
	int64_t number;         /* ABOVE, BELOW */
	bool want;              /* EXISTS */
	pcre2_code *re;         /* owned by the routes' list */
};

struct pm_route_one {
	struct pm_test when;
	struct pm_topic_name topic;     /* text NULL: it drops */
	const char *drop;
	bool also;
};

struct pm_route_block;

struct pm_routes {
	const char *topic;              /* output.topic, or NULL */
	struct pm_route_one *at;
	size_t len;
	pcre2_code **res;
	size_t nres;
	struct pm_route_block *blocks;  /* everything else, freed at once */
};

/* Whether the page passes the test. */
bool pm_test_passes(const struct pm_test *test, const struct pm_page *page,
		    struct pm_route_scratch *scratch);
/* The order of keys. */
int pm_test_key_order(const union pm_test_key *a, const union pm_test_key *b, bool strings);

/* Reads `when` into `test`; faults go to cf at `path`. -1 after a fault or without memory. */
struct pm_route_parse {
	struct pm_routes *routes;
	struct pm_config *cf;
	const struct pm_producible *can;
	char path[512];         /* where we are, for faults */
};
int pm_test_parse(struct pm_route_parse *p, const json_t *when, struct pm_test *test);
/* Adds a fault below p->path ("" for the place itself); always -1. */
__attribute__((format(printf, 3, 4)))
int pm_route_fault(struct pm_route_parse *p, const char *below, const char *fmt, ...);
/* Zeroed memory that lives as long as the routes. */
void *pm_routes_keep(struct pm_routes *routes, size_t size);
/* Goes down to `below`; the length to restore with pm_route_up. */
size_t pm_route_down(struct pm_route_parse *p, const char *below);
void pm_route_up(struct pm_route_parse *p, size_t len);
/* Whether the chain can write the field; else a fault at `below`. */
bool pm_route_produced(struct pm_route_parse *p, const char *below, const char *path);

#endif
