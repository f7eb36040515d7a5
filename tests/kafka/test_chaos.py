"""Random faults, again and again: whatever happens, nothing is lost and order is kept.

PAGEMILL_CHAOS is how many seconds faults go on, PAGEMILL_SEED the number that they follow from.
"""

import os
import random
import signal
import time

from cluster import Fault, until
from lab import in_order, same
from test_groups import corpus

SECONDS = int(os.environ.get("PAGEMILL_CHAOS", 30))
SEED = int(os.environ.get("PAGEMILL_SEED", time.time()))
RATE = 150
PARTITIONS = 8


def chaos(lab):
    """Three processes and their broker are killed, stopped and frozen at random under load."""
    pick = random.Random(SEED)
    print("    PAGEMILL_SEED=%d PAGEMILL_CHAOS=%d" % (SEED, SECONDS))
    broker, tool, feeder = lab.broker("own"), lab.tool("own"), lab.tool("own", 2)
    raw, out = tool.create(lab.topic("raw"), PARTITIONS), tool.create(lab.topic("out"), 3)
    count = min(SECONDS * RATE, 10000)
    rate = count / SECONDS
    feeder.send(
        "feed", topic=raw, partitions=PARTITIONS, folder=corpus(), to=count, per_second=rate
    )
    config = lab.config(raw, out, broker="own", workers=2)
    stages = [lab.stage(config) for _ in range(3)]
    until("the first pages", lambda: sum(tool.ends(out)) > 0, 60)
    end, said = time.monotonic() + SECONDS, []
    while time.monotonic() < end:
        number = pick.randrange(3)
        fault = pick.choice(("kill", "term", "freeze", "broker"))
        said.append("%s %d" % (fault, number))
        stage = stages[number]
        if fault == "kill":
            stage.kill9()
        elif fault == "term":
            # A broker that was just away may leave it undrained (75); a clean end must add up.
            stage.signal(signal.SIGTERM)
            status = stage.wait(30)
            same(status in (0, 75), True, "exit status", status, "in", said, stage.text()[-1000:])
            stage.summary()
        elif fault == "freeze":
            stage.signal(signal.SIGSTOP)
            time.sleep(pick.uniform(0.5, 9))
            stage.signal(signal.SIGCONT)
        else:
            broker.freeze()
            time.sleep(pick.uniform(0.5, 4))
            broker.thaw()
        for at, stage in enumerate(stages):
            if not stage.alive():
                if fault not in ("kill", "term") or at != number:
                    raise Fault(
                        "%s ended by itself in %s: %s" % (stage.name, said, stage.text()[-1500:])
                    )
                stages[at] = lab.stage(config)
        time.sleep(pick.uniform(0.2, 3))
    print("    " + ", ".join(said))
    same(feeder.answer()["count"], count, "fed")
    alive = lambda: all(stage.must_live() for stage in stages)
    until("drained", lambda: alive() and tool.drained(lab.name, raw), 90)
    for stage in stages:
        stage.stop()
    records = tool.dump(out, values=False)
    same(len(in_order(records)), count, "different pages that came out")
    print("    %d of %d pages twice" % (len(records) - count, count))


SCENARIOS = [chaos]
