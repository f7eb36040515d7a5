#include "core/page.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const type_names[PM_TYPES] = {
	[PM_TYPE_NONE] = "", [PM_TYPE_ARTICLE] = "article", [PM_TYPE_LISTING] = "listing",
	[PM_TYPE_COLLECTION] = "collection", [PM_TYPE_PRODUCT] = "product",
	[PM_TYPE_FORUM] = "forum", [PM_TYPE_DOCUMENTATION] = "documentation",
	[PM_TYPE_SERVICE] = "service", [PM_TYPE_PROFILE] = "profile", [PM_TYPE_LOGIN] = "login",
	[PM_TYPE_PAYWALL] = "paywall", [PM_TYPE_ERROR] = "error", [PM_TYPE_OTHER] = "other",
};

static const char *const layout_names[] = {
	[PM_LAYOUT_NONE] = "", [PM_LAYOUT_HTML] = "html", [PM_LAYOUT_LINES] = "lines",
	[PM_LAYOUT_FLAT] = "flat",
};

static const char *const block_names[PM_BLOCK_KINDS] = {
	[PM_BLOCK_PARAGRAPH] = "paragraph", [PM_BLOCK_HEADING] = "heading",
	[PM_BLOCK_LIST_ITEM] = "list_item", [PM_BLOCK_QUOTE] = "quote", [PM_BLOCK_CODE] = "code",
	[PM_BLOCK_TABLE] = "table", [PM_BLOCK_CAPTION] = "caption",
};

void pm_page_init(struct pm_page *page, struct pm_arena *arena)
{
	*page = (struct pm_page){ .arena = arena, .quality_score = -1 };
}

const char *pm_page_type_name(enum pm_page_type type)
{
	return type_names[type];
}

const char *pm_layout_name(enum pm_layout layout)
{
	return layout_names[layout];
}

const char *pm_block_kind_name(enum pm_block_kind kind)
{
	return block_names[kind];
}

void *pm_list_add(struct pm_arena *a, void **at, size_t *len, size_t *cap, size_t size)
{
	char *element;

	if (*len == *cap) {
		size_t more = *cap ? *cap * 2 : 8;
		void *grown = pm_arena_alloc_n(a, more, size);

		if (!grown)
			return NULL;
		if (*len)
			memcpy(grown, *at, *len * size);
		*at = grown;
		*cap = more;
	}
	element = (char *)*at + (*len)++ * size;
	memset(element, 0, size);
	return element;
}

bool pm_page_flag(struct pm_page *page, struct pm_slice name, struct pm_slice evidence)
{
	struct pm_flag *flag;

	for (size_t i = 0; i < page->flags.len; i++)
		if (pm_slice_eq(page->flags.at[i].name, name))
			return true;
	flag = PM_LIST_ADD(page, page->flags);
	if (!flag)
		return false;
	*flag = (struct pm_flag){ name, evidence };
	return true;
}

void pm_page_cut(struct pm_page *page, const struct pm_cut *cut)
{
	struct pm_cut *to = page->explained ? PM_LIST_ADD(page, page->cuts) : NULL;

	if (!to)
		return;
	*to = *cut;
	to->before = page->blocks.len;
}

void pm_page_note(struct pm_page *page, const char *what, const char *fmt, ...)
{
	char text[256];
	struct pm_note *note;
	va_list ap;

	if (!page->explained)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	note = PM_LIST_ADD(page, page->notes);
	if (note)
		*note = (struct pm_note){ what, pm_arena_copy(page->arena, pm_slice_str(text)) };
}
