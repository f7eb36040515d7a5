"""`feed` without a broker: what it needs of the call and of the configuration."""

from lab import Folder, check, configuration, run, same

PAGE = b'{"url": "http://a.example/", "body": "<p>x"}\n'


def _feed(config, *args):
    with Folder({"c.json": config, "p.jsonl": PAGE}) as at:
        return run("feed", "-c", "c.json", *args, cwd=at)


def calls_that_are_wrong_are_64():
    for args in (
        (),
        ("p.jsonl", "--format", "pdf"),
        ("p.jsonl", "--input-format", "pdf"),
        ("p.jsonl", "--from-offset", "x"),
        ("p.jsonl", "--from-offset", "-1"),
        ("p.jsonl", "--from-offset", "99999999999999999999"),
    ):
        check(_feed(configuration(), *args).ended(64).err, "%s says nothing", args)
    check(b"-c FILE" in run("feed", "p.jsonl").ended(64).err, "a configuration isn't asked for")


def one_topic_is_needed():
    for topics in ([], ["a", "b"], ["^pages"]):
        config = configuration()
        config["input"]["topics"] = topics
        done = _feed(config, "p.jsonl").ended(78)
        check("--topic" in done.said(), "%s: %s", topics, done.said())
    done = _feed(configuration(), "--topic", "a b", "p.jsonl").ended(78)
    check("a b" in done.said(), "%s", done.said())


def only_what_feeding_needs_is_read():
    """No group, no output, filters that aren't there: the brokers are missing, nothing else."""
    config = {
        "input": {"topics": ["pages.raw"], "kafka": {"bootstrap.servers": "localhost:9"}},
        "filters": [{"not_built_here": {}}],
        "timeouts": {"connect_ms": 300},
    }
    done = _feed(config, "p.jsonl").ended(69)
    check("unreachable" in done.said(), "%s", done.said())
    same(done.summary()["received"], 0, "pages")
    check("--from-offset 0" in done.said(), "the place to go on from isn't said: %s", done.said())


def faults_are_named():
    config = configuration(nonsense=1)
    config["input"]["kafka"]["sasl.passwrod"] = "x"
    said = _feed(config, "p.jsonl").ended(78).said()
    check("nonsense" in said and "sasl.passwrod" in said, "%s", said)
    del config["nonsense"], config["input"]["kafka"]
    check("bootstrap.servers" in _feed(config, "p.jsonl").ended(78).said(), "no brokers asked for")

