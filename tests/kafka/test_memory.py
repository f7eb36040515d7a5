"""A backlog larger than memory: what is in flight is bounded in bytes."""

import os
import time

from cluster import until
from lab import check, same

# Bytes of pages in the backlog; the full size of the promise is 2 GB.
BACKLOG = int(os.environ.get("PAGEMILL_BACKLOG", 600 << 20))


def backlog(lab):
    """BACKLOG bytes wait, memory_bytes is 256 MiB: resident memory stays under 400 MiB."""
    tool = lab.tool()
    raw, out = tool.create(lab.topic("raw"), 4), tool.create(lab.topic("out"), 4)
    count = tool.ask("bulk", topic=raw, partitions=4, bytes=BACKLOG, page=250000, timeout=300)[
        "count"
    ]
    start = time.monotonic()
    stage = lab.stage(lab.config(raw, out, limits={"memory_bytes": 256 << 20})).ready()
    until("drained", lambda: stage.must_live() and tool.drained(lab.name, raw), 400, 0.5)
    took, peak = time.monotonic() - start, stage.memory()
    print("    %d MB in %.0f s, at most %d MiB resident" % (BACKLOG // 1000000, took, peak >> 20))
    check(peak < 400 << 20, "resident at most:", peak)
    same(stage.stop()["emitted"], count, "emitted")
    same(sum(tool.ends(out)), count, "records")


SCENARIOS = [backlog]
