/* JSON-LD with every fault that pages have. */
#include "filters/extract/jsonld.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_jsonld ld;

static void read_all(const char *source)
{
	bool done;

	pm_arena_reset(&arena);
	done = pm_jsonld_open(&ld, &arena, strlen(source)) &&
	       pm_jsonld_read(&ld, &arena, pm_slice_str(source));
	CHECK(done);
}

/* The value of a member of the first object. */
static struct pm_slice member(const char *key)
{
	return pm_jsonld_text(&ld, &arena, pm_jsonld_get(&ld, 0, key));
}

static void sound(void)
{
	read_all("{\"a\":\"b\",\"c\":{\"a\":\"d\"},\"e\":[1,true,{\"f\":\"g\"}],\"h\":null}");
	CHECK(ld.len == 10 && ld.at[0].last == 9 && ld.at[0].parent == PM_JSONLD_NONE);
	CHECK_SLICE(member("a"), "b");
	CHECK_SLICE(member("c"), "");
	CHECK(pm_jsonld_get(&ld, 0, "f") == PM_JSONLD_NONE);
	CHECK(pm_jsonld_get(&ld, PM_JSONLD_NONE, "f") == PM_JSONLD_NONE);
	CHECK(pm_jsonld_get(&ld, 0, "h") == 9 && ld.at[9].type == PM_JSONLD_WORD);
	read_all("{\"a\":\"x\\u00e9\\\"\\ny &amp;amp; z\"}");
	CHECK_SLICE(member("a"), "x\303\251\" y &amp; z");
	read_all("");
	CHECK(ld.len == 0);
}

static void broken(void)
{
	static const struct { const char *source, *a; } cases[] = {
		{ "<!--\n{\"a\":\"b\"}\n-->", "b" }, { "//<![CDATA[\n{\"a\":\"b\"}//]]>", "b" },
		{ "/* \"a\":\"x\" */{\"a\":\"b\"}", "b" }, { "{\"a\":\"b\",}", "b" }, { "{,,\"a\":\"b\"", "b" },
		{ "{\"x\":\"1\" \"a\":\"b\"}", "b" }, { "{\"x\":\"1\"\n\"a\":\"b\"}", "b" },
		{ "{\"a\":\"line\nline\"}", "line line" }, { "{\"a\":\"say \"hi\" to\",\"c\":1}", "say \"hi\" to" },
		{ "{\"x\":[1,2}, \"a\":\"b\"}", "" }, { "{\"x\":],\"a\":\"b\"}", "b" }, { "{\"a\":\"b", "b" },
		{ "{\"a\":\"b\\", "b\\" }, { "{&quot;a&quot;:&quot;b&quot;}", "b" }, { "{\"a\" : \"b\"};", "b" },
		{ "{\"a\":\"b\"}}}]", "b" }, { "{\"a\":\"\\ud800\"}", "\357\277\275" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		read_all(cases[i].source);
		CHECK_SLICE(member("a"), cases[i].a);
		if (!pm_slice_is(member("a"), cases[i].a))
			printf("  source: %s\n", cases[i].source);
	}
	read_all("}");
	CHECK(ld.len == 0);
}

static void nested(unsigned depth)
{
	static char source[4 * PM_JSONLD_DEPTH + 100];
	size_t n = 0;

	for (unsigned i = 0; i < depth; i++)
		n += (size_t)sprintf(source + n, "[");
	for (unsigned i = 0; i < depth; i++)
		n += (size_t)sprintf(source + n, "]");
	sprintf(source + n, "{\"a\":1}");
	read_all(source);
}

static void bounds(void)
{
	enum { LEN = 1 << 20 };
	static char source[LEN];
	uint32_t tops = 0;

	/* Levels beyond the limit are counted, not kept, and what follows them is read. */
	for (unsigned d = PM_JSONLD_DEPTH - 1; d <= PM_JSONLD_DEPTH + 2; d++) {
		nested(d);
		CHECK(ld.len <= PM_JSONLD_DEPTH + 3);
		CHECK(ld.at[ld.len - 1].type == PM_JSONLD_WORD &&
		      pm_slice_is(ld.at[ld.len - 1].key, "a"));
	}
	for (size_t i = 0; i < LEN; i++)
		source[i] = "[\"{:,"[i % 5];
	pm_arena_reset(&arena);
	CHECK(pm_jsonld_open(&ld, &arena, LEN));
	CHECK(ld.cap == PM_JSONLD_VALUES);
	CHECK(pm_jsonld_read(&ld, &arena, pm_slice(source, LEN)));
	CHECK(ld.len <= PM_JSONLD_VALUES);
	memset(source, '[', LEN);
	pm_arena_reset(&arena);
	CHECK(pm_jsonld_open(&ld, &arena, LEN) &&
	      pm_jsonld_read(&ld, &arena, pm_slice(source, LEN)));
	for (uint32_t i = 0; i < ld.len; i++)
		tops += ld.at[i].parent == PM_JSONLD_NONE;
	CHECK(tops == 1 && ld.len <= PM_JSONLD_DEPTH + 1);
	/* Several blocks make one row. */
	read_all("{\"a\":\"b\"}");
	CHECK(pm_jsonld_read(&ld, &arena, PM_LIT("{\"a\":\"c\"}")) && ld.len == 4 &&
	      ld.at[2].last == 3);
}

int main(void)
{
	if (pm_arena_open(&arena, 1 << 24) != 0)
		return 1;
	RUN(sound);
	RUN(broken);
	RUN(bounds);
	pm_arena_close(&arena);
	return DONE();
}
