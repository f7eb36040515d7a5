/* filters/extract/meta_jsonld.c -- which of a page's JSON-LD objects speaks of the page, and what
 * it says. */
#include "filters/extract/meta.h"

enum kind { OTHER, PERSON, ORGANISATION, SITE, CRUMBS, PAGE, WORK, ARTICLE };

/* By schema.org's type names; what ends in "Article" or "Posting" is an article anyway. */
static const struct { const char *type; enum kind kind; } types[] = {
	{ "Person", PERSON }, { "Organization", ORGANISATION },
	{ "NewsMediaOrganization", ORGANISATION },
	{ "Corporation", ORGANISATION }, { "CollegeOrUniversity", ORGANISATION },
	{ "Brand", ORGANISATION },
	{ "WebSite", SITE }, { "BreadcrumbList", CRUMBS }, { "WebPage", PAGE },
	{ "ItemPage", PAGE },
	{ "AboutPage", PAGE }, { "FAQPage", PAGE }, { "CollectionPage", PAGE }, { "QAPage", PAGE },
	{ "MedicalWebPage", PAGE }, { "ContactPage", PAGE }, { "CheckoutPage", PAGE }, { "SearchResultsPage", PAGE },
	{ "Report", ARTICLE }, { "Review", WORK }, { "CriticReview", ARTICLE },
	{ "Recipe", ARTICLE }, { "HowTo", WORK },
	{ "CreativeWork", WORK }, { "Book", WORK }, { "Course", WORK }, { "PodcastEpisode", WORK },
	{ "Episode", WORK }, { "APIReference", ARTICLE }, { "ClaimReview", WORK },
	{ "VideoObject", WORK }, { "Product", WORK }, { "Event", WORK }, { "Dataset", WORK }, { "Guide", WORK },
	{ "SoftwareApplication", WORK }, { "LearningResource", WORK }, { "PhotographAlbum", WORK },
	{ "ImageGallery", PAGE }, { "MediaGallery", PAGE }, { "ProfilePage", PAGE },
};

/* What stands under these members is another thing than the page. */
static const char *const elsewhere[] = {
	"itemListElement", "hasPart", "isPartOf", "mentions", "comment", "review", "citation", "isBasedOn",
	"relatedLink", "video", "image", "about", "suggestedAnswer", "acceptedAnswer", "blogPost", "liveBlogUpdate",
	"author", "publisher", "associatedMedia", "significantLink", "worksFor", "sourceOrganization", "subjectOf",
	"contentLocation", "offers", "isRelatedTo", "isSimilarTo", "workExample", "itemReviewed", "thumbnail",
	"primaryImageOfPage", "potentialAction", "hasCourseInstance", "audio", "step", "copyrightHolder",
};

static bool ends_with(struct pm_slice s, const char *tail)
{
	size_t n = strlen(tail);

	return s.len >= n && memcmp(s.ptr + s.len - n, tail, n) == 0;
}

/* "https://schema.org/NewsArticle", "schema:NewsArticle", "NewsArticle" */
static enum kind kind_of_name(struct pm_slice name)
{
	for (size_t i = name.len; i-- > 0;)
		if (name.ptr[i] == '/' || name.ptr[i] == ':' || name.ptr[i] == '#') {
			name = pm_slice(name.ptr + i + 1, name.len - i - 1);
			break;
		}
	if (ends_with(name, "Article") || (ends_with(name, "Posting") && !ends_with(name, "JobPosting")))
		return ARTICLE;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (pm_slice_is(name, types[i].type))
			return types[i].kind;
	return OTHER;
}

static enum kind kind_of(const struct pm_jsonld *j, uint32_t object)
{
	uint32_t type = pm_jsonld_get(j, object, "@type");
	enum kind best = OTHER, kind;

	if (type == PM_JSONLD_NONE)
		return OTHER;
	for (uint32_t i = type; i <= j->at[type].last && i < type + 8; i++) {
		kind = j->at[i].type == PM_JSONLD_STRING ? kind_of_name(j->at[i].raw) : OTHER;
		best = kind > best ? kind : best;
	}
	return best;
}

static bool is_elsewhere(struct pm_slice key)
{
	for (size_t i = 0; key.ptr && i < sizeof(elsewhere) / sizeof(*elsewhere); i++)
		if (pm_slice_is(key, elsewhere[i]))
			return true;
	return false;
}

/* -- what an object says ----------------------------------------------------------------------- */

static void say(struct pm_meta_reader *r, uint32_t value, enum pm_meta_field field, unsigned rank)
{
	if (value == PM_JSONLD_NONE)
		return;
	/* Of a list of one thing's forms the first counts. */
	if (r->ld.at[value].type == PM_JSONLD_ARRAY && r->ld.at[value].last > value)
		value++;
	if (r->ld.at[value].type != PM_JSONLD_STRING && r->ld.at[value].type != PM_JSONLD_WORD)
		return;
	if (!r->ld.at[value].raw.len)
		return;
	pm_meta_say(r, (struct pm_said){ .source = "json-ld", .at = value, .field = (uint8_t)field,
					 .form = PM_SAID_JSON, .rank = (uint8_t)rank });
}

static void say_all(struct pm_meta_reader *r, uint32_t value, enum pm_meta_field field,
		    unsigned rank)
{
	enum { MOST = 64 };
	unsigned n = 0;

	if (value == PM_JSONLD_NONE)
		return;
	if (r->ld.at[value].type != PM_JSONLD_ARRAY) {
		say(r, value, field, rank);
		return;
	}
	for (uint32_t i = value + 1; i <= r->ld.at[value].last && n < MOST;
	     i = r->ld.at[i].last + 1, n++)
		say(r, i, field, rank);
}

/* The same of objects: a term's name, a licence's URL. */
static void say_member(struct pm_meta_reader *r, uint32_t value, const char *const *members,
		       enum pm_meta_field field, unsigned rank)
{
	enum { MOST = 64 };
	const struct pm_jsonld *j = &r->ld;
	bool list = value != PM_JSONLD_NONE && j->at[value].type == PM_JSONLD_ARRAY;
	uint32_t last = value != PM_JSONLD_NONE ? j->at[value].last : 0,
		 i = list ? value + 1 : value;

	for (unsigned n = 0; value != PM_JSONLD_NONE && i <= last && n < MOST;
	     i = j->at[i].last + 1, n++)
		for (size_t k = 0; j->at[i].type == PM_JSONLD_OBJECT && members[k]; k++)
			if (pm_jsonld_get(j, i, members[k]) != PM_JSONLD_NONE) {
				say(r, pm_jsonld_get(j, i, members[k]), field, rank);
				break;
			}
}

static void say_free(struct pm_meta_reader *r, uint32_t o, unsigned rank)
{
	static const char *const members[] = { "isAccessibleForFree", NULL };

	say(r, pm_jsonld_get(&r->ld, o, "isAccessibleForFree"), PM_SAYS_FREE, rank);
	say_member(r, pm_jsonld_get(&r->ld, o, "hasPart"), members, PM_SAYS_FREE,
		   rank | PM_RANK_PART);
}

/* The object that "@id" stands for, with a name; PM_JSONLD_NONE: it is nowhere. */
static uint32_t resolve(const struct pm_meta_reader *r, uint32_t object)
{
	const struct pm_jsonld *j = &r->ld;
	uint32_t id = pm_jsonld_get(j, object, "@id");

	if (id == PM_JSONLD_NONE || pm_jsonld_get(j, object, "name") != PM_JSONLD_NONE)
		return object;
	for (uint32_t i = 0; i < j->len; i++)
		if (i != id && pm_slice_is(j->at[i].key, "@id") &&
		    pm_slice_eq(j->at[i].raw, j->at[id].raw) && j->at[i].parent != PM_JSONLD_NONE &&
		    pm_jsonld_get(j, j->at[i].parent, "name") != PM_JSONLD_NONE)
			return j->at[i].parent;
	return PM_JSONLD_NONE;
}

/* People before organisations. */
static void say_author(struct pm_meta_reader *r, uint32_t value, unsigned rank)
{
	const struct pm_jsonld *j = &r->ld;

	if (j->at[value].type == PM_JSONLD_STRING) {
		say(r, value, PM_SAYS_AUTHOR, rank);
		return;
	}
	value = resolve(r, value);
	if (value == PM_JSONLD_NONE)
		return;
	rank += kind_of(j, value) == ORGANISATION ? 40 : 0;
	say_all(r, pm_jsonld_get(j, value, "name"), PM_SAYS_AUTHOR, rank);
}

static void say_authors(struct pm_meta_reader *r, uint32_t value, unsigned rank)
{
	enum { MOST = 24 };     /* each may search for its "@id" */
	const struct pm_jsonld *j = &r->ld;
	unsigned n = 0;

	if (value == PM_JSONLD_NONE)
		return;
	if (j->at[value].type != PM_JSONLD_ARRAY) {
		say_author(r, value, rank);
		return;
	}
	for (uint32_t i = value + 1; i <= j->at[value].last && n < MOST; i = j->at[i].last + 1, n++)
		say_author(r, i, rank);
}

static void say_image(struct pm_meta_reader *r, uint32_t value, unsigned rank)
{
	const struct pm_jsonld *j = &r->ld;

	if (value != PM_JSONLD_NONE && j->at[value].type == PM_JSONLD_ARRAY)
		value = j->at[value].last > value ? value + 1 : PM_JSONLD_NONE;
	if (value != PM_JSONLD_NONE && j->at[value].type == PM_JSONLD_OBJECT) {
		uint32_t url = pm_jsonld_get(j, value, "url");

		value = url != PM_JSONLD_NONE ? url : pm_jsonld_get(j, value, "contentUrl");
	}
	say(r, value, PM_SAYS_IMAGE, rank);
}

/* `rank` is added to everything: 0 for the object that is the page's content. */
static void say_object(struct pm_meta_reader *r, uint32_t o, enum kind kind, unsigned rank)
{
	static const char *const names[] = { "name", NULL }, *const urls[] = { "url", "@id", NULL };
	const struct pm_jsonld *j = &r->ld;
	uint32_t author = pm_jsonld_get(j, o, "author");
	uint32_t publisher = pm_jsonld_get(j, o, "publisher");

	say(r, pm_jsonld_get(j, o, "headline"), PM_SAYS_TITLE, 14 + rank);
	if (kind != PAGE)
		say(r, pm_jsonld_get(j, o, "name"), PM_SAYS_TITLE, 16 + rank);
	if (author == PM_JSONLD_NONE)
		author = pm_jsonld_get(j, o, "creator");
	say_authors(r, author, 10 + rank);
	say(r, pm_jsonld_get(j, o, "datePublished"), PM_SAYS_PUBLISHED, 10 + rank);
	/* Of a film, which may stand in an article of another day. */
	if (kind == WORK)
		say(r, pm_jsonld_get(j, o, "uploadDate"), PM_SAYS_PUBLISHED, PM_RANK_WEAK + rank);
	say(r, pm_jsonld_get(j, o, "dateCreated"), PM_SAYS_PUBLISHED, 25 + rank);
	say(r, pm_jsonld_get(j, o, "dateModified"), PM_SAYS_MODIFIED, 10 + rank);
	say(r, pm_jsonld_get(j, o, "articleSection"), PM_SAYS_SECTION, 10 + rank);
	say(r, pm_jsonld_get(j, o, "description"), PM_SAYS_DESCRIPTION, 25 + rank);
	say_image(r, pm_jsonld_get(j, o, "image"), 5 + rank);
	say_image(r, pm_jsonld_get(j, o, "thumbnailUrl"), 35 + rank);
	say_all(r, pm_jsonld_get(j, o, "keywords"), PM_SAYS_KEYWORDS, 10 + rank);
	say_member(r, pm_jsonld_get(j, o, "keywords"), names, PM_SAYS_KEYWORDS, 10 + rank);
	say_free(r, o, 10 + rank);
	say(r, pm_jsonld_get(j, o, "license"), PM_SAYS_LICENCE, 10 + rank);
	say_member(r, pm_jsonld_get(j, o, "license"), urls, PM_SAYS_LICENCE, 10 + rank);
	say(r, pm_jsonld_get(j, o, "inLanguage"), PM_SAYS_LOCALE, 50 + rank);
	if (publisher != PM_JSONLD_NONE && j->at[publisher].type == PM_JSONLD_OBJECT)
		publisher = resolve(r, publisher);
	if (publisher != PM_JSONLD_NONE)
		say(r, j->at[publisher].type == PM_JSONLD_OBJECT ? pm_jsonld_get(j, publisher, "name") : publisher,
		    PM_SAYS_SITE, 30 + rank);
}

static void say_crumbs(struct pm_meta_reader *r, uint32_t o)
{
	enum { MOST = 12 };
	const struct pm_jsonld *j = &r->ld;
	uint32_t list = pm_jsonld_get(j, o, "itemListElement");
	unsigned n = 0;

	if (list == PM_JSONLD_NONE || pm_meta_best(r, PM_SAYS_BREADCRUMB, NULL))
		return;
	for (uint32_t i = list + 1; i <= j->at[list].last && n < MOST; i = j->at[i].last + 1, n++) {
		uint32_t name = pm_jsonld_get(j, i, "name");

		if (name == PM_JSONLD_NONE)
			name = pm_jsonld_get(j, pm_jsonld_get(j, i, "item"), "name");
		say(r, name, PM_SAYS_BREADCRUMB, 10);
	}
}

/* -- which object ------------------------------------------------------------------------------ */

struct chosen {
	uint32_t content, page;
	enum kind kind;
	unsigned worth;         /* of content, beside other objects of its kind */
	unsigned compared;
	struct pm_slice title;  /* the title element, as it stands */
};

/* Whether the title element speaks of the same; lists of other articles have headlines too. */
static bool is_titled(const struct pm_jsonld *j, struct chosen *c, uint32_t o)
{
	enum { BYTES = 500, MOST = 16, ALIKE = 60 };
	uint32_t headline = pm_jsonld_get(j, o, "headline");

	if (headline == PM_JSONLD_NONE || j->at[headline].raw.len > BYTES || c->compared++ >= MOST)
		return false;
	return pm_meta_likeness(j->at[headline].raw, c->title) >= ALIKE;
}

static bool says_something(const struct pm_jsonld *j, uint32_t o)
{
	return pm_jsonld_get(j, o, "headline") != PM_JSONLD_NONE ||
	       pm_jsonld_get(j, o, "datePublished") != PM_JSONLD_NONE ||
	       pm_jsonld_get(j, o, "author") != PM_JSONLD_NONE;
}

/* Articles before other works; of two alike the one that the title speaks of,
 * then the one that says something, then the first. */
static void consider(const struct pm_jsonld *j, struct chosen *c, uint32_t o, enum kind kind)
{
	unsigned worth;

	if (kind == PAGE && c->page == PM_JSONLD_NONE)
		c->page = o;
	if (kind < WORK || (c->content != PM_JSONLD_NONE && c->kind > kind))
		return;
	worth = says_something(j, o) + 2u * is_titled(j, c, o);
	if (c->content != PM_JSONLD_NONE && c->kind == kind && c->worth >= worth)
		return;
	c->content = o;
	c->kind = kind;
	c->worth = worth;
}

bool pm_meta_jsonld(struct pm_meta_reader *r, struct pm_slice title)
{
	const struct pm_jsonld *j = &r->ld;
	struct chosen c = { .content = PM_JSONLD_NONE, .page = PM_JSONLD_NONE, .title = title };

	for (uint32_t i = 0; i < j->len; i++) {
		enum kind kind;

		if (is_elsewhere(j->at[i].key)) {
			i = j->at[i].last;
			continue;
		}
		if (j->at[i].type != PM_JSONLD_OBJECT)
			continue;
		kind = kind_of(j, i);
		consider(j, &c, i, kind);
		if (kind == SITE)
			say(r, pm_jsonld_get(j, i, "name"), PM_SAYS_SITE, 20);
		if (kind == ORGANISATION) {
			say(r, pm_jsonld_get(j, i, "name"), PM_SAYS_SITE, 70);
			say(r, pm_jsonld_get(j, i, "alternateName"), PM_SAYS_SITE, 70);
		}
		if (kind == CRUMBS)
			say_crumbs(r, i);
	}
	r->ld_article = c.content != PM_JSONLD_NONE && c.kind == ARTICLE;
	if (c.content != PM_JSONLD_NONE)
		say_object(r, c.content, c.kind, c.kind == ARTICLE ? 0 : 2);
	if (c.page != PM_JSONLD_NONE)
		say_object(r, c.page, PAGE, 4);
	return true;
}
