"""Pages that end the process: named, remembered, and dead letters after the restart."""

import json
import os
import signal
import time

from lab import PROGRAM, Folder, check, environment, jsonl, run, same, sanitized

MARKED = os.path.join(os.path.dirname(PROGRAM), "tests/faults/marked.so")
FAULT = "http://fault.example/"


def _pages(what, n=20, at=7):
    """Good pages, and one that `what` befalls."""
    return [
        {
            "id": str(i),
            "url": FAULT + what if i == at else "http://good.example/%d" % i,
            "body": "<!doctype html><p>Page %d." % i,
        }
        for i in range(n)
    ]


def _enrich(folder, what, *more, state=True):
    path = os.path.join(folder, "in.jsonl")
    if not os.path.exists(path):
        with open(path, "wb") as f:
            f.write(jsonl(_pages(what)))
    words = ["enrich", "--set", "limits.page_ms=300", *more, "in.jsonl"]
    if state:
        words[1:1] = ["--set", "state_dir=state"]
    # A sanitizer's runtime would be first.
    env = environment(LD_PRELOAD=MARKED, ASAN_OPTIONS="verify_asan_link_order=0")
    return run(*words, cwd=folder, env=env)


def _ends_by(done, number):
    # A sanitizer reports the signal and exits with a status of its own.
    check(done.status == -number or (sanitized() and done.status > 0), "exit %d", done.status)


def _named(done):
    """What the last words say of the page."""
    lines = [json.loads(l) for l in done.err.splitlines() if l.startswith(b'{"level":"error"')]
    same(len(lines), 1, "lines that name a page")
    return lines[0]


def _rest_flows(done, words):
    """The page is a dead letter, the others are records."""
    done.ended(1)
    letters = done.letters()
    same(len(letters), 1, "letters")
    same(letters[0]["reason"], "crashed_before", "reason")
    same(letters[0]["position"], "in.jsonl:8", "position")
    check(words in letters[0]["message"], "message: %s", letters[0]["message"])
    ids = [r["source_id"] for r in done.records()]
    same(ids, [str(i) for i in range(20) if i != 7], "records")


def signals_name_their_page():
    for what, number in (
        ("segv", signal.SIGSEGV),
        ("abort", signal.SIGABRT),
        ("fpe", signal.SIGFPE),
        ("stack", signal.SIGSEGV),
    ):
        with Folder() as at:
            done = _enrich(at, what)
            _ends_by(done, number)
            said = _named(done)
            same((said["topic"], said["signal"]), ("in.jsonl:8", int(number)), what)
            _rest_flows(_enrich(at, what), signal.Signals(number).name)
            # Once more: what is known stays known.
            _rest_flows(_enrich(at, what), signal.Signals(number).name)


def a_page_too_slow_ends_the_process():
    for what in ("loop", "sleep"):
        with Folder() as at:
            start = time.monotonic()
            done = _enrich(at, what).ended(70)
            check(time.monotonic() - start < 20, "took %d s", time.monotonic() - start)
            check("limits.page_ms" in done.said(), "it is not said: %s", done.said())
            same(done.summary()["failed"], 0, "failed")
            _rest_flows(_enrich(at, what), "limits.page_ms")


def killed_twice_is_condemned():
    with Folder() as at:
        for _ in range(2):
            _ends_by(_enrich(at, "kill"), signal.SIGKILL)
        _rest_flows(_enrich(at, "kill"), "ended twice")


def killed_once_is_innocent():
    with Folder() as at:
        what = "kill-once?" + os.path.join(at, "killed")
        _ends_by(_enrich(at, what), signal.SIGKILL)
        done = _enrich(at, what).ended(0)
        same(len(done.records()), 20, "records")
        # Innocent for good: the next kill is its first again.
        os.unlink(os.path.join(at, "killed"))
        _ends_by(_enrich(at, what), signal.SIGKILL)
        _enrich(at, what).ended(0)


def another_page_at_its_place_is_tried():
    with Folder() as at:
        _ends_by(_enrich(at, "segv"), signal.SIGSEGV)
        with open(os.path.join(at, "in.jsonl"), "wb") as f:
            f.write(jsonl(_pages("fine")))
        same(len(_enrich(at, "fine").ended(0).records()), 20, "records")


def another_chain_tries_it_again():
    with Folder() as at:
        _ends_by(_enrich(at, "segv"), signal.SIGSEGV)
        _ends_by(_enrich(at, "segv", "--set", 'filters=[{"decode":{}}]'), signal.SIGSEGV)
        _rest_flows(_enrich(at, "segv"), "SIGSEGV")


def without_a_folder_it_is_only_named():
    with Folder() as at:
        for _ in range(2):
            done = _enrich(at, "segv", state=False)
            _ends_by(done, signal.SIGSEGV)
            same(_named(done)["topic"], "in.jsonl:8", "topic")
        same(os.listdir(at), ["in.jsonl"], "what it left")


def a_folder_that_refuses_is_said():
    with Folder({"state": "a file"}) as at:
        done = _enrich(at, "fine").ended(0)
        same(len(done.records()), 20, "records")
        same(done.said().count("no crash note"), 1, "times that it is said")


def damage_is_ignored():
    for damage in (b"", b"x", b"\xff" * 300000, b"pagemill crash1\0" + b"\xff" * 40000):
        with Folder({"state/enrich.0.crash": damage}) as at:
            done = _enrich(at, "fine").ended(0)
            same("damaged" in done.said(), damage != b"", "said of %d bytes" % len(damage))
    # A note cut anywhere, or with any byte changed, condemns nobody else.
    with Folder() as at:
        _enrich(at, "segv")
        path = os.path.join(at, "state/enrich.0.crash")
        with open(path, "rb") as f:
            note = f.read()
        with open(os.path.join(at, "in.jsonl"), "wb") as f:
            f.write(jsonl(_pages("fine")))
        for i in list(range(0, len(note), len(note) // 20)) + [len(note) - 1]:
            for damaged in (note[:i], note[:i] + bytes([note[i] ^ 0x55]) + note[i + 1 :]):
                with open(path, "wb") as f:
                    f.write(damaged)
                _enrich(at, "fine").ended(0)


def what_is_left_is_small():
    with Folder() as at:
        _enrich(at, "fine").ended(0)
        same(os.listdir(os.path.join(at, "state")), ["enrich.0.crash"], "files")
        check(os.stat(os.path.join(at, "state/enrich.0.crash")).st_size < 300000, "it is large")

