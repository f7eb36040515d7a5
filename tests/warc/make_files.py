"""Writes Common Crawl shaped files with tools that are not ours: warcio and zstandard.

    make_files.py OUT RECORDS

OUT/crawl.warc, .warc.gz (a member a record), .warc.zst (a frame a record, with a dictionary), stream.warc.gz
and stream.warc.zst (one stream), the same as envelopes in crawl.jsonl; OUT/crawl.wet and .wet.gz, and the
texts as envelopes in wet.jsonl. The same bytes come out every time.
"""

import base64
import gzip
import io
import json
import random
import struct
import sys
import zlib
from pathlib import Path

import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WORDS = """harbour council vote winter bridge river market report minister school energy price city
train summer storm museum election court budget research hospital island border factory""".split()
DATE = "2025-07-12T08:%02d:%02dZ"


def page(rng, i):
    paragraphs = []
    for _ in range(rng.randint(2, 12)):
        words = " ".join(rng.choice(WORDS) for _ in range(rng.randint(20, 120)))
        paragraphs.append("<p>%s.</p>" % words.capitalize())
    return ("<!doctype html><html lang=en><head><meta charset=utf-8><title>Page %d é</title></head>"
            "<body><nav><a href=/>Home</a></nav><article><h1>Page %d</h1>%s</article></body></html>"
            % (i, i, "\n".join(paragraphs))).encode()


def chunked(rng, body):
    out = []
    at = 0
    while at < len(body):
        n = rng.randint(1, 4000)
        part = body[at:at + n]
        out.append(b"%x\r\n%s\r\n" % (len(part), part))
        at += n
    return b"".join(out) + b"0\r\n\r\n"


def response(rng, i):
    """Status, HTTP headers, the bytes as sent, and the bytes behind the transfer coding."""
    body = page(rng, i)
    headers = [("Content-Type", "text/html; charset=UTF-8"), ("Server", "test")]
    kind = i % 10
    status = 200
    if kind == 1:
        body = gzip.compress(body, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    elif kind == 2:
        headers.append(("Content-Encoding", "gzip"))  # undone by the crawler, the header kept
    elif kind == 3:
        body = zstandard.ZstdCompressor().compress(body)
        headers.append(("Content-Encoding", "zstd"))
    elif kind == 4:
        status = 404
    elif kind == 5:
        body = zlib.compress(body)
        headers.append(("Content-Encoding", "deflate"))
    elif kind == 6:
        headers = [("Content-Type", "application/pdf")]
        body = b"%PDF-1.4 " + body
    sent = body
    if i % 3 == 0:
        headers.append(("Transfer-Encoding", "chunked"))
        sent = chunked(rng, body)
    headers.append(("Content-Length", str(len(sent))))
    return status, headers, sent, body


def rid(n):
    return "<urn:uuid:00000000-0000-4000-8000-%012d>" % n


def write_warc(to, records):
    rng = random.Random(7)
    writer = WARCWriter(to, gzip=False)
    envelopes = []
    info = writer.create_warcinfo_record("crawl.warc", {"software": "test"})
    writer.write_record(info)
    for i in range(records):
        url = "https://host%d.example/page/%d" % (i % 50, i)
        date = DATE % (i // 60 % 60, i % 60)
        status, headers, sent, body = response(rng, i)
        http = StatusAndHeaders("%d OK" % status, headers, protocol="HTTP/1.1")
        extra = {"WARC-Record-ID": rid(i), "WARC-Date": date, "WARC-Identified-Payload-Type": "text/html"}
        if i % 997 == 5:
            extra["WARC-Truncated"] = "length"
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        writer.write_record(writer.create_warc_record(
            url, "request", payload=io.BytesIO(b""), http_headers=request,
            warc_headers_dict={"WARC-Record-ID": rid(10 ** 9 + i), "WARC-Date": date}))
        writer.write_record(writer.create_warc_record(
            url, "response", payload=io.BytesIO(sent), http_headers=http, warc_headers_dict=extra))
        if i % 50 == 0:
            writer.write_record(writer.create_revisit_record(
                url, digest="sha1:AAAA", refers_to_uri=url, refers_to_date=date, http_headers=http,
                warc_headers_dict={"WARC-Record-ID": rid(2 * 10 ** 9 + i), "WARC-Date": date}))
        writer.write_record(writer.create_warc_record(
            url, "metadata", payload=io.BytesIO(b"fetchTimeMs: 12\r\n"),
            warc_headers_dict={"WARC-Record-ID": rid(3 * 10 ** 9 + i), "WARC-Date": date}))
        envelopes.append({
            "url": url, "id": rid(i)[1:-1], "fetched_at": date, "status": status, "headers": headers,
            "body_base64": base64.b64encode(body).decode()})
    return envelopes


def write_wet(to, records):
    rng = random.Random(8)
    writer = WARCWriter(to, gzip=False)
    envelopes = []
    for i in range(records):
        url = "https://host%d.example/text/%d" % (i % 50, i)
        date = DATE % (i // 60 % 60, i % 60)
        lines = [" ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 60))) for _ in range(20)]
        text = ("\n".join(lines) + "\nÄ %d" % i).encode()
        writer.write_record(writer.create_warc_record(
            url, "conversion", payload=io.BytesIO(text), length=len(text),
            warc_content_type="text/plain",
            warc_headers_dict={"WARC-Record-ID": rid(i), "WARC-Date": date,
                               "WARC-Identified-Content-Language": "eng"}))
        envelopes.append({"url": url, "id": rid(i)[1:-1], "fetched_at": date,
                          "content_type": "text/plain", "body_base64": base64.b64encode(text).decode()})
    return envelopes


def cut(data):
    """The records of a plain file, each with its line ends, by warcio's own offsets."""
    it = ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    starts = []
    for record in it:
        record.raw_stream.read()
        starts.append(it.get_record_offset())
    return [data[a:b] for a, b in zip(starts, starts[1:] + [len(data)])]


def put_lines(path, envelopes):
    with open(path, "w") as f:
        for e in envelopes:
            f.write(json.dumps(e) + "\n")


def main():
    out, records = Path(sys.argv[1]), int(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    plain = io.BytesIO()
    put_lines(out / "crawl.jsonl", write_warc(plain, records))
    plain = plain.getvalue()
    pieces = cut(plain)
    (out / "crawl.warc").write_bytes(plain)
    (out / "crawl.warc.gz").write_bytes(b"".join(gzip.compress(p, 6, mtime=0) for p in pieces))
    (out / "stream.warc.gz").write_bytes(gzip.compress(plain, 6, mtime=0))
    (out / "stream.warc.zst").write_bytes(zstandard.ZstdCompressor(write_checksum=True).compress(plain))
    trained = zstandard.train_dictionary(1 << 15, pieces[:2000])
    pack = zstandard.ZstdCompressor(dict_data=trained, write_checksum=True)
    frames = b"".join(pack.compress(p) for p in pieces)
    for name, dictionary in (("crawl.warc.zst", trained.as_bytes()),
                             ("packed-dictionary.warc.zst",
                              zstandard.ZstdCompressor().compress(trained.as_bytes()))):
        head = struct.pack("<II", 0x184D2A5D, len(dictionary))
        (out / name).write_bytes(head + dictionary + frames)
    wet = io.BytesIO()
    put_lines(out / "wet.jsonl", write_wet(wet, records))
    (out / "crawl.wet").write_bytes(wet.getvalue())
    (out / "crawl.wet.gz").write_bytes(b"".join(gzip.compress(p, mtime=0) for p in cut(wet.getvalue())))


main()
