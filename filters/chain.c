#include "filters/chain.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/json_write.h"
#include "filters/libraries.h"
#include "filters/loader.h"
#include "filters/registry.h"

enum { STEPS_MAX = 64 };

struct step {
	const struct pm_filter *filter;
	size_t index;           /* pm_filter_index: where its counters are */
	void *conf, *state;
	bool observe;
};

struct pm_chain {
	struct step step[STEPS_MAX];
	size_t len;
	struct pm_loader *load;
	struct pm_names *names;
	struct pm_buf filters_json;
	char digest[33];
};

const uint64_t pm_count_bucket[PM_COUNT_BUCKETS - 1] = {
	1000, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000,
	10000000, 50000000, 250000000, 1000000000,
};

/* What the envelope decoder writes, whatever the chain. */
static const char *const envelope_fields[] = {
	"schema", "id", "url", "source_id", "host", "domain", "fetched_at", "provenance.chain",
	"provenance.filters.name", "provenance.filters.version", NULL
};

/* -- building ------------------------------------------------------------------------------ */

static bool add_step(struct pm_chain *chain, const struct pm_filter *filter, const json_t *options,
		     bool observe, struct pm_config *cf, const char *path)
{
	struct step *step = &chain->step[chain->len];
	char where[128];

	if (filter->abi != PM_FILTER_ABI || filter->size != sizeof(*filter)) {
		pm_config_fault(cf, path, "filter %s was built for another version", filter->name);
		return false;
	}
	for (size_t i = 0; i < chain->len; i++)
		if (chain->step[i].filter == filter) {
			pm_config_fault(cf, path, "filter %s is in the chain twice", filter->name);
			return false;
		}
	*step = (struct step){ .filter = filter, .index = pm_filter_index(filter),
			       .observe = observe };
	step->conf = calloc(1, filter->conf_size + 1);
	if (!step->conf)
		return false;
	chain->len++;
	snprintf(where, sizeof(where), "%s.%s", path, filter->name);
	if (options && !json_is_object(options)) {
		pm_config_fault(cf, where, "expected an object of options");
		return false;
	}
	if (filter->options)
		return pm_options_read(filter->options, step->conf, options, cf, where) == 0;
	if (json_object_size(options)) {
		pm_config_fault(cf, where, "filter %s has no options", filter->name);
		return false;
	}
	return true;
}

static bool unknown_filter(struct pm_config *cf, const char *where, const char *name)
{
	/* What else a step may hold. */
	static const char *const others[] = { "observe" };
	const char *near = pm_suggest(name, others, 1);

	if (!near)
		near = pm_filter_suggest(name);
	if (near)
		pm_config_fault(cf, where, "no such filter; did you mean \"%s\"?", near);
	else
		pm_config_fault(cf, where, "no such filter (see `pagemill filters`)");
	return false;
}

/* One element of "filters": the filter's name with its options, and perhaps "observe". */
static bool read_step(struct pm_chain *chain, json_t *element, struct pm_config *cf, size_t n)
{
	const struct pm_filter *filter = NULL;
	const json_t *options = NULL;
	bool observe = false, ok = true;
	const char *key;
	json_t *value;
	char path[64], where[192];

	snprintf(path, sizeof(path), "filters[%zu]", n);
	if (!json_is_object(element)) {
		pm_config_fault(cf, path, "expected an object like {\"extract\": {}}");
		return false;
	}
	json_object_foreach(element, key, value) {
		const struct pm_filter *found = pm_filter_find(key);

		snprintf(where, sizeof(where), "%s.%.100s", path, key);
		if (strcmp(key, "observe") == 0) {
			ok &= json_is_boolean(value);
			if (!json_is_boolean(value))
				pm_config_fault(cf, where, "expected true or false");
			observe = json_is_true(value);
		} else if (!found) {
			ok = unknown_filter(cf, where, key);
		} else if (filter) {
			pm_config_fault(cf, where, "one filter a step: \"%s\" stands here too",
					filter->name);
			ok = false;
		} else {
			filter = found;
			options = value;
		}
	}
	if (!filter && ok)
		pm_config_fault(cf, path, "no filter is named here");
	return filter && add_step(chain, filter, options, observe, cf, path) && ok;
}

static bool read_steps(struct pm_chain *chain, const json_t *steps, struct pm_config *cf)
{
	bool ok = true;

	if (!steps) {
		for (size_t i = 0; pm_filters_default[i]; i++)
			ok &= add_step(chain, pm_filters_default[i], NULL, false, cf, "filters");
		return ok;
	}
	if (!json_is_array(steps) || json_array_size(steps) > STEPS_MAX) {
		pm_config_fault(cf, "filters", "expected an array of at most %d steps", STEPS_MAX);
		return false;
	}
	for (size_t i = 0; i < json_array_size(steps); i++)
		ok &= read_step(chain, json_array_get(steps, i), cf, i);
	return ok;
}

static const char *part_name(uint64_t part)
{
	static const struct { uint64_t part; const char *name; } names[] = {
		{ PM_CONTENT, "decoded content" }, { PM_TEXT, "text" }, { PM_META, "metadata" },
		{ PM_BLOCKS, "blocks" }, { PM_LINKS, "links" }, { PM_MARKDOWN, "markdown" },
		{ PM_LANGUAGE, "language" }, { PM_PAGE_TYPE, "page_type" }, { PM_TAGS, "tags" },
		{ PM_FOCUS, "focus" }, { PM_TOPICS, "topics" }, { PM_QUALITY, "quality" },
		{ PM_REPAIRS, "repairs" }, { PM_REMOVED, "removed" }, { PM_FINGERPRINT, "fingerprint" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (part & names[i].part)
			return names[i].name;
	return "an unknown part";
}

static const char *giver(uint64_t part)
{
	for (size_t i = 0; pm_filters[i]; i++)
		if (pm_filters[i]->gives & part)
			return pm_filters[i]->name;
	return "no filter";
}

/* Spans and hashes of the text go stale when it is rewritten behind them. */
static bool check_order(struct pm_chain *chain, struct pm_config *cf)
{
	const uint64_t taken_from_text = PM_TAGS | PM_FINGERPRINT;
	uint64_t have = PM_BODY;
	const char *taker = NULL;
	bool ok = true;

	for (size_t i = 0; i < chain->len; i++) {
		const struct pm_filter *f = chain->step[i].filter;
		uint64_t missing = f->needs & ~have;
		char path[64];

		snprintf(path, sizeof(path), "filters[%zu].%s", i, f->name);
		if (missing) {
			pm_config_fault(cf, path, "%s needs %s, which %s gives: put it before",
					f->name, part_name(missing), giver(missing));
			ok = false;
		}
		if (taker && (f->rewrites & PM_TEXT)) {
			pm_config_fault(cf, path, "%s rewrites the text that %s has taken spans of: put it before",
					f->name, taker);
			ok = false;
		}
		if (f->gives & taken_from_text)
			taker = f->name;
		have |= f->gives;
	}
	return ok;
}

static bool open_steps(struct pm_chain *chain, struct pm_config *cf)
{
	bool ok = true;

	for (size_t i = 0; i < chain->len; i++) {
		struct step *step = &chain->step[i];
		struct pm_err err = { 0 };
		char path[64], head[128];
		json_t *options = step->filter->options ?
			pm_options_dump(step->filter->options, step->conf) : json_object();
		char *text = json_dumps(options, JSON_COMPACT);

		json_decref(options);
		snprintf(head, sizeof(head), "%s %u %s", step->filter->name, step->filter->version,
			 step->observe ? "observe" : "gate");
		pm_loader_frame(chain->load, "step", pm_slice_str(head));
		pm_loader_frame(chain->load, "options", pm_slice_str(text));
		free(text);
		step->state = step->filter->open(step->conf, chain->load, &err);
		if (!step->state) {
			snprintf(path, sizeof(path), "filters[%zu].%s", i, step->filter->name);
			pm_config_fault(cf, path, "%s", err.msg);
			ok = false;
		} else if (step->filter->provides &&
			   step->filter->provides(step->state, chain->names) != 0) {
			ok = false;
		}
	}
	return ok;
}

static bool write_filters_json(struct pm_chain *chain)
{
	struct pm_jw w = { .buf = &chain->filters_json };

	pm_jw_array(&w);
	for (size_t i = 0; i < chain->len; i++) {
		pm_jw_object(&w);
		pm_jw_key(&w, "name");
		pm_jw_string(&w, pm_slice_str(chain->step[i].filter->name));
		pm_jw_key(&w, "version");
		pm_jw_int(&w, chain->step[i].filter->version);
		pm_jw_object_end(&w);
	}
	pm_jw_array_end(&w);
	return !chain->filters_json.failed;
}

static bool add_envelope_names(struct pm_names *names)
{
	for (size_t i = 0; envelope_fields[i]; i++)
		if (pm_names_add(names, envelope_fields[i], NULL) != 0)
			return false;
	return pm_names_add(names, "page_type", pm_page_type_name(PM_TYPE_ERROR)) == 0 &&
	       pm_names_add(names, "page_type", pm_page_type_name(PM_TYPE_OTHER)) == 0 &&
	       pm_names_add(names, "quality.flags.name", "unsupported_media") == 0;
}

struct pm_chain *pm_chain_new(const json_t *steps, const json_t *seed, struct pm_config *cf)
{
	struct pm_chain *chain = calloc(1, sizeof(*chain));
	char *text;

	if (!chain)
		return NULL;
	chain->filters_json.max = 64 * 1024;
	chain->load = pm_loader_new();
	chain->names = pm_names_new();
	if (!chain->load || !chain->names || !add_envelope_names(chain->names))
		goto fail;
	text = seed ? json_dumps(seed, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (seed && !text)
		goto fail;
	pm_loader_frame(chain->load, "seed", pm_slice_str(text ? text : ""));
	free(text);
	pm_loader_frame(chain->load, "schema", PM_LIT(PM_RECORD_SCHEMA));
	pm_libraries_frame(chain->load);
	if (!read_steps(chain, steps, cf) || !check_order(chain, cf) || !open_steps(chain, cf) ||
	    !write_filters_json(chain))
		goto fail;
	pm_loader_digest(chain->load, chain->digest);
	return chain;
fail:
	pm_chain_free(chain);
	return NULL;
}

void pm_chain_free(struct pm_chain *chain)
{
	if (!chain)
		return;
	for (size_t i = 0; i < chain->len; i++) {
		chain->step[i].filter->close(chain->step[i].state);
		free(chain->step[i].conf);
	}
	pm_loader_free(chain->load);
	pm_names_free(chain->names);
	pm_buf_free(&chain->filters_json);
	free(chain);
}

/* -- running ------------------------------------------------------------------------------- */

/* One thread writes a counter, another may read it meanwhile. */
static void count_up(uint64_t *counter, uint64_t by)
{
	__atomic_store_n(counter, *counter + by, __ATOMIC_RELAXED);
}

/* A metric: no record ever sees it. */
static int64_t count_duration(struct pm_filter_count *count, int64_t start)
{
	int64_t now = pm_clock_ns();
	uint64_t took = (uint64_t)(now - start);
	size_t bucket = 0;

	while (bucket < PM_COUNT_BUCKETS - 1 && took > pm_count_bucket[bucket])
		bucket++;
	count_up(&count->bucket[bucket], 1);
	count_up(&count->pages, 1);
	count_up(&count->nanoseconds, took);
	return now;
}

struct pm_result pm_chain_step(const struct pm_chain *chain, size_t at, struct pm_page *page,
			       struct pm_worker *worker)
{
	return chain->step[at].filter->process(page, chain->step[at].state, worker);
}

struct pm_result pm_chain_run(const struct pm_chain *chain, struct pm_page *page,
			      struct pm_worker *worker, struct pm_filter_count *counts, size_t *at)
{
	bool timed = counts && worker->timed;
	int64_t clock = timed ? pm_clock_ns() : 0;

	for (*at = 0; *at < chain->len; ++*at) {
		const struct step *step = &chain->step[*at];
		struct pm_result r = pm_chain_step(chain, *at, page, worker);

		if (timed)
			clock = count_duration(&counts[step->index], clock);
		if (r.verdict == PM_DROP && step->observe) {
			if (counts && r.reason < PM_COUNT_REASONS)
				count_up(&counts[step->index].observed[r.reason], 1);
			continue;
		}
		if (r.verdict != PM_PASS)
			return r;
	}
	return PM_PASSED;
}

size_t pm_chain_len(const struct pm_chain *chain)
{
	return chain->len;
}

const struct pm_filter *pm_chain_filter(const struct pm_chain *chain, size_t step)
{
	return step < chain->len ? chain->step[step].filter : NULL;
}

bool pm_chain_observes(const struct pm_chain *chain, size_t step)
{
	return step < chain->len && chain->step[step].observe;
}

const char *pm_chain_digest(const struct pm_chain *chain)
{
	return chain->digest;
}

struct pm_slice pm_chain_filters_json(const struct pm_chain *chain)
{
	return pm_buf_get(&chain->filters_json);
}

const struct pm_names *pm_chain_names(const struct pm_chain *chain)
{
	return chain->names;
}

const char *pm_chain_reason(const struct pm_chain *chain, size_t at, struct pm_result r)
{
	const struct pm_filter *f = pm_chain_filter(chain, at);

	if (r.reason >= PM_REASON_BASE)
		return pm_reason_name((enum pm_reason)(r.reason - PM_REASON_BASE));
	for (unsigned i = 0; f && f->reasons && f->reasons[i]; i++)
		if (i == r.reason)
			return f->reasons[i];
	return "unknown";
}
