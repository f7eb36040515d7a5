/* filters/gen/repair_names.c -- prints the word lists of filters/repair as tables of hashes: names
 * of countries and cities from the locale data of Debian's ICU, and words that hold sentences
 * together. Runs on the building machine only. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uldnames.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include "filters/repair/word_hash.h"

/* Languages that never write such a name, or a common word that looks like one, in small
 * letters. */
static const char *const languages[] = {
	"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "ru", "uk", "el",
};

/* Names beside the locale data's: seats of power, regions, and who lives in places of two words. */
static const char *const own[] = {
	"Kremlin", "Pentagon", "Vatican", "Pyongyang", "Wonsan", "Kursk", "Brexit", "Crimea", "Kashmir",
	"Bundestag", "Bundesrat", "Knesset", "Taliban", "Hezbollah", "Hamas", "Europe", "Asia", "Africa",
	"Australia", "Antarctica", "California", "Texas", "Florida", "Scotland", "Wales", "Bavaria",
	"American", "Canadian", "Mexican", "Brazilian", "Israeli", "Palestinian", "Ukrainian", "Iranian",
	"Iraqi", "Syrian", "Lebanese", "Egyptian", "Australian", "African", "Asian", "European", "Korean",
	"Vietnamese", "Pakistani", "Afghan", "Nigerian", "Kenyan", "Californian", "Texan", "Scottish", "Irish",
	"Belgian", "Austrian", "Romanian", "Bulgarian", "Hungarian", "Norwegian", "Finnish", "Portuguese",
	"British", "Russian", "Japanese", "Taiwanese", "Indonesian", "Malaysian",
	"Argentine", "Chilean", "Colombian", "Venezuelan", "Ethiopian", "Somali",
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February",
	"June", "July", "October",
	"Catalonia", "Siberia", "Gaza", "Beijing", "Shanghai", "Washington", "Munich", "Barcelona",
	"Milan", "Frankfurt", "Hamburg", "Geneva", "Kyiv", "Kharkiv", "Donetsk", "Petersburg", "Mumbai",
	"Delhi", "Osaka", "Seattle", "Boston", "Philadelphia", "Houston", "Dallas", "Miami",
	"North Korea", "South Korea", "North Korean", "South Korean", "South African", "Saudi Arabian",
	"New Zealand", "Sri Lankan", "Costa Rican", "Puerto Rican", "Hong Kong", "White House",
	"Tel Aviv", "New Delhi", "San Francisco", "Las Vegas", "Abu Dhabi", "Middle East",
	"Latin America", "North America", "South America", "West Bank", "European Union",
	"Silicon Valley", "Wall Street", "Soviet Union", "Great Britain", "Northern Ireland",
	"Nordkorea", "Südkorea", "Nordrhein", "Westfalen", "Bayern", "München", "Köln",
	"Corea del", "Москва", "Кремль", "Петербург", "Россия", "Европа", "Азия", "Африка", "Київ",
};

/* Names that are words, too, in one of the languages or in one of their neighbours. */
static const char *const words[] = {
	"turkey", "china", "chad", "jordan", "jersey", "guinea", "island", "mali", "niger", "oman",
	"chile", "chine", "inde", "iran", "irán", "irak", "peru", "georgia", "india", "suiza",
	"suíça", "svizzera", "noruega", "dinamarca", "samara", "salta", "nome", "monaco", "palau",
	"cayenne", "man", "isla", "granada", "angola", "malta", "cuba", "kuba", "palma", "santo",
	"reunion", "réunion", "panama", "macau", "macao", "togo", "corea", "polska", "ruska",
	"grecia", "libano", "libanon", "nauru", "easter", "center", "central", "eastern", "pacific",
	"mountain", "midway", "wake", "phoenix", "vincennes", "winamac", "marengo", "tell", "knox",
	"troll", "casey", "davis", "vostok", "восток", "wallis", "boise", "bahia", "recife",
	"fortaleza", "belem", "vevay", "menominee", "resolute", "halifax", "anadyr", "bermuda",
	"creston", "inuvik", "mendoza", "cordoba", "córdoba", "rosario", "rainy", "regina",
	"salvador", "tijuana", "tucuman", "mérida", "merida", "santa", "santarem", "swift",
	"current", "thunder", "saint", "sainte", "kitts", "lucia", "holanda", "holandia",
	"hollande", "hollanda", "republic", "republik", "república", "union", "unión", "welt",
	"world", "dominica", "dominique", "dominicana", "luxemburgo", "mauricio", "maurice",
	"martinique", "barbados", "bonaire", "anguilla", "antigua", "guadalupe", "madeira",
	"canary", "fiji", "lima", "bogota", "asuncion", "asunción", "caracas", "cancun",
	"monterrey", "nassau", "galapagos", "brussels", "bruxelles", "acre", "argentina", "unknown",
	"bari", "reunión", "montserrat", "ceuta", "damaskus", "damask", "damas", "damasco", "damas",
	"malte", "rome", "roma", "paris", "wien", "viena", "nice", "nicosia", "riga", "sofia",
	"zagreb", "vaduz", "tallinn", "athen", "kiev", "minsk", "prag", "praga", "oslo", "tirana",
	"berne", "bern", "perth", "darwin", "hobart", "lindeman", "efate", "apia", "enderbury",
	"gambier", "honolulu", "johnston", "kosrae", "majuro", "marquesas", "niue", "norfolk",
	"pitcairn", "ponape", "saipan", "tahiti", "tarawa", "tongatapu", "truk", "azores", "faroe",
	"stanley", "cocos", "christmas", "comoro", "kerguelen", "mahe", "mayotte", "maldives",
	"chagos", "comores", "comoras", "comore", "bouvet", "ascension", "palestine", "palästina",
	"gabun", "gabon", "gabón", "sudan", "sudán", "soudan", "benin", "bénin", "kongo", "congo",
	"kenia", "rotherá", "rothera", "syowa", "mawson", "luanda", "lagos", "douala", "harare",
	"dakar", "accra", "tripoli", "tripolis", "tunis", "bamako", "bangui", "bissau", "conakry",
	"kigali", "maputo", "niamey", "monde", "mundo", "belize", "belice", "haiti", "haití",
	"brunei", "dili", "macassar", "makassar", "manila", "omsk", "katar", "riad", "rangun",
	"kabul", "hovd", "hebron", "gaza", "gaze", "colombo", "almaty", "aden", "bahrain", "dhaka",
	"eswatini", "eesti", "suomi", "norge", "ross", "guam", "guernsey", "aruba", "ecuador",
	"equador", "cook", "oral", "chili", "azure", "brewster", "troll", "ungern", "seul", "газа",
	"ділі", "γεωργία", "мир", "чита", "чили", "перу", "мали", "того", "конго", "куба", "иран",
	"оман", "нома", "ном", "бари", "гана", "бухарест", "рим", "бали", "чад", "мальта", "світ",
	"чилі", "того", "кипр", "σύρος", "μάλι", "περού", "τσαντ", "κούβα", "μονακό", "ομάν",
	"κόσμος", "τόγκο", "νίκαια",
};

static const char *const functions[] = {
	"the", "this", "that", "these", "those", "there", "they", "their", "then", "when", "where",
	"what", "which", "while", "who", "why", "how", "he", "she", "it", "its", "his", "her", "we",
	"our", "you", "your", "my", "in", "on", "at", "by", "for", "from", "with", "without",
	"after", "before", "during", "as", "if", "but", "and", "or", "not", "no", "however",
	"although", "because", "since", "until", "also", "some", "many", "most", "more", "all",
	"both", "each", "every", "another", "other", "an", "is", "are", "was", "were", "has",
	"have", "had", "will", "would", "can", "could", "may", "should", "such", "despite",
	"according", "under", "over", "about", "between", "among", "to", "of", "so", "here", "now",
	"today", "yesterday", "last", "next", "later", "still", "yet", "even", "just", "once",
	"meanwhile", "moreover", "instead", "perhaps", "maybe", "whether", "whose", "whom",
	"nobody", "everyone", "everybody", "someone", "nothing", "everything", "together", "let",
	"do", "does", "did", "don", "isn", "de", "derzeit", "ob", "als", "zugleich", "neben",
	"kommt", "gibt", "jetzt", "dann", "darüber", "davon", "dabei", "dafür", "dagegen", "danach",
	"daher", "damit", "dazu", "deshalb", "außerdem", "allerdings", "zudem", "mehr", "man",
	"beide", "alle", "alles", "viele", "wenige", "einige", "ihre", "ihren", "seine", "seinen",
	"unsere", "laut", "zwischen", "trotz", "wegen", "insgesamt", "jedoch", "inzwischen",
	"bereits", "noch", "nun", "nur", "so", "dies", "diesen", "diesem", "jeder", "jede", "kein",
	"keine", "warum", "welche", "welcher", "sondern", "denn", "gestern", "heute", "morgen",
	"zuvor", "zunächst", "schließlich", "dennoch", "trotzdem", "unklar", "der", "die", "das",
	"den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "und", "oder", "aber",
	"doch", "nicht", "auch", "nach", "vor", "bei", "mit", "von", "vom", "zum", "zur", "im",
	"am", "auf", "aus", "für", "über", "unter", "durch", "gegen", "ohne", "wenn", "weil",
	"dass", "er", "sie", "es", "wir", "ihr", "ich", "wie", "was", "wer", "wo", "hier", "dort",
	"diese", "dieser", "dieses", "seit", "während", "zu", "ist", "sind", "war", "hat", "haben",
	"wird", "werden", "le", "la", "les", "un", "une", "des", "du", "de", "et", "ou", "mais",
	"donc", "car", "ce", "cet", "cette", "ces", "il", "elle", "ils", "elles", "on", "nous",
	"vous", "je", "dans", "sur", "sous", "avec", "sans", "pour", "par", "chez", "après",
	"avant", "depuis", "pendant", "selon", "entre", "son", "sa", "ses", "leur", "leurs", "qui",
	"que", "quand", "comme", "si", "plus", "au", "aux", "en", "el", "los", "las", "una", "unos",
	"unas", "del", "al", "y", "o", "pero", "con", "sin", "para", "por", "según", "desde",
	"hasta", "durante", "cuando", "como", "este", "esta", "estos", "estas", "ese", "esa", "su",
	"sus", "lo", "no", "más", "también", "entre", "sobre", "tras", "ante", "se", "además",
	"ahora", "aunque", "así", "ayer", "hoy", "otro", "otra", "otros", "otras", "ella", "ellos",
	"nosotros", "ni", "aún", "solo", "sólo", "donde", "entonces", "mientras", "todo", "todos",
	"toda", "todas", "ya", "muchos", "algunos", "cada", "ambos", "él", "ainsi", "aussi",
	"alors", "cependant", "toutefois", "enfin", "puis", "parmi", "lors", "toute", "tout",
	"tous", "toutes", "aujourd", "hier", "chaque", "certains", "notre", "votre", "ceux",
	"celle", "celui", "ela", "seu", "sua", "seus", "também", "mais", "muito", "porém", "ainda",
	"agora", "depois", "entre", "inoltre", "però", "quindi", "così", "poi", "ora", "oggi",
	"ieri", "dove", "ogni", "tutti", "suo", "sua", "os", "as", "um", "uma", "do", "da", "dos",
	"das", "ao", "nos", "nas", "mas", "com", "sem", "não", "são", "segundo", "quando", "após",
	"já", "ele", "ela", "eles", "elas", "isso", "este", "em", "gli", "uno", "di", "dal",
	"dalla", "nel", "nella", "sul", "sulla", "alla", "ai", "e", "ma", "per", "tra", "fra",
	"dopo", "prima", "senza", "secondo", "questo", "questa", "anche", "non", "che", "chi",
	"het", "een", "van", "voor", "met", "naar", "maar", "niet", "ook", "deze", "dit", "dat",
	"zij", "hij", "jag", "han", "hon", "vi", "ni", "de", "dom", "man", "nu", "när", "där",
	"här", "men", "eller", "också", "efter", "vid", "från", "hos", "under", "över", "mellan",
	"utan", "jeg", "hun", "da", "når", "der", "her", "etter", "ved", "fra", "hans", "hennes",
	"dette", "disse", "denne", "også", "eller", "mange", "derfra", "nie", "się", "jest", "są",
	"był", "była", "było", "oraz", "ale", "lub", "jak", "kiedy", "gdy", "także", "jego", "jej",
	"ich", "tym", "ten", "ta", "to", "te", "przed", "przez", "pod", "nad", "dla", "bez", "je",
	"jsou", "byl", "byla", "bylo", "ale", "nebo", "když", "také", "podle", "pro", "při", "jeho",
	"její", "ve", "bir", "bu", "nyní", "jde", "teď", "ja", "bet", "ir", "kad", "kai", "dan",
	"yang", "ini", "itu", "için", "ile", "daha", "çok", "ancak", "ama", "olarak", "gibi",
	"sonra", "şu", "och", "att", "det", "som", "på", "för", "är", "av", "til", "og", "ikke",
	"har", "med", "efter", "и", "в", "во", "на", "не", "но", "по", "с", "со", "к", "у", "о",
	"об", "от", "до", "за", "из", "для", "при", "как", "что", "это", "этот", "эта", "эти", "он",
	"она", "они", "мы", "вы", "его", "её", "их", "а", "или", "если", "когда", "после", "перед",
	"между", "также", "однако", "так", "там", "тут", "здесь", "затем", "потом", "сейчас",
	"теперь", "сегодня", "вчера", "кроме", "тогда", "кто", "где", "почему", "который",
	"которые", "ее", "был", "была", "были", "было", "все", "всё", "весь", "более", "сам",
	"самой", "тем", "того", "ранее", "другие", "многие", "под", "над", "без", "через", "вместе",
	"именно", "даже", "хотя", "поэтому", "ведь", "пока", "уже", "ещё", "еще", "його", "її",
	"їх", "ці", "цей", "ця", "тоді", "потім", "зараз", "тепер", "сьогодні", "якщо", "хоча",
	"проте", "однак", "крім", "був", "була", "були", "було", "усі", "всі", "за", "для", "при",
	"сама", "навіть", "та", "і", "й", "з", "із", "що", "це", "він", "вона", "вони", "ми", "ви",
	"але", "або", "після", "до", "від", "під", "про", "як", "коли", "також", "через", "ο", "η",
	"το", "οι", "τα", "τον", "την", "του", "της", "των", "τους", "τις", "και", "σε", "στο",
	"στη", "στην", "στον", "από", "με", "για", "που", "πως", "αλλά", "ή", "δεν", "θα", "να",
	"ένα", "ένας", "μια", "μία", "αυτό", "αυτή", "όταν", "μετά", "πριν", "όπως",
};

/* What is written with a capital inside, and made of words that may stand alone. */
static const char *const inside[] = {
	"YouTube", "JavaScript", "TypeScript", "CoffeeScript", "LinkedIn", "PowerPoint", "WordPress", "GitHub",
	"GitLab", "PayPal", "PlayStation", "FaceTime", "FaceBook", "AirPods", "AirPlay", "AirDrop",
	"AirTag", "HomePod", "HomeKit", "CarPlay", "MacBook", "TikTok", "WhatsApp", "WeChat",
	"SnapChat", "FedEx", "MasterCard", "BlackBerry", "BlackRock", "BitTorrent", "OpenAI",
	"DeepMind", "DeepSeek", "ChatBot", "HubSpot", "MailChimp", "SalesForce", "SharePoint",
	"OneDrive", "OneNote", "OnePlus", "PhotoShop", "DreamWorks", "SmackDown", "NewsWeek",
	"SoundCloud", "BandCamp", "WooCommerce", "BigCommerce", "CoinBase", "CoinDesk",
	"TechCrunch", "HuffPost", "PolitiFact", "CloudFlare", "CrowdStrike", "DocuSign", "DropBox",
	"DuckDuckGo", "EverNote", "FireFox", "FireWire", "FreeBSD", "OpenBSD", "GoFundMe", "GoPro",
	"GoDaddy", "HarperCollins", "ExxonMobil", "AstraZeneca", "BioNTech", "StarCraft",
	"WarCraft", "MineCraft", "OverWatch", "LibreOffice", "OpenOffice", "OpenStack",
	"OpenStreetMap", "PostScript", "QuickTime", "QuickBooks", "RuneScape", "SkyNews", "SpaceX",
	"SquareSpace", "StackOverflow", "SteamOS", "SwissAir", "TeamViewer", "TripAdvisor",
	"TrueCrypt", "UnionPay", "ViewSonic", "VirtualBox", "VirusTotal", "VisualStudio", "WebKit",
	"WebAssembly", "WebSocket", "WikiLeaks", "WikiPedia", "WordPad", "WorldCom", "XenForo",
	"ZoomInfo", "BuzzFeed", "BusinessWire", "MarketWatch", "MediaTek", "NewsGuard", "PinkNews",
	"PricewaterhouseCoopers", "ProPublica", "SeaWorld", "SiriusXM", "SunTrust", "TransUnion",
	"UnitedHealth", "VentureBeat", "ComScore", "CreditKarma", "DoorDash", "EasyJet",
	"DeviantArt", "FlixBus", "InDesign", "InterCity", "JetBlue", "LaserJet", "MapReduce",
	"MediaWiki", "MySpace", "NetBeans", "NetEase", "NetSuite", "PageRank", "PlayBook",
	"PowerShell", "ProTools", "RoboCop", "RedHat", "ScienceDirect", "SealTeam", "SmartThings",
	"SolarWinds", "StubHub", "SurveyMonkey", "TaskRabbit", "TurboTax", "UnderArmour",
	"WireGuard", "WikiHow", "BahnCard", "GmbH", "DeutschlandRadio", "StudiVZ", "KlinikUm",
	"ProSieben", "LibraryThing", "DeLorean", "DeGeneres", "DiCaprio", "LeBron", "DeSantis",
	"DeVos", "DeLillo", "LaGuardia", "VanMoof", "FitzGerald", "FitzPatrick", "MacArthur",
};

/* Those that stand before common nouns, and hardly before a name. */
static const char *const before_nouns[] = {
	"the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "your",
	"my", "some", "any", "no", "each", "every", "more", "most", "very", "is", "are", "was", "were", "be",
	"been", "remain", "remains", "so", "too", "not", "to",
	"der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines",
	"sein", "seine", "ihr", "ihre", "diese", "dieser", "dieses", "kein", "keine", "le", "la",
	"les", "un", "une", "des", "du", "ce", "cet", "cette", "ces", "son", "sa", "ses", "leur",
	"el", "los", "las", "una", "unos", "unas", "del", "su", "sus", "este", "esta", "lo", "o",
	"os", "as", "um", "uma", "do", "da", "dos", "das", "no", "na", "ao", "il", "gli", "i",
	"uno", "al", "dal", "dalla", "nel", "nella", "della", "dei", "delle", "het", "een", "de",
	"den", "det", "en", "ett", "et", "ο", "η", "το", "οι", "τα", "τον", "την", "του",
};

enum { HASHES_MAX = 1 << 14 };

struct set {
	uint32_t hash[HASHES_MAX];
	unsigned len;
};

static struct set names, links, nouns, camels, excluded;

static void die(const char *what)
{
	fprintf(stderr, "repair_names: %s (package libicu-dev)\n", what);
	exit(1);
}

static void add(struct set *s, uint32_t hash)
{
	if (s->len == HASHES_MAX)
		die("too many names");
	s->hash[s->len++] = hash;
}

static bool has(const struct set *s, uint32_t hash)
{
	for (unsigned i = 0; i < s->len; i++)
		if (s->hash[i] == hash)
			return true;
	return false;
}

static uint32_t hash_of(const char *word, int32_t len)
{
	uint32_t h = PM_HASH_BEGIN;

	for (int32_t i = 0; i < len;) {
		UChar32 cp;

		U8_NEXT(word, i, len, cp);
		h = pm_hash_char(h, (uint32_t)u_tolower(cp));
	}
	return pm_hash_end(h);
}

/* A word of a name: capital, then small letters. 0: it is none, else its letters. */
static int proper(const char *word, int32_t len)
{
	int n = 0;

	for (int32_t i = 0; i < len; n++) {
		UChar32 cp;

		U8_NEXT(word, i, len, cp);
		if (n == 0 ? !u_isupper(cp) : !u_islower(cp))
			return 0;
	}
	return n;
}

static uint64_t prefixes[PM_PREFIX_BITS / 64];

static void add_prefix(const char *name, int32_t len)
{
	char small[128];
	int32_t to = 0, first = 0;
	UChar32 cp, begin = 0;
	uint32_t four, bit;

	for (int32_t i = 0; i < len && to < 120;) {
		U8_NEXT(name, i, len, cp);
		cp = u_tolower(cp);
		U8_APPEND_UNSAFE(small, to, cp);
		if (first == 0) {
			begin = cp;
			first = to;
		}
	}
	four = pm_prefix_four(small + (begin < 0x80 ? 0 : first));
	bit = pm_prefix_bit(begin < 0x80 ? four : pm_prefix_beyond((uint32_t)begin, four));
	prefixes[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void add_name(const char *name)
{
	int32_t len = (int32_t)strlen(name), first = (int32_t)strcspn(name, " -");
	uint32_t a = hash_of(name, first), b;

	if (first == len) {
		if (proper(name, len) >= 4 && !has(&excluded, a)) {
			add(&names, a);
			add_prefix(name, len);
		}
		return;
	}
	b = hash_of(name + first + 1, len - first - 1);
	if (proper(name, first) >= 3 && proper(name + first + 1, len - first - 1) >= 3) {
		a = a * UINT32_C(0x9e3779b1) ^ (b + UINT32_C(0x7f4a7c15));
		add(&names, pm_hash_end(a));
	}
}

static void add_utf16(const UChar *name, int32_t len)
{
	char utf8[512];
	UErrorCode e = U_ZERO_ERROR;

	u_strToUTF8(utf8, sizeof(utf8), NULL, name, len, &e);
	if (U_SUCCESS(e))
		add_name(utf8);
}

static void countries(const char *language)
{
	UErrorCode e = U_ZERO_ERROR;
	ULocaleDisplayNames *in = uldn_open(language, ULDN_STANDARD_NAMES, &e);

	if (U_FAILURE(e))
		die("no names of countries");
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			char code[3] = { a, b, 0 };
			UChar name[256];
			int32_t len;

			e = U_ZERO_ERROR;
			/* Not a country: unknown, United Nations, and the territories of which
			 * papers differ. */
			if (strstr("ZZ UN PS", code))
				continue;
			len = uldn_regionDisplayName(in, code, name, 256, &e);
			if (U_SUCCESS(e) && len > 2)
				add_utf16(name, len);
		}
	uldn_close(in);
}

/* "America:New_York": where the English name is the zone's own, it has no other entry. */
static void zone_name(const char *zone)
{
	const char *last = strrchr(zone, ':');
	char name[64];

	if (!last || strlen(last) >= sizeof(name) || strncmp(zone, "Etc", 3) == 0)
		return;
	strcpy(name, last + 1);
	for (char *p = name; *p; p++)
		if (*p == '_')
			*p = ' ';
	add_name(name);
}

static void cities(const char *language)
{
	UErrorCode e = U_ZERO_ERROR;
	UResourceBundle *bundle = ures_open(U_ICUDATA_NAME "-zone", language, &e);
	UResourceBundle *zones = ures_getByKey(bundle, "zoneStrings", NULL, &e);

	if (U_FAILURE(e))
		die("no names of cities");
	while (ures_hasNext(zones)) {
		UResourceBundle *zone = ures_getNextResource(zones, NULL, &e);
		const UChar *name;
		int32_t len;

		zone_name(ures_getKey(zone));
		name = ures_getStringByKey(zone, "ec", &len, &e);
		/* "Etc:Unknown" is no city. */
		if (U_SUCCESS(e) && strncmp(ures_getKey(zone), "Etc", 3) != 0)
			add_utf16(name, len);
		e = U_ZERO_ERROR;
		ures_close(zone);
	}
	ures_close(zones);
	ures_close(bundle);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* An open table of a power of two places, at most half full. */
static void print(struct set *s, const char *name)
{
	static uint32_t place[4 * HASHES_MAX];
	unsigned n = 0, places = 16;

	qsort(s->hash, s->len, sizeof(*s->hash), by_value);
	for (unsigned i = 0; i < s->len; i++)
		if (i == 0 || s->hash[i] != s->hash[i - 1])
			s->hash[n++] = s->hash[i];
	while (places < 2 * n)
		places *= 2;
	memset(place, 0, sizeof(place));
	for (unsigned i = 0; i < n; i++) {
		unsigned at = s->hash[i] & (places - 1);

		while (place[at])
			at = (at + 1) & (places - 1);
		place[at] = s->hash[i];
	}
	printf("static const uint32_t %s[%u] = {", name, places);
	for (unsigned i = 0; i < places; i++)
		printf("%s%uu,", i % 8 ? "" : "\n\t", place[i]);
	printf("\n};\n");
}

int main(void)
{
	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		add(&excluded, hash_of(words[i], (int32_t)strlen(words[i])));
	for (unsigned i = 0; i < sizeof(own) / sizeof(*own); i++)
		add_name(own[i]);
	for (unsigned i = 0; i < sizeof(languages) / sizeof(*languages); i++) {
		countries(languages[i]);
		cities(languages[i]);
	}
	for (unsigned i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		add(&links, hash_of(functions[i], (int32_t)strlen(functions[i])));
	for (unsigned i = 0; i < sizeof(before_nouns) / sizeof(*before_nouns); i++)
		add(&nouns, hash_of(before_nouns[i], (int32_t)strlen(before_nouns[i])));
	print(&names, "known_names");
	print(&nouns, "articles");
	print(&links, "function_words");
	for (unsigned i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		add(&camels, hash_of(inside[i], (int32_t)strlen(inside[i])));
	print(&camels, "camels");
	printf("static const uint64_t name_prefixes[%u] = {", PM_PREFIX_BITS / 64);
	for (unsigned i = 0; i < PM_PREFIX_BITS / 64; i++)
		printf("%sUINT64_C(0x%llx),", i % 4 ? " " : "\n\t",
		       (unsigned long long)prefixes[i]);
	printf("\n};\n");
	return 0;
}
