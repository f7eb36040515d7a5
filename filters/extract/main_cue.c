/* filters/extract/main_cue.c -- lines amid the text that lead to other pages: a cue
 * ("Read more:", "Lesen Sie auch:") and a link, or a cue of its own above links. They
 * are built like the paragraphs around them, and what tells them is in the words. */
#include "core/utf8.h"
#include "filters/extract/main_impl.h"

struct cue {
	const char *words;      /* in small letters */
	bool alone;             /* with nothing behind it, it is a cue to the links below */
};

/* "See also" is not among them: works of reference have it, and there it belongs to the text. */
static const struct cue cues[] = {
	{ "read more", true }, { "read also", true }, { "also read", true }, { "read next", true },
	{ "related", true }, { "related article", true }, { "related articles", true }, { "related content", true },
	{ "related coverage", true }, { "related news", true }, { "related reading", true },
	{ "related stories", true }, { "related story", true }, { "related video", true }, { "related videos", true },
	{ "recommended", false }, { "recommended reading", true }, { "don't miss", true }, { "don\xe2\x80\x99t miss", true },
	{ "more", false }, { "also", false }, { "see", false }, { "see more", false },
	{ "watch", false },
	{ "watch more", true }, { "more on this", true }, { "you may also like", true },
	{ "you might also like", true }, { "you may also be interested", true },
	{ "more stories", true },
	{ "lesen sie auch", true }, { "lesen sie mehr", true }, { "lesen sie dazu", true }, { "lesen sie hier", false },
	{ "lies auch", true }, { "lesetipp", true }, { "mehr zum thema", true },
	{ "mehr dazu", false },
	{ "auch interessant", true }, { "das k\xc3\xb6nnte sie auch interessieren", true },
	{ "lire aussi", true }, { "\xc3\xa0 lire aussi", true }, { "\xc3\xa0 lire", false },
	{ "\xc3\xa0 lire \xc3\xa9galement", true }, { "sur le m\xc3\xaame sujet", true },
	{ "lea tambi\xc3\xa9n", true }, { "lee tambi\xc3\xa9n", true }, { "leer m\xc3\xa1s", true },
	{ "te puede interesar", true }, { "tambi\xc3\xa9n te puede interesar", true }, { "le puede interesar", true },
	{ "leggi anche", true }, { "leggi di pi\xc3\xb9", true }, { "leia tamb\xc3\xa9m", true },
	{ "leia mais", true },
	{ "veja tamb\xc3\xa9m", true }, { "lees ook", true }, { "lees meer", true }, { "l\xc3\xa4s ocks\xc3\xa5", true },
	{ "l\xc3\xa4s \xc3\xa4ven", true }, { "l\xc3\xa4s mer", true }, { "les ogs\xc3\xa5", true },
	{ "les mer", true },
	{ "l\xc3\xa6s ogs\xc3\xa5", true }, { "l\xc3\xa6s mere", true },
	{ "lue my\xc3\xb6s", true },
	{ "lue lis\xc3\xa4\xc3\xa4", true }, { "czytaj te\xc5\xbc", true }, { "czytaj tak\xc5\xbc" "e", true },
	{ "czytaj r\xc3\xb3wnie\xc5\xbc", true }, { "czytaj wi\xc4\x99" "cej", true }, { "zobacz te\xc5\xbc", true },
	{ "zobacz tak\xc5\xbc" "e", true }, { "przeczytaj te\xc5\xbc", true }, { "przeczytaj tak\xc5\xbc" "e", true },
	{ "\xc4\x8dt\xc4\x9bte tak\xc3\xa9", true }, { "p\xc5\x99" "e\xc4\x8dt\xc4\x9bte si tak\xc3\xa9", true },
	{ "\xc4\x8d\xc3\xadtajte aj", true }, { "pre\xc4\x8d\xc3\xadtajte si aj", true },
	{ "olvassa el", true }, { "olvasd el", true }, { "cite\xc8\x99te \xc8\x99i", true },
	{ "cite\xc5\x9fte \xc5\x9fi", true }, { "pro\xc4\x8ditajte jo\xc5\xa1", true }, { "pro\xc4\x8ditajte i", true },
	{ "preberite tudi", true }, { "baca juga", true }, { "xem th\xc3\xaam", true },
	{ "\xc4\x91\xe1\xbb\x8d" "c th\xc3\xaam", true }, { "ilgili haber", true },
	{ "\xd1\x87\xd0\xb8\xd1\x82\xd0\xb0\xd0\xb9\xd1\x82\xd0\xb5 \xd1\x82\xd0\xb0\xd0\xba\xd0\xb6\xd0\xb5", true },
	{ "\xd1\x87\xd0\xb8\xd1\x82\xd0\xb0\xd1\x82\xd1\x8c \xd1\x82\xd0\xb0\xd0\xba\xd0\xb6\xd0\xb5", true },
	{ "\xd1\x87\xd0\xb8\xd1\x82\xd0\xb0\xd0\xb9\xd1\x82\xd0\xb5 \xd1\x82\xd0\xb0\xd0\xba\xd0\xbe\xd0\xb6", true },
	{ "\xd0\xbf\xd0\xbe \xd1\x82\xd0\xb5\xd0\xbc\xd0\xb5", true },  /* po teme */
	{ "\xd0\xbf\xd1\x80\xd0\xbe\xd1\x87\xd0\xb5\xd1\x82\xd0\xb5\xd1\x82\xd0\xb5 \xd0\xbe\xd1\x89\xd0\xb5", true },
	{ "\xce\xb4\xce\xb9\xce\xb1\xce\xb2\xce\xac\xcf\x83\xcf\x84\xce\xb5 \xce\xb5\xcf\x80\xce\xaf\xcf\x83\xce\xb7\xcf\x82", true },
	{ "\xd8\xa7\xd9\x82\xd8\xb1\xd8\xa3 \xd8\xa3\xd9\x8a\xd8\xb6\xd8\xa7", true },
	{ "\xd8\xa7\xd9\x82\xd8\xb1\xd8\xa3 \xd8\xa3\xd9\x8a\xd8\xb6\xd8\xa7\xd9\x8b", true },
	{ "\xd8\xa7\xd9\x82\xd8\xb1\xd8\xa3 \xd8\xa7\xd9\x84\xd9\x85\xd8\xb2\xd9\x8a\xd8\xaf",
	  true },
	/* related articles: Japanese, */
	{ "\xe9\x96\xa2\xe9\x80\xa3\xe8\xa8\x98\xe4\xba\x8b", true },
	{ "\xe7\x9b\xb8\xe5\x85\xb3\xe9\x98\x85\xe8\xaf\xbb", true }, { "\xe5\xbb\xb6\xe4\xbc\xb8\xe9\x98\x85\xe8\xaf\xbb", false },
	{ "\xe5\xbb\xb6\xe4\xbc\xb8\xe9\x96\xb1\xe8\xae\x80", true }, { "\xe7\x9b\xb8\xe9\x97\x9c\xe9\x96\xb1\xe8\xae\x80", true },
	{ "\xea\xb4\x80\xeb\xa0\xa8\xea\xb8\xb0\xec\x82\xac", true },   /* Korean */
	{ "\xea\xb4\x80\xeb\xa0\xa8 \xea\xb8\xb0\xec\x82\xac", true },
};
enum { CUES = sizeof(cues) / sizeof(*cues), CUE_BYTES = 64 };

/* -- reading ----------------------------------------------------------------------------------- */

/* Small letters of Latin, Greek and Cyrillic as far as the cues have them. */
static uint32_t small(uint32_t cp)
{
	if (cp < 0x80)
		return (uint32_t)pm_ascii_lower((char)cp);
	if ((cp >= 0xc0 && cp <= 0xde && cp != 0xd7) || (cp >= 0x391 && cp <= 0x3ab) ||
	    (cp >= 0x410 && cp <= 0x42f))
		return cp + 0x20;
	if (cp >= 0x400 && cp <= 0x40f)
		return cp + 0x50;
	if (cp == 0x386)
		return 0x3ac;
	if (cp >= 0x388 && cp <= 0x38a)
		return cp + 0x25;
	/* Pairs, the capital on an even number in most of the block and on
	 * an odd one in two parts of it. */
	if ((cp >= 0x139 && cp <= 0x148) || (cp >= 0x179 && cp <= 0x17e))
		return cp + (cp & 1);
	if ((cp >= 0x100 && cp <= 0x177 && cp != 0x130 && cp != 0x138) ||
	    (cp >= 0x218 && cp <= 0x21b))
		return cp | 1;
	return cp;
}

/* Signs, brackets, arrows, little pictures: what may stand before a cue. */
static bool is_sign(uint32_t cp)
{
	return (cp < 0x80 && !strchr("\"'", (int)cp) && pm_ascii_lower((char)cp) == (char)cp &&
		!((unsigned char)(cp - 'a') < 26) && !((unsigned char)(cp - '0') < 10)) ||
	       cp == 0xa0 || cp == 0xab || cp == 0xbb ||
	       (cp >= 0x2010 && cp <= 0x2bff && (cp < 0x2018 || cp > 0x201f)) ||
	       (cp >= 0x3000 && cp <= 0x3020) || (cp >= 0xfe00 && cp <= 0xfe0f) || cp >= 0x1f000;
}

static const char *skip_signs(const char *p, const char *end)
{
	while (p < end) {
		const char *next = p;

		if (!is_sign(pm_utf8_next(&next, end)))
			break;
		p = next;
	}
	return p;
}

/* The cue that a text begins with, and where it ends: at a mark, a line's end or the text's. */
static const struct cue *find_cue(struct pm_slice text, const char **behind)
{
	const char *end = text.ptr + text.len, *p = skip_signs(text.ptr, end);
	const char *from = p, *at[CUE_BYTES];
	char folded[CUE_BYTES + PM_UTF8_MAX];
	size_t len = 0;

	/* at[n]: where the text goes on behind n bytes of its small letters. */
	while (p < end && len + PM_UTF8_MAX < CUE_BYTES) {
		size_t n = pm_utf8_put(folded + len, small(pm_utf8_next(&p, end)));

		for (size_t k = 1; k <= n; k++)
			at[len + k] = p;
		len += n;
	}
	for (unsigned i = 0; from < end && i < CUES; i++) {
		size_t n = strlen(cues[i].words);

		if (n > len || cues[i].words[0] != folded[0] ||
		    memcmp(cues[i].words, folded, n) != 0)
			continue;
		*behind = at[n];
		if (*behind == end || strchr(":|>\n", **behind))
			return &cues[i];
		if (end - *behind >= 3 && (memcmp(*behind, "\xef\xbc\x9a", 3) == 0 ||
					   memcmp(*behind, "\xe3\x80\x91", 3) == 0))
			return &cues[i];
		/* A space, then a mark: French has it before a colon, others
		 * have a dash or an arrow. */
		if (**behind == ' ' && end - *behind > 2 &&
		    skip_signs(*behind + 1, end) > *behind + 1)
			return &cues[i];
	}
	return NULL;
}

/* -- cutting ----------------------------------------------------------------------------------- */

enum {
	HEADLINE_WORDS = 3,     /* of what is linked to, at least */
	LINKS_BELOW = 12,       /* blocks below a cue that it can be of */
	SLACK = 8,              /* bytes beside the link: marks, brackets */
	PART = 3,               /* of the text: cuts that take more are none */
};

static struct pm_slice text_of(const struct pm_main *m, uint32_t i)
{
	return pm_slice(m->visible->text.ptr + m->visible->blocks[i].at, m->visible->blocks[i].len);
}

static bool is_link(const struct pm_main *m, uint32_t i)
{
	const struct pm_piece *b = &m->piece[i];

	return b->words >= HEADLINE_WORDS && b->link_bytes + SLACK >= b->bytes && b->link_bytes;
}

/* Blocks from `i` on, a cue and what it leads to; 0: it is none. */
static uint32_t count_cued(const struct pm_main *m, uint32_t i)
{
	const struct pm_piece *b = &m->piece[i];
	struct pm_slice text = text_of(m, i);
	const struct cue *cue;
	const char *behind;
	uint32_t n = 0;

	if ((!b->links && b->bytes > CUE_BYTES) || m->visible->blocks[i].kind == PM_BLOCK_CODE ||
	    m->visible->blocks[i].kind == PM_BLOCK_TABLE)
		return 0;
	cue = find_cue(text, &behind);
	if (!cue)
		return 0;
	if (skip_signs(behind, text.ptr + text.len) < text.ptr + text.len)
		return b->links && b->words >= HEADLINE_WORDS + 1 &&
		       b->link_bytes + (uint32_t)(behind - text.ptr) + SLACK >= b->bytes;
	while (cue->alone && n < LINKS_BELOW && i + 1 + n < m->n && is_link(m, i + 1 + n))
		n++;
	return n ? n + 1 : 0;
}

void pm_main_cues(const struct pm_main *m)
{
	uint64_t all = 0, taken = 0;

	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t n;

		if (!m->visible->blocks[i].kept)
			continue;
		all += m->piece[i].bytes;
		n = m->piece[i].cued || i == m->headline ? 0 : count_cued(m, i);
		for (uint32_t k = i; k < i + n; k++) {
			m->piece[k].cued = true;
			taken += m->visible->blocks[k].kept ? m->piece[k].bytes : 0;
		}
	}
	/* Where there is so much of it, a page is a list of such lines. */
	for (uint32_t i = 0; i < m->n && taken; i++) {
		m->piece[i].cued &= taken * PART <= all;
		m->visible->blocks[i].kept &= !m->piece[i].cued;
	}
}
