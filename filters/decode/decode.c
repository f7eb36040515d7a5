/* filters/decode/decode.c -- the page's bytes become UTF-8 (docs: Decoding).
 *
 * What is valid UTF-8 already, as nearly every page is, stays where it is. Text that the envelope
 * gave as a string is never decoded again. */
#include "core/utf8.h"
#include "filters/decode/sniff.h"
#include "filters/filter.h"

static const char *const reasons[] = { NULL };

/* Without settings there is nothing to keep; the chain asks for something that is not NULL. */
static const char state[] = "decode";

/* HTML's parser and C's habits both stumble over NUL: it becomes what HTML makes of it. */
static struct pm_slice without_nul(struct pm_slice s, struct pm_arena *a)
{
	const char *nul = s.len ? memchr(s.ptr, 0, s.len) : NULL;
	size_t n = 0, len = 0;
	char *to;

	if (nul == NULL)
		return s;
	for (const char *p = nul; p < s.ptr + s.len; p++)
		n += *p == 0;
	to = pm_arena_alloc(a, s.len + n * 2);
	if (to == NULL)
		return (struct pm_slice){ NULL, 0 };
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == 0)
			len += pm_utf8_put(to + len, PM_UTF8_BAD);
		else
			to[len++] = s.ptr[i];
	}
	return pm_slice(to, len);
}

static void *decode_open(const void *conf, struct pm_loader *load, struct pm_err *err)
{
	return (void *)(uintptr_t)state;
}

/* The envelope's string, or what the rules find. false: the arena is full. */
static bool find_charset(struct pm_page *page, struct pm_sniffed *found)
{
	if (!page->body_is_text)
		return pm_sniff(page->body, page->content_type, page->arena, found);
	*found = (struct pm_sniffed){ .charset = PM_CHARSET_UTF_8, .rule = "envelope" };
	found->rest = page->body;
	if (page->body.len >= 3 && memcmp(page->body.ptr, "\xef\xbb\xbf", 3) == 0)
		found->rest = pm_slice(page->body.ptr + 3, page->body.len - 3);
	found->valid = pm_utf8_valid(found->rest) == found->rest.len;
	return true;
}

static struct pm_result decode_process(struct pm_page *page, const void *st,
				       struct pm_worker *worker)
{
	/* Sniffing and decoding each look at every byte; the sample of a guess is small. */
	uint64_t effort = (uint64_t)page->body.len * 2;
	struct pm_sniffed found;
	struct pm_slice text;

	if (page->media == PM_MEDIA_NONE || page->body.ptr == NULL)
		return PM_PASSED;
	if (!pm_spend(worker, effort < UINT32_MAX ? (uint32_t)effort : UINT32_MAX))
		return PM_FAILED(PM_REASON_EFFORT);
	if (!find_charset(page, &found))
		return PM_FAILED(PM_REASON_ARENA_FULL);
	text = found.valid ? found.rest : found.text;
	if (text.ptr == NULL)
		text = pm_charset_decode(found.charset, found.rest, page->arena, NULL);
	if (text.ptr)
		text = without_nul(text, page->arena);
	if (text.ptr == NULL)
		return PM_FAILED(PM_REASON_ARENA_FULL);
	page->content = text;
	page->charset = pm_charset_name(found.charset);
	page->charset_rule = found.rule;
	return PM_PASSED;
}

static void decode_close(void *st)
{
}

const struct pm_filter pm_filter_decode = {
	.abi = PM_FILTER_ABI,
	.size = sizeof(struct pm_filter),
	.name = "decode",
	.version = 1,
	.summary = "Finds the page's encoding and turns its bytes into UTF-8.",
	.needs = PM_BODY,
	.gives = PM_CONTENT,
	.reasons = reasons,
	.open = decode_open,
	.process = decode_process,
	.close = decode_close,
};
