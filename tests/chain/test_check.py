"""What `check` finds in a configuration, and where."""

import json
import os

from lab import ROOT, Folder, check, configuration, environment, faults, faulty, run, same

MANY = b"""{
  "name": "news", "nmae": 1,
  "input": {"topics": ["pages.raw", ""], "format": "jsno", "strat": "earliest", "start": "never",
    "kafka": {"bootstrap.servers": "x:9", "group.id": "g", "sasl.passwrod": "x"}},
  "filters": [{"decode": {}}, {"extract": {"scop": "body"}}],
  "output": {"topic": "pages.enriched", "dead_letter": "pages.dead", "kee": "url",
    "routes": [{"when": {"field": "titel", "exists": true}, "topic": "a"}]},
  "delivery": "exactly_once",
  "workers": -1,
  "limits": {"page_bytes": 100, "effort": 1.5},
  "timeouts": {"shutdown_ms": "30s"},
  "admin": {"listen": 5}
}
"""


def _routes(*routes, **more):
    return configuration(
        output={"topic": "pages.enriched", "dead_letter": "pages.dead", "routes": list(routes)},
        **more,
    )


def _one(config, where, *words, **how):
    """Exactly one fault, at a path, whose sentence holds these words."""
    found = faults(config, **how)
    same(len(found), 1, "number of faults in %s" % found)
    path, _, said = found[0].split(" ", 1)[1].partition(": ")
    same(path, where, "the path of %s" % found[0])
    for word in words:
        check(word in said, "%r isn't said in %s", word, found[0])


def a_complete_configuration_is_ok():
    faulty(configuration())
    faulty(configuration(name="x", delivery="at_least_once", workers=8, instance="a"))


def the_sample_is_ok():
    sample = os.path.join(ROOT, "deploy", "pagemill.json")
    for env in (environment(KAFKA_BROKERS=None), environment(KAFKA_BROKERS="a:1,b:2")):
        done = run("check", "-c", sample, env=env).ended(0)
        same(done.out.decode(), "%s: ok\n" % sample, "standard output")


def every_fault_comes_in_one_run_with_its_place():
    faulty(
        MANY,
        '2:19: nmae: no such option; did you mean "name"?',
        "3:37: input.topics[1]: expected a name or ^regex",
        '3:42: input.format: no such format, did you mean "json"?',
        '3:60: input.strat: no such option; did you mean "start"?',
        '3:81: input.start: expected one of "earliest", "latest", "error"',
        '4:60: input.kafka.sasl.passwrod: no such Kafka property; did you mean "sasl.password"?',
        '5:44: filters[1].extract.scop: no such option; did you mean "scope"?',
        '6:70: output.kee: no such option; did you mean "key"?',
        "7:26: output.routes[0].when.field: no such field: titel (did you mean title?)",
        "8:3: delivery: exactly_once is not built yet; at_least_once is",
        "9:3: workers: expected a whole number from 0 to 1024",
        "10:14: limits.page_bytes: expected a whole number from 1024 to 268435456",
        "10:33: limits.effort: expected a whole number from 0 to 1125899906842624",
        "11:16: timeouts.shutdown_ms: expected a whole number from 0 to 3600000",
        "12:13: admin.listen: expected a string",
    )


def a_step_knows_what_else_it_may_hold():
    _one(configuration(filters=[{"decode": {}, "observ": True}]), "filters[0].observ", '"observe"?')


def a_broken_file_is_said_where_it_breaks():
    faulty(b"", "1:1: the file is empty; expected an object")
    for text in (b"[]", b"7", b"nonsense"):
        same(len(faults(text)), 1, "faults of %r" % text)
    _one(b'{"name": "a",\n "name": "b",\n' + json.dumps(configuration()).encode()[1:], "name",
         "twice", "line 1")
    _one(b'{\n  "input": {', "input", "ends before this object is closed")


def what_is_missing_is_named():
    faulty(configuration(output={"topic": "a"}))
    _one(configuration(output={"dead_letter": "a"}), "output.topic")
    paths = {f.split(" ")[1] for f in faults(b"{}")}
    same(paths, {"output.topic:", "input.topics:", "input.kafka:"}, "paths")


def exactly_once_is_refused():
    _one(configuration(delivery="exactly_once"), "delivery", "exactly_once", "not built yet")


def what_no_filter_gives_is_no_condition():
    topic = {"topic": "pages.x"}
    _one(_routes({"when": {"field": "topics.id", "is": "x"}, **topic}),
         "output.routes[0].when.field", "topics.id")
    _one(_routes({"when": {"field": "titel", "exists": True}, **topic}),
         "output.routes[0].when.field", "title")
    _one(_routes({"when": {"field": "page_type", "is": "article"}, **topic}),
         "output.routes[0].when.is", "article")
    _one(_routes({"when": {"field": "language.code", "is": "de"}, **topic},
                 filters=[{"decode": {}}, {"extract": {}}]),
         "output.routes[0].when.field", "language.code")
    faulty(_routes({"when": {"field": "language.code", "is": "de"}, **topic},
                   {"when": {"field": "page_type", "is": "error"}, "drop": "gone"},
                   {"when": {"not": {"any": [{"field": "title", "exists": True},
                                             {"field": "host", "matches": "^www"}]}}, **topic}))


def routes_are_checked():
    when = {"field": "title", "exists": True}
    _one(_routes({"when": when, "topic": "x", "drop": "y"}), "output.routes[0]")
    _one(_routes({"when": when}), "output.routes[0]")
    _one(_routes({"when": {"field": "title", "matches": "("}, "topic": "x"}),
         "output.routes[0].when.matches")
    _one(_routes({"when": {"field": "title", "like": "a"}, "topic": "x"}),
         "output.routes[0].when.like")
    _one(_routes({"when": when, "topic": "{domain|none}"}), "output.routes[0].topic")
    _one(_routes({"when": when, "topic": "pages.{domain}"}), "output.routes[0].topic")
    _one(_routes({"when": when, "topic": "pages.{domain|none}"}), "output.dead_letter")
    faulty(_routes({"when": when, "topic": "made.{domain|none}", "also": True}))


def topics_make_no_loop():
    def reads(*topics, **more):
        made = configuration(**more)
        made["input"]["topics"] = list(topics)
        return made

    _one(reads("pages.enriched"), "input.topics[0]", "for ever")
    _one(reads("pages.raw", "pages.dead"), "input.topics[1]", "for ever")
    output = {"topic": "a", "dead_letter": "b", "routes": [
        {"when": {"field": "title", "exists": True}, "topic": "made.{domain|none}"}]}
    _one(reads("made.example.org", output=output), "input.topics[0]", "for ever")
    faulty(reads("^pages\\..*"))
    faulty(reads("made", output=output))


def input_topics_are_well_formed():
    def reads(*topics):
        made = configuration()
        made["input"]["topics"] = list(topics)
        return made

    one = configuration()
    one["input"]["topics"] = "pages.raw"
    _one(one, "input.topics", "array of strings")
    _one(reads(), "input.topics", "at least one")
    _one(reads("^pages[.](raw"), "input.topics[0]", "regular expression")
    _one(reads("a", "^b", "a"), "input.topics[2]", "twice")
    faulty(reads("^pages[.](raw|new)$", "a"))


def online_says_in_one_line_that_nobody_answers():
    away = configuration(timeouts={"connect_ms": 500})
    away["input"]["kafka"]["bootstrap.servers"] = "127.0.0.1:1"
    with Folder({"c.json": away}) as at:
        done = run("check", "-c", "c.json", "--online", cwd=at).ended(69)
    same((done.out, done.err.count(b"\n")), (b"", 1), "what is said: %s" % done.said())
    check("unreachable within 500 ms" in done.said(), "%s", done.said())


def the_admin_address_has_a_port():
    for bad in ("foo", "9470", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1",
                "127.0.0.1:65536", "127.0.0.1:99999999999"):
        _one(configuration(admin={"listen": bad}), "admin.listen", "ADDRESS:PORT")
    for good in ("", ":0", "127.0.0.1:65535", "[::1]:9470", "localhost:0"):
        faulty(configuration(admin={"listen": good}))


def refused_properties_say_why():
    def with_kafka(where, name, value):
        made = configuration()
        made[where].setdefault("kafka", {})[name] = value
        return made

    for where, name in (
        ("input", "enable.auto.commit"),
        ("input", "enable.auto.offset.store"),
        ("input", "auto.offset.reset"),
        ("input", "partition.assignment.strategy"),
        ("input", "group.instance.id"),
        ("input", "fetch.max.bytes"),
        ("output", "transactional.id"),
        ("output", "enable.idempotence"),
        ("output", "message.timeout.ms"),
        ("output", "message.max.bytes"),
        ("output", "partitioner"),
        ("output", "acks"),
        ("output", "plugin.library.paths"),
    ):
        _one(with_kafka(where, name, "1"), "%s.kafka.%s" % (where, name), "is not yours to set: ")
    _one(with_kafka("input", "linger.ms", 5), "input.kafka.linger.ms", "producer")
    _one(with_kafka("output", "fetch.min.bytes", 5), "output.kafka.fetch.min.bytes", "consumer")
    _one(with_kafka("input", "ssl.ca.loction", "x"), "input.kafka.ssl.ca.loction",
         "ssl.ca.location")
    _one(with_kafka("input", "session.timeout.ms", "soon"), "input.kafka.session.timeout.ms")
    _one(with_kafka("input", "session.timeout.ms", [1]), "input.kafka.session.timeout.ms")
    for value in (20000, "20000"):
        faulty(with_kafka("input", "session.timeout.ms", value))
    faulty(with_kafka("output", "linger.ms", 5))
    faulty(with_kafka("input", "socket.keepalive.enable", True))


def memory_has_its_least():
    mib64 = 64 << 20
    for page, memory, ok in (
        (1024, mib64, True),
        (1024, mib64 - 1, False),
        (mib64 // 4, mib64, True),
        (mib64 // 4 + 1, mib64, False),
        (1023, mib64, False),
    ):
        found = faults(configuration(limits={"page_bytes": page, "memory_bytes": memory}))
        same(not found, ok, "page_bytes %d, memory_bytes %d: %s" % (page, memory, found))
        check(ok or "limits." in found[0], "not about limits: %s", found)


def variables_expand_in_values():
    named = configuration(name="${PM_A}-${PM_B:-b}-$$")
    faulty(named, env=environment(PM_A="a"))
    _one(named, "name", "PM_A", env=environment(PM_A=None))
    _one(configuration(name="${PM_A:?say which}"), "name", "say which",
         env=environment(PM_A=None))
    _one(configuration(name="${file:/no/such/file}"), "name", "/no/such/file")
    _one(configuration(name="${PM_A"), "name")
    faulty(configuration(name="${PM_A:-}x"), env=environment(PM_A=None))
    # Behind the parser: a value can't bring quotes or keys with it.
    faulty(configuration(name="${PM_A}"), env=environment(PM_A='x", "nmae": "'))


def secrets_are_not_shown():
    made = configuration()
    made["input"]["kafka"]["security.protocol"] = "${PM_SECRET}"
    with Folder({"c.json": made, "key": "hunter2-hunter2"}) as at:
        done = run("check", "-c", "c.json", cwd=at, env=environment(PM_SECRET="open-sesame-1"))
        check("sesame" not in done.ended(78).said(), "shown: %s", done.said())
        made["input"]["kafka"]["security.protocol"] = "${file:%s/key}" % at
        with open(os.path.join(at, "c.json"), "w", encoding="utf-8") as out:
            json.dump(made, out)
        done = run("check", "-c", "c.json", cwd=at)
        check("hunter2" not in done.ended(78).said(), "shown: %s", done.said())


def formats_and_presets_are_named():
    made = configuration()
    for good in ("json", "raw", "warc"):
        made["input"]["format"] = good
        faulty(made)
    made["input"]["format"] = "jsno"
    _one(made, "input.format", "json")
    made["input"]["format"] = "json"
    made["input"]["preset"] = "scrapi"
    _one(made, "input.preset", "scrapy")


def fields_are_named():
    made = configuration()
    made["input"]["fields"] = {"url": "response.url", "bodi": "x"}
    _one(made, "input.fields.bodi", "body")
    made["input"]["fields"] = {"url": "response..url"}
    _one(made, "input.fields.url")
    made["input"]["fields"] = {"url": "response.url", "body": "html"}
    faulty(made)


def set_overrides():
    with Folder({"c.json": configuration(delivery="exactly_once")}) as at:
        run("check", "-c", "c.json", cwd=at).ended(78)
        run("check", "-c", "c.json", "--set", "delivery=at_least_once", cwd=at).ended(0)
        done = run("check", "-c", "c.json", "--set", "delivery=at_least_once", "--set",
                   "limits.page_bytes=1", cwd=at).ended(78)
        same(done.said(), "--set: limits.page_bytes: expected a whole number from 1024 to "
             "268435456\n", "faults")
        run("check", "-c", "c.json", "--set", "delivery", cwd=at).ended(64)
