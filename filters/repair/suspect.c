/* Whether a page gives any reason to look at the case of its words, told from their beginnings: a
 * word in small letters that the page, or the list, has as a name. Most pages give none, and are
 * done with then. */
#include <string.h>

#include "core/simd.h"
#include "filters/repair/steps.h"
#include "filters/repair/word_hash.h"

enum { STEP = 16, LEAST = 4 /* bytes of a word that is looked at */, TIMES = 3 };

static bool test(const uint64_t *set, uint32_t bit)
{
	return set[bit >> 6] >> (bit & 63) & 1;
}

/* Counts up to three in as many sets. Whether that, or another with the same bit, is reached. */
static bool count(uint64_t (*sets)[PM_SUSPECT_WORDS], uint32_t hash)
{
	uint32_t bit = hash >> PM_SUSPECT_SHIFT;
	uint64_t mask = UINT64_C(1) << (bit & 63);

	for (unsigned i = 0; i < TIMES; i++) {
		if (!(sets[i][bit >> 6] & mask)) {
			sets[i][bit >> 6] |= mask;
			return i + 1 == TIMES;
		}
	}
	return true;
}

static bool frequent(const struct pm_suspects *s, uint32_t hash)
{
	for (unsigned i = 0; i < s->frequent; i++)
		if (s->frequent_hash[i] == hash)
			return true;
	return s->frequent == PM_SUSPECT_FREQUENT;
}

/* Which of 16 bytes can be of a word, and which of them are capital letters of ASCII. */
static unsigned letters16(const char *p, unsigned *upper)
{
	unsigned letters = 0;

#if PM_SSE2
	if (!pm_portable) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		__m128i up = _mm_sub_epi8(x, _mm_set1_epi8('A'));
		__m128i low =
			_mm_sub_epi8(_mm_or_si128(x, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));

		up = _mm_cmpeq_epi8(_mm_min_epu8(up, _mm_set1_epi8(25)), up);
		low = _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8(25)), low);
		*upper = (unsigned)_mm_movemask_epi8(up);
		return (unsigned)(_mm_movemask_epi8(low) | _mm_movemask_epi8(x));
	}
#endif
	*upper = 0;
	for (unsigned i = 0; i < STEP; i++) {
		unsigned char b = (unsigned char)p[i];

		letters |= (unsigned)(b >= 0x80 || pm_within((char)(b | 0x20), 'a', 26)) << i;
		*upper |= (unsigned)(pm_within((char)b, 'A', 26)) << i;
	}
	return letters;
}

/* The places of a stretch where words begin, from block to block. */
struct starts {
	const char *p, *end;    /* the block, and where the stretch ends */
	unsigned left, upper;   /* places that are still to come; which of all are capitals */
	bool inside;            /* the last block ended in a word */
	char tail[2 * STEP];    /* the last bytes, with zeros behind */
};

static void block(struct starts *s)
{
	const char *at = s->p;
	unsigned letters;

	if (s->end - s->p < STEP) {
		memset(s->tail, 0, sizeof(s->tail));
		memcpy(s->tail, s->p, (size_t)(s->end - s->p));
		at = s->tail;
	}
	letters = letters16(at, &s->upper);
	s->left = letters & ~(letters << 1 | s->inside);
	s->inside = letters >> (STEP - 1) & 1;
}

static void begin(struct starts *s, const char *p, const char *end)
{
	s->p = p;
	s->end = end;
	s->inside = false;
	s->left = 0;
	if (p < end)
		block(s);
}

/* NULL: none is left. */
static inline const char *next(struct starts *s, bool *upper)
{
	unsigned i;

	while (!s->left) {
		if (s->end - s->p <= STEP)
			return NULL;
		s->p += STEP;
		block(s);
	}
	i = (unsigned)__builtin_ctz(s->left);
	s->left &= s->left - 1;
	*upper = s->upper >> i & 1;
	return s->p + i;
}

/* Four bytes of a word from its beginning, as if that were small. */
static inline uint32_t key_at(const char *p, bool upper)
{
	uint32_t four = pm_prefix_four(p);

	return pm_prefix_bit(upper ? four | 0x20 : four);
}

/* The same for a word that begins beyond ASCII: its first letter folded, four bytes behind it.
 * *upper is whether it was a capital. */
static bool key_beyond(const char *p, const char *end, uint32_t *key, bool *upper)
{
	uint32_t cp = pm_utf8_next(&p, end);
	enum pm_letter kind = pm_letter(cp);

	if (!pm_is_cased(kind) || end - p < 4)
		return false;
	*upper = kind == PM_LETTER_UPPER;
	*key = pm_prefix_bit(pm_prefix_beyond(*upper ? pm_other_case(cp) : cp, pm_prefix_four(p)));
	return true;
}

/* A word, read to its end. */
struct seen {
	const char *begin, *end;
	uint32_t hash;
	unsigned uppers;        /* behind the first letter */
	bool upper;
};

static struct seen read_word(const char *p, const char *end)
{
	struct seen w = { .begin = p, .end = p };
	uint32_t h = PM_HASH_BEGIN;

	while (w.end < end) {
		const char *q = w.end;
		unsigned char b = (unsigned char)*q;
		uint32_t cp = b;
		enum pm_letter kind;

		if (b < 0x80) {
			q++;
			if (!pm_within((char)(b | 0x20), 'a', 26))
				break;
			kind = b & 0x20 ? PM_LETTER_LOWER : PM_LETTER_UPPER;
		} else {
			cp = pm_utf8_next(&q, end);
			kind = pm_letter(cp);
			if (!pm_is_letter(kind))
				break;
		}
		if (kind == PM_LETTER_UPPER) {
			if (w.end == p)
				w.upper = true;
			else
				w.uppers++;
			cp = pm_other_case(cp);
		}
		h = pm_hash_char(h, cp);
		w.end = q;
	}
	w.hash = pm_hash_end(h);
	return w;
}

/* Whether what stands before a word says that no sentence begins with it. */
static bool mid_sentence(const char *p, const char *begin)
{
	unsigned char b;

	if (p - begin < 2 || (p[-1] != ' ' && p[-1] != '-'))
		return false;
	b = (unsigned char)p[-2];
	return b >= 0x80 || b == ',' || pm_within((char)(b | 0x20), 'a', 26) ||
	       pm_within((char)b, '0', 10);
}

enum {
	SEARCHES = 16,          /* in a page's text, at most: what is in doubt then is suspected */
	WORD_MOST = 40,         /* bytes of a word that is searched for */
};

/* Whether the stretch has the word twice or more as it stands, between spaces: then it is one in
 * small letters, and no pair proves otherwise. Only in the page's own text, which its words are gathered from. */
static bool repeats(struct pm_suspects *s, const struct seen *w, const char *p, const char *end)
{
	char needle[WORD_MOST + 2];
	size_t len = (size_t)(w->end - w->begin);
	unsigned n = 0;

	if (!s->own || len > WORD_MOST || s->searches++ >= SEARCHES)
		return false;
	needle[0] = needle[len + 1] = ' ';
	memcpy(needle + 1, w->begin, len);
	while (n < 2 && (p = memmem(p, (size_t)(end - p), needle, len + 2)) != NULL) {
		p += len + 1;
		n++;
	}
	return n == 2;
}

/* Whether a pair that lost a capital could be one that the page has with both. */
static bool broken(struct pm_suspects *s, const struct seen *a, const struct seen *b,
		   const char *begin, const char *end)
{
	const struct seen *small = a->upper ? b : a;

	if (a->upper == b->upper || !frequent(s, pm_pair_hash(a->hash, b->hash)) ||
	    small->hash == s->small)
		return false;
	if (!repeats(s, small, begin, end))
		return true;
	s->small = small->hash;
	return false;
}

/* A capitalised word and the one behind it: whether only one of them has its capital. */
static void pair(struct pm_suspects *s, const struct seen *a, const struct seen *b,
		 const char *begin, const char *end)
{
	uint32_t hash = pm_pair_hash(a->hash, b->hash);

	if (s->again)
		s->found |= broken(s, a, b, begin, end);
	else if (a->upper && b->upper) {
		if (count(s->both, hash) && !frequent(s, hash))
			s->frequent_hash[s->frequent++] = hash;
	} else if (pm_is_name(hash))
		s->found = true;
	else
		s->one[hash >> PM_SUSPECT_SHIFT >> 6] |= UINT64_C(1)
							 << (hash >> PM_SUSPECT_SHIFT & 63);
}

void pm_suspects_begin(struct pm_suspects *s)
{
	memset(s, 0, sizeof(*s));
	s->own = true;
	memcpy(s->prefix, pm_name_prefixes(), sizeof(s->prefix));
}

/* A capitalised word at `p`: what it says of itself and of its neighbours. */
static void capital(struct pm_suspects *s, const char *p, const char *before, uint32_t key,
			   const char *begin_at, const char *end)
{
	struct seen w = read_word(p, end), other;

	if (w.uppers && s->again)
		return;
	if (w.uppers) {
		/* "RUssia"; and "KremlinS", where it is the word without its end that must be a
		 * name. */
		if (w.uppers == 1 && w.end - p >= LEAST) {
			other = w.end[-1] == 'S' ? read_word(p, w.end - 1) : w;
			s->found |= pm_is_name(w.hash) || pm_is_name(other.hash);
			if (s->odd < PM_SUSPECT_ODD &&
			    (w.end[-1] == 'S' || pm_within(p[1], 'A', 26)))
				s->odd_hash[s->odd++] = other.hash;
		}
		return;
	}
	if (pm_is_function(w.hash))
		return;
	if (before && mid_sentence(p, begin_at)) {
		if (!s->again && w.end - p >= LEAST && !pm_is_common(w.hash)) {
			s->prefix[key >> 6] |= UINT64_C(1) << (key & 63);
			count(s->name, w.hash);
		}
		if (p[-1] == ' ') {
			other = read_word(before, p - 1);
			if (other.end == p - 1 && !other.upper && !pm_is_function(other.hash))
				pair(s, &other, &w, begin_at, end);
		}
	}
	if (end - w.end > 2 && *w.end == ' ') {
		other = read_word(w.end + 1, end);
		if (other.end > w.end + 1 && !other.uppers && !pm_is_function(other.hash))
			pair(s, &w, &other, begin_at, end);
	}
}

void pm_suspects_add(struct pm_suspects *s, const char *p, const char *end)
{
	struct starts at;
	const char *start, *before = NULL, *from = p;
	bool upper;

	for (begin(&at, p, end); !s->found && (start = next(&at, &upper)) != NULL; before = start) {
		uint32_t key;

		if ((unsigned char)*start >= 0x80) {
			if (!key_beyond(start, end, &key, &upper) || !upper)
				continue;
		} else if (!upper || end - start < LEAST) {
			continue;
		} else {
			key = key_at(start, true);
		}
		capital(s, start, before, key, from, end);
	}
}

void pm_suspects_look(struct pm_suspects *s, const char *p, const char *end)
{
	struct starts at;
	const char *start;
	bool upper;

	for (begin(&at, p, end); !s->found && (start = next(&at, &upper)) != NULL;) {
		struct seen w;
		uint32_t key;

		if ((unsigned char)*start >= 0x80) {
			if (!key_beyond(start, end, &key, &upper))
				continue;
		} else if (end - start < LEAST) {
			continue;
		} else {
			key = key_at(start, false);
		}
		if (upper || !test(s->prefix, key))
			continue;
		w = read_word(start, end);
		if (w.uppers || w.upper || pm_is_common(w.hash))
			continue;
		s->found =
			pm_is_name(w.hash) || test(s->name[TIMES - 1], w.hash >> PM_SUSPECT_SHIFT);
	}
}

void pm_suspects_again(struct pm_suspects *s, const char *p, const char *end)
{
	s->again = true;
	pm_suspects_add(s, p, end);
	s->again = false;
}

bool pm_suspects_found(const struct pm_suspects *s)
{
	for (unsigned i = 0; i < s->odd && !s->found; i++)
		if (test(s->name[0], s->odd_hash[i] >> PM_SUSPECT_SHIFT))
			return true;
	return s->found;
}

bool pm_suspects_doubtful(const struct pm_suspects *s)
{
	for (unsigned i = 0; i < PM_SUSPECT_WORDS; i++)
		if (s->one[i] & s->both[TIMES - 1][i])
			return true;
	return false;
}
