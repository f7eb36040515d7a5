#include "core/url.h"

static char *put(char *out, struct pm_slice s)
{
	if (s.len)
		memcpy(out, s.ptr, s.len);
	return out + s.len;
}

static char *put_mark(char *out, char mark, struct pm_slice s)
{
	if (!s.ptr)
		return out;
	*out++ = mark;
	return put(out, s);
}

static char *put_port(char *out, int32_t port)
{
	char digits[8];
	size_t n = 0;

	if (port < 0)
		return out;
	*out++ = ':';
	do {
		digits[n++] = (char)('0' + port % 10);
		port /= 10;
	} while (port);
	while (n)
		*out++ = digits[--n];
	return out;
}

struct pm_slice pm_url_href(struct pm_arena *a, const struct pm_url *url, bool with_fragment)
{
	/* ":", "//", ":", "@", ":65535", "/.", "?" and "#". */
	size_t most = 16 + url->scheme.len + url->username.len + url->password.len + url->host.len +
		      url->path.len + url->query.len + (with_fragment ? url->fragment.len : 0);
	char *out = pm_arena_alloc(a, most), *p = out;

	if (!out)
		return (struct pm_slice){ 0 };
	p = put(p, url->scheme);
	*p++ = ':';
	if (url->has_host) {
		p = put(p, PM_LIT("//"));
		p = put(p, url->username);
		if (url->password.len)
			p = put_mark(p, ':', url->password);
		if (url->username.len || url->password.len)
			*p++ = '@';
		p = put(p, url->host);
		p = put_port(p, url->port);
	} else if (!url->opaque_path && url->path.len > 1 && url->path.ptr[1] == '/') {
		/* A path of "//x" would be read as a host. */
		p = put(p, PM_LIT("/."));
	}
	p = put(p, url->path);
	p = put_mark(p, '?', url->query);
	if (with_fragment)
		p = put_mark(p, '#', url->fragment);
	pm_arena_trim(a, out, (size_t)(p - out));
	return pm_slice(out, (size_t)(p - out));
}

bool pm_url_is_web(const struct pm_url *url)
{
	return pm_slice_is(url->scheme, "http") || pm_slice_is(url->scheme, "https");
}
