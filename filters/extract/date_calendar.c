/* filters/extract/date_calendar.c -- the Persian calendar, and years that eras count. */
#include "filters/extract/date_impl.h"

/* Each both with Persian's and with Arabic's letter for y. */
static const struct { const char *name; uint8_t month; } persian[] = {
	{ "\331\201\330\261\331\210\330\261\330\257\333\214\331\206", 1 }, { "\331\201\330\261\331\210\330\261\330\257\331\212\331\206", 1 },
	{ "\330\247\330\261\330\257\333\214\330\250\331\207\330\264\330\252", 2 },
	{ "\330\247\330\261\330\257\331\212\330\250\331\207\330\264\330\252", 2 },
	{ "\330\256\330\261\330\257\330\247\330\257", 3 }, { "\330\252\333\214\330\261", 4 }, { "\330\252\331\212\330\261", 4 },
	{ "\331\205\330\261\330\257\330\247\330\257", 5 }, { "\330\264\331\207\330\261\333\214\331\210\330\261", 6 },
	{ "\330\264\331\207\330\261\331\212\331\210\330\261", 6 },
	{ "\331\205\331\207\330\261", 7 },
	{ "\330\242\330\250\330\247\331\206", 8 }, { "\330\242\330\260\330\261", 9 }, { "\330\257\333\214", 10 },
	{ "\330\257\331\212", 10 }, { "\330\250\331\207\331\205\331\206", 11 },
	{ "\330\247\330\263\331\201\331\206\330\257", 12 },
};

unsigned pm_date_persian_month(struct pm_slice word)
{
	for (size_t i = 0; i < sizeof(persian) / sizeof(*persian); i++)
		if (pm_slice_is(word, persian[i].name))
			return persian[i].month;
	return 0;
}

/* Days before the year y in cycles of 33 years with 8 leap years, which is
 * right from 1178 to 1633. */
static unsigned days_before(unsigned y)
{
	unsigned in = y % 33;

	return y * 365 + y / 33 * 8 + (in + (in < 22 ? 2 : 1)) / 4;
}

bool pm_date_set_persian(unsigned y, unsigned m, unsigned day, const struct pm_date_hints *hints,
			 struct pm_date *d)
{
	enum { FIRST = 1374, NOWRUZ_1374 = 80 };        /* 21 March 1995 */
	unsigned gy = 1995, gm = 1, left;

	if (y < FIRST || y >= PM_DATE_PERSIAN_END || m < 1 || m > 12 || day < 1 ||
	    day > (m <= 6 ? 31u : 30u) ||
	    (m == 12 && day == 30 && days_before(y + 1) - days_before(y) == 365))
		return false;
	left = days_before(y) - days_before(FIRST) + NOWRUZ_1374 - 1;
	left += (m - 1) * 31 - (m > 7 ? m - 7 : 0) + day;
	for (; left > 365u + (pm_date_days_in(gy, 2) == 29); gy++)
		left -= 365u + (pm_date_days_in(gy, 2) == 29);
	for (; left > pm_date_days_in(gy, gm); gm++)
		left -= pm_date_days_in(gy, gm);
	return pm_date_set(gy, gm, left, hints, d);
}

unsigned pm_date_era(struct pm_slice word)
{
	/* Reiwa, Heisei; Minguo in both spellings. */
	static const struct { char name[7]; uint16_t before; } eras[] = {
		{ "\344\273\244\345\222\214", 2018 }, { "\345\271\263\346\210\220", 1988 },
		{ "\346\260\221\345\234\213", 1911 }, { "\346\260\221\345\233\275", 1911 },
	};

	for (size_t i = 0; i < sizeof(eras) / sizeof(*eras); i++)
		if (word.len >= 6 && memcmp(word.ptr + word.len - 6, eras[i].name, 6) == 0)
			return eras[i].before;
	return 0;
}
