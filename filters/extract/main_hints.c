/* filters/extract/main_hints.c -- what the head says the content is: its description, its type, and
 * the article's text where JSON-LD repeats it. */
#include "core/utf8.h"
#include "filters/extract/entity.h"
#include "filters/extract/main_impl.h"

enum {
	DESCRIPTION_BYTES = 1024,
	BODY_BYTES_LEAST = 200,         /* shorter ones are teasers */
	BODY_BYTES_MOST = 1 << 18,
	STEPS_MOST = 64,
};

/* -- rows of words ----------------------------------------------------------------------------- */

static bool open_grams(struct pm_grams *g, struct pm_arena *a, size_t words)
{
	uint32_t size = 64;

	while (size < words * 2)
		size *= 2;
	g->slots = PM_ARENA_NEW(a, uint32_t, size);
	if (!g->slots)
		return false;
	memset(g->slots, 0, size * sizeof(*g->slots));
	g->mask = size - 1;
	return true;
}

/* Keys are hashes of hostile text: a search that grows long gives up. */
static uint32_t *find_slot(const struct pm_grams *g, uint32_t key)
{
	uint32_t i = key & g->mask;

	for (unsigned steps = 0; steps < STEPS_MOST; steps++, i = (i + 1) & g->mask)
		if (!g->slots[i] || g->slots[i] == key)
			return &g->slots[i];
	return NULL;
}

bool pm_gram_seen(struct pm_grams *g, uint32_t key)
{
	const uint32_t *slot = g->slots ? find_slot(g, key) : NULL;

	if (!slot || !*slot)
		return false;
	g->seen++;
	return true;
}

static void add_text(struct pm_grams *g, struct pm_slice text, bool triples)
{
	struct pm_word_reader r = { text.ptr, text.ptr + text.len };
	uint32_t a = 0, b = 0, c;

	while ((c = pm_next_word(&r)) != 0) {
		uint32_t key = triples ? pm_word_row(a, b, c) : pm_word_row(b, c, 0);

		if (triples ? a != 0 : b != 0) {
			uint32_t *slot = find_slot(g, key);

			g->n++;
			if (slot)
				*slot = key;
		}
		a = b;
		b = c;
	}
}

/* -- JSON-LD ----------------------------------------------------------------------------------- */

static uint32_t hex4(const char *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		char c = pm_ascii_lower(p[i]);

		if ((unsigned char)(c - '0') < 10)
			v = v << 4 | (uint32_t)(c - '0');
		else if ((unsigned char)(c - 'a') < 6)
			v = v << 4 | (uint32_t)(c - 'a' + 10);
		else
			return PM_UTF8_BAD;
	}
	return v;
}

/* A string's escape at `p`, which is a backslash; a space for those that show nothing. */
static const char *unescape(const char *p, const char *end, char **to)
{
	uint32_t cp;

	if (end - p < 2)
		return end;
	if (p[1] != 'u' || end - p < 6) {
		*(*to)++ = strchr("nrtbf", p[1]) ? (p[1] == 'n' ? '\n' : ' ') : p[1];
		return p + 2;
	}
	cp = hex4(p + 2);
	p += 6;
	if (cp >= 0xd800 && cp < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
		uint32_t low = hex4(p + 2);

		if (low >= 0xdc00 && low < 0xe000) {
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		}
	}
	*to += pm_utf8_put(*to, cp ? cp : ' ');
	return p;
}

/* The string behind `p`, its escapes resolved and its tags left out, in `to` (as long as its
 * source). */
static size_t read_string(const char *p, const char *end, char *to)
{
	char *from = to;

	while (p < end && *p != '"') {
		if (*p == '\\') {
			p = unescape(p, end, &to);
		} else if (*p == '<') {
			while (p < end && *p != '>' && *p != '"')
				p++;
			p += p < end && *p == '>';
			*to++ = ' ';
		} else {
			*to++ = *p++;
		}
	}
	return (size_t)(to - from);
}

/* Behind `"articleBody" : "` in a script, or NULL. */
static const char *find_body(struct pm_slice script)
{
	static const char name[] = "\"articleBody\"";
	const char *end = script.ptr + script.len;
	const char *p = memmem(script.ptr, script.len, name, sizeof(name) - 1);

	if (!p)
		return NULL;
	for (p += sizeof(name) - 1; p < end && (pm_ascii_space(*p) || *p == ':'); p++)
		;
	return p < end && *p == '"' ? p + 1 : NULL;
}

static bool read_body(struct pm_main *m, struct pm_slice script)
{
	const char *end = script.ptr + script.len, *from = find_body(script);
	struct pm_slice text;
	char *to;

	if (!from || m->hints.triples.slots)
		return true;
	if (end - from > BODY_BYTES_MOST)
		end = from + BODY_BYTES_MOST;
	to = pm_arena_alloc(m->arena, (size_t)(end - from) + PM_UTF8_MAX);
	if (!to)
		return false;
	text = pm_slice(to, read_string(from, end, to));
	pm_arena_trim(m->arena, to, text.len);
	if (text.len < BODY_BYTES_LEAST)
		return true;
	m->hints.body = pm_entity_decode(m->arena, text);
	if (!m->hints.body.ptr || !open_grams(&m->hints.triples, m->arena, m->hints.body.len / 4))
		return false;
	add_text(&m->hints.triples, m->hints.body, true);
	return true;
}

static bool is_json_ld(struct pm_slice type)
{
	return type.len >= 7 && pm_slice_is_nocase(pm_slice(type.ptr + type.len - 7, 7), "ld+json");
}

/* -- meta -------------------------------------------------------------------------------------- */

static uint16_t type_of(struct pm_slice value)
{
	static const char *const types[] = { "article", "product", "website" };

	for (uint16_t i = 0; i < 3; i++)
		if (value.len >= strlen(types[i]) &&
		    pm_slice_is_nocase(pm_slice(value.ptr, strlen(types[i])), types[i]))
			return i + 1;
	return 4;
}

static bool read_meta(struct pm_main *m, const struct pm_node *node)
{
	struct pm_slice name = pm_html_attr(m->doc, node, PM_ATTR_PROPERTY);
	struct pm_slice value = pm_html_attr(m->doc, node, PM_ATTR_CONTENT);

	if (!name.len)
		name = pm_html_attr(m->doc, node, PM_ATTR_NAME);
	if (!value.len)
		return true;
	if (pm_slice_is_nocase(name, "og:type")) {
		m->hints.type = type_of(value);
	} else if (pm_slice_is_nocase(name, "article:published_time")) {
		m->hints.dated = true;
	} else if (pm_slice_is_nocase(name, "description") || pm_slice_is_nocase(name, "og:description")) {
		if (value.len > DESCRIPTION_BYTES)
			value.len = DESCRIPTION_BYTES;
		value = pm_entity_decode(m->arena, value);
		if (!value.ptr)
			return false;
		if (!m->hints.pairs.slots &&
		    !open_grams(&m->hints.pairs, m->arena, DESCRIPTION_BYTES / 2))
			return false;
		add_text(&m->hints.pairs, value, false);
	}
	return true;
}

bool pm_main_hints(struct pm_main *m, bool scripts)
{
	const struct pm_html *doc = m->doc;

	for (uint32_t i = 1; i < doc->nnodes; i++) {
		const struct pm_node *node = &doc->nodes[i];

		if (node->tag == PM_TAG_META && !read_meta(m, node))
			return false;
		if (node->tag == PM_TAG_SCRIPT && scripts && node->last > i &&
		    is_json_ld(pm_html_attr(doc, node, PM_ATTR_TYPE)) &&
		    !read_body(m, pm_node_source(doc, &doc->nodes[i + 1])))
			return false;
	}
	return true;
}
