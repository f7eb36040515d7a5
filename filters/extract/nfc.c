#include "filters/extract/nfc.h"

#include <string.h>

#include "core/utf8.h"
#include "unicode.inc"

/* Hangul syllables are composed by arithmetic (The Unicode Standard, 3.12). */
enum {
	S_BASE = 0xac00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11a7,
	L_COUNT = 19, V_COUNT = 21, T_COUNT = 28,
	N_COUNT = V_COUNT * T_COUNT, S_COUNT = L_COUNT * N_COUNT,
};

/* A code point and, in its highest byte, its combining class. */
enum { CCC_SHIFT = 24, POINT_MASK = (1 << CCC_SHIFT) - 1 };

struct pm_char_kind pm_char_kind(uint32_t cp)
{
	return kinds[stage2[stage1[cp >> 7]][cp & 127]];
}

static uint32_t with_ccc(uint32_t cp)
{
	return cp | (uint32_t)pm_char_kind(cp).ccc << CCC_SHIFT;
}

static size_t decompose(uint32_t cp, uint32_t *to)
{
	size_t low = 0, high = DECOMPOSED, n = 0;

	if (cp - S_BASE < S_COUNT) {
		uint32_t s = cp - S_BASE;

		to[n++] = L_BASE + s / N_COUNT;
		to[n++] = V_BASE + s % N_COUNT / T_COUNT;
		if (s % T_COUNT)
			to[n++] = T_BASE + s % T_COUNT;
		return n;
	}
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (decomposed[mid].cp < cp)
			low = mid + 1;
		else
			high = mid;
	}
	if (cp < 0xc0 || low == DECOMPOSED || decomposed[low].cp != cp) {
		to[0] = with_ccc(cp);
		return 1;
	}
	do
		to[n] = with_ccc(decomposed[low].to[n]);
	while (++n < 4 && decomposed[low].to[n]);
	return n;
}

/* Stable by combining class. A run may be as long as the text, so long ones are counted. */
static void sort_run(uint32_t *at, size_t n, uint32_t *spare)
{
	enum { INSERT_MAX = 24 };
	size_t start[257] = { 0 };

	if (n <= INSERT_MAX) {
		for (size_t i = 1; i < n; i++) {
			uint32_t x = at[i];
			size_t j = i;

			for (; j && at[j - 1] >> CCC_SHIFT > x >> CCC_SHIFT; j--)
				at[j] = at[j - 1];
			at[j] = x;
		}
		return;
	}
	for (size_t i = 0; i < n; i++)
		start[(at[i] >> CCC_SHIFT) + 1]++;
	for (size_t c = 1; c < 257; c++)
		start[c] += start[c - 1];
	for (size_t i = 0; i < n; i++)
		spare[start[at[i] >> CCC_SHIFT]++] = at[i];
	memcpy(at, spare, n * sizeof(*at));
}

static void sort_marks(uint32_t *at, size_t n, uint32_t *spare)
{
	for (size_t i = 0; i < n;) {
		size_t from = i;

		while (i < n && at[i] >> CCC_SHIFT)
			i++;
		if (i - from > 1)
			sort_run(at + from, i - from, spare);
		i += i == from;
	}
}

/* What `first` and `second` make together, or 0. */
static uint32_t pair(uint32_t first, uint32_t second)
{
	size_t low = 0, high = COMPOSED;

	if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
		return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
	if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 &&
	    second - T_BASE - 1 < T_COUNT - 1)
		return first + (second - T_BASE);
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (composed[mid].first < first ||
		    (composed[mid].first == first && composed[mid].second < second))
			low = mid + 1;
		else
			high = mid;
	}
	if (low < COMPOSED && composed[low].first == first && composed[low].second == second)
		return composed[low].cp;
	return 0;
}

static size_t compose(uint32_t *at, size_t n)
{
	size_t made = 0, starter = SIZE_MAX;
	uint32_t last_ccc = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t cp = at[i] & POINT_MASK, class = at[i] >> CCC_SHIFT, both = 0;

		/* Blocked by what stands between: a starter, or a mark of the same class or a
		 * higher. */
		if (starter != SIZE_MAX && (made - starter == 1 || (last_ccc && last_ccc < class)))
			both = pair(at[starter] & POINT_MASK, cp);
		if (both) {
			at[starter] = both;
			continue;
		}
		if (class == 0)
			starter = made;
		last_ccc = class;
		at[made++] = at[i];
	}
	return made;
}

struct pm_slice pm_nfc(struct pm_arena *a, struct pm_slice s)
{
	/* No character decomposes into more code points than it has bytes, but for a few two-byte
	 * ones that become three. */
	size_t room = s.len + s.len / 2 + 4, n = 0, len = 0;
	char *out = pm_arena_alloc(a, 3 * s.len + 1);
	uint32_t *at = PM_ARENA_NEW(a, uint32_t, room * 2);
	const char *p = s.ptr, *end = s.ptr + s.len;

	if (!out || !at)
		return (struct pm_slice){ 0 };
	while (p < end) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x80) {
			at[n++] = c;
			p++;
		} else {
			n += decompose(pm_utf8_next(&p, end), at + n);
		}
	}
	sort_marks(at, n, at + room);
	n = compose(at, n);
	for (size_t i = 0; i < n; i++)
		len += pm_utf8_put(out + len, at[i] & POINT_MASK);
	pm_arena_trim(a, at, 0);
	return pm_slice(out, len);
}

struct pm_slice pm_unicode_bytes(unsigned table)
{
	switch (table) {
	case 0: return pm_slice((const char *)kinds, sizeof(kinds));
	case 1: return pm_slice((const char *)stage1, sizeof(stage1));
	case 2: return pm_slice((const char *)stage2, sizeof(stage2));
	case 3: return pm_slice((const char *)decomposed, sizeof(decomposed));
	default: return pm_slice((const char *)composed, sizeof(composed));
	}
}
