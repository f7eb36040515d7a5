/* tests/train/features.c -- what the trainer knows of pages, by the library's own code.
 *
 * 	features words < LIST                   one JSON object a page: its blocks and names
 * 	features matrix WEIGHTS [SCORES] < LIST blocks' features as int16, host order
 *
 * LIST has a line a page: path, URL and, as letters, what is changed on it (enum change), with tabs
 * between them. WEIGHTS is "key anywhere inside space" a line. SCORES holds the first model's score
 * of every block of the list, int16; without it the second model's features are 0. A page's matrix
 * begins with its number of blocks, int32. */
#include <stdio.h>
#include <stdlib.h>

#include "core/json_write.h"
#include "filters/extract/main_impl.h"
#include "filters/extract/main.h"
#include "filters/filter.h"
#include "filters/worker.h"
#include "tests/train/read_file.h"

extern const struct pm_filter pm_filter_decode;

/* What a page may be without, so that models lean on nothing that a page may be without. */
enum change {
	NO_SCRIPTS = 's', NO_NAMES = 'n', NO_SECTIONS = 'd', NO_META = 'h', NO_URL = 'u',
	NO_WORDS = 't',         /* what was learnt about words of
				 * text: a language that nobody knows */
};

static bool changed(const char *changes, enum change which)
{
	return strchr(changes, (int)which) != NULL;
}

struct state {
	struct pm_worker worker;
	struct pm_page page;
	struct pm_html doc;
	struct pm_visible visible;
	struct pm_main m;
};

static bool read_weights(struct pm_weights *all, struct pm_weights *names, const char *path)
{
	enum { SLOTS = 1 << 17 };
	struct pm_weight *slots[2] = { calloc(SLOTS, sizeof(**slots)),
				       calloc(SLOTS, sizeof(**slots)) };
	FILE *f = fopen(path, "r");
	unsigned key;
	int anywhere, inside, space;

	if (!slots[0] || !slots[1] || !f)
		return false;
	while (fscanf(f, "%u %d %d %d", &key, &anywhere, &inside, &space) == 4) {
		for (int k = 0; k <= (space == PM_WORD_CLASS || space == PM_WORD_ROLE); k++) {
			uint32_t i = key & (SLOTS - 1);

			while (slots[k][i].key)
				i = (i + 1) & (SLOTS - 1);
			slots[k][i] = (struct pm_weight){ key, (int8_t)anywhere, (int8_t)inside };
		}
	}
	fclose(f);
	*all = (struct pm_weights){ slots[0], SLOTS - 1 };
	*names = (struct pm_weights){ slots[1], SLOTS - 1 };
	return true;
}

/* -- words ------------------------------------------------------------------------------------- */

static void print_string(const char *s, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* A pair of a name's words as its key has it: "a-b". */
static void print_name(const char *word, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		char c = word[i], low = pm_ascii_lower(c);
		bool letter = (unsigned char)(low - 'a') < 26;
		bool after = i && (unsigned char)(pm_ascii_lower(word[i - 1]) - 'a') < 26;

		if ((!letter && after) ||
		    (letter && after && c != low && word[i - 1] == pm_ascii_lower(word[i - 1])))
			putchar('-');
		if (letter)
			putchar(low);
	}
	putchar('"');
}

static void print_word(void *ctx, enum pm_word_space space, uint32_t key, const char *word,
		       size_t len)
{
	bool *any = ctx;

	printf("%s[%u,%d,", *any ? "," : "", key, (int)space);
	if (space == PM_WORD_CLASS || space == PM_WORD_ROLE)
		print_name(word, len);
	else
		print_string(word, len);
	printf("]");
	*any = true;
}

static void print_words(struct state *st)
{
	const struct pm_main *m = &st->m;
	bool any = false;

	printf("{\"names\":[");
	for (uint32_t i = 1; m->n && i < st->doc.nnodes; i++) {
		const struct pm_node *node = &st->doc.nodes[i];
		bool some = false;

		if (node->tag == PM_TAG_NONE || m->place[i].bytes == 0)
			continue;
		printf("%s[%u,%u,[", any ? "," : "", i, node->last);
		any = true;
		for (unsigned k = 0; k < node->nattrs; k++) {
			const struct pm_attr *attr = &st->doc.attrs[node->attrs + k];
			struct pm_slice value = pm_slice(st->doc.src + attr->at, attr->len);

			if (attr->name == PM_ATTR_CLASS || attr->name == PM_ATTR_ID)
				pm_class_words(value, PM_WORD_CLASS, print_word, &some);
			if (attr->name == PM_ATTR_ROLE || attr->name == PM_ATTR_ITEMPROP)
				pm_class_words(value, PM_WORD_ROLE, print_word, &some);
		}
		printf("]]");
	}
	printf("],\"blocks\":[");
	for (uint32_t i = 0; i < m->n; i++) {
		struct pm_slice text = pm_slice(st->visible.text.ptr + st->visible.blocks[i].at,
						st->visible.blocks[i].len);
		bool some = false;

		printf("%s{\"node\":%u,\"kind\":%d,\"line\":%u,\"text\":", i ? "," : "",
		       m->piece[i].node, (int)st->visible.blocks[i].kind, m->piece[i].line);
		print_string(text.ptr, text.len);
		printf(",\"words\":[");
		pm_text_words(text, print_word, &some);
		printf("]}");
	}
	printf("]}\n");
}

/* -- pages ------------------------------------------------------------------------------------- */

static bool is_name(uint8_t attr)
{
	return attr == PM_ATTR_CLASS || attr == PM_ATTR_ID || attr == PM_ATTR_ROLE ||
	       attr == PM_ATTR_ITEMPROP;
}

static bool is_section(uint8_t tag)
{
	return tag == PM_TAG_ARTICLE || tag == PM_TAG_MAIN || tag == PM_TAG_SECTION ||
	       tag == PM_TAG_HEADER || tag == PM_TAG_FOOTER || tag == PM_TAG_NAV ||
	       tag == PM_TAG_ASIDE || tag == PM_TAG_FIGURE;
}

/* After the blocks' borders were drawn: they stay. */
static void change_page(struct pm_html *doc, const char *changes)
{
	for (uint32_t i = 1; i < doc->nnodes; i++) {
		struct pm_node *node = &doc->nodes[i];
		bool meta = node->tag == PM_TAG_META && changed(changes, NO_META);

		for (unsigned k = 0; k < node->nattrs; k++) {
			struct pm_attr *attr = &doc->attrs[node->attrs + k];

			if (meta || (is_name(attr->name) && changed(changes, NO_NAMES)))
				attr->len = 0;
		}
		if (is_section(node->tag) && changed(changes, NO_SECTIONS))
			node->tag = PM_TAG_DIV;
	}
}

static bool read_page(struct state *st, struct pm_slice body, const char *url, const char *changes)
{
	pm_worker_reset(&st->worker, 0);
	pm_page_init(&st->page, &st->worker.arena);
	st->page.body = body;
	st->page.media = PM_MEDIA_HTML;
	st->page.url = pm_slice_str(url);
	if (pm_filter_decode.process(&st->page, pm_filter_decode.open(NULL, NULL, NULL),
				     &st->worker).verdict != PM_PASS ||
	    !pm_html_parse(&st->doc, &st->worker.arena, st->page.content) ||
	    !pm_html_stream(&st->doc, &st->worker.arena) ||
	    !pm_visible_read(&st->doc, &st->worker.arena, &st->visible))
		return false;
	change_page(&st->doc, changes);
	if (changed(changes, NO_URL))
		st->page.url = (struct pm_slice){ 0 };
	return true;
}

static void print_matrix(struct state *st, FILE *scores)
{
	int32_t n = (int32_t)st->m.n;
	pm_eight f[PM_FEATURES_END];
	int16_t row[PM_FEATURES_END];

	fwrite(&n, sizeof(n), 1, stdout);
	if (scores && n) {
		if (fread(st->m.score, 2, (size_t)n, scores) != (size_t)n ||
		    !pm_main_context(&st->m))
			exit(1);
	}
	for (uint32_t i = 0; i < st->m.n; i++) {
		memset(f, 0, sizeof(f));
		pm_main_first(&st->m, i, f, 0);
		if (scores)
			pm_main_second(&st->m, i, f, 0);
		for (unsigned k = 0; k < PM_FEATURES_END; k++)
			row[k] = f[k][0];
		fwrite(row, sizeof(row), 1, stdout);
	}
}

/* Ends the field at `at`; what stands behind its tab, or "". */
static char *next_field(char *at)
{
	char *end = at + strcspn(at, "\t\n");
	bool more = *end == '\t';

	if (*end)
		*end = '\0';
	return more ? end + 1 : end;
}

int main(int argc, char **argv)
{
	static struct state st;
	struct pm_weights weights = { 0 }, names = { 0 };
	struct pm_err err;
	char line[8192];
	FILE *scores = argc > 3 ? fopen(argv[3], "rb") : NULL;
	bool words = argc > 1 && strcmp(argv[1], "words") == 0;

	if (argc > 1 && strcmp(argv[1], "names") == 0) {
#define NAME(name) #name "\n"
		fputs(PM_FEATURES_FIRST(NAME) PM_FEATURES_SECOND(NAME), stdout);
		return 0;
	}
	if (!read_weights(&weights, &names, argc > 2 ? argv[2] : "/dev/null") ||
	    pm_worker_open(&st.worker, (size_t)1 << 30, 1 << 20, &err) != 0)
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		char *url = next_field(line), *changes = next_field(url);
		struct pm_slice body = read_file(line);

		if (!read_page(&st, body, url, changes) ||
		    !pm_main_read(&st.m, &st.doc, &st.visible, &st.worker.arena,
				  changed(changes, NO_WORDS) ? &names : &weights, st.page.url,
				  !changed(changes, NO_SCRIPTS))) {
			fprintf(stderr, "features: %s: no\n", line);
			return 1;
		}
		if (words)
			print_words(&st);
		else
			print_matrix(&st, scores);
		free((char *)body.ptr);
	}
	return 0;
}
