/* core/simd.h -- which code path: SSE2, or its portable twin that gives the same bytes. */
#ifndef PM_CORE_SIMD_H
#define PM_CORE_SIMD_H

#include <stdbool.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#define PM_SSE2 1
#else
#define PM_SSE2 0
#endif

/* Forces the portable twins. Set once at start, before any thread. */
extern bool pm_portable;

/* Sets it when the environment has PAGEMILL_PORTABLE with anything but "" or "0". */
void pm_simd_init(void);

#define PM_USE_SSE2 (PM_SSE2 && !pm_portable)

#endif
