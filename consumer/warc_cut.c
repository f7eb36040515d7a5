#include "consumer/warc_cut.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	CHUNK = 1 << 20,        /* room for one read */
	CALL = 32,              /* reads in one call, so that other work gets its turn */
	TAIL = 16,              /* more than a record's first line has */
	BEHIND = 8,             /* bytes behind a block in which the next record must begin */
};

/* -- bytes ----------------------------------------------------------------------------------- */

static struct pm_slice unread(const struct pm_warc_cut *cut)
{
	return pm_slice(cut->buf + cut->from, cut->len);
}

static void drop(struct pm_warc_cut *cut, size_t len)
{
	cut->from += len;
	cut->len -= len;
	cut->at += len;
}

static bool make_room(struct pm_warc_cut *cut)
{
	size_t cap = cut->cap ? cut->cap : 2 * CHUNK;
	char *grown;

	if (cut->from && cut->cap - cut->from - cut->len < CHUNK) {
		memmove(cut->buf, cut->buf + cut->from, cut->len);
		cut->from = 0;
	}
	while (cap - cut->from - cut->len < CHUNK)
		cap *= 2;
	if (cap == cut->cap)
		return true;
	grown = realloc(cut->buf, cap);
	if (!grown)
		return false;
	cut->buf = grown;
	cut->cap = cap;
	return true;
}

/* A member that begins with a record: what came before it has ended, whatever it says. */
static void note_member(struct pm_warc_cut *cut, const struct pm_flow_got *got)
{
	uint64_t begins = cut->at + cut->len;

	cut->member = begins;
	cut->member_at = got->at;
	if (got->len >= 5 && pm_warc_begins(pm_slice(cut->buf + cut->from + cut->len, got->len)) &&
	    (cut->inner <= cut->at || !cut->inner))
		cut->inner = begins;
}

/* One read more. ONE: it came, or an end did. */
static enum pm_items fill(struct pm_warc_cut *cut)
{
	struct pm_flow_got got;

	if (cut->end || cut->broken)
		return PM_ITEMS_ONE;
	if (!make_room(cut)) {
		errno = ENOMEM;
		return PM_ITEMS_FAILED;
	}
	switch (pm_inflow_read(cut->flow, cut->buf + cut->from + cut->len,
			       cut->cap - cut->from - cut->len, &got)) {
	case PM_FLOW_SOME:
		if (got.starts)
			note_member(cut, &got);
		cut->open = got.open;
		cut->len += got.len;
		return PM_ITEMS_ONE;
	case PM_FLOW_WAIT:
		return PM_ITEMS_WAIT;
	case PM_FLOW_MORE:
		return PM_ITEMS_MORE;
	case PM_FLOW_END:
		cut->open = false;
		cut->end = true;
		return PM_ITEMS_ONE;
	case PM_FLOW_FAILED:
		return PM_ITEMS_FAILED;
	case PM_FLOW_DAMAGED:
		break;
	}
	cut->broken = true;
	return PM_ITEMS_ONE;
}

static bool over(const struct pm_warc_cut *cut)
{
	return cut->end || cut->broken;
}

/* Reads until `want` bytes are unread, or no more come. */
static enum pm_items ensure(struct pm_warc_cut *cut, size_t want)
{
	for (int reads = 0; cut->len < want && !over(cut); reads++) {
		enum pm_items got = reads < CALL ? fill(cut) : PM_ITEMS_MORE;

		if (got != PM_ITEMS_ONE)
			return got;
	}
	return PM_ITEMS_ONE;
}

/* -- damage ---------------------------------------------------------------------------------- */

static uint64_t offset_of(const struct pm_warc_cut *cut)
{
	return pm_inflow_packed(cut->flow) && cut->at == cut->member ? cut->member_at : cut->at;
}

static enum pm_items damaged(struct pm_warc_cut *cut, const char *why, size_t len,
			     struct pm_warc_item *item)
{
	if (why != cut->fault)
		snprintf(cut->fault, sizeof(cut->fault), "%s", why);
	*item = (struct pm_warc_item){
		.bytes = pm_slice(cut->buf + cut->from, len < cut->max ? len : cut->max),
		.offset = offset_of(cut), .fault = cut->fault,
	};
	if (!len)
		item->bytes = (struct pm_slice){ 0 };
	cut->counts.damaged++;
	return PM_ITEMS_ONE;
}

/* The record can't be read: up to where the next one seems to begin, or to the bytes' end. */
static enum pm_items lose(struct pm_warc_cut *cut, const char *why, struct pm_warc_item *item)
{
	size_t len = pm_warc_find(unread(cut), 1);
	enum pm_items got;

	if (len == SIZE_MAX)
		len = cut->len > TAIL && !over(cut) ? cut->len - TAIL : cut->len;
	if (cut->inner > cut->at && cut->inner - cut->at < len)
		len = (size_t)(cut->inner - cut->at);
	got = damaged(cut, why, len, item);
	drop(cut, len);
	cut->state = PM_CUT_SEARCH;
	return got;
}

/* The packed bytes broke: nothing that is left of their member is a whole record. */
static enum pm_items lose_member(struct pm_warc_cut *cut, struct pm_warc_item *item)
{
	enum pm_items got;
	const char *what;
	uint64_t near, member;

	/* Records of other members may be in the buffer: this one was wrong before the bytes
	 * were. */
	if (cut->inner > cut->at && cut->inner < cut->at + cut->len)
		return lose(cut, "the record's length is wrong", item);
	pm_inflow_damage(cut->flow, &near, &member, &what);
	snprintf(cut->fault, sizeof(cut->fault), "%s, at about byte %llu of the file", what,
		 (unsigned long long)near);
	got = damaged(cut, cut->fault, cut->len, item);
	/* Nothing of the member was unpacked: it is all that there is to point at. */
	if (!cut->len)
		item->offset = member;
	drop(cut, cut->len);
	cut->state = PM_CUT_RESYNC;
	return got;
}

static enum pm_items resync(struct pm_warc_cut *cut)
{
	switch (pm_inflow_resync(cut->flow, "WARC/")) {
	case PM_FLOW_SOME:
		cut->broken = cut->open = false;
		cut->state = PM_CUT_RECORD;
		return PM_ITEMS_ONE;
	case PM_FLOW_WAIT:
		return PM_ITEMS_WAIT;
	case PM_FLOW_MORE:
		return PM_ITEMS_MORE;
	case PM_FLOW_FAILED:
		return PM_ITEMS_FAILED;
	case PM_FLOW_END:
	case PM_FLOW_DAMAGED:
		break;
	}
	cut->state = PM_CUT_END;
	return PM_ITEMS_ONE;
}

/* The next place where a record may begin: by its first line, or with a member. */
static size_t candidate_from(const struct pm_warc_cut *cut, size_t from)
{
	size_t at = pm_warc_find(unread(cut), from);
	uint64_t inner = cut->inner - cut->at;

	return cut->inner >= cut->at && inner >= from && inner < cut->len && inner < at
		       ? (size_t)inner
		       : at;
}

/* Looks for a line that begins a record with a head that can be read. */
static enum pm_items search(struct pm_warc_cut *cut)
{
	size_t at = 0;

	while ((at = candidate_from(cut, at)) != SIZE_MAX) {
		struct pm_slice here = pm_slice(cut->buf + cut->from + at, cut->len - at);
		struct pm_warc rec;
		const char *fault;
		enum pm_warc_parse parsed = pm_warc_head(here, &rec, &fault);

		if (parsed == PM_WARC_MORE && !over(cut)) {
			drop(cut, at);
			return fill(cut);
		}
		if (parsed == PM_WARC_OK) {
			drop(cut, at);
			cut->state = PM_CUT_RECORD;
			return PM_ITEMS_ONE;
		}
		at++;
	}
	if (over(cut)) {
		drop(cut, cut->len);
		cut->state = cut->broken ? PM_CUT_RESYNC : PM_CUT_END;
		return PM_ITEMS_ONE;
	}
	if (cut->len > TAIL)
		drop(cut, cut->len - TAIL);
	return fill(cut);
}

/* -- records --------------------------------------------------------------------------------- */

/* What stands behind a block: two line ends, then a record, a member or the end. */
enum behind {
	BEHIND_RECORD,
	BEHIND_NOTHING_YET,
	BEHIND_LINES,           /* two line ends, and then something else */
	BEHIND_ELSE,
};

/* Bytes between the two may be damaged and neither record. */
static bool near_record(struct pm_slice s)
{
	size_t len = BEHIND + TAIL;

	return pm_warc_find(pm_slice(s.ptr, s.len < len ? s.len : len), 0) <= BEHIND;
}

static enum behind look_behind(const struct pm_warc_cut *cut, size_t size)
{
	struct pm_slice s = pm_slice(cut->buf + cut->from + size, cut->len - size);
	size_t i = 0;

	while (i < s.len && i < BEHIND && (s.ptr[i] == '\r' || s.ptr[i] == '\n'))
		i++;
	if (cut->at + size + i == cut->inner && cut->inner)
		return BEHIND_RECORD;
	if (i == s.len || s.len - i < 5)
		return over(cut) || !memcmp(s.ptr + i, "WARC/", s.len - i) ? BEHIND_RECORD
									   : BEHIND_NOTHING_YET;
	if (pm_warc_begins(pm_slice(s.ptr + i, s.len - i)) || near_record(s))
		return BEHIND_RECORD;
	return i >= 4 && memcmp(s.ptr, "\r\n\r\n", 4) == 0 ? BEHIND_LINES : BEHIND_ELSE;
}

/* Whether the record is as long as it says. A length that was damaged ends at an odd place, or
 * takes other records in. */
static bool fits(const struct pm_warc_cut *cut, const struct pm_warc *rec, size_t size)
{
	if (cut->inner > cut->at && cut->inner < cut->at + size)
		return false;
	switch (look_behind(cut, size)) {
	case BEHIND_RECORD:
	case BEHIND_NOTHING_YET:
		return true;
	case BEHIND_LINES:
		return pm_warc_find(pm_slice(cut->buf + cut->from, size), rec->head) == SIZE_MAX;
	case BEHIND_ELSE:
		break;
	}
	return false;
}

/* Bytes behind the record that say whether it is whole: the next one's beginning, or its member's
 * check. ONE: they are there. */
static enum pm_items read_behind(struct pm_warc_cut *cut, size_t size)
{
	enum pm_items got = ensure(cut, size + 4);

	if (got != PM_ITEMS_ONE)
		return got;
	for (int reads = 0; !over(cut); reads++) {
		bool member_ends = pm_inflow_packed(cut->flow) && !cut->open;

		if (cut->len >= size + 4 + TAIL || (member_ends && cut->len <= size + BEHIND))
			return PM_ITEMS_ONE;
		got = reads < CALL ? fill(cut) : PM_ITEMS_MORE;
		/* A pipe's last record must not wait for the next one. */
		if (got == PM_ITEMS_WAIT && !pm_inflow_packed(cut->flow) &&
		    memcmp(cut->buf + cut->from + size, "\r\n\r\n", 4) == 0)
			return PM_ITEMS_ONE;
		if (got != PM_ITEMS_ONE)
			return got;
	}
	return PM_ITEMS_ONE;
}

static void count(struct pm_warc_cut *cut, const struct pm_warc *rec)
{
	cut->counts.type[rec->type]++;
	cut->counts.truncated += rec->truncated.ptr != NULL;
}

/* A record that is too large, or that nobody wants and that is not worth keeping. */
static enum pm_items skip_record(struct pm_warc_cut *cut, const struct pm_warc *rec,
				 struct pm_warc_item *item, bool *found)
{
	uint64_t size = rec->head + rec->length;

	count(cut, rec);
	if (pm_warc_is_page(rec)) {
		*item = (struct pm_warc_item){ .offset = offset_of(cut),
					       .oversize = (size_t)rec->length };
		cut->counts.oversize++;
		*found = true;
	}
	cut->skip_to = cut->at + size;
	cut->candidate = 0;
	cut->state = PM_CUT_SKIP;
	drop(cut, rec->head);
	return PM_ITEMS_ONE;
}

/* Passes over a block piece by piece. Where a record seems to begin within it is noted: when the
 * block doesn't end as blocks do, its length was wrong, and a plain file is read again from
 * there. */
static enum pm_items skip(struct pm_warc_cut *cut)
{
	struct pm_slice s = unread(cut);
	uint64_t left = cut->skip_to - cut->at;
	bool packed = pm_inflow_packed(cut->flow);
	size_t found;

	if (packed && cut->inner > cut->at && cut->inner < cut->skip_to &&
	    cut->inner <= cut->at + s.len) {
		drop(cut, (size_t)(cut->inner - cut->at));
		cut->state = PM_CUT_RECORD;
		return PM_ITEMS_ONE;
	}
	if (s.len >= left + 4 + TAIL || over(cut)) {
		bool whole = s.len >= left && look_behind(cut, (size_t)left) == BEHIND_RECORD;

		cut->state = PM_CUT_RECORD;
		if (!whole && !cut->candidate && (found = pm_warc_find(s, 1)) != SIZE_MAX &&
		    found < left)
			cut->candidate = cut->at + found;
		if (!whole && cut->candidate && pm_inflow_seek(cut->flow, cut->candidate)) {
			cut->from = cut->len = 0;
			cut->at = cut->candidate;
			cut->end = false;
			cut->state = PM_CUT_SEARCH;
		} else {
			drop(cut, s.len < left ? s.len : (size_t)left);
		}
		return PM_ITEMS_ONE;
	}
	if (s.len > TAIL && s.len - TAIL < left) {
		if (!packed && !cut->candidate && (found = pm_warc_find(s, 1)) != SIZE_MAX &&
		    found < left)
			cut->candidate = cut->at + found;
		drop(cut, s.len - TAIL);
	}
	return fill(cut);
}

/* The record at hand is in the buffer, whole. */
static enum pm_items take_record(struct pm_warc_cut *cut, const struct pm_warc *rec,
				 struct pm_warc_item *item, bool *found)
{
	size_t size = rec->head + (size_t)rec->length;
	/* A member that holds this record alone, and whose check fails: the damage is in here. */
	bool alone = pm_inflow_packed(cut->flow) && cut->at == cut->member;

	*found = true;
	if (cut->broken && cut->open && alone && cut->len <= size + BEHIND)
		return lose_member(cut, item);
	if (!fits(cut, rec, size))
		return lose(cut, "the record's length is wrong", item);
	count(cut, rec);
	*found = pm_warc_is_page(rec);
	*item = (struct pm_warc_item){ .bytes = pm_slice(cut->buf + cut->from, size),
				       .offset = offset_of(cut) };
	drop(cut, size);
	return PM_ITEMS_ONE;
}

/* Line ends between records are passed over, as many as there are. */
static enum pm_items to_record(struct pm_warc_cut *cut)
{
	for (;;) {
		enum pm_items got = ensure(cut, 1);

		if (got != PM_ITEMS_ONE)
			return got;
		while (cut->len && (cut->buf[cut->from] == '\r' || cut->buf[cut->from] == '\n'))
			drop(cut, 1);
		if (cut->len || over(cut))
			return PM_ITEMS_ONE;
	}
}

/* Reads at a record's beginning. *found: item is filled. */
static enum pm_items record(struct pm_warc_cut *cut, struct pm_warc_item *item, bool *found)
{
	enum pm_items got = to_record(cut);
	enum pm_warc_parse parsed;
	const char *fault;
	struct pm_warc rec;

	for (;;) {
		if (got != PM_ITEMS_ONE)
			return got;
		if (!cut->len && cut->end) {
			cut->state = PM_CUT_END;
			return PM_ITEMS_ONE;
		}
		parsed = cut->len ? pm_warc_head(unread(cut), &rec, &fault) : PM_WARC_MORE;
		if (parsed != PM_WARC_MORE || over(cut))
			break;
		got = fill(cut);
	}
	*found = parsed != PM_WARC_OK;
	if (parsed == PM_WARC_BAD)
		return lose(cut, fault, item);
	if (parsed == PM_WARC_MORE)
		return cut->broken ? lose_member(cut, item)
				   : lose(cut, "the record breaks off within its head", item);
	if (rec.length > cut->max || rec.head > cut->max - rec.length)
		return skip_record(cut, &rec, item, found);
	got = ensure(cut, rec.head + (size_t)rec.length);
	if (got != PM_ITEMS_ONE)
		return got;
	if (cut->len < rec.head + rec.length) {
		*found = true;
		return cut->broken ? lose_member(cut, item)
				   : lose(cut, "the record breaks off within its block", item);
	}
	got = read_behind(cut, rec.head + (size_t)rec.length);
	if (got != PM_ITEMS_ONE)
		return got;
	/* Reading may have moved the bytes that the head's slices point at. */
	pm_warc_head(unread(cut), &rec, &fault);
	return take_record(cut, &rec, item, found);
}

enum pm_items pm_warc_cut_next(struct pm_warc_cut *cut, struct pm_warc_item *item)
{
	for (int steps = 0; cut->state != PM_CUT_END; steps++) {
		enum pm_items got = PM_ITEMS_MORE;
		bool found = false;

		if (steps == 64 * CALL)
			return PM_ITEMS_MORE;
		switch (cut->state) {
		case PM_CUT_RECORD:
			got = record(cut, item, &found);
			break;
		case PM_CUT_SKIP:
			got = skip(cut);
			break;
		case PM_CUT_SEARCH:
			got = search(cut);
			break;
		case PM_CUT_RESYNC:
			got = resync(cut);
			break;
		case PM_CUT_END:
			break;
		}
		if (found || got != PM_ITEMS_ONE)
			return got;
	}
	return PM_ITEMS_END;
}

void pm_warc_cut_reset(struct pm_warc_cut *cut)
{
	*cut = (struct pm_warc_cut){
		.flow = cut->flow,
		.max = cut->max,
		.counts = cut->counts,
		.buf = cut->buf,
		.cap = cut->cap,
	};
}

void pm_warc_cut_free(struct pm_warc_cut *cut)
{
	free(cut->buf);
	cut->buf = NULL;
	cut->cap = 0;
}
