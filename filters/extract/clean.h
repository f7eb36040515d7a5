/* filters/extract/clean.h -- how any source text becomes text of ours: references resolved, white
 * space collapsed or kept, what shows nothing left out, NFC, all in one growing piece of the arena.
 *
 * The writer owes separators: they are written before the next character that shows, so that text
 * never begins or ends with one, and the greatest of those owed wins. */
#ifndef PM_FILTERS_EXTRACT_CLEAN_H
#define PM_FILTERS_EXTRACT_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum pm_owed {
	PM_OWED_NOTHING,
	PM_OWED_SPACE,
	PM_OWED_LINE,           /* br, and blocks in a table's cell */
	PM_OWED_CELL,
	PM_OWED_ROW,
	PM_OWED_BLOCK,          /* the next character begins a block */
};

enum pm_clean_flags {
	PM_CLEAN_REFERENCES     = 1 << 0,       /* "&" may begin a character reference */
	PM_CLEAN_PRE            = 1 << 1,       /* white space is kept */
};

struct pm_clean {
	struct pm_arena *arena;
	char *p;
	size_t len, cap;
	size_t want;            /* bytes that the current pm_clean_add may still write */
	bool full;              /* the arena is: nothing more is written */
	bool nfc;               /* something written since pm_clean_settle is to be normalised */
	uint8_t ccc;            /* combining class of the last character written */
	enum pm_owed owed;
	size_t from;            /* where the current block begins */
	/* Pays what is owed beyond a space and leaves PM_OWED_NOTHING; NULL: everything is a
	 * space. */
	void (*pay)(struct pm_clean *c, void *owner);
	void *owner;
};

/* `expect` bytes will do for ordinary text. */
void pm_clean_open(struct pm_clean *c, struct pm_arena *a, size_t expect);
/* Writes the text at `from`; up to `limit` may be read. Bytes that are not UTF-8 become U+FFFD. */
void pm_clean_add(struct pm_clean *c, const char *from, const char *to, const char *limit,
		  unsigned flags);
/* Bytes as they are: separators. */
void pm_clean_raw(struct pm_clean *c, const char *bytes, size_t len);
/* Ends a block: no white space at its end, NFC from c->from on. The next begins at c->len. */
void pm_clean_settle(struct pm_clean *c);
/* A whole value, such as an attribute, on one line; empty when nothing shows, absent when the arena
 * is full. */
struct pm_slice pm_clean_line(struct pm_arena *a, struct pm_slice raw, bool references);

#endif
