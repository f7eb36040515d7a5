/* The word lists of the filter: tables of hashes made at build time. */
#include "filters/repair/word_hash.h"
#include "filters/repair/words.h"

#include "repair_names.inc"
#include "repair_words.inc"

static bool in_table(const uint32_t *table, size_t places, uint32_t hash)
{
	for (size_t i = hash; table[i & (places - 1)]; i++)
		if (table[i & (places - 1)] == hash)
			return true;
	return false;
}

#define IN(table, hash) in_table(table, sizeof(table) / sizeof(*(table)), hash)

bool pm_is_function(uint32_t hash)
{
	return IN(function_words, hash);
}

bool pm_is_article(uint32_t hash)
{
	return IN(articles, hash);
}

bool pm_is_name(uint32_t hash)
{
	return IN(known_names, hash);
}

bool pm_is_camel(uint32_t hash)
{
	return IN(camels, hash);
}

bool pm_is_common(uint32_t hash)
{
	for (unsigned i = 0; i < PM_COMMON_PROBES; i++) {
		uint32_t bit = pm_common_bit(hash, i);

		if (!(common[bit / 64] >> bit % 64 & 1))
			return false;
	}
	return true;
}

const uint64_t *pm_name_prefixes(void)
{
	return name_prefixes;
}

struct pm_slice pm_names_bytes(unsigned list)
{
	switch (list) {
	case 0:
		return pm_slice((const char *)known_names, sizeof(known_names));
	case 1:
		return pm_slice((const char *)function_words, sizeof(function_words));
	case 2:
		return pm_slice((const char *)articles, sizeof(articles));
	case 3:
		return pm_slice((const char *)name_prefixes, sizeof(name_prefixes));
	case 4:
		return pm_slice((const char *)camels, sizeof(camels));
	default:
		return pm_slice((const char *)common, sizeof(common));
	}
}
