"""`links`, on request: what a crawler would follow, and what stands in the text."""

import json

from lab import Folder, check, configuration, enrich, run, same

PAGE = {
    "url": "https://www.example.org/a/b",
    "body": "<!doctype html><title>T</title><base href='/x/'><p>Some <a href=c rel='NoFollow'>words</a>.",
    "content_type": "text/html",
}


def _chain(**options):
    return {"filters": [{"decode": {}}, {"extract": options}, {"repair": {}}, {"language": {}}]}


def _links(page, **options):
    with Folder({"c.json": _chain(**dict({"links": True, "scope": "body"}, **options))}) as at:
        (record,) = enrich([page], "-c", "c.json", cwd=at).ended(0).records()
    return record.get("links")


def links_come_on_request():
    want = [{"url": "https://www.example.org/x/c", "text": "words", "rel": "nofollow", "main": True}]
    same(_links(PAGE), want, "links")
    same(_links(PAGE, links=False), None, "links nobody asked for")
    (record,) = enrich([PAGE]).ended(0).records()
    check("links" not in record, "links in the default chain")
    same(_links(dict(PAGE, body="See https://other.example/ there.", content_type="text/plain")), None,
         "links of flattened text")


def all_else_stays_as_it_is():
    """The record with links is the one without, and links."""
    records = []
    for links in (True, False):
        with Folder({"c.json": _chain(links=links, blocks=True, markdown=True)}) as at:
            (record,) = enrich([PAGE], "-c", "c.json", cwd=at).ended(0).records()
        records.append({k: v for k, v in record.items() if k not in ("links", "provenance")})
    same(records[0], records[1], "the rest of the record")


def there_are_five_thousand_at_most():
    body = "<!doctype html><title>T</title>" + "".join("<a href=/%d>%d</a> " % (i, i) for i in range(5001))
    links = _links(dict(PAGE, body=body))
    same(len(links), 5000, "links")
    same(links[-1]["url"], "https://www.example.org/4999", "the last one")
    page = dict(PAGE, body=body)
    with Folder({"c.json": _chain(links=True, scope="body")}) as at:
        said = run("explain", "-c", "c.json", "-", stdin=json.dumps(page).encode(), cwd=at).ended(0).out
    check(b"links left out" in said, "nobody says that links were left out")


def routes_may_ask_for_links():
    for links, status in ((True, 0), (False, 78)):
        config = dict(configuration(), **_chain(links=links))
        config["output"]["routes"] = [
            {"when": {"field": "links.rel", "is": "sponsored"}, "topic": "pages.paid"}]
        with Folder({"c.json": config}) as at:
            run("check", "-c", "c.json", cwd=at).ended(status)
