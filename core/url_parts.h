/* core/url_parts.h -- what the URL parser's files share: percent-encoding and hosts. */
#ifndef PM_CORE_URL_PARTS_H
#define PM_CORE_URL_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "core/url.h"

/* The standard's percent-encode sets: the ASCII code points in them; all others always are. */
struct pm_url_set {
	uint64_t bits[2];
};

extern const struct pm_url_set pm_url_set_c0, pm_url_set_fragment, pm_url_set_query,
	pm_url_set_special_query, pm_url_set_path, pm_url_set_userinfo;

/* Most bytes that pm_url_encode can write for `s`, whatever the set. */
size_t pm_url_encode_bound(struct pm_slice s);
/* UTF-8 percent-encode. Returns the end of what was written. */
char *pm_url_encode(char *out, struct pm_slice s, const struct pm_url_set *set);
/* Percent-decode. `out` has room for s.len bytes. Returns the end of what was written. */
char *pm_url_decode(char *out, struct pm_slice s);
/* A hexadecimal digit's value, or -1. */
int pm_url_hex(char c);

/* The standard's host parser: the serialised host, allocated from the arena (the newest piece). */
enum pm_url_status pm_url_host(struct pm_arena *a, struct pm_slice input, bool special,
                               struct pm_slice *host, bool *is_ip);
/* IPv6 with its brackets: at most this many octets. */
enum { PM_URL_IP_MAX = 48 };
/* `input` has no brackets, `out` has PM_URL_IP_MAX of room. Bytes written; 0: not an address. */
size_t pm_url_ipv6(struct pm_slice input, char *out);
/* Whether the standard's "ends in a number checker" sends an ASCII host to the IPv4 parser. */
bool pm_url_ends_in_number(struct pm_slice host);
/* As pm_url_ipv6. */
size_t pm_url_ipv4(struct pm_slice input, char *out);
/* UTS #46 of a percent-decoded host that is not plain ASCII, by libidn2. */
enum pm_url_status pm_url_idna(struct pm_arena *a, struct pm_slice domain, struct pm_slice *host);

#endif
