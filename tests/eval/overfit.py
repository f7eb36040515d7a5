#!/usr/bin/env python3
"""Whether what was learnt from one half of the sets is true of the other half too.

  overfit.py --evaluate EVALUATE.py --sets DIR --ours DIR --peer DIR [--set name,name]

--ours and --peer hold predictions as evaluate.py leaves them (NAME/<id>.txt), the peer's by a program
that has seen neither half: its gap says how much harder one half is than the other. For each set and its
measure the gap (tune less held) of both, their difference, and the difference's 95 % interval by
bootstrap over pages, each page with both programs' scores. An interval above 0 is over-fitting.
"""
import argparse
import importlib.util
import os
import random

import evaluate

SEED = 1


def load_judge(path):
    spec = importlib.util.spec_from_file_location('judge', path)
    judge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(judge)
    return judge


def page_scores(judge, group, predictions, folder, page_id):
    """What the measure sums up over pages: a tuple of numbers; None where the page has no truth."""
    row = judge.one((page_id, predictions, folder, {group}, 'space'))
    return row.get(group)


def measure(group, rows):
    """As the judge has it, from sums over pages: the bootstrap asks thousands of times."""
    if group == 'word':
        return sum(r[2] for r in rows) / len(rows)
    if group == 'snip':
        tp, fp, fn = (sum(r[k] for r in rows) for k in range(3))
        return 2 * tp / (2 * tp + fp + fn)
    # Precision over pages with output, recall over pages with a truth.
    p = [1.0 if fp == fn == 0 else tp / (tp + fp) for tp, fp, fn, _ in rows if tp + fp > 0]
    r = [1.0 if fp == fn == 0 else tp / (tp + fn) for tp, fp, fn, _ in rows if tp + fn > 0]
    p, r = sum(p) / max(1, len(p)), sum(r) / max(1, len(r))
    return 2 * p * r / (p + r) if p + r else 0.0


def gaps(group, halves):
    """Ours, the peer's: the measure on the tune half less that on the held one."""
    return [measure(group, [both[who] for both in halves['tune']]) -
            measure(group, [both[who] for both in halves['held']]) for who in (0, 1)]


def interval(group, halves, times):
    rnd = random.Random(SEED)
    found = []
    for _ in range(times):
        ours, peer = gaps(group, {h: rnd.choices(rows, k=len(rows)) for h, rows in halves.items()})
        found.append(ours - peer)
    found.sort()
    return found[int(times * 0.025)], found[int(times * 0.975) - 1]


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--evaluate', required=True)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--ours', required=True)
    ap.add_argument('--peer', required=True)
    ap.add_argument('--set', default='naeb,wcxb,readability,trafilatura,fundus-test')
    ap.add_argument('--times', type=int, default=1000, help='bootstrap samples')
    args = ap.parse_args()
    judge = load_judge(args.evaluate)
    print(f'{"set":12s} {"measure":20s}  {"ours":>15s} {"gap":>7s}  {"peer":>15s} {"gap":>7s}  '
          f'{"difference":>10s}  95 % interval')
    for name in args.set.split(','):
        folder = os.path.join(args.sets, name)
        meta = evaluate.read_meta(folder)
        for label, group, metric, kind in evaluate.MEASURES[name]:
            if metric != 'f1':
                continue
            halves = {'tune': [], 'held': []}
            for m in meta:
                both = [page_scores(judge, group, os.path.join(where, name), folder, m['id'])
                        for where in (args.ours, args.peer)]
                if None not in both and kind in (None, m.get('page_type')):
                    halves[evaluate.half(m['id'])].append(both)
            shown = []
            for who, gap in enumerate(gaps(group, halves)):
                t, h = (measure(group, [b[who] for b in halves[k]]) for k in ('tune', 'held'))
                shown.append(f'{t:.4f} / {h:.4f} {gap:+7.4f}')
            ours, peer = gaps(group, halves)
            low, high = interval(group, halves, args.times)
            print(f'{name:12s} {label:20s}  {shown[0]}  {shown[1]}  {ours - peer:+10.4f}  '
                  f'{low:+.4f} to {high:+.4f}{"  over-fitting" if low > 0 else ""}', flush=True)


if __name__ == '__main__':
    main()
