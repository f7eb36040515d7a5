/* filters/decode/guess.h -- which legacy encoding bytes without a usable declaration are in. */
#ifndef PM_FILTERS_DECODE_GUESS_H
#define PM_FILTERS_DECODE_GUESS_H

#include "filters/decode/charset.h"

/* Bytes that the guess looks at: a few hundred words tell as much as a whole page. */
enum { PM_GUESS_SAMPLE = 2048 };

/* Words of `body` that hold bytes beyond ASCII, separated by spaces, those between tags first; with
 * too few of these, those in tags too. Returns how many bytes of `to` it filled. */
size_t pm_guess_sample(struct pm_slice body, char to[PM_GUESS_SAMPLE]);

/* The best of UTF-8 (with faults), windows-125x, ISO-8859-2, KOI8-R, gb18030, Big5, EUC-KR, EUC-JP
 * and Shift_JIS; those among the `n` of `declared` have a head start (NONE has not). NONE: nothing
 * looks like text. */
enum pm_charset pm_guess(struct pm_slice sample, const enum pm_charset *declared, size_t n);

#endif
