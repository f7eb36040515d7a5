#include "producer/topic.h"

#include <stdlib.h>
#include <string.h>

#include "core/option.h"

enum { PIECES_MAX = 16 };

static bool allowed(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

static bool all_allowed(struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!allowed(s.ptr[i]))
			return false;
	return true;
}

const char *pm_topic_fault(const char *name)
{
	size_t len = strlen(name);

	if (!len)
		return "a topic's name can't be empty";
	if (len > PM_TOPIC_MAX)
		return "a topic's name has at most 249 characters";
	if (!all_allowed(pm_slice(name, len)))
		return "a topic's name has only letters, digits, \".\", \"_\" and \"-\"";
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return "a topic can't be called \".\" or \"..\"";
	return NULL;
}

static const char *nearest(const char *path)
{
	const char *paths[128];
	size_t n = 0;

	for (size_t i = 0; i < pm_fields_len && n < 128; i++)
		if (!strchr(pm_fields[i].path, '*'))
			paths[n++] = pm_fields[i].path;
	return pm_suggest(path, paths, n);
}

/* The inside of a pair of braces, "field|default", cut into two strings where it stands. */
static int parse_field(struct pm_topic_piece *piece, char *inside, struct pm_err *err)
{
	char *bar = strchr(inside, '|');
	const char *near;

	if (!bar)
		return pm_fail(err, "{%s} needs a default for pages without a value: {%s|none}",
			       inside, inside);
	*bar = 0;
	piece->literal = pm_slice_str(bar + 1);
	if (!piece->literal.len || !all_allowed(piece->literal))
		return pm_fail(err,
			       "the default of {%s} must be letters, digits, \".\", \"_\" or \"-\"",
			       inside);
	if (!pm_field_find(inside, &piece->ref)) {
		near = nearest(inside);
		return near ? pm_fail(err, "no such field: %s (did you mean %s?)", inside, near)
			    : pm_fail(err, "no such field: %s", inside);
	}
	if (piece->ref.field->type != PM_FIELD_STRING)
		return pm_fail(err, "%s is no string: a topic can't be named after it", inside);
	return 0;
}

static int parse_pieces(struct pm_topic_name *name, char *at, struct pm_err *err)
{
	while (*at) {
		struct pm_topic_piece *piece = &name->pieces[name->npieces];
		size_t literal = strcspn(at, "{}");
		char *end;

		if (name->npieces == PIECES_MAX)
			return pm_fail(err, "a topic's name has at most %d pieces", PIECES_MAX);
		name->npieces++;
		if (literal) {
			piece->literal = pm_slice(at, literal);
			at += literal;
			continue;
		}
		end = *at == '{' ? strchr(at, '}') : NULL;
		if (!end)
			return pm_fail(err, "a brace that has no partner");
		*end = 0;
		if (parse_field(piece, at + 1, err) != 0)
			return -1;
		at = end + 1;
	}
	return 0;
}

static int check_pieces(struct pm_topic_name *name, struct pm_err *err)
{
	size_t literals = 0;

	if (name->pieces[0].ref.field)
		return pm_fail(err, "a topic made from page data must start with a literal prefix");
	for (size_t i = 0; i < name->npieces; i++) {
		if (name->pieces[i].ref.field)
			continue;
		if (!all_allowed(name->pieces[i].literal))
			return pm_fail(
			    err, "a topic's name has only letters, digits, \".\", \"_\" and \"-\"");
		literals += name->pieces[i].literal.len;
	}
	if (literals >= PM_TOPIC_MAX)
		return pm_fail(err, "a topic's name has at most %d characters", PM_TOPIC_MAX);
	return 0;
}

int pm_topic_parse(struct pm_topic_name *name, const char *text, struct pm_err *err)
{
	const char *fault = strpbrk(text, "{}") ? NULL : pm_topic_fault(text);

	*name = (struct pm_topic_name){ .dynamic = strpbrk(text, "{}") != NULL };
	if (fault)
		return pm_fail(err, "%s", fault);
	name->text = strdup(text);
	name->pieces = calloc(PIECES_MAX + 1, sizeof(*name->pieces));
	if (!name->text || !name->pieces) {
		pm_fail(err, "out of memory");
		goto fail;
	}
	if (!name->dynamic)
		return 0;
	if (parse_pieces(name, name->text, err) != 0 || check_pieces(name, err) != 0)
		goto fail;
	return 0;
fail:
	pm_topic_free(name);
	return -1;
}

void pm_topic_free(struct pm_topic_name *name)
{
	free(name->text);
	free(name->pieces);
	*name = (struct pm_topic_name){ 0 };
}

struct pm_slice pm_topic_prefix(const struct pm_topic_name *name)
{
	return name->dynamic ? name->pieces[0].literal : pm_slice_str(name->text);
}

static struct pm_slice value_of(const struct pm_topic_piece *piece, const struct pm_page *page)
{
	struct pm_field_value value;
	size_t n;

	if (!piece->ref.field)
		return piece->literal;
	n = pm_field_count(&piece->ref, page);
	for (size_t i = 0; i < n; i++)
		if (pm_field_get(&piece->ref, page, i, &value))
			return value.str;
	return piece->literal;
}

/* One "_" for a character of several bytes: continuation bytes add nothing. */
static size_t add(char *to, size_t len, struct pm_slice s)
{
	for (size_t i = 0; i < s.len && len < PM_TOPIC_MAX; i++) {
		if (((unsigned char)s.ptr[i] & 0xc0) == 0x80)
			continue;
		to[len++] = allowed(s.ptr[i]) ? s.ptr[i] : '_';
	}
	return len;
}

const char *pm_topic_of(const struct pm_topic_name *name, const struct pm_page *page,
			struct pm_arena *a)
{
	size_t len = 0;
	char *to;

	if (!name->dynamic)
		return name->text;
	to = pm_arena_alloc(a, PM_TOPIC_MAX + 1);
	if (!to)
		return NULL;
	for (size_t i = 0; i < name->npieces; i++)
		len = add(to, len, value_of(&name->pieces[i], page));
	to[len] = 0;
	if (strcmp(to, ".") == 0 || strcmp(to, "..") == 0)
		to[len - 1] = '_';
	pm_arena_trim(a, to, len + 1);
	return to;
}
