#include "filters/extract/html_parser.h"

static bool mathml_text(uint8_t tag)
{
	return tag == PM_TAG_MI || tag == PM_TAG_MO || tag == PM_TAG_MN || tag == PM_TAG_MS ||
	       tag == PM_TAG_MTEXT;
}

bool pm_foreign_now(struct pm_parser *ps)
{
	const struct pm_open *top = pm_top(ps);

	return top->ns != PM_NS_HTML && !top->integrates;
}

static bool has_attr(const struct pm_parser *ps, const struct pm_token *t, enum pm_attr_name name)
{
	for (uint32_t i = 0; i < t->nattrs; i++)
		if (ps->doc->attrs[t->attrs + i].name == name)
			return true;
	return false;
}

/* Whether an annotation-xml holds HTML. */
static bool holds_html(const struct pm_parser *ps, const struct pm_token *t)
{
	for (uint32_t i = 0; i < t->nattrs; i++) {
		const struct pm_attr *attr = &ps->doc->attrs[t->attrs + i];
		struct pm_slice value = pm_slice(ps->doc->src + attr->at, attr->len);

		if (attr->name == PM_ATTR_ENCODING)
			return pm_slice_is_nocase(value, "text/html") ||
			       pm_slice_is_nocase(value, "application/xhtml+xml");
	}
	return false;
}

/* Leaves foreign content up to HTML or a place where HTML's rules hold. */
static void break_out(struct pm_parser *ps)
{
	while (pm_top(ps)->ns != PM_NS_HTML && !pm_top(ps)->integrates &&
	       !mathml_text(pm_top(ps)->tag))
		pm_open_pop_to(ps, ps->depth);
}

bool pm_foreign_start(struct pm_parser *ps, struct pm_token *t)
{
	const struct pm_open *top = pm_top(ps);
	uint32_t flags = pm_tag_flags[t->tag];
	uint8_t ns = top->ns;
	bool integrates;

	if (ns == PM_NS_MATH && mathml_text(top->tag) && t->tag != PM_TAG_MGLYPH &&
	    t->tag != PM_TAG_MALIGNMARK)
		return false;
	if (ns == PM_NS_MATH && top->tag == PM_TAG_ANNOTATION_XML && t->tag == PM_TAG_SVG)
		return false;
	if (flags & PM_EL_BREAKOUT || (t->tag == PM_TAG_FONT && (has_attr(ps, t, PM_ATTR_COLOR) ||
								 has_attr(ps, t, PM_ATTR_FACE) ||
								 has_attr(ps, t, PM_ATTR_SIZE)))) {
		break_out(ps);
		return false;
	}
	integrates = ns == PM_NS_SVG ? t->tag == PM_TAG_FOREIGNOBJECT || t->tag == PM_TAG_DESC ||
				       t->tag == PM_TAG_TITLE
				     : t->tag == PM_TAG_ANNOTATION_XML && holds_html(ps, t);
	pm_element_add(ps, t, t->tag, ns, t->self_closing);
	if (!t->self_closing && !ps->full)
		pm_top(ps)->integrates = integrates;
	return true;
}

static bool same_name(const struct pm_parser *ps, const struct pm_open *e, const struct pm_token *t)
{
	const char *name = ps->doc->src + ps->doc->nodes[e->node].at + 1;

	if (e->tag != t->tag)
		return false;
	if (e->tag < PM_TAG_OTHER)
		return true;
	return pm_same_name(name, ps->end, t);
}

bool pm_foreign_end(struct pm_parser *ps, struct pm_token *t)
{
	/* The standard walks up to the next HTML element; a constant keeps hostile depth linear. */
	enum { WALK_MAX = 64 };
	unsigned low = ps->depth > WALK_MAX ? ps->depth - WALK_MAX : 1;

	if (t->tag == PM_TAG_BR || t->tag == PM_TAG_P) {
		break_out(ps);
		return false;
	}
	for (unsigned pos = ps->depth; pos >= low; pos--) {
		ps->doc->effort++;
		if (ps->stack[pos].ns == PM_NS_HTML)
			return false;
		if (same_name(ps, &ps->stack[pos], t)) {
			pm_open_pop_to(ps, pos);
			return true;
		}
	}
	return true;
}
