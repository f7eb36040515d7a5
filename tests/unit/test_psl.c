#include "core/psl.h"

#include "tests/test.h"

static struct pm_slice domain(const char *host)
{
	return pm_psl_domain(pm_slice_str(host));
}

#define CHECK_NONE(host) CHECK(domain(host).ptr == NULL)

static void plain_rules(void)
{
	CHECK_SLICE(domain("example.com"), "example.com");
	CHECK_SLICE(domain("a.b.example.com"), "example.com");
	CHECK_SLICE(domain("www.bbc.co.uk"), "bbc.co.uk");
	CHECK_SLICE(domain("example.org.uk"), "example.org.uk");
	CHECK_NONE("com");
	CHECK_NONE("co.uk");
	CHECK_NONE("uk");
	/* Not a rule of its own under uk, so it is one label below it. */
	CHECK_SLICE(domain("www.example.uk"), "example.uk");
}

static void wildcards_and_exceptions(void)
{
	/* *.ck and !www.ck */
	CHECK_NONE("ck");
	CHECK_NONE("test.ck");
	CHECK_SLICE(domain("b.test.ck"), "b.test.ck");
	CHECK_SLICE(domain("a.b.test.ck"), "b.test.ck");
	CHECK_SLICE(domain("www.ck"), "www.ck");
	CHECK_SLICE(domain("www.www.ck"), "www.ck");
	/* jp, *.kobe.jp and !city.kobe.jp */
	/* The wildcard says nothing about its parent: that is under jp. */
	CHECK_SLICE(domain("kobe.jp"), "kobe.jp");
	CHECK_NONE("c.kobe.jp");
	CHECK_SLICE(domain("b.c.kobe.jp"), "b.c.kobe.jp");
	CHECK_SLICE(domain("city.kobe.jp"), "city.kobe.jp");
	CHECK_SLICE(domain("www.city.kobe.jp"), "city.kobe.jp");
	CHECK_SLICE(domain("test.jp"), "test.jp");
}

static void private_rules(void)
{
	CHECK_SLICE(domain("someone.github.io"), "someone.github.io");
	CHECK_SLICE(domain("a.someone.github.io"), "someone.github.io");
	CHECK_NONE("github.io");
	CHECK_SLICE(domain("x.blogspot.com"), "x.blogspot.com");
	CHECK_NONE("s3.amazonaws.com");
	CHECK_SLICE(domain("bucket.s3.amazonaws.com"), "bucket.s3.amazonaws.com");
	CHECK_SLICE(domain("www.amazonaws.com"), "amazonaws.com");
}

static void alabels(void)
{
	/* Rules that the list has as U-labels. */
	CHECK_NONE("xn--55qx5d.cn");
	CHECK_SLICE(domain("www.xn--85x722f.xn--55qx5d.cn"), "xn--85x722f.xn--55qx5d.cn");
	CHECK_NONE("xn--fiqs8s");
	CHECK_SLICE(domain("shishi.xn--fiqs8s"), "shishi.xn--fiqs8s");
	CHECK_SLICE(domain("a.b.xn--p1ai"), "b.xn--p1ai");
}

static void where_no_rule_matches(void)
{
	CHECK_NONE("localhost");
	CHECK_SLICE(domain("a.localhost"), "a.localhost");
	CHECK_SLICE(domain("x.y.unlisted"), "y.unlisted");
}

static void dots(void)
{
	CHECK_SLICE(domain("www.example.com."), "example.com.");
	CHECK_NONE("com.");
	CHECK_NONE("co.uk.");
	CHECK_NONE(".");
	CHECK_NONE("");
	CHECK_NONE("..");
	CHECK_NONE(".com");
	CHECK_NONE("a..com");
	CHECK_NONE("example.com..");
	CHECK_SLICE(domain(".example.com"), "example.com");
	CHECK_NONE(".co.uk");
}

static void addresses(void)
{
	CHECK_NONE("127.0.0.1");
	CHECK_NONE("[::1]");
	CHECK_NONE("[::ffff:102:304]");
	/* Digits elsewhere are a name's. */
	CHECK_SLICE(domain("1.2.com"), "2.com");
	CHECK_SLICE(domain("163.com"), "163.com");
}

/* The list's longest names have five labels with a wildcard's: the search must get that far. */
static void deep_rules(void)
{
	static char host[3 << 16];
	size_t n = 0;

	while (n + 2 < sizeof(host) - 16) {
		host[n++] = 'a';
		host[n++] = '.';
	}
	memcpy(host + n, "example.co.uk", 13);
	CHECK_SLICE(pm_psl_domain(pm_slice(host, n + 13)), "example.co.uk");
	/* *.compute.amazonaws.com.cn */
	CHECK_NONE("x.compute.amazonaws.com.cn");
	CHECK_SLICE(domain("z.y.x.compute.amazonaws.com.cn"), "y.x.compute.amazonaws.com.cn");
}

/* The result lies in the host itself, and the bytes to digest are there. */
static void slices(void)
{
	static const char host[] = "www.example.com";

	CHECK(domain(host).ptr == host + 4);
	CHECK(pm_psl_bytes().len > 100000);
	CHECK(pm_psl_domain((struct pm_slice){ 0 }).ptr == NULL);
}

int main(void)
{
	RUN(plain_rules);
	RUN(wildcards_and_exceptions);
	RUN(private_rules);
	RUN(alabels);
	RUN(where_no_rule_matches);
	RUN(dots);
	RUN(addresses);
	RUN(deep_rules);
	RUN(slices);
	return DONE();
}
