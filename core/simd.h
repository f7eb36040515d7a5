/* core/simd.h -- which code path: SSE2, AVX2, or their portable twin that gives the same bytes. */
#ifndef PM_CORE_SIMD_H
#define PM_CORE_SIMD_H

#include <stdbool.h>

#if defined(__SSE2__)
#include <immintrin.h>
#define PM_SSE2 1
#else
#define PM_SSE2 0
#endif

/* Forces the portable twins. Set once at start, before any thread. */
extern bool pm_portable;

/* This machine has AVX2. false, until pm_simd_init looked. */
extern bool pm_avx2;

/* Sets both: the first when the environment has PAGEMILL_PORTABLE with anything but "" or "0". */
void pm_simd_init(void);

#define PM_USE_SSE2 (PM_SSE2 && !pm_portable)
#define PM_USE_AVX2 (PM_SSE2 && pm_avx2 && !pm_portable)
/* For functions that are called under PM_USE_AVX2 only: the rest is built for any x86-64. */
#define PM_TARGET_AVX2 __attribute__((target("avx2")))

#endif
