#include "stage/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/clock.h"

enum { EVERY_MS = 200, BAR = 24, LINE = 160 };

void pm_progress_open(struct pm_progress *p, uint64_t total)
{
	const char *term = getenv("TERM");

	*p = (struct pm_progress){
		.on = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0,
		.began = pm_clock_ms(), .total = total,
	};
}

/* A bar, and a number behind it that moves where the bar is too coarse. A file that grew while it
 * was read is no more than whole. */
static int put_share(char *to, size_t size, uint64_t bytes, uint64_t total)
{
	uint64_t part = bytes < total ? bytes : total;
	unsigned thousandth = (unsigned)(part * 1000 / total);
	unsigned full = thousandth * BAR / 1000;
	char bar[BAR + 1];

	memset(bar, '#', full);
	memset(bar + full, '.', BAR - full);
	bar[BAR] = 0;
	return snprintf(to, size, "[%s] %3u.%u %%  ", bar, thousandth / 10, thousandth % 10);
}

void pm_progress_show(struct pm_progress *p, uint64_t pages, uint64_t bytes)
{
	int64_t now = p->on ? pm_clock_ms() : 0, ms = now - p->began;
	struct winsize window = { 0 };
	char line[LINE];
	int n = 0;

	if (!p->on || now - p->last < EVERY_MS || ms <= 0)
		return;
	p->last = now;
	p->shown = true;
	if (p->total)
		n = put_share(line, sizeof(line), bytes, p->total);
	n += snprintf(line + n, sizeof(line) - (size_t)n, "%llu pages  %llu pages/s  %llu.%llu MB/s",
		      (unsigned long long)pages, (unsigned long long)(pages * 1000 / (uint64_t)ms),
		      (unsigned long long)(bytes / 1000 / (uint64_t)ms),
		      (unsigned long long)(bytes / 100 / (uint64_t)ms % 10));
	/* A line that wraps couldn't be taken back. */
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col && n >= window.ws_col)
		n = window.ws_col - 1;
	fprintf(stderr, "\r\033[K%.*s", n, line);
	fflush(stderr);
}

void pm_progress_clear(struct pm_progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = false;
}
