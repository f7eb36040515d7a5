"""SIGHUP: filters and routes are swapped whole, or the old ones stay and it is said why."""

import json
import signal

from cluster import until
from lab import check, envelope, header, same


def rewrite(stage, change):
    with open(stage.config) as f:
        config = json.load(f)
    change(config)
    with open(stage.config, "w") as f:
        json.dump(config, f)


def hang_up(stage, msg):
    before = len(stage.lines(msg))
    stage.signal(signal.SIGHUP)
    until(msg, lambda: stage.must_live() and len(stage.lines(msg)) > before, 20)


def reload(lab):
    """Pages before the signal have the old chain and topics, pages behind it the new ones."""
    tool = lab.tool()
    raw, out, other = (tool.create(lab.topic(name)) for name in ("raw", "out", "other"))
    refused = "reload refused: the old filters and routes stay"
    stage = lab.stage(lab.config(raw, out)).ready()

    def feed(n, topic, count):
        tool.produce(raw, [{"value": envelope("http://a.example/%d" % n), "partition": 0}])
        until("page %d" % n, lambda: stage.must_live() and tool.ends(topic) == [count], 30)

    feed(0, out, 1)
    rewrite(stage, lambda c: c.update(filters=[{"decode": {}}, {"extract": {"blocks": True}}]))
    hang_up(stage, "reloaded")
    feed(1, out, 2)
    chains = [header(record, "pagemill-chain") for record in tool.dump(out)]
    check(chains[0] != chains[1], "the chain's digest stayed", chains)
    check("blocks" in json.loads(tool.dump(out)[1].value), "the new option has no effect")

    rewrite(stage, lambda c: c.update(filters=[{"decode": {}}, {"extrakt": {}}]))
    hang_up(stage, refused)
    check("extrakt" in stage.text(), "the fault is not named", stage.text()[-800:])
    rewrite(stage, lambda c: c.update(filters=[{"decode": {}}, {"extract": {}}]))
    rewrite(stage, lambda c: c["output"].update(topic=lab.topic("missing")))
    hang_up(stage, refused)
    feed(2, out, 3)
    same(header(tool.dump(out)[2], "pagemill-chain"), chains[1], "chain after refused reloads")

    rewrite(stage, lambda c: c["output"].update(topic=other))
    hang_up(stage, "reloaded")
    feed(3, other, 1)
    same(stage.metric("pagemill_records_produced_total", topic=other), 1, "records counted")
    same(stage.stop()["emitted"], 4, "pages emitted")


SCENARIOS = [reload]
