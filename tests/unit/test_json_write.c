#include "core/json_write.h"

#include "core/simd.h"
#include "tests/test.h"

static struct pm_buf buf = { .max = 1 << 20 };

static struct pm_slice quoted(const char *s, size_t len)
{
	pm_buf_reset(&buf);
	pm_json_quote(&buf, pm_slice(s, len));
	return pm_buf_get(&buf);
}

#define QUOTED(s) quoted((s), sizeof(s) - 1)

static void each_byte_has_one_form(void)
{
	CHECK_SLICE(QUOTED(""), "\"\"");
	CHECK_SLICE(QUOTED("\"\\\b\f\n\r\t"), "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
	CHECK_SLICE(QUOTED("\0\1\7"), "\"\\u0000\\u0001\\u0007\"");
	CHECK_SLICE(QUOTED("\v\x0e\x1f"), "\"\\u000b\\u000e\\u001f\"");
	CHECK_SLICE(QUOTED(" /\x7f"), "\" /\x7f\"");
	CHECK_SLICE(QUOTED("\xe2\x80\xa8\xe2\x80\xa9"), "\"\xe2\x80\xa8\xe2\x80\xa9\"");
	CHECK_SLICE(QUOTED("\xc3\xa4\xf0\x9f\x98\x80"), "\"\xc3\xa4\xf0\x9f\x98\x80\"");
}

static void wrong_bytes_become_replacement_characters(void)
{
	CHECK_SLICE(QUOTED("\xff"), "\"\xef\xbf\xbd\"");
	CHECK_SLICE(QUOTED("a\xed\xa0\x80z"), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
	CHECK_SLICE(QUOTED("\n\xe2\x82\n"), "\"\\n\xef\xbf\xbd\\n\"");
	CHECK_SLICE(QUOTED("\xf0\x9f\x98"), "\"\xef\xbf\xbd\"");
}

static void an_escape_at_every_place(void)
{
	char text[100], want[120];
	size_t at;

	for (at = 0; at < sizeof(text); at++) {
		memset(text, 'x', sizeof(text));
		text[at] = '\n';
		snprintf(want, sizeof(want), "\"%.*s\\n%.*s\"", (int)at, text,
			 (int)(sizeof(text) - at - 1), text + at + 1);
		CHECK_SLICE(quoted(text, sizeof(text)), want);
	}
}

static void commas_come_of_themselves(void)
{
	struct pm_jw w = { .buf = &buf };

	pm_buf_reset(&buf);
	pm_jw_object(&w);
	pm_jw_key(&w, "a");
	pm_jw_array(&w);
	pm_jw_array_end(&w);
	pm_jw_key(&w, "b");
	pm_jw_array(&w);
	pm_jw_raw(&w, PM_LIT("null"));
	pm_jw_object(&w);
	pm_jw_object_end(&w);
	pm_jw_bool(&w, true);
	pm_jw_bool(&w, false);
	pm_jw_raw(&w, PM_LIT("[1, 2]"));
	pm_jw_array_end(&w);
	pm_jw_key_slice(&w, PM_LIT("\"\n"));
	pm_jw_string(&w, PM_LIT("s"));
	pm_jw_key(&w, "absent");
	pm_jw_string(&w, (struct pm_slice){ 0 });
	pm_jw_object_end(&w);
	CHECK_SLICE(pm_buf_get(&buf), "{\"a\":[],\"b\":[null,{},true,false,[1, 2]],"
				      "\"\\\"\\n\":\"s\",\"absent\":null}");
}

static void numbers_at_their_limits(void)
{
	static const int32_t fixed[] = { 0, 1, -1, 9999, 10000, -10000, 12345,
					 INT32_MAX, INT32_MIN };
	struct pm_jw w = { .buf = &buf };
	size_t i;

	pm_buf_reset(&buf);
	pm_jw_array(&w);
	pm_jw_int(&w, 0);
	pm_jw_int(&w, -1);
	pm_jw_int(&w, INT64_MAX);
	pm_jw_int(&w, INT64_MIN);
	pm_jw_uint(&w, UINT64_MAX);
	pm_jw_array_end(&w);
	CHECK_SLICE(pm_buf_get(&buf),
		    "[0,-1,9223372036854775807,-9223372036854775808,18446744073709551615]");
	pm_buf_reset(&buf);
	w = (struct pm_jw){ .buf = &buf };
	for (i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		pm_jw_fixed(&w, fixed[i]);
	CHECK_SLICE(pm_buf_get(&buf), "0.0000,0.0001,-0.0001,0.9999,1.0000,-1.0000,1.2345,"
				      "214748.3647,-214748.3648");
}

static void a_full_buffer_fails_for_good(void)
{
	struct pm_buf small = { .max = 6 };
	struct pm_jw w = { .buf = &small };

	pm_jw_string(&w, PM_LIT("abcd"));
	CHECK(!small.failed);
	CHECK_SLICE(pm_buf_get(&small), "\"abcd\"");
	pm_buf_reset(&small);
	pm_json_quote(&small, PM_LIT("abc\n"));
	CHECK(small.failed);
	pm_buf_free(&small);
}

/* The last bytes below a ceiling go another way than the first ones. */
static void every_ceiling_holds_what_fits(void)
{
	char text[700];
	struct pm_slice whole;
	struct pm_buf b = { 0 };
	size_t i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 7 ? (char)('a' + i % 26) : i % 2 ? '\n' : '\1';
	whole = quoted(text, sizeof(text));
	for (i = 0; i <= whole.len + 2; i++) {
		b.max = i;
		pm_json_quote(&b, pm_slice(text, sizeof(text)));
		CHECK(b.failed == (i < whole.len));
		CHECK(b.len <= i && memcmp(pm_buf_get(&b).ptr, whole.ptr, b.len) == 0);
		CHECK(b.failed || b.len == whole.len);
		pm_buf_free(&b);
	}
}

int main(void)
{
	int twin;

	for (twin = 0; twin < 2; twin++) {
		pm_portable = twin;
		RUN(each_byte_has_one_form);
		RUN(wrong_bytes_become_replacement_characters);
		RUN(an_escape_at_every_place);
		RUN(every_ceiling_holds_what_fits);
	}
	RUN(commas_come_of_themselves);
	RUN(numbers_at_their_limits);
	RUN(a_full_buffer_fails_for_good);
	pm_buf_free(&buf);
	return DONE();
}
