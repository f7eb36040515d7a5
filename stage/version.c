#include "stage/version.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <brotli/decode.h>
#include <idn2.h>
#include <jansson.h>
#include <libdeflate.h>
#include <librdkafka/rdkafka.h>
#include <nettle/version.h>
#include <pcre2.h>
#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

#include "core/json_write.h"
#include "core/simd.h"
#include "filters/language/cld2.h"

struct library {
	const char *name, *version;
};

enum { LIBRARIES = 10 };

static void libraries(struct library at[LIBRARIES], char pcre2[64], char nettle[16],
		      char brotli[16])
{
	uint32_t br = BrotliDecoderVersion();

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	snprintf(nettle, 16, "%d.%d", nettle_version_major(), nettle_version_minor());
	at[0] = (struct library){ "librdkafka", rd_kafka_version_str() };
	at[1] = (struct library){ "jansson", jansson_version_str() };
	at[2] = (struct library){ "pcre2", pcre2 };
	at[3] = (struct library){ "libidn2", idn2_check_version(NULL) };
	at[4] = (struct library){ "nettle", nettle };
	at[5] = (struct library){ "cld2", pm_cld2_version() };
	snprintf(brotli, 16, "%u.%u.%u", br >> 24, br >> 12 & 0xfff, br & 0xfff);
	at[6] = (struct library){ "zlib", zlibVersion() };
	at[7] = (struct library){ "libdeflate", LIBDEFLATE_VERSION_STRING };
	at[8] = (struct library){ "brotli", brotli };
	at[9] = (struct library){ "zstd", ZSTD_versionString() };
}

static const char *path(void)
{
	return PM_USE_SSE2 ? "sse2" : "portable";
}

void pm_version_print(void)
{
	struct library at[LIBRARIES];
	char pcre2[64] = "", nettle[16], brotli[16];

	libraries(at, pcre2, nettle, brotli);
	printf("pagemill %s\nbuild: %s, %s, compiler %s\n", PM_VERSION, PM_BUILD, path(),
	       __VERSION__);
	for (size_t i = 0; i < LIBRARIES; i++)
		printf("%s: %s\n", at[i].name, at[i].version);
}

void pm_version_json(struct pm_buf *to, const char *chain)
{
	struct library at[LIBRARIES];
	char pcre2[64] = "", nettle[16], brotli[16];
	struct pm_jw w = { .buf = to };

	libraries(at, pcre2, nettle, brotli);
	pm_jw_object(&w);
	pm_jw_key(&w, "name");
	pm_jw_string(&w, PM_LIT("pagemill"));
	pm_jw_key(&w, "version");
	pm_jw_string(&w, PM_LIT(PM_VERSION));
	pm_jw_key(&w, "build");
	pm_jw_string(&w, PM_LIT(PM_BUILD));
	pm_jw_key(&w, "path");
	pm_jw_string(&w, pm_slice_str(path()));
	if (chain) {
		pm_jw_key(&w, "chain");
		pm_jw_string(&w, pm_slice_str(chain));
	}
	pm_jw_key(&w, "libraries");
	pm_jw_object(&w);
	for (size_t i = 0; i < LIBRARIES; i++) {
		pm_jw_key(&w, at[i].name);
		pm_jw_string(&w, pm_slice_str(at[i].version));
	}
	pm_jw_object_end(&w);
	pm_jw_object_end(&w);
}
