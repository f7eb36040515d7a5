/* core/option.h -- settings tables: one table is the parser, the checker, the defaults, the error
 * texts with suggestions, `pagemill filters` and docs/FILTERS.md. */
#ifndef PM_CORE_OPTION_H
#define PM_CORE_OPTION_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct pm_config;

/* The C type that stands at `offset` for each kind. */
enum pm_option_type {
	PM_OPT_BOOL,            /* bool */
	PM_OPT_INT,             /* int64_t, min <= value <= max */
	PM_OPT_STRING,          /* const char *, NULL without default; owned by the config */
	PM_OPT_ENUM,            /* int: index into choices */
	PM_OPT_STRINGS,         /* struct pm_strings */
	PM_OPT_JSON,            /* json_t *, borrowed, NULL when absent: checked by its reader */
};

struct pm_strings {
	const char **at;        /* owned by the config */
	size_t len;
};

struct pm_option {
	enum pm_option_type type;
	const char *name;
	const char *def;        /* the default as JSON, strings without quotes; NULL: none */
	int64_t min, max;       /* INT: bounds; STRINGS: least and most elements (0: no most) */
	const char *const *choices;     /* ENUM; ends with NULL */
	size_t offset;
	const char *doc;        /* one or two sentences */
};

/* Reads `object` into `conf`: defaults first, then each member; unknown names, wrong types and
 * values out of bounds become faults of `cf` at `path`.name. NULL object: defaults only.
 * Returns how many faults were added. */
size_t pm_options_read(const struct pm_option *options, void *conf, const json_t *object,
		       struct pm_config *cf, const char *path);

/* The settings as one JSON object in table order, defaults filled in: what the chain digest hashes.
 * JSON options appear as given, absent strings and JSON as null. New reference; NULL: no memory. */
json_t *pm_options_dump(const struct pm_option *options, const void *conf);

/* The option's type in words, for people: "whole number, 1 to 1000", "one of a, b". */
void pm_option_type(const struct pm_option *option, char *to, size_t size);

/* The nearest of `names` within two edits, or NULL: for "did you mean". */
const char *pm_suggest(const char *name, const char *const *names, size_t n);

#endif
