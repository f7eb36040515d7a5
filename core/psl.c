#include "core/psl.h"

#include "core/psl_hash.h"
#include "psl.inc"

enum { SLOTS = sizeof(psl_slots) / sizeof(*psl_slots) };

/* The kinds of the rule of that name, 0 for none. */
static unsigned find(struct pm_slice name, uint32_t hash)
{
	for (; psl_slots[hash & (SLOTS - 1)]; hash++) {
		const unsigned char *rule = psl_rules + psl_slots[hash & (SLOTS - 1)] - 1;

		if (rule[0] == name.len && memcmp(rule + 2, name.ptr, name.len) == 0)
			return rule[1];
	}
	return 0;
}

/* The last label of what stands before `end`. */
static size_t label_start(const char *host, size_t end)
{
	while (end && host[end - 1] != '.')
		end--;
	return end;
}

/* An address's last label is all digits, which no name's is: the host parser made it so. */
static bool is_ip(struct pm_slice host)
{
	char last = host.len ? host.ptr[host.len - 1] : 0;
	size_t start = label_start(host.ptr, host.len);

	if (last == ']')
		return true;
	for (size_t i = start; i < host.len; i++)
		if ((unsigned char)(host.ptr[i] - '0') >= 10)
			return false;
	return start < host.len;
}

/* Where the public suffix starts in a host that ends without a dot. The longest rule wins, but an
 * exception beats them all; "*" alone is the rule where none matches. */
static size_t suffix_start(struct pm_slice host)
{
	size_t end = host.len, start = label_start(host.ptr, end);
	size_t suffix = start, before = host.len;
	uint32_t hash = PM_PSL_HASH;
	bool wildcard = false;

	/* One label more than any rule has: a wildcard's own. */
	for (int labels = 0; labels <= PSL_LABELS; labels++) {
		unsigned kinds;

		hash = pm_psl_hash(hash, host.ptr + start, end - start);
		kinds = find(pm_slice(host.ptr + start, host.len - start), hash);
		if (kinds & PM_PSL_EXCEPTION)
			return before;
		if (wildcard || kinds & PM_PSL_RULE)
			suffix = start;
		if (start == 0)
			break;
		wildcard = kinds & PM_PSL_WILDCARD;
		before = start;
		end = start;
		start = label_start(host.ptr, start - 1);
	}
	return suffix;
}

struct pm_slice pm_psl_domain(struct pm_slice host)
{
	struct pm_slice name = host, none = { 0 };
	size_t suffix, start;

	if (name.len && name.ptr[name.len - 1] == '.')
		name.len--;
	if (name.len == 0 || is_ip(name))
		return none;
	suffix = suffix_start(name);
	/* An empty last label, or nothing before the suffix. */
	if (suffix == name.len || suffix == 0)
		return none;
	start = label_start(name.ptr, suffix - 1);
	if (start == suffix - 1)
		return none;
	return pm_slice(host.ptr + start, host.len - start);
}

struct pm_slice pm_psl_bytes(void)
{
	return pm_slice((const char *)psl_rules, sizeof(psl_rules));
}
