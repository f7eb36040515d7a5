#include "filters/language/cld2.h"

#include <climits>
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

void pm_cld2_detect(const char *text, size_t len, struct pm_cld2 *out)
{
	CLD2::CLDHints hints = { NULL, NULL, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE };
	CLD2::Language language[PM_CLD2_TOP];
	int percent[PM_CLD2_TOP], bytes = 0;
	double score[PM_CLD2_TOP];
	bool reliable = false;

	CLD2::ExtDetectLanguageSummary(text, len > INT_MAX ? INT_MAX : (int)len, true, &hints, 0,
				       language, percent, score, NULL, &bytes, &reliable);
	out->reliable = reliable;
	for (int i = 0; i < PM_CLD2_TOP; i++)
		out->top[i] = { CLD2::LanguageCode(language[i]), percent[i] };
}

const char *pm_cld2_version(void)
{
	return CLD2::DetectLanguageVersion();
}
