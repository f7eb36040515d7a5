/* core/escape.h -- bytes from outside, made fit for a line that a person reads. */
#ifndef PM_CORE_ESCAPE_H
#define PM_CORE_ESCAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/slice.h"

/* Whether a code point could move the cursor, start a new line, colour the terminal or turn the
 * direction of what follows: C0, DEL, C1, line and paragraph separators, bidirectional controls. */
bool pm_escape_needed(uint32_t cp);

/* Appends `s` without such code points: \n, \r and \t as these, other ASCII controls and bytes that
 * are not UTF-8 as \xNN, the rest as \uNNNN. After `max` bytes of `s`, between two code points, an
 * ellipsis stands for what is left. `quotes`: double quotes and backslashes are escaped too. */
void pm_escape(struct pm_buf *to, struct pm_slice s, size_t max, bool quotes);

#endif
