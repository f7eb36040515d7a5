/* filters/extract/elements.h -- the elements and attributes that the parser and its readers know.
 *
 * The tables are read by the compiler and by filters/gen/html_names.c, which finds a perfect hash
 * for them. What an element does comes from the HTML Standard: "Parsing HTML documents"
 * (categories, scopes, void elements) and "Rendering" (hidden elements, flow content, display
 * types). */
#ifndef PM_FILTERS_EXTRACT_ELEMENTS_H
#define PM_FILTERS_EXTRACT_ELEMENTS_H

#include <stddef.h>
#include <stdint.h>

enum pm_tag_flags {
	PM_EL_VOID      = 1 << 0,       /* never has content */
	PM_EL_SPECIAL   = 1 << 1,       /* the standard's "special" category */
	PM_EL_SCOPE     = 1 << 2,       /* ends every scope */
	PM_EL_CLOSES_P  = 1 << 3,       /* its start tag ends an open p */
	PM_EL_FORMAT    = 1 << 4,       /* the "formatting" category */
	PM_EL_HEADING   = 1 << 5,
	PM_EL_RAW       = 1 << 6,       /* content is text up to its own end tag, references stay */
	PM_EL_RCDATA    = 1 << 7,       /* the same, references are decoded */
	PM_EL_HEAD      = 1 << 8,       /* may stand in the head */
	PM_EL_TABLE     = 1 << 9,       /* a part of a table, or the table */
	PM_EL_BLOCK     = 1 << 10,      /* its borders separate text */
	PM_EL_HIDDEN    = 1 << 11,      /* is not displayed, nor is what it contains */
	PM_EL_ITEM      = 1 << 12,      /* shown as an item of a list */
	PM_EL_LIST      = 1 << 13,
	PM_EL_BREAKOUT  = 1 << 14,      /* ends SVG and MathML */
	PM_EL_NOT_OK    = 1 << 15,      /* after it, frameset is no longer heeded */
	PM_EL_SCOPE_END = 1 << 16,      /* its end tag closes it when it is in scope */
	PM_EL_PRE       = 1 << 17,      /* white space is kept */
	PM_EL_LAYOUT    = 1 << 18,      /* a table with one of these inside is there for layout */
};

/* What div, section and their like have in common. */
#define PM_EL_DIV \
	(PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_BLOCK | PM_EL_SCOPE_END)
#define PM_EL_HN \
	(PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_BLOCK | PM_EL_HEADING | PM_EL_BREAKOUT | \
	 PM_EL_LAYOUT)
#define PM_EL_INLINE (PM_EL_FORMAT | PM_EL_BREAKOUT)
#define PM_EL_META (PM_EL_VOID | PM_EL_SPECIAL | PM_EL_HEAD | PM_EL_HIDDEN)
#define PM_EL_GONE (PM_EL_SPECIAL | PM_EL_HIDDEN)
#define PM_EL_CELL (PM_EL_SPECIAL | PM_EL_SCOPE | PM_EL_TABLE | PM_EL_BLOCK)
#define PM_EL_ROWS (PM_EL_SPECIAL | PM_EL_TABLE | PM_EL_BLOCK)

#define PM_TAGS(X) \
	X(A, "a", PM_EL_FORMAT) \
	X(ADDRESS, "address", PM_EL_DIV) \
	X(ANNOTATION, "annotation", 0) \
	X(ANNOTATION_XML, "annotation-xml", 0) \
	X(APPLET, "applet", PM_EL_SPECIAL | PM_EL_SCOPE | PM_EL_SCOPE_END | PM_EL_NOT_OK) \
	X(AREA, "area", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_HIDDEN | PM_EL_NOT_OK) \
	X(ARTICLE, "article", PM_EL_DIV | PM_EL_LAYOUT) \
	X(ASIDE, "aside", PM_EL_DIV) \
	X(AUDIO, "audio", PM_EL_HIDDEN) \
	X(B, "b", PM_EL_INLINE) \
	X(BASE, "base", PM_EL_META) \
	X(BASEFONT, "basefont", PM_EL_META) \
	X(BGSOUND, "bgsound", PM_EL_META) \
	X(BIG, "big", PM_EL_INLINE) \
	X(BLOCKQUOTE, "blockquote", PM_EL_DIV | PM_EL_BREAKOUT | PM_EL_LAYOUT) \
	X(BODY, "body", PM_EL_SPECIAL | PM_EL_BLOCK | PM_EL_BREAKOUT) \
	X(BR, "br", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_BREAKOUT | PM_EL_NOT_OK) \
	X(BUTTON, "button", PM_EL_SPECIAL | PM_EL_SCOPE_END | PM_EL_NOT_OK) \
	X(CANVAS, "canvas", 0) \
	X(CAPTION, "caption", PM_EL_CELL) \
	X(CENTER, "center", PM_EL_DIV | PM_EL_BREAKOUT) \
	X(CITE, "cite", 0) \
	X(CODE, "code", PM_EL_INLINE) \
	X(CLIPPATH, "clippath", 0) \
	X(COL, "col", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_TABLE) \
	X(COLGROUP, "colgroup", PM_EL_SPECIAL | PM_EL_TABLE) \
	X(DATALIST, "datalist", PM_EL_HIDDEN) \
	X(DD, "dd", PM_EL_SPECIAL | PM_EL_BLOCK | PM_EL_ITEM | PM_EL_BREAKOUT | PM_EL_SCOPE_END | \
		PM_EL_NOT_OK) \
	X(DEFS, "defs", 0) \
	X(DEL, "del", 0) \
	X(DESC, "desc", 0) \
	X(DETAILS, "details", PM_EL_DIV) \
	X(DIALOG, "dialog", PM_EL_BLOCK | PM_EL_CLOSES_P | PM_EL_SCOPE_END) \
	X(DIR, "dir", PM_EL_DIV | PM_EL_LIST) \
	X(DIV, "div", PM_EL_DIV | PM_EL_BREAKOUT) \
	X(DL, "dl", PM_EL_DIV | PM_EL_LIST | PM_EL_BREAKOUT) \
	X(DT, "dt", PM_EL_SPECIAL | PM_EL_BLOCK | PM_EL_ITEM | PM_EL_BREAKOUT | PM_EL_SCOPE_END | \
		PM_EL_NOT_OK) \
	X(EM, "em", PM_EL_INLINE) \
	X(EMBED, "embed", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_BREAKOUT | PM_EL_NOT_OK) \
	X(FIELDSET, "fieldset", PM_EL_DIV) \
	X(FIGCAPTION, "figcaption", PM_EL_DIV) \
	X(FIGURE, "figure", PM_EL_DIV) \
	X(FONT, "font", PM_EL_FORMAT) \
	X(FOOTER, "footer", PM_EL_DIV) \
	X(FOREIGNOBJECT, "foreignobject", 0) \
	X(FORM, "form", PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_BLOCK) \
	X(FRAME, "frame", PM_EL_VOID | PM_EL_SPECIAL) \
	X(FRAMESET, "frameset", PM_EL_SPECIAL) \
	X(H1, "h1", PM_EL_HN) X(H2, "h2", PM_EL_HN) X(H3, "h3", PM_EL_HN) \
	X(H4, "h4", PM_EL_HN) X(H5, "h5", PM_EL_HN) X(H6, "h6", PM_EL_HN) \
	X(HEAD, "head", PM_EL_GONE | PM_EL_BREAKOUT) \
	X(HEADER, "header", PM_EL_DIV) \
	X(HGROUP, "hgroup", PM_EL_DIV) \
	X(HR, "hr", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_BLOCK | PM_EL_BREAKOUT | \
		PM_EL_NOT_OK) \
	X(HTML, "html", PM_EL_SPECIAL | PM_EL_SCOPE | PM_EL_BLOCK) \
	X(I, "i", PM_EL_INLINE) \
	X(IFRAME, "iframe", PM_EL_GONE | PM_EL_RAW | PM_EL_NOT_OK) \
	X(IMAGE, "image", 0) \
	X(IMG, "img", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_BREAKOUT | PM_EL_NOT_OK) \
	X(INPUT, "input", PM_EL_VOID | PM_EL_SPECIAL) \
	X(INS, "ins", 0) \
	X(KEYGEN, "keygen", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_NOT_OK) \
	X(LABEL, "label", 0) \
	X(LEGEND, "legend", PM_EL_BLOCK) \
	X(LI, "li", PM_EL_SPECIAL | PM_EL_BLOCK | PM_EL_ITEM | PM_EL_BREAKOUT | PM_EL_NOT_OK) \
	X(LINK, "link", PM_EL_META) \
	X(LISTING, "listing", PM_EL_DIV | PM_EL_PRE | PM_EL_BREAKOUT | PM_EL_NOT_OK | \
		PM_EL_LAYOUT) \
	X(MAIN, "main", PM_EL_DIV | PM_EL_LAYOUT) \
	X(MALIGNMARK, "malignmark", 0) \
	X(MARKER, "marker", 0) \
	X(MASK, "mask", 0) \
	X(MARQUEE, "marquee", PM_EL_SPECIAL | PM_EL_SCOPE | PM_EL_SCOPE_END | PM_EL_NOT_OK) \
	X(MATH, "math", 0) \
	X(MENU, "menu", PM_EL_DIV | PM_EL_LIST | PM_EL_BREAKOUT) \
	X(META, "meta", PM_EL_META | PM_EL_BREAKOUT) \
	X(METADATA, "metadata", 0) \
	X(METER, "meter", PM_EL_HIDDEN) \
	X(MGLYPH, "mglyph", 0) \
	X(MI, "mi", 0) X(MN, "mn", 0) X(MO, "mo", 0) X(MS, "ms", 0) X(MTEXT, "mtext", 0) \
	X(NAV, "nav", PM_EL_DIV) \
	X(NOBR, "nobr", PM_EL_INLINE) \
	X(NOEMBED, "noembed", PM_EL_GONE | PM_EL_RAW) \
	X(NOFRAMES, "noframes", PM_EL_GONE | PM_EL_RAW | PM_EL_HEAD) \
	X(NOSCRIPT, "noscript", PM_EL_SPECIAL | PM_EL_HEAD) \
	X(OBJECT, "object", PM_EL_SPECIAL | PM_EL_SCOPE | PM_EL_SCOPE_END | PM_EL_NOT_OK) \
	X(OL, "ol", PM_EL_DIV | PM_EL_LIST | PM_EL_BREAKOUT) \
	X(OPTGROUP, "optgroup", PM_EL_BLOCK) \
	X(OPTION, "option", PM_EL_BLOCK | PM_EL_ITEM) \
	X(P, "p", PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_BLOCK | PM_EL_BREAKOUT) \
	X(PARAM, "param", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_HIDDEN) \
	X(PATTERN, "pattern", 0) \
	X(PLAINTEXT, "plaintext", PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_BLOCK | PM_EL_PRE) \
	X(PRE, "pre", PM_EL_DIV | PM_EL_PRE | PM_EL_BREAKOUT | PM_EL_NOT_OK | PM_EL_LAYOUT) \
	X(PROGRESS, "progress", PM_EL_HIDDEN) \
	X(Q, "q", 0) \
	X(RB, "rb", 0) \
	X(RP, "rp", PM_EL_HIDDEN) \
	X(RT, "rt", 0) \
	X(RTC, "rtc", 0) \
	X(RUBY, "ruby", PM_EL_BREAKOUT) \
	X(S, "s", PM_EL_INLINE) \
	X(SCRIPT, "script", PM_EL_GONE | PM_EL_HEAD) \
	X(SEARCH, "search", PM_EL_DIV) \
	X(SECTION, "section", PM_EL_DIV | PM_EL_LAYOUT) \
	X(SELECT, "select", PM_EL_SPECIAL | PM_EL_SCOPE_END | PM_EL_NOT_OK) \
	X(SMALL, "small", PM_EL_INLINE) \
	X(SOURCE, "source", PM_EL_VOID | PM_EL_SPECIAL) \
	X(SPAN, "span", PM_EL_BREAKOUT) \
	X(STRIKE, "strike", PM_EL_INLINE) \
	X(STRONG, "strong", PM_EL_INLINE) \
	X(STYLE, "style", PM_EL_GONE | PM_EL_RAW | PM_EL_HEAD) \
	X(SUB, "sub", PM_EL_BREAKOUT) \
	X(SUMMARY, "summary", PM_EL_DIV) \
	X(SUP, "sup", PM_EL_BREAKOUT) \
	X(SVG, "svg", 0) \
	X(SYMBOL, "symbol", 0) \
	X(TABLE, "table", PM_EL_SPECIAL | PM_EL_SCOPE | PM_EL_TABLE | PM_EL_BLOCK | \
		PM_EL_BREAKOUT | PM_EL_NOT_OK | PM_EL_LAYOUT) \
	X(TBODY, "tbody", PM_EL_ROWS) \
	X(TD, "td", PM_EL_CELL) \
	X(TEMPLATE, "template", PM_EL_GONE | PM_EL_SCOPE | PM_EL_HEAD) \
	X(TEXTNODE, "text", 0) \
	X(TEXTAREA, "textarea", PM_EL_SPECIAL | PM_EL_RCDATA | PM_EL_PRE | PM_EL_NOT_OK) \
	X(TFOOT, "tfoot", PM_EL_ROWS) \
	X(TH, "th", PM_EL_CELL) \
	X(THEAD, "thead", PM_EL_ROWS) \
	X(TIME, "time", 0) \
	X(TITLE, "title", PM_EL_GONE | PM_EL_RCDATA | PM_EL_HEAD) \
	X(TR, "tr", PM_EL_ROWS) \
	X(TRACK, "track", PM_EL_VOID | PM_EL_SPECIAL) \
	X(TT, "tt", PM_EL_INLINE) \
	X(U, "u", PM_EL_INLINE) \
	X(UL, "ul", PM_EL_DIV | PM_EL_LIST | PM_EL_BREAKOUT) \
	X(VAR, "var", PM_EL_BREAKOUT) \
	X(VIDEO, "video", PM_EL_HIDDEN) \
	X(WBR, "wbr", PM_EL_VOID | PM_EL_SPECIAL | PM_EL_NOT_OK) \
	X(XMP, "xmp", PM_EL_SPECIAL | PM_EL_CLOSES_P | PM_EL_RAW | PM_EL_PRE | PM_EL_BLOCK | \
		PM_EL_NOT_OK)

/* SVG's <text> shares its number with nothing of HTML. 0 is a run of text. */
enum pm_element {
	PM_TAG_NONE,
#define PM_TAG_ENUM(id, name, flags) PM_TAG_##id,
	PM_TAGS(PM_TAG_ENUM)
#undef PM_TAG_ENUM
	PM_TAGS_KNOWN,
	/* Other names share these numbers by a hash of the name. */
	PM_TAG_OTHER = 192,
	PM_TAG_END = 256
};

/* Attributes that are kept; all others are read over. */
#define PM_ATTRS(X) \
	X(ALT, "alt") X(ARIA_HIDDEN, "aria-hidden") X(ARIA_LABEL, "aria-label") \
	X(CHARSET, "charset") X(CLASS, "class") X(COLOR, "color") X(COLSPAN, "colspan") \
	X(CONTENT, "content") X(DATA, "data") X(DATA_SRC, "data-src") X(DATETIME, "datetime") \
	X(DIR, "dir") X(ENCODING, "encoding") X(FACE, "face") X(HIDDEN, "hidden") X(HREF, "href") \
	X(HTTP_EQUIV, "http-equiv") X(ID, "id") X(ITEMPROP, "itemprop") X(ITEMSCOPE, "itemscope") \
	X(ITEMTYPE, "itemtype") X(LANG, "lang") X(MEDIA, "media") X(NAME, "name") X(OPEN, "open") \
	X(PROPERTY, "property") X(PUBDATE, "pubdate") X(REL, "rel") X(ROLE, "role") \
	X(ROWSPAN, "rowspan") X(SIZE, "size") X(SRC, "src") X(SRCSET, "srcset") X(START, "start") \
	X(STYLE, "style") X(TITLE, "title") X(TYPE, "type") X(VALUE, "value") \
	X(XML_LANG, "xml:lang")

enum pm_attr_name {
	PM_ATTR_NONE,
#define PM_ATTR_ENUM(id, name) PM_ATTR_##id,
	PM_ATTRS(PM_ATTR_ENUM)
#undef PM_ATTR_ENUM
	PM_ATTRS_KNOWN          /* at most 64: a tag's set is one word */
};

enum { PM_NAME_MAX = 16 };      /* bytes of the longest known name */

/* A name's first eight bytes in lower case, little-endian, zero-filled, and its length are its
 * key. */
static inline uint32_t pm_name_hash(uint64_t first, size_t len, uint64_t seed)
{
	return (uint32_t)(((first ^ len) * seed) >> 54);
}
enum { PM_NAME_SLOTS = 1024 };

extern const uint32_t pm_tag_flags[PM_TAG_END];
extern const char pm_tag_names[PM_TAGS_KNOWN][PM_NAME_MAX];

/* The tag of a name of `len` > 0 bytes in any case; `left` bytes may be read from `name`. */
uint8_t pm_tag_find(const char *name, size_t len, size_t left);
/* The attribute, or PM_ATTR_NONE. */
uint8_t pm_attr_find(const char *name, size_t len, size_t left);

#endif
