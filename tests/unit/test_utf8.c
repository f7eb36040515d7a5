#include "core/utf8.h"

#include <stdlib.h>

#include "core/simd.h"
#include "tests/test.h"

static size_t valid(const char *s)
{
	return pm_utf8_valid(pm_slice_str(s));
}

static void accepts_the_ends_of_every_length(void)
{
	CHECK(valid("") == 0);
	CHECK(pm_utf8_valid((struct pm_slice){ 0 }) == 0);
	CHECK(pm_utf8_valid(pm_slice("\0\x7f", 2)) == 2);
	CHECK(valid("\xc2\x80\xdf\xbf") == 4);
	CHECK(valid("\xe0\xa0\x80\xef\xbf\xbf") == 6);
	CHECK(valid("\xed\x9f\xbf\xee\x80\x80") == 6);
	CHECK(valid("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") == 8);
}

static void refuses_what_lies_beyond_them(void)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xc2\xc0",
		"\xe0\x9f\xbf", "\xe0\xa0", "\xe0\xa0 ", "\xed\xa0\x80", "\xed\xbf\xbf", "\xef\xbf",
		"\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
	};
	char text[40];
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK(valid(bad[i]) == 0);
		for (n = 1; n < 20; n++) {
			memset(text, 'a', sizeof(text));
			memcpy(text + n, bad[i], strlen(bad[i]));
			CHECK(pm_utf8_valid(pm_slice(text, sizeof(text))) == n);
			CHECK(pm_utf8_valid(pm_slice(text, n + strlen(bad[i]))) == n);
		}
	}
}

static void every_scalar_value_goes_round(void)
{
	char text[PM_UTF8_MAX];
	const char *at;
	uint32_t cp, wrong = 0;
	size_t n;

	for (cp = 0; cp <= 0x110000; cp++) {
		bool scalar = (cp < 0xd800 || cp > 0xdfff) && cp <= 0x10ffff;

		n = pm_utf8_put(text, cp);
		at = text;
		wrong += pm_utf8_next(&at, text + n) != (scalar ? cp : PM_UTF8_BAD);
		wrong += at != text + n || pm_utf8_valid(pm_slice(text, n)) != n;
		wrong += pm_utf8_count(pm_slice(text, n)) != 1;
	}
	CHECK(wrong == 0);
}

/* Length of what one wrong sequence takes away. */
static size_t skipped(const char *s)
{
	const char *at = s;

	CHECK(pm_utf8_next(&at, s + strlen(s)) == PM_UTF8_BAD);
	return (size_t)(at - s);
}

static void wrong_bytes_go_by_maximal_subparts(void)
{
	CHECK(skipped("\x80") == 1);
	CHECK(skipped("\xc0\x80") == 1);
	CHECK(skipped("\xc3") == 1);
	CHECK(skipped("\xc3(") == 1);
	CHECK(skipped("\xe2\x82") == 2);
	CHECK(skipped("\xe2\x82(") == 2);
	CHECK(skipped("\xe0\x80\x80") == 1);
	CHECK(skipped("\xed\xa0\x80") == 1);
	CHECK(skipped("\xf0\x9f\x98") == 3);
	CHECK(skipped("\xf0\x9f\x98(") == 3);
	CHECK(skipped("\xf0\x80\x80\x80") == 1);
	CHECK(skipped("\xf4\x90\x80\x80") == 1);
	CHECK(skipped("\xf8\x88\x80\x80\x80") == 1);
}

static void twins_agree_at_every_place(void)
{
	enum { SIZE = 9000, SHORT = 200 };
	static const char *const put[] = { "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff" };
	char *text = calloc(1, SIZE);
	struct pm_slice s = pm_slice(text, SHORT);
	size_t i, n, valid_fast, count_fast, differ = 0;

	for (n = 0; n + 4 <= SHORT; n++)
		for (i = 0; i < sizeof(put) / sizeof(*put); i++) {
			memset(text, 'x', SHORT);
			memcpy(text + n, put[i], strlen(put[i]));
			valid_fast = pm_utf8_valid(s);
			count_fast = pm_utf8_count(s);
			pm_portable = true;
			differ += valid_fast != pm_utf8_valid(s) || count_fast != pm_utf8_count(s);
			pm_portable = false;
		}
	CHECK(differ == 0);
	for (n = 0; n < SIZE; n++)
		text[n] = n % 2 ? (char)0xa4 : (char)0xc3;
	CHECK(pm_utf8_count(pm_slice(text, SIZE)) == SIZE / 2);
	memset(text, 'x', SIZE);
	CHECK(pm_utf8_count(pm_slice(text, SIZE)) == SIZE);
	/* As many blocks as a lane of bytes counts, and one more. */
	CHECK(pm_utf8_count(pm_slice(text, 16 * 255)) == 16 * 255);
	CHECK(pm_utf8_count(pm_slice(text, 16 * 256)) == 16 * 256);
	free(text);
}

static void the_environment_chooses_the_twin(void)
{
	setenv("PAGEMILL_PORTABLE", "1", 1);
	pm_simd_init();
	CHECK(pm_portable);
	setenv("PAGEMILL_PORTABLE", "0", 1);
	pm_simd_init();
	CHECK(!pm_portable);
	setenv("PAGEMILL_PORTABLE", "", 1);
	pm_simd_init();
	CHECK(!pm_portable);
	unsetenv("PAGEMILL_PORTABLE");
	pm_simd_init();
	CHECK(!pm_portable);
}

int main(void)
{
	int twin;

	for (twin = 0; twin < 2; twin++) {
		pm_portable = twin;
		RUN(accepts_the_ends_of_every_length);
		RUN(refuses_what_lies_beyond_them);
		RUN(every_scalar_value_goes_round);
	}
	pm_portable = false;
	RUN(wrong_bytes_go_by_maximal_subparts);
	RUN(twins_agree_at_every_place);
	RUN(the_environment_chooses_the_twin);
	return DONE();
}
