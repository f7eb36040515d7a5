#include "filters/repair/chars.h"

#define PM_REPAIR_KINDS
#include "repair_chars.inc"

enum { TABLED = sizeof(others) / sizeof(*others) };

enum pm_letter pm_letter_beyond(uint32_t cp)
{
	if ((cp >= 0x2c00 && cp < 0x2e00) || (cp >= 0x2e80 && cp < 0x3000) ||
	    (cp >= 0x3040 && cp < 0xd800) || (cp >= 0xf900 && cp < 0xfe00) ||
	    (cp >= 0xff66 && cp < 0xffdd) || (cp >= 0x20000 && cp < 0xe0000))
		return PM_LETTER_OTHER;
	return PM_LETTER_NOT;
}

uint32_t pm_other_case_beyond(uint32_t cp)
{
	return cp < TABLED && others[cp] ? others[cp] : cp;
}

struct pm_slice pm_letter_bytes(void)
{
	return pm_slice((const char *)others, sizeof(others));
}
