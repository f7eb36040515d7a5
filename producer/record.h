/* producer/record.h -- the output record: schema 1, one line of JSON (docs/record.schema.json). */
#ifndef PM_PRODUCER_RECORD_H
#define PM_PRODUCER_RECORD_H

#include "core/buf.h"
#include "core/page.h"

/* What made the record: the chain's digest, and its filters as ready JSON
 * ([{"name":"decode","version":1},...]). */
struct pm_provenance {
	struct pm_slice chain, filters;
};

/* Appends the page's record, without a line feed. The keys' order is fixed, what is absent or empty
 * is left out, and of two values under one name the first stands (counts of one kind are added up).
 * false: it does not fit into out->max (record_too_large), and `out` holds a part of it. */
bool pm_record_write(struct pm_buf *out, const struct pm_page *page,
		     const struct pm_provenance *from);

#endif
