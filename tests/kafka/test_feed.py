"""Local pages into the input topic, and through a run: nothing missing, nothing changed."""

import base64
import collections
import gzip
import json
import os
import pty
import re
import signal
import subprocess
import threading

import pages
from cluster import dies_with_parent, until
from lab import PROGRAM, check, header, same

PAGES = 10000
PARTITIONS = 6
MEMORY = 200 << 20


class Feed:
    """One call of the verb; `answer` gives (status, standard error)."""

    def __init__(self, lab, config, *words):
        self.file = os.path.join(lab.folder, "feed.json")
        with open(self.file, "w") as f:
            json.dump(config, f)
        self.child = subprocess.Popen(
            [PROGRAM, "feed", "-c", self.file, *words],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=dies_with_parent,
            start_new_session=True,
        )

    def answer(self, timeout=120):
        text = self.child.communicate(timeout=timeout)[1].decode()
        return self.child.returncode, text


def fed(lab, config, *words, status=0):
    """The summary of a call that ended with `status`."""
    got, text = Feed(lab, config, *words).answer()
    same(got, status, "exit status of feed", words, text[-800:])
    last = json.loads(text.splitlines()[-1])
    same(last["msg"], "done", "last line of feed")
    return last, text


def lines(lab, count, seed=7):
    """A file of JSON Lines; every third page doesn't speak of its time."""
    path = os.path.join(lab.folder, "pages.jsonl")
    urls = []
    with open(path, "w") as f:
        for number in range(count):
            meta, data = pages.page(number, seed)
            if meta.pop("text"):
                meta["body"] = data.decode()
            else:
                meta["body_base64"] = base64.b64encode(data).decode()
            if meta["fetched_at"] is None:
                del meta["fetched_at"]
            f.write(json.dumps(meta) + "\n")
            urls.append(meta["url"])
    return path, urls


def enriched(lab, config, *paths):
    """{url: record} of `enrich` with the same configuration."""
    file = os.path.join(lab.folder, "enrich.json")
    with open(file, "w") as f:
        json.dump(config, f)
    done = subprocess.run(
        [PROGRAM, "enrich", "-c", file, *paths],
        capture_output=True,
        timeout=120,
        preexec_fn=dies_with_parent,
    )
    same(done.returncode, 0, "exit status of enrich", done.stderr[-500:])
    return {json.loads(line)["url"]: line for line in done.stdout.splitlines()}


def same_as_enrich(lab, config, raw, out, *paths):
    """What a run makes of the topic is what enrich makes of the files."""
    tool, want = lab.tool(), enriched(lab, config, *paths)
    group = config["input"]["kafka"]["group.id"]
    stage = lab.stage(config).ready()
    until("drained", lambda: stage.must_live() and tool.drained(group, raw), 120)
    stage.stop()
    have = {json.loads(r.value)["url"]: r.value for r in tool.dump(out)}
    same(len(have), len(want), "records of run")
    for url, line in want.items():
        check(have[url] == line, "run differs from enrich at", url, have[url][:600], line[:600])


def interrupted_and_resumed(lab):
    """SIGINT in the middle: what was said to be acknowledged is there, and the rest comes from the
    offset on; every page at least once, none missing, under its url and with its position."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw"), PARTITIONS), tool.create(lab.topic("out"))
    config = lab.config(raw, out)
    path, urls = lines(lab, PAGES)
    whole = path + ".whole"
    os.rename(path, whole)
    os.mkfifo(path)
    first = Feed(lab, config, path)
    with open(whole, "rb") as have, open(path, "wb") as pipe:
        for _, line in zip(range(PAGES * 2 // 5), have):
            pipe.write(line)
        pipe.flush()
        until("pages of the first call", lambda: sum(tool.ends(raw)) > 100, 60)
        first.child.send_signal(signal.SIGINT)
        status, text = first.answer()
    same(status, 75, "exit status of an interrupted feed", text[-800:])
    offset = int(re.search(r"--from-offset (\d+)", text).group(1))
    summary = json.loads(text.splitlines()[-1])
    same(summary["emitted"], offset, "emitted by the interrupted call")
    check(100 < offset <= PAGES * 2 // 5, "offset", offset)
    same(sum(tool.ends(raw)), offset, "acknowledged by then")
    os.unlink(path)
    os.rename(whole, path)
    summary, _ = fed(lab, config, "--from-offset", str(offset), path)
    same(summary["produced"], PAGES - offset, "produced by the second call")

    places = collections.defaultdict(list)
    for record in tool.dump(raw):
        page = json.loads(record.value)
        check("fetched_at" in page, "no word about the time in", record.value[:200])
        same(record.key.decode(), page["url"], "key")
        places[page["url"]].append(header(record, "pagemill-position"))
    same(len(places), len(set(urls)), "urls")
    for number, url in enumerate(urls):
        check(path + ":%d" % (number + 1) in places[url], "page", number, "is missing")
    same_as_enrich(lab, config, raw, out, path)


def raw_format_is_fed(lab):
    """--format raw: the page is the value, and a run reads the same from it."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw"), PARTITIONS), tool.create(lab.topic("out"))
    config = lab.config(raw, out, input={"format": "raw"}, output={"key": "host"})
    path, urls = lines(lab, PAGES)
    summary, _ = fed(lab, config, path)
    same(summary["produced"], PAGES, "produced")
    partition = {}
    for record in tool.dump(raw, values=False):
        host = header(record, "url").split("/")[2]
        same(record.key.decode(), host, "key")
        same(partition.setdefault(host, record.partition), record.partition, "partition of", host)
    same(len(partition), 97, "hosts")
    same_as_enrich(lab, config, raw, out, path)


def files_are_fed(lab):
    """Files and folders of pages: media types by extension, no time, and the same records."""
    tool = lab.tool()
    folder = os.path.join(lab.folder, "in")
    os.makedirs(os.path.join(folder, "deep"))
    for number in range(40):
        meta, data = pages.page(number, 9)
        kind = "txt" if number % 7 == 3 else "html"
        name = os.path.join(folder, "deep" if number % 2 else "", "%d.%s" % (number, kind))
        with open(name, "wb") as f:
            f.write(data)
    for form in ("json", "raw"):
        raw, out = tool.create(lab.topic(form)), tool.create(lab.topic(form + ".out"))
        config = lab.config(
            raw, out, input={"format": form, "kafka": {"group.id": lab.name + form}}
        )
        summary, _ = fed(lab, config, folder)
        same(summary["produced"], 40, "produced as", form)
        same_as_enrich(lab, config, raw, out, folder)


def records(lab, count):
    """A WARC file of responses and a WET file of conversions, a gzip member each record."""
    crawl = os.path.join(lab.folder, "crawl.warc.gz")
    text = os.path.join(lab.folder, "crawl.warc.wet.gz")
    with open(crawl, "wb") as warc, open(text, "wb") as wet:
        for number in range(count):
            meta, data = pages.page(number, 11)
            kind = meta.get("content_type", "")
            if number % 7 == 3:
                block = data.decode("utf-8", "replace").encode()
                head = ["conversion", "text/plain"]
            else:
                packed = gzip.compress(data, 1) if number % 2 else data
                http = ["HTTP/1.1 %d X" % meta.get("status", 200)]
                http += ["Content-Type: " + kind] if kind else []
                http += ["Content-Encoding: gzip"] if number % 2 else []
                block = "\r\n".join([*http, "", ""]).encode() + packed
                head = ["response", "application/http; msgtype=response"]
            lines = [
                "WARC/1.0",
                "WARC-Type: " + head[0],
                "WARC-Target-URI: " + meta["url"],
                "WARC-Record-ID: <urn:uuid:%032x>" % number,
                "Content-Type: " + head[1],
                "Content-Length: %d" % len(block),
            ]
            # A record whose date can't be read is a page without a time.
            lines.append("WARC-Date: " + (meta["fetched_at"] or "long ago"))
            record = "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"
            (wet if head[0] == "conversion" else warc).write(gzip.compress(record, 1))
    return crawl, text


def crawls_are_fed(lab):
    """WARC and WET files, as envelopes and as the records that they hold: ten thousand pages."""
    tool, files = lab.tool(), records(lab, PAGES)
    for form in ("json", "warc"):
        raw, out = tool.create(lab.topic(form), PARTITIONS), tool.create(lab.topic(form + ".out"))
        config = lab.config(
            raw, out, input={"format": form, "kafka": {"group.id": lab.name + form}}
        )
        summary, _ = fed(lab, config, *files)
        same(summary["produced"], PAGES, "produced as", form)
        same_as_enrich(lab, config, raw, out, *files)
        where = header(tool.dump(raw, values=False)[0], "pagemill-position")
        check(re.fullmatch(r".*\.gz@\d+", where), "position", where)


def what_cannot_be_fed(lab):
    """Lines that are no pages, a topic that isn't there, pages that brokers refuse."""
    tool = lab.tool()
    raw = tool.create(lab.topic("raw"), 1, **{"max.message.bytes": "20000"})
    config = lab.config(raw, lab.topic("out"))
    path = os.path.join(lab.folder, "mixed.jsonl")
    with open(path, "w") as f:
        f.write('{"url": "http://a.example/", "body": "<p>one"}\n')
        f.write('{"url": 7, "body": "x"}\nnot json\n')
        f.write(json.dumps({"body": os.urandom(30000).hex()}) + "\n")
        f.write('{"url": "http://b.example/", "body": "<p>two"}\n')
    summary, text = fed(lab, config, path, status=1)
    same((summary["emitted"], summary["failed"]), (2, 3), "pages fed and not")
    reasons = {}
    for line in text.splitlines():
        parsed = json.loads(line)
        if "reason" in parsed:
            reasons[parsed["position"].rpartition(":")[2]] = parsed["reason"]
    same(reasons, {"2": "bad_field", "3": "bad_json", "4": "record_too_large"}, "reasons")
    same(sum(tool.ends(raw)), 2, "messages")
    regex = dict(config, input=dict(config["input"], topics=["^x"]))
    fed(lab, regex, "--topic", raw, path, status=1)
    fed(lab, config, "--topic", lab.topic("nowhere"), path, status=69)
    fed(lab, config, "--from-offset", "6", path, status=65)
    same(fed(lab, config, "--from-offset", "5", path)[0]["received"], 0, "pages behind the last")


def progress_is_for_a_terminal(lab):
    """A line that is taken back, with the share of the bytes; the summary stands alone."""
    tool = lab.tool()
    raw = tool.create(lab.topic("raw"), PARTITIONS)
    path, _ = lines(lab, 1000)
    file = os.path.join(lab.folder, "feed.json")
    with open(file, "w") as f:
        json.dump(lab.config(raw, lab.topic("out")), f)
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [PROGRAM, "feed", "-c", file, path],
        stdin=subprocess.DEVNULL,
        stderr=theirs,
        preexec_fn=dies_with_parent,
        env=dict(os.environ, TERM="xterm", NO_COLOR="1"),
    )
    os.close(theirs)
    text = b""
    try:
        while True:
            text += os.read(ours, 65536)
    except OSError:
        pass
    os.close(ours)
    same(child.wait(60), 0, "exit status")
    shown = text.decode().split("\r\x1b[K")
    check(len(shown) > 2, "no progress in", text[:300])
    for line in shown[1:-1]:
        check(re.fullmatch(r"\[[#.]{24}\] +\d+\.\d %  \d+ pages  .*MB/s", line), "line", line)
    check(re.search(r"msg=done received=1000 emitted=1000 ", shown[-1]), "end", shown[-1])


def feeding_is_small(lab):
    """Half a gigabyte goes through in bounded memory."""
    tool = lab.tool()
    raw = tool.create(lab.topic("raw"), PARTITIONS, **{"retention.bytes": "50000000"})
    path, _ = lines(lab, 2000)
    with open(path, "rb") as f:
        block = f.read()
    os.unlink(path)
    os.mkfifo(path)
    feed = Feed(lab, lab.config(raw, lab.topic("out")), path)

    def write():
        with open(path, "wb") as pipe:
            for _ in range((512 << 20) // len(block)):
                pipe.write(block)

    writer = threading.Thread(target=write)
    writer.start()
    most = 0
    while feed.child.poll() is None:
        try:
            with open("/proc/%d/status" % feed.child.pid) as f:
                found = re.search(r"VmHWM:\s+(\d+) kB", f.read())
                most = max(most, int(found.group(1)) * 1024 if found else 0)
        except OSError:
            pass
        threading.Event().wait(0.1)
    writer.join()
    status, text = feed.answer()
    same(status, 0, "exit status", text[-500:])
    check(0 < most < MEMORY, "memory of feed:", most >> 20, "MiB")


SCENARIOS = [
    interrupted_and_resumed,
    raw_format_is_fed,
    files_are_fed,
    crawls_are_fed,
    what_cannot_be_fed,
    progress_is_for_a_terminal,
    feeding_is_small,
]
