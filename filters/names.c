#include "filters/names.h"

#include <stdlib.h>
#include <string.h>

#include "core/option.h"

struct name {
	char *field;
	char *value;            /* NULL: any */
};

struct pm_names {
	struct name *at;
	size_t len, cap;
};

struct pm_names *pm_names_new(void)
{
	return calloc(1, sizeof(struct pm_names));
}

void pm_names_free(struct pm_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->len; i++) {
		free(names->at[i].field);
		free(names->at[i].value);
	}
	free(names->at);
	free(names);
}

int pm_names_add(struct pm_names *names, const char *field, const char *value)
{
	struct name *name;

	if (names->len == names->cap) {
		size_t cap = names->cap ? names->cap * 2 : 64;
		struct name *grown = realloc(names->at, cap * sizeof(*grown));

		if (!grown)
			return -1;
		names->at = grown;
		names->cap = cap;
	}
	name = &names->at[names->len];
	name->field = strdup(field);
	name->value = value ? strdup(value) : NULL;
	if (!name->field || (value && !name->value)) {
		free(name->field);
		free(name->value);
		return -1;
	}
	names->len++;
	return 0;
}

/* A field also stands for the objects above it: "language.code" makes "language" exist. */
static bool covers(const char *have, const char *want)
{
	size_t n = strlen(want);

	return strncmp(have, want, n) == 0 && (have[n] == 0 || have[n] == '.');
}

bool pm_names_field(const struct pm_names *names, const char *field)
{
	for (size_t i = 0; i < names->len; i++)
		if (covers(names->at[i].field, field))
			return true;
	return false;
}

bool pm_names_value(const struct pm_names *names, const char *field, const char *value)
{
	for (size_t i = 0; i < names->len; i++) {
		const struct name *name = &names->at[i];

		if (strcmp(name->field, field) == 0 &&
		    (!name->value || strcmp(name->value, value) == 0))
			return true;
	}
	return false;
}

const char *pm_names_suggest(const struct pm_names *names, const char *field)
{
	const char **fields = malloc((names->len + 1) * sizeof(*fields));
	const char *near;

	if (!fields)
		return NULL;
	for (size_t i = 0; i < names->len; i++)
		fields[i] = names->at[i].field;
	near = pm_suggest(field, fields, names->len);
	free(fields);
	return near;
}
