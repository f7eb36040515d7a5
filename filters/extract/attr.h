/* filters/extract/attr.h -- what attributes say about the form of a text: numbers, and code's
 * language. */
#ifndef PM_FILTERS_EXTRACT_ATTR_H
#define PM_FILTERS_EXTRACT_ATTR_H

#include "filters/extract/html.h"

/* The most that is told from each other: what a list item's number in Markdown may be. */
enum { PM_ATTR_NUMBER_MAX = 999999999 };

/* A number by the HTML Standard's "rules for parsing non-negative integers", at most the above;
 * `other` where the attribute is missing or holds none. */
uint32_t pm_attr_number(const struct pm_html *doc, const struct pm_node *node,
			enum pm_attr_name name, uint32_t other);

/* What the elements around the last pre said: most of them stand beside each other. Zeroed at
 * first. */
struct pm_around {
	uint32_t parent;
	struct pm_slice language;
};

/* The language that a pre's classes name, its code's, or those of the two elements around, as the
 * HTML Standard suggests ("language-c"); a few letters, digits and "+#.-_", in the source. Absent:
 * none. */
struct pm_slice pm_attr_code_language(const struct pm_html *doc, const struct pm_node *node,
				      struct pm_around *around);

#endif
