"""Several processes of one group: nothing lost, order kept, nothing confirmed done again."""

import collections
import hashlib
import json
import os
import signal

import pages
from cluster import BUILD, until
from lab import check, header, in_order, same, source

PAGES = 10000
PARTITIONS = 6


def corpus(count=PAGES):
    folder = os.path.join(BUILD, "pages-%d" % count)
    pages.write(folder, count)
    return folder


def group_of_two(lab):
    """10,000 pages, 6 partitions, 2 processes: one stopped under load, one killed and restarted."""
    tool, feeder = lab.tool(), lab.tool(number=2)
    raw, out = tool.create(lab.topic("raw"), PARTITIONS), tool.create(lab.topic("out"), 4)
    dead = tool.create(lab.topic("dead"))
    folder = corpus()
    feeder.ask("feed", topic=raw, partitions=PARTITIONS, folder=folder, to=PAGES // 4)
    feeder.send(
        "feed",
        topic=raw,
        partitions=PARTITIONS,
        folder=folder,
        **{"from": PAGES // 4},
        to=PAGES,
        per_second=600
    )
    config = lab.config(raw, out, dead, workers=1)
    a, b = lab.stage(config, "a"), lab.stage(config, "b")
    a.ready()
    b.ready()
    both_work = (
        lambda x, y: lambda: x.must_live()
        and y.must_live()
        and min(s.metric("pagemill_pages_received_total") for s in (x, y)) > 300
    )
    until("both processes work", both_work(a, b), 60)

    first = a.stop(20)
    same(first["returned"], 0, "pages returned by a clean stop")
    check(first["received"] > 300, "stopped too early", first)
    a2 = lab.stage(config, "a2").ready()
    until("both processes work again", both_work(a2, b), 60)

    committed = tool.committed(lab.name, raw)
    b.kill9()
    check(not tool.drained(lab.name, raw), "everything was done before the kill")
    b2 = lab.stage(config, "b2").ready()
    same(feeder.answer()["count"], PAGES - PAGES // 4, "pages fed")
    until(
        "everything committed",
        lambda: a2.must_live() and b2.must_live() and tool.drained(lab.name, raw),
        90,
    )
    for stage in (a2, b2):
        idle = {
            n: stage.metric("pagemill_pages_%s_total" % n)
            for n in ("received", "emitted", "dropped", "failed", "returned")
        }
        same(idle["received"], sum(idle.values()) - idle["received"], "received once idle", idle)
        stage.stop()

    records = tool.dump(out)
    same(tool.ends(dead), [0], "dead letters")
    same(len(in_order(records)), PAGES, "different pages that came out")
    times = collections.Counter(source(r)[1:] for r in records)
    for (partition, offset), count in times.items():
        check(
            count == 1 or offset >= committed.get(partition, 0),
            "page",
            partition,
            offset,
            "was committed (",
            committed,
            ") and came out",
            count,
            "times",
        )
    print("    %d of %d pages twice after kill -9" % (len(records) - PAGES, PAGES))
    metas = [json.loads(line) for line in open(os.path.join(folder, "meta.jsonl"))]
    for record in records:
        _, partition, offset = source(record)
        meta, value = metas[offset * PARTITIONS + partition], json.loads(record.value)
        same(value["url"], meta["url"], "url")
        same(
            value["id"], hashlib.sha256(meta["url"].encode()).hexdigest()[:32], "id of", meta["url"]
        )
        same((value["schema"], value.get("source_id")), (1, meta["id"]), "schema and source_id")
        same(record.key, meta["url"].encode(), "key")
        same(header(record, "content-type"), "application/json", "content-type")
        check(value.get("text") or meta.get("status") == 404, "no text:", meta)


def clean_stops(lab):
    """Three times stopped and started in mid-stream: every page exactly once."""
    tool, feeder, count = lab.tool(), lab.tool(number=2), 3000
    raw, out = tool.create(lab.topic("raw"), 3), tool.create(lab.topic("out"), 3)
    feeder.send("feed", topic=raw, partitions=3, folder=corpus(), to=count, per_second=500)
    config, received = lab.config(raw, out), 0
    for turn in range(3):
        stage = lab.stage(config).ready()
        until(
            "pages of turn %d" % turn,
            lambda: stage.metric("pagemill_pages_received_total") > 200,
            30,
        )
        received += stage.stop()["received"]
    check(received < count, "all were done before the last stop")
    feeder.answer()
    stage = lab.stage(config).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 30)
    stage.signal(signal.SIGINT)
    same(stage.wait(), 0, "exit status after SIGINT")
    same(received + stage.summary()["received"], count, "received by all four")
    records = tool.dump(out, values=False)
    same(len(records), count, "records")
    same(len(in_order(records)), count, "different pages")


def planned_rebalance(lab):
    """A second process comes and goes under load: nothing is done twice or given back."""
    tool, count = lab.tool(), 4000
    raw, out = tool.create(lab.topic("raw"), 6), tool.create(lab.topic("out"), 2)
    feeder = lab.tool(number=2)
    feeder.send("feed", topic=raw, partitions=6, folder=corpus(), to=count, per_second=500)
    config = lab.config(raw, out)
    a = lab.stage(config, "a").ready()
    until("a works", lambda: a.metric("pagemill_pages_received_total") > 200, 30)
    check(a.metric("pagemill_rebalances_total") >= 1, "the first assignment counts as a rebalance")
    b = lab.stage(config, "b").ready()
    until("b works", lambda: b.must_live() and b.metric("pagemill_pages_received_total") > 200, 30)
    same(sorted(tool.ask("group", group=lab.name)["members"]), [3, 3], "partitions of the members")
    same(b.stop()["returned"], 0, "returned by b")
    feeder.answer()
    until("drained", lambda: a.must_live() and tool.drained(lab.name, raw), 30)
    check(a.metric("pagemill_rebalances_total") >= 2, "a saw its partitions change")
    same(a.stop()["returned"], 0, "returned by a")
    records = tool.dump(out, values=False)
    same(len(records), count, "records")
    same(len(in_order(records)), count, "different pages")


def frozen_process(lab):
    """One of two stands still for longer than session.timeout.ms: the other takes over, the first
    comes back, nothing is lost and what it had in hand is counted as returned or done."""
    tool, feeder, count = lab.tool(), lab.tool(number=2), 4000
    raw, out = tool.create(lab.topic("raw"), 4), tool.create(lab.topic("out"), 3)
    feeder.send("feed", topic=raw, partitions=4, folder=corpus(), to=count, per_second=200)
    config = lab.config(raw, out)
    a, b = lab.stage(config, "a").ready(), lab.stage(config, "b").ready()
    for stage in (a, b):
        until("both work", lambda: stage.metric("pagemill_pages_received_total") > 100, 30)
    a.signal(signal.SIGSTOP)
    members = lambda: tool.ask("group", group=lab.name)["members"]
    until("b has all partitions", lambda: b.must_live() and members() == [4], 30)
    received = b.metric("pagemill_pages_received_total")
    until("b goes on", lambda: b.metric("pagemill_pages_received_total") > received + 100, 30)
    a.signal(signal.SIGCONT)
    until("both have partitions", lambda: a.must_live() and sorted(members()) == [2, 2], 30)
    feeder.answer()
    until("drained", lambda: a.must_live() and b.must_live() and tool.drained(lab.name, raw), 30)
    for stage in (a, b):
        stage.stop()
    records = tool.dump(out, values=False)
    same(len(in_order(records)), count, "different pages that came out")
    print("    %d of %d pages twice" % (len(records) - count, count))


SCENARIOS = [group_of_two, clean_stops, planned_rebalance, frozen_process]
