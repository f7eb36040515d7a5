#include "core/identity.h"

#include "core/hash.h"
#include "core/psl.h"

enum { ID_BYTES = 16 };

/* An empty host ("file:///x") is no host to a reader of the record. */
static void read_host(struct pm_identity *out)
{
	if (out->url.host.len == 0)
		return;
	out->host = out->url.host;
	if (out->url.special && !out->url.host_is_ip)
		out->domain = pm_psl_domain(out->host);
}

int pm_identity(struct pm_arena *a, struct pm_slice url, struct pm_slice body,
		struct pm_identity *out)
{
	struct pm_identity id = { 0 };
	struct pm_slice named = body;
	uint8_t digest[PM_SHA256_SIZE];

	if (url.ptr) {
		enum pm_url_status status = pm_url_parse(a, url, NULL, &id.url);

		if (status == PM_URL_FULL)
			return -1;
		id.has_url = status == PM_URL_OK;
	}
	if (id.has_url) {
		read_host(&id);
		if (pm_url_is_web(&id.url)) {
			named = pm_url_href(a, &id.url, false);
			if (!named.ptr)
				return -1;
		}
	}
	pm_sha256(named, digest);
	pm_hex(id.id, digest, ID_BYTES);
	*out = id;
	return 0;
}
