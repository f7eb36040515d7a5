/* Any bytes as JSON-LD, a date, a byline, and as the head of a page: what comes out is well
 * formed. */
#include <stdlib.h>

#include "core/utf8.h"
#include "filters/extract/byline.h"
#include "filters/extract/date.h"
#include "filters/extract/html_meta.h"
#include "filters/extract/jsonld.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static struct pm_arena arena;

static void check_date(struct pm_slice text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";

	MUST(text.len == 10 || (text.len >= 20 && text.len <= PM_DATE_SIZE));
	for (size_t i = 0; i < text.len && form[i]; i++)
		MUST(form[i] == 'd' ? (unsigned char)(text.ptr[i] - '0') < 10
				    : text.ptr[i] == form[i]);
	MUST(text.len == 10 || text.ptr[text.len - 1] == 'Z' || text.ptr[text.len - 6] == '+' ||
	     text.ptr[text.len - 6] == '-');
}

static void dates(struct pm_slice s)
{
	const struct pm_date_hints hints = { .language = PM_LIT("de") };
	struct pm_date d;
	size_t end = 0;

	if (pm_date_value(s, &hints, &d))
		check_date(pm_slice(d.text, d.len));
	if (pm_date_in_url(s, &hints, &d))
		check_date(pm_slice(d.text, d.len));
	while (pm_date_find(s, &hints, &d, &end)) {
		MUST(end > 0 && end <= s.len);
		check_date(pm_slice(d.text, d.len));
		/* What is written is read again as it stands. */
		s.ptr += end;
		s.len -= end;
		MUST(pm_date_value(pm_slice(d.text, d.len), &hints, &d));
	}
}

static void bylines(struct pm_slice s)
{
	struct pm_people people = { .len = 0 };

	for (int trust = PM_BYLINE_STATED; trust <= PM_BYLINE_SEEN; trust++)
		pm_byline_read(s, (enum pm_byline_trust)trust, &people);
	MUST(people.len <= PM_PEOPLE_MAX);
	for (size_t i = 0; i < people.len; i++) {
		MUST(people.at[i].len > 0);
		MUST(people.at[i].ptr >= s.ptr &&
		     people.at[i].ptr + people.at[i].len <= s.ptr + s.len);
	}
}

static void jsonld(struct pm_slice s)
{
	struct pm_jsonld ld;

	MUST(pm_jsonld_open(&ld, &arena, s.len) && pm_jsonld_read(&ld, &arena, s));
	MUST(pm_jsonld_read(&ld, &arena, s));
	for (uint32_t i = 0; i < ld.len; i++) {
		MUST(ld.at[i].last >= i && ld.at[i].last < ld.len);
		MUST(ld.at[i].parent == PM_JSONLD_NONE ||
		     (ld.at[i].parent < i && ld.at[ld.at[i].parent].last >= ld.at[i].last));
		if (i < 100)
			MUST(pm_jsonld_text(&ld, &arena, i).ptr != NULL);
	}
}

static void meta(const struct pm_meta *m)
{
	MUST(!m->value.ptr == !m->source);
	MUST(!m->value.ptr || (m->value.len && pm_utf8_valid(m->value) == m->value.len));
}

static void list(const struct pm_meta_list *l)
{
	MUST(!l->len == !l->source);
	for (size_t i = 0; i < l->len; i++)
		MUST(l->at[i].len && pm_utf8_valid(l->at[i]) == l->at[i].len);
}

static void whole_page(struct pm_slice s)
{
	static const char open[] = "<script type='application/ld+json'>";
	struct pm_html doc;
	struct pm_page page;
	char *html = pm_arena_alloc(&arena, sizeof(open) + 2 * s.len + 16);
	size_t n = sizeof(open) - 1;

	MUST(html);
	memcpy(html, open, n);
	memcpy(html + n, s.ptr, s.len);
	memcpy(html + n + s.len, "</script>", 9);
	memcpy(html + n + s.len + 9, s.ptr, s.len);
	pm_page_init(&page, &arena);
	page.url = PM_LIT("https://www.example.com/a/b");
	MUST(pm_html_parse(&doc, &arena, pm_slice(html, n + 2 * s.len + 9)) &&
	     pm_html_meta(&doc, &page));
	meta(&page.title), meta(&page.site_name), meta(&page.description), meta(&page.image),
		meta(&page.section);
	meta(&page.licence), meta(&page.published_at), meta(&page.modified_at),
		meta(&page.canonical_url);
	list(&page.authors), list(&page.breadcrumbs), list(&page.keywords), list(&page.robots);
	if (page.published_at.value.ptr)
		check_date(page.published_at.value);
	if (page.modified_at.value.ptr)
		check_date(page.modified_at.value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pm_slice s = pm_slice((const char *)data, size);

	if (!arena.base && pm_arena_open(&arena, (size_t)1 << 28) != 0)
		abort();
	pm_arena_reset(&arena);
	if (pm_utf8_valid(s) != s.len)
		return 0;
	dates(s);
	bylines(s);
	jsonld(s);
	whole_page(s);
	return 0;
}
