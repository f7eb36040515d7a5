#include "filters/extract/jsonld.h"

#include "core/json_scan.h"
#include "filters/extract/clean.h"
#include "filters/extract/entity.h"

struct reader {
	struct pm_jsonld *j;
	const char *p, *end;
	struct pm_slice key;            /* read, and its value not yet */
	uint32_t open[PM_JSONLD_DEPTH];
	unsigned depth;
	unsigned deeper;                /* brackets open beyond that */
};

static bool in_object(const struct reader *r)
{
	return r->depth && r->j->at[r->open[r->depth - 1]].type == PM_JSONLD_OBJECT;
}

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && pm_ascii_space(*p))
		p++;
	return p;
}

/* Whether the quote at `p` ends its string: in sound JSON a mark always follows, and a quote that
 * somebody forgot to escape is followed by something else nearly always. */
static bool ends_string(const char *p, const char *end)
{
	static const char begins[] = "\"{[}]-0123456789tfn/,";
	const char *next = skip_space(p + 1, end);

	if (next == end || *next == ':' || *next == '}' || *next == ']')
		return true;
	if (*next == '"')
		return next > p + 1;    /* a comma was forgotten, at a line's end */
	if (*next != ',')
		return false;
	next = skip_space(next + 1, end);
	return next == end || memchr(begins, *next, sizeof(begins) - 1) != NULL;
}

/* Between the quotes; p moves behind the second. */
static struct pm_slice read_string(struct reader *r)
{
	const char *from = ++r->p;

	while (r->p < r->end && !(*r->p == '"' && ends_string(r->p, r->end)))
		r->p += *r->p == '\\' && r->end - r->p > 1 ? 2 : 1;
	if (r->p == r->end)
		return pm_slice(from, (size_t)(r->end - from));
	return pm_slice(from, (size_t)(r->p++ - from));
}

static void add(struct reader *r, enum pm_jsonld_type type, struct pm_slice raw)
{
	struct pm_jsonld *j = r->j;
	uint32_t parent = r->depth ? r->open[r->depth - 1] : PM_JSONLD_NONE;

	if (!r->deeper && j->len < j->cap) {
		j->at[j->len] =
			(struct pm_jsonld_value){ r->key, raw, parent, j->len, (uint8_t)type };
		if (type <= PM_JSONLD_ARRAY && r->depth < PM_JSONLD_DEPTH)
			r->open[r->depth++] = j->len;
		else if (type <= PM_JSONLD_ARRAY)
			r->deeper++;
		j->len++;
	} else if (type <= PM_JSONLD_ARRAY) {
		r->deeper++;
	}
	r->key = (struct pm_slice){ 0 };
}

static void close_top(struct reader *r)
{
	r->j->at[r->open[--r->depth]].last = r->j->len - 1;
}

/* Ends the innermost array or object of that kind and what was left open inside it. */
static void close_bracket(struct reader *r, enum pm_jsonld_type type)
{
	unsigned i = r->depth;

	r->key = (struct pm_slice){ 0 };
	if (r->deeper) {
		r->deeper--;
		return;
	}
	while (i > 0 && r->j->at[r->open[i - 1]].type != type)
		i--;
	while (i > 0 && r->depth >= i)
		close_top(r);
}

static void read_quoted(struct reader *r)
{
	struct pm_slice s = read_string(r);
	const char *next = skip_space(r->p, r->end);

	if (next < r->end && *next == ':') {
		r->key = s;
		r->p = next + 1;
	} else {
		add(r, PM_JSONLD_STRING, s);
	}
}

static bool is_word(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 ||
	       c == '-' || c == '+' || c == '.';
}

static void read_word(struct reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && is_word(*r->p))
		r->p++;
	if (r->p == from)
		r->p++;
	else if (r->key.ptr || (r->depth && !in_object(r)))
		add(r, PM_JSONLD_WORD, pm_slice(from, (size_t)(r->p - from)));
}

static void skip_comment(struct reader *r)
{
	for (r->p += 2; r->p + 1 < r->end && !(r->p[0] == '*' && r->p[1] == '/'); r->p++)
		;
	r->p = r->end - r->p > 2 ? r->p + 2 : r->end;
}

static void read_all(struct reader *r)
{
	while (r->p < r->end) {
		char c = *r->p;

		if (c == '"') {
			read_quoted(r);
		} else if (c == '{' || c == '[') {
			r->p++;
			add(r, c == '{' ? PM_JSONLD_OBJECT : PM_JSONLD_ARRAY,
			    (struct pm_slice){ 0 });
		} else if (c == '}' || c == ']') {
			r->p++;
			close_bracket(r, c == '}' ? PM_JSONLD_OBJECT : PM_JSONLD_ARRAY);
		} else if (c == '<' && r->end - r->p >= 9 && memcmp(r->p, "<![CDATA[", 9) == 0) {
			r->p += 9;
		} else if (c == '/' && r->end - r->p > 1 && r->p[1] == '*') {
			skip_comment(r);
		} else {
			read_word(r);
		}
	}
	while (r->depth)
		close_top(r);
}

/* Some pages escape the whole script as if it were text. */
static bool is_escaped(struct pm_slice s)
{
	for (size_t i = 0; i + 6 <= s.len && i < 64; i++) {
		if (s.ptr[i] == '"')
			return false;
		if (memcmp(s.ptr + i, "&quot;", 6) == 0)
			return true;
	}
	return false;
}

bool pm_jsonld_open(struct pm_jsonld *j, struct pm_arena *a, size_t bytes)
{
	enum { LEAST = 64, BYTES_EACH = 8 };
	size_t cap = bytes / BYTES_EACH + LEAST;

	*j = (struct pm_jsonld){ .cap = cap < PM_JSONLD_VALUES ? (uint32_t)cap : PM_JSONLD_VALUES };
	j->at = PM_ARENA_NEW(a, struct pm_jsonld_value, j->cap);
	return j->at != NULL;
}

bool pm_jsonld_read(struct pm_jsonld *j, struct pm_arena *a, struct pm_slice source)
{
	struct reader r = { .j = j };

	if (is_escaped(source))
		source = pm_entity_decode(a, source);
	if (!source.ptr)
		return false;
	r.p = source.ptr;
	r.end = source.ptr + source.len;
	read_all(&r);
	return true;
}

uint32_t pm_jsonld_get(const struct pm_jsonld *j, uint32_t object, const char *key)
{
	if (object == PM_JSONLD_NONE || j->at[object].type != PM_JSONLD_OBJECT)
		return PM_JSONLD_NONE;
	for (uint32_t i = object + 1; i <= j->at[object].last; i = j->at[i].last + 1)
		if (pm_slice_is(j->at[i].key, key))
			return i;
	return PM_JSONLD_NONE;
}

struct pm_slice pm_jsonld_text(const struct pm_jsonld *j, struct pm_arena *a, uint32_t value)
{
	struct pm_json_value v = { .type = PM_JSON_STRING, .escaped = true };
	struct pm_slice s;

	if (value == PM_JSONLD_NONE || j->at[value].type != PM_JSONLD_STRING)
		return PM_LIT("");
	v.raw = j->at[value].raw;
	v.escaped = v.raw.len && memchr(v.raw.ptr, '\\', v.raw.len) != NULL;
	s = pm_json_text(a, &v, NULL);
	return s.ptr ? pm_clean_line(a, s, true) : s;
}
