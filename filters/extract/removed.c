#include "filters/extract/removed.h"

#include <stdio.h>

#include "core/utf8.h"

static const char *const names[PM_FURNITURES] = PM_FURNITURE_NAMES;

/* -- what names say ---------------------------------------------------------------------------- */

/* Words that sites name their parts by; sorted. */
static const struct { const char *word; uint8_t len, says; } words[] = {
#define S(word, furniture) { #word, sizeof(#word) - 1, PM_FURNITURE_##furniture },
	S(ad, AD_NOTICE) S(adblock, AD_NOTICE) S(addthis, SHARE) S(addtoany, SHARE)
	S(ads, AD_NOTICE) S(adslot, AD_NOTICE) S(advert, AD_NOTICE) S(advertisement, AD_NOTICE)
	S(adverts, AD_NOTICE) S(aside, ASIDE) S(author, BYLINE) S(authors, BYLINE)
	S(banner, HEADER) S(bio, BYLINE) S(breadcrumb, BREADCRUMB) S(breadcrumbs, BREADCRUMB)
	S(byline, BYLINE) S(caption, CAPTION) S(ccpa, CONSENT) S(colophon, FOOTER)
	S(comment, COMMENTS) S(commentlist, COMMENTS) S(comments, COMMENTS)
	S(complementary, ASIDE) S(consent, CONSENT) S(contentinfo, FOOTER) S(contributor, BYLINE)
	S(contributors, BYLINE) S(cookie, CONSENT) S(cookiebanner, CONSENT) S(cookiebar, CONSENT)
	S(cookiebot, CONSENT) S(cookies, CONSENT) S(copyright, COPYRIGHT) S(counter, COUNTER)
	S(credit, CREDIT) S(credits, CREDIT) S(crumb, BREADCRUMB) S(crumbs, BREADCRUMB)
	S(date, DATE) S(dateline, DATE) S(didomi, CONSENT) S(disqus, COMMENTS)
	S(donate, NEWSLETTER) S(figcaption, CAPTION) S(follow, SHARE) S(foot, FOOTER)
	S(footer, FOOTER) S(form, FORM) S(gdpr, CONSENT) S(hamburger, NAVIGATION)
	S(header, HEADER) S(latest, RELATED) S(legal, COPYRIGHT) S(likes, COUNTER)
	S(login, NAVIGATION) S(mailchimp, NEWSLETTER) S(masthead, HEADER) S(megamenu, NAVIGATION)
	S(menu, NAVIGATION) S(menubar, NAVIGATION) S(nav, NAVIGATION) S(navbar, NAVIGATION)
	S(navigation, NAVIGATION) S(newsletter, NEWSLETTER) S(newsletters, NEWSLETTER)
	S(onetrust, CONSENT) S(outbrain, RELATED) S(pager, NAVIGATION) S(pagination, NAVIGATION)
	S(paging, NAVIGATION) S(popular, RELATED) S(pubdate, DATE) S(published, DATE)
	S(rail, ASIDE) S(readmore, RELATED) S(readtime, COUNTER) S(recent, RELATED)
	S(recommendation, RELATED) S(recommendations, RELATED) S(recommended, RELATED)
	S(related, RELATED) S(replies, COMMENTS) S(respond, COMMENTS) S(search, FORM)
	S(searchbox, FORM) S(searchform, FORM) S(share, SHARE) S(sharebar, SHARE)
	S(sharedaddy, SHARE) S(shares, SHARE) S(sharing, SHARE) S(sidebar, ASIDE)
	S(signin, NAVIGATION) S(signup, NEWSLETTER) S(skip, NAVIGATION) S(social, SHARE)
	S(sponsor, AD_NOTICE) S(sponsored, AD_NOTICE) S(submenu, NAVIGATION)
	S(subscribe, NEWSLETTER) S(subscription, NEWSLETTER) S(taboola, RELATED)
	S(tabs, NAVIGATION) S(tagcloud, RELATED) S(tags, RELATED) S(teaser, RELATED)
	S(teasers, RELATED) S(timestamp, DATE) S(toc, NAVIGATION) S(topbar, HEADER)
	S(topnav, NAVIGATION) S(trending, RELATED) S(updated, DATE) S(upnext, RELATED)
	S(widget, ASIDE)
#undef S
};

/* Where those with each first letter begin; one more ends the last. */
static const uint8_t begin[27] = {
	0,  12, 17, 39, 44, 44,	 49,  50,  52,	52,  52,  52,  56,  61,
	66, 68, 74, 74, 84, 102, 113, 115, 115, 116, 116, 116, 116,
};

/* A class is of a box that holds all kinds of blocks, of a single line, or
 * only of a place on the page: what is said more closely counts before what
 * is nearer. In each of them the greater counts. */
enum { PLACE = 1, LINE, BOX, TIER = 16 };
static const uint8_t rank[PM_FURNITURES] = {
	[PM_FURNITURE_CONSENT] = BOX * TIER + 7, [PM_FURNITURE_NEWSLETTER] = BOX * TIER + 6,
	[PM_FURNITURE_COMMENTS] = BOX * TIER + 5, [PM_FURNITURE_RELATED] = BOX * TIER + 4,
	[PM_FURNITURE_AD_NOTICE] = BOX * TIER + 3, [PM_FURNITURE_SHARE] = BOX * TIER + 2,
	[PM_FURNITURE_BREADCRUMB] = BOX * TIER + 1,
	[PM_FURNITURE_CREDIT] = LINE * TIER + 6, [PM_FURNITURE_CAPTION] = LINE * TIER + 5,
	[PM_FURNITURE_BYLINE] = LINE * TIER + 4, [PM_FURNITURE_DATE] = LINE * TIER + 3,
	[PM_FURNITURE_COPYRIGHT] = LINE * TIER + 2, [PM_FURNITURE_COUNTER] = LINE * TIER + 1,
	[PM_FURNITURE_NAVIGATION] = PLACE * TIER + 5, [PM_FURNITURE_FORM] = PLACE * TIER + 4,
	[PM_FURNITURE_HEADER] = PLACE * TIER + 3, [PM_FURNITURE_FOOTER] = PLACE * TIER + 2,
	[PM_FURNITURE_ASIDE] = PLACE * TIER + 1,
};

enum pm_furniture pm_furniture_word(const char *word, size_t len)
{
	unsigned letter = (unsigned char)((*word | 0x20) - 'a');

	if (letter >= 26)
		return PM_FURNITURE_NONE;
	for (unsigned i = begin[letter]; i < begin[letter + 1]; i++)
		if (words[i].len == len && (word[1] | 0x20) == words[i].word[1] &&
		    pm_slice_is_nocase(pm_slice(word, len), words[i].word))
			return words[i].says;
	return PM_FURNITURE_NONE;
}

void pm_furniture_letters(uint32_t second[26])
{
	memset(second, 0, 26 * sizeof(*second));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		second[words[i].word[0] - 'a'] |= UINT32_C(1) << (words[i].word[1] - 'a');
}

enum pm_furniture pm_furniture_join(enum pm_furniture a, enum pm_furniture b)
{
	return rank[a] > rank[b] ? a : b;
}

/* -- what elements are for --------------------------------------------------------------------- */

static const uint8_t tag_says[PM_TAG_END] = {
	[PM_TAG_NAV] = PM_FURNITURE_NAVIGATION, [PM_TAG_MENU] = PM_FURNITURE_NAVIGATION,
	[PM_TAG_HEADER] = PM_FURNITURE_HEADER, [PM_TAG_FOOTER] = PM_FURNITURE_FOOTER,
	[PM_TAG_ASIDE] = PM_FURNITURE_ASIDE, [PM_TAG_FORM] = PM_FURNITURE_FORM,
	[PM_TAG_SEARCH] = PM_FURNITURE_FORM, [PM_TAG_FIELDSET] = PM_FURNITURE_FORM,
	[PM_TAG_SELECT] = PM_FURNITURE_FORM, [PM_TAG_BUTTON] = PM_FURNITURE_FORM,
	[PM_TAG_LABEL] = PM_FURNITURE_FORM, [PM_TAG_TEXTAREA] = PM_FURNITURE_FORM,
	[PM_TAG_FIGCAPTION] = PM_FURNITURE_CAPTION, [PM_TAG_CAPTION] = PM_FURNITURE_CAPTION,
	[PM_TAG_TIME] = PM_FURNITURE_DATE,
};

/* Of an element by itself. */
static enum pm_furniture says(const struct pm_main *m, uint32_t i)
{
	enum { PARTS = PM_IN_ARTICLE | PM_IN_MAIN | PM_IN_ASIDE };
	const struct pm_place *pl = &m->place[i];
	const struct pm_node *node = &m->doc->nodes[i];
	enum pm_furniture own = pl->says;

	if (node->ns == PM_NS_HTML)
		own = pm_furniture_join(own, tag_says[node->tag]);
	/* Articles and boxes have heads and feet too. */
	if ((own == PM_FURNITURE_HEADER || own == PM_FURNITURE_FOOTER) && pl->bits & PARTS)
		return PM_FURNITURE_NONE;
	return own;
}

/* Of an element by itself and by what is around it. */
static enum pm_furniture inside(enum pm_furniture outer, enum pm_furniture own)
{
	bool anew = own == PM_FURNITURE_NAVIGATION || rank[own] / TIER > PLACE ||
		    (own == PM_FURNITURE_FORM && outer != PM_FURNITURE_NAVIGATION);

	if (rank[own] / TIER != rank[outer] / TIER)
		return rank[own] > rank[outer] ? own : outer;
	return anew ? own : outer;
}

enum { HOLDS_TEXT = 1 << 7 };   /* main text: what such an element says
				 * of itself, its text proves wrong */

/* By element: enum pm_furniture and HOLDS_TEXT. NULL: the arena is full. */
static uint8_t *look_around(const struct pm_main *m)
{
	const struct pm_html *doc = m->doc;
	uint8_t *of = PM_ARENA_NEW(m->arena, uint8_t, doc->nnodes);

	if (!of)
		return NULL;
	memset(of, 0, doc->nnodes);
	of[0] = HOLDS_TEXT;
	of[doc->body] = HOLDS_TEXT;
	for (uint32_t i = 0; i < m->n; i++)
		for (uint32_t at = doc->nodes[m->piece[i].node].parent;
		     m->visible->blocks[i].kept && !of[at]; at = doc->nodes[at].parent)
			of[at] = HOLDS_TEXT;
	for (uint32_t i = doc->body + 1; i < doc->nnodes; i++)
		if (!of[i] && m->place[i].holds && doc->nodes[i].tag != PM_TAG_NONE)
			of[i] = (uint8_t)inside(of[doc->nodes[i].parent] & ~HOLDS_TEXT, says(m, i));
	return of;
}

/* -- blocks ------------------------------------------------------------------------------------ */

struct reason {
	enum pm_furniture class;
	const char *why;
};

static bool is_notice(struct pm_slice text)
{
	return text.len > 2 && memcmp(text.ptr, "\xc2\xa9", 2) == 0;
}

static bool is_links(const struct pm_piece *b)
{
	return b->link_bytes * UINT64_C(10) >= b->bytes * UINT64_C(9);
}

/* Headlines of other pages have more words than what menus hold. */
static struct reason of_links(const struct pm_piece *b)
{
	enum { HEADLINE = 5 };

	return (struct reason){ b->words >= HEADLINE * (b->links ? b->links : 1u)
					? PM_FURNITURE_RELATED
					: PM_FURNITURE_NAVIGATION,
				"all of it links" };
}

static struct reason find_reason(const struct pm_main *m, uint32_t i, const uint8_t *of,
				 struct pm_slice text)
{
	const struct pm_piece *b = &m->piece[i];
	enum pm_furniture around = of[m->doc->nodes[b->node].parent] & ~HOLDS_TEXT;

	if (b->cued)
		return (struct reason){ PM_FURNITURE_RELATED, "a cue and a link to another page" };
	if (rank[around] / TIER == BOX)
		return (struct reason){ around, "what it stands in is named so" };
	if (i == m->headline)
		return (struct reason){ PM_FURNITURE_TITLE, "the page's headline" };
	if (is_notice(text))
		return (struct reason){ PM_FURNITURE_COPYRIGHT, "begins with a copyright sign" };
	if (around == PM_FURNITURE_HEADER && is_links(b))
		return (struct reason){ PM_FURNITURE_NAVIGATION, "links at the head of the site" };
	if (around)
		return (struct reason){ around, "by the place where it stands" };
	if (m->visible->blocks[i].kind == PM_BLOCK_CAPTION)
		return (struct reason){ PM_FURNITURE_CAPTION, "a caption of what isn't text" };
	if (is_links(b))
		return of_links(b);
	return (struct reason){ PM_FURNITURE_OTHER, "not like main text" };
}

static bool add_counts(struct pm_page *page, const struct pm_count *count)
{
	for (unsigned i = 0; i < PM_FURNITURES; i++) {
		struct pm_count *to;

		if (!count[i].blocks)
			continue;
		to = PM_LIST_ADD(page, page->removed);
		if (!to)
			return false;
		*to = (struct pm_count){ pm_slice_str(names[i]), count[i].characters,
					 count[i].blocks };
	}
	return true;
}

static void show(struct pm_page *page, const struct pm_visible_block *b, struct pm_slice text,
		 struct reason r, size_t before)
{
	size_t n = page->cuts.len;

	pm_page_cut(page, &(struct pm_cut){ .kind = b->kind, .class = pm_slice_str(names[r.class]),
					    .text = text, .why = r.why });
	if (page->cuts.len > n)
		page->cuts.at[n].before = before;
}

bool pm_removed(const struct pm_main *m, const struct pm_visible *v, struct pm_page *page)
{
	struct pm_count count[PM_FURNITURES] = { { { 0 }, 0, 0 } };
	uint32_t kept = 0;
	const uint8_t *of;

	while (kept < v->nblocks && v->blocks[kept].kept)
		kept++;
	if (kept == v->nblocks)
		return true;
	of = look_around(m);
	if (!of)
		return false;
	for (uint32_t i = kept; i < v->nblocks; i++) {
		const struct pm_visible_block *b = &v->blocks[i];
		struct pm_slice text = pm_slice(v->text.ptr + b->at, b->len);
		struct reason r = { PM_FURNITURE_OTHER, "behind much that isn't main text either" };

		if (b->kept) {
			kept++;
			continue;
		}
		if (i < m->n)
			r = find_reason(m, i, of, text);
		count[r.class].characters += (uint32_t)pm_utf8_count(text);
		count[r.class].blocks++;
		if (page->explained)
			show(page, b, text, r, kept);
	}
	return add_counts(page, count);
}

int pm_removed_names(struct pm_names *to)
{
	for (unsigned i = 0; i < PM_FURNITURES; i++) {
		char name[64];

		if (!rank[i] && i != PM_FURNITURE_TITLE && i != PM_FURNITURE_OTHER)
			continue;
		snprintf(name, sizeof(name), "removed.%s", names[i]);
		if (pm_names_add(to, name, NULL) != 0)
			return -1;
	}
	return 0;
}
