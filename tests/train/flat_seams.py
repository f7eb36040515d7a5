#!/usr/bin/env python3
"""Trains where lines ended in a text that lost them: filters/data/boilerplate_seams.inc.

  flat_seams.py --sets DIR --lines DIR

Needs CatBoost and numpy (development only). DIR/SET holds meta.jsonl (for ids and hosts), --lines the
pages of each set with one block a line, as SET/<id>.txt or SET/page-lines/<id>.txt; synth is what
tests/train/flat_synth.py makes. Looks at the tune
half alone (tests/eval/evaluate.py), is the same every time, and prints how well ends of lines are found on
hosts that the model has not seen.
"""
import argparse
import hashlib
import os
import subprocess
import sys
import time
import urllib.parse

import catboost
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'eval')]
import evaluate
import export

WIDTH = 60              # features of a place
MARK = 1                # the feature that says which sign stands there
STOPS = (3, 4)          # signs that end sentences: the text is cut there anyway
STOP_WEIGHT = 0.15
# Of ends of lines that are alike, and of those where a short line stands by a long one: there text begins.
LABEL_WEIGHTS = np.array([1.0, 0.5, 4.0])
WAYS = {'blank': 1.0, 'glue': 0.6}
PAGE_MOST = 700         # places of a page that are looked at: all ends by long lines, and some of the others
FOLDS = 3
SEED = 7


def digest(*what):
    return int(hashlib.sha256('\0'.join(what).encode()).hexdigest()[:12], 16)


def pages_of(args):
    """(path, fold) of each page of the tune half; one page a path."""
    out = []
    for name in args.set.split(','):
        for m in evaluate.read_meta(os.path.join(args.sets, name)):
            if evaluate.half(m['id']) != 'tune':
                continue
            host = urllib.parse.urlsplit(m.get('url') or '').hostname or m['id']
            host = '.'.join(host.split('.')[-2:])
            for way in ('page-lines', ''):
                path = os.path.join(args.lines, name, way, m['id'] + '.txt')
                if os.path.exists(path):
                    out.append((path, digest(host) % FOLDS))
                    break
    return out


def matrices(args, paths, way):
    done = subprocess.run([args.seams, way], input=''.join(p + '\n' for p in paths).encode(),
                          stdout=subprocess.PIPE, check=True)
    at, out = 0, []
    for _ in paths:
        n = int.from_bytes(done.stdout[at:at + 4], sys.byteorder)
        out.append(np.frombuffer(done.stdout, np.int16, n * (WIDTH + 1), at + 4).reshape(n, WIDTH + 1))
        at += 4 + n * (WIDTH + 1) * 2
    return out


def fit(rows, weights, trees, rate):
    x = np.concatenate(rows)
    model = catboost.CatBoostClassifier(
        iterations=trees, depth=export.DEPTH, learning_rate=rate, loss_function='Logloss', random_seed=SEED,
        thread_count=2, verbose=False, border_count=64, l2_leaf_reg=6.0, rsm=0.5,
        bootstrap_type='Bernoulli', subsample=0.5, allow_writing_files=False)
    model.fit(catboost.Pool(x[:, 1:].astype(np.float32), x[:, 0] > 0, weight=np.concatenate(weights)))
    return model


def report(name, y, s, w):
    for cut in (-64, -32, 0, 32, 64):
        said = s > cut
        good = float((w * y * said).sum())
        print(f'  {name:6s} above {cut:4d}: P {good / max(1, (w * said).sum()):.3f} '
              f'R {good / max(1, (w * y).sum()):.3f}', flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--lines', required=True)
    ap.add_argument('--set', default='naeb,wcxb,readability,fundus-test,trafilatura,htmldate,synth')
    ap.add_argument('--seams', default='build/release/tests/train/seams')
    ap.add_argument('--out', default='filters/data')
    ap.add_argument('--scratch', default='build/train')
    ap.add_argument('--trees', type=int, default=100)
    ap.add_argument('--rate', type=float, default=0.2)
    ap.add_argument('--folds', type=int, default=1, help='how many of the folds are tried')
    args = ap.parse_args()
    os.makedirs(args.scratch, exist_ok=True)
    began = time.monotonic()
    pages = pages_of(args)
    rows, weights, folds, ways = [], [], [], []
    for way, weight in WAYS.items():
        for r, (path, fold) in zip(matrices(args, [p for p, _ in pages], way), pages):
            if len(r) == 0:
                continue
            if len(r) > PAGE_MOST:
                draw = np.random.default_rng(digest(path, way))
                r = r[draw.random(len(r)) < np.where(r[:, 0] == 2, 1.0, PAGE_MOST / len(r))]
            stop = np.isin(r[:, 1 + MARK], STOPS)
            rows.append(r)
            weights.append(weight * np.where(stop, STOP_WEIGHT, LABEL_WEIGHTS[r[:, 0]]))
            folds.append(fold)
            ways.append(way)
    print(len(pages), 'pages,', sum(map(len, rows)), 'places', flush=True)
    for k in range(args.folds):
        inside = [i for i, f in enumerate(folds) if f != k]
        model = fit([rows[i] for i in inside], [weights[i] for i in inside], args.trees, args.rate)
        for way in WAYS:
            ids = [i for i, f in enumerate(folds) if f == k and ways[i] == way]
            x, w = np.concatenate([rows[i] for i in ids]), np.concatenate([weights[i] for i in ids])
            s = model.predict(x[:, 1:].astype(np.float32), prediction_type='RawFormulaVal') * 64
            report(way, x[:, 0] > 0, s, w)
            report(way + '!', x[:, 0] == 2, s, np.isin(x[:, 0], (0, 2)) * np.where(w < 0.2, 0, 1))
    model = fit(rows, weights, args.trees, args.rate)
    export.trees(os.path.join(args.out, 'boilerplate_seams.inc'), model, range(WIDTH), 'only',
                 os.path.join(args.scratch, 'seams.json'))
    print('%.0f seconds' % (time.monotonic() - began))


if __name__ == '__main__':
    main()
