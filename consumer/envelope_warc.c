/* The format "warc", and records of local files: one record a page. */
#include "consumer/envelope_in.h"

#include "consumer/http.h"
#include "consumer/media.h"
#include "consumer/times.h"
#include "consumer/warc.h"

static enum pm_reason bad(struct pm_err *err, const char *why)
{
	pm_fail(err, "%s", why);
	return PM_REASON_BAD_WARC;
}

/* A value may be a member of a .warc.gz or a frame of a .warc.zst. */
static enum pm_reason unpack(const struct pm_envelope *env, struct pm_unpacker *u,
			     struct pm_slice *value, struct pm_page *page, struct pm_err *err)
{
	enum pm_coding coding = pm_coding_magic(PM_CODING_GZIP, *value)	  ? PM_CODING_GZIP
				: pm_coding_magic(PM_CODING_ZSTD, *value) ? PM_CODING_ZSTD
									  : PM_CODING_NONE;
	size_t limit = env->page_bytes + env->page_bytes / 8 + PM_WARC_BESIDE;

	if (coding == PM_CODING_NONE)
		return PM_REASON_NONE;
	switch (pm_unpack(u, coding, *value, limit, page->arena, value)) {
	case PM_UNPACK_OK:
		return PM_REASON_NONE;
	case PM_UNPACK_LARGE:
		pm_fail(err, "the record unpacks to more than %zu bytes, limits.page_bytes is %zu",
			limit, env->page_bytes);
		return PM_REASON_PAGE_TOO_LARGE;
	case PM_UNPACK_FULL:
		return pm_envelope_full(err);
	case PM_UNPACK_OTHER:
	case PM_UNPACK_BAD:
		break;
	}
	return bad(err, "the record's compression is broken off or damaged");
}

/* WARC/1.1 allows dates of less precision, and old writers made up forms of their own: a time that
 * can't be read is unknown, and costs nobody the page. */
static enum pm_reason read_date(const struct pm_warc *rec, struct pm_page *page,
				struct pm_found *found, struct pm_err *err)
{
	size_t keep;

	if (!rec->date.len || !pm_time_valid(rec->date, &keep))
		return PM_REASON_NONE;
	found->time_known = true;
	return pm_envelope_time(rec->date, "WARC-Date", page, err);
}

static enum pm_reason read_http(struct pm_slice block, struct pm_page *page, struct pm_found *found,
				struct pm_err *err)
{
	struct pm_http http;

	switch (pm_http_parse(block, page->arena, &http)) {
	case PM_HTTP_OK:
		break;
	case PM_HTTP_NONE:
		return bad(err, "the record's block is no HTTP response");
	case PM_HTTP_FULL:
		return pm_envelope_full(err);
	}
	page->status = http.status;
	page->headers = http.headers;
	page->nheaders = http.nheaders;
	page->content_type = pm_http_header(&http, "content-type");
	found->body = http.body;
	pm_codings_add(&found->codings, http.headers, http.nheaders, "content-encoding");
	if (!pm_http_header(&http, "transfer-encoding").ptr)
		return PM_REASON_NONE;
	/* "gzip, chunked": what was packed for the way alone is undone like what was packed for
	 * good. */
	pm_codings_add(&found->codings, http.headers, http.nheaders, "transfer-encoding");
	if (!pm_http_dechunk(http.body, page->arena, &found->body))
		return pm_envelope_full(err);
	return PM_REASON_NONE;
}

static enum pm_reason read_block(const struct pm_warc *rec, struct pm_slice block,
				 struct pm_page *page, struct pm_found *found, struct pm_err *err)
{
	if (pm_warc_is_http(rec))
		return read_http(block, page, found, err);
	page->content_type = rec->content_type;
	found->body = block;
	/* What WET files hold: a page's text without its markup. */
	if (rec->type == PM_WARC_CONVERSION &&
	    (!rec->content_type.ptr || pm_media_of(rec->content_type, block) == PM_MEDIA_TEXT))
		found->media = PM_MEDIA_TEXT;
	return PM_REASON_NONE;
}

enum pm_reason pm_envelope_warc(const struct pm_envelope *env, struct pm_unpacker *u,
				struct pm_slice value, struct pm_page *page, struct pm_found *found,
				struct pm_err *err)
{
	struct pm_warc rec;
	const char *fault;
	enum pm_reason reason = unpack(env, u, &value, page, err);

	if (reason)
		return reason;
	while (value.len && (value.ptr[0] == '\r' || value.ptr[0] == '\n'))
		value = pm_slice(value.ptr + 1, value.len - 1);
	switch (pm_warc_head(value, &rec, &fault)) {
	case PM_WARC_OK:
		break;
	case PM_WARC_MORE:
		return bad(err, "the record breaks off within its head");
	case PM_WARC_BAD:
		return bad(err, fault);
	}
	page->url = rec.url;
	page->source_id = rec.id;
	if (value.len - rec.head < rec.length)
		return bad(err, "the record breaks off within its block");
	if (!pm_warc_is_page(&rec)) {
		pm_fail(err, "a %s record holds no page", pm_warc_type_name(rec.type));
		return PM_REASON_BAD_WARC;
	}
	if ((reason = read_date(&rec, page, found, err)))
		return reason;
	return read_block(&rec, pm_slice(value.ptr + rec.head, (size_t)rec.length), page, found,
			  err);
}
