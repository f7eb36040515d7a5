/* Names in bylines, and what is none. */
#include "filters/extract/byline.h"
#include "tests/test.h"

struct byline_case { const char *line, *names; };

static void check(const struct byline_case *c, enum pm_byline_trust trust)
{
	struct pm_people people = { .len = 0 };
	char got[2000] = "";
	size_t n = 0;

	pm_byline_read(pm_slice_str(c->line), trust, &people);
	for (size_t i = 0; i < people.len; i++) {
		memcpy(got + n, people.at[i].ptr, people.at[i].len);
		n += people.at[i].len;
		got[n++] = i + 1 < people.len ? '|' : 0;
	}
	CHECK_SLICE(pm_slice_str(got), c->names);
}

static void stated(void)
{
	static const struct byline_case cases[] = {
		{ "Ann Bee", "Ann Bee" }, { "By Ann Bee", "Ann Bee" }, { "BY ANN BEE", "ANN BEE" },
		{ "by: Ann Bee", "Ann Bee" }, { "ByAnn Bee", "Ann Bee" }, { "Byron Bee", "Byron Bee" },
		{ "Written by Ann Bee and Cid Dee", "Ann Bee|Cid Dee" },
		{ "Ann Bee, Cid Dee & Eve Fay; Gus Hay | Ian Jay", "Ann Bee|Cid Dee|Eve Fay|Gus Hay|Ian Jay" },
		{ "Von Ann Bee und Cid Dee", "Ann Bee|Cid Dee" }, { "Par Ann Bee et Cid Dee", "Ann Bee|Cid Dee" },
		{ "Por Ann Bee y Cid Dee", "Ann Bee|Cid Dee" }, { "Di Ann Bee e Cid Dee", "Ann Bee|Cid Dee" },
		{ "Door Ann Bee en Cid Dee", "Ann Bee|Cid Dee" }, { "Av Ann Bee og Cid Dee", "Ann Bee|Cid Dee" },
		{ "Jos\303\251 Ortega y Gasset", "Jos\303\251 Ortega y Gasset" }, { "Von Miller", "Von Miller" },
		/* Roles, credentials, places. */
		{ "Ann Bee, Staff Writer", "Ann Bee" }, { "Ann Bee Senior Political Reporter", "Ann Bee" },
		{ "Ann Bee, MD, Ph.D.", "Ann Bee" }, { "Ann Bee in London", "Ann Bee" }, { "Ann Bee for Example News", "Ann Bee" },
		{ "Ann Bee - Example", "Ann Bee" }, { "Ann Bee (Example)", "Ann Bee" }, { "Head of Sports", "" },
		{ "Staff Reporter", "" }, { "Ann Bee The Associated Press", "Ann Bee" },
		{ "Ann Bee, Jr.", "Ann Bee, Jr." }, { "Nel C.J.", "Nel C.J." },
		{ "Ann Bee. Medically reviewed by Cid Dee, MD", "Ann Bee" },
		/* Handles, addresses, sites. */
		{ "Ann Bee @annbee", "Ann Bee" }, { "@annbee", "" }, { "ann@example.com", "" },
		{ "https://www.facebook.com/annbee", "" }, { "www.example.org", "" }, { "example.com", "" },
		/* The same twice; nobody; dates. */
		{ "Ann Bee, ANN BEE", "Ann Bee" }, { "admin", "" }, { "By", "" }, { "", "" }, { " , ;", "" },
		{ "Ann Bee, March 4, 2024", "Ann Bee" }, { "Updated 10:30", "" },
		{ "\344\275\234\350\200\205\357\274\232\347\216\213\345\260\217\346\230\216", "\347\216\213\345\260\217\346\230\216" },
		{ "\346\226\207\343\203\273\345\261\261\347\224\260\345\244\252\351\203\216", "\345\261\261\347\224\260\345\244\252\351\203\216" },
		{ "\330\250\331\202\331\204\331\205: \330\243\330\255\331\205\330\257 \330\271\331\204\331\212", "\330\243\330\255\331\205\330\257 \330\271\331\204\331\212" },
		/* Names of one word and their roles, in the order of their languages; others' parts. */
		{ "\350\256\260\350\200\205 \347\216\213\345\260\217\346\230\216", "\347\216\213\345\260\217\346\230\216" },
		{ "\350\250\230\350\200\205\347\216\213\345\260\217\346\230\216\357\274\217\345\217\260\345\214\227\345\240\261\345\260\216", "\347\216\213\345\260\217\346\230\216" },
		{ "\344\275\234\350\200\205\357\274\232\347\216\213\345\260\217\346\230\216 \350\264\243\344\273\273\347\274\226\350\276\221\357\274\232\346\235\216\345\215\216", "\347\216\213\345\260\217\346\230\216" },
		{ "\355\231\215\352\270\270\353\217\231 \352\270\260\354\236\220", "\355\231\215\352\270\270\353\217\231" },
		{ "\316\243\317\205\316\275\317\204\316\254\316\272\317\204\316\267\317\202: \316\206\316\275\316\275\316\261 \316\234\316\255\316\273\316\271\317\203\317\203\316\261", "\316\206\316\275\316\275\316\261 \316\234\316\255\316\273\316\271\317\203\317\203\316\261" },
		{ "\320\220\320\262\321\202\320\276\321\200: \320\220\320\275\320\275\320\260 \320\237\321\207\320\265\320\273\320\260", "\320\220\320\275\320\275\320\260 \320\237\321\207\320\265\320\273\320\260" },
		{ "T\303\241c gi\341\272\243: L\303\252 Ph\306\260\306\241ng", "L\303\252 Ph\306\260\306\241ng" },
		{ "Par Ann Bee et Marc D\303\251 \303\240 Paris", "Ann Bee|Marc D\303\251" },
		{ "Ann Bee. Photography by Cid Dee", "Ann Bee" },
		{ "Ann BeeContributions from Cid Dee", "Ann Bee" },
		{ "Ann Bee | \303\234bersetzt von Cid Dee", "Ann Bee" },
		{ "ann bee, Ann Bee", "Ann Bee" },
		{ "abc/def", "abc/def" }, { "Ann Bee / Cid Dee", "Ann Bee|Cid Dee" }, { "Ann", "Ann" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&cases[i], PM_BYLINE_STATED);
}

static void seen(void)
{
	static const struct byline_case cases[] = {
		{ "By Ann Bee", "Ann Bee" }, { "By Ann van der Bee", "Ann van der Bee" }, { "By ann bee", "" },
		{ "By Ann", "" }, { "By Monday we will know more", "" }, { "By Ann B2 Bee", "" },
	};
	static const struct byline_case marked[] = {
		{ "Ann", "Ann" }, { "annbee", "annbee" }, { "Ann Bee", "Ann Bee" },
		{ "Ann Bee August 26, 2024", "Ann Bee" },
		{ "Ann Bee August 26th, 2024", "Ann Bee" }, { "Ann Bee 26 August", "Ann Bee" },
		{ "April May", "April May" }, { "Ann Bee \342\227\217 2 May", "Ann Bee" }, { "Ann Bee1", "Ann Bee" }, { "R2", "R2" },
		{ "Updated May", "" }, { "Zur \303\234bersicht", "" }, { "Commentary by Ann Bee", "Ann Bee" },
		{ "Ann Bee, Honey Analyst", "Ann Bee" },
		/* Where somebody works, and agencies that are named like an author. */
		{ "Ann Bee | The Bee Journal", "Ann Bee" }, { "Ann Bee, Honey News", "Ann Bee" },
		{ "Honey News, Ann Bee", "Honey News|Ann Bee" }, { "Ann Bee and Honey News", "Ann Bee|Honey News" },
		{ "Ann Bee, dpa", "Ann Bee|dpa" }, { "Ann Bee, Rome", "Ann Bee" }, { "annbee, cid", "annbee|cid" },
		{ "University of Honey", "University of Honey" }, { "Terms of Use", "" }, { "Editor of Honey", "" },
		{ "BeeHD on Friday", "BeeHD" }, { "BeeHD Follow", "BeeHD" }, { "Post by beehd \302\273 Tue Aug 27, 2019", "beehd" },
		{ "Sun Yat-sen", "Sun Yat-sen" }, { "Sun Dec", "" }, { "Montag", "" }, { "Honey November 26th", "Honey" },
		{ "Games Editor", "" }, { "Agencies", "" },
		{ "Ann has written about bees", "" }, { "More about Ann Bee Cid Dee Eve", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&cases[i], PM_BYLINE_SEEN);
	for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++)
		check(&marked[i], PM_BYLINE_MARKED);
}

static void bounds(void)
{
	static char line[PM_BYLINE_BYTES + 2];
	struct pm_people people = { .len = 0 };
	size_t n = 0;

	for (char c = 'A'; n + 4 <= PM_BYLINE_BYTES; c = c == 'Z' ? 'A' : (char)(c + 1)) {
		line[n] = c, line[n + 1] = (char)('a' + n % 26),
		line[n + 2] = (char)('a' + n / 26 % 26), line[n + 3] = ',';
		n += 4;
	}
	CHECK(pm_byline_read(pm_slice(line, PM_BYLINE_BYTES), PM_BYLINE_STATED, &people) >
	      PM_PEOPLE_MAX);
	CHECK(people.len == PM_PEOPLE_MAX);
	people.len = 0;
	memset(line, 'x', sizeof(line));
	CHECK(pm_byline_read(pm_slice(line, PM_BYLINE_BYTES + 1), PM_BYLINE_STATED, &people) == 0);
	CHECK(pm_byline_read(PM_LIT(""), PM_BYLINE_STATED, &people) == 0);
}

static void leads(void)
{
	bool led;

	CHECK_SLICE(pm_byline_lead(PM_LIT("Published by: Ann Bee "), &led), "Ann Bee");
	CHECK(led);
	CHECK_SLICE(pm_byline_lead(PM_LIT("Bystander Ann"), &led), "Bystander Ann");
	CHECK(!led);
	CHECK_SLICE(pm_byline_lead(PM_LIT("By"), &led), "By");
	CHECK(!led);
	CHECK(pm_byline_is_lead(PM_LIT("Written by")) && pm_byline_is_lead(PM_LIT(" Autor: ")));
	CHECK(!pm_byline_is_lead(PM_LIT("Written")) && !pm_byline_is_lead(PM_LIT("")) &&
	      !pm_byline_is_lead(PM_LIT("By Ann")));
	CHECK(!pm_byline_is_lead(PM_LIT("Written by somebody in the valley, I say")));
}

int main(void)
{
	RUN(stated);
	RUN(seen);
	RUN(bounds);
	RUN(leads);
	return DONE();
}
