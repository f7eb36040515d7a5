#include "filters/extract/main.h"

#include "filters/extract/cut_off.h"
#include "filters/extract/flat.h"
#include "filters/extract/main_impl.h"
#include "filters/extract/main_model.h"
#include "filters/extract/removed.h"

bool pm_main_read(struct pm_main *m, struct pm_html *doc, const struct pm_visible *v,
		  struct pm_arena *a, const struct pm_weights *w, struct pm_slice url, bool scripts)
{
	*m = (struct pm_main){ .doc = doc, .visible = v, .arena = a, .weights = *w,
			       .n = v->nblocks };
	if (!m->n)
		return true;
	m->score = PM_ARENA_NEW(a, int16_t, m->n);
	m->p = PM_ARENA_NEW(a, uint8_t, m->n);
	if (!m->score || !m->p || !pm_main_hints(m, scripts) || !pm_main_pieces(m) ||
	    !pm_main_places(m))
		return false;
	pm_main_sums(m);
	return pm_main_prepare(m, url);
}

/* The first model's score up to which the second isn't asked: a chance of 2 %. */
enum { HOPELESS = -240 };

/* -- judging ----------------------------------------------------------------------------------- */

/* Features of all blocks, eight by eight. What is left of the last eight repeats the last block. */
static pm_eight *open_features(struct pm_main *m)
{
	uint32_t eights = (m->n + PM_MAIN_AT_ONCE - 1) / PM_MAIN_AT_ONCE;

	return pm_arena_alloc_n(m->arena, eights, PM_FEATURES_END * sizeof(pm_eight));
}

static uint32_t block_at(const struct pm_main *m, uint32_t from, unsigned k)
{
	return from + k < m->n ? from + k : m->n - 1;
}

static void judge_first(struct pm_main *m, pm_eight *f)
{
	int16_t score[PM_MAIN_AT_ONCE];

	for (uint32_t from = 0; from < m->n; from += PM_MAIN_AT_ONCE, f += PM_FEATURES_END) {
		for (unsigned k = 0; k < PM_MAIN_AT_ONCE; k++)
			pm_main_first(m, block_at(m, from, k), f, k);
		pm_main_judge_first(f, score);
		for (unsigned k = 0; k < PM_MAIN_AT_ONCE && from + k < m->n; k++)
			m->score[from + k] = score[k];
	}
}

/* Whether the first model leaves no hope for any of eight blocks: long menus are most of a page. */
static bool hopeless(const struct pm_main *m, uint32_t from)
{
	for (unsigned k = 0; k < PM_MAIN_AT_ONCE; k++)
		if (m->score[block_at(m, from, k)] > HOPELESS)
			return false;
	return true;
}

static void judge_second(struct pm_main *m, pm_eight *f)
{
	int16_t score[PM_MAIN_AT_ONCE];

	for (uint32_t from = 0; from < m->n; from += PM_MAIN_AT_ONCE, f += PM_FEATURES_END) {
		/* m->p stays what pm_main_context made of the first one's score. */
		if (hopeless(m, from))
			continue;
		for (unsigned k = 0; k < PM_MAIN_AT_ONCE; k++)
			pm_main_second(m, block_at(m, from, k), f, k);
		pm_main_judge_second(f, score);
		for (unsigned k = 0; k < PM_MAIN_AT_ONCE && from + k < m->n; k++)
			m->p[from + k] = pm_main_chance(score[k]);
	}
}

/* -- deciding ---------------------------------------------------------------------------------- */

/* The least chance that is taken: with all blocks above it the expected F1
 * of words is greatest. So a page whose every block is doubtful keeps its
 * best ones, and one that is clear is cut closely. */
static unsigned least_chance(const struct pm_main *m)
{
	uint64_t mass[256] = { 0 }, words[256] = { 0 }, all = 0, got = 0, right = 0, best_got = 0,
		 best_right = 0;
	unsigned least = 256;

	for (uint32_t i = 0; i < m->n; i++) {
		uint64_t n = m->piece[i].words + 1;

		words[m->p[i]] += n;
		mass[m->p[i]] += n * m->p[i];
		all += n * m->p[i];
	}
	for (unsigned p = 255; p > 0; p--) {
		if (!words[p])
			continue;
		got += words[p] * 255;
		right += mass[p];
		/* right / (got + all) grows? The best so far was best_right / (best_got + all). */
		if (least == 256 || right * (best_got + all) > best_right * (got + all)) {
			least = p;
			best_got = got;
			best_right = right;
		}
	}
	return least;
}

/* -- very long pages --------------------------------------------------------------------------- */

enum {
	/* That are judged, three and two times what the largest of ten thousand
	 * pages has; what is behind them goes the way of the last ones. */
	BLOCKS_MAX = 1 << 13, NODES_MAX = 1 << 16,
	LAST_BLOCKS = 1 << 10,
};

/* A page with so much of it as is judged. */
struct part {
	struct pm_main main;
	struct pm_html doc;
	struct pm_visible visible;
};

static void cut(struct part *part, const struct pm_html *doc, const struct pm_visible *v)
{
	uint32_t run = 0;

	part->doc = *doc;
	part->visible = *v;
	if (v->nblocks <= BLOCKS_MAX && doc->nnodes <= NODES_MAX)
		return;
	while (run < v->nruns && v->runs[run].block < BLOCKS_MAX && v->runs[run].node < NODES_MAX)
		run++;
	part->visible.nblocks = run ? v->runs[run - 1].block + 1 : 0;
	part->visible.nruns = run;
	part->doc.nnodes = run ? v->runs[run - 1].node + 1 : 1;
}

/* Whether most of the last text that was judged is taken, or none was judged. */
static bool ends_in_main(const struct pm_main *m, unsigned least)
{
	uint64_t all = 0, taken = 0;

	for (uint32_t i = m->n > LAST_BLOCKS ? m->n - LAST_BLOCKS : 0; i < m->n; i++) {
		all += m->piece[i].bytes;
		taken += m->p[i] >= least ? m->piece[i].bytes : 0;
	}
	return taken * 2 >= all;
}

/* -- the text ---------------------------------------------------------------------------------- */

static void mark_kept(const struct pm_main *m, const struct pm_visible *v, unsigned least)
{
	bool rest = v->nblocks > m->n && ends_in_main(m, least);

	for (uint32_t i = 0; i < v->nblocks; i++)
		v->blocks[i].kept = i < m->n ? m->p[i] >= least : rest;
}

/* Flags a text whose last block, or a line right behind it, says that it goes on elsewhere. */
static bool flag_cut_off(const struct pm_visible *v, struct pm_page *page, uint32_t last)
{
	enum { BEHIND = 2, EVIDENCE_BYTES = 80 };
	struct pm_slice line = page->blocks.at[page->blocks.len - 1].text;
	bool more = pm_ends_cut_off(line) || pm_says_more(line, true);

	for (uint32_t i = last + 1; i < v->nblocks && i <= last + BEHIND && !more; i++)
		more = pm_says_more(pm_slice(v->text.ptr + v->blocks[i].at, v->blocks[i].len),
				    true);
	while (line.len > EVIDENCE_BYTES || (line.len && ((unsigned char)*line.ptr & 0xc0) == 0x80))
		line.ptr++, line.len--;
	return !more || pm_page_flag(page, PM_LIT("truncated"), line);
}

static bool take(const struct pm_visible *v, struct pm_page *page)
{
	char *text = pm_arena_alloc(page->arena, v->text.len);
	size_t len = 0, n = 0;
	uint32_t last = 0;

	page->blocks.at = PM_ARENA_NEW(page->arena, struct pm_block, v->nblocks);
	if (!text || !page->blocks.at)
		return false;
	for (uint32_t i = 0; i < v->nblocks; i++) {
		const struct pm_visible_block *b = &v->blocks[i];
		struct pm_block *to = &page->blocks.at[n];
		struct pm_slice block;

		if (!b->kept)
			continue;
		block = pm_slice(v->text.ptr + b->at, b->len);
		if (n) {
			bool items =
				to[-1].kind == PM_BLOCK_LIST_ITEM && b->kind == PM_BLOCK_LIST_ITEM;

			memcpy(text + len, "\n\n", 2);
			len += items ? 1 : 2;
		} else {
			/* Code keeps the indent of its first line, but for where text begins. */
			block = pm_slice_trim(block);
		}
		memcpy(text + len, block.ptr, block.len);
		*to = pm_visible_block_of(b, pm_slice(text + len, block.len));
		len += block.len;
		last = i;
		n++;
	}
	page->blocks.len = page->blocks.cap = n;
	if (!n)
		return true;
	page->text = pm_slice(text, len);
	return flag_cut_off(v, page, last);
}

/* Where the page shows next to nothing of the article that its JSON-LD repeats, a
 * script draws it: then that is its text. What is mark-up in there is left alone. */
static bool take_body(const struct pm_slice *body, const struct pm_visible *v, struct pm_page *page)
{
	enum { BODY_LEAST = 500, TEXT_LITTLE = 200, TIMES = 4 };

	if (body->len < BODY_LEAST || memmem(body->ptr, body->len, "</", 2) ||
	    (page->text.len >= TEXT_LITTLE && page->text.len >= body->len / TIMES))
		return true;
	page->blocks.len = 0;
	for (uint32_t i = 0; i < v->nblocks; i++)
		v->blocks[i].kept = false;
	if (!pm_flat_text(page, *body))
		return false;
	page->layout = PM_LAYOUT_HTML;
	return true;
}

/* What is taken, block by block. false: the arena is full. */
static bool choose(struct pm_main *m, const struct pm_visible *v)
{
	pm_eight *f = open_features(m);

	if (!f)
		return false;
	judge_first(m, f);
	if (!pm_main_context(m))
		return false;
	judge_second(m, f);
	mark_kept(m, v, least_chance(m));
	if (!pm_main_boxes(m))
		return false;
	pm_main_cues(m);
	return true;
}

bool pm_main_text(struct pm_html *doc, const struct pm_visible *v, struct pm_page *page)
{
	struct part *part = pm_arena_alloc(page->arena, sizeof(*part));
	struct pm_main *m;

	if (!part)
		return false;
	m = &part->main;
	cut(part, doc, v);
	doc->effort += doc->nnodes + v->text.len;
	if (!pm_main_read(m, &part->doc, &part->visible, page->arena, &pm_main_words, page->url,
			  true))
		return false;
	if (!v->nblocks)
		return pm_main_hints(m, true) && take_body(&m->hints.body, v, page);
	if (m->n && !choose(m, v))
		return false;
	if (!m->n)
		mark_kept(m, v, 0);
	return take(v, page) && take_body(&m->hints.body, v, page) && pm_removed(m, v, page);
}
