/* The buffer at its ceiling: 0, max, max + 1, SIZE_MAX; a failure sticks and changes nothing. */
#include "core/buf.h"

#include "tests/test.h"

static void test_empty(void)
{
	struct pm_buf b = { .max = 4 };

	CHECK_SLICE(pm_buf_get(&b), "");
	CHECK(pm_buf_add(&b, "", 0) && pm_buf_add(&b, NULL, 0) && pm_buf_str(&b, ""));
	CHECK(pm_buf_slice(&b, (struct pm_slice){ 0 }));
	CHECK(b.len == 0 && !b.failed);
	pm_buf_free(&b);
}

static void test_ceiling(void)
{
	struct pm_buf b = { .max = 4 };

	CHECK(pm_buf_add(&b, "abcd", 4));
	CHECK(pm_buf_add(&b, "", 0));
	CHECK(!pm_buf_char(&b, 'e') && b.failed);
	CHECK_SLICE(pm_buf_get(&b), "abcd");
	/* What would fit is refused too, until the reset. */
	CHECK(!pm_buf_add(&b, "", 0) && !pm_buf_printf(&b, "%s", "") && !pm_buf_room(&b, 0));
	pm_buf_reset(&b);
	CHECK(!b.failed && b.len == 0 && b.cap >= 4);
	CHECK(!pm_buf_add(&b, "abcde", 5) && b.len == 0);
	pm_buf_free(&b);
	CHECK(b.ptr == NULL && b.cap == 0 && b.max == 4 && !b.failed);
}

static void test_zero_max(void)
{
	struct pm_buf b = { 0 };

	CHECK(pm_buf_add(&b, "", 0));
	CHECK(!pm_buf_char(&b, 'a') && b.failed);
	pm_buf_free(&b);
}

static void test_huge(void)
{
	struct pm_buf b = { .max = 64 };

	CHECK(pm_buf_room(&b, SIZE_MAX) == NULL && b.failed);
	pm_buf_reset(&b);
	CHECK(pm_buf_char(&b, 'a'));
	CHECK(pm_buf_room(&b, SIZE_MAX) == NULL);       /* len + more would wrap to 0 */
	pm_buf_reset(&b);
	CHECK(pm_buf_room(&b, SIZE_MAX - 1) == NULL);
	CHECK(b.len == 0);
	pm_buf_free(&b);
}

/* Growth by doubling passes powers of two and ends at a ceiling that is none. */
static void test_growth(void)
{
	enum { MAX = 100003 };
	struct pm_buf b = { .max = MAX };
	size_t wrong = 0;

	for (size_t i = 0; i < MAX; i++)
		wrong += !pm_buf_char(&b, (char)(i % 251));
	CHECK(wrong == 0 && b.len == MAX);
	CHECK(!pm_buf_char(&b, 'x') && b.len == MAX);
	for (size_t i = 0; i < MAX; i++)
		wrong += b.ptr[i] != (char)(i % 251);
	CHECK(wrong == 0);
	pm_buf_free(&b);
}

static void test_printf(void)
{
	struct pm_buf b = { .max = 300 };

	CHECK(pm_buf_printf(&b, "%s-%d", "a", -5));
	CHECK(pm_buf_printf(&b, "%0250d", 7));
	CHECK(b.len == 254 && memcmp(b.ptr, "a--5000", 7) == 0 && b.ptr[253] == '7');
	CHECK(!pm_buf_printf(&b, "%0250d", 7) && b.len == 254);
	pm_buf_free(&b);
}

static void test_room(void)
{
	struct pm_buf b = { .max = 1000 };
	char *at = pm_buf_room(&b, 1000);

	CHECK(at != NULL && b.len == 0);
	if (at)
		memset(at, 'x', 1000);
	b.len = 999;
	CHECK(pm_buf_room(&b, 1) == b.ptr + 999);
	CHECK(pm_buf_room(&b, 2) == NULL && b.failed);
	pm_buf_free(&b);
}

int main(void)
{
	RUN(test_empty);
	RUN(test_ceiling);
	RUN(test_zero_max);
	RUN(test_huge);
	RUN(test_growth);
	RUN(test_printf);
	RUN(test_room);
	return DONE();
}
