/* Values that are pages themselves: the format "raw", and local files. */
#include "consumer/envelope_in.h"

#include "core/url.h"

/* The last header of that name, as Kafka's own clients look one up. */
static const struct pm_header *header(const struct pm_message *msg, const char *name)
{
	for (size_t i = msg->nheaders; i > 0; i--)
		if (pm_slice_is_nocase(msg->headers[i - 1].name, name))
			return &msg->headers[i - 1];
	return NULL;
}

/* Absent where there is none, or an empty one. */
static struct pm_slice header_value(const struct pm_message *msg, const char *name)
{
	const struct pm_header *h = header(msg, name);

	return h && h->value.len ? h->value : (struct pm_slice){ 0 };
}

bool pm_envelope_no_time(const struct pm_message *msg)
{
	const struct pm_header *h = header(msg, "fetched-at");

	return h && !h->value.len;
}

/* Keys are often ids or hashes: only what is a web address by itself says where a page came
 * from. */
static enum pm_reason url_of_key(const struct pm_message *msg, struct pm_page *page,
				 struct pm_err *err)
{
	struct pm_url url;
	enum pm_url_status status;

	if (!msg->key.len || memchr(msg->key.ptr, 0, msg->key.len))
		return PM_REASON_NONE;
	status = pm_url_parse(page->arena, msg->key, NULL, &url);
	if (status == PM_URL_FULL)
		return pm_envelope_full(err);
	if (status == PM_URL_OK && pm_url_is_web(&url))
		page->url = msg->key;
	return PM_REASON_NONE;
}

static enum pm_reason read_url(const struct pm_message *msg, struct pm_page *page,
			       struct pm_err *err)
{
	struct pm_slice url = header_value(msg, "url");

	if (!url.ptr)
		return url_of_key(msg, page, err);
	if (memchr(url.ptr, 0, url.len))
		return pm_envelope_bad(err, "header url", "holds a NUL", url);
	page->url = url;
	return PM_REASON_NONE;
}

enum pm_reason pm_envelope_raw(const struct pm_message *msg, struct pm_page *page,
			       struct pm_found *found, struct pm_err *err)
{
	struct pm_slice status = header_value(msg, "status");
	struct pm_slice time = header_value(msg, "fetched-at");
	enum pm_reason reason;

	if ((reason = read_url(msg, page, err)))
		return reason;
	if (status.ptr && (reason = pm_envelope_status(status, "header status", page, err)))
		return reason;
	if (time.ptr && (reason = pm_envelope_time(time, "header fetched-at", page, err)))
		return reason;
	/* One that is there and empty says that the time is unknown. */
	found->time_known = header(msg, "fetched-at") != NULL;
	page->content_type = header_value(msg, "content-type");
	page->source_id = header_value(msg, "id");
	found->body = msg->value;
	pm_codings_add(&found->codings, msg->headers, msg->nheaders, "content-encoding");
	return PM_REASON_NONE;
}

/* "file:PATH" out of the position "PATH@OFFSET". */
static struct pm_slice file_url(struct pm_page *page, struct pm_slice position)
{
	size_t len = position.len;
	char *url;

	while (len && position.ptr[len - 1] != '@')
		len--;
	len = len ? len - 1 : position.len;
	url = pm_arena_alloc(page->arena, len + 5);
	if (!url)
		return (struct pm_slice){ 0 };
	memcpy(url, "file:", 5);
	if (len)
		memcpy(url + 5, position.ptr, len);
	return pm_slice(url, len + 5);
}

enum pm_reason pm_envelope_local(const struct pm_message *msg, struct pm_page *page,
				 struct pm_found *found, struct pm_err *err)
{
	page->url = file_url(page, msg->position);
	if (!page->url.ptr)
		return pm_envelope_full(err);
	if (msg->kind == PM_KIND_HTML)
		found->media = PM_MEDIA_HTML;
	if (msg->kind == PM_KIND_TEXT)
		found->media = PM_MEDIA_TEXT;
	found->time_known = true;
	found->body = msg->value;
	return PM_REASON_NONE;
}
