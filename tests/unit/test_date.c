/* Dates in many forms and languages, and what is none. */
#include "filters/extract/date.h"
#include "tests/test.h"

static struct pm_slice text_of(const struct pm_date *d)
{
	return pm_slice(d->text, d->len);
}

struct date_case { const char *said, *date, *language; };

static void check(const struct date_case *c, bool value)
{
	struct pm_date_hints hints = { .language = pm_slice_str(c->language) };
	struct pm_slice s = pm_slice_str(c->said);
	struct pm_date d;
	bool got = value ? pm_date_value(s, &hints, &d) : pm_date_find(s, &hints, &d, NULL);

	CHECK(got == (c->date != NULL));
	if (got && c->date)
		CHECK_SLICE(text_of(&d), c->date);
	else if (got || c->date)
		printf("  said: %s\n", c->said);
}

static void values(void)
{
	static const struct date_case cases[] = {
		/* An offset is kept, never converted; a time without one is cut. */
		{ "2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z", NULL },
		{ "2024-02-29T23:59:59z", "2024-02-29T23:59:59Z", NULL },
		{ "2024-02-29T01:02:03+05:30", "2024-02-29T01:02:03+05:30", NULL },
		{ "2024-02-29T01:02:03-0800", "2024-02-29T01:02:03-08:00", NULL },
		{ "2024-02-29T01:02:03+01", "2024-02-29T01:02:03+01:00", NULL },
		{ "2024-02-29 01:02 +0100", "2024-02-29T01:02:00+01:00", NULL },
		{ "2024-02-29T01:02:03", "2024-02-29", NULL },
		{ "2024-02-29 01:02:03", "2024-02-29", NULL },
		{ "2024-02-29T24:00:00Z", "2024-02-29", NULL },
		{ "2024-02-29T12:60:00Z", "2024-02-29", NULL },
		{ "2024-02-29T12:00:00+24:00", "2024-02-29", NULL },
		{ "2024-02-29T01:02:03.5Z", "2024-02-29T01:02:03.5Z", NULL },
		{ "2024-02-29T01:02:03.123456789123Z", "2024-02-29T01:02:03.123456789Z", NULL },
		{ "Thu, 29 Feb 2024 10:11:12 GMT", "2024-02-29T10:11:12Z", NULL },
		{ "Thu, 29 Feb 2024 10:11:12 -0500", "2024-02-29T10:11:12-05:00", NULL },
		{ "Thu Feb 29 2024 10:11:12 GMT+0100 (CET)", "2024-02-29T10:11:12+01:00", NULL },
		{ "Thu Feb 29 10:11:12 2024", "2024-02-29", NULL },
		{ "20240229", "2024-02-29", NULL }, { "20240229T101112", "2024-02-29", NULL },
		{ "20240229101112", "2024-02-29", NULL },
		{ "1709201472", "2024-02-29T10:11:12Z", NULL }, { "1709201472000", "2024-02-29T10:11:12Z", NULL },
		{ "0", NULL, NULL }, { "", NULL, NULL }, { "20240230", NULL, NULL },
		{ "2024", NULL, NULL },
		{ "2024-02", NULL, NULL }, { "0000-00-00", NULL, NULL }, { "null", NULL, NULL },
		/* The years that may be meant, and days that exist. */
		{ "1994-12-31", NULL, NULL }, { "1995-01-01", "1995-01-01", NULL },
		{ "2099-12-31", "2099-12-31", NULL },
		{ "2100-01-01", NULL, NULL }, { "2023-02-29", NULL, NULL },
		{ "2024-13-01", NULL, NULL },
		{ "2024-04-31", NULL, NULL }, { "2024-00-10", NULL, NULL },
		{ "2024-01-00", NULL, NULL },
		{ "9999999999", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&cases[i], true);
}

static void text(void)
{
	static const struct date_case cases[] = {
		{ "Published on Monday, March 4th, 2024 at 5:30 pm", "2024-03-04", "en" },
		{ "4 March 2024", "2024-03-04", "en" }, { "MAR 4, 2024", "2024-03-04", "en" },
		{ "Sept. 4, 2024", "2024-09-04", "en" }, { "the 4th of March, 2024", "2024-03-04", "en" },
		{ "4. M\303\244rz 2024", "2024-03-04", "de" }, { "Stand: 04.03.2024, 10:15 Uhr", "2024-03-04", "de" },
		{ "le 1er ao\303\273t 2024", "2024-08-01", "fr" }, { "4 de marzo de 2024", "2024-03-04", "es" },
		{ "4 de mar\303\247o de 2024", "2024-03-04", "pt" },
		{ "4 marzo 2024", "2024-03-04", "it" },
		{ "4 maart 2024", "2024-03-04", "nl" }, { "4. marts 2024", "2024-03-04", "da" },
		{ "4 marca 2024", "2024-03-04", "pl" }, { "4. b\305\231ezna 2024", "2024-03-04", "cs" },
		{ "2024. m\303\241rcius 4.", "2024-03-04", "hu" }, { "4 Mart 2024", "2024-03-04", "tr" },
		{ "4 \320\274\320\260\321\200\321\202\320\260 2024 \320\263.", "2024-03-04", "ru" },
		{ "4 \316\234\316\261\317\201\317\204\316\257\316\277\317\205 2024", "2024-03-04", "el" },
		{ "2024\345\271\2643\346\234\2104\346\227\245 10:00", "2024-03-04", "zh" },
		{ "2024\353\205\204 3\354\233\224 4\354\235\274", "2024-03-04", "ko" },
		{ "2024. 3. 4.", "2024-03-04", "ko" },
		{ "4 th\303\241ng 3, 2024", "2024-03-04", NULL },
		{ "\331\244 \331\205\330\247\330\261\330\263 \331\242\331\240\331\242\331\244", "2024-03-04", "ar" },
		{ "4 \340\270\241\340\270\265\340\270\231\340\270\262\340\270\204\340\270\241 2567",
		  "2024-03-04", "th" },
		/* One word, two months. */
		{ "4 listopada 2024", "2024-11-04", "pl" }, { "4 listopada 2024", "2024-10-04", "hr" },
		/* Numbers, as the language reads them. */
		{ "3/4/2024", "2024-03-04", "en-US" }, { "3/4/2024", "2024-04-03", "en-GB" },
		{ "3/4/2024", "2024-04-03", "fr" }, { "13/4/2024", "2024-04-13", "en-US" },
		{ "4/13/2024", "2024-04-13", "fr" }, { "13/13/2024", NULL, "en" }, { "3.4.2024", "2024-04-03", "en" },
		{ "3.4.24", "2024-04-03", "de" }, { "2024/3/4", "2024-03-04", "en" },
		{ "3-4-24", NULL, "en" },
		/* A year before, and signs that are no letters. */
		{ "Guide 2026 Dec 26, 2025", "2025-12-26", "en" }, { "2026 Dec 26", "2026-12-26", "en" },
		{ "2026 Dec 26, 20255", "2026-12-26", "en" }, { "\360\237\223\205Jul. 11. 2025", "2025-07-11", "en" },
		{ "\342\226\2564 March 2024", "2024-03-04", "en" },
		/* Numbers beside dates. */
		{ "7 photos | 4 March 2024", "2024-03-04", "en" }, { "10:30 4 March 2024", "2024-03-04", "en" },
		{ "call 1 2 3", NULL, "en" }, { "March 2024", NULL, "en" },
		{ "5 May be 2024", NULL, "en" },
		{ "v1.2.2024.5", NULL, "en" }, { "3/4-2024", NULL, "en" }, { "12345-03-04", NULL, "en" },
		{ "", NULL, "en" }, { "\377\376 4 March 2024", "2024-03-04", "en" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&cases[i], false);
}

/* Calendars, scripts and habits of the world. */
static void elsewhere(void)
{
	static const struct date_case cases[] = {
		/* Persian: first and last days of years with and without a leap day. */
		{ "1403/01/01", "2024-03-20", "fa" }, { "1399/12/30", "2021-03-20", "fa" }, { "1400/1/1", "2021-03-21", "fa" },
		{ "1402/12/30", NULL, "fa" }, { "1404/01/01", "2025-03-21", "fa" },
		{ "1402/10/11", "2024-01-01", "fa" },
		{ "1403/12/30", "2025-03-20", "fa" }, { "1403/07/30", "2024-10-21", "fa" }, { "1403/07/31", NULL, "fa" },
		{ "1374/01/01", "1995-03-21", "fa" }, { "1373/12/29", NULL, "fa" },
		{ "1403/13/01", NULL, "fa" },
		{ "1403/01/01", NULL, "en" }, { "2024/03/20", "2024-03-20", "fa" },
		{ "1478/01/01", NULL, "fa" },
		{ "\333\261\333\265 \330\247\330\261\330\257\333\214\330\250\331\207\330\264\330\252 "
		  "\333\261\333\264\333\260\333\263", "2024-05-04", NULL },
		{ "15 \330\247\330\261\330\257\331\212\330\250\331\207\330\264\330\252 1403", "2024-05-04", NULL },
		/* Eras. */
		{ "\344\273\244\345\222\2146\345\271\2643\346\234\2104\346\227\245", "2024-03-04", "ja" },
		{ "\345\271\263\346\210\22031\345\271\2643\346\234\2104\346\227\245", "2019-03-04",
		  "ja" },
		{ "\346\260\221\345\234\213113\345\271\2643\346\234\2104\346\227\245", "2024-03-04",
		  "zh" },
		{ "6\345\271\2643\346\234\2104\346\227\245", NULL, "ja" },
		/* Vietnamese. */
		{ "Ng\303\240y 4 th\303\241ng 3 n\304\203m 2024", "2024-03-04", "vi" },
		{ "Th\303\241ng 3 4, 2024", "2024-03-04", "vi" }, { "4 thg 3, 2024", "2024-03-04", "vi" },
		/* A preposition before the month, dots inside of it, two
		 * names of it, another country's. */
		{ "4 \327\221\327\236\327\250\327\245 2024", "2024-03-04", "he" },
		{ "4 \340\270\241\340\270\265.\340\270\204. 2567", "2024-03-04", "th" },
		{ "4 \330\242\330\260\330\247\330\261/\331\205\330\247\330\261\330\263 2024", "2024-03-04", "ar" },
		{ "4 \331\206\331\210\331\206\330\250\330\261\330\214 2024", "2024-11-04", "ar" },
		{ "4. J\303\244nner 2024", "2024-01-04", "de" }, { "4 de setiembre de 2024", "2024-09-04", "es" },
		{ "4-\320\263\320\276 \320\274\320\260\321\200\321\202\320\260 2024", "2024-03-04",
		  "ru" },
		/* Wide signs; digits of more scripts. */
		{ "2024\357\274\2173\357\274\2174", "2024-03-04", "ja" }, { "Mar 4\357\274\214 2024", "2024-03-04", "en" },
		{ "\341\201\204 March \341\201\202\341\201\200\341\201\202\341\201\204", "2024-03-04", "en" },
		{ "\341\237\244/3/\341\237\242\341\237\240\341\237\242\341\237\244", "2024-03-04", "km" },
		/* Two digits are a year behind an apostrophe, and where machines write them. */
		{ "4 Mar '24", "2024-03-04", "en" },
		{ "Mar 4, \342\200\23124", "2024-03-04", "en" },
		{ "4 Mar '95", "1995-03-04", "en" },
		{ "4 Mar '94", NULL, "en" }, { "4 Mar '49", "2049-03-04", "en" },
		{ "4 Mar '50", NULL, "en" }, { "'24 March 2024'", "2024-03-24", "en" },
		{ "4 Mar 24", NULL, "en" },
		{ "04-Mar-24", "2024-03-04", "en" }, { "04-Mar/24", NULL, "en" },
		{ "Mar-04-24", NULL, "en" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&cases[i], false);
}

static void limits(void)
{
	struct pm_date_hints hints = { .latest = pm_date_latest(PM_LIT("2024-02-28T23:00:00Z")) };
	struct pm_date d;
	size_t end = 0;

	CHECK(hints.latest == 20240229);
	CHECK(pm_date_latest(PM_LIT("2024-12-31")) == 20250101);
	CHECK(pm_date_latest(PM_LIT("2023-02-28")) == 20230301);
	CHECK(pm_date_latest((struct pm_slice){ 0 }) == 0);
	CHECK(pm_date_latest(PM_LIT("2024-02-2")) == 0);
	CHECK(pm_date_value(PM_LIT("2024-02-29"), &hints, &d));
	CHECK(!pm_date_value(PM_LIT("2024-03-01"), &hints, &d));
	/* What is not plausible is passed over. */
	CHECK(pm_date_find(PM_LIT("12 May 2030, 4 May 2023 and 1 May 2022"), &hints, &d, &end));
	CHECK(d.day == 20230504 && end == 23);
	CHECK(!pm_date_find((struct pm_slice){ 0 }, &hints, &d, &end));
}

static void moments(void)
{
	static const struct { const char *a, *b; bool same, local; } cases[] = {
		{ "2024-03-01T04:59:59Z", "2024-02-29T23:59:00-05:00", true, true },
		{ "2024-03-01T04:59:59Z", "2024-02-29T23:58:59-05:00", false, true },
		{ "2024-02-29T18:30:00Z", "2024-03-01T05:30:00+11:00", true, false },
		{ "2024-03-01T11:59:00+00:00", "2024-02-29", false, true },
		{ "2024-03-01T12:00:00Z", "2024-02-29", false, false },
		{ "2024-03-01T00:00:59Z", "2024-02-29", false, false },
		{ "2024-03-01T00:01:00Z", "2024-02-29", false, true },
		{ "2024-03-01T03:00:00+01:00", "2024-02-29", false, false },
		{ "2024-03-01", "2024-02-29", false, false },
		{ "2025-01-01T02:00:00Z", "2024-12-31", false, true },
		{ "2023-03-01T02:00:00Z", "2023-02-28", false, true },
		{ "2024-03-01T02:00:00Z", "2024-02-28", false, false },
	};
	static const struct pm_date_hints none;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pm_date a, b;

		CHECK(pm_date_value(pm_slice_str(cases[i].a), &none, &a));
		CHECK(pm_date_value(pm_slice_str(cases[i].b), &none, &b));
		CHECK(pm_date_same_minute(&a, &b) == cases[i].same &&
		      pm_date_same_minute(&b, &a) == cases[i].same);
		CHECK(pm_date_may_be_local(&a, b.day) == cases[i].local);
	}
}

static void urls(void)
{
	static const struct date_case cases[] = {
		{ "https://example.com/2024/03/04/title", "2024-03-04", NULL },
		{ "https://example.com/news/2024-03-04-title", "2024-03-04", NULL },
		{ "https://example.com/2024/mar/04/title", "2024-03-04", NULL },
		{ "https://example.com/n1/2024/0304/c1-2.html", "2024-03-04", NULL },
		{ "https://example.com/art/20240304/x", "2024-03-04", NULL },
		{ "https://example.com/x-20240304.html", "2024-03-04", NULL },
		{ "https://example.com/2024/03/title", NULL, NULL },
		{ "https://example.com/2024/13/04/", NULL, NULL },
		{ "https://example.com/x?d=2024/03/04", NULL, NULL },
		{ "https://example.com/12024/03/04/", NULL, NULL },
		{ "https://example.com/2024/03-04/", NULL, NULL },
		{ "https://example.com/202403041/", NULL, NULL },
		{ "", NULL, NULL }, { "2024/03/04", NULL, NULL },
	};
	static const struct pm_date_hints none;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pm_date d;
		bool got = pm_date_in_url(pm_slice_str(cases[i].said), &none, &d);

		CHECK(got == (cases[i].date != NULL));
		if (got && cases[i].date)
			CHECK_SLICE(text_of(&d), cases[i].date);
	}
}

int main(void)
{
	RUN(values);
	RUN(text);
	RUN(elsewhere);
	RUN(limits);
	RUN(moments);
	RUN(urls);
	return DONE();
}
