/* core/json_escape.h -- the escapes of JSON strings, to be checked and to be resolved. */
#ifndef PM_CORE_JSON_ESCAPE_H
#define PM_CORE_JSON_ESCAPE_H

#include <stdint.h>

#include "core/slice.h"

static inline int pm_hex_digit(char c)
{
	if ((unsigned char)(c - '0') < 10)
		return c - '0';
	c = pm_ascii_lower(c);
	return (unsigned char)(c - 'a') < 6 ? c - 'a' + 10 : -1;
}

/* The UTF-16 unit of \uXXXX at p, or -1 when that is not what stands there. */
static inline int32_t pm_json_unit(const char *p, const char *end)
{
	int32_t n = 0;
	int i, digit;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		digit = pm_hex_digit(p[i]);
		if (digit < 0)
			return -1;
		n = n << 4 | digit;
	}
	return n;
}

/* What the escape of a backslash and `c` stands for; 0: there is no such escape. A table, because
 * branches on what comes next in a page are mispredicted half of the time. */
static inline char pm_json_short(char c)
{
	static const char means[256] = {
		['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
		['f'] = '\f', ['n'] = '\n',	['r'] = '\r', ['t'] = '\t',
	};

	return means[(unsigned char)c];
}

#endif
