#include "core/simd.h"

#include <stdlib.h>
#include <string.h>

bool pm_portable, pm_avx2;

void pm_simd_init(void)
{
	const char *s = getenv("PAGEMILL_PORTABLE");

	pm_portable = s && *s && strcmp(s, "0") != 0;
#if PM_SSE2
	pm_avx2 = __builtin_cpu_supports("avx2");
#endif
}
