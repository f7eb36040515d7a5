/* filters/extract/meta_script.c -- the day of publication as a page's scripts hand it to each
 * other: data layers and the state that a page is drawn from. */
#include "core/simd.h"
#include "filters/extract/meta_dateline.h"

/* Names without case and marks: publish_date, "datePublished", firstPublishedAt. */
static const char *const names[] = {
	"datepublish", "datepublished", "firstpublished", "firstpublishedat", "firstpublisheddate",
	"firstpublishedtime", "originalpublishdate", "originalpublicationdate", "pubdate", "publicationdate",
	"publicationtime", "publishdate", "publishdatetime", "published", "publishedat", "publisheddate",
	"publishedon", "publishedtime", "publishtime", "articlepublishdate", "articlepublisheddate",
	"articlepublicationdate", "contentpublisheddate", "contentpublishdate",
};

static bool is_name_byte(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || c == '_' || c == '-';
}

static bool is_name(struct pm_slice s)
{
	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		size_t at = 0, i = 0;

		for (; i < s.len; i++) {
			if (s.ptr[i] == '_' || s.ptr[i] == '-')
				continue;
			if (!names[k][at] || pm_ascii_lower(s.ptr[i]) != names[k][at])
				break;
			at++;
		}
		if (i == s.len && !names[k][at])
			return true;
	}
	return false;
}

/* Quotes, themselves quoted where a script is text in another one. */
static size_t skip_quotes(struct pm_slice s, size_t i)
{
	while (i < s.len && (s.ptr[i] == '\\' || s.ptr[i] == '"' || s.ptr[i] == '\''))
		i++;
	return i;
}

static size_t skip_space(struct pm_slice s, size_t i)
{
	while (i < s.len && pm_ascii_space(s.ptr[i]))
		i++;
	return i;
}

/* The value behind a name that ends at i: `": "…`, ` = '…`. Empty: there is none. */
static struct pm_slice value_behind(struct pm_slice s, size_t i)
{
	enum { VALUE = 48, BLANKS = 8 };
	size_t most = i + 2 * BLANKS + VALUE, from;

	if (s.len > most)
		s.len = most;
	i = skip_space(s, skip_quotes(s, i));
	if (i == s.len || (s.ptr[i] != ':' && s.ptr[i] != '='))
		return PM_LIT("");
	from = skip_quotes(s, skip_space(s, i + 1));
	for (i = from; i < s.len && !strchr("\\\"'},;<", s.ptr[i]); i++)
		;
	return i < s.len ? pm_slice(s.ptr + from, i - from) : PM_LIT("");
}

static bool is_pub(const char *p)
{
	return (p[0] | 0x20) == 'p' && (p[1] | 0x20) == 'u' && (p[2] | 0x20) == 'b';
}

/* The next "pub" from i on, in any case, which all names have; s.len: there is none. */
static size_t next_pub(struct pm_slice s, size_t i)
{
#if PM_SSE2
	const __m128i small = _mm_set1_epi8(0x20);

	for (; PM_USE_SSE2 && s.len - i >= 16 + 2; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(s.ptr + i));
		__m128i y = _mm_loadu_si128((const __m128i *)(s.ptr + i + 1));
		__m128i p = _mm_cmpeq_epi8(_mm_or_si128(x, small), _mm_set1_epi8('p'));
		__m128i u = _mm_cmpeq_epi8(_mm_or_si128(y, small), _mm_set1_epi8('u'));
		unsigned mask = (unsigned)_mm_movemask_epi8(_mm_and_si128(p, u));

		for (; mask; mask &= mask - 1)
			if (is_pub(s.ptr + i + __builtin_ctz(mask)))
				return i + (size_t)__builtin_ctz(mask);
	}
#endif
	for (; s.len - i >= 3; i++)
		if (is_pub(s.ptr + i))
			return i;
	return s.len;
}

/* Dates of the names in one script; false: they differ. */
static bool read_script(const struct pm_meta_reader *r, struct pm_slice s, struct pm_date *d,
			bool *found)
{
	for (size_t i = next_pub(s, 0); i + 8 < s.len; i = next_pub(s, i + 1)) {
		size_t from = i, end = i + 3;
		struct pm_date one;

		for (unsigned n = 0; n < 16 && from > 0 && is_name_byte(s.ptr[from - 1]); n++)
			from--;
		for (unsigned n = 0; n < 24 && end < s.len && is_name_byte(s.ptr[end]); n++)
			end++;
		i = end - 1;
		if (!is_name(pm_slice(s.ptr + from, end - from)) ||
		    !pm_date_value(value_behind(s, end), &r->hints, &one))
			continue;
		if (*found && one.day != d->day)
			return false;
		*d = *found ? *d : one;
		*found = true;
	}
	return true;
}

bool pm_script_date(struct pm_meta_reader *r, struct pm_date *d)
{
	enum { BYTES = 1 << 19 };
	const struct pm_html *doc = r->doc;
	size_t left = BYTES;
	bool found = false;

	for (uint32_t i = 1; i + 1 < doc->nnodes; i++) {
		struct pm_slice s;

		if (doc->nodes[i].tag != PM_TAG_SCRIPT || doc->nodes[i].last != i + 1 ||
		    pm_meta_is_jsonld(doc, &doc->nodes[i]))
			continue;
		s = pm_node_source(doc, &doc->nodes[i + 1]);
		if (s.len > left)
			break;
		left -= s.len;
		if (!read_script(r, s, d, &found))
			return false;
	}
	r->doc->effort += doc->nnodes + (BYTES - left);
	return found;
}
