#include "core/json_scan.h"

#include "core/hash.h"
#include "core/json_escape.h"
#include "core/simd.h"
#include "core/utf8.h"

/* What a byte means inside a string. */
enum { PLAIN, CONTROL, QUOTE, BACKSLASH };

static inline unsigned in_string(unsigned char c)
{
	return c == '"' ? QUOTE : c == '\\' ? BACKSLASH : c < 0x20 ? CONTROL : PLAIN;
}

/* Remembers what is wrong, once, and ends the scan. */
static bool fault(struct pm_json *j, const char *what, const char *where)
{
	if (!j->fault) {
		j->fault = what;
		j->fault_at = (size_t)(where - j->base);
	}
	j->open = 0;
	return false;
}

/* 0 stands for the end; a NUL byte in the input fits no grammar rule either. */
static inline char peek(const struct pm_json *j)
{
	return j->at < j->end ? *j->at : 0;
}

static inline void space(struct pm_json *j)
{
	while (j->at < j->end &&
	       (*j->at == ' ' || *j->at == '\n' || *j->at == '\r' || *j->at == '\t'))
		j->at++;
}

/* Bytes of the escape at p; 0 when it is none. */
static inline size_t escape(const char *p, const char *end)
{
	if (end - p >= 2 && pm_json_short(p[1]))
		return 2;
	return pm_json_unit(p, end) >= 0 ? 6 : 0;
}

/* What stops a look at a string: where, and why (NULL: the closing quote). */
struct stop {
	const char *at, *why;
	bool escaped;
};

/* Looks at the special byte at p and moves behind it; false: s says what stopped there. */
static inline bool pass(const struct pm_json *j, const char **p, struct stop *s)
{
	unsigned kind = in_string((unsigned char)**p);
	size_t n = 1;

	if (kind == BACKSLASH) {
		s->escaped = true;
		n = escape(*p, j->end);
		s->why = n ? NULL : "not an escape";
	} else if (kind == QUOTE) {
		n = 0;
	} else if (!j->lenient) {
		s->why = "a control byte in a string";
		n = 0;
	}
	s->at = *p;
	*p += n;
	return n > 0;
}

/* Both go from p to the closing quote, or to what forbids it. */
static void look_portable(const struct pm_json *j, const char *p, struct stop *s)
{
	for (;;) {
		while (p < j->end && in_string((unsigned char)*p) == PLAIN)
			p++;
		if (p == j->end)
			break;
		if (!pass(j, &p, s))
			return;
	}
	s->at = p;
	s->why = "a string does not end";
}

#if PM_SSE2
static inline uint64_t special(const char *p)
{
	const __m128i x = _mm_loadu_si128((const __m128i *)p);
	const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x);
	const __m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
	const __m128i backslash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
}

/* 64 bytes at a time, one bit each: the loop over the bits costs one branch that cannot be foreseen
 * a block, not one an escape. */
static void look_sse2(const struct pm_json *j, const char *p, struct stop *s)
{
	const char *block, *next;
	uint64_t mask;
	unsigned bit;

	while (j->end - p >= 64) {
		block = p;
		p += 64;
		mask = special(block) | special(block + 16) << 16 | special(block + 32) << 32 |
		       special(block + 48) << 48;
		while (mask) {
			bit = (unsigned)__builtin_ctzll(mask);
			next = block + bit;
			if (!pass(j, &next, s))
				return;
			/* Of what an escape covers only its second byte can have a bit. */
			mask &= ~((uint64_t)(next - block - bit > 1 ? 3 : 1) << bit);
			p = next > p ? next : p;
		}
	}
	look_portable(j, p, s);
}
#endif

static bool string(struct pm_json *j, struct pm_json_value *v)
{
	const char *start = ++j->at;
	struct stop s = { 0 };

#if PM_SSE2
	if (PM_USE_SSE2)
		look_sse2(j, start, &s);
	else
#endif
		look_portable(j, start, &s);
	if (s.why)
		return fault(j, s.why, s.at);
	*v = (struct pm_json_value){ PM_JSON_STRING, s.escaped, { start, (size_t)(s.at - start) } };
	j->at = s.at + 1;
	return true;
}

static const char *digits(const char *p, const char *end)
{
	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	return p;
}

static bool number(struct pm_json *j, struct pm_json_value *v)
{
	const char *start = j->at, *p = start, *from;

	p += *p == '-';
	from = p;
	p = digits(p, j->end);
	if (p == from)
		return fault(j, "a digit is missing", p);
	if (*from == '0' && p - from > 1)
		return fault(j, "a number starts with 0", from);
	if (p < j->end && *p == '.') {
		from = ++p;
		p = digits(p, j->end);
		if (p == from)
			return fault(j, "a digit is missing", p);
	}
	if (p < j->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < j->end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = digits(p, j->end);
		if (p == from)
			return fault(j, "a digit is missing", p);
	}
	*v = (struct pm_json_value){ PM_JSON_NUMBER, false, { start, (size_t)(p - start) } };
	j->at = p;
	return true;
}

static bool word(struct pm_json *j, struct pm_json_value *v, enum pm_json_type type,
		 struct pm_slice is)
{
	if ((size_t)(j->end - j->at) < is.len || memcmp(j->at, is.ptr, is.len) != 0)
		return fault(j, "a value was expected", j->at);
	*v = (struct pm_json_value){ type, false, { j->at, is.len } };
	j->at += is.len;
	return true;
}

/* A value without its inside: of an array or object only the bracket is taken. */
static bool token(struct pm_json *j, struct pm_json_value *v)
{
	char c = peek(j);

	switch (c) {
	case '"':
		return string(j, v);
	case '{':
	case '[':
		v->type = c == '{' ? PM_JSON_OBJECT : PM_JSON_ARRAY;
		v->escaped = false;
		v->raw = pm_slice(j->at++, 1);
		return true;
	case 't':
		return word(j, v, PM_JSON_TRUE, PM_LIT("true"));
	case 'f':
		return word(j, v, PM_JSON_FALSE, PM_LIT("false"));
	case 'n':
		return word(j, v, PM_JSON_NULL, PM_LIT("null"));
	default:
		if (c == '-' || (unsigned char)(c - '0') < 10)
			return number(j, v);
		return fault(j, "a value was expected", j->at);
	}
}

enum step { CLOSED, ITEM, FAULT };

/* Up to the next value inside `open`: past the comma, the name and the colon, or the bracket. */
static enum step step(struct pm_json *j, char open, bool first, struct pm_json_value *name)
{
	char close = open == '{' ? '}' : ']';

	space(j);
	if (!first && peek(j) == ',') {
		j->at++;
		space(j);
		first = j->lenient;
	} else if (!first && peek(j) != close) {
		fault(j, "a comma or a closing bracket was expected", j->at);
		return FAULT;
	} else {
		first = true;
	}
	if (first && peek(j) == close) {
		j->at++;
		return CLOSED;
	}
	if (open == '{') {
		if (peek(j) != '"') {
			fault(j, "a name was expected", j->at);
			return FAULT;
		}
		if (!string(j, name))
			return FAULT;
		space(j);
		if (peek(j) != ':') {
			fault(j, "a colon was expected", j->at);
			return FAULT;
		}
		j->at++;
		space(j);
	}
	return ITEM;
}

/* A whole value; `depth` arrays and objects are open around it. What is open inside stands in the
 * bits of one word, so that the depth of the input is never the depth of the stack. */
static bool value(struct pm_json *j, struct pm_json_value *v, unsigned depth)
{
	const unsigned outer = depth;
	struct pm_json_value inner, name;
	uint64_t objects = 0;
	bool first = true;

	_Static_assert(PM_JSON_DEPTH <= 64, "one bit a level");
	if (!token(j, v))
		return false;
	inner = *v;
	do {
		if (inner.type >= PM_JSON_ARRAY) {
			if (depth == PM_JSON_DEPTH)
				return fault(j, "nested too deeply", inner.raw.ptr);
			depth++;
			objects = objects << 1 | (inner.type == PM_JSON_OBJECT);
			first = true;
		}
		while (depth > outer) {
			enum step s = step(j, objects & 1 ? '{' : '[', first, &name);

			if (s == FAULT)
				return false;
			first = false;
			if (s == ITEM)
				break;
			depth--;
			objects >>= 1;
		}
	} while (depth > outer && token(j, &inner));
	if (j->fault)
		return false;
	if (v->type >= PM_JSON_ARRAY)
		v->raw.len = (size_t)(j->at - v->raw.ptr);
	return true;
}

/* Sets the scan up behind BOM and white space. UTF-8 is checked ahead, so that strings need not. */
static bool start(struct pm_json *j, struct pm_slice doc)
{
	size_t valid = pm_utf8_valid(doc);

	j->base = j->at = doc.ptr ? doc.ptr : "";
	j->end = j->base + doc.len;
	if (valid < doc.len)
		return fault(j, "not UTF-8", j->base + valid);
	if (doc.len >= 3 && memcmp(j->at, "\xef\xbb\xbf", 3) == 0)
		j->at += 3;
	space(j);
	return true;
}

static bool finish(struct pm_json *j)
{
	space(j);
	if (j->at < j->end)
		return fault(j, "something follows the document", j->at);
	return true;
}

void pm_json_open(struct pm_json *j, struct pm_slice doc, struct pm_arena *arena)
{
	*j = (struct pm_json){ .first = true, .document = true, .unique = true, .arena = arena };
	if (!start(j, doc))
		return;
	if (peek(j) != '{') {
		fault(j, "not an object", j->at);
		return;
	}
	j->start = ++j->at;
	j->open = '{';
}

void pm_json_walk(struct pm_json *j, struct pm_json_value v)
{
	/* What was valid stays so: lenience only spares asking how it was checked. */
	*j = (struct pm_json){ .first = true, .lenient = true, .base = v.raw.ptr };
	if (v.type < PM_JSON_ARRAY || !v.raw.len)
		return;
	j->open = v.type == PM_JSON_OBJECT ? '{' : '[';
	j->start = j->at = v.raw.ptr + 1;
	j->end = v.raw.ptr + v.raw.len;
}

/* A name as it is compared. */
static bool read_name(struct pm_json *j, const struct pm_json_value *raw, struct pm_slice *name)
{
	*name = pm_json_text(j->arena, raw, NULL);
	if (name->ptr)
		return true;
	j->full = true;
	return fault(j, "the arena is full", raw->raw.ptr);
}

struct name {
	uint64_t hash;
	struct pm_slice text;
	const char *at;         /* in the document */
};

/* By hash, which nearly always decides; by bytes where somebody made the hashes equal. */
static int order(const struct name *a, const struct name *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->text.len != b->text.len)
		return a->text.len < b->text.len ? -1 : 1;
	return a->text.len ? memcmp(a->text.ptr, b->text.ptr, a->text.len) : 0;
}

static void sift(struct name *heap, size_t at, size_t n)
{
	struct name moved = heap[at];
	size_t child;

	for (; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && order(&heap[child], &heap[child + 1]) < 0)
			child++;
		if (order(&moved, &heap[child]) >= 0)
			break;
		heap[at] = heap[child];
	}
	heap[at] = moved;
}

/* Heap sort: in place, n log n whatever the names are, where a hash table would be quadratic for
 * someone who knows the hash. */
static void sort(struct name *names, size_t n)
{
	struct name top;
	size_t i;

	for (i = n / 2; i-- > 0;)
		sift(names, i, n);
	for (i = n; i-- > 1;) {
		top = names[0];
		names[0] = names[i];
		names[i] = top;
		sift(names, 0, i);
	}
}

/* Too many members to compare one with another: reads their names again, and sorts them. */
static bool all_differ(struct pm_json *j)
{
	struct pm_json again = { .first = true, .open = '{', .at = j->start, .base = j->base,
				 .end = j->end };
	struct name *names = PM_ARENA_NEW(j->arena, struct name, j->members);
	struct pm_json_member m;
	const char *where;
	size_t i, n = 0;

	if (!names) {
		j->full = true;
		return fault(j, "the arena is full", j->at);
	}
	while (pm_json_next(&again, &m)) {
		if (!read_name(j, &m.name, &names[n].text))
			return false;
		names[n].at = m.name.raw.ptr - 1;
		names[n].hash = pm_hash64(names[n].text, 0);
		n++;
	}
	sort(names, n);
	for (i = 1; i < n; i++) {
		if (order(&names[i - 1], &names[i]) != 0)
			continue;
		where = names[i].at > names[i - 1].at ? names[i].at : names[i - 1].at;
		return fault(j, "a name comes twice", where);
	}
	/* Gives back the names read behind the table as well. */
	pm_arena_trim(j->arena, names, 0);
	return true;
}

static bool differs(struct pm_json *j, const struct pm_json_value *raw)
{
	struct pm_slice name;
	size_t i;

	if (j->members++ >= PM_JSON_FEW)
		return true;
	if (!read_name(j, raw, &name))
		return false;
	for (i = 0; i < j->members - 1; i++)
		if (pm_slice_eq(j->few[i], name))
			return fault(j, "a name comes twice", raw->raw.ptr - 1);
	j->few[i] = name;
	return true;
}

bool pm_json_next(struct pm_json *j, struct pm_json_member *m)
{
	enum step s;

	if (!j->open)
		return false;
	m->name = (struct pm_json_value){ 0 };
	s = step(j, j->open, j->first, &m->name);
	j->first = false;
	if (s == CLOSED) {
		j->open = 0;
		if (j->document && finish(j) && j->members > PM_JSON_FEW)
			all_differ(j);
		return false;
	}
	if (s == FAULT || (j->unique && !differs(j, &m->name)))
		return false;
	return value(j, &m->value, 1);
}

const char *pm_json_check(struct pm_slice doc, bool lenient, struct pm_json_value *v,
			  size_t *fault_at)
{
	struct pm_json j = { .lenient = lenient };

	*v = (struct pm_json_value){ 0 };
	if (start(&j, doc) && value(&j, v, 0))
		finish(&j);
	*fault_at = j.fault_at;
	return j.fault;
}
