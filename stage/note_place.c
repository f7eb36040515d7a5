/* Where crash notes go. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stage/note.h"

static bool fits(char *path, size_t size, const char *dir, size_t len, const char *below)
{
	int n = snprintf(path, size, "%.*s%s", (int)len, dir, below);

	return n > 0 && (size_t)n < size;
}

/* Makes what is missing of it. */
static bool usable(char *path)
{
	for (char *at = path + 1; (at = strchr(at, '/')); at++) {
		*at = 0;
		if (mkdir(path, 0700) != 0 && errno != EEXIST && access(path, F_OK) != 0) {
			*at = '/';
			return false;
		}
		*at = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return false;
	return access(path, W_OK | X_OK) == 0;
}

const char *pm_note_place(const char *configured, bool unasked, char *path, size_t size)
{
	static const char var_lib[] = "/var/lib/pagemill";
	const char *state = getenv("STATE_DIRECTORY"), *user = getenv("XDG_STATE_HOME"),
		   *home = getenv("HOME");

	if (configured) {
		if (!configured[0] || !fits(path, size, configured, strlen(configured), ""))
			return NULL;
		/* One that can't be used is said when a note is to be made there. */
		usable(path);
		return path;
	}
	if (!unasked)
		return NULL;
	/* systemd's may be several, parted by colons. */
	if (state && state[0] == '/' && fits(path, size, state, strcspn(state, ":"), "") &&
	    usable(path))
		return path;
	if (fits(path, size, var_lib, sizeof(var_lib) - 1, "") && access(path, W_OK | X_OK) == 0)
		return path;
	if (user && user[0] == '/' && fits(path, size, user, strlen(user), "/pagemill") &&
	    usable(path))
		return path;
	/* A home that isn't there is not made. */
	if (home && home[0] == '/' && home[1] && access(home, W_OK | X_OK) == 0 &&
	    fits(path, size, home, strlen(home), "/.local/state/pagemill") && usable(path))
		return path;
	return NULL;
}
