/* filters/furniture.h -- what is on a page beside its text: the kinds of `removed`.
 *
 * One vocabulary for all filters that leave something out, so that a class means the same whatever
 * the page was. */
#ifndef PM_FILTERS_FURNITURE_H
#define PM_FILTERS_FURNITURE_H

enum pm_furniture {
	PM_FURNITURE_NONE, PM_FURNITURE_NAVIGATION, PM_FURNITURE_BREADCRUMB, PM_FURNITURE_TITLE,
	PM_FURNITURE_BYLINE, PM_FURNITURE_DATE, PM_FURNITURE_SHARE, PM_FURNITURE_RELATED,
	PM_FURNITURE_COMMENTS, PM_FURNITURE_CONSENT, PM_FURNITURE_AD_NOTICE, PM_FURNITURE_COPYRIGHT,
	PM_FURNITURE_NEWSLETTER, PM_FURNITURE_CREDIT, PM_FURNITURE_COUNTER, PM_FURNITURE_REPEAT,
	PM_FURNITURE_OTHER,
	PM_FURNITURES_OF_TEXT,  /* flattened text shows no more; markup tells these apart too */
	PM_FURNITURE_CAPTION = PM_FURNITURES_OF_TEXT, PM_FURNITURE_FORM, PM_FURNITURE_HEADER,
	PM_FURNITURE_FOOTER, PM_FURNITURE_ASIDE,
	PM_FURNITURES
};

/* The names as the record has them: what an array of PM_FURNITURES begins with. */
#define PM_FURNITURE_NAMES { \
	[PM_FURNITURE_NAVIGATION] = "navigation", [PM_FURNITURE_BREADCRUMB] = "breadcrumb", \
	[PM_FURNITURE_TITLE] = "title", [PM_FURNITURE_BYLINE] = "byline", \
	[PM_FURNITURE_DATE] = "date", [PM_FURNITURE_SHARE] = "share", \
	[PM_FURNITURE_RELATED] = "related", [PM_FURNITURE_COMMENTS] = "comments", \
	[PM_FURNITURE_CONSENT] = "consent", [PM_FURNITURE_AD_NOTICE] = "ad_notice", \
	[PM_FURNITURE_COPYRIGHT] = "copyright", [PM_FURNITURE_NEWSLETTER] = "newsletter", \
	[PM_FURNITURE_CREDIT] = "credit", [PM_FURNITURE_COUNTER] = "counter", \
	[PM_FURNITURE_REPEAT] = "repeat", [PM_FURNITURE_OTHER] = "other", \
	[PM_FURNITURE_CAPTION] = "caption", [PM_FURNITURE_FORM] = "form", \
	[PM_FURNITURE_HEADER] = "header", [PM_FURNITURE_FOOTER] = "footer", \
	[PM_FURNITURE_ASIDE] = "aside", \
}

/* What they stand for, in the same way: for the reference. */
#define PM_FURNITURE_MEANINGS { \
	[PM_FURNITURE_NAVIGATION] = "menus, skip links, next and previous, logging in", \
	[PM_FURNITURE_BREADCRUMB] = "the path from the front page", \
	[PM_FURNITURE_TITLE] = "the headline, which has a field of its own", \
	[PM_FURNITURE_BYLINE] = "who wrote it, and boxes about the author", \
	[PM_FURNITURE_DATE] = "when it was published or changed", \
	[PM_FURNITURE_SHARE] = "sharing, printing, saving, following", \
	[PM_FURNITURE_RELATED] = "other pages: related, popular, next; tags", \
	[PM_FURNITURE_COMMENTS] = "readers' comments and their forms", \
	[PM_FURNITURE_CONSENT] = "cookies and privacy", \
	[PM_FURNITURE_AD_NOTICE] = "advertisements, and what is said of blocking them", \
	[PM_FURNITURE_COPYRIGHT] = "whose it is, and terms of use", \
	[PM_FURNITURE_NEWSLETTER] = "newsletters, subscriptions, donations", \
	[PM_FURNITURE_CREDIT] = "who made a picture", \
	[PM_FURNITURE_COUNTER] = "how many read, liked or shared it; minutes to read", \
	[PM_FURNITURE_REPEAT] = "what the page said before", \
	[PM_FURNITURE_OTHER] = "furniture that is none of these", \
	[PM_FURNITURE_CAPTION] = "captions of pictures", [PM_FURNITURE_FORM] = "forms and their controls", \
	[PM_FURNITURE_HEADER] = "the head of the site", [PM_FURNITURE_FOOTER] = "the foot of the site", \
	[PM_FURNITURE_ASIDE] = "boxes beside the text", \
}

#endif
