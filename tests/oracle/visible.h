/* tests/oracle/visible.h -- the text that a tree shows, whoever built the tree.
 *
 * The rule is that of `scope: body` (docs: what HTML's rendering section displays without style
 * sheets and scripts), written a second time and by names, so that it shares no table with the
 * program. White space is left to whoever compares. */
#ifndef PM_TESTS_ORACLE_VISIBLE_H
#define PM_TESTS_ORACLE_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum visible_namespace { VISIBLE_HTML, VISIBLE_SVG, VISIBLE_MATHML };

struct visible_element {
	const char *name;       /* in any case, `len` bytes */
	size_t len;
	enum visible_namespace ns;
	bool hidden, open, data;        /* has the attribute; data: with a value */
};

struct visible;

/* Writes to `to`, which stays the caller's. */
struct visible *visible_new(FILE *to);
void visible_enter(struct visible *v, const struct visible_element *e);
void visible_leave(struct visible *v);
void visible_text(struct visible *v, const char *text, size_t len);
/* How many elements are open. */
size_t visible_depth(const struct visible *v);

/* The readers of trees: each builds one of a whole page in UTF-8 and hands it to `v`. */
void oracle_gumbo(struct visible *v, const char *page, size_t len);
void oracle_myhtml(struct visible *v, const char *page, size_t len);
/* A tree as html5lib's tests write it down. */
void oracle_dump(struct visible *v, const char *dump, size_t len);

#endif
