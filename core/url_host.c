#include "core/url_parts.h"

/* The standard's forbidden host code points; domains also refuse controls, "%" and DEL. */
static bool forbidden_host(unsigned char c)
{
	switch (c) {
	case 0: case '\t': case '\n': case '\r': case ' ': case '#': case '/': case ':': case '<':
	case '>': case '?': case '@': case '[': case '\\': case ']': case '^': case '|':
		return true;
	default:
		return false;
	}
}

static bool forbidden_domain(unsigned char c)
{
	return c < 0x20 || c == '%' || c == 0x7F || forbidden_host(c);
}

static enum pm_url_status opaque_host(struct pm_arena *a, struct pm_slice input,
				      struct pm_slice *host)
{
	char *out, *end;

	for (size_t i = 0; i < input.len; i++)
		if (forbidden_host((unsigned char)input.ptr[i]))
			return PM_URL_BAD;
	out = pm_arena_alloc(a, pm_url_encode_bound(input));
	if (!out)
		return PM_URL_FULL;
	end = pm_url_encode(out, input, &pm_url_set_c0);
	*host = pm_slice(out, (size_t)(end - out));
	pm_arena_trim(a, out, host->len);
	return PM_URL_OK;
}

/* Whether UTS #46 would leave an ASCII host as it is, but for case. */
static bool is_plain(struct pm_slice s)
{
	bool label_start = true;

	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
		if (label_start && s.len - i >= 4 &&
		    pm_slice_is_nocase(pm_slice(s.ptr + i, 4), "xn--"))
			return false;
		label_start = s.ptr[i] == '.';
	}
	return true;
}

static enum pm_url_status ip_host(struct pm_arena *a, const char *ip, size_t len,
				  struct pm_slice *host, bool *is_ip)
{
	if (len == 0)
		return PM_URL_BAD;
	*host = pm_arena_copy(a, pm_slice(ip, len));
	*is_ip = true;
	return host->ptr ? PM_URL_OK : PM_URL_FULL;
}

/* The decoded domain is lowered in place; only IDNA takes a second piece of the arena. */
static enum pm_url_status domain_host(struct pm_arena *a, struct pm_slice input,
				      struct pm_slice *host, bool *is_ip)
{
	char *out = pm_arena_alloc(a, input.len), ip[PM_URL_IP_MAX];
	struct pm_slice domain;
	enum pm_url_status status;

	if (!out)
		return PM_URL_FULL;
	domain = pm_slice(out, (size_t)(pm_url_decode(out, input) - out));
	pm_arena_trim(a, out, domain.len);
	if (is_plain(domain)) {
		for (size_t i = 0; i < domain.len; i++)
			out[i] = pm_ascii_lower(out[i]);
	} else {
		status = pm_url_idna(a, domain, &domain);
		if (status != PM_URL_OK)
			return status;
	}
	if (domain.len == 0)
		return PM_URL_BAD;
	for (size_t i = 0; i < domain.len; i++)
		if (forbidden_domain((unsigned char)domain.ptr[i]))
			return PM_URL_BAD;
	if (pm_url_ends_in_number(domain))
		return ip_host(a, ip, pm_url_ipv4(domain, ip), host, is_ip);
	*host = domain;
	return PM_URL_OK;
}

enum pm_url_status pm_url_host(struct pm_arena *a, struct pm_slice input, bool special,
			       struct pm_slice *host, bool *is_ip)
{
	char ip[PM_URL_IP_MAX];

	*is_ip = false;
	if (input.len && input.ptr[0] == '[') {
		if (input.len < 2 || input.ptr[input.len - 1] != ']')
			return PM_URL_BAD;
		input = pm_slice(input.ptr + 1, input.len - 2);
		return ip_host(a, ip, pm_url_ipv6(input, ip), host, is_ip);
	}
	if (!special)
		return opaque_host(a, input, host);
	return domain_host(a, input, host, is_ip);
}
