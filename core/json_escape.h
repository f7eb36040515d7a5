/* core/json_escape.h -- the escapes of JSON strings, to be checked and to be resolved. */
#ifndef PM_CORE_JSON_ESCAPE_H
#define PM_CORE_JSON_ESCAPE_H

#include <stdint.h>

#include "core/slice.h"

/* The UTF-16 unit of \uXXXX at p, or -1 when that is not what stands there. */
static inline int32_t pm_json_unit(const char *p, const char *end)
{
	/* A digit's value beside a bit that says it is one. */
	enum { DIGIT = 16 };
	static const unsigned char hex[256] = {
		['0'] = DIGIT,	    ['1'] = DIGIT + 1,	['2'] = DIGIT + 2,  ['3'] = DIGIT + 3,
		['4'] = DIGIT + 4,  ['5'] = DIGIT + 5,	['6'] = DIGIT + 6,  ['7'] = DIGIT + 7,
		['8'] = DIGIT + 8,  ['9'] = DIGIT + 9,	['a'] = DIGIT + 10, ['b'] = DIGIT + 11,
		['c'] = DIGIT + 12, ['d'] = DIGIT + 13, ['e'] = DIGIT + 14, ['f'] = DIGIT + 15,
		['A'] = DIGIT + 10, ['B'] = DIGIT + 11, ['C'] = DIGIT + 12, ['D'] = DIGIT + 13,
		['E'] = DIGIT + 14, ['F'] = DIGIT + 15,
	};
	const unsigned char *u = (const unsigned char *)p;
	unsigned a, b, c, d;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	a = hex[u[2]];
	b = hex[u[3]];
	c = hex[u[4]];
	d = hex[u[5]];
	if (!(a & b & c & d & DIGIT))
		return -1;
	return (int32_t)((a & 15) << 12 | (b & 15) << 8 | (c & 15) << 4 | (d & 15));
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
