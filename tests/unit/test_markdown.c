/* Blocks as CommonMark. Each case names what it pokes; tests/chain reads more of it back by
 * another's parser. */
#include "filters/extract/markdown.h"
#include "tests/test.h"

#define P PM_BLOCK_PARAGRAPH
#define H PM_BLOCK_HEADING
#define I PM_BLOCK_LIST_ITEM
#define Q PM_BLOCK_QUOTE
#define CODE PM_BLOCK_CODE
#define T PM_BLOCK_TABLE
#define CAPTION PM_BLOCK_CAPTION

static struct pm_arena arena;
static struct pm_page page;

static void add(enum pm_block_kind kind, int level, const char *text)
{
	struct pm_block *b = PM_LIST_ADD(&page, page.blocks);

	CHECK(b != NULL);
	if (b)
		*b = (struct pm_block){ .kind = kind, .level = level, .text = pm_slice_str(text) };
}

static void fresh(void)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
}

static struct pm_slice markdown(void)
{
	CHECK(pm_markdown(&page));
	return page.markdown;
}

struct block_case {
	const char *what;
	enum pm_block_kind kind;
	int level;
	const char *text, *want;
};

static const struct block_case cases[] = {
	{ "plain", P, 0, "A b, c. d!", "A b, c. d!" },
	{ "line", P, 0, "a\nb", "a\\\nb" },
	{ "empty line", P, 0, "a\n\nb", "a&#10;\\\nb" },
	{ "line at the end", P, 0, "a\n", "a&#10;" },
	{ "line of white space", P, 0, "a\n \nb", "a\\\n&#32;\\\nb" },
	{ "white space at a line's ends", P, 0, "a \n\tb", "a&#32;\\\n&#9;b" },
	{ "emphasis", P, 0, "*a* **b", "\\*a\\* \\*\\*b" },
	{ "underscore between letters", P, 0, "a_b 1_2", "a_b 1_2" },
	{ "underscore elsewhere", P, 0, "_a b_ a__b _", "\\_a b\\_ a\\_\\_b \\_" },
	{ "underscore beside a letter beyond ASCII", P, 0, "\xc3\xa9_a", "\xc3\xa9\\_a" },
	{ "code span", P, 0, "`a`", "\\`a\\`" },
	{ "link", P, 0, "[a](b) ![c]", "\\[a](b) !\\[c]" },
	{ "struck", P, 0, "~~a~~", "\\~\\~a\\~\\~" },
	{ "backslash", P, 0, "C:\\x \\*", "C:\\\\x \\\\\\*" },
	{ "HTML", P, 0, "<b> </b> <!-- <?x", "\\<b> \\</b> \\<!-- \\<?x" },
	{ "less than", P, 0, "a < b <= 1 <3 <", "a < b <= 1 <3 <" },
	{ "reference", P, 0, "&amp; &#1;", "\\&amp; \\&#1;" },
	{ "ampersand", P, 0, "a & b && &", "a & b && &" },
	{ "bar", P, 0, "a | b", "a | b" },
	{ "heading's mark", P, 0, "# a", "\\# a" },
	{ "quotation's mark", P, 0, "> a > b", "\\> a > b" },
	{ "list's marks", P, 0, "- a\n+ b\n* c", "\\- a\\\n\\+ b\\\n\\* c" },
	{ "list's mark alone", P, 0, "-\n+", "\\-\\\n\\+" },
	{ "no list's marks", P, 0, "-1\n+1", "-1\\\n+1" },
	{ "numbers", P, 0, "1. a\n12) b\n3.", "1\\. a\\\n12\\) b\\\n3\\." },
	{ "nine digits", P, 0, "123456789. a", "123456789\\. a" },
	{ "ten digits", P, 0, "1234567890. a", "1234567890. a" },
	{ "decimals", P, 0, "1.5 a", "1.5 a" },
	{ "rules", P, 0, "a\n---\n===\n___", "a\\\n\\---\\\n\\===\\\n\\_\\_\\_" },
	{ "delimiter row", P, 0, "a | b\n-|-\n:-\n|-|", "a | b\\\n\\-|-\\\n\\:-\\\n\\|-|" },
	{ "caption", CAPTION, 0, "# a", "\\# a" },
	{ "levels", H, 1, "a", "# a" },
	{ "level 6", H, 6, "a", "###### a" },
	{ "level 7", H, 7, "a", "###### a" },
	{ "marks in a heading", H, 2, "1. *a* # - b", "## 1. \\*a\\* # - b" },
	{ "heading that ends in marks", H, 2, "C ##", "## C \\##" },
	{ "heading of marks", H, 2, "##", "## \\##" },
	{ "heading of two lines", H, 2, "a\nb #", "## a&#10;b \\#" },
	{ "item", I, 1, "a\nb", "- a\\\n  b" },
	{ "item that skips levels", I, 3, "a\nb", "- - - a\\\n      b" },
	{ "quotation", Q, 1, "a\nb", "> a\\\n> b" },
	{ "quotation inside another", Q, 2, "a\nb", "> > a\\\n> > b" },
	{ "code", CODE, 0, "a\n  *b*", "```\na\n  *b*\n```" },
	{ "code with a fence", CODE, 0, "a\n```\n````b", "`````\na\n```\n````b\n`````" },
	{ "table", T, 0, "a\tb\nc\td", "| a | b |\n| --- | --- |\n| c | d |" },
	{ "one column", T, 0, "a\nb", "| a |\n| --- |\n| b |" },
	{ "one row", T, 0, "a\tb", "| a | b |\n| --- | --- |" },
	{ "short header", T, 0, "a\n\tc", "| a |  |\n| --- | --- |\n|  | c |" },
	{ "marks in cells", T, 0, "a|b\t- *c*\\", "| a\\|b | - \\*c\\*\\\\ |\n| --- | --- |" },
};

static void blocks(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int failed = pm_test_failed;

		fresh();
		add(cases[i].kind, cases[i].level, cases[i].text);
		CHECK_SLICE(markdown(), cases[i].want);
		if (pm_test_failed != failed)
			printf("  in: %s\n", cases[i].what);
	}
}

static void borders(void)
{
	fresh();
	CHECK(!markdown().ptr);
	add(P, 0, "");
	CHECK(!markdown().ptr);
	add(P, 0, "a");
	add(I, 1, "b");
	add(I, 2, "c");
	add(I, 1, "d");
	add(P, 0, "");
	add(I, 3, "e");
	add(I, 2, "f");
	add(Q, 1, "g");
	add(Q, 2, "h");
	add(Q, 1, "i");
	add(I, 2, "j");
	CHECK_SLICE(markdown(), "a\n\n- b\n  - c\n- d\n  - - e\n  - f\n\n> g\n>\n> > h\n>\n> i\n\n- - j");
}

static void item(int level, uint32_t number, const char *text)
{
	add(I, level, text);
	if (page.blocks.len)
		page.blocks.at[page.blocks.len - 1].number = number + 1;
}

static void numbers(void)
{
	fresh();
	item(1, 9, "a\nb");
	item(1, 10, "c\nd");
	add(I, 2, "e");
	item(2, 1, "f\ng");
	item(3, 1, "h");
	item(3, 2, "i");
	item(1, 12, "j");
	CHECK_SLICE(markdown(), "9. a\\\n   b\n10. c\\\n    d\n    - e\n    1. f\\\n       g\n       1. h\n"
				"       2. i\n12. j");
	/* What doesn't go up begins another list. */
	fresh();
	item(1, 1, "a");
	item(1, 1, "b");
	item(1, 2, "c");
	item(1, 2, "d");
	add(I, 1, "e");
	item(1, 3, "f");
	CHECK_SLICE(markdown(), "1. a\n1) b\n2) c\n2. d\n- e\n3. f");
	/* Inside of an item only 1 is read as a list's begin. */
	fresh();
	item(1, 0, "a");
	item(2, 0, "b");
	item(2, 1, "c");
	item(3, 1, "d");
	add(P, 0, "e");
	item(2, 5, "f");
	CHECK_SLICE(markdown(), "0. a\n\n   0. b\n   1. c\n      1. d\n\ne\n\n- 5. f");
	fresh();
	item(1, 999999999, "a");
	item(1, 1000000000, "b");
	item(1, UINT32_MAX - 1, "c");
	CHECK_SLICE(markdown(), "- a\n- b\n- c");
	fresh();
	item(1, 999999998, "a");
	CHECK_SLICE(markdown(), "999999998. a");
}

/* Long numbers around an item push it to the right, up to a column. */
static void numbers_are_bounded(void)
{
	fresh();
	for (int level = 1; level <= PM_MARKDOWN_DEPTH_MAX; level++)
		item(level, 99999999, "a");
	markdown();
	CHECK(pm_slice_is(pm_slice(page.markdown.ptr + page.markdown.len - 4, 4), " - a"));
	CHECK(page.markdown.len < (size_t)PM_MARKDOWN_DEPTH_MAX * 4 * PM_MARKDOWN_DEPTH_MAX);
}

static void language(void)
{
	fresh();
	add(CODE, 0, "a");
	if (page.blocks.len)
		page.blocks.at[0].info = PM_LIT("c++");
	CHECK_SLICE(markdown(), "```c++\na\n```");
}

static size_t length_at(enum pm_block_kind kind, int level)
{
	fresh();
	add(kind, level, "x");
	return markdown().len;
}

static void depth_is_bounded(void)
{
	CHECK(length_at(I, PM_MARKDOWN_DEPTH_MAX - 1) + 2 == length_at(I, PM_MARKDOWN_DEPTH_MAX));
	CHECK(length_at(I, PM_MARKDOWN_DEPTH_MAX) == length_at(I, PM_MARKDOWN_DEPTH_MAX + 1));
	CHECK(length_at(Q, PM_MARKDOWN_DEPTH_MAX) == length_at(Q, 255));
	CHECK(length_at(I, 0) == length_at(I, 1));
}

static unsigned bars(int cells)
{
	static char text[4 * PM_MARKDOWN_COLUMNS_MAX];
	struct pm_slice got;
	unsigned n = 0;

	memset(text, '\t', (size_t)cells);
	text[0] = 'x';
	text[cells] = '\0';
	fresh();
	add(T, 0, text);
	got = markdown();
	for (size_t i = 0; i < got.len && got.ptr[i] != '\n'; i++)
		n += got.ptr[i] == '|';
	return n;
}

static void columns_are_bounded(void)
{
	CHECK(bars(PM_MARKDOWN_COLUMNS_MAX - 1) == PM_MARKDOWN_COLUMNS_MAX);
	CHECK(bars(PM_MARKDOWN_COLUMNS_MAX) == PM_MARKDOWN_COLUMNS_MAX + 1);
	CHECK(bars(PM_MARKDOWN_COLUMNS_MAX + 1) == PM_MARKDOWN_COLUMNS_MAX + 1);
}

static void full_arena(void)
{
	fresh();
	add(P, 0, "abc");
	CHECK(pm_arena_alloc(&arena, pm_arena_left(&arena) - 64) != NULL);
	while (pm_arena_alloc(&arena, 1))
		continue;
	CHECK(!pm_markdown(&page));
	CHECK(!page.markdown.ptr);
}

int main(void)
{
	if (pm_arena_open(&arena, 1 << 20) != 0)
		return 1;
	RUN(blocks);
	RUN(borders);
	RUN(numbers);
	RUN(numbers_are_bounded);
	RUN(language);
	RUN(depth_is_bounded);
	RUN(columns_are_bounded);
	RUN(full_arena);
	pm_arena_close(&arena);
	return DONE();
}
