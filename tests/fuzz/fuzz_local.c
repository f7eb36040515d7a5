/* Any bytes cut into lines, against a cutter too plain to be wrong. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "consumer/local_items.h"

/* The next line that is not blank, or too long for anybody to know; absent at the end. */
static struct pm_slice plain_line(struct pm_slice *rest, size_t max, uint64_t *number)
{
	while (rest->len) {
		const char *end = memchr(rest->ptr, '\n', rest->len);
		struct pm_slice line =
			pm_slice(rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len);
		size_t used = line.len + (end != NULL);

		rest->ptr += used;
		rest->len -= used;
		++*number;
		if (line.len > max || pm_slice_trim(line).len)
			return line;
	}
	return (struct pm_slice){ 0 };
}

static void compare(const struct pm_local_item *item, struct pm_slice line, size_t max)
{
	if (!line.ptr)
		abort();
	if (line.len > max) {
		if (item->oversize != line.len || item->bytes.ptr)
			abort();
		return;
	}
	if (line.ptr[line.len - 1] == '\r')
		line.len--;
	if (item->oversize || !pm_slice_eq(item->bytes, line))
		abort();
}

/* What begins so is unpacked first (fuzz_unpack looks at that). */
static bool packed(const uint8_t *data, size_t size)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
	static const uint8_t skippable[] = { 0x2a, 0x4d, 0x18 };

	return (size >= 2 && memcmp(data, gzip, 2) == 0) ||
	       (size >= 4 && memcmp(data, zstd, 4) == 0) ||
	       (size >= 4 && memcmp(data + 1, skippable, 3) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pm_slice rest = pm_slice((const char *)data, size);
	static struct pm_local_items in;
	struct pm_local_item item;
	uint64_t number = 0;
	enum pm_items got;
	int fd;

	if (packed(data, size))
		return 0;
	pm_local_items_reset(&in);
	fd = memfd_create("lines", MFD_CLOEXEC);
	if (!in.flow)
		in.flow = pm_inflow_new();
	pm_inflow_open(in.flow, fd, false, PM_PACKING_NONE);
	in.lines = true;
	in.max = size ? data[0] : 8;
	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	while ((got = pm_local_items_next(&in, &item)) == PM_ITEMS_ONE) {
		struct pm_slice line = plain_line(&rest, in.max, &number);

		if (number != in.line)
			abort();
		compare(&item, line, in.max);
	}
	if (got != PM_ITEMS_END || plain_line(&rest, in.max, &number).ptr)
		abort();
	close(fd);
	return 0;
}
