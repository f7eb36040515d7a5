"""What the scenarios work with: brokers, the Java tool, stages under test, and what they left."""

import atexit
import base64
import collections
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

from cluster import BUILD, CLASSES, LIBS, ROOT, Broker, Fault, dies_with_parent, resolve, until

PROGRAM = os.path.abspath(
    os.environ.get("PAGEMILL", os.path.join(ROOT, "build", "release", "pagemill"))
)
PREFIX = "pagemill-kafka-"
COUNTS = ("received", "emitted", "dropped", "failed", "returned", "produced")

Record = collections.namedtuple("Record", "partition offset timestamp key headers value")


class Wrong(AssertionError):
    """The program did something else than it promises."""


def check(condition, *what):
    if not condition:
        raise Wrong(" ".join(str(w) for w in what))


def same(have, want, *what):
    check(have == want, *what, "is", repr(have)[:1500], "and not", repr(want)[:1500])


class Tool:
    """Tool.java on one broker, kept running: a JVM for every question would take too long."""

    def __init__(self, bootstrap, folder):
        self.folder, self.files, self.owed = folder, 0, 0
        self.errors = open(os.path.join(folder, "tool.log"), "ab")
        words = [
            "java",
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j.defaultInitOverride=true",
            "-cp",
            LIBS + "/*:" + CLASSES,
            "Tool",
            bootstrap,
        ]
        self.child = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            preexec_fn=dies_with_parent,
            start_new_session=True,
            text=True,
        )
        self.answers = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.child.stdout:
            self.answers.put(line)
        self.answers.put(None)

    def send(self, op, **ask):
        self.child.stdin.write(json.dumps(dict(ask, op=op)) + "\n")
        self.child.stdin.flush()
        self.owed += 1

    def answer(self, timeout=90):
        try:
            line = self.answers.get(timeout=timeout)
        except queue.Empty:
            raise Fault("no answer from the tool in %d s" % timeout) from None
        if line is None:
            raise Fault("the tool died: " + open(self.errors.name).read()[-2000:])
        self.owed -= 1
        answer = json.loads(line)
        if not answer["ok"]:
            raise Fault("tool: " + answer["error"])
        return answer

    def ask(self, op, **ask):
        if self.owed:
            raise Fault("the tool is busy; a second one is needed")
        self.send(op, **ask)
        return self.answer(ask.get("timeout", 90))

    def file(self):
        self.files += 1
        return os.path.join(self.folder, "tool-%d-%d.jsonl" % (self.child.pid, self.files))

    def create(self, topic, partitions=1, **config):
        self.ask("create", topic=topic, partitions=partitions, config=config)
        return topic

    def produce(self, topic, records):
        """Records are dicts as Tool.java's `produce` takes them, bytes allowed for key and value.
        Returns [(partition, offset)]."""
        path = self.file()
        with open(path, "w") as f:
            for record in records:
                line = {}
                for name, value in record.items():
                    if isinstance(value, bytes):
                        line[name + "_base64"] = base64.b64encode(value).decode()
                    elif value is not None:
                        line[name] = value
                f.write(json.dumps(line) + "\n")
        placed = self.ask("produce", topic=topic, file=path)["placed"]
        os.unlink(path)
        return [tuple(p) for p in placed]

    def dump(self, topic, values=True):
        path = self.file()
        self.ask("dump", topic=topic, file=path, values=values)
        records = []
        with open(path) as f:
            for line in f:
                r = json.loads(line)
                records.append(
                    Record(
                        r["partition"],
                        r["offset"],
                        r["timestamp"],
                        unbase64(r["key_base64"]),
                        [(n, unbase64(v)) for n, v in r["headers"]],
                        unbase64(r.get("value_base64")),
                    )
                )
        os.unlink(path)
        return sorted(records, key=lambda r: (r.partition, r.offset))

    def ends(self, topic):
        return self.ask("ends", topic=topic)["ends"]

    def committed(self, group, topic):
        """{partition: offset}, of those that have one."""
        by = self.ask("committed", group=group)["committed"].get(topic, {})
        return {int(p): o for p, o in by.items()}

    def drained(self, group, topic):
        """Whether the group's committed positions are the ends (of partitions not empty)."""
        ends, committed = self.ends(topic), self.committed(group, topic)
        return all(committed.get(p, 0) >= end for p, end in enumerate(ends))

    def close(self):
        self.child.kill()
        self.child.wait()
        self.errors.close()


def unbase64(text):
    return None if text is None else base64.b64decode(text)


class Stage:
    """One process of the program, with its configuration and log in the scenario's folder."""

    def __init__(self, folder, name, config, more=(), env=None):
        """`config`: a file's name, or what to write into one."""
        self.name, self.path = name, os.path.join(folder, name)
        self.config = config
        if not isinstance(config, str):
            self.config = self.path + ".json"
            with open(self.config, "w") as f:
                json.dump(config, f, indent=1)
        self.log = open(self.path + ".log", "wb")
        self.child = subprocess.Popen(
            [PROGRAM, "run", "-c", self.config, *more],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=dict(os.environ, **(env or {})),
            preexec_fn=dies_with_parent,
            start_new_session=True,
        )
        self.started = time.monotonic()
        self.found = None

    def text(self):
        with open(self.path + ".log", errors="replace") as f:
            return f.read()

    def lines(self, msg=None):
        """Log lines as dicts (JSON: our standard error is no terminal), all or of one message."""
        lines = []
        for line in self.text().splitlines():
            try:
                parsed = json.loads(line)
            except ValueError:
                parsed = {"msg": line, "unparsed": True}
            if msg is None or parsed.get("msg") == msg:
                lines.append(parsed)
        return lines

    def loud(self):
        """Warnings and errors."""
        return [
            l for l in self.lines() if str(l.get("level")).lower() in ("warn", "warning", "error")
        ]

    def alive(self):
        return self.child.poll() is None

    def must_live(self):
        check(self.alive(), self.name, "ended with", self.child.poll(), self.text()[-1500:])
        return True

    def ready(self, timeout=30):
        def condition():
            self.must_live()
            return self.address() and self.get("/ready")[0] == 200

        until(self.name + " ready", condition, timeout)
        return self

    def address(self):
        if not self.found:
            lines = self.lines("admin listening")
            self.found = lines[0]["address"] if lines else None
        return self.found

    def get(self, path):
        """(status, body); status 0 while nothing listens."""
        try:
            with urllib.request.urlopen(
                "http://%s%s" % (self.address(), path), timeout=5
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()
        except OSError:
            return 0, ""

    def metrics(self):
        """{'name' or 'name{labels}': number}; labels in the order of the page."""
        values = {}
        for line in self.get("/metrics")[1].splitlines():
            if line and line[0] != "#":
                name, _, value = line.rpartition(" ")
                values[name] = float(value)
        return values

    def metric(self, name, **labels):
        """Sum over all samples of that name which have these labels."""
        total = 0
        for sample, value in self.metrics().items():
            base, _, rest = sample.partition("{")
            have = dict(re.findall(r'(\w+)="([^"]*)"', rest))
            if base == name and all(have.get(k) == v for k, v in labels.items()):
                total += value
        return total

    def memory(self, field="VmHWM"):
        """Bytes resident: at most so far (VmHWM) or now (VmRSS)."""
        with open("/proc/%d/status" % self.child.pid) as f:
            return int(re.search(field + r":\s+(\d+) kB", f.read()).group(1)) * 1024

    def signal(self, number):
        self.child.send_signal(number)

    def wait(self, timeout=30):
        try:
            return self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Wrong(
                "%s did not end within %g s: %s" % (self.name, timeout, self.text()[-1500:])
            ) from None

    def stop(self, timeout=30):
        """SIGTERM; must end with 0 and a summary that adds up. Returns the summary."""
        self.must_live()
        self.signal(signal.SIGTERM)
        same(self.wait(timeout), 0, self.name, "exit status after SIGTERM", self.text()[-600:])
        return self.summary()

    def summary(self):
        last = (self.lines() or [{}])[-1]
        same(last.get("msg"), "done", self.name, "last log line")
        counts = {name: int(last[name]) for name in COUNTS}
        same(
            counts["received"],
            counts["emitted"] + counts["dropped"] + counts["failed"] + counts["returned"],
            self.name,
            "summary",
            counts,
            ": received against the sum",
        )
        return counts

    def kill9(self):
        self.child.kill()
        self.child.wait()

    def close(self):
        if self.alive():
            self.kill9()
        self.log.close()


class Lab:
    """Everything that a run of the scenarios started, so that all of it is ended."""

    def __init__(self):
        resolve()
        sweep()
        self.temporary = tempfile.mkdtemp(prefix=PREFIX + "%d-" % os.getpid())
        self.brokers, self.tools, self.stages = {}, {}, []
        self.must_be_empty = []
        self.runs = 0
        self.name = self.folder = None
        atexit.register(self.close)

    def begin(self, name):
        self.name, self.must_be_empty = name, []
        self.folder = os.path.join(BUILD, "run", name)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)

    def end(self):
        """After each scenario: its stages and its own brokers go, the shared broker stays."""
        for stage in self.stages:
            stage.close()
        self.stages = []
        for key in [k for k, tool in self.tools.items() if tool.owed]:
            self.tools.pop(key).close()
        for name in [n for n in self.brokers if n != "shared"]:
            self.drop(name)

    def drop(self, name):
        for key in [k for k in self.tools if k[0] == name]:
            self.tools.pop(key).close()
        broker = self.brokers.pop(name)
        broker.kill9()
        shutil.rmtree(broker.folder, ignore_errors=True)

    def broker(self, name="shared", extra=""):
        if name not in self.brokers:
            broker = Broker(os.path.join(self.temporary, name), extra)
            self.brokers[name] = broker
            try:
                broker.start()
            except BaseException:
                broker.kill9()
                raise
        return self.brokers[name]

    def tool(self, name="shared", number=1):
        """A second number gives a second process: for what has to go on while we ask the first."""
        if (name, number) not in self.tools:
            self.tools[name, number] = Tool(self.broker(name).bootstrap, self.temporary)
        return self.tools[name, number]

    def topic(self, name):
        """A topic's name that no other scenario uses."""
        return "%s.%s" % (self.name, name)

    def config(self, raw, out, dead=None, broker="shared", **more):
        """A configuration; `more` is merged into it, object by object. Without `dead` the dead
        letters go to a topic that must stay empty."""
        config = {
            "name": "tests",
            "workers": 2,
            "state_dir": os.path.join(self.folder, "state"),
            "input": {
                "topics": [raw] if isinstance(raw, str) else raw,
                "start": "earliest",
                "kafka": {
                    "bootstrap.servers": self.broker(broker).bootstrap,
                    "group.id": self.name,
                    "session.timeout.ms": 6000,
                    "heartbeat.interval.ms": 1000,
                },
            },
            "output": {"topic": out, "dead_letter": dead},
            "timeouts": {"connect_ms": 20000, "shutdown_ms": 20000},
            "admin": {"listen": "127.0.0.1:0"},
        }
        config = merged(config, more)
        if not dead:
            kafka = dict(config["input"]["kafka"], **config["output"].get("kafka", {}))
            config["output"]["dead_letter"] = self.no_letters(kafka["bootstrap.servers"])
        return config

    def no_letters(self, bootstrap):
        """A dead-letter topic that no_dead_letters looks at, made where that broker is ours."""
        topic = self.topic("no.letters")
        for name, broker in self.brokers.items():
            if broker.bootstrap == bootstrap and (name, topic) not in self.must_be_empty:
                self.tool(name).create(topic)
                self.must_be_empty.append((name, topic))
        return topic

    def no_dead_letters(self):
        for name, topic in self.must_be_empty:
            reasons = [header(r, "__pagemill.errors.reason") for r in self.tool(name).dump(topic)]
            same(reasons, [], "dead letters of a scenario without faults")

    def stage(self, config, name=None, **more):
        self.runs += 1
        stage = Stage(self.folder, name or "stage%d" % self.runs, config, **more)
        self.stages.append(stage)
        return stage

    def close(self):
        for stage in self.stages:
            stage.close()
        self.stages = []
        for name in list(self.brokers):
            self.drop(name)
        shutil.rmtree(self.temporary, ignore_errors=True)


def sweep():
    """Removes the folders of runs that were killed: only their children died with them."""
    for name in os.listdir(tempfile.gettempdir()):
        owner = re.match(re.escape(PREFIX) + r"(\d+)-", name)
        if owner and not os.path.exists("/proc/" + owner.group(1)):
            shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)


def merged(base, more):
    both = dict(base)
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(both.get(name), dict):
            value = merged(both[name], value)
        both[name] = value
    return both


def header(record, name):
    """The value of the only header of that name, as text; None: there is none."""
    values = [v for n, v in record.headers if n == name]
    check(len(values) <= 1, "header", name, "stands", len(values), "times")
    return values[0].decode() if values else None


def source(record):
    """(topic, partition, offset) of the input record that it came of."""
    text = header(record, "pagemill-source")
    check(text, "no pagemill-source at", record.partition, record.offset)
    topic, partition, offset = text.rsplit(":", 2)
    return topic, int(partition), int(offset)


def in_order(records):
    """First occurrences keep the order of their input partition within each output partition."""
    seen, last = set(), {}
    for record in records:
        topic, partition, offset = source(record)
        if (topic, partition, offset) in seen:
            continue
        seen.add((topic, partition, offset))
        way = (topic, partition, record.partition)
        check(last.get(way, -1) < offset, "offset", offset, "of", way, "comes after", last.get(way))
        last[way] = offset
    return seen


def everything_once(records, placed, topic):
    """Each of the placed records came out exactly once, in order."""
    same(len(in_order(records)), len(records), "records without repetition")
    same(
        sorted((p, o) for _, p, o in map(source, records)),
        sorted(placed),
        "positions that came out of",
        topic,
    )


def envelope(url, body="<!doctype html><p>A page.", **more):
    return json.dumps(dict({"url": url, "body": body, "fetched_at": None}, **more)).encode()
