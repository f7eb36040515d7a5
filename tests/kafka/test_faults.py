"""What can't be processed becomes one dead letter each, and the stage goes on."""

import json
import random
import string

from cluster import until
from lab import check, envelope, everything_once, header, same, source

ERRORS = "__pagemill.errors."
PAGE_BYTES = 1 << 20
TIMESTAMP = 1700000000123
HEADERS = [
    ["crawler", "c1"],
    ["crawler", "c2"],
    ["empty", ""],
    ["null", None],
    ["content-type", "text/x-mine"],
    ["pagemill-chain", "spoofed"],
    [ERRORS + "reason", "older"],
    ["traceparent", "00-0af7651916cd43dd8448eb211c80319c" "-b7ad6b7169203331-01"],
]


def faults():
    """(what, value, reason) of each fault of an envelope."""
    url = '"url":"http://a.example/"'
    yield "broken JSON", b'{"url":"http://a.example/","body":"x', "bad_json"
    yield "text after the object", envelope("http://a.example/") + b" x", "bad_json"
    yield "not an object", b'["url"]', "bad_json"
    yield "duplicate keys", ('{%s,"body":"x","body":"y"}' % url).encode(), "bad_json"
    yield "duplicate unknown keys", ('{%s,"body":"x","u":1,"u":2}' % url).encode(), "bad_json"
    yield "invalid UTF-8", b'{"url":"http://a.example/","body":"\xc3\x28"}', "bad_json"
    yield "a surrogate in UTF-8", b'{"url":"http://a.example/","body":"\xed\xa0\x80"}', "bad_json"
    yield "raw NUL in a string", b'{"url":"http://a.example/","body":"a\x00b"}', "bad_json"
    yield "raw NUL behind the object", envelope("http://a.example/") + b"\x00", "bad_json"
    yield "empty value", b"", "bad_json"
    yield "white space only", b" \n", "bad_json"
    yield "nested arrays", b'{"x":' + b"[" * 100000 + b"]" * 100000 + b"}", "bad_json"
    yield "nested arrays, open", b"[" * 100000, "bad_json"
    yield "NULL value", None, "no_value"
    yield "url a number", b'{"url":1,"body":"x"}', "bad_field"
    yield "body an object", ('{%s,"body":{}}' % url).encode(), "bad_field"
    yield "body_base64 a number", ('{%s,"body_base64":1}' % url).encode(), "bad_field"
    yield "both bodies", ('{%s,"body":"x","body_base64":"eA=="}' % url).encode(), "bad_field"
    yield "NUL in url", b'{"url":"http://a.example/\\u0000","body":"x"}', "bad_field"
    yield "malformed fetched_at", envelope("http://a.example/", fetched_at="yesterday"), "bad_field"
    yield "malformed status", envelope("http://a.example/", status="fine"), "bad_field"
    yield "malformed headers", envelope("http://a.example/", headers=7), "bad_field"
    yield "content_type an array", envelope("http://a.example/", content_type=[]), "bad_field"
    yield "id an array", envelope("http://a.example/", id=[]), "bad_field"
    yield "no body", ("{%s}" % url).encode(), "no_body"
    yield "null body", ('{%s,"body":null}' % url).encode(), "no_body"
    yield "empty body", ('{%s,"body":""}' % url).encode(), "no_body"
    yield "empty body_base64", ('{%s,"body_base64":""}' % url).encode(), "no_body"
    yield "base64 of another alphabet", ('{%s,"body_base64":"!!!!"}' % url).encode(), "bad_base64"
    yield "base64 cut off", ('{%s,"body_base64":"QUJDR"}' % url).encode(), "bad_base64"
    yield "body one above page_bytes", envelope(
        "http://a.example/", "<p>" + "x" * (PAGE_BYTES - 2)
    ), "page_too_large"
    yield "20 MB", envelope("http://a.example/", "<p>" + "x" * 20000000), "page_too_large"


def is_letter(letter, record, position, reason, stage="consume"):
    what = "letter of %s:" % (position,)
    same(
        letter.value == record.get("value"),
        True,
        what,
        "value kept (%s bytes)" % (letter.value and len(letter.value)),
    )
    same(letter.key, record.get("key"), what, "key")
    same(letter.timestamp, TIMESTAMP, what, "timestamp")
    kept = [
        [n, v.decode() if v is not None else None]
        for n, v in letter.headers
        if not n.startswith(ERRORS)
    ]
    same(kept, [h for h in record["headers"] if not h[0].startswith(ERRORS)], what, "headers")
    same(
        header(letter, ERRORS + "reason"),
        reason,
        what,
        "reason (message: %s)" % header(letter, ERRORS + "message"),
    )
    same(header(letter, ERRORS + "stage"), stage, what, "stage")
    same(
        (
            header(letter, ERRORS + "topic"),
            header(letter, ERRORS + "partition"),
            header(letter, ERRORS + "offset"),
        ),
        tuple(map(str, position)),
        what,
        "position",
    )
    same(header(letter, ERRORS + "attempt"), "1", what, "attempt")
    check(header(letter, ERRORS + "message"), what, "no message")
    check(header(letter, ERRORS + "chain"), what, "no chain")
    if stage == "consume":
        same(header(letter, ERRORS + "filter"), None, what, "filter")


def envelope_faults(lab):
    """Each fault with a good page behind it: one letter each, byte for byte; the good come out."""
    tool = lab.tool()
    wide = {"max.message.bytes": 64 << 20}
    raw, out = tool.create(lab.topic("raw"), **wide), tool.create(lab.topic("out"), **wide)
    dead = tool.create(lab.topic("dead"), 3, **wide)
    cases, records = list(faults()), []
    for number, (_, value, _) in enumerate(cases):
        records.append(
            {
                "key": b"key-\xff%d" % number if number % 3 else None,
                "value": value,
                "headers": HEADERS,
                "timestamp": TIMESTAMP,
                "partition": 0,
            }
        )
        records.append(
            {
                "key": b"good",
                "value": envelope("http://good.example/%d" % number),
                "headers": [],
                "timestamp": TIMESTAMP,
                "partition": 0,
            }
        )
    limit = envelope("http://good.example/limit", "<p>" + "x" * (PAGE_BYTES - 3))
    records.append(
        {"key": b"good", "value": limit, "headers": [], "timestamp": TIMESTAMP, "partition": 0}
    )
    placed = tool.produce(raw, records)
    config = lab.config(
        raw, out, dead, limits={"page_bytes": PAGE_BYTES, "memory_bytes": 256 << 20}
    )
    stage = lab.stage(config).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 60)
    by_reason = {}
    for _, _, reason in cases:
        by_reason[reason] = by_reason.get(reason, 0) + 1
    letters = {header(l, ERRORS + "offset"): l for l in tool.dump(dead)}
    for number, (what, _, reason) in enumerate(cases):
        position = placed[2 * number]
        letter = letters.pop(str(position[1]), None)
        check(letter, "no letter for", what)
        try:
            is_letter(letter, records[2 * number], (raw, *position), reason)
        except AssertionError as wrong:
            raise type(wrong)("%s: %s" % (what, wrong)) from None
    same(letters, {}, "letters of nothing")
    same(sum(tool.ends(dead)), len(cases), "letters")
    everything_once(
        tool.dump(out), [p for n, p in enumerate(placed) if n % 2 or n == len(placed) - 1], raw
    )
    for reason, count in by_reason.items():
        same(
            stage.metric("pagemill_pages_failed_total", filter="envelope", reason=reason),
            count,
            "metric of",
            reason,
        )
    counts = stage.stop()
    same((counts["received"], counts["failed"]), (len(records), len(cases)), "received and failed")


def small_dead_topic(lab):
    """Letters too large for their topic: cut, then said so; those that fit stay whole."""
    tool = lab.tool()
    raw = tool.create(lab.topic("raw"), **{"max.message.bytes": 64 << 20})
    out, dead = tool.create(lab.topic("out")), tool.create(lab.topic("dead"))
    noise = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=3 << 20))
    values = [
        envelope("http://large.example/", noise),
        envelope("http://fits.example/", noise[:800000]) + b"x",
        envelope("http://good.example/"),
    ]
    records = [
        {
            "key": b"k" * 1000,
            "value": v,
            "timestamp": TIMESTAMP,
            "partition": 0,
            "headers": [["kept", "h" * 5000]],
        }
        for v in values
    ]
    placed = tool.produce(raw, records)
    stage = lab.stage(lab.config(raw, out, dead, limits={"page_bytes": PAGE_BYTES})).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 60)
    letters = sorted(tool.dump(dead), key=lambda l: int(header(l, ERRORS + "offset")))
    same(len(letters), 2, "letters")
    cut, whole = letters
    same(header(cut, ERRORS + "reason"), "page_too_large", "reason")
    same(header(cut, ERRORS + "truncated"), str(len(values[0])), "original length")
    check(
        cut.value and values[0].startswith(cut.value),
        "the cut value is a beginning of the original",
    )
    size = len(cut.key) + len(cut.value) + sum(len(n) + len(v or b"") for n, v in cut.headers)
    check(700000 < size <= 900000, "size of the cut letter:", size)
    same(
        (cut.key, header(cut, "kept"), cut.timestamp),
        (b"k" * 1000, "h" * 5000, TIMESTAMP),
        "the rest of the letter",
    )
    same(header(whole, ERRORS + "truncated"), None, "truncated of the one that fits")
    is_letter(whole, records[1], (raw, *placed[1]), "bad_json")
    everything_once(tool.dump(out), placed[2:], raw)
    same(stage.stop()["failed"], 2, "failed")


def refused_records(lab):
    """Output records that the brokers refuse become letters; the ones behind keep their order."""
    tool = lab.tool()
    raw, dead = tool.create(lab.topic("raw"), 2), tool.create(lab.topic("dead"))
    out = tool.create(lab.topic("out"), 1, **{"max.message.bytes": 100000})
    pick, records = random.Random(2), []
    for number in range(300):
        size = 400000 if number % 20 == 7 else 200
        words = " ".join(
            "".join(pick.choices(string.ascii_lowercase, k=9)) for _ in range(size // 10)
        )
        records.append(
            {
                "key": b"%d" % number,
                "value": envelope("http://a.example/%d" % number, "<!doctype html><p>" + words),
                "headers": HEADERS[:4],
                "timestamp": TIMESTAMP,
                "partition": number % 2,
            }
        )
    placed = tool.produce(raw, records)
    large = [n for n in range(300) if n % 20 == 7]
    stage = lab.stage(lab.config(raw, out, dead)).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 60)
    letters = {
        (header(l, ERRORS + "partition"), header(l, ERRORS + "offset")): l for l in tool.dump(dead)
    }
    same(len(letters), len(large), "letters")
    for number in large:
        letter = letters[tuple(map(str, placed[number]))]
        is_letter(letter, records[number], (raw, *placed[number]), "record_too_large", "produce")
    everything_once(tool.dump(out), [p for n, p in enumerate(placed) if n not in large], raw)
    same(
        stage.metric("pagemill_pages_failed_total", filter="produce", reason="record_too_large"),
        len(large),
        "metric",
    )
    counts = stage.stop()
    same(
        (counts["received"], counts["emitted"], counts["failed"]),
        (300, 300 - len(large), len(large)),
        "counts",
    )


def without_dead_topic(lab):
    """No dead-letter topic is configured: said at the start, faults are counted, the rest goes on."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"))
    placed = tool.produce(raw, [{"value": b"{"}, {"value": envelope("http://a.example/")}])
    config = lab.config(raw, out)
    del config["output"]["dead_letter"]
    stage = lab.stage(config).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 30)
    check("output.dead_letter" in str(stage.loud()), "no warning:", stage.loud())
    everything_once(tool.dump(out), placed[1:], raw)
    counts = stage.stop()
    same((counts["received"], counts["emitted"], counts["failed"]), (2, 1, 1), "counts")
    same(counts["produced"], 1, "produced")


SCENARIOS = [envelope_faults, small_dead_topic, refused_records, without_dead_topic]
