#include "filters/extract/flat.h"

#include "core/utf8.h"
#include "filters/extract/clean.h"

struct lines {
	struct pm_page *page;
	unsigned feeds;         /* line ends since the last line that showed something */
	bool failed;
};

/* The first character of a line that shows something. */
static void begin_line(struct pm_clean *c, void *owner)
{
	struct lines *l = owner;
	struct pm_block *b;

	c->owed = PM_OWED_NOTHING;
	pm_clean_settle(c);
	if (l->page->blocks.len) {
		/* Slices come when the text has stopped moving: until then only lengths are
		 * kept. */
		l->page->blocks.at[l->page->blocks.len - 1].text.len = c->len - c->from;
		pm_clean_raw(c, "\n\n", l->feeds > 1 ? 2 : 1);
	}
	b = PM_LIST_ADD(l->page, l->page->blocks);
	l->failed |= b == NULL;
	if (b)
		b->level = l->feeds > 1;
	l->feeds = 0;
	c->from = c->len;
}

static void point_blocks(struct pm_page *page, const struct pm_clean *c)
{
	const char *at = c->p;

	for (size_t i = 0; i < page->blocks.len; i++) {
		struct pm_block *b = &page->blocks.at[i];

		if (i)
			at += 1 + b->level;
		b->text.ptr = at;
		at += b->text.len;
		b->level = 0;
	}
}

bool pm_flat_text(struct pm_page *page, struct pm_slice content)
{
	struct lines l = { .page = page };
	const char *p = content.ptr, *end = p + content.len;
	/* Where nothing but carriage returns parts lines, they do. */
	char feed = content.len && !memchr(p, '\n', content.len) ? '\r' : '\n';
	struct pm_clean c;

	pm_clean_open(&c, page->arena, content.len);
	c.pay = begin_line;
	c.owner = &l;
	while (p < end && !c.full && !l.failed) {
		const char *eol = memchr(p, feed, (size_t)(end - p));

		c.owed = PM_OWED_BLOCK;
		pm_clean_add(&c, p, eol ? eol : end, end, 0);
		l.feeds++;
		p = eol ? eol + 1 : end;
	}
	pm_clean_settle(&c);
	if (c.full || l.failed)
		return false;
	if (page->blocks.len == 0)
		return true;
	page->blocks.at[page->blocks.len - 1].text.len = c.len - c.from;
	point_blocks(page, &c);
	page->text = pm_slice(c.p, c.len);
	page->layout = pm_utf8_count(page->text) > (size_t)PM_FLAT_LINE * page->blocks.len
		       ? PM_LAYOUT_FLAT : PM_LAYOUT_LINES;
	return true;
}
