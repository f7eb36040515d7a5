#include "producer/output.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/option.h"
#include "producer/topic.h"

struct conf {
	const char *topic, *dead_letter;
	int key;
	json_t *routes, *kafka;
};

static const char *const keys[] = {
	[PM_KEY_URL] = "url", [PM_KEY_HOST] = "host", [PM_KEY_DOMAIN] = "domain",
	[PM_KEY_INPUT] = "input", [PM_KEY_NONE] = "none", NULL
};

static const struct pm_option options[] = {
	{ PM_OPT_STRING, "topic", NULL, .offset = offsetof(struct conf, topic),
	  .doc = "Where records go that no route decides about." },
	{ PM_OPT_JSON, "routes", NULL, .offset = offsetof(struct conf, routes),
	  .doc = "Which records go elsewhere; the first that matches decides." },
	{ PM_OPT_STRING, "dead_letter", NULL, .offset = offsetof(struct conf, dead_letter),
	  .doc = "Where pages go that could not be processed, byte for byte, with the reason." },
	{ PM_OPT_ENUM, "key", "url", .choices = keys, .offset = offsetof(struct conf, key),
	  .doc = "The record's key: records with one key keep their order. Where a page lacks the "
		 "part, the input's key serves." },
	{ PM_OPT_JSON, "kafka", NULL, .offset = offsetof(struct conf, kafka),
	  .doc = "Properties of librdkafka's producer, on top of input.kafka's connection and "
		 "security." },
	{ 0 }
};

static void check_topic(struct pm_config *cf, const char *path, const char *topic)
{
	const char *fault = topic ? pm_topic_fault(topic) : NULL;

	if (fault)
		pm_config_fault(cf, path, "%s", fault);
}

static bool covers(const struct pm_topic_use *use, const char *topic)
{
	size_t len = strlen(topic);

	return use->prefix ? len >= use->name.len &&
				     memcmp(topic, use->name.ptr, use->name.len) == 0
			   : pm_slice_is(use->name, topic);
}

/* Readers of a topic must be able to tell records from letters by the topic. */
static void check_letters(const struct pm_output *output, struct pm_config *cf)
{
	struct pm_topic_use use;

	if (!output->dead_letter || !output->routes)
		return;
	for (size_t i = 0; pm_routes_topic(output->routes, i, &use); i++) {
		if (covers(&use, output->dead_letter)) {
			pm_config_fault(cf, "output.dead_letter", "records go to %s too",
					output->dead_letter);
			return;
		}
	}
}

struct pm_output *pm_output_new(const json_t *value, struct pm_config *cf,
				const struct pm_producible *can, bool sends)
{
	struct pm_output *output = calloc(1, sizeof(*output));
	size_t faults = pm_config_faults(cf);
	struct conf conf = { 0 };

	if (!output) {
		pm_config_fault(cf, "output", "out of memory");
		return NULL;
	}
	pm_options_read(options, &conf, value, cf, "output");
	*output = (struct pm_output){
		.topic = conf.topic, .dead_letter = conf.dead_letter, .kafka = conf.kafka,
		.key = (enum pm_output_key)conf.key,
	};
	if (sends && !output->topic)
		pm_config_fault(cf, "output.topic", "a topic for the records is needed");
	check_topic(cf, "output.topic", output->topic);
	check_topic(cf, "output.dead_letter", output->dead_letter);
	output->routes = pm_routes_new(conf.routes, output->topic, cf, can);
	check_letters(output, cf);
	if (pm_config_faults(cf) == faults && output->routes)
		return output;
	pm_output_free(output);
	return NULL;
}

void pm_output_free(struct pm_output *output)
{
	if (!output)
		return;
	pm_routes_free(output->routes);
	free(output);
}

bool pm_output_topic(const struct pm_output *output, size_t i, struct pm_topic_use *use)
{
	if (pm_routes_topic(output->routes, i, use))
		return true;
	if (!output->dead_letter || (i > 0 && !pm_routes_topic(output->routes, i - 1, use)))
		return false;
	*use = (struct pm_topic_use){ pm_slice_str(output->dead_letter), false };
	return true;
}

bool pm_output_writes(const struct pm_output *output, const char *topic)
{
	struct pm_topic_use use;

	for (size_t i = 0; pm_output_topic(output, i, &use); i++)
		if (covers(&use, topic))
			return true;
	return false;
}

/* -- what comes of a page ------------------------------------------------------------------ */
enum { OUR_HEADERS = 6 };

struct pm_slice pm_output_key_of(const struct pm_output *output, const struct pm_message *msg,
				 const struct pm_page *page)
{
	struct pm_slice key = { 0 };

	switch (output->key) {
	case PM_KEY_URL:
		key = page->url;
		break;
	case PM_KEY_HOST:
		key = page->host;
		break;
	case PM_KEY_DOMAIN:
		key = page->domain;
		break;
	case PM_KEY_INPUT:
		break;
	case PM_KEY_NONE:
		return key;
	}
	return key.ptr && key.len ? key : msg->key;
}

static bool is_ours(struct pm_slice name)
{
	static const char prefix[] = "pagemill-";
	struct pm_slice head = pm_slice(name.ptr, sizeof(prefix) - 1);

	return name.len >= head.len && pm_slice_is_nocase(head, prefix);
}

/* What the input's headers leave: a page can't spoof ours, and the first content type gives its
 * place to that of the record. */
static size_t pass_headers(struct pm_header *to, const struct pm_message *msg, bool json,
			   bool *typed)
{
	size_t n = 0;

	for (size_t i = 0; i < msg->nheaders; i++) {
		if (is_ours(msg->headers[i].name))
			continue;
		if (!pm_slice_is_nocase(msg->headers[i].name, "content-type")) {
			to[n++] = msg->headers[i];
		} else if (json && !*typed) {
			to[n++] = (struct pm_header){ PM_LIT("content-type"),
						      PM_LIT("application/json") };
			*typed = true;
		}
	}
	return n;
}

/* The block: outs, headers, then bytes. Sizes are counted first and filled in the same order. */
struct block {
	struct pm_outs *outs;
	struct pm_header *headers;
	size_t nheaders;
	char *at;
};

static struct pm_slice put(struct block *b, struct pm_slice s)
{
	char *to = b->at;

	if (!s.ptr)
		return s;
	memcpy(to, s.ptr, s.len);
	b->at += s.len;
	return pm_slice(to, s.len);
}

static const char *put_str(struct block *b, const char *str)
{
	return put(b, pm_slice(str, strlen(str) + 1)).ptr;
}

static void add_header(struct block *b, struct pm_slice name, const char *value)
{
	if (value)
		b->headers[b->nheaders++] =
			(struct pm_header){ name, put(b, pm_slice_str(value)) };
}

static size_t length(const char *str)
{
	return str ? strlen(str) : 0;
}

static int block_open(struct block *b, const struct pm_message *msg,
		      const struct pm_journey *journey, size_t outs, size_t bytes)
{
	size_t headers = msg->nheaders + OUR_HEADERS;
	size_t head = sizeof(struct pm_outs) + outs * sizeof(struct pm_out);
	size_t size;

	head = (head + alignof(struct pm_header) - 1) / alignof(struct pm_header) *
	       alignof(struct pm_header);
	size = head + headers * sizeof(struct pm_header) + bytes + length(msg->topic) + 64 +
	       length(journey->chain) + length(journey->version) + length(journey->pipeline) +
	       length(journey->run);
	b->outs = malloc(size);
	if (!b->outs)
		return -1;
	*b->outs = (struct pm_outs){ .len = outs, .bytes = size };
	b->headers = (struct pm_header *)((char *)b->outs + head);
	b->nheaders = 0;
	b->at = (char *)(b->headers + headers);
	return 0;
}

static void our_headers(struct block *b, const struct pm_message *msg,
			const struct pm_journey *journey)
{
	size_t room = length(msg->topic) + 64;
	char *source;
	int n;

	add_header(b, PM_LIT("pagemill-chain"), journey->chain);
	source = b->at;
	n = snprintf(source, room, "%s:%d:%lld", msg->topic ? msg->topic : "", (int)msg->partition,
		     (long long)msg->offset);
	b->at += n;
	b->headers[b->nheaders++] = (struct pm_header){ PM_LIT("pagemill-source"),
							pm_slice(source, (size_t)n) };
	add_header(b, PM_LIT("pagemill-version"), journey->version);
	add_header(b, PM_LIT("pagemill-pipeline"), journey->pipeline);
	add_header(b, PM_LIT("pagemill-run"), journey->run);
}

struct pm_outs *pm_output_record(const struct pm_output *output, const struct pm_message *msg,
				 const struct pm_page *page, struct pm_slice record,
				 const struct pm_routed *routed, const struct pm_journey *journey)
{
	struct pm_slice key = pm_output_key_of(output, msg, page);
	size_t bytes = key.len + record.len;
	struct pm_out out = { .kind = PM_OUT_RECORD, .timestamp = msg->timestamp };
	bool typed = false;
	struct block b;

	for (size_t i = 0; i < routed->len; i++)
		bytes += strlen(routed->at[i].name) + 1;
	if (block_open(&b, msg, journey, routed->len, bytes) != 0)
		return NULL;
	b.nheaders = pass_headers(b.headers, msg, true, &typed);
	our_headers(&b, msg, journey);
	if (!typed)
		b.headers[b.nheaders++] = (struct pm_header){ PM_LIT("content-type"),
							      PM_LIT("application/json") };
	out.headers = b.headers;
	out.nheaders = b.nheaders;
	out.key = put(&b, key);
	out.value = put(&b, record);
	for (size_t i = 0; i < routed->len; i++) {
		out.topic = put_str(&b, routed->at[i].name);
		out.dynamic = routed->at[i].dynamic;
		b.outs->at[i] = out;
	}
	return b.outs;
}

struct pm_outs *pm_output_tombstone(const struct pm_output *output, const struct pm_message *msg,
				    const struct pm_journey *journey)
{
	bool typed = false;
	struct block b;

	if (block_open(&b, msg, journey, 1, strlen(output->topic) + 1) != 0)
		return NULL;
	b.nheaders = pass_headers(b.headers, msg, false, &typed);
	our_headers(&b, msg, journey);
	b.outs->at[0] = (struct pm_out){
		.kind = PM_OUT_TOMBSTONE, .topic = put_str(&b, output->topic), .key = msg->key,
		.headers = b.headers, .nheaders = b.nheaders, .timestamp = msg->timestamp,
	};
	return b.outs;
}
