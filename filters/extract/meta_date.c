/* filters/extract/meta_date.c -- when the page was published and changed: what it states, what its
 * URL says and what it shows, weighed against each other. */
#include "filters/extract/meta_dateline.h"
#include "filters/extract/visible.h"

enum {
	RANK_PAGE = 14,         /* from here on what says of the page,
				 * not of the article, when it is from */
	RANK_URL = 37,          /* a date in the URL is better than weaker statements */
	LINE = 160,             /* bytes of a statement at most */
	DRAFT = 3,              /* days that an address may be older than what it leads to */
};

struct dated {
	struct pm_date date;
	const char *source;     /* NULL: none */
	unsigned rank;
};

static bool set(struct pm_meta_reader *r, struct pm_meta *to, const struct pm_date *d,
		const char *source)
{
	to->value = pm_arena_copy(r->page->arena, pm_slice(d->text, d->len));
	to->source = source;
	return to->value.ptr != NULL;
}

/* The best statement that is a date. */
static bool stated(struct pm_meta_reader *r, enum pm_meta_field field, struct dated *d)
{
	*d = (struct dated){ .source = NULL };
	for (const struct pm_said *s = pm_meta_best(r, field, NULL); s;
	     s = pm_meta_best(r, field, s)) {
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

static bool is_markup(const struct pm_said *s)
{
	return s->field == PM_SAYS_PUBLISHED &&
	       (strcmp(s->source, "microdata") == 0 || strcmp(s->source, "rdfa") == 0);
}

/* Markup that gives several days is a list's: each is another article's. */
static bool weaken_lists(struct pm_meta_reader *r)
{
	uint32_t day = 0;
	unsigned days = 0;

	for (size_t i = 0; i < r->said_len && days < 2; i++) {
		struct pm_slice text;
		struct pm_date d;

		if (!is_markup(&r->said[i]))
			continue;
		text = pm_meta_text(r, &r->said[i]);
		if (!text.ptr)
			return false;
		if (text.len > LINE || !pm_date_value(text, &r->hints, &d) || d.day == day)
			continue;
		day = d.day;
		days++;
	}
	for (size_t i = 0; i < r->said_len && days > 1; i++)
		if (is_markup(&r->said[i]))
			r->said[i].rank = PM_RANK_WEAK;
	return true;
}

/* What is shown at the headline is what readers take for the date. It counts where it explains the
 * statement, where it says that it is the date of publication, and where it is another than both
 * that are stated: then those speak of the page's file, or of another page that was copied. An
 * article's JSON-LD is written with it: no earlier date is a correction of that. */
static bool shown_wins(const struct dated *published, const struct dated *modified,
		       const struct pm_dateline *shown)
{
	uint32_t day = shown->published.day,
		 latest = modified->source ? modified->date.day : published->date.day;

	if (!shown->has_published || day == published->date.day)
		return false;
	if (published->rank >= PM_RANK_WEAK)
		return true;
	if (!shown->marked)
		return false;
	if (modified->source && day == modified->date.day)
		return shown->claimed;
	return day < published->date.day ? published->rank >= RANK_PAGE : day <= latest;
}

/* The day on which it was where the page was written; the statement has it in UTC. */
static bool local_day(struct pm_meta_reader *r, const struct dated *published,
		      const struct dated *in_url, const struct pm_dateline *shown, bool *done)
{
	const struct pm_date *p = &published->date;

	*done = true;
	if (shown->has_published && shown->published.day != p->day &&
	    (shown->published.timed ? pm_date_same_minute(p, &shown->published)
				    : pm_date_may_be_local(p, shown->published.day)))
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

/* An address is made with the first draft: the day that the page shows may be a later one. */
static bool set_url(struct pm_meta_reader *r, struct pm_meta *to, const struct dated *in_url,
		    struct pm_dateline *shown)
{
	int64_t later;

	if (!shown->has_published) {
		if (!pm_dateline_marked(r, shown))
			return false;
		shown->marked = shown->has_published;
	}
	later = shown->marked ? pm_date_days(in_url->date.day, shown->published.day) : 0;
	if (later > 0 && later <= DRAFT)
		return set(r, to, &shown->published, shown->source);
	return set(r, to, &in_url->date, in_url->source);
}

static bool fill_published(struct pm_meta_reader *r, const struct dated *modified,
			   struct pm_dateline *shown)
{
	struct pm_meta *to = &r->page->published_at;
	struct dated published, in_url = { .source = NULL };
	bool done;

	if (!weaken_lists(r) || !stated(r, PM_SAYS_PUBLISHED, &published) ||
	    !pm_dateline_near(r, shown))
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
		return set_url(r, to, &in_url, shown);
	if (!shown->has_published && in_title(r, &in_url.date))
		return set(r, to, &in_url.date, "title");
	if (!shown->has_published && !pm_dateline_far(r, shown))
		return false;
	if (!shown->has_published)
		return !pm_script_date(r, &in_url.date) || set(r, to, &in_url.date, "script");
	return set(r, to, &shown->published, shown->source);
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
