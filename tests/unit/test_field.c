/* The table of fields: every path is found, typed, and stands in the record's schema. */
#include <jansson.h>

#include "core/field.h"
#include "tests/test.h"

static bool find(const char *path, struct pm_field_ref *ref)
{
	return pm_field_find(path, ref);
}

static void paths(void)
{
	struct pm_field_ref ref;

	CHECK(find("url", &ref) && ref.field->type == PM_FIELD_STRING && !ref.name.ptr);
	CHECK(find("language.code", &ref) && ref.field->part == PM_LANGUAGE);
	CHECK(find("topics.id", &ref) && ref.field->list);
	CHECK(find("quality.signals.word_count", &ref) && ref.field->type == PM_FIELD_NUMBER);
	CHECK_SLICE(ref.name, "word_count");
	CHECK(find("removed.comments.blocks", &ref));
	CHECK_SLICE(ref.name, "comments");
	CHECK(find("annotations.my.finding", &ref));
	CHECK_SLICE(ref.name, "my.finding");
	CHECK(!find("", &ref));
	CHECK(!find("ur", &ref));
	CHECK(!find("url.", &ref));
	CHECK(!find("quality.signals.", &ref));
	CHECK(!find("removed..blocks", &ref));
	CHECK(!find("removed.a.b.blocks", &ref));
	CHECK(!find("removed.blocks", &ref));
}

static void values(void)
{
	char id[] = "US";
	struct pm_tag tags[2] = {
		{ .type = PM_LIT("country"), .id = { id, 2 }, .count = 3 },
		{ .type = PM_LIT("email"), .count = 1 },
	};
	struct pm_slice authors[1] = { PM_LIT("A. Writer") };
	struct pm_field_value value;
	struct pm_field_ref ref;
	struct pm_page page;

	pm_page_init(&page, NULL);
	for (size_t i = 0; i < pm_fields_len; i++) {
		ref = (struct pm_field_ref){ &pm_fields[i], PM_LIT("x") };
		CHECK(pm_field_exists(&ref, &page) == (strcmp(pm_fields[i].path, "schema") == 0));
	}
	page.tags.at = tags;
	page.tags.len = 2;
	page.authors = (struct pm_meta_list){ authors, 1, "meta" };
	page.page_type = PM_TYPE_ARTICLE;
	page.is_accessible_for_free = -1;
	page.quality_score = 0;
	CHECK(find("tags.id", &ref) && pm_field_count(&ref, &page) == 2);
	CHECK(pm_field_get(&ref, &page, 0, &value));
	CHECK_SLICE(value.str, "US");
	CHECK(!pm_field_get(&ref, &page, 1, &value));
	CHECK(find("tags.count", &ref) && pm_field_get(&ref, &page, 0, &value));
	CHECK(value.number == 3 * PM_SCORE_ONE);
	CHECK(find("authors", &ref) && pm_field_exists(&ref, &page));
	CHECK(find("page_type", &ref) && pm_field_get(&ref, &page, 0, &value));
	CHECK_SLICE(value.str, "article");
	CHECK(find("is_accessible_for_free", &ref) && pm_field_get(&ref, &page, 0, &value));
	CHECK(value.number == 0);
	CHECK(find("quality.score", &ref) && pm_field_get(&ref, &page, 0, &value));
	CHECK(value.number == 0);
	CHECK(find("tags", &ref) && pm_field_exists(&ref, &page));
	CHECK(find("text", &ref) && !pm_field_exists(&ref, &page));
	page.text = PM_LIT("");
	CHECK(!pm_field_exists(&ref, &page));
}

static void named(void)
{
	struct pm_signal signals[1] = { { PM_LIT("word_count"), 1230000 } };
	struct pm_field_value value;
	struct pm_field_ref ref;
	struct pm_page page;

	pm_page_init(&page, NULL);
	page.signals.at = signals;
	page.signals.len = 1;
	CHECK(find("quality.signals.word_count", &ref) && pm_field_get(&ref, &page, 0, &value));
	CHECK(value.number == 1230000);
	CHECK(find("quality.signals.words", &ref) && !pm_field_exists(&ref, &page));
}

static void choices(void)
{
	struct pm_field_ref ref;
	size_t n = 0;

	CHECK(find("page_type", &ref));
	while (ref.field->choice(n))
		n++;
	CHECK(n == PM_TYPES - 1);
	CHECK(find("layout", &ref) && !ref.field->choice(3));
	CHECK(strcmp(ref.field->choice(0), "html") == 0);
	CHECK(find("blocks.kind", &ref) && !ref.field->choice(PM_BLOCK_KINDS));
}

/* One step down a schema: into a list's items, then to the property or what any property is. */
static json_t *step(json_t *schema, const char *name)
{
	json_t *next;

	if (json_object_get(schema, "items"))
		schema = json_object_get(schema, "items");
	next = json_object_get(json_object_get(schema, "properties"), name);
	return next ? next : json_object_get(schema, "additionalProperties");
}

static void schema_has_them(void)
{
	json_t *schema = json_load_file("docs/record.schema.json", 0, NULL);

	CHECK(json_is_object(schema));
	for (size_t i = 0; i < pm_fields_len; i++) {
		char path[64], *rest = path, *name;
		json_t *at = schema;

		snprintf(path, sizeof(path), "%s", pm_fields[i].path);
		while ((name = strsep(&rest, ".")))
			at = step(at, name);
		if (strncmp(pm_fields[i].path, "annotations", 11) != 0) {
			CHECK(json_is_object(at));
			if (!json_is_object(at))
				printf("  %s\n", pm_fields[i].path);
		}
	}
	json_decref(schema);
}

int main(void)
{
	RUN(paths);
	RUN(values);
	RUN(named);
	RUN(choices);
	RUN(schema_has_them);
	return DONE();
}
