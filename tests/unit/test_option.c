/* Settings tables: defaults, every type and its bounds, error texts, suggestions, the dump. */
#include "core/option.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/config.h"
#include "tests/test.h"

enum mode { FAST, THOROUGH, NONE };

struct conf {
	bool on;
	int64_t min_chars, any, least;
	const char *name, *title;
	int mode;
	struct pm_strings tags, pair;
	json_t *rules, *limits;
};

static const char *const modes[] = {"fast", "thorough", "none", NULL};

#define AT(field) .offset = offsetof(struct conf, field)

static const struct pm_option options[] = {
    {.type = PM_OPT_BOOL, .name = "on", .def = "true", AT(on)},
    {.type = PM_OPT_INT,
     .name = "min_chars",
     .def = "200",
     .min = 1,
     .max = 1000000,
     AT(min_chars)},
    {.type = PM_OPT_INT, .name = "any", .min = INT64_MIN, .max = INT64_MAX, AT(any)},
    {.type = PM_OPT_INT, .name = "least", .def = "5", .min = 5, .max = INT64_MAX, AT(least)},
    {.type = PM_OPT_STRING, .name = "name", .def = "a \"name\"", AT(name)},
    {.type = PM_OPT_STRING, .name = "title", AT(title)},
    {.type = PM_OPT_ENUM, .name = "mode", .def = "thorough", .choices = modes, AT(mode)},
    {.type = PM_OPT_STRINGS, .name = "tags", .def = "[\"x\"]", AT(tags)},
    {.type = PM_OPT_STRINGS, .name = "pair", .min = 1, .max = 2, AT(pair)},
    {.type = PM_OPT_JSON, .name = "rules", AT(rules)},
    {.type = PM_OPT_JSON, .name = "limits", .def = "{\"a\":1}", AT(limits)},
    {0},
};

static char printed[8192];

static const char *faults(struct pm_config *cf)
{
	FILE *to = fmemopen(printed, sizeof(printed) - 1, "w");

	pm_config_print(cf, to);
	printed[ftell(to)] = '\0';
	fclose(to);
	return printed;
}

/* Reads {"o": <json>} as options at path "o"; what is printed must be `want` behind its place. */
static void check_read(const char *json, const char *want)
{
	char str[512];
	struct conf conf;
	struct pm_config *cf;
	size_t n;

	snprintf(str, sizeof(str), "{\"o\":%s}", json);
	cf = pm_config_text("f", pm_slice_str(str));
	n = pm_options_read(options, &conf, json_object_get(pm_config_root(cf), "o"), cf, "o");
	CHECK_SLICE(pm_slice_str(faults(cf)), want);
	CHECK(n == pm_config_faults(cf));
	/* A fault leaves the default. */
	if (n)
		CHECK(conf.min_chars == 200 && conf.mode == THOROUGH && conf.tags.len == 1);
	pm_config_free(cf);
}

static void check_dump(const struct conf *conf, const char *want)
{
	json_t *dump = pm_options_dump(options, conf);
	char *str = json_dumps(dump, JSON_COMPACT);

	CHECK_SLICE(pm_slice_str(str), want);
	free(str);
	json_decref(dump);
}

static void test_defaults(void)
{
	struct pm_config *cf = pm_config_text("f", PM_LIT("{}"));
	struct conf conf;

	memset(&conf, 0x55, sizeof(conf));
	CHECK(pm_options_read(options, &conf, NULL, cf, "o") == 0);
	CHECK(conf.on && conf.min_chars == 200 && conf.any == 0 && conf.mode == THOROUGH);
	CHECK_SLICE(pm_slice_str(conf.name), "a \"name\"");
	CHECK(conf.title == NULL && conf.rules == NULL && conf.pair.len == 0);
	CHECK(conf.tags.len == 1 && strcmp(conf.tags.at[0], "x") == 0);
	check_dump(&conf, "{\"on\":true,\"min_chars\":200,\"any\":0,\"least\":5,"
			  "\"name\":\"a \\\"name\\\"\",\"title\":null,\"mode\":\"thorough\","
			  "\"tags\":[\"x\"],\"pair\":[],\"rules\":null,\"limits\":{\"a\":1}}");
	pm_config_free(cf);
}

static void test_values(void)
{
	static const char str[] =
	    "{\"limits\":[1],\"on\":false,\"min_chars\":1e3,\"any\":-7,\"least\":5,"
	    "\"name\":\"\",\"title\":\"ü\",\"mode\":\"none\",\"tags\":[],"
	    "\"pair\":[\"a\",\"b\"],\"rules\":null}";
	struct pm_config *cf = pm_config_text("f", pm_slice_str(str));
	struct conf conf;

	CHECK(pm_options_read(options, &conf, pm_config_root(cf), cf, "") == 0);
	CHECK(!conf.on && conf.min_chars == 1000 && conf.any == -7 && conf.mode == NONE);
	CHECK(conf.pair.at[2] == NULL);
	check_dump(&conf, "{\"on\":false,\"min_chars\":1000,\"any\":-7,\"least\":5,\"name\":\"\","
			  "\"title\":\"ü\",\"mode\":\"none\",\"tags\":[],\"pair\":[\"a\",\"b\"],"
			  "\"rules\":null,\"limits\":[1]}");
	pm_config_free(cf);
}

static void test_faults(void)
{
#define WHOLE "f:1:7: o.min_chars: expected a whole number from 1 to 1000000\n"
	check_read("{\"min_chars\":0}", WHOLE);
	check_read("{\"min_chars\":1000001}", WHOLE);
	check_read("{\"min_chars\":\"5\"}", WHOLE);
	check_read("{\"min_chars\":1.5}", WHOLE);
	check_read("{\"min_chars\":1e300}", WHOLE);
	check_read("{\"min_chars\":null}", WHOLE);
	check_read("{\"min_chars\":1000000}", "");
	check_read("{\"min_chars\":1.0}", "");
	check_read("{\"any\":\"x\"}", "f:1:7: o.any: expected a whole number\n");
	check_read("{\"any\":9007199254740994.0}", "f:1:7: o.any: expected a whole number\n");
	check_read("{\"least\":4}", "f:1:7: o.least: expected a whole number, at least 5\n");
	check_read("{\"on\":1}", "f:1:7: o.on: expected true or false\n");
	check_read("{\"name\":1}", "f:1:7: o.name: expected a string\n");
	check_read("{\"mode\":\"fats\"}", "f:1:7: o.mode: expected one of \"fast\", \"thorough\", "
					  "\"none\"; did you mean \"fast\"?\n");
	check_read("{\"mode\":[]}",
		   "f:1:7: o.mode: expected one of \"fast\", \"thorough\", \"none\"\n");
	check_read("{\"tags\":\"x\"}", "f:1:7: o.tags: expected an array of strings\n");
	check_read("{\"tags\":[\"a\",1,\"b\",[]]}", "f:1:19: o.tags[1]: expected a string\n"
						    "f:1:25: o.tags[3]: expected a string\n");
	check_read("{\"pair\":[]}", "f:1:7: o.pair: expected from 1 to 2 strings\n");
	check_read("{\"pair\":[\"a\",\"b\",\"c\"]}",
		   "f:1:7: o.pair: expected from 1 to 2 strings\n");
	check_read("[]", "f:1:2: o: expected an object\n");
	check_read("null", "f:1:2: o: expected an object\n");
}

static void test_unknown(void)
{
	check_read("{\"min_char\":1,\"on\":true,\"mod\":1,\"zzz\":1}",
		   "f:1:7: o.min_char: no such option; did you mean \"min_chars\"?\n"
		   "f:1:30: o.mod: no such option; did you mean \"mode\"?\n"
		   "f:1:38: o.zzz: no such option\n");
}

static void test_suggest(void)
{
	static const char *const names[] = {"min_chars", "max_chars", "on", "topic", "topics"};
	char longest[65];

#define NEAR(name) pm_slice_str(pm_suggest(name, names, 5))
	CHECK_SLICE(NEAR("min_chrs"), "min_chars");    /* one left out */
	CHECK_SLICE(NEAR("mni_chars"), "min_chars");   /* two swapped */
	CHECK_SLICE(NEAR("min_chars__"), "min_chars"); /* two edits */
	CHECK_SLICE(NEAR("mix_chars"), "min_chars");   /* as near as max_chars: the first */
	CHECK_SLICE(NEAR("topicz"), "topic");
	CHECK_SLICE(NEAR("no"), "on");
	CHECK(NEAR("min_chars___").ptr == NULL); /* three */
	CHECK(NEAR("").ptr == NULL);
	CHECK(NEAR("xy").ptr == NULL); /* nothing of "on" would be left */
	CHECK(pm_suggest("on", names, 0) == NULL);
	memset(longest, 'a', 64);
	longest[64] = '\0';
	CHECK(pm_suggest(longest, (const char *const[]){longest}, 1) == NULL);
	longest[63] = '\0';
	CHECK(pm_suggest(longest, (const char *const[]){longest}, 1) == longest);
}

int main(void)
{
	RUN(test_defaults);
	RUN(test_values);
	RUN(test_faults);
	RUN(test_unknown);
	RUN(test_suggest);
	return DONE();
}
