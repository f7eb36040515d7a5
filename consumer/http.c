#include "consumer/http.h"

#include "core/page.h"

/* The line's bytes without its end; *rest is behind it. */
static struct pm_slice line(struct pm_slice *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
	struct pm_slice s = pm_slice(rest->ptr, len);

	len += end != NULL;
	*rest = pm_slice(rest->ptr + len, rest->len - len);
	if (s.len && s.ptr[s.len - 1] == '\r')
		s.len--;
	return s;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

bool pm_http_field(struct pm_http_lines *in, struct pm_header *field)
{
	struct pm_slice s;
	const char *colon;

	*field = (struct pm_header){ { 0 }, { 0 } };
	if (!in->rest.len)
		return false;
	s = line(&in->rest);
	if (!s.len)
		return false;
	while (in->rest.len && blank(in->rest.ptr[0])) {
		struct pm_slice more = line(&in->rest);

		s.len = (size_t)(more.ptr + more.len - s.ptr);
	}
	colon = memchr(s.ptr, ':', s.len);
	if (!colon)
		return true;
	field->name = pm_slice_trim(pm_slice(s.ptr, (size_t)(colon - s.ptr)));
	field->value = pm_slice_trim(pm_slice(colon + 1, (size_t)(s.ptr + s.len - colon - 1)));
	return true;
}

size_t pm_http_head_size(struct pm_slice s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		if (p < end && *p == '\n')
			return (size_t)(p + 1 - s.ptr);
		if (end - p >= 2 && p[0] == '\r' && p[1] == '\n')
			return (size_t)(p + 2 - s.ptr);
	}
	return 0;
}

/* RFC 9112 section 4: "HTTP/1.1 200 OK"; crawlers write "HTTP/2 200" too. */
static bool read_status(struct pm_slice s, struct pm_http *out)
{
	size_t at = 5;
	int status = 0;

	if (s.len < 5 || memcmp(s.ptr, "HTTP/", 5) != 0)
		return false;
	while (at < s.len && !blank(s.ptr[at]))
		at++;
	while (at < s.len && blank(s.ptr[at]))
		at++;
	for (size_t i = 0; i < 3; i++, at++) {
		if (at >= s.len || (unsigned char)(s.ptr[at] - '0') > 9)
			return true;
		status = status * 10 + (s.ptr[at] - '0');
	}
	if (status >= 100 && (at == s.len || blank(s.ptr[at])))
		out->status = status;
	return true;
}

enum pm_http_parse pm_http_parse(struct pm_slice s, struct pm_arena *a, struct pm_http *out)
{
	struct pm_http_lines in = { s };
	struct pm_header field, *h;

	*out = (struct pm_http){ 0 };
	if (!read_status(line(&in.rest), out))
		return PM_HTTP_NONE;
	while (pm_http_field(&in, &field)) {
		if (!field.name.len)
			continue;
		h = pm_list_add(a, (void **)&out->headers, &out->nheaders, &out->cap, sizeof(*h));
		if (!h)
			return PM_HTTP_FULL;
		*h = field;
	}
	out->body = in.rest;
	return PM_HTTP_OK;
}

struct pm_slice pm_http_header(const struct pm_http *http, const char *name)
{
	for (size_t i = http->nheaders; i > 0; i--)
		if (http->headers[i - 1].value.len &&
		    pm_slice_is_nocase(http->headers[i - 1].name, name))
			return http->headers[i - 1].value;
	return (struct pm_slice){ 0 };
}

/* -- chunks ---------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	if ((unsigned char)(c - '0') < 10)
		return c - '0';
	c = pm_ascii_lower(c);
	return (unsigned char)(c - 'a') < 6 ? c - 'a' + 10 : -1;
}

/* A chunk's first line: hexadecimal digits, white space, an extension behind a semicolon. */
static bool chunk_size(struct pm_slice s, size_t *size)
{
	size_t i = 0, n = 0;

	for (; i < s.len && hex_digit(s.ptr[i]) >= 0; i++) {
		if (n > SIZE_MAX >> 8)
			return false;
		n = n << 4 | (size_t)hex_digit(s.ptr[i]);
	}
	if (i == 0)
		return false;
	while (i < s.len && blank(s.ptr[i]))
		i++;
	*size = n;
	return i == s.len || s.ptr[i] == ';';
}

/* Copies the chunks to `to`. false: these are no chunks. */
static bool join_chunks(struct pm_slice rest, char *to, size_t *len)
{
	*len = 0;
	while (rest.len) {
		bool ended = memchr(rest.ptr, '\n', rest.len) != NULL;
		size_t size;

		/* A first line that is cut off can't be told from a page's text. */
		if (!chunk_size(line(&rest), &size) || !ended)
			return !ended && *len;
		if (size == 0)
			return true;
		if (size > rest.len)
			size = rest.len;
		memcpy(to + *len, rest.ptr, size);
		*len += size;
		rest = pm_slice(rest.ptr + size, rest.len - size);
		if (rest.len && line(&rest).len)
			return false;
	}
	return true;
}

bool pm_http_dechunk(struct pm_slice in, struct pm_arena *a, struct pm_slice *out)
{
	size_t len, first;
	struct pm_slice rest = in;
	char *to;

	*out = in;
	if (!in.len || !chunk_size(line(&rest), &first))
		return true;
	to = pm_arena_alloc(a, in.len);
	if (!to)
		return false;
	if (!join_chunks(in, to, &len)) {
		pm_arena_trim(a, to, 0);
		return true;
	}
	pm_arena_trim(a, to, len);
	*out = pm_slice(to, len);
	return true;
}
