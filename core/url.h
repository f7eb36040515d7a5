/* core/url.h -- URLs as the WHATWG URL Standard reads and writes them, in the page's arena.
 *
 * Input may be any bytes: what is not UTF-8 counts as U+FFFD. What is handed out is ASCII:
 * every component is kept as the standard serialises it. */
#ifndef PM_CORE_URL_H
#define PM_CORE_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum pm_url_status {
	PM_URL_OK,
	PM_URL_BAD,     /* not a URL: the standard's parser fails */
	PM_URL_FULL,    /* the arena's limit is reached */
};

/* Slices belong to the arena (or are literals); a component that the URL has not is absent. */
struct pm_url {
	struct pm_slice scheme;         /* lower case, without ":" */
	struct pm_slice username;       /* empty when there is none, never absent; so password */
	struct pm_slice password;
	struct pm_slice host;           /* ASCII, no port; IPv6 in brackets; empty in file:/x */
	struct pm_slice path;           /* with its leading "/", or opaque: mailto:x */
	struct pm_slice query;          /* without "?" */
	struct pm_slice fragment;       /* without "#" */
	int32_t port;                   /* -1: none, or the scheme's default */
	bool has_host;                  /* host is not absent (it may be empty) */
	bool host_is_ip;                /* an IPv4 or IPv6 address */
	bool special;                   /* ftp, file, http, https, ws, wss */
	bool opaque_path;
};

/* Parses `input`, relative to `base` when that is not NULL. `url` is written on PM_URL_OK only.
 * Time and memory are linear in the lengths of input and base's path. `url` may be `base`. A host
 * that needs IDNA and has a label over 63 or more than 253 octets is PM_URL_BAD. */
enum pm_url_status pm_url_parse(struct pm_arena *a, struct pm_slice input,
                                const struct pm_url *base, struct pm_url *url);
/* The serialised URL. Absent when the arena's limit is reached. */
struct pm_slice pm_url_href(struct pm_arena *a, const struct pm_url *url, bool with_fragment);
/* Whether the scheme is http or https. */
bool pm_url_is_web(const struct pm_url *url);

#endif
