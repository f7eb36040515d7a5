#include "filters/extract/elements.h"

#include <string.h>

#include "core/slice.h"
#include "html_names.inc"

const uint32_t pm_tag_flags[PM_TAG_END] = {
#define FLAGS(id, name, flags) [PM_TAG_##id] = (flags),
	PM_TAGS(FLAGS)
};

const char pm_tag_names[PM_TAGS_KNOWN][PM_NAME_MAX] = {
#define NAME(id, name, flags) [PM_TAG_##id] = name,
	PM_TAGS(NAME)
};

static const char attr_names[PM_ATTRS_KNOWN][PM_NAME_MAX] = {
#define ATTR(id, name) [PM_ATTR_##id] = name,
	PM_ATTRS(ATTR)
};

_Static_assert(PM_TAGS_KNOWN <= PM_TAG_OTHER, "tags and hashed names overlap");
_Static_assert(PM_ATTRS_KNOWN <= 64, "a tag's attributes are a set of 64 bits");

/* Little-endian whatever the machine, zero behind the name. */
static inline uint64_t first_eight(const char *name, size_t len, size_t left)
{
	uint64_t x = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (left >= 8) {
		memcpy(&x, name, 8);
		return len < 8 ? x & (((uint64_t)1 << 8 * len) - 1) : x;
	}
#endif
	for (size_t i = 0; i < len && i < 8; i++)
		x |= (uint64_t)(unsigned char)name[i] << 8 * i;
	return x;
}

static inline uint64_t lower_eight(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t low = x & 127 * ones;
	/* Bit 7 of each byte: at least 'A', at most 'Z', below 0x80. */
	uint64_t upper = (low + (128 - 'A') * ones) & ~(low + (127 - 'Z') * ones) & ~x;

	return x | (upper & 128 * ones) >> 2;
}

static bool tail_is(const char *name, size_t len, const char *known)
{
	for (size_t i = 8; i < len; i++)
		if (pm_ascii_lower(name[i]) != known[i])
			return false;
	return len == PM_NAME_MAX || known[len] == 0;
}

uint8_t pm_tag_find(const char *name, size_t len, size_t left)
{
	uint64_t x = lower_eight(first_eight(name, len, left));
	uint8_t i;

	if (len <= PM_NAME_MAX) {
		i = tag_slot[pm_name_hash(x, len, tag_seed)];
		if (i && tag_first[i] == x && tail_is(name, len, pm_tag_names[i]))
			return i;
	}
	return (uint8_t)(PM_TAG_OTHER +
			 (pm_name_hash(x, len, tag_seed) & (PM_TAG_END - PM_TAG_OTHER - 1)));
}

uint8_t pm_attr_find(const char *name, size_t len, size_t left)
{
	uint64_t x;
	uint8_t i;

	if (len > PM_NAME_MAX)
		return PM_ATTR_NONE;
	x = lower_eight(first_eight(name, len, left));
	i = attr_slot[pm_name_hash(x, len, attr_seed)];
	return i && attr_first[i] == x && tail_is(name, len, attr_names[i]) ? i : PM_ATTR_NONE;
}
