"""A real Kafka broker (KRaft, one node) on loopback, for as long as a test needs it.

Everything of a broker lies in one folder: server.properties, data, log, `pid` and `bootstrap`. The
ports are chosen once, so a broker that was killed comes back where its clients look for it.
"""

import ctypes
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, "build", "kafka")
LIBS = os.path.join(BUILD, "libs")
CLASSES = os.path.join(BUILD, "classes")

# Small tables and short delays: what a test waits for, and nothing that changes what clients see.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{control}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{control}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.partitions=1
num.network.threads=2
num.io.threads=4
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.retention.ms=-1
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=2097152
socket.request.max.bytes=268435456
"""

LOG4J = """\
log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
"""

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Fault(Exception):
    """A broker, tool or stage that didn't do what the test needs before it can test anything."""


def dies_with_parent():
    """For preexec_fn: the child is killed when we are, however we end."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def until(what, condition, timeout, pause=0.05):
    """The first true value of condition(), polled; raises Fault after `timeout` seconds."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Fault("not within %g s: %s" % (timeout, what))
        time.sleep(pause)


def resolve():
    """Jars into build/kafka/libs and Tool.java into build/kafka/classes, unless they are there."""
    pom, tool = os.path.join(HERE, "pom.xml"), os.path.join(HERE, "Tool.java")
    jars = [
        "mvn",
        "-q",
        "-B",
        "-f",
        pom,
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        "-DoutputDirectory=" + LIBS,
    ]
    classes = [
        "javac",
        "-encoding",
        "UTF-8",
        "-Xlint:all,-processing,-classfile",
        "-Werror",
        "-cp",
        LIBS + "/*",
        "-d",
        CLASSES,
        tool,
    ]
    made(LIBS, (pom,), jars)
    made(CLASSES, (pom, tool), classes)


def made(folder, sources, words):
    """Runs the command into a new folder, unless it is there and newer than its sources."""
    stamp = folder + ".stamp"
    if os.path.exists(stamp) and os.path.getmtime(stamp) >= max(map(os.path.getmtime, sources)):
        return
    if not shutil.which(words[0]):
        raise Fault("%s is missing; `make deps-kafka` installs it" % words[0])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    command(words, 600)
    open(stamp, "w").close()


def command(words, timeout):
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        text=True,
    )
    if done.returncode:
        raise Fault("%s: exit %d\n%s" % (" ".join(words), done.returncode, done.stdout[-4000:]))


def free_ports(count):
    """Ports below the kernel's range for outgoing connections: a client that knocks at a dead
    broker's port from inside that range could connect to itself, or keep the port taken."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
        top = min(int(f.read().split()[0]), 32768)
    pick, held = random.SystemRandom(), []
    while len(held) < count:
        s = socket.socket()
        try:
            s.bind(("127.0.0.1", pick.randrange(12000, top)))
            held.append(s)
        except OSError:
            s.close()
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def brokers_listed(port):
    """How many brokers a Metadata request (version 1, no topics) lists; 0 while none answers."""
    request = struct.pack(">hhih", 3, 1, 1, 5) + b"ready" + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as s:
            s.sendall(struct.pack(">i", len(request)) + request)
            answer = b""
            while len(answer) < 12:
                more = s.recv(4096)
                if not more:
                    return 0
                answer += more
            return struct.unpack(">iii", answer[:12])[2]
    except OSError:
        return 0


class Broker:
    def __init__(self, folder, extra=""):
        """`extra`: more lines of server.properties."""
        self.folder, self.extra, self.child = folder, extra, None
        self.name = os.path.basename(folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self):
        """A new broker: three tries, in case somebody else takes a port that we found free."""
        resolve()
        os.makedirs(self.folder)
        for attempt in (1, 2, 3):
            self.format()
            try:
                return self.launch()
            except Fault as fault:
                self.kill9()
                if attempt == 3 or "Address already in use" not in str(fault):
                    raise
            shutil.rmtree(self.path("data"))

    def format(self):
        port, control = free_ports(2)
        with open(self.path("server.properties"), "w") as f:
            f.write(
                PROPERTIES.format(port=port, control=control, data=self.path("data")) + self.extra
            )
        with open(self.path("log4j.properties"), "w") as f:
            f.write(LOG4J)
        with open(self.path("bootstrap"), "w") as f:
            f.write("127.0.0.1:%d\n" % port)
        command(
            self.java(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "MkU3OEVBNTcwNTJENDM2Qk",
                "-c",
                self.path("server.properties"),
            ),
            60,
        )

    def java(self, *words):
        return [
            "java",
            "-Xms192m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j.configuration=file:" + self.path("log4j.properties"),
            "-cp",
            LIBS + "/*",
            *words,
        ]

    def launch(self):
        """Starts java on this folder and waits until it lists itself as a broker."""
        with open(self.path("log"), "ab") as log:
            self.mark = log.tell()
            self.child = subprocess.Popen(
                self.java("kafka.Kafka", self.path("server.properties")),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent,
                start_new_session=True,
            )
        with open(self.path("pid"), "w") as f:
            f.write("%d\n" % self.child.pid)
        end = time.monotonic() + 60
        while not brokers_listed(self.port):
            if self.child.poll() is not None or time.monotonic() > end:
                raise Fault("broker %s did not start:\n%s" % (self.folder, self.last_words()))
            time.sleep(0.1)
        return self

    def last_words(self):
        """What this start's log says is wrong, else how it ends."""
        with open(self.path("log"), errors="replace") as f:
            f.seek(self.mark)
            lines = f.readlines()
        wrong = [line for line in lines if re.search("ERROR|FATAL|Exception", line)]
        return "".join(wrong[:20] or lines[-20:])

    @property
    def bootstrap(self):
        with open(self.path("bootstrap")) as f:
            return f.read().strip()

    @property
    def port(self):
        return int(self.bootstrap.rsplit(":", 1)[1])

    @property
    def pid(self):
        """0 unless that process still is this folder's broker."""
        try:
            with open(self.path("pid")) as f:
                pid = int(f.read())
            with open("/proc/%d/cmdline" % pid) as f:
                return pid if self.path("server.properties") in f.read().split("\0") else 0
        except (OSError, ValueError):
            return 0

    def signal(self, number):
        pid = self.pid
        if not pid:
            raise Fault("broker %s is not running" % self.folder)
        os.kill(pid, number)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def kill9(self):
        if self.pid:
            self.signal(signal.SIGKILL)
        self.gone(10)

    def restart(self):
        """After kill9 or stop: the same ports and data."""
        return self.launch()

    def stop(self):
        """SIGTERM, and SIGKILL for a broker that doesn't heed it."""
        if self.pid:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
        try:
            self.gone(20)
        except Fault:
            self.kill9()

    def gone(self, timeout):
        until("end of broker " + self.folder, lambda: self.reaped() and not self.pid, timeout)

    def reaped(self):
        return self.child is None or self.child.poll() is not None
