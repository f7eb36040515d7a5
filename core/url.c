#include "core/url.h"

#include "core/url_parts.h"

/* The standard's state machine, cut in two: split() finds where each component is in the input and
 * what comes from the base; build() encodes the pieces into one run of arena memory. */

enum path_kind {
	PATH_KEPT,      /* base's path as it is */
	PATH_OPAQUE,
	PATH_START,     /* the standard's "path start state" at `rest` */
	PATH_SEGMENTS,  /* its "path state": a segment begins at `rest` */
};

struct parts {
	struct pm_slice scheme;         /* in lower case */
	const struct pm_url *from;      /* whose credentials, host and port these are; or NULL */
	struct pm_slice authority;      /* absent: none */
	struct pm_slice prefix;         /* serialised path that goes before `rest` */
	struct pm_slice rest;           /* path, query and fragment as written */
	const struct pm_url *query_from;
	enum path_kind path;
	bool special, file;
	bool empty_host;                /* without an authority, the host is empty and not absent */
};

static const struct {
	const char *name;
	int port;
} specials[] = {
	{ "http", 80 }, { "https", 443 }, { "ws", 80 }, { "wss", 443 }, { "ftp", 21 },
	{ "file", -1 },
};

static bool is_alpha(char c)
{
	return (unsigned char)(pm_ascii_lower(c) - 'a') < 26;
}

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static struct pm_slice skip(struct pm_slice s, size_t n)
{
	return pm_slice(s.ptr + n, s.len - n);
}

static bool starts(struct pm_slice s, char c)
{
	return s.len && s.ptr[0] == c;
}

static bool is_slash(const struct parts *p, char c)
{
	return c == '/' || (p->special && c == '\\');
}

static bool starts_slash(const struct parts *p, struct pm_slice s)
{
	return s.len && is_slash(p, s.ptr[0]);
}

/* Where the first octet is that ends a path ("?" or "#"), or a segment too when `slashes`. */
static size_t find_end(const struct parts *p, struct pm_slice s, bool slashes)
{
	size_t i = 0;

	while (i < s.len && s.ptr[i] != '?' && s.ptr[i] != '#' &&
	       !(slashes && is_slash(p, s.ptr[i])))
		i++;
	return i;
}

static bool is_drive(struct pm_slice s)
{
	return s.len == 2 && is_alpha(s.ptr[0]) && (s.ptr[1] == ':' || s.ptr[1] == '|');
}

static bool starts_with_drive(struct pm_slice s)
{
	if (s.len < 2 || !is_drive(pm_slice(s.ptr, 2)))
		return false;
	return s.len == 2 || memchr("/\\?#", s.ptr[2], 4) != NULL;
}

/* The first segment of a serialised path, when that is a normalised drive letter: "/C:". */
static struct pm_slice drive_of(struct pm_slice path)
{
	if (path.len >= 3 && path.ptr[0] == '/' && is_alpha(path.ptr[1]) && path.ptr[2] == ':' &&
	    (path.len == 3 || path.ptr[3] == '/'))
		return pm_slice(path.ptr, 3);
	return PM_LIT("");
}

/* The standard's "shorten a url's path"; a drive letter stays. */
static struct pm_slice shorten(struct pm_slice path, bool file)
{
	if (file && path.len == 3 && drive_of(path).len)
		return path;
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	if (path.len)
		path.len--;
	return path;
}

/* -- split ------------------------------------------------------------------------------- */

static size_t scheme_len(struct pm_slice in)
{
	size_t i = 0;

	if (in.len == 0 || !is_alpha(in.ptr[0]))
		return 0;
	while (i < in.len && (is_alpha(in.ptr[i]) || is_digit(in.ptr[i]) || in.ptr[i] == '+' ||
			      in.ptr[i] == '-' || in.ptr[i] == '.'))
		i++;
	return i < in.len && in.ptr[i] == ':' ? i : 0;
}

static void set_scheme(struct parts *p, struct pm_slice scheme)
{
	p->scheme = scheme;
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++)
		if (pm_slice_is_nocase(scheme, specials[i].name)) {
			p->special = true;
			p->file = specials[i].port < 0;
		}
}

static void at_authority(struct parts *p, struct pm_slice in)
{
	size_t end = find_end(p, in, true);

	p->authority = pm_slice(in.ptr, end);
	p->path = PATH_START;
	p->rest = skip(in, end);
}

/* "Special authority ignore slashes state". */
static void at_special_authority(struct parts *p, struct pm_slice in)
{
	while (starts_slash(p, in))
		in = skip(in, 1);
	at_authority(p, in);
}

/* What is left follows base's path: a query, a fragment, nothing, or segments from its last on. */
static void at_base_path(struct parts *p, struct pm_slice in, const struct pm_url *base)
{
	p->prefix = base->path;
	p->path = PATH_KEPT;
	p->rest = in;
	if (in.len == 0 || in.ptr[0] == '#')
		p->query_from = base;
	else if (in.ptr[0] != '?') {
		p->path = PATH_SEGMENTS;
		p->prefix = shorten(base->path, p->file);
	}
}

static void at_relative(struct parts *p, struct pm_slice in, const struct pm_url *base)
{
	if (!starts_slash(p, in)) {
		p->from = base;
		at_base_path(p, in, base);
		return;
	}
	in = skip(in, 1);
	if (starts_slash(p, in)) {
		in = skip(in, 1);
		if (p->special)
			at_special_authority(p, in);
		else
			at_authority(p, in);
		return;
	}
	p->from = base;
	p->path = PATH_SEGMENTS;
	p->rest = in;
}

static void at_file_host(struct parts *p, struct pm_slice in)
{
	size_t end = find_end(p, in, true);

	/* "file://C:/" means a path; its drive letter is the first segment. */
	if (is_drive(pm_slice(in.ptr, end))) {
		p->path = PATH_SEGMENTS;
		p->rest = in;
		return;
	}
	at_authority(p, in);
}

/* `base` is NULL or a file URL. */
static void at_file(struct parts *p, struct pm_slice in, const struct pm_url *base)
{
	p->empty_host = true;
	if (starts_slash(p, in)) {
		in = skip(in, 1);
		if (starts_slash(p, in)) {
			at_file_host(p, skip(in, 1));
			return;
		}
		p->from = base;
		if (base && !starts_with_drive(in))
			p->prefix = drive_of(base->path);
		p->path = PATH_SEGMENTS;
		p->rest = in;
		return;
	}
	p->from = base;
	if (base) {
		at_base_path(p, in, base);
		if (p->path == PATH_SEGMENTS && starts_with_drive(in))
			p->prefix = PM_LIT("");
		return;
	}
	p->path = PATH_SEGMENTS;
	p->rest = in;
}

static void at_scheme_end(struct parts *p, struct pm_slice in, const struct pm_url *base)
{
	bool same = base && p->special && pm_slice_eq(base->scheme, p->scheme);

	if (p->file) {
		at_file(p, in, same ? base : NULL);
		return;
	}
	if (p->special) {
		if (same && !(starts(in, '/') && starts(skip(in, 1), '/')))
			at_relative(p, in, base);
		else
			at_special_authority(p, in);
		return;
	}
	p->rest = in;
	p->path = PATH_OPAQUE;
	if (!starts(in, '/'))
		return;
	in = skip(in, 1);
	if (starts(in, '/')) {
		at_authority(p, skip(in, 1));
		return;
	}
	p->path = PATH_SEGMENTS;
	p->rest = in;
}

/* `scheme` has room for the input's scheme in lower case. */
static bool split(struct parts *p, struct pm_slice in, const struct pm_url *base, char *scheme)
{
	size_t len = scheme_len(in);

	*p = (struct parts){ .prefix = PM_LIT("") };
	if (len) {
		for (size_t i = 0; i < len; i++)
			scheme[i] = pm_ascii_lower(in.ptr[i]);
		set_scheme(p, pm_slice(scheme, len));
		at_scheme_end(p, skip(in, len + 1), base);
		return true;
	}
	if (!base || (base->opaque_path && !starts(in, '#')))
		return false;
	set_scheme(p, base->scheme);
	if (p->file)
		at_file(p, in, base);
	else if (base->opaque_path) {
		p->from = base;
		at_base_path(p, in, base);
	} else
		at_relative(p, in, base);
	return true;
}

/* -- build ------------------------------------------------------------------------------- */

static int default_port(struct pm_slice scheme)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++)
		if (pm_slice_is(scheme, specials[i].name))
			return specials[i].port;
	return -1;
}

static bool read_port(struct pm_slice s, struct pm_url *url)
{
	int32_t port = 0;

	if (s.len == 0)
		return true;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.ptr[i]))
			return false;
		port = port * 10 + (s.ptr[i] - '0');
		if (port > 65535)
			return false;
	}
	if (port != default_port(url->scheme))
		url->port = port;
	return true;
}

static enum pm_url_status encode(struct pm_arena *a, struct pm_slice s,
				 const struct pm_url_set *set, struct pm_slice *to)
{
	char *out = s.len ? pm_arena_alloc(a, pm_url_encode_bound(s)) : NULL;

	*to = PM_LIT("");
	if (s.len == 0)
		return PM_URL_OK;
	if (!out)
		return PM_URL_FULL;
	*to = pm_slice(out, (size_t)(pm_url_encode(out, s, set) - out));
	pm_arena_trim(a, out, to->len);
	return PM_URL_OK;
}

/* The last "@" ends the credentials: earlier ones are part of them. */
static enum pm_url_status credentials(struct pm_arena *a, struct pm_slice *authority,
				      struct pm_url *url)
{
	const char *at = authority->len ? memrchr(authority->ptr, '@', authority->len) : NULL;
	const char *colon;
	struct pm_slice user;
	enum pm_url_status status;

	if (!at)
		return PM_URL_OK;
	user = pm_slice(authority->ptr, (size_t)(at - authority->ptr));
	*authority = skip(*authority, user.len + 1);
	if (authority->len == 0)
		return PM_URL_BAD;
	colon = user.len ? memchr(user.ptr, ':', user.len) : NULL;
	if (colon) {
		struct pm_slice password = skip(user, (size_t)(colon - user.ptr) + 1);

		user.len = (size_t)(colon - user.ptr);
		status = encode(a, password, &pm_url_set_userinfo, &url->password);
		if (status != PM_URL_OK)
			return status;
	}
	return encode(a, user, &pm_url_set_userinfo, &url->username);
}

/* The first ":" outside of brackets ends the host. */
static size_t host_len(struct pm_slice s)
{
	bool inside = false;
	size_t i = 0;

	for (; i < s.len && (s.ptr[i] != ':' || inside); i++) {
		if (s.ptr[i] == '[')
			inside = true;
		else if (s.ptr[i] == ']')
			inside = false;
	}
	return i;
}

static enum pm_url_status build_authority(struct pm_arena *a, const struct parts *p,
					  struct pm_url *url)
{
	struct pm_slice s = p->authority;
	enum pm_url_status status;
	size_t len;

	if (!p->file) {
		status = credentials(a, &s, url);
		if (status != PM_URL_OK)
			return status;
	}
	len = p->file ? s.len : host_len(s);
	url->has_host = true;
	url->host = PM_LIT("");
	if (len == 0)
		return s.len || (p->special && !p->file) ? PM_URL_BAD : PM_URL_OK;
	status = pm_url_host(a, pm_slice(s.ptr, len), p->special, &url->host, &url->host_is_ip);
	if (status != PM_URL_OK)
		return status;
	if (p->file && pm_slice_is(url->host, "localhost"))
		url->host = PM_LIT("");
	return len == s.len || read_port(skip(s, len + 1), url) ? PM_URL_OK : PM_URL_BAD;
}

/* The length of "." (or "%2e") at the front of `s`, or 0. */
static size_t dot_len(struct pm_slice s)
{
	if (starts(s, '.'))
		return 1;
	return s.len >= 3 && pm_slice_is_nocase(pm_slice(s.ptr, 3), "%2e") ? 3 : 0;
}

/* How many dots a segment consists of: 1, 2, or 0 for any other segment. */
static int dots(struct pm_slice segment)
{
	size_t first = dot_len(segment), second;

	if (first == 0)
		return 0;
	segment = skip(segment, first);
	if (segment.len == 0)
		return 1;
	second = dot_len(segment);
	return second && second == segment.len ? 2 : 0;
}

/* Appends the segments in `s`, which ends before "?" or "#". `path` grows in place at its end. */
static void build_segments(const struct parts *p, struct pm_slice s, struct pm_slice *path,
			   char *out)
{
	bool more = true;

	while (more) {
		size_t len = find_end(p, s, true);
		struct pm_slice segment = pm_slice(s.ptr, len);
		int n = dots(segment);
		char *end;

		more = len < s.len;
		s = skip(s, len + more);
		if (n == 2)
			*path = shorten(*path, p->file);
		if (n && more)
			continue;
		if (n)
			segment.len = 0;
		end = out + path->len;
		*end++ = '/';
		end = pm_url_encode(end, segment, &pm_url_set_path);
		segment = pm_slice(out + 1, (size_t)(end - out) - 1);
		if (p->file && path->len == 0 && is_drive(segment))
			out[2] = ':';
		path->len = (size_t)(end - out);
	}
}

/* Spaces before "?" or "#" would be lost if the path were parsed again: the last is encoded. */
static char *build_opaque(char *out, struct pm_slice s, bool more)
{
	bool space = more && s.len && s.ptr[s.len - 1] == ' ';

	s.len -= space;
	out = pm_url_encode(out, s, &pm_url_set_c0);
	if (space) {
		memcpy(out, "%20", 3);
		out += 3;
	}
	return out;
}

static enum pm_url_status build_path(struct pm_arena *a, const struct parts *p, struct pm_slice s,
				     bool more, struct pm_url *url)
{
	char *out;

	if (p->path == PATH_KEPT) {
		url->path = p->prefix;
		return PM_URL_OK;
	}
	if (p->path == PATH_START && s.len == 0 && !p->special) {
		url->path = PM_LIT("");
		return PM_URL_OK;
	}
	/* Two octets to spare: a slash before the first segment, and one more. */
	out = pm_arena_alloc(a, p->prefix.len + pm_url_encode_bound(s) + 2);
	if (!out)
		return PM_URL_FULL;
	if (p->path == PATH_OPAQUE) {
		url->opaque_path = true;
		url->path = pm_slice(out, (size_t)(build_opaque(out, s, more) - out));
	} else {
		if (p->prefix.len)
			memcpy(out, p->prefix.ptr, p->prefix.len);
		url->path = pm_slice(out, p->prefix.len);
		if (p->path == PATH_START && starts_slash(p, s))
			s = skip(s, 1);
		build_segments(p, s, &url->path, out);
	}
	pm_arena_trim(a, out, url->path.len);
	return PM_URL_OK;
}

/* Query and fragment, each where its mark is found. */
static enum pm_url_status build_tail(struct pm_arena *a, const struct parts *p, struct pm_slice s,
				     struct pm_url *url)
{
	enum pm_url_status status = PM_URL_OK;

	if (p->query_from)
		url->query = p->query_from->query;
	if (starts(s, '?')) {
		const char *hash = memchr(s.ptr, '#', s.len);
		size_t len = hash ? (size_t)(hash - s.ptr) : s.len;
		const struct pm_url_set *set = p->special ? &pm_url_set_special_query
							  : &pm_url_set_query;

		status = encode(a, pm_slice(s.ptr + 1, len - 1), set, &url->query);
		s = skip(s, len);
	}
	if (status == PM_URL_OK && starts(s, '#'))
		status = encode(a, skip(s, 1), &pm_url_set_fragment, &url->fragment);
	return status;
}

static enum pm_url_status build(struct pm_arena *a, const struct parts *p, struct pm_url *url)
{
	size_t path_len = find_end(p, p->rest, false);
	enum pm_url_status status;

	*url = (struct pm_url){ .username = PM_LIT(""), .password = PM_LIT(""), .port = -1 };
	url->scheme = p->scheme;
	url->special = p->special;
	if (p->from) {
		url->username = p->from->username;
		url->password = p->from->password;
		url->host = p->from->host;
		url->has_host = p->from->has_host;
		url->host_is_ip = p->from->host_is_ip;
		url->port = p->from->port;
		url->opaque_path = p->from->opaque_path;
	} else if (p->authority.ptr) {
		status = build_authority(a, p, url);
		if (status != PM_URL_OK)
			return status;
	} else if (p->empty_host) {
		url->has_host = true;
		url->host = PM_LIT("");
	}
	status = build_path(a, p, pm_slice(p->rest.ptr, path_len), path_len < p->rest.len, url);
	if (status != PM_URL_OK)
		return status;
	return build_tail(a, p, skip(p->rest, path_len), url);
}

/* -- public ------------------------------------------------------------------------------ */

static bool is_tab_or_newline(char c)
{
	return c == '\t' || c == '\n' || c == '\r';
}

/* Without C0 controls and spaces at either end, and without tabs and newlines: in a copy if there
 * are any. Absent when the arena's limit is reached. */
static struct pm_slice clean(struct pm_arena *a, struct pm_slice in)
{
	size_t i = 0, n;
	char *out;

	if (!in.ptr)
		in = PM_LIT("");
	while (in.len && (unsigned char)in.ptr[in.len - 1] <= ' ')
		in.len--;
	while (in.len && (unsigned char)in.ptr[0] <= ' ')
		in = skip(in, 1);
	while (i < in.len && !is_tab_or_newline(in.ptr[i]))
		i++;
	if (i == in.len)
		return in;
	out = pm_arena_alloc(a, in.len);
	if (!out)
		return (struct pm_slice){ 0 };
	memcpy(out, in.ptr, i);
	for (n = i; i < in.len; i++) {
		bool joins = i && is_tab_or_newline(in.ptr[i - 1]) && (in.ptr[i] & 0xC0) == 0x80;

		/* Decoding comes before this step: halves of a character must not find together. */
		if (!is_tab_or_newline(in.ptr[i]))
			out[n++] = joins ? '\xFF' : in.ptr[i];
	}
	pm_arena_trim(a, out, n);
	return pm_slice(out, n);
}

enum pm_url_status pm_url_parse(struct pm_arena *a, struct pm_slice input,
				const struct pm_url *base, struct pm_url *url)
{
	struct pm_slice in = clean(a, input);
	struct parts p;
	struct pm_url built;
	enum pm_url_status status;
	char *scheme;

	if (!in.ptr)
		return PM_URL_FULL;
	scheme = pm_arena_alloc(a, scheme_len(in));
	if (!scheme)
		return PM_URL_FULL;
	if (!split(&p, in, base, scheme))
		return PM_URL_BAD;
	status = build(a, &p, &built);
	if (status == PM_URL_OK)
		*url = built;
	return status;
}
