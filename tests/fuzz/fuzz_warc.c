/* Any bytes as a local WARC file, packed or not: bounded items, an end, and no bytes that aren't
 * there. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "consumer/warc_cut.h"

enum { MAX = 4096 };

static void check(const struct pm_warc_item *item)
{
	struct pm_warc rec;
	const char *fault;
	volatile unsigned char sum = 0;

	if (item->bytes.ptr && item->oversize)
		abort();
	for (size_t i = 0; i < item->bytes.len; i++)
		sum = (unsigned char)(sum + item->bytes.ptr[i]);
	if (item->fault || item->oversize)
		return;
	if (item->bytes.len > MAX || pm_warc_head(item->bytes, &rec, &fault) != PM_WARC_OK ||
	    rec.head + rec.length != item->bytes.len || !pm_warc_is_page(&rec))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pm_warc_cut cut = { .max = MAX };
	struct pm_warc_item item;
	enum pm_items got;
	size_t calls = 0;
	int fd;

	if (!cut.flow)
		cut.flow = pm_inflow_new();
	if (size < 1)
		return 0;
	fd = memfd_create("warc", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)size - 1 ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	pm_inflow_open(cut.flow, fd, false, (enum pm_packing)(data[0] % (PM_PACKING_SNIFF + 1)));
	pm_warc_cut_reset(&cut);
	while ((got = pm_warc_cut_next(&cut, &item)) == PM_ITEMS_ONE || got == PM_ITEMS_MORE) {
		if (got == PM_ITEMS_ONE)
			check(&item);
		if (++calls > 100000 + 2 * size)
			abort();
	}
	if (got != PM_ITEMS_END)
		abort();
	close(fd);
	return 0;
}
