"""The demo: the whole stage on its own broker."""

import os
import random

from lab import Folder, check, enrich, jsonl, run, same


def the_demo_ends_with_records_of_html_and_of_text():
    done = run("demo", timeout=100).ended(0)
    got = done.records()
    layouts = {r.get("layout") for r in got}
    check("html" in layouts and layouts & {"lines", "flat"}, "%s", layouts)
    check(len({r["language"]["code"] for r in got if "code" in r.get("language", {})}) > 1,
          "one language")
    check("dead letter" in done.said(), "no dead letter is shown: %s", done.said()[-500:])


def the_demo_gives_what_enrich_gives():
    pages = [{"id": str(i), "url": "https://example.org/%d" % i, "fetched_at": None,
              "body": "<!doctype html><title>%d</title><p>Page" % i} for i in range(100)]
    with Folder({"pages.jsonl": jsonl(pages)}) as at:
        done = run("demo", "--input", os.path.join(at, "pages.jsonl"), timeout=100).ended(0)
    want = enrich(pages).ended(0).lines()
    same(sorted(done.lines()), sorted(want), "records")


def a_large_folder_comes_out_once():
    """More than the broker keeps: it is fed in step."""
    rng = random.Random(5)
    files, want = {}, []
    for i in range(60):
        body = "<!doctype html><title>%d</title>" % i
        body += "".join("<p>%x</p>" % rng.getrandbits(400) for _ in range(rng.randrange(200, 8000)))
        files["%03d.html" % i] = body
        want.append("%d" % i)
    check(sum(map(len, files.values())) > 20 << 20, "too few bytes")
    with Folder(files) as at:
        done = run("demo", "--input", at, timeout=300).ended(0)
    same(sorted(r["title"] for r in done.records()), sorted(want), "pages")


def failed_pages_are_dead_letters_in_the_demo():
    pages = [{"id": "a", "body": "<html><p>x"}, {"id": "b", "body": 7}, b'{"id": "c"']
    with Folder({"pages.jsonl": jsonl(pages)}) as at:
        done = run("demo", "--input", os.path.join(at, "pages.jsonl"), timeout=100).ended(0)
    same([r["source_id"] for r in done.records()], ["a"], "records")
    said = done.said()
    check("bad_field" in said and "bad_json" in said, "%s", said[-500:])
