#include "core/log.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/escape.h"
#include "core/utf8.h"

enum {
	VALUE_MAX = 200,        /* bytes of one value */
	LINE_MAX_BYTES = 4096,  /* PIPE_BUF */
	TAIL = 64,              /* of the line, for left_out, line_cut and the end */
	WINDOW_MS = 10000,
	WINDOW_LINES = 10,
};

enum pm_level pm_log_level = PM_INFO;

static struct {
	pthread_mutex_t lock;           /* over the sites and their list */
	struct pm_log_site *owing;
	int fd;
	enum pm_log_form form;
} out = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = STDERR_FILENO, .form = PM_LOG_JSON };

static const char *const levels[] = { "debug", "info", "warn", "error" };
/* Dim, plain, yellow and red, for the level alone. */
static const char *const colours[] = { "\033[2m", "", "\033[33m", "\033[31m" };

void pm_log_to(int fd, enum pm_log_form form)
{
	out.fd = fd;
	out.form = form;
}

void pm_log_open(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool plain = (no_color && *no_color) || !term || strcmp(term, "dumb") == 0;

	if (!isatty(STDERR_FILENO))
		pm_log_to(STDERR_FILENO, PM_LOG_JSON);
	else
		pm_log_to(STDERR_FILENO, plain ? PM_LOG_LOGFMT : PM_LOG_COLOUR);
}

/* A signal's interruption and a short write go on; any other failure loses the line, since there is
 * nowhere left to say so. */
static void write_line(const char *at, size_t len)
{
	while (len) {
		ssize_t n = write(out.fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		at += n;
		len -= (size_t)n;
	}
}

/* Bare where a reader can't misunderstand it: PRODUCT's summary line is msg=done received=7. */
static bool bare(struct pm_slice s)
{
	if (s.len == 0 || s.len > VALUE_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || s.ptr[i] == '"' || s.ptr[i] == '=' ||
		    s.ptr[i] == '\\')
			return false;
	return true;
}

static void put_logfmt(struct pm_buf *b, struct pm_slice s)
{
	if (bare(s)) {
		pm_buf_slice(b, s);
		return;
	}
	pm_buf_char(b, '"');
	pm_escape(b, s, VALUE_MAX, true);
	pm_buf_char(b, '"');
}

static void put_json(struct pm_buf *b, struct pm_slice s)
{
	const char *at = s.ptr, *end = s.ptr + s.len;

	pm_buf_char(b, '"');
	while (at < end) {
		char bytes[PM_UTF8_MAX];
		uint32_t cp = pm_utf8_next(&at, end);

		if (at - s.ptr > VALUE_MAX) {
			pm_buf_str(b, "…");
			break;
		}
		if (cp == '"' || cp == '\\')
			pm_buf_printf(b, "\\%c", (int)cp);
		else if (cp == '\n')
			pm_buf_str(b, "\\n");
		else if (pm_escape_needed(cp))
			pm_buf_printf(b, "\\u%04x", (unsigned)cp);
		else
			pm_buf_add(b, bytes, pm_utf8_put(bytes, cp));
	}
	pm_buf_char(b, '"');
}

static void put_name(struct pm_buf *b, const char *name)
{
	if (out.form == PM_LOG_JSON)
		pm_buf_printf(b, ",\"%s\":", name);
	else
		pm_buf_printf(b, " %s=", name);
}

static void put_string(struct pm_buf *b, struct pm_slice s)
{
	if (out.form == PM_LOG_JSON)
		put_json(b, s);
	else
		put_logfmt(b, s);
}

static void put_head(struct pm_buf *b, enum pm_level level, const char *msg)
{
	struct timespec now;
	struct tm tm;
	char time[64];
	bool colour = out.form == PM_LOG_COLOUR && *colours[level];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	snprintf(time, sizeof(time), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (int)(now.tv_nsec / 1000000));
	if (out.form == PM_LOG_JSON)
		pm_buf_printf(b, "{\"time\":\"%s\",\"level\":\"%s\"", time, levels[level]);
	else
		pm_buf_printf(b, "time=%s level=%s%s%s", time, colour ? colours[level] : "",
			      levels[level], colour ? "\033[0m" : "");
	put_name(b, "msg");
	put_string(b, pm_slice_str(msg));
}

/* An absent string or slice leaves its field out: absent is absent here too. A field that does not
 * fit is left out whole, and so are those behind it. */
static bool put_fields(struct pm_buf *b, va_list ap)
{
	const char *name;

	while ((name = va_arg(ap, const char *))) {
		int kind = va_arg(ap, int);
		struct pm_slice s = { 0 };
		int64_t num = 0;
		size_t len = b->len;

		if (kind == PM_LOG_INT)
			num = va_arg(ap, int64_t);
		else if (kind == PM_LOG_STR)
			s = pm_slice_str(va_arg(ap, const char *));
		else
			s = va_arg(ap, struct pm_slice);
		if (kind != PM_LOG_INT && !s.ptr)
			continue;
		put_name(b, name);
		if (kind == PM_LOG_INT)
			pm_buf_printf(b, "%" PRId64, num);
		else
			put_string(b, s);
		if (b->failed) {
			b->len = len;
			b->failed = false;
			return false;
		}
	}
	return true;
}

static void put_end(struct pm_buf *b, uint32_t left_out, bool whole)
{
	b->max += TAIL;
	if (!whole) {
		put_name(b, "line_cut");
		pm_buf_str(b, "true");
	}
	if (left_out) {
		put_name(b, "left_out");
		pm_buf_printf(b, "%" PRIu32, left_out);
	}
	pm_buf_str(b, out.form == PM_LOG_JSON ? "}\n" : "\n");
}

/* A buffer over the stack: as full as its maximum from the start, it never allocates. */
#define LINE(name)                                                                         \
	char name##_bytes[LINE_MAX_BYTES];                                                 \
	struct pm_buf name = { .ptr = name##_bytes, .cap = LINE_MAX_BYTES,                 \
			       .max = LINE_MAX_BYTES - TAIL }

static void write_left_out(const struct pm_log_site *site)
{
	LINE(line);

	put_head(&line, site->level, site->msg);
	put_end(&line, site->left_out, true);
	write_line(line.ptr, line.len);
}

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Under the lock. Takes sites off the list; their lines are few, so they are written at once. */
static void flush(int64_t now_ms, bool all)
{
	struct pm_log_site **at = &out.owing;

	while (*at) {
		struct pm_log_site *site = *at;

		if (!all && now_ms - site->window_ms < WINDOW_MS) {
			at = &site->next;
			continue;
		}
		*at = site->next;
		if (site->left_out)
			write_left_out(site);
		site->left_out = 0;
		site->owes = false;
	}
}

void pm_log_flush(bool all)
{
	pthread_mutex_lock(&out.lock);
	flush(monotonic_ms(), all);
	pthread_mutex_unlock(&out.lock);
}

/* Whether this line may be written; then *left_out is what it has to tell of earlier ones. */
static bool admit(struct pm_log_site *site, enum pm_level level, const char *msg,
		  uint32_t *left_out)
{
	int64_t now = monotonic_ms();
	bool admitted = true;

	pthread_mutex_lock(&out.lock);
	*left_out = 0;
	if (!site->started || now - site->window_ms >= WINDOW_MS) {
		*left_out = site->left_out;
		site->started = true;
		site->window_ms = now;
		site->lines = site->left_out = 0;
	}
	if (site->lines < WINDOW_LINES) {
		site->lines++;
	} else {
		admitted = false;
		site->left_out++;
		site->level = level;
		snprintf(site->msg, sizeof(site->msg), "%s", msg);
		if (!site->owes) {
			site->owes = true;
			site->next = out.owing;
			out.owing = site;
		}
	}
	if (out.owing)
		flush(now, false);
	pthread_mutex_unlock(&out.lock);
	return admitted;
}

void pm_log_at(struct pm_log_site *site, enum pm_level level, const char *msg, ...)
{
	LINE(line);
	uint32_t left_out;
	va_list ap;
	bool whole;

	if (level < pm_log_level || !admit(site, level, msg, &left_out))
		return;
	put_head(&line, level, msg);
	va_start(ap, msg);
	whole = put_fields(&line, ap);
	va_end(ap);
	put_end(&line, left_out, whole);
	write_line(line.ptr, line.len);
}
