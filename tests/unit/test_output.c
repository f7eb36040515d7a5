/* Output settings, and the records that come of a page: keys, headers, copies, tombstones; and the
 * file sink that takes them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "producer/output.h"
#include "producer/sink_file.h"
#include "tests/test.h"

static struct pm_config *cf;
static struct pm_arena arena;

static struct pm_output *parse(const char *output, bool sends)
{
	static char text[4096];

	snprintf(text, sizeof(text), "{\"output\": %s}", output);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	cf = pm_config_text("t.json", pm_slice_str(text));
	return pm_output_new(json_object_get(pm_config_root(cf), "output"), cf, NULL, sends);
}

static bool faulty(const char *output, bool sends, const char *words)
{
	struct pm_output *o = parse(output, sends);
	char text[4096] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");
	bool found;

	pm_config_print(cf, to);
	fclose(to);
	found = !o && strstr(text, words);
	if (!found)
		printf("  faults: %s\n", text);
	pm_output_free(o);
	pm_config_free(cf);
	return found;
}

static void settings(void)
{
	struct pm_output *o = parse("{'topic': 't', 'dead_letter': 'd', 'key': 'domain', "
				    "'kafka': {'linger.ms': 20}}", true);
	struct pm_topic_use use;

	CHECK(o && strcmp(o->topic, "t") == 0 && strcmp(o->dead_letter, "d") == 0);
	CHECK(o->key == PM_KEY_DOMAIN && json_is_object(o->kafka));
	CHECK(pm_output_topic(o, 0, &use) && pm_slice_is(use.name, "t"));
	CHECK(pm_output_topic(o, 1, &use) && pm_slice_is(use.name, "d"));
	CHECK(!pm_output_topic(o, 2, &use) && !pm_output_topic(o, 3, &use));
	CHECK(pm_output_writes(o, "t") && pm_output_writes(o, "d") && !pm_output_writes(o, "tt"));
	pm_output_free(o);
	pm_config_free(cf);
	o = parse("{}", false);
	CHECK(o && !o->topic && !o->dead_letter && o->key == PM_KEY_URL && !o->kafka);
	CHECK(!pm_output_topic(o, 0, &use));
	pm_output_free(o);
	pm_config_free(cf);
	o = parse("{'topic': 't', 'routes': [{'when': {'field': 'url', 'exists': true}, "
		  "'topic': 'p.{language.code|und}'}], 'dead_letter': 'd'}", true);
	CHECK(o && pm_output_writes(o, "p.en") && pm_output_writes(o, "p.") &&
	      !pm_output_writes(o, "p"));
	pm_output_free(o);
	pm_config_free(cf);
}

static void bad_settings(void)
{
	CHECK(faulty("{}", true, "output.topic: a topic for the records is needed"));
	CHECK(faulty("{'topic': 'a b'}", true, "output.topic: a topic's name has only"));
	CHECK(faulty("{'topic': 'p.{url|x}'}", true, "output.topic: a topic's name has only"));
	CHECK(faulty("{'topic': 't', 'dead_letter': ''}", true,
		     "output.dead_letter: a topic's name"));
	CHECK(faulty("{'topic': 't', 'dead_letter': 't'}", true,
		     "output.dead_letter: records go to t"));
	CHECK(faulty("{'topic': 't', 'key': 'uri'}", true, "output.key"));
	CHECK(faulty("{'topics': 't'}", true, "output.topics"));
}

/* -- records ------------------------------------------------------------------------------- */
static struct pm_header input_headers[] = {
	{ PM_LIT("traceparent"), PM_LIT("00-1") },
	{ PM_LIT("Content-Type"), PM_LIT("text/html") },
	{ PM_LIT("x"), { NULL, 0 } },
	{ PM_LIT("Pagemill-Source"), PM_LIT("spoofed") },
	{ PM_LIT("x"), PM_LIT("") },
	{ PM_LIT("content-type"), PM_LIT("again") },
	{ PM_LIT("pagemill-"), PM_LIT("x") },
};

static struct pm_message message = {
	.key = PM_LIT("in"), .value = PM_LIT("v"), .headers = input_headers, .nheaders = 7,
	.timestamp = 1234, .topic = "pages.raw", .partition = 3, .offset = 42,
};

static const struct pm_journey journey = { "c0ffee", "0.1.0", "news", NULL };

/* "name=value" of all headers, ";" between them, "~" for a null. */
static const char *headers(const struct pm_out *out)
{
	static char text[1024];
	size_t len = 0;

	text[0] = 0;
	for (size_t i = 0; i < out->nheaders; i++) {
		const struct pm_header *h = &out->headers[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s=%.*s", i ? ";" : "",
					PM_FMT(h->name), (int)(h->value.ptr ? h->value.len : 1),
					h->value.ptr ? h->value.ptr : "~");
	}
	return text;
}

static struct pm_outs *record(enum pm_output_key key, const struct pm_page *page,
			      const struct pm_journey *from)
{
	struct pm_routed_topic topics[] = { { "t", false }, { "t.en", true } };
	struct pm_routed routed = { NULL, topics, 2 };
	struct pm_output output = { .topic = "t", .key = key };

	return pm_output_record(&output, &message, page, PM_LIT("{}"), &routed, from);
}

static void records(void)
{
	struct pm_journey replay = { "c0ffee", "0.1.0", "news", "r1" };
	struct pm_page page;
	struct pm_outs *outs;

	pm_page_init(&page, &arena);
	page.url = PM_LIT("https://e.org/");
	page.host = PM_LIT("www.e.org");
	outs = record(PM_KEY_URL, &page, &journey);
	CHECK(outs->len == 2 && outs->bytes > 0);
	CHECK_SLICE(outs->at[0].key, "https://e.org/");
	CHECK_SLICE(outs->at[1].value, "{}");
	CHECK(strcmp(outs->at[0].topic, "t") == 0 && !outs->at[0].dynamic);
	CHECK(strcmp(outs->at[1].topic, "t.en") == 0 && outs->at[1].dynamic);
	CHECK(outs->at[0].timestamp == 1234 && outs->at[0].kind == PM_OUT_RECORD);
	CHECK(outs->at[0].value.ptr == outs->at[1].value.ptr);
	CHECK(strcmp(
		  headers(&outs->at[0]),
		  "traceparent=00-1;content-type=application/json;x=~;x=;pagemill-chain=c0ffee;"
		  "pagemill-source=pages.raw:3:42;pagemill-version=0.1.0;pagemill-pipeline=news") ==
	      0);
	free(outs);
	outs = record(PM_KEY_HOST, &page, &replay);
	CHECK_SLICE(outs->at[0].key, "www.e.org");
	CHECK(strstr(headers(&outs->at[0]), "pagemill-pipeline=news;pagemill-run=r1"));
	free(outs);
	outs = record(PM_KEY_DOMAIN, &page, &journey);
	CHECK_SLICE(outs->at[0].key, "in");
	free(outs);
	outs = record(PM_KEY_INPUT, &page, &journey);
	CHECK_SLICE(outs->at[0].key, "in");
	free(outs);
	outs = record(PM_KEY_NONE, &page, &journey);
	CHECK(outs->at[0].key.ptr == NULL);
	free(outs);
	message.nheaders = 1;
	message.key = (struct pm_slice){ 0 };
	outs = record(PM_KEY_DOMAIN, &page, &(struct pm_journey){ 0 });
	CHECK(outs->at[0].key.ptr == NULL);
	CHECK(
	    strcmp(
		headers(&outs->at[0]),
		"traceparent=00-1;pagemill-source=pages.raw:3:42;content-type=application/json") ==
	    0);
	free(outs);
	message.nheaders = 7;
	message.key = PM_LIT("in");
}

static void tombstones(void)
{
	struct pm_output output = { .topic = "t", .key = PM_KEY_INPUT };
	struct pm_outs *outs = pm_output_tombstone(&output, &message, &journey);

	CHECK(outs->len == 1 && outs->at[0].kind == PM_OUT_TOMBSTONE && !outs->at[0].value.ptr);
	CHECK(strcmp(outs->at[0].topic, "t") == 0);
	CHECK_SLICE(outs->at[0].key, "in");
	CHECK(strcmp(headers(&outs->at[0]),
		     "traceparent=00-1;x=~;x=;pagemill-chain=c0ffee;pagemill-source=pages.raw:3:42;"
		     "pagemill-version=0.1.0;pagemill-pipeline=news") == 0);
	free(outs);
}

/* -- the file sink --------------------------------------------------------------------------- */
static struct pm_out line(const char *text)
{
	return (struct pm_out){ .topic = "t", .value = pm_slice_str(text) };
}

static void file_sink(void)
{
	char path[] = "/tmp/pagemill-test-XXXXXX", got[64] = "";
	int fd = mkstemp(path), cookies[300];
	struct pm_sink *s = pm_sink_file_new(fd, true);
	struct pm_out a = line("a"), b = line("bc"), none = line(NULL);
	struct pm_report reports[512];
	struct pm_err err;

	CHECK(s && s->ops->open(s, NULL, 0, &err) == 0);
	CHECK(s->ops->reports(s, reports, 512) == 0);
	CHECK(s->ops->send(s, &a, &cookies[0], &err) == PM_SENT);
	CHECK(s->ops->send(s, &none, &cookies[1], &err) == PM_SENT);
	CHECK(s->ops->send(s, &b, &cookies[2], &err) == PM_SENT);
	CHECK(s->ops->reports(s, reports, 2) == 2);
	CHECK(reports[0].cookie == &cookies[0] && reports[0].delivery == PM_DELIVERED);
	CHECK(s->ops->reports(s, reports, 512) == 1 && reports[0].cookie == &cookies[2]);
	CHECK(pread(fd, got, sizeof(got), 0) == 5 && strcmp(got, "a\nbc\n") == 0);
	for (int i = 0; i < 300; i++)
		CHECK(s->ops->send(s, &a, &cookies[i], &err) == PM_SENT);
	CHECK(s->ops->ready(s));
	s->ops->flush(s, 0);
	CHECK(s->ops->reports(s, reports, 512) == 300 && reports[299].cookie == &cookies[299]);
	s->ops->close(s);
	unlink(path);
}

/* A reader that closed, a disk that is full, a pipe that is slow. */
static void file_faults(void)
{
	struct pm_out out = line("x");
	struct pm_report reports[4];
	struct pm_err err;
	struct pm_sink *s;
	int p[2], cookie;

	signal(SIGPIPE, SIG_IGN);
	CHECK(pipe(p) == 0);
	close(p[0]);
	s = pm_sink_file_new(p[1], true);
	CHECK(s->ops->send(s, &out, &cookie, &err) == PM_SENT);
	CHECK(s->ops->reports(s, reports, 4) == 1 && reports[0].delivery == PM_DELIVERY_FATAL);
	CHECK(reports[0].err.status == 75 && strstr(reports[0].err.msg, "reader went away"));
	CHECK(s->ops->send(s, &out, &cookie, &err) == PM_SENT_FATAL && err.status == 75);
	CHECK(!s->ops->ready(s));
	s->ops->close(s);
	s = pm_sink_file_open("/dev/full", &err);
	CHECK(s && s->ops->send(s, &out, &cookie, &err) == PM_SENT);
	CHECK(s->ops->reports(s, reports, 4) == 1 && strstr(reports[0].err.msg, strerror(ENOSPC)));
	s->ops->close(s);
	CHECK(!pm_sink_file_open("/nonexistent/x", &err) && err.status == 66);
}

/* More than a pipe holds, into one that doesn't block: short writes, then room again. */
static void short_writes(void)
{
	size_t size = 300 * 1024, got = 0;
	char *big = malloc(size), buf[4096];
	struct pm_out out = { .topic = "t", .value = { big, size } };
	struct pm_report report;
	struct pm_err err;
	struct pm_sink *s;
	int p[2], cookie;
	pid_t child;

	memset(big, 'x', size);
	CHECK(pipe(p) == 0);
	fcntl(p[1], F_SETFL, O_NONBLOCK);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		s = pm_sink_file_new(p[1], true);
		s->ops->send(s, &out, &cookie, &err);
		_exit(s->ops->reports(s, &report, 1) == 1 && report.delivery == PM_DELIVERED ? 0
											     : 1);
	}
	close(p[1]);
	for (ssize_t n; (n = read(p[0], buf, sizeof(buf))) > 0;)
		got += (size_t)n;
	CHECK(child > 0 && got == size + 1);
	close(p[0]);
	free(big);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 1 << 20) == 0);
	RUN(settings);
	RUN(bad_settings);
	RUN(records);
	RUN(tombstones);
	RUN(file_sink);
	RUN(file_faults);
	RUN(short_writes);
	pm_arena_close(&arena);
	return DONE();
}
