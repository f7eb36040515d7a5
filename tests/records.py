"""Holds records to docs/record.schema.json: what every suite does with every record it sees."""

import hashlib
import json
import os

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCHEMA = json.load(open(os.path.join(ROOT, "docs", "record.schema.json"), encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

seen = set()


class Wrong(Exception):
    """What a test expected did not happen."""


def once(pairs):
    """An object without a name twice, in the order it was written."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Wrong("a name twice in one object: %s" % names)
    return dict(pairs)


def in_order(value, schema, where):
    """The keys of an object that the schema names stand in the schema's order."""
    if isinstance(value, list):
        for item in value:
            in_order(item, schema.get("items", {}), where + "[]")
    if not isinstance(value, dict):
        return
    known = list(schema.get("properties", {}))
    order = [known.index(name) for name in value if name in known]
    if order != sorted(order):
        raise Wrong("%s: keys out of order: %s" % (where, list(value)))
    for name, item in value.items():
        in_order(item, schema.get("properties", {}).get(name, {}), "%s.%s" % (where, name))


def parse(line):
    """One line of output as a record, validated. Lines that were seen before are believed."""
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        record = json.loads(text, object_pairs_hook=once)
    except ValueError as wrong:
        raise Wrong("not a line of JSON: %s: %r" % (wrong, line[:200])) from None
    digest = hashlib.sha256(text.encode()).digest()
    if digest in seen:
        return record
    wrong = next(VALIDATOR.iter_errors(record), None)
    if wrong:
        raise Wrong(
            "against the schema: %s: %s: %.300s"
            % ("/".join(map(str, wrong.absolute_path)), wrong.message, text)
        )
    in_order(record, SCHEMA, "record")
    seen.add(digest)
    return record
