/* filters/decode/charset.h -- the encodings of the web, by the WHATWG Encoding Standard.
 *
 * Every encoding and label of the standard, decoders only. The tables are generated at build time
 * and linked in: nothing is read at run time. */
#ifndef PM_FILTERS_DECODE_CHARSET_H
#define PM_FILTERS_DECODE_CHARSET_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

/* In the standard's order; all encodings from IBM866 to X_USER_DEFINED are single-byte. */
enum pm_charset {
	PM_CHARSET_NONE,
	PM_CHARSET_UTF_8,
	PM_CHARSET_IBM866,
	PM_CHARSET_ISO_8859_2,
	PM_CHARSET_ISO_8859_3,
	PM_CHARSET_ISO_8859_4,
	PM_CHARSET_ISO_8859_5,
	PM_CHARSET_ISO_8859_6,
	PM_CHARSET_ISO_8859_7,
	PM_CHARSET_ISO_8859_8,
	PM_CHARSET_ISO_8859_8_I,
	PM_CHARSET_ISO_8859_10,
	PM_CHARSET_ISO_8859_13,
	PM_CHARSET_ISO_8859_14,
	PM_CHARSET_ISO_8859_15,
	PM_CHARSET_ISO_8859_16,
	PM_CHARSET_KOI8_R,
	PM_CHARSET_KOI8_U,
	PM_CHARSET_MACINTOSH,
	PM_CHARSET_WINDOWS_874,
	PM_CHARSET_WINDOWS_1250,
	PM_CHARSET_WINDOWS_1251,
	PM_CHARSET_WINDOWS_1252,
	PM_CHARSET_WINDOWS_1253,
	PM_CHARSET_WINDOWS_1254,
	PM_CHARSET_WINDOWS_1255,
	PM_CHARSET_WINDOWS_1256,
	PM_CHARSET_WINDOWS_1257,
	PM_CHARSET_WINDOWS_1258,
	PM_CHARSET_X_MAC_CYRILLIC,
	PM_CHARSET_X_USER_DEFINED,
	PM_CHARSET_GBK,
	PM_CHARSET_GB18030,
	PM_CHARSET_BIG5,
	PM_CHARSET_EUC_JP,
	PM_CHARSET_ISO_2022_JP,
	PM_CHARSET_SHIFT_JIS,
	PM_CHARSET_EUC_KR,
	PM_CHARSET_REPLACEMENT,
	PM_CHARSET_UTF_16BE,
	PM_CHARSET_UTF_16LE,
	PM_CHARSETS
};

/* By label: white space around it and ASCII case don't count. Unknown, empty or absent: NONE. */
enum pm_charset pm_charset_find(struct pm_slice label);

/* The standard's name ("windows-1252"); static. NONE has the name "none". */
const char *pm_charset_name(enum pm_charset charset);

/* Most bytes of UTF-8 that one byte of input can become, in any charset. */
#define PM_CHARSET_GROWTH 3

/* UTF-8 in the arena, always valid; absent when the arena is full, and then the arena is as it was.
 * Each malformed sequence becomes one U+FFFD as the standard's decoders do it, and is counted in
 * *errors (not NULL). A BOM is decoded like any character and NUL stays: callers take care of both.
 * NONE decodes as windows-1252. */
__attribute__((warn_unused_result)) struct pm_slice pm_charset_decode(enum pm_charset charset,
	struct pm_slice bytes, struct pm_arena *a, size_t *errors);

#endif
