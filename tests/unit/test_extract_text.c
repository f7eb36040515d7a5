/* What text a page holds, by the tokenizer's states and the tree builder's rules. Each case names
 * the rule that it pokes. */
#include "core/simd.h"
#include "filters/extract/visible.h"
#include "tests/test.h"

static struct pm_arena arena;

static struct pm_slice text_of(struct pm_slice html)
{
	static struct pm_page page;
	static struct pm_html doc;
	static struct pm_visible visible;
	bool done;

	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	done = pm_html_parse(&doc, &arena, html) && pm_visible_read(&doc, &arena, &visible) &&
	       pm_visible_text(&visible, &page);
	CHECK(done);
	return page.text.ptr ? page.text : PM_LIT("");
}

struct text_case {
	const char *rule, *html, *text;
};

static void check_all(const struct text_case *cases)
{
	for (; cases->rule; cases++) {
		int failed = pm_test_failed;

		for (int portable = 0; portable < 2; portable++) {
			pm_portable = portable;
			CHECK_SLICE(text_of(pm_slice_str(cases->html)), cases->text);
		}
		if (pm_test_failed != failed)
			printf("  in: %s: %s\n", cases->rule, cases->html);
	}
	pm_portable = false;
}

static void tokenizer(void)
{
	check_all((const struct text_case[]){
		{ "nothing", "", "" },
		{ "data", "a", "a" },
		{ "tag open: not a letter", "a<1>b< c", "a<1>b< c" },
		{ "tag open at the end", "a<", "a<" },
		{ "end tag open at the end", "a</", "a</" },
		{ "missing end tag name", "a</>b", "ab" },
		{ "end tag open: bogus comment", "a</ x>b", "ab" },
		{ "tag open: question mark", "a<?php x?>b", "ab" },
		{ "end in tag name", "a<b", "a" },
		{ "end in attribute name", "a<b c", "a" },
		{ "end in attribute value", "a<b c=\"d>e", "a" },
		{ "end behind attributes", "a<b c=d ", "a" },
		{ "tag names in any case", "a<SCRIPT>b</ScRiPt>c", "ac" },
		{ "attribute value, double-quoted", "<i a=\"x>y'\">b", "b" },
		{ "attribute value, single-quoted", "<i a='x>y\"'>b", "b" },
		{ "attribute value, unquoted", "<i a=x\"y>b", "b" },
		{ "missing attribute value", "<i a=>b", "b" },
		{ "equals sign begins a name", "<i =x>b", "b" },
		{ "no space between attributes", "<i a=\"b\"c='d'>b", "b" },
		{ "solidus in a tag", "<i / a / >b", "b" },
		{ "duplicate attribute: the first counts", "a<object data data=x>b</object>",
		  "ab" },
		{ "comment", "a<!-- b -->c", "ac" },
		{ "comment start: abrupt", "a<!-->b", "ab" },
		{ "comment start dash: abrupt", "a<!--->b", "ab" },
		{ "comment end bang", "a<!-- b --!>c", "ac" },
		{ "comment with one dash", "a<!-- b -> c -->d", "ad" },
		{ "comment of dashes", "a<!---->b<!----->c", "abc" },
		{ "comment in comment", "a<!-- <!-- b --> c", "a c" },
		{ "comment less-than bang dash dash", "a<!--<!-->b", "ab" },
		{ "comment start dash, then bang", "a<!---!>b-->c", "ac" },
		{ "end in comment", "a<!-- b", "a" },
		{ "markup declaration: bogus", "a<!b>c", "ac" },
		{ "markup declaration at the end", "a<!", "a" },
		{ "doctype", "<!DOCTYPE html>a", "a" },
		{ "doctype with a quoted >", "<!DOCTYPE html PUBLIC \"a>b\">c", "b\">c" },
		{ "CDATA in HTML is a comment", "a<![CDATA[b]]>c", "ac" },
		{ "CDATA in SVG is text", "<svg><text><![CDATA[a<b>&amp;]]></text></svg>c", "a<b>&amp;\n\nc" },
		{ "CDATA that does not end", "<svg><text><![CDATA[a]]b", "a]]b" },
		{ "RCDATA: tags are text", "<textarea><b>&lt;x</b></textarea>", "<b><x</b>" },
		{ "RCDATA: end tag in any case", "<textarea>a</TEXTAREA >b", "ab" },
		{ "RCDATA: end tag of another", "<textarea>a</title>b", "a</title>b" },
		{ "RCDATA: longer name", "<textarea>a</textareas></textarea>b", "a</textareas>b" },
		{ "RCDATA: end in the end tag", "<textarea>a</textarea", "a</textarea" },
		{ "RAWTEXT: references stay", "<xmp>&amp;<b></xmp>", "&amp;<b>" },
		{ "RAWTEXT: style", "a<style>b<!--</style>c", "ac" },
		{ "script", "a<script>b<c></script>d", "ad" },
		{ "script, escaped", "a<script><!-- b </script>c", "ac" },
		{ "script, escaped start, at once ended", "a<script><!--><script></script>c",
		  "ac" },
		{ "script, double escaped", "a<script><!--<script>b</script>c</script>d", "ad" },
		{ "script, double escaped, ended", "a<script><!--<script>--></script>c", "ac" },
		{ "script, double escaped to the end", "a<script><!--<script></script>c", "a" },
		{ "script, double escape needs a name's end", "a<script><!--<scripts></script>c", "ac" },
		{ "script with attributes on its end tag", "a<script>b</script x='>'>c", "ac" },
		{ "plaintext", "a<plaintext><b></plaintext>&amp;", "a\n\n<b></plaintext>&amp;" },
		{ 0 } });
}

static void references(void)
{
	check_all((const struct text_case[]){
		{ "named", "&lt;&Eacute;&hellip;&CounterClockwiseContourIntegral;", "<\303\211\342\200\246\342\210\263" },
		{ "named, characters that Python quotes", "a&apos;&bsol;&Tab;&NewLine;&quot;", "a'\\ \"" },
		{ "named, two characters", "&nGt;&acE;", "\342\211\253\342\203\222\342\210\276\314\263" },
		{ "without semicolon", "&ltb&eacutee", "<b\303\251e" },
		{ "without semicolon: the longest", "&notin;&notit;", "\342\210\211\302\254it;" },
		{ "must have a semicolon", "&hellip a", "&hellip a" },
		{ "names have a case", "&LT;&Lt;&lT;", "<\342\211\252&lT;" },
		{ "no name", "&;&&x; &", "&;&&x; &" },
		{ "decimal", "&#65;&#x42;&#X43;&#68x", "ABCDx" },
		{ "no digits", "&#;&#x;&#xg;", "&#;&#x;&#xg;" },
		{ "Windows-1252", "&#128;&#x92;&#150;&#159;", "\342\202\254\342\200\231\342\200\223\305\270" },
		{ "Windows-1252: no such character", "a&#x81;b&#157;c", "abc" },
		{ "zero", "&#0;&#x0;", "\357\277\275\357\277\275" },
		{ "surrogate", "&#xD800;&#xDFFF;", "\357\277\275\357\277\275" },
		{ "last code point, and beyond", "&#x10FFFE;&#x110000;", "\364\217\277\276\357\277\275" },
		{ "overflow", "&#4294967361;&#x100000041;", "\357\277\275\357\277\275" },
		{ "leading zeros", "&#0000000000000000065;", "A" },
		{ "in attributes a letter may follow", "<object data=\"&amp\">a</object>b", "b" },
		{ 0 } });
}

static void implied(void)
{
	check_all((const struct text_case[]){
		{ "text begins the body", "<head><title>a</title></head>b", "b" },
		{ "the head ends at the first body tag", "<head><title>a</title><p>b</p><title>c</title>d", "b\n\nd" },
		{ "head elements behind the head", "<head></head><script>a</script><p>b", "b" },
		{ "second head", "<head><head><p>a", "a" },
		{ "second html and body", "<html><body>a<html><body>b", "ab" },
		{ "behind body and html", "<body>a</body>b</html>c", "abc" },
		{ "noscript in the head", "<head><noscript><link><style>a</style></noscript></head>b", "b" },
		{ "text ends noscript in the head", "<head><noscript>a</noscript></head>b", "ab" },
		{ "noscript in the body", "<body>a<noscript><b>b</b></noscript>c", "abc" },
		{ "p ends at a block", "<p>a<div>b</div>c", "a\n\nb\n\nc" },
		{ "p ends at p", "<p>a<p>b", "a\n\nb" },
		{ "p does not end at an inline element", "<p>a<span>b</span>c", "abc" },
		{ "end tag of no p", "a</p>b", "a\n\nb" },
		{ "end tag of br", "a</br>b", "a\nb" },
		{ "li", "<ul><li>a<li>b</ul>c", "a\nb\n\nc" },
		{ "li does not end in another list", "<ul><li>a<ul><li>b</ul><li>c</ul>",
		  "a\nb\nc" },
		{ "dt and dd", "<dl><dt>a<dd>b<dt>c</dl>", "a\nb\nc" },
		{ "heading ends heading", "<h1>a<h2>b</h1>c", "a\n\nb\n\nc" },
		{ "option and optgroup", "<select><option>a<option>b<optgroup><option>c</select>d",
		  "a\nb\nc\n\nd" },
		{ "button in button", "<button>a<button>b</button>c", "abc" },
		{ "form in form", "<form>a<form>b</form>c</form>d", "ab\n\ncd" },
		{ "ruby", "<ruby>a<rp>(</rp><rt>b<rp>)</ruby>c", "abc" },
		{ "void elements have no content", "<img>a</img><input>b<wbr>c", "abc" },
		{ "formatting elements cross blocks", "<b><p>a</b>b</p>c", "ab\n\nc" },
		{ "a in a", "<a>a<a>b</a>c", "abc" },
		{ "end tag of nothing", "a</div></span></table></x>b", "ab" },
		{ "end tag does not leave a cell", "<table><tr><td>a</div></p>b<td>c</table>", "a b\tc" },
		{ "unknown elements are inline", "a<x-y>b</x-y>c", "abc" },
		{ "template is inert", "a<template><p>b</div></template>c", "ac" },
		{ "template that does not end", "a<template><tr><td>b", "a" },
		{ "image is img", "a<image>b", "ab" },
		{ "frameset", "<frameset><frame></frameset><noframes>a</noframes>b", "" },
		{ "frameset behind text", "a<frameset>b", "ab" },
		{ "frameset behind an empty body", "<div></div><frameset>b", "" },
		{ 0 } });
}

static void tables(void)
{
	check_all((const struct text_case[]){
		{ "rows and cells", "<table><tr><td>a<td>b<tr><th>c<th>d</table>", "a\tb\nc\td" },
		{ "cells without a table are not cells", "<td>a<td>b", "ab" },
		{ "sections", "<table><thead><td>a<tbody><td>b<tfoot><td>c</table>", "a\nb\nc" },
		{ "caption", "<table><caption>a<tr><td>b</table>", "a\n\nb" },
		{ "columns", "<table><colgroup><col><td>a</table>", "a" },
		{ "text goes before the table", "a<table>b<tr>c<td>d</table>e", "abc\n\nd\n\ne" },
		{ "elements go before the table", "<table><tr><b>a</b><p>b<td>c</table>", "a\n\nb\n\nc" },
		{ "their order stays", "<table><i>1</i>2<i>3</i><td>4<tr>5<td>6</table>", "1235\n\n4\n6" },
		{ "br goes before the table", "a<table><br><tr><td>b</table>", "a\n\nb" },
		{ "white space stays", "<table> <tr> <td>a</td> </tr> </table>", "a" },
		{ "script stays", "<table><script>a</script><td>b</table>", "b" },
		{ "table in table ends it", "<table><td>a</td><table><td>b</table>", "a\n\nb" },
		{ "table in a cell", "<table><td>a<table><td>b</table>c</table>", "a\n\nb\n\nc" },
		{ "text in a table in a cell", "<table><td>a<table>b<td>c</table></table>", "ab\n\nc" },
		{ "empty cells", "<table><td>a<td><td>c<td></table>", "a\t\tc" },
		{ "empty cells at a row's start", "<table><tr><td><td>a<tr><td><td>b</table>", "a\n\tb" },
		{ "blocks in cells", "<table><td><p>a<p>b<td><p>c</table>", "a b\tc" },
		{ "br in cells", "<table><td>a<br><br>b<td>c</table>", "a b\tc" },
		{ "a list in a cell", "<table><td><ul><li>a<li>b</ul><td>c</table>", "a b\tc" },
		{ "layout: a heading in a cell", "<table><td><h2>a</h2>b<td>c</table>", "a\n\nb\n\nc" },
		{ "layout: three paragraphs in a cell", "<table><td><p>a<p>b<p>c<td>d</table>",
		  "a\n\nb\n\nc\n\nd" },
		{ "order behind columns", "<table><col><b>a</b>b<tr><td>c</table>", "ab\n\nc" },
		{ "text behind colgroup's end", "<table><colgroup>a<td>b</table>", "a\n\nb" },
		{ "select in a table is before it", "<table><select><option>a</select><td>b</table>", "a\n\nb" },
		{ 0 } });
}

static void foreign(void)
{
	check_all((const struct text_case[]){
		{ "SVG shows text", "a<svg><text>b</text><rect>c</rect></svg>d", "a\n\nb\n\nd" },
		{ "SVG tspan", "<svg><text>a<tspan>b</tspan></text></svg>", "ab" },
		{ "SVG title and desc", "a<svg><title>b</title><desc>c</desc></svg>d", "ad" },
		{ "SVG defs", "a<svg><defs><text>b</text></defs></svg>d", "ad" },
		{ "SVG script and style", "a<svg><style>b</style><script>c</script></svg>d", "ad" },
		{ "self-closing in SVG", "<svg/>a<svg><g/><path/>b</svg>c", "ac" },
		{ "foreignObject holds HTML", "<svg><foreignObject><p>a</p>b</foreignObject></svg>",
		  "a\n\nb" },
		{ "breakout", "<svg><g><p>a</p></g></svg>b", "a\n\nb" },
		{ "font breaks out by its attributes", "<svg><font>a</font><font size=1>b</svg>c", "bc" },
		{ "MathML tokens", "<math>x<mi>a</mi><mo>+</mo><mn>1</mn><mtext>b</mtext></math>", "a+1b" },
		{ "MathML annotations", "<math><semantics><mi>a</mi><annotation>b</annotation></math>c", "ac" },
		{ "HTML in MathML's text", "<math><mi><b>a</b></mi></math>", "a" },
		{ "end tag of HTML in SVG", "<div>a<svg><g></div>b", "a\n\nb" },
		{ "title in SVG does not swallow", "<svg><title>a</svg>b", "b" },
		{ 0 } });
}

static void hidden(void)
{
	check_all((const struct text_case[]){
		{ "raw text elements", "a<iframe>b</iframe><noembed>c</noembed><noframes>d</noframes>e", "ae" },
		{ "title in the body", "a<title>b</title>c", "ac" },
		{ "hidden", "a<p hidden>b<b>c</b></p>d", "ad" },
		{ "hidden with a value", "a<p hidden=until-found>b</p>d", "ad" },
		{ "a hidden body", "<body hidden>a", "" },
		{ "form ends what ends by itself", "<form><li></form><div hidden></li>a</div>b", "b" },
		{ "style attributes are style sheets", "<p style=\"display:none\">a", "a" },
		{ "dialog", "a<dialog>b</dialog><dialog open>c</dialog>d", "a\n\nc\n\nd" },
		{ "details", "<details><summary>a</summary>b</details>c", "a\n\nb\n\nc" },
		{ "audio and video", "a<audio>b</audio><video>c</video>d", "ad" },
		{ "meter and progress", "a<meter>b</meter><progress>c</progress>d", "ad" },
		{ "canvas", "a<canvas>b</canvas>c", "abc" },
		{ "object", "a<object>b</object><object data=x>c</object>d", "abd" },
		{ "datalist", "a<datalist><option>b</datalist>c", "ac" },
		{ "alt texts", "a<img alt=b>c<input type=submit value=d>", "ac" },
		{ "select, button, textarea", "<button>a</button><select><option>b</select><textarea>c</textarea>",
		  "a\n\nb\n\nc" },
		{ 0 } });
}

static void spaces(void)
{
	check_all((const struct text_case[]){
		{ "collapses", " a \t\r\n b  c ", "a b c" },
		{ "across elements", "a <b> b </b> c", "a b c" },
		{ "inline elements do not separate", "a<b>b</b>c", "abc" },
		{ "block borders take it", "<p> a </p> <p> b </p>", "a\n\nb" },
		{ "br", "a <br> b", "a\nb" },
		{ "two br", "a<br><br>b", "a\n\nb" },
		{ "three br", "a<br><br><br>b", "a\n\nb" },
		{ "br at either end", "<p><br>a<br></p>", "a" },
		{ "no-break space", "a&nbsp;&nbsp; b&#12288;c", "a b c" },
		{ "hr", "a<hr>b", "a\n\nb" },
		{ "pre", "<pre>\n  a\n\n\tb  c\n</pre>d", "a\n\n\tb  c\n\nd" },
		{ "pre behind text keeps its indent", "x<pre>\n\n  a\n    b</pre>", "x\n\n  a\n    b" },
		{ "pre drops one line feed", "x<pre>\r\n\r\na\rb\r\nc</pre>", "x\n\na\nb\nc" },
		{ "pre, inline", "<pre>a<b> b\n</b>  c</pre>", "a b\n  c" },
		{ "textarea", "<textarea>\n a\n  b</textarea>", "a\n  b" },
		{ "long runs", "0123456789abcdef 0123456789abcdef  0123456789abcdef&amp;0123456789abcde\303\251f",
		  "0123456789abcdef 0123456789abcdef 0123456789abcdef&0123456789abcde\303\251f" },
		{ "a long run of white space", "a\n               \t                 b                              &lt;", "a b <" },
		{ "controls in white space", "a \001\n\033 b\001c", "a bc" },
		{ "white space, then no ASCII", "a                  \303\251", "a \303\251" },
		{ "a space at 16 bytes", "0123456789abcde  b", "0123456789abcde b" },
		{ "a space at 16 bytes, then the end", "0123456789abcde ", "0123456789abcde" },
		{ 0 } });
}

static void characters(void)
{
	check_all((const struct text_case[]){
		{ "controls", "a\001b\033c\177d\302\200e", "abcde" },
		{ "soft hyphen and zero width", "a\302\255b\342\200\213c\357\273\277d\342\201\240e",
		  "abcde" },
		{ "bidirectional controls", "a\342\200\216b\342\200\256c\342\201\246d", "abcd" },
		{ "joiners between Latin letters", "a\342\200\215b\342\200\214c", "abc" },
		{ "joiner in Persian", "\331\205\333\214\342\200\214\330\256", "\331\205\333\214\342\200\214\330\256" },
		{ "joiner in emoji", "\360\237\221\251\342\200\215\360\237\222\273", "\360\237\221\251\342\200\215\360\237\222\273" },
		{ "variation selector before a joiner", "\342\235\244\357\270\217\342\200\215\360\237\224\245",
		  "\342\235\244\357\270\217\342\200\215\360\237\224\245" },
		{ "NFC", "e\314\201", "\303\251" },
		{ "NFC across elements", "e<b>\314\201</b>x", "\303\251x" },
		{ "NFC orders marks", "a\314\201\314\243", "\341\272\241\314\201" },
		{ "NFC of Hangul", "\341\204\222\341\205\241\341\206\253", "\355\225\234" },
		{ "NFC excludes", "\340\245\230", "\340\244\225\340\244\274" },
		{ "NFC does not cross a block", "<p>e</p>\314\201", "e\n\n\314\201" },
		{ "bytes that are not UTF-8", "a\377b\303", "a\357\277\275b\357\277\275" },
		{ 0 } });
	CHECK_SLICE(text_of(PM_LIT("a\0b")), "ab");
}

int main(void)
{
	if (pm_arena_open(&arena, 1 << 26) != 0)
		return 1;
	RUN(tokenizer);
	RUN(references);
	RUN(implied);
	RUN(tables);
	RUN(foreign);
	RUN(hidden);
	RUN(spaces);
	RUN(characters);
	pm_arena_close(&arena);
	return DONE();
}
