/* From a page back to an envelope: what a local page goes into a topic as. */
#include "consumer/envelope_in.h"

#include <nettle/base64.h>

#include "core/json_write.h"

/* -- an envelope that is there already ------------------------------------------------------- */

/* Whether the line says nothing of its time: then *at is the offset behind the brace of the
 * innermost object on the time's path, and *level how many names of the path lead there. */
static bool timeless(const struct pm_path *path, struct pm_slice line, struct pm_arena *a,
		     size_t *at, size_t *level, bool *full)
{
	const char *inside = memchr(line.ptr, '{', line.len);
	struct pm_json in;

	pm_json_open(&in, line, a);
	for (*level = 0; inside; ++*level) {
		struct pm_json_value next = { 0 };
		struct pm_json_member m;

		while (pm_json_next(&in, &m))
			if (pm_envelope_named(a, &m.name, path->part[*level], full))
				next = m.value;
		*full |= in.full;
		if (!next.raw.ptr) {
			*at = (size_t)(inside + 1 - line.ptr);
			return true;
		}
		if (*level + 1 == path->len || next.type != PM_JSON_OBJECT)
			return false;
		inside = next.raw.ptr;
		pm_json_walk(&in, next);
	}
	return false;
}

static void write_line(const struct pm_envelope *env, struct pm_slice line, struct pm_arena *a,
		       struct pm_buf *to)
{
	const struct pm_path *path = &env->path[PM_MEMBER_FETCHED_AT];
	struct pm_slice rest = line;
	size_t at, level;
	bool full = false;

	if (!path->len || !timeless(path, line, a, &at, &level, &full) || full) {
		to->failed |= full;
		pm_buf_slice(to, line);
		return;
	}
	pm_buf_add(to, line.ptr, at);
	for (size_t i = level; i < path->len; i++) {
		pm_json_quote(to, path->part[i]);
		pm_buf_str(to, i + 1 < path->len ? ":{" : ":null");
	}
	for (size_t i = level; i + 1 < path->len; i++)
		pm_buf_char(to, '}');
	rest = pm_slice(line.ptr + at, line.len - at);
	if (pm_slice_trim(rest).ptr[0] != '}')
		pm_buf_char(to, ',');
	pm_buf_slice(to, rest);
}

/* -- one of our own -------------------------------------------------------------------------- */

static void put_base64(struct pm_jw *w, struct pm_slice bytes)
{
	size_t len = BASE64_ENCODE_RAW_LENGTH(bytes.len);
	char *room = pm_buf_room(w->buf, len + 2);

	if (!room)
		return;
	base64_encode_raw(room + 1, bytes.len, (const uint8_t *)bytes.ptr);
	room[0] = room[len + 1] = '"';
	w->buf->len += len + 2;
	w->comma = true;
}

static void put_headers(struct pm_jw *w, const struct pm_page *page)
{
	pm_jw_array(w);
	for (size_t i = 0; i < page->nheaders; i++) {
		pm_jw_array(w);
		pm_jw_string(w, page->headers[i].name);
		pm_jw_string(w, page->headers[i].value);
		pm_jw_array_end(w);
	}
	pm_jw_array_end(w);
}

struct pm_slice pm_envelope_type(const struct pm_page *page)
{
	if (page->content_type.ptr)
		return page->content_type;
	if (page->media == PM_MEDIA_HTML)
		return PM_LIT("text/html");
	return page->media == PM_MEDIA_TEXT ? PM_LIT("text/plain") : (struct pm_slice){ 0 };
}

static bool has(const struct pm_page *page, enum pm_member m)
{
	switch (m) {
	case PM_MEMBER_URL:
		return page->url.ptr;
	case PM_MEMBER_BODY:
		return page->received.ptr && page->body_is_text;
	case PM_MEMBER_BODY_BASE64:
		return page->received.ptr && !page->body_is_text;
	case PM_MEMBER_CONTENT_TYPE:
		return pm_envelope_type(page).ptr;
	case PM_MEMBER_STATUS:
		return page->status != 0;
	case PM_MEMBER_HEADERS:
		return page->nheaders != 0;
	case PM_MEMBER_FETCHED_AT:
		return true;
	case PM_MEMBER_ID:
		return page->source_id.ptr;
	case PM_MEMBER_ENCODING:
	case PM_MEMBERS:
		break;
	}
	return false;
}

static void put_value(struct pm_jw *w, const struct pm_page *page, enum pm_member m)
{
	switch (m) {
	case PM_MEMBER_URL:
		pm_jw_string(w, page->url);
		break;
	case PM_MEMBER_BODY:
		pm_jw_string(w, page->received);
		break;
	case PM_MEMBER_BODY_BASE64:
		put_base64(w, page->received);
		break;
	case PM_MEMBER_CONTENT_TYPE:
		pm_jw_string(w, pm_envelope_type(page));
		break;
	case PM_MEMBER_STATUS:
		pm_jw_int(w, page->status);
		break;
	case PM_MEMBER_HEADERS:
		put_headers(w, page);
		break;
	case PM_MEMBER_FETCHED_AT:
		pm_jw_string(w, page->fetched_at);
		break;
	case PM_MEMBER_ID:
		pm_jw_string(w, page->source_id);
		break;
	case PM_MEMBER_ENCODING:
	case PM_MEMBERS:
		break;
	}
}

static bool together(const struct pm_path *a, const struct pm_path *b, size_t names)
{
	if (a->len < names || b->len < names)
		return false;
	for (size_t i = 0; i < names; i++)
		if (!pm_slice_eq(a->part[i], b->part[i]))
			return false;
	return true;
}

/* The members whose paths begin as that of `first` does for `level` names, each once: those that go
 * on with the same name share an object. As deep as the paths of the configuration. */
static void put_members(struct pm_jw *w, const struct pm_envelope *env, const struct pm_page *page,
			size_t first, size_t level, bool done[PM_MEMBERS])
{
	const struct pm_path *path = env->path;

	pm_jw_object(w);
	for (size_t i = first; i < PM_MEMBERS; i++) {
		if (done[i] || !path[i].len || !has(page, i) ||
		    !together(&path[i], &path[first], level))
			continue;
		pm_jw_key_slice(w, path[i].part[level]);
		if (path[i].len > level + 1) {
			put_members(w, env, page, i, level + 1, done);
			continue;
		}
		put_value(w, page, i);
		done[i] = true;
	}
	pm_jw_object_end(w);
}

bool pm_envelope_write(const struct pm_envelope *env, struct pm_slice line,
		       const struct pm_page *page, struct pm_buf *to)
{
	bool done[PM_MEMBERS] = { false };
	struct pm_jw w = { .buf = to };

	if (line.ptr) {
		write_line(env, line, page->arena, to);
		return true;
	}
	if (page->received.ptr &&
	    !env->path[page->body_is_text ? PM_MEMBER_BODY : PM_MEMBER_BODY_BASE64].len)
		return false;
	put_members(&w, env, page, 0, 0, done);
	return true;
}
