/* filters/language/cld2.h -- the C face of CLD2, the one library of ours that speaks only C++. */
#ifndef PM_FILTERS_LANGUAGE_CLD2_H
#define PM_FILTERS_LANGUAGE_CLD2_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { PM_CLD2_TOP = 3 };

struct pm_cld2 {
	bool reliable;                  /* CLD2's own word on its first answer */
	struct pm_cld2_language {
		const char *code;       /* static, as CLD2 spells it; "un": unknown */
		int percent;            /* of the text's bytes */
	} top[PM_CLD2_TOP];             /* best first */
};

/* `text` must be valid UTF-8. No hints: the answer depends on the text alone. */
void pm_cld2_detect(const char *text, size_t len, struct pm_cld2 *out);
/* The version of library and tables; static. */
const char *pm_cld2_version(void);

#ifdef __cplusplus
}
#endif

#endif
