/* Any bytes as a page's fields: the record must be one JSON object that another reader takes, with
 * no name twice and nothing empty, and letters about it must be JSON too. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "producer/letter.h"
#include "producer/record.h"

struct input {
	const uint8_t *at, *end;
};

static unsigned byte(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static struct pm_slice slice(struct input *in)
{
	size_t want = byte(in) & 31, have = (size_t)(in->end - in->at);
	struct pm_slice s = { (const char *)in->at, want < have ? want : have };

	in->at += s.len;
	return want == 31 ? (struct pm_slice){ 0 } : s;
}

/* Names come from filters and rules, never from pages: they are plain text. */
static struct pm_slice name(struct pm_arena *a, struct input *in)
{
	struct pm_slice s = slice(in), copy = pm_arena_copy(a, s);
	char *to = (char *)copy.ptr;

	for (size_t i = 0; i < copy.len; i++)
		to[i] = (char)('a' + (unsigned char)s.ptr[i] % 3);
	return copy;
}

static void fill_lists(struct pm_page *page, struct input *in)
{
	static const uint32_t spans[][2] = { { 0, 1 }, { 7, 4294967295u } };

	for (unsigned n = byte(in) & 7; n; n--) {
		struct pm_tag *tag = PM_LIST_ADD(page, page->tags);
		struct pm_count *repair = PM_LIST_ADD(page, page->repairs);
		struct pm_count *removed = PM_LIST_ADD(page, page->removed);
		struct pm_signal *signal = PM_LIST_ADD(page, page->signals);
		struct pm_block *block = PM_LIST_ADD(page, page->blocks);
		struct pm_annotation *annotation = PM_LIST_ADD(page, page->annotations);
		struct pm_link *link = PM_LIST_ADD(page, page->links);
		struct pm_topic *topic = PM_LIST_ADD(page, page->topics);

		if (!tag || !repair || !removed || !signal || !block || !annotation || !link ||
		    !topic)
			return;
		*tag =
		    (struct pm_tag){slice(in), slice(in), slice(in), byte(in), spans, byte(in) % 3};
		*repair = (struct pm_count){ name(page->arena, in), 0, byte(in) };
		*removed = (struct pm_count){ name(page->arena, in), UINT32_MAX, byte(in) };
		*signal = (struct pm_signal){ name(page->arena, in), (int32_t)(byte(in) << 24) };
		*block = (struct pm_block){ .kind = byte(in) % PM_BLOCK_KINDS,
					   .level = (int)byte(in) - 3, .text = slice(in) };
		*annotation = (struct pm_annotation){ name(page->arena, in),
							 PM_LIT("[1,{\"a\":null}]") };
		*link = (struct pm_link){ slice(in), slice(in), slice(in), byte(in) & 1 };
		*topic = (struct pm_topic){ slice(in), slice(in), (int32_t)byte(in) };
		pm_page_flag(page, slice(in), slice(in));
	}
}

static void fill(struct pm_page *page, struct input *in)
{
	struct pm_slice *list = PM_ARENA_NEW(page->arena, struct pm_slice, 3);

	for (size_t i = 0; list && i < 3; i++)
		list[i] = slice(in);
	page->url = slice(in);
	page->source_id = slice(in);
	page->host = slice(in);
	page->title = (struct pm_meta){ slice(in), "h1" };
	page->published_at = (struct pm_meta){ slice(in), "meta" };
	if (list)
		page->authors = page->keywords = (struct pm_meta_list){ list, 3, "byline" };
	page->text = slice(in);
	page->markdown = slice(in);
	page->language = slice(in);
	page->language_confidence = (int32_t)(byte(in) << 8);
	page->declared_language = slice(in);
	page->page_type = byte(in) % PM_TYPES;
	page->layout = byte(in) % (PM_LAYOUT_FLAT + 1);
	page->focus_country = slice(in);
	page->is_accessible_for_free = (int)byte(in) % 3 - 1;
	page->quality_score = (int32_t)byte(in) - 1;
	page->show_blocks = byte(in) & 1;
	fill_lists(page, in);
}

static void check_empty(const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	if ((json_is_string(value) && !json_string_length(value)) ||
	    (json_is_array(value) && !json_array_size(value)) ||
	    (json_is_object(value) && !json_object_size(value)))
		abort();
	json_object_foreach((json_t *)value, key, member)
		check_empty(member);
	json_array_foreach((json_t *)value, i, member)
		check_empty(member);
}

static json_t *load(const struct pm_buf *b)
{
	json_t *json = json_loadb(b->ptr, b->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	if (!json && !b->failed)
		abort();
	return json;
}

static void letters(const uint8_t *data, size_t size, const struct pm_page *page)
{
	struct pm_slice all = pm_slice((const char *)data, size);
	struct pm_header header = { all, all };
	struct pm_message msg = { .key = all, .value = all, .headers = &header, .nheaders = 1 };
	struct pm_letter_why why = { "filter", "x", "y", all, NULL };
	struct pm_letter_page known = { page->source_id, page->url };
	struct pm_buf to = { .max = 1 << 20 };

	pm_letter_json(&to, &msg, &known, &why);
	json_decref(load(&to));
	pm_buf_reset(&to);
	pm_letter_line(&to, &msg, &known, &why);
	json_decref(load(&to));
	pm_buf_free(&to);
	for (int level = 0; level < PM_LETTER_SIZES; level++)
		free(pm_letter_new("dead", &msg, &why, (enum pm_letter_size)level));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pm_provenance from = {
		PM_LIT("00"), PM_LIT("[{\"name\":\"decode\",\"version\":1}]"),
	};
	struct input in = { data, data + size };
	struct pm_buf out = { .max = 1 << 20 };
	static struct pm_arena arena;
	struct pm_page page;
	json_t *json;

	if (!arena.base && pm_arena_open(&arena, 1 << 20) != 0)
		abort();
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	strcpy(page.id, "00112233445566778899aabbccddeeff");
	fill(&page, &in);
	if (!pm_record_write(&out, &page, &from))
		abort();
	json = load(&out);
	check_empty(json);
	json_decref(json);
	letters(data, size, &page);
	pm_buf_free(&out);
	return 0;
}
