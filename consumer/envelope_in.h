/* consumer/envelope_in.h -- what the parts of the envelope decoder share with each other.
 *
 * A reader (envelope_json.c, envelope_raw.c, envelope_local.c) fills the page's own members and a
 * pm_found; envelope.c judges the whole. */
#ifndef PM_CONSUMER_ENVELOPE_IN_H
#define PM_CONSUMER_ENVELOPE_IN_H

#include "consumer/coding.h"
#include "consumer/envelope.h"
#include "core/json_scan.h"

/* Our names for what an envelope may hold, in the order of the table in envelope.c. */
enum pm_member {
	PM_MEMBER_URL,
	PM_MEMBER_BODY,
	PM_MEMBER_BODY_BASE64,
	PM_MEMBER_CONTENT_TYPE,
	PM_MEMBER_STATUS,
	PM_MEMBER_HEADERS,
	PM_MEMBER_FETCHED_AT,
	PM_MEMBER_ID,
	PM_MEMBER_ENCODING,     /* of a body in base64; only where a
				 * preset or input.fields names it */
	PM_MEMBERS
};

enum { PM_PATH_PARTS = 16 };    /* names in one path of input.fields */

struct pm_path {
	char *text;             /* as configured; owned, what the parts point into */
	struct pm_slice part[PM_PATH_PARTS];
	size_t len;             /* 0: this envelope has no such member */
};

enum pm_format {
	PM_FORMAT_JSON,
	PM_FORMAT_RAW,
	PM_FORMAT_WARC,
};

struct pm_envelope {
	enum pm_format format;
	struct pm_path path[PM_MEMBERS];        /* where each member is found */
	bool mapped[PM_MEMBERS];                /* by input.fields, not by its own name */
	const char *preset;                     /* static; NULL: none */
	enum pm_media media;                    /* what the preset says of
						 * every body; NONE: nothing */
	size_t page_bytes;
	bool tombstones;
};

/* Sets paths, media and preset by the preset of that name, which "input" holds beside the format
 * json. Faults go to cf. */
void pm_envelope_preset(struct pm_envelope *env, const char *name, struct pm_config *cf);
/* Cuts "a.b.c" into its names. NULL, or what is wrong with it. */
const char *pm_path_set(struct pm_path *path, const char *text);
/* A fault at `path` that suggests the nearest of the names. */
void pm_envelope_unknown(struct pm_config *cf, const char *path, const char *what, const char *name,
			 const char *const *names, size_t n);

/* What a reader found beside the page's members. `time_known`: the envelope spoke of the fetch
 * time, so that the message's is not used. */
struct pm_found {
	struct pm_slice body;           /* absent: none */
	bool time_known;
	enum pm_media media;            /* what the kind of a local file
					 * says; PM_MEDIA_NONE: nothing */
	struct pm_codings codings;      /* that the body may still have */
};

enum pm_reason pm_envelope_json(const struct pm_envelope *env, struct pm_slice value,
				struct pm_page *page, struct pm_found *found, struct pm_err *err);
enum pm_reason pm_envelope_raw(const struct pm_message *msg, struct pm_page *page,
			       struct pm_found *found, struct pm_err *err);
/* `value`: a record as it is, or packed by gzip or zstd. */
enum pm_reason pm_envelope_warc(const struct pm_envelope *env, struct pm_unpacker *u,
				struct pm_slice value, struct pm_page *page, struct pm_found *found,
				struct pm_err *err);
/* Whether an empty header fetched-at says that the time is unknown. */
bool pm_envelope_no_time(const struct pm_message *msg);
enum pm_reason pm_envelope_local(const struct pm_message *msg, struct pm_page *page,
				 struct pm_found *found, struct pm_err *err);

/* Whether the member's name is `name`; *full when its escapes can't be resolved. */
bool pm_envelope_named(struct pm_arena *a, const struct pm_json_value *have, struct pm_slice name,
		       bool *full);

/* Steps that readers share. `name` is what the fault's message calls the member. */
enum pm_reason pm_envelope_status(struct pm_slice digits, const char *name, struct pm_page *page,
				  struct pm_err *err);
enum pm_reason pm_envelope_time(struct pm_slice time, const char *name, struct pm_page *page,
				struct pm_err *err);
/* The page is too large: says so with numbers. */
enum pm_reason pm_envelope_too_large(size_t bytes, size_t limit, struct pm_err *err);
enum pm_reason pm_envelope_full(struct pm_err *err);

/* Writes "<name>: <what>: <the value, escaped and cut>" and returns PM_REASON_BAD_FIELD. */
enum pm_reason pm_envelope_bad(struct pm_err *err, const char *name, const char *what,
			       struct pm_slice value);

#endif
