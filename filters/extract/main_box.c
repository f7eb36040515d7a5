/* filters/extract/main_box.c -- boxes that stand in the main text and are named for what isn't: a
 * form for a newsletter, links to other articles. Their text reads like the text around them. */
#include "filters/extract/main_impl.h"
#include "filters/extract/removed.h"

/* Classes that sites give to nothing else. Comments and teasers are not among them: there are pages
 * that consist of these; nor are ids, which sections of articles have from their headings. */
static bool is_sure(const char *word, size_t len)
{
	static const char *const words[] = {
		"addthis", "addtoany", "consent", "cookie", "cookies", "disqus", "gdpr", "mailchimp",
		"newsletter", "newsletters", "outbrain", "readmore", "recommendations", "recommended",
		"related", "share", "sharedaddy", "sharing", "signup", "subscribe", "taboola", "trending",
		"upnext",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if ((*word | 0x20) == *words[i] &&
		    pm_slice_is_nocase(pm_slice(word, len), words[i]))
			return true;
	return false;
}

static void hear(void *ctx, enum pm_word_space space, uint32_t key, const char *word, size_t len)
{
	bool *sure = ctx;

	(void)space;
	(void)key;
	*sure |= is_sure(word, len);
}

static bool is_box(const struct pm_main *m, uint32_t i)
{
	const struct pm_node *node = &m->doc->nodes[i];
	bool sure = false;

	if (!m->place[i].says)
		return false;
	for (unsigned k = 0; k < node->nattrs && !sure; k++) {
		const struct pm_attr *attr = &m->doc->attrs[node->attrs + k];

		if (attr->name == PM_ATTR_CLASS)
			pm_class_words(pm_slice(m->doc->src + attr->at, attr->len), PM_WORD_CLASS,
				       hear, &sure);
	}
	return sure;
}

/* Bytes of text that is kept, by element. */
static uint32_t *sum_kept(const struct pm_main *m)
{
	const struct pm_html *doc = m->doc;
	uint32_t *kept = PM_ARENA_NEW(m->arena, uint32_t, doc->nnodes);

	if (!kept)
		return NULL;
	memset(kept, 0, doc->nnodes * sizeof(*kept));
	for (uint32_t i = 0; i < m->n; i++)
		if (m->visible->blocks[i].kept)
			kept[doc->nodes[m->piece[i].node].parent] += m->piece[i].bytes;
	for (uint32_t i = doc->nnodes; i-- > 1;)
		kept[doc->nodes[i].parent] += kept[i];
	return kept;
}

/* What holds much of the text is the article, however it is named; so is what holds its
 * headline. */
enum { BOX_PART = 8, BOXES_PART = 4 };

bool pm_main_boxes(const struct pm_main *m)
{
	const struct pm_html *doc = m->doc;
	uint32_t *kept = sum_kept(m);
	uint8_t *cut = PM_ARENA_NEW(m->arena, uint8_t, doc->nnodes);
	uint64_t boxes = 0;

	if (!kept || !cut)
		return false;
	memset(cut, 0, doc->nnodes);
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		cut[i] = cut[doc->nodes[i].parent];
		if (cut[i] || !kept[i] || (uint64_t)kept[i] * BOX_PART > kept[0] || !is_box(m, i))
			continue;
		cut[i] = 1;
		boxes += kept[i];
	}
	if (boxes * BOXES_PART > kept[0])
		return true;
	for (uint32_t i = 0; i < m->n; i++)
		if (cut[doc->nodes[m->piece[i].node].parent] && i != m->headline)
			m->visible->blocks[i].kept = false;
	return true;
}
