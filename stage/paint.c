#include "stage/paint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/escape.h"
#include "core/sure.h"
#include "core/utf8.h"

enum { WIDTH = 100, WIDTH_LEAST = 40, WIDTH_MOST = 1000, FORMATTED = 512 };

static const char *const codes[] = {
	[PM_PLAIN] = "", [PM_BOLD] = "\033[1m", [PM_DIM] = "\033[2m", [PM_RED] = "\033[31m",
	[PM_GREEN] = "\033[32m", [PM_YELLOW] = "\033[33m",
};

void pm_paint_open(struct pm_paint *p, FILE *to)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM"), *columns = getenv("COLUMNS");
	struct winsize window = { 0 };
	long width = columns ? strtol(columns, NULL, 10) : 0;
	bool terminal = isatty(fileno(to));

	if (terminal && ioctl(fileno(to), TIOCGWINSZ, &window) == 0 && window.ws_col)
		width = window.ws_col;
	/* A file or a pipe has room for more than a screen, unless somebody says otherwise. */
	if (width <= 0)
		width = terminal ? WIDTH : WIDTH_MOST;
	if (width < WIDTH_LEAST || width > WIDTH_MOST)
		width = width < WIDTH_LEAST ? WIDTH_LEAST : WIDTH_MOST;
	*p = (struct pm_paint){
		.to = to, .width = (unsigned)width, .room = { .max = 1 << 20 },
		.colour = terminal && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0,
	};
}

void pm_paint_close(struct pm_paint *p)
{
	pm_buf_free(&p->room);
}

/* Columns of a character: the wide ones of East Asia take two, marks none. Nearly,
 * and by no locale: a line that is cut a little early or late is still read. */
static unsigned columns(uint32_t cp)
{
	if ((cp >= 0x300 && cp < 0x370) || cp == 0x200d || (cp >= 0xfe00 && cp < 0xfe10))
		return 0;
	return (cp >= 0x1100 && cp < 0x1160) || (cp >= 0x2e80 && cp < 0xa4d0) ||
	       (cp >= 0xac00 && cp < 0xd7a4) || (cp >= 0xf900 && cp < 0xfb00) ||
	       (cp >= 0xfe30 && cp < 0xfe70) || (cp >= 0xff00 && cp < 0xff61) ||
	       (cp >= 0x1f300 && cp < 0x1fb00) || (cp >= 0x20000 && cp < 0x40000) ? 2 : 1;
}

/* The longest beginning that leaves a column free, if it can't be all. */
static size_t that_fits(const struct pm_paint *p, struct pm_slice s, unsigned *used, bool *all)
{
	unsigned left = p->width > p->column ? p->width - p->column : 0, had = 0, cut_used = 0;
	const char *at = s.ptr, *end = s.ptr + s.len, *cut = at;

	*all = true;
	while (at < end) {
		had += columns(pm_utf8_next(&at, end));
		if (had > left) {
			*all = false;
			*used = cut_used + (left > 0);
			return (size_t)(cut - s.ptr);
		}
		if (had < left) {
			cut = at;
			cut_used = had;
		}
	}
	*used = had;
	return s.len;
}

void pm_paint_slice(struct pm_paint *p, enum pm_colour colour, struct pm_slice s)
{
	bool paints = p->colour && colour != PM_PLAIN, all;
	struct pm_slice shown;
	unsigned used;
	size_t n;

	if (!s.len || p->column >= p->width)
		return;
	/* A character has at least a byte for each of its columns, but for
	 * marks: four times will do. */
	pm_buf_reset(&p->room);
	pm_escape(&p->room, s, (size_t)p->width * 4, false);
	shown = pm_buf_get(pm_sure(p->room.failed ? NULL : &p->room));
	n = that_fits(p, shown, &used, &all);
	fprintf(p->to, "%s%.*s%s%s", paints ? codes[colour] : "", (int)n, shown.ptr, all ? "" : "…",
		paints ? "\033[0m" : "");
	p->column += used;
}

void pm_paint_text(struct pm_paint *p, enum pm_colour colour, const char *fmt, ...)
{
	char text[FORMATTED];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pm_paint_slice(p, colour, pm_slice_str(text));
}

void pm_paint_to(struct pm_paint *p, unsigned column)
{
	unsigned n = p->column < column ? column - p->column : 1;

	if (p->column + n > p->width)
		n = p->width > p->column ? p->width - p->column : 0;
	fprintf(p->to, "%*s", (int)n, "");
	p->column += n;
}

void pm_paint_line(struct pm_paint *p)
{
	fputc('\n', p->to);
	p->column = 0;
}
