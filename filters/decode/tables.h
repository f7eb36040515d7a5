/* filters/decode/tables.h -- the generated indexes, by the standard's pointers. */
#ifndef PM_FILTERS_DECODE_TABLES_H
#define PM_FILTERS_DECODE_TABLES_H

#include <stdint.h>

#include "filters/decode/charset.h"

/* By charset from IBM866 and by byte: up to three bytes of UTF-8 from the low end, their number in
 * bits 24 and 25, and bit 31 where the byte means nothing (then the bytes are U+FFFD). */
extern const uint32_t pm_charset_single[PM_CHARSET_X_USER_DEFINED - PM_CHARSET_IBM866 + 1][256];

/* Code points by pointer; 0 where there is none. */
extern const uint16_t pm_charset_big5[126 * 157];
extern const uint8_t pm_charset_big5_plane2[(126 * 157 + 7) / 8];      /* a bit: add 0x20000 */
extern const uint16_t pm_charset_gb18030[126 * 190];
extern const uint16_t pm_charset_euc_kr[126 * 190];
extern const uint16_t pm_charset_jis0208[60 * 188];
extern const uint16_t pm_charset_jis0212[94 * 94];

/* Four-byte GB18030 in the BMP: from `pointer` on, code points count up from `cp`. */
struct pm_gb_range {
	uint16_t pointer, cp;
};
enum { PM_GB_RANGES = 206, PM_GB_BMP = 39420 };
extern const struct pm_gb_range pm_gb_ranges[PM_GB_RANGES];

#endif
