/* A page's way takes nothing from malloc once everything is warm: envelope, decode, extract,
 * boilerplate, repair and the record, with all that they can be asked for. CLD2 is a library with
 * ways of its own: what language adds is counted apart. */
#include <stdatomic.h>
#include <stdlib.h>

#include "consumer/envelope.h"
#include "filters/chain.h"
#include "producer/record.h"
#include "tests/test.h"

#if defined(__has_feature)
#define FEATURE(name) __has_feature(name)
#else
#define FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || FEATURE(address_sanitizer) || \
	FEATURE(thread_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

enum { PAGES = 300, ROUNDS = 3, ARENA = 64 << 20, PAGE_BYTES = 1 << 20 };

static atomic_size_t mallocs;

#if SANITIZED
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
					      void (*on_free)(const volatile void *));

static void on_malloc(const volatile void *p, size_t size)
{
	mallocs++;
}

static void on_free(const volatile void *p)
{
}

static void watch(void)
{
	CHECK(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) > 0);
}
#else
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	mallocs++;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	mallocs++;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	mallocs++;
	return __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	mallocs++;
	return __libc_memalign(alignment, size);
}

static void watch(void)
{
}
#endif

/* -- pages ------------------------------------------------------------------------------------- */

static const char *const pieces[] = {
	"<p>Some words of a paragraph, <b>bold</b> and <i>not</i>.</p>", "<ul><li>one<li>two</ul>",
	"<table><tr><td>a<td>b<tr><td>c</table>", "<pre>code\\n  more</pre>", "&quot;x&quot; &amp; &eacute;",
	"<h2>A heading</h2>", "e\\u0301 q\\u0323\\u0307 caf\\u00e9", "<svg><text>in it</text></svg>", "plain text",
	"<div hidden>gone</div>", "<script>var x = '<p>';</script>", "<b><p>misnested</b> here", "<br><br>",
	"<select><option>One<option>Two</select>", "<a href='/x'>a link</a>", "\\n\\n", "<blockquote>said",
	"<nav class='menu'><a href=/a rel=Tag>News</a></nav>", "<p class=byline>By Maren Holt</p>",
	"<p>The talks,held on Monday,ended.He said &amp;amp; \u00c3\u00a9t\u00c3\u00a9 \u201dso\u201c.</p>",
	"<p>The old tower on the pier was lit again last night, said the council, and nobody had expected it.</p>",
};

static struct pm_message pages[PAGES];
static char texts[PAGES][32 << 10];

/* Bytes of Windows-1252, as base64: 3 of them are "é  ". */
static size_t put_latin1(char *to, size_t size, unsigned n)
{
	size_t len = (size_t)snprintf(to, size, "{\"content_type\":\"text/html; charset=latin1\","
				      "\"body_base64\":\"PGh0bWw+");

	for (unsigned i = 0; i < n; i++)
		len += (size_t)snprintf(to + len, size - len, "6SAgYWJj");
	return len + (size_t)snprintf(to + len, size - len, "\"}");
}

static size_t put_flattened(char *to, size_t size, unsigned n)
{
	static const char *const lines[] = {
		"Home > News", "The old tower is lit again", "By Maren Holt", "May 4, 2024", "Share this",
		"The old tower on the pier was lit again last night, said the council,and nobody had expected it.",
		"You may also like", "Leave a Comment", "\\u00c3\\u00a9t\\u00c3\\u00a9 &amp; more.",
	};
	size_t len = (size_t)snprintf(to, size, "{\"content_type\":\"text/plain\",\"body\":\"");

	for (unsigned i = 0; i < n; i++)
		len += (size_t)snprintf(to + len, size - len, "%s\\n", lines[(i * 5 + n) % 9]);
	return len + (size_t)snprintf(to + len, size - len, "\"}");
}

static size_t put_page(char *to, size_t size, unsigned seed)
{
	size_t len;

	if (seed % 7 == 0)
		return put_latin1(to, size, 20 + seed);
	if (seed % 11 == 0)
		return put_flattened(to, size, 20 + seed);
	len = (size_t)snprintf(to, size, "{\"id\":%u,\"url\":\"https://www.example.co.uk/%u?q=\\u00fc\","
			       "\"headers\":{\"Content-Type\":\"text/html\"},\"fetched_at\":"
			       "\"2026-01-02T03:04:05Z\",\"body\":\"%s", seed, seed, seed % 5 ?
			       "<!doctype html><html lang=en><title>T &amp; t</title><meta name=description "
			       "content='d'><link rel=canonical href='/c'>" : "");
	for (unsigned i = 0; i < 10 + seed; i++) {
		seed = seed * 1103515245 + 12345;
		len += (size_t)snprintf(to + len, size - len, "%s",
					pieces[(seed >> 16) % (sizeof(pieces) / sizeof(*pieces))]);
		if (len > size - 512)
			break;
		seed %= 400;
	}
	return len + (size_t)snprintf(to + len, size - len, "\"}");
}

/* -- the way ----------------------------------------------------------------------------------- */

static struct pm_config *cf;
static struct pm_envelope *envelope;
static struct pm_unpacker *unpacker;
static struct pm_worker worker;

static bool run_page(const struct pm_chain *chain, const struct pm_message *msg)
{
	struct pm_provenance from = { pm_slice_str(pm_chain_digest(chain)),
				      pm_chain_filters_json(chain) };
	struct pm_err err = { 0 };
	struct pm_page page;
	size_t at;

	pm_worker_reset(&worker, 0);
	pm_page_init(&page, &worker.arena);
	return pm_envelope_decode(envelope, unpacker, msg, &page, &err) == PM_REASON_NONE &&
	       pm_chain_run(chain, &page, &worker, NULL, &at).verdict == PM_PASS &&
	       pm_record_write(&worker.out, &page, &from);
}

/* How often malloc was called for all pages, after a round that nobody counts. */
static size_t count(const char *steps)
{
	json_t *json = json_loads(steps, 0, NULL);
	struct pm_chain *chain = pm_chain_new(json, NULL, cf);
	size_t passed = 0, before = 0;

	CHECK(chain != NULL);
	for (unsigned round = 0; round <= ROUNDS; round++) {
		if (round == 1)
			before = mallocs;
		for (unsigned i = 0; i < PAGES; i++)
			passed += run_page(chain, &pages[i]);
	}
	before = mallocs - before;
	CHECK(passed == (ROUNDS + 1) * PAGES);
	pm_chain_free(chain);
	json_decref(json);
	return before;
}

static void the_counter_counts(void)
{
	size_t before = mallocs;
	void *volatile p = malloc(1);

	CHECK(mallocs == before + 1);
	free(p);
}

static void nothing_is_allocated(void)
{
	CHECK(count("[{\"decode\":{}}]") == 0);
	CHECK(count("[{\"decode\":{}},{\"extract\":{}}]") == 0);
	CHECK(count("[{\"decode\":{}},{\"extract\":{\"scope\":\"body\",\"blocks\":true}}]") == 0);
	CHECK(count("[{\"decode\":{}},{\"extract\":{\"blocks\":true,\"markdown\":true,\"links\":true}},"
		    "{\"boilerplate\":{}},{\"repair\":{}}]") == 0);
}

static void language_is_told_apart(void)
{
	size_t n = count("[{\"decode\":{}},{\"extract\":{}},{\"language\":{}}]");

	/* CLD2 keeps its sums in objects of its own, some tens a page. */
	printf("CLD2: %zu allocations for a page\n", n / (ROUNDS * PAGES));
	CHECK(n / (ROUNDS * PAGES) < 100);
}

int main(void)
{
	struct pm_err err = { 0 };

	watch();
	cf = pm_config_text("test", PM_LIT("{}"));
	envelope = pm_envelope_new(NULL, cf, PAGE_BYTES, false);
	unpacker = pm_unpacker_new();
	CHECK(pm_worker_open(&worker, ARENA, PAGE_BYTES * 4, &err) == 0);
	for (unsigned i = 0; i < PAGES; i++)
		pages[i] = (struct pm_message){
			.value = pm_slice(texts[i], put_page(texts[i], sizeof(texts[i]), i)),
			.timestamp = -1,
		};
	RUN(the_counter_counts);
	RUN(nothing_is_allocated);
	RUN(language_is_told_apart);
	pm_worker_close(&worker);
	pm_unpacker_free(unpacker);
	pm_envelope_free(envelope);
	pm_config_free(cf);
	return DONE();
}
