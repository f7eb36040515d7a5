#!/usr/bin/env python3
"""Short flattened pages out of long ones: the furniture next to the text, the text's first sentences.

  flat_short.py --sets DIR --flat DIR --out OUT [--set name,name] [--text 260-520]

Of FLAT/NAME/page-lines/<id>.txt the last lines above the main text stay, its first lines up to a length
drawn from --text, and the first lines below it. Written are OUT/sets/NAME-short/meta.jsonl and truth/,
and OUT/flat/NAME-short/WAY/<id>.txt, where WAY is `one-line`, `lines` or `clean` (the text without furniture, in
one line): what tests/eval/flat.py takes.
"""
import argparse
import hashlib
import json
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'train'))
import flat_labels

ABOVE, BELOW = (3, 10), (3, 10)         # lines of furniture
LINE_MOST = 160                         # characters of one: a longer one is rather text that truth lacks
SENTENCE = re.compile(r'(?<=[.!?])\s+(?=\S)|(?<=[。！？])')


def shortened(lines, room):
    """Whole sentences of the first lines, about as much as `room`."""
    out = []
    for line in lines:
        kept = ''
        for sentence in SENTENCE.split(line):
            if kept and room <= 0:
                break
            kept += (' ' if kept and not kept.endswith(tuple('。！？')) else '') + sentence
            room -= len(sentence)
        out.append(kept)
        if room <= 0:
            break
    return out


def cut(lines, y, draw, text):
    """Furniture above, text, furniture below, as lists of lines; None: the page has no such places."""
    main = [i for i, v in enumerate(y) if v >= 0.8 and len(lines[i]) >= 60]
    if not main:
        return None
    first = last = main[0]
    while last + 1 < len(lines) and y[last + 1] >= 0.8:
        last += 1
    end = max(main)
    body = shortened(lines[first:last + 1], draw.randint(*text))
    other = [i for i, v in enumerate(y) if v <= 0.1 and len(lines[i]) <= LINE_MOST]
    above = [i for i in other if i < first][-draw.randint(*ABOVE):]
    below = [i for i in other if i > end][:draw.randint(*BELOW)]
    if len(above) + len(below) < 4 or sum(map(len, body)) < 120:
        return None
    return [lines[i] for i in above], body, [lines[i] for i in below]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--flat', required=True)
    ap.add_argument('--out', required=True)
    ap.add_argument('--set', default='naeb,fundus-test')
    ap.add_argument('--text', default='260-520')
    ap.add_argument('--suffix', default='-short', help='of the names of what is written')
    args = ap.parse_args()
    text = tuple(int(n) for n in args.text.split('-'))
    for name in args.set.split(','):
        meta = []
        with open(os.path.join(args.sets, name, 'meta.jsonl'), encoding='utf-8') as f:
            for m in map(json.loads, f):
                path = os.path.join(args.flat, name, 'page-lines', m['id'] + '.txt')
                truth = os.path.join(args.sets, name, 'truth', m['id'] + '.txt')
                if not os.path.exists(path) or not os.path.exists(truth):
                    continue
                with open(path, encoding='utf-8') as f2:
                    lines = [line.strip() for line in f2 if line.strip()]
                with open(truth, encoding='utf-8') as f2:
                    letters = flat_labels.letters(f2.read())
                y, found = flat_labels.label(lines, letters, flat_labels.grams_of(letters))
                seed = int(hashlib.sha256(m['id'].encode()).hexdigest()[:12], 16)
                got = cut(lines, y, random.Random(seed), text) if found >= 0.5 else None
                if not got:
                    continue
                meta.append(m)
                above, body, below = got
                ways = {'one-line': ' '.join(above + body + below), 'lines': '\n'.join(above + body + below),
                        'clean': ' '.join(body)}
                for way, what in ways.items():
                    write(os.path.join(args.out, 'flat', name + args.suffix, way, m['id'] + '.txt'), what + '\n')
                write(os.path.join(args.out, 'sets', name + args.suffix, 'truth', m['id'] + '.txt'), '\n'.join(body) + '\n')
        write(os.path.join(args.out, 'sets', name + args.suffix, 'meta.jsonl'),
              ''.join(json.dumps(m, ensure_ascii=False) + '\n' for m in meta))
        print(name, len(meta), 'pages')


if __name__ == '__main__':
    main()
