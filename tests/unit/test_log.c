/* Log lines: both forms, escapes, cuts, the limit of a call site, lines from many threads. */
#include "core/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include "tests/test.h"

static int pipe_ends[2];
static char got[1 << 16];

/* What was logged since the last call. */
static const char *lines(void)
{
	ssize_t n;

	if (write(pipe_ends[1], "!", 1) != 1)
		return "no mark";
	n = read(pipe_ends[0], got, sizeof(got) - 1);
	got[n > 0 ? n - 1 : 0] = '\0';
	return got;
}

/* One line without its time, which is checked for its form. */
static const char *line(void)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	const char *str = lines();
	size_t skip = *str == '{' ? strlen("{\"time\":\"") : strlen("time=");

	CHECK(strlen(str) > skip + sizeof(form) && str[strlen(str) - 1] == '\n');
	for (size_t i = 0; form[i]; i++) {
		char c = str[skip + i];

		CHECK(form[i] == '0' ? c >= '0' && c <= '9' : c == form[i]);
	}
	got[strlen(got) - 1] = '\0';
	return str + skip + sizeof(form) - 1 + (*str == '{' ? 2 : 1);
}

#define CHECK_LINE(want) CHECK_SLICE(pm_slice_str(line()), (want))

static void test_logfmt(void)
{
	pm_log_to(pipe_ends[1], PM_LOG_LOGFMT);
	pm_log(PM_INFO, "done", PM_I("received", 7), PM_I("emitted", -1), NULL);
	CHECK_LINE("level=info msg=done received=7 emitted=-1");
	pm_log(PM_WARN, "admin listening", PM_S("address", "127.0.0.1:9470"), PM_S("empty", ""),
	       PM_S("absent", NULL), PM_V("gone", (struct pm_slice){0}), NULL);
	CHECK_LINE("level=warn msg=\"admin listening\" address=127.0.0.1:9470 empty=\"\"");
	pm_log(PM_ERROR, "x", PM_S("a", "b=c"), PM_S("q", "say \"hi\" \\"),
	       PM_V("n", PM_LIT("1\0")), PM_I("least", INT64_MIN), NULL);
	CHECK_LINE("level=error msg=x a=\"b=c\" q=\"say \\\"hi\\\" \\\\\" n=\"1\\x00\" "
		   "least=-9223372036854775808");
	pm_log(PM_INFO, "x",
	       PM_S("v", "\033[31m\r\n\t\x7f\xc2\x85 \xff\xc3 ü \xe2\x80\xae\xef\xbf\xbd"), NULL);
	CHECK_LINE("level=info msg=x v=\"\\x1b[31m\\r\\n\\t\\x7f\\u0085 \\xff\\xc3 ü "
		   "\\u202e\xef\xbf\xbd\"");
}

static void test_json(void)
{
	pm_log_to(pipe_ends[1], PM_LOG_JSON);
	pm_log(PM_INFO, "done", PM_I("received", 7), PM_S("a", "b c"), NULL);
	CHECK_LINE("\"level\":\"info\",\"msg\":\"done\",\"received\":7,\"a\":\"b c\"}");
	pm_log(PM_INFO, "x", PM_S("v", "\033\r\n\x7f\xc2\x85 \xff\xc3 ü\"\\"), NULL);
	CHECK_LINE("\"level\":\"info\",\"msg\":\"x\",\"v\":\"\\u001b\\u000d\\n\\u007f\\u0085 "
		   "\xef\xbf\xbd\xef\xbf\xbd ü\\\"\\\\\"}");
}

static void test_colour(void)
{
	pm_log_to(pipe_ends[1], PM_LOG_COLOUR);
	pm_log(PM_ERROR, "x", NULL);
	CHECK_LINE("level=\033[31merror\033[0m msg=x");
	pm_log(PM_INFO, "x", NULL);
	CHECK_LINE("level=info msg=x");
}

static void test_levels(void)
{
	pm_log_to(pipe_ends[1], PM_LOG_LOGFMT);
	pm_log(PM_DEBUG, "x", NULL);
	CHECK_SLICE(pm_slice_str(lines()), "");
	pm_log_level = PM_DEBUG;
	pm_log(PM_DEBUG, "x", NULL);
	CHECK_LINE("level=debug msg=x");
	pm_log_level = PM_WARN;
	pm_log(PM_INFO, "x", NULL);
	CHECK_SLICE(pm_slice_str(lines()), "");
	pm_log_level = PM_INFO;
}

static void check_cut(size_t len, const char *tail, const char *want_tail)
{
	char value[512], want[600];

	memset(value, 'v', len);
	strcpy(value + len, tail);
	pm_log(PM_INFO, "x", PM_S("v", value), NULL);
	value[len] = '\0';
	snprintf(want, sizeof(want), "\"level\":\"info\",\"msg\":\"x\",\"v\":\"%s%s\"}", value,
		 want_tail);
	CHECK_LINE(want);
}

/* 199, 200 and 201 bytes, and a letter of two bytes that ends at 200 or would end at 201. */
static void test_cut(void)
{
	pm_log_to(pipe_ends[1], PM_LOG_JSON);
	check_cut(199, "", "");
	check_cut(200, "", "");
	check_cut(200, "w", "…");
	check_cut(198, "ü", "ü");
	check_cut(199, "ü", "…");
	check_cut(199, "\xc3", "\xef\xbf\xbd");
}

/* Fields beyond 4096 bytes are left out whole, and the line says so. */
static void test_long_line(void)
{
	char value[201];
	json_t *json;
	const char *str;

	pm_log_to(pipe_ends[1], PM_LOG_JSON);
	memset(value, 1, 200);
	value[200] = '\0';
	pm_log(PM_INFO, "x", PM_S("a", value), PM_S("b", value), PM_S("c", value), PM_S("d", value),
	       PM_I("e", 1), NULL);
	str = lines();
	CHECK(strlen(str) <= 4096);
	json = json_loads(str, 0, NULL);
	CHECK(json && json_string_length(json_object_get(json, "c")) == 200);
	CHECK(json && json_is_true(json_object_get(json, "line_cut")));
	CHECK(json && !json_object_get(json, "d") && !json_object_get(json, "e"));
	json_decref(json);
}

static unsigned count(const char *str, const char *what)
{
	unsigned n = 0;

	while ((str = strstr(str, what))) {
		n++;
		str += strlen(what);
	}
	return n;
}

/* 10 lines, then none; after 10 seconds the next line tells how many. The site's own clock is set
 * back, so nothing waits. */
static void test_limit(void)
{
	struct pm_log_site site = {0};

	pm_log_to(pipe_ends[1], PM_LOG_LOGFMT);
	for (int i = 0; i < 10; i++)
		pm_log_at(&site, PM_INFO, "x", NULL);
	CHECK(count(lines(), "msg=x\n") == 10);
	for (int i = 0; i < 5; i++)
		pm_log_at(&site, PM_INFO, "x", NULL);
	CHECK_SLICE(pm_slice_str(lines()), "");
	site.window_ms -= 10000;
	pm_log_at(&site, PM_INFO, "x", PM_I("a", 1), NULL);
	CHECK_LINE("level=info msg=x a=1 left_out=5");
	pm_log_at(&site, PM_INFO, "x", NULL);
	CHECK_LINE("level=info msg=x");
	pm_log_flush(true);
	CHECK_SLICE(pm_slice_str(lines()), "");
}

/* When no next line comes, another site's line or a flush tells it. */
static void test_left_out(void)
{
	struct pm_log_site site = {0}, other = {0};

	pm_log_to(pipe_ends[1], PM_LOG_LOGFMT);
	for (int i = 0; i < 12; i++)
		pm_log_at(&site, PM_WARN, "x", NULL);
	lines();
	pm_log_flush(false);
	CHECK_SLICE(pm_slice_str(lines()), "");
	pm_log_flush(true);
	CHECK_LINE("level=warn msg=x left_out=2");
	pm_log_at(&site, PM_WARN, "x", NULL);
	site.window_ms -= 10000;
	pm_log_at(&other, PM_INFO, "y", NULL);
	CHECK(count(lines(), "level=warn msg=x left_out=1\n") == 1);
	CHECK(count(got, "msg=y\n") == 1);
}

/* A message need not outlive its line, even when the site tells of it later. */
static void test_passing_message(void)
{
	struct pm_log_site site = { 0 };
	char msg[100] = "";

	pm_log_to(pipe_ends[1], PM_LOG_LOGFMT);
	memset(msg, 'm', sizeof(msg) - 1);
	for (int i = 0; i < 11; i++)
		pm_log_at(&site, PM_INFO, msg, NULL);
	lines();
	memset(msg, 'x', sizeof(msg) - 1);
	pm_log_flush(true);
	memset(msg, 'm', sizeof(msg) - 1);
	msg[63] = '\0';
	CHECK(strstr(line(), msg) && strstr(got, " left_out=1") && !strchr(got, 'x'));
}

enum { THREADS = 4, EACH = 9 };

static void *logger(void *arg)
{
	struct pm_log_site site = {0};

	for (int i = 0; i < EACH; i++)
		pm_log_at(&site, PM_INFO, "a line of some length", PM_S("who", arg), NULL);
	return NULL;
}

static void *one_site(void *site)
{
	for (int i = 0; i < EACH; i++)
		pm_log_at(site, PM_INFO, "x", NULL);
	return NULL;
}

static void test_threads(void)
{
	pthread_t thread[THREADS];
	struct pm_log_site site = {0};

	pm_log_to(pipe_ends[1], PM_LOG_LOGFMT);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, logger, "me");
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	CHECK(count(lines(), "msg=\"a line of some length\" who=me\ntime=") == THREADS * EACH - 1);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, one_site, &site);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	CHECK(count(lines(), "\n") == 10);
	pm_log_flush(true);
	CHECK_LINE("level=info msg=x left_out=26");
}

int main(void)
{
	if (pipe(pipe_ends) < 0)
		return 1;
	RUN(test_logfmt);
	RUN(test_json);
	RUN(test_colour);
	RUN(test_levels);
	RUN(test_cut);
	RUN(test_long_line);
	RUN(test_limit);
	RUN(test_left_out);
	RUN(test_passing_message);
	RUN(test_threads);
	return DONE();
}
