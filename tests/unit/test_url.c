#include "core/url.h"

#include <stdlib.h>

#include "core/identity.h"
#include "tests/test.h"

static struct pm_arena arena;

static const struct {
	const char *input, *base, *href;
} cases[] = {
#include "tests/unit/url_cases.h"
};

static struct pm_url must(struct pm_slice input)
{
	struct pm_url url = { 0 };

	CHECK(pm_url_parse(&arena, input, NULL, &url) == PM_URL_OK);
	return url;
}

static struct pm_slice href(struct pm_slice input)
{
	struct pm_url url = must(input);

	return pm_url_href(&arena, &url, true);
}

static bool is_ascii(struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x20 || (unsigned char)s.ptr[i] > 0x7E)
			return false;
	return true;
}

/* What was serialised is ASCII and comes out the same when it is parsed again. */
static void is_stable(struct pm_slice s, int line)
{
	struct pm_url again;

	CHECK(is_ascii(s));
	if (pm_url_parse(&arena, s, NULL, &again) != PM_URL_OK ||
	    !pm_slice_eq(pm_url_href(&arena, &again, true), s)) {
		printf("case %d: \"%.*s\" is not stable\n", line, PM_FMT(s));
		CHECK(!"stable");
	}
}

static void table(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pm_url base, url;
		enum pm_url_status status;

		pm_arena_reset(&arena);
		if (cases[i].base)
			base = must(pm_slice_str(cases[i].base));
		status = pm_url_parse(&arena, pm_slice_str(cases[i].input),
				      cases[i].base ? &base : NULL, &url);
		if ((status == PM_URL_OK) != (cases[i].href != NULL) || status == PM_URL_FULL)
			printf("case %zu: \"%s\" against \"%s\"\n", i, cases[i].input,
			       cases[i].base ? cases[i].base : "");
		CHECK((status == PM_URL_OK) == (cases[i].href != NULL));
		if (status != PM_URL_OK || !cases[i].href)
			continue;
		CHECK_SLICE(pm_url_href(&arena, &url, true), cases[i].href);
		is_stable(pm_url_href(&arena, &url, true), (int)i);
	}
}

static void components(void)
{
	struct pm_url u = must(PM_LIT("HTTPS://us:pw@EX.com:8443/a/b?q=1#f"));

	CHECK_SLICE(u.scheme, "https");
	CHECK_SLICE(u.username, "us");
	CHECK_SLICE(u.password, "pw");
	CHECK_SLICE(u.host, "ex.com");
	CHECK_SLICE(u.path, "/a/b");
	CHECK_SLICE(u.query, "q=1");
	CHECK_SLICE(u.fragment, "f");
	CHECK(u.port == 8443 && u.has_host && u.special && !u.host_is_ip && !u.opaque_path);
	CHECK(pm_url_is_web(&u));
	CHECK_SLICE(pm_url_href(&arena, &u, false), "https://us:pw@ex.com:8443/a/b?q=1");
}

static void absent_components(void)
{
	struct pm_url u = must(PM_LIT("mailto:x"));

	CHECK(!u.has_host && !u.host.ptr && !u.query.ptr && !u.fragment.ptr && u.port == -1);
	CHECK(u.opaque_path && !u.special && !pm_url_is_web(&u));
	CHECK_SLICE(u.username, "");
	CHECK_SLICE(u.password, "");

	u = must(PM_LIT("file:///x?#"));
	CHECK(u.has_host && u.special);
	CHECK_SLICE(u.host, "");
	CHECK_SLICE(u.query, "");
	CHECK_SLICE(u.fragment, "");
	CHECK_SLICE(pm_url_href(&arena, &u, false), "file:///x?");
}

static void addresses(void)
{
	struct pm_url base, u = must(PM_LIT("http://0x7f.1/"));

	CHECK_SLICE(u.host, "127.0.0.1");
	CHECK(u.host_is_ip);
	base = must(PM_LIT("http://[::0:1]/x"));
	CHECK_SLICE(base.host, "[::1]");
	CHECK(base.host_is_ip);
	CHECK(pm_url_parse(&arena, PM_LIT("y"), &base, &u) == PM_URL_OK && u.host_is_ip);
	CHECK(pm_url_parse(&arena, PM_LIT("//h/y"), &base, &u) == PM_URL_OK && !u.host_is_ip);
	/* Longest form. */
	CHECK_SLICE(must(PM_LIT("http://[1111:2222:3333:4444:5555:6666:7777:8888]")).host,
		    "[1111:2222:3333:4444:5555:6666:7777:8888]");
}

/* The result may take the base's place: canonical links do so. */
static void in_place(void)
{
	struct pm_url u = must(PM_LIT("http://h/a/b"));

	CHECK(pm_url_parse(&arena, PM_LIT("c"), &u, &u) == PM_URL_OK);
	CHECK_SLICE(pm_url_href(&arena, &u, true), "http://h/a/c");
	CHECK(pm_url_parse(&arena, PM_LIT("http://["), &u, &u) == PM_URL_BAD);
	CHECK_SLICE(pm_url_href(&arena, &u, true), "http://h/a/c");
}

static void bytes_that_are_no_utf8(void)
{
	struct pm_url url;

	CHECK_SLICE(href(PM_LIT("http://h/\xFF")), "http://h/%EF%BF%BD");
	CHECK_SLICE(href(PM_LIT("http://h/?\xE2\x98")), "http://h/?%EF%BF%BD");
	CHECK_SLICE(href(PM_LIT("http://h/#\xED\xA0\x80")),
		    "http://h/#%EF%BF%BD%EF%BF%BD%EF%BF%BD");
	CHECK_SLICE(href(PM_LIT("http://\xC0@h/")), "http://%EF%BF%BD@h/");
	CHECK_SLICE(href(PM_LIT("foo:\xF5")), "foo:%EF%BF%BD");
	CHECK_SLICE(href(PM_LIT("foo://\x80")), "foo://%EF%BF%BD");
	/* A newline between the halves of a character is taken out after decoding. */
	CHECK_SLICE(href(PM_LIT("http://h/\xC3\n\xA9")), "http://h/%EF%BF%BD%EF%BF%BD");
	CHECK_SLICE(href(PM_LIT("http://h/\xE2\t\n\x98\x83")),
		    "http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD");
	CHECK_SLICE(href(PM_LIT("http://h/\n\xC3\xA9\n")), "http://h/%C3%A9");
	CHECK(pm_url_parse(&arena, PM_LIT("http://\xFF/"), NULL, &url) == PM_URL_BAD);
	CHECK(pm_url_parse(&arena, PM_LIT("http://a\0b/"), NULL, &url) == PM_URL_BAD);
	CHECK_SLICE(href(PM_LIT("http://h/a\0b")), "http://h/a%00b");
}

static enum pm_url_status parse_host(const char *piece, size_t times, const char *end, size_t *len)
{
	static char text[1 << 16];
	struct pm_url url;
	size_t n = (size_t)snprintf(text, sizeof(text), "http://");
	enum pm_url_status status;

	while (times--)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", piece);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "%s", end);
	status = pm_url_parse(&arena, pm_slice(text, n), NULL, &url);
	if (len)
		*len = status == PM_URL_OK ? url.host.len : 0;
	return status;
}

/* ASCII hosts of any length are hosts to the standard; IDNA ends where DNS does. */
static void host_limits(void)
{
	size_t len;

	CHECK(parse_host("a", 60000, "/", &len) == PM_URL_OK && len == 60000);
	/* "xn--" and 59 octets make a label of 63; one more is too many. */
	CHECK(parse_host("a", 55, "\xC3\xBC/", &len) == PM_URL_OK && len == 63);
	CHECK(parse_host("a", 56, "\xC3\xBC/", NULL) == PM_URL_BAD);
	/* "xn--tda." is 8 octets: 31 of them and 6 make 254. */
	CHECK(parse_host("\xC3\xBC.", 31, "aaaaaa/", &len) == PM_URL_OK && len == 254);
	CHECK(parse_host("\xC3\xBC.", 31, "aaaaaaa/", NULL) == PM_URL_BAD);
	CHECK(parse_host("\xC3\xBC.", 20000, "a/", NULL) == PM_URL_BAD);
	/* Soft hyphens vanish, but a label has 1024 octets at most before they do. */
	CHECK(parse_host("\xC2\xAD", 511, "ab/", &len) == PM_URL_OK && len == 2);
	CHECK(parse_host("\xC2\xAD", 511, "abc/", NULL) == PM_URL_BAD);
}

/* Every point at which the arena may run out gives PM_URL_FULL, and nothing else. */
static void arena_runs_out(void)
{
	static const char input[] = "http://us er:pa ss@b\xC3\xBC"
				    "cher.example:81/a\n/../b c?d e#f g";
	struct pm_url url, base = must(PM_LIT("http://h/x/y"));
	bool fits = false;

	for (size_t limit = 0; limit < 4096 && !fits; limit += 16) {
		struct pm_arena small;
		enum pm_url_status status;

		CHECK(pm_arena_open(&small, 4096) == 0);
		small.limit = limit;
		status = pm_url_parse(&small, PM_LIT(input), &base, &url);
		CHECK(status == PM_URL_OK || status == PM_URL_FULL);
		fits = status == PM_URL_OK && pm_url_href(&small, &url, true).ptr;
		small.limit = 4096;
		pm_arena_close(&small);
	}
	CHECK(fits);
}

/* A million octets that provoke rescanning end at once, or this test would not. */
static void is_linear(void)
{
	static const char *const pieces[] = {
		"/..", "/a/..", "@", ":", "[", "%2e/", "\n", "\xE2", "/", "?", "1.",
	};
	const size_t size = 1 << 20;
	char *text = malloc(size + 16);
	struct pm_url url, base = must(PM_LIT("http://h/a/b/c"));

	CHECK(text);
	if (!text)
		return;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		size_t n = 0;

		while (n < size) {
			memcpy(text + n, pieces[i], strlen(pieces[i]));
			n += strlen(pieces[i]);
		}
		pm_arena_reset(&arena);
		base = must(PM_LIT("http://h/a/b/c"));
		CHECK(pm_url_parse(&arena, pm_slice(text, n), &base, &url) != PM_URL_FULL);
		memcpy(text, "http://", 7);
		CHECK(pm_url_parse(&arena, pm_slice(text, n), &base, &url) != PM_URL_FULL);
	}
	free(text);
}

static struct pm_identity identity(struct pm_slice url)
{
	struct pm_identity id = { 0 };

	CHECK(pm_identity(&arena, url, PM_LIT("abc"), &id) == 0);
	return id;
}

/* SHA-256("abc") begins with ba7816bf 8f01cfea 414140de 5dae2223 (FIPS 180-4's example). */
static void identities(void)
{
	static const char body[] = "ba7816bf8f01cfea414140de5dae2223";
	struct pm_identity id = identity((struct pm_slice){ 0 });

	CHECK_SLICE(pm_slice_str(id.id), body);
	CHECK(!id.has_url && !id.host.ptr && !id.domain.ptr);
	id = identity(PM_LIT("not a url"));
	CHECK_SLICE(pm_slice_str(id.id), body);
	CHECK(!id.has_url);
	id = identity(PM_LIT("ftp://www.example.co.uk/x"));
	CHECK_SLICE(pm_slice_str(id.id), body);
	CHECK_SLICE(id.host, "www.example.co.uk");
	CHECK_SLICE(id.domain, "example.co.uk");
	id = identity(PM_LIT("file:page.html"));
	CHECK_SLICE(pm_slice_str(id.id), body);
	CHECK(id.has_url && !id.host.ptr && !id.domain.ptr);
	/* printf 'http://www.example.com/a%%20b?q' | sha256sum */
	id = identity(PM_LIT(" HTTP://WWW.Example.com:80/x/../a b?q#fragment"));
	CHECK_SLICE(pm_slice_str(id.id), "f913083df1aa4c5c47fff1354990670e");
	CHECK_SLICE(id.host, "www.example.com");
	CHECK_SLICE(id.domain, "example.com");
	id = identity(PM_LIT("http://127.1/"));
	CHECK_SLICE(id.host, "127.0.0.1");
	CHECK(!id.domain.ptr);
	id = identity(PM_LIT("http://co.uk/"));
	CHECK_SLICE(id.host, "co.uk");
	CHECK(!id.domain.ptr);
}

int main(void)
{
	if (pm_arena_open(&arena, (size_t)64 << 20) != 0)
		return 1;
	RUN(table);
	RUN(components);
	RUN(absent_components);
	RUN(addresses);
	RUN(in_place);
	RUN(bytes_that_are_no_utf8);
	RUN(host_limits);
	RUN(arena_runs_out);
	RUN(is_linear);
	RUN(identities);
	pm_arena_close(&arena);
	return DONE();
}
