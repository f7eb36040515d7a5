#include "core/json_scan.h"

#include <time.h>

#include "core/simd.h"
#include "tests/json_oracle.h"
#include "tests/test.h"

static struct pm_arena arena;

/* The fault of a document, or NULL; *members counts what came before. */
static const char *scan(struct pm_slice doc, size_t *at, size_t *members)
{
	struct pm_json_member m;
	struct pm_json j;

	pm_arena_reset(&arena);
	*members = 0;
	pm_json_open(&j, doc, &arena);
	while (pm_json_next(&j, &m))
		++*members;
	CHECK(!pm_json_next(&j, &m));
	*at = j.fault_at;
	return j.fault;
}

static void takes(const char *doc, size_t members)
{
	size_t at, n;

	CHECK(scan(pm_slice_str(doc), &at, &n) == NULL);
	CHECK(n == members);
}

static void refuses(const char *doc, const char *why, size_t where)
{
	size_t at, n;
	const char *fault = scan(pm_slice_str(doc), &at, &n);

	CHECK_SLICE(pm_slice_str(fault), why);
	CHECK(at == where);
}

static void documents(void)
{
	takes("{}", 0);
	takes(" \t\r\n{ } \n", 0);
	takes("\xef\xbb\xbf{\"a\":1}", 1);
	takes("{\"a\":{\"x\":1,\"x\":2},\"b\":[],\"\":[{}]}", 3);
	refuses("", "not an object", 0);
	refuses("\xef\xbb\xbf", "not an object", 3);
	refuses("\xef\xbb\xbf\xef\xbb\xbf{}", "not an object", 3);
	refuses(" [1]", "not an object", 1);
	refuses("{} {}", "something follows the document", 3);
	refuses("{}\f", "something follows the document", 2);
	refuses("{\"a\":1,}", "a name was expected", 7);
	refuses("{,}", "a name was expected", 1);
	refuses("{a:1}", "a name was expected", 1);
	refuses("{\"a\" 1}", "a colon was expected", 5);
	refuses("{\"a\":1 \"b\":2}", "a comma or a closing bracket was expected", 7);
	refuses("{\"a\":[1}", "a comma or a closing bracket was expected", 7);
	refuses("{\"a\":[1,]}", "a value was expected", 8);
	refuses("{\"a\":tru}", "a value was expected", 5);
	refuses("{\"a\":\"\xff\"}", "not UTF-8", 6);
	refuses("{\"a\":\"\t\"}", "a control byte in a string", 6);
	refuses("{\"a\":\"\\x\"}", "not an escape", 6);
	refuses("{\"a\":\"\\u12g4\"}", "not an escape", 6);
	refuses("{\"a\":\"b}", "a string does not end", 8);
	refuses("{\"a\":01}", "a number starts with 0", 5);
	refuses("{\"a\":-}", "a digit is missing", 6);
	refuses("{\"a\":1.}", "a digit is missing", 7);
	refuses("{\"a\":1e+}", "a digit is missing", 8);
	refuses("{\"a\":+1}", "a value was expected", 5);
}

static void names_come_once(void)
{
	refuses("{\"a\":1,\"b\":2,\"a\":3}", "a name comes twice", 13);
	refuses("{\"a\":1,\"\\u0061\":3}", "a name comes twice", 7);
	refuses("{\"\\n\":1,\"\\u000a\":3}", "a name comes twice", 8);
	refuses("{\"\":1,\"\":3}", "a name comes twice", 6);
	takes("{\"a\":1,\"A\":2,\"a \":3}", 3);
}

/* `n` names, then the one numbered `twin` once more unless that is n; every second one escaped. */
static struct pm_slice many(char *to, size_t n, size_t twin)
{
	size_t len = 0, i;

	to[len++] = '{';
	for (i = 0; i < n; i++)
		len += (size_t)sprintf(to + len, i % 2 ? "\"%zu\\u006e\":0," : "\"%zun\":0,", i);
	if (twin < n)
		len += (size_t)sprintf(to + len, "\"%zun\":0,", twin);
	to[len - 1] = '}';
	return pm_slice(to, len);
}

static void many_names_come_once(void)
{
	static const size_t counts[] = { PM_JSON_FEW - 1, PM_JSON_FEW, PM_JSON_FEW + 1, 1000 };
	static char text[32000];
	struct pm_slice doc;
	size_t i, twin, n, at;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		doc = many(text, counts[i], counts[i]);
		CHECK(scan(doc, &at, &n) == NULL);
		CHECK(n == counts[i]);
		for (twin = 0; twin < counts[i]; twin += counts[i] > 100 ? 37 : 1) {
			doc = many(text, counts[i], twin);
			CHECK_SLICE(pm_slice_str(scan(doc, &at, &n)), "a name comes twice");
			CHECK(text[at - 1] == ',' && doc.len - at < 12);
		}
	}
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Quadratic would be hours; the ceiling leaves room for sanitizers and for a busy machine. */
static void a_million_names_take_no_time(void)
{
	enum { N = 1000000 };
	char *text = calloc(N, 24);
	struct pm_slice doc = many(text, N, N);
	double start = seconds();
	size_t at, n;

	CHECK(scan(doc, &at, &n) == NULL);
	CHECK(n == N);
	CHECK(seconds() - start < 20);
	doc = many(text, N, 77);
	CHECK_SLICE(pm_slice_str(scan(doc, &at, &n)), "a name comes twice");
	free(text);
}

static void depth_has_its_limit(void)
{
	enum { N = 100000 };
	char *text = calloc(2, N + 8);
	struct pm_json_value v;
	size_t i, at, depth, len;
	const char *fault;

	for (depth = PM_JSON_DEPTH - 1; depth <= PM_JSON_DEPTH + 1; depth++)
		for (i = 0; i < 2; i++) {
			memset(text, '[', depth);
			memset(text + depth, ']', depth);
			/* One level may be an object as well. */
			if (i) {
				memcpy(text, "{\"a\":", 5);
				memset(text + 5, '[', depth - 1);
				memset(text + 4 + depth, ']', depth - 1);
				text[3 + 2 * depth] = '}';
			}
			len = 2 * depth + (i ? 4 : 0);
			fault = pm_json_check(pm_slice(text, len), false, &v, &at);
			CHECK((fault == NULL) == (depth <= PM_JSON_DEPTH));
			if (depth > PM_JSON_DEPTH)
				CHECK(at == PM_JSON_DEPTH + (i ? 4 : 0));
		}
	memset(text, '[', N);
	memset(text + N, ']', N);
	CHECK_SLICE(pm_slice_str(pm_json_check(pm_slice(text, 2 * N), false, &v, &at)),
		    "nested too deeply");
	CHECK_SLICE(pm_slice_str(pm_json_check(pm_slice(text, N), true, &v, &at)),
		    "nested too deeply");
	free(text);
}

static void text_is(const char *json, const char *want, bool want_nul)
{
	struct pm_json_value v;
	size_t at;
	bool nul;

	pm_arena_reset(&arena);
	CHECK(pm_json_check(pm_slice_str(json), false, &v, &at) == NULL);
	CHECK_SLICE(pm_json_text(&arena, &v, &nul), want);
	CHECK(nul == want_nul);
	CHECK(v.escaped == (strchr(json, '\\') != NULL));
}

static void strings_without_their_escapes(void)
{
	text_is("\"\"", "", false);
	text_is("\"plain\"", "plain", false);
	text_is("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", false);
	text_is("\"\\u0041\\u00e9\\u20AC\\uFFFF\"", "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf", false);
	text_is("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", false);
	text_is("\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", false);
	text_is("\"a\\u0000b\"", "a\xef\xbf\xbd" "b", true);
	text_is("\"\\ud800\"", "\xef\xbf\xbd", false);
	text_is("\"\\udc00\\ud800\"", "\xef\xbf\xbd\xef\xbf\xbd", false);
	text_is("\"\\ud800\\n\"", "\xef\xbf\xbd\n", false);
	text_is("\"\\ud800\\u0041\"", "\xef\xbf\xbd" "A", false);
	text_is("\"\\ud800\\ud800\\udc00\"", "\xef\xbf\xbd\xf0\x90\x80\x80", false);
	text_is("\"\\ud800\\u0000\"", "\xef\xbf\xbd\xef\xbf\xbd", true);
}

static void plain_strings_are_borrowed(void)
{
	const char *json = "\"plain\"";
	struct pm_json_value v;
	bool nul = true;
	size_t at;

	CHECK(pm_json_check(pm_slice_str(json), false, &v, &at) == NULL);
	CHECK(pm_json_text(NULL, &v, &nul).ptr == json + 1);
	CHECK(!nul);
	v.type = PM_JSON_NUMBER;
	CHECK(pm_json_text(NULL, &v, NULL).ptr == NULL);
	v = (struct pm_json_value){ 0 };
	CHECK(pm_json_text(NULL, &v, NULL).ptr == NULL);
}

static void an_escape_at_every_place(void)
{
	char json[130], want[130];
	struct pm_json_value v;
	size_t at, len, fault_at;

	for (len = 2; len <= 100; len++)
		for (at = 0; at + 2 <= len; at++) {
			memset(json, 'x', sizeof(json));
			memcpy(json + 1 + at, "\\n", 2);
			json[0] = json[1 + len] = '"';
			memset(want, 'x', sizeof(want));
			want[at] = '\n';
			want[len - 1] = 0;
			pm_arena_reset(&arena);
			CHECK(pm_json_check(pm_slice(json, len + 2), false, &v, &fault_at) == NULL);
			CHECK_SLICE(pm_json_text(&arena, &v, NULL), want);
			json[1 + at] = 'x';
			json[2 + at] = '\n';
			CHECK(pm_json_check(pm_slice(json, len + 2), false, &v, &fault_at) != NULL);
			CHECK(fault_at == 2 + at);
		}
}

static void int_is(const char *json, int64_t want)
{
	struct pm_json_value v = { PM_JSON_NUMBER, false, pm_slice_str(json) };
	int64_t n = 42;

	CHECK(pm_json_int(&v, &n));
	CHECK(n == want);
}

static void no_int(const char *json)
{
	struct pm_json_value v = { PM_JSON_NUMBER, false, pm_slice_str(json) };
	int64_t n = 42;

	CHECK(!pm_json_int(&v, &n));
	CHECK(n == 42);
}

static void integers_are_exact(void)
{
	struct pm_json_value v = { PM_JSON_STRING, false, PM_LIT("200") };
	int64_t n;

	int_is("0", 0);
	int_is("-0", 0);
	int_is("-0.0e-99", 0);
	int_is("0e99999999999999999999", 0);
	int_is("200", 200);
	int_is("200.0", 200);
	int_is("2e2", 200);
	int_is("2.00E+2", 200);
	int_is("2000e-1", 200);
	int_is("0.002e5", 200);
	int_is("12.5e1", 125);
	int_is("9223372036854775807", INT64_MAX);
	int_is("-9223372036854775808", INT64_MIN);
	int_is("9223372036854775807.000", INT64_MAX);
	int_is("922337203685477580700000000000000000000e-20", INT64_MAX);
	int_is("1e18", INT64_C(1000000000000000000));
	int_is("0.00000000000000000000000000000001e32", 1);
	no_int("9223372036854775808");
	no_int("-9223372036854775809");
	no_int("18446744073709551616");
	no_int("184467440737095516160");
	no_int("1e19");
	no_int("1e20");
	no_int("1e99999999999999999999");
	no_int("1e-99999999999999999999");
	no_int("0.5");
	no_int("200.5");
	no_int("25e-1");
	no_int("1.00000000000000000000000000000001");
	CHECK(!pm_json_int(&v, &n));
	v = (struct pm_json_value){ .type = PM_JSON_NUMBER };
	CHECK(!pm_json_int(&v, &n));
}

static void values_can_be_walked(void)
{
	struct pm_slice doc = PM_LIT("{ \"h\" : [ [\"a\", \"b\"] , {\"x\":1,\"x\":null} ] ,"
				     "\"n\":-1.5e3}");
	struct pm_json j, in;
	struct pm_json_member m, e;

	pm_json_open(&j, doc, &arena);
	CHECK(pm_json_next(&j, &m));
	CHECK_SLICE(m.name.raw, "h");
	CHECK(m.value.type == PM_JSON_ARRAY);
	CHECK_SLICE(m.value.raw, "[ [\"a\", \"b\"] , {\"x\":1,\"x\":null} ]");
	pm_json_walk(&in, m.value);
	CHECK(pm_json_next(&in, &e));
	CHECK(e.name.raw.ptr == NULL);
	CHECK_SLICE(e.value.raw, "[\"a\", \"b\"]");
	CHECK(pm_json_next(&in, &e));
	CHECK(e.value.type == PM_JSON_OBJECT);
	CHECK(!pm_json_next(&in, &m));
	CHECK(!in.fault);
	pm_json_walk(&in, e.value);
	CHECK(pm_json_next(&in, &e));
	CHECK_SLICE(e.value.raw, "1");
	CHECK(pm_json_next(&in, &e));
	CHECK(e.value.type == PM_JSON_NULL);
	CHECK(!pm_json_next(&in, &e));
	CHECK(pm_json_next(&j, &m));
	CHECK_SLICE(m.value.raw, "-1.5e3");
	pm_json_walk(&in, m.value);
	CHECK(!pm_json_next(&in, &e));
	CHECK(!in.fault);
	CHECK(!pm_json_next(&j, &m));
	CHECK(!j.fault);
}

static void lenience_goes_so_far(void)
{
	struct pm_json_value v;
	size_t at;

	CHECK(!pm_json_check(PM_LIT("[{\"a\":\"x\ny\t\",},[1,],]"), true, &v, &at));
	CHECK(v.type == PM_JSON_ARRAY);
	CHECK(pm_json_check(PM_LIT("[{\"a\":\"x\ny\"}]"), false, &v, &at) && at == 8);
	CHECK(pm_json_check(PM_LIT("[1,,]"), true, &v, &at) && at == 3);
	CHECK(pm_json_check(PM_LIT("[,]"), true, &v, &at) && at == 1);
	CHECK(pm_json_check(PM_LIT("{,}"), true, &v, &at) && at == 1);
	CHECK(pm_json_check(PM_LIT("1,"), true, &v, &at) && at == 1);
	CHECK(pm_json_check(PM_LIT("\"\\\n\""), true, &v, &at) && at == 1);
}

static void a_full_arena_is_not_the_documents_fault(void)
{
	static char text[4000];
	struct pm_slice doc = many(text, 200, 200);
	struct pm_json_member m;
	struct pm_arena small;
	struct pm_json j;

	CHECK(pm_arena_open(&small, 4096) == 0);
	pm_json_open(&j, doc, &small);
	while (pm_json_next(&j, &m))
		;
	CHECK(j.fault && j.full);
	pm_arena_close(&small);
}

static const struct pm_slice tricky[] = {
	PM_LIT("{\"url\":\"http://a/\",\"body\":\"<p id=\\\"x\\\">\\n\\u00e9\\ud83d\\ude00</p>\","
	       "\"headers\":{\"a\":[\"b\",null]},\"status\":200}"),
	PM_LIT("{\"a\":1,\"a\":2}"),
	PM_LIT("{\"a\":1,\"\\u0061\":2}"),
	PM_LIT("{\"a\":{\"b\":1,\"b\":2},\"c\":[{},{},[[]]]}"),
	PM_LIT("{\"a\\u0000\":\"\\u0000\"}"),
	PM_LIT("[\"\\u0000\",\"\\ud800\",\"\\udc00\\ud800\",\"\\ud800\\u0041\",\"\\uFFFD\"]"),
	PM_LIT("[0,-0,-0.0,1e999,-1e999,1e-999,9223372036854775807,9223372036854775808]"),
	PM_LIT("[1E+2,2.50e1,0.0,1.0]"),
	PM_LIT("[-9223372036854775808,-9223372036854775809,123456789012345678901234567890]"),
	PM_LIT("[[[[[[[[{\"a\":{\"b\":[{\"c\":[]}]}}]]]]]]]]"),
	PM_LIT("[true,false,null,nul,truefalse]"),
	PM_LIT("[01]"),
	PM_LIT("[1.]"),
	PM_LIT("[.5]"),
	PM_LIT("[1e]"),
	PM_LIT("[--1]"),
	PM_LIT("[0x10]"),
	PM_LIT("[NaN,Infinity]"),
	PM_LIT("['a']"),
	PM_LIT("[\"a\x01\"]"),
	PM_LIT("[\"\x7f\xc2\x80\xe2\x80\xa8\"]"),
	PM_LIT("[\"\xed\xa0\x80\"]"),
	PM_LIT("[\"\xc0\x80\"]"),
	PM_LIT("[\"a\0b\"]"),
	PM_LIT("[1]\0"),
	PM_LIT("true\0"),
	PM_LIT("\0[1]"),
	PM_LIT("[1]\v"),
	PM_LIT("[1]//x"),
	PM_LIT("\xef\xbb\xbf[1]"),
	PM_LIT("\xef\xbb\xbf"),
	PM_LIT("\xc2\xa0[1]"),
	PM_LIT("  \"top level string\\t\"  "),
	PM_LIT(" 12 "),
	PM_LIT("{\"a\":1}}"),
	PM_LIT("{\"a\":1]"),
	PM_LIT("[1,2"),
	PM_LIT("{\"a\":1,\"b\":}"),
	PM_LIT("{1:1}"),
	PM_LIT("[1 2]"),
	PM_LIT("[\"\\U0041\",\"\\'\"]"),
};

/* Each document whole, cut at every byte, and with every byte replaced by each of a few. */
static void jansson_agrees(void)
{
	static const char instead[] = "\"\\{}[]:,0-e \n\x80";
	size_t i, at, k;
	const char *said;
	char copy[300];

	for (i = 0; i < sizeof(tricky) / sizeof(*tricky); i++) {
		struct pm_slice doc = tricky[i];

		for (at = 0; at <= doc.len; at++) {
			pm_arena_reset(&arena);
			said = oracle(&arena, pm_slice(doc.ptr, at));
			CHECK_SLICE(pm_slice_str(said ? said : ""), "");
			for (k = 0; at < doc.len && k < sizeof(instead); k++) {
				memcpy(copy, doc.ptr, doc.len);
				copy[at] = instead[k];
				pm_arena_reset(&arena);
				said = oracle(&arena, pm_slice(copy, doc.len));
				CHECK_SLICE(pm_slice_str(said ? said : ""), "");
			}
		}
	}
}

int main(void)
{
	int twin;

	CHECK(pm_arena_open(&arena, 256 << 20) == 0);
	for (twin = 0; twin < 2; twin++) {
		pm_portable = twin;
		RUN(documents);
		RUN(names_come_once);
		RUN(many_names_come_once);
		RUN(depth_has_its_limit);
		RUN(strings_without_their_escapes);
		RUN(an_escape_at_every_place);
		RUN(lenience_goes_so_far);
		RUN(jansson_agrees);
	}
	pm_portable = false;
	RUN(a_million_names_take_no_time);
	RUN(plain_strings_are_borrowed);
	RUN(integers_are_exact);
	RUN(values_can_be_walked);
	RUN(a_full_arena_is_not_the_documents_fault);
	pm_arena_close(&arena);
	return DONE();
}
