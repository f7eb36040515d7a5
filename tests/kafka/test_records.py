"""The same bytes by every way through the program, and what a running stage says about itself."""

import base64
import json
import os
import pty
import re
import signal
import subprocess
import urllib.request

import pages
from cluster import dies_with_parent, until
from lab import PROGRAM, ROOT, check, envelope, header, same, source


def envelopes(count):
    """Envelopes of generated pages, fetched_at given or null, so that no clock comes in."""
    for number in range(count):
        meta, data = pages.page(number, 5)
        if meta.pop("text"):
            meta["body"] = data.decode()
        else:
            meta["body_base64"] = base64.b64encode(data).decode()
        yield json.dumps(meta, ensure_ascii=number % 2 == 0).encode()


def same_bytes(lab):
    """`enrich` and `run` write the same records: 1, 2, 8 workers, portable code, another locale."""
    tool, values = lab.tool(), list(envelopes(400))
    raw = tool.create(lab.topic("raw"), 2)
    placed = tool.produce(raw, [{"value": v, "partition": n % 2} for n, v in enumerate(values)])
    number = {position: n for n, position in enumerate(placed)}
    plain = lab.config(raw, raw + ".out")
    file = os.path.join(lab.folder, "enrich.json")
    with open(file, "w") as f:
        json.dump(plain, f)
    first = None
    for workers, locale, portable in ((1, "C", ""), (2, "tr_TR.UTF-8", "1"), (8, "C.UTF-8", "0")):
        done = subprocess.run(
            [PROGRAM, "enrich", "-c", file, "--set", "workers=%d" % workers, "-"],
            input=b"\n".join(values) + b"\n",
            capture_output=True,
            timeout=60,
            preexec_fn=dies_with_parent,
            env=dict(os.environ, LC_ALL=locale, PAGEMILL_PORTABLE=portable),
        )
        same(done.returncode, 0, "exit status of enrich", done.stderr[-500:])
        lines = done.stdout.splitlines()
        same(len(lines), len(values), "records of enrich")
        first = first or lines
        check(lines == first, "enrich differs at", workers, "workers")
    for workers in (1, 2, 8):
        out, group = tool.create(lab.topic("out%d" % workers)), "%s%d" % (lab.name, workers)
        stage = lab.stage(
            lab.config(raw, out, workers=workers, input={"kafka": {"group.id": group}})
        ).ready()
        until("drained", lambda: stage.must_live() and tool.drained(group, raw), 60)
        stage.stop()
        records = {number[source(r)[1:]]: r.value for r in tool.dump(out)}
        same(len(records), len(values), "records of run")
        for n, line in enumerate(first):
            check(
                records[n] == line,
                "run at",
                workers,
                "workers differs from enrich at page",
                n,
                records[n][:800],
                "against",
                line[:800],
            )


def raw_format(lab):
    """The value is the page: url, type, time, id and status come from headers, the url else from
    the key."""
    tool = lab.tool()
    raw, out, dead = (tool.create(lab.topic(name)) for name in ("raw", "out", "dead"))
    text = "<!doctype html><title>Мост</title><p>Совет собрался во вторник."
    typed = [["content-type", "text/html; charset=windows-1251"], ["trace", "t"]]
    full = [["url", "http://b.example/"], ["fetched-at", "2024-02-03T04:05:06Z"], ["id", "n1"]]
    timed = {"key": b"http://a.example/", "timestamp": 1600000000001}
    page = dict(timed, value=text.encode("windows-1251"), headers=typed)
    records = [
        page,
        dict(page, headers=typed + full),
        dict(page, headers=typed + [["fetched-at", ""], ["status", "404"]]),
        dict(timed, value=b""),
        {"value": b"<html><p>no key, no url", "timestamp": 1600000000001},
    ]
    tool.produce(raw, records)
    stage = lab.stage(lab.config(raw, out, dead, input={"format": "raw"})).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 30)
    stage.stop()
    reasons = [header(l, "__pagemill.errors.reason") for l in tool.dump(dead)]
    same(reasons, ["no_body"], "reasons of dead letters")
    records = tool.dump(out)
    first, second, third, last = [json.loads(r.value) for r in records]
    same((first["url"], second["url"]), ("http://a.example/", "http://b.example/"), "urls")
    check("вторник" in first["text"], "text", first["text"])
    same(first["fetched_at"], "2020-09-13T12:26:40.001Z", "fetched_at from CreateTime")
    same((second["fetched_at"], second["source_id"]), ("2024-02-03T04:05:06Z", "n1"), "given")
    same(
        ("fetched_at" in third, third["page_type"], "text" in third), (False, "error", False), "404"
    )
    check("url" not in last and "no key" in last["text"], "without url", last)
    same(header(records[1], "url"), "http://b.example/", "header url passes through")


SAMPLE = re.compile(
    r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{(\w+="([^"\\\n]|\\.)*",?)+\})? (-?[0-9.e+-]+|[+-]Inf|NaN)$'
)
FAMILIES = {
    "pages_received_total": "counter",
    "pages_emitted_total": "counter",
    "pages_dropped_total": "counter",
    "pages_failed_total": "counter",
    "pages_returned_total": "counter",
    "records_produced_total": "counter",
    "filter_duration_seconds": "histogram",
    "page_bytes": "histogram",
    "consumer_lag": "gauge",
    "rebalances_total": "counter",
    "memory_bytes": "gauge",
    "build_info": "gauge",
}


def admin(lab):
    """Metrics by name, type and value; health, readiness and version; the log on a terminal."""
    tool, count = lab.tool(), 200
    raw, out, dead = (
        tool.create(lab.topic("raw"), 2),
        tool.create(lab.topic("out")),
        tool.create(lab.topic("dead")),
    )
    tool.produce(
        raw,
        [
            {
                "value": envelope("http://a.example/%d" % n, "<!doctype html><p>" + "word " * n),
                "partition": n % 2,
            }
            for n in range(count)
        ]
        + [{"value": b"{", "partition": 0}],
    )
    stage = lab.stage(lab.config(raw, out, dead)).ready()
    check(stage.address().startswith("127.0.0.1:"), "address", stage.address())
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 30)
    status, text = stage.get("/metrics")
    same(status, 200, "status of /metrics")
    with urllib.request.urlopen("http://%s/metrics" % stage.address(), timeout=5) as answer:
        check(
            answer.headers["content-type"].startswith("text/plain"),
            "type of /metrics",
            answer.headers["content-type"],
        )
    for line in text.splitlines():
        check(not line or line.startswith("# ") or SAMPLE.match(line), "not a sample:", line)
    types = dict(re.findall(r"# TYPE pagemill_(\w+) (\w+)", text))
    helps = re.findall(r"# HELP pagemill_(\w+) ", text)
    for name, kind in FAMILIES.items():
        same(types.get(name), kind, "type of", name)
        check(name in helps, "no help of", name)
    metric = stage.metric
    same(metric("pagemill_pages_received_total"), count + 1, "received")
    same(metric("pagemill_pages_emitted_total"), count, "emitted")
    same(metric("pagemill_pages_failed_total"), 1, "failed")
    same(
        metric("pagemill_pages_failed_total", filter="envelope", reason="bad_json"),
        1,
        "failed by bad_json",
    )
    same(metric("pagemill_records_produced_total", topic=out), count, "produced to out")
    same(metric("pagemill_records_produced_total", topic=dead), 1, "produced to dead")
    check(metric("pagemill_page_bytes_count") >= count, "pages measured")
    same(
        metric("pagemill_page_bytes_bucket", le="+Inf"),
        metric("pagemill_page_bytes_count"),
        "last bucket",
    )
    same(
        metric("pagemill_filter_duration_seconds_count", filter="decode"),
        count,
        "pages through decode",
    )
    check(
        any(
            k.startswith("pagemill_pages_failed_total") and 'reason="bad_base64"' in k
            for k in stage.metrics()
        ),
        "a reason without pages has no zero",
    )
    lag = {
        p: [
            v
            for k, v in stage.metrics().items()
            if k.startswith("pagemill_consumer_lag")
            and 'partition="%d"' % p in k
            and 'topic="%s"' % raw in k
        ]
        for p in (0, 1)
    }
    same(lag, {0: [0], 1: [0]}, "lag")
    same(
        (stage.get("/health")[0], stage.get("/ready")[0], stage.get("/nothing")[0]),
        (200, 200, 404),
        "statuses",
    )
    check(isinstance(json.loads(stage.get("/version")[1]), dict), "version")
    stage.stop()
    record = tool.dump(out)[0]
    check(stage.lines("done") and header(record, "pagemill-version"), "version header")


def sample(lab):
    """The configuration in deploy/ runs as it is."""
    broker, tool = lab.broker("own"), lab.tool("own")
    for name in ("pages.raw", "pages.enriched", "pages.junk", "pages.eu", "pages.dead"):
        tool.create(name)
    german = "<!doctype html><p>" + "Der Rat tagte am Dienstag über die neue Brücke. " * 5
    values = [
        envelope("http://a.example/", german),
        envelope("http://b.example/", status=500),
        b"{",
    ]
    tool.produce("pages.raw", [{"value": v} for v in values])
    stage = lab.stage(
        os.path.join(ROOT, "deploy", "pagemill.json"),
        more=["--set", "admin.listen=127.0.0.1:0"],
        env={"KAFKA_BROKERS": broker.bootstrap},
    )
    stage.ready()
    ends = lambda: [
        tool.ends(n)[0] for n in ("pages.enriched", "pages.junk", "pages.eu", "pages.dead")
    ]
    until("records", lambda: stage.must_live() and sum(ends()) == 4, 30)
    same(ends(), [1, 1, 1, 1], "records of the sample's topics")
    stage.stop()


def second_client(lab):
    """What kcat produces comes out, and kcat reads it."""
    tool, broker = lab.tool(), lab.broker().bootstrap
    raw, out = tool.create(lab.topic("raw"), 2), tool.create(lab.topic("out"), 2)
    kcat = lambda *words, **more: subprocess.run(
        ["kcat", "-q", "-b", broker, *words], capture_output=True, timeout=30, check=True, **more
    )
    lines = b"".join(b"k%d\t" % n + envelope("http://a.example/%d" % n) + b"\n" for n in range(20))
    kcat("-P", "-t", raw, "-K", "\\t", "-H", "from=kcat", "-z", "lz4", input=lines)
    stage = lab.stage(lab.config(raw, out)).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 30)
    stage.stop()
    said = kcat("-C", "-t", out, "-e", "-o", "beginning", "-f", "%h %k\\n").stdout.decode()
    check(said.count("from=kcat") == 20, "headers", said)
    same(len(set(re.findall(r"http://a\.example/\d+$", said, re.M))), 20, "keys that kcat reads")


def terminal(lab):
    """On a terminal the log is logfmt and the summary its last line."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"))
    tool.produce(raw, [{"value": envelope("http://a.example/")}])
    config = os.path.join(lab.folder, "terminal.json")
    with open(config, "w") as f:
        json.dump(lab.config(raw, out), f)
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [PROGRAM, "run", "-c", config],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=dict(os.environ, NO_COLOR="1"),
        preexec_fn=dies_with_parent,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        until("drained", lambda: tool.drained(lab.name, raw), 30)
        child.send_signal(signal.SIGTERM)
        same(child.wait(20), 0, "exit status")
        os.set_blocking(ours, False)
        text = os.read(ours, 1 << 20).decode()
    finally:
        child.kill()
        child.wait()
        os.close(ours)
    last = text.strip().splitlines()[-1]
    check(
        re.search(
            r"\bmsg=done received=1 emitted=1 dropped=0 failed=0 returned=0 produced=1\b", last
        ),
        "last line",
        last,
    )
    check(re.search(r'msg="admin listening" address=127\.0\.0\.1:\d+', text), "no address in", text)
    check("\x1b" not in text, "colour although NO_COLOR is set")


SCENARIOS = [same_bytes, raw_format, sample, second_client, admin, terminal]
