/* core/page.h -- the page on its way: parsed once on entry, written once on exit.
 *
 * Slices point into the message, into static text or into the page's arena; all of it is gone when
 * the arena is reset. Zeroed is empty: an absent slice, an empty list, a NULL array. Scores and
 * confidences are integers in 1/10000 (PM_SCORE_ONE is certainty), so that every machine writes the
 * same digits. The comment behind each group names who may write it. */
#ifndef PM_CORE_PAGE_H
#define PM_CORE_PAGE_H

#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum { PM_SCORE_ONE = 10000 };

/* The version of the record's form: its field `schema`, and part of every chain's digest. */
#define PM_RECORD_SCHEMA "1"

/* What a filter needs, gives or rewrites (filters/filter.h). */
enum pm_part {
	PM_BODY         = 1 << 0,       /* body, status, content_type, headers: always there */
	PM_CONTENT      = 1 << 1,       /* content */
	PM_TEXT         = 1 << 2,       /* text, layout */
	PM_META         = 1 << 3,       /* title, canonical_url, ..., sources */
	PM_BLOCKS       = 1 << 4,
	PM_LINKS        = 1 << 5,
	PM_MARKDOWN     = 1 << 6,
	PM_LANGUAGE     = 1 << 7,       /* language.code, language.confidence */
	PM_PAGE_TYPE    = 1 << 8,
	PM_TAGS         = 1 << 9,
	PM_FOCUS        = 1 << 10,
	PM_TOPICS       = 1 << 11,
	PM_QUALITY      = 1 << 12,
	PM_REPAIRS      = 1 << 13,
	PM_REMOVED      = 1 << 14,
	PM_FINGERPRINT  = 1 << 15,
};

enum pm_layout {
	PM_LAYOUT_NONE,
	PM_LAYOUT_HTML,
	PM_LAYOUT_LINES,        /* flattened text, one block a line */
	PM_LAYOUT_FLAT,         /* flattened text, line structure lost */
};

enum pm_page_type {
	PM_TYPE_NONE, PM_TYPE_ARTICLE, PM_TYPE_LISTING, PM_TYPE_COLLECTION, PM_TYPE_PRODUCT,
	PM_TYPE_FORUM, PM_TYPE_DOCUMENTATION, PM_TYPE_SERVICE, PM_TYPE_PROFILE, PM_TYPE_LOGIN,
	PM_TYPE_PAYWALL, PM_TYPE_ERROR, PM_TYPE_OTHER,
	PM_TYPES
};

/* What the envelope knows of the body's form. */
enum pm_media {
	PM_MEDIA_NONE,          /* no body to read: a metadata-only record */
	PM_MEDIA_HTML,          /* declared HTML: one tag of an HTML element confirms it */
	PM_MEDIA_TEXT,          /* text for sure (text/plain, .txt, WET) */
	PM_MEDIA_GUESS,         /* decided by the content after decoding (filters/extract) */
};

enum pm_block_kind {
	PM_BLOCK_PARAGRAPH, PM_BLOCK_HEADING, PM_BLOCK_LIST_ITEM, PM_BLOCK_QUOTE, PM_BLOCK_CODE,
	PM_BLOCK_TABLE, PM_BLOCK_CAPTION,
	PM_BLOCK_KINDS
};

struct pm_block {
	enum pm_block_kind kind;
	int level;              /* heading: 1 to 6; list item, quote: nesting from 1; else 0 */
	struct pm_slice text;
	uint32_t number;        /* an item of a numbered list: its number and one; 0: all others */
	struct pm_slice info;   /* code: the language that the page names for it, if any */
};

/* A block that a filter left out of the text, for whoever asks why; never in the record. */
struct pm_cut {
	enum pm_block_kind kind;
	struct pm_slice class;  /* the kind of `removed` that counts
				 * it: navigation, comments, ... */
	struct pm_slice text;
	const char *why;        /* the filter's reason in a few words; static */
	size_t before;          /* how many blocks of `blocks` stand
				 * before it; set by pm_page_cut */
};

/* What led a filter to what it did, for whoever asks why; never in the record. */
struct pm_note {
	const char *what;       /* "candidate"; static */
	struct pm_slice text;
};

struct pm_link {
	struct pm_slice url, text, rel;
	bool main;              /* stands in the main text */
};

/* One metadata value and where it came from: `source` is static ("json-ld", "og:title", "h1"). */
struct pm_meta {
	struct pm_slice value;
	const char *source;
};

struct pm_meta_list {
	struct pm_slice *at;
	size_t len;
	const char *source;
};

struct pm_tag {
	struct pm_slice type, id, name;
	uint32_t count;
	const uint32_t (*spans)[2];     /* code points of text */
	size_t nspans;
};

struct pm_topic {
	struct pm_slice id, name;
	int32_t score;
};

struct pm_flag {
	struct pm_slice name, evidence;         /* evidence may be absent */
};

struct pm_signal {
	struct pm_slice name;
	int32_t value;          /* 1/10000 */
};

struct pm_count {
	struct pm_slice kind;
	uint32_t characters;    /* removed only; 0 for repairs */
	uint32_t blocks;        /* removed: blocks; repairs: how many */
};

/* A user filter's finding: `json` is one complete, valid JSON value. */
struct pm_annotation {
	struct pm_slice name, json;
};

/* A list in the arena, grown by pm_page_* below. */
#define PM_LIST(type) struct { type *at; size_t len, cap; }

struct pm_page {
	struct pm_arena *arena;

	/* By the envelope decoder. */
	struct pm_slice url;            /* as it was fetched; absent without one */
	struct pm_slice source_id;      /* the envelope's id */
	struct pm_slice fetched_at;     /* RFC 3339 */
	struct pm_slice content_type;   /* the HTTP header's value as given */
	int status;                     /* HTTP; 0: unknown */
	const struct pm_header *headers;        /* HTTP response headers of the envelope, if any */
	size_t nheaders;
	struct pm_slice received;       /* the body's bytes as they came; absent: none */
	struct pm_slice body;           /* unpacked bytes (PM_MEDIA_NONE: absent) */
	bool body_is_text;              /* already Unicode, as UTF-8: never decoded again */
	enum pm_media media;
	bool tombstone;                 /* a NULL value that passes (output.key: input) */
	char id[33];                    /* 32 hex digits and NUL */
	struct pm_slice host, domain;

	/* By decode: valid UTF-8 without NUL. */
	struct pm_slice content;
	const char *charset;            /* WHATWG name; static */
	const char *charset_rule;       /* which rule decided; static, for explain */

	/* By extract. */
	struct pm_meta title, canonical_url, site_name, description, image, section, licence;
	struct pm_meta published_at, modified_at;
	struct pm_meta_list authors, breadcrumbs, keywords, robots;
	int is_accessible_for_free;     /* 0 unknown, 1 true, -1 false */
	const char *free_source;        /* where that was said, as in struct pm_meta */
	struct pm_slice declared_language;      /* BCP 47 */
	struct pm_slice text;
	enum pm_layout layout;
	PM_LIST(struct pm_block) blocks;        /* always kept by extract */
	bool show_blocks;               /* the record shows them: on request */
	struct pm_slice markdown;
	PM_LIST(struct pm_link) links;

	/* By language. */
	struct pm_slice language;       /* BCP 47 */
	int32_t language_confidence;

	/* By the envelope decoder (error, other) and page_type. */
	enum pm_page_type page_type;
	int32_t page_type_confidence;   /* 0: not said */

	/* By taggers and classifiers. */
	PM_LIST(struct pm_tag) tags;
	struct pm_slice focus_country;
	int32_t focus_confidence;
	PM_LIST(struct pm_topic) topics;

	/* By quality, and flags by whoever finds one. */
	int32_t quality_score;          /* -1 in a fresh page: not said */
	PM_LIST(struct pm_flag) flags;
	PM_LIST(struct pm_signal) signals;
	PM_LIST(struct pm_count) repairs, removed;

	PM_LIST(struct pm_annotation) annotations;

	/* By any filter, but only where `explained` was set before the chain; cuts in the page's
	 * order. */
	PM_LIST(struct pm_cut) cuts;
	PM_LIST(struct pm_note) notes;
	bool explained;
};

/* A fresh page over an arena that was reset. */
void pm_page_init(struct pm_page *page, struct pm_arena *arena);

/* The names as the record shows them; static. */
const char *pm_page_type_name(enum pm_page_type type);
const char *pm_layout_name(enum pm_layout layout);
const char *pm_block_kind_name(enum pm_block_kind kind);

/* Room for one more element of a PM_LIST, zeroed; NULL: the arena is full. */
#define PM_LIST_ADD(page, list) \
	pm_list_add((page)->arena, (void **)&(list).at, &(list).len, &(list).cap, \
		    sizeof(*(list).at))
void *pm_list_add(struct pm_arena *a, void **at, size_t *len, size_t *cap, size_t size);

/* For explanations; neither does or costs anything where nobody asked for one. What has no room in
 * the arena is left out. pm_page_cut: a block that stands behind those kept so far. */
void pm_page_cut(struct pm_page *page, const struct pm_cut *cut);
__attribute__((format(printf, 3, 4)))
void pm_page_note(struct pm_page *page, const char *what, const char *fmt, ...);

/* Adds a flag once; false: the arena is full. */
bool pm_page_flag(struct pm_page *page, struct pm_slice name, struct pm_slice evidence);

#endif
