#include "core/json_write.h"

#include "core/simd.h"
#include "core/utf8.h"

enum {
	CHUNK = 256,            /* bytes that are written at one go */
	LONGEST = 6,            /* of an escape: \u00xx */
	BLOCK = 32,             /* bytes that SSE2 stores before it knows how many it meant */
};

/* The second byte of a two-byte escape, 'u' for the long form, 0 for what stands for itself. */
static inline char escape(unsigned char c)
{
	static const char below[32] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

	if (c < 0x20)
		return below[c];
	return c == '"' || c == '\\' ? (char)c : 0;
}

static inline char *put_byte(char *to, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	char second = escape(c);

	if (!second) {
		*to++ = (char)c;
		return to;
	}
	*to++ = '\\';
	*to++ = second;
	if (second == 'u') {
		*to++ = '0';
		*to++ = '0';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return to;
}

/* Both have room for LONGEST times the bytes, and BLOCK more; they return where they stopped. */
static char *put_portable(char *to, const char *p, const char *end)
{
	while (p < end)
		to = put_byte(to, (unsigned char)*p++);
	return to;
}

#if PM_SSE2
static inline unsigned escape_mask(__m128i x)
{
	const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x);
	const __m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
	const __m128i backslash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
}

static char *put_sse2(char *to, const char *p, const char *end)
{
	__m128i a, b;
	unsigned mask, n;

	while (end - p >= BLOCK) {
		a = _mm_loadu_si128((const __m128i *)p);
		b = _mm_loadu_si128((const __m128i *)(p + 16));
		_mm_storeu_si128((__m128i *)to, a);
		_mm_storeu_si128((__m128i *)(to + 16), b);
		mask = escape_mask(a) | escape_mask(b) << 16;
		n = mask ? (unsigned)__builtin_ctz(mask) : BLOCK;
		p += n;
		to += n;
		if (mask)
			to = put_byte(to, (unsigned char)*p++);
	}
	return put_portable(to, p, end);
}
#endif

static inline char *put(char *to, const char *p, const char *end)
{
#if PM_SSE2
	if (PM_USE_SSE2)
		return put_sse2(to, p, end);
#endif
	return put_portable(to, p, end);
}

static void put_valid(struct pm_buf *b, struct pm_slice s)
{
	char one[LONGEST], *to;
	size_t n, i;

	for (; s.len && !b->failed; s.ptr += n, s.len -= n) {
		n = s.len < CHUNK ? s.len : CHUNK;
		if (b->max - b->len >= LONGEST * n + BLOCK) {
			to = pm_buf_room(b, LONGEST * n + BLOCK);
			if (to)
				b->len = (size_t)(put(to, s.ptr, s.ptr + n) - b->ptr);
			continue;
		}
		/* Near the ceiling what fits is told byte by byte. */
		for (i = 0; i < n; i++)
			pm_buf_add(b, one, (size_t)(put_byte(one, (unsigned char)s.ptr[i]) - one));
	}
}

void pm_json_quote(struct pm_buf *b, struct pm_slice s)
{
	size_t valid;
	const char *at;

	pm_buf_char(b, '"');
	while (s.len) {
		valid = pm_utf8_valid(s);
		put_valid(b, pm_slice(s.ptr, valid));
		if (valid == s.len)
			break;
		at = s.ptr + valid;
		pm_utf8_next(&at, s.ptr + s.len);
		pm_buf_str(b, "\xef\xbf\xbd");
		s = pm_slice(at, s.len - (size_t)(at - s.ptr));
	}
	pm_buf_char(b, '"');
}

static void next(struct pm_jw *w)
{
	if (w->comma)
		pm_buf_char(w->buf, ',');
	w->comma = true;
}

static void begin(struct pm_jw *w, char bracket)
{
	next(w);
	pm_buf_char(w->buf, bracket);
	w->comma = false;
}

static void end(struct pm_jw *w, char bracket)
{
	pm_buf_char(w->buf, bracket);
	w->comma = true;
}

void pm_jw_object(struct pm_jw *w)
{
	begin(w, '{');
}

void pm_jw_object_end(struct pm_jw *w)
{
	end(w, '}');
}

void pm_jw_array(struct pm_jw *w)
{
	begin(w, '[');
}

void pm_jw_array_end(struct pm_jw *w)
{
	end(w, ']');
}

void pm_jw_key(struct pm_jw *w, const char *name)
{
	size_t len = strlen(name);
	char *to;

	next(w);
	w->comma = false;
	to = pm_buf_room(w->buf, len + 3);
	if (!to)
		return;
	to[0] = '"';
	memcpy(to + 1, name, len);
	memcpy(to + 1 + len, "\":", 2);
	w->buf->len += len + 3;
}

void pm_jw_key_slice(struct pm_jw *w, struct pm_slice name)
{
	next(w);
	pm_json_quote(w->buf, name);
	pm_buf_char(w->buf, ':');
	w->comma = false;
}

void pm_jw_string(struct pm_jw *w, struct pm_slice s)
{
	next(w);
	if (s.ptr)
		pm_json_quote(w->buf, s);
	else
		pm_buf_str(w->buf, "null");
}

/* Decimal, without locale and without printf. */
static void put_number(struct pm_buf *b, bool minus, uint64_t n, int decimals)
{
	char digits[24], *p = digits + sizeof(digits);
	int i;

	for (i = 0; n || i <= decimals; i++) {
		if (decimals && i == decimals)
			*--p = '.';
		*--p = (char)('0' + n % 10);
		n /= 10;
	}
	if (minus)
		*--p = '-';
	pm_buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void pm_jw_int(struct pm_jw *w, int64_t n)
{
	next(w);
	put_number(w->buf, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 0);
}

void pm_jw_uint(struct pm_jw *w, uint64_t n)
{
	next(w);
	put_number(w->buf, false, n, 0);
}

void pm_jw_fixed(struct pm_jw *w, int32_t n)
{
	next(w);
	put_number(w->buf, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 4);
}

void pm_jw_bool(struct pm_jw *w, bool b)
{
	next(w);
	pm_buf_str(w->buf, b ? "true" : "false");
}

void pm_jw_raw(struct pm_jw *w, struct pm_slice json)
{
	next(w);
	pm_buf_slice(w->buf, json);
}
