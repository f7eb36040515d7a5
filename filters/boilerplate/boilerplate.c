/* filters/boilerplate/boilerplate.c -- flattened text without its furniture.
 *
 * A scraper that keeps only the text keeps menus, share buttons, related links and notices with it. The
 * text is cut into pieces (cut.c), what single lines say for sure is settled by rules (rule.c), the
 * rest by boosted trees over a piece's form, words and surroundings (feature.c, model.c). HTML is
 * extract's: it passes untouched. */
#include "core/utf8.h"
#include "filters/boilerplate/rule.h"
#include "filters/boilerplate/seam.h"
#include "filters/extract/date.h"
#include "filters/extract/markdown.h"
#include "filters/filter.h"
#include "filters/loader.h"
#include "filters/names.h"

struct conf {
	int favour;
};

static const char *const favours[] = {
	[PM_FAVOUR_BALANCE] = "balance", [PM_FAVOUR_PRECISION] = "precision",
	[PM_FAVOUR_RECALL] = "recall", NULL
};

static const struct pm_option options[] = {
	{ PM_OPT_ENUM, "favour", "balance", .choices = favours, .offset = offsetof(struct conf, favour),
	  .doc = "What doubtful lines do: `precision` lets them go, `recall` keeps them." },
	{ 0 }
};

static const char *const classes[PM_FURNITURES] = PM_FURNITURE_NAMES;

enum { COST = 8 };              /* effort of a byte of text */
enum { CLEAN_PIECES = 8, CLEAN_SHARE = 90 };    /* of a text that is no page: pieces, % of characters */
enum { FEW_LINES = 2 };         /* of a text that has lost its lines, however short it is */
enum { EVIDENCE_BYTES = 80 };   /* of a line that breaks off, from its end */

/* -- judging ----------------------------------------------------------------------------------- */

static void judge_all(const struct pm_piece_view *v, bool joined, int16_t *score)
{
	pm_eight f[PM_PIECE_FEATURES];
	int16_t eight[PM_TREES_AT_ONCE];

	for (size_t i = 0; i < v->len; i += PM_TREES_AT_ONCE) {
		pm_piece_features(v, i, f);
		pm_piece_judge(f, joined, eight);
		for (size_t k = 0; k < PM_TREES_AT_ONCE && i + k < v->len; k++)
			score[i + k] = eight[k];
	}
}

/* Whether its lines are joined in one, or nearly. */
static bool lost_lines(const struct pm_page *page)
{
	return page->layout == PM_LAYOUT_FLAT || page->blocks.len <= FEW_LINES;
}

/* Whether a text is too small to be a page, and nothing in it is known from pages' furniture, or is prose
 * from end to end: then it is a text already. Where lines are lost a sentence may begin with the words of a
 * phrase: there one is none. */
static bool is_clean(const struct pm_page *page, const struct pm_pieces *pieces)
{
	uint64_t chars = 0, wordy = 0;
	unsigned shown = 0;

	for (size_t i = 0; i < pieces->len; i++) {
		shown += pm_shows_page(pieces, i);
		chars += pieces->at[i].chars;
		wordy += pieces->at[i].flags & PM_PIECE_WORDY ? pieces->at[i].chars : 0u;
	}
	if (shown > (pieces->len <= CLEAN_PIECES && lost_lines(page)))
		return false;
	/* Where no line is prose, a list of some kind, no line can be told from it. */
	return pieces->len <= CLEAN_PIECES || !wordy || wordy * 100 >= chars * CLEAN_SHARE;
}

/* false: the arena is full. */
static bool decide_all(struct pm_page *page, const struct pm_pieces *pieces, enum pm_favour favour,
		       struct pm_decision *d)
{
	struct pm_piece_view view;
	int16_t *score = PM_ARENA_NEW(page->arena, int16_t, pieces->len);

	if (!score || !pm_piece_view_open(page->arena, pieces, &view))
		return false;
	judge_all(&view, lost_lines(page), score);
	pm_decide(pieces, score, favour, d);
	for (size_t i = 0; page->explained && i < pieces->len; i++)
		pm_page_note(page, "score", "%d/64: %.*s", score[i],
			     (int)(pieces->at[i].text.len < 60 ? pieces->at[i].text.len : 60),
			     pieces->at[i].text.ptr);
	pm_keep_middle(pieces, score, d);
	pm_keep_between(pieces, score, d);
	return pm_rules(page, pieces, d);
}

/* -- rewriting ----------------------------------------------------------------------------------- */

struct writer {
	struct pm_page *page;
	char *text;
	size_t len;
	const char *last;       /* where the last piece that stays ends in the old text */
	bool after_cut;         /* something went since then */
};

/* What parts two pieces in the old text: 0 to 2 line feeds. */
static unsigned feeds_between(const char *from, const char *to, bool cut)
{
	unsigned feeds = 0;

	for (const char *p = from; p < to; p++) {
		if (*p != '\n')
			continue;
		if (p + 1 < to && p[1] == '\n')
			return 2;
		feeds = 1;
	}
	return feeds ? feeds : cut;
}

/* A piece's lines joined: none of its line feeds stands for the end of a block. */
static void put_joined(struct writer *w, struct pm_slice s)
{
	const char *p = s.ptr, *end = p + s.len;

	for (const char *feed; p < end; p = feed + 1) {
		feed = memchr(p, '\n', (size_t)(end - p));
		if (!feed)
			feed = end;
		memcpy(w->text + w->len, p, (size_t)(feed - p));
		w->len += (size_t)(feed - p);
		if (feed < end && !(feed + 1 < end && strchr("\n,;.)", feed[1])))
			w->text[w->len++] = ' ';
	}
}

/* false: the arena is full. */
static bool keep(struct writer *w, struct pm_slice s)
{
	struct pm_page *page = w->page;
	unsigned feeds = w->last ? feeds_between(w->last, s.ptr, w->after_cut) : 0;
	struct pm_block *block;
	size_t from;

	if (w->last && !feeds) {
		block = &page->blocks.at[page->blocks.len - 1];
		memcpy(w->text + w->len, w->last, (size_t)(s.ptr - w->last));
		w->len += (size_t)(s.ptr - w->last);
		from = (size_t)(block->text.ptr - w->text);
	} else {
		memset(w->text + w->len, '\n', feeds);
		w->len += feeds;
		from = w->len;
		block = PM_LIST_ADD(page, page->blocks);
	}
	if (!block)
		return false;
	put_joined(w, s);
	block->text = pm_slice(w->text + from, w->len - from);
	w->last = s.ptr + s.len;
	w->after_cut = false;
	return true;
}

static bool count(struct pm_page *page, const struct pm_piece *p, const struct pm_decision *d)
{
	struct pm_slice kind = pm_slice_str(classes[d->class]);
	struct pm_count *to = NULL;

	for (size_t i = 0; i < page->removed.len && !to; i++)
		if (pm_slice_eq(page->removed.at[i].kind, kind))
			to = &page->removed.at[i];
	if (!to) {
		to = PM_LIST_ADD(page, page->removed);
		if (!to)
			return false;
		to->kind = kind;
	}
	to->characters += (uint32_t)pm_utf8_count(p->text);
	to->blocks++;
	pm_page_cut(page, &(struct pm_cut){ .class = kind, .text = p->text, .why = d->why });
	return true;
}

static bool rewrite(struct pm_page *page, const struct pm_pieces *pieces, const struct pm_decision *d)
{
	struct writer w = { .page = page };
	size_t room = page->text.len + 2 * pieces->len;

	w.text = pm_arena_alloc(page->arena, room);
	if (!w.text)
		return false;
	page->blocks.len = 0;
	for (size_t i = 0; i < pieces->len; i++) {
		const struct pm_piece *p = &pieces->at[i];

		if (d[i].class) {
			w.after_cut = true;
			if (!count(page, p, &d[i]))
				return false;
		} else if (!keep(&w, p->text)) {
			return false;
		}
	}
	page->text = w.len ? pm_slice(w.text, w.len) : (struct pm_slice){ 0 };
	return true;
}

static bool flag_cut_off(struct pm_page *page, const struct pm_pieces *pieces,
			 const struct pm_decision *d)
{
	struct pm_slice line = pm_cut_off(pieces, d);

	if (!line.ptr)
		return true;
	while (line.len > EVIDENCE_BYTES || (line.len && ((unsigned char)*line.ptr & 0xc0) == 0x80))
		line.ptr++, line.len--;
	return pm_page_flag(page, PM_LIT("truncated"), line);
}

/* -- the filter ---------------------------------------------------------------------------------- */

static void *boilerplate_open(const void *conf, struct pm_loader *load, struct pm_err *err)
{
	for (unsigned i = 0; pm_piece_learnt(i).ptr; i++)
		pm_loader_builtin(load, "boilerplate", pm_piece_learnt(i));
	pm_loader_builtin(load, "boilerplate", pm_seam_learnt());
	pm_loader_builtin(load, "months", pm_date_bytes());
	return (void *)conf;
}

static int boilerplate_provides(const void *state, struct pm_names *names)
{
	static const char *const fields[] = {
		"title", "section", "breadcrumbs", "authors", "published_at", "modified_at", "sources.title",
		"sources.section", "sources.breadcrumbs", "sources.authors", "sources.published_at",
		"sources.modified_at",
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (pm_names_add(names, fields[i], NULL) != 0)
			return -1;
	for (unsigned i = 1; i < PM_FURNITURES_OF_TEXT; i++) {
		char name[64] = "removed.";

		strncat(name, classes[i], sizeof(name) - sizeof("removed."));
		if (pm_names_add(names, name, NULL) != 0)
			return -1;
	}
	return pm_names_add(names, "quality.flags.name", "truncated");
}

static struct pm_result boilerplate_process(struct pm_page *page, const void *state,
					    struct pm_worker *worker)
{
	const struct conf *conf = state;
	struct pm_pieces pieces;
	struct pm_decision *d;

	if (page->layout == PM_LAYOUT_HTML || page->text.len == 0)
		return PM_PASSED;
	if (page->text.len > UINT32_MAX / COST || !pm_spend(worker, (uint32_t)page->text.len * COST))
		return PM_FAILED(PM_REASON_EFFORT);
	if (!pm_pieces_cut(&pm_phrases, page, &pieces) || !pm_pieces_repeats(page->arena, &pieces))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	d = PM_ARENA_NEW(page->arena, struct pm_decision, pieces.len);
	if (!d)
		return PM_FAILED(PM_REASON_ARENA_FULL);
	memset(d, 0, pieces.len * sizeof(*d));
	if (!is_clean(page, &pieces) && !decide_all(page, &pieces, conf->favour, d))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (!flag_cut_off(page, &pieces, d) || !rewrite(page, &pieces, d))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	/* It was asked for where there is some; what is left of the text it says as well. */
	if (page->markdown.len && !pm_markdown(page))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	return PM_PASSED;
}

static void boilerplate_close(void *state)
{
}

const struct pm_filter pm_filter_boilerplate = {
	.abi = PM_FILTER_ABI,
	.size = sizeof(struct pm_filter),
	.name = "boilerplate",
	.version = 9,
	.summary = "Takes menus, notices and other furniture out of flattened text.",
	.needs = PM_TEXT | PM_BLOCKS,
	.gives = PM_REMOVED | PM_META,
	.rewrites = PM_TEXT,
	.options = options,
	.conf_size = sizeof(struct conf),
	.open = boilerplate_open,
	.provides = boilerplate_provides,
	.process = boilerplate_process,
	.close = boilerplate_close,
};
