/* core/json_scan.h -- a strict pull scanner for JSON (RFC 8259) over bytes that it never copies.
 *
 *	struct pm_json doc;
 *	struct pm_json_member m;
 *
 *	pm_json_open(&doc, value, arena);
 *	while (pm_json_next(&doc, &m))
 *		take(m.name, m.value);
 *	if (doc.fault)
 *		return bad_json(doc.fault, doc.fault_at);
 *
 * Members come while the scan goes on: what was taken counts only when the loop ends without a
 * fault. No recursion, no malloc; time is linear in the input, whatever it holds. */
#ifndef PM_CORE_JSON_SCAN_H
#define PM_CORE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum {
	PM_JSON_DEPTH = 64,     /* arrays and objects open at once, the outermost counted */
	PM_JSON_FEW = 32,       /* names compared one with another; more are sorted at the end */
};

enum pm_json_type {
	PM_JSON_NULL,
	PM_JSON_FALSE,
	PM_JSON_TRUE,
	PM_JSON_NUMBER,
	PM_JSON_STRING,
	PM_JSON_ARRAY,
	PM_JSON_OBJECT,
};

/* Borrowed from the input. `raw` is the value's text from its first byte to its last; of a string
 * what stands between the quotes, valid UTF-8, with its escapes. */
struct pm_json_value {
	enum pm_json_type type;
	bool escaped;                   /* a string with at least one backslash */
	struct pm_slice raw;
};

struct pm_json_member {
	struct pm_json_value name;      /* a string; of an array's element absent (raw.ptr NULL) */
	struct pm_json_value value;
};

/* Where a scan stands. Read the first three; the rest is the scanner's own. */
struct pm_json {
	const char *fault;              /* what is wrong, a constant; NULL: nothing so far */
	size_t fault_at;                /* byte offset in the document, its BOM counted */
	bool full;                      /* the fault is that the arena is, not the document's */
	bool first, document, unique, lenient;
	char open;                      /* '{' or '['; 0 when nothing more can come */
	const char *base, *start, *at, *end;
	struct pm_arena *arena;
	size_t members;
	struct pm_slice few[PM_JSON_FEW];
};

/* A whole document whose top level must be an object: UTF-8, at most PM_JSON_DEPTH deep, no name
 * twice at the top level (escapes resolved), nothing but white space behind it; one BOM in front is
 * skipped. Names are equal when pm_json_text() gives the same; the arena holds what that comparison
 * needs: escaped names and, beyond PM_JSON_FEW members, 32 bytes for each. */
void pm_json_open(struct pm_json *j, struct pm_slice doc, struct pm_arena *arena);

/* The inside of an object or array that came out of a scan; names may repeat here, as RFC 8259
 * allows. Any other type gives nothing. Offsets of faults count from the value. Each walk reads its
 * value once more: who goes down level by level pays for each level, PM_JSON_DEPTH at most. */
void pm_json_walk(struct pm_json *j, struct pm_json_value value);

/* The next member or element. false: no more, or a fault (then j->fault is set). */
bool pm_json_next(struct pm_json *j, struct pm_json_member *m);

/* A whole document of any type, names may repeat. `lenient` also takes raw control bytes in strings
 * and one comma before a closing bracket, as scripts inside pages have them. NULL: *value is the
 * document; otherwise what is wrong, and *fault_at says where. */
const char *pm_json_check(struct pm_slice doc, bool lenient, struct pm_json_value *value,
			  size_t *fault_at);

/* A string without its escapes: borrowed from the input where it has none, else in the arena.
 * \u0000 and lone surrogates become U+FFFD; *nul (may be NULL) says whether there was a \u0000.
 * Absent when the arena is full, or when the value is no string. */
struct pm_slice pm_json_text(struct pm_arena *arena, const struct pm_json_value *value, bool *nul);

/* false unless the value is a number whose exact value is an integer that fits: 200, 200.0, 2e2
 * and -0 are; 0.5, 1e19 and "200" are not. Nothing passes through floating point. */
bool pm_json_int(const struct pm_json_value *value, int64_t *out);

#endif
