/* What scanned values mean: strings without their escapes, numbers as integers. */
#include "core/json_scan.h"

#include "core/json_escape.h"
#include "core/simd.h"
#include "core/utf8.h"

/* Where a resolution stands; what is written never outruns what was read, so that `to` has room. */
struct reader {
	const char *p, *end;
	char *to;
	bool nul;
};

/* Both copy up to the next backslash or the end. */
static inline void plain_portable(struct reader *r)
{
	size_t left = (size_t)(r->end - r->p), n;
	const char *stop = left ? memchr(r->p, '\\', left) : NULL;

	n = stop ? (size_t)(stop - r->p) : left;
	memcpy(r->to, r->p, n);
	r->p += n;
	r->to += n;
}

#if PM_SSE2
static inline void plain_sse2(struct reader *r)
{
	const __m128i backslash = _mm_set1_epi8('\\');
	__m128i a, b;
	unsigned mask, n;

	while (r->end - r->p >= 32) {
		a = _mm_loadu_si128((const __m128i *)r->p);
		b = _mm_loadu_si128((const __m128i *)(r->p + 16));
		_mm_storeu_si128((__m128i *)r->to, a);
		_mm_storeu_si128((__m128i *)(r->to + 16), b);
		mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, backslash)) |
		       (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(b, backslash)) << 16;
		n = mask ? (unsigned)__builtin_ctz(mask) : 32;
		r->p += n;
		r->to += n;
		if (mask)
			return;
	}
	plain_portable(r);
}
#endif

/* The escape at p, which may be a pair of surrogates; alone they are no character. */
static inline void one_escape(struct reader *r)
{
	char c = r->end - r->p >= 2 ? pm_json_short(r->p[1]) : 0;
	int32_t cp, low;

	if (c) {
		*r->to++ = c;
		r->p += 2;
		return;
	}
	cp = pm_json_unit(r->p, r->end);
	if (cp < 0) {
		/* Not for values of a scan; for any other the backslash stands for itself. */
		*r->to++ = *r->p++;
		return;
	}
	r->p += 6;
	if (cp == 0) {
		r->nul = true;
		cp = PM_UTF8_BAD;
	}
	if (cp >= 0xd800 && cp < 0xdc00) {
		low = pm_json_unit(r->p, r->end);
		if (low >= 0xdc00 && low < 0xe000) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			r->p += 6;
		}
	}
	r->to += pm_utf8_put(r->to, (uint32_t)cp);
}

/* The escapes at p: often several, of indented pages and of text in \u alone. */
static inline void escapes(struct reader *r)
{
	do
		one_escape(r);
	while (r->p < r->end && *r->p == '\\');
}

static void resolve_portable(struct reader *r)
{
	for (plain_portable(r); r->p < r->end; plain_portable(r))
		escapes(r);
}

#if PM_SSE2
static void resolve_sse2(struct reader *from)
{
	struct reader r = *from;

	for (plain_sse2(&r); r.p < r.end; plain_sse2(&r))
		escapes(&r);
	*from = r;
}
#endif

static void resolve(struct reader *r)
{
#if PM_SSE2
	if (PM_USE_SSE2) {
		resolve_sse2(r);
		return;
	}
#endif
	resolve_portable(r);
}

struct pm_slice pm_json_text(struct pm_arena *arena, const struct pm_json_value *value, bool *nul)
{
	struct pm_slice raw = value->raw;
	struct reader r;
	char *text;

	if (nul)
		*nul = false;
	if (value->type != PM_JSON_STRING || !raw.ptr)
		return (struct pm_slice){ 0 };
	if (!value->escaped)
		return raw;
	text = pm_arena_alloc(arena, raw.len);
	if (!text)
		return (struct pm_slice){ 0 };
	r = (struct reader){ .p = raw.ptr, .end = raw.ptr + raw.len, .to = text };
	resolve(&r);
	if (nul)
		*nul = r.nul;
	pm_arena_trim(arena, text, (size_t)(r.to - text));
	return pm_slice(text, (size_t)(r.to - text));
}

/* A number's digits up to the last that is not 0, as an integer, and the power of ten beside it. */
struct decimal {
	uint64_t digits;
	int64_t exponent;
};

static bool shift(uint64_t *n, int64_t tens)
{
	/* Every power up to 10^19 fits; zero may be shifted for ever. */
	if (*n == 0)
		return true;
	if (tens > 19)
		return false;
	for (; tens > 0; tens--)
		if (__builtin_mul_overflow(*n, (uint64_t)10, n))
			return false;
	return true;
}

/* The digits with their point, from p; false: more than 64 bits. */
static bool mantissa(const char **at, const char *end, struct decimal *d)
{
	int64_t place = 0, last = 0;    /* powers of ten, counted down from the first digit */
	int64_t whole = 0;              /* digits before the point */
	const char *p = *at;
	bool point = false;

	for (; p < end; p++) {
		unsigned digit = (unsigned char)(*p - '0');

		if (*p == '.') {
			point = true;
			continue;
		}
		if (digit > 9)
			break;
		place++;
		whole += !point;
		if (!digit)
			continue;
		if (!shift(&d->digits, place - last) ||
		    __builtin_add_overflow(d->digits, (uint64_t)digit, &d->digits))
			return false;
		last = place;
	}
	d->exponent = whole - last;
	*at = p;
	return true;
}

static int64_t exponent(const char *p, const char *end)
{
	/* Far more than a document has digits, far less than would overflow. */
	const int64_t most = INT64_C(1) << 56;
	bool minus = false;
	int64_t n = 0;

	if (p == end)
		return 0;
	p++;
	if (p < end && (*p == '+' || *p == '-'))
		minus = *p++ == '-';
	for (; p < end; p++)
		n = n < most ? n * 10 + (*p - '0') : n;
	return minus ? -n : n;
}

bool pm_json_int(const struct pm_json_value *value, int64_t *out)
{
	const char *p = value->raw.ptr, *end;
	struct decimal d = { 0 };
	bool minus;

	if (value->type != PM_JSON_NUMBER || !value->raw.len)
		return false;
	end = p + value->raw.len;
	minus = *p == '-';
	p += minus;
	if (!mantissa(&p, end, &d))
		return false;
	d.exponent += exponent(p, end);
	if (d.digits && d.exponent < 0)
		return false;
	if (!shift(&d.digits, d.exponent) || d.digits > (uint64_t)INT64_MAX + minus)
		return false;
	*out = minus ? (int64_t)(0 - d.digits) : (int64_t)d.digits;
	return true;
}
