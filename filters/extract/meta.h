/* filters/extract/meta.h -- what the readers of metadata share: everything that a
 * page says of itself, each with where it says it, before anything is chosen. */
#ifndef PM_FILTERS_EXTRACT_META_H
#define PM_FILTERS_EXTRACT_META_H

#include "core/page.h"
#include "core/url.h"
#include "filters/extract/date.h"
#include "filters/extract/html.h"
#include "filters/extract/jsonld.h"

enum pm_meta_field {
	PM_SAYS_NOTHING,
	PM_SAYS_TITLE, PM_SAYS_AUTHOR, PM_SAYS_PUBLISHED, PM_SAYS_MODIFIED, PM_SAYS_SECTION,
	PM_SAYS_DESCRIPTION, PM_SAYS_IMAGE, PM_SAYS_KEYWORDS, PM_SAYS_SITE, PM_SAYS_LICENCE,
	PM_SAYS_ROBOTS, PM_SAYS_URL, PM_SAYS_LOCALE, PM_SAYS_BREADCRUMB, PM_SAYS_FREE,
	PM_SAYS_KIND,
};

enum pm_said_form {
	PM_SAID_ATTR,           /* an attribute's value, references as they stand */
	PM_SAID_JSON,           /* a value of the JSON-LD row */
	PM_SAID_NODE,           /* what a node shows */
	PM_SAID_TEXT,           /* text, as it is */
};

struct pm_said {
	struct pm_slice raw;    /* ATTR, TEXT */
	const char *source;     /* static */
	uint32_t at;            /* JSON: value; NODE: node */
	uint8_t field;          /* enum pm_meta_field */
	uint8_t form;           /* enum pm_said_form */
	uint8_t rank;           /* the lower the more it is trusted */
};

enum {
	PM_SAID_MAX = 256,      /* of a page; what is said later is left out */
	PM_SAID_LINE = 2000,    /* bytes of the longest value that is looked at */
	PM_RANK_PART = 1,       /* set in the rank of what is said of
				 * a part of the page: PM_SAYS_FREE */
	PM_RANK_WEAK = 60,      /* from here on dates that may be another thing's than the page's */
	PM_HEADLINES = 8,
	PM_SUBHEADS = 32,
	PM_SITES = 6,
};

/* What a class attribute hints at (enum pm_hint). */
struct pm_hint_memo {
	struct pm_slice value;
	unsigned hints;
};
enum { PM_HINT_MEMO_BITS = 7 };

struct pm_meta_reader {
	struct pm_html *doc;
	struct pm_page *page;
	struct pm_jsonld ld;
	struct pm_date_hints hints;
	struct pm_url own, base;
	bool has_url;           /* own and base hold something */
	bool article, ld_article;       /* the page says that it is one, JSON-LD says so */
	uint32_t title, canonical, base_node;  /* nodes; 0: none */
	uint32_t h1[PM_HEADLINES];
	unsigned nh1;
	uint32_t sub[PM_SUBHEADS];              /* h2 and h3 */
	unsigned nsub;
	struct pm_slice label[2];               /* twitter:label1 and 2: what their values are */
	uint32_t headline;      /* the node that shows the title; 0: none */
	struct pm_slice sites[PM_SITES];        /* every name of the site and its publisher */
	unsigned nsites;
	uint16_t *hint;         /* of each node, as far as it was asked for */
	uint32_t pairs[26];     /* by first letter: the second ones of what hints */
	struct pm_hint_memo memo[1 << PM_HINT_MEMO_BITS];
	size_t said_len;
	struct pm_said said[PM_SAID_MAX];
};

/* A meta element's name (or property, itemprop, http-equiv) and what it
 * stands for. NULL: unknown. */
struct pm_meta_name {
	const char *name, *source;
	uint8_t field, rank;
};
const struct pm_meta_name *pm_meta_name(struct pm_slice name);
/* The same for itemprop and property on elements of the body. */
const struct pm_meta_name *pm_meta_prop(struct pm_slice name);

void pm_meta_say(struct pm_meta_reader *r, struct pm_said said);
/* The best that was said of a field, after `before` (NULL: from the start),
 * by rank, then by order. */
const struct pm_said *pm_meta_best(const struct pm_meta_reader *r, enum pm_meta_field field,
				   const struct pm_said *before);
/* Its text on one line: empty where it shows nothing; absent when the arena is full. */
struct pm_slice pm_meta_text(struct pm_meta_reader *r, const struct pm_said *said);

/* Whether an element is a script of JSON-LD. */
bool pm_meta_is_jsonld(const struct pm_html *doc, const struct pm_node *node);

/* Each reads one kind of source. false: the arena is full. */
bool pm_meta_walk(struct pm_meta_reader *r);
/* `title`: the title element's source. */
bool pm_meta_jsonld(struct pm_meta_reader *r, struct pm_slice title);
/* What relative URLs are relative to: base's href, itself relative to the page's URL. */
bool pm_meta_base(struct pm_meta_reader *r);

/* Each fills its fields of the page. false: the arena is full. */
bool pm_meta_title(struct pm_meta_reader *r);
bool pm_meta_authors(struct pm_meta_reader *r);
bool pm_meta_dates(struct pm_meta_reader *r);
bool pm_meta_terms(struct pm_meta_reader *r);           /* section, breadcrumbs, keywords */
bool pm_meta_policy(struct pm_meta_reader *r);          /* licence, robots,
							 * is_accessible_for_free */
bool pm_meta_urls(struct pm_meta_reader *r);            /* canonical_url, image */
bool pm_meta_site(struct pm_meta_reader *r);            /* site_name; before title and authors */

/* Whether `s` is the site's name, or its host's, in any spelling. */
bool pm_meta_is_site(const struct pm_meta_reader *r, struct pm_slice s);

/* Hundredths of the words of the shorter that the other has. Both are short:
 * time is their product. */
unsigned pm_meta_likeness(struct pm_slice a, struct pm_slice b);

/* What the class and id of an element hint at. */
enum pm_hint {
	PM_HINT_AUTHOR = 1 << 0,
	PM_HINT_DATE = 1 << 1,
	PM_HINT_UPDATED = 1 << 2,
	PM_HINT_ASIDE = 1 << 3,
	PM_HINT_CRUMBS = 1 << 4,
	PM_HINT_PUBLISHED = 1 << 5,
	PM_HINT_CAPTION = 1 << 6,
	PM_HINT_KICKER = 1 << 7,
	PM_HINT_LOGO = 1 << 8,
	PM_HINT_COMMENTS = 1 << 9,
};
void pm_meta_hints_begin(struct pm_meta_reader *r);
/* Of one that has attributes. */
unsigned pm_meta_hints_named(struct pm_meta_reader *r, uint32_t node);

static inline unsigned pm_meta_hints(struct pm_meta_reader *r, uint32_t node)
{
	return r->doc->nodes[node].nattrs ? pm_meta_hints_named(r, node) : 0;
}

/* Whether an element is no part of the page's own text: navigation, comments, other articles. */
bool pm_meta_is_apart(struct pm_meta_reader *r, uint32_t node);

/* Whether a word of a list, such as rel's, is `word`. */
bool pm_meta_has_word(struct pm_slice list, const char *word);

#endif
