"""One peer over the pages of a file of envelopes: "go" on standard input measures a round.

    peer.py PEER FILE

Pages lie in memory before anything is measured. A page that a peer can't take counts as one that
failed, and what it took as time.
"""

import base64
import json
import sys
import time


def trafilatura(**options):
    import trafilatura

    def extract(page, url):
        return trafilatura.extract(
            page, url=url, output_format="json", with_metadata=True, **options
        )

    return extract


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def extract(page, url):
        return extract_plain_text(bytes_to_str(page, detect_encoding(page)), main_content=True)

    return extract


def selectolax():
    from selectolax.lexbor import LexborHTMLParser

    def extract(page, url):
        tree = LexborHTMLParser(page)
        tree.strip_tags(["script", "style", "template", "noscript"])
        return tree.body.text(separator="\n") if tree.body else ""

    return extract


PEERS = {
    "trafilatura": lambda: trafilatura(),
    "trafilatura-fast": lambda: trafilatura(fast=True),
    "resiliparse": resiliparse,
    "selectolax": selectolax,
}


def main():
    peer, path = sys.argv[1:]
    extract = PEERS[peer]()
    with open(path) as lines:
        pages = [json.loads(line) for line in lines]
    pages = [(base64.b64decode(page["body_base64"]), page.get("url")) for page in pages]
    size = sum(len(page) for page, _ in pages)
    for _ in sys.stdin:
        failed = 0
        start, clock = time.process_time_ns(), time.monotonic_ns()
        for page, url in pages:
            try:
                extract(page, url)
            except Exception:
                failed += 1
        took, wall = time.process_time_ns() - start, time.monotonic_ns() - clock
        print(peer, len(pages), size, wall, took, failed)
        print("end", flush=True)


if __name__ == "__main__":
    main()
