/* filters/gen/guess.c -- prints guess.inc: what the charset guess knows of languages.
 *
 * From alphabets in the order of how often their letters occur, and from the commonest characters
 * of East Asia, through iconv() to weights by byte. Runs on the building machine only. */
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct charset {
	const char *name, *iconv;
	const char *latin;      /* "true": its letters mix with ASCII's in one word */
};

static const struct charset charsets[] = {
	{ "WINDOWS_1252", "CP1252", "true" },
	{ "WINDOWS_1250", "CP1250", "true" },
	{ "ISO_8859_2", "ISO-8859-2", "true" },
	{ "WINDOWS_1254", "CP1254", "true" },
	{ "WINDOWS_1251", "CP1251", "false" },
	{ "KOI8_R", "KOI8-R", "false" },
	{ "WINDOWS_1253", "CP1253", "false" },
	{ "WINDOWS_1255", "CP1255", "false" },
	{ "WINDOWS_1256", "CP1256", "false" },
};
enum { CHARSETS = sizeof charsets / sizeof *charsets };

/* Lower-case letters beyond ASCII, the commonest first. */
struct language {
	const char *charsets, *letters;
};

static const struct language languages[] = {
	{ "CP1252", "éèàêçôîùâûïëœ" },                          /* French */
	{ "CP1252", "üäößé" },                                  /* German */
	{ "CP1252", "óíáéñúüç" },                               /* Spanish */
	{ "CP1252", "ãáçéíõóêâúàôü" },                          /* Portuguese */
	{ "CP1252", "èàùòìéîí" },                               /* Italian */
	{ "CP1252", "àéèóíòçúïü" },                             /* Catalan */
	{ "CP1252", "äöåéü" },                                  /* Swedish, Finnish */
	{ "CP1252", "øåæéöä" },                                 /* Danish, Norwegian */
	{ "CP1252", "áíðéóöúþýæ" },                             /* Icelandic */
	{ "CP1252", "éëïèüöóêçñ" },                             /* Dutch, English */
	{ "CP1254", "ıüğşöçâîû" },                              /* Turkish */
	{ "CP1250 ISO-8859-2", "ąęłóżśćńź" },                   /* Polish */
	{ "CP1250 ISO-8859-2", "íáěéřšžýčůúťďňó" },             /* Czech */
	{ "CP1250 ISO-8859-2", "áíéžčšľúýťôňďäóŕĺ" },           /* Slovak */
	{ "CP1250 ISO-8859-2", "éáőöóűíüú" },                   /* Hungarian */
	{ "CP1250 ISO-8859-2", "ăîţşâ" },                       /* Romanian */
	{ "CP1250 ISO-8859-2", "čšžćđ" },                       /* Croatian, Slovene */
	{ "CP1251 KOI8-R", "оеаинтсрвлкмдпуыяьгзбчйхжшюцщэфъё" },       /* Russian */
	{ "CP1251", "оаниівтерсклудмпязьбгйчхїцжшюєщфґ" },      /* Ukrainian */
	{ "CP1251", "аоиетнрсвлкдпмзъгубчяйхжцшющфь" },         /* Bulgarian */
	{ "CP1251", "аоиенрсјтквудмлпгзбљчжцшћњхфђџ" },         /* Serbian */
	{ "CP1251", "аниоцеутлкрсядзымьвпбгўчёхжшйюэіф" },      /* Belarusian */
	{ "CP1253", "αοιετνσρκπυςλμήάίόγέδηωθώχύφβξζψϊϋΐΰ" },   /* Greek */
	{ "CP1255", "יוהלאתרבשמנםדעקפחגצןטכסזךףץ" },            /* Hebrew */
	{ "CP1256", "اليمونرتبعدسفهكةحقجشخصطزضأىغذثظئءإؤآ" },   /* Arabic */
	{ "CP1256", "انيردمتوهبسشكزگخفقعپحجچغآژ" },             /* Persian */
};
enum { LANGUAGES = sizeof languages / sizeof *languages };

/* What running text has besides letters. */
static const char marks[] = "“”‘’‚„–—…«»‹›©®°•·€£¥§¿¡№ªº™²³½\u00a0\u00ad،؛؟";

/* The characters that make up about half of any text, and its punctuation. */
struct east {
	const char *name, *iconv, *common;
};

static const struct east easts[] = {
	{ "gb18030", "GB18030", "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下"
		"自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样"
		"理心她本前开但因只从想实日月新市公司全工业报网站高民政关机无电体重加量长度产品内合问力高情文"
		"，。、：；！？（）“”‘’《》…—·【】" },
	{ "big5", "BIG5", "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下"
		"自之年過發後作里用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣"
		"理心她本前開但因只從想實日月新市公司全工業報網站高民政關機無電體重加量長度產品內合問力情文台灣"
		"，。、：；！？（）「」『』《》…．【】" },
	{ "euc_kr", "UHC", "이다는을의에가고하지한기로사어를도은시자인스나리대그아수서정해부일들라전보장제상있었과으주여"
		"안구게조원등만요와니성신마유비오공치국선경동위면진소무연계생관미물우내적방업회학문건교무당개세"
		"모습된할될된했던며드트르" },
	{ "euc_jp", "EUC-JP", "日一人年大本中国会出上時生分行月者事前後社地見間自場手合的学部新東方体同田対高長"
		"内定今回小先思目下動発立代用全家不意作円市名無料水金土業電車話文入力件情報最使気何理主通問題関"
		"女子男明野点所数、。，．・「」（）ー〜！？" },
	{ "shift_jis", "CP932", "日一人年大本中国会出上時生分行月者事前後社地見間自場手合的学部新東方体同田対高長"
		"内定今回小先思目下動発立代用全家不意作円市名無料水金土業電車話文入力件情報最使気何理主通問題関"
		"女子男明野点所数、。，．・「」（）ー～！？" },
};

static size_t from_utf8(const char *iconv_name, const char *utf8, size_t len, unsigned char *to,
			size_t room)
{
	iconv_t cd = iconv_open(iconv_name, "UTF-8");
	char *in = (char *)(uintptr_t)utf8, *out = (char *)to;
	size_t left = room, r;

	if (cd == (iconv_t)-1) {
		fprintf(stderr, "guess: iconv does not know %s (install libc6's gconv modules)\n",
			iconv_name);
		exit(1);
	}
	r = iconv(cd, &in, &len, &out, &left);
	iconv_close(cd);
	return r == (size_t)-1 ? 0 : room - left;
}

static uint32_t next(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;

	if (*p < 0x80)
		return *at += 1, *p;
	if (*p < 0xe0)
		return *at += 2, (p[0] & 31u) << 6 | (p[1] & 63u);
	return *at += 3, (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
}

static uint32_t to_unicode(iconv_t cd, unsigned byte)
{
	char in = (char)byte, *from = &in;
	unsigned char to[16];
	char *out = (char *)to;
	size_t len = 1, left = sizeof to;

	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &len, &out, &left) == (size_t)-1)
		return 0;
	iconv(cd, NULL, NULL, &out, &left);
	return left == sizeof to ? 0 : to[0] | (uint32_t)to[1] << 8 | (uint32_t)to[2] << 16;
}

/* Simple lower-case mapping of the letters that these encodings have; itself elsewhere. */
static uint32_t lower(uint32_t u)
{
	static const uint16_t greek[][2] = { { 0x386, 0x3ac }, { 0x388, 0x3ad }, { 0x389, 0x3ae },
		{ 0x38a, 0x3af }, { 0x38c, 0x3cc }, { 0x38e, 0x3cd }, { 0x38f, 0x3ce } };

	if ((u >= 0xc0 && u <= 0xde && u != 0xd7) || (u >= 0x391 && u <= 0x3ab) ||
	    (u >= 0x410 && u <= 0x42f))
		return u + 0x20;
	if (u >= 0x400 && u <= 0x40f)
		return u + 0x50;
	if (u == 0x178)
		return 0xff;
	if (u == 0x490)
		return 0x491;
	if (u == 0x130)
		return 'i';
	if ((u >= 0x139 && u <= 0x148) || (u >= 0x179 && u <= 0x17e))
		return u & 1 ? u + 1 : u;
	if ((u >= 0x100 && u <= 0x137) || (u >= 0x14a && u <= 0x177))
		return u | 1;
	for (size_t i = 0; i < sizeof greek / sizeof *greek; i++)
		if (greek[i][0] == u)
			return greek[i][1];
	return u;
}

static int has(const char *set, uint32_t u)
{
	while (*set)
		if (next(&set) == u)
			return 1;
	return 0;
}

static const char *kind(uint32_t u)
{
	if (u < 0xa0)
		return "NOTHING";
	if (has(marks, u))
		return "MARK";
	if (lower(u) != u)
		return "UPPER";
	if ((u >= 0xdf && u <= 0xff && u != 0xf7) || (u >= 0x100 && u <= 0x180) ||
	    (u >= 0x3ac && u <= 0x3ce) || u == 0x390 || (u >= 0x430 && u <= 0x491))
		return "LOWER";
	if ((u >= 0x5d0 && u <= 0x5ea) || (u >= 0x621 && u <= 0x6d2 && u != 0x640))
		return "LETTER";
	return "SYMBOL";
}

static int by_rank(int rank)
{
	return rank < 4 ? 6 : rank < 10 ? 5 : rank < 18 ? 4 : rank < 26 ? 2 : 1;
}

/* A letter that the language does not have speaks against it; a capital says less than a small
 * one. */
static int weight(const char *letters, uint32_t u)
{
	uint32_t low = lower(u);
	int rank = 0;

	while (*letters) {
		if (next(&letters) == low)
			return low == u ? by_rank(rank) : by_rank(rank) >= 4 ? 2 : 1;
		rank++;
	}
	return low == 'i' ? 2 : -4;
}

static void print_charset(const struct charset *c)
{
	iconv_t cd = iconv_open("UTF-32LE", c->iconv);
	uint32_t cp[128];

	if (cd == (iconv_t)-1)
		exit(1);
	printf("{ PM_CHARSET_%s, %s,\n\t{", c->name, c->latin);
	for (unsigned b = 0; b < 128; b++) {
		cp[b] = to_unicode(cd, b + 128);
		printf("%s%s,", b % 8 ? " " : "\n\t\t", kind(cp[b]));
	}
	printf("\n\t},\n\t{\n");
	for (size_t i = 0; i < LANGUAGES; i++) {
		const char *in = strstr(languages[i].charsets, c->iconv);

		if (in == NULL)
			continue;
		printf("\t\t{");
		for (unsigned b = 0; b < 128; b++) {
			const char *k = kind(cp[b]);
			int letter = strcmp(k, "UPPER") == 0 || strcmp(k, "LOWER") == 0 ||
				     strcmp(k, "LETTER") == 0;

			printf(" %d,", letter ? weight(languages[i].letters, cp[b]) : 0);
		}
		printf(" },\n");
	}
	printf("\t},\n},\n");
	iconv_close(cd);
}

static int order(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static void print_east(const struct east *e)
{
	uint16_t code[512];
	size_t n = 0, kept = 0;

	for (const char *at = e->common; *at; ) {
		const char *from = at;
		unsigned char to[8];

		next(&at);
		if (from_utf8(e->iconv, from, (size_t)(at - from), to, sizeof to) == 2 && n < 512)
			code[n++] = (uint16_t)(to[0] << 8 | to[1]);
	}
	qsort(code, n, sizeof *code, order);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || code[i] != code[kept - 1])
			code[kept++] = code[i];
	printf("static const uint16_t common_%s[%zu] = {", e->name, kept);
	for (size_t i = 0; i < kept; i++)
		printf("%s0x%04x,", i % 12 ? " " : "\n\t", code[i]);
	printf("\n};\n");
}

int main(void)
{
	printf("/* Generated by filters/gen/guess.c. */\n");
	printf("static const struct west west[] = {\n");
	for (size_t i = 0; i < CHARSETS; i++)
		print_charset(&charsets[i]);
	printf("};\n");
	for (size_t i = 0; i < sizeof easts / sizeof *easts; i++)
		print_east(&easts[i]);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
