"""Pages that end the process: after at most two restarts each is a dead letter, and the rest flows."""

import os
import signal
import time

from cluster import until
from lab import PROGRAM, check, envelope, header, in_order, same
from test_faults import ERRORS

MARKED = os.path.join(os.path.dirname(PROGRAM), "tests/faults/marked.so")
FAULT = "http://fault.example/"
PRELOAD = {"LD_PRELOAD": MARKED, "ASAN_OPTIONS": "verify_asan_link_order=0"}
PARTITIONS = 4
PAGES = 4000


def produce(tool, topic, faults):
    """Pages over all partitions, a faulty one in the middle of each as far as they go."""
    records = []
    for i in range(PAGES):
        partition, number = i % PARTITIONS, i // PARTITIONS
        url = "http://good.example/%d" % i
        if number == PAGES // PARTITIONS // 2 and partition < len(faults):
            url = FAULT + faults[partition]
        records.append({"key": b"k%d" % i, "value": envelope(url), "partition": partition})
    placed = tool.produce(topic, records)
    bad = [at for at, r in zip(placed, records) if FAULT.encode() in r["value"]]
    return placed, bad


def supervise(lab, tool, config, raw, stages):
    """Restarts what ends, as an init system does, until all is drained; how each end looked."""
    ends, deadline = [], time.monotonic() + 150
    while not tool.drained(lab.name, raw):
        check(time.monotonic() < deadline, "not drained; ends:", ends)
        for at, stage in enumerate(stages):
            if not stage.alive():
                ends.append(stage.child.returncode)
                check(len(ends) <= 8, "it ends again and again:", ends)
                stages[at] = lab.stage(config, env=PRELOAD)
        time.sleep(0.2)
    return ends


def all_came_out(tool, raw, out, dead, placed, bad, words):
    letters = tool.dump(dead)
    # A letter of just before another page ended the process comes twice: at least once.
    told = {(int(header(l, ERRORS + "partition")), int(header(l, ERRORS + "offset"))) for l in letters}
    same(told, set(bad), "dead letters")
    for letter in letters:
        same(header(letter, ERRORS + "reason"), "crashed_before", "reason")
        same(header(letter, ERRORS + "stage"), "consume", "stage")
        word = words[int(header(letter, ERRORS + "partition"))]
        check(word in header(letter, ERRORS + "message"), header(letter, ERRORS + "message"))
        check(FAULT.encode() in letter.value, "the value is another")
    came = {(p, o) for _, p, o in in_order(tool.dump(out))}
    same(sorted(came), sorted(set(placed) - set(bad)), "pages that came out")


def crashers(lab):
    """One that segfaults, one that loops, one that is killed for: in three partitions of one stage."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw"), PARTITIONS), tool.create(lab.topic("out"), 2)
    dead = tool.create(lab.topic("dead"))
    placed, bad = produce(tool, raw, ["segv", "loop", "kill"])
    config = lab.config(raw, out, dead, limits={"page_ms": 1000})
    stages = [lab.stage(config, env=PRELOAD)]
    ends = supervise(lab, tool, config, raw, stages)
    allowed = [-signal.SIGSEGV, 70, -signal.SIGKILL, -signal.SIGKILL]
    for end in ends:
        check(end in allowed, "ended with", end, "in", ends)
        allowed.remove(end)
    words = ("SIGSEGV", "limits.page_ms", "ended twice")
    stages[0].ready()
    if stages[0].metric("pagemill_pages_failed_total", reason="crashed_before") < 3:
        check(len(ends) > 1, "failures that are not counted")
    stages[0].stop()
    all_came_out(tool, raw, out, dead, placed, bad, words)
    print("    ends: %s" % ends)


def crash_with_neighbours(lab):
    """Three processes share a folder: who gets the page next knows of it, and doesn't end as well."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw"), PARTITIONS), tool.create(lab.topic("out"), 2)
    dead = tool.create(lab.topic("dead"))
    config = lab.config(raw, out, dead, limits={"page_ms": 1000})
    stages = [lab.stage(config, env=PRELOAD) for _ in range(3)]
    for stage in stages:
        stage.ready()
    placed, bad = produce(tool, raw, ["abort"])
    until("one ends", lambda: not all(s.alive() for s in stages), 60)
    left = [s for s in stages if s.alive()]
    same(len(left), 2, "processes that live on")
    until("drained", lambda: all(s.must_live() for s in left) and tool.drained(lab.name, raw), 60)
    for stage in left:
        stage.stop()
    all_came_out(tool, raw, out, dead, placed, bad, ("SIGABRT",))


SCENARIOS = [crashers, crash_with_neighbours]
