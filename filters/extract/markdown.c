#include "filters/extract/markdown.h"

enum {
	FENCE_MIN = 3,
	NUMBER_MAX = 999999999, /* of a list item: nine digits */
	NUMBER_DIGITS = 9,
	/* Items whose number would begin farther right are bullets: indentation stays bounded. */
	NUMBER_COLUMN_MAX = 2 * PM_MARKDOWN_DEPTH_MAX,
};

/* All is written twice: first nothing but its length is counted. */
struct writer {
	char *p;                /* NULL: only count */
	size_t len;
	/* Of the lists that the last item stands in, by level; none at level 0. */
	int level;
	struct list {
		unsigned column;        /* where the text of its items begins */
		uint32_t number;        /* its last item's, and one; 0: bullets */
		char mark;              /* behind numbers: "." or ")" */
	} list[PM_MARKDOWN_DEPTH_MAX + 1];
};

static void put(struct writer *w, const char *bytes, size_t len)
{
	if (w->p && len)
		memcpy(w->p + w->len, bytes, len);
	w->len += len;
}

static void put_char(struct writer *w, char c)
{
	if (w->p)
		w->p[w->len] = c;
	w->len++;
}

static void put_times(struct writer *w, const char *bytes, size_t len, int n)
{
	while (n-- > 0)
		put(w, bytes, len);
}

static void put_spaces(struct writer *w, unsigned n)
{
	if (w->p)
		memset(w->p + w->len, ' ', n);
	w->len += n;
}

static bool is_letter(char c)
{
	c = pm_ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_letter(c) || is_digit(c);
}

/* -- characters -------------------------------------------------------------------------------- */

/* What may be markup wherever it stands; a bar is in tables only. */
static const bool marks[256] = {
	['\\'] = true, ['`'] = true, ['*'] = true, ['_'] = true, ['['] = true, ['<'] = true,
	['&'] = true, ['~'] = true, ['|'] = true,
};

/* Whether the mark at `at`, in the line from `from` to `end`, is one that a reader takes for
 * markup. Without an opening bracket a closing one is only itself. */
static bool means(const char *from, const char *at, const char *end, bool cell)
{
	char next = at + 1 < end ? at[1] : '\0';

	switch (*at) {
	case '_':       /* between letters it opens and closes nothing */
		return at == from || !is_alnum(at[-1]) || !is_alnum(next);
	case '<':
		return is_letter(next) || next == '/' || next == '!' || next == '?';
	case '&':
		return is_letter(next) || next == '#';
	case '|':
		return cell;
	default:
		return true;
	}
}

static void put_marked(struct writer *w, const char *from, const char *at, const char *end,
		       bool cell)
{
	while (at < end) {
		const char *plain = at;

		while (at < end && !marks[(unsigned char)*at])
			at++;
		put(w, plain, (size_t)(at - plain));
		if (at == end)
			return;
		if (means(from, at, end, cell))
			put_char(w, '\\');
		put_char(w, *at++);
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* White space that would be lost where it stands. */
static void put_reference(struct writer *w, char c)
{
	put(w, "&#", 2);
	if (c >= 10)
		put_char(w, (char)('0' + c / 10));
	put_char(w, (char)('0' + c % 10));
	put_char(w, ';');
}

/* The line from `from` to `end`, but only what is at `at` and behind. White space at its end is
 * kept by reference. */
static void put_rest(struct writer *w, const char *from, const char *at, const char *end, bool cell)
{
	const char *last = at < end && is_blank(end[-1]) ? end - 1 : end;

	put_marked(w, from, at, last, cell);
	if (last < end)
		put_reference(w, *last);
}

/* A line, or the part of one that a cell is; so is white space at its start. */
static void put_inline(struct writer *w, const char *from, const char *end, bool cell)
{
	const char *at = from;

	if (at < end && is_blank(*at))
		put_reference(w, *at++);
	put_rest(w, from, at, end, cell);
}

/* -- lines ------------------------------------------------------------------------------------- */

static bool ends_marker(const char *at, const char *end)
{
	return at >= end || *at == ' ' || *at == '\t';
}

/* Which character of the line must be escaped for it not to begin a heading, list, quotation, rule
 * or table; `end`: none. Fences, HTML and rules of "*" and "_" begin with what is escaped
 * anyway. */
static const char *line_mark(const char *at, const char *end)
{
	const char *p = at;

	if (at == end)
		return end;
	switch (*at) {
	case '#':
	case '>':
	case '=':
	case '|':
		return at;
	case '-':
		return ends_marker(at + 1, end) || at[1] == '-' || at[1] == '|' || at[1] == ':'
			       ? at
			       : end;
	case ':':
		return at + 1 < end && at[1] == '-' ? at : end;
	case '+':
		return ends_marker(at + 1, end) ? at : end;
	default:
		break;
	}
	while (p < end && p - at < NUMBER_DIGITS && is_digit(*p))
		p++;
	return p > at && p < end && (*p == '.' || *p == ')') && ends_marker(p + 1, end) ? p : end;
}

static void put_line(struct writer *w, const char *at, const char *end)
{
	const char *mark = line_mark(at, end);

	if (mark == end) {
		put_inline(w, at, end, false);
		return;
	}
	put(w, at, (size_t)(mark - at));
	put_char(w, '\\');
	put_char(w, *mark);
	put_rest(w, at, mark + 1, end, false);
}

static const char *line_end(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? feed : end;
}

/* What a line begins with inside a list item or a quotation. */
static void put_prefix(struct writer *w, enum pm_block_kind kind, int level)
{
	if (kind == PM_BLOCK_LIST_ITEM)
		put_spaces(w, w->list[level].column);
	else if (kind == PM_BLOCK_QUOTE)
		put_times(w, "> ", 2, level);
}

/* Lines part with hard breaks; an empty line would end the block. */
static void put_lines(struct writer *w, const struct pm_block *b, int level)
{
	const char *at = b->text.ptr, *end = at + b->text.len;

	for (;;) {
		const char *eol = line_end(at, end);

		put_line(w, at, eol);
		if (eol == end)
			return;
		at = eol + 1;
		if (at == end || *at == '\n') {
			put_reference(w, '\n');
		} else {
			put(w, "\\\n", 2);
			put_prefix(w, b->kind, level);
		}
	}
}

/* -- blocks ------------------------------------------------------------------------------------ */

/* A heading is one line, and a row of "#" at its end is none of its text. */
static void put_heading(struct writer *w, const struct pm_block *b, int level)
{
	const char *at = b->text.ptr, *end = at + b->text.len, *tail = end;

	while (tail > at && tail[-1] == '#')
		tail--;
	put_times(w, "#", 1, level);
	put_char(w, ' ');
	while (at < tail) {
		const char *eol = line_end(at, tail);

		/* Before the row, white space is not at the end. */
		if (eol == tail && tail < end)
			put_marked(w, at, at, eol, false);
		else
			put_inline(w, at, eol, false);
		if (eol < tail)
			put_reference(w, '\n');
		at = eol + (eol < tail);
	}
	if (tail < end)
		put_char(w, '\\');
	put(w, tail, (size_t)(end - tail));
}

/* The fence is longer than any row of its character inside. */
static void put_code(struct writer *w, const struct pm_block *b)
{
	size_t longest = FENCE_MIN - 1, row = 0;

	for (size_t i = 0; i < b->text.len; i++) {
		row = b->text.ptr[i] == '`' ? row + 1 : 0;
		if (row > longest)
			longest = row;
	}
	for (size_t i = 0; i <= longest; i++)
		put_char(w, '`');
	put(w, b->info.ptr, b->info.len);
	put_char(w, '\n');
	put(w, b->text.ptr, b->text.len);
	put_char(w, '\n');
	for (size_t i = 0; i <= longest; i++)
		put_char(w, '`');
}

static int columns(struct pm_slice text)
{
	int n = 1, most = 1;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			n = 1;
		else if (text.ptr[i] == '\t' && n < PM_MARKDOWN_COLUMNS_MAX)
			n++;
		if (n > most)
			most = n;
	}
	return most;
}

static const char *cell_end(const char *at, const char *end)
{
	const char *tab = memchr(at, '\t', (size_t)(end - at));

	return tab ? tab : end;
}

/* Returns how many cells it wrote. */
static int put_row(struct writer *w, const char *at, const char *end)
{
	int n = 1;

	put(w, "| ", 2);
	for (;;) {
		const char *to = cell_end(at, end);

		put_inline(w, at, to, true);
		if (to == end)
			break;
		at = to + 1;
		if (n == PM_MARKDOWN_COLUMNS_MAX) {
			put_reference(w, '\t');
		} else {
			put(w, " | ", 3);
			n++;
		}
	}
	put(w, " |", 2);
	return n;
}

/* Only the header has all columns: where other rows are shorter, readers add what is missing. */
static void put_table(struct writer *w, const struct pm_block *b)
{
	const char *at = b->text.ptr, *end = at + b->text.len, *eol = line_end(at, end);
	int width = columns(b->text);

	put_times(w, "  |", 3, width - put_row(w, at, eol));
	put(w, "\n|", 2);
	put_times(w, " --- |", 6, width);
	while (eol < end) {
		at = eol + 1;
		eol = line_end(at, end);
		put_char(w, '\n');
		put_row(w, at, eol);
	}
}

static int level_of(const struct pm_block *b)
{
	int most = b->kind == PM_BLOCK_HEADING ? 6 : PM_MARKDOWN_DEPTH_MAX;

	return b->level < 1 ? 1 : b->level > most ? most : b->level;
}

/* Where the item stands, which is known once those around it are; 0: as a bullet. */
static uint32_t number_of(const struct writer *w, const struct pm_block *b, int level)
{
	return b->number > NUMBER_MAX || w->list[level - 1].column > NUMBER_COLUMN_MAX ? 0
										       : b->number;
}

static void put_number(struct writer *w, uint32_t number)
{
	char digits[NUMBER_DIGITS];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + number % 10);
	while (number /= 10);
	put(w, digits + n, sizeof(digits) - n);
}

/* An item's mark. Where numbers don't go up another list begins, which another mark tells. */
static void put_mark(struct writer *w, const struct pm_block *b, int level)
{
	struct list *list = &w->list[level];
	uint32_t number = number_of(w, b, level);
	bool goes_on = level <= w->level && list->number && number;
	size_t from = w->len;

	if (!goes_on)
		list->mark = '.';
	else if (number <= list->number)
		list->mark = list->mark == '.' ? ')' : '.';
	list->number = number;
	if (number) {
		put_number(w, number - 1);
		put_char(w, list->mark);
	} else {
		put_char(w, '-');
	}
	put_char(w, ' ');
	list->column = w->list[level - 1].column + (unsigned)(w->len - from);
}

/* Levels that an item skips are items that hold nothing but a list. */
static void put_item(struct writer *w, const struct pm_block *b, int level)
{
	int open = w->level < level ? w->level : level - 1;

	put_spaces(w, w->list[open].column);
	while (++open < level) {
		put(w, "- ", 2);
		w->list[open] = (struct list){ .column = w->list[open - 1].column + 2 };
	}
	put_mark(w, b, level);
	w->level = level;
	put_lines(w, b, level);
}

static void put_block(struct writer *w, const struct pm_block *b)
{
	int level = level_of(b);

	if (b->kind != PM_BLOCK_LIST_ITEM)
		w->level = 0;
	switch (b->kind) {
	case PM_BLOCK_HEADING:
		put_heading(w, b, level);
		break;
	case PM_BLOCK_LIST_ITEM:
		put_item(w, b, level);
		break;
	case PM_BLOCK_CODE:
		put_code(w, b);
		break;
	case PM_BLOCK_TABLE:
		put_table(w, b);
		break;
	default:
		put_prefix(w, b->kind, level);
		put_lines(w, b, level);
		break;
	}
}

/* Whether the item could be read as more of the text of the one that it stands in: only a list that
 * begins with 1 is one without an empty line before. */
static bool needs_line(const struct writer *w, const struct pm_block *b, int level)
{
	return level == w->level + 1 && number_of(w, b, level) > 0 && b->number != 2;
}

/* Quotations in a row are paragraphs of one. */
static void put_border(struct writer *w, const struct pm_block *before, const struct pm_block *b)
{
	int level = level_of(b), outer = level_of(before);

	put_char(w, '\n');
	if (before->kind == b->kind && b->kind == PM_BLOCK_LIST_ITEM) {
		if (needs_line(w, b, level))
			put_char(w, '\n');
		return;
	}
	if (before->kind == b->kind && b->kind == PM_BLOCK_QUOTE)
		put_times(w, ">", 1, level < outer ? level : outer);
	put_char(w, '\n');
}

static void put_blocks(struct writer *w, const struct pm_page *page)
{
	const struct pm_block *before = NULL;

	w->len = 0;
	w->level = 0;
	for (size_t i = 0; i < page->blocks.len; i++) {
		const struct pm_block *b = &page->blocks.at[i];

		if (!b->text.len)
			continue;
		if (before)
			put_border(w, before, b);
		put_block(w, b);
		before = b;
	}
}

bool pm_markdown(struct pm_page *page)
{
	struct writer w;

	page->markdown = (struct pm_slice){ 0 };
	w.p = NULL;
	w.list[0] = (struct list){ 0 };
	put_blocks(&w, page);
	if (!w.len)
		return true;
	w.p = pm_arena_alloc(page->arena, w.len);
	if (!w.p)
		return false;
	put_blocks(&w, page);
	page->markdown = pm_slice(w.p, w.len);
	return true;
}
