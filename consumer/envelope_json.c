/* The format "json": strict RFC 8259, members wherever input.fields says they are. */
#include "consumer/envelope_in.h"

#include "core/base64.h"

/* Where a decode stands. `at` holds the members' values; absent (raw.ptr NULL) where there is none
 * or a null. */
struct reader {
	const struct pm_envelope *env;
	struct pm_page *page;
	struct pm_found *found;
	struct pm_err *err;
	struct pm_json_value at[PM_MEMBERS];
	bool met[PM_MEMBERS];           /* it is there, if only as a null */
};

static const char *type_name(enum pm_json_type type)
{
	static const char *const names[] = {
		[PM_JSON_NULL] = "null", [PM_JSON_FALSE] = "false", [PM_JSON_TRUE] = "true",
		[PM_JSON_NUMBER] = "a number", [PM_JSON_STRING] = "a string",
		[PM_JSON_ARRAY] = "an array", [PM_JSON_OBJECT] = "an object",
	};

	return names[type];
}

/* Messages call a member as the envelope does. */
static const char *name_of(const struct reader *r, enum pm_member m)
{
	return r->env->path[m].text;
}

static enum pm_reason wrong_type(const struct reader *r, enum pm_member m, const char *want)
{
	pm_fail(r->err, "%.100s: %s where %s belongs", name_of(r, m), type_name(r->at[m].type),
		want);
	return PM_REASON_BAD_FIELD;
}

/* -- finding the members --------------------------------------------------------------------- */

bool pm_envelope_named(struct pm_arena *a, const struct pm_json_value *have, struct pm_slice name,
		       bool *full)
{
	struct pm_slice text;

	if (!have->escaped)
		return pm_slice_eq(have->raw, name);
	/* Escapes only make text longer. */
	if (have->raw.len < name.len)
		return false;
	text = pm_json_text(a, have, NULL);
	*full |= !text.ptr;
	return text.ptr && pm_slice_eq(text, name);
}

/* The scan of the whole document, which finds the first name of every path. */
static enum pm_reason scan(struct reader *r, struct pm_slice value)
{
	struct pm_arena *a = r->page->arena;
	struct pm_json_member m;
	struct pm_json doc;
	bool full = false;

	if (!value.len) {
		pm_fail(r->err, "the value is empty");
		return PM_REASON_BAD_JSON;
	}
	pm_json_open(&doc, value, a);
	while (pm_json_next(&doc, &m))
		for (size_t i = 0; i < PM_MEMBERS && !full; i++)
			if (r->env->path[i].len &&
			    pm_envelope_named(a, &m.name, r->env->path[i].part[0], &full))
				r->at[i] = m.value;
	if (full || doc.full)
		return pm_envelope_full(r->err);
	if (!doc.fault)
		return PM_REASON_NONE;
	pm_fail(r->err, "%s at byte %zu", doc.fault, doc.fault_at);
	return PM_REASON_BAD_JSON;
}

/* Follows the rest of a path. Of names that repeat within an object the last counts. */
static enum pm_reason follow(struct reader *r, enum pm_member m)
{
	const struct pm_path *path = &r->env->path[m];
	struct pm_json_value v = r->at[m];
	bool full = false;

	for (size_t i = 1; i < path->len && v.raw.ptr && v.type != PM_JSON_NULL; i++) {
		struct pm_json_value next = { 0 };
		struct pm_json_member each;
		struct pm_json in;

		if (v.type != PM_JSON_OBJECT) {
			pm_fail(r->err, "%.100s: \"%.*s\" is %s, not an object", path->text,
				(int)(path->part[i - 1].len < 60 ? path->part[i - 1].len : 60),
				path->part[i - 1].ptr, type_name(v.type));
			return PM_REASON_BAD_FIELD;
		}
		pm_json_walk(&in, v);
		while (pm_json_next(&in, &each))
			if (pm_envelope_named(r->page->arena, &each.name, path->part[i], &full))
				next = each.value;
		if (full)
			return pm_envelope_full(r->err);
		v = next;
	}
	r->met[m] = v.raw.ptr;
	if (v.type == PM_JSON_NULL)
		v = (struct pm_json_value){ 0 };
	r->at[m] = v;
	return PM_REASON_NONE;
}

/* -- plain members --------------------------------------------------------------------------- */

/* A string's text; absent where there is none or an empty one. */
static enum pm_reason string(struct reader *r, enum pm_member m, struct pm_slice *out, bool *nul)
{
	if (!r->at[m].raw.ptr)
		return PM_REASON_NONE;
	if (r->at[m].type != PM_JSON_STRING)
		return wrong_type(r, m, "a string");
	*out = pm_json_text(r->page->arena, &r->at[m], nul);
	if (!out->ptr)
		return pm_envelope_full(r->err);
	if (!out->len)
		*out = (struct pm_slice){ 0 };
	return PM_REASON_NONE;
}

static enum pm_reason read_url(struct reader *r)
{
	bool nul = false;
	enum pm_reason reason = string(r, PM_MEMBER_URL, &r->page->url, &nul);

	if (reason || !nul)
		return reason;
	return pm_envelope_bad(r->err, name_of(r, PM_MEMBER_URL), "holds \\u0000",
			       (struct pm_slice){ 0 });
}

static enum pm_reason read_id(struct reader *r)
{
	const struct pm_json_value *v = &r->at[PM_MEMBER_ID];

	if (v->raw.ptr && v->type == PM_JSON_NUMBER) {
		r->page->source_id = v->raw;
		return PM_REASON_NONE;
	}
	if (v->raw.ptr && v->type != PM_JSON_STRING)
		return wrong_type(r, PM_MEMBER_ID, "a string or a number");
	return string(r, PM_MEMBER_ID, &r->page->source_id, NULL);
}

static enum pm_reason read_status(struct reader *r)
{
	const struct pm_json_value *v = &r->at[PM_MEMBER_STATUS];
	const char *name = name_of(r, PM_MEMBER_STATUS);
	struct pm_slice text = { 0 };
	enum pm_reason reason;
	int64_t number;

	if (!v->raw.ptr)
		return PM_REASON_NONE;
	if (v->type == PM_JSON_NUMBER) {
		if (!pm_json_int(v, &number) || number < 100 || number > 999)
			return pm_envelope_bad(r->err, name, "not an HTTP status", v->raw);
		r->page->status = (int)number;
		return PM_REASON_NONE;
	}
	if (v->type != PM_JSON_STRING)
		return wrong_type(r, PM_MEMBER_STATUS, "a number or its digits");
	reason = string(r, PM_MEMBER_STATUS, &text, NULL);
	return reason ? reason : pm_envelope_status(text, name, r->page, r->err);
}

/* A null says that the time is unknown, and so keeps the message's out. */
static enum pm_reason read_time(struct reader *r)
{
	struct pm_slice text = { 0 };
	enum pm_reason reason = string(r, PM_MEMBER_FETCHED_AT, &text, NULL);

	r->found->time_known |= r->met[PM_MEMBER_FETCHED_AT];
	if (reason || !r->at[PM_MEMBER_FETCHED_AT].raw.ptr)
		return reason;
	return pm_envelope_time(text, name_of(r, PM_MEMBER_FETCHED_AT), r->page, r->err);
}

/* -- headers --------------------------------------------------------------------------------- */

struct headers {
	struct pm_header *at;
	size_t len, cap;
};

static enum pm_reason bad_headers(struct reader *r, const char *what)
{
	return pm_envelope_bad(r->err, name_of(r, PM_MEMBER_HEADERS), what, (struct pm_slice){ 0 });
}

static enum pm_reason add_header(struct reader *r, struct headers *list, struct pm_slice name,
				 const struct pm_json_value *value)
{
	struct pm_header *h;

	if (value->type == PM_JSON_NULL)
		return PM_REASON_NONE;
	if (value->type != PM_JSON_STRING)
		return bad_headers(r, "a value that is no string");
	h = pm_list_add(r->page->arena, (void **)&list->at, &list->len, &list->cap, sizeof(*h));
	if (!h)
		return pm_envelope_full(r->err);
	h->name = name;
	h->value = pm_json_text(r->page->arena, value, NULL);
	return h->value.ptr ? PM_REASON_NONE : pm_envelope_full(r->err);
}

/* One name with its value, or with an array of values. */
static enum pm_reason add_values(struct reader *r, struct headers *list,
				 const struct pm_json_value *name, struct pm_json_value value)
{
	struct pm_slice text = pm_json_text(r->page->arena, name, NULL);
	struct pm_json_member each;
	struct pm_json in;
	enum pm_reason reason;

	if (!text.ptr)
		return pm_envelope_full(r->err);
	if (value.type != PM_JSON_ARRAY)
		return add_header(r, list, text, &value);
	pm_json_walk(&in, value);
	while (pm_json_next(&in, &each))
		if ((reason = add_header(r, list, text, &each.value)))
			return reason;
	return PM_REASON_NONE;
}

/* An element of the array form: ["name", "value"]. */
static enum pm_reason add_pair(struct reader *r, struct headers *list, struct pm_json_value pair)
{
	struct pm_json_member name, value, more;
	struct pm_json in;

	if (pair.type != PM_JSON_ARRAY)
		return bad_headers(r, "an element that is no pair");
	pm_json_walk(&in, pair);
	if (!pm_json_next(&in, &name) || !pm_json_next(&in, &value) || pm_json_next(&in, &more) ||
	    name.value.type != PM_JSON_STRING)
		return bad_headers(r, "an element that is no pair");
	return add_values(r, list, &name.value, value.value);
}

static enum pm_reason read_headers(struct reader *r)
{
	struct pm_json_value v = r->at[PM_MEMBER_HEADERS];
	struct headers list = { 0 };
	struct pm_json_member each;
	struct pm_json in;
	enum pm_reason reason;

	if (!v.raw.ptr)
		return PM_REASON_NONE;
	if (v.type != PM_JSON_OBJECT && v.type != PM_JSON_ARRAY)
		return wrong_type(r, PM_MEMBER_HEADERS, "an object or an array of pairs");
	pm_json_walk(&in, v);
	while (pm_json_next(&in, &each)) {
		reason = v.type == PM_JSON_OBJECT ? add_values(r, &list, &each.name, each.value)
						  : add_pair(r, &list, each.value);
		if (reason)
			return reason;
	}
	r->page->headers = list.at;
	r->page->nheaders = list.len;
	pm_codings_add(&r->found->codings, list.at, list.len, "content-encoding");
	pm_codings_add(&r->found->codings, list.at, list.len, "transfer-encoding");
	return PM_REASON_NONE;
}

/* The envelope's own word wins; of several headers the last counts, as in WHATWG Fetch. */
static enum pm_reason read_content_type(struct reader *r)
{
	const struct pm_page *page = r->page;
	enum pm_reason reason = string(r, PM_MEMBER_CONTENT_TYPE, &r->page->content_type, NULL);

	if (reason || page->content_type.ptr)
		return reason;
	for (size_t i = 0; i < page->nheaders; i++)
		if (page->headers[i].value.len && pm_slice_is_nocase(page->headers[i].name, "content-type"))
			r->page->content_type = page->headers[i].value;
	return PM_REASON_NONE;
}

/* HTTP's charset wins over what a crawler found out, which is better than a guess. */
static enum pm_reason read_encoding(struct reader *r)
{
	static const char parameter[] = "; charset=";
	struct pm_slice encoding = { 0 }, type = r->page->content_type;
	enum pm_reason reason = string(r, PM_MEMBER_ENCODING, &encoding, NULL);
	char *joined;

	if (reason || !encoding.ptr || !type.ptr)
		return reason;
	for (size_t i = 0; i + 7 <= type.len; i++)
		if (pm_slice_is_nocase(pm_slice(type.ptr + i, 7), "charset"))
			return PM_REASON_NONE;
	joined = pm_arena_alloc(r->page->arena, type.len + sizeof(parameter) - 1 + encoding.len);
	if (!joined)
		return pm_envelope_full(r->err);
	memcpy(joined, type.ptr, type.len);
	memcpy(joined + type.len, parameter, sizeof(parameter) - 1);
	memcpy(joined + type.len + sizeof(parameter) - 1, encoding.ptr, encoding.len);
	r->page->content_type = pm_slice(joined, type.len + sizeof(parameter) - 1 + encoding.len);
	return PM_REASON_NONE;
}

/* -- the body -------------------------------------------------------------------------------- */

static unsigned hex4(const char *p)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)pm_ascii_lower(p[i]);

		value = value << 4 | (unsigned)(c > '9' ? c - 'a' + 10 : c - '0');
	}
	return value;
}

/* Bytes of a checked string without its escapes, for a limit that must not depend on how much room
 * the arena has. */
static size_t text_length(struct pm_slice raw)
{
	const char *p = raw.ptr, *end = raw.ptr + raw.len, *slash;
	size_t len = 0;

	while ((slash = memchr(p, '\\', (size_t)(end - p)))) {
		unsigned unit;

		len += (size_t)(slash - p);
		p = slash + 2;
		if (slash[1] != 'u') {
			len++;
			continue;
		}
		unit = hex4(p);
		p += 4;
		if (unit >= 0xd800 && unit < 0xdc00 && end - p >= 6 && p[0] == '\\' &&
		    p[1] == 'u' && (hex4(p + 2) & 0xfc00) == 0xdc00) {
			len += 4;
			p += 6;
		} else {
			len += unit == 0 || unit >= 0x800 ? 3 : unit >= 0x80 ? 2 : 1;
		}
	}
	return len + (size_t)(end - p);
}

static enum pm_reason read_text(struct reader *r)
{
	const struct pm_json_value *v = &r->at[PM_MEMBER_BODY];
	size_t limit = r->env->page_bytes;

	if (v->type != PM_JSON_STRING)
		return wrong_type(r, PM_MEMBER_BODY, "a string");
	if (v->raw.len > limit) {
		size_t len = text_length(v->raw);

		if (len > limit)
			return pm_envelope_too_large(len, limit, r->err);
	}
	r->found->body = pm_json_text(r->page->arena, v, NULL);
	r->page->body_is_text = true;
	return r->found->body.ptr ? PM_REASON_NONE : pm_envelope_full(r->err);
}

/* What the decoded bytes can't be fewer than, whatever else is wrong with them. */
static size_t base64_length(struct pm_slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += !pm_ascii_space(text.ptr[i]) && text.ptr[i] != '=';
	return n / 4 * 3 + (n % 4 ? n % 4 - 1 : 0);
}

static enum pm_reason read_base64(struct reader *r)
{
	const char *name = name_of(r, PM_MEMBER_BODY_BASE64);
	size_t limit = pm_codings_room(&r->found->codings, r->env->page_bytes);
	struct pm_slice text = { 0 };
	enum pm_reason reason = string(r, PM_MEMBER_BODY_BASE64, &text, NULL);

	if (reason)
		return reason;
	/* Only what could be too large is counted. */
	if (text.len / 4 * 3 + 2 > limit) {
		size_t len = base64_length(text);

		if (len > limit)
			return pm_envelope_too_large(len, r->env->page_bytes, r->err);
	}
	switch (pm_base64_decode(r->page->arena, text, &r->found->body)) {
	case PM_BASE64_OK:
		return PM_REASON_NONE;
	case PM_BASE64_FULL:
		return pm_envelope_full(r->err);
	case PM_BASE64_BAD:
		break;
	}
	pm_envelope_bad(r->err, name, "not base64", text);
	return PM_REASON_BAD_BASE64;
}

static enum pm_reason read_body(struct reader *r)
{
	bool text = r->at[PM_MEMBER_BODY].raw.ptr, base64 = r->at[PM_MEMBER_BODY_BASE64].raw.ptr;

	if (text && base64) {
		pm_fail(r->err, "%.100s and %.100s together", name_of(r, PM_MEMBER_BODY),
			name_of(r, PM_MEMBER_BODY_BASE64));
		return PM_REASON_BAD_FIELD;
	}
	if (text)
		return read_text(r);
	return base64 ? read_base64(r) : PM_REASON_NONE;
}

enum pm_reason pm_envelope_json(const struct pm_envelope *env, struct pm_slice value,
				struct pm_page *page, struct pm_found *found, struct pm_err *err)
{
	struct reader r = { .env = env, .page = page, .found = found, .err = err };
	enum pm_reason reason = scan(&r, value);

	for (int m = 0; m < PM_MEMBERS && !reason; m++)
		reason = follow(&r, (enum pm_member)m);
	if (reason)
		return reason;
	if ((reason = read_url(&r)) || (reason = read_id(&r)) || (reason = read_status(&r)) ||
	    (reason = read_time(&r)) || (reason = read_headers(&r)) ||
	    (reason = read_content_type(&r)) || (reason = read_encoding(&r)))
		return reason;
	return read_body(&r);
}
