#include "filters/extract/attr.h"

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

uint32_t pm_attr_number(const struct pm_html *doc, const struct pm_node *node,
			enum pm_attr_name name, uint32_t other)
{
	struct pm_slice s = pm_slice_trim(pm_html_attr(doc, node, name));
	size_t i = s.len && s.ptr[0] == '+';
	uint64_t n = 0;

	if (i == s.len || !is_digit(s.ptr[i]))
		return other;
	for (; i < s.len && is_digit(s.ptr[i]); i++) {
		n = n * 10 + (unsigned)(s.ptr[i] - '0');
		if (n > PM_ATTR_NUMBER_MAX)
			return PM_ATTR_NUMBER_MAX;
	}
	return (uint32_t)n;
}

/* -- the language of code ---------------------------------------------------------------------- */

enum { LANGUAGE_MAX = 32 };     /* bytes; no name of one is as long */

static bool may_name(char c)
{
	return is_digit(c) || (unsigned char)(pm_ascii_lower(c) - 'a') < 26 || c == '+' ||
	       c == '#' || c == '.' || c == '-' || c == '_';
}

/* What follows `prefix` in one class; absent where it doesn't. */
static struct pm_slice behind(struct pm_slice class, const char *prefix)
{
	size_t n = strlen(prefix);
	struct pm_slice rest;

	if (class.len <= n || class.len - n > LANGUAGE_MAX || memcmp(class.ptr, prefix, n) != 0)
		return (struct pm_slice){ 0 };
	rest = pm_slice(class.ptr + n, class.len - n);
	for (size_t i = 0; i < rest.len; i++)
		if (!may_name(rest.ptr[i]))
			return (struct pm_slice){ 0 };
	return rest;
}

/* `own`: the element holds nothing but code, so that "lang-" can't mean people's. */
static struct pm_slice language_in(struct pm_slice classes, bool own)
{
	enum { CLASSES_MAX = 512 };     /* bytes that are looked at */
	size_t from = 0, len = classes.len < CLASSES_MAX ? classes.len : CLASSES_MAX;

	for (size_t i = 0; len && i <= len; i++) {
		struct pm_slice class, found;

		if (i < len && !pm_ascii_space(classes.ptr[i]))
			continue;
		class = pm_slice(classes.ptr + from, i - from);
		from = i + 1;
		found = behind(class, "language-");
		if (!found.ptr && own)
			found = behind(class, "lang-");
		if (found.ptr)
			return found;
	}
	return (struct pm_slice){ 0 };
}

static void look_around(const struct pm_html *doc, uint32_t parent, struct pm_around *around)
{
	enum { AROUND = 2 };

	*around = (struct pm_around){ .parent = parent };
	for (unsigned i = 0; i < AROUND && !around->language.ptr && parent && parent != doc->body;
	     i++) {
		const struct pm_node *node = &doc->nodes[parent];

		around->language = language_in(pm_html_attr(doc, node, PM_ATTR_CLASS), false);
		parent = node->parent;
	}
}

struct pm_slice pm_attr_code_language(const struct pm_html *doc, const struct pm_node *node,
				      struct pm_around *around)
{
	uint32_t at = (uint32_t)(node - doc->nodes);
	struct pm_slice found = { 0 };

	for (uint32_t i = at + 1; i <= node->last && i <= at + 2 && !found.ptr; i++)
		if (doc->nodes[i].tag == PM_TAG_CODE)
			found = language_in(pm_html_attr(doc, &doc->nodes[i], PM_ATTR_CLASS), true);
	if (!found.ptr)
		found = language_in(pm_html_attr(doc, node, PM_ATTR_CLASS), true);
	if (found.ptr)
		return found;
	if (around->parent != node->parent)
		look_around(doc, node->parent, around);
	return around->language;
}
