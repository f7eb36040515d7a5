#include "consumer/envelope_in.h"

#include <stdlib.h>

#include "consumer/media.h"
#include "consumer/times.h"
#include "core/escape.h"
#include "core/identity.h"
#include "core/option.h"

static const char *const members[PM_MEMBERS] = {
	[PM_MEMBER_URL] = "url",
	[PM_MEMBER_BODY] = "body",
	[PM_MEMBER_BODY_BASE64] = "body_base64",
	[PM_MEMBER_CONTENT_TYPE] = "content_type",
	[PM_MEMBER_STATUS] = "status",
	[PM_MEMBER_HEADERS] = "headers",
	[PM_MEMBER_FETCHED_AT] = "fetched_at",
	[PM_MEMBER_ID] = "id",
	[PM_MEMBER_ENCODING] = "encoding",
};

static const char *const formats[] = { "json", "raw", "warc" };

enum { FORMATS = sizeof(formats) / sizeof(*formats) };

/* -- configuration --------------------------------------------------------------------------- */

static void read_format(struct pm_envelope *env, const json_t *input, struct pm_config *cf)
{
	const char *name = json_string_value(json_object_get(input, "format"));

	if (!name)
		return;
	if (strcmp(name, "raw") == 0)
		env->format = PM_FORMAT_RAW;
	else if (strcmp(name, "warc") == 0)
		env->format = PM_FORMAT_WARC;
	else if (strcmp(name, "json") != 0)
		pm_envelope_unknown(cf, "input.format", "format", name, formats, FORMATS);
}

static void read_field(struct pm_envelope *env, const char *name, const json_t *value,
		       struct pm_config *cf)
{
	const char *text = json_string_value(value), *wrong;
	char at[64];

	snprintf(at, sizeof(at), "input.fields.%.40s", name);
	for (size_t i = 0; i < PM_MEMBERS; i++) {
		if (strcmp(name, members[i]) != 0)
			continue;
		wrong = text ? pm_path_set(&env->path[i], text) : "must be a string like \"path.in.envelope\"";
		if (wrong)
			pm_config_fault(cf, at, "%s", wrong);
		env->mapped[i] = true;
		return;
	}
	pm_envelope_unknown(cf, at, "name of ours", name, members, PM_MEMBERS);
}

static void read_fields(struct pm_envelope *env, const json_t *input, struct pm_config *cf)
{
	json_t *given = json_object_get(input, "fields"), *value;
	const char *name;

	if (!given)
		return;
	if (!json_is_object(given)) {
		pm_config_fault(cf, "input.fields",
				"must be an object: {\"our name\": \"path.in.envelope\"}");
		return;
	}
	if (env->format != PM_FORMAT_JSON)
		pm_config_fault(cf, "input.fields", "only the format \"json\" has fields");
	json_object_foreach(given, name, value)
		read_field(env, name, value, cf);
	/* The two are one body: who says where it is has said where it isn't. */
	if (env->preset && env->mapped[PM_MEMBER_BODY_BASE64] && !env->mapped[PM_MEMBER_BODY])
		env->path[PM_MEMBER_BODY].len = 0;
	if (env->preset && env->mapped[PM_MEMBER_BODY] && !env->mapped[PM_MEMBER_BODY_BASE64])
		env->path[PM_MEMBER_BODY_BASE64].len = 0;
}

struct pm_envelope *pm_envelope_new(const json_t *input, struct pm_config *cf, size_t page_bytes,
				    bool tombstones)
{
	const json_t *preset = json_object_get(input, "preset");
	struct pm_envelope *env = calloc(1, sizeof(*env));
	size_t before = pm_config_faults(cf);

	if (!env) {
		pm_config_fault(cf, "input", "out of memory");
		return NULL;
	}
	env->page_bytes = page_bytes;
	env->tombstones = tombstones;
	for (size_t i = 0; i < PM_MEMBERS; i++)
		if (i != PM_MEMBER_ENCODING && pm_path_set(&env->path[i], members[i]))
			pm_config_fault(cf, "input", "out of memory");
	read_format(env, input, cf);
	if (json_is_string(preset))
		pm_envelope_preset(env, json_string_value(preset), cf);
	read_fields(env, input, cf);
	if (pm_config_faults(cf) == before)
		return env;
	pm_envelope_free(env);
	return NULL;
}

void pm_envelope_free(struct pm_envelope *env)
{
	if (!env)
		return;
	for (size_t i = 0; i < PM_MEMBERS; i++)
		free(env->path[i].text);
	free(env);
}

json_t *pm_envelope_seed(const struct pm_envelope *env)
{
	json_t *seed = json_object(), *fields = json_object();

	for (size_t i = 0; i < PM_MEMBERS; i++)
		if (env->mapped[i])
			json_object_set_new(fields, members[i], json_string(env->path[i].text));
	json_object_set_new(seed, "format", json_string(formats[env->format]));
	json_object_set_new(seed, "fields", fields);
	json_object_set_new(seed, "preset", env->preset ? json_string(env->preset) : json_null());
	return seed;
}

/* -- faults ---------------------------------------------------------------------------------- */

enum pm_reason pm_envelope_bad(struct pm_err *err, const char *name, const char *what,
			       struct pm_slice value)
{
	struct pm_buf shown = { .max = 1024 };

	if (value.ptr) {
		pm_escape(&shown, value, 40, true);
		pm_fail(err, "%s: %s: \"%.*s\"", name, what, PM_FMT(pm_buf_get(&shown)));
	} else {
		pm_fail(err, "%s: %s", name, what);
	}
	pm_buf_free(&shown);
	return PM_REASON_BAD_FIELD;
}

enum pm_reason pm_envelope_too_large(size_t bytes, size_t limit, struct pm_err *err)
{
	pm_fail(err, "the page has %zu bytes, limits.page_bytes is %zu", bytes, limit);
	return PM_REASON_PAGE_TOO_LARGE;
}

enum pm_reason pm_envelope_full(struct pm_err *err)
{
	pm_fail(err, "the page's working memory was used up by its envelope");
	return PM_REASON_ARENA_FULL;
}

/* -- steps that readers share ---------------------------------------------------------------- */

enum pm_reason pm_envelope_status(struct pm_slice digits, const char *name, struct pm_page *page,
				  struct pm_err *err)
{
	int status = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.len != 3 || (unsigned char)(digits.ptr[i] - '0') > 9)
			return pm_envelope_bad(err, name, "not an HTTP status", digits);
		status = status * 10 + (digits.ptr[i] - '0');
	}
	if (status < 100)
		return pm_envelope_bad(err, name, "not an HTTP status", digits);
	page->status = status;
	return PM_REASON_NONE;
}

enum pm_reason pm_envelope_time(struct pm_slice time, const char *name, struct pm_page *page,
				struct pm_err *err)
{
	struct pm_slice copy;
	size_t keep;
	char *at;

	if (!pm_time_valid(time, &keep))
		return pm_envelope_bad(err, name, "not a time of RFC 3339", time);
	copy = pm_arena_copy(page->arena, pm_slice(time.ptr, keep));
	if (!copy.ptr)
		return pm_envelope_full(err);
	/* RFC 3339 takes "t" and "z" too; a record has one form. */
	at = (char *)copy.ptr;
	for (size_t i = 0; i < copy.len; i++)
		if (at[i] == 't' || at[i] == 'z')
			at[i] ^= 0x20;
	page->fetched_at = copy;
	return PM_REASON_NONE;
}

/* -- judgement ------------------------------------------------------------------------------- */

static enum pm_reason time_of_message(const struct pm_message *msg, struct pm_page *page,
				      struct pm_err *err)
{
	char text[PM_TIME_SIZE];

	if (!msg->create_time || !pm_time_of_ms(msg->timestamp, text))
		return PM_REASON_NONE;
	page->fetched_at = pm_arena_copy(page->arena, pm_slice_str(text));
	return page->fetched_at.ptr ? PM_REASON_NONE : pm_envelope_full(err);
}

static enum pm_reason identify(struct pm_page *page, struct pm_slice body, struct pm_err *err)
{
	struct pm_identity who;

	if (!body.ptr)
		body = PM_LIT("");
	if (pm_identity(page->arena, page->url, body, &who) < 0)
		return pm_envelope_full(err);
	memcpy(page->id, who.id, sizeof(page->id));
	page->host = who.host;
	page->domain = who.domain;
	return PM_REASON_NONE;
}

/* RFC 9110: 204 and 205 have no content, whatever follows them. */
static bool carries_page(int status)
{
	return status == 0 || (status >= 200 && status <= 299 && status != 204 && status != 205);
}

/* The one place where a body becomes the page's: its codings are undone here, and its size is
 * measured behind that. Text that came as text has none. */
static enum pm_reason take_body(const struct pm_envelope *env, struct pm_unpacker *u,
				struct pm_page *page, const struct pm_found *found,
				struct pm_err *err)
{
	struct pm_slice body = found->body;
	enum pm_reason reason;

	if (!page->body_is_text && carries_page(page->status) && found->codings.len) {
		if (body.len > pm_codings_room(&found->codings, env->page_bytes))
			return pm_envelope_too_large(body.len, env->page_bytes, err);
		reason = pm_codings_undo(&found->codings, u, env->page_bytes, page->arena, &body,
					 err);
		if (reason)
			return reason;
	}
	if (body.len > env->page_bytes)
		return pm_envelope_too_large(body.len, env->page_bytes, err);
	page->body = body;
	return PM_REASON_NONE;
}

static bool set_media(struct pm_page *page, enum pm_media local)
{
	struct pm_slice evidence = { 0 };
	struct pm_mime mime;

	if (!carries_page(page->status)) {
		page->page_type = PM_TYPE_ERROR;
		return true;
	}
	page->media = local != PM_MEDIA_NONE ? local : pm_media_of(page->content_type, page->body);
	if (page->media != PM_MEDIA_NONE)
		return true;
	page->page_type = PM_TYPE_OTHER;
	if (page->content_type.ptr && pm_mime_parse(page->content_type, &mime))
		evidence = mime.essence;
	return pm_page_flag(page, PM_LIT("unsupported_media"), evidence);
}

static enum pm_reason judge(const struct pm_envelope *env, struct pm_unpacker *u,
			    const struct pm_message *msg, struct pm_page *page,
			    const struct pm_found *found, struct pm_err *err)
{
	enum pm_reason reason;

	page->received = found->body;
	if (!found->time_known && (reason = time_of_message(msg, page, err)))
		return reason;
	if (!found->body.len && carries_page(page->status)) {
		pm_fail(err, "there is no body");
		return PM_REASON_NO_BODY;
	}
	if ((reason = identify(page, found->body, err)) ||
	    (reason = take_body(env, u, page, found, err)))
		return reason;
	if (!set_media(page, found->media))
		return pm_envelope_full(err);
	if (page->media == PM_MEDIA_NONE)
		page->body = (struct pm_slice){ 0 };
	return PM_REASON_NONE;
}

static enum pm_reason read_value(const struct pm_envelope *env, struct pm_unpacker *u,
				 const struct pm_message *msg, struct pm_page *page,
				 struct pm_found *found, struct pm_err *err)
{
	switch (msg->kind) {
	case PM_KIND_HTML:
	case PM_KIND_TEXT:
	case PM_KIND_RAW:
		return pm_envelope_local(msg, page, found, err);
	case PM_KIND_JSON:
		found->media = env->media;
		return pm_envelope_json(env, msg->value, page, found, err);
	case PM_KIND_WARC:
		found->time_known = true;
		return pm_envelope_warc(env, u, msg->value, page, found, err);
	case PM_KIND_ENVELOPE:
		break;
	}
	found->time_known = pm_envelope_no_time(msg);
	if (env->format == PM_FORMAT_WARC)
		return pm_envelope_warc(env, u, msg->value, page, found, err);
	if (env->format == PM_FORMAT_RAW)
		return pm_envelope_raw(msg, page, found, err);
	found->media = env->media;
	return pm_envelope_json(env, msg->value, page, found, err);
}

enum pm_reason pm_envelope_decode(const struct pm_envelope *env, struct pm_unpacker *u,
				  const struct pm_message *msg, struct pm_page *page,
				  struct pm_err *err)
{
	struct pm_found found = { 0 };
	enum pm_reason reason;

	if (msg->fault) {
		pm_fail(err, "%.*s", PM_FMT(msg->fault_text));
		return msg->fault;
	}
	if (msg->oversize) {
		pm_fail(err, "%zu bytes are more than a page within limits.page_bytes, %zu, takes",
			msg->oversize, env->page_bytes);
		return PM_REASON_PAGE_TOO_LARGE;
	}
	if (!msg->value.ptr && env->tombstones) {
		page->tombstone = true;
		return PM_REASON_NONE;
	}
	if (!msg->value.ptr) {
		pm_fail(err, "the message has no value");
		return PM_REASON_NO_VALUE;
	}
	reason = read_value(env, u, msg, page, &found, err);
	return reason ? reason : judge(env, u, msg, page, &found, err);
}
