/* filters/extract/date_impl.h -- what the readers of dates share. */
#ifndef PM_FILTERS_EXTRACT_DATE_IMPL_H
#define PM_FILTERS_EXTRACT_DATE_IMPL_H

#include "filters/extract/date.h"

/* Days of month m (1 to 12) of year y. */
unsigned pm_date_days_in(unsigned y, unsigned m);

/* A day without a time; false: there is no such day, or it cannot be meant. */
bool pm_date_set(unsigned y, unsigned m, unsigned day, const struct pm_date_hints *hints,
		 struct pm_date *d);

enum { PM_DATE_PERSIAN_END = 1478 };    /* behind the Persian years that are read */

/* The same of a day in the Persian calendar. */
bool pm_date_set_persian(unsigned y, unsigned m, unsigned day, const struct pm_date_hints *hints,
			 struct pm_date *d);
/* The Persian calendar's month that a word names; 0: none. */
unsigned pm_date_persian_month(struct pm_slice word);
/* The year before the first of the era that a word ends with; 0: none. */
unsigned pm_date_era(struct pm_slice word);

/* The month (1 to 12) that a word names, in the page's language first; 0: none. */
unsigned pm_date_month(struct pm_slice word, struct pm_slice language);

#endif
