"""The same pages give the same bytes, in the same order, however they are worked on."""

import glob
import json
import os
import random
import subprocess
import sys

from lab import ROOT, Folder, b64, check, configuration, enrich, environment, jsonl, run, same

WORDS = ("river bridge council winter Straße été город 東京 naïve tomorrow evening "
         "the of and a to in that was").split()


def _page(rng, n):
    """A page of any kind: HTML, flattened text, other encodings, faults."""
    words = " ".join(rng.choices(WORDS, k=rng.randrange(3, 400)))
    kind = rng.randrange(10)
    page = {"id": str(n), "url": "https://%s.example.org/%d" % (rng.choice("abc"), n)}
    if kind == 0:
        return dict(page, body=7)
    if kind == 1:
        return dict(page, status=404)
    if kind == 2:
        return dict(page, body=words.replace(" the ", "\n"))
    if kind == 3:
        data = ("<html><p>" + words).encode("utf-16")
        return dict(page, body_base64=b64(data))
    if kind == 4:
        data = ("<html><p>été " + words).encode("cp1252", "ignore")
        return dict(page, body_base64=b64(data), content_type="text/html; charset=latin1")
    pieces = ["<!doctype html><html lang=%s><title>%d</title>" % (rng.choice(("en", "de")), n)]
    for _ in range(rng.randrange(1, 60)):
        tag = rng.choice(("p", "div", "li", "h2", "td", "pre", "b", "script", "svg", "select"))
        pieces.append("<%s class=x>%s" % (tag, " ".join(rng.choices(WORDS, k=8))))
        if rng.random() < 0.7:
            pieces.append("</%s>" % tag)
    return dict(page, body="".join(pieces))


def _pages(n, seed=1):
    rng = random.Random(seed)
    return [_page(rng, i) for i in range(n)]


def _corpus():
    """Every page of the golden cases and of the demo."""
    found = glob.glob(os.path.join(ROOT, "tests/golden/*/*/in.*"))
    return sorted(os.path.relpath(f, ROOT) for f in found) + ["deploy/demo"]


def _order(done):
    return [r["source_id"] for r in done.records()], [x["source_id"] for x in done.letters()]


def order_is_that_of_the_input():
    pages = _pages(3000)
    # A few that take long among many that don't.
    for i in range(0, 3000, 250):
        pages[i] = {"id": str(i), "body": "<html>" + "<p>some words of it</p>" * 20000}
    first = None
    for workers in (1, 2, 8):
        done = enrich(pages, "--set", "workers=%d" % workers).ended(1)
        records, letters = _order(done)
        same(records, sorted(records, key=int), "order at %d workers" % workers)
        same(letters, sorted(letters, key=int), "order of letters at %d workers" % workers)
        same(len(records) + len(letters), len(pages), "pages at %d workers" % workers)
        first = first or done
        same(done.out == first.out, True, "bytes at %d workers as at 1" % workers)
        same(done.letters(), first.letters(), "letters at %d workers" % workers)


def _locales():
    """A folder with locales whose letters and decimal points are not those of C."""
    folder = os.path.join(ROOT, "build", "locales")
    os.makedirs(folder, exist_ok=True)
    for name in ("tr_TR", "de_DE"):
        made = os.path.join(folder, name + ".UTF-8")
        if not os.path.isdir(made):
            subprocess.run(["localedef", "-i", name, "-f", "UTF-8", made], check=True)
    test = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(1.5))"
    shown = subprocess.run([sys.executable, "-c", test], capture_output=True, check=False,
                           env=environment(LOCPATH=folder, LC_ALL="tr_TR.UTF-8"))
    same(shown.stdout, b"1,5\n", "the Turkish locale")
    return folder


def _same_everywhere(args, stdin=b""):
    """Runs it plainly and in every other way that must not matter; how many bytes there are."""
    plain = run(*args, stdin=stdin, cwd=ROOT, env=environment(LC_ALL="C"))
    check(plain.out and plain.status in (0, 1), "exit %d: %s", plain.status, plain.said()[:500])
    plain.lines()
    locales = _locales()
    for env in (
        environment(PAGEMILL_PORTABLE="1"),
        environment(LC_ALL="C.UTF-8"),
        environment(LC_ALL="tr_TR.UTF-8", LOCPATH=locales),
        environment(LC_ALL="de_DE.UTF-8", LOCPATH=locales),
        environment(TZ="Pacific/Kiritimati"),
        environment(TZ="America/New_York", HOME="/"),
    ):
        other = run(*args, stdin=stdin, cwd=ROOT, env=env)
        what = {k: v for k, v in env.items() if k not in os.environ or os.environ[k] != v}
        same(other.status, plain.status, "exit status with %s" % what)
        check(other.out == plain.out, "other bytes with %s", what)
        same(other.letters(), plain.letters(), "letters with %s" % what)
    for workers in ("1", "2", "8"):
        other = run(*args, "--set", "workers=" + workers, stdin=stdin, cwd=ROOT)
        check(other.out == plain.out, "other bytes with %s workers", workers)
    return len(plain.out)


def generated_pages_give_the_same_bytes_everywhere():
    _same_everywhere(["enrich"], jsonl(_pages(600, seed=2)))


def our_pages_give_the_same_bytes_everywhere():
    _same_everywhere(["enrich", *_corpus()])


def a_page_alone_is_the_page_among_others():
    pages = [p for p in _pages(60, seed=4) if p.get("body") != 7]
    together = enrich(pages).lines()
    for page, line in list(zip(pages, together))[::6]:
        same(enrich([page]).lines(), [line], "page %s alone" % page["id"])


def the_way_a_page_comes_is_no_part_of_its_record():
    body = "<!doctype html><title>Ä</title><p>Straße"
    with Folder({"a.jsonl": jsonl([{"url": "file:a.html", "body": body}]),
                 "a.html": body}) as at:
        by_line = run("enrich", "a.jsonl", cwd=at).ended(0).out
        same(run("enrich", stdin=open(os.path.join(at, "a.jsonl"), "rb"), cwd=at).out, by_line,
             "standard input")
        same(run("enrich", "a.html", cwd=at).out, by_line, "a file of its own")
        encoded = {"url": "file:a.html", "body_base64": b64(body.encode())}
        same(enrich([encoded]).out, by_line, "base64")


def _digest(*args, config=None):
    with Folder({"c.json": config or {}}) as at:
        done = enrich([{"body": "<html><p>x"}], "-c", "c.json", *args, cwd=at).ended(0)
        return done.records()[0]["provenance"]["chain"]


def the_digest_names_what_shapes_records_and_nothing_else():
    plain = _digest()
    same(_digest(config={"filters": [{"decode": {}}, {"extract": {}}, {"boilerplate": {}}, {"repair": {}},
                                     {"language": {}}]}), plain, "the default chain, written out")
    same(_digest(config={"filters": [{"decode": {}}, {"extract": {"scope": "main"}}, {"boilerplate": {}},
                                     {"repair": {}}, {"language": {"sample_bytes": 2048}}]}), plain,
         "defaults, written out")
    for same_records in (
        {"workers": 3},
        {"name": "other"},
        {"timeouts": {"stall_ms": 5000}},
        {"admin": {"listen": "127.0.0.1:0"}},
        {"limits": {"memory_bytes": 1 << 30, "page_ms": 7000}},
        {"input": {"topics": ["a"], "start": "latest",
                   "kafka": {"bootstrap.servers": "x:9", "group.id": "g"}}},
        {"output": configuration()["output"]},
        {"input": {"format": "json"}},
    ):
        same(_digest(config=same_records), plain, "digest with %s" % json.dumps(same_records))
    seen = {plain}
    for other in (
        {"filters": [{"decode": {}}, {"extract": {}}]},
        {"filters": [{"decode": {}}, {"extract": {"blocks": True}}, {"language": {}}]},
        {"filters": [{"decode": {}}, {"extract": {}}, {"language": {"sample_bytes": 2049}}]},
        {"limits": {"page_bytes": 2048}},
        {"limits": {"effort": 1000000}},
        {"input": {"fields": {"url": "link"}}},
    ):
        digest = _digest(config=other)
        check(digest not in seen, "no other digest with %s", json.dumps(other))
        seen.add(digest)


def numbers_have_one_form():
    out = enrich([{"body": "<html lang=en><p>" + "The words of a page in English. " * 20}]).out
    check(b'"confidence":0.9' in out or b'"confidence":1.0000' in out, "%r", out)
    text = out.decode()
    at = text.index('"confidence":') + len('"confidence":')
    check(len(text[at:].split(",")[0].split("}")[0]) == 6, "not four decimals: %s", text[at:at + 9])
