/* filters/gen/charset.c -- prints charset.inc: what bytes mean in every legacy encoding.
 *
 * The mappings are glibc's; where its converters and the WHATWG indexes part, the standard's code
 * points are listed here. Runs on the building machine only. */
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fix {
	unsigned bytes, cp;
};

struct single {
	const char *name, *iconv;
	struct fix fix[2];
};

/* In the order of enum pm_charset. In the windows encodings an unassigned byte of 0x80 to 0x9F is
 * the control of that number. */
static const struct single singles[] = {
	{ "IBM866", "IBM866", { { 0, 0 } } },
	{ "ISO_8859_2", "ISO-8859-2", { { 0, 0 } } },
	{ "ISO_8859_3", "ISO-8859-3", { { 0, 0 } } },
	{ "ISO_8859_4", "ISO-8859-4", { { 0, 0 } } },
	{ "ISO_8859_5", "ISO-8859-5", { { 0, 0 } } },
	{ "ISO_8859_6", "ISO-8859-6", { { 0, 0 } } },
	{ "ISO_8859_7", "ISO-8859-7", { { 0, 0 } } },
	{ "ISO_8859_8", "ISO-8859-8", { { 0, 0 } } },
	{ "ISO_8859_8_I", "ISO-8859-8", { { 0, 0 } } },
	{ "ISO_8859_10", "ISO-8859-10", { { 0, 0 } } },
	{ "ISO_8859_13", "ISO-8859-13", { { 0, 0 } } },
	{ "ISO_8859_14", "ISO-8859-14", { { 0, 0 } } },
	{ "ISO_8859_15", "ISO-8859-15", { { 0, 0 } } },
	{ "ISO_8859_16", "ISO-8859-16", { { 0, 0 } } },
	{ "KOI8_R", "KOI8-R", { { 0, 0 } } },
	{ "KOI8_U", "KOI8-U", { { 0xae, 0x45e }, { 0xbe, 0x40e } } },
	{ "MACINTOSH", "MACINTOSH", { { 0xc6, 0x2206 }, { 0xf0, 0xf8ff } } },
	{ "WINDOWS_874", "CP874", { { 0, 0 } } },
	{ "WINDOWS_1250", "CP1250", { { 0, 0 } } },
	{ "WINDOWS_1251", "CP1251", { { 0, 0 } } },
	{ "WINDOWS_1252", "CP1252", { { 0, 0 } } },
	{ "WINDOWS_1253", "CP1253", { { 0, 0 } } },
	{ "WINDOWS_1254", "CP1254", { { 0, 0 } } },
	{ "WINDOWS_1255", "CP1255", { { 0xca, 0x5ba } } },
	{ "WINDOWS_1256", "CP1256", { { 0, 0 } } },
	{ "WINDOWS_1257", "CP1257", { { 0, 0 } } },
	{ "WINDOWS_1258", "CP1258", { { 0, 0 } } },
	{ "X_MAC_CYRILLIC", "MAC-UK", { { 0xff, 0x20ac } } },
	{ "X_USER_DEFINED", NULL, { { 0, 0 } } },
};

/* Big5 has the ETEN characters and the duplicates that HKSCS-2008 leaves out. A3C0 to A3DF, the
 * control pictures, are filled in by a loop. */
static const struct fix big5_fixes[] = {
	{ 0x8e69, 0x7bb8 }, { 0x8e6f, 0x7c06 }, { 0x8e7e, 0x7cce }, { 0x8eab, 0x7dd2 },
	{ 0x8eb4, 0x7e1d }, { 0x8ecd, 0x8005 }, { 0x8ed0, 0x8028 }, { 0x8f57, 0x83c1 },
	{ 0x8f69, 0x84a8 }, { 0x8f6e, 0x840f }, { 0x8fcb, 0x89a6 }, { 0x8fcc, 0x89a9 },
	{ 0x8ffe, 0x8d77 }, { 0x906d, 0x90fd }, { 0x907a, 0x92b9 }, { 0x90dc, 0x975c },
	{ 0x90f1, 0x97ff }, { 0x91bf, 0x9f16 }, { 0x9244, 0x8503 }, { 0x92af, 0x5159 },
	{ 0x92b0, 0x515b }, { 0x92b1, 0x515d }, { 0x92b2, 0x515e }, { 0x92c8, 0x936e },
	{ 0x92d1, 0x7479 }, { 0x9447, 0x6d67 }, { 0x94ca, 0x799b }, { 0x95d9, 0x9097 },
	{ 0x9644, 0x975d }, { 0x96ed, 0x701e }, { 0x96fc, 0x5b28 }, { 0x9b76, 0x7201 },
	{ 0x9b78, 0x77d7 }, { 0x9b7b, 0x7e87 }, { 0x9bc6, 0x99d6 }, { 0x9bde, 0x91d4 },
	{ 0x9bec, 0x60de }, { 0x9bf6, 0x6fb6 }, { 0x9c42, 0x8f36 }, { 0x9c53, 0x4fbb },
	{ 0x9c62, 0x71df }, { 0x9c68, 0x9104 }, { 0x9c6b, 0x9df0 }, { 0x9c77, 0x83cf },
	{ 0x9cbc, 0x5c10 }, { 0x9cbd, 0x79e3 }, { 0x9cd0, 0x5a67 }, { 0x9d57, 0x8f0b },
	{ 0x9d5a, 0x7b51 }, { 0x9dc4, 0x62d0 }, { 0x9ea9, 0x6062 }, { 0x9eef, 0x75f9 },
	{ 0x9efd, 0x6c4a }, { 0x9f60, 0x9b2e }, { 0x9f66, 0x9f17 }, { 0x9fcb, 0x50ed },
	{ 0x9fd8, 0x5f0c }, { 0xa063, 0x880f }, { 0xa077, 0x62ce }, { 0xa0d5, 0x7468 },
	{ 0xa0df, 0x7162 }, { 0xa0e4, 0x7250 }, { 0xa145, 0x2027 }, { 0xa14e, 0xfe51 },
	{ 0xa15a, 0x2574 }, { 0xa1c2, 0x00af }, { 0xa1c3, 0xffe3 }, { 0xa1c5, 0x02cd },
	{ 0xa1e3, 0xff5e }, { 0xa1f2, 0x2295 }, { 0xa1f3, 0x2299 }, { 0xa1fe, 0xff0f },
	{ 0xa240, 0xff3c }, { 0xa241, 0x2215 }, { 0xa242, 0xfe68 }, { 0xa244, 0xffe5 },
	{ 0xa246, 0xffe0 }, { 0xa247, 0xffe1 }, { 0xa2cc, 0x5341 }, { 0xa2ce, 0x5345 },
	{ 0xa3e0, 0x2421 }, { 0xa3e1, 0x20ac }, { 0xc6cf, 0x5ef4 }, { 0xc6d3, 0x65e0 },
	{ 0xc6d5, 0x7676 }, { 0xc6d7, 0x96b6 }, { 0xc6de, 0x3003 }, { 0xc6df, 0x4edd },
	{ 0xfa5f, 0x5029 }, { 0xfa66, 0x507d }, { 0xfabd, 0x5305 }, { 0xfac5, 0x5344 },
	{ 0xfad5, 0x537f }, { 0xfb48, 0x5605 }, { 0xfbb8, 0x5a77 }, { 0xfbf3, 0x5e75 },
	{ 0xfbf9, 0x5ed0 }, { 0xfc4f, 0x5f58 }, { 0xfc6c, 0x60a4 }, { 0xfcb9, 0x6490 },
	{ 0xfce2, 0x6674 }, { 0xfcf1, 0x675e }, { 0xfdb7, 0x6c9c }, { 0xfdb8, 0x6e1d },
	{ 0xfdbb, 0x6e2f }, { 0xfdf1, 0x716e }, { 0xfe52, 0x732a }, { 0xfe6f, 0x745c },
	{ 0xfeaa, 0x74e9 }, { 0xfedd, 0x7809 },
};

/* GB18030-2005 private use where the standard keeps it, and the ideographic space of deployed
 * pages at A3A0. The rest of GB18030-2022 is in glibc as the standard has it. */
static const struct fix gb_fixes[] = {
	{ 0xa3a0, 0x3000 }, { 0xfe51, 0xe816 }, { 0xfe52, 0xe817 }, { 0xfe53, 0xe818 },
	{ 0xfe6c, 0xe831 }, { 0xfe76, 0xe83b }, { 0xfe91, 0xe855 }, { 0xa8bc, 0x1e3f },
	{ 0xa6d9, 0xfe10 }, { 0xa6da, 0xfe12 }, { 0xa6db, 0xfe11 }, { 0xa6dc, 0xfe13 },
	{ 0xa6dd, 0xfe14 }, { 0xa6de, 0xfe15 }, { 0xa6df, 0xfe16 }, { 0xa6ec, 0xfe17 },
	{ 0xa6ed, 0xfe18 }, { 0xa6f3, 0xfe19 }, { 0xfe59, 0x9fb4 }, { 0xfe61, 0x9fb5 },
	{ 0xfe66, 0x9fb6 }, { 0xfe67, 0x9fb7 }, { 0xfe6d, 0x9fb8 }, { 0xfe7e, 0x9fb9 },
	{ 0xfe90, 0x9fba }, { 0xfea0, 0x9fbb },
};

static iconv_t convert_open(const char *name)
{
	iconv_t cd = iconv_open("UTF-32LE", name);

	if (cd == (iconv_t)-1) {
		fprintf(stderr, "charset: iconv does not know %s (install libc6's gconv modules)\n",
			name);
		exit(1);
	}
	return cd;
}

/* The one code point that the bytes stand for, or 0. */
static uint32_t convert(iconv_t cd, const unsigned char *bytes, size_t len)
{
	unsigned char to[16];
	char in[4], *from = in, *out = (char *)to;
	size_t left = sizeof to;

	memcpy(in, bytes, len);
	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &len, &out, &left) == (size_t)-1 || len != 0)
		return 0;
	iconv(cd, NULL, NULL, &out, &left);
	if (left != sizeof to - 4)
		return 0;
	return to[0] | (uint32_t)to[1] << 8 | (uint32_t)to[2] << 16 | (uint32_t)to[3] << 24;
}

/* Three bytes of UTF-8, how many of them count (bits 24 to 25), and bit 31 where there is
 * nothing. */
static uint32_t packed(uint32_t cp)
{
	if (cp == 0)
		return 0x83bdbfefu;
	if (cp < 0x800)
		return 2u << 24 | (0x80 | (cp & 63)) << 8 | 0xc0 | cp >> 6;
	return 3u << 24 | (0x80 | (cp & 63)) << 16 | (0x80 | (cp >> 6 & 63)) << 8 | 0xe0 | cp >> 12;
}

static uint32_t single(const struct single *s, iconv_t cd, unsigned byte)
{
	unsigned char b = (unsigned char)byte;
	uint32_t cp;

	if (s->iconv == NULL)
		return 0xf700 + byte;
	for (size_t i = 0; i < 2; i++)
		if (s->fix[i].bytes == byte)
			return s->fix[i].cp;
	cp = convert(cd, &b, 1);
	if (cp == 0 && byte < 0xa0 && strncmp(s->name, "WINDOWS", 7) == 0)
		return byte;
	return cp;
}

static void print_singles(void)
{
	printf("const uint32_t pm_charset_single[][256] = {\n");
	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
		const struct single *s = &singles[i];
		iconv_t cd = s->iconv ? convert_open(s->iconv) : NULL;

		printf("[PM_CHARSET_%s - PM_CHARSET_IBM866] = {", s->name);
		for (unsigned b = 0; b < 0x100; b++)
			printf("%s0x%08x,", b % 8 ? " " : "\n\t",
			       b < 0x80 ? 1u << 24 | b : packed(single(s, cd, b)));
		printf("\n},\n");
		if (cd)
			iconv_close(cd);
	}
	printf("};\n");
}

static void print_index(const char *name, const uint32_t *cp, size_t len)
{
	printf("const uint16_t pm_charset_%s[%zu] = {", name, len);
	for (size_t i = 0; i < len; i++)
		printf("%s0x%04x,", i % 12 ? " " : "\n\t", cp[i] & 0xffff);
	printf("\n};\n");
}

static uint32_t fixed(const struct fix *fixes, size_t n, unsigned bytes, uint32_t cp)
{
	for (size_t i = 0; i < n; i++)
		if (fixes[i].bytes == bytes)
			return fixes[i].cp;
	return cp;
}
#define FIXED(fixes, bytes, cp) fixed(fixes, sizeof fixes / sizeof *fixes, bytes, cp)

/* The supplementary characters of Big5 are all of plane 2: one bit each says so. */
static void print_big5(void)
{
	static uint32_t cp[126 * 157];
	iconv_t cd = convert_open("BIG5-HKSCS");

	for (unsigned i = 0; i < 126 * 157; i++) {
		unsigned trail = i % 157;
		unsigned char b[2] = { (unsigned char)(0x81 + i / 157),
				       (unsigned char)(trail + (trail < 0x3f ? 0x40 : 0x62)) };
		unsigned bytes = (unsigned)b[0] << 8 | b[1];

		cp[i] = FIXED(big5_fixes, bytes, convert(cd, b, 2));
		if (bytes >= 0xa3c0 && bytes <= 0xa3df)
			cp[i] = 0x2400 + bytes - 0xa3c0;
		if (cp[i] >= 0x10000 && cp[i] >> 16 != 2) {
			fprintf(stderr, "charset: %04x is U+%X\n", bytes, (unsigned)cp[i]);
			exit(1);
		}
	}
	iconv_close(cd);
	print_index("big5", cp, 126 * 157);
	printf("const uint8_t pm_charset_big5_plane2[%d] = {", (126 * 157 + 7) / 8);
	for (unsigned i = 0; i < 126 * 157; i += 8) {
		unsigned bits = 0;

		for (unsigned k = 0; k < 8 && i + k < 126 * 157; k++)
			bits |= (unsigned)(cp[i + k] >> 16 == 2) << k;
		printf("%s0x%02x,", i % 128 ? " " : "\n\t", bits);
	}
	printf("\n};\n");
}

/* The four-byte part counts the BMP's code points that two bytes had no place for in 2000 and
 * 2005: private use where the index has vertical forms and A8BC's old meaning today. */
static void print_gb_ranges(const uint32_t *cp, size_t len)
{
	static unsigned char taken[0x10000];
	static const uint16_t was[] = { 0xe78d, 0xe78e, 0xe78f, 0xe790, 0xe791, 0xe792, 0xe793,
					0xe794, 0xe795, 0xe796, 0xe81e, 0xe826, 0xe82b, 0xe82c,
					0xe832, 0xe843, 0xe854, 0xe864, 0xe7c7, 0xe5e5 };
	unsigned n = 0, run = 0;         /* the standard has 39,420 in 206 runs */

	for (size_t i = 0; i < len; i++)
		taken[cp[i] & 0xffff] = 1;
	for (uint32_t u = 0xfe10; u <= 0xfe19; u++)
		taken[u] = 0;
	for (uint32_t u = 0x9fb4; u <= 0x9fbb; u++)
		taken[u] = 0;
	taken[0x1e3f] = 0;
	for (size_t i = 0; i < sizeof was / sizeof *was; i++)
		taken[was[i]] = 1;
	printf("const struct pm_gb_range pm_gb_ranges[] = {");
	for (uint32_t u = 0x80, last = 0; u < 0x10000; u++) {
		if (taken[u] || (u >= 0xd800 && u < 0xe000))
			continue;
		if (u != last + 1 || run == 0)
			printf("%s{ %u, 0x%04x },", run++ % 6 ? " " : "\n\t", n, (unsigned)u);
		last = u;
		n++;
	}
	printf("\n};\n");
	if (n != 39420 || run != 206) {
		fprintf(stderr, "charset: GB18030 has %u code points in %u ranges\n", n, run);
		exit(1);
	}
}

static void print_gb18030(void)
{
	static uint32_t cp[126 * 190];
	iconv_t cd = convert_open("GB18030");

	for (unsigned i = 0; i < 126 * 190; i++) {
		unsigned trail = i % 190;
		unsigned char b[2] = { (unsigned char)(0x81 + i / 190),
				       (unsigned char)(trail + (trail < 0x3f ? 0x40 : 0x41)) };

		cp[i] = FIXED(gb_fixes, (unsigned)b[0] << 8 | b[1], convert(cd, b, 2));
	}
	iconv_close(cd);
	print_index("gb18030", cp, 126 * 190);
	print_gb_ranges(cp, 126 * 190);
}

static void print_euc_kr(void)
{
	static uint32_t cp[126 * 190];
	iconv_t cd = convert_open("UHC");

	for (unsigned i = 0; i < 126 * 190; i++) {
		unsigned char b[2] = { (unsigned char)(0x81 + i / 190),
				       (unsigned char)(0x41 + i % 190) };

		cp[i] = convert(cd, b, 2);
	}
	iconv_close(cd);
	print_index("euc_kr", cp, 126 * 190);
}

/* Through Shift_JIS, which reaches NEC's and IBM's rows; its private area is the decoder's. */
static void print_jis0208(void)
{
	static uint32_t cp[60 * 188];
	iconv_t cd = convert_open("CP932");

	for (unsigned i = 0; i < 60 * 188; i++) {
		unsigned lead = i / 188, trail = i % 188;
		unsigned char b[2] = { (unsigned char)(lead + (lead < 0x1f ? 0x81 : 0xc1)),
				       (unsigned char)(trail + (trail < 0x3f ? 0x40 : 0x41)) };

		cp[i] = convert(cd, b, 2);
		if (cp[i] >= 0xe000 && cp[i] < 0xf900)
			cp[i] = 0;
	}
	iconv_close(cd);
	print_index("jis0208", cp, 60 * 188);
}

static void print_jis0212(void)
{
	static uint32_t cp[94 * 94];
	iconv_t cd = convert_open("EUC-JP");

	for (unsigned i = 0; i < 94 * 94; i++) {
		unsigned char b[3] = { 0x8f, (unsigned char)(0xa1 + i / 94),
				       (unsigned char)(0xa1 + i % 94) };

		cp[i] = convert(cd, b, 3);
	}
	iconv_close(cd);
	print_index("jis0212", cp, 94 * 94);
}

int main(void)
{
	printf("/* Generated by filters/gen/charset.c. */\n");
	print_singles();
	print_big5();
	print_gb18030();
	print_euc_kr();
	print_jis0208();
	print_jis0212();
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
