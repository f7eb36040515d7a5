/* filters/extract/meta.c -- what was said, kept in order and handed out by trust. */
#include "filters/extract/meta.h"

#include "filters/extract/clean.h"
#include "filters/extract/entity.h"
#include "filters/extract/visible.h"

void pm_meta_say(struct pm_meta_reader *r, struct pm_said said)
{
	if (r->said_len < PM_SAID_MAX)
		r->said[r->said_len++] = said;
}

const struct pm_said *pm_meta_best(const struct pm_meta_reader *r, enum pm_meta_field field,
				   const struct pm_said *before)
{
	const struct pm_said *best = NULL;

	for (const struct pm_said *s = r->said; s < r->said + r->said_len; s++) {
		if (s->field != field)
			continue;
		if (before && (s->rank < before->rank || (s->rank == before->rank && s <= before)))
			continue;
		if (!best || s->rank < best->rank)
			best = s;
	}
	return best;
}

/* A name, a title, a date: what is longer than those isn't one. */
static bool is_short(const struct pm_html *doc, uint32_t node)
{
	enum { NODES = 200 };
	uint32_t last = doc->nodes[node].last;
	size_t len = 0;

	if (last - node > NODES)
		return false;
	for (uint32_t i = node + 1; i <= last; i++)
		if (doc->nodes[i].tag == PM_TAG_NONE && !(doc->nodes[i].flags & PM_NODE_PLAIN))
			len += doc->nodes[i].len;
	return len <= PM_SAID_LINE;
}

struct pm_slice pm_meta_text(struct pm_meta_reader *r, const struct pm_said *said)
{
	struct pm_arena *a = r->page->arena;
	struct pm_slice raw = said->raw;

	switch ((enum pm_said_form)said->form) {
	case PM_SAID_JSON:
		raw = r->ld.at[said->at].raw;
		if (raw.len > PM_SAID_LINE)
			return PM_LIT("");
		r->doc->effort += raw.len;
		return pm_jsonld_text(&r->ld, a, said->at);
	case PM_SAID_NODE:
		if (!is_short(r->doc, said->at))
			return PM_LIT("");
		return pm_visible_line(r->doc, a, said->at);
	case PM_SAID_TEXT:
		return raw;
	case PM_SAID_ATTR:
		break;
	}
	if (raw.len > PM_SAID_LINE)
		return PM_LIT("");
	r->doc->effort += raw.len;
	raw = pm_entity_decode(a, raw);
	/* References once more: many systems escape what was escaped already. */
	return raw.ptr ? pm_clean_line(a, raw, true) : raw;
}

bool pm_meta_has_word(struct pm_slice list, const char *word)
{
	size_t from = 0;

	for (size_t i = 0; list.ptr && i <= list.len; i++) {
		if (i < list.len && !pm_ascii_space(list.ptr[i]))
			continue;
		if (pm_slice_is_nocase(pm_slice(list.ptr + from, i - from), word))
			return true;
		from = i + 1;
	}
	return false;
}
