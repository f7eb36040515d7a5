/* filters/repair/repair.c -- mends text that scrapers and their tools have damaged.
 *
 * A page is gone over until nothing changes any more, so that repairing twice changes nothing; a
 * page that does not settle stays as it was. */
#include "filters/extract/markdown.h"
#include "filters/filter.h"
#include "filters/loader.h"
#include "filters/names.h"
#include "filters/repair/steps.h"

struct conf {
	bool on[PM_REPAIR_KINDS];
};

static const char *const reasons[] = { NULL };

#define SWITCH(name, kind, text) \
	{ PM_OPT_BOOL, name, "true", .offset = offsetof(struct conf, on[kind]), .doc = text }

static const struct pm_option options[] = {
	SWITCH("mojibake", PM_REPAIR_MOJIBAKE,
	       "UTF-8 that was read in another encoding, once or twice, is taken back."),
	SWITCH("entities", PM_REPAIR_ENTITIES,
	       "Character references that were left in the text, escaped once or twice, are resolved."),
	SWITCH("controls", PM_REPAIR_CONTROLS,
	       "Control and zero-width characters that are still in the text are taken out."),
	SWITCH("quotes", PM_REPAIR_QUOTES,
	       "Typographic quotation marks and apostrophes that stand the wrong way round are turned."),
	SWITCH("spaces", PM_REPAIR_SPACES, "Spaces that are missing behind punctuation are put in."),
	SWITCH("glue", PM_REPAIR_GLUE,
	       "Sentences and headings that ran together are parted where both halves are words."),
	SWITCH("case", PM_REPAIR_CASE,
	       "Names in the wrong case are mended where the page or a list of names proves them."),
	{ 0 }
};

/* As `repairs` names them; in the order of the record. */
static const char *const kinds[PM_REPAIR_KINDS] = {
	[PM_REPAIR_MOJIBAKE] = "mojibake", [PM_REPAIR_ENTITIES] = "entities",
	[PM_REPAIR_CONTROLS] = "controls", [PM_REPAIR_QUOTES] = "quotes", [PM_REPAIR_SPACES] = "spaces",
	[PM_REPAIR_GLUE] = "glue", [PM_REPAIR_CASE] = "case",
};

enum {
	LAYERS = 2,     /* times that text was misread */
	ROUNDS = 5,     /* after that many a text that still changes is left as it was */
	COST_SCAN = 1, COST_ROUND = 8,  /* effort for a byte */
};

/* One text of the page while it is mended. */
struct text {
	struct pm_slice was;
	size_t *borders;        /* of its blocks, begin and end by turns; and what they were */
	size_t *borders_were;
	const bool *code;       /* block by block: not to be touched */
	size_t nblocks;
	bool markdown;
	bool own;               /* the page's text: what its words are gathered from */
	const struct pm_page *page;
};

typedef void step(struct pm_repair *r, const char *p, const char *end);

/* -- what of a text is open to repair --------------------------------------------------------- */

/* Where a reader of Markdown stands. */
struct reader {
	const char *p, *end;
	const char *eol;        /* of a line that was looked at; `end` where none ends it */
	bool fenced;
};

/* Where the line of `q` ends: each is looked for once. */
static const char *line_end(struct reader *m, const char *q)
{
	if (!m->eol || m->eol < q) {
		m->eol = memchr(q, '\n', (size_t)(m->end - q));
		if (!m->eol)
			m->eol = m->end;
	}
	return m->eol;
}

/* The next stretch of Markdown that is neither code nor the target of a link. */
static struct pm_slice markdown_stretch(struct reader *m)
{
	const char *from = m->p, *q = from, *end = m->end;

	while (q < end) {
		bool begins = q == from || q[-1] == '\n';

		if (begins && end - q >= 3 &&
		    (memcmp(q, "```", 3) == 0 || memcmp(q, "~~~", 3) == 0)) {
			m->fenced = !m->fenced;
			break;
		}
		if (m->fenced || (begins && end - q >= 4 && memcmp(q, "    ", 4) == 0))
			break;
		if (*q == '`' || *q == '<' || (*q == ']' && end - q > 1 && q[1] == '('))
			break;
		q++;
	}
	if (q < end) {
		/* Over what is not open: the line's rest, or up to the mark that closes it. */
		const char *eol = line_end(m, q);
		size_t n = (size_t)(eol - q);
		const char *close = *q == '`' && !m->fenced ? (n ? memchr(q + 1, '`', n - 1) : NULL)
			: *q == '<' ? memchr(q, '>', n) : *q == ']' ? memchr(q, ')', n) : NULL;

		m->p = close ? close + 1 : eol < end ? eol + 1 : end;
	} else {
		m->p = end;
	}
	return pm_slice(from, (size_t)(q - from));
}

/* Runs `step` over everything open in the text. Blocks that are not code are open; so is a text
 * without any. */
static void over(struct pm_repair *r, const struct text *t, step *run)
{
	const char *base = r->edit.from.ptr, *end = base + r->edit.from.len, *p = base;

	if (t->markdown) {
		struct reader m = { .p = p, .end = end };

		while (m.p < end) {
			struct pm_slice s = markdown_stretch(&m);

			run(r, s.ptr, s.ptr + s.len);
		}
		return;
	}
	for (size_t i = 0; i < t->nblocks; i++) {
		if (!t->code[i])
			continue;
		run(r, p, base + t->borders[2 * i]);
		p = base + t->borders[2 * i + 1];
	}
	run(r, p, end);
}

static void look(struct pm_repair *r, const char *p, const char *end)
{
	r->found |= pm_repair_scan(p, end);
}

static void gather(struct pm_repair *r, const char *p, const char *end)
{
	pm_words_add(&r->gathered, p, end);
}

static void add_suspects(struct pm_repair *r, const char *p, const char *end)
{
	pm_suspects_add(&r->suspects, p, end);
}

static void look_for_suspects(struct pm_repair *r, const char *p, const char *end)
{
	pm_suspects_look(&r->suspects, p, end);
}

static void look_again(struct pm_repair *r, const char *p, const char *end)
{
	pm_suspects_again(&r->suspects, p, end);
}

/* Whether the case of a word could be wrong. What is no page's own text goes by what that one
 * has. */
static bool suspect(struct pm_repair *r, const struct text *t)
{
	if (!t->own && r->suspects.found)
		return true;
	if (t->own)
		pm_suspects_begin(&r->suspects);
	else
		r->suspects.own = false;
	over(r, t, add_suspects);
	over(r, t, look_for_suspects);
	if (!pm_suspects_found(&r->suspects) && pm_suspects_doubtful(&r->suspects))
		over(r, t, look_again);
	return r->suspects.found = pm_suspects_found(&r->suspects);
}

/* Gathers the page's words for this round. */
static bool words(struct pm_repair *r, const struct text *t)
{
	const struct pm_page *page = t->page;

	if (r->words)
		return true;
	if (!r->gathered.at)
		pm_words_open(&r->gathered, r->edit.arena, page->text.len);
	else
		pm_words_reset(&r->gathered);
	if (!r->gathered.at)
		return false;
	r->words = &r->gathered;
	if (t->own) {
		over(r, t, gather);
		return true;
	}
	for (size_t i = 0; i < page->blocks.len; i++)
		if (page->blocks.at[i].kind != PM_BLOCK_CODE)
			gather(r, page->blocks.at[i].text.ptr,
			       page->blocks.at[i].text.ptr + page->blocks.at[i].text.len);
	if (page->blocks.len == 0 && page->text.len)
		gather(r, page->text.ptr, page->text.ptr + page->text.len);
	return true;
}

/* -- mending ----------------------------------------------------------------------------------- */

static void mend_with(struct pm_repair *r, const struct text *t, step *run)
{
	if (r->edit.failed)
		return;
	pm_edit_begin(&r->edit);
	over(r, t, run);
	pm_edit_end(&r->edit);
	r->round_changed |= r->edit.changed;
}

/* One round: what was read wrongly first, as the others look at its letters. false: the arena is
 * full. */
static bool round_of(struct pm_repair *r, const struct text *t, const struct conf *conf)
{
	static step *const steps[PM_REPAIR_KINDS] = {
		pm_repair_mojibake, pm_repair_entities, pm_repair_controls, pm_repair_quotes,
		pm_repair_spaces, pm_repair_glue, pm_repair_case,
	};

	r->found = 0;
	r->round_changed = false;
	over(r, t, look);
	if (t->own)
		r->words = NULL;
	if (conf->on[PM_REPAIR_CASE] && suspect(r, t))
		r->found |= 1u << PM_REPAIR_CASE;
	for (unsigned kind = 0; kind < PM_REPAIR_KINDS; kind++) {
		if (!conf->on[kind] || !(r->found >> kind & 1))
			continue;
		if (kind == PM_REPAIR_MOJIBAKE) {
			/* Both layers, before any other step sees the first one's controls. */
			for (unsigned layer = 0; layer < LAYERS; layer++) {
				memset(r->proven, 0, sizeof(r->proven));
				memset(r->proofs, 0, sizeof(r->proofs));
				r->likeliest = 0;
				over(r, t, pm_repair_prove);
				mend_with(r, t, pm_repair_mojibake);
				if (!r->edit.changed)
					break;
			}
			continue;
		}
		if ((kind >= PM_REPAIR_GLUE ||
		     (kind == PM_REPAIR_SPACES && r->found & PM_REPAIR_WORDS)) &&
		    !words(r, t))
			return false;
		if (kind == PM_REPAIR_QUOTES) {
			r->quoting = (struct pm_quoting){ 0 };
			over(r, t, pm_repair_quoting);
		}
		mend_with(r, t, steps[kind]);
	}
	return true;
}

/* Mends the text as often as it takes. false: the arena is full. r->edit.from is the text after. */
static bool mend(struct pm_repair *r, struct text *t, const struct conf *conf,
		 struct pm_worker *worker, bool *paid)
{
	struct pm_arena *arena = r->edit.arena;
	uint32_t before[PM_REPAIR_KINDS];

	memcpy(before, r->count, sizeof(before));
	r->edit = (struct pm_edit){ .arena = arena, .from = t->was, .borders = t->borders,
				    .nborders = 2 * t->nblocks };
	r->markdown = t->markdown;
	*paid = true;
	for (unsigned n = 0; n < ROUNDS; n++) {
		size_t len = r->edit.from.len;

		if (len * COST_ROUND > UINT32_MAX ||
		    !pm_spend(worker, (uint32_t)(len * COST_ROUND))) {
			*paid = false;
			return true;
		}
		if (!round_of(r, t, conf))
			return false;
		if (!r->round_changed)
			return true;
		if (r->edit.failed)
			break;
	}
	if (r->edit.failed && pm_arena_left(arena) < r->edit.cap)
		return false;
	memcpy(r->count, before, sizeof(before));
	r->edit.from = t->was;
	if (t->borders)
		memcpy(t->borders, t->borders_were, 2 * t->nblocks * sizeof(*t->borders));
	return true;
}

/* -- the page ---------------------------------------------------------------------------------- */

/* Where the blocks lie in the text. false: the arena is full. Blocks that do not lie there in order
 * are none of this text: *t says then that it has none. */
static bool borders(const struct pm_page *page, struct text *t)
{
	size_t n = page->blocks.len, at = 0;
	bool *code;

	if (n == 0)
		return true;
	t->borders = PM_ARENA_NEW(page->arena, size_t, 4 * n);
	code = PM_ARENA_NEW(page->arena, bool, n);
	if (!t->borders || !code)
		return false;
	t->borders_were = t->borders + 2 * n;
	t->code = code;
	for (size_t i = 0; i < n; i++) {
		const struct pm_block *b = &page->blocks.at[i];
		/* Compared as numbers: the slices may lie anywhere. */
		uintptr_t from = (uintptr_t)b->text.ptr - (uintptr_t)page->text.ptr;

		if (from < at || from > page->text.len || b->text.len > page->text.len - from)
			return true;
		t->borders[2 * i] = from;
		t->borders[2 * i + 1] = at = from + b->text.len;
		code[i] = b->kind == PM_BLOCK_CODE;
	}
	memcpy(t->borders_were, t->borders, 2 * n * sizeof(*t->borders));
	t->nblocks = n;
	return true;
}

/* What a repair left of a block, without the lines at its ends that hold nothing now. */
static struct pm_slice without_empty_lines(struct pm_slice s)
{
	while (s.len && *s.ptr == '\n')
		s.ptr++, s.len--;
	while (s.len && s.ptr[s.len - 1] == '\n')
		s.len--;
	return s;
}

static bool are_items(const struct pm_block *a, const struct pm_block *b)
{
	return a->kind == PM_BLOCK_LIST_ITEM && b->kind == PM_BLOCK_LIST_ITEM;
}

/* Where a repair left nothing of a block, the block goes, and the separator with it. */
static void close_gaps(struct pm_page *page, const struct text *t, char *text)
{
	size_t n = 0, to = 0;

	for (size_t i = 0; i < t->nblocks; i++) {
		size_t from = t->borders[2 * i];
		size_t gap = from - (i ? t->borders[2 * i - 1] : 0);
		struct pm_slice left = pm_slice(text + from, t->borders[2 * i + 1] - from);

		left = without_empty_lines(left);
		if (left.len == 0 && t->borders_were[2 * i] < t->borders_were[2 * i + 1])
			continue;
		if (n) {
			memmove(text + to, text + from - gap, gap);
			/* Blocks that come together now part as their kinds do. */
			if (n < i && page->layout == PM_LAYOUT_HTML) {
				gap = are_items(&page->blocks.at[n - 1], &page->blocks.at[i]) ? 1
											      : 2;
				memset(text + to, '\n', gap);
			}
			to += gap;
		}
		memmove(text + to, left.ptr, left.len);
		page->blocks.at[n] = page->blocks.at[i];
		page->blocks.at[n++].text = pm_slice(text + to, left.len);
		to += left.len;
	}
	page->blocks.len = n;
	page->text = pm_slice(text, to);
}

static bool changed(const struct pm_repair *r, const struct text *t)
{
	return r->edit.from.ptr != t->was.ptr;
}

static struct pm_result mend_text(struct pm_page *page, struct pm_repair *r,
				  const struct conf *conf, struct pm_worker *worker)
{
	struct text t = { .was = page->text, .own = true, .page = page };
	bool paid;

	if (!borders(page, &t) || !mend(r, &t, conf, worker, &paid))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (!paid)
		return PM_FAILED(PM_REASON_EFFORT);
	r->words = NULL;
	r->text_changed = changed(r, &t);
	if (r->text_changed) {
		if (t.nblocks)
			close_gaps(page, &t, (char *)r->edit.from.ptr);
		else
			page->text = r->edit.from;
	}
	return PM_PASSED;
}

/* The title, Markdown: by the words of the page's text; what is mended there is counted once. */
static struct pm_result mend_other(const struct pm_page *page, struct pm_slice *text, bool markdown,
				   struct pm_repair *r, const struct conf *conf,
				   struct pm_worker *worker)
{
	struct text t = { .was = *text, .markdown = markdown, .page = page };
	uint32_t before[PM_REPAIR_KINDS];
	bool paid;

	if (!text->ptr || text->len == 0)
		return PM_PASSED;
	memcpy(before, r->count, sizeof(before));
	if (!mend(r, &t, conf, worker, &paid))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (!paid)
		return PM_FAILED(PM_REASON_EFFORT);
	if (markdown)
		memcpy(r->count, before, sizeof(before));
	*text = r->edit.from;
	return PM_PASSED;
}

/* Where there are blocks, Markdown is those, mended. */
static struct pm_result mend_markdown(struct pm_page *page, struct pm_repair *r,
				      const struct conf *conf, struct pm_worker *worker)
{
	if (page->markdown.len && page->blocks.len && !r->text_changed)
		return PM_PASSED;
	if (!page->markdown.len || !page->blocks.len)
		return mend_other(page, &page->markdown, true, r, conf, worker);
	if (!pm_spend(worker, (uint32_t)page->markdown.len))
		return PM_FAILED(PM_REASON_EFFORT);
	return pm_markdown(page) ? PM_PASSED : PM_FAILED(PM_REASON_ARENA_FULL);
}

/* -- the filter ---------------------------------------------------------------------------- */

static void *repair_open(const void *conf, struct pm_loader *load, struct pm_err *err)
{
	pm_loader_builtin(load, "letters", pm_letter_bytes());
	pm_loader_builtin(load, "misread", pm_misread_bytes());
	for (unsigned i = 0; i < PM_NAME_LISTS; i++)
		pm_loader_builtin(load, "names", pm_names_bytes(i));
	return (void *)conf;
}

static int repair_provides(const void *state, struct pm_names *names)
{
	const struct conf *conf = state;
	char field[32];

	for (unsigned i = 0; i < PM_REPAIR_KINDS; i++) {
		if (!conf->on[i])
			continue;
		snprintf(field, sizeof(field), "repairs.%s", kinds[i]);
		if (pm_names_add(names, field, NULL) != 0)
			return -1;
	}
	return 0;
}

static struct pm_result repair_process(struct pm_page *page, const void *state,
				       struct pm_worker *worker)
{
	const struct conf *conf = state;
	struct pm_repair r = { .edit = { .arena = page->arena } };
	struct pm_result result = PM_PASSED;

	if (page->text.len)
		result = mend_text(page, &r, conf, worker);
	if (result.verdict == PM_PASS)
		result = mend_other(page, &page->title.value, false, &r, conf, worker);
	if (result.verdict == PM_PASS)
		result = mend_markdown(page, &r, conf, worker);
	if (result.verdict != PM_PASS)
		return result;
	for (unsigned i = 0; i < PM_REPAIR_KINDS; i++) {
		struct pm_count *count;

		if (r.count[i] == 0)
			continue;
		count = PM_LIST_ADD(page, page->repairs);
		if (!count)
			return PM_FAILED(PM_REASON_ARENA_FULL);
		count->kind = pm_slice_str(kinds[i]);
		count->blocks = r.count[i];
	}
	return PM_PASSED;
}

static void repair_close(void *state)
{
}

const struct pm_filter pm_filter_repair = {
	.abi = PM_FILTER_ABI,
	.size = sizeof(struct pm_filter),
	.name = "repair",
	.version = 7,
	.summary = "Mends damaged text: wrong encodings, missing spaces, turned quotes, names in the wrong case.",
	.needs = PM_TEXT,
	.gives = PM_REPAIRS,
	.rewrites = PM_TEXT,
	.options = options,
	.conf_size = sizeof(struct conf),
	.reasons = reasons,
	.open = repair_open,
	.provides = repair_provides,
	.process = repair_process,
	.close = repair_close,
};
