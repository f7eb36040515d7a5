#include "stage/engine_state.h"

enum { RETRY_MS = 100 };        /* before a commit that failed is asked for again */

void pm_engine_commit(struct pm_engine *e)
{
	const struct pm_slot_list *dirty = &e->list[PM_DIRTY];

	if (e->committing || e->now < e->retry_due)
		return;
	e->commit_due = pm_engine_after(e, e->conf.commit_ms);
	if (dirty->len == 0)
		return;
	for (size_t i = 0; i < dirty->len; i++) {
		const struct pm_partition *p = &e->part[dirty->at[i]];

		e->positions[i] = (struct pm_engine_position){ dirty->at[i], p->finished };
		e->commit[i] = (struct pm_committing){ p->finished, dirty->at[i], p->epoch };
	}
	e->ncommit = dirty->len;
	e->committing = true;
	e->stats.commits++;
	pm_engine_push(e, (struct pm_action){ .kind = PM_ACT_COMMIT, .positions = e->positions,
					      .npositions = e->ncommit });
}

/* NULL: the partition has changed hands since. */
static struct pm_partition *still_ours(struct pm_engine *e, const struct pm_committing *at)
{
	struct pm_partition *p = &e->part[at->partition];

	return p->hold != PM_NOT_OURS && p->epoch == at->epoch ? p : NULL;
}

static void confirmed(struct pm_engine *e)
{
	for (size_t i = 0; i < e->ncommit; i++) {
		struct pm_partition *p = still_ours(e, &e->commit[i]);

		if (!p)
			continue;
		p->committed = e->commit[i].offset;
		pm_engine_note_dirty(e, p);
	}
}

/* No answer will come. A partition whose last commit this was goes without it: at worst its next
 * owner does pages twice. The others are committed again in their turn. */
static void unknown(struct pm_engine *e)
{
	for (size_t i = 0; i < e->ncommit; i++) {
		struct pm_partition *p = still_ours(e, &e->commit[i]);

		if (p && p->hold == PM_PARTING && p->finished == e->commit[i].offset)
			p->deadline = e->now;
	}
}

void pm_engine_outcome(struct pm_engine *e, const struct pm_event *event)
{
	if (event->op != PM_ACT_COMMIT || !e->committing)
		return;
	e->committing = false;
	if (event->kind == PM_EV_OK) {
		confirmed(e);
		return;
	}
	/* Brokers that refuse at once would otherwise be asked again at once, without end. */
	e->retry_due = pm_engine_after(e, RETRY_MS);
	if (event->kind == PM_EV_RETRIABLE)
		e->commit_due = e->retry_due;
	else
		unknown(e);
	if (e->commit_due < e->retry_due)
		e->commit_due = e->retry_due;
}
