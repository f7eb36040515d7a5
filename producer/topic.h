/* producer/topic.h -- topic names: fixed ones, and those made from page data
 * ("pages.{language.code|und}"). */
#ifndef PM_PRODUCER_TOPIC_H
#define PM_PRODUCER_TOPIC_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/field.h"

/* Kafka's own bound (org.apache.kafka.common.internals.Topic). */
enum { PM_TOPIC_MAX = 249 };

/* NULL when Kafka takes the name, else what is wrong with it: a constant. */
const char *pm_topic_fault(const char *name);

/* A name in pieces: literals, and fields with what stands for an absent value. */
struct pm_topic_piece {
	struct pm_slice literal;        /* of a field: what serves when the page has no value */
	struct pm_field_ref ref;        /* field NULL: the piece is the literal */
};

struct pm_topic_name {
	char *text;                     /* as configured; the pieces point into it */
	struct pm_topic_piece *pieces;
	size_t npieces;
	bool dynamic;                   /* has fields */
};

/* Parses a name. -1: err says what is wrong; nothing is left to free. */
int pm_topic_parse(struct pm_topic_name *name, const char *text, struct pm_err *err);
void pm_topic_free(struct pm_topic_name *name);
/* The literal that every topic made from this name starts with (a fixed name: all of it). */
struct pm_slice pm_topic_prefix(const struct pm_topic_name *name);
/* The topic of a page, NUL-terminated: the configured text when it is fixed, else in the arena.
 * Characters that Kafka doesn't allow become "_", and what is too long is cut. NULL: arena full. */
const char *pm_topic_of(const struct pm_topic_name *name, const struct pm_page *page,
			struct pm_arena *a);

#endif
