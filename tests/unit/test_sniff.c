#include "filters/decode/sniff.h"

#include "core/utf8.h"
#include "filters/decode/guess.h"
#include "filters/decode/prescan.h"
#include "tests/test.h"

/* One sentence in many languages and encodings, and what it says. */
#define FRENCH \
	"Les \xe9l\xe8ves de l\x92\xe9" "cole ont \xe9t\xe9 re\xe7us \xe0 la mairie, o\xf9 " \
	"le maire les a f\xe9licit\xe9s pour leurs succ\xe8s."
#define FRENCH_TEXT \
	"Les élèves de l’école ont été reçus à la mairie, où le maire les a félicités pour leurs succès."
#define GERMAN \
	"Die Gr\xfcnen m\xf6" "chten gr\xf6\xdf" "ere Fl\xe4" "chen f\xfcr B\xe4ume sch\xfc" \
	"tzen, w\xe4hrend die St\xe4" "dte weiter wachsen."
#define GERMAN_TEXT \
	"Die Grünen möchten größere Flächen für Bäume schützen, während die Städte weiter wachsen."
#define SPANISH \
	"\xbfQu\xe9 pas\xf3 despu\xe9s? El ni\xf1o sali\xf3 m\xe1s temprano de su habitaci" \
	"\xf3n y comi\xf3 pan con jam\xf3n."
#define SPANISH_TEXT \
	"¿Qué pasó después? El niño salió más temprano de su habitación y comió pan con jamón."
#define POLISH \
	"W\x9cr\xf3" "d go\x9c" "ci znalaz\xb3" "a si\xea tak\xbf" "e m\xb3odzie\xbf, kt" \
	"\xf3ra przyjecha\xb3" "a z ca\xb3" "ej Polski, \xbf" "eby si\xea spotka\xe6."
#define POLISH_TEXT \
	"Wśród gości znalazła się także młodzież, która przyjechała z całej Polski, żeby się spotkać."
#define CZECH \
	"\xaelu\xbbou\xe8k\xfd k\xf9\xf2 p\xf8\xed\xb9" "ern\xec \xfap\xecl \xef\xe1" "bels" \
	"k\xe9 \xf3" "dy, \xf8" "ekl v\xe8" "era ve\xe8" "er \xf8" "editel \xb9koly v Brn" \
	"\xec."
#define CZECH_TEXT \
	"Žluťoučký kůň příšerně úpěl ďábelské ódy, řekl včera večer ředitel školy v Brně."
#define HUNGARIAN \
	"A gy\xf5ztes csapat k\xe9s\xf5" "bb \xfajra el\xf5" "adta m\xfbsor\xe1t, \xe9s a k" \
	"\xf6z\xf6ns\xe9g \xf6r\xfclt a n\xf5knek \xe9s f\xfbszeres \xedzeknek."
#define HUNGARIAN_TEXT \
	"A győztes csapat később újra előadta műsorát, és a közönség örült a nőknek és fűszeres ízeknek."
#define TURKISH \
	"\xddstanbul\x92" "da ya\xfe" "ayan \xf6\xf0renciler \xe7" "al\xfd\xfemaya ba\xfela" \
	"d\xfd, a\xf0" "a\xe7lar\xfdn g\xf6lgesinde kitaplar\xfdn\xfd okudular."
#define TURKISH_TEXT \
	"İstanbul’da yaşayan öğrenciler çalışmaya başladı, ağaçların gölgesinde kitaplarını okudular."
#define RUSSIAN \
	"\xc2\xf7\xe5\xf0\xe0 \xe2 \xcc\xee\xf1\xea\xe2\xe5 \xef\xf0\xee\xf8\xeb\xe0 \xe2" \
	"\xf1\xf2\xf0\xe5\xf7\xe0 \xec\xe8\xed\xe8\xf1\xf2\xf0\xee\xe2, \xed\xe0 \xea\xee" \
	"\xf2\xee\xf0\xee\xe9 \xee\xe1\xf1\xf3\xe4\xe8\xeb\xe8 \xed\xee\xe2\xfb\xe5 \xef" \
	"\xf0\xe0\xe2\xe8\xeb\xe0 \xf2\xee\xf0\xe3\xee\xe2\xeb\xe8."
#define RUSSIAN_TEXT \
	"Вчера в Москве прошла встреча министров, на которой обсудили новые правила торговли."
#define RUSSIAN_KOI8 \
	"\xf7\xde\xc5\xd2\xc1 \xd7 \xed\xcf\xd3\xcb\xd7\xc5 \xd0\xd2\xcf\xdb\xcc\xc1 \xd7" \
	"\xd3\xd4\xd2\xc5\xde\xc1 \xcd\xc9\xce\xc9\xd3\xd4\xd2\xcf\xd7, \xce\xc1 \xcb\xcf" \
	"\xd4\xcf\xd2\xcf\xca \xcf\xc2\xd3\xd5\xc4\xc9\xcc\xc9 \xce\xcf\xd7\xd9\xc5 \xd0" \
	"\xd2\xc1\xd7\xc9\xcc\xc1 \xd4\xcf\xd2\xc7\xcf\xd7\xcc\xc9."
#define RUSSIAN_KOI8_TEXT \
	"Вчера в Москве прошла встреча министров, на которой обсудили новые правила торговли."
#define UKRAINIAN \
	"\xd3\xf7\xee\xf0\xe0 \xe2 \xca\xe8\xba\xe2\xb3 \xe2\xb3\xe4\xe1\xf3\xeb\xe0\xf1" \
	"\xff \xe7\xf3\xf1\xf2\xf0\xb3\xf7 \xec\xb3\xed\xb3\xf1\xf2\xf0\xb3\xe2, \xed\xe0 " \
	"\xff\xea\xb3\xe9 \xee\xe1\xe3\xee\xe2\xee\xf0\xe8\xeb\xe8 \xed\xee\xe2\xb3 \xef" \
	"\xf0\xe0\xe2\xe8\xeb\xe0 \xf2\xee\xf0\xe3\xb3\xe2\xeb\xb3."
#define UKRAINIAN_TEXT \
	"Учора в Києві відбулася зустріч міністрів, на якій обговорили нові правила торгівлі."
#define GREEK \
	"\xc7 \xea\xf5\xe2\xdd\xf1\xed\xe7\xf3\xe7 \xe1\xed\xe1\xea\xef\xdf\xed\xf9\xf3\xe5" \
	" \xf7\xe8\xe5\xf2 \xed\xdd\xe1 \xec\xdd\xf4\xf1\xe1 \xe3\xe9\xe1 \xf4\xe7\xed \xef" \
	"\xe9\xea\xef\xed\xef\xec\xdf\xe1 \xea\xe1\xe9 \xf4\xe7\xed \xe5\xea\xf0\xe1\xdf" \
	"\xe4\xe5\xf5\xf3\xe7 \xf4\xe7\xf2 \xf7\xfe\xf1\xe1\xf2."
#define GREEK_TEXT \
	"Η κυβέρνηση ανακοίνωσε χθες νέα μέτρα για την οικονομία και την εκπαίδευση της χώρας."
#define HEBREW \
	"\xe4\xee\xee\xf9\xec\xe4 \xe4\xe5\xe3\xe9\xf2\xe4 \xe0\xfa\xee\xe5\xec \xf2\xec " \
	"\xf6\xf2\xe3\xe9\xed \xe7\xe3\xf9\xe9\xed \xe1\xfa\xe7\xe5\xed \xe4\xeb\xec\xeb" \
	"\xec\xe4 \xe5\xe4\xe7\xe9\xf0\xe5\xea \xe1\xee\xe3\xe9\xf0\xe4."
#define HEBREW_TEXT \
	"הממשלה הודיעה אתמול על צעדים חדשים בתחום הכלכלה והחינוך במדינה."
#define ARABIC \
	"\xc3\xda\xe1\xe4\xca \xc7\xe1\xcd\xdf\xe6\xe3\xc9 \xc3\xe3\xd3 \xda\xe4 \xc5\xcc" \
	"\xd1\xc7\xc1\xc7\xca \xcc\xcf\xed\xcf\xc9 \xdd\xed \xe3\xcc\xc7\xe1 \xc7\xe1\xc7" \
	"\xde\xca\xd5\xc7\xcf \xe6\xc7\xe1\xca\xda\xe1\xed\xe3 \xdd\xed \xc7\xe1\xc8\xe1" \
	"\xc7\xcf."
#define ARABIC_TEXT \
	"أعلنت الحكومة أمس عن إجراءات جديدة في مجال الاقتصاد والتعليم في البلاد."
#define CHINESE \
	"\xd7\xf2\xcc\xec\xa3\xac\xd5\xfe\xb8\xae\xd4\xda\xb1\xb1\xbe\xa9\xd0\xfb\xb2\xbc" \
	"\xc1\xcb\xd0\xc2\xb5\xc4\xbe\xad\xbc\xc3\xba\xcd\xbd\xcc\xd3\xfd\xb4\xeb\xca\xa9" \
	"\xa3\xac\xd5\xe2\xca\xc7\xbd\xf1\xc4\xea\xd2\xd4\xc0\xb4\xb5\xc4\xb5\xda\xc8\xfd" \
	"\xb4\xce\xa1\xa3"
#define CHINESE_TEXT \
	"昨天，政府在北京宣布了新的经济和教育措施，这是今年以来的第三次。"
#define CHINESE_BIG5 \
	"\xacQ\xa4\xd1\xa1" "A\xac" "F\xa9\xb2\xa6" "b\xa5x\xa5_\xab\xc5\xa5\xac\xa4" "F" \
	"\xb7s\xaa\xba\xb8g\xc0\xd9\xa9M\xb1\xd0\xa8|\xb1\xb9\xacI\xa1" "A\xb3o\xacO\xa4" \
	"\xb5\xa6~\xa5H\xa8\xd3\xaa\xba\xb2\xc4\xa4T\xa6\xb8\xa1" "C"
#define CHINESE_BIG5_TEXT \
	"昨天，政府在台北宣布了新的經濟和教育措施，這是今年以來的第三次。"
#define KOREAN \
	"\xc1\xa4\xba\xce\xb4\xc2 \xbe\xee\xc1\xa6 \xbc\xad\xbf\xef\xbf\xa1\xbc\xad \xbb" \
	"\xf5\xb7\xce\xbf\xee \xb0\xe6\xc1\xa6\xbf\xcd \xb1\xb3\xc0\xb0 \xc1\xa4\xc3\xa5" \
	"\xc0\xbb \xb9\xdf\xc7\xa5\xc7\xcf\xbf\xb4\xb4\xd9. \xc0\xcc\xb0\xcd\xc0\xba \xbf" \
	"\xc3\xc7\xd8 \xbc\xbc \xb9\xf8\xc2\xb0\xc0\xcc\xb4\xd9."
#define KOREAN_TEXT \
	"정부는 어제 서울에서 새로운 경제와 교육 정책을 발표하였다. 이것은 올해 세 번째이다."
#define JAPANESE_EUC \
	"\xc0\xaf\xc9\xdc\xa4\xcf\xba\xf2\xc6\xfc\xa1\xa2\xc5\xec\xb5\xfe\xa4\xc7\xbf\xb7" \
	"\xa4\xb7\xa4\xa4\xb7\xd0\xba\xd1\xa4\xc8\xb6\xb5\xb0\xe9\xa4\xce\xc0\xaf\xba\xf6" \
	"\xa4\xf2\xc8\xaf\xc9\xbd\xa4\xb7\xa4\xde\xa4\xb7\xa4\xbf\xa1\xa3\xba\xa3\xc7\xaf" \
	"\xa4\xc7\xbb\xb0\xb2\xf3\xcc\xdc\xa4\xc7\xa4\xb9\xa1\xa3"
#define JAPANESE_EUC_TEXT \
	"政府は昨日、東京で新しい経済と教育の政策を発表しました。今年で三回目です。"
#define JAPANESE_SJIS \
	"\x90\xad\x95{\x82\xcd\x8d\xf0\x93\xfa\x81" "A\x93\x8c\x8b\x9e\x82\xc5\x90V\x82\xb5" \
	"\x82\xa2\x8co\x8d\xcf\x82\xc6\x8b\xb3\x88\xe7\x82\xcc\x90\xad\x8d\xf4\x82\xf0\x94" \
	"\xad\x95\\\x82\xb5\x82\xdc\x82\xb5\x82\xbd\x81" "B\x8d\xa1\x94N\x82\xc5\x8eO\x89" \
	"\xf1\x96\xda\x82\xc5\x82\xb7\x81" "B"
#define JAPANESE_SJIS_TEXT \
	"政府は昨日、東京で新しい経済と教育の政策を発表しました。今年で三回目です。"
#define JAPANESE_JIS \
	"\x1b$B@/I\\$O:rF|!\"El5~$G?7$7$$7P:Q$H650i$N@/:v$rH/I=$7$^$7$?!#\x1b(B"
#define JAPANESE_JIS_TEXT \
	"政府は昨日、東京で新しい経済と教育の政策を発表しました。"

static struct pm_arena arena;
static struct pm_sniffed found;

static struct pm_slice sniff_typed(struct pm_slice body, const char *content_type)
{
	pm_arena_reset(&arena);
	if (!pm_sniff(body, pm_slice_str(content_type), &arena, &found))
		return pm_slice(NULL, 0);
	if (found.valid)
		return found.rest;
	return found.text.ptr ? found.text
			      : pm_charset_decode(found.charset, found.rest, &arena, NULL);
}

#define CHECK_SNIFF(body, type, name, why, text)                                           \
	do {                                                                               \
		struct pm_slice text_ = sniff_typed(PM_LIT(body), type);                   \
		CHECK_SLICE(pm_slice_str(pm_charset_name(found.charset)), name);           \
		CHECK_SLICE(pm_slice_str(found.rule), why);                                \
		CHECK_SLICE(text_, text);                                                  \
	} while (0)

#define META(label) "<html><head><meta charset=\"" label "\"><body>"
#define PRAGMA(label) "<META content='text/html; charset=" label "' http-equiv=Content-Type><p>"
#define TEN(s) s s s s s s s s s s
#define ALMOST TEN(TEN("12345678 ")) TEN("12345678 ") "12345678"      /* 998 bytes */

static void obeys_marks(void)
{
	CHECK_SNIFF("\xef\xbb\xbfz\xc3\xa9", NULL, "UTF-8", "bom", "zé");
	CHECK_SNIFF("\xef\xbb\xbf", NULL, "UTF-8", "bom", "");
	CHECK_SNIFF("\xff\xfez\0\xe9\0", "text/html; charset=koi8-r", "UTF-16LE", "bom", "zé");
	CHECK_SNIFF("\xfe\xff\0z\0\xe9", NULL, "UTF-16BE", "bom", "zé");
	CHECK_SNIFF("\xff\xfe", NULL, "UTF-16LE", "bom", "");
	CHECK_SNIFF("\xef\xbb\xbfz\xe9", NULL, "UTF-8", "bom", "z\xef\xbf\xbd");
	CHECK_SNIFF("", NULL, "UTF-8", "utf-8", "");
}

static void believes_declared_utf16_and_jis_that_show(void)
{
	CHECK_SNIFF("<\0p\0>\0h\0i\0", "text/html; charset=utf-16", "UTF-16LE", "http", "<p>hi");
	CHECK_SNIFF("\0<\0p\0>\0h\0i", "text/html;charset=UTF-16BE", "UTF-16BE", "http", "<p>hi");
	/* The label is utf-16, which means LE; the bytes say BE. */
	CHECK_SNIFF("\0<\0p\0>\0h\0i", "text/html; charset=utf-16", "UTF-16BE", "http", "<p>hi");
	CHECK_SNIFF("<p>hi", "text/html; charset=utf-16", "UTF-8", "utf-8", "<p>hi");
	CHECK_SNIFF("<\0?\0x\0m\0l\0?\0>\0", NULL, "UTF-16LE", "xml", "<?xml?>");
	CHECK_SNIFF(META("utf-16") "ok", NULL, "UTF-8", "utf-8", META("utf-16") "ok");
	CHECK_SNIFF(JAPANESE_JIS, "text/html; charset=iso-2022-jp", "ISO-2022-JP", "http",
		    JAPANESE_JIS_TEXT);
	CHECK_SNIFF(PRAGMA("iso-2022-jp") JAPANESE_JIS, NULL, "ISO-2022-JP", "meta",
		    PRAGMA("iso-2022-jp") JAPANESE_JIS_TEXT);
	/* ASCII, or UTF-8, whatever the label says. */
	CHECK_SNIFF("plain", "text/html; charset=iso-2022-jp", "UTF-8", "utf-8", "plain");
	CHECK_SNIFF("\x1b$B \xc3\xa9", "text/html; charset=iso-2022-jp", "UTF-8", "utf-8",
		    "\x1b$B \xc3\xa9");
}

static void prefers_valid_utf8(void)
{
	CHECK_SNIFF("ascii", NULL, "UTF-8", "utf-8", "ascii");
	CHECK_SNIFF(META("iso-8859-1") RUSSIAN_TEXT, "text/html; charset=windows-1251", "UTF-8",
		    "utf-8", META("iso-8859-1") RUSSIAN_TEXT);
	/* Cut in the last character: one, two and three bytes of it are there. */
	CHECK_SNIFF(FRENCH_TEXT "\xf0\x9f\x98", NULL, "UTF-8", "utf-8", FRENCH_TEXT "\xef\xbf\xbd");
	CHECK_SNIFF(FRENCH_TEXT "\xe2\x82", NULL, "UTF-8", "utf-8", FRENCH_TEXT "\xef\xbf\xbd");
	CHECK_SNIFF(FRENCH_TEXT "\xc3", META("latin1"), "UTF-8", "utf-8", FRENCH_TEXT "\xef\xbf\xbd");
	/* One bad byte in a long text, and one in a few words. */
	CHECK_SNIFF(TEN(RUSSIAN_TEXT) "\xe9 " GREEK_TEXT, "text/html; charset=windows-1252", "UTF-8",
		    "utf-8", TEN(RUSSIAN_TEXT) "\xef\xbf\xbd " GREEK_TEXT);
	CHECK_SNIFF("caf\xe9", NULL, "windows-1252", "guess", "café");
	CHECK_SNIFF("une caf\xe9 \xc3\xa9", "text/html; charset=latin1", "windows-1252", "http",
		    "une café Ã©");
}

static void believes_declarations(void)
{
	CHECK_SNIFF(FRENCH, "text/html; charset=ISO-8859-1", "windows-1252", "http", FRENCH_TEXT);
	CHECK_SNIFF(PRAGMA("windows-1251") RUSSIAN, NULL, "windows-1251", "meta",
		    PRAGMA("windows-1251") RUSSIAN_TEXT);
	CHECK_SNIFF("<?xml version='1.0' encoding='koi8-r'?><p>" RUSSIAN_KOI8, NULL, "KOI8-R", "xml",
		    "<?xml version='1.0' encoding='koi8-r'?><p>" RUSSIAN_TEXT);
	/* HTTP goes before meta; an unknown label is none. */
	CHECK_SNIFF(META("koi8-r") RUSSIAN, "text/html; charset=\"windows-1251\"", "windows-1251",
		    "http", META("koi8-r") RUSSIAN_TEXT);
	CHECK_SNIFF(META("koi8-r") RUSSIAN_KOI8, "text/html; charset=klingon", "KOI8-R", "meta",
		    META("koi8-r") RUSSIAN_TEXT);
	/* GB2312 means GBK, Shift_JIS means code page 932. */
	CHECK_SNIFF(META("gb2312") "\x96|\x8f\xde" CHINESE, NULL, "GBK", "meta",
		    META("gb2312") "東忁" CHINESE_TEXT);
	CHECK_SNIFF(META("shift_jis") "\x87\x40\xfb\xfc" JAPANESE_SJIS, NULL, "Shift_JIS", "meta",
		    META("shift_jis") "①髙" JAPANESE_SJIS_TEXT);
	CHECK_SNIFF(META("x-user-defined") FRENCH, NULL, "windows-1252", "meta",
		    META("x-user-defined") FRENCH_TEXT);
	/* The last character was cut off. */
	CHECK_SNIFF(META("gbk") CHINESE "\xc4", NULL, "GBK", "meta",
		    META("gbk") CHINESE_TEXT "\xef\xbf\xbd");
}

static void doubts_declarations(void)
{
	/* Declared UTF-8, but nothing like it. */
	CHECK_SNIFF(META("utf-8") FRENCH, NULL, "windows-1252", "guess", META("utf-8") FRENCH_TEXT);
	CHECK_SNIFF(META("utf-8") CHINESE, "text/html; charset=utf-8", "gb18030", "guess",
		    META("utf-8") CHINESE_TEXT);
	/* The first declaration fails, the second holds. */
	CHECK_SNIFF(META("windows-1251") RUSSIAN, "text/html; charset=utf-8", "windows-1251", "meta",
		    META("windows-1251") RUSSIAN_TEXT);
	CHECK_SNIFF(META("euc-kr") JAPANESE_SJIS, NULL, "Shift_JIS", "guess",
		    META("euc-kr") JAPANESE_SJIS_TEXT);
	/* As windows-1252 it would be full of controls. */
	CHECK_SNIFF(META("iso-8859-1") JAPANESE_SJIS, NULL, "Shift_JIS", "guess",
		    META("iso-8859-1") JAPANESE_SJIS_TEXT);
	/* Faults at one in a thousand bytes, and just below it. */
	CHECK(sniff_typed(PM_LIT(ALMOST "9\xff."), "text/html; charset=euc-kr").ptr);
	CHECK_SLICE(pm_slice_str(found.rule), "http");
	CHECK(sniff_typed(PM_LIT(ALMOST "\xff."), "text/html; charset=euc-kr").ptr);
	CHECK(strcmp(found.rule, "http") != 0);
	/* Two strays in a long page are accidents, three are what the page is made of. */
	CHECK(sniff_typed(PM_LIT(TEN(ALMOST) "caf\xe9 th\xe9 "), "text/html; charset=utf-8").ptr);
	CHECK_SLICE(pm_slice_str(pm_charset_name(found.charset)), "UTF-8");
	CHECK(sniff_typed(PM_LIT(TEN(ALMOST) "caf\xe9 th\xe9 \xe9t\xe9 "),
			  "text/html; charset=utf-8").ptr);
	CHECK_SLICE(pm_slice_str(pm_charset_name(found.charset)), "windows-1252");
}

static void guesses(void)
{
	CHECK_SNIFF(FRENCH, NULL, "windows-1252", "guess", FRENCH_TEXT);
	CHECK_SNIFF(GERMAN, NULL, "windows-1252", "guess", GERMAN_TEXT);
	CHECK_SNIFF(SPANISH, NULL, "windows-1252", "guess", SPANISH_TEXT);
	CHECK_SNIFF(POLISH, NULL, "windows-1250", "guess", POLISH_TEXT);
	CHECK_SNIFF(CZECH, NULL, "ISO-8859-2", "guess", CZECH_TEXT);
	CHECK_SNIFF(HUNGARIAN, NULL, "windows-1250", "guess", HUNGARIAN_TEXT);
	CHECK_SNIFF(TURKISH, NULL, "windows-1254", "guess", TURKISH_TEXT);
	CHECK_SNIFF(RUSSIAN, NULL, "windows-1251", "guess", RUSSIAN_TEXT);
	CHECK_SNIFF(RUSSIAN_KOI8, NULL, "KOI8-R", "guess", RUSSIAN_TEXT);
	CHECK_SNIFF(UKRAINIAN, NULL, "windows-1251", "guess", UKRAINIAN_TEXT);
	CHECK_SNIFF(GREEK, NULL, "windows-1253", "guess", GREEK_TEXT);
	CHECK_SNIFF(HEBREW, NULL, "windows-1255", "guess", HEBREW_TEXT);
	CHECK_SNIFF(ARABIC, NULL, "windows-1256", "guess", ARABIC_TEXT);
	CHECK_SNIFF(CHINESE, NULL, "gb18030", "guess", CHINESE_TEXT);
	CHECK_SNIFF(CHINESE_BIG5, NULL, "Big5", "guess", CHINESE_BIG5_TEXT);
	CHECK_SNIFF(KOREAN, NULL, "EUC-KR", "guess", KOREAN_TEXT);
	CHECK_SNIFF(JAPANESE_EUC, NULL, "EUC-JP", "guess", JAPANESE_EUC_TEXT);
	CHECK_SNIFF(JAPANESE_SJIS, NULL, "Shift_JIS", "guess", JAPANESE_SJIS_TEXT);
	/* Script and markup don't outvote the text. */
	CHECK_SNIFF("<script>x='\xe9\xe8'</script><p title=\xe9>" RUSSIAN, NULL, "windows-1251", "guess",
		    "<script>x='йи'</script><p title=й>" RUSSIAN_TEXT);
	CHECK_SNIFF("\xa6 \xa6 \xa6", NULL, "windows-1252", "fallback", "¦ ¦ ¦");
}

static void samples_within_bounds(void)
{
	static char big[3 * PM_GUESS_SAMPLE], sample[PM_GUESS_SAMPLE];

	memset(big, 0xe9, sizeof big);
	CHECK(pm_guess_sample(pm_slice(big, sizeof big), sample) == PM_GUESS_SAMPLE);
	CHECK(pm_guess_sample(pm_slice(big, PM_GUESS_SAMPLE), sample) == PM_GUESS_SAMPLE);
	CHECK(pm_guess_sample(pm_slice(big, PM_GUESS_SAMPLE - 1), sample) == PM_GUESS_SAMPLE);
	CHECK(pm_guess_sample(pm_slice(big, 1), sample) == 2);
	CHECK(pm_guess_sample(pm_slice(NULL, 0), sample) == 0);
	CHECK(pm_guess_sample(PM_LIT("all ascii"), sample) == 0);
	CHECK(pm_guess_sample(PM_LIT("<"), sample) == 0);
	CHECK(pm_guess_sample(PM_LIT("<!-- \xe9"), sample) == 2);       /* never closed, all there is */
}

static bool any(struct pm_slice label)
{
	return true;
}

static void reads_declarations(void)
{
	CHECK_SLICE(pm_prescan_type(PM_LIT("text/html; Charset = 'x y' ; z")), "x y");
	CHECK_SLICE(pm_prescan_type(PM_LIT("text/html; charset=a;b")), "a");
	CHECK_SLICE(pm_prescan_type(PM_LIT("charset charset=b")), "b");
	CHECK(pm_prescan_type(PM_LIT("text/html; charset=\"open")).ptr == NULL);
	CHECK(pm_prescan_type(PM_LIT("text/html; charset=")).ptr == NULL);
	CHECK(pm_prescan_type(pm_slice(NULL, 0)).ptr == NULL);
	CHECK_SLICE(pm_prescan_meta(PM_LIT("<meta/charset=a>"), any), "a");
	CHECK_SLICE(pm_prescan_meta(PM_LIT("<p a='<meta charset=no>'><meta name=x charset='a'>"),
				    any),
		    "a");
	CHECK_SLICE(pm_prescan_meta(PM_LIT("<!-- <meta charset=no> --><META CHARSET=a>"), any), "a");
	CHECK_SLICE(pm_prescan_meta(PM_LIT("<metax charset=no><meta charset=a"), any), "a");
	CHECK(pm_prescan_meta(PM_LIT("<meta content='text/html; charset=no'>"), any).ptr == NULL);
	CHECK(pm_prescan_meta(PM_LIT("<!-- <meta charset=no>"), any).ptr == NULL);
	CHECK(pm_prescan_meta(PM_LIT("<meta"), any).ptr == NULL);
	CHECK(pm_prescan_meta(PM_LIT("</"), any).ptr == NULL);
	CHECK_SLICE(pm_prescan_xml(PM_LIT("<?xml encoding = \"a\"?>")), "a");
	CHECK(pm_prescan_xml(PM_LIT("<?xml?><p encoding='no'>")).ptr == NULL);
	CHECK(pm_prescan_xml(PM_LIT("<?xml encoding=no?>")).ptr == NULL);
}

static void reports_a_full_arena(void)
{
	struct pm_arena small;

	CHECK(pm_arena_open(&small, 4096) == 0);
	CHECK(pm_arena_alloc(&small, 4096 - 100) != NULL);
	CHECK(!pm_sniff(PM_LIT(META("windows-1251") RUSSIAN), pm_slice(NULL, 0), &small, &found));
	pm_arena_close(&small);
}

int main(void)
{
	CHECK(pm_arena_open(&arena, 1 << 20) == 0);
	RUN(obeys_marks);
	RUN(believes_declared_utf16_and_jis_that_show);
	RUN(prefers_valid_utf8);
	RUN(believes_declarations);
	RUN(doubts_declarations);
	RUN(guesses);
	RUN(samples_within_bounds);
	RUN(reads_declarations);
	RUN(reports_a_full_arena);
	pm_arena_close(&arena);
	return DONE();
}
