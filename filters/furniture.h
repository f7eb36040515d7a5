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

#endif
