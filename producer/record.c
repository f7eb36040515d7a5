#include "producer/record.h"

#include "core/json_write.h"

static bool there(struct pm_slice s)
{
	return s.ptr && s.len;
}

static void put_string(struct pm_jw *w, const char *key, struct pm_slice s)
{
	if (!there(s))
		return;
	pm_jw_key(w, key);
	pm_jw_string(w, s);
}

static void put_fixed(struct pm_jw *w, const char *key, int32_t n)
{
	pm_jw_key(w, key);
	pm_jw_fixed(w, n);
}

static bool filled(const struct pm_meta_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		if (there(list->at[i]))
			return true;
	return false;
}

static void put_strings(struct pm_jw *w, const char *key, const struct pm_meta_list *list)
{
	if (!filled(list))
		return;
	pm_jw_key(w, key);
	pm_jw_array(w);
	for (size_t i = 0; i < list->len; i++)
		if (there(list->at[i]))
			pm_jw_string(w, list->at[i]);
	pm_jw_array_end(w);
}

/* An object or array that opens with its first member, so that an empty one never appears. */
static void open_at(struct pm_jw *w, bool *open, const char *key, void (*start)(struct pm_jw *))
{
	if (*open)
		return;
	pm_jw_key(w, key);
	start(w);
	*open = true;
}

/* -- sources ------------------------------------------------------------------------------- */
static void put_source(struct pm_jw *w, bool *open, const char *field, bool present,
		       const char *source)
{
	if (!present || !source || !*source)
		return;
	open_at(w, open, "sources", pm_jw_object);
	pm_jw_key(w, field);
	pm_jw_string(w, pm_slice_str(source));
}

static void put_sources(struct pm_jw *w, const struct pm_page *page)
{
	const struct { const char *field; const struct pm_meta *meta; } single[] = {
		{ "canonical_url", &page->canonical_url }, { "site_name", &page->site_name },
		{ "published_at", &page->published_at }, { "modified_at", &page->modified_at },
		{ "title", &page->title }, { "section", &page->section },
		{ "description", &page->description }, { "image", &page->image },
		{ "licence", &page->licence },
	};
	const struct { const char *field; const struct pm_meta_list *list; } several[] = {
		{ "authors", &page->authors }, { "breadcrumbs", &page->breadcrumbs },
		{ "keywords", &page->keywords }, { "robots", &page->robots },
	};
	bool open = false;

	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++)
		put_source(w, &open, single[i].field, there(single[i].meta->value),
			   single[i].meta->source);
	for (size_t i = 0; i < sizeof(several) / sizeof(*several); i++)
		put_source(w, &open, several[i].field, filled(several[i].list),
			   several[i].list->source);
	put_source(w, &open, "is_accessible_for_free", page->is_accessible_for_free != 0,
		   page->free_source);
	if (open)
		pm_jw_object_end(w);
}

/* -- the text and what it is made of ------------------------------------------------------- */
static void put_blocks(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; page->show_blocks && i < page->blocks.len; i++) {
		const struct pm_block *block = &page->blocks.at[i];

		if (!there(block->text))
			continue;
		open_at(w, &open, "blocks", pm_jw_array);
		pm_jw_object(w);
		put_string(w, "kind", pm_slice_str(pm_block_kind_name(block->kind)));
		put_string(w, "text", block->text);
		if (block->level > 0) {
			pm_jw_key(w, "level");
			pm_jw_int(w, block->level);
		}
		pm_jw_object_end(w);
	}
	if (open)
		pm_jw_array_end(w);
}

static void put_links(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; i < page->links.len; i++) {
		const struct pm_link *link = &page->links.at[i];

		if (!there(link->url))
			continue;
		open_at(w, &open, "links", pm_jw_array);
		pm_jw_object(w);
		put_string(w, "url", link->url);
		put_string(w, "text", link->text);
		put_string(w, "rel", link->rel);
		pm_jw_key(w, "main");
		pm_jw_bool(w, link->main);
		pm_jw_object_end(w);
	}
	if (open)
		pm_jw_array_end(w);
}

static void put_language(struct pm_jw *w, const struct pm_page *page)
{
	if (!there(page->language) && !there(page->declared_language))
		return;
	pm_jw_key(w, "language");
	pm_jw_object(w);
	put_string(w, "code", page->language);
	if (there(page->language))
		put_fixed(w, "confidence", page->language_confidence);
	put_string(w, "declared", page->declared_language);
	pm_jw_object_end(w);
}

/* -- findings ------------------------------------------------------------------------------ */
static void put_tag(struct pm_jw *w, const struct pm_tag *tag)
{
	pm_jw_object(w);
	put_string(w, "type", tag->type);
	put_string(w, "id", tag->id);
	put_string(w, "name", tag->name);
	pm_jw_key(w, "count");
	pm_jw_uint(w, tag->count);
	if (tag->nspans) {
		pm_jw_key(w, "spans");
		pm_jw_array(w);
		for (size_t i = 0; i < tag->nspans; i++) {
			pm_jw_array(w);
			pm_jw_uint(w, tag->spans[i][0]);
			pm_jw_uint(w, tag->spans[i][1]);
			pm_jw_array_end(w);
		}
		pm_jw_array_end(w);
	}
	pm_jw_object_end(w);
}

static void put_tags(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; i < page->tags.len; i++) {
		if (!there(page->tags.at[i].type))
			continue;
		open_at(w, &open, "tags", pm_jw_array);
		put_tag(w, &page->tags.at[i]);
	}
	if (open)
		pm_jw_array_end(w);
}

static void put_focus(struct pm_jw *w, const struct pm_page *page)
{
	if (!there(page->focus_country))
		return;
	pm_jw_key(w, "focus");
	pm_jw_object(w);
	put_string(w, "country", page->focus_country);
	put_fixed(w, "confidence", page->focus_confidence);
	pm_jw_object_end(w);
}

static void put_topics(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; i < page->topics.len; i++) {
		const struct pm_topic *topic = &page->topics.at[i];

		if (!there(topic->id))
			continue;
		open_at(w, &open, "topics", pm_jw_array);
		pm_jw_object(w);
		put_string(w, "id", topic->id);
		put_string(w, "name", topic->name);
		put_fixed(w, "score", topic->score);
		pm_jw_object_end(w);
	}
	if (open)
		pm_jw_array_end(w);
}

static void put_flags(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; i < page->flags.len; i++) {
		const struct pm_flag *flag = &page->flags.at[i];

		if (!there(flag->name))
			continue;
		open_at(w, &open, "flags", pm_jw_array);
		pm_jw_object(w);
		put_string(w, "name", flag->name);
		put_string(w, "evidence", flag->evidence);
		pm_jw_object_end(w);
	}
	if (open)
		pm_jw_array_end(w);
}

/* Whether an element before `i` has its name, which is the first member of each. Such lists are
 * short (the closed lists of our filters, the rules of a user's), so that looking back is cheaper
 * than a table. */
static bool named_before(const void *list, size_t size, size_t i)
{
	const char *at = list;
	struct pm_slice name, before;

	memcpy(&name, at + i * size, sizeof(name));
	for (size_t j = 0; j < i; j++) {
		memcpy(&before, at + j * size, sizeof(before));
		if (pm_slice_eq(before, name))
			return true;
	}
	return false;
}

static void put_signals(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; i < page->signals.len; i++) {
		if (!there(page->signals.at[i].name) ||
		    named_before(page->signals.at, sizeof(*page->signals.at), i))
			continue;
		open_at(w, &open, "signals", pm_jw_object);
		pm_jw_key_slice(w, page->signals.at[i].name);
		pm_jw_fixed(w, page->signals.at[i].value);
	}
	if (open)
		pm_jw_object_end(w);
}

static bool has_quality(const struct pm_page *page)
{
	for (size_t i = 0; i < page->flags.len; i++)
		if (there(page->flags.at[i].name))
			return true;
	for (size_t i = 0; i < page->signals.len; i++)
		if (there(page->signals.at[i].name))
			return true;
	return page->quality_score >= 0;
}

static void put_quality(struct pm_jw *w, const struct pm_page *page)
{
	if (!has_quality(page))
		return;
	pm_jw_key(w, "quality");
	pm_jw_object(w);
	if (page->quality_score >= 0)
		put_fixed(w, "score", page->quality_score);
	put_flags(w, page);
	put_signals(w, page);
	pm_jw_object_end(w);
}

/* Everything that was counted under the kind of element `i`, from there on. */
static void sum(const struct pm_count *at, size_t len, size_t i, uint64_t *characters,
		uint64_t *blocks)
{
	*characters = *blocks = 0;
	for (size_t j = i; j < len; j++) {
		if (!pm_slice_eq(at[j].kind, at[i].kind))
			continue;
		*characters += at[j].characters;
		*blocks += at[j].blocks;
	}
}

static void put_repairs(struct pm_jw *w, const struct pm_page *page)
{
	uint64_t characters, times;
	bool open = false;

	for (size_t i = 0; i < page->repairs.len; i++) {
		if (!there(page->repairs.at[i].kind) ||
		    named_before(page->repairs.at, sizeof(*page->repairs.at), i))
			continue;
		sum(page->repairs.at, page->repairs.len, i, &characters, &times);
		if (!times)
			continue;
		open_at(w, &open, "repairs", pm_jw_object);
		pm_jw_key_slice(w, page->repairs.at[i].kind);
		pm_jw_uint(w, times);
	}
	if (open)
		pm_jw_object_end(w);
}

static void put_removed(struct pm_jw *w, const struct pm_page *page)
{
	uint64_t characters, blocks;
	bool open = false;

	for (size_t i = 0; i < page->removed.len; i++) {
		if (!there(page->removed.at[i].kind) ||
		    named_before(page->removed.at, sizeof(*page->removed.at), i))
			continue;
		sum(page->removed.at, page->removed.len, i, &characters, &blocks);
		if (!characters && !blocks)
			continue;
		open_at(w, &open, "removed", pm_jw_object);
		pm_jw_key_slice(w, page->removed.at[i].kind);
		pm_jw_object(w);
		pm_jw_key(w, "characters");
		pm_jw_uint(w, characters);
		pm_jw_key(w, "blocks");
		pm_jw_uint(w, blocks);
		pm_jw_object_end(w);
	}
	if (open)
		pm_jw_object_end(w);
}

static void put_annotations(struct pm_jw *w, const struct pm_page *page)
{
	bool open = false;

	for (size_t i = 0; i < page->annotations.len; i++) {
		const struct pm_annotation *a = &page->annotations.at[i];

		if (!there(a->name) || !there(a->json) ||
		    named_before(page->annotations.at, sizeof(*a), i))
			continue;
		open_at(w, &open, "annotations", pm_jw_object);
		pm_jw_key_slice(w, a->name);
		pm_jw_raw(w, a->json);
	}
	if (open)
		pm_jw_object_end(w);
}

/* -- the whole ----------------------------------------------------------------------------- */
static void put_identity(struct pm_jw *w, const struct pm_page *page)
{
	pm_jw_key(w, "schema");
	pm_jw_raw(w, PM_LIT(PM_RECORD_SCHEMA));
	put_string(w, "id", pm_slice_str(page->id));
	put_string(w, "url", page->url);
	put_string(w, "source_id", page->source_id);
	put_string(w, "canonical_url", page->canonical_url.value);
	put_string(w, "host", page->host);
	put_string(w, "domain", page->domain);
	put_string(w, "site_name", page->site_name.value);
	put_string(w, "fetched_at", page->fetched_at);
	put_string(w, "published_at", page->published_at.value);
	put_string(w, "modified_at", page->modified_at.value);
}

static void put_metadata(struct pm_jw *w, const struct pm_page *page)
{
	put_string(w, "title", page->title.value);
	put_strings(w, "authors", &page->authors);
	put_string(w, "section", page->section.value);
	put_strings(w, "breadcrumbs", &page->breadcrumbs);
	put_string(w, "description", page->description.value);
	put_string(w, "image", page->image.value);
	put_strings(w, "keywords", &page->keywords);
	put_string(w, "licence", page->licence.value);
	if (page->is_accessible_for_free) {
		pm_jw_key(w, "is_accessible_for_free");
		pm_jw_bool(w, page->is_accessible_for_free > 0);
	}
	put_strings(w, "robots", &page->robots);
	put_sources(w, page);
}

static void put_findings(struct pm_jw *w, const struct pm_page *page)
{
	put_language(w, page);
	put_string(w, "page_type", pm_slice_str(pm_page_type_name(page->page_type)));
	if (page->page_type && page->page_type_confidence)
		put_fixed(w, "page_type_confidence", page->page_type_confidence);
	put_tags(w, page);
	put_focus(w, page);
	put_topics(w, page);
	put_quality(w, page);
	put_repairs(w, page);
	put_removed(w, page);
	put_annotations(w, page);
}

static void put_provenance(struct pm_jw *w, const struct pm_provenance *from)
{
	pm_jw_key(w, "provenance");
	pm_jw_object(w);
	pm_jw_key(w, "chain");
	pm_jw_string(w, from->chain);
	pm_jw_key(w, "filters");
	pm_jw_raw(w, from->filters);
	pm_jw_object_end(w);
}

bool pm_record_write(struct pm_buf *out, const struct pm_page *page,
		     const struct pm_provenance *from)
{
	struct pm_jw w = { .buf = out };

	pm_jw_object(&w);
	put_identity(&w, page);
	put_metadata(&w, page);
	put_string(&w, "text", page->text);
	put_string(&w, "layout", pm_slice_str(pm_layout_name(page->layout)));
	put_blocks(&w, page);
	put_string(&w, "markdown", page->markdown);
	put_links(&w, page);
	put_findings(&w, page);
	put_provenance(&w, from);
	pm_jw_object_end(&w);
	return !out->failed;
}
