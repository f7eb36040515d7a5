#include "core/field.h"

static size_t one(const struct pm_page *page)
{
	return 1;
}

static bool string(struct pm_field_value *value, struct pm_slice s)
{
	value->str = s;
	return s.ptr && s.len;
}

static bool number(struct pm_field_value *value, int64_t n)
{
	value->number = n;
	return true;
}

/* What a whole object or list is: there, with nothing to compare. */
static bool group(struct pm_field_value *value, bool there)
{
	*value = (struct pm_field_value){ .number = there };
	return there;
}

#define GETTER(fn, expr)                                                                    \
	static bool fn(const struct pm_page *page, struct pm_slice name, size_t i,         \
		       struct pm_field_value *value)                                        \
	{                                                                                  \
		return expr;                                                               \
	}
#define COUNTER(fn, expr)                                                                   \
	static size_t fn(const struct pm_page *page)                                        \
	{                                                                                  \
		return expr;                                                               \
	}

/* -- single values ------------------------------------------------------------------------- */
GETTER(get_schema, number(value, PM_SCORE_ONE))
GETTER(get_id, string(value, pm_slice_str(page->id)))
GETTER(get_url, string(value, page->url))
GETTER(get_source_id, string(value, page->source_id))
GETTER(get_canonical_url, string(value, page->canonical_url.value))
GETTER(get_host, string(value, page->host))
GETTER(get_domain, string(value, page->domain))
GETTER(get_site_name, string(value, page->site_name.value))
GETTER(get_fetched_at, string(value, page->fetched_at))
GETTER(get_published_at, string(value, page->published_at.value))
GETTER(get_modified_at, string(value, page->modified_at.value))
GETTER(get_title, string(value, page->title.value))
GETTER(get_section, string(value, page->section.value))
GETTER(get_description, string(value, page->description.value))
GETTER(get_image, string(value, page->image.value))
GETTER(get_licence, string(value, page->licence.value))
GETTER(get_free, page->is_accessible_for_free && number(value, page->is_accessible_for_free > 0))
GETTER(get_text, string(value, page->text))
GETTER(get_layout, string(value, pm_slice_str(pm_layout_name(page->layout))))
GETTER(get_markdown, string(value, page->markdown))
GETTER(get_language, string(value, page->language))
GETTER(get_language_confidence,
       page->language.len && number(value, page->language_confidence))
GETTER(get_language_declared, string(value, page->declared_language))
GETTER(get_language_any, group(value, page->language.len || page->declared_language.len))
GETTER(get_page_type, string(value, pm_slice_str(pm_page_type_name(page->page_type))))
GETTER(get_page_type_confidence, page->page_type && page->page_type_confidence &&
				 number(value, page->page_type_confidence))
GETTER(get_focus, group(value, page->focus_country.len > 0))
GETTER(get_focus_country, string(value, page->focus_country))
GETTER(get_focus_confidence, page->focus_country.len && number(value, page->focus_confidence))
GETTER(get_quality, group(value, page->quality_score >= 0 || page->flags.len || page->signals.len))
GETTER(get_quality_score, page->quality_score >= 0 && number(value, page->quality_score))
GETTER(get_any, group(value, true))

/* -- lists --------------------------------------------------------------------------------- */
COUNTER(authors, page->authors.len)
GETTER(get_author, string(value, page->authors.at[i]))
COUNTER(breadcrumbs, page->breadcrumbs.len)
GETTER(get_breadcrumb, string(value, page->breadcrumbs.at[i]))
COUNTER(keywords, page->keywords.len)
GETTER(get_keyword, string(value, page->keywords.at[i]))
COUNTER(robots, page->robots.len)
GETTER(get_robot, string(value, page->robots.at[i]))
COUNTER(blocks, page->show_blocks ? page->blocks.len : 0)
GETTER(get_block_kind, string(value, pm_slice_str(pm_block_kind_name(page->blocks.at[i].kind))))
GETTER(get_block_text, string(value, page->blocks.at[i].text))
GETTER(get_block_level, page->blocks.at[i].level > 0 &&
			number(value, (int64_t)page->blocks.at[i].level * PM_SCORE_ONE))
COUNTER(links, page->links.len)
GETTER(get_link_url, string(value, page->links.at[i].url))
GETTER(get_link_text, string(value, page->links.at[i].text))
GETTER(get_link_rel, string(value, page->links.at[i].rel))
GETTER(get_link_main, number(value, page->links.at[i].main))
COUNTER(tags, page->tags.len)
GETTER(get_tag_type, string(value, page->tags.at[i].type))
GETTER(get_tag_id, string(value, page->tags.at[i].id))
GETTER(get_tag_name, string(value, page->tags.at[i].name))
GETTER(get_tag_count, number(value, (int64_t)page->tags.at[i].count * PM_SCORE_ONE))
COUNTER(topics, page->topics.len)
GETTER(get_topic_id, string(value, page->topics.at[i].id))
GETTER(get_topic_name, string(value, page->topics.at[i].name))
GETTER(get_topic_score, number(value, page->topics.at[i].score))
COUNTER(flags, page->flags.len)
GETTER(get_flag_name, string(value, page->flags.at[i].name))
GETTER(get_flag_evidence, string(value, page->flags.at[i].evidence))

/* -- named values: `name` picks one of a list ---------------------------------------------- */
COUNTER(signals, page->signals.len)
GETTER(get_signal, pm_slice_eq(page->signals.at[i].name, name) &&
		   number(value, page->signals.at[i].value))
COUNTER(repairs, page->repairs.len)
GETTER(get_repair, pm_slice_eq(page->repairs.at[i].kind, name) &&
		   number(value, (int64_t)page->repairs.at[i].blocks * PM_SCORE_ONE))
COUNTER(removed, page->removed.len)
GETTER(get_removed_characters,
       pm_slice_eq(page->removed.at[i].kind, name) &&
	       number(value, (int64_t)page->removed.at[i].characters * PM_SCORE_ONE))
GETTER(get_removed_blocks,
       pm_slice_eq(page->removed.at[i].kind, name) &&
	       number(value, (int64_t)page->removed.at[i].blocks * PM_SCORE_ONE))
COUNTER(annotations, page->annotations.len)
GETTER(get_annotation, group(value, pm_slice_eq(page->annotations.at[i].name, name)))

/* -- closed sets --------------------------------------------------------------------------- */
static const char *page_types(size_t i)
{
	return i + 1 < PM_TYPES ? pm_page_type_name((enum pm_page_type)(i + 1)) : NULL;
}

static const char *layouts(size_t i)
{
	return i < PM_LAYOUT_FLAT ? pm_layout_name((enum pm_layout)(i + 1)) : NULL;
}

static const char *block_kinds(size_t i)
{
	return i < PM_BLOCK_KINDS ? pm_block_kind_name((enum pm_block_kind)i) : NULL;
}

#define STRING(path, part, get) { path, PM_FIELD_STRING, false, part, NULL, one, get }
#define STRINGS(path, part, count, get) { path, PM_FIELD_STRING, true, part, NULL, count, get }
#define NUMBER(path, part, get) { path, PM_FIELD_NUMBER, false, part, NULL, one, get }
#define NUMBERS(path, part, count, get) { path, PM_FIELD_NUMBER, true, part, NULL, count, get }
#define BOOL(path, part, get) { path, PM_FIELD_BOOL, false, part, NULL, one, get }
#define CHOICE(path, part, choice, get) { path, PM_FIELD_STRING, false, part, choice, one, get }
#define GROUP(path, part, count, get) { path, PM_FIELD_GROUP, false, part, NULL, count, get }

const struct pm_field pm_fields[] = {
	NUMBER("schema", 0, get_schema),
	STRING("id", 0, get_id),
	STRING("url", 0, get_url),
	STRING("source_id", 0, get_source_id),
	STRING("canonical_url", PM_META, get_canonical_url),
	STRING("host", 0, get_host),
	STRING("domain", 0, get_domain),
	STRING("site_name", PM_META, get_site_name),
	STRING("fetched_at", 0, get_fetched_at),
	STRING("published_at", PM_META, get_published_at),
	STRING("modified_at", PM_META, get_modified_at),
	STRING("title", PM_META, get_title),
	STRINGS("authors", PM_META, authors, get_author),
	STRING("section", PM_META, get_section),
	STRINGS("breadcrumbs", PM_META, breadcrumbs, get_breadcrumb),
	STRING("description", PM_META, get_description),
	STRING("image", PM_META, get_image),
	STRINGS("keywords", PM_META, keywords, get_keyword),
	STRING("licence", PM_META, get_licence),
	BOOL("is_accessible_for_free", PM_META, get_free),
	STRINGS("robots", PM_META, robots, get_robot),
	STRING("text", PM_TEXT, get_text),
	CHOICE("layout", PM_TEXT, layouts, get_layout),
	GROUP("blocks", PM_BLOCKS, blocks, get_any),
	{ "blocks.kind", PM_FIELD_STRING, true, PM_BLOCKS, block_kinds, blocks, get_block_kind },
	STRINGS("blocks.text", PM_BLOCKS, blocks, get_block_text),
	NUMBERS("blocks.level", PM_BLOCKS, blocks, get_block_level),
	STRING("markdown", PM_MARKDOWN, get_markdown),
	GROUP("links", PM_LINKS, links, get_any),
	STRINGS("links.url", PM_LINKS, links, get_link_url),
	STRINGS("links.text", PM_LINKS, links, get_link_text),
	STRINGS("links.rel", PM_LINKS, links, get_link_rel),
	{ "links.main", PM_FIELD_BOOL, true, PM_LINKS, NULL, links, get_link_main },
	GROUP("language", PM_LANGUAGE, one, get_language_any),
	STRING("language.code", PM_LANGUAGE, get_language),
	NUMBER("language.confidence", PM_LANGUAGE, get_language_confidence),
	STRING("language.declared", PM_META, get_language_declared),
	CHOICE("page_type", PM_PAGE_TYPE, page_types, get_page_type),
	NUMBER("page_type_confidence", PM_PAGE_TYPE, get_page_type_confidence),
	GROUP("tags", PM_TAGS, tags, get_any),
	STRINGS("tags.type", PM_TAGS, tags, get_tag_type),
	STRINGS("tags.id", PM_TAGS, tags, get_tag_id),
	STRINGS("tags.name", PM_TAGS, tags, get_tag_name),
	NUMBERS("tags.count", PM_TAGS, tags, get_tag_count),
	GROUP("focus", PM_FOCUS, one, get_focus),
	STRING("focus.country", PM_FOCUS, get_focus_country),
	NUMBER("focus.confidence", PM_FOCUS, get_focus_confidence),
	GROUP("topics", PM_TOPICS, topics, get_any),
	STRINGS("topics.id", PM_TOPICS, topics, get_topic_id),
	STRINGS("topics.name", PM_TOPICS, topics, get_topic_name),
	NUMBERS("topics.score", PM_TOPICS, topics, get_topic_score),
	GROUP("quality", PM_QUALITY, one, get_quality),
	NUMBER("quality.score", PM_QUALITY, get_quality_score),
	GROUP("quality.flags", PM_QUALITY, flags, get_any),
	STRINGS("quality.flags.name", PM_QUALITY, flags, get_flag_name),
	STRINGS("quality.flags.evidence", PM_QUALITY, flags, get_flag_evidence),
	GROUP("quality.signals", PM_QUALITY, signals, get_any),
	NUMBERS("quality.signals.*", PM_QUALITY, signals, get_signal),
	GROUP("repairs", PM_REPAIRS, repairs, get_any),
	NUMBERS("repairs.*", PM_REPAIRS, repairs, get_repair),
	GROUP("removed", PM_REMOVED, removed, get_any),
	NUMBERS("removed.*.characters", PM_REMOVED, removed, get_removed_characters),
	NUMBERS("removed.*.blocks", PM_REMOVED, removed, get_removed_blocks),
	GROUP("annotations", 0, annotations, get_any),
	GROUP("annotations.*", 0, annotations, get_annotation),
};

const size_t pm_fields_len = sizeof(pm_fields) / sizeof(*pm_fields);

/* A star takes one name without dots, except at the end, where a name may have them. */
static bool fits(const char *pattern, const char *path, struct pm_slice *name)
{
	const char *star = strchr(pattern, '*');
	size_t before, after, len = strlen(path);

	*name = (struct pm_slice){ 0 };
	if (!star)
		return strcmp(pattern, path) == 0;
	before = (size_t)(star - pattern);
	after = strlen(star + 1);
	if (len <= before + after || strncmp(pattern, path, before) != 0 ||
	    strcmp(star + 1, path + len - after) != 0)
		return false;
	*name = pm_slice(path + before, len - before - after);
	return !after || !memchr(name->ptr, '.', name->len);
}

bool pm_field_find(const char *path, struct pm_field_ref *ref)
{
	for (size_t i = 0; i < pm_fields_len; i++) {
		if (fits(pm_fields[i].path, path, &ref->name)) {
			ref->field = &pm_fields[i];
			return true;
		}
	}
	return false;
}

size_t pm_field_count(const struct pm_field_ref *ref, const struct pm_page *page)
{
	return ref->field->count(page);
}

bool pm_field_get(const struct pm_field_ref *ref, const struct pm_page *page, size_t i,
		  struct pm_field_value *value)
{
	*value = (struct pm_field_value){ 0 };
	return ref->field->get(page, ref->name, i, value);
}

bool pm_field_exists(const struct pm_field_ref *ref, const struct pm_page *page)
{
	struct pm_field_value value;
	size_t n = pm_field_count(ref, page);

	for (size_t i = 0; i < n; i++)
		if (pm_field_get(ref, page, i, &value))
			return true;
	return false;
}
