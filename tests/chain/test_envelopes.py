"""Each fault of an envelope is one line with its reason, and the pages around it come out."""

import json

import records
from lab import b64, check, enrich, same

GOOD = {"id": "good", "url": "https://example.org/good", "body": "<!doctype html><p>Good."}
HTML = "<!doctype html><p>x"

FAULTS = (
    ("broken JSON", b'{"url": "https://example.org/a", "body": "x"', "bad_json"),
    ("two values", b'{"body": "x"} {"body": "y"}', "bad_json"),
    ("a comma too many", b'{"body": "x",}', "bad_json"),
    ("single quotes", b"{'body': 'x'}", "bad_json"),
    ("a comment", b'{"body": "x" /* no */}', "bad_json"),
    ("not a number of JSON", b'{"body": "x", "n": 01}', "bad_json"),
    ("NaN", b'{"body": "x", "n": NaN}', "bad_json"),
    ("an unknown escape", b'{"body": "\\x41"}', "bad_json"),
    ("a cut escape", b'{"body": "\\u12"}', "bad_json"),
    ("an array", b'[{"body": "x"}]', "bad_json"),
    ("a string", b'"body"', "bad_json"),
    ("not UTF-8", b'{"body": "caf\xe9"}', "bad_json"),
    ("not UTF-8 in what is ignored", b'{"body": "x", "note": "\xc0\xaf"}', "bad_json"),
    ("a surrogate in UTF-8", b'{"body": "\xed\xa0\x80"}', "bad_json"),
    ("a raw NUL", b'{"body": "a\x00b"}', "bad_json"),
    ("a raw control", b'{"body": "a\x01b"}', "bad_json"),
    ("a raw tab in a string", b'{"body": "a\tb"}', "bad_json"),
    ("a name twice", b'{"body": "a", "body": "b"}', "bad_json"),
    ("an ignored name twice", b'{"body": "a", "x": 1, "x": 1}', "bad_json"),
    ("a name twice, once escaped", b'{"body": "a", "\\u0062ody": "b"}', "bad_json"),
    ("65 levels", b'{"body": "x", "deep": ' + b"[" * 64 + b"]" * 64 + b"}", "bad_json"),
    ("100,000 arrays", b'{"body": "x", "deep": ' + b"[" * 100000 + b"]" * 100000 + b"}",
     "bad_json"),
    ("100,000 arrays never closed", b"[" * 100000, "bad_json"),
    ("100,000 objects", b'{"a":' * 100000, "bad_json"),
    ("url no string", {"url": 7, "body": HTML}, "bad_field"),
    ("NUL in url", {"url": "https://example.org/\0", "body": HTML}, "bad_field"),
    ("body no string", {"body": ["x"]}, "bad_field"),
    ("body a number", {"body": 7}, "bad_field"),
    ("body and body_base64", {"body": "x", "body_base64": "eA=="}, "bad_field"),
    ("body_base64 no string", {"body_base64": {}}, "bad_field"),
    ("content_type no string", {"body": HTML, "content_type": []}, "bad_field"),
    ("status no number", {"body": HTML, "status": "ok"}, "bad_field"),
    ("status out of range", {"body": HTML, "status": 99}, "bad_field"),
    ("status with a fraction", {"body": HTML, "status": 200.5}, "bad_field"),
    ("status true", {"body": HTML, "status": True}, "bad_field"),
    ("headers a string", {"body": HTML, "headers": "Content-Type: x"}, "bad_field"),
    ("headers no pairs", {"body": HTML, "headers": [["a"]]}, "bad_field"),
    ("headers with numbers", {"body": HTML, "headers": {"a": 1}}, "bad_field"),
    ("a day of no month", {"body": HTML, "fetched_at": "2026-02-30T00:00:00Z"}, "bad_field"),
    ("a date in words", {"body": HTML, "fetched_at": "yesterday"}, "bad_field"),
    ("a time as a number", {"body": HTML, "fetched_at": 1752307200}, "bad_field"),
    ("id an object", {"body": HTML, "id": {}}, "bad_field"),
    ("no body", {"url": "https://example.org/a"}, "no_body"),
    ("a null body", {"body": None}, "no_body"),
    ("an empty body", {"body": ""}, "no_body"),
    ("an empty body_base64", {"body_base64": ""}, "no_body"),
    ("an empty object", {}, "no_body"),
    ("base64 with a bad character", {"body_base64": "eA!="}, "bad_base64"),
    ("base64 cut", {"body_base64": "eA="}, "bad_base64"),
    ("base64 of one character", {"body_base64": "e"}, "bad_base64"),
    ("base64 with padding inside", {"body_base64": "eA==eA=="}, "bad_base64"),
    ("a body above page_bytes", {"body": "x" * 5001}, "page_too_large"),
    ("base64 above page_bytes", {"body_base64": b64(b"x" * 5001)}, "page_too_large"),
)

PASSES = (
    ("a byte order mark", b"\xef\xbb\xbf" + b'{"body": "<!doctype html><p>x"}'),
    ("white space around", b' \t{"body": "<!doctype html><p>x"}\t '),
    ("64 levels", b'{"body": "<!doctype html><p>x", "deep": ' + b"[" * 63 + b"]" * 63 + b"}"),
    ("names twice below the top", b'{"body": "<!doctype html><p>x", "m": {"a": 1, "a": 2}}'),
    ("a lone surrogate", b'{"body": "<!doctype html><p>x", "note": "\\ud800"}'),
    ("no url", {"body": HTML}),
    ("an unknown member", {"body": HTML, "whatever": [1, {"a": None}]}),
    ("nulls", {"body": HTML, "url": None, "id": None, "status": None, "headers": None,
               "fetched_at": None, "content_type": None, "body_base64": None}),
    ("an escaped name", b'{"\\u0062ody": "<!doctype html><p>x"}'),
    ("base64", {"body_base64": b64(HTML.encode())}),
    ("headers as pairs", {"body": HTML, "headers": [["Content-Type", "text/html"], ["a", "b"]]}),
    ("headers as arrays", {"body": HTML, "headers": {"CONTENT-TYPE": ["text/html"]}}),
    ("status as digits", {"body": HTML, "status": "200"}),
)


def _outcome(pages, *args):
    """{source id or position: reason, or the record}."""
    done = enrich(pages, "--set", "limits.page_bytes=5000", *args)
    return done, {x["position"].rpartition(":")[2]: x for x in done.letters()}


def each_fault_has_its_reason():
    pages = []
    for _, page, _ in FAULTS:
        pages += [GOOD, page]
    done, letters = _outcome(pages + [GOOD])
    done.ended(1)
    wrong = []
    for i, (what, _, reason) in enumerate(FAULTS):
        letter = letters.get(str(2 * i + 2), {"reason": "none"})
        if letter["reason"] != reason or not letter.get("message"):
            wrong.append("%s: %s" % (what, letter))
    check(not wrong, "\n".join(wrong))
    same(len(letters), len(FAULTS), "lines of failed pages")
    want = enrich([GOOD], "--set", "limits.page_bytes=5000").lines()
    same(done.lines(), want * (len(FAULTS) + 1), "the pages around them")
    count = done.summary()
    same((count["failed"], count["emitted"]), (len(FAULTS), len(FAULTS) + 1), "counts")


def what_is_allowed_passes():
    done, letters = _outcome([page for _, page in PASSES])
    check(not letters, "%s", [(PASSES[int(n) - 1][0], x) for n, x in letters.items()])
    for (what, _), got in zip(PASSES, done.ended(0).records()):
        same(got.get("text"), "x", what)


def a_failed_page_says_which():
    page = {"id": 17, "url": "https://example.org/a", "body": "x", "status": "?"}
    (letter,) = enrich([page]).ended(1).letters()
    same(list(letter), ["reason", "message", "source_id", "url", "position"], "members")
    same((letter["source_id"], letter["url"]), ("17", "https://example.org/a"), "which")
    check("status" in letter["message"], "%s", letter)


def page_bytes_is_inclusive():
    def reasons(size, **more):
        done = enrich([{"body": "x" * size, **more}], "--set", "limits.page_bytes=1024")
        return [x["reason"] for x in done.letters()]

    same(reasons(1024), [], "at the limit")
    same(reasons(1025), ["page_too_large"], "beyond it")
    done = enrich([{"body": "é" * 512}, {"body": "é" * 512 + "x"},
                   b'{"body": "' + b"\\u00e9" * 512 + b'"}',
                   {"body_base64": b64(b"x" * 1024)}, {"body_base64": b64(b"x" * 1025)}],
                  "--set", "limits.page_bytes=1024")
    same([x["position"].rpartition(":")[2] for x in done.letters()], ["2", "5"], "too large")


def members_may_stand_elsewhere():
    page = {"meta": {"link": "https://example.org/a", "when": "2026-01-02T03:04:05+02:00"},
            "html": HTML, "code": "203", "key": 12}
    fields = {"url": "meta.link", "fetched_at": "meta.when", "body": "html", "status": "code",
              "id": "key"}
    got = enrich([page], "--set", "input=" + json.dumps({"fields": fields})).ended(0).records()[0]
    same(got["url"], "https://example.org/a", "url")
    same(got["fetched_at"], "2026-01-02T03:04:05+02:00", "fetched_at")
    same((got["text"], got["source_id"]), ("x", "12"), "text, id")
    done = enrich([{"meta": 7, "html": HTML}], "--set", "input=" + json.dumps({"fields": fields}))
    same(done.ended(1).letters()[0]["reason"], "bad_field", "a path through a number")


def times_are_kept():
    times = ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05-09:30",
             "2024-02-29T23:59:60Z", "2026-01-02t03:04:05z")
    pages = [{"body": HTML, "fetched_at": t} for t in times]
    got = [r.get("fetched_at") for r in enrich(pages).ended(0).records()]
    same(got, [t.upper() for t in times], "times")
    for r in enrich([{"body": HTML, "fetched_at": None}, {"body": HTML}]).ended(0).records():
        check("fetched_at" not in r, "%s", r)


def identity_is_the_url_or_the_bytes():
    import hashlib

    def want(data):
        return hashlib.sha256(data).hexdigest()[:32]

    pages = [
        {"url": "https://example.org/a#top", "body": HTML},
        {"url": "HTTPS://EXAMPLE.org:443/a", "body": "other"},
        {"url": "https://example.org/a/../a?b=1", "body": HTML},
        {"url": "https://bücher.example/ü", "body": HTML},
        {"url": "ftp://example.org/a", "body": HTML},
        {"body": HTML},
        {"body_base64": b64(HTML.encode("utf-16"))},
        {"url": "http://", "body": HTML},
    ]
    got = [r["id"] for r in enrich(pages).ended(0).records()]
    same(got, [want(b) for b in (
        b"https://example.org/a",
        b"https://example.org/a",
        b"https://example.org/a?b=1",
        b"https://xn--bcher-kva.example/%C3%BC",
        HTML.encode(),
        HTML.encode(),
        HTML.encode("utf-16"),
        HTML.encode(),
    )], "ids")


def hosts_and_domains():
    def of(url):
        got = enrich([{"url": url, "body": HTML}]).ended(0).records()[0]
        return got.get("host"), got.get("domain")

    same(of("https://WWW.Example.CO.UK:8443/x"), ("www.example.co.uk", "example.co.uk"), "a")
    same(of("https://me.github.io/"), ("me.github.io", "me.github.io"), "a private suffix")
    same(of("https://github.io/"), ("github.io", None), "a bare suffix")
    same(of("http://192.0.2.1/"), ("192.0.2.1", None), "an address")
    same(of("http://[2001:DB8::1]/"), ("[2001:db8::1]", None), "an address")
    same(of("not a url"), (None, None), "no URL")
    same(of("https://Bücher.example/"), ("xn--bcher-kva.example",) * 2, "IDNA")


def blank_lines_are_no_pages():
    done = enrich([GOOD, b"", b"   ", GOOD])
    count = done.summary()
    same(count["emitted"], 2, "emitted")


def a_letter_is_plain_to_a_terminal():
    page = b'{"url": "https://example.org/\\u001b[31m", "body": "x", "status": "\\u001b[0m"}'
    done = enrich([page]).ended(1)
    check(b"\x1b" not in done.err, "%r", done.err)
    check(records.json.loads(done.err.splitlines()[0]), "no JSON")
