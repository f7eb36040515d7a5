"""What the measuring scripts share: pages, processes that measure, an environment from PyPI."""

import base64
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MADE = 400  # pages of ours


# -- pages ---------------------------------------------------------------------------------------


def evenly(items, most):
    if not most or len(items) <= most:
        return items
    return [items[i * len(items) // most] for i in range(most)]


def pages_of_set(folder, most):
    urls = {}
    with open(os.path.join(folder, "meta.jsonl"), encoding="utf-8") as lines:
        for line in lines:
            meta = json.loads(line)
            urls[str(meta.get("id"))] = meta.get("url")
    for name in evenly(sorted(os.listdir(os.path.join(folder, "pages"))), most):
        with open(os.path.join(folder, "pages", name), "rb") as f:
            body = f.read()
        made = "https://%s.example/%s" % (os.path.basename(folder), name)
        url = urls.get(os.path.splitext(name)[0])
        # The id of a page without a web address is a hash of its body: nothing to measure here.
        url = url if url and url.startswith("http") else made
        if body:
            yield {"id": name, "url": url}, body


def pages_of_sets(folder, most):
    """Pages of every set below a folder, so many of each; and the sets' names."""
    sets = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    sets = [name for name in sets if os.path.isdir(os.path.join(name, "pages"))]
    pages = (page for name in sets for page in pages_of_set(name, most))
    return ", ".join(os.path.basename(name) for name in sets), pages


def pages_of_ours():
    sys.path.insert(0, os.path.join(ROOT, "tests", "kafka"))
    sys.dont_write_bytecode = True
    import pages

    for number in range(MADE):
        meta, body = pages.page(number)
        if "status" not in meta:
            yield {"url": meta["url"], "content_type": meta.get("content_type")}, body


def write_envelopes(path, pages):
    count = size = 0
    with open(path, "w") as out:
        for meta, body in pages:
            envelope = {name: value for name, value in meta.items() if value}
            envelope["body_base64"] = base64.b64encode(body).decode()
            out.write(json.dumps(envelope) + "\n")
            count += 1
            size += len(body)
    return count, size


# -- those that are measured ---------------------------------------------------------------------


class Coworker:
    """A process that measures one round whenever it is asked."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def round(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        rows = {}
        for line in iter(self.process.stdout.readline, "end\n"):
            if not line:
                sys.exit("bench: a measuring process ended early")
            name, *numbers = line.split()
            rows[name] = [int(number) for number in numbers]
        return rows

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def enrich(program, path, count, size, workers):
    """Wall clock and CPU time over the pages, twice: starting is paid once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(
        [program, "enrich", "--set", "workers=%d" % workers, path, path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit("bench: enrich ended with %d" % done.returncode)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [2 * count, 2 * size, int(wall * 1e9), int(cpu * 1e9)]


def from_pypi(folder, packages, check):
    """The Python of an environment under `folder` that has these packages, or None and why."""
    venv = os.path.join(folder, "bench-venv")
    python = os.path.join(venv, "bin", "python")
    there = [python, "-c", check]
    if os.path.exists(python) and subprocess.run(there, capture_output=True).returncode == 0:
        return python, None
    for step in (
        [sys.executable, "-m", "venv", venv],
        [python, "-m", "pip", "install", "-q", "--only-binary", ":all:", *packages],
        there,
    ):
        try:
            done = subprocess.run(step, capture_output=True, text=True, timeout=180)
        except (OSError, subprocess.TimeoutExpired) as fault:
            return None, str(fault)
        if done.returncode:
            return None, (done.stderr.strip().splitlines() or ["it failed"])[-1]
    return python, None


# -- the table -----------------------------------------------------------------------------------


def machine():
    with open("/proc/cpuinfo") as f:
        model = re.search(r"^model name\s*: (.*)$", f.read(), re.M)
    return "%s, %d cores, Linux %s, load %.1f" % (
        model.group(1) if model else os.uname().machine,
        os.cpu_count(),
        os.uname().release,
        os.getloadavg()[0],
    )


def median_rows(rounds):
    """One row a name: of each number, the median over the rounds."""
    return {
        name: [statistics.median(n) for n in zip(*(r[name] for r in rounds))] for name in rounds[0]
    }
