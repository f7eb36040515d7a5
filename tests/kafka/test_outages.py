"""Brokers that are away: at the start, in between, or only those of the output."""

import time

from cluster import free_ports, until
from lab import check, everything_once, in_order, same
from test_groups import corpus


def refuses(lab, config, *names, within):
    """The stage ends with 69 in time, by one error line that has each of the names."""
    stage = lab.stage(config)
    status = stage.wait(within)
    same(status, 69, "exit status", stage.text()[-800:])
    errors = [
        l for l in stage.lines() if str(l.get("level")).lower() == "error" or l.get("unparsed")
    ]
    same(len(errors), 1, "error lines", errors)
    for name in names:
        check(name in str(errors[0]), "the error doesn't say", name, errors[0])
    return time.monotonic() - stage.started


def away_at_start(lab):
    """Nobody listens; or somebody does and never answers; or only the output's brokers are away."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"))
    nobody = "127.0.0.1:%d" % free_ports(1)[0]
    limits = {"timeouts": {"connect_ms": 2000}}
    closed = lab.config(raw, out, input={"kafka": {"bootstrap.servers": nobody}}, **limits)
    took = refuses(lab, closed, nobody, within=15)
    check(took >= 1.9, "gave up before connect_ms:", took)
    frozen = lab.broker("frozen")
    frozen.freeze()
    silent = lab.config(raw, out, out + ".dead", broker="frozen", **limits)
    refuses(lab, silent, frozen.bootstrap, within=15)
    half = lab.config(raw, out, output={"kafka": {"bootstrap.servers": nobody}}, **limits)
    refuses(lab, half, nobody, within=15)


def missing_topics(lab):
    """A topic of the configuration that the cluster doesn't have: 69, nothing is committed."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw")), tool.create(lab.topic("out"))
    tool.ask("feed", topic=raw, partitions=1, folder=corpus(), to=5)
    nowhere = lab.topic("nowhere")
    route = [{"when": {"field": "page_type", "is": "error"}, "topic": nowhere}]
    for config in (
        lab.config(raw, nowhere),
        lab.config(raw, out, nowhere),
        lab.config(nowhere, out),
        lab.config(raw, out, output={"routes": route}),
    ):
        refuses(lab, config, nowhere, within=25)
    same(tool.committed(lab.name, raw), {}, "positions")
    creating = lab.broker("creating", "auto.create.topics.enable=true\n")
    lab.tool("creating").create(raw)
    refuses(lab, lab.config(raw, nowhere, broker="creating"), nowhere, within=25)


def away_in_between(lab):
    """The broker is frozen, then killed and restarted: waits, says so once, loses nothing."""
    broker, tool = lab.broker("own"), lab.tool("own")
    raw, out = tool.create(lab.topic("raw"), 3), tool.create(lab.topic("out"), 3)
    count, feeder = 6000, lab.tool("own", 2)
    feeder.send("feed", topic=raw, partitions=3, folder=corpus(), to=count, per_second=150)
    stage = lab.stage(lab.config(raw, out, broker="own")).ready()
    received = lambda: stage.metric("pagemill_pages_received_total")
    for fault, repair in ((broker.freeze, broker.thaw), (broker.kill9, broker.restart)):
        had = received()
        until("pages", lambda: received() > had + 100, 30)
        loud = len(stage.loud())
        fault()
        until("not ready once the brokers are away", lambda: stage.get("/ready")[0] == 503, 30)
        same(stage.get("/health")[0], 200, "health while brokers are away")
        said = stage.loud()[loud:]
        repair()
        until("ready again", lambda: stage.must_live() and stage.get("/ready")[0] == 200, 60)
        had = received()
        until("more pages than %d" % had, lambda: received() > had + 50, 60)
        check(1 <= len(said) <= 3, "lines about one outage:", said)
    same(feeder.answer()["count"], count, "fed")
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 60)
    stage.stop()
    records = tool.dump(out, values=False)
    same(len(in_order(records)), count, "different pages that came out")


def stalled_output(lab):
    """The output's broker stops for twice max.poll.interval.ms, the input's goes on: no
    rebalance, at most one pause, memory within its budget, no loss."""
    tool, other = lab.tool(), lab.tool("output")
    budget, count = 64 << 20, 6000
    raw, out = tool.create(lab.topic("raw"), 3), other.create(lab.topic("out"), 3)
    tool.ask("feed", topic=raw, partitions=3, folder=corpus(), to=count)
    stage = lab.stage(
        lab.config(
            raw,
            out,
            limits={"memory_bytes": budget, "page_bytes": 1 << 20},
            input={"kafka": {"max.poll.interval.ms": 8000}},
            output={"kafka": {"bootstrap.servers": lab.broker("output").bootstrap}},
        )
    )
    stage.ready()
    until("pages", lambda: stage.metric("pagemill_records_produced_total") > 100, 30, 0.01)
    lab.broker("output").freeze()
    frozen, rebalances = time.monotonic(), stage.metric("pagemill_rebalances_total")
    most = 0
    while time.monotonic() < frozen + 17:
        stage.must_live()
        most = max(most, stage.metric("pagemill_memory_bytes"))
        same(stage.get("/health")[0], 200, "health during the stall")
        time.sleep(0.5)
    received = stage.metric("pagemill_pages_received_total")
    check(received < count, "nothing was left to wait with", received)
    lab.broker("output").thaw()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 90)
    same(stage.metric("pagemill_rebalances_total"), rebalances, "rebalances")
    check(most <= budget, "memory_bytes", budget, "and the metric said", most)
    peak = stage.memory()
    check(peak < budget + (160 << 20), "resident at most:", peak)
    pauses = [l for l in stage.lines() if "pause" in l.get("msg", "")]
    check(len(pauses) <= 1, "pauses:", pauses)
    same(stage.stop()["returned"], 0, "returned")
    records = other.dump(out, values=False)
    same(len(in_order(records)), count, "different pages that came out")
    same(len(records), count, "records")


def stopped_undrained(lab):
    """SIGTERM while the output is stalled ends with 75 within shutdown_ms, a second one at
    once; what was not acknowledged is done by the next process."""
    tool, other = lab.tool(), lab.tool("output")
    raw, out = tool.create(lab.topic("raw"), 2), other.create(lab.topic("out"), 2)
    count = 2000
    tool.ask("feed", topic=raw, partitions=2, folder=corpus(), to=count)
    config = lab.config(
        raw,
        out,
        timeouts={"shutdown_ms": 3000},
        output={"kafka": {"bootstrap.servers": lab.broker("output").bootstrap}},
    )
    for twice in (False, True):
        stage = lab.stage(config).ready()
        until("records", lambda: stage.metric("pagemill_records_produced_total") > 50, 30, 0.01)
        lab.broker("output").freeze()
        signalled = time.monotonic()
        stage.child.terminate()
        if twice:
            time.sleep(0.3)
            stage.child.terminate()
        same(stage.wait(15), 75, "exit status", stage.text()[-600:])
        took = time.monotonic() - signalled
        check(took < (2.5 if twice else 8), "took", took)
        check(stage.summary()["returned"] > 0, "nothing was returned")
        lab.broker("output").thaw()
    stage = lab.stage(config).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 60)
    stage.stop()
    same(len(in_order(other.dump(out, values=False))), count, "different pages that came out")


SCENARIOS = [away_at_start, missing_topics, away_in_between, stalled_output, stopped_undrained]
