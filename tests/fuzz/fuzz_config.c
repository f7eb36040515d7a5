/* Any bytes as a configuration: no crash, every fault printed on a line of its own, and what
 * jansson takes without repeated names is taken here too (but for what is refused on purpose). */
#include <stdio.h>
#include <stdlib.h>

#include "core/config.h"
#include "core/config_pos.h"

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static unsigned depth(const json_t *value)
{
	unsigned deepest = 0;
	const char *name;
	json_t *member;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)value, name, member) {
		unsigned d = depth(member);

		deepest = d > deepest ? d : deepest;
	}
	json_array_foreach(value, i, member) {
		unsigned d = depth(member);

		deepest = d > deepest ? d : deepest;
	}
	return deepest + (json_is_object(value) || json_is_array(value));
}

/* Whether the trees can be compared: nothing that expands, as itself or as an escape, and no NUL,
 * which jansson overlooks behind a number. */
static bool plain(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] == '$' || data[i] == 0 ||
		    (data[i] == '\\' && i + 1 < size && data[i + 1] == 'u'))
			return false;
	return true;
}

static void check_printed(const struct pm_config *cf)
{
	char *text;
	size_t len, lines = 0;
	FILE *to = open_memstream(&text, &len);

	pm_config_print(cf, to);
	fclose(to);
	for (size_t i = 0; i < len; i++) {
		lines += text[i] == '\n';
		check(text[i] == '\n' || ((unsigned char)text[i] >= 0x20 && text[i] != 0x7f),
		      "no control bytes printed");
	}
	check(pm_config_faults(cf) > 1000 || lines == pm_config_faults(cf), "a line a fault");
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pm_slice text = { (const char *)data, size };
	struct pm_config *cf = pm_config_text("fuzz", text);
	json_t *oracle = json_loadb(text.ptr, size, JSON_REJECT_DUPLICATES, NULL);
	bool comparable = plain(data, size);

	check(cf != NULL && json_is_object(pm_config_root(cf)), "the tree is an object");
	check_printed(cf);
	if (json_is_object(oracle) && depth(oracle) <= PM_POS_DEPTH && comparable) {
		check(pm_config_faults(cf) == 0, "jansson takes it");
		check(json_equal(oracle, pm_config_root(cf)), "the same tree");
	}
	if (!oracle && size && data[0] != 0xef)
		check(pm_config_faults(cf) > 0, "jansson refuses it");
	json_decref(oracle);
	pm_config_fault(cf, "a[0].b", "at a path");
	if (size < 512) {
		char assignment[512];
		struct pm_err err;

		memcpy(assignment, data, size);
		assignment[size] = '\0';
		pm_config_set(cf, assignment, &err);
	}
	check_printed(cf);
	pm_config_free(cf);
	return 0;
}
