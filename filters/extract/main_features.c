/* filters/extract/main_features.c -- what the first model sees of a block. */
#include "filters/extract/main_impl.h"

enum { LONG_BYTES = 200 };

static int16_t clip(int64_t v)
{
	return (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
}

static int16_t share(uint64_t part, uint64_t whole)
{
	return clip(whole ? (int64_t)(part * 100 / whole) : 0);
}

/* Four times the binary logarithm, between powers of two in a straight line. */
static int16_t log4(uint32_t v)
{
	int top = 31 - __builtin_clz(v + 1);
	uint32_t rest = top >= 2 ? ((v + 1) >> (top - 2)) & 3 : 0;

	return (int16_t)(top * 4 + (int)rest);
}

/* -- the page ---------------------------------------------------------------------------------- */

static struct pm_build *find_build(struct pm_main *m, uint32_t key)
{
	uint32_t i = key & m->build_mask;

	/* Keys are hashes of hostile names: after some steps builds share a slot. */
	for (unsigned steps = 0; steps < 32 && m->build[i].key && m->build[i].key != key; steps++)
		i = (i + 1) & m->build_mask;
	m->build[i].key = key;
	return &m->build[i];
}

static bool count_builds(struct pm_main *m)
{
	uint32_t size = 64;

	while (size < m->n * 2)
		size *= 2;
	m->build = PM_ARENA_NEW(m->arena, struct pm_build, size);
	if (!m->build)
		return false;
	memset(m->build, 0, size * sizeof(*m->build));
	m->build_mask = size - 1;
	for (uint32_t i = 0; i < m->n; i++) {
		struct pm_piece *b = &m->piece[i];
		struct pm_build *build = find_build(m, m->place[b->at].build);

		b->build = (uint32_t)(build - m->build);
		build->blocks++;
		build->bytes += b->bytes;
		build->link_bytes += b->link_bytes;
	}
	return true;
}

/* The headline: of the headings that share most of the title's words the first, an h1 before
 * others. */
static void find_headline(struct pm_main *m)
{
	uint32_t most = 0;

	m->headline = m->n;
	for (uint32_t i = 0; i < m->n; i++) {
		const struct pm_piece *b = &m->piece[i];
		const struct pm_visible_block *v = &m->visible->blocks[i];
		uint32_t like;

		if (v->kind != PM_BLOCK_HEADING || b->words == 0 || b->words > 60)
			continue;
		like = b->title_words * 100 / (m->ntitle + b->words / 2 + 1);
		if (v->level == 1)
			like += 20;
		if (like > most) {
			most = like;
			m->headline = i;
		}
	}
}

static void note_block(struct pm_main *m, uint32_t i)
{
	const struct pm_piece *b = &m->piece[i];
	const struct pm_visible_block *v = &m->visible->blocks[i];

	if (b->bytes >= LONG_BYTES && b->link_bytes * 3 < b->bytes) {
		m->long_blocks++;
		m->long_bytes += b->bytes;
	}
	m->headings += v->kind == PM_BLOCK_HEADING;
	m->h1 += v->kind == PM_BLOCK_HEADING && v->level == 1;
	m->items += v->kind == PM_BLOCK_LIST_ITEM;
	m->tables += v->kind == PM_BLOCK_TABLE;
	m->prices += b->prices;
	m->codes += v->kind == PM_BLOCK_CODE;
	m->heading[i] = v->kind == PM_BLOCK_HEADING ? i + 1 : i ? m->heading[i - 1] : 0;
}

/* Path segments, the words of the last one, digits, whether there is a query. */
static void read_url(struct pm_main *m, struct pm_slice url)
{
	size_t at = 0, slashes = 0, from;

	m->url.length = (uint16_t)(url.len < 1000 ? url.len : 1000);
	for (; at < url.len && slashes < 3; at++)
		slashes += url.ptr[at] == '/';
	for (from = at; at < m->url.length && url.ptr[at] != '#'; at++) {
		char c = url.ptr[at];

		if (c == '?') {
			m->url.query = 1;
			break;
		}
		if (c == '/' && at > from) {
			m->url.segments++;
			m->url.words = 0;
			from = at + 1;
		}
		m->url.words += c == '-' || c == '_';
		m->url.digits += (unsigned char)(c - '0') < 10;
	}
	m->url.segments += at > from;
}

/* How much of the block stands in the article that JSON-LD repeats; -1 where that says nothing. */
static int16_t body_share(const struct pm_main *m, uint32_t i)
{
	const struct pm_piece *b = &m->piece[i];

	return m->hints.triples.slots && b->words > 2 ? share(b->triples, b->words - 2) : -1;
}

/* The same of the next block before and after that says something. */
static bool spread_bodies(struct pm_main *m)
{
	int8_t last = -1;

	m->body_before = PM_ARENA_NEW(m->arena, int8_t, m->n);
	m->body_after = PM_ARENA_NEW(m->arena, int8_t, m->n);
	if (!m->body_before || !m->body_after)
		return false;
	for (uint32_t i = 0; i < m->n; i++) {
		int16_t here = body_share(m, i);

		m->body_before[i] = last;
		last = here >= 0 ? (int8_t)here : last;
	}
	last = -1;
	for (uint32_t i = m->n; i-- > 0;) {
		int16_t here = body_share(m, i);

		m->body_after[i] = last;
		last = here >= 0 ? (int8_t)here : last;
	}
	return true;
}

static void find_first_blocks(struct pm_main *m)
{
	for (uint32_t i = 0; i < m->doc->nnodes; i++)
		m->place[i].index = m->n;
	for (uint32_t i = m->n; i-- > 0;)
		m->place[m->piece[i].at].index = i;
	for (uint32_t i = m->doc->nnodes; i-- > 1;) {
		struct pm_place *up = &m->place[m->doc->nodes[i].parent];

		if (m->place[i].index < up->index)
			up->index = m->place[i].index;
	}
}

bool pm_main_prepare(struct pm_main *m, struct pm_slice url)
{
	m->heading = PM_ARENA_NEW(m->arena, uint32_t, m->n);
	if (!m->heading || !count_builds(m) || !spread_bodies(m))
		return false;
	for (uint32_t i = 0; i < m->n; i++)
		note_block(m, i);
	for (uint32_t i = 1; i < m->doc->nnodes; i++)
		m->articles += m->doc->nodes[i].tag == PM_TAG_ARTICLE;
	find_first_blocks(m);
	find_headline(m);
	read_url(m, url);
	return true;
}

/* -- one block --------------------------------------------------------------------------------- */

static void own(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_piece *b = &m->piece[i];
	const struct pm_visible_block *v = &m->visible->blocks[i];

	f[PM_F_kind][k] = (int16_t)v->kind;
	f[PM_F_level][k] = (int16_t)v->level;
	f[PM_F_chars][k] = clip(b->chars);
	f[PM_F_words][k] = clip(b->words);
	f[PM_F_word_length][k] = clip(b->words ? b->chars * 4 / b->words : 0);
	f[PM_F_link_share][k] = share(b->link_bytes, b->bytes);
	f[PM_F_links][k] = clip(b->links);
	f[PM_F_commas][k] = clip(b->commas);
	f[PM_F_stops][k] = clip(b->stops);
	f[PM_F_digit_share][k] = share(b->digits, b->chars);
	f[PM_F_capital_share][k] = share(b->capitals, b->words);
	f[PM_F_shout_share][k] = share(b->shouts, b->words);
	f[PM_F_short_share][k] = share(b->shorts, b->words);
	f[PM_F_symbols][k] = clip(b->symbols);
	f[PM_F_first][k] = b->first;
	f[PM_F_last][k] = b->last;
	f[PM_F_bold_share][k] = share(b->bold_bytes, b->bytes);
	f[PM_F_italic_share][k] = share(b->italic_bytes, b->bytes);
	f[PM_F_small_share][k] = share(b->small_bytes, b->bytes);
	f[PM_F_broken][k] = b->broken;
	f[PM_F_repeats][k] = b->repeats;
	f[PM_F_word_first][k] = b->weight_first;
	f[PM_F_word_mean][k] = b->weighed ? (int16_t)(b->weight_sum / b->weighed) : 0;
	f[PM_F_word_lo][k] = b->weight_lo;
	f[PM_F_word_hi][k] = b->weight_hi;
	f[PM_F_inside_mean][k] = b->weighed ? (int16_t)(b->inside_sum / b->weighed) : 0;
	f[PM_F_inside_lo][k] = b->inside_lo;
	f[PM_F_inside_hi][k] = b->inside_hi;
	f[PM_F_line][k] = b->weight_line;
	f[PM_F_line_inside][k] = b->weight_line_inside;
	f[PM_F_title_cover][k] = share(b->title_words, m->ntitle);
	f[PM_F_title_share][k] = share(b->title_words, b->words);
	f[PM_F_prices][k] = clip(b->prices);
	f[PM_F_pair_share][k] = share(b->pairs, b->words > 1 ? b->words - 1 : 0);
	f[PM_F_pair_cover][k] = share(b->pairs, m->hints.pairs.n);
	f[PM_F_body_share][k] = body_share(m, i);
}

static void bits(uint32_t in, pm_eight *f, unsigned k)
{
	f[PM_F_in_nav][k] = (in & PM_IN_NAV) != 0;
	f[PM_F_in_aside][k] = (in & PM_IN_ASIDE) != 0;
	f[PM_F_in_header][k] = (in & PM_IN_HEADER) != 0;
	f[PM_F_in_footer][k] = (in & PM_IN_FOOTER) != 0;
	f[PM_F_in_article][k] = (in & PM_IN_ARTICLE) != 0;
	f[PM_F_in_main][k] = (in & PM_IN_MAIN) != 0;
	f[PM_F_in_form][k] = (in & PM_IN_FORM) != 0;
	f[PM_F_in_button][k] = (in & (PM_IN_BUTTON | PM_IN_LABEL)) != 0;
	f[PM_F_in_figure][k] = (in & PM_IN_FIGURE) != 0;
	f[PM_F_in_caption][k] = (in & PM_IN_CAPTION) != 0;
	f[PM_F_in_list][k] = (in & PM_IN_LIST) != 0;
	f[PM_F_in_table][k] = (in & PM_IN_TABLE) != 0;
	f[PM_F_in_quote][k] = (in & PM_IN_QUOTE) != 0;
	f[PM_F_in_p][k] = (in & PM_IN_P) != 0;
	f[PM_F_in_time][k] = (in & PM_IN_TIME) != 0;
	f[PM_F_in_details][k] = (in & PM_IN_DETAILS) != 0;
	f[PM_F_in_section][k] = (in & PM_IN_SECTION) != 0;
	f[PM_F_unseen][k] = (in & PM_IN_UNSEEN) != 0;
	f[PM_F_in_noscript][k] = (in & PM_IN_NOSCRIPT) != 0;
	f[PM_F_in_select][k] = (in & PM_IN_SELECT) != 0;
	f[PM_F_in_dl][k] = (in & PM_IN_DL) != 0;
	f[PM_F_in_dialog][k] = (in & PM_IN_DIALOG) != 0;
}

/* Tags by how often they hold main text. */
static int16_t tag_rank(uint8_t tag)
{
	switch (tag) {
	case PM_TAG_P: return 1;
	case PM_TAG_PRE: return 2;
	case PM_TAG_BLOCKQUOTE: return 3;
	case PM_TAG_H1: case PM_TAG_H2: case PM_TAG_H3: return 4;
	case PM_TAG_H4: case PM_TAG_H5: case PM_TAG_H6: return 5;
	case PM_TAG_LI: return 6;
	case PM_TAG_DD: case PM_TAG_DT: return 7;
	case PM_TAG_TD: case PM_TAG_TH: return 8;
	case PM_TAG_DIV: return 9;
	case PM_TAG_SECTION: case PM_TAG_ARTICLE: case PM_TAG_MAIN: return 10;
	case PM_TAG_FIGCAPTION: case PM_TAG_FIGURE: return 11;
	default: return 12;
	}
}

static void names(const struct pm_main *m, const struct pm_place *pl, pm_eight *f, unsigned k)
{
	f[PM_F_near_lo][k] = pl->near_lo;
	f[PM_F_near_hi][k] = pl->near_hi;
	f[PM_F_next_lo][k] = pl->next_lo;
	f[PM_F_next_hi][k] = pl->next_hi;
	f[PM_F_least][k] = pl->least;
	f[PM_F_least_inside][k] = pl->least_inside;
	f[PM_F_greatest][k] = pl->greatest;
	f[PM_F_greatest_inside][k] = pl->greatest_inside;
	f[PM_F_name_sum][k] = clip(pl->sum);
}

static void position(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_piece *b = &m->piece[i];
	uint32_t heading = i ? m->heading[i - 1] : 0;

	f[PM_F_index][k] = clip(i);
	f[PM_F_index_share][k] = share(i, m->n);
	f[PM_F_before][k] = clip(b->before);
	f[PM_F_before_share][k] = share(b->before, m->bytes);
	f[PM_F_after_share][k] = share(m->bytes - b->before - b->bytes, m->bytes);
	f[PM_F_heading_distance][k] =
		heading ? clip((int64_t)b->before - m->piece[heading - 1].before) : -1;
	f[PM_F_heading_level][k] = heading ? (int16_t)m->visible->blocks[heading - 1].level : 0;
	f[PM_F_heading_inside][k] = heading && m->piece[heading - 1].weighed
					    ? (int16_t)(m->piece[heading - 1].inside_sum /
							m->piece[heading - 1].weighed)
					    : 0;
	f[PM_F_headline_distance][k] = m->headline == m->n ? INT16_MAX :
				    clip((int64_t)b->before - m->piece[m->headline].before);
	f[PM_F_headline_seen][k] = m->headline == m->n ? 0
				   : m->headline < i   ? 2
				   : m->headline == i  ? 3
						       : 1;
}

static void boxes(const struct pm_main *m, uint32_t i, const struct pm_place *pl, pm_eight *f,
		  unsigned k)
{
	const struct pm_html *doc = m->doc;
	uint32_t box = pl->box, box2 = m->place[doc->nodes[box].parent].box;
	const struct pm_place *one = &m->place[box], *two = &m->place[box2];
	const struct pm_place *three = &m->place[m->place[doc->nodes[box2].parent].box];

	f[PM_F_box_log][k] = log4(one->bytes);
	f[PM_F_box_link_share][k] = share(one->link_bytes, one->bytes);
	f[PM_F_box_blocks][k] = clip(one->blocks);
	f[PM_F_box_mean][k] = clip(one->blocks ? one->bytes / one->blocks : 0);
	f[PM_F_box_share][k] = share(one->bytes, m->bytes);
	f[PM_F_box_pictures][k] = clip(one->pictures);
	f[PM_F_box_inputs][k] = clip(one->inputs);
	f[PM_F_box_index][k] = clip((int64_t)i - one->index);
	f[PM_F_box_commas][k] = share(one->commas, one->words);
	f[PM_F_box2_log][k] = log4(two->bytes);
	f[PM_F_box2_link_share][k] = share(two->link_bytes, two->bytes);
	f[PM_F_box2_blocks][k] = clip(two->blocks);
	f[PM_F_box2_share][k] = share(two->bytes, m->bytes);
	f[PM_F_box2_mean][k] = clip(two->blocks ? two->bytes / two->blocks : 0);
	f[PM_F_box3_log][k] = log4(three->bytes);
	f[PM_F_box3_link_share][k] = share(three->link_bytes, three->bytes);
	f[PM_F_box3_share][k] = share(three->bytes, m->bytes);
}

static void best(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_piece *b = &m->piece[i];
	const struct pm_place *pl = &m->place[m->best];
	uint32_t last = m->doc->nodes[m->best].last;

	f[PM_F_best_inside][k] = b->node > m->best && b->node <= last;
	f[PM_F_best_share][k] = share(pl->bytes, m->bytes);
	f[PM_F_best_link_share][k] = share(pl->link_bytes, pl->bytes);
	f[PM_F_best_up][k] = (int16_t)(m->place[b->at].depth - pl->depth);
	f[PM_F_best_order][k] = b->node < m->best ? clip(-1 - (int64_t)(pl->index - i)) :
			     b->node > last ? clip((int64_t)i - pl->index - pl->blocks + 1) : 0;
}

static void place(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_piece *b = &m->piece[i];
	uint32_t parent = m->doc->nodes[b->node].parent;
	const struct pm_place *pl = &m->place[parent];
	const struct pm_build *build = &m->build[b->build];

	f[PM_F_tag][k] = tag_rank(m->doc->nodes[b->at].tag);
	f[PM_F_depth][k] = pl->depth;
	bits(pl->bits, f, k);
	names(m, pl, f, k);
	position(m, i, f, k);
	boxes(m, i, &m->place[b->at], f, k);
	best(m, i, f, k);
	f[PM_F_build_count][k] = clip(build->blocks);
	f[PM_F_build_mean][k] = clip(build->bytes / build->blocks);
	f[PM_F_build_link_share][k] = share(build->link_bytes, build->bytes);
	f[PM_F_parent_links][k] = share(m->place[b->at].link_bytes, m->place[b->at].bytes);
}

static void near(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	static const struct pm_piece none;
	const struct pm_piece *b = &m->piece[i];
	const struct pm_piece *prev = i > 0 ? b - 1 : &none, *prev2 = i > 1 ? b - 2 : &none;
	const struct pm_piece *next = i + 1 < m->n ? b + 1 : &none,
			      *next2 = i + 2 < m->n ? b + 2 : &none;
	const struct pm_visible_block *v = &m->visible->blocks[i];
	uint32_t build = m->place[b->at].build;

	f[PM_F_prev_chars][k] = clip(prev->chars);
	f[PM_F_prev_link_share][k] = share(prev->link_bytes, prev->bytes);
	f[PM_F_prev_kind][k] = i > 0 ? (int16_t)v[-1].kind : -1;
	f[PM_F_prev_last][k] = prev->last;
	f[PM_F_prev2_chars][k] = clip(prev2->chars);
	f[PM_F_prev2_link_share][k] = share(prev2->link_bytes, prev2->bytes);
	f[PM_F_next_chars][k] = clip(next->chars);
	f[PM_F_next_link_share][k] = share(next->link_bytes, next->bytes);
	f[PM_F_next_kind][k] = i + 1 < m->n ? (int16_t)v[1].kind : -1;
	f[PM_F_next_last][k] = next->last;
	f[PM_F_next2_chars][k] = clip(next2->chars);
	f[PM_F_next2_link_share][k] = share(next2->link_bytes, next2->bytes);
	f[PM_F_prev_same_build][k] = i > 0 && m->place[prev->at].build == build;
	f[PM_F_next_same_build][k] = i + 1 < m->n && m->place[next->at].build == build;
	f[PM_F_body_before][k] = (int16_t)m->body_before[i];
	f[PM_F_body_after][k] = (int16_t)m->body_after[i];
	f[PM_F_prev_inside][k] = prev->weighed ? (int16_t)(prev->inside_sum / prev->weighed) : 0;
	f[PM_F_next_inside][k] = next->weighed ? (int16_t)(next->inside_sum / next->weighed) : 0;
	f[PM_F_prev_near_lo][k] = i > 0 ? m->place[prev->at].near_lo : 0;
	f[PM_F_next_near_lo][k] = i + 1 < m->n ? m->place[next->at].near_lo : 0;
}

/* The same for all blocks. */
static void page(const struct pm_main *m, pm_eight *f)
{
	f[PM_F_page_log][0] = log4(m->bytes);
	f[PM_F_page_blocks][0] = clip(m->n);
	f[PM_F_page_link_share][0] = share(m->link_bytes, m->bytes);
	f[PM_F_page_long_blocks][0] = clip(m->long_blocks);
	f[PM_F_page_long_share][0] = share(m->long_bytes, m->bytes);
	f[PM_F_page_headings][0] = clip(m->headings);
	f[PM_F_page_items][0] = share(m->items, m->n);
	f[PM_F_page_tables][0] = clip(m->tables);
	f[PM_F_page_code][0] = clip(m->codes);
	f[PM_F_page_inputs][0] = clip(m->place[0].inputs);
	f[PM_F_page_h1][0] = clip(m->h1);
	f[PM_F_page_articles][0] = clip(m->articles);
	f[PM_F_url_segments][0] = (int16_t)m->url.segments;
	f[PM_F_url_words][0] = (int16_t)m->url.words;
	f[PM_F_url_digits][0] = (int16_t)m->url.digits;
	f[PM_F_url_query][0] = (int16_t)m->url.query;
	f[PM_F_url_length][0] = (int16_t)m->url.length;
	f[PM_F_title_words][0] = (int16_t)m->ntitle;
	f[PM_F_page_prices][0] = clip(m->prices);
	f[PM_F_page_type][0] = (int16_t)m->hints.type;
	f[PM_F_page_dated][0] = m->hints.dated;
	f[PM_F_page_pairs][0] = share(m->hints.pairs.seen, m->hints.pairs.n);
	f[PM_F_body_log][0] = log4(m->hints.triples.n);
	f[PM_F_body_seen][0] =
		m->hints.triples.slots ? share(m->hints.triples.seen, m->hints.triples.n) : -1;
	for (unsigned i = PM_F_page_log; i <= PM_F_body_seen; i++)
		for (unsigned k = 1; k < PM_MAIN_AT_ONCE; k++)
			f[i][k] = f[i][0];
}

void pm_main_first(const struct pm_main *m, uint32_t block, pm_eight *f, unsigned k)
{
	own(m, block, f, k);
	place(m, block, f, k);
	near(m, block, f, k);
	if (k == 0)
		page(m, f);
}
