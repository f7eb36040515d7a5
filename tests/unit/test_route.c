/* Routes: what they decide, what a configuration may not say, what topics come of a page. */
#include "core/log.h"
#include "producer/route.h"
#include "producer/topic.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_route_scratch *scratch;

static struct pm_config *cf;

/* `routes` in single quotes for double ones. */
static struct pm_routes *parse(const char *routes, const struct pm_producible *can)
{
	static char text[8192];

	snprintf(text, sizeof(text), "{\"output\": {\"routes\": %s}}", routes);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	cf = pm_config_text("t.json", pm_slice_str(text));
	return pm_routes_new(
	    json_object_get(json_object_get(pm_config_root(cf), "output"), "routes"), "all", cf,
	    can);
}

/* Whether the faults of `routes` hold `words`. */
static bool faulty(const char *routes, const char *words, const struct pm_producible *can)
{
	struct pm_routes *r = parse(routes, can);
	char text[4096] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");
	bool found;

	pm_config_print(cf, to);
	fclose(to);
	found = !r && strstr(text, words);
	if (!found)
		printf("  faults: %s\n", text);
	pm_routes_free(r);
	pm_config_free(cf);
	return found;
}

/* "topic,topic -drop" */
static const char *decide(const char *routes, const struct pm_page *page)
{
	static char text[1024];
	struct pm_routes *r = parse(routes, NULL);
	struct pm_routed routed;
	size_t len = 0;

	text[0] = 0;
	if (!r) {
		pm_config_print(cf, stdout);
		pm_config_free(cf);
		return "fault";
	}
	pm_arena_reset(&arena);
	CHECK(pm_route(r, page, &arena, scratch, &routed) == 0);
	for (size_t i = 0; i < routed.len; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s%s", i ? "," : "",
					routed.at[i].name, routed.at[i].dynamic ? "*" : "");
	if (routed.drop)
		snprintf(text + len, sizeof(text) - len, " -%s", routed.drop);
	pm_routes_free(r);
	pm_config_free(cf);
	return text;
}

#define DECIDES(routes, page, want)                                                         \
	do {                                                                               \
		const char *got_ = decide(routes, page);                                   \
		CHECK(strcmp(got_, want) == 0);                                            \
		if (strcmp(got_, want) != 0)                                               \
			printf("  got %s, want %s\n", got_, want);                         \
	} while (0)

static struct pm_topic topics[2] = {
	{ PM_LIT("20000003"), PM_LIT("politics"), 9000 }, { PM_LIT("11000000"), PM_LIT("x"), 5000 },
};

static void sample(struct pm_page *page)
{
	pm_page_init(page, &arena);
	page->url = PM_LIT("https://news.example/2025/a");
	page->language = PM_LIT("de");
	page->language_confidence = 9876;
	page->page_type = PM_TYPE_ARTICLE;
	page->quality_score = 5000;
	page->topics.at = topics;
	page->topics.len = 2;
	page->is_accessible_for_free = -1;
}

static void operators(void)
{
	struct pm_page page;

	sample(&page);
	DECIDES("[]", &page, "all");
	DECIDES("[{'when': {'field': 'page_type', 'is': 'article'}, 'topic': 't'}]", &page, "t");
	DECIDES("[{'when': {'field': 'page_type', 'is': 'error'}, 'topic': 't'}]", &page, "all");
	DECIDES("[{'when': {'field': 'language.code', 'in': ['fr', 'de', 'en']}, 'topic': 't'}]",
		&page, "t");
	DECIDES("[{'when': {'field': 'topics.id', 'is': '11000000'}, 'topic': 't'}]", &page, "t");
	DECIDES("[{'when': {'field': 'url', 'matches': '/20[0-9]{2}/'}, 'topic': 't'}]", &page,
		"t");
	DECIDES("[{'when': {'field': 'url', 'matches': '^/20'}, 'topic': 't'}]", &page, "all");
	DECIDES("[{'when': {'field': 'text', 'exists': false}, 'drop': 'no_text'}]", &page,
		" -no_text");
	DECIDES("[{'when': {'field': 'text', 'exists': true}, 'drop': 'x'}]", &page, "all");
	DECIDES("[{'when': {'field': 'topics', 'exists': true}, 'topic': 't'}]", &page, "t");
	DECIDES("[{'when': {'field': 'is_accessible_for_free', 'is': false}, 'topic': 't'}]", &page,
		"t");
	DECIDES("[{'when': {'field': 'is_accessible_for_free', 'is': true}, 'topic': 't'}]", &page,
		"all");
	/* A value that is absent passes no test but exists. */
	DECIDES("[{'when': {'field': 'title', 'matches': ''}, 'topic': 't'}]", &page, "all");
}

/* Strict bounds, in steps of 1/10000; decimals that no double holds exactly. */
static void numbers(void)
{
	struct pm_page page;

	sample(&page);
	DECIDES("[{'when': {'field': 'language.confidence', 'above': 0.9876}, 'topic': 't'}]",
		&page, "all");
	DECIDES("[{'when': {'field': 'language.confidence', 'above': 0.9875}, 'topic': 't'}]",
		&page, "t");
	DECIDES("[{'when': {'field': 'language.confidence', 'below': 0.9876}, 'topic': 't'}]",
		&page, "all");
	DECIDES("[{'when': {'field': 'language.confidence', 'below': 0.9877}, 'topic': 't'}]",
		&page, "t");
	DECIDES("[{'when': {'field': 'language.confidence', 'is': 0.9876}, 'topic': 't'}]", &page,
		"t");
	DECIDES("[{'when': {'field': 'language.confidence', 'below': 1}, 'topic': 't'}]", &page,
		"t");
	DECIDES("[{'when': {'field': 'topics.score', 'in': [0.1, 0.5]}, 'topic': 't'}]", &page,
		"t");
	DECIDES("[{'when': {'field': 'topics.score', 'above': 0.9}, 'topic': 't'}]", &page, "all");
	DECIDES("[{'when': {'field': 'quality.score', 'above': -1e3}, 'topic': 't'}]", &page, "t");
	CHECK(faulty("[{'when': {'field': 'quality.score', 'above': 0.00005}, 'topic': 't'}]",
		     "output.routes[0].when.above: expected a number with at most four decimals",
		     NULL));
	CHECK(faulty("[{'when': {'field': 'quality.score', 'above': 1e300}, 'topic': 't'}]",
		     "four decimals", NULL));
	CHECK(faulty("[{'when': {'field': 'quality.score', 'above': 9223372036854775807}, "
		     "'topic': 't'}]", "four decimals", NULL));
}

static void combinations(void)
{
	struct pm_page page;

	sample(&page);
	DECIDES("[{'when': {'all': [{'field': 'page_type', 'is': 'article'}, "
		"{'not': {'field': 'language.code', 'is': 'fr'}}]}, 'topic': 't'}]", &page, "t");
	DECIDES("[{'when': {'any': [{'field': 'page_type', 'is': 'error'}, "
		"{'field': 'language.code', 'is': 'fr'}]}, 'topic': 't'}]", &page, "all");
	DECIDES("[{'when': {'any': [{'all': [{'field': 'url', 'exists': false}]}, "
		"{'not': {'field': 'text', 'exists': true}}]}, 'topic': 't'}]", &page, "t");
}

/* Copies go on, the first that decides ends, and no topic comes twice. */
static void order(void)
{
	struct pm_page page;

	sample(&page);
#define ALWAYS "'when': {'field': 'url', 'exists': true}"
	DECIDES("[{" ALWAYS ", 'topic': 'a', 'also': true}, {" ALWAYS ", 'topic': 'b'}, "
		"{" ALWAYS ", 'topic': 'c'}]", &page, "a,b");
	DECIDES("[{" ALWAYS ", 'topic': 'a', 'also': true}]", &page, "a,all");
	DECIDES("[{" ALWAYS ", 'topic': 'all', 'also': true}]", &page, "all");
	DECIDES("[{" ALWAYS ", 'topic': 'a', 'also': true}, {" ALWAYS
		", 'topic': 'a', 'also': true}]",
		&page, "a,all");
	DECIDES("[{" ALWAYS ", 'topic': 'a', 'also': true}, {" ALWAYS ", 'drop': 'gone'}]", &page,
		"a -gone");
	DECIDES("[{" ALWAYS ", 'topic': 'a', 'also': false}]", &page, "a");
	DECIDES("[{" ALWAYS ", 'topic': 'p.{language.code|und}', 'also': true}, "
		"{" ALWAYS ", 'topic': 'p.de'}]", &page, "p.de");
}

static void templates(void)
{
	char many[600];
	struct pm_page page;
	struct pm_routes *r;
	struct pm_routed routed;

	sample(&page);
	DECIDES("[{" ALWAYS ", 'topic': 'pages.{language.code|und}'}]", &page, "pages.de*");
	DECIDES("[{" ALWAYS ", 'topic': 'p.{topics.id|none}.{page_type|other}-x'}]", &page,
		"p.20000003.article-x*");
	DECIDES("[{" ALWAYS ", 'topic': 'p.{title|none}'}]", &page, "p.none*");
	page.language = PM_LIT("a b/\xc3\xa9\xe2\x82\xac.");
	DECIDES("[{" ALWAYS ", 'topic': 'p-{language.code|und}'}]", &page, "p-a_b___.*");
	page.language = PM_LIT(".");
	DECIDES("[{" ALWAYS ", 'topic': '.{language.code|und}'}]", &page, "._*");
	memset(many, 'x', sizeof(many));
	page.title.value = pm_slice(many, 246);
	r = parse("[{" ALWAYS ", 'topic': 'p.-{title|none}'}]", NULL);
	CHECK(r && pm_route(r, &page, &arena, scratch, &routed) == 0);
	CHECK(strlen(routed.at[0].name) == 249);
	page.title.value.len = 247;
	CHECK(pm_route(r, &page, &arena, scratch, &routed) == 0);
	CHECK(strlen(routed.at[0].name) == 249);
	pm_routes_free(r);
	pm_config_free(cf);
}

static void bad_topics(void)
{
	CHECK(faulty("[{" ALWAYS ", 'topic': '{language.code|und}'}]", "literal prefix", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.{language.code}'}]", "needs a default", NULL));
	CHECK(faulty(
	    "[{" ALWAYS ", 'topic': 'p.{language.cod|und}'}]",
	    "output.routes[0].topic: no such field: language.cod (did you mean language.code?)",
	    NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.{quality.score|0}'}]", "no string", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.{language.code|a b}'}]", "default", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.{language.code|}'}]", "default", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.{language.code|und'}]", "partner", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.}'}]", "partner", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p q'}]", "letters, digits", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p q{url|x}'}]", "letters, digits", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': ''}]", "empty", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': '..'}]", "..", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 7}]", "output.routes[0].topic: expected a string",
		     NULL));
}

static void name_lengths(void)
{
	char name[252];

	memset(name, 'n', sizeof(name));
	name[249] = 0;
	CHECK(pm_topic_fault(name) == NULL);
	name[249] = 'n';
	name[250] = 0;
	CHECK(pm_topic_fault(name) != NULL);
	CHECK(pm_topic_fault("a") == NULL && pm_topic_fault("...") == NULL);
	CHECK(pm_topic_fault("") && pm_topic_fault(".") && pm_topic_fault("..") &&
	      pm_topic_fault("\xc3\xa9"));
}

static void bad_routes(void)
{
	CHECK(faulty("{}", "output.routes: expected an array", NULL));
	CHECK(faulty("[7]", "output.routes[0]: expected an object", NULL));
	CHECK(faulty("[{'topic': 't'}]", "needs \"when\"", NULL));
	CHECK(faulty("[{" ALWAYS "}]", "one of \"topic\" and \"drop\"", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 't', 'drop': 'x'}]", "one of", NULL));
	CHECK(faulty("[{" ALWAYS ", 'drop': 'x', 'also': true}]", "output.routes[0].also", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topic': 't', 'also': 1}]", "true or false", NULL));
	CHECK(faulty("[{" ALWAYS ", 'drop': 'No Text'}]", "output.routes[0].drop", NULL));
	CHECK(faulty("[{" ALWAYS ", 'drop': ''}]", "output.routes[0].drop", NULL));
	CHECK(faulty("[{" ALWAYS ", 'topics': 't'}]", "did you mean topic?", NULL));
	CHECK(
	    faulty("[{'when': {'field': 'page_typ', 'is': 'error'}, 'topic': 't'}]",
		   "output.routes[0].when.field: no such field: page_typ (did you mean page_type?)",
		   NULL));
	CHECK(faulty("[{'when': {'field': 'page_type', 'is': 'artikle'}, 'topic': 't'}]",
		     "(did you mean \"article\"?)", NULL));
	CHECK(faulty("[{'when': {'field': 'page_type'}, 'topic': 't'}]", "needs one of", NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'is': 'a', 'matches': 'b'}, 'topic': 't'}]",
		     "needs one of", NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'iss': 'a'}, 'topic': 't'}]",
		     "output.routes[0].when.iss", NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'above': 1}, 'topic': 't'}]",
		     "output.routes[0].when.above: url is no number", NULL));
	CHECK(faulty("[{'when': {'field': 'quality.score', 'matches': '1'}, 'topic': 't'}]",
		     "no string", NULL));
	CHECK(faulty("[{'when': {'field': 'quality.score', 'is': '1'}, 'topic': 't'}]",
		     "expected a number", NULL));
	CHECK(faulty("[{'when': {'field': 'tags', 'is': 'x'}, 'topic': 't'}]", "only exist", NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'is': ''}, 'topic': 't'}]", "exists", NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'in': []}, 'topic': 't'}]", "array of values",
		     NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'in': ['a', 3]}, 'topic': 't'}]",
		     "output.routes[0].when.in[1]", NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'exists': 1}, 'topic': 't'}]", "true or false",
		     NULL));
	CHECK(faulty("[{'when': {'field': 'url', 'matches': '('}, 'topic': 't'}]",
		     "output.routes[0].when.matches: at character", NULL));
	CHECK(faulty("[{'when': {'all': []}, 'topic': 't'}]", "array of tests", NULL));
	CHECK(faulty("[{'when': {'all': [{'field': 'urk', 'exists': true}]}, 'topic': 't'}]",
		     "output.routes[0].when.all[0].field", NULL));
	CHECK(faulty("[{'when': {'not': {'field': 'url', 'is': 3}}, 'topic': 't'}]",
		     "output.routes[0].when.not.is", NULL));
	CHECK(
	    faulty("[{'when': {'not': {'field': 'url', 'exists': true}, 'any': []}, 'topic': 't'}]",
		   "stand alone", NULL));
	/* All faults of all routes come in one run. */
	CHECK(faulty("[{'when': {}, 'topic': 't'}, {'when': 1, 'drop': 'x'}]",
		     "output.routes[1].when: expected an object with a test", NULL));
}

static struct pm_routes *nested(int depth)
{
	char text[1024] = "[{'when': ";
	size_t len = strlen(text);

	for (int i = 0; i < depth; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "{'not': ");
	len += (size_t)snprintf(text + len, sizeof(text) - len, "{'field': 'url', 'exists': true}");
	for (int i = 0; i < depth; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "}");
	snprintf(text + len, sizeof(text) - len, ", 'topic': 't'}]");
	return parse(text, NULL);
}

static void nesting(void)
{
	struct pm_routes *r = nested(8);

	CHECK(r != NULL);
	pm_routes_free(r);
	pm_config_free(cf);
	r = nested(9);
	CHECK(r == NULL);
	CHECK(pm_config_faults(cf) == 1);
	pm_config_free(cf);
}

/* -- what the chain can produce -------------------------------------------------------------- */
static bool can_field(const void *ctx, const char *path)
{
	return strcmp(path, "tags.type") == 0 || strcmp(path, "url") == 0;
}

static bool can_value(const void *ctx, const char *path, const char *value)
{
	return strcmp(path, "url") == 0 || strcmp(value, "country") == 0;
}

static const char *can_suggest(const void *ctx, const char *path)
{
	return strcmp(path, "tags.id") == 0 ? "tags.type" : NULL;
}

static void producible(void)
{
	static const struct pm_producible can = { NULL, can_field, can_value, can_suggest };
	struct pm_routes *r;

	CHECK(faulty("[{'when': {'field': 'text', 'exists': false}, 'topic': 't'}]",
		     "output.routes[0].when.field: nothing in the chain writes text", &can));
	CHECK(faulty("[{'when': {'field': 'tags.id', 'exists': false}, 'topic': 't'}]",
		     "did you mean tags.type?", &can));
	CHECK(faulty("[{'when': {'field': 'tags.type', 'is': 'city'}, 'topic': 't'}]",
		     "nothing in the chain gives tags.type the value \"city\"", &can));
	CHECK(faulty("[{" ALWAYS ", 'topic': 'p.{language.code|und}'}]",
		     "output.routes[0].topic: nothing in the chain writes language.code", &can));
	r = parse("[{'when': {'field': 'tags.type', 'in': ['country']}, 'topic': 't'}]", &can);
	CHECK(r != NULL);
	pm_routes_free(r);
	pm_config_free(cf);
}

static void enumerates(void)
{
	struct pm_routes *r =
	    parse("[{" ALWAYS ", 'topic': 'a.{language.code|und}', 'also': true}, "
		  "{" ALWAYS ", 'drop': 'gone'}, {" ALWAYS ", 'topic': 'b'}]",
		  NULL);
	struct pm_topic_use use;

	CHECK(pm_routes_topic(r, 0, &use) && !use.prefix);
	CHECK_SLICE(use.name, "all");
	CHECK(pm_routes_topic(r, 1, &use) && use.prefix);
	CHECK_SLICE(use.name, "a.");
	CHECK(pm_routes_topic(r, 2, &use) && !use.prefix);
	CHECK_SLICE(use.name, "b");
	CHECK(!pm_routes_topic(r, 3, &use));
	CHECK(strcmp(pm_routes_reason(r, 0), "gone") == 0);
	CHECK(pm_routes_reason(r, 1) == NULL);
	pm_routes_free(r);
	pm_config_free(cf);
}

/* A pattern that would backtrack for ever ends at a limit, is counted and does not match; bytes
 * that are not UTF-8 harm nothing. */
static void patterns(void)
{
	static char text[200001];
	struct pm_page page;
	uint64_t before = pm_route_limits(scratch);

	sample(&page);
	memset(text, 'a', 200000);
	page.text = pm_slice(text, 200000);
	DECIDES("[{'when': {'field': 'text', 'matches': '(a+)+(b|c)\\\\1$'}, 'topic': 't'}]", &page,
		"all");
	CHECK(pm_route_limits(scratch) > before);
	page.text = PM_LIT("ab\xff\xfe\xc3");
	DECIDES("[{'when': {'field': 'text', 'matches': '^ab'}, 'topic': 't'}]", &page, "t");
	DECIDES("[{'when': {'field': 'text', 'matches': '\\u00e9'}, 'topic': 't'}]", &page, "all");
	CHECK(faulty("[{'when': {'field': 'text', 'matches': '\\\\C'}, 'topic': 't'}]", "matches",
		     NULL));
}

static void arena_full(void)
{
	struct pm_routes *r = parse("[{" ALWAYS ", 'topic': 'a.{language.code|und}'}]", NULL);
	struct pm_arena small;
	struct pm_routed routed;
	struct pm_page page;

	sample(&page);
	CHECK(pm_arena_open(&small, 64) == 0);
	CHECK(pm_route(r, &page, &small, scratch, &routed) == -1);
	pm_arena_close(&small);
	pm_routes_free(r);
	pm_config_free(cf);
}

int main(void)
{
	pm_log_level = PM_ERROR;        /* limits that are hit are wanted here */
	CHECK(pm_arena_open(&arena, 1 << 20) == 0);
	scratch = pm_route_scratch_new();
	CHECK(scratch != NULL);
	RUN(operators);
	RUN(numbers);
	RUN(combinations);
	RUN(order);
	RUN(templates);
	RUN(bad_topics);
	RUN(name_lengths);
	RUN(bad_routes);
	RUN(nesting);
	RUN(producible);
	RUN(enumerates);
	RUN(patterns);
	RUN(arena_full);
	pm_route_scratch_free(scratch);
	pm_arena_close(&arena);
	return DONE();
}
