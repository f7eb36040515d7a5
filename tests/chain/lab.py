"""What the tests of the whole program share: running it, reading what it said."""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import records

Wrong = records.Wrong
ROOT = records.ROOT
PROGRAM = os.path.abspath(os.environ.get("PAGEMILL", os.path.join(ROOT, "build/release/pagemill")))
PATIENCE = 120


def check(holds, said, *args):
    if not holds:
        raise Wrong(said % args if args else said)


def same(got, want, what):
    if got != want:
        raise Wrong("%s: got %.600r, want %.600r" % (what, got, want))


def environment(**more):
    """The tests' own, without what would change the program's ways."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PAGEMILL", "LC_", "LANG"))}
    env.update(more)
    return {k: v for k, v in env.items() if v is not None}


class Done:
    """A run of the program that has ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def said(self):
        return self.err.decode("utf-8", "backslashreplace")

    def lines(self):
        """What it wrote, line by line, each held to the schema."""
        lines = self.out.split(b"\n")
        check(lines.pop() == b"", "the last line has no end: %r", self.out[-80:])
        for line in lines:
            records.parse(line)
        return lines

    def records(self):
        return [records.parse(line) for line in self.lines()]

    def letters(self):
        """The lines of pages that failed."""
        lines = [line for line in self.err.splitlines() if line.startswith(b'{"reason":')]
        return [json.loads(line, object_pairs_hook=records.once) for line in lines]

    def summary(self):
        """The last log line, whose sum must hold."""
        last = self.err.splitlines()[-1]
        count = json.loads(last)
        same(count["msg"], "done", "the last line of the log")
        ended = ("emitted", "dropped", "failed", "returned")
        same(count["received"], sum(count[k] for k in ended), "the sum of %s" % count)
        return count

    def ended(self, status):
        check(self.status == status, "exit %s, not %s: %.800s", self.status, status, self.said())
        return self


def run(*args, stdin=b"", cwd=None, env=None, timeout=PATIENCE):
    """Runs the program with its standard input from bytes or a file."""
    file = stdin if hasattr(stdin, "fileno") else None
    how = {"stdin": file} if file else {"input": stdin}
    done = subprocess.run(
        [PROGRAM, *args],
        capture_output=True,
        cwd=cwd,
        env=environment() if env is None else env,
        timeout=timeout,
        **how,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def enrich(pages, *args, **how):
    """`enrich` over envelopes (objects, or bytes as they are), one a line of standard input."""
    return run("enrich", *args, stdin=jsonl(pages), **how)


def jsonl(pages):
    return b"".join(
        (p if isinstance(p, bytes) else json.dumps(p, ensure_ascii=False).encode()) + b"\n"
        for p in pages
    )


def b64(data):
    return base64.b64encode(data).decode()


class Folder(tempfile.TemporaryDirectory):
    """A folder of files for one test: `with Folder({"a.html": b"…"}) as at`."""

    def __init__(self, files=None):
        super().__init__(prefix="pagemill-")
        for name, content in (files or {}).items():
            path = os.path.join(self.name, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if isinstance(content, (dict, list)):
                content = json.dumps(content)
            if isinstance(content, str):
                content = content.encode()
            with open(path, "wb") as out:
                out.write(content)


def configuration(**changes):
    """A complete one, with what differs; None takes a part out."""
    whole = {
        "input": {
            "topics": ["pages.raw"],
            "kafka": {"bootstrap.servers": "localhost:9", "group.id": "tests"},
        },
        "output": {"topic": "pages.enriched", "dead_letter": "pages.dead"},
    }
    whole.update(changes)
    return {k: v for k, v in whole.items() if v is not None}


def faults(config, *args, verb="check", **how):
    """The faults that `check` names, without the file's name; the text may be given as it is."""
    with Folder({"c.json": config}) as at:
        done = run(verb, "-c", "c.json", *args, cwd=at, **how)
    if done.status == 0:
        same(done.out, b"c.json: ok\n", "standard output")
        return []
    done.ended(78)
    same(done.out, b"", "standard output")
    lines = done.said().splitlines()
    for line in lines:
        check(re.match(r"c\.json(:\d+:\d+)?: ", line), "not FILE:LINE:COLUMN: …: %s", line)
    return [line[len("c.json:") :] for line in lines]


def faulty(config, *wanted, **how):
    """The faults are exactly these, in this order."""
    same(faults(config, **how), list(wanted), "faults")


def sanitized():
    """Whether the program is a build that needs its memory for other things."""
    line = run("--version").out.decode().splitlines()[1]
    return not re.match(r"build: (release|debug|cov)\b", line)


def peak_kib(pid):
    """The most memory that a running process had resident; 0 when it has ended."""
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        found = re.search(r"VmHWM:\s+(\d+)", status.read())
    return int(found[1]) if found else 0
