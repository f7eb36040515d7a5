#include "filters/extract/is_html.h"

#include "filters/extract/elements.h"

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static size_t name_length(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && !pm_ascii_space(*q) && *q != '/' && *q != '>' && q - p <= PM_NAME_MAX)
		q++;
	/* A name at the very end may be cut: it counts for what it is. */
	return (size_t)(q - p);
}

/* Names that the table knows from SVG and MathML, or from this product, are not HTML's. */
static bool is_html_element(uint8_t tag)
{
	switch (tag) {
	case PM_TAG_ANNOTATION:
	case PM_TAG_ANNOTATION_XML:
	case PM_TAG_CLIPPATH:
	case PM_TAG_DEFS:
	case PM_TAG_DESC:
	case PM_TAG_FOREIGNOBJECT:
	case PM_TAG_MALIGNMARK:
	case PM_TAG_MARKER:
	case PM_TAG_MASK:
	case PM_TAG_METADATA:
	case PM_TAG_MGLYPH:
	case PM_TAG_MI:
	case PM_TAG_MN:
	case PM_TAG_MO:
	case PM_TAG_MS:
	case PM_TAG_MTEXT:
	case PM_TAG_PATTERN:
	case PM_TAG_SYMBOL:
	case PM_TAG_TEXTNODE:
		return false;
	default:
		return tag < PM_TAG_OTHER;
	}
}

static bool is_doctype(const char *p, const char *end)
{
	static const char word[] = "!doctype html";

	if ((size_t)(end - p) < sizeof(word) - 1)
		return false;
	return pm_slice_is_nocase(pm_slice(p, sizeof(word) - 1), word);
}

const char *pm_html_sign(enum pm_media declared, struct pm_slice content)
{
	const char *p = content.ptr,
		   *end = p + (content.len < PM_IS_HTML_LOOK ? content.len : PM_IS_HTML_LOOK);
	const char *last;
	unsigned end_tags = 0;

	if (declared == PM_MEDIA_TEXT || content.len == 0)
		return NULL;
	/* Behind the last '>' no tag ends: there "a<b and" is text, and as HTML would be lost. */
	last = memrchr(content.ptr, '>', content.len);
	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL && end - ++p > 1) {
		bool closes = *p == '/';
		const char *name = p + closes;
		size_t len;
		uint8_t tag;

		if (*p == '!' && is_doctype(p, end))
			return "a doctype";
		if (!is_letter(*name))
			continue;
		len = name_length(name, end);
		tag = pm_tag_find(name, len, (size_t)(end - name));
		if (!is_html_element(tag))
			continue;
		if (!closes && (tag == PM_TAG_HTML || tag == PM_TAG_HEAD || tag == PM_TAG_BODY))
			return "a tag html, head or body";
		if (!last || name > last)
			continue;
		if (declared == PM_MEDIA_HTML)
			return "declared as HTML, and a tag of HTML";
		if (closes && ++end_tags == 2)
			return "two end tags of HTML";
	}
	return NULL;
}

bool pm_is_html(enum pm_media declared, struct pm_slice content)
{
	return pm_html_sign(declared, content) != NULL;
}
