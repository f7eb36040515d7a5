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
	char cause[sizeof(err->msg)];
	va_list ap;
	int n;

	memcpy(cause, err->msg, sizeof(cause));
	va_start(ap, fmt);
	n = vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(err->msg))
		snprintf(err->msg + n, sizeof(err->msg) - (size_t)n, ": %s", cause);
	return -1;
}
