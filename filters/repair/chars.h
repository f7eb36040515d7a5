/* filters/repair/chars.h -- letters and their case, as repairs see them: whatever the locale. */
#ifndef PM_FILTERS_REPAIR_CHARS_H
#define PM_FILTERS_REPAIR_CHARS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/utf8.h"

enum pm_letter {
	PM_LETTER_NOT,
	PM_LETTER_LOWER,
	PM_LETTER_UPPER,
	PM_LETTER_OTHER,        /* of a script without case */
	PM_LETTER_MARK,
	PM_LETTER_DIGIT,
};

/* Of the characters below PM_TRAITS: the kind of letter, and whether it can begin or go on a
 * misread sequence, or is a quotation mark. */
enum {
	PM_TRAITS = 0x2600,
	PM_TRAIT_KIND = 7,
	PM_TRAIT_LEAD = 8,
	PM_TRAIT_TRAIL = 16,
	PM_TRAIT_QUOTE = 32
};
extern const uint8_t pm_char_traits[PM_TRAITS];

/* The same for those above. */
enum pm_letter pm_letter_beyond(uint32_t cp);
uint32_t pm_other_case_beyond(uint32_t cp);

/* What the character is. Above U+1FFF no script has case that repairs touch. */
static inline enum pm_letter pm_letter(uint32_t cp)
{
	if (cp >= 0x80)
		return cp < PM_TRAITS ? (enum pm_letter)(pm_char_traits[cp] & PM_TRAIT_KIND)
				      : pm_letter_beyond(cp);
	if ((cp | 0x20) - 'a' < 26)
		return cp & 0x20 ? PM_LETTER_LOWER : PM_LETTER_UPPER;
	return cp - '0' < 10 ? PM_LETTER_DIGIT : PM_LETTER_NOT;
}

/* The letter's other case, of as many bytes in UTF-8; `cp` itself where there is none. */
static inline uint32_t pm_other_case(uint32_t cp)
{
	if (cp >= 0x80)
		return pm_other_case_beyond(cp);
	return (cp | 0x20) - 'a' < 26 ? cp ^ 0x20 : cp;
}

/* A lower-case letter for an upper-case one, anything else as it is. */
static inline uint32_t pm_fold(uint32_t cp)
{
	return pm_letter(cp) == PM_LETTER_UPPER ? pm_other_case(cp) : cp;
}

/* The tables as bytes to digest. */
struct pm_slice pm_letter_bytes(void);

/* Whether the byte is one of the `n` from `low` on. */
static inline bool pm_within(char b, char low, unsigned n)
{
	return (unsigned)((unsigned char)b - (unsigned char)low) < n;
}

/* The character at `p`, 0 at `end`. */
static inline uint32_t pm_char_at(const char *p, const char *end)
{
	if (p >= end)
		return 0;
	return (unsigned char)*p < 0x80 ? (unsigned char)*p : pm_utf8_next(&p, end);
}

/* Where the character before `p` begins; `begin` where there is none. */
static inline const char *pm_char_back(const char *p, const char *begin)
{
	if (p > begin)
		p--;
	while (p > begin && ((unsigned char)*p & 0xc0) == 0x80)
		p--;
	return p;
}

/* The character before `p`, 0 at `begin`. */
static inline uint32_t pm_char_before(const char *p, const char *begin)
{
	return p > begin ? pm_char_at(pm_char_back(p, begin), p) : 0;
}

static inline bool pm_is_cased(enum pm_letter kind)
{
	return kind == PM_LETTER_LOWER || kind == PM_LETTER_UPPER;
}

static inline bool pm_is_letter(enum pm_letter kind)
{
	return kind >= PM_LETTER_LOWER && kind <= PM_LETTER_MARK;
}

#endif
