#include "core/base64.h"

#include "core/simd.h"
#include "tests/test.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static struct pm_arena arena;

static enum pm_base64 decode(const char *in, struct pm_slice *out)
{
	pm_arena_reset(&arena);
	return pm_base64_decode(&arena, pm_slice_str(in), out);
}

static void is(const char *in, const char *want)
{
	struct pm_slice out;

	CHECK(decode(in, &out) == PM_BASE64_OK);
	CHECK_SLICE(out, want);
}

static void bad(const char *in)
{
	struct pm_slice out;

	CHECK(decode(in, &out) == PM_BASE64_BAD);
	CHECK(out.ptr == NULL);
}

/* RFC 4648 section 10. */
static void known_answers(void)
{
	is("", "");
	is("Zg==", "f");
	is("Zm8=", "fo");
	is("Zm9v", "foo");
	is("Zm9vYg==", "foob");
	is("Zm9vYmE=", "fooba");
	is("Zm9vYmFy", "foobar");
	is("+/+/", "\xfb\xff\xbf");
}

static void padding_is_whole_or_absent(void)
{
	is("Zg", "f");
	is("Zm8", "fo");
	is("Zm9vYg", "foob");
	is("Zg=\n=\n", "f");
	bad("Zg=");
	bad("Zg===");
	bad("Zm8==");
	bad("Zm9v=");
	bad("Zm9v====");
	bad("=");
	bad("====");
	bad("Z");
	bad("Z===");
	bad("Zm9vY");
	bad("Zg==Zg==");
	bad("Zg==x");
}

static void bits_behind_the_last_byte_are_zero(void)
{
	bad("Zh==");
	bad("Zh");
	bad("Zm9=");
	bad("Zm9");
}

static void white_space_may_stand_anywhere(void)
{
	is(" \t\r\n\f", "");
	is("Zm9v\r\nYmFy\r\n", "foobar");
	is("Z m\t9\nv\rY\fg =\r\n= ", "foob");
}

static void nothing_else_is_base64(void)
{
	char in[8];
	struct pm_slice out;
	int c, at;

	memset(in, 'A', sizeof(in));
	for (c = 0; c < 256; c++)
		for (at = 0; at < 8; at++) {
			if (memchr(alphabet, c, 64) || pm_ascii_space((char)c) ||
			    (c == '=' && at == 7))
				continue;
			in[at] = (char)c;
			pm_arena_reset(&arena);
			CHECK(pm_base64_decode(&arena, pm_slice(in, 8), &out) == PM_BASE64_BAD);
			in[at] = 'A';
		}
	bad("Zm9v-_");
}

static void every_value_in_every_place(void)
{
	char in[5] = "";
	struct pm_slice out;
	unsigned v, at, want, wrong = 0;

	for (at = 0; at < 4; at++)
		for (v = 0; v < 64; v++) {
			want = v << (18 - 6 * at);
			memcpy(in, "AAAA", 5);
			in[at] = alphabet[v];
			wrong += decode(in, &out) != PM_BASE64_OK || out.len != 3 ||
				 (unsigned char)out.ptr[0] != (want >> 16 & 255) ||
				 (unsigned char)out.ptr[1] != (want >> 8 & 255) ||
				 (unsigned char)out.ptr[2] != (want & 255);
		}
	CHECK(wrong == 0);
}

/* Bytes of every value, as their digits; returns how many digits. */
static size_t digits_of(size_t len, unsigned seed, unsigned char *bytes, char *in)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(i * 37 + seed * 101);
	bytes[len] = bytes[len + 1] = 0;
	for (; n * 6 < len * 8; n++) {
		unsigned two = (unsigned)bytes[n * 6 / 8] << 8 | bytes[n * 6 / 8 + 1];

		in[n] = alphabet[two >> (10 - n * 6 % 8) & 63];
	}
	return n;
}

static bool gives(const char *in, size_t n, const unsigned char *bytes, size_t len)
{
	struct pm_slice out;

	pm_arena_reset(&arena);
	return pm_base64_decode(&arena, pm_slice(in, n), &out) == PM_BASE64_OK && out.len == len &&
	       (len == 0 || memcmp(out.ptr, bytes, len) == 0);
}

/* Sixteen digits are a step of the fast path, twenty the least that it begins with. */
static void long_runs_decode_alike(void)
{
	unsigned char bytes[128];
	struct pm_slice out;
	char in[160], broken[160];
	size_t n;

	for (size_t len = 0; len <= 100; len++)
		for (unsigned seed = 0; seed < 8; seed++) {
			n = digits_of(len, seed, bytes, in);
			CHECK(gives(in, n, bytes, len));
		}
	n = digits_of(60, 3, bytes, in);
	for (size_t at = 0; at < n; at++) {
		memcpy(broken, in, n);
		for (int c = 0; c < 256; c++) {
			broken[at] = (char)c;
			if (memchr(alphabet, c, 64) || pm_ascii_space((char)c) ||
			    (c == '=' && at == n - 1))
				continue;
			pm_arena_reset(&arena);
			CHECK(pm_base64_decode(&arena, pm_slice(broken, n), &out) == PM_BASE64_BAD);
		}
		memmove(broken + at + 1, in + at, n - at);
		broken[at] = '\n';
		CHECK(gives(broken, n + 1, bytes, 60));
	}
}

static void a_full_arena_says_so(void)
{
	struct pm_arena small;
	struct pm_slice out;
	char in[8192];

	memset(in, 'A', sizeof(in));
	CHECK(pm_arena_open(&small, 4096) == 0);
	CHECK(pm_base64_decode(&small, pm_slice(in, sizeof(in)), &out) == PM_BASE64_FULL);
	CHECK(out.ptr == NULL);
	pm_arena_close(&small);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 1 << 20) == 0);
	pm_simd_init();
	for (int twin = 0; twin < 3; twin++) {
		pm_portable = twin == 1;
		pm_avx2 &= twin < 2;
		RUN(known_answers);
		RUN(padding_is_whole_or_absent);
		RUN(bits_behind_the_last_byte_are_zero);
		RUN(white_space_may_stand_anywhere);
		RUN(nothing_else_is_base64);
		RUN(every_value_in_every_place);
		RUN(long_runs_decode_alike);
		RUN(a_full_arena_says_so);
	}
	pm_arena_close(&arena);
	return DONE();
}
