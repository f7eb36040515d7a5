/* tests/bench/bench.c -- how long each step of a page's way takes, on one core, in thread CPU time.
 *
 *	bench PAGES.jsonl             answers each line of standard input with one round's table
 *	bench PAGES.jsonl --once      one round without whole tasks, so that no step runs in another
 *	bench PAGES.jsonl --contents  what the HTML parser sees, each as "LENGTH\n" and its bytes
 *
 * PAGES.jsonl holds envelopes with body_base64. tests/bench/run drives it and prints the result.
 * Each step is a function of its own that is never inlined, so that callgrind tells them apart. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/json_write.h"
#include "core/simd.h"
#include "filters/extract/html_meta.h"
#include "filters/extract/is_html.h"
#include "filters/extract/main.h"
#include "filters/extract/visible.h"
#include "filters/loader.h"
#include "filters/registry.h"
#include "producer/record.h"
#include "stage/settings.h"
#include "stage/task.h"

#define STEP __attribute__((noinline)) static

enum { FILTERS_MAX = 64 };

/* Rows of the table. What the chain holds stands from FILTERS on. */
enum step {
	ENVELOPE_BASE64, ENVELOPE_TEXT, HTML_PARSE, HTML_TEXT, HTML_META, HTML_MAIN, RECORD, TASK,
	FILTERS,
	STEPS = FILTERS + FILTERS_MAX
};

static const char *const names[FILTERS] = {
	"envelope_base64", "envelope_text", "html_parse", "html_text", "html_meta",
	"html_main", "record", "task",
};

struct row {
	uint64_t bytes;
	uint64_t mallocs;
	uint64_t *ns;           /* of each page it saw */
	size_t pages;
};

struct bench {
	struct pm_config *cf;
	struct pm_settings set;
	void *state[FILTERS_MAX];       /* of each filter of the default chain, with its defaults */
	struct pm_loader *load;
	struct pm_work work;
	struct pm_hand hand;
	struct pm_provenance from;
	struct pm_message **msgs;
	size_t nmsgs;
	struct pm_buf text;     /* an envelope whose body is text */
	struct row rows[STEPS];
};

/* -- counting allocations -------------------------------------------------------------------- */

static uint64_t mallocs;

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

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
#endif

/* -- the clock ------------------------------------------------------------------------------- */

static uint64_t started, started_mallocs;

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void start(void)
{
	started_mallocs = mallocs;
	started = cpu_ns();
}

static void stop(struct row *row, size_t bytes)
{
	row->ns[row->pages++] = cpu_ns() - started;
	row->mallocs += mallocs - started_mallocs;
	row->bytes += bytes;
}

/* -- steps ----------------------------------------------------------------------------------- */

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "bench: %s\n", why);
	exit(1);
}

static enum pm_reason decode_envelope(struct bench *b, const struct pm_message *msg,
				      struct pm_page *page)
{
	struct pm_err err = { 0 };

	pm_worker_reset(&b->hand.worker, 0);
	pm_page_init(page, &b->hand.worker.arena);
	return pm_envelope_decode(b->work.envelope, b->hand.unpacker, msg, page, &err);
}

STEP enum pm_reason step_envelope_base64(struct bench *b, const struct pm_message *msg,
					   struct pm_page *page)
{
	return decode_envelope(b, msg, page);
}

/* The message's body is b->text. */
STEP enum pm_reason step_envelope_text(struct bench *b, const struct pm_message *msg,
					   struct pm_page *page)
{
	struct pm_message other = *msg;

	other.value = pm_buf_get(&b->text);
	return decode_envelope(b, &other, page);
}

STEP bool step_html_parse(struct pm_html *doc, struct pm_page *page)
{
	return pm_html_parse(doc, page->arena, page->content);
}

STEP bool step_html_text(struct pm_html *doc, struct pm_visible *visible, struct pm_page *page)
{
	return pm_visible_read(doc, page->arena, visible) && pm_visible_text(visible, page);
}

/* The main text out of the visible one. */
STEP bool step_html_main(struct pm_html *doc, struct pm_visible *visible, struct pm_page *page)
{
	return pm_main_text(doc, visible, page);
}

STEP bool step_html_meta(struct pm_html *doc, struct pm_page *page)
{
	return pm_html_meta(doc, page);
}

STEP struct pm_result step_filter(struct bench *b, size_t i, struct pm_page *page)
{
	return pm_filters_default[i]->process(page, b->state[i], &b->hand.worker);
}

STEP bool step_record(struct bench *b, const struct pm_page *page)
{
	return pm_record_write(&b->hand.worker.out, page, &b->from);
}

STEP void step_task(struct bench *b, struct pm_task *task)
{
	pm_task_run(task, &b->hand);
}

/* -- one page ---------------------------------------------------------------------------------- */

/* Step by step, as stage/task.c goes. */
static void by_steps(struct bench *b, const struct pm_message *msg)
{
	enum pm_reason fault;
	struct pm_page page;

	start();
	fault = step_envelope_base64(b, msg, &page);
	stop(&b->rows[ENVELOPE_BASE64], page.body.len);
	if (fault != PM_REASON_NONE)
		give_up("a page has no proper envelope");
	for (size_t i = 0; pm_filters_default[i]; i++) {
		struct pm_result r;

		start();
		r = step_filter(b, i, &page);
		stop(&b->rows[FILTERS + i], page.body.len);
		if (r.verdict != PM_PASS)
			return;
	}
	start();
	step_record(b, &page);
	stop(&b->rows[RECORD], page.body.len);
}

/* A page with its content decoded, untimed. false: there is none. */
static bool decoded(struct bench *b, const struct pm_message *msg, struct pm_page *page)
{
	decode_envelope(b, msg, page);
	pm_filter_find("decode")->process(page, b->state[0], &b->hand.worker);
	return page->content.ptr != NULL;
}

/* The parts of `extract`, on pages that are HTML. */
static void parts_of_extract(struct bench *b, const struct pm_message *msg)
{
	struct pm_visible visible;
	struct pm_page page;
	struct pm_html doc;
	bool fits;

	if (!decoded(b, msg, &page) || !pm_is_html(page.media, page.content))
		return;
	start();
	fits = step_html_parse(&doc, &page);
	stop(&b->rows[HTML_PARSE], page.content.len);
	if (!fits)
		return;
	start();
	fits = step_html_text(&doc, &visible, &page);
	stop(&b->rows[HTML_TEXT], page.content.len);
	start();
	fits = fits && step_html_meta(&doc, &page);
	stop(&b->rows[HTML_META], page.content.len);
	start();
	fits = fits && step_html_main(&doc, &visible, &page);
	stop(&b->rows[HTML_MAIN], page.content.len);
}

static void text_envelope(struct bench *b, const struct pm_message *msg)
{
	struct pm_jw w = { .buf = &b->text };
	struct pm_page page;

	if (!decoded(b, msg, &page))
		return;
	pm_buf_reset(&b->text);
	pm_jw_object(&w);
	pm_jw_key(&w, "url");
	pm_jw_string(&w, page.url.ptr ? page.url : PM_LIT(""));
	pm_jw_key(&w, "body");
	pm_jw_string(&w, page.content);
	pm_jw_object_end(&w);
	start();
	step_envelope_text(b, msg, &page);
	stop(&b->rows[ENVELOPE_TEXT], page.body.len);
}

/* A worker's whole work, with what it allocates for the record to be sent. */
static void whole_task(struct bench *b, struct pm_message *msg, size_t body)
{
	struct pm_task task = { .msg = msg, .work = &b->work };

	start();
	step_task(b, &task);
	stop(&b->rows[TASK], body);
	free(task.outs);
	free(task.air);
	free((char *)task.url.ptr);
	free((char *)task.source_id.ptr);
}

static void run_round(struct bench *b, bool tasks)
{
	for (size_t i = 0; i < STEPS; i++) {
		b->rows[i].bytes = b->rows[i].mallocs = 0;
		b->rows[i].pages = 0;
	}
	for (size_t i = 0; i < b->nmsgs; i++) {
		uint64_t before = b->rows[ENVELOPE_BASE64].bytes;

		by_steps(b, b->msgs[i]);
		if (tasks)
			whole_task(b, b->msgs[i], b->rows[ENVELOPE_BASE64].bytes - before);
		parts_of_extract(b, b->msgs[i]);
		text_envelope(b, b->msgs[i]);
	}
}

/* -- the table --------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* name, pages, bytes, ns in all, ns of the median page, of the 99th, of the slowest, mallocs */
static void print_row(const char *name, const struct row *row)
{
	uint64_t sum = 0;

	if (row->pages == 0)
		return;
	for (size_t i = 0; i < row->pages; i++)
		sum += row->ns[i];
	qsort(row->ns, row->pages, sizeof(*row->ns), by_value);
	printf("%s %zu %" PRIu64 " %" PRIu64, name, row->pages, row->bytes, sum);
	printf(" %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", row->ns[row->pages / 2],
	       row->ns[row->pages * 99 / 100], row->ns[row->pages - 1], row->mallocs);
}

static void print_round(const struct bench *b)
{
	for (size_t i = 0; i < FILTERS; i++)
		print_row(names[i], &b->rows[i]);
	for (size_t i = 0; pm_filters_default[i]; i++)
		print_row(pm_filters_default[i]->name, &b->rows[FILTERS + i]);
	puts("end");
	fflush(stdout);
}

static void print_contents(struct bench *b)
{
	struct pm_page page;

	for (size_t i = 0; i < b->nmsgs; i++) {
		if (!decoded(b, b->msgs[i], &page) || !pm_is_html(page.media, page.content))
			continue;
		printf("%zu\n", page.content.len);
		fwrite(page.content.ptr, 1, page.content.len, stdout);
	}
}

/* -- opening ----------------------------------------------------------------------------------- */

static void open_filters(struct bench *b)
{
	struct pm_err err = { 0 };

	b->load = pm_loader_new();
	for (size_t i = 0; pm_filters_default[i]; i++) {
		const struct pm_filter *f = pm_filters_default[i];
		void *conf = calloc(1, f->conf_size + 1);

		if (i == FILTERS_MAX || !conf || !b->load)
			give_up("out of memory");
		if (f->options && pm_options_read(f->options, conf, NULL, b->cf, f->name) != 0)
			give_up("a filter refuses its defaults");
		b->state[i] = f->open(conf, b->load, &err);
		if (!b->state[i])
			give_up(err.msg);
	}
}

static void open_bench(struct bench *b)
{
	struct pm_err err = { 0 };

	b->cf = pm_config_text("bench", PM_LIT("{}"));
	if (!b->cf || pm_settings_read(&b->set, b->cf, PM_FOR_LOCAL) != 0)
		give_up("the default configuration doesn't stand");
	b->work = (struct pm_work){ .envelope = b->set.envelope, .chain = b->set.chain, .refs = 1 };
	b->from.chain = pm_slice_str(pm_chain_digest(b->set.chain));
	b->from.filters = pm_chain_filters_json(b->set.chain);
	b->hand.unpacker = pm_unpacker_new();
	if (!b->hand.unpacker || pm_worker_open(&b->hand.worker, 256u << 20, 256u << 20, &err) != 0)
		give_up("out of memory");
	b->text.max = SIZE_MAX / 2;
	open_filters(b);
}

static void read_pages(struct bench *b, const char *path)
{
	FILE *in = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	if (!in)
		give_up("the pages can't be opened");
	while ((len = getline(&line, &cap, in)) > 0) {
		struct pm_message msg = { .value = pm_slice(line, (size_t)len), .timestamp = -1,
					  .kind = PM_KIND_JSON };

		b->msgs = realloc(b->msgs, (b->nmsgs + 1) * sizeof(*b->msgs));
		if (!b->msgs || !(b->msgs[b->nmsgs++] = pm_message_copy(&msg)))
			give_up("out of memory");
	}
	free(line);
	fclose(in);
	for (size_t i = 0; i < STEPS; i++) {
		b->rows[i].ns = calloc(b->nmsgs + 1, sizeof(*b->rows[i].ns));
		if (!b->rows[i].ns)
			give_up("out of memory");
	}
}

int main(int argc, char **argv)
{
	static struct bench b;
	char word[16];

	if (argc < 2)
		give_up("usage: bench PAGES.jsonl [--once|--contents]");
	pm_simd_init();
	open_bench(&b);
	read_pages(&b, argv[1]);
	if (argc > 2 && strcmp(argv[2], "--contents") == 0) {
		print_contents(&b);
	} else if (argc > 2) {
		run_round(&b, false);
		print_round(&b);
	}
	while (argc == 2 && fgets(word, sizeof(word), stdin)) {
		run_round(&b, true);
		print_round(&b);
	}
	return 0;
}
