/* filters/extract/meta_title.c -- the title as readers see it, and the site's name.
 *
 * The headline on the page is what its author wrote; what stands in the head may be written for
 * search engines or carry the site's name. The head says which of the headings is the headline. */
#include "core/psl.h"
#include "core/utf8.h"
#include "filters/extract/clean.h"
#include "filters/extract/meta_headline.h"
#include "filters/extract/visible.h"

enum { NAME_BYTES = 100, RANK_OTHER = 70 /* names beside the site's own */ };

/* -- comparing --------------------------------------------------------------------------------- */

static inline bool is_word_byte(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 ||
	       (c & 0x80);
}

/* The next letters or digits; punctuation beyond ASCII counts as letters here, which only makes two
 * titles a little less alike. */
static struct pm_slice next_word(struct pm_slice s, size_t *i)
{
	size_t from;

	while (*i < s.len && !is_word_byte(s.ptr[*i]))
		++*i;
	for (from = *i; *i < s.len && is_word_byte(s.ptr[*i]); ++*i)
		;
	return pm_slice(s.ptr + from, *i - from);
}

static bool same_word(struct pm_slice a, struct pm_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (pm_ascii_lower(a.ptr[i]) != pm_ascii_lower(b.ptr[i]))
			return false;
	return true;
}

/* Whether `s` has the word from `k` on. */
static bool has_word(struct pm_slice s, size_t k, struct pm_slice word)
{
	struct pm_slice other;

	while ((other = next_word(s, &k)).len)
		if (same_word(word, other))
			return true;
	return false;
}

/* How many of a's words b has, and how many a has; titles are short. */
unsigned pm_title_shared(struct pm_slice a, struct pm_slice b, unsigned *all)
{
	enum { FIRST = 32 };    /* of b's words, which are told apart once */
	struct pm_slice word, first[FIRST];
	unsigned shared = 0, nfirst = 0, n;
	size_t i = 0, k = 0;

	while (nfirst < FIRST && (first[nfirst] = next_word(b, &k)).len)
		nfirst++;
	for (*all = 0; (word = next_word(a, &i)).len; ++*all) {
		for (n = 0; n < nfirst && !same_word(word, first[n]); n++)
			;
		shared += n < nfirst || has_word(b, k, word);
	}
	return shared;
}

unsigned pm_meta_likeness(struct pm_slice a, struct pm_slice b)
{
	unsigned na, nb, ab = pm_title_shared(a, b, &na), ba = pm_title_shared(b, a, &nb);

	if (!na || !nb)
		return 0;
	return na < nb ? ab * 100 / na : ba * 100 / nb;
}

/* The same letters and digits, whatever stands between: "The Hill" and "thehill". */
bool pm_title_same(struct pm_slice a, struct pm_slice b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && !is_word_byte(a.ptr[i]))
			i++;
		while (k < b.len && !is_word_byte(b.ptr[k]))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len && a.len && b.len;
		if (pm_ascii_lower(a.ptr[i++]) != pm_ascii_lower(b.ptr[k++]))
			return false;
	}
}

/* Where in `s` its end begins that has `tail`'s letters; 0: it ends otherwise, or is all of it. */
size_t pm_title_tail(struct pm_slice s, struct pm_slice tail)
{
	size_t i = s.len, k = tail.len, at = 0;

	while (k > 0) {
		while (i > 0 && !is_word_byte(s.ptr[i - 1]))
			i--;
		while (k > 0 && !is_word_byte(tail.ptr[k - 1]))
			k--;
		if (k == 0)
			break;
		if (i == 0 || pm_ascii_lower(s.ptr[--i]) != pm_ascii_lower(tail.ptr[--k]))
			return 0;
		at = i;
	}
	if (at == 0 || is_word_byte(s.ptr[at - 1]))
		return 0;
	/* An opening quotation mark belongs to what follows it; the marks beyond ASCII are letters
	 * here. */
	while (at > 0 && (s.ptr[at - 1] == '"' || s.ptr[at - 1] == '\'' || s.ptr[at - 1] == '('))
		at--;
	return at;
}

/* -- the site's name --------------------------------------------------------------------------- */

/* "example" of www.example.co.uk. */
static struct pm_slice host_label(const struct pm_meta_reader *r)
{
	struct pm_slice domain = r->has_url ? pm_psl_domain(r->own.host) : (struct pm_slice){ 0 };
	const char *dot = domain.len ? memchr(domain.ptr, '.', domain.len) : NULL;

	return dot ? pm_slice(domain.ptr, (size_t)(dot - domain.ptr)) : domain;
}

bool pm_meta_is_site(const struct pm_meta_reader *r, struct pm_slice s)
{
	for (unsigned i = 0; i < r->nsites; i++)
		if (s.len < 2 * r->sites[i].len + 8 && pm_meta_likeness(s, r->sites[i]) == 100)
			return true;
	return pm_title_is_site(r, s);
}

bool pm_title_is_site(const struct pm_meta_reader *r, struct pm_slice s)
{
	struct pm_slice label = host_label(r);
	struct pm_slice domain = r->has_url ? pm_psl_domain(r->own.host) : (struct pm_slice){ 0 };

	for (unsigned i = 0; i < r->nsites; i++)
		if (pm_title_same(s, r->sites[i]))
			return true;
	return (label.len && pm_title_same(s, label)) || (domain.len && pm_title_same(s, domain)) ||
	       (r->has_url && pm_title_same(s, r->own.host));
}

/* Bytes of a separator between a title and its site's name; 0: none. */
size_t pm_title_separator(struct pm_slice s, size_t i)
{
	static const char *const marks[] = {
		" | ", " - ", " \342\200\223 ", " \342\200\224 ", " \342\200\242 ", " \302\267 ", " :: ", " \302\273 ", " / ",
		" \302\253 ", " > ", " ~ ", " \342\200\272 ", " \357\275\234 ", "\357\275\234", "_",
		" : ", " \342\235\230 ", "--", " \342\227\204 ", " \342\225\221 ", "|",
		" \342\200\225 ", ": ",
	};

	/* What one of them begins with. */
	switch (s.ptr[i]) {
	case ' ': case '_': case '-': case '|': case ':': case '\357':
		break;
	default:
		return 0;
	}
	for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++) {
		size_t n = strlen(marks[k]);

		if (s.len - i >= n && memcmp(s.ptr + i, marks[k], n) == 0)
			return n;
	}
	return 0;
}

static struct pm_slice trim(struct pm_slice s)
{
	return pm_slice_trim(s);
}

struct pm_slice pm_title_without_site(const struct pm_meta_reader *r, struct pm_slice s)
{
	size_t n;

	for (size_t i = s.len; i-- > 1 && s.len - i < NAME_BYTES;) {
		n = pm_title_separator(s, i);
		if (n && pm_meta_is_site(r, trim(pm_slice(s.ptr + i + n, s.len - i - n)))) {
			s.len = i;
			s = trim(s);
			break;
		}
	}
	for (size_t i = 1; i < s.len; i++) {
		n = pm_title_separator(s, i);
		if (!n)
			continue;
		if (pm_title_is_site(r, trim(pm_slice(s.ptr, i))) && i + n < s.len)
			s = trim(pm_slice(s.ptr + i + n, s.len - i - n));
		break;
	}
	return s;
}

/* The last part of the title element, where the host bears it out. */
static struct pm_slice site_in_title(const struct pm_meta_reader *r, struct pm_slice title)
{
	struct pm_slice label = host_label(r);

	for (size_t i = title.len; label.len && i-- > 1 && title.len - i < NAME_BYTES;) {
		size_t n = pm_title_separator(title, i);
		struct pm_slice tail = n ? trim(pm_slice(title.ptr + i + n, title.len - i - n))
					 : (struct pm_slice){ 0 };

		if (tail.len && pm_title_same(tail, label))
			return tail;
	}
	return (struct pm_slice){ 0 };
}

static bool set(struct pm_meta *to, struct pm_slice value, const char *source)
{
	if (value.ptr && value.len && !to->value.ptr)
		*to = (struct pm_meta){ value, source };
	return value.ptr != NULL;
}

static bool title_element(struct pm_meta_reader *r, struct pm_slice *text)
{
	*text = r->title ? pm_visible_line(r->doc, r->page->arena, r->title) : PM_LIT("");
	return text->ptr != NULL;
}

static bool has_bar(struct pm_slice s)
{
	return s.len && memchr(s.ptr, '|', s.len);
}

bool pm_meta_site(struct pm_meta_reader *r)
{
	struct pm_meta *to = &r->page->site_name;
	struct pm_slice text, element;

	if (!title_element(r, &element))
		return false;
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_SITE, NULL);
	     s && r->nsites < PM_SITES; s = pm_meta_best(r, PM_SAYS_SITE, s)) {
		text = pm_meta_text(r, s);
		if (!text.ptr)
			return false;
		/* Some systems give the page's title for the site's name. */
		if (!text.len || text.len > NAME_BYTES ||
		    (has_bar(text) && pm_title_same(text, element)))
			continue;
		r->sites[r->nsites++] = text;
		if (s->rank < RANK_OTHER && !set(to, text, s->source))
			return false;
	}
	if (to->value.ptr)
		return true;
	text = site_in_title(r, element);
	if (!text.ptr)
		return true;
	if (r->nsites < PM_SITES)
		r->sites[r->nsites++] = text;
	return set(to, text, "title");
}

/* -- the title --------------------------------------------------------------------------------- */

static bool state(struct pm_meta_reader *r, struct pm_stated *best, struct pm_stated *element,
		  struct pm_slice *whole)
{
	struct pm_slice text;

	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_TITLE, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_TITLE, s)) {
		text = pm_meta_text(r, s);
		if (!text.ptr)
			return false;
		if (!text.len || text.len > PM_TITLE_BYTES || pm_meta_is_site(r, text))
			continue;
		*best = (struct pm_stated){ pm_title_without_site(r, text), s->source };
		break;
	}
	if (!title_element(r, whole))
		return false;
	if (whole->len && whole->len <= 4 * PM_TITLE_BYTES)
		*element = (struct pm_stated){ pm_title_without_site(r, *whole), "title" };
	else
		*whole = PM_LIT("");
	return true;
}

/* A part of a heading that is no part of the headline: cut where the heading begins or ends with
 * it. */
static bool cut_part(struct pm_meta_reader *r, uint32_t part, bool begins, struct pm_slice *line)
{
	enum { LEAST = 10 };
	struct pm_said said = { .at = part, .form = PM_SAID_NODE };
	struct pm_slice text = pm_meta_text(r, &said), rest = *line;

	if (!text.ptr)
		return false;
	if (!text.len || text.len + LEAST > line->len)
		return true;
	if (begins && memcmp(line->ptr, text.ptr, text.len) == 0) {
		rest = pm_slice_trim(pm_slice(line->ptr + text.len, line->len - text.len));
		/* "Bees: they fly" is one title. */
		if (text.ptr[text.len - 1] == ':' || rest.ptr[0] == ':')
			return true;
		while (rest.len > 1 && memchr(" -|/", rest.ptr[0], 4))
			rest = pm_slice(rest.ptr + 1, rest.len - 1);
	} else if (!begins && memcmp(line->ptr + line->len - text.len, text.ptr, text.len) == 0) {
		rest = pm_slice_trim(pm_slice(line->ptr, line->len - text.len));
	}
	*line = rest;
	return true;
}

/* Without the line above the headline, and without the small print behind it. */
static bool without_parts(struct pm_meta_reader *r, uint32_t h, struct pm_slice *line)
{
	const struct pm_html *doc = r->doc;

	for (uint32_t i = h + 1; i <= doc->nodes[h].last; i++) {
		const struct pm_node *node = &doc->nodes[i];
		bool kicker = node->tag != PM_TAG_NONE && pm_meta_hints(r, i) & PM_HINT_KICKER;

		if (!kicker && node->tag != PM_TAG_SMALL)
			continue;
		if (!cut_part(r, i, kicker, line))
			return false;
		i = node->last;
	}
	return true;
}

static bool cut_before(struct pm_slice *h1, struct pm_slice said)
{
	enum { KICKER = 80, LEAST = 12 };
	size_t at = said.len < LEAST || said.len > PM_TITLE_BYTES ? 0 : pm_title_tail(*h1, said);

	if (at == 0 || at > KICKER)
		return false;
	*h1 = pm_slice(h1->ptr + at, h1->len - at);
	return true;
}

static bool is_mark(struct pm_slice before)
{
	return before.len && memchr(":|-", before.ptr[before.len - 1], 3);
}

/* What the heading's first element shows; empty: it has none. */
static struct pm_slice first_element(struct pm_meta_reader *r)
{
	const struct pm_node *nodes = r->doc->nodes;
	struct pm_said said = { .at = r->headline + 1, .form = PM_SAID_NODE };

	while (said.at <= nodes[r->headline].last && nodes[said.at].tag == PM_TAG_NONE)
		said.at++;
	return said.at <= nodes[r->headline].last ? pm_meta_text(r, &said) : PM_LIT("");
}

/* Whether a text of the heading's own begins as `rest` does: behind an element or a line's end. */
static bool is_own_text(struct pm_meta_reader *r, struct pm_slice rest)
{
	enum { BYTES = 24, NODES = 40 };
	const struct pm_node *nodes = r->doc->nodes;
	size_t n = rest.len < BYTES ? rest.len : BYTES;

	for (uint32_t i = r->headline + 1; i <= nodes[r->headline].last && i <= r->headline + NODES;
	     i++) {
		struct pm_slice text;

		if (nodes[i].tag != PM_TAG_NONE)
			continue;
		text = pm_slice_trim(pm_node_source(r->doc, &nodes[i]));
		if (text.len >= n && memcmp(text.ptr, rest.ptr, n) == 0)
			return true;
	}
	return false;
}

/* Whether the head joins by a colon what the heading keeps apart by an element. */
static bool is_label(struct pm_slice said, struct pm_slice first, struct pm_slice line)
{
	size_t n = first.len;

	return n && n < line.len && first.ptr[n - 1] != ':' && line.ptr[n] == ' ' &&
	       memcmp(line.ptr, first.ptr, n) == 0 && said.len > n && said.ptr[n] == ':' &&
	       pm_title_same(said, line);
}

/* Some headings hold what stands above the headline too; what the head says ends as they end. What
 * the heading and the best statement agree on is not cut, unless it has an element of its own. */
static bool without_kicker(struct pm_meta_reader *r, const struct pm_stated *best,
			   const struct pm_stated *element, struct pm_slice *h1)
{
	bool agreed = pm_title_same(*h1, best->text);
	struct pm_slice cut = *h1, before, first = first_element(r);

	if (!first.ptr)
		return false;
	for (const struct pm_said *s = pm_meta_best(r, PM_SAYS_TITLE, NULL); s;
	     s = pm_meta_best(r, PM_SAYS_TITLE, s)) {
		struct pm_slice said = pm_meta_text(r, s);

		if (!said.ptr)
			return false;
		said = pm_title_without_site(r, said);
		if (is_label(said, first, *h1)) {
			*h1 = said;
			return true;
		}
		if (!cut_before(&cut, said))
			continue;
		before = pm_slice_trim(pm_slice(h1->ptr, h1->len - cut.len));
		if ((first.len && pm_title_same(first, before)) ||
		    (!agreed && (is_mark(before) || is_own_text(r, cut))))
			*h1 = cut;
		return true;
	}
	/* The title element may leave out words that are no kicker. */
	if (!agreed && cut_before(&cut, element->text) &&
	    is_mark(pm_slice_trim(pm_slice(h1->ptr, h1->len - cut.len))))
		*h1 = cut;
	return true;
}

/* "Bees | Nature": behind the last bar stands where on the site the page belongs. */
static struct pm_slice without_place(struct pm_slice s)
{
	enum { PLACE = 40, LEAST = 12 };

	for (size_t i = s.len; i-- > LEAST && s.len - i < PLACE;)
		if (i + 2 < s.len && memcmp(s.ptr + i, " | ", 3) == 0)
			return trim(pm_slice(s.ptr, i));
	return s;
}

static const char *heading_name(const struct pm_meta_reader *r)
{
	enum pm_element tag = r->doc->nodes[r->headline].tag;

	return tag == PM_TAG_H2 ? "h2" : tag == PM_TAG_H3 ? "h3" : "h1";
}

bool pm_meta_title(struct pm_meta_reader *r)
{
	struct pm_stated best = { { 0 }, NULL }, element = { { 0 }, NULL };
	struct pm_slice whole, found;

	if (!state(r, &best, &element, &whole) ||
	    !pm_headline_find(r, &best, &element, whole, &found))
		return false;
	if (found.len) {
		if (!without_parts(r, r->headline, &found))
			return false;
		found = pm_title_without_site(r, found);
		return without_kicker(r, &best, &element, &found) &&
		       set(&r->page->title, found, heading_name(r));
	}
	if (!r->headline && r->nh1)
		r->headline = r->h1[0];
	if (best.text.len)
		return set(&r->page->title, without_place(best.text), best.source);
	return !element.text.len ||
	       set(&r->page->title, without_place(element.text), element.source);
}
