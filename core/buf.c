#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char *pm_buf_room(struct pm_buf *b, size_t more)
{
	size_t cap;
	char *ptr;

	if (b->failed || more > b->max || b->len > b->max - more) {
		b->failed = true;
		return NULL;
	}
	if (b->len + more <= b->cap && b->ptr)
		return b->ptr + b->len;
	cap = b->cap ? b->cap : 256;
	while (cap < b->len + more)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	ptr = realloc(b->ptr, cap);
	if (!ptr) {
		b->failed = b->starved = true;
		return NULL;
	}
	b->ptr = ptr;
	b->cap = cap;
	return ptr + b->len;
}

bool pm_buf_add(struct pm_buf *b, const void *bytes, size_t len)
{
	char *to = pm_buf_room(b, len);

	if (!to)
		return false;
	if (len)
		memcpy(to, bytes, len);
	b->len += len;
	return true;
}

bool pm_buf_str(struct pm_buf *b, const char *str)
{
	return pm_buf_add(b, str, strlen(str));
}

bool pm_buf_slice(struct pm_buf *b, struct pm_slice s)
{
	return pm_buf_add(b, s.ptr, s.len);
}

bool pm_buf_char(struct pm_buf *b, char c)
{
	return pm_buf_add(b, &c, 1);
}

bool pm_buf_printf(struct pm_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char *to;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	to = n < 0 ? NULL : pm_buf_room(b, (size_t)n + 1);
	if (to) {
		vsnprintf(to, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
	return to != NULL;
}

void pm_buf_reset(struct pm_buf *b)
{
	b->len = 0;
	b->failed = b->starved = false;
}

void pm_buf_free(struct pm_buf *b)
{
	free(b->ptr);
	*b = (struct pm_buf){ .max = b->max };
}
