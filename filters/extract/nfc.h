/* filters/extract/nfc.h -- what a character is to text: shown or not, white space, and Unicode's
 * Normalization Form C (UAX #15), by the tables of Debian's unicode-data. */
#ifndef PM_FILTERS_EXTRACT_NFC_H
#define PM_FILTERS_EXTRACT_NFC_H

#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum pm_char_action {
	PM_CHAR_PLAIN,
	PM_CHAR_SPACE,          /* white space of any width, the no-break ones included */
	PM_CHAR_LINE,           /* U+0085, U+2028, U+2029 */
	PM_CHAR_DROP,           /* a control or format character that shows nothing */
	PM_CHAR_JOINER,         /* U+200C, U+200D: kept where scripts and emoji need them */
	PM_CHAR_TAG,            /* U+E0020 to U+E007F: kept in a flag */
};

enum pm_nfc_check { PM_NFC_YES, PM_NFC_NO, PM_NFC_MAYBE };

struct pm_char_kind {
	uint8_t ccc;            /* canonical combining class */
	uint8_t check;          /* enum pm_nfc_check */
	uint8_t action;         /* enum pm_char_action */
};

/* `cp` up to 0x10ffff. */
struct pm_char_kind pm_char_kind(uint32_t cp);

/* NFC of `s`, which is valid UTF-8, in at most three times its bytes from the arena; absent when
 * that is full. Linear in s.len. */
struct pm_slice pm_nfc(struct pm_arena *a, struct pm_slice s);

/* Every table that can change a result, as bytes to digest. */
struct pm_slice pm_unicode_bytes(unsigned table);
enum { PM_UNICODE_TABLES = 5 };

#endif
