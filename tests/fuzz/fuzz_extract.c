/* Any bytes through extract's HTML and flattened paths: text is valid UTF-8 in NFC without white
 * space at its ends, blocks are its pieces in order, what isn't kept is counted, links and Markdown
 * are bounded, nodes nest, effort is linear, both code paths agree. */
#include <stdlib.h>

#include "core/simd.h"
#include "core/utf8.h"
#include "filters/extract/flat.h"
#include "filters/extract/html_meta.h"
#include "filters/extract/is_html.h"
#include "filters/extract/links.h"
#include "filters/extract/main.h"
#include "filters/extract/markdown.h"
#include "filters/extract/nfc.h"
#include "filters/extract/visible.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static void check_nodes(const struct pm_html *doc)
{
	enum { EFFORT_MAX = 64 };

	MUST(doc->effort <= (uint64_t)EFFORT_MAX * (doc->len + 16));
	MUST(doc->nodes[0].last == doc->nnodes - 1);
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];

		MUST(node->parent < i && node->last >= i);
		MUST(node->last <= doc->nodes[node->parent].last);
		if (i + 1 < doc->nnodes)
			MUST((doc->nodes[i + 1].parent == i) == (node->last > i));
	}
}

static void check_line(struct pm_slice s)
{
	MUST(!s.ptr || (s.len && pm_slice_trim(s).len == s.len && pm_utf8_valid(s) == s.len));
}

static void check_page(struct pm_page *page)
{
	struct pm_slice text = page->text, nfc;
	const char *at = text.ptr;

	check_line(text);
	check_line(page->title.value);
	check_line(page->description.value);
	check_line(page->canonical_url.value);
	check_line(page->declared_language);
	MUST((text.ptr == NULL) == (page->blocks.len == 0));
	if (!text.ptr)
		return;
	nfc = pm_nfc(page->arena, text);
	MUST(pm_slice_eq(nfc, text));
	for (size_t i = 0; i < page->blocks.len; i++) {
		const struct pm_block *b = &page->blocks.at[i];

		MUST(b->text.len > 0 && b->text.ptr >= at);
		/* Between two blocks stand one line feed or two. */
		MUST(i == 0 ? b->text.ptr == at : b->text.ptr - at == 1 || b->text.ptr - at == 2);
		for (; at < b->text.ptr; at++)
			MUST(*at == '\n');
		at = b->text.ptr + b->text.len;
		MUST(!pm_ascii_space(at[-1]));
	}
	MUST(at == text.ptr + text.len);
}

/* Valid and bounded: a line is indented by no more than a few columns for each level. */
static void check_markdown(struct pm_page *page)
{
	enum { TIMES_MAX = 8 * PM_MARKDOWN_DEPTH_MAX };

	MUST(pm_markdown(page));
	MUST((page->markdown.ptr == NULL) == (page->text.ptr == NULL));
	if (!page->text.ptr)
		return;
	MUST(pm_utf8_valid(page->markdown) == page->markdown.len);
	MUST(page->markdown.len <= TIMES_MAX * (page->text.len + 1));
}

static void check_links(const struct pm_page *page)
{
	MUST(page->links.len <= PM_LINKS_MAX);
	for (size_t i = 0; i < page->links.len; i++) {
		const struct pm_link *l = &page->links.at[i];

		MUST(l->url.len > 7 && l->url.len <= PM_LINK_URL_MAX &&
		     memcmp(l->url.ptr, "http", 4) == 0);
		MUST(pm_utf8_valid(l->url) == l->url.len);
		MUST(l->text.len <= PM_LINK_TEXT_MAX && l->rel.len <= PM_LINK_REL_MAX);
		check_line(l->text);
		check_line(l->rel);
		/* All of a page is in its text; only what shows nothing can stand elsewhere. */
		MUST(page->text.ptr ? l->main : !l->main);
	}
}

/* Each visible block is kept or counted, and is shown to whoever asks. */
static void check_main(struct pm_arena *a, struct pm_slice in)
{
	struct pm_html doc;
	struct pm_visible visible;
	struct pm_page page;
	size_t blocks = 0;

	pm_arena_reset(a);
	pm_page_init(&page, a);
	page.explained = true;
	MUST(pm_html_parse(&doc, a, in) && pm_visible_read(&doc, a, &visible) &&
	     pm_main_text(&doc, &visible, &page));
	check_page(&page);
	for (size_t i = 0; i < page.removed.len; i++)
		blocks += page.removed.at[i].blocks;
	MUST(blocks == page.cuts.len);
	for (uint32_t i = 0; i < visible.nblocks; i++)
		blocks += visible.blocks[i].kept;
	MUST(blocks == visible.nblocks);
	for (size_t i = 0; i < page.cuts.len; i++)
		MUST(page.cuts.at[i].before <= page.blocks.len && page.cuts.at[i].text.len &&
		     page.cuts.at[i].class.len);
	MUST(pm_links(&doc, &visible, &page));
	for (size_t i = 0; i < page.links.len; i++)
		MUST(!page.links.at[i].main || page.text.ptr);
}

static struct pm_slice read_page(struct pm_arena *a, struct pm_slice in, bool html)
{
	struct pm_html doc;
	struct pm_visible visible;
	struct pm_page page;

	pm_arena_reset(a);
	pm_page_init(&page, a);
	page.url = PM_LIT("https://www.example.com/a/b?c");
	if (html) {
		MUST(pm_html_parse(&doc, a, in));
		check_nodes(&doc);
		MUST(pm_html_stream(&doc, a));
		check_nodes(&doc);
		MUST(pm_visible_read(&doc, a, &visible) && pm_visible_text(&visible, &page));
		MUST(pm_html_meta(&doc, &page) && pm_links(&doc, &visible, &page));
		check_links(&page);
	} else {
		MUST(pm_flat_text(&page, in));
	}
	check_page(&page);
	check_markdown(&page);
	return page.text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_arena a, b;
	struct pm_slice in = { (const char *)data, size };

	if (!a.base)
		MUST(pm_arena_open(&a, 1 << 28) == 0 && pm_arena_open(&b, 1 << 28) == 0);
	if (size == 0)
		return 0;
	for (int html = 0; html < 2; html++) {
		struct pm_slice fast, slow;

		pm_portable = false;
		fast = read_page(&a, in, html);
		pm_portable = true;
		slow = read_page(&b, in, html);
		MUST(pm_slice_eq(fast, slow));
	}
	pm_portable = false;
	check_main(&a, in);
	for (int media = PM_MEDIA_NONE; media <= PM_MEDIA_GUESS; media++)
		(void)pm_is_html((enum pm_media)media, in);
	return 0;
}
