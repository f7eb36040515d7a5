/* filters/extract/meta_names.c -- the names under which pages state facts of themselves. */
#include "filters/extract/meta.h"

/* Sorted by name, which is in lower case. */
static const struct pm_meta_name metas[] = {
	{ "analyticsattributes.articledate", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "application-name", "meta:application-name", PM_SAYS_SITE, 40 },
	{ "article-author", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "article-published", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "article:author", "article:author", PM_SAYS_AUTHOR, 24 },
	{ "article:author_name", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "article:created", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "article:modified", "article:modified_time", PM_SAYS_MODIFIED, 20 },
	{ "article:modified_date", "article:modified_time", PM_SAYS_MODIFIED, 20 },
	{ "article:modified_time", "article:modified_time", PM_SAYS_MODIFIED, 20 },
	{ "article:published", "article:published_time", PM_SAYS_PUBLISHED, 20 },
	{ "article:published_date", "article:published_time", PM_SAYS_PUBLISHED, 20 },
	{ "article:published_time", "article:published_time", PM_SAYS_PUBLISHED, 20 },
	{ "article:section", "article:section", PM_SAYS_SECTION, 20 },
	{ "article:tag", "article:tag", PM_SAYS_KEYWORDS, 20 },
	{ "article_author", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "article_date_original", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "article_date_updated", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "articleauthor", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "author", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "authors", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "bt:author", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "bt:moddate", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "bt:pubdate", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "byl", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "byline", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "category", "meta:category", PM_SAYS_SECTION, 34 },
	{ "citation_author", "citation_author", PM_SAYS_AUTHOR, 18 },
	{ "citation_authors", "citation_author", PM_SAYS_AUTHOR, 18 },
	{ "citation_date", "citation_date", PM_SAYS_PUBLISHED, 30 },
	{ "citation_keywords", "meta:keywords", PM_SAYS_KEYWORDS, 30 },
	{ "citation_online_date", "citation_date", PM_SAYS_PUBLISHED, 28 },
	{ "citation_publication_date", "citation_date", PM_SAYS_PUBLISHED, 26 },
	{ "citation_title", "citation_title", PM_SAYS_TITLE, 24 },
	{ "content-language", "meta:content-language", PM_SAYS_LOCALE, 30 },
	{ "content_create_date", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "copyright_date", "meta:date", PM_SAYS_PUBLISHED, 50 },
	{ "create_date", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "created", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "creation_date", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "creator", "meta:author", PM_SAYS_AUTHOR, 26 },
	{ "cxenseparse:author", "meta:author", PM_SAYS_AUTHOR, 22 },
	{ "cxenseparse:recs:publishtime", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "date", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "date.available", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "date.created", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "date.issued", "meta:date", PM_SAYS_PUBLISHED, 32 },
	{ "date.modified", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "date_created", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "date_modified", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "date_published", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "datecreated", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "datemodified", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "dateposted", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "datepublished", "meta:date", PM_SAYS_PUBLISHED, 26 },
	{ "dateupdated", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "dc.author", "dc:creator", PM_SAYS_AUTHOR, 26 },
	{ "dc.contributor", "dc:creator", PM_SAYS_AUTHOR, 44 },
	{ "dc.creator", "dc:creator", PM_SAYS_AUTHOR, 26 },
	{ "dc.date", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dc.date.available", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dc.date.created", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dc.date.issued", "dc:date", PM_SAYS_PUBLISHED, 30 },
	{ "dc.date.modified", "dc:modified", PM_SAYS_MODIFIED, 30 },
	{ "dc.date.publication", "dc:date", PM_SAYS_PUBLISHED, 30 },
	{ "dc.description", "dc:description", PM_SAYS_DESCRIPTION, 40 },
	{ "dc.issued", "dc:date", PM_SAYS_PUBLISHED, 30 },
	{ "dc.publisher", "dc:publisher", PM_SAYS_SITE, 50 },
	{ "dc.rights", "dc:rights", PM_SAYS_LICENCE, 40 },
	{ "dc.subject", "dc:subject", PM_SAYS_KEYWORDS, 40 },
	{ "dc.title", "dc:title", PM_SAYS_TITLE, 44 },
	{ "dc:created", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dc:creator", "dc:creator", PM_SAYS_AUTHOR, 26 },
	{ "dc:date", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dc:title", "dc:title", PM_SAYS_TITLE, 44 },
	{ "dcsext.articlefirstpublished", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "dcterms.available", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dcterms.created", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dcterms.creator", "dc:creator", PM_SAYS_AUTHOR, 26 },
	{ "dcterms.date", "dc:date", PM_SAYS_PUBLISHED, 34 },
	{ "dcterms.issued", "dc:date", PM_SAYS_PUBLISHED, 30 },
	{ "dcterms.license", "dc:license", PM_SAYS_LICENCE, 30 },
	{ "dcterms.modified", "dc:modified", PM_SAYS_MODIFIED, 30 },
	{ "dcterms.rights", "dc:rights", PM_SAYS_LICENCE, 40 },
	{ "dcterms.subject", "dc:subject", PM_SAYS_KEYWORDS, 40 },
	{ "dcterms.title", "dc:title", PM_SAYS_TITLE, 44 },
	{ "description", "meta:description", PM_SAYS_DESCRIPTION, 10 },
	{ "displaydate", "meta:date", PM_SAYS_PUBLISHED, 32 },
	{ "doc_date", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "eprints.creators_name", "meta:author", PM_SAYS_AUTHOR, 24 },
	{ "eprints.date", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "field-name-post-date", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "gentime", "meta:date", PM_SAYS_PUBLISHED, 36 },
	{ "googlebot", "meta:googlebot", PM_SAYS_ROBOTS, 20 },
	{ "keywords", "meta:keywords", PM_SAYS_KEYWORDS, 30 },
	{ "last-modified", "meta:modified", PM_SAYS_MODIFIED, 40 },
	{ "lastmod", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "lastmodified", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "mediator_author", "meta:author", PM_SAYS_AUTHOR, 24 },
	{ "mediator_published_time", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "modificationdate", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "modified", "meta:modified", PM_SAYS_MODIFIED, 32 },
	{ "modified_time", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "news_keywords", "meta:news_keywords", PM_SAYS_KEYWORDS, 24 },
	{ "og:article:author", "article:author", PM_SAYS_AUTHOR, 24 },
	{ "og:article:modified_time", "article:modified_time", PM_SAYS_MODIFIED, 22 },
	{ "og:article:published_time", "article:published_time", PM_SAYS_PUBLISHED, 22 },
	{ "og:article:section", "article:section", PM_SAYS_SECTION, 22 },
	{ "og:article:tag", "article:tag", PM_SAYS_KEYWORDS, 22 },
	{ "og:author", "meta:author", PM_SAYS_AUTHOR, 24 },
	{ "og:description", "og:description", PM_SAYS_DESCRIPTION, 20 },
	{ "og:image", "og:image", PM_SAYS_IMAGE, 10 },
	{ "og:image:secure_url", "og:image", PM_SAYS_IMAGE, 12 },
	{ "og:image:url", "og:image", PM_SAYS_IMAGE, 12 },
	{ "og:locale", "og:locale", PM_SAYS_LOCALE, 20 },
	{ "og:pubdate", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "og:published_time", "article:published_time", PM_SAYS_PUBLISHED, 24 },
	{ "og:regdate", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "og:release_date", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "og:site_name", "og:site_name", PM_SAYS_SITE, 10 },
	{ "og:title", "og:title", PM_SAYS_TITLE, 20 },
	{ "og:type", "og:type", PM_SAYS_KIND, 20 },
	{ "og:updated_time", "og:updated_time", PM_SAYS_MODIFIED, 26 },
	{ "og:url", "og:url", PM_SAYS_URL, 20 },
	{ "originalpublicationdate", "meta:date", PM_SAYS_PUBLISHED, 26 },
	{ "page.date.published", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "parsely-author", "parsely:author", PM_SAYS_AUTHOR, 18 },
	{ "parsely-pub-date", "parsely:pub-date", PM_SAYS_PUBLISHED, 24 },
	{ "parsely-section", "parsely:section", PM_SAYS_SECTION, 24 },
	{ "parsely-tags", "parsely:tags", PM_SAYS_KEYWORDS, 32 },
	{ "parsely-title", "parsely:title", PM_SAYS_TITLE, 22 },
	{ "pdate", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "prism.creationdate", "meta:date", PM_SAYS_PUBLISHED, 34 },
	{ "prism.modificationdate", "meta:modified", PM_SAYS_MODIFIED, 30 },
	{ "prism.publicationdate", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "pub_date", "meta:date", PM_SAYS_PUBLISHED, 30 },
	{ "pubdate", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publicationdate", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publish-date", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publish_date", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publish_time", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publishdate", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published-at", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published-date", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published_at", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published_date", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published_time", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "published_time_telegram", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publisheddate", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "publishtime", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "revision_date", "meta:modified", PM_SAYS_MODIFIED, 34 },
	{ "rights", "meta:rights", PM_SAYS_LICENCE, 42 },
	{ "rnews:datepublished", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "robots", "meta:robots", PM_SAYS_ROBOTS, 10 },
	{ "sailthru.author", "sailthru:author", PM_SAYS_AUTHOR, 20 },
	{ "sailthru.date", "sailthru:date", PM_SAYS_PUBLISHED, 26 },
	{ "sailthru.description", "sailthru:description", PM_SAYS_DESCRIPTION, 40 },
	{ "sailthru.tags", "sailthru:tags", PM_SAYS_KEYWORDS, 34 },
	{ "sailthru.title", "sailthru:title", PM_SAYS_TITLE, 26 },
	{ "section", "meta:section", PM_SAYS_SECTION, 30 },
	{ "shareaholic:article_author_name", "meta:author", PM_SAYS_AUTHOR, 24 },
	{ "shareaholic:article_published_time", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "timestamp", "meta:date", PM_SAYS_PUBLISHED, 40 },
	{ "twitter:description", "twitter:description", PM_SAYS_DESCRIPTION, 30 },
	{ "twitter:image", "twitter:image", PM_SAYS_IMAGE, 20 },
	{ "twitter:image:src", "twitter:image", PM_SAYS_IMAGE, 22 },
	{ "twitter:title", "twitter:title", PM_SAYS_TITLE, 28 },
	{ "utime", "meta:date", PM_SAYS_PUBLISHED, 40 },
	{ "vr:published_time", "meta:date", PM_SAYS_PUBLISHED, 28 },
	{ "weibo:article:create_at", "meta:date", PM_SAYS_PUBLISHED, 28 },
};

static const struct pm_meta_name props[] = {
	{ "articlesection", "microdata", PM_SAYS_SECTION, 40 },
	{ "author", "microdata", PM_SAYS_AUTHOR, 34 },
	{ "creator", "microdata", PM_SAYS_AUTHOR, 36 },
	{ "datecreated", "microdata", PM_SAYS_PUBLISHED, 42 },
	{ "datemodified", "microdata", PM_SAYS_MODIFIED, 36 },
	{ "datepublished", "microdata", PM_SAYS_PUBLISHED, 33 },
	{ "dc:created", "rdfa", PM_SAYS_PUBLISHED, 42 },
	{ "dc:creator", "rdfa", PM_SAYS_AUTHOR, 38 },
	{ "dc:date", "rdfa", PM_SAYS_PUBLISHED, 42 },
	{ "dc:title", "rdfa", PM_SAYS_TITLE, 60 },
	{ "dcterms:created", "rdfa", PM_SAYS_PUBLISHED, 42 },
	{ "dcterms:creator", "rdfa", PM_SAYS_AUTHOR, 38 },
	{ "dcterms:issued", "rdfa", PM_SAYS_PUBLISHED, 42 },
	{ "headline", "microdata", PM_SAYS_TITLE, 30 },
	{ "image", "microdata", PM_SAYS_IMAGE, 40 },
	{ "keywords", "microdata", PM_SAYS_KEYWORDS, 50 },
	{ "license", "microdata", PM_SAYS_LICENCE, 26 },
	{ "schema:author", "rdfa", PM_SAYS_AUTHOR, 38 },
	{ "schema:datecreated", "rdfa", PM_SAYS_PUBLISHED, 42 },
	{ "schema:datemodified", "rdfa", PM_SAYS_MODIFIED, 38 },
	{ "schema:datepublished", "rdfa", PM_SAYS_PUBLISHED, 40 },
	{ "schema:headline", "rdfa", PM_SAYS_TITLE, 32 },
};

static int compare(struct pm_slice name, const char *known)
{
	size_t i = 0;

	for (; i < name.len; i++) {
		unsigned char a = (unsigned char)pm_ascii_lower(name.ptr[i]),
			      b = (unsigned char)known[i];

		if (a != b)
			return a < b ? -1 : 1;
		if (!b)
			return 1;
	}
	return known[i] ? -1 : 0;
}

static const struct pm_meta_name *find(const struct pm_meta_name *table, size_t n,
				       struct pm_slice name)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = compare(name, table[mid].name);

		if (d == 0)
			return &table[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static bool has(struct pm_slice s, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= s.len; i++)
		if (pm_slice_is_nocase(pm_slice(s.ptr + i, n), part))
			return true;
	return false;
}

/* Nobody can list what every publisher's system calls it:
 * "x-published-date", "ArticlePublishTime". */
static const struct pm_meta_name *date_like(struct pm_slice name)
{
	enum { LONGEST = 60 };
	static const struct pm_meta_name published = { "", "meta:date", PM_SAYS_PUBLISHED, 38 };

	if (name.len <= LONGEST && has(name, "publi") && (has(name, "date") || has(name, "time")))
		return &published;
	return NULL;
}

const struct pm_meta_name *pm_meta_name(struct pm_slice name)
{
	const struct pm_meta_name *known = find(metas, sizeof(metas) / sizeof(*metas), name);

	return known ? known : date_like(name);
}

const struct pm_meta_name *pm_meta_prop(struct pm_slice name)
{
	return find(props, sizeof(props) / sizeof(*props), name);
}
