#include "stage/settings.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "consumer/source_kafka.h"
#include "stage/admin.h"

enum { MEMORY_LEAST = 64 << 20, MEMORY_PAGES = 4 };

static const char *const deliveries[] = { "at_least_once", "exactly_once", NULL };
static const char *const starts[] = { "earliest", "latest", "error", NULL };

#define AT(member) .offset = offsetof(struct pm_settings, member)

static const struct pm_option top[] = {
	{ PM_OPT_STRING, "name", "pagemill", AT(name),
	  .doc = "The pipeline's name: header `pagemill-pipeline` of every record." },
	{ PM_OPT_JSON, "input", NULL, AT(input_json), .doc = "Where pages come from." },
	{ PM_OPT_JSON, "filters", NULL, AT(filters),
	  .doc = "The chain: an array of {\"name\": {options}}, each with \"observe\": true where its drops "
		 "are only counted. Left out: the default chain." },
	{ PM_OPT_JSON, "output", NULL, AT(output_json), .doc = "Where records go." },
	{ PM_OPT_ENUM, "delivery", "at_least_once", .choices = deliveries, AT(delivery),
	  .doc = "What a crash may do: at_least_once repeats, exactly_once doesn't." },
	{ PM_OPT_STRING, "instance", NULL, AT(instance),
	  .doc = "Names this process stably: static membership of the group." },
	{ PM_OPT_INT, "workers", "0", .min = 0, .max = 1024, AT(workers),
	  .doc = "Threads that run the chain; 0 is one a core." },
	{ PM_OPT_STRING, "state_dir", NULL, AT(state_dir),
	  .doc = "Folder of the crash note (DELIVERY.md); left out: the first of `$STATE_DIRECTORY`, "
		 "`/var/lib/pagemill`, `$XDG_STATE_HOME/pagemill` and `~/.local/state/pagemill` that can be "
		 "written to; empty: none." },
	{ PM_OPT_JSON, "limits", NULL, AT(limits_json),
	  .doc = "What a page and the stage may use." },
	{ PM_OPT_JSON, "timeouts", NULL, AT(timeouts_json), .doc = "How long things may take." },
	{ PM_OPT_JSON, "admin", NULL, AT(admin), .doc = "The admin interface." },
	{ 0 }
};

static const struct pm_option input[] = {
	{ PM_OPT_STRINGS, "topics", NULL, AT(input.topics),
	  .doc = "Names of topics, or `^regex`." },
	{ PM_OPT_STRING, "format", "json", AT(input.format),
	  .doc = "What a value is: `json`, an envelope; `raw`, the page itself; `warc`, a WARC record, "
		 "plain or packed." },
	{ PM_OPT_STRING, "preset", NULL, AT(input.preset), .doc = "A known crawler's envelope: scrapy-cluster, scrapy, dolma or datatrove." },
	{ PM_OPT_JSON, "fields", NULL, AT(input.fields),
	  .doc = "Where an envelope keeps things: {\"our name\": \"path.in.envelope\"}." },
	{ PM_OPT_ENUM, "start", "earliest", .choices = starts, AT(input.start),
	  .doc = "Where a partition without a committed position begins." },
	{ PM_OPT_JSON, "kafka", NULL, AT(input.kafka),
	  .doc = "Consumer properties of librdkafka, as they are." },
	{ 0 }
};

static const struct pm_option limits[] = {
	{ PM_OPT_INT, "page_bytes", "10485760", .min = 1024, .max = 256 << 20,
	  AT(limits.page_bytes),
	  .doc = "Largest body, decoded and unpacked, in bytes." },
	{ PM_OPT_INT, "memory_bytes", "536870912", .min = MEMORY_LEAST, .max = INT64_C(1) << 40,
	  AT(limits.memory_bytes),
	  .doc = "Memory of all pages in flight and librdkafka's queues, in bytes; at least four times page_bytes." },
	{ PM_OPT_INT, "effort", "0", .min = 0, .max = INT64_C(1) << 50, AT(limits.effort),
	  .doc = "Work units a page may cost; 0 is a generous default." },
	{ PM_OPT_INT, "page_ms", "5000", .min = 100, .max = 3600000, AT(limits.page_ms),
	  .doc = "Longest time on one page: behind it the process ends (70), and the page is a dead letter "
		 "after the restart." },
	{ 0 }
};

static const struct pm_option timeouts[] = {
	{ PM_OPT_INT, "connect_ms", "30000", .min = 100, .max = 3600000, AT(timeouts.connect_ms),
	  .doc = "How long the brokers may take to answer at start." },
	{ PM_OPT_INT, "shutdown_ms", "30000", .min = 0, .max = 3600000, AT(timeouts.shutdown_ms),
	  .doc = "How long SIGTERM may drain." },
	{ PM_OPT_INT, "stall_ms", "60000", .min = 1000, .max = 3600000, AT(timeouts.stall_ms),
	  .doc = "Silence of the control loop or of a worker that makes /health say 503." },
	{ 0 }
};

static const struct pm_option admin[] = {
	{ PM_OPT_STRING, "listen", "127.0.0.1:0", AT(listen),
	  .doc = "ADDRESS:PORT of /metrics and its kin; port 0 is a free one, and logged; empty: none." },
	{ 0 }
};

const struct pm_settings_group pm_settings_groups[] = {
	{ "", top }, { "input", input }, { "limits", limits }, { "timeouts", timeouts },
	{ "admin", admin }, { NULL, NULL }
};

static void read_group(struct pm_settings *set, const struct pm_option *table, const json_t *object,
		       struct pm_config *cf, const char *path)
{
	if (object && !json_is_object(object)) {
		pm_config_fault(cf, path, "expected an object");
		object = NULL;
	}
	pm_options_read(table, set, object, cf, path);
}

static void check_values(struct pm_settings *set, struct pm_config *cf)
{
	if (set->delivery == PM_EXACTLY_ONCE)
		pm_config_fault(cf, "delivery", "exactly_once is not built yet; at_least_once is");
	if (set->limits.memory_bytes < MEMORY_PAGES * set->limits.page_bytes)
		pm_config_fault(cf, "limits.memory_bytes", "expected at least four times limits.page_bytes");
	if (set->listen && set->listen[0] && !pm_admin_listens(set->listen))
		pm_config_fault(cf, "admin.listen", "expected ADDRESS:PORT, with a port from 0 to 65535");
}

/* -- loops ------------------------------------------------------------------------------------- */

/* librdkafka compiles a topic's regex in just this way, and says nothing of
 * what is wrong with it. */
static void check_regex(const char *pattern, const char *path, struct pm_config *cf)
{
	char why[128];
	regex_t re;
	int code = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB);

	if (code == 0) {
		regfree(&re);
		return;
	}
	regerror(code, &re, why, sizeof(why));
	pm_config_fault(cf, path, "not a regular expression: %s", why);
}

static bool named_before(const struct pm_settings *set, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(set->input.topics.at[k], set->input.topics.at[i]) == 0)
			return true;
	return false;
}

static void check_topics(const struct pm_settings *set, struct pm_config *cf)
{
	const json_t *given = json_object_get(set->input_json, "topics");

	if (set->input.topics.len == 0 && (!given || json_is_array(given)))
		pm_config_fault(cf, "input.topics", "expected at least one topic");
	for (size_t i = 0; i < set->input.topics.len; i++) {
		const char *topic = set->input.topics.at[i];
		char path[48];

		snprintf(path, sizeof(path), "input.topics[%zu]", i);
		if (!topic[0])
			pm_config_fault(cf, path, "expected a name or ^regex");
		else if (named_before(set, i))
			pm_config_fault(cf, path, "%s is named twice", topic);
		else if (topic[0] == '^')
			check_regex(topic, path, cf);
		else if (set->output && pm_output_writes(set->output, topic))
			pm_config_fault(cf, path, "the output writes to %s: a page would come back for ever",
					topic);
	}
}

static void check_run(const struct pm_settings *set, struct pm_config *cf)
{
	const json_t *kafka = set->input.kafka;

	check_topics(set, cf);
	if (!json_object_get(kafka, "bootstrap.servers") && !json_object_get(kafka, "metadata.broker.list"))
		pm_config_fault(cf, "input.kafka", "expected \"bootstrap.servers\"");
	if (!json_object_get(kafka, "group.id"))
		pm_config_fault(cf, "input.kafka", "expected \"group.id\"");
}

/* -- what is built from it --------------------------------------------------------------------- */

static bool can_field(const void *ctx, const char *path)
{
	return pm_names_field(ctx, path);
}

static bool can_value(const void *ctx, const char *path, const char *value)
{
	return pm_names_value(ctx, path, value);
}

static const char *can_suggest(const void *ctx, const char *path)
{
	return pm_names_suggest(ctx, path);
}

/* All that shapes a record beside the filters. */
static json_t *seed(const struct pm_settings *set)
{
	return json_pack("{s:o, s:I, s:I}", "input", pm_envelope_seed(set->envelope),
			 "page_bytes", (json_int_t)set->limits.page_bytes,
			 "effort", (json_int_t)set->limits.effort);
}

static void build(struct pm_settings *set, struct pm_config *cf, enum pm_purpose purpose)
{
	const json_t *key = json_object_get(set->output_json, "key");
	bool tombstones = purpose == PM_FOR_RUN && json_is_string(key) &&
			  strcmp(json_string_value(key), "input") == 0;
	struct pm_producible can = { NULL, can_field, can_value, can_suggest };
	json_t *seeded;

	set->envelope =
		pm_envelope_new(set->input_json, cf, (size_t)set->limits.page_bytes, tombstones);
	if (purpose == PM_FOR_FEED) {
		set->output = pm_output_new(set->output_json, cf, NULL, false);
		return;
	}
	seeded = set->envelope ? seed(set) : NULL;
	if (set->envelope && !seeded)
		pm_config_fault(cf, "filters", "out of memory");
	set->chain = pm_chain_new(set->filters, seeded, cf);
	json_decref(seeded);
	if (set->chain)
		can.ctx = pm_chain_names(set->chain);
	if (purpose == PM_FOR_RUN || set->output_json)
		set->output = pm_output_new(set->output_json, cf, set->chain ? &can : NULL,
					    purpose == PM_FOR_RUN);
}

int pm_settings_read(struct pm_settings *set, struct pm_config *cf, enum pm_purpose purpose)
{
	*set = (struct pm_settings){ 0 };
	pm_options_read(top, set, pm_config_root(cf), cf, "");
	read_group(set, input, set->input_json, cf, "input");
	read_group(set, limits, set->limits_json, cf, "limits");
	read_group(set, timeouts, set->timeouts_json, cf, "timeouts");
	read_group(set, admin, set->admin, cf, "admin");
	check_values(set, cf);
	build(set, cf, purpose);
	/* What is missing without a fault fell short of memory. */
	if (!pm_config_faults(cf) &&
	    (!set->envelope || (!set->chain && purpose != PM_FOR_FEED) ||
	     (!set->output && (purpose != PM_FOR_LOCAL || set->output_json))))
		pm_config_fault(cf, "", "out of memory");
	if (purpose == PM_FOR_RUN)
		check_run(set, cf);
	return pm_config_faults(cf) ? -1 : 0;
}

void pm_settings_free(struct pm_settings *set)
{
	pm_envelope_free(set->envelope);
	pm_chain_free(set->chain);
	pm_output_free(set->output);
	*set = (struct pm_settings){ 0 };
}
