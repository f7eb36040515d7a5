#include "core/simd.h"

#include <stdlib.h>
#include <string.h>

bool pm_portable;

void pm_simd_init(void)
{
	const char *s = getenv("PAGEMILL_PORTABLE");

	pm_portable = s && *s && strcmp(s, "0") != 0;
}
