"""Where reading starts, what goes where, and what a record carries besides its value."""

import json
import time

from cluster import until
from lab import check, envelope, everything_once, header, same, source


def drained(lab, stage, raw):
    until("drained", lambda: stage.must_live() and lab.tool().drained(lab.name, raw), 60)


def pages(count, first=0, **more):
    return [
        dict({"value": envelope("http://a.example/%d" % n), "partition": 0}, **more)
        for n in range(first, first + count)
    ]


def start_positions(lab):
    """`earliest` reads everything, `latest` what comes after the first assignment, even when
    the process stopped in between; `error` refuses with 65."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw"), 2), tool.create(lab.topic("out"))
    old = tool.produce(raw, pages(10) + pages(1, 10, partition=1))
    group = lambda name, start: {"input": {"start": start, "kafka": {"group.id": lab.name + name}}}
    refused = lab.stage(lab.config(raw, out, **group("error", "error")))
    same(refused.wait(30), 65, "exit status of start: error", refused.text()[-600:])

    latest = lab.config(raw, out, **group("latest", "latest"))
    stage = lab.stage(latest).ready()
    until(
        "latest is committed at once",
        lambda: tool.committed(lab.name + "latest", raw) == {0: 10, 1: 1},
        20,
    )
    same(stage.stop()["received"], 0, "received by latest")
    new = tool.produce(raw, pages(5, 11))
    stage = lab.stage(latest).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name + "latest", raw), 30)
    same(stage.stop()["received"], 5, "received after latest was committed")
    everything_once(tool.dump(out), new, raw)

    stage = lab.stage(lab.config(raw, out, **group("earliest", "earliest"))).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name + "earliest", raw), 30)
    same(stage.stop()["received"], 16, "received by earliest")
    everything_once(tool.dump(out)[5:], old + new, raw)

    stage = lab.stage(lab.config(raw, out, **group("earliest", "error"))).ready()
    same(stage.stop()["received"], 0, "start: error with committed positions")


def out_of_range(lab):
    """A committed position that the topic no longer has: 65, and nothing is skipped silently."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"))
    tool.produce(raw, pages(20))
    for what, position in (("trimmed away", 3), ("beyond the end", 100)):
        until("the group is empty", lambda: tool.ask("group", group=lab.name)["members"] == [], 20)
        tool.ask("commit", group=lab.name, topic=raw, offsets=[position])
        tool.ask("trim", topic=raw, before=10)
        for start in ("earliest", "latest"):
            stage = lab.stage(lab.config(raw, out, input={"start": start}))
            same(stage.wait(30), 65, "exit status,", what, stage.text()[-600:])
            errors = [l for l in stage.loud() if raw in str(l) and str(position) in str(l)]
            check(errors, "no line names topic and position:", stage.text()[-1500:])
    same(tool.committed(lab.name, raw), {0: 100}, "position")
    same(tool.ends(out), [0], "records")


def regex(lab):
    """`^regex` reads what matches but the stage's own topics; new ones are found meanwhile."""
    tool = lab.tool()
    one, two = tool.create(lab.topic("raw.one")), tool.create(lab.topic("raw.two"), 2)
    out, dead = tool.create(lab.topic("raw.out")), tool.create(lab.topic("raw.dead"))
    tool.create(lab.topic("else"))
    tool.produce(one, pages(3) + [{"value": b"{", "partition": 0}])
    tool.produce(two, pages(4))
    tool.produce(lab.topic("else"), pages(5))
    config = lab.config(
        "^regex\\.raw\\..*",
        out,
        dead,
        input={"kafka": {"topic.metadata.refresh.interval.ms": 1000}},
    )
    stage = lab.stage(config).ready()
    until(
        "both topics",
        lambda: stage.must_live() and tool.ends(out) == [7] and tool.ends(dead) == [1],
        30,
    )
    three = tool.create(lab.topic("raw.three"))
    tool.produce(three, pages(2))
    until("the new topic", lambda: stage.must_live() and tool.ends(out) == [9], 60)
    same(stage.stop()["received"], 10, "received")
    same(sorted({source(r)[0] for r in tool.dump(out)}), sorted([one, two, three]), "topics read")
    loop = lab.stage(lab.config([one, out], out))
    same(loop.wait(10), 78, "exit status for a topic that is read and written", loop.text())
    check("input.topics[1]" in loop.text(), "the fault says not where:", loop.text())


def headers(lab):
    """Headers pass through in order, timestamps are kept, ours are added and can't be spoofed."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"))
    trace = ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
    given = [
        ["b", "1"],
        ["a", None],
        ["b", "2"],
        ["Content-Type", "text/html"],
        ["empty", ""],
        trace,
        ["pagemill-source", "x:1:1"],
        ["Pagemill-Chain", "0"],
        ["pagemill-mine", "1"],
        ["ü", "ü"],
    ]
    tool.produce(
        raw,
        [
            {"value": envelope("http://a.example/"), "headers": given, "timestamp": 1600000000001},
            {
                "value": json.dumps({"url": "http://a.example/2", "body": "x"}).encode(),
                "timestamp": 1600000000001,
            },
        ],
    )
    stage = lab.stage(lab.config(raw, out)).ready()
    drained(lab, stage, raw)
    version = json.loads(stage.get("/version")[1])
    chain = [k for k in stage.metrics() if k.startswith("pagemill_build_info")][0]
    stage.stop()
    first, second = tool.dump(out)
    ours = [n for n, _ in first.headers if n.lower().startswith("pagemill-")]
    rest = [[n, v.decode() if v is not None else None] for n, v in first.headers if n not in ours]
    same(
        rest,
        [
            ["b", "1"],
            ["a", None],
            ["b", "2"],
            ["content-type", "application/json"],
            ["empty", ""],
            trace,
            ["ü", "ü"],
        ],
        "headers",
    )
    same(
        sorted(ours),
        ["pagemill-chain", "pagemill-pipeline", "pagemill-source", "pagemill-version"],
        "our headers",
    )
    same(source(first), (raw, 0, 0), "source")
    same(header(first, "pagemill-pipeline"), "tests", "pipeline")
    check(header(first, "pagemill-version") in version.values(), "version", version)
    check('chain="%s"' % header(first, "pagemill-chain") in chain, "chain", chain)
    same(
        [n for n, _ in second.headers if not n.startswith("pagemill-")],
        ["content-type"],
        "headers of the second",
    )
    same((first.timestamp, second.timestamp), (1600000000001,) * 2, "timestamps")
    same(
        json.loads(second.value)["fetched_at"],
        "2020-09-13T12:26:40.001Z",
        "fetched_at from CreateTime",
    )
    check("fetched_at" not in json.loads(first.value), "fetched_at: null says that it is unknown")


def routes(lab):
    """First match decides, `also` copies, `drop` counts; names made from data, or `no_topic`."""
    tool = lab.tool()
    raw, out, dead = (tool.create(lab.topic(n)) for n in ("raw", "out", "dead"))
    junk, copy, a = (tool.create(lab.topic(n)) for n in ("junk", "copy", "by.a.example"))
    rules = [
        {"when": {"field": "page_type", "is": "error"}, "topic": junk},
        {"when": {"field": "url", "matches": "copy"}, "topic": copy, "also": True},
        {"when": {"field": "url", "matches": "twice"}, "topic": out, "also": True},
        {
            "when": {
                "all": [
                    {"field": "url", "matches": "drop"},
                    {"not": {"field": "host", "is": "keep.example"}},
                ]
            },
            "drop": "unwanted",
        },
        {
            "when": {"field": "host", "in": ["a.example", "b.example"]},
            "topic": lab.topic("by.") + "{host|none}",
        },
    ]

    def value(url, **more):
        return {"value": envelope(url, **more), "partition": 0}

    placed = tool.produce(
        raw,
        [
            value("http://c.example/"),
            value("http://c.example/", status=404),
            value("http://c.example/copy"),
            value("http://c.example/copy-drop"),
            value("http://keep.example/drop"),
            value("http://c.example/twice"),
            value("http://a.example/"),
            value("http://b.example/copy"),
            value("http://a.example/copy"),
        ],
    )
    stage = lab.stage(
        lab.config(
            raw,
            out,
            dead,
            output={"routes": rules, "kafka": {"topic.metadata.propagation.max.ms": 2000}},
        )
    ).ready()
    drained(lab, stage, raw)
    numbers = lambda topic: [placed.index(source(r)[1:]) for r in tool.dump(topic)]
    same(numbers(out), [0, 2, 4, 5], "pages of output.topic")
    same(numbers(junk), [1], "pages of junk")
    same(numbers(copy), [2, 3, 7, 8], "pages of copy")
    same(numbers(a), [6, 8], "pages of the topic made from data")
    letters = tool.dump(dead)
    same(
        [
            (
                header(l, "__pagemill.errors.reason"),
                header(l, "__pagemill.errors.stage"),
                header(l, "__pagemill.errors.offset"),
            )
            for l in letters
        ],
        [("no_topic", "produce", "7")],
        "letters",
    )
    same(
        stage.metric("pagemill_pages_dropped_total", filter="route", reason="unwanted"),
        1,
        "dropped",
    )
    same(stage.metric("pagemill_records_produced_total", topic=copy), 4, "records produced to copy")
    counts = stage.stop()
    same((counts["emitted"], counts["dropped"], counts["failed"]), (7, 1, 1), "counts", counts)


def keys(lab):
    """Each key mode, and the input's key where a key's part is missing."""
    tool, url = lab.tool(), "http://Sub.Example.co.uk:8080/A b?q#f"
    raw = tool.create(lab.topic("raw"))
    tool.produce(
        raw,
        [
            {"key": b"mine", "value": envelope(url)},
            {"key": b"mine", "value": json.dumps({"body": "x"}).encode()},
            {"value": json.dumps({"body": "x"}).encode()},
        ],
    )
    wants = {
        "url": url.encode(),
        "host": b"sub.example.co.uk",
        "domain": b"example.co.uk",
        "input": b"mine",
        "none": None,
    }
    for mode, want in wants.items():
        out, group = tool.create(lab.topic(mode)), lab.name + mode
        stage = lab.stage(
            lab.config(raw, out, output={"key": mode}, input={"kafka": {"group.id": group}})
        ).ready()
        until("drained", lambda: stage.must_live() and tool.drained(group, raw), 30)
        stage.stop()
        fallback = None if mode == "none" else b"mine"
        same([r.key for r in tool.dump(out)], [want, fallback, None], "keys by", mode)


def tombstones(lab):
    """A NULL value passes with `key: input`, our headers and no content type."""
    tool = lab.tool()
    raw, out, dead = (
        tool.create(lab.topic("raw")),
        tool.create(lab.topic("out"), 5),
        tool.create(lab.topic("dead")),
    )
    given = [["a", "1"], ["content-type", "text/html"], ["pagemill-run", "x"]]
    tool.produce(
        raw,
        [
            {"key": b"page", "value": envelope("http://a.example/")},
            {"key": b"page", "headers": given, "timestamp": 1600000000001},
        ],
    )
    stage = lab.stage(lab.config(raw, out, dead, output={"key": "input"})).ready()
    drained(lab, stage, raw)
    counts = stage.stop()
    same((counts["emitted"], counts["failed"]), (2, 0), "counts")
    page, tombstone = sorted(tool.dump(out), key=lambda r: r.offset)
    same(
        (tombstone.key, tombstone.value, tombstone.timestamp),
        (b"page", None, 1600000000001),
        "tombstone",
    )
    same(tombstone.partition, page.partition, "partition of the tombstone")
    same(source(tombstone), (raw, 0, 1), "source")
    names = [n for n, _ in tombstone.headers]
    check(
        "a" in names and "content-type" not in names and "pagemill-run" not in names,
        "headers",
        names,
    )


def partitioner(lab):
    """Keyed records land where Java's default partitioner puts them."""
    tool, partitions = lab.tool(), 7
    raw, out = tool.create(lab.topic("raw"), partitions), tool.create(lab.topic("out"), partitions)
    texts = ["", "a", "ab", "abc", "abcd", "ünï", "鍵", "\x00", "k" * 300] + [
        "key-%d" % n for n in range(300)
    ]
    records = [{"key": t.encode(), "value": envelope("http://a.example/")} for t in texts]
    records += [
        {"key": bytes(range(255 - n, 256)), "value": envelope("http://a.example/")}
        for n in range(60)
    ]
    placed = tool.produce(raw, records)
    check(len({p for p, _ in placed}) == partitions, "some partition got nothing")
    stage = lab.stage(lab.config(raw, out, output={"key": "input"})).ready()
    drained(lab, stage, raw)
    stage.stop()
    records = tool.dump(out)
    everything_once(records, placed, raw)
    for record in records:
        same(record.partition, source(record)[1], "partition of key", record.key)


def without_keys(lab):
    """Records without a key are spread over the partitions."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"), 4)
    placed = tool.produce(raw, pages(2000))
    stage = lab.stage(lab.config(raw, out, output={"key": "none"})).ready()
    drained(lab, stage, raw)
    stage.stop()
    records = tool.dump(out, values=False)
    everything_once(records, placed, raw)
    check(len({r.partition for r in records}) > 1, "all went to one partition")


def deleted_topic(lab):
    """One of two input topics is deleted: the other goes on, and the stop stays quick and clean."""
    tool = lab.tool()
    gone, raw = tool.create(lab.topic("gone"), 2), tool.create(lab.topic("raw"), 2)
    out = tool.create(lab.topic("out"), 2)
    placed = tool.produce(raw, pages(200))
    tool.produce(gone, pages(200, 1000))
    stage = lab.stage(lab.config([gone, raw], out)).ready()
    drained(lab, stage, raw)
    drained(lab, stage, gone)
    tool.ask("delete", topic=gone)
    time.sleep(2)
    placed += tool.produce(raw, pages(200, 2000))
    drained(lab, stage, raw)
    start = time.monotonic()
    stage.stop()
    took = time.monotonic() - start
    check(took < 4, "the stop took %.1f s: %s" % (took, stage.text()[-800:]))
    print("    stopped in %.1f s" % took)
    records = [r for r in tool.dump(out) if source(r)[0] == raw]
    everything_once(records, placed, raw)


SCENARIOS = [
    deleted_topic,
    start_positions,
    out_of_range,
    regex,
    headers,
    routes,
    keys,
    tombstones,
    partitioner,
    without_keys,
]
