#include "core/sure.h"

#include <stddef.h>
#include <sysexits.h>
#include <unistd.h>

void *pm_sure(void *memory)
{
	static const char line[] = "{\"level\":\"error\",\"msg\":\"out of memory\"}\n";
	ssize_t said;

	if (memory)
		return memory;
	said = write(STDERR_FILENO, line, sizeof(line) - 1);
	(void)said;     /* the end is the same if nobody hears it */
	_exit(EX_SOFTWARE);
}
