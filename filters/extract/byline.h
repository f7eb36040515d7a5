/* filters/extract/byline.h -- the people that a byline names. */
#ifndef PM_FILTERS_EXTRACT_BYLINE_H
#define PM_FILTERS_EXTRACT_BYLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

enum { PM_PEOPLE_MAX = 32, PM_BYLINE_BYTES = 500 };

/* Borrowed from the lines that they stand in. */
struct pm_people {
	struct pm_slice at[PM_PEOPLE_MAX];
	size_t len;
};

enum pm_byline_trust {
	PM_BYLINE_STATED,       /* somebody says that this is an author: one word may be a name */
	PM_BYLINE_MARKED,       /* markup says that authors are about: likewise, but no sentences */
	PM_BYLINE_SEEN,         /* text that looks like a byline:
				 * names have two words, with capitals */
};

/* Adds the names in a line such as "By Ann Bee and Cid Dee, Staff Writers | @ann"; without roles,
 * credentials, handles, addresses, places. Names that are there already are not added again.
 * Returns how many the line holds. The line is valid UTF-8 without line ends; linear in its
 * length. */
size_t pm_byline_read(struct pm_slice line, enum pm_byline_trust trust, struct pm_people *people);

/* Takes out "AB" beside "Ann Bee": the letters in place of a picture. */
void pm_byline_drop_initials(struct pm_people *people);

/* The line behind "By", "Von", "Par", ... in many languages; the line itself where it doesn't begin
 * so (then *led is false). */
struct pm_slice pm_byline_lead(struct pm_slice line, bool *led);

/* Whether the words are such a beginning and nothing else: "Written by". */
bool pm_byline_is_lead(struct pm_slice words);

#endif
