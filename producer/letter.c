#include "producer/letter.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

#define PREFIX "__pagemill.errors."

enum {
	OUR_HEADERS = 10,
	ATTEMPT_MAX = 1000000, /* beyond this an old header is not believed */
	HEADER_COST = 16,      /* bytes that a header takes on the wire beside its text */
	OURS_MAX = 4096,       /* bytes that our headers take at most, the topic's name apart */
};

static bool is_ours(struct pm_slice name)
{
	struct pm_slice head = pm_slice(name.ptr, sizeof(PREFIX) - 1);

	return name.len >= head.len && pm_slice_is_nocase(head, PREFIX);
}

unsigned pm_letter_attempt(const struct pm_message *msg)
{
	unsigned attempt = 0;

	for (size_t i = 0; i < msg->nheaders; i++) {
		struct pm_slice value = msg->headers[i].value;
		unsigned n = 0;

		if (!value.ptr || !pm_slice_is_nocase(msg->headers[i].name, PREFIX "attempt"))
			continue;
		for (size_t j = 0; j < value.len && n <= ATTEMPT_MAX; j++)
			n = value.ptr[j] >= '0' && value.ptr[j] <= '9'
				    ? n * 10 + (unsigned)(value.ptr[j] - '0')
				    : ATTEMPT_MAX + 1;
		if (n <= ATTEMPT_MAX)
			attempt = n;
	}
	return attempt + 1;
}

/* What of the original goes along. */
struct plan {
	struct pm_slice key, value;
	size_t headers;         /* how many of the original's, ours apart */
	size_t left_out;
	bool key_left_out, truncated;
};

static size_t cost(const struct pm_header *header)
{
	return header->name.len + header->value.len + HEADER_COST;
}

static void plan_headers(struct plan *plan, const struct pm_message *msg, size_t *room, bool bare)
{
	for (size_t i = 0; i < msg->nheaders; i++) {
		if (is_ours(msg->headers[i].name))
			continue;
		if (bare || plan->left_out || cost(&msg->headers[i]) > *room) {
			plan->left_out++;
			continue;
		}
		*room -= cost(&msg->headers[i]);
		plan->headers++;
	}
}

static struct plan plan_letter(const struct pm_message *msg, const char *topic,
			       enum pm_letter_size size)
{
	bool bare = size == PM_LETTER_BARE;
	size_t room = SIZE_MAX;
	struct plan plan = { .key = msg->key, .value = msg->value };

	if (size != PM_LETTER_WHOLE)
		room = PM_LETTER_BYTES - OURS_MAX -
		       (msg->topic ? strnlen(msg->topic, OURS_MAX) : 0);
	if (bare || msg->key.len > room / 2) {
		plan.key_left_out = msg->key.ptr != NULL;
		plan.key = (struct pm_slice){ 0 };
	}
	room -= plan.key.len;
	plan_headers(&plan, msg, &room, bare);
	if (size == PM_LETTER_EMPTY || bare)
		room = 0;
	if (plan.value.len > room)
		plan.value.len = room;
	plan.truncated = plan.value.len < msg->value.len || plan.left_out || plan.key_left_out;
	return plan;
}

/* The message with what was left out, safe to print, at most PM_LETTER_MESSAGE bytes and a note. */
static void put_message(struct pm_buf *to, const struct pm_letter_why *why, const struct plan *plan)
{
	struct pm_buf escaped = { .max = 8 * PM_LETTER_MESSAGE };
	size_t len;

	pm_escape(&escaped, why->message.ptr ? why->message : PM_LIT(""), PM_LETTER_MESSAGE, false);
	len = escaped.len < PM_LETTER_MESSAGE ? escaped.len : PM_LETTER_MESSAGE;
	/* Escapes are ASCII; a cut inside one is ugly, a cut inside a character would be wrong. */
	while (len && len < escaped.len && ((unsigned char)escaped.ptr[len] & 0xc0) == 0x80)
		len--;
	pm_buf_add(to, escaped.ptr, len);
	pm_buf_free(&escaped);
	if (plan->left_out)
		pm_buf_printf(to, " (%zu headers left out)", plan->left_out);
	if (plan->key_left_out)
		pm_buf_str(to, " (key left out)");
}

struct block {
	struct pm_header *headers;
	size_t nheaders;
	char *at;
};

static struct pm_slice put(struct block *b, const void *bytes, size_t len)
{
	char *to = b->at;

	memcpy(to, bytes, len);
	b->at += len;
	return pm_slice(to, len);
}

static void add(struct block *b, struct pm_slice name, const char *value)
{
	if (value)
		b->headers[b->nheaders++] =
			(struct pm_header){ name, put(b, value, strlen(value)) };
}

static void add_number(struct block *b, struct pm_slice name, long long n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", n);
	add(b, name, text);
}

static void add_ours(struct block *b, const struct pm_message *msg, const struct pm_letter_why *why,
		     struct pm_slice message, const struct plan *plan)
{
	add(b, PM_LIT(PREFIX "topic"), msg->topic);
	add_number(b, PM_LIT(PREFIX "partition"), msg->partition);
	add_number(b, PM_LIT(PREFIX "offset"), msg->offset);
	add(b, PM_LIT(PREFIX "stage"), why->stage);
	add(b, PM_LIT(PREFIX "filter"), why->filter);
	add(b, PM_LIT(PREFIX "reason"), why->reason);
	b->headers[b->nheaders++] = (struct pm_header){ PM_LIT(PREFIX "message"),
							put(b, message.ptr, message.len) };
	add_number(b, PM_LIT(PREFIX "attempt"), pm_letter_attempt(msg));
	add(b, PM_LIT(PREFIX "chain"), why->chain);
	if (plan->truncated)
		add_number(b, PM_LIT(PREFIX "truncated"), (long long)msg->value.len);
}

static size_t length(const char *str)
{
	return str ? strlen(str) : 0;
}

static struct pm_outs *build(const char *topic, const struct pm_message *msg,
			     const struct pm_letter_why *why, const struct plan *plan,
			     struct pm_slice message)
{
	size_t head = sizeof(struct pm_outs) + sizeof(struct pm_out);
	size_t size, passed = 0;
	struct pm_outs *outs;
	struct block b = { 0 };

	head = (head + alignof(struct pm_header) - 1) / alignof(struct pm_header) *
	       alignof(struct pm_header);
	size = head + (plan->headers + OUR_HEADERS) * sizeof(struct pm_header) + strlen(topic) + 1 +
	       length(msg->topic) + length(why->stage) + length(why->filter) + length(why->reason) +
	       length(why->chain) + message.len + 4 * 24;
	outs = malloc(size);
	if (!outs)
		return NULL;
	*outs = (struct pm_outs){ .len = 1, .bytes = size };
	b.headers = (struct pm_header *)((char *)outs + head);
	b.at = (char *)(b.headers + plan->headers + OUR_HEADERS);
	for (size_t i = 0; i < msg->nheaders && passed < plan->headers; i++) {
		if (is_ours(msg->headers[i].name))
			continue;
		b.headers[b.nheaders++] = msg->headers[i];
		passed++;
	}
	add_ours(&b, msg, why, message, plan);
	outs->at[0] = (struct pm_out){
		.kind = PM_OUT_LETTER, .topic = put(&b, topic, strlen(topic) + 1).ptr,
		.key = plan->key, .value = plan->value, .headers = b.headers,
		.nheaders = b.nheaders, .timestamp = msg->timestamp,
	};
	return outs;
}

struct pm_outs *pm_letter_new(const char *topic, const struct pm_message *msg,
			      const struct pm_letter_why *why, enum pm_letter_size size)
{
	struct plan plan = plan_letter(msg, topic, size);
	struct pm_buf message = { .max = 2 * PM_LETTER_MESSAGE };
	struct pm_outs *outs = NULL;

	put_message(&message, why, &plan);
	if (!message.failed)
		outs = build(topic, msg, why, &plan, pm_buf_get(&message));
	/* Brokers may refuse a record for its timestamp: the last form has none. */
	if (outs && size == PM_LETTER_BARE)
		outs->at[0].timestamp = -1;
	pm_buf_free(&message);
	return outs;
}
