#include "stage/task.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/sure.h"
#include "producer/record.h"

/* Labels of what no filter did. */
static const char by_envelope[] = "envelope", by_route[] = "route", by_produce[] = "produce";

void pm_work_unref(struct pm_work *work)
{
	if (--work->refs == 0 && work->free)
		work->free(work);
}

struct pm_task *pm_task_new(struct pm_message *msg, struct pm_work *work)
{
	struct pm_task *task = calloc(1, sizeof(*task));

	if (!task) {
		pm_message_free(msg);
		return NULL;
	}
	task->msg = msg;
	task->work = work;
	work->refs++;
	return task;
}

void pm_task_free(struct pm_task *task)
{
	if (!task)
		return;
	pm_work_unref(task->work);
	pm_message_free(task->msg);
	free((char *)task->url.ptr);
	free((char *)task->source_id.ptr);
	free(task->outs);
	free(task->letter);
	free(task->air);
	free(task);
}

/* -- endings ---------------------------------------------------------------------------------- */

static struct pm_letter_why why(const struct pm_task *task)
{
	return (struct pm_letter_why){
		.stage = task->stage,
		.filter = strcmp(task->stage, "filter") == 0 ? task->filter : NULL,
		.reason = task->reason,
		.message = pm_slice_str(task->message),
		.chain = task->work->journey.chain,
	};
}

static struct pm_slice keep(struct pm_slice s)
{
	char *copy;

	if (!s.ptr)
		return s;
	copy = pm_sure(malloc(s.len + 1));
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return pm_slice(copy, s.len);
}

static void reject(struct pm_task *task, const struct pm_page *page, const char *stage,
		   const char *filter, const char *reason, const char *message)
{
	const struct pm_output *output = task->work->output;
	struct pm_letter_why because;

	task->outcome = PM_REJECTED;
	task->stage = stage;
	task->filter = filter;
	task->reason = reason;
	snprintf(task->message, sizeof(task->message), "%s", message[0] ? message : reason);
	if (!output) {
		task->url = keep(page->url);
		task->source_id = keep(page->source_id);
		return;
	}
	if (!output->dead_letter)
		return;
	because = why(task);
	task->outs =
		pm_sure(pm_letter_new(output->dead_letter, task->msg, &because, PM_LETTER_WHOLE));
}

static void drop(struct pm_task *task, const char *filter, const char *reason)
{
	task->outcome = PM_DROPPED;
	task->filter = filter;
	task->reason = reason;
}

/* A local record has no topic, key or headers: one block with the bytes behind it. */
static struct pm_outs *local_record(struct pm_slice record)
{
	size_t size = sizeof(struct pm_outs) + sizeof(struct pm_out) + record.len;
	struct pm_outs *outs = malloc(size);
	char *value;

	if (!outs)
		return NULL;
	*outs = (struct pm_outs){ .len = 1, .bytes = size };
	value = (char *)&outs->at[1];
	memcpy(value, record.ptr, record.len);
	outs->at[0] = (struct pm_out){ .topic = "-",
				       .value = pm_slice(value, record.len),
				       .timestamp = -1 };
	return outs;
}

/* -- the way ----------------------------------------------------------------------------------- */

static void send_record(struct pm_task *task, struct pm_page *page, struct pm_hand *hand)
{
	const struct pm_work *work = task->work;
	struct pm_slice record = pm_buf_get(&hand->worker.out);
	struct pm_routed routed;

	if (!work->output) {
		task->outs = pm_sure(local_record(record));
		return;
	}
	if (pm_route(work->output->routes, page, page->arena, hand->route, &routed) != 0) {
		reject(task, page, "route", by_route, pm_reason_name(PM_REASON_ARENA_FULL), "");
		return;
	}
	if (routed.drop)
		drop(task, by_route, routed.drop);
	if (routed.len == 0)
		return;
	task->outs = pm_sure(
		pm_output_record(work->output, task->msg, page, record, &routed, &work->journey));
}

static void filter_page(struct pm_task *task, struct pm_page *page, struct pm_hand *hand)
{
	const struct pm_work *work = task->work;
	struct pm_provenance from = {
		.chain = pm_slice_str(task->work->journey.chain),
		.filters = pm_chain_filters_json(work->chain),
	};
	struct pm_result r;
	size_t at;

	r = pm_chain_run(work->chain, page, &hand->worker, hand->counts, &at);
	if (r.verdict == PM_FAIL)
		reject(task, page, "filter", pm_chain_filter(work->chain, at)->name,
		       pm_chain_reason(work->chain, at, r), hand->worker.message);
	else if (r.verdict == PM_DROP)
		drop(task, pm_chain_filter(work->chain, at)->name,
		     pm_chain_reason(work->chain, at, r));
	else if (!pm_record_write(&hand->worker.out, page, &from) &&
		 pm_sure(hand->worker.out.starved ? NULL : page))
		reject(task, page, "produce", by_produce,
		       pm_reason_name(PM_REASON_RECORD_TOO_LARGE), "the record is larger than limits allow");
	else
		send_record(task, page, hand);
}

static void work_on(struct pm_task *task, struct pm_hand *hand)
{
	const struct pm_work *work = task->work;
	enum pm_reason fault = PM_REASON_CRASHED_BEFORE;
	struct pm_err err = { 0 };
	struct pm_page page;

	pm_worker_reset(&hand->worker, work->effort);
	pm_page_init(&page, &hand->worker.arena);
	if (!pm_note_begin(hand->note, hand->number, task->msg, work->journey.chain, &err))
		fault = pm_envelope_decode(work->envelope, hand->unpacker, task->msg, &page, &err);
	if (fault != PM_REASON_NONE) {
		reject(task, &page, "consume", by_envelope, pm_reason_name(fault), err.msg);
	} else if (work->make) {
		fault = work->make(task, &page, hand, &task->outs, &err);
		if (fault != PM_REASON_NONE)
			reject(task, &page, "produce", by_produce, pm_reason_name(fault), err.msg);
		else
			pm_sure(task->outs);
	} else if (!page.tombstone) {
		filter_page(task, &page, hand);
	} else if (work->output) {
		task->outs = pm_sure(pm_output_tombstone(work->output, task->msg, &work->journey));
	}
	if (!task->outs)
		return;
	task->air = pm_sure(calloc(task->outs->len, sizeof(*task->air)));
	for (size_t i = 0; i < task->outs->len; i++)
		task->air[i] = (struct pm_air){ .task = task, .index = (unsigned)i };
}

void pm_task_run(struct pm_task *task, struct pm_hand *hand)
{
	work_on(task, hand);
	pm_note_end(hand->note, hand->number);
}

/* -- sending ----------------------------------------------------------------------------------- */

const struct pm_out *pm_task_out(const struct pm_task *task, unsigned index)
{
	return task->air[index].replaced ? &task->letter->at[0] : &task->outs->at[index];
}

size_t pm_task_bytes(const struct pm_task *task)
{
	return task->outs ? task->outs->bytes : 0;
}

/* The letter that `air` is to carry now, one size below the last; false: there is none below. */
static bool smaller_letter(struct pm_task *task, struct pm_air *air)
{
	struct pm_letter_why because = why(task);
	enum pm_letter_size size = air->replaced ? task->letter_size + 1 : PM_LETTER_CUT;

	/* A refused record's own letter starts whole; a first letter was whole already. */
	if (!air->replaced && task->outs->at[air->index].kind != PM_OUT_LETTER)
		size = PM_LETTER_WHOLE;
	if (size == PM_LETTER_SIZES)
		return false;
	free(task->letter);
	task->letter =
		pm_sure(pm_letter_new(task->work->output->dead_letter, task->msg, &because, size));
	task->letter_size = size;
	air->replaced = true;
	return true;
}

bool pm_task_refused(struct pm_task *task, struct pm_air *air, const struct pm_report *report)
{
	bool is_letter = air->replaced || task->outs->at[air->index].kind == PM_OUT_LETTER;
	const struct pm_output *output = task->work->output;

	if (task->letter && !air->replaced)
		return false;
	if (!is_letter) {
		task->outcome = PM_REJECTED;
		task->stage = "produce";
		task->filter = by_produce;
		task->reason = pm_reason_name(report->delivery == PM_REFUSED_TOPIC
						      ? PM_REASON_NO_TOPIC
						      : PM_REASON_RECORD_TOO_LARGE);
		snprintf(task->message, sizeof(task->message), "%s", report->err.msg);
	}
	return output && output->dead_letter && smaller_letter(task, air);
}
