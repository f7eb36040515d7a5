/* Any bytes as a URL, before its first newline perhaps with a base behind it. */
#include <stdlib.h>

#include "core/identity.h"
#include "core/psl.h"
#include "core/url.h"

static struct pm_arena arena;

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_printable(struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		must((unsigned char)s.ptr[i] >= 0x20 && (unsigned char)s.ptr[i] <= 0x7E);
}

/* Serialised, parsed and serialised again: nothing may change. */
static void check_stable(const struct pm_url *url, bool with_fragment)
{
	struct pm_slice once = pm_url_href(&arena, url, with_fragment), twice;
	struct pm_url again;

	must(once.ptr != NULL);
	check_printable(once);
	must(pm_url_parse(&arena, once, NULL, &again) == PM_URL_OK);
	twice = pm_url_href(&arena, &again, with_fragment);
	must(pm_slice_eq(once, twice));
	must(again.has_host == url->has_host && again.special == url->special);
	must(again.host_is_ip == url->host_is_ip && again.opaque_path == url->opaque_path);
	must(pm_slice_eq(again.host, url->host) && pm_slice_eq(again.path, url->path));
}

static void check_domain(const struct pm_url *url)
{
	struct pm_slice domain;

	if (!url->special)
		return;
	domain = pm_psl_domain(url->host);
	if (!domain.ptr)
		return;
	must(!url->host_is_ip && domain.len > 0 && domain.ptr[0] != '.');
	must(domain.ptr + domain.len == url->host.ptr + url->host.len);
	must(domain.len <= url->host.len);
	must(pm_slice_eq(pm_psl_domain(domain), domain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *cut = size ? memchr(text, '\n', size) : NULL;
	struct pm_slice input = pm_slice(text, cut ? (size_t)(cut - text) : size), rest;
	struct pm_url base, url;
	struct pm_identity id;
	bool has_base;

	if (!arena.base && pm_arena_open(&arena, (size_t)64 << 20) != 0)
		abort();
	pm_arena_reset(&arena);
	rest = cut ? pm_slice(cut + 1, size - input.len - 1) : (struct pm_slice){ 0 };
	has_base = pm_url_parse(&arena, rest, NULL, &base) == PM_URL_OK;
	if (pm_url_parse(&arena, input, has_base ? &base : NULL, &url) == PM_URL_OK) {
		check_stable(&url, true);
		check_stable(&url, false);
		check_domain(&url);
	}
	must(pm_identity(&arena, pm_slice(text, size), input, &id) == 0);
	must(strlen(id.id) == 32);
	return 0;
}
