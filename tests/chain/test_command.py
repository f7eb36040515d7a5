"""The command line: verbs, options, what goes where, exit statuses."""

import json
import os
import re
import subprocess

import records
from lab import PROGRAM, Folder, check, configuration, enrich, environment, jsonl, run, same

VERBS = ("run", "enrich", "explain", "feed", "check", "filters", "demo")
PAGE = {"id": "a", "body": "<!doctype html><title>T</title><p>Words of a page."}


def help_is_there_for_every_verb():
    top = run("--help").ended(0)
    same(top.err, b"", "standard error")
    for verb in VERBS:
        check(re.search(r"^  %s +\S" % verb, top.out.decode(), re.M), "%s isn't listed", verb)
        done = run(verb, "--help").ended(0)
        check(done.out.startswith(b"usage: pagemill %s" % verb.encode()), "%r", done.out)
        check(b"--help" in done.out and done.err == b"", "%r", done.err)


def help_names_what_verbs_take():
    for verb, options in (
        ("enrich", ("--format", "--dead-letter", "--config", "--set")),
        ("check", ("--online",)),
        ("filters", ("--help",)),
        ("demo", ("--input",)),
    ):
        text = run(verb, "--help").out.decode()
        for option in options:
            check(option in text, "%s --help doesn't name %s", verb, option)


def version_begins_with_the_program():
    lines = run("--version").ended(0).out.decode().splitlines()
    check(re.fullmatch(r"pagemill \d+\.\d+\.\d+", lines[0]), "%r", lines[0])
    for library in ("librdkafka", "jansson", "pcre2", "libidn2", "nettle", "cld2"):
        check(any(line.startswith(library + ": ") for line in lines), "no %s", library)


def usage_is_64():
    for args in (
        (),
        ("nonsense",),
        ("enrich", "--nonsense"),
        ("enrich", "--format"),
        ("enrich", "--format", "pdf", "-"),
        ("enrich", "-c"),
        ("enrich", "--set", "workers"),
        ("check",),
        ("run",),
        ("filters", "nonsense"),
        ("demo", "nonsense"),
    ):
        done = run(*args).ended(64)
        same(done.out, b"", "standard output of %s" % (args,))
        check(done.err, "%s says nothing", args)


def inputs_that_are_missing_are_66():
    for args in (
        ("enrich", "/no/such/page.html"),
        ("enrich", "-c", "/no/such.json"),
        ("run", "-c", "/no/such.json"),
        ("check", "-c", "/no/such.json"),
        ("demo", "--input", "/no/such/folder"),
    ):
        done = run(*args).ended(66)
        check("/no/such" in done.said(), "%s doesn't say what: %s", args, done.said())


def configurations_that_are_wrong_are_78():
    with Folder({"c.json": configuration(nonsense=1)}) as at:
        for verb in ("check", "run", "enrich", "demo"):
            done = run(verb, "-c", "c.json", cwd=at).ended(78)
            same(done.out, b"", "standard output")
            check(done.said().startswith("c.json:1:"), "%s: %s", verb, done.said())


def filters_lists_them():
    listed = run("filters").ended(0).out.decode()
    for name in ("decode", "extract", "language"):
        check(re.search(r"^%s +\d+ +\S" % name, listed, re.M), "no %s in %s", name, listed)
        one = run("filters", name).ended(0).out.decode()
        check(one.startswith("%s, version " % name), "%r", one)
    shown = run("filters", "language").out.decode()
    check(re.search(r"sample_bytes.*256.*65536.*2048", shown), "%s", shown)
    check("extract" in run("filters", "extrct").ended(64).said(), "no suggestion")


def standard_input_is_json_lines():
    plain = enrich([PAGE]).ended(0)
    same(plain.records()[0]["title"], "T", "title")
    same(run("enrich", "-", stdin=jsonl([PAGE])).ended(0).out, plain.out, "by -")
    same(enrich([PAGE]).summary()["emitted"], 1, "emitted")
    empty = run("enrich", stdin=b"").ended(0)
    same((empty.out, empty.summary()["received"]), (b"", 0), "of nothing")
    # The last line may lack its end, and blank lines are no pages.
    same(run("enrich", stdin=jsonl([PAGE]).rstrip()).ended(0).out, plain.out, "without an end")


def formats_are_as_told():
    html = b"<b>bold</b> words"
    got = run("enrich", "--format", "html", "-", stdin=html).ended(0).records()[0]
    same((got["text"], got["layout"]), ("bold words", "html"), "html")
    got = run("enrich", "--format", "text", "-", stdin=html).ended(0).records()[0]
    same((got["text"], got["layout"]), ("<b>bold</b> words", "lines"), "text")
    got = run("enrich", "--format", "raw", "-", stdin=html).ended(0).records()[0]
    same((got["text"], got["layout"]), ("<b>bold</b> words", "lines"), "raw, one end tag")
    got = run("enrich", "--format", "raw", "-", stdin=html * 2).ended(0).records()[0]
    same(got["layout"], "html", "raw, two end tags")
    with Folder({"page.dat": b"<html><p>x", "no.html": jsonl([PAGE])}) as at:
        run("enrich", "page.dat", cwd=at).ended(66)
        got = run("enrich", "--format", "html", "page.dat", cwd=at).ended(0).records()[0]
        same((got["text"], got["url"]), ("x", "file:page.dat"), "a forced format")
        got = run("enrich", "--format", "json", "no.html", cwd=at).ended(0).records()[0]
        same(got["title"], "T", "a forced format")


def files_and_folders_come_in_order():
    with Folder({
        "z/b.html": "<html><p>b",
        "z/a.txt": "a",
        "z/sub/d.html": "<html><p>d",
        "z/c.jsonl": jsonl([dict(PAGE, id="1"), dict(PAGE, id="2")]),
        "z/picture.png": b"\x89PNG",
        "first.html": "<html><p>first",
    }) as at:
        done = run("enrich", "first.html", "z", cwd=at).ended(0)
        got = [r.get("source_id") or r["url"] for r in done.records()]
        same(got, ["file:first.html", "file:z/a.txt", "file:z/b.html", "1", "2",
                   "file:z/sub/d.html"], "order")
        same(done.summary()["received"], 6, "received")
        # What could be read comes out all the same.
        done = run("enrich", "first.html", "missing.html", cwd=at).ended(66)
        check("missing.html" in done.said(), "%s", done.said())


def a_file_is_named_as_it_was():
    with Folder({"a.html": "<html><p>x", "f/Ä b.html": "<html><p>x"}) as at:
        for named in ("a.html", "./a.html", at + "/a.html", "f/../a.html"):
            got = run("enrich", named, cwd=at).ended(0).records()[0]
            same(got["url"], "file:" + named, "url")
        got = run("enrich", "f", cwd=at).ended(0).records()[0]
        same(got["url"], "file:f/Ä b.html", "url")


def the_time_of_a_file_is_no_time():
    with Folder({"a.html": "<html><p>x"}) as at:
        check("fetched_at" not in run("enrich", "a.html", cwd=at).records()[0], "fetched_at")


def options_may_stand_anywhere():
    with Folder({"a.html": "<html><p>x", "-b.html": "<html><p>b"}) as at:
        want = run("enrich", "--set", "workers=1", "a.html", cwd=at).ended(0).out
        same(run("enrich", "a.html", "--set=workers=1", cwd=at).ended(0).out, want, "behind")
        got = run("enrich", "--", "-b.html", cwd=at).ended(0).records()[0]
        same(got["url"], "file:-b.html", "behind --")


def dead_letters_keep_the_page():
    bad = b'{"id": "x", "url": "https://example.org/x", "body": 7}'
    worse = b'{"id": \xff}'
    with Folder() as at:
        kept = os.path.join(at, "dead.jsonl")
        done = enrich([PAGE, bad, worse, PAGE], "--dead-letter", kept).ended(1)
        same(done.summary()["failed"], 2, "failed")
        same(len(done.lines()), 2, "records")
        with open(kept, "rb") as file:
            letters = [json.loads(line) for line in file]
        same([x["reason"] for x in letters], ["bad_field", "bad_json"], "reasons")
        same(letters[0]["value"], bad.decode(), "the page")
        same(letters[1]["value_base64"], "eyJpZCI6IP99", "the page that is no text")
        same(letters[0]["url"], "https://example.org/x", "url")
        same(letters[0]["stage"], "consume", "stage")
        check(letters[0]["message"] and letters[0]["position"].endswith(":2"), "%s", letters[0])
        done = enrich([PAGE], "--dead-letter", kept).ended(0)
        same(os.path.getsize(kept), 0, "size of no dead letters")
        done = enrich([PAGE], "--dead-letter", "/no/such/folder/x")
        check(done.status not in (0, 1), "exit %d", done.status)


def set_shapes_records():
    got = enrich([PAGE], "--set", "filters=[{\"decode\":{}},{\"extract\":{\"blocks\":true}}]")
    got = got.ended(0).records()[0]
    same(got["blocks"], [{"kind": "paragraph", "text": "Words of a page."}], "blocks")
    done = enrich([dict(PAGE, body="x" * 2000)], "--set", "limits.page_bytes=1024").ended(1)
    same(done.letters()[0]["reason"], "page_too_large", "reason")


def only_what_shapes_records_is_needed():
    with Folder({"c.json": {"filters": [{"decode": {}}, {"extract": {}}]}}) as at:
        got = enrich([PAGE], "-c", "c.json", cwd=at).ended(0).records()[0]
        same([f["name"] for f in got["provenance"]["filters"]], ["decode", "extract"], "filters")


def output_that_fails_is_no_success():
    if not os.path.exists("/dev/full"):
        return
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "enrich"], input=jsonl([PAGE] * 100), stdout=full,
                              stderr=subprocess.PIPE, timeout=60, env=environment())
    check(done.returncode not in (0, 1), "exit %d", done.returncode)
    check(done.stderr, "nothing is said")


def a_failing_output_is_said_once():
    pages = [{"body": "A page of some words, number %d." % n} for n in range(2000)]
    read, write = os.pipe()
    os.close(read)
    with Folder({"p.jsonl": jsonl(pages)}) as at:
        done = subprocess.run([PROGRAM, "enrich", "p.jsonl"], cwd=at, stdout=write,
                              stderr=subprocess.PIPE, env=environment(), timeout=60)
    os.close(write)
    same(done.returncode, 75, "exit status")
    same(done.stderr.count(b"the reader went away"), 1, "lines about it")


def what_is_printed_on_a_full_disk_is_no_success():
    if not os.path.exists("/dev/full"):
        return
    for words in (["--version"], ["--help"], ["filters"], ["enrich", "--help"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE,
                                  env=environment(), timeout=20)
        same(done.returncode, 75, "exit status of %s" % words)
        check(b"No space left" in done.stderr, "%r", done.stderr)


def closed_streams_are_not_somebody_elses():
    def closed(redirections, *words):
        shell = 'exec "$0" "$@" ' + redirections
        return subprocess.run(["sh", "-c", shell, PROGRAM, *words], cwd=at, capture_output=True,
                              env=environment(), timeout=20)

    with Folder({"p.jsonl": '{"body": "a page"}\n{bad}\n'}) as at:
        done = closed("<&-", "enrich", "-")
        same(done.returncode, 66, "standard input closed: %.300r" % done.stderr)
        done = closed(">&-", "enrich", "p.jsonl")
        same(done.returncode, 75, "standard output closed: %.300r" % done.stderr)
        done = closed("2>&-", "enrich", "p.jsonl")
        same((done.returncode, done.stdout.count(b"\n")),
             (1, 1), "standard error closed")
        same(closed("<&- >&- 2>&-", "enrich", "p.jsonl").returncode, 75, "all of them closed")


def logs_are_json_away_from_a_terminal():
    for line in enrich([PAGE]).err.splitlines():
        same(set(json.loads(line, object_pairs_hook=records.once)) >= {"time", "level", "msg"},
             True, "a log line")
