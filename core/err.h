/* core/err.h -- why something could not be started: one line, owned by the caller. */
#ifndef PM_CORE_ERR_H
#define PM_CORE_ERR_H

struct pm_err {
	char msg[256];
	int status;     /* exit status that fits (sysexits), 0: the caller's own choice */
};

/* Writes the message, cut to fit; always returns -1. */
__attribute__((format(printf, 2, 3))) int pm_fail(struct pm_err *err, const char *fmt, ...);
/* Puts "<prefix>: " before what is there; always returns -1. */
__attribute__((format(printf, 2, 3))) int pm_fail_at(struct pm_err *err, const char *fmt, ...);

#endif
