/* filters/boilerplate/rule.h -- what single lines say for sure, and which pieces stay. */
#ifndef PM_FILTERS_BOILERPLATE_RULE_H
#define PM_FILTERS_BOILERPLATE_RULE_H

#include "filters/boilerplate/feature.h"

enum { PM_TITLE_CHARS_MOST = 250 };

enum pm_favour { PM_FAVOUR_BALANCE, PM_FAVOUR_PRECISION, PM_FAVOUR_RECALL };

/* What becomes of each piece. */
struct pm_decision {
	uint8_t class;          /* enum pm_furniture; NONE: it stays */
	const char *why;        /* of what goes; static */
};

/* By the model's scores: stays what makes the expected F1 of the page's text the best. */
void pm_decide(const struct pm_pieces *pieces, const int16_t *score, enum pm_favour favour,
	       struct pm_decision *d);

/* A text without a sign of furniture stays as it is between its first and last line that stay, but for
 * lines that are surely none of it. */
void pm_keep_middle(const struct pm_pieces *pieces, const int16_t *score, struct pm_decision *d);

/* How much piece `i` shows that this is a page: a phrase of furniture, a path from its front page, a line
 * that says when, 2 where a copyright does. */
unsigned pm_shows_page(const struct pm_pieces *pieces, size_t i);

/* Lines that are furniture by themselves, and those that hold metadata: title, breadcrumbs, section.
 * What is found goes into the page where it has none yet. false: the arena is full. */
bool pm_rules(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d);

/* The piece that the main text begins with, below headings that stay; pieces->len where there is none. */
size_t pm_text_start(const struct pm_pieces *pieces, const struct pm_decision *d);

/* Authors and dates from the lines that go above the text. false: the arena is full. */
bool pm_text_meta(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d);

/* The headline, where the page has no title yet; lines above the text that say the title go. */
void pm_text_title(struct pm_page *page, const struct pm_pieces *pieces, struct pm_decision *d);

/* Headings between paragraphs that stay, and a last line that breaks off, stay too. */
void pm_keep_between(const struct pm_pieces *pieces, const int16_t *score, struct pm_decision *d);

/* Whether a piece breaks off by its last characters: a heading or a caption never does. */
bool pm_breaks_off(const struct pm_piece *piece);
/* Whether a piece stops before its sentence does, as far as one can see from it alone. */
bool pm_ends_early(const struct pm_piece *piece);

/* The last piece that stays, where it breaks off; absent: it ends as texts do. */
struct pm_slice pm_cut_off(const struct pm_pieces *pieces, const struct pm_decision *d);

#endif
