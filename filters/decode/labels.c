/* The 228 labels of the Encoding Standard, sorted by their bytes, and the encodings' names. */
#include "filters/decode/charset.h"

struct label {
	const char *label;
	enum pm_charset charset;
};

static const struct label labels[] = {
	{ "866", PM_CHARSET_IBM866 }, { "ansi_x3.4-1968", PM_CHARSET_WINDOWS_1252 },
	{ "arabic", PM_CHARSET_ISO_8859_6 }, { "ascii", PM_CHARSET_WINDOWS_1252 },
	{ "asmo-708", PM_CHARSET_ISO_8859_6 }, { "big5", PM_CHARSET_BIG5 },
	{ "big5-hkscs", PM_CHARSET_BIG5 }, { "chinese", PM_CHARSET_GBK },
	{ "cn-big5", PM_CHARSET_BIG5 }, { "cp1250", PM_CHARSET_WINDOWS_1250 },
	{ "cp1251", PM_CHARSET_WINDOWS_1251 }, { "cp1252", PM_CHARSET_WINDOWS_1252 },
	{ "cp1253", PM_CHARSET_WINDOWS_1253 }, { "cp1254", PM_CHARSET_WINDOWS_1254 },
	{ "cp1255", PM_CHARSET_WINDOWS_1255 }, { "cp1256", PM_CHARSET_WINDOWS_1256 },
	{ "cp1257", PM_CHARSET_WINDOWS_1257 }, { "cp1258", PM_CHARSET_WINDOWS_1258 },
	{ "cp819", PM_CHARSET_WINDOWS_1252 }, { "cp866", PM_CHARSET_IBM866 },
	{ "csbig5", PM_CHARSET_BIG5 }, { "cseuckr", PM_CHARSET_EUC_KR },
	{ "cseucpkdfmtjapanese", PM_CHARSET_EUC_JP }, { "csgb2312", PM_CHARSET_GBK },
	{ "csibm866", PM_CHARSET_IBM866 }, { "csiso2022jp", PM_CHARSET_ISO_2022_JP },
	{ "csiso2022kr", PM_CHARSET_REPLACEMENT }, { "csiso58gb231280", PM_CHARSET_GBK },
	{ "csiso88596e", PM_CHARSET_ISO_8859_6 }, { "csiso88596i", PM_CHARSET_ISO_8859_6 },
	{ "csiso88598e", PM_CHARSET_ISO_8859_8 }, { "csiso88598i", PM_CHARSET_ISO_8859_8_I },
	{ "csisolatin1", PM_CHARSET_WINDOWS_1252 }, { "csisolatin2", PM_CHARSET_ISO_8859_2 },
	{ "csisolatin3", PM_CHARSET_ISO_8859_3 }, { "csisolatin4", PM_CHARSET_ISO_8859_4 },
	{ "csisolatin5", PM_CHARSET_WINDOWS_1254 }, { "csisolatin6", PM_CHARSET_ISO_8859_10 },
	{ "csisolatin9", PM_CHARSET_ISO_8859_15 }, { "csisolatinarabic", PM_CHARSET_ISO_8859_6 },
	{ "csisolatincyrillic", PM_CHARSET_ISO_8859_5 },
	{ "csisolatingreek", PM_CHARSET_ISO_8859_7 },
	{ "csisolatinhebrew", PM_CHARSET_ISO_8859_8 }, { "cskoi8r", PM_CHARSET_KOI8_R },
	{ "csksc56011987", PM_CHARSET_EUC_KR }, { "csmacintosh", PM_CHARSET_MACINTOSH },
	{ "csshiftjis", PM_CHARSET_SHIFT_JIS }, { "csunicode", PM_CHARSET_UTF_16LE },
	{ "cyrillic", PM_CHARSET_ISO_8859_5 }, { "dos-874", PM_CHARSET_WINDOWS_874 },
	{ "ecma-114", PM_CHARSET_ISO_8859_6 }, { "ecma-118", PM_CHARSET_ISO_8859_7 },
	{ "elot_928", PM_CHARSET_ISO_8859_7 }, { "euc-jp", PM_CHARSET_EUC_JP },
	{ "euc-kr", PM_CHARSET_EUC_KR }, { "gb18030", PM_CHARSET_GB18030 },
	{ "gb2312", PM_CHARSET_GBK }, { "gb_2312", PM_CHARSET_GBK },
	{ "gb_2312-80", PM_CHARSET_GBK }, { "gbk", PM_CHARSET_GBK },
	{ "greek", PM_CHARSET_ISO_8859_7 }, { "greek8", PM_CHARSET_ISO_8859_7 },
	{ "hebrew", PM_CHARSET_ISO_8859_8 }, { "hz-gb-2312", PM_CHARSET_REPLACEMENT },
	{ "ibm819", PM_CHARSET_WINDOWS_1252 }, { "ibm866", PM_CHARSET_IBM866 },
	{ "iso-10646-ucs-2", PM_CHARSET_UTF_16LE }, { "iso-2022-cn", PM_CHARSET_REPLACEMENT },
	{ "iso-2022-cn-ext", PM_CHARSET_REPLACEMENT }, { "iso-2022-jp", PM_CHARSET_ISO_2022_JP },
	{ "iso-2022-kr", PM_CHARSET_REPLACEMENT }, { "iso-8859-1", PM_CHARSET_WINDOWS_1252 },
	{ "iso-8859-10", PM_CHARSET_ISO_8859_10 }, { "iso-8859-11", PM_CHARSET_WINDOWS_874 },
	{ "iso-8859-13", PM_CHARSET_ISO_8859_13 }, { "iso-8859-14", PM_CHARSET_ISO_8859_14 },
	{ "iso-8859-15", PM_CHARSET_ISO_8859_15 }, { "iso-8859-16", PM_CHARSET_ISO_8859_16 },
	{ "iso-8859-2", PM_CHARSET_ISO_8859_2 }, { "iso-8859-3", PM_CHARSET_ISO_8859_3 },
	{ "iso-8859-4", PM_CHARSET_ISO_8859_4 }, { "iso-8859-5", PM_CHARSET_ISO_8859_5 },
	{ "iso-8859-6", PM_CHARSET_ISO_8859_6 }, { "iso-8859-6-e", PM_CHARSET_ISO_8859_6 },
	{ "iso-8859-6-i", PM_CHARSET_ISO_8859_6 }, { "iso-8859-7", PM_CHARSET_ISO_8859_7 },
	{ "iso-8859-8", PM_CHARSET_ISO_8859_8 }, { "iso-8859-8-e", PM_CHARSET_ISO_8859_8 },
	{ "iso-8859-8-i", PM_CHARSET_ISO_8859_8_I }, { "iso-8859-9", PM_CHARSET_WINDOWS_1254 },
	{ "iso-ir-100", PM_CHARSET_WINDOWS_1252 }, { "iso-ir-101", PM_CHARSET_ISO_8859_2 },
	{ "iso-ir-109", PM_CHARSET_ISO_8859_3 }, { "iso-ir-110", PM_CHARSET_ISO_8859_4 },
	{ "iso-ir-126", PM_CHARSET_ISO_8859_7 }, { "iso-ir-127", PM_CHARSET_ISO_8859_6 },
	{ "iso-ir-138", PM_CHARSET_ISO_8859_8 }, { "iso-ir-144", PM_CHARSET_ISO_8859_5 },
	{ "iso-ir-148", PM_CHARSET_WINDOWS_1254 }, { "iso-ir-149", PM_CHARSET_EUC_KR },
	{ "iso-ir-157", PM_CHARSET_ISO_8859_10 }, { "iso-ir-58", PM_CHARSET_GBK },
	{ "iso8859-1", PM_CHARSET_WINDOWS_1252 }, { "iso8859-10", PM_CHARSET_ISO_8859_10 },
	{ "iso8859-11", PM_CHARSET_WINDOWS_874 }, { "iso8859-13", PM_CHARSET_ISO_8859_13 },
	{ "iso8859-14", PM_CHARSET_ISO_8859_14 }, { "iso8859-15", PM_CHARSET_ISO_8859_15 },
	{ "iso8859-2", PM_CHARSET_ISO_8859_2 }, { "iso8859-3", PM_CHARSET_ISO_8859_3 },
	{ "iso8859-4", PM_CHARSET_ISO_8859_4 }, { "iso8859-5", PM_CHARSET_ISO_8859_5 },
	{ "iso8859-6", PM_CHARSET_ISO_8859_6 }, { "iso8859-7", PM_CHARSET_ISO_8859_7 },
	{ "iso8859-8", PM_CHARSET_ISO_8859_8 }, { "iso8859-9", PM_CHARSET_WINDOWS_1254 },
	{ "iso88591", PM_CHARSET_WINDOWS_1252 }, { "iso885910", PM_CHARSET_ISO_8859_10 },
	{ "iso885911", PM_CHARSET_WINDOWS_874 }, { "iso885913", PM_CHARSET_ISO_8859_13 },
	{ "iso885914", PM_CHARSET_ISO_8859_14 }, { "iso885915", PM_CHARSET_ISO_8859_15 },
	{ "iso88592", PM_CHARSET_ISO_8859_2 }, { "iso88593", PM_CHARSET_ISO_8859_3 },
	{ "iso88594", PM_CHARSET_ISO_8859_4 }, { "iso88595", PM_CHARSET_ISO_8859_5 },
	{ "iso88596", PM_CHARSET_ISO_8859_6 }, { "iso88597", PM_CHARSET_ISO_8859_7 },
	{ "iso88598", PM_CHARSET_ISO_8859_8 }, { "iso88599", PM_CHARSET_WINDOWS_1254 },
	{ "iso_8859-1", PM_CHARSET_WINDOWS_1252 }, { "iso_8859-15", PM_CHARSET_ISO_8859_15 },
	{ "iso_8859-1:1987", PM_CHARSET_WINDOWS_1252 }, { "iso_8859-2", PM_CHARSET_ISO_8859_2 },
	{ "iso_8859-2:1987", PM_CHARSET_ISO_8859_2 }, { "iso_8859-3", PM_CHARSET_ISO_8859_3 },
	{ "iso_8859-3:1988", PM_CHARSET_ISO_8859_3 }, { "iso_8859-4", PM_CHARSET_ISO_8859_4 },
	{ "iso_8859-4:1988", PM_CHARSET_ISO_8859_4 }, { "iso_8859-5", PM_CHARSET_ISO_8859_5 },
	{ "iso_8859-5:1988", PM_CHARSET_ISO_8859_5 }, { "iso_8859-6", PM_CHARSET_ISO_8859_6 },
	{ "iso_8859-6:1987", PM_CHARSET_ISO_8859_6 }, { "iso_8859-7", PM_CHARSET_ISO_8859_7 },
	{ "iso_8859-7:1987", PM_CHARSET_ISO_8859_7 }, { "iso_8859-8", PM_CHARSET_ISO_8859_8 },
	{ "iso_8859-8:1988", PM_CHARSET_ISO_8859_8 }, { "iso_8859-9", PM_CHARSET_WINDOWS_1254 },
	{ "iso_8859-9:1989", PM_CHARSET_WINDOWS_1254 }, { "koi", PM_CHARSET_KOI8_R },
	{ "koi8", PM_CHARSET_KOI8_R }, { "koi8-r", PM_CHARSET_KOI8_R },
	{ "koi8-ru", PM_CHARSET_KOI8_U }, { "koi8-u", PM_CHARSET_KOI8_U },
	{ "koi8_r", PM_CHARSET_KOI8_R }, { "korean", PM_CHARSET_EUC_KR },
	{ "ks_c_5601-1987", PM_CHARSET_EUC_KR }, { "ks_c_5601-1989", PM_CHARSET_EUC_KR },
	{ "ksc5601", PM_CHARSET_EUC_KR }, { "ksc_5601", PM_CHARSET_EUC_KR },
	{ "l1", PM_CHARSET_WINDOWS_1252 }, { "l2", PM_CHARSET_ISO_8859_2 },
	{ "l3", PM_CHARSET_ISO_8859_3 }, { "l4", PM_CHARSET_ISO_8859_4 },
	{ "l5", PM_CHARSET_WINDOWS_1254 }, { "l6", PM_CHARSET_ISO_8859_10 },
	{ "l9", PM_CHARSET_ISO_8859_15 }, { "latin1", PM_CHARSET_WINDOWS_1252 },
	{ "latin2", PM_CHARSET_ISO_8859_2 }, { "latin3", PM_CHARSET_ISO_8859_3 },
	{ "latin4", PM_CHARSET_ISO_8859_4 }, { "latin5", PM_CHARSET_WINDOWS_1254 },
	{ "latin6", PM_CHARSET_ISO_8859_10 }, { "logical", PM_CHARSET_ISO_8859_8_I },
	{ "mac", PM_CHARSET_MACINTOSH }, { "macintosh", PM_CHARSET_MACINTOSH },
	{ "ms932", PM_CHARSET_SHIFT_JIS }, { "ms_kanji", PM_CHARSET_SHIFT_JIS },
	{ "replacement", PM_CHARSET_REPLACEMENT }, { "shift-jis", PM_CHARSET_SHIFT_JIS },
	{ "shift_jis", PM_CHARSET_SHIFT_JIS }, { "sjis", PM_CHARSET_SHIFT_JIS },
	{ "sun_eu_greek", PM_CHARSET_ISO_8859_7 }, { "tis-620", PM_CHARSET_WINDOWS_874 },
	{ "ucs-2", PM_CHARSET_UTF_16LE }, { "unicode", PM_CHARSET_UTF_16LE },
	{ "unicode-1-1-utf-8", PM_CHARSET_UTF_8 }, { "unicode11utf8", PM_CHARSET_UTF_8 },
	{ "unicode20utf8", PM_CHARSET_UTF_8 }, { "unicodefeff", PM_CHARSET_UTF_16LE },
	{ "unicodefffe", PM_CHARSET_UTF_16BE }, { "us-ascii", PM_CHARSET_WINDOWS_1252 },
	{ "utf-16", PM_CHARSET_UTF_16LE }, { "utf-16be", PM_CHARSET_UTF_16BE },
	{ "utf-16le", PM_CHARSET_UTF_16LE }, { "utf-8", PM_CHARSET_UTF_8 },
	{ "utf8", PM_CHARSET_UTF_8 }, { "visual", PM_CHARSET_ISO_8859_8 },
	{ "windows-1250", PM_CHARSET_WINDOWS_1250 }, { "windows-1251", PM_CHARSET_WINDOWS_1251 },
	{ "windows-1252", PM_CHARSET_WINDOWS_1252 }, { "windows-1253", PM_CHARSET_WINDOWS_1253 },
	{ "windows-1254", PM_CHARSET_WINDOWS_1254 }, { "windows-1255", PM_CHARSET_WINDOWS_1255 },
	{ "windows-1256", PM_CHARSET_WINDOWS_1256 }, { "windows-1257", PM_CHARSET_WINDOWS_1257 },
	{ "windows-1258", PM_CHARSET_WINDOWS_1258 }, { "windows-31j", PM_CHARSET_SHIFT_JIS },
	{ "windows-874", PM_CHARSET_WINDOWS_874 }, { "windows-949", PM_CHARSET_EUC_KR },
	{ "x-cp1250", PM_CHARSET_WINDOWS_1250 }, { "x-cp1251", PM_CHARSET_WINDOWS_1251 },
	{ "x-cp1252", PM_CHARSET_WINDOWS_1252 }, { "x-cp1253", PM_CHARSET_WINDOWS_1253 },
	{ "x-cp1254", PM_CHARSET_WINDOWS_1254 }, { "x-cp1255", PM_CHARSET_WINDOWS_1255 },
	{ "x-cp1256", PM_CHARSET_WINDOWS_1256 }, { "x-cp1257", PM_CHARSET_WINDOWS_1257 },
	{ "x-cp1258", PM_CHARSET_WINDOWS_1258 }, { "x-euc-jp", PM_CHARSET_EUC_JP },
	{ "x-gbk", PM_CHARSET_GBK }, { "x-mac-cyrillic", PM_CHARSET_X_MAC_CYRILLIC },
	{ "x-mac-roman", PM_CHARSET_MACINTOSH }, { "x-mac-ukrainian", PM_CHARSET_X_MAC_CYRILLIC },
	{ "x-sjis", PM_CHARSET_SHIFT_JIS }, { "x-unicode20utf8", PM_CHARSET_UTF_8 },
	{ "x-user-defined", PM_CHARSET_X_USER_DEFINED }, { "x-x-big5", PM_CHARSET_BIG5 },
};

static const char *const names[PM_CHARSETS] = {
	[PM_CHARSET_NONE] = "none",
	[PM_CHARSET_UTF_8] = "UTF-8",
	[PM_CHARSET_IBM866] = "IBM866",
	[PM_CHARSET_ISO_8859_2] = "ISO-8859-2",
	[PM_CHARSET_ISO_8859_3] = "ISO-8859-3",
	[PM_CHARSET_ISO_8859_4] = "ISO-8859-4",
	[PM_CHARSET_ISO_8859_5] = "ISO-8859-5",
	[PM_CHARSET_ISO_8859_6] = "ISO-8859-6",
	[PM_CHARSET_ISO_8859_7] = "ISO-8859-7",
	[PM_CHARSET_ISO_8859_8] = "ISO-8859-8",
	[PM_CHARSET_ISO_8859_8_I] = "ISO-8859-8-I",
	[PM_CHARSET_ISO_8859_10] = "ISO-8859-10",
	[PM_CHARSET_ISO_8859_13] = "ISO-8859-13",
	[PM_CHARSET_ISO_8859_14] = "ISO-8859-14",
	[PM_CHARSET_ISO_8859_15] = "ISO-8859-15",
	[PM_CHARSET_ISO_8859_16] = "ISO-8859-16",
	[PM_CHARSET_KOI8_R] = "KOI8-R",
	[PM_CHARSET_KOI8_U] = "KOI8-U",
	[PM_CHARSET_MACINTOSH] = "macintosh",
	[PM_CHARSET_WINDOWS_874] = "windows-874",
	[PM_CHARSET_WINDOWS_1250] = "windows-1250",
	[PM_CHARSET_WINDOWS_1251] = "windows-1251",
	[PM_CHARSET_WINDOWS_1252] = "windows-1252",
	[PM_CHARSET_WINDOWS_1253] = "windows-1253",
	[PM_CHARSET_WINDOWS_1254] = "windows-1254",
	[PM_CHARSET_WINDOWS_1255] = "windows-1255",
	[PM_CHARSET_WINDOWS_1256] = "windows-1256",
	[PM_CHARSET_WINDOWS_1257] = "windows-1257",
	[PM_CHARSET_WINDOWS_1258] = "windows-1258",
	[PM_CHARSET_X_MAC_CYRILLIC] = "x-mac-cyrillic",
	[PM_CHARSET_X_USER_DEFINED] = "x-user-defined",
	[PM_CHARSET_GBK] = "GBK",
	[PM_CHARSET_GB18030] = "gb18030",
	[PM_CHARSET_BIG5] = "Big5",
	[PM_CHARSET_EUC_JP] = "EUC-JP",
	[PM_CHARSET_ISO_2022_JP] = "ISO-2022-JP",
	[PM_CHARSET_SHIFT_JIS] = "Shift_JIS",
	[PM_CHARSET_EUC_KR] = "EUC-KR",
	[PM_CHARSET_REPLACEMENT] = "replacement",
	[PM_CHARSET_UTF_16BE] = "UTF-16BE",
	[PM_CHARSET_UTF_16LE] = "UTF-16LE",
};

const char *pm_charset_name(enum pm_charset charset)
{
	return names[charset];
}

/* Like strcmp of the lower-cased label with a lower-case string. */
static int compare(struct pm_slice label, const char *str)
{
	for (size_t i = 0; i < label.len; i++) {
		int diff = (unsigned char)pm_ascii_lower(label.ptr[i]) - (unsigned char)str[i];

		if (diff != 0)
			return diff;
		if (str[i] == 0)        /* a NUL in the label: longer than the string */
			return 1;
	}
	return str[label.len] ? -1 : 0;
}

enum pm_charset pm_charset_find(struct pm_slice label)
{
	size_t low = 0, high = sizeof labels / sizeof *labels;

	label = pm_slice_trim(label);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int diff = compare(label, labels[mid].label);

		if (diff == 0)
			return labels[mid].charset;
		if (diff < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return PM_CHARSET_NONE;
}
