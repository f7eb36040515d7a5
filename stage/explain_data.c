#include "stage/explain_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "producer/record.h"

/* Where the meters stand; the difference of two is a cost. */
static struct pm_cost meters(const struct pm_hand *hand)
{
	return (struct pm_cost){ pm_clock_ns(), hand->worker.effort, hand->worker.arena.used };
}

static struct pm_cost since(struct pm_cost before, const struct pm_hand *hand)
{
	struct pm_cost now = meters(hand);

	return (struct pm_cost){
		now.nanoseconds - before.nanoseconds, before.effort - now.effort,
		now.arena > before.arena ? now.arena - before.arena : 0,
	};
}

static void end(struct pm_explain *ex, enum pm_outcome outcome, const char *by, const char *reason,
		const char *message)
{
	ex->outcome = outcome;
	ex->by = by;
	ex->reason = reason;
	ex->message = message;
}

/* -- the chain --------------------------------------------------------------------------------- */

/* Whether the page goes on. */
static bool run_step(struct pm_explain *ex, size_t at, struct pm_hand *hand)
{
	const struct pm_chain *chain = ex->set->chain;
	struct pm_explain_step *step = &ex->step[ex->steps++];
	struct pm_page *page = &ex->page;
	char was[sizeof(*page)];
	struct pm_cost before;
	struct pm_result r;

	*step = (struct pm_explain_step){
		.filter = pm_chain_filter(chain, at),
		.note = page->notes.len,
		.cut = page->cuts.len,
		.removed = page->removed.len,
	};
	memcpy(was, page, sizeof(was));
	before = meters(hand);
	r = pm_chain_step(chain, at, page, &hand->worker);
	step->cost = since(before, hand);
	step->notes = page->notes.len - step->note;
	step->cuts = page->cuts.len - step->cut;
	step->removes = page->removed.len - step->removed;
	step->wrote = memcmp(was, page, sizeof(was)) != 0;
	step->verdict = r.verdict;
	if (r.verdict == PM_PASS)
		return true;
	step->reason = pm_chain_reason(chain, at, r);
	step->observed = r.verdict == PM_DROP && pm_chain_observes(chain, at);
	if (step->observed)
		return true;
	snprintf(step->message, sizeof(step->message), "%s", hand->worker.message);
	end(ex, r.verdict == PM_DROP ? PM_DROPPED : PM_REJECTED, step->filter->name, step->reason,
	    step->message);
	return false;
}

/* -- the record -------------------------------------------------------------------------------- */

static void write_record(struct pm_explain *ex, struct pm_hand *hand)
{
	struct pm_provenance from = {
		.chain = pm_slice_str(pm_chain_digest(ex->set->chain)),
		.filters = pm_chain_filters_json(ex->set->chain),
	};

	if (pm_record_write(&hand->worker.out, &ex->page, &from))
		ex->record = pm_buf_get(&hand->worker.out);
	else
		end(ex, PM_REJECTED, "produce", pm_reason_name(PM_REASON_RECORD_TOO_LARGE),
		    "the record is larger than limits allow");
}

static void route(struct pm_explain *ex, struct pm_hand *hand)
{
	const struct pm_output *output = ex->set->output;

	if (!output)
		return;
	if (pm_route(output->routes, &ex->page, ex->page.arena, hand->route, &ex->to) != 0) {
		end(ex, PM_REJECTED, "route", pm_reason_name(PM_REASON_ARENA_FULL), "");
		return;
	}
	ex->routed = true;
	ex->key = pm_output_key_of(output, ex->msg, &ex->page);
	if (ex->to.drop)
		end(ex, PM_DROPPED, "route", ex->to.drop, "");
}

/* -- all of it --------------------------------------------------------------------------------- */

bool pm_explain_page(struct pm_explain *ex, const struct pm_settings *set, struct pm_hand *hand,
		     const struct pm_message *msg)
{
	size_t len = pm_chain_len(set->chain);
	struct pm_err err = { 0 };
	struct pm_cost before;

	*ex = (struct pm_explain){ .set = set, .msg = msg };
	ex->step = calloc(len + 1, sizeof(*ex->step));
	if (!ex->step)
		return false;
	pm_worker_reset(&hand->worker, (uint64_t)set->limits.effort);
	pm_page_init(&ex->page, &hand->worker.arena);
	ex->page.explained = true;
	before = meters(hand);
	ex->fault = pm_envelope_decode(set->envelope, hand->unpacker, msg, &ex->page, &err);
	ex->envelope = since(before, hand);
	if (ex->fault != PM_REASON_NONE) {
		snprintf(ex->fault_message, sizeof(ex->fault_message), "%s", err.msg);
		end(ex, PM_REJECTED, "envelope", pm_reason_name(ex->fault), ex->fault_message);
		return true;
	}
	for (size_t at = 0; at < len; at++)
		if (!run_step(ex, at, hand))
			return true;
	write_record(ex, hand);
	if (ex->outcome == PM_EMITTED)
		route(ex, hand);
	return true;
}

void pm_explain_free(struct pm_explain *ex)
{
	free(ex->step);
	ex->step = NULL;
}
