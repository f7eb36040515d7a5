#!/usr/bin/env python3
"""Trains what filters/data/ holds for flattened text: weights of words, and a model of trees.

  flat_train.py --sets DIR --flat DIR --sentences FILE

Needs CatBoost and numpy (development only). DIR/SET holds meta.jsonl and truth/ of each set, --flat
the same pages flattened as SET/WAY/<id>.txt (tests/eval/flatten.py; NAME-short and NAME-shorter are what
tests/eval/flat_short.py makes of NAME, synth is tests/train/flat_synth.py's), --sentences a language and a
sentence a line.
Looks at the tune half of each set only (tests/eval/evaluate.py), is the same every time, and prints
how well pieces are told apart where neither model nor words have seen the page's host.
"""
import argparse
import hashlib
import json
import math
import multiprocessing
import os
import subprocess
import sys
import time
import urllib.parse
from collections import defaultdict

import catboost
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'eval')]
import evaluate
import export
import flat_labels
import flat_words

# How much a page of each set counts, and how many ways of flattening it are looked at.
# Those of short pages teach the model of texts that lost their lines (--joined) alone.
SETS = {'naeb': (2.0, 10), 'wcxb': (0.7, 3), 'readability': (1.2, 5), 'fundus-test': (1.3, 7)}
JOINED = {'naeb-short': (0.6, 3), 'fundus-test-short': (0.6, 3), 'naeb-shorter': (0.5, 3),
        'fundus-test-shorter': (0.5, 3), 'synth': (0.4, 2)}
# How much a way counts beside the others.
WAYS = {'box-lines': 2.0, 'page-lines': 2.0}
# Sets whose truth is also looked at as a text that has no furniture.
CLEAN, CLEAN_WEIGHT = ('naeb', 'fundus-test', 'wcxb'), 0.5
# A page where the first model would keep this many times its truth and more has a truth that breaks
# off: it teaches nothing.
BROKEN = 0.6
FOLDS = 3
SEED = 7
WIDTH = 59              # features of a piece


def digest(*what):
    return int(hashlib.sha256('\0'.join(what).encode()).hexdigest()[:12], 16)


class Page:
    """One page, flattened one way."""


def read_pages(args, half='tune'):
    pages = []
    for name in args.set.split(','):
        weight, most = {**SETS, **JOINED}[name]
        folder, flat = os.path.join(args.sets, name), os.path.join(args.flat, name)
        for m in evaluate.read_meta(folder):
            if evaluate.half(m['id']) != half:
                continue
            host = urllib.parse.urlsplit(m.get('url') or '').hostname or m['id']
            host = '.'.join(host.split('.')[-2:])
            ways = [w for w in sorted(os.listdir(flat))
                    if os.path.exists(os.path.join(flat, w, m['id'] + '.txt'))]
            ways.sort(key=lambda w: (w not in WAYS, digest(m['id'], w)))
            for way in ways[:most]:
                p = Page()
                p.set, p.id, p.host, p.way = name, m['id'], host, way
                p.kind = m.get('page_type')
                p.path = os.path.join(flat, way, m['id'] + '.txt')
                p.truth = os.path.join(folder, 'truth', m['id'] + '.txt')
                p.fold = digest(host) % FOLDS
                p.weight = weight * WAYS.get(way, 1.0) * (0.5 if p.kind not in (None, 'article') else 1)
                pages.append(p)
            if name in CLEAN and ways:
                p = Page()
                p.set, p.id, p.host, p.way, p.kind = name, m['id'], host, 'clean', None
                p.path = p.truth = os.path.join(folder, 'truth', m['id'] + '.txt')
                p.fold, p.weight = digest(host) % FOLDS, weight * CLEAN_WEIGHT
                pages.append(p)
    return pages


def run(args, pages, *command):
    listing = ''.join(p.path + '\n' for p in pages)
    done = subprocess.run([args.pieces, *command], input=listing.encode(), stdout=subprocess.PIPE,
                          check=True)
    return done.stdout


def label_page(job):
    pieces, path = job
    with open(path, encoding='utf-8') as f:
        truth = flat_labels.letters(f.read())
    return flat_labels.label(pieces, truth, flat_labels.grams_of(truth))


def prepare(args):
    pages = read_pages(args)
    out = run(args, pages, 'text').decode('utf-8').split('\n')
    for p, line in zip(pages, out):
        p.pieces = json.loads(line)
    with multiprocessing.Pool(2) as pool:
        labels = pool.map(label_page, [(p.pieces, p.truth) for p in pages], chunksize=16)
    kept = []
    for p, (y, found) in zip(pages, labels):
        p.y, p.found, p.broken = y, found, False
        # A truth that isn't on the page teaches nothing, and pages without a text are another matter.
        if p.pieces and found >= 0.5:
            kept.append(p)
    print(len(kept), 'of', len(pages), 'pages,', sum(len(p.y) for p in kept), 'pieces', flush=True)
    return kept


def table(args, words, name):
    """The words' weights as a table that the piece reader takes."""
    path = os.path.join(args.scratch, name)
    rows = flat_words.rows(words)
    with open(args.phrases, encoding='utf-8') as f:
        rows += f.read()
    with open(path, 'w') as out:
        subprocess.run([args.generator], input=rows.encode(), stdout=out, check=True)
    return path


def matrices(args, pages, path):
    """Features of all pieces of the pages, one row each."""
    out = run(args, pages, 'matrix', path)
    at, rows = 0, []
    for p in pages:
        n = int.from_bytes(out[at:at + 4], sys.byteorder)
        at += 4
        rows.append(np.frombuffer(out, np.int16, n * WIDTH, at).reshape(n, WIDTH))
        at += n * WIDTH * 2
        if n != len(p.y):
            raise SystemExit('%s: %d pieces, then %d' % (p.path, len(p.y), n))
    return rows


def weights(p):
    words = np.array([len(t.split()) + 2.0 for t in p.pieces])
    y = np.array(p.y)
    return p.weight * np.minimum(words, 120) / (float(words @ y) + 60)


def fit(pages, rows, trees, rate, seed=SEED):
    rows = [r for p, r in zip(pages, rows) if not p.broken]
    pages = [p for p in pages if not p.broken]
    model = catboost.CatBoostClassifier(
        iterations=trees, depth=export.DEPTH, learning_rate=rate, loss_function='CrossEntropy',
        random_seed=seed, thread_count=2, verbose=False, border_count=96, l2_leaf_reg=6.0,
        rsm=0.5, bootstrap_type='Bernoulli', subsample=0.7, allow_writing_files=False)
    x, y = np.concatenate(rows), np.concatenate([p.y for p in pages])
    w = np.concatenate([weights(p) for p in pages])
    model.fit(catboost.Pool(x.astype(np.float32), y, weight=w / w.mean()))
    return model


def scores(model, rows):
    if not rows:
        return []
    raw = model.predict(np.concatenate(rows).astype(np.float32), prediction_type='RawFormulaVal')
    raw = np.clip(np.trunc(raw * 64), -1023, 1023).astype(np.int16)
    return np.split(raw, np.cumsum([len(r) for r in rows])[:-1])


def likeliest(p, s):
    """What filters/boilerplate/decide.c keeps: the likeliest pieces that make the best expected F1, what
    is taken counting a little more."""
    words = np.array([len(t.split()) + 1.0 for t in p.pieces])
    chance = 1 / (1 + np.exp(-s / 64.0))
    order = np.argsort(-chance, kind='stable')
    good, taken = np.cumsum((words * chance)[order]), np.cumsum(words[order])
    at = int(np.argmax(good / (1.15 * taken + (words * chance).sum())))
    return (chance >= min(chance[order[at]], 0.68)).astype(float)


def broken(p, s):
    words = np.array([len(t.split()) for t in p.pieces], float)
    y = np.array(p.y)
    return float((words * (1 - y)) @ (s > 60)) > BROKEN * float(words @ y) and p.way != 'clean'


def page_f1(p, keep):
    """An estimate of the shingle F1 of a page by its pieces' words."""
    words = np.array([len(t.split()) for t in p.pieces], float)
    y = np.array(p.y)
    kept = float(words @ keep)
    good = float((words * y) @ keep)
    total = float(words @ y) / max(p.found, 0.5)
    return (good / kept if kept else None), (good / total if total else None)


def report(pages, said):
    groups = defaultdict(list)
    for p, s in zip(pages, said):
        got = page_f1(p, likeliest(p, s))
        for g in ((p.set, p.way), (p.set, 'all')):
            groups[g].append(got)
    for g in sorted(groups):
        pr = [x[0] for x in groups[g] if x[0] is not None]
        re = [x[1] for x in groups[g] if x[1] is not None]
        a, b = sum(pr) / len(pr), min(1.0, sum(re) / len(re))
        print(f'  {g[0]:12s} {g[1]:16s} P {a:.3f} R {b:.3f} F {2 * a * b / (a + b):.3f}  '
              f'{len(groups[g])}', flush=True)


def cross_fit(args, pages):
    """The features of each page by words that have not seen its host; pages whose truth breaks off are
    marked, by a model that has not seen their host either."""
    folds = [[i for i, p in enumerate(pages) if p.fold == k] for k in range(FOLDS)]
    known = flat_words.function_words(args.sentences)
    rows, said = [None] * len(pages), [None] * len(pages)
    for k, ids in enumerate(folds):
        path = table(args, flat_words.learn([p for p in pages if p.fold != k], known), 'table%d' % k)
        for i, r in zip(ids, matrices(args, [pages[i] for i in ids], path)):
            rows[i] = r
    for ids in folds:
        inside = set(ids)
        rest = [i for i in range(len(pages)) if i not in inside]
        model = fit([pages[i] for i in rest], [rows[i] for i in rest], args.trees, args.rate)
        for i, s in zip(ids, scores(model, [rows[i] for i in ids])):
            said[i] = s
    for p, s in zip(pages, said):
        p.broken = broken(p, s)
    report(pages, said)
    print(sum(p.broken for p in pages), 'pages have more text than their truth', flush=True)
    return rows


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--flat', required=True)
    ap.add_argument('--sentences', required=True)
    ap.add_argument('--set', help='left out: all that the model takes')
    ap.add_argument('--joined', action='store_true', help='the model of texts that lost their lines')
    ap.add_argument('--pieces', default='build/release/tests/train/pieces')
    ap.add_argument('--generator', default='build/release/gen/bin/boilerplate')
    ap.add_argument('--phrases', default='filters/data/boilerplate_phrases.txt')
    ap.add_argument('--out', default='filters/data')
    ap.add_argument('--scratch', default='build/train')
    ap.add_argument('--trees', type=int, default=140)
    ap.add_argument('--rate', type=float, default=0.12)
    args = ap.parse_args()
    args.set = args.set or ','.join([*SETS, *(JOINED if args.joined else ())])
    os.makedirs(args.scratch, exist_ok=True)
    began = time.monotonic()
    pages = prepare(args)
    rows = cross_fit(args, pages)
    export.trees(os.path.join(args.out, 'boilerplate_joined.inc' if args.joined else 'boilerplate_trees.inc'), fit(pages, rows, args.trees, args.rate),
                 range(WIDTH), 'only', os.path.join(args.scratch, 'model.json'))
    if args.joined:
        return
    words = flat_words.learn(pages, flat_words.function_words(args.sentences))
    with open(os.path.join(args.out, 'boilerplate_words.txt'), 'w', encoding='utf-8') as f:
        f.write(flat_words.rows(words))
    print('%.0f seconds' % (time.monotonic() - began))


if __name__ == '__main__':
    main()
