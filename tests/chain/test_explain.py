"""`explain`: what every filter did to one page, and how it is asked for."""

import json
import os
import pty
import re
import subprocess

from lab import PROGRAM, Folder, check, configuration, enrich, environment, jsonl, run, same

HTML = (
    '<!doctype html><html lang="de"><meta property="og:title" content="Der Turm">'
    "<title>Der Turm steht</title><h1>Der Turm</h1><p>Der alte Turm am Hafen bleibt stehen, sagte "
    "der Rat am Dienstag.<ul><li>Erstens</ul>"
)
PAGES = [
    {"id": "first", "url": "http://a.example/1", "body": HTML, "content_type": "text/html"},
    {"id": 2, "url": 7, "body": "x"},
    b"not json",
    {"id": "fourth", "url": "http://a.example/4", "body": "Ein Wort.", "status": 404},
]


def _explained(*args, status=0, **how):
    return run("explain", *args, **how).ended(status).out.decode()


def _value(text, name):
    found = re.search(r"^  %s +(.*)$" % re.escape(name), text, re.M)
    check(found, "no %s in %s", name, text)
    return found[1]


def every_filter_says_what_it_decided():
    # Pages as short as these have hardly a main text.
    whole = {"filters": [{"decode": {}}, {"extract": {"scope": "body"}}, {"language": {}}]}
    with Folder({"c.json": whole}) as at:
        text = _explained("-c", "c.json", "-", stdin=jsonl(PAGES), cwd=at)
    same(_value(text, "position"), "-:1", "position")
    same(_value(text, "read as"), "HTML: a doctype", "why it is HTML")
    check(re.match(r"\(\S+\) Der Turm", _value(text, "title")), "no source of the title: %s", text)
    same(_value(text, "language.code"), "de", "language")
    check(re.match(r"de, \d+ %", _value(text, "candidate")), "no candidates: %s", text)
    for name in ("envelope", "decode", "extract", "language"):
        check(
            re.search(r"^%s +passes +\d+ µs +\d+ units +\d+\.\d KiB$" % name, text, re.M),
            "no cost of %s in %s",
            name,
            text,
        )
    check(re.search(r"^  \+ heading 1 +Der Turm$", text, re.M), "no heading: %s", text)
    check(re.search(r"^  \+ list_item 1 +Erstens$", text, re.M), "no list item: %s", text)
    check("\x1b" not in text, "colour, though this is no terminal")


def the_record_is_the_one_of_enrich():
    for number, page in ((1, PAGES[0]), (4, PAGES[3])):
        text = _explained("--record", "--line", str(number), "-", stdin=jsonl(PAGES))
        shown = text[text.index("\n{\n") :]
        check("\n  " in shown, "not on many lines")
        want = enrich([page]).ended(0).out
        squeezed = re.sub(r'\s*("(?:[^"\\]|\\.)*")\s*|\s+', lambda m: m[1] or "", shown)
        same(squeezed.encode(), want.rstrip(b"\n"), "the record")


def a_page_is_found_by_line_or_id():
    with Folder({"p.jsonl": jsonl(PAGES), "a.html": HTML}) as at:
        for args in (
            ("--id", "fourth", "p.jsonl"),
            ("--id", "http://a.example/4", "p.jsonl"),
            ("--line", "4", "p.jsonl"),
            ("p.jsonl:4",),
        ):
            same(_value(_explained(*args, cwd=at), "source_id"), "fourth", "page of %s" % (args,))
        same(_value(_explained("a.html@0", cwd=at), "position"), "a.html@0", "position")
        for args in (("--id", "third", "p.jsonl"), ("p.jsonl:5",), ("--offset", "1", "a.html")):
            done = run("explain", *args, cwd=at).ended(65)
            check(b"no such page" in done.err, "%s", done.said())


def a_page_that_fails_is_1():
    for line, reason in ((2, "bad_field"), (3, "bad_json")):
        text = _explained("--line", str(line), "-", status=1, stdin=jsonl(PAGES))
        check(
            re.search(r"^outcome +fails in envelope: %s$" % reason, text, re.M),
            "no %s in %s",
            reason,
            text,
        )
    text = _explained("--set", "limits.effort=400", "-", status=1, stdin=jsonl(PAGES))
    check(re.search(r"^outcome +fails in \w+: effort$", text, re.M), "%s", text)


def routes_are_tried():
    routes = [
        {"when": {"field": "page_type", "is": "error"}, "topic": "pages.junk"},
        {"when": {"field": "language.code", "is": "de"}, "topic": "pages.de", "also": True},
        {"when": {"field": "text", "exists": True}, "drop": "has_text"},
        {"when": {"field": "url", "exists": True}, "topic": "pages.rest"},
    ]
    config = configuration()
    config["output"]["routes"] = routes
    with Folder({"c.json": config, "p.jsonl": jsonl(PAGES)}) as at:
        text = _explained("-c", "c.json", "p.jsonl", cwd=at)
        how = re.findall(r"^  routes\[(\d)\] +(not asked|matches|doesn't match) ", text, re.M)
        want = [("0", "doesn't match"), ("1", "matches"), ("2", "matches"), ("3", "not asked")]
        same(how, want, "routes")
        same(_value(text, "topic"), "pages.de", "topic")
        same(_value(text, "key"), "http://a.example/1", "key")
        check(re.search(r"^outcome +dropped by route: has_text$", text, re.M), "%s", text)
        text = _explained("-c", "c.json", "p.jsonl:4", cwd=at)
        same(_value(text, "topic"), "pages.junk", "topic of an error")


ARTICLE = """<!doctype html><html lang="en"><title>The harbour of the town</title>
<nav><ul><li><a href="/n">News<li><a href="/s">Sport</ul></nav>
<article><h1>The harbour</h1><p>The harbour was built in the year after the flood, said the council, and nobody
had expected that it would stand for more than a hundred years.
<p>Half of the money came from the county, and the rest from a tax on salt, which was raised twice.
<aside class="related"><p><a href="/x">A boat sank</a></aside>
<p>Today the ferries leave from the other side of the river, and only fishermen use the old pier.</article>
<footer><p>Printed in the town by hand, on paper that was made of rags and reeds until the mill burnt down</footer>"""


def what_was_removed_is_counted_and_kept_on_request():
    with Folder({"a.html": ARTICLE, "a.txt": "Home\nNews\nSport\nShare this\n" + "\n".join(
            "The harbour was built %d years after the flood, said the council, and nobody had expected "
            "that it would stand for more than a hundred years." % n for n in range(9)) +
            "\nLeave a comment\n\u00a9 2024 The Quay Gazette. All rights reserved.\n"}) as at:
        for name in ("a.html", "a.txt"):
            (record,) = run("enrich", name, cwd=at).ended(0).records()
            text = _explained(name, cwd=at)
            counts = re.findall(r"^  (?:removed)? +(\w+)  (\d+) blocks?, (\d+) characters$", text, re.M)
            want = [(k, str(v["blocks"]), str(v["characters"])) for k, v in record["removed"].items()]
            same(sorted(counts), sorted(want), "counts of %s" % name)
            blocks = sum(v["blocks"] for v in record["removed"].values())
            check("%d removed (--keep-removed shows them)" % blocks in text, "%s", text)
            check(not re.search(r"^  - ", text, re.M), "removed blocks that nobody asked for: %s", text)
            kept = _explained("--keep-removed", name, cwd=at)
            cuts = re.findall(r"^  - \w+ +\[(\w+): [^]]+\] (.*)$", kept, re.M)
            same(len(cuts), blocks, "removed blocks of %s" % name)
            same({c for c, _ in cuts}, set(record["removed"]), "their classes")
            same(sum(len(t.replace("\\n", "\n")) for _, t in cuts),
                 sum(v["characters"] for v in record["removed"].values()), "their characters")
            same([x for x in kept.splitlines() if x.startswith("  + ")],
                 [x for x in text.splitlines() if x.startswith("  + ")], "kept blocks")
        lines = [x for x in _explained("--keep-removed", "a.html", cwd=at).splitlines()
                 if re.match("  [+-] ", x)]
        check("News" in lines[0] and "Printed in the town" in lines[-1] and lines[-1].endswith("burnt down"),
              "not in the page's order: %s", lines)
        check(any("A boat sank" in x for x in lines[3:-2]), "the box isn't where it stood: %s", lines)
        whole = _explained("--set", 'filters=[{"decode":{}},{"extract":{"scope":"body"}}]', "a.html", cwd=at)
        check(" 0 removed" in whole and "  removed" not in whole, "all text, yet: %s", whole)


def usage_and_inputs():
    for args in (
        (),
        ("a", "b"),
        ("--line", "x", "-"),
        ("--offset", "-1", "-"),
        ("--format", "pdf", "-"),
    ):
        check(run("explain", *args).ended(64).err, "%s says nothing", args)
    run("explain", "/no/such.html").ended(66)
    run("explain", "-c", "/no/such.json", "-").ended(66)
    run("explain", "--set", "nonsense=1", "-").ended(78)


def nothing_reaches_the_terminal_as_a_command():
    page = {"url": "http://a.example/\u009b31m", "body": "<p>\u202eabc \u009b2J" + HTML}
    text = _explained("--record", "-", stdin=jsonl([page]))
    for bad in "\x1b\u009b\u202e":
        check(bad not in text, "%r comes out", bad)


def _on_a_terminal(path, **more):
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [PROGRAM, "explain", path],
        stdout=theirs,
        stdin=subprocess.DEVNULL,
        env=environment(TERM="xterm", COLUMNS="60", **more),
    )
    os.close(theirs)
    text = b""
    try:
        while True:
            text += os.read(ours, 65536)
    except OSError:
        pass
    os.close(ours)
    same(child.wait(30), 0, "exit status")
    return text.decode()


def colour_and_width_are_the_terminals():
    with Folder({"a.html": HTML * 3}) as at:
        path = os.path.join(at, "a.html")
        text = _on_a_terminal(path, NO_COLOR=None)
        check("\x1b[32m" in text, "no colour on a terminal")
        plain = re.sub(r"\x1b\[\d*m", "", text)
        widest = max(len(line) for line in plain.splitlines())
        check(widest <= 60, "a line of %d columns", widest)
        check("…" in plain, "nothing was cut")
        check("\x1b" not in _on_a_terminal(path, NO_COLOR="1"), "colour although NO_COLOR is set")

