#include "consumer/media.h"
#include "consumer/times.h"

#include "tests/test.h"

static void mime(const char *value, const char *essence)
{
	struct pm_mime m;
	bool ok = pm_mime_parse(pm_slice_str(value), &m);

	CHECK(ok == (essence != NULL));
	if (ok && essence)
		CHECK_SLICE(m.essence, essence);
}

static void mime_types(void)
{
	mime("text/html", "text/html");
	mime(" \t\r\nText/HTML ; charset=utf-8", "Text/HTML");
	mime("text/html;", "text/html");
	mime("text/html;charset=\"a;b/c\"", "text/html");
	mime("application/xhtml+xml ", "application/xhtml+xml");
	mime("x/y", "x/y");
	mime("", NULL);
	mime(" ", NULL);
	mime(";charset=utf-8", NULL);
	mime("text", NULL);
	mime("text;a/b", NULL);
	mime("/html", NULL);
	mime("text/", NULL);
	mime("text/;x", NULL);
	mime("te xt/html", NULL);
	mime("text/ht ml", NULL);
	mime("text/html, text/plain", NULL);
	mime("text/html/x", NULL);
	mime("text\f/html", NULL);
}

static enum pm_media of(const char *type, struct pm_slice body)
{
	return pm_media_of(pm_slice_str(type), body);
}

static void declared(void)
{
	struct pm_slice pdf = PM_LIT("%PDF-1.7\n"), text = PM_LIT("words");

	CHECK(of("text/html", text) == PM_MEDIA_HTML);
	CHECK(of("TEXT/HTML;charset=x", text) == PM_MEDIA_HTML);
	CHECK(of("text/plain", text) == PM_MEDIA_TEXT);
	CHECK(of("application/xhtml+xml", text) == PM_MEDIA_GUESS);
	CHECK(of("application/pdf", text) == PM_MEDIA_NONE);
	CHECK(of("image/svg+xml", PM_LIT("<svg/>")) == PM_MEDIA_NONE);
	CHECK(of("application/json", text) == PM_MEDIA_NONE);
	/* The type that was declared is believed, whatever the bytes look like. */
	CHECK(of("text/html", pdf) == PM_MEDIA_HTML);
}

static void by_content(void)
{
	static const char *const unsaid[] = { NULL, "", "nonsense", "application/octet-stream",
					      "Application/Octet-Stream; x=y" };

	for (size_t i = 0; i < sizeof(unsaid) / sizeof(*unsaid); i++) {
		CHECK(of(unsaid[i], PM_LIT("plain words")) == PM_MEDIA_GUESS);
		CHECK(of(unsaid[i], PM_LIT("")) == PM_MEDIA_GUESS);
		CHECK(of(unsaid[i], PM_LIT("a\0b")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("%PDF-1.7")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("%PDF")) == PM_MEDIA_GUESS);
		CHECK(of(unsaid[i], PM_LIT("\x89PNG\r\n\x1a\n")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("\xff\xd8\xff\xe0")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("GIF89a..")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("PK\3\4")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("\x1f\x8b\x08")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("RIFF....WEBP")) == PM_MEDIA_NONE);
		CHECK(of(unsaid[i], PM_LIT("ROFF....WEBP")) == PM_MEDIA_GUESS);
		CHECK(of(unsaid[i], PM_LIT("the ftype of")) == PM_MEDIA_GUESS);
		CHECK(of(unsaid[i], PM_LIT("FORM a line, all of you")) == PM_MEDIA_GUESS);
		/* UTF-16 with its mark is full of NULs and is text. */
		CHECK(of(unsaid[i], PM_LIT("\xff\xfe<\0p\0")) == PM_MEDIA_GUESS);
		CHECK(of(unsaid[i], PM_LIT("\xfe\xff\0<\0p")) == PM_MEDIA_GUESS);
	}
}

static bool root(const char *xml)
{
	return pm_media_html_root(pm_slice_str(xml));
}

static void xml_roots(void)
{
	CHECK(root("<html>"));
	CHECK(root("<html/>"));
	CHECK(root("<HTML lang='x'>"));
	CHECK(root("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<html xmlns='x'>"));
	CHECK(root(" <!-- <rss> --> <?pi <rss> ?> <!DOCTYPE html> <html>"));
	CHECK(root("<!doctype html [<!ENTITY a \"]>\"> <!-- ]> ' -->]><html>"));
	CHECK(root("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"a>b\"><html>"));
	CHECK(!root("<rss><html>"));
	CHECK(!root("<htmlx>"));
	CHECK(!root("<html"));
	CHECK(!root("html>"));
	CHECK(!root(""));
	CHECK(!root("<"));
	CHECK(!root("<!-- <html>"));
	CHECK(!root("<!DOCTYPE html [ <html>"));
	CHECK(!root("<!DOCTYPE 'html> <html>"));
	CHECK(!root("words <html>"));
	CHECK(pm_media_html_root(PM_LIT("\xff\xfe<\0h\0t\0m\0l\0>\0")));
	CHECK(pm_media_html_root(PM_LIT("\xfe\xff\0<\0h\0t\0m\0l\0>")));
	CHECK(!pm_media_html_root(PM_LIT("\xff\xfe<\0h\1t\0m\0l\0>\0")));
	CHECK(!pm_media_html_root(PM_LIT("\xff\xfe<\0h\0t\0m\0l\0>")));
	CHECK(of("text/xml", PM_LIT("<html>")) == PM_MEDIA_GUESS);
	CHECK(of("application/xml", PM_LIT("<rss>")) == PM_MEDIA_NONE);
	CHECK(of("application/vnd.x+xml", PM_LIT("<html>")) == PM_MEDIA_GUESS);
	CHECK(of("application/rss+xml", PM_LIT("<rss>")) == PM_MEDIA_NONE);
}

static void time_is(const char *s, size_t want)
{
	size_t keep = 0;
	bool ok = pm_time_valid(pm_slice_str(s), &keep);

	CHECK(ok == (want != 0));
	if (ok != (want != 0))
		printf("\t%s\n", s);
	CHECK(!ok || keep == want);
}

static void times(void)
{
	time_is("2025-07-12T08:30:00Z", 20);
	time_is("2025-07-12t08:30:00z", 20);
	time_is("2025-07-12T08:30:00.123456789Z", 30);
	time_is("2025-07-12T23:59:59+05:30", 25);
	time_is("2025-07-12T23:59:59-00:00", 25);
	time_is("0000-01-01T00:00:00Z", 20);
	time_is("2024-02-29T00:00:00Z", 20);
	time_is("2000-02-29T00:00:00Z", 20);
	time_is("2016-12-31T23:59:60Z", 20);
	time_is("2017-01-01T05:29:60+05:30", 25);
	time_is("2025-07-12", 10);
	time_is("2025-07-12T08:30:00", 10);
	time_is("2025-07-12T08:30:00.5", 10);
	time_is("", 0);
	time_is("yesterday", 0);
	time_is("2025-02-29T00:00:00Z", 0);
	time_is("1900-02-29T00:00:00Z", 0);
	time_is("2025-04-31T00:00:00Z", 0);
	time_is("2025-00-10T00:00:00Z", 0);
	time_is("2025-13-10T00:00:00Z", 0);
	time_is("2025-01-00T00:00:00Z", 0);
	time_is("2025-01-32", 0);
	time_is("2025-07-12T24:00:00Z", 0);
	time_is("2025-07-12T08:60:00Z", 0);
	time_is("2025-07-12T08:30:60Z", 0);
	time_is("2025-07-12T08:30:61Z", 0);
	time_is("2025-07-12T08:30:60", 0);
	time_is("2025-07-12 08:30:00Z", 0);
	time_is("2025-07-12T08:30Z", 0);
	time_is("2025-07-12T08:30:00.Z", 0);
	time_is("2025-07-12T08:30:00+0530", 0);
	time_is("2025-07-12T08:30:00+24:00", 0);
	time_is("2025-07-12T08:30:00+05:60", 0);
	time_is("2025-07-12T08:30:00Zx", 0);
	time_is("2025-07-12T", 0);
	time_is("2025-7-12T08:30:00Z", 0);
	time_is("+025-07-12T08:30:00Z", 0);
	time_is(" 2025-07-12T08:30:00Z", 0);
}

static void times_of_messages(void)
{
	char out[PM_TIME_SIZE];

	CHECK(pm_time_of_ms(0, out) && strcmp(out, "1970-01-01T00:00:00.000Z") == 0);
	CHECK(pm_time_of_ms(1752309000123, out) && strcmp(out, "2025-07-12T08:30:00.123Z") == 0);
	CHECK(pm_time_of_ms(951782400000, out) && strcmp(out, "2000-02-29T00:00:00.000Z") == 0);
	CHECK(pm_time_of_ms(4107542399999, out) && strcmp(out, "2100-02-28T23:59:59.999Z") == 0);
	CHECK(pm_time_of_ms(253402300799999, out) && strcmp(out, "9999-12-31T23:59:59.999Z") == 0);
	CHECK(!pm_time_of_ms(253402300800000, out));
	CHECK(!pm_time_of_ms(-1, out));
}

int main(void)
{
	RUN(mime_types);
	RUN(declared);
	RUN(by_content);
	RUN(xml_roots);
	RUN(times);
	RUN(times_of_messages);
	return DONE();
}
