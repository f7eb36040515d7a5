#include "consumer/warc.h"

#include "consumer/http.h"

static const char *const types[PM_WARC_TYPES] = {
	[PM_WARC_RESPONSE] = "response", [PM_WARC_RESOURCE] = "resource",
	[PM_WARC_CONVERSION] = "conversion", [PM_WARC_REQUEST] = "request",
	[PM_WARC_METADATA] = "metadata", [PM_WARC_REVISIT] = "revisit",
	[PM_WARC_WARCINFO] = "warcinfo", [PM_WARC_CONTINUATION] = "continuation",
	[PM_WARC_OTHER] = "other",
};

/* The line of a version: "WARC/1.1". */
enum { VERSION = 8 };

const char *pm_warc_type_name(enum pm_warc_type type)
{
	return types[type];
}

static bool digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

bool pm_warc_begins(struct pm_slice s)
{
	static const char form[] = "WARC/#.#";

	if (s.len > VERSION)
		s.len = VERSION;
	for (size_t i = 0; i < s.len; i++)
		if (form[i] == '#' ? !digit(s.ptr[i]) : s.ptr[i] != form[i])
			return false;
	return true;
}

size_t pm_warc_find(struct pm_slice s, size_t from)
{
	while (from < s.len) {
		const char *p = memmem(s.ptr + from, s.len - from, "WARC/", 5);

		if (!p)
			break;
		from = (size_t)(p - s.ptr);
		if (s.len - from > VERSION && pm_warc_begins(pm_slice(p, s.len - from)) &&
		    (p[VERSION] == '\r' || p[VERSION] == '\n'))
			return from;
		from++;
	}
	return SIZE_MAX;
}

/* -- fields ---------------------------------------------------------------------------------- */

static struct pm_slice without_brackets(struct pm_slice s)
{
	if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
		s = pm_slice(s.ptr + 1, s.len - 2);
	return s.len ? s : (struct pm_slice){ 0 };
}

static bool read_length(struct pm_slice s, uint64_t *length)
{
	*length = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (!digit(s.ptr[i]) || *length > (UINT64_MAX >> 8))
			return false;
		*length = *length * 10 + (uint64_t)(s.ptr[i] - '0');
	}
	return s.len > 0;
}

static enum pm_warc_type type_of(struct pm_slice s)
{
	for (int i = 0; i < PM_WARC_OTHER; i++)
		if (pm_slice_is_nocase(s, types[i]))
			return (enum pm_warc_type)i;
	return PM_WARC_OTHER;
}

struct seen {
	bool type, length;
};

/* NULL, or what is wrong with it. */
static const char *take_field(struct pm_warc *rec, const struct pm_header *f, struct seen *seen)
{
	if (pm_slice_is_nocase(f->name, "warc-type")) {
		rec->type = type_of(f->value);
		seen->type = true;
	} else if (pm_slice_is_nocase(f->name, "content-length")) {
		if (!read_length(f->value, &rec->length))
			return "the record's Content-Length is no number";
		seen->length = true;
	} else if (pm_slice_is_nocase(f->name, "warc-target-uri")) {
		rec->url = without_brackets(f->value);
	} else if (pm_slice_is_nocase(f->name, "warc-date")) {
		rec->date = f->value;
	} else if (pm_slice_is_nocase(f->name, "warc-record-id")) {
		rec->id = without_brackets(f->value);
	} else if (pm_slice_is_nocase(f->name, "content-type") && f->value.len) {
		rec->content_type = f->value;
	} else if (pm_slice_is_nocase(f->name, "warc-truncated")) {
		rec->truncated = f->value;
	} else if (pm_slice_is_nocase(f->name, "warc-segment-number") && !rec->truncated.ptr) {
		rec->truncated = PM_LIT("segment");
	}
	return NULL;
}

enum pm_warc_parse pm_warc_head(struct pm_slice bytes, struct pm_warc *rec, const char **fault)
{
	struct pm_http_lines in;
	struct pm_header field;
	struct seen seen = { 0 };

	*rec = (struct pm_warc){ .type = PM_WARC_OTHER };
	*fault = "this is no WARC record";
	if (!pm_warc_begins(bytes))
		return PM_WARC_BAD;
	rec->head = pm_http_head_size(
		pm_slice(bytes.ptr, bytes.len < PM_WARC_HEAD_MAX ? bytes.len : PM_WARC_HEAD_MAX));
	if (!rec->head && bytes.len < PM_WARC_HEAD_MAX)
		return PM_WARC_MORE;
	*fault = "the record's head has no end";
	if (!rec->head)
		return PM_WARC_BAD;
	in.rest = pm_slice(bytes.ptr, rec->head);
	pm_http_field(&in, &field);     /* the version's line */
	while (pm_http_field(&in, &field))
		if (field.name.len && (*fault = take_field(rec, &field, &seen)))
			return PM_WARC_BAD;
	*fault = !seen.type ? "the record has no WARC-Type" :
		 !seen.length ? "the record has no Content-Length" : NULL;
	return *fault ? PM_WARC_BAD : PM_WARC_OK;
}

/* -- meaning --------------------------------------------------------------------------------- */

static bool starts_nocase(struct pm_slice s, const char *with)
{
	size_t len = strlen(with);

	return s.len >= len && pm_slice_is_nocase(pm_slice(s.ptr, len), with);
}

/* "application/http;msgtype=response", as the standard asks for. Some writers leave the type
 * out. */
bool pm_warc_is_http(const struct pm_warc *rec)
{
	if (rec->type != PM_WARC_RESPONSE && rec->type != PM_WARC_RESOURCE)
		return false;
	if (rec->content_type.ptr)
		return starts_nocase(rec->content_type, "application/http");
	return rec->type == PM_WARC_RESPONSE && starts_nocase(rec->url, "http");
}

bool pm_warc_is_page(const struct pm_warc *rec)
{
	switch (rec->type) {
	case PM_WARC_RESPONSE:
		return pm_warc_is_http(rec);
	case PM_WARC_RESOURCE:
	case PM_WARC_CONVERSION:
		return true;
	default:
		return false;
	}
}
