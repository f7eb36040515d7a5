/* filters/language/language.c -- which language the text is written in.
 *
 * CLD2 with its full tables reads a sample of the longest blocks, so that a menu in English does
 * not outvote an article. What the page declares is only believed where CLD2 itself is in doubt. */
#include "filters/filter.h"
#include "filters/language/cld2.h"
#include "filters/loader.h"
#include "filters/names.h"
#include "filters/worker.h"

struct conf {
	int64_t sample_bytes;
};

static const struct pm_option options[] = {
	{ PM_OPT_INT, "sample_bytes", "2048", .min = 256, .max = 65536,
	  .offset = offsetof(struct conf, sample_bytes),
	  .doc = "Bytes of text that are looked at, the longest blocks first." },
	{ 0 }
};

enum { BLOCKS_MAX = 16 };       /* blocks of a sample */
enum { COST = 16 };             /* effort of CLD2 for a byte */

/* CLD2's codes that BCP 47 spells otherwise. */
static const struct { const char *cld2, *bcp47; } spelled[] = {
	{ "iw", "he" }, { "jw", "jv" }, { "mo", "ro" }, { "un", NULL }, { "xxx", NULL },
};

static const char *bcp47(const char *code)
{
	for (size_t i = 0; i < sizeof(spelled) / sizeof(*spelled); i++)
		if (strcmp(code, spelled[i].cld2) == 0)
			return spelled[i].bcp47;
	return strncmp(code, "xx-", 3) == 0 ? NULL : code;
}

/* The longest blocks, in the order of the page; equal ones: the first. */
static size_t longest(const struct pm_page *page, const struct pm_block *best[BLOCKS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < page->blocks.len; i++) {
		const struct pm_block *block = &page->blocks.at[i];
		size_t least = 0;

		if (block->kind == PM_BLOCK_CODE)
			continue;
		if (n < BLOCKS_MAX) {
			best[n++] = block;
			continue;
		}
		for (size_t j = 1; j < n; j++)
			if (best[j]->text.len <= best[least]->text.len)
				least = j;
		if (block->text.len <= best[least]->text.len)
			continue;
		memmove(best + least, best + least + 1, (n - 1 - least) * sizeof(*best));
		best[n - 1] = block;
	}
	return n;
}

/* At most `max` bytes from the start, cut between code points. */
static struct pm_slice cut(struct pm_slice s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max && ((unsigned char)s.ptr[max] & 0xc0) == 0x80)
		max--;
	return pm_slice(s.ptr, max);
}

static bool has_code(const struct pm_page *page)
{
	for (size_t i = 0; i < page->blocks.len; i++)
		if (page->blocks.at[i].kind == PM_BLOCK_CODE)
			return true;
	return false;
}

static struct pm_slice sample(struct pm_page *page, size_t max)
{
	const struct pm_block *best[BLOCKS_MAX];
	size_t n = longest(page, best), len = 0;
	char *to;

	if (n == 0 || (page->text.len <= max && !has_code(page)))
		return cut(page->text, max);
	to = pm_arena_alloc(page->arena, max);
	if (!to)
		return (struct pm_slice){ 0 };
	for (size_t i = 0; i < n; i++) {
		/* An equal share of what is left, so that one endless block leaves room for
		 * others. */
		struct pm_slice part = cut(best[i]->text, (max - len) / (n - i) - 1);

		memcpy(to + len, part.ptr, part.len);
		len += part.len;
		to[len++] = '\n';
	}
	return pm_slice(to, len);
}

static bool same_language(struct pm_slice declared, const char *code)
{
	size_t n = strlen(code);

	return pm_slice_begins_nocase(declared, code, n) &&
	       (declared.len == n || declared.ptr[n] == '-');
}

/* -- the filter ---------------------------------------------------------------------------- */

static void *language_open(const void *conf, struct pm_loader *load, struct pm_err *err)
{
	pm_loader_builtin(load, "cld2", pm_slice_str(pm_cld2_version()));
	return (void *)conf;
}

static int language_provides(const void *state, struct pm_names *names)
{
	return pm_names_add(names, "language.code", NULL) |
	       pm_names_add(names, "language.confidence", NULL);
}

static struct pm_result language_process(struct pm_page *page, const void *state,
					 struct pm_worker *worker)
{
	const struct conf *conf = state;
	struct pm_slice text;
	struct pm_cld2 found;
	int at = 0;

	if (page->text.len == 0)
		return PM_PASSED;
	text = sample(page, (size_t)conf->sample_bytes);
	if (!text.ptr)
		return PM_FAILED(PM_REASON_ARENA_FULL);
	if (!pm_spend(worker, (uint32_t)(page->blocks.len + text.len * COST)))
		return PM_FAILED(PM_REASON_EFFORT);
	pm_cld2_detect(text.ptr, text.len, &found);
	for (int i = 0; i < PM_CLD2_TOP && found.top[i].percent; i++)
		pm_page_note(page, "candidate", "%s, %d %% of the sample%s", found.top[i].code,
			     found.top[i].percent, i == 0 && !found.reliable ? ", in doubt" : "");
	if (!found.reliable) {
		/* In doubt, the language that the page declares wins if CLD2 saw it too. */
		while (at < PM_CLD2_TOP && !(bcp47(found.top[at].code) &&
		       same_language(page->declared_language, bcp47(found.top[at].code))))
			at++;
		if (at == PM_CLD2_TOP)
			return PM_PASSED;
	}
	if (!bcp47(found.top[at].code))
		return PM_PASSED;
	page->language = pm_slice_str(bcp47(found.top[at].code));
	page->language_confidence = found.top[at].percent * (PM_SCORE_ONE / 100);
	return PM_PASSED;
}

static void language_close(void *state)
{
}

const struct pm_filter pm_filter_language = {
	.abi = PM_FILTER_ABI,
	.size = sizeof(struct pm_filter),
	.name = "language",
	.version = 1,
	.summary = "Tells the language of the text (BCP 47) and how sure it is.",
	.needs = PM_TEXT,
	.gives = PM_LANGUAGE,
	.options = options,
	.conf_size = sizeof(struct conf),
	.open = language_open,
	.provides = language_provides,
	.process = language_process,
	.close = language_close,
};
