"""Bounds: pages that are too much, memory that stays, signals that end it."""

import json
import os
import select
import signal
import subprocess
import threading
import time

from lab import (
    PATIENCE,
    PROGRAM,
    Folder,
    Wrong,
    b64,
    check,
    enrich,
    environment,
    jsonl,
    peak_kib,
    run,
    same,
    sanitized,
)

GOOD = {"id": "good", "body": "<!doctype html><p>Good."}
MIB = 1 << 20


class Running:
    """`enrich` on a pipe that the test holds."""

    def __init__(self, *args, env=None):
        self.process = subprocess.Popen(
            [PROGRAM, "enrich", *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment() if env is None else env,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def read_records(self, n):
        """Waits for this many whole lines."""
        got, deadline = b"", time.monotonic() + PATIENCE
        while got.count(b"\n") < n:
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            if ready:
                more = os.read(self.process.stdout.fileno(), 1 << 16)
                check(more, "it ended after %d records", got.count(b"\n"))
                got += more
            check(time.monotonic() < deadline, "%d records of %d", got.count(b"\n"), n)
        return got

    def exchange(self, data, n):
        """Writes while it reads this many lines: neither pipe holds all of it."""
        writer = threading.Thread(target=self.write, args=(data,), daemon=True)
        writer.start()
        got = self.read_records(n)
        writer.join()
        return got

    def end(self):
        """Waits for its end; its status and what it said."""
        try:
            _, err = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            raise Wrong("it does not end") from None
        return self.process.returncode, err


def a_line_of_20_mb_is_one_failed_page():
    line = b'{"id": "big", "body": "' + b"x" * (20 * MIB) + b'"}'
    done = enrich([GOOD, line, GOOD]).ended(1)
    (letter,) = done.letters()
    same(letter["reason"], "page_too_large", "reason")
    check(letter["position"].endswith(":2"), "%s", letter)
    same(len(done.lines()), 2, "records")
    # With room for it, it is a page.
    done = enrich([line], "--set", "limits.page_bytes=%d" % (32 * MIB)).ended(0)
    same(len(done.records()[0]["text"]), 20 * MIB, "length of text")


def a_line_without_end_is_one_failed_page():
    done = run("enrich", stdin=b"x" * (64 * MIB)).ended(1)
    (letter,) = done.letters()
    check(letter["reason"] in ("page_too_large", "bad_json"), "%s", letter)


def an_envelope_may_be_larger_than_its_body():
    """Escapes and what is ignored don't count: only the body does."""
    body = "é" * 400
    page = b'{"id": "a", "body": "' + b"\\u00e9" * 400 + b'", "note": "' + b"n" * 900 + b'"}'
    done = enrich([page], "--set", "limits.page_bytes=1024").ended(0)
    same(done.records()[0]["text"], body, "text")


def hostile_markup_takes_no_more_than_linear_time():
    n = 15000 if sanitized() else 60000
    shapes = {
        "nested": "<div>" * n,
        "formatting": "<b><i>" * n,
        "misnested": "<b><p></b>" * n,
        "tables": "<table>" * n,
        "table cells": "<table><tr><td>" * n,
        "attributes": "<p " + " ".join("a%d=x" % i for i in range(n)) + ">",
        "an attribute": "<p a='" + "x" * n * 10,
        "comments": "<!--" * n,
        "open tags": "<" * n * 10,
        "references": "&amp" * n,
        "cut references": "&" * n * 10,
        "select": "<select><option>" * n,
        "lists": "<ul><li>" * n,
        "links": "<a href=x>" * n,
        "forms": "<form><input>" * n,
        "svg": "<svg><g>" * n,
        "math": "<math><mi>" * n,
        "templates": "<template>" * n,
        "headings": "<h1>" * n,
        "end tags": "</p>" * n,
        "nobr": "<nobr>" * n,
        "frames": "<frameset>" * n,
        "buttons": "<button>" * n,
        "pre": "<pre>\n" * n,
        "base": "<base href=x><link rel=canonical href=y>" * n,
        "marks": "e" + "\u0301" * n * 10,
        "metas": "<meta charset=x>" * n,
        "tags": "<meta property=article:tag content=word>" * (n // 2),
        "descriptions": "<meta name=description content='a b c d e'>" * (n // 2),
        "blocks": "<p>x" * n * 4,
        "items": "<ul>" + "<li>a list item here</li>" * n,
        "links in items": "<li><a href=/x>item</a></li>" * n,
        "nested links": ("<a href=x><table><tr><td>" * 170 + "word " * 1500) * 80,
        "long links": ("<a href='/%s'>y</a>" % ("x" * 2000)) * (n // 100),
        "a base": "<base href='/%s/'>" % ("x" * n * 10) + "<a href=x>y</a>" * n,
        "headlines": "<h1>z</h1>" * n,
        "times": "<time>May 4, 2024</time>" * n,
        "dates": "<p class=date>May 4, 2024</p>" * n,
        "bylines": "<p class=byline>By A. Name</p>" * n,
        "crumbs": "<ol class=breadcrumb><li><a href=/>Home</a></ol>" * (n // 2),
        "classes": "".join("<p class='w%d x%d'>y" % (i, i * 7) for i in range(n)),
        "a class": "<p class='" + "post body related " * n + "'>x",
        "ids": "".join("<p id=comment-%d>x" % i for i in range(n)),
        "rows": "<table>" + "<tr><td rowspan=65534 colspan=1000>x" * (n // 2),
        "a row": "<table><tr>" + "<td>x" * n * 4,
        "lines": "a<br>" * n * 4,
        "a line": "It was a dark night. " * n,
        "a word": "x" * n * 16,
        "no spaces": "talks,held scrutiny.Choe " * n,
        "misread": "\u00c3\u00a9t\u00c3\u00a9 " * n * 2,
        "quotes": "\u201cx\u201d " * n * 2,
        "json arrays": "<script type=application/ld+json>" + "[" * n * 16,
        "json objects": "<script type=application/ld+json>" + '{"a":' * n * 3 + "</script>",
        "a json string": '<script type=application/ld+json>{"@type":"NewsArticle","headline":"' + "x" * n * 16
                         + '"}</script>',
        "json authors": '<script type=application/ld+json>{"@type":"NewsArticle","author":['
                        + '{"@type":"Person","name":"A B"},' * (n // 2) + "{}]}</script>",
        "json text": '<script type=application/ld+json>{"@type":"NewsArticle","articleBody":"'
                     + "word and other " * n + '"}</script><p>word and other word',
    }
    # All that extract can be asked for, behind it the rest of the default chain.
    wishes = {"blocks": True, "markdown": True, "links": True}
    chain = [{"decode": {}}, {"extract": wishes}, {"boilerplate": {}}, {"repair": {}}, {"language": {}}]
    for name, text in shapes.items():
        start = time.monotonic()
        done = enrich([{"id": name, "url": "https://example.org/a", "body": "<html>" + text},
                       GOOD], "--set", "filters=" + json.dumps(chain), timeout=60)
        took = time.monotonic() - start
        check(done.status in (0, 1), "%s: exit %d: %s", name, done.status, done.said()[:300])
        done.summary()
        done.lines()
        check(took < (30 if sanitized() else 3), "%s took %.1f s", name, took)
        for letter in done.letters():
            check(letter["reason"] in ("arena_full", "effort"), "%s: %s", name, letter)


def effort_ends_a_page_the_same_way_everywhere():
    pages = [{"id": str(i), "body": "<html>" + "<p>word</p>" * i} for i in range(1, 400, 7)]
    said = set()
    for workers in (1, 8):
        for env in (environment(), environment(PAGEMILL_PORTABLE="1")):
            done = enrich(pages, "--set", "limits.effort=9000", "--set", "workers=%d" % workers,
                          env=env).ended(1)
            said.add((done.out, json.dumps(done.letters())))
    same(len(said), 1, "outcomes")
    same({x["reason"] for x in done.letters()}, {"effort"}, "reasons")
    check(0 < len(done.letters()) < len(pages), "%d failed", len(done.letters()))


def memory_stays_where_it_is():
    """Thousands of pages later it has grown by nothing that counts."""
    page = jsonl([{"id": str(i), "body": "<!doctype html><title>T</title>" + "<p>Some words of %d, "
                   "<b>bold</b> and <i>not</i>.</p>" % i * 300} for i in range(64)])
    with Running("--set", "workers=2") as stage:
        at = []
        for _ in range(6):
            for _ in range(8):
                stage.exchange(page, 64)
            at.append(peak_kib(stage.process.pid))
        status, _ = stage.end()
        same(status, 0, "exit status")
    # A sanitizer keeps what was freed for a while.
    check(sanitized() or at[0] < 200 * 1024, "%d KiB", at[0])
    check(sanitized() or at[-1] < at[1] * 1.05 + 2048, "it grows: %s KiB", at)


def memory_is_bounded_by_pages_in_flight():
    """Much larger than memory_bytes in all, and never in memory at once."""
    pages = 70 if sanitized() else 120
    line = jsonl([{"body": "<html>" + "<p>words and words</p>" * 40000}])
    with Folder() as at:
        big = os.path.join(at, "big.jsonl")
        with open(big, "wb") as out:
            for _ in range(pages):
                out.write(line)
        size = os.path.getsize(big)
        process = subprocess.Popen(
            [PROGRAM, "enrich", "--set", "limits.memory_bytes=%d" % (64 * MIB), "--set",
             "workers=2", "--set", "limits.page_bytes=%d" % (4 * MIB), big],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        got = 0
        peak = 0
        while chunk := process.stdout.read(1 << 20):
            got += chunk.count(b"\n")
            peak = max(peak, peak_kib(process.pid))
        _, err = process.communicate(timeout=60)
    same((process.returncode, got), (0, pages), "exit status and records of %s" % err[-300:])
    check(size > pages * MIB * 3 // 4, "too small a file: %d", size)
    check(sanitized() or peak < 200 * 1024, "%d KiB resident", peak)


def a_slow_reader_stops_the_stage_and_not_the_memory():
    line = jsonl([{"body": "<html>" + "<p>words and words</p>" * 4000}])
    with Running("--set", "limits.memory_bytes=%d" % (64 * MIB), "--set", "workers=2",
                 "--set", 'filters=[{"decode":{}},{"extract":{"scope":"body"}}]',
                 "--set", "limits.page_bytes=%d" % MIB) as stage:
        os.set_blocking(stage.process.stdin.fileno(), False)
        sent, end = 0, time.monotonic() + 4
        while time.monotonic() < end:
            try:
                # A pipe takes what it has room for: the rest of a line comes with the next call.
                sent += os.write(stage.process.stdin.fileno(), line[sent % len(line):])
            except BlockingIOError:
                time.sleep(0.01)
        check(0 < sent < 200 * MIB, "it reads and reads: %d bytes", sent)
        check(sanitized() or peak_kib(stage.process.pid) < 200 * 1024, "%d KiB resident",
              peak_kib(stage.process.pid))


def signals_drain_and_end_with_0():
    for number in (signal.SIGTERM, signal.SIGINT):
        for pages in (0, 3):
            with Running() as stage:
                stage.write(jsonl([GOOD] * pages))
                got = stage.read_records(pages) if pages else b""
                if not pages:
                    time.sleep(0.5)
                start = time.monotonic()
                stage.process.send_signal(number)
                status, err = stage.end()
                took = time.monotonic() - start
                same(status, 0, "exit status on signal %d: %r" % (number, err))
                same(got.count(b"\n"), pages, "records")
                same(json.loads(err.splitlines()[-1])["emitted"], pages, "emitted")
                check(took < 10, "it took %.1f s", took)


def a_half_line_at_a_signal_is_no_page():
    with Running() as stage:
        stage.write(jsonl([GOOD]) + b'{"body": "ha')
        stage.read_records(1)
        stage.process.send_signal(signal.SIGTERM)
        # Standard input stays open until then: its end would make a page of the half line.
        stage.process.wait(timeout=60)
        status, err = stage.end()
        same(status, 0, "exit status")
        same(json.loads(err.splitlines()[-1])["failed"], 0, "failed")


def a_reader_that_leaves_ends_it():
    with Running() as stage:
        stage.write(jsonl([GOOD]))
        stage.read_records(1)
        stage.process.stdout.close()
        try:
            for _ in range(200):
                stage.write(jsonl([GOOD] * 100))
        except BrokenPipeError:
            pass
        status = stage.process.wait(timeout=60)
        check(status not in (0, 1) and status > 0, "exit %d", status)


def binary_rubbish_is_failed_pages_and_no_more():
    import random

    rng = random.Random(9)
    rubbish = bytes(rng.randrange(256) for _ in range(200000))
    done = run("enrich", stdin=rubbish).ended(1)
    count = done.summary()
    same(count["failed"], count["received"], "failed")
    done = run("enrich", "--format", "html", "-", stdin=rubbish).ended(0)
    same(len(done.records()), 1, "records")
    done = enrich([{"body_base64": b64(rubbish[:50000]), "content_type": t} for t in
                   ("text/html", "text/plain", "text/html; charset=utf-8", "text/html; charset=gbk",
                    "text/html; charset=iso-2022-jp", "text/html; charset=utf-16")]).ended(0)
    same(len(done.records()), 6, "records")
