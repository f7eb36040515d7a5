#include "consumer/coding.h"

static void add_names(struct pm_codings *c, struct pm_slice list)
{
	while (list.len && c->len < PM_CODINGS_MAX) {
		const char *comma = memchr(list.ptr, ',', list.len);
		size_t len = comma ? (size_t)(comma - list.ptr) : list.len;
		enum pm_coding coding = pm_coding_of(pm_slice_trim(pm_slice(list.ptr, len)));

		if (coding != PM_CODING_NONE && coding != PM_CODING_UNKNOWN)
			c->at[c->len++] = coding;
		len += comma != NULL;
		list = pm_slice(list.ptr + len, list.len - len);
	}
}

void pm_codings_add(struct pm_codings *c, const struct pm_header *headers, size_t n,
		    const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (headers[i].value.ptr && pm_slice_is_nocase(headers[i].name, name))
			add_names(c, headers[i].value);
}

size_t pm_codings_room(const struct pm_codings *c, size_t limit)
{
	/* Stored blocks cost less than a 64th; the rest is for the formats' own heads and ends. */
	return c->len ? limit + limit / 64 + 4096 : limit;
}

static enum pm_reason fault(enum pm_unpack got, enum pm_coding coding, size_t limit,
			    struct pm_err *err)
{
	switch (got) {
	case PM_UNPACK_LARGE:
		pm_fail(err, "the page unpacks to more than limits.page_bytes (%zu)", limit);
		return PM_REASON_PAGE_TOO_LARGE;
	case PM_UNPACK_BAD:
		pm_fail(err, "the body begins as %s does, and is broken off or damaged",
			pm_coding_name(coding));
		return PM_REASON_BAD_ENCODING;
	case PM_UNPACK_FULL:
		pm_fail(err, "the page's working memory was used up by unpacking it");
		return PM_REASON_ARENA_FULL;
	case PM_UNPACK_OK:
	case PM_UNPACK_OTHER:
		break;
	}
	return PM_REASON_NONE;
}

/* Takes the coding at i out of the list. */
static void remove_one(struct pm_codings *c, size_t i)
{
	c->len--;
	for (; i < c->len; i++)
		c->at[i] = c->at[i + 1];
}

/* One layer. *undone: one came off. */
static enum pm_reason undo_one(struct pm_codings *left, struct pm_unpacker *u, size_t limit,
			       struct pm_arena *a, struct pm_slice *body, bool *undone,
			       struct pm_err *err)
{
	for (size_t i = left->len; i > 0; i--) {
		struct pm_codings others = { .len = left->len - 1 };
		enum pm_coding coding = left->at[i - 1];
		struct pm_slice out;
		enum pm_unpack got;

		got = pm_unpack(u, coding, *body, pm_codings_room(&others, limit), a, &out);
		if (got == PM_UNPACK_OTHER)
			continue;
		if (got != PM_UNPACK_OK)
			return fault(got, coding, limit, err);
		*body = out;
		*undone = true;
		remove_one(left, i - 1);
		return PM_REASON_NONE;
	}
	*undone = false;
	return PM_REASON_NONE;
}

enum pm_reason pm_codings_undo(const struct pm_codings *c, struct pm_unpacker *u, size_t limit,
			       struct pm_arena *a, struct pm_slice *body, struct pm_err *err)
{
	struct pm_codings left = *c;
	bool undone = true;

	for (int layers = 0; left.len && undone && layers < PM_CODINGS_UNDONE; layers++) {
		enum pm_reason reason = undo_one(&left, u, limit, a, body, &undone, err);

		if (reason)
			return reason;
	}
	for (size_t i = 0; i < left.len; i++)
		if (undone && pm_coding_magic(left.at[i], *body)) {
			pm_fail(err, "the body has more than %d content codings",
				PM_CODINGS_UNDONE);
			return PM_REASON_BAD_ENCODING;
		}
	return PM_REASON_NONE;
}
