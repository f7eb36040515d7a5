/* filters/repair/steps.h -- the repairs, one function each, and what they share.
 *
 * A step reads a stretch of text from front to back and writes its changes into the edit; line
 * feeds and tabs are borders that no repair crosses, adds or removes. Every step is linear in the
 * text. */
#ifndef PM_FILTERS_REPAIR_STEPS_H
#define PM_FILTERS_REPAIR_STEPS_H

#include "filters/repair/chars.h"
#include "filters/repair/edit.h"
#include "filters/repair/misread.h"
#include "filters/repair/words.h"

enum pm_repair_kind {
	PM_REPAIR_MOJIBAKE, PM_REPAIR_ENTITIES, PM_REPAIR_CONTROLS, PM_REPAIR_QUOTES,
	PM_REPAIR_SPACES, PM_REPAIR_GLUE, PM_REPAIR_CASE,
	PM_REPAIR_KINDS
};

/* The encodings that UTF-8 is wrongly read by; in the order of filters/gen/repair_chars.c. */
enum pm_misread {
	PM_MISREAD_1252, PM_MISREAD_1254, PM_MISREAD_1250, PM_MISREAD_1251, PM_MISREAD_1253,
	PM_MISREAD_MAC, PM_MISREAD_MAC_CYRILLIC, PM_MISREAD_437, PM_MISREAD_850,
	PM_MISREADS
};

/* Scripts that a misread character can come from. */
enum pm_script {
	PM_SCRIPT_NONE, PM_SCRIPT_SIGN, PM_SCRIPT_LATIN, PM_SCRIPT_GREEK, PM_SCRIPT_CYRILLIC,
	PM_SCRIPT_HEBREW, PM_SCRIPT_ARABIC, PM_SCRIPT_INDIC, PM_SCRIPT_OTHER, PM_SCRIPT_HAN,
	PM_SCRIPT_EMOJI,
	PM_SCRIPTS
};

/* What the page as a whole says of its quotation marks. */
struct pm_quoting {
	bool low;               /* it opens with low ones, as German does */
	bool high;              /* it has quotations between “ and ” */
};

struct pm_repair {
	struct pm_edit edit;
	const struct pm_words *words;   /* the page's own; NULL: nothing needs them */
	struct pm_quoting quoting;
	bool markdown;          /* & may be escaped */
	/* Scripts that the page surely has in misread form, a bit for each of enum pm_script. */
	uint16_t proven[PM_MISREADS];
	uint32_t proofs[PM_MISREADS];
	unsigned likeliest;     /* the encoding that most of them are for */
	uint32_t count[PM_REPAIR_KINDS];
	unsigned found;         /* what the scan of this round named */
	bool round_changed;     /* the round changed something */
	bool text_changed;      /* the page's text is another now */
	struct pm_words gathered;
	struct pm_suspects suspects;
	char space[8];          /* bytes that an edit reads from before the next one */
};

/* Whether some encoding takes the sequence at `p` back, and it could be meant so. */
bool pm_misread_worth(const char *p, const char *end);
void pm_repair_mojibake(struct pm_repair *r, const char *p, const char *end);
/* Adds to r->proven. */
void pm_repair_prove(struct pm_repair *r, const char *p, const char *end);
void pm_repair_entities(struct pm_repair *r, const char *p, const char *end);
void pm_repair_controls(struct pm_repair *r, const char *p, const char *end);
/* Adds to r->quoting. */
void pm_repair_quoting(struct pm_repair *r, const char *p, const char *end);
void pm_repair_quotes(struct pm_repair *r, const char *p, const char *end);
void pm_repair_spaces(struct pm_repair *r, const char *p, const char *end);
void pm_repair_glue(struct pm_repair *r, const char *p, const char *end);
void pm_repair_case(struct pm_repair *r, const char *p, const char *end);

/* Whether the word around `p`, a capital behind a small letter, could be two, whatever the page
 * has. *after is where it ends. */
bool pm_glue_worth(const char *p, const char *begin, const char *end, const char **after);

/* Which repairs could find something: one bit for each of enum pm_repair_kind, and one that says
 * that missing spaces need the page's words. Looks at every byte once; names only words can
 * tell. */
enum { PM_REPAIR_WORDS = 1 << PM_REPAIR_KINDS };
unsigned pm_repair_scan(const char *p, const char *end);

/* The word, a run of letters and marks, that begins at `p`; empty where none does. */
struct pm_slice pm_word_at(const char *p, const char *end);
/* The one that ends at `p`, of at most 64 bytes; a longer one counts as absent. */
struct pm_slice pm_word_before(const char *p, const char *begin);

#endif
