#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int pm_fail(struct pm_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return -1;
}

int pm_fail_at(struct pm_err *err, const char *fmt, ...)
{
	char cause[sizeof(err->msg)], *to;
	size_t room;
	va_list ap;
	int n;

	memcpy(cause, err->msg, sizeof(cause));
	va_start(ap, fmt);
	n = vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n + 2 >= sizeof(err->msg))
		return -1;
	to = err->msg + n;
	room = sizeof(err->msg) - (size_t)n - 3;
	memcpy(to, ": ", 2);
	cause[room < sizeof(cause) ? room : sizeof(cause) - 1] = '\0';
	memcpy(to + 2, cause, strlen(cause) + 1);
	return -1;
}
