/* filters/filter.h -- the contract between the chain and one filter, built in or loaded.
 *
 * A filter exports one `const struct pm_filter`. It owns its state; the page, its arena and every
 * slice in it are the chain's. Its version rises whenever the same page can come out
 * differently. */
#ifndef PM_FILTERS_FILTER_H
#define PM_FILTERS_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/option.h"
#include "core/page.h"
#include "core/reason.h"

enum { PM_FILTER_ABI = 1 };

enum pm_verdict {
	PM_PASS,        /* go on to the next filter */
	PM_DROP,        /* not wanted: counted and acknowledged, nothing is produced */
	PM_FAIL,        /* could not tell: goes to the dead-letter topic with its reason */
};

struct pm_result {
	enum pm_verdict verdict;
	unsigned reason;        /* index into reasons[], or PM_REASON_BASE + an enum pm_reason */
};

/* Reasons that the engine owns and any filter may give: arena_full, effort. */
enum { PM_REASON_BASE = 1 << 16 };
#define PM_PASSED ((struct pm_result){ PM_PASS, 0 })
#define PM_FAILED(engine_reason) ((struct pm_result){ PM_FAIL, PM_REASON_BASE + (engine_reason) })

struct pm_loader;       /* reads files and built-in tables into the chain's digest: loader.h */
struct pm_names;        /* collects what a filter can produce: names.h */
struct pm_worker;       /* one thread's scratch: worker.h */

struct pm_filter {
	uint32_t abi;           /* PM_FILTER_ABI as this file saw it: checked first */
	uint32_t size;          /* sizeof(struct pm_filter) as this file saw it */
	const char *name;       /* a noun, [a-z_]+: config key, file name, metric label */
	uint32_t version;
	const char *summary;    /* one sentence */
	uint64_t needs, gives;  /* enum pm_part: the legal order of a chain */
	uint64_t rewrites;      /* spans taken before it would be wrong, so none may come before */
	const struct pm_option *options;        /* last entry is {0}; NULL: it has none */
	size_t conf_size;
	const char *const *reasons;     /* every DROP and FAIL of its own; ends with NULL */

	/* Once per chain build. What it returns is shared by all workers and read-only, never NULL
	 * but on failure (err says why). Files come through `load`, which adds their bytes to the
	 * digest. `conf` is conf_size bytes as read by the options table and outlives the state. */
	void *(*open)(const void *conf, struct pm_loader *load, struct pm_err *err);
	/* Optional: the record fields, tag types, tag ids and topics that it can produce. -1: no
	 * memory. */
	int (*provides)(const void *state, struct pm_names *names);
	/* Once per page. Bounded work, paid with pm_spend(); no I/O, no clock, no locks, no
	 * globals. A page without a body (PM_MEDIA_NONE) or without what it reads passes
	 * untouched. */
	struct pm_result (*process)(struct pm_page *page, const void *state,
				    struct pm_worker *worker);
	/* Accepts NULL. */
	void (*close)(void *state);
};

/* Pays for work done or about to be done (one unit is about a byte looked at). false: the page's
 * effort is used up; return PM_FAILED(PM_REASON_EFFORT). */
bool pm_spend(struct pm_worker *worker, uint32_t effort);
/* FAIL with a message for the dead letter. */
__attribute__((format(printf, 3, 4)))
struct pm_result pm_page_fail(struct pm_worker *worker, unsigned reason, const char *fmt, ...);

#endif
