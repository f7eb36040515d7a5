/* What is mended, and what must stay: each case is a text and what becomes of it. */
#include "core/simd.h"
#include "filters/filter.h"
#include "filters/worker.h"
#include "tests/test.h"

extern const struct pm_filter pm_filter_repair;

static struct pm_worker worker;
static struct pm_page page;

static void all_on(bool *on, size_t n)
{
	for (size_t i = 0; i < n; i++)
		on[i] = true;
}

static struct pm_slice mended(struct pm_slice text, enum pm_block_kind kind)
{
	bool on[16];
	struct pm_block *b;

	all_on(on, 16);
	pm_worker_reset(&worker, 0);
	pm_page_init(&page, &worker.arena);
	page.text = pm_arena_copy(&worker.arena, text);
	b = PM_LIST_ADD(&page, page.blocks);
	CHECK(b != NULL);
	*b = (struct pm_block){ .kind = kind, .text = page.text };
	CHECK(pm_filter_repair.process(&page, on, &worker).verdict == PM_PASS);
	return page.text;
}

struct repair_case {
	const char *was, *is;           /* `is` NULL: stays */
};

static void check_all(const struct repair_case *c)
{
	for (; c->was; c++) {
		int failed = pm_test_failed;
		const char *is = c->is ? c->is : c->was;

		for (int portable = 0; portable < 2; portable++) {
			pm_portable = portable;
			CHECK_SLICE(mended(pm_slice_str(c->was), PM_BLOCK_PARAGRAPH), is);
			CHECK((page.repairs.len > 0) == (strcmp(c->was, is) != 0));
			CHECK_SLICE(mended(pm_slice_str(is), PM_BLOCK_PARAGRAPH), is);
			CHECK(page.repairs.len == 0);
		}
		pm_portable = false;
		CHECK_SLICE(mended(pm_slice_str(c->was), PM_BLOCK_CODE), c->was);
		if (pm_test_failed != failed)
			printf("  in: %s\n", c->was);
	}
}

static void spaces(void)
{
	check_all((const struct repair_case[]){
		{ "The talks,held amidst tensions.", "The talks, held amidst tensions." },
		{ "It drew scrutiny.Choe came.", "It drew scrutiny. Choe came." },
		{ "on July 12,2025,labeling it", "on July 12, 2025, labeling it" },
		{ "Really?The end.", "Really? The end." },
		{ "he said.\xe2\x80\x9cWe know\xe2\x80\x9d", "he said. \xe2\x80\x9cWe know\xe2\x80\x9d" },
		{ "переговоры,которые шли", "переговоры, которые шли" },
		{ "έγινε χθες.Ο πρόεδρος ήρθε", "έγινε χθες. Ο πρόεδρος ήρθε" },
		{ "U.S.Policy: The U", NULL }, { "the U.S.-South Korea ferry", NULL },
		{ "Six-Party talks, e.g. those at 9 a.m. on Monday", NULL },
		{ "περισσότερο από ό,τι ο άλλος", NULL },
		{ "J.R.R.Tolkien and Dr.Smith met", NULL }, { "1,5 and 12,2025 and 10:30", NULL },
		{ "see https://example.com/a,b?c=1;d and a,b", NULL }, { "mail to desk@example.com,now", NULL },
		{ "wait...The end", NULL }, { "version 2.1.Beta", NULL }, { "file readme.MD and Node.Js run", NULL },
		{ "call foo(a,b).Bar first, or list.get().Size of it", NULL },
		{ "resp.Body was read, ctx context.Context", NULL },
		{ "Fal.Con opens. We go to Fal.Con again.", NULL },
		{ "lhs.X is set", NULL }, { "the file.Close after os.Create(name)", NULL },
		{ "data:image/png;base64,iVBO", NULL },
		{ "the author(s).Then a list", "the author(s). Then a list" },
		{ "it works (mostly).Then the next", "it works (mostly). Then the next" },
		{ "math.Round(x) and foo.Bar = 1", NULL }, { "NYSE:NOW and NASDAQ:MNDY", NULL },
		{ "die B\xc3\xbcrger:innen kamen", NULL }, { "他说,你好.我", NULL },
		{ NULL, NULL }
	});
}

static void glue(void)
{
	check_all((const struct repair_case[]){
		{ "after two weeksThe council met", "after two weeks The council met" },
		{ "the end of the listThe next one", "the end of the list The next one" },
		{ "Nach acht JahrenDie Glocke schlug", "Nach acht Jahren Die Glocke schlug" },
		{ "le marché couvertSelon elle tout va bien", "le marché couvert Selon elle tout va bien" },
		{ "los vecinosTambién llegaron", "los vecinos También llegaron" },
		{ "приняла гостейДиректор сказал", "приняла гостей Директор сказал" },
		{ "на весь мирВ городе тихо", "на весь мир В городе тихо" },
		{ "a trip toRussia began", "a trip to Russia began" },
		{ "the weekI left", NULL }, { "the meetingI left", "the meeting I left" },
		{ "iPhone, YouTube, McDonald, JavaScript, LinkedIn and macOS", NULL },
		{ "PhD, eBay, kWh, mRNA, LaTeX, O'Neill, DeLillo, MacArthur, WordPress and GitHub",
		  NULL },
		{ "the easyJet app, PayPal says, and StoryFlow Ltd. with GopherCon", NULL },
		{ "die StudentInnen, eine LehrerIn und MitarbeiterInnen", NULL },
		{ "#fooBar @fooBar foo.barBaz() x_fooBar newPos = oldPos", NULL },
		{ "getElementById in the browserAction/pageAction", NULL },
		{ "die LehrerInnen und die Lehrer", NULL }, { NULL, NULL }
	});
}

static void quotes(void)
{
	check_all((const struct repair_case[]){
		{ "Korea\xe2\x80\x98s plan", "Korea\xe2\x80\x99s plan" },
		{ "l\xe2\x80\x98homme", "l\xe2\x80\x99homme" },
		{ "a \xe2\x80\x9dword\xe2\x80\x9c here", "a \xe2\x80\x9cword\xe2\x80\x9d here" },
		{ "a \xe2\x80\x9cword\xe2\x80\x9c here", "a \xe2\x80\x9cword\xe2\x80\x9d here" },
		{ "\xe2\x80\x9eWort\xe2\x80\x9c und \xe2\x80\x9eWort\xe2\x80\x9c", NULL },
		{ "Hawai\xe2\x80\x98i and O\xe2\x80\x98zbekiston and Qur\xe2\x80\x98" "an", NULL },
		{ "the \xe2\x80\x99" "90s, rock \xe2\x80\x99n\xe2\x80\x99 roll", NULL },
		{ "ett \xe2\x80\x9dord\xe2\x80\x9d till", NULL }, { "\"straight\" it's", NULL },
		{ "\xe2\x80\x98one\xe2\x80\x99 two", NULL }, { NULL, NULL }
	});
}

static void mojibake(void)
{
	check_all((const struct repair_case[]){
		{ "cafÃ© and itâ€™s", "café and it’s" },
		{ "Ã¢â‚¬Å“twiceÃ¢â‚¬Â\xc2\x9d", "“twice”" },
		{ "â\xc2\x80\xc2\x9cread as latin1â\xc2\x80\xc2\x9d", "“read as latin1”" },
		{ "РџСЂРёРІРµС‚ РјРёСЂ", "Привет мир" },
		{ "caf√© and it‚Äôs", "café and it’s" },
		{ "PL: Å‚Ã³dÅº", "PL: łódź" },
		{ "Le marchÃ© accueille Ã nouveau", "Le marché accueille à nouveau" },
		{ "Le marchГ©s accueille Г nouveau ВїY?", "Le marchés accueille à nouveau ¿Y?" },
		{ "L’√©t√©s, √† midi", "L’étés, à midi" },
		{ "ä½\xc2\xa0å¥½", "你好" },
		{ "Ãƒ\xc2\xad Ã«ÂªÂ©Ã\xc2\xadÂ‘Âœ Ã«Â‚Â˜Ã«Â\xc2\x9dÂ¼", "í 목표 나라" },
		{ "Ã¢Â€ÂœwellÃ¢Â€Â\xc2\x9d", "“well”" },
		{ "Ã¡ fÃ³lk Ã¡ mÃ³ti MÃ¡", "á fólk á móti Má" },
		{ "«CAFÉ» IRMÃ» „Spaß“ É… naïve Ångström", NULL },
		{ "Італії, компанії, СССР» й", NULL }, { "Έλληνες Β΄ και", NULL },
		{ NULL, NULL }
	});
}

static void hidden(void)
{
	check_all((const struct repair_case[]){
		{ "Tom &amp;amp; Ann&#8217;s &nbsp;caf&eacute;", "Tom & Ann’s café" },
		{ "&lt;b&gt; &amp;quot;x&amp;quot;", "<b> \"x\"" },
		{ "a\xe2\x80\x8b" "b\xc2\xad" "c\xe2\x81\xa0", "abc" },
		{ "&amp;amp;amp;lt; stays", NULL }, { "AT&T; and R&D &unknown; & so", NULL },
		{ "www.example.com/?a=1&amp;b=2", NULL }, { "می\xe2\x80\x8cخواهم", NULL },
		{ NULL, NULL }
	});
}

static void names(void)
{
	check_all((const struct repair_case[]){
		{ "It is north Korea that spoke.", "It is North Korea that spoke." },
		{ "It is North korea that spoke.", "It is North Korea that spoke." },
		{ "Trade with russia grew.", "Trade with Russia grew." },
		{ "KremlinS Stance", "Kremlins Stance" },
		{ "Trade with RUssia and MOscow grew.", "Trade with Russia and Moscow grew." },
		{ "RUSSIA AND JAPAN TALK, says NATO", NULL },
		{ "Gestern sagte Tesnow nichts. Heute aber kam Tesnow, und Tesnow ging; am Ende war nur noch tesnow da.",
		  "Gestern sagte Tesnow nichts. Heute aber kam Tesnow, und Tesnow ging; am Ende war nur noch Tesnow da." },
		{ "We saw Ghiberti and Ghiberti, then Ghiberti; they like to cook with Cook and Cook and Cook.", NULL },
		{ "The turkey on the china plate was chad.", NULL },
		{ "a page all in small letters about russia", NULL },
		{ "see #russia and @russia and russia.example", NULL },
		{ "the northeast Asia desk", NULL }, { NULL, NULL }
	});
}

/* A block of which nothing is left goes with its separator. */
static void gaps(void)
{
	bool on[16];
	struct pm_slice text = PM_LIT("one\n\n&nbsp;\n\ntwo,three");

	all_on(on, 16);
	pm_worker_reset(&worker, 0);
	pm_page_init(&page, &worker.arena);
	page.text = text;
	for (int i = 0; i < 3; i++) {
		struct pm_block *b = PM_LIST_ADD(&page, page.blocks);

		CHECK(b != NULL);
		b->text = i == 0 ? pm_slice(text.ptr, 3)
			: i == 1 ? pm_slice(text.ptr + 5, 6) : pm_slice(text.ptr + 13, 9);
	}
	page.title.value = PM_LIT("talks,held");
	page.markdown = PM_LIT("one\n\ntwo,three");
	CHECK(pm_filter_repair.process(&page, on, &worker).verdict == PM_PASS);
	CHECK_SLICE(page.text, "one\n\ntwo, three");
	CHECK(page.blocks.len == 2);
	CHECK_SLICE(page.blocks.at[1].text, "two, three");
	CHECK(page.blocks.at[1].text.ptr == page.text.ptr + 5);
	CHECK_SLICE(page.title.value, "talks, held");
	CHECK_SLICE(page.markdown, "one\n\ntwo, three");
}

/* Markdown that no blocks stand behind. */
static void markdown_alone(void)
{
	bool on[16];

	all_on(on, 16);
	pm_worker_reset(&worker, 0);
	pm_page_init(&page, &worker.arena);
	page.markdown = PM_LIT("talks,held `a,bc` [x](http://e.x/a,bc)\n```\na,bc\n```\nso,on &amp;amp; &amp;");
	CHECK(pm_filter_repair.process(&page, on, &worker).verdict == PM_PASS);
	CHECK_SLICE(page.markdown,
		    "talks, held `a,bc` [x](http://e.x/a,bc)\n```\na,bc\n```\nso, on \\& &amp;");
}

/* Each is off where its option is; effort that is used up ends the page. */
static void switches(void)
{
	bool on[16] = { false };

	pm_worker_reset(&worker, 0);
	pm_page_init(&page, &worker.arena);
	page.text = PM_LIT("talks,held Korea\xe2\x80\x98s caf&eacute; weeksThe end of russia\xe2\x80\x8b");
	CHECK(pm_filter_repair.process(&page, on, &worker).verdict == PM_PASS);
	CHECK(page.repairs.len == 0);
	all_on(on, 16);
	worker.effort = page.text.len;
	CHECK(pm_filter_repair.process(&page, on, &worker).verdict == PM_FAIL);
}

int main(void)
{
	struct pm_err err;

	if (pm_worker_open(&worker, 16 << 20, 1 << 20, &err) != 0)
		return 1;
	RUN(spaces);
	RUN(glue);
	RUN(quotes);
	RUN(mojibake);
	RUN(hidden);
	RUN(names);
	RUN(gaps);
	RUN(markdown_alone);
	RUN(switches);
	pm_worker_close(&worker);
	return DONE();
}
