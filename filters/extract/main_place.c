/* filters/extract/main_place.c -- where text lies: elements' bits and words on the way down, sums
 * on the way up. Both are one pass over the nodes, which stand in tree order. */
#include "filters/extract/main_impl.h"
#include "filters/extract/removed.h"

enum {
	ATTR_BYTES = 256,       /* of one attribute's value: what is longer is no name */
	ATTR_WORDS = 24,
	NO_WEIGHT_LO = 127, NO_WEIGHT_HI = -128,
};

/* -- words of names ---------------------------------------------------------------------------- */

/* Each word, and each pair of words that stand in one name, as "a-b". A word is letters up to a
 * change of case ("relatedPosts" is two) or anything else. Built into each caller: pages have
 * thousands. */
static inline __attribute__((always_inline)) void
each_word(struct pm_slice value, enum pm_word_space space, pm_word_fn *fn, void *ctx)
{
	const char *p = value.ptr, *end = p + (value.len < ATTR_BYTES ? value.len : ATTR_BYTES);
	uint32_t before = 0, first_of_pair = 0;
	const char *pair_from = NULL;
	unsigned heard = 0;

	while (p < end && heard < ATTR_WORDS) {
		uint32_t h = pm_word_begin(space), pair = first_of_pair;
		const char *from = p;
		bool after_small = false;
		size_t len;

		for (; p < end; p++) {
			unsigned char c = (unsigned char)*p | 0x20;
			bool small = c == (unsigned char)*p;

			if ((unsigned char)(c - 'a') >= 26 || (after_small && !small))
				break;
			h = pm_word_step(h, c);
			pair = pm_word_step(pair, c);
			after_small = small;
		}
		len = (size_t)(p - from);
		if (!len) {
			if (pm_ascii_space(*p) || pair_from == NULL)
				before = first_of_pair = 0, pair_from = NULL;
			p++;
			continue;
		}
		if (len == 1 || len > PM_WORD_LEN_MAX)
			continue;
		fn(ctx, space, pm_word_key(h), from, len);
		if (before)
			fn(ctx, space, pm_word_key(pair), pair_from, (size_t)(p - pair_from));
		before = h;
		first_of_pair = pm_word_step(h, '-');
		pair_from = from;
		heard++;
	}
}

void pm_class_words(struct pm_slice value, enum pm_word_space space, pm_word_fn *fn, void *ctx)
{
	each_word(value, space, fn, ctx);
}

/* What names say: least and greatest weights. */
struct opinion {
	const struct names *names;
	int8_t lo, hi, inside_lo, inside_hi;
	bool any;
	uint8_t says;           /* enum pm_furniture */
};

/* The opinion on a class list that a page repeats, kept at a place of its own spelling. */
struct memo {
	struct pm_slice value;
	uint32_t hash;          /* class_hash */
	struct opinion opinion;
};
enum { MEMOS = 256 };

/* What names are looked up in. */
struct names {
	const struct pm_weights *weights;
	uint32_t second[26];    /* pm_furniture_letters */
	struct memo memos[MEMOS];
};

static const struct opinion no_opinion = {
	.lo = NO_WEIGHT_LO,
	.hi = NO_WEIGHT_HI,
	.inside_lo = NO_WEIGHT_LO,
	.inside_hi = NO_WEIGHT_HI,
};

/* Whether a word of two letters or more can say something by itself. */
static bool may_say(const struct names *names, const char *word)
{
	return names->second[(word[0] | 0x20) - 'a'] >> ((word[1] | 0x20) - 'a') & 1;
}

static inline void hear(void *ctx, enum pm_word_space space, uint32_t key, const char *word,
			size_t len)
{
	struct opinion *o = ctx;
	const struct pm_weight *w = pm_weight_find(o->names->weights, key);

	if (may_say(o->names, word))
		o->says = (uint8_t)pm_furniture_join(o->says, pm_furniture_word(word, len));
	if (!w)
		return;
	o->any = true;
	if (w->anywhere < o->lo)
		o->lo = w->anywhere;
	if (w->anywhere > o->hi)
		o->hi = w->anywhere;
	if (w->inside < o->inside_lo)
		o->inside_lo = w->inside;
	if (w->inside > o->inside_hi)
		o->inside_hi = w->inside;
}

static void listen(struct pm_slice value, enum pm_word_space space, struct opinion *o)
{
	each_word(value, space, hear, o);
}

/* -- on the way down --------------------------------------------------------------------------- */

static const uint32_t tag_bits[PM_TAG_END] = {
	[PM_TAG_A] = PM_IN_LINK, [PM_TAG_B] = PM_IN_BOLD, [PM_TAG_STRONG] = PM_IN_BOLD,
	[PM_TAG_I] = PM_IN_ITALIC, [PM_TAG_EM] = PM_IN_ITALIC, [PM_TAG_CITE] = PM_IN_ITALIC,
	[PM_TAG_NAV] = PM_IN_NAV, [PM_TAG_MENU] = PM_IN_NAV, [PM_TAG_ASIDE] = PM_IN_ASIDE,
	[PM_TAG_HEADER] = PM_IN_HEADER, [PM_TAG_FOOTER] = PM_IN_FOOTER,
	[PM_TAG_ARTICLE] = PM_IN_ARTICLE, [PM_TAG_MAIN] = PM_IN_MAIN, [PM_TAG_FORM] = PM_IN_FORM,
	[PM_TAG_BUTTON] = PM_IN_BUTTON, [PM_TAG_LABEL] = PM_IN_LABEL,
	[PM_TAG_FIELDSET] = PM_IN_FORM, [PM_TAG_FIGURE] = PM_IN_FIGURE,
	[PM_TAG_FIGCAPTION] = PM_IN_CAPTION, [PM_TAG_CAPTION] = PM_IN_CAPTION,
	[PM_TAG_UL] = PM_IN_LIST, [PM_TAG_OL] = PM_IN_LIST, [PM_TAG_LI] = PM_IN_ITEM,
	[PM_TAG_TABLE] = PM_IN_TABLE, [PM_TAG_BLOCKQUOTE] = PM_IN_QUOTE, [PM_TAG_Q] = PM_IN_QUOTE,
	[PM_TAG_P] = PM_IN_P, [PM_TAG_TIME] = PM_IN_TIME, [PM_TAG_SMALL] = PM_IN_SMALL,
	[PM_TAG_SUB] = PM_IN_SMALL, [PM_TAG_SUP] = PM_IN_SMALL, [PM_TAG_H1] = PM_IN_HEADING,
	[PM_TAG_H2] = PM_IN_HEADING, [PM_TAG_H3] = PM_IN_HEADING, [PM_TAG_H4] = PM_IN_HEADING,
	[PM_TAG_H5] = PM_IN_HEADING, [PM_TAG_H6] = PM_IN_HEADING, [PM_TAG_DETAILS] = PM_IN_DETAILS,
	[PM_TAG_SECTION] = PM_IN_SECTION, [PM_TAG_NOSCRIPT] = PM_IN_NOSCRIPT,
	[PM_TAG_SELECT] = PM_IN_SELECT, [PM_TAG_DL] = PM_IN_DL, [PM_TAG_DIALOG] = PM_IN_DIALOG,
};

/* Whether a style attribute says `property:none` or the like, with or without a space. */
static bool styled(struct pm_slice style, const char *property, const char *value)
{
	size_t len = strlen(property), value_len = strlen(value);

	for (size_t i = 0; i + len < style.len; i++) {
		size_t at = i + len;

		if (style.ptr[i] != property[0] || memcmp(style.ptr + i, property, len) != 0)
			continue;
		while (at < style.len && (style.ptr[at] == ':' || style.ptr[at] == ' '))
			at++;
		if (style.len - at >= value_len && memcmp(style.ptr + at, value, value_len) == 0)
			return true;
	}
	return false;
}

static uint32_t attr_bits(const struct pm_attr *attr, struct pm_slice value)
{
	switch (attr->name) {
	case PM_ATTR_ARIA_HIDDEN:
		return pm_slice_is_nocase(value, "true") ? PM_IN_UNSEEN : 0;
	case PM_ATTR_STYLE:
		if (value.len > ATTR_BYTES)
			value.len = ATTR_BYTES;
		return styled(value, "display", "none") || styled(value, "visibility", "hidden") ?
		       PM_IN_UNSEEN : 0;
	case PM_ATTR_ROLE:
		if (pm_slice_is_nocase(value, "navigation") || pm_slice_is_nocase(value, "menu"))
			return PM_IN_NAV;
		if (pm_slice_is_nocase(value, "main"))
			return PM_IN_MAIN;
		if (pm_slice_is_nocase(value, "article"))
			return PM_IN_ARTICLE;
		if (pm_slice_is_nocase(value, "dialog") || pm_slice_is_nocase(value, "alertdialog"))
			return PM_IN_DIALOG;
		if (pm_slice_is_nocase(value, "button") || pm_slice_is_nocase(value, "tab"))
			return PM_IN_BUTTON;
		if (pm_slice_is_nocase(value, "complementary"))
			return PM_IN_ASIDE;
		return 0;
	default:
		return 0;
	}
}

static uint32_t class_hash(struct pm_slice value)
{
	uint32_t h = 2166136261u;
	size_t len = value.len < 48 ? value.len : 48;

	/* Numbers in names count items and tell them not apart. */
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)(value.ptr[i] - '0') >= 10)
			h = pm_word_step(h, (unsigned char)value.ptr[i]);
	return h;
}

static struct memo *recall(struct names *names, struct pm_slice value)
{
	uint32_t first = 0, last = 0;

	memcpy(&first, value.ptr, value.len < 4 ? value.len : 4);
	if (value.len >= 4)
		memcpy(&last, value.ptr + value.len - 4, 4);
	return &names->memos[((first * 31 + last + (uint32_t)value.len) * 2654435761u) >> 24];
}

static void join(struct opinion *to, const struct opinion *o)
{
	to->any |= o->any;
	to->says = (uint8_t)pm_furniture_join(to->says, o->says);
	to->lo = o->lo < to->lo ? o->lo : to->lo;
	to->hi = o->hi > to->hi ? o->hi : to->hi;
	to->inside_lo = o->inside_lo < to->inside_lo ? o->inside_lo : to->inside_lo;
	to->inside_hi = o->inside_hi > to->inside_hi ? o->inside_hi : to->inside_hi;
}

static uint32_t classes(struct names *names, struct pm_slice value, struct opinion *o)
{
	struct memo *memo;

	if (!value.len)
		return 0;
	memo = recall(names, value);
	if (!pm_slice_eq(memo->value, value)) {
		memo->value = value;
		memo->hash = class_hash(value);
		memo->opinion = no_opinion;
		memo->opinion.names = names;
		listen(value, PM_WORD_CLASS, &memo->opinion);
	}
	join(o, &memo->opinion);
	return memo->hash;
}

static void attributes(struct pm_main *m, const struct pm_node *node, struct pm_place *pl,
		       struct opinion *o, struct names *names)
{
	pl->own = node->tag;
	for (unsigned i = 0; i < node->nattrs; i++) {
		const struct pm_attr *attr = &m->doc->attrs[node->attrs + i];
		struct pm_slice value = pm_slice(m->doc->src + attr->at, attr->len);

		switch (attr->name) {
		case PM_ATTR_CLASS:
			pl->own += classes(names, value, o);
			break;
		case PM_ATTR_ID:
			listen(value, PM_WORD_CLASS, o);
			break;
		case PM_ATTR_ROLE:
		case PM_ATTR_ITEMPROP:
			listen(value, PM_WORD_ROLE, o);
			break;
		default:
			break;
		}
		pl->bits |= attr_bits(attr, value);
	}
}

static void inherit(struct pm_main *m, uint32_t i, struct names *names)
{
	const struct pm_node *node = &m->doc->nodes[i];
	struct pm_place *pl = &m->place[i];
	const struct pm_place *up = &m->place[node->parent];
	struct opinion o = no_opinion;

	o.names = names;
	pl->bits = up->bits | (node->ns == PM_NS_HTML ? tag_bits[node->tag] : 0);
	pl->link = node->tag == PM_TAG_A && node->ns == PM_NS_HTML ? i : up->link;
	pl->depth = (int16_t)(up->depth + 1);
	attributes(m, node, pl, &o, names);
	pl->build = pm_word_key(pl->own * 31 + up->own * 17 +
				m->place[m->doc->nodes[node->parent].parent].own);
	pl->near_lo = up->near_lo;
	pl->near_hi = up->near_hi;
	pl->next_lo = up->next_lo;
	pl->next_hi = up->next_hi;
	pl->least = up->least;
	pl->least_inside = up->least_inside;
	pl->greatest = up->greatest;
	pl->greatest_inside = up->greatest_inside;
	pl->sum = up->sum;
	pl->says = o.says;
	if (!o.any)
		return;
	pl->next_lo = up->near_lo;
	pl->next_hi = up->near_hi;
	pl->near_lo = o.inside_lo;
	pl->near_hi = o.inside_hi;
	if (o.lo < pl->least)
		pl->least = o.lo;
	if (o.inside_lo < pl->least_inside)
		pl->least_inside = o.inside_lo;
	if (o.hi > pl->greatest)
		pl->greatest = o.hi;
	if (o.inside_hi > pl->greatest_inside)
		pl->greatest_inside = o.inside_hi;
	pl->sum += o.lo + o.hi;
}

/* Marks every element that holds visible text. Each is marked once, so this is linear. */
static void mark(struct pm_main *m)
{
	for (uint32_t i = 0; i < m->visible->nruns; i++)
		for (uint32_t at = m->visible->runs[i].node; at && !m->place[at].holds;
		     at = m->doc->nodes[at].parent)
			m->place[at].holds = true;
}

bool pm_main_places(struct pm_main *m)
{
	const struct pm_html *doc = m->doc;
	struct names *names = PM_ARENA_NEW(m->arena, struct names, 1);

	m->place = PM_ARENA_NEW(m->arena, struct pm_place, doc->nnodes);
	if (!m->place || !names)
		return false;
	memset(names, 0, sizeof(*names));
	names->weights = &m->weights;
	pm_furniture_letters(names->second);
	memset(m->place, 0, doc->nnodes * sizeof(*m->place));
	mark(m);
	for (uint32_t i = 1; i < doc->nnodes; i++)
		if (m->place[i].holds && doc->nodes[i].tag != PM_TAG_NONE)
			inherit(m, i, names);
	return true;
}

/* -- on the way up ----------------------------------------------------------------------------- */

static void add_run(struct pm_main *m, const struct pm_visible_run *run)
{
	uint32_t at = m->doc->nodes[run->node].parent;
	struct pm_place *pl = &m->place[at];
	struct pm_piece *b = &m->piece[run->block];

	pl->bytes += run->len;
	if (pl->link) {
		pl->link_bytes += run->len;
		b->link_bytes += run->len;
		if (b->link != pl->link) {
			b->link = pl->link;
			b->links += b->links < UINT16_MAX;
		}
	}
	if (pl->bits & PM_IN_BOLD)
		b->bold_bytes += run->len;
	if (pl->bits & PM_IN_ITALIC)
		b->italic_bytes += run->len;
	if (pl->bits & (PM_IN_SMALL | PM_IN_TIME | PM_IN_BUTTON | PM_IN_LABEL))
		b->small_bytes += run->len;
}

/* A paragraph's worth, given to what holds it: all to the parent, half, a third and so on above. */
static void add_score(struct pm_main *m, const struct pm_piece *b, enum pm_block_kind kind)
{
	enum { LEVELS = 5, LEAST = 25 };
	uint32_t at = b->at;
	int32_t worth;

	if (b->chars < LEAST || kind == PM_BLOCK_HEADING)
		return;
	worth = 100 + 100 * (int32_t)b->commas + (int32_t)(b->chars < 300 ? b->chars : 300);
	worth -= (int32_t)((int64_t)worth * b->link_bytes / (b->bytes ? b->bytes : 1));
	for (int level = 1; level <= LEVELS && at; level++) {
		m->place[at].score += worth / level;
		at = m->doc->nodes[at].parent;
	}
}

static void add_piece(struct pm_main *m, const struct pm_piece *b)
{
	struct pm_place *pl = &m->place[b->at];

	pl->blocks++;
	pl->commas += b->commas;
	pl->stops += b->stops;
	pl->words += b->words;
}

static void add_up(struct pm_place *to, const struct pm_place *from)
{
	to->bytes += from->bytes;
	to->link_bytes += from->link_bytes;
	to->blocks += from->blocks;
	to->commas += from->commas;
	to->stops += from->stops;
	to->words += from->words;
	to->pictures += from->pictures;
	to->inputs += from->inputs;
	to->paragraphs += from->paragraphs;
}

static void count_self(struct pm_place *pl, uint8_t tag)
{
	pl->pictures += tag == PM_TAG_IMG || tag == PM_TAG_VIDEO;
	pl->inputs += tag == PM_TAG_INPUT || tag == PM_TAG_TEXTAREA || tag == PM_TAG_SELECT ||
		      tag == PM_TAG_BUTTON;
	pl->paragraphs += tag == PM_TAG_P;
}

void pm_main_sums(struct pm_main *m)
{
	const struct pm_html *doc = m->doc;
	int32_t best = 0;

	for (uint32_t i = 0; i < m->visible->nruns; i++)
		add_run(m, &m->visible->runs[i]);
	for (uint32_t i = 0; i < m->n; i++) {
		add_piece(m, &m->piece[i]);
		add_score(m, &m->piece[i], m->visible->blocks[i].kind);
	}
	for (uint32_t i = doc->nnodes - 1; i > 0; i--) {
		if (doc->nodes[i].tag == PM_TAG_NONE)
			continue;
		count_self(&m->place[i], doc->nodes[i].tag);
		add_up(&m->place[doc->nodes[i].parent], &m->place[i]);
	}
	m->link_bytes = m->place[0].link_bytes;
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		struct pm_place *pl = &m->place[i];
		uint32_t up = m->place[doc->nodes[i].parent].box;

		pl->box = up;
		if (doc->nodes[i].tag == PM_TAG_NONE)
			continue;
		if (pl->blocks > 1 && pl->blocks < m->place[up].blocks)
			pl->box = i;
		if (pl->score > best) {
			best = pl->score;
			m->best = i;
		}
	}
}
