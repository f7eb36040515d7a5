#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { STEP = 64 << 10 };

/* At most max + 1 bytes are read: the one too many tells a file that is too large from one that
 * fits exactly. */
static int read_all(int fd, size_t max, struct pm_buf *to, struct pm_err *err)
{
	size_t start = to->len;

	for (;;) {
		size_t left = max - (to->len - start);
		char *at = pm_buf_room(to, left < STEP ? left + 1 : STEP);
		ssize_t n;

		if (!at)
			return pm_fail(err, "out of memory");
		n = read(fd, at, left < STEP ? left + 1 : STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			pm_fail(err, "can't be read: %s", strerror(errno));
			err->status = EX_NOINPUT;
			return -1;
		}
		if (n == 0)
			return 0;
		if ((size_t)n > left)
			return pm_fail(err, "larger than %zu bytes", max);
		to->len += (size_t)n;
	}
}

int pm_file_read(const char *path, size_t max, struct pm_buf *to, struct pm_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = to->len;
	int result;

	err->status = 0;
	if (fd < 0) {
		pm_fail(err, "can't be opened: %s", strerror(errno));
		err->status = EX_NOINPUT;
		return -1;
	}
	result = read_all(fd, max, to, err);
	if (result < 0)
		to->len = len;
	close(fd);
	return result;
}
