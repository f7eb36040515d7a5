#include "core/config_pos.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/utf8.h"

struct pm_pos_text {
	struct pm_pos_text *next;
	char bytes[];
};

/* One scan. Positions are asked for in rising order, so a column is counted on from the last one
 * and a long line costs no more than its length. */
struct scan {
	struct pm_pos *pos;
	const struct pm_pos_faults *to;
	const char *at, *end, *mark;
	uint32_t line, column;          /* of mark */
	uint32_t depth;
	struct { uint32_t node, count; char close; } open[PM_POS_DEPTH];
};

static void here(struct scan *s)
{
	s->column += (uint32_t)pm_utf8_count(pm_slice(s->mark, (size_t)(s->at - s->mark)));
	s->mark = s->at;
}

/* A fault of syntax at s->at; false for the caller to return. */
static bool fault(struct scan *s, uint32_t node, const char *what)
{
	here(s);
	s->to->fault(s->to->ctx, node, s->line, s->column, what);
	return false;
}

/* FNV-1a over the parent and the name, or the parent and the index. */
static uint32_t hash(uint32_t parent, struct pm_slice name, uint32_t index)
{
	uint64_t h = (14695981039346656037u ^ parent) * 1099511628211u;

	if (!name.ptr)
		return (uint32_t)(((h ^ index) * 1099511628211u) >> 16);
	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.ptr[i]) * 1099511628211u;
	return (uint32_t)(h >> 16);
}

static bool same(const struct pm_pos_node *a, uint32_t parent, struct pm_slice name, uint32_t index)
{
	if (a->parent != parent || !a->name.ptr != !name.ptr)
		return false;
	return name.ptr ? pm_slice_eq(a->name, name) : a->index == index;
}

/* The slot of the table that holds the child, or the free one where it would go. */
static uint32_t *slot(const struct pm_pos *pos, uint32_t parent, struct pm_slice name,
		      uint32_t index)
{
	uint32_t i = hash(parent, name, index) & (pos->table_cap - 1);

	while (pos->table[i] && !same(&pos->at[pos->table[i] - 1], parent, name, index))
		i = (i + 1) & (pos->table_cap - 1);
	return &pos->table[i];
}

static bool grow(struct pm_pos *pos)
{
	uint32_t cap = pos->cap ? pos->cap * 2 : 64;
	struct pm_pos_node *at = realloc(pos->at, cap * sizeof(*at));
	uint32_t *table;

	if (!at)
		return false;
	pos->at = at;
	table = calloc(cap * 2, sizeof(*table));
	if (!table)
		return false;
	free(pos->table);
	pos->table = table;
	pos->cap = cap;
	pos->table_cap = cap * 2;
	for (uint32_t i = 1; i < pos->len; i++) {
		uint32_t *to = slot(pos, at[i].parent, at[i].name, at[i].index);

		if (!*to)
			*to = i + 1;
	}
	return true;
}

/* Adds a child that stands at s->at. 0: no memory or too many (a fault). A name that is there
 * already is a fault too, but the scan goes on below a node of its own. */
static uint32_t add(struct scan *s, uint32_t parent, struct pm_slice name, uint32_t index)
{
	struct pm_pos *pos = s->pos;
	uint32_t node = pos->len, *to;
	char what[96];

	if (node == PM_POS_VALUES || (node == pos->cap && !grow(pos))) {
		fault(s, parent,
		      node == PM_POS_VALUES ? "more than a million values" : "out of memory");
		return 0;
	}
	pos->at[node] = (struct pm_pos_node){ name, parent, index, s->line, s->column };
	pos->len++;
	if (node == 0)
		return 0;
	to = slot(pos, parent, name, index);
	if (!*to) {
		*to = node + 1;
		return node;
	}
	snprintf(what, sizeof(what), "given twice; the first is in line %u",
		 (unsigned)pos->at[*to - 1].line);
	s->to->fault(s->to->ctx, node, s->line, s->column, what);
	return node;
}

static void space(struct scan *s)
{
	for (; s->at < s->end; s->at++) {
		if (*s->at == '\n') {
			s->line++;
			s->column = 1;
			s->mark = s->at + 1;
		} else if (*s->at != ' ' && *s->at != '\t' && *s->at != '\r') {
			return;
		}
	}
}

static int hex4(const char *at, const char *end)
{
	int value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = pm_ascii_lower(at[i]);

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (c - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* Behind "\u": reads the code point, a pair of surrogates as one. NULL: fine; else the fault. */
static const char *unicode(const char **at, const char *end, uint32_t *cp)
{
	int high = hex4(*at, end), low;

	if (high < 0)
		return "\\u takes four hexadecimal digits";
	if (high == 0)
		return "\\u0000 can't stand in a configuration";
	*at += 4;
	*cp = (uint32_t)high;
	if (high < 0xd800 || high > 0xdfff)
		return NULL;
	if (high > 0xdbff || end - *at < 2 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return "half of a surrogate pair";
	low = hex4(*at + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return "half of a surrogate pair";
	*at += 6;
	*cp = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
	return NULL;
}

/* Behind a backslash; writes what it stands for to `to` (4 bytes at most) unless that is NULL. */
static const char *escape(const char **at, const char *end, char *to, size_t *len)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *what, *known;
	uint32_t cp;

	*len = 1;
	known = *at < end && **at ? strchr(from, **at) : NULL;
	if (known) {
		*to = into[known - from];
		++*at;
		return NULL;
	}
	if (*at == end || **at != 'u')
		return "no such escape; a backslash itself is \\\\";
	++*at;
	what = unicode(at, end, &cp);
	if (!what)
		*len = pm_utf8_put(to, cp);
	return what;
}

/* At an opening quote. *raw is what stands between the quotes; *escaped whether it has escapes. */
static bool string(struct scan *s, uint32_t node, struct pm_slice *raw, bool *escaped)
{
	const char *start = s->at + 1, *at = start;
	char bytes[PM_UTF8_MAX];
	size_t len;

	*escaped = false;
	while (at < s->end && *at != '"') {
		const char *what = NULL, *from = at;

		if ((unsigned char)*at < 0x20)
			what = *at == '\n' || *at == '\r' ?
				       "the string is not closed on its line" :
				       "a control character inside a string";
		else if (*at++ == '\\') {
			*escaped = true;
			what = escape(&at, s->end, bytes, &len);
		}
		if (what) {
			s->at = from;
			return fault(s, node, what);
		}
	}
	if (at == s->end)
		return fault(s, node, "the string is never closed");
	*raw = pm_slice(start, (size_t)(at - start));
	s->at = at + 1;
	return true;
}

/* The name without its escapes, kept by the index; absent when memory is out. Never longer. */
static struct pm_slice unescape(struct pm_pos *pos, struct pm_slice raw)
{
	struct pm_pos_text *text = malloc(sizeof(*text) + raw.len);
	const char *at = raw.ptr, *end = raw.ptr + raw.len;
	char *to;

	if (!text)
		return (struct pm_slice){ 0 };
	text->next = pos->texts;
	pos->texts = text;
	to = text->bytes;
	while (at < end) {
		size_t len = 1;

		if (*at != '\\') {
			*to++ = *at++;
			continue;
		}
		at++;
		escape(&at, end, to, &len);
		to += len;
	}
	return pm_slice(text->bytes, (size_t)(to - text->bytes));
}

static const char *digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* Whether an integer's digits are beyond 64 bits, which jansson would refuse without a place. */
static bool too_large(const char *at, const char *end, bool negative)
{
	uint64_t n = 0, max = (uint64_t)INT64_MAX + negative;

	for (; at < end; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (n > (max - digit) / 10)
			return true;
		n = n * 10 + digit;
	}
	return false;
}

static bool number(struct scan *s, uint32_t node)
{
	const char *at = s->at + (*s->at == '-'), *from = at;

	at = digits(at, s->end);
	if (at == from || (*from == '0' && at - from > 1))
		return fault(s, node, "not a number: digits, without a zero in front");
	if ((at == s->end || (*at != '.' && (*at | 0x20) != 'e')) &&
	    too_large(from, at, *s->at == '-'))
		return fault(s, node, "the number is beyond 64 bits");
	if (at < s->end && *at == '.') {
		from = ++at;
		at = digits(at, s->end);
		if (at == from)
			return fault(s, node, "not a number: digits must follow the point");
	}
	if (at < s->end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < s->end && (*at == '+' || *at == '-'))
			at++;
		from = at;
		at = digits(at, s->end);
		if (at == from)
			return fault(s, node, "not a number: digits must follow the exponent's e");
	}
	s->at = at;
	return true;
}

static bool word(struct scan *s, const char *name)
{
	size_t len = strlen(name);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, name, len) != 0)
		return false;
	s->at += len;
	return true;
}

/* What somebody probably meant, where a value should begin. */
static const char *no_value(char c)
{
	switch (c) {
	case '\'':
		return "expected a value; strings stand in double quotes";
	case '/':
	case '#':
		return "expected a value; JSON has no comments";
	case ',':
		return "expected a value before the comma";
	case '}':
	case ']':
		return "expected a value before the bracket";
	default:
		return "expected a value: a string in double quotes, a number, true, false, null, "
		       "{ or [";
	}
}

static bool value(struct scan *s, uint32_t node)
{
	struct pm_slice raw;
	bool escaped;
	char c;

	if (s->at == s->end)
		return fault(s, node, "expected a value, but the file ends here");
	c = *s->at;
	if (c == '{' || c == '[') {
		if (s->depth == PM_POS_DEPTH)
			return fault(s, node, "nested deeper than 64 levels");
		s->open[s->depth].node = node;
		s->open[s->depth].count = 0;
		s->open[s->depth++].close = c == '{' ? '}' : ']';
		s->at++;
		return true;
	}
	if (c == '"')
		return string(s, node, &raw, &escaped);
	if (c == '-' || (c >= '0' && c <= '9'))
		return number(s, node);
	return word(s, "true") || word(s, "false") || word(s, "null") ||
	       fault(s, node, no_value(c));
}

/* A member's name and colon, then its value. */
static bool member(struct scan *s, uint32_t parent)
{
	struct pm_slice name;
	uint32_t node;
	bool escaped;

	if (s->at == s->end)
		return fault(s, parent, "the file ends before this object is closed");
	if (*s->at == '/' || *s->at == '#')
		return fault(s, parent, "expected a name; JSON has no comments");
	if (*s->at != '"')
		return fault(s, parent, "expected a name in double quotes");
	here(s);
	if (!string(s, parent, &name, &escaped))
		return false;
	if (escaped)
		name = unescape(s->pos, name);
	node = name.ptr ? add(s, parent, name, 0) : 0;
	if (!node)
		return name.ptr ? false : fault(s, parent, "out of memory");
	space(s);
	if (s->at == s->end || *s->at != ':')
		return fault(s, node, "expected a colon behind the name");
	s->at++;
	space(s);
	return value(s, node);
}

static bool element(struct scan *s, uint32_t parent, uint32_t index)
{
	uint32_t node;

	if (s->at == s->end)
		return fault(s, parent, "the file ends before this array is closed");
	here(s);
	node = add(s, parent, (struct pm_slice){ 0 }, index);
	return node && value(s, node);
}

/* What comes next in the innermost object or array: its end, or a member. */
static bool step(struct scan *s)
{
	uint32_t node = s->open[s->depth - 1].node, count = s->open[s->depth - 1].count++;
	char close = s->open[s->depth - 1].close;

	space(s);
	if (s->at < s->end && *s->at == close) {
		s->at++;
		s->depth--;
		return true;
	}
	if (count) {
		if (s->at < s->end && *s->at != ',')
			return fault(s, node, close == '}' ? "expected a comma or }" :
							     "expected a comma or ]");
		if (s->at < s->end) {
			s->at++;
			space(s);
			if (s->at < s->end && *s->at == close)
				return fault(s, node, "a comma stands before this closing bracket");
		}
	}
	return close == '}' ? member(s, node) : element(s, node, count);
}

bool pm_pos_scan(struct pm_pos *pos, struct pm_slice text, const struct pm_pos_faults *to)
{
	struct scan s = { .pos = pos, .to = to, .at = text.ptr, .end = text.ptr + text.len,
			  .mark = text.ptr, .line = 1, .column = 1 };

	*pos = (struct pm_pos){ 0 };
	add(&s, 0, (struct pm_slice){ 0 }, 0);
	if (pos->len == 0)
		return false;
	space(&s);
	if (s.at == s.end)
		return fault(&s, 0, "the file is empty; expected an object");
	if (*s.at != '{')
		return fault(&s, 0, "expected an object: the file begins with {");
	here(&s);
	pos->at[0].line = s.line;
	pos->at[0].column = s.column;
	if (!value(&s, 0))
		return false;
	while (s.depth)
		if (!step(&s))
			return false;
	space(&s);
	if (s.at != s.end)
		return fault(&s, 0, "nothing may follow the outermost object");
	return true;
}

void pm_pos_free(struct pm_pos *pos)
{
	while (pos->texts) {
		struct pm_pos_text *next = pos->texts->next;

		free(pos->texts);
		pos->texts = next;
	}
	free(pos->at);
	free(pos->table);
	*pos = (struct pm_pos){ 0 };
}

/* "[12]" at *path; *path moves behind it. */
static bool path_index(const char **path, uint32_t *index)
{
	const char *at = *path + 1;
	uint64_t n = 0;

	if (**path != '[' || *at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++)
		if ((n = n * 10 + (uint64_t)(*at - '0')) > UINT32_MAX)
			return false;
	if (*at != ']')
		return false;
	*index = (uint32_t)n;
	*path = at + 1;
	return true;
}

/* The child whose name is the longest run of *path that ends at a dot, a bracket or its end. */
static uint32_t path_name(const struct pm_pos *pos, uint32_t parent, const char **path)
{
	for (size_t len = strlen(*path); len; len--) {
		char end = (*path)[len];
		uint32_t found;

		if (end && end != '.' && end != '[')
			continue;
		found = *slot(pos, parent, pm_slice(*path, len), 0);
		if (found) {
			*path += len + (end == '.');
			return found - 1;
		}
	}
	return 0;
}

uint32_t pm_pos_find(const struct pm_pos *pos, const char *path, bool *whole)
{
	uint32_t node = 0;

	while (pos->len && *path) {
		uint32_t child = 0, index;

		if (path_index(&path, &index)) {
			uint32_t found = *slot(pos, node, (struct pm_slice){ 0 }, index);

			child = found ? found - 1 : 0;
			if (child && *path == '.')
				path++;
		} else {
			child = path_name(pos, node, &path);
		}
		if (!child)
			break;
		node = child;
	}
	*whole = pos->len && !*path;
	return node;
}

void pm_pos_path(const struct pm_pos *pos, uint32_t node, struct pm_buf *to)
{
	uint32_t way[PM_POS_DEPTH + 1], n = 0;

	for (; node; node = pos->at[node].parent)
		way[n++] = node;
	while (n) {
		const struct pm_pos_node *at = &pos->at[way[--n]];

		if (!at->name.ptr)
			pm_buf_printf(to, "[%u]", (unsigned)at->index);
		else {
			if (to->len)
				pm_buf_char(to, '.');
			pm_buf_slice(to, at->name);
		}
	}
}
