#include "filters/libraries.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <idn2.h>
#include <pcre2.h>

#include "core/psl.h"
#include "filters/loader.h"

void pm_libraries_frame(struct pm_loader *load)
{
	char version[64] = "";

	pcre2_config(PCRE2_CONFIG_VERSION, version);
	pm_loader_frame(load, "pcre2", pm_slice_str(version));
	pm_loader_frame(load, "idn2", pm_slice_str(idn2_check_version(NULL)));
	pm_loader_frame(load, "public suffix list", pm_psl_bytes());
}
