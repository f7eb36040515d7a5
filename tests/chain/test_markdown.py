"""Markdown is read back by cmark-gfm: the same blocks, of the same kind, level and text."""

import glob
import os
import random
import subprocess
import xml.etree.ElementTree as tree

from lab import ROOT, Folder, check, enrich, run, same

EXTRACT = {"blocks": True, "markdown": True}
KINDS = {"caption": "paragraph"}
WORDS = (
    "a word B 1 1. 12) 1234567890. # ## #x ##x# > >x - -x -- --- - + +x = === * ** *x* _ __ _x_ a_b "
    "a__b ` `` ``` ````x ~ ~~ ~~~ ~~x~~ < <b> </b> <!-- <?x <x@y.z> <http://x.y> &amp; & &x &#1; &copy "
    "\\ \\\\ \\* \\| | || |x| |---| :-- --:| --- | [x] [x](y) ![x](y) [x]: [^1] [ ] ]( http://a.b/c_d "
    "www.a.b a@b.c é 東京 “x” \u00a0 \u2003 $x$ :::"
).split(" ")


def _chain(**options):
    return {"filters": [{"decode": {}}, {"extract": dict(EXTRACT, **options)}, {"repair": {}}]}


def _name(node):
    return node.tag.rpartition("}")[2]


def _text(node):
    """What a reader sees of a leaf block."""
    out = []
    for part in node:
        name = _name(part)
        check(name in ("text", "linebreak"), "%s in %r", name, tree.tostring(node)[:400])
        out.append("\n" if name == "linebreak" else part.text or "")
    return "".join(out)


def _row(node):
    return "\t".join(_text(cell) for cell in node).rstrip("\t")


def _read(markdown):
    """(kind, level, text) of each block that cmark-gfm finds."""
    done = subprocess.run(
        ["cmark-gfm", "-e", "table", "-e", "strikethrough", "--to", "xml"],
        input=markdown.encode(), capture_output=True, check=True, timeout=60,
    )
    found, stack = [], [(tree.fromstring(done.stdout), 0, 0)]
    while stack:
        node, lists, quotes = stack.pop()
        name = _name(node)
        if name in ("document", "list", "item", "block_quote"):
            lists += name == "list"
            quotes += name == "block_quote"
            stack += [(child, lists, quotes) for child in reversed(node)]
        elif name == "paragraph":
            kind = "list_item" if lists else "quote" if quotes else "paragraph"
            found.append((kind, lists or quotes, _text(node)))
        elif name == "heading":
            found.append((name, int(node.get("level")), _text(node)))
        elif name == "code_block":
            found.append(("code", 0, node.text[:-1]))
        else:
            same(name, "table", "a block")
            found.append((name, 0, "\n".join(_row(row) for row in node)))
    return found


def _block(b):
    text = b["text"]
    if b["kind"] == "table":
        text = "\n".join(row.rstrip("\t") for row in text.split("\n"))
    kind = KINDS.get(b["kind"], b["kind"])
    level = b.get("level", 0)
    check(text == text.strip("\n"), "a block with line feeds around: %r", b)
    return kind, min(level, 32) if kind in ("list_item", "quote") else level, text


def _reads_back(records):
    """How many blocks there were."""
    count = 0
    for record in records:
        want = [_block(b) for b in record.get("blocks", ())]
        check(bool(want) == ("markdown" in record), "blocks without markdown: %r", record)
        got = _read(record.get("markdown", ""))
        for have, need in zip(got, want):
            same(have, need, "a block read back from %r" % record["markdown"][:2000])
        same(len(got), len(want), "blocks read back from %r" % record.get("markdown", "")[:2000])
        count += len(want)
    return count


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _lines(rng, feed):
    lines = [" ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 4)))
             for _ in range(rng.randrange(1, 4))]
    return feed.join(_escaped(line) for line in lines)


def _list(rng, depth):
    items = []
    for _ in range(rng.randrange(1, 4)):
        inner = _list(rng, depth - 1) if depth and rng.random() < 0.5 else ""
        items.append("<li>%s%s" % (_lines(rng, "<br>") if rng.random() < 0.7 else "", inner))
    kind = rng.choice(("ul", "ul", "ol", "ol start=7", "ol reversed", "ol start=999999999"))
    return "<%s>%s</%s>" % (kind, "".join(items), kind[:2])


def _table(rng):
    rows = ["".join("<td>%s" % (_lines(rng, " ") if rng.random() < 0.8 else "")
                    for _ in range(rng.randrange(1, 4))) for _ in range(rng.randrange(1, 4))]
    caption = "<caption>%s</caption>" % _lines(rng, " ") if rng.random() < 0.3 else ""
    return "<table>%s%s</table>" % (caption, "".join("<tr>" + row for row in rows))


def _piece(rng):
    kind = rng.randrange(8)
    if kind == 0:
        level = rng.randrange(1, 7)
        return "<h%d>%s</h%d>" % (level, _lines(rng, "<br>"), level)
    if kind == 1:
        return _list(rng, 3)
    if kind == 2:
        depth = rng.randrange(1, 4)
        return "<blockquote>" * depth + "<p>" + _lines(rng, "<br>") + "</blockquote>" * depth
    if kind == 3:
        return "<pre>%s</pre>" % _lines(rng, rng.choice(("\n", "\n\n", "\n    ", "\n\t")))
    if kind == 4:
        return _table(rng)
    if kind == 5: # white space that is kept, in a block that isn't code
        return "<h%d><pre>%s</pre></h%d>" % (kind, _lines(rng, rng.choice(("\n\n", " \n  ", "\t"))), kind)
    if kind == 6:
        return "<div><textarea>%s</textarea></div>" % _lines(rng, rng.choice(("\n \n", "\t\n", "\n\n\n")))
    return "<p>%s</p>" % _lines(rng, "<br>")


def markdown_of_our_pages_reads_back():
    pages = sorted(glob.glob(os.path.join(ROOT, "tests/golden/*/*/in.html")) +
                   glob.glob(os.path.join(ROOT, "deploy/demo/*.*")))
    count = 0
    for scope in ("body", "main"):
        with Folder({"c.json": _chain(scope=scope)}) as at:
            done = run("enrich", "-c", os.path.join(at, "c.json"), *pages)
        count += _reads_back(done.ended(1).records())  # one page of the demo is broken
    check(count > 150, "%d blocks", count)


def markdown_of_hostile_texts_reads_back():
    rng = random.Random(5)
    pages = [{"body": "<!doctype html>" + "".join(_piece(rng) for _ in range(8))} for _ in range(400)]
    pages += [{"body": "<!doctype html><p>" + _escaped(a + rest)} for a in WORDS for rest in ("", " x", "\\")]
    with Folder({"c.json": _chain(scope="body")}) as at:
        count = _reads_back(enrich(pages, "-c", os.path.join(at, "c.json")).ended(0).records())
    check(count > 3000, "%d blocks", count)


def markdown_of_flattened_text_reads_back():
    """Also of what is left when furniture was taken out of it."""
    rng = random.Random(7)
    pages = [{"body": "\n".join(" ".join(rng.choice(WORDS) for _ in range(rng.randrange(6))) for _ in range(30)),
              "content_type": "text/plain"} for _ in range(150)]
    prose = "A sentence of prose that stands in the text, with commas in it, and that ends with a full stop."
    pages.append({"body": "\n".join(["Home > News", "Share this", *[prose] * 9, "Leave a Comment", "Log in"]),
                  "content_type": "text/plain"})
    chain = {"filters": [{"decode": {}}, {"extract": EXTRACT}, {"boilerplate": {}}, {"repair": {}}]}
    for steps in (chain["filters"][:2], chain["filters"][:3], chain["filters"]):
        with Folder({"c.json": {"filters": steps}}) as at:
            records = enrich(pages, "-c", os.path.join(at, "c.json")).ended(0).records()
        _reads_back(records)
        check(("removed" in records[-1]) == (len(steps) > 2), "what was removed: %r", records[-1])


def _numbers(markdown):
    """Of each list that cmark-gfm finds, in the order of their starts: its first number, and how many items."""
    done = subprocess.run(["cmark-gfm", "--to", "xml"], input=markdown.encode(), capture_output=True, check=True)
    return [(int(node.get("start", "-1")), len(node)) for node in tree.fromstring(done.stdout).iter()
            if _name(node) == "list"]


def numbered_lists_read_back():
    """Where lists begin, and how many items they have; -1: bullets."""
    cases = [
        ("<ol><li>a<li>b</ol>", [(1, 2)]),
        ("<ol start=0><li>a</ol>", [(0, 1)]),
        ("<ol start=-1><li>a</ol>", [(1, 1)]),
        ("<ol start=' +3x'><li>a</ol>", [(3, 1)]),
        ("<ol start=999999998><li>a<li>b</ol>", [(999999998, 1), (-1, 1)]),
        ("<ol start=99999999999999999999><li>a</ol>", [(-1, 1)]),
        ("<ol reversed><li>a<li>b</ol>", [(1, 2)]),
        ("<ol><li>a<li value=7>b<li>c</ol>", [(1, 3)]),
        ("<ol><li>a<li>b<ul><li>x<li>y</ul><li>c</ol>", [(1, 3), (-1, 2)]),
        ("<ul><li>a<ol><li>x<li>y</ol><li>b</ul>", [(-1, 2), (1, 2)]),
        ("<ul><li>a<ol start=5><li>x<li>y</ol><li>b</ul>", [(-1, 2), (5, 2)]),
        ("<ol><li><ol><li>a<li>b</ol><li>c</ol>", [(-1, 1), (1, 2), (2, 1)]),
        ("<ol><li>a</ol><ol><li>b<li>c</ol>", [(1, 1), (1, 2)]),
        ("<ol><li>a</ol><p>-<ol start=2><li>b</ol>", [(1, 1), (2, 1)]),
        ("<ol><li>a</ol><ul><li>b</ul><ol><li>c</ol>", [(1, 1), (-1, 1), (1, 1)]),
        ("<ol><li>a<li hidden>b<li>c</ol>", [(1, 2)]),
        ("<dl><dt>a<dd>b</dl>", [(-1, 2)]),
        ("<li>a<li value=4>b", [(-1, 2)]),
    ]
    pages = [{"body": "<!doctype html>" + body} for body, _ in cases]
    with Folder({"c.json": _chain(scope="body")}) as at:
        records = enrich(pages, "-c", os.path.join(at, "c.json")).ended(0).records()
    _reads_back(records)
    for record, (body, want) in zip(records, cases):
        same(_numbers(record["markdown"]), want, body)


def code_says_its_language():
    cases = [
        ("<pre><code class='hl language-c++ x'>a</code></pre>", "c++"),
        ("<pre class=lang-py>a</pre>", "py"),
        ("<div class=language-ruby><div><pre>a</pre></div></div>", "ruby"),
        ("<div class=language-ruby><div><div><pre>a</pre></div></div></div>", None),
        ("<div class=lang-en><pre>a</pre></div>", None),
        ("<body class=language-en><pre>a</pre>", None),
        ("<pre class='language- language-`` language-%s'>a</pre>" % ("x" * 33), None),
        ("<pre class='language-%s'>a</pre>" % ("x" * 32), "x" * 32),
    ]
    pages = [{"body": "<!doctype html>" + body} for body, _ in cases]
    with Folder({"c.json": _chain(scope="body")}) as at:
        records = enrich(pages, "-c", os.path.join(at, "c.json")).ended(0).records()
    _reads_back(records)
    for record, (body, want) in zip(records, cases):
        same(record["markdown"], "```%s\na\n```" % (want or ""), body)


def tables_are_grids():
    """A cell is one line; what spans rows or columns leaves its other places empty."""
    cases = [
        ("<tr><td>a<br>b<td><p>c<p>d<tr><td><ul><li>e<li>f</ul><td>g", "a b\tc d\ne f\tg"),
        ("<tr><td>a<br><br>b<td>c", "a b\tc"),
        ("<tr><td><textarea>a\n\tb</textarea><td>c", "a b\tc"),
        ("<caption>x</caption><tr><td><td>A<td>B<tr><td>c<td>1<td>2", "x", "\tA\tB\nc\t1\t2"),
        ("<tr><td><td>A<td>B<tr><td>c<td>1<td>2", "A\tB\nc\t1\t2"),
        ("<tr><td>x<td>y<tr><td><td>1<tr><td> <td><br><tr><td>2", "x\ty\n\t1\n2"),
        ("<tr><td colspan=2>a<td>b<tr><td>1<td>2<td>3", "a\t\tb\n1\t2\t3"),
        ("<tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e", "a\tb\n\tc\nd\te"),
        ("<tr><td rowspan=2 colspan=2>a<td>b<tr><td>c<tr><td>d<td>e", "a\t\tb\n\t\tc\nd\te"),
        ("<tr><td>a<td rowspan=3>b<td>c<tr><td>d<tr><td>e<td>f<tr><td>g<td>h",
         "a\tb\tc\nd\ne\t\tf\ng\th"),
        ("<tr><td rowspan=0>a<td>b<tr><td>c<tbody><tr><td>d<td>e", "a\tb\n\tc\nd\te"),
        ("<tr><td rowspan=9>a</table><table><tr><td>b<td>c", "a", "b\tc"),
        ("<tr><td colspan=65>a<td>b", "a\tb"),
    ]
    pad = "<script>%s</script>" % ("x" * 999)  # pages may leave as many columns empty as they are long
    pages = [{"body": "<!doctype html>%s<table>%s</table>" % (pad, case[0])} for case in cases]
    pages.append({"body": "<!doctype html><p>x<table><tr><td><td>A<td>B<tr><td>c<td>1<td>2</table>"})
    with Folder({"c.json": _chain(scope="body")}) as at:
        records = enrich(pages, "-c", os.path.join(at, "c.json")).ended(0).records()
    _reads_back(records)
    for record, case in zip(records, cases):
        same(tuple(b["text"] for b in record["blocks"]), case[1:], case[0])
    same(records[-1]["text"], "x\n\n\tA\tB\nc\t1\t2", "a table with an empty corner")


def text_is_the_blocks():
    """Joined by an empty line, items and items by one line feed."""
    rng = random.Random(6)
    pages = [{"body": "<!doctype html>" + "".join(_piece(rng) for _ in range(8))} for _ in range(200)]
    with Folder({"c.json": _chain(scope="body")}) as at:
        for record in enrich(pages, "-c", os.path.join(at, "c.json")).ended(0).records():
            text, before = "", None
            for b in record.get("blocks", ()):
                if before:
                    text += "\n" if before == b["kind"] == "list_item" else "\n\n"
                text += b["text"]
                before = b["kind"]
            same(text, record.get("text", ""), "blocks, joined")


def markdown_is_bounded():
    """Depth to 32, 1,000 columns, and no more than a few times the page's size."""
    pages = [
        {"body": "<!doctype html>" + "<ul>" * n + "<li>x<li>y" + "</ul>" * n + "<p>z"} for n in (31, 32, 33, 300)
    ] + [
        {"body": "<!doctype html>" + "<blockquote>" * n + "<p>x<br>y"} for n in (31, 32, 33, 300)
    ] + [
        {"body": "<!doctype html><table><tr><td>a<tr>" + "<td>x" * n + "</table>"} for n in (999, 1000, 1001, 70000)
    ]
    with Folder({"c.json": _chain(scope="body")}) as at:
        config = os.path.join(at, "c.json")
        _reads_back(enrich(pages, "-c", config).ended(0).records())
        worst = [
            {"body": "<!doctype html>" + "<ul>" * 99 + "<li>x" * 20000},
            {"body": "<!doctype html><blockquote>" + "<blockquote>" * 99 + "x<br>" * 20000},
            {"body": "<!doctype html>" + "<ol start=99999999><li>x" * 99 + "<li>x" * 20000},
        {"body": "<!doctype html><table><tr>" + "<td rowspan=65535>x" * 64 + "<tr><td>x" * 9000},
        {"body": "<!doctype html><table>" + "<tr><td colspan=64>x<td>y" * 4000},
        {"body": "<!doctype html><pre>" + "`" * 100000},
            {"body": "<!doctype html><table>" + "<tr><td>x" * 10000 + "<tr>" + "<td>x" * 10000},
        ]
        for record in enrich(worst, "-c", config).ended(0).records():
            check(len(record["markdown"]) < 80 * 100000, "%d characters", len(record["markdown"]))
