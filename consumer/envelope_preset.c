/* Where known crawlers and corpora keep things, and the paths that say so. */
#include "consumer/envelope_in.h"

#include <stdlib.h>

#include "core/option.h"

struct row {
	enum pm_member member;
	const char *path;
};

/* A member that a preset doesn't list isn't looked for: another crawler may mean something else by
 * its name. Sources: the crawl item of Scrapy Cluster and the pipeline that sends it to Kafka (its
 * KAFKA_BASE_64_ENCODE is "fields": {"body_base64": "body"}); the attributes of Scrapy's Response;
 * the Dolma toolkit's data format; datatrove's Document. */
static const struct preset {
	const char *name;
	enum pm_media media;            /* a corpus keeps text; NONE: the page's own type decides */
	struct row rows[PM_MEMBERS];    /* ends with a path of NULL */
} presets[] = {
	{ "scrapy-cluster", PM_MEDIA_NONE, {
		{ PM_MEMBER_URL, "response_url" }, { PM_MEMBER_BODY, "body" },
		{ PM_MEMBER_STATUS, "status_code" }, { PM_MEMBER_HEADERS, "response_headers" },
		{ PM_MEMBER_FETCHED_AT, "timestamp" }, { PM_MEMBER_ENCODING, "encoding" },
	} },
	{ "scrapy", PM_MEDIA_NONE, {
		{ PM_MEMBER_URL, "url" }, { PM_MEMBER_BODY, "body" },
		{ PM_MEMBER_BODY_BASE64, "body_base64" }, { PM_MEMBER_STATUS, "status" },
		{ PM_MEMBER_HEADERS, "headers" }, { PM_MEMBER_FETCHED_AT, "fetched_at" },
		{ PM_MEMBER_ENCODING, "encoding" },
	} },
	{ "dolma", PM_MEDIA_TEXT, {
		{ PM_MEMBER_URL, "metadata.url" }, { PM_MEMBER_BODY, "text" },
		{ PM_MEMBER_FETCHED_AT, "added" }, { PM_MEMBER_ID, "id" },
	} },
	{ "datatrove", PM_MEDIA_TEXT, {
		{ PM_MEMBER_URL, "metadata.url" }, { PM_MEMBER_BODY, "text" },
		{ PM_MEMBER_FETCHED_AT, "metadata.date" }, { PM_MEMBER_ID, "id" },
	} },
};

enum { PRESETS = sizeof(presets) / sizeof(*presets) };

void pm_envelope_unknown(struct pm_config *cf, const char *path, const char *what, const char *name,
			 const char *const *names, size_t n)
{
	const char *near = pm_suggest(name, names, n);

	if (near)
		pm_config_fault(cf, path, "no such %s, did you mean \"%s\"?", what, near);
	else
		pm_config_fault(cf, path, "no such %s", what);
}

const char *pm_path_set(struct pm_path *path, const char *text)
{
	free(path->text);
	*path = (struct pm_path){ .text = strdup(text) };
	if (!path->text)
		return "out of memory";
	for (char *at = path->text;; ) {
		size_t len = strcspn(at, ".");

		if (len == 0)
			return "a name in the path is empty";
		if (path->len == PM_PATH_PARTS)
			return "the path has too many names";
		path->part[path->len++] = pm_slice(at, len);
		if (!at[len])
			return NULL;
		at += len + 1;
	}
}

static void use(struct pm_envelope *env, const struct preset *preset, struct pm_config *cf)
{
	env->preset = preset->name;
	env->media = preset->media;
	for (size_t i = 0; i < PM_MEMBERS; i++)
		env->path[i].len = 0;
	for (const struct row *row = preset->rows; row->path; row++)
		if (pm_path_set(&env->path[row->member], row->path))
			pm_config_fault(cf, "input.preset", "out of memory");
}

void pm_envelope_preset(struct pm_envelope *env, const char *name, struct pm_config *cf)
{
	const char *names[PRESETS];

	if (env->format != PM_FORMAT_JSON)
		pm_config_fault(cf, "input.preset", "only the format \"json\" has presets");
	for (size_t i = 0; i < PRESETS; i++) {
		names[i] = presets[i].name;
		if (strcmp(name, names[i]) != 0)
			continue;
		use(env, &presets[i], cf);
		return;
	}
	pm_envelope_unknown(cf, "input.preset", "preset", name, names, PRESETS);
}
