/* filters/extract/meta_date.c -- when the page was published and changed: what it states, what its URL
 * says and what it shows, weighed against each other. */
#include "filters/extract/meta_dateline.h"
#include "filters/extract/visible.h"

enum {
	RANK_META = 20,         /* from here on what pages say beside JSON-LD */
	RANK_URL = 37,          /* a date in the URL is better than weaker statements */
	LINE = 160,             /* bytes of a statement at most */
};

struct dated {
	struct pm_date date;
	const char *source;     /* NULL: none */
	unsigned rank;
};

static bool set(struct pm_meta_reader *r, struct pm_meta *to, const struct pm_date *d, const char *source)
{
	to->value = pm_arena_copy(r->page->arena, pm_slice(d->text, d->len));
	to->source = source;
	return to->value.ptr != NULL;
}

/* The best statement that is a date. */
static bool stated(struct pm_meta_reader *r, enum pm_meta_field field, struct dated *d)
{
	*d = (struct dated){ .source = NULL };
	for (const struct pm_said *s = pm_meta_best(r, field, NULL); s; s = pm_meta_best(r, field, s)) {
		struct pm_slice text = pm_meta_text(r, s);

		if (!text.ptr)
			return false;
		if (text.len > LINE || !pm_date_value(text, &r->hints, &d->date))
			continue;
		d->source = s->source;
		d->rank = s->rank;
		return true;
	}
	return true;
}

/* What is shown at the headline is what readers take for the date. It counts where it explains the
 * statement, where it says that it is the date of publication, and where it is another than both that
 * are stated: then those speak of the page's file, or of another page that was copied. JSON-LD is
 * written with the page: no earlier date is a correction of it. */
static bool shown_wins(const struct dated *published, const struct dated *modified, const struct pm_dateline *shown)
{
	uint32_t day = shown->published.day, latest = modified->source ? modified->date.day : published->date.day;

	if (!shown->has_published || !shown->marked || day == published->date.day)
		return false;
	if (modified->source && day == modified->date.day)
		return shown->claimed;
	return day < published->date.day ? published->rank >= RANK_META : day <= latest;
}

/* The day on which it was where the page was written; the statement has it in UTC. */
static bool local_day(struct pm_meta_reader *r, const struct dated *published, const struct dated *in_url,
		      const struct pm_dateline *shown, bool *done)
{
	const struct pm_date *p = &published->date;

	*done = true;
	if (shown->has_published && shown->published.day != p->day &&
	    (shown->published.timed ? pm_date_same_minute(p, &shown->published) : pm_date_may_be_local(p, shown->published.day)))
		return set(r, &r->page->published_at, &shown->published, shown->source);
	if (in_url->source && pm_date_may_be_local(p, in_url->date.day))
		return set(r, &r->page->published_at, &in_url->date, in_url->source);
	*done = false;
	return true;
}

/* "Bees fly | Example | 28.04.2023": the last part of the title is a date and nothing else. */
static bool in_title(struct pm_meta_reader *r, struct pm_date *d)
{
	enum { LONGEST = 400, SHORTEST = 8 };
	struct pm_slice s = r->title ? pm_visible_line(r->doc, r->page->arena, r->title) : PM_LIT("");
	size_t end, from;

	if (!s.len || s.len > LONGEST)
		return false;
	for (from = s.len; from > 0 && s.ptr[from - 1] != '|'; from--)
		;
	s = pm_slice_trim(pm_slice(s.ptr + from, s.len - from));
	return from > 0 && s.len >= SHORTEST && (unsigned char)(s.ptr[0] - '0') < 10 &&
	       pm_date_find(s, &r->hints, d, &end) && end == s.len;
}

static bool fill_published(struct pm_meta_reader *r, const struct dated *modified, struct pm_dateline *shown)
{
	struct pm_meta *to = &r->page->published_at;
	struct dated published, in_url = { .source = NULL };
	bool done;

	if (!stated(r, PM_SAYS_PUBLISHED, &published) || !pm_dateline_near(r, shown))
		return false;
	if (r->page->url.ptr && pm_date_in_url(r->page->url, &r->hints, &in_url.date))
		in_url.source = "url";
	if (published.source) {
		if (!local_day(r, &published, &in_url, shown, &done) || done)
			return done;
		if (shown_wins(&published, modified, shown))
			return set(r, to, &shown->published, shown->source);
		if (published.rank < RANK_URL || !in_url.source)
			return set(r, to, &published.date, published.source);
	}
	if (in_url.source)
		return set(r, to, &in_url.date, in_url.source);
	if (!shown->has_published && in_title(r, &in_url.date))
		return set(r, to, &in_url.date, "title");
	if (!shown->has_published && !pm_dateline_far(r, shown))
		return false;
	return !shown->has_published || set(r, to, &shown->published, shown->source);
}

bool pm_meta_dates(struct pm_meta_reader *r)
{
	struct pm_dateline shown = { .source = NULL };
	struct dated modified;

	if (!stated(r, PM_SAYS_MODIFIED, &modified) || !fill_published(r, &modified, &shown))
		return false;
	if (modified.source)
		return set(r, &r->page->modified_at, &modified.date, modified.source);
	return !shown.has_modified || set(r, &r->page->modified_at, &shown.modified, "dateline");
}
