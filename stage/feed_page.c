#include "stage/feed_page.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEADERS = 6, STATUS = 16 };

/* A message while it is put together: slices borrow from the page and the message. */
struct draft {
	struct pm_slice key, value;
	struct pm_header header[HEADERS];
	size_t nheaders;
	char status[STATUS];
};

static void add(struct draft *d, struct pm_slice name, struct pm_slice value)
{
	if (value.ptr)
		d->header[d->nheaders++] = (struct pm_header){ name, value };
}

/* Empty it says that the time is unknown, so that the message's isn't taken for it. */
static const struct pm_slice time_header = { "fetched-at", 10 };

/* The format "raw": the page itself, and beside it what the format's reader looks for. */
static void as_raw(struct draft *d, const struct pm_page *page)
{
	d->value = page->body.ptr ? page->body : page->received;
	if (!d->value.ptr)
		d->value = PM_LIT("");
	add(d, PM_LIT("url"), page->url);
	add(d, PM_LIT("content-type"), pm_envelope_type(page));
	if (page->status) {
		snprintf(d->status, sizeof(d->status), "%d", page->status);
		add(d, PM_LIT("status"), pm_slice_str(d->status));
	}
	add(d, PM_LIT("id"), page->source_id);
	add(d, time_header, page->fetched_at.ptr ? page->fetched_at : PM_LIT(""));
}

/* The record as it lies in the file. */
static void as_warc(struct draft *d, const struct pm_message *msg, const struct pm_page *page)
{
	d->value = msg->value;
	if (!page->fetched_at.ptr)
		add(d, time_header, PM_LIT(""));
}

static enum pm_reason as_json(struct draft *d, const struct pm_task *task,
			      const struct pm_page *page, struct pm_buf *room, struct pm_err *err)
{
	struct pm_slice line = { 0 };

	if (task->msg->kind == PM_KIND_JSON)
		line = task->msg->value;
	if (!pm_envelope_write(task->work->envelope, line, page, room)) {
		pm_fail(err, "the input's preset has no member for a body in bytes");
		return PM_REASON_BAD_FIELD;
	}
	d->value = pm_buf_get(room);
	if (!room->failed)
		return PM_REASON_NONE;
	pm_fail(err, "its envelope is larger than limits allow");
	return PM_REASON_RECORD_TOO_LARGE;
}

static struct pm_slice put(char **at, struct pm_slice s)
{
	char *to = *at;

	if (!s.ptr)
		return s;
	if (s.len)
		memcpy(to, s.ptr, s.len);
	*at += s.len;
	return pm_slice(to, s.len);
}

/* Everything in one block, since the page is gone when the message is sent. */
static struct pm_outs *in_a_block(const struct draft *d, const char *topic)
{
	size_t size = sizeof(struct pm_outs) + sizeof(struct pm_out) + sizeof(d->header) +
		      d->key.len + d->value.len;
	struct pm_header *headers;
	struct pm_outs *outs;
	char *at;

	for (size_t i = 0; i < d->nheaders; i++)
		size += d->header[i].value.len;
	outs = malloc(size);
	if (!outs)
		return NULL;
	*outs = (struct pm_outs){ .len = 1, .bytes = size };
	headers = (struct pm_header *)&outs->at[1];
	at = (char *)&headers[HEADERS];
	for (size_t i = 0; i < d->nheaders; i++)
		headers[i] = (struct pm_header){ d->header[i].name, put(&at, d->header[i].value) };
	outs->at[0] = (struct pm_out){
		.topic = topic, .key = put(&at, d->key), .value = put(&at, d->value),
		.headers = headers, .nheaders = d->nheaders, .timestamp = -1,
	};
	return outs;
}

enum pm_reason pm_feed_page(const struct pm_task *task, const struct pm_page *page,
			    struct pm_hand *hand, struct pm_outs **outs, struct pm_err *err)
{
	const struct pm_feed_work *work = (const struct pm_feed_work *)task->work;
	struct draft d = { .key = pm_output_key_of(work->output, task->msg, page) };
	enum pm_reason reason = PM_REASON_NONE;

	switch (work->format) {
	case PM_FEED_JSON:
		reason = as_json(&d, task, page, &hand->worker.out, err);
		break;
	case PM_FEED_RAW:
		as_raw(&d, page);
		break;
	case PM_FEED_WARC:
		if (task->msg->kind == PM_KIND_WARC) {
			as_warc(&d, task->msg, page);
			break;
		}
		pm_fail(err, "no WARC record: only these can be fed as one");
		reason = PM_REASON_BAD_WARC;
		break;
	}
	if (reason != PM_REASON_NONE)
		return reason;
	add(&d, PM_LIT("pagemill-position"), task->msg->position);
	*outs = in_a_block(&d, work->topic);
	return PM_REASON_NONE;
}
