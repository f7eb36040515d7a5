/* filters/extract/meta_headline.h -- which of a page's headings is its headline. */
#ifndef PM_FILTERS_EXTRACT_META_HEADLINE_H
#define PM_FILTERS_EXTRACT_META_HEADLINE_H

#include "filters/extract/meta.h"

enum { PM_TITLE_BYTES = 500 };  /* of the longest title */

/* What the head says. */
struct pm_stated {
	struct pm_slice text;   /* without the site's name; empty: nothing */
	const char *source;
};

/* `best` is the best statement, `element` the title element's, `whole` that with the site's name.
 * Sets r->headline and *found, its text; absent: no heading is the headline. false: the arena is
 * full. */
bool pm_headline_find(struct pm_meta_reader *r, const struct pm_stated *best,
		      const struct pm_stated *element, struct pm_slice whole,
		      struct pm_slice *found);

/* A heading's text without the sign that links to it. */
struct pm_slice pm_headline_text(struct pm_slice line);

/* Bytes of a separator between a title and its site's name at i; 0: none. */
size_t pm_title_separator(struct pm_slice s, size_t i);

/* Where in `s` its end begins that has `tail`'s letters; 0: it ends otherwise, or is all of it. */
size_t pm_title_tail(struct pm_slice s, struct pm_slice tail);

/* The same letters and digits, whatever stands between. */
bool pm_title_same(struct pm_slice a, struct pm_slice b);

/* Without the site's name at either end. A page named after its site keeps its title. */
struct pm_slice pm_title_without_site(const struct pm_meta_reader *r, struct pm_slice s);

/* Whether `s` is a name of the site letter by letter, not one that only has its words. */
bool pm_title_is_site(const struct pm_meta_reader *r, struct pm_slice s);

/* How many of a's words b has; *all: how many a has. Both are short: time is their product. */
unsigned pm_title_shared(struct pm_slice a, struct pm_slice b, unsigned *all);

#endif
