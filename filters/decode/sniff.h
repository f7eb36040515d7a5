/* filters/decode/sniff.h -- which encoding a page is in, and the rule that said so.
 *
 * The order: a byte order mark; a declared ISO-2022-JP or UTF-16 that the bytes bear out; UTF-8
 * that is valid over the whole body; the first declaration (HTTP, meta, XML) that fewer than one
 * byte in a thousand contradicts; a guess; windows-1252. */
#ifndef PM_FILTERS_DECODE_SNIFF_H
#define PM_FILTERS_DECODE_SNIFF_H

#include "filters/decode/charset.h"

struct pm_sniffed {
	enum pm_charset charset;
	const char *rule;       /* bom, utf-8, http, meta, xml, guess or fallback; static */
	struct pm_slice rest;   /* the body without its byte order mark */
	bool valid;             /* `rest` is valid UTF-8 as it is */
	struct pm_slice text;   /* UTF-8 in the arena when deciding meant decoding; else absent */
};

/* `content_type` is the HTTP header's value or absent. false: the arena is full. */
__attribute__((warn_unused_result))
bool pm_sniff(struct pm_slice body, struct pm_slice content_type, struct pm_arena *a,
	      struct pm_sniffed *found);

#endif
