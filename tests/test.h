/* tests/test.h -- the whole of a unit test's needs: CHECK, and a count at the end.
 *
 *	static void adds(void) { CHECK(1 + 1 == 2); }
 *	int main(void) { RUN(adds); return DONE(); } */
#ifndef PM_TESTS_TEST_H
#define PM_TESTS_TEST_H

#include <stdio.h>
#include <string.h>

static int pm_test_checks, pm_test_failed;

#define CHECK(cond)                                                                        \
	do {                                                                               \
		pm_test_checks++;                                                          \
		if (!(cond)) {                                                             \
			pm_test_failed++;                                                  \
			printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #cond);          \
		}                                                                          \
	} while (0)

/* Compares a slice with a string, and shows both when they differ. */
#define CHECK_SLICE(s, str)                                                                \
	do {                                                                               \
		struct pm_slice got_ = (s);                                                \
		const char *want_ = (str);                                                 \
		pm_test_checks++;                                                          \
		if (got_.ptr == NULL || got_.len != strlen(want_) ||                       \
		    memcmp(got_.ptr, want_, got_.len) != 0) {                              \
			pm_test_failed++;                                                  \
			printf("%s:%d: got \"%.*s\", want \"%s\"\n", __FILE__, __LINE__,   \
			       (int)got_.len, got_.ptr ? got_.ptr : "", want_);            \
		}                                                                          \
	} while (0)

#define RUN(fn) (fn())

#define DONE()                                                                             \
	(printf("%s: %d checks, %d failed\n", __FILE__, pm_test_checks, pm_test_failed),   \
	 pm_test_failed != 0 || pm_test_checks == 0)

#endif
