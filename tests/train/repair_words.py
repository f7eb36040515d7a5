#!/usr/bin/env python3
"""Words that are written small: what `repair` must not take for a name that lost its capital.

    tests/train/repair_words.py --sets DIR > filters/data/repair_words.txt

A word is in the list when two sources write it in small letters, and not much rarer than with a
capital inside a sentence. Sources are the sites of the tune halves of the sets, by all the text of
their pages (PAGEMILL names the program that gives it), and Lingua's sentences.
"""
import argparse
import base64
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict

WORD = re.compile(r"(?<![\w’'])[^\W\d_]{3,}(?![\w])")
SETS = ('naeb', 'wcxb', 'readability', 'fundus-test', 'trafilatura', 'htmldate')
SITES, SENTENCES = 2, 3         # sources that must share a word
SHARE = 0.06                    # of its places inside sentences that are small ones, at least
MOST = 40000
# Without case, or with a case of their own.
CASELESS = {'ar', 'fa', 'ga', 'gu', 'he', 'hi', 'ja', 'ka', 'kk', 'ko', 'mn', 'mr', 'pa', 'ta', 'te', 'th',
            'ur', 'zh', 'bn', 'xh', 'zu', 'lg', 'st', 'sn', 'tn', 'ts', 'yo', 'sw', 'so', 'mi', 'la', 'eo', 'ms',
            'tl', 'vi', 'id', 'hy', 'az', 'eu', 'cy', 'af', 'sq', 'mk', 'be', 'bs', 'sr', 'is', 'et', 'lv', 'lt'}


def tune(page_id):
    return hashlib.sha256(page_id.encode()).digest()[0] & 1


def count(text, small, large):
    """Adds the words of a text that stand where their case means something."""
    for line in text.split('\n'):
        for m in WORD.finditer(line):
            word, before = m.group(), line[max(0, m.start() - 2):m.start()]
            if not re.fullmatch(r'[\w,] ', before) and not re.fullmatch(r'. ', before[-2:]) or not before:
                continue
            if re.search(r'[.!?:;"“”«»()\[\]…–—-]', before):
                continue
            if word.islower():
                small[word] += 1
            elif word.istitle():
                large[word.lower()] += 1


def pages(folder):
    """The sites of the tune halves' pages, and all their text."""
    program = os.environ.get('PAGEMILL', 'build/release/pagemill')
    with tempfile.TemporaryDirectory() as scratch:
        config, envelopes = os.path.join(scratch, 'body.json'), os.path.join(scratch, 'in.jsonl')
        with open(config, 'w', encoding='utf-8') as f:
            json.dump({'filters': [{'decode': {}}, {'extract': {'scope': 'body'}}]}, f)
        with open(envelopes, 'w', encoding='utf-8') as out:
            for name in SETS:
                with open(os.path.join(folder, name, 'meta.jsonl'), encoding='utf-8') as metas:
                    for meta in map(json.loads, metas):
                        path = os.path.join(folder, name, 'pages', meta['id'] + '.html')
                        if not tune(meta['id']) or not os.path.exists(path):
                            continue
                        with open(path, 'rb') as page:
                            body = base64.b64encode(page.read()).decode()
                        json.dump({'url': meta.get('url') or 'http://%s.example/' % meta['id'],
                                   'content_type': 'text/html', 'body_base64': body}, out)
                        out.write('\n')
        done = subprocess.run([program, 'enrich', '-c', config, '--format', 'json', envelopes],
                              stdout=subprocess.PIPE, check=False)
    for record in map(json.loads, done.stdout.splitlines()):
        yield record.get('host') or record['id'], record.get('text', '')


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('--sets', required=True)
    args = ap.parse_args()
    small, large, sites, said = Counter(), Counter(), defaultdict(set), Counter()
    for host, text in pages(args.sets):
        here = Counter()
        count(text, here, large)
        small.update(here)
        for word in here:
            sites[word].add(host)
    with open(os.path.join(args.sets, 'lid_lingua', 'sentences.dev.tsv'), encoding='utf-8') as f:
        for language, sentence in csv.reader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
            if language in CASELESS:
                continue
            here = Counter()
            count(sentence, here, large)
            small.update(here)
            said.update(here.keys())
    kept = {}
    for word, n in small.items():
        if n < SHARE * (n + large[word]) or len(word.encode()) > 60:
            continue
        if len(sites[word]) >= SITES or said[word] >= SENTENCES:
            kept[word] = len(sites[word]) + said[word]
    print(len(kept), file=sys.stderr)
    for word in sorted(sorted(kept, key=lambda w: (-kept[w], w))[:MOST]):
        print(word)


if __name__ == '__main__':
    main()
