/* HTML's "prescan a byte stream to determine its encoding", step by step. */
#include "filters/decode/prescan.h"

static const struct pm_slice none = { NULL, 0 };

static bool begins(struct pm_slice s, const char *lower)
{
	size_t len = strlen(lower);

	return s.len >= len && pm_slice_is_nocase(pm_slice(s.ptr, len), lower);
}

static struct pm_slice skip(struct pm_slice s, size_t n)
{
	return n < s.len ? pm_slice(s.ptr + n, s.len - n) : pm_slice(s.ptr + s.len, 0);
}

static struct pm_slice skip_space(struct pm_slice s)
{
	while (s.len && pm_ascii_space(*s.ptr))
		s = skip(s, 1);
	return s;
}

/* Up to and with the first `c`; to the end without one. */
static struct pm_slice skip_past(struct pm_slice s, char c)
{
	const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return p ? skip(s, (size_t)(p - s.ptr) + 1) : skip(s, s.len);
}

/* The value behind "charset" and "=": quoted, or up to white space or a semicolon. */
static struct pm_slice value(struct pm_slice s)
{
	size_t n = 0;

	if (s.len && (*s.ptr == '"' || *s.ptr == '\'')) {
		const char *close = memchr(s.ptr + 1, *s.ptr, s.len - 1);

		return close ? pm_slice(s.ptr + 1, (size_t)(close - s.ptr) - 1) : none;
	}
	while (n < s.len && !pm_ascii_space(s.ptr[n]) && s.ptr[n] != ';' && s.ptr[n] != ',')
		n++;
	return n ? pm_slice(s.ptr, n) : none;
}

struct pm_slice pm_prescan_type(struct pm_slice s)
{
	while (s.len) {
		if (!begins(s, "charset")) {
			s = skip(s, 1);
			continue;
		}
		s = skip_space(skip(s, sizeof "charset" - 1));
		if (s.len && *s.ptr == '=')
			return value(skip_space(skip(s, 1)));
	}
	return none;
}

struct attribute {
	struct pm_slice name, value;
};

/* HTML's "get an attribute": false at the tag's end. *s moves behind what was read. */
static bool next_attribute(struct pm_slice *s, struct attribute *a)
{
	size_t n = 0;

	*a = (struct attribute){ none, none };
	while (s->len && (pm_ascii_space(*s->ptr) || *s->ptr == '/'))
		*s = skip(*s, 1);
	if (s->len == 0 || *s->ptr == '>')
		return false;
	while (n < s->len && !pm_ascii_space(s->ptr[n]) && s->ptr[n] != '/' && s->ptr[n] != '>' &&
	       (s->ptr[n] != '=' || n == 0))
		n++;
	a->name = pm_slice(s->ptr, n);
	*s = skip_space(skip(*s, n));
	if (s->len == 0 || *s->ptr != '=')
		return true;
	*s = skip_space(skip(*s, 1));
	if (s->len && (*s->ptr == '"' || *s->ptr == '\'')) {
		const char *close = memchr(s->ptr + 1, *s->ptr, s->len - 1);

		n = close ? (size_t)(close - s->ptr) - 1 : s->len - 1;
		a->value = pm_slice(s->ptr + 1, n);
		*s = skip(*s, n + 2);
		return true;
	}
	n = 0;
	while (n < s->len && !pm_ascii_space(s->ptr[n]) && s->ptr[n] != '>')
		n++;
	a->value = pm_slice(s->ptr, n);
	*s = skip(*s, n);
	return true;
}

/* The label of the meta whose attributes begin at *s; absent when it declares none. */
static struct pm_slice meta_label(struct pm_slice *s)
{
	struct pm_slice charset = none, content = none;
	bool pragma = false;
	struct attribute a;

	while (next_attribute(s, &a)) {
		if (pm_slice_is_nocase(a.name, "http-equiv"))
			pragma = pragma || pm_slice_is_nocase(a.value, "content-type");
		else if (pm_slice_is_nocase(a.name, "content") && !content.ptr)
			content = pm_prescan_type(a.value);
		else if (pm_slice_is_nocase(a.name, "charset") && !charset.ptr)
			charset = a.value;
	}
	return charset.ptr ? charset : pragma ? content : none;
}

/* Behind the comment, tag or sign that begins with "<" at s. */
static struct pm_slice skip_markup(struct pm_slice s)
{
	char c = s.len > 1 ? pm_ascii_lower(s.ptr[1]) : 0;
	struct attribute a;

	if (begins(s, "<!--")) {
		const char *end = memmem(s.ptr + 2, s.len - 2, "-->", 3);

		return end ? skip(s, (size_t)(end - s.ptr) + 3) : skip(s, s.len);
	}
	if (c == '!' || c == '?')
		return skip_past(s, '>');
	if (c == '/')
		c = s.len > 2 ? pm_ascii_lower(s.ptr[2]) : 0;
	if ((unsigned char)(c - 'a') >= 26)
		return s.len > 1 && s.ptr[1] == '/' ? skip_past(s, '>') : skip(s, 1);
	while (s.len && !pm_ascii_space(*s.ptr) && *s.ptr != '>')
		s = skip(s, 1);
	while (next_attribute(&s, &a))
		;
	return s;
}

struct pm_slice pm_prescan_meta(struct pm_slice s, bool (*known)(struct pm_slice label))
{
	if (s.len > PM_PRESCAN_BYTES)
		s.len = PM_PRESCAN_BYTES;
	while (s.len) {
		const char *tag = memchr(s.ptr, '<', s.len);

		if (tag == NULL)
			return none;
		s = skip(s, (size_t)(tag - s.ptr));
		if (begins(s, "<meta") && s.len > 5 &&
		    (pm_ascii_space(s.ptr[5]) || s.ptr[5] == '/')) {
			struct pm_slice label;

			s = skip(s, 5);
			label = meta_label(&s);
			if (label.ptr && known(label))
				return label;
			continue;
		}
		s = skip_markup(s);
	}
	return none;
}

struct pm_slice pm_prescan_xml(struct pm_slice s)
{
	const char *end;
	size_t name = sizeof "encoding" - 1;

	s = skip_space(s);
	if (s.len > PM_PRESCAN_BYTES)
		s.len = PM_PRESCAN_BYTES;
	if (!begins(s, "<?xml"))
		return none;
	end = memchr(s.ptr, '>', s.len);
	if (end)
		s.len = (size_t)(end - s.ptr);
	for (; s.len > name; s = skip(s, 1)) {
		struct pm_slice rest;

		if (!begins(s, "encoding"))
			continue;
		rest = skip_space(skip(s, name));
		if (rest.len == 0 || *rest.ptr != '=')
			continue;
		rest = skip_space(skip(rest, 1));
		return rest.len && (*rest.ptr == '"' || *rest.ptr == '\'') ? value(rest) : none;
	}
	return none;
}
