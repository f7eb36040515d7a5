#include "filters/decode/charset.h"

#include "core/simd.h"
#include "core/utf8.h"
#include "tests/test.h"

static struct pm_arena arena;

static struct pm_slice decode(enum pm_charset charset, struct pm_slice bytes, size_t *errors)
{
	pm_arena_reset(&arena);
	return pm_charset_decode(charset, bytes, &arena, errors);
}

/* Decodes and compares text and count of faults, with both twins. */
#define CHECK_DECODE(charset, bytes, text, faults)                                         \
	do {                                                                               \
		size_t errors_ = 99;                                                       \
		for (int twin_ = 0; twin_ < 2; twin_++) {                                  \
			pm_portable = twin_;                                               \
			CHECK_SLICE(decode(charset, PM_LIT(bytes), &errors_), text);       \
			CHECK(errors_ == (faults));                                        \
		}                                                                          \
		pm_portable = false;                                                       \
	} while (0)

#define BAD "\xef\xbf\xbd"

static void finds_labels(void)
{
	CHECK(pm_charset_find(PM_LIT("utf-8")) == PM_CHARSET_UTF_8);
	CHECK(pm_charset_find(PM_LIT(" \t\n\f\rUTF8 ")) == PM_CHARSET_UTF_8);
	CHECK(pm_charset_find(PM_LIT("866")) == PM_CHARSET_IBM866);                     /* the first */
	CHECK(pm_charset_find(PM_LIT("X-X-Big5")) == PM_CHARSET_BIG5);                  /* the last */
	CHECK(pm_charset_find(PM_LIT("latin1")) == PM_CHARSET_WINDOWS_1252);
	CHECK(pm_charset_find(PM_LIT("us-ascii")) == PM_CHARSET_WINDOWS_1252);
	CHECK(pm_charset_find(PM_LIT("gb2312")) == PM_CHARSET_GBK);
	CHECK(pm_charset_find(PM_LIT("KS_C_5601-1987")) == PM_CHARSET_EUC_KR);
	CHECK(pm_charset_find(PM_LIT("utf-16")) == PM_CHARSET_UTF_16LE);
	CHECK(pm_charset_find(PM_LIT("hz-gb-2312")) == PM_CHARSET_REPLACEMENT);
	CHECK(pm_charset_find(PM_LIT("")) == PM_CHARSET_NONE);
	CHECK(pm_charset_find(pm_slice(NULL, 0)) == PM_CHARSET_NONE);
	CHECK(pm_charset_find(PM_LIT("utf-7")) == PM_CHARSET_NONE);
	CHECK(pm_charset_find(PM_LIT("utf")) == PM_CHARSET_NONE);
	CHECK(pm_charset_find(PM_LIT("utf-8\0")) == PM_CHARSET_NONE);
	CHECK(pm_charset_find(PM_LIT("utf-8x")) == PM_CHARSET_NONE);
	CHECK(pm_charset_find(PM_LIT("\vutf-8")) == PM_CHARSET_NONE);   /* not HTML's white space */
	for (int c = PM_CHARSET_UTF_8; c < PM_CHARSETS; c++)
		CHECK(pm_charset_find(pm_slice_str(pm_charset_name(c))) == (enum pm_charset)c);
}

/* FNV-1a over what every run of one and two bytes decodes to, each closed by a newline. */
static uint64_t digest(enum pm_charset charset)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (unsigned i = 0; i < 256 + 65536; i++) {
		unsigned char b[2] = { (unsigned char)(i < 256 ? i : (i - 256) >> 8),
				       (unsigned char)i };
		struct pm_slice s = decode(charset, pm_slice((char *)b, i < 256 ? 1 : 2), NULL);

		if (s.ptr == NULL || pm_utf8_valid(s) != s.len)
			return 0;
		for (size_t k = 0; k <= s.len; k++)
			h = (h ^ (k < s.len ? (unsigned char)s.ptr[k] : '\n')) * 0x100000001b3u;
	}
	return h;
}

/* The digests were taken from decoders that follow the standard and share nothing with ours. */
static void decodes_all_pairs(void)
{
	static const struct {
		enum pm_charset charset;
		uint64_t digest;
	} known[] = {
		{ PM_CHARSET_UTF_8, 0x638c280b128cb3a5u },
		{ PM_CHARSET_IBM866, 0x07af63bdc58b2b56u },
		{ PM_CHARSET_ISO_8859_2, 0x8def9a30e8d58ad4u },
		{ PM_CHARSET_ISO_8859_3, 0xd0f46205364e6e97u },
		{ PM_CHARSET_ISO_8859_4, 0xd234fc39cb9db835u },
		{ PM_CHARSET_ISO_8859_5, 0xb61c97a3bcc38c27u },
		{ PM_CHARSET_ISO_8859_6, 0x5733f63d87f2fc10u },
		{ PM_CHARSET_ISO_8859_7, 0xb1316819dbabc3f5u },
		{ PM_CHARSET_ISO_8859_8, 0xc529b6162fcbd3a1u },
		{ PM_CHARSET_ISO_8859_8_I, 0xc529b6162fcbd3a1u },
		{ PM_CHARSET_ISO_8859_10, 0x3bb5d38c1230d47fu },
		{ PM_CHARSET_ISO_8859_13, 0x6cdc31ba447f7c39u },
		{ PM_CHARSET_ISO_8859_14, 0x74197a0cbeca0d4bu },
		{ PM_CHARSET_ISO_8859_15, 0xb52d50d817ccb4ccu },
		{ PM_CHARSET_ISO_8859_16, 0xf577649e979d25c2u },
		{ PM_CHARSET_KOI8_R, 0x33d7d74f1f143221u },
		{ PM_CHARSET_KOI8_U, 0x9df9b8d5d61a1379u },
		{ PM_CHARSET_MACINTOSH, 0xa7f9d6ca5348c1a9u },
		{ PM_CHARSET_WINDOWS_874, 0x56363d51a021dd05u },
		{ PM_CHARSET_WINDOWS_1250, 0x2496cac257a37255u },
		{ PM_CHARSET_WINDOWS_1251, 0xa3996b6887423fedu },
		{ PM_CHARSET_WINDOWS_1252, 0xb7ac909978a7e32au },
		{ PM_CHARSET_WINDOWS_1253, 0x8ed8e2cfd2655570u },
		{ PM_CHARSET_WINDOWS_1254, 0x569b0b118883dc60u },
		{ PM_CHARSET_WINDOWS_1255, 0x838f2272282a1bb9u },
		{ PM_CHARSET_WINDOWS_1256, 0x39b0f6bbe91f934fu },
		{ PM_CHARSET_WINDOWS_1257, 0xc689790730a1280au },
		{ PM_CHARSET_WINDOWS_1258, 0x446d5f2bf92acef7u },
		{ PM_CHARSET_X_MAC_CYRILLIC, 0xde86b81e56e76787u },
		{ PM_CHARSET_X_USER_DEFINED, 0x85564f887b696965u },
		{ PM_CHARSET_GBK, 0xbab377b5b297d65bu },
		{ PM_CHARSET_GB18030, 0xbab377b5b297d65bu },
		{ PM_CHARSET_BIG5, 0x36cac3f6fa7a498cu },
		{ PM_CHARSET_EUC_JP, 0xf3a4c538a91ab055u },
		{ PM_CHARSET_SHIFT_JIS, 0xb6cb4c2f7618fbbdu },
		{ PM_CHARSET_EUC_KR, 0x21ad4c994d2ae198u },
		{ PM_CHARSET_UTF_16BE, 0xda248acf0206e725u },
		{ PM_CHARSET_UTF_16LE, 0xc401dfe80de37565u },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		CHECK(digest(known[i].charset) == known[i].digest);
}

static void decodes_single_bytes(void)
{
	CHECK_DECODE(PM_CHARSET_WINDOWS_1252, "caf\xe9 \x80 \x81", "café € \xc2\x81", 0);
	CHECK_DECODE(PM_CHARSET_NONE, "\x93x\x94", "“x”", 0);
	CHECK_DECODE(PM_CHARSET_WINDOWS_1251, "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", 0);
	CHECK_DECODE(PM_CHARSET_KOI8_R, "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет", 0);
	CHECK_DECODE(PM_CHARSET_ISO_8859_8, "\xa1", BAD, 1);            /* a hole */
	CHECK_DECODE(PM_CHARSET_X_USER_DEFINED, "a\x80\xff", "a\xef\x9e\x80\xef\x9f\xbf", 0);
	CHECK_DECODE(PM_CHARSET_WINDOWS_1252, "0123456789abcde\xe9", "0123456789abcdeé", 0);
	CHECK_DECODE(PM_CHARSET_WINDOWS_1252, "0123456789abcdef\xe9", "0123456789abcdefé", 0);
	CHECK_DECODE(PM_CHARSET_WINDOWS_1252, "\xe9" "0123456789abcdef0", "é0123456789abcdef0", 0);
}

static void decodes_utf(void)
{
	CHECK_DECODE(PM_CHARSET_UTF_8, "a\xc3\xa9\xff\xe2\x82", "aé" BAD BAD, 2);
	CHECK_DECODE(PM_CHARSET_UTF_8, "\xe0\x80\x80", BAD BAD BAD, 3);         /* overlong */
	CHECK_DECODE(PM_CHARSET_UTF_8, "\xed\xa0\x80", BAD BAD BAD, 3);         /* a surrogate */
	CHECK_DECODE(PM_CHARSET_UTF_8, "\xf0\x9f\x98\x80", "😀", 0);
	CHECK_DECODE(PM_CHARSET_UTF_8, "\xf4\x90\x80\x80", BAD BAD BAD BAD, 4); /* U+110000 */
	CHECK_DECODE(PM_CHARSET_UTF_16LE, "a\0\xac\x20\x3d\xd8\x00\xde", "a€😀", 0);
	CHECK_DECODE(PM_CHARSET_UTF_16BE, "\0a\x20\xac\xd8\x3d\xde\x00", "a€😀", 0);
	CHECK_DECODE(PM_CHARSET_UTF_16LE, "\x3d\xd8" "a\0", BAD "a", 1);
	CHECK_DECODE(PM_CHARSET_UTF_16LE, "\x00\xde" "a\0", BAD "a", 1);
	CHECK_DECODE(PM_CHARSET_UTF_16LE, "a\0b", "a" BAD, 1);
	CHECK_DECODE(PM_CHARSET_UTF_16LE, "\x3d\xd8\x00", BAD, 1);              /* one fault, not two */
	CHECK_DECODE(PM_CHARSET_REPLACEMENT, "abc", BAD, 1);
	CHECK_DECODE(PM_CHARSET_REPLACEMENT, "", "", 0);
}

static void decodes_chinese(void)
{
	CHECK_DECODE(PM_CHARSET_GBK, "\xc4\xe3\xba\xc3\x80", "你好€", 0);
	CHECK_DECODE(PM_CHARSET_GB18030, "\x81\x30\x81\x30", "\xc2\x80", 0);
	CHECK_DECODE(PM_CHARSET_GB18030, "\x84\x31\xa4\x39", "\xef\xbf\xbf", 0);        /* the BMP's last */
	CHECK_DECODE(PM_CHARSET_GB18030, "\x84\x31\xa5\x30", BAD, 1);
	CHECK_DECODE(PM_CHARSET_GB18030, "\x90\x30\x81\x30", "\xf0\x90\x80\x80", 0);
	CHECK_DECODE(PM_CHARSET_GB18030, "\xe3\x32\x9a\x35", "\xf4\x8f\xbf\xbf", 0);    /* U+10FFFF */
	CHECK_DECODE(PM_CHARSET_GB18030, "\xe3\x32\x9a\x36", BAD, 1);
	CHECK_DECODE(PM_CHARSET_GB18030, "\x81\x35\xf4\x37", "\xee\x9f\x87", 0);        /* U+E7C7 */
	CHECK_DECODE(PM_CHARSET_GB18030, "\x81\x30\x81<", BAD "0" BAD "<", 2);
	CHECK_DECODE(PM_CHARSET_GB18030, "\x81\x30<", BAD "0<", 1);
	CHECK_DECODE(PM_CHARSET_GB18030, "\x81\x30\x81", BAD, 1);
	CHECK_DECODE(PM_CHARSET_GB18030, "\xc4<b>", BAD "<b>", 1);      /* markup is not swallowed */
	CHECK_DECODE(PM_CHARSET_GB18030, "\xff", BAD, 1);
	CHECK_DECODE(PM_CHARSET_BIG5, "\xa7\x41\xa6\x6e", "你好", 0);
	CHECK_DECODE(PM_CHARSET_BIG5, "\x88\x62\x88\xa5", "Ê̄ê̌", 0);
	CHECK_DECODE(PM_CHARSET_BIG5, "\x87\x45", "\xf0\xa7\x89\xa7", 0);       /* plane 2 */
	CHECK_DECODE(PM_CHARSET_BIG5, "\xa7<", BAD "<", 1);
	CHECK_DECODE(PM_CHARSET_BIG5, "\xa7\x80", BAD, 1);
	CHECK_DECODE(PM_CHARSET_BIG5, "\xa7", BAD, 1);
}

static void decodes_japanese_and_korean(void)
{
	CHECK_DECODE(PM_CHARSET_SHIFT_JIS, "\x93\xfa\x96\x7b\xb1\x80", "日本ｱ\xc2\x80", 0);
	CHECK_DECODE(PM_CHARSET_SHIFT_JIS, "\x87\x40\xfa\x40", "①ⅰ", 0);        /* NEC, IBM */
	CHECK_DECODE(PM_CHARSET_SHIFT_JIS, "\xf0\x40\xf9\xfc", "\xee\x80\x80\xee\x9d\x97", 0);
	CHECK_DECODE(PM_CHARSET_SHIFT_JIS, "\xfd\xa0\x81", BAD BAD BAD, 3);
	CHECK_DECODE(PM_CHARSET_SHIFT_JIS, "\x81=", BAD "=", 1);
	CHECK_DECODE(PM_CHARSET_EUC_JP, "\xc6\xfc\xcb\xdc\x8e\xb1\x8f\xb0\xa1", "日本ｱ丂", 0);
	CHECK_DECODE(PM_CHARSET_EUC_JP, "\x8f\xb0<", BAD "<", 1);
	CHECK_DECODE(PM_CHARSET_EUC_JP, "\x8f\xb0", BAD, 1);
	CHECK_DECODE(PM_CHARSET_EUC_JP, "\x8e\xe0\x80", BAD BAD, 2);
	CHECK_DECODE(PM_CHARSET_EUC_KR, "\xb4\xd9\x81\x41", "다갂", 0);
	CHECK_DECODE(PM_CHARSET_EUC_KR, "\xb4[", BAD "[", 1);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "a\x1b$B\x46\x7c\x4b\x5c\x1b(Bb", "a日本b", 0);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "\x1b(J\\~\x1b(I1", "¥‾ｱ", 0);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "\x1b(B\x1b(B", BAD, 1);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "\x1b$", BAD "$", 1);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "\x1b$B\x46", BAD, 1);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "\x1b$B\x46\x1b(B.", BAD ".", 1);
	CHECK_DECODE(PM_CHARSET_ISO_2022_JP, "\x0e\x80", BAD BAD, 2);
}

static void stops_at_the_ceiling(void)
{
	struct pm_arena small;
	char text[400];
	size_t before;

	memset(text, 0xe9, sizeof text);
	CHECK(pm_arena_open(&small, 4096) == 0);
	CHECK(pm_charset_decode(PM_CHARSET_WINDOWS_1252, pm_slice(text, 400), &small, NULL).len ==
	      800);
	/* Twice as long as its input: 4096 bytes hold this a few times only. */
	for (int i = 0; i < 10; i++) {
		struct pm_slice s;

		before = small.used;
		s = pm_charset_decode(PM_CHARSET_WINDOWS_1252, pm_slice(text, 400), &small, NULL);
		if (s.ptr == NULL)
			break;
		CHECK(s.len == 800);
	}
	CHECK(small.used <= before + 32);       /* nothing, or the gap that sanitizers need */
	CHECK(pm_charset_decode(PM_CHARSET_BIG5, PM_LIT("ab"), &small, NULL).len == 2);
	pm_arena_close(&small);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 1 << 20) == 0);
	RUN(finds_labels);
	RUN(decodes_all_pairs);
	RUN(decodes_single_bytes);
	RUN(decodes_utf);
	RUN(decodes_chinese);
	RUN(decodes_japanese_and_korean);
	RUN(stops_at_the_ceiling);
	pm_arena_close(&arena);
	return DONE();
}
