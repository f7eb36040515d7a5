"""lexbor's parser, through selectolax, over the pages that `bench --contents` wrote: a peer."""

import sys
import time

from selectolax.lexbor import LexborHTMLParser


def contents(path):
    with open(path, "rb") as f:
        for line in f:
            yield f.read(int(line))


def main():
    pages = list(contents(sys.argv[1]))
    for _ in sys.stdin:
        took = []
        for page in pages:
            start = time.thread_time_ns()
            LexborHTMLParser(page)
            took.append(time.thread_time_ns() - start)
        row = [len(pages), sum(map(len, pages)), sum(took)]
        took.sort()
        row += [took[len(took) // 2], took[len(took) * 99 // 100], took[-1], 0]
        print("lexbor", *row)
        print("end", flush=True)


if __name__ == "__main__":
    main()
