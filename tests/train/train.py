#!/usr/bin/env python3
"""Trains what filters/data/ holds for the main text: weights of words, and two models of trees.

  train.py --sets DIR --features build/release/tests/train/features --out filters/data

Needs CatBoost and numpy (development only). Looks at the tune half of each set only
(tests/eval/evaluate.py says which that is), is the same every time, and prints how well blocks are told
apart in cross-validation by hosts. Steps: label blocks by the truth; learn words' weights and the first
model, each block judged by models that have not seen its host; learn the second model on the first's
judgements; learn all three once more from everything and write them.
"""
import argparse
import hashlib
import json
import math
import os
import pickle
import re
import subprocess
import sys
import urllib.parse
from collections import defaultdict

import catboost
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'eval')]
import evaluate
import labels

# How much a page of each set counts.
SETS = {'naeb': 2.0, 'wcxb': 1.2, 'readability': 1.5, 'trafilatura': 0.6, 'fundus-test': 1.2}
FOLDS = 5
SEED = 7
WORDS_MOST = 9000
# These tell pages apart rather than kinds of pages: with them models learn pages by heart.
LEFT_OUT = {'url_length', 'url_digits', 'title_words', 'page_inputs', 'page_prices', 'page_headings',
            'page_blocks', 'box_inputs', 'index', 'before'}


class Page:
    pass


def host_fold(url, page_id):
    host = urllib.parse.urlsplit(url or '').hostname or page_id
    host = '.'.join(host.split('.')[-2:])
    return int(hashlib.sha256(host.encode()).hexdigest()[:8], 16) % FOLDS, host


def read_truth(folder, page_id):
    text = os.path.join(folder, 'truth', page_id + '.txt')
    snips = os.path.join(folder, 'truth', page_id + '.json')
    if os.path.exists(text):
        return open(text, encoding='utf-8').read(), None
    return None, json.load(open(snips, encoding='utf-8'))


def read_pages(args, half):
    pages = []
    for name in args.set.split(','):
        folder = os.path.join(args.sets, name)
        if not os.path.isdir(folder):
            continue
        for m in evaluate.read_meta(folder):
            path = os.path.join(folder, 'pages', m['id'] + '.html')
            if evaluate.half(m['id']) != half or not os.path.exists(path):
                continue
            p = Page()
            p.set, p.id, p.url, p.path, p.folder = name, m['id'], m.get('url') or '', path, folder
            p.kind = m.get('page_type')
            p.fold, p.host = host_fold(p.url, p.id)
            pages.append(p)
    return pages


def mute(p):
    return '\t' if hashlib.sha256(p.id.encode()).digest()[1] < (160 if p.set == 'wcxb' else 60) else ''


def run(args, mode, pages, *more):
    # What scripts say is left out on some pages, so that nothing depends on it.
    listing = ''.join(f'{p.path}\t{p.url}{mute(p)}\n' for p in pages)
    out = subprocess.run([args.features, mode, *more], input=listing.encode(),
                         stdout=subprocess.PIPE, check=True)
    return out.stdout


def read_words(args, pages):
    for p, line in zip(pages, run(args, 'words', pages, '/dev/null').split(b'\n')):
        r = json.loads(line)
        p.names, p.blocks = r['names'], r['blocks']
        texts = [b['text'] for b in p.blocks]
        truth, snips = read_truth(p.folder, p.id)
        if truth is not None:
            p.y, p.n, p.found = labels.label(texts, truth)
            p.truth_words = len(labels.words(truth))
        else:
            p.y, p.n = labels.snippets(texts, snips.get('with', []), snips.get('without', []))
            p.found, p.truth_words = 1.0, 0
        p.y, p.n = np.array(p.y, float), np.array(p.n, float)


def small(s):
    """Lower case in ASCII only, as the library has it."""
    return s.encode().lower().decode()


# -- words ------------------------------------------------------------------------------------------

def log_odds(main, total, hosts, prior, strength):
    p = (main + strength * prior) / (total + strength)
    value = 16 * (math.log(p / (1 - p)) - math.log(prior / (1 - prior)))
    return max(-127, min(127, round(value)))


def learn_words(pages, least_hosts=5):
    """Weights by key: what share of the text that a word stands on is main, on how many hosts. Each
    host counts once for a word, however many pages and elements it has."""
    seen = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0, 0.0, 0.0]))
    spelled = {}
    for p in pages:
        known = p.y >= 0
        if p.set == 'trafilatura' or not known.any() or p.found < 0.5:
            continue
        w = np.sqrt(p.n + 1) * known
        main = w * p.y
        cum_w, cum_m = np.concatenate([[0], np.cumsum(w)]), np.concatenate([[0], np.cumsum(main)])
        nodes = np.array([b['node'] for b in p.blocks])
        total_w = cum_w[-1] or 1
        stack = []
        for node, last, words in p.names:
            while stack and stack[-1][0] < node:
                stack.pop()
            a, b = np.searchsorted(nodes, node), np.searchsorted(nodes, last, 'right')
            if b <= a:
                continue
            ww, mm = cum_w[b] - cum_w[a], cum_m[b] - cum_m[a]
            around = stack[-1][1] if stack else 0.0
            # Inside: what the element holds where what is around it is main for the most part.
            stack.append((last, mm / ww if ww else 0.0))
            for key, space, word in set(map(tuple, words)):
                s = seen[key][p.host]
                s[0] += mm / total_w
                s[1] += ww / total_w
                if around > 0.5:
                    s[2] += mm / ww if ww else 0
                    s[3] += 1
                spelled[key] = ('role' if space == 2 else 'name', word)
        # Words of text count in short blocks; inside means near main text.
        good = np.flatnonzero(p.y > 0.5)
        near = np.zeros(len(p.y), bool)
        for g in good:
            near[max(0, g - 2):g + 6] = True
        for i, b in enumerate(p.blocks):
            if not known[i] or p.n[i] > 40:
                continue
            keys = {(k, ('text', small(w))) for k, _, w in b['words'] if len(w.encode()) <= 32}
            if 0 < p.n[i] <= 12 and len(b['text'].encode()) <= 96 and '\n' not in b['text'] and '\t' not in b['text']:
                keys.add((b['line'], ('line', re.sub('[0-9]+', '#', small(b['text'])))))
            for key, word in keys:
                s = seen[key][p.host]
                s[0] += p.y[i]
                s[1] += 1
                if near[i]:
                    s[2] += p.y[i]
                    s[3] += 1
                spelled[key] = word
    table = {}
    for key, hosts in seen.items():
        if len(hosts) < least_hosts:
            continue
        a = b = c = d = 0.0
        n = m = 0
        for s in hosts.values():
            a += s[0] / s[1] if s[1] else 0
            n += 1
            if s[3]:
                c += s[2] / s[3]
                m += 1
        name = spelled[key][0] in ('name', 'role')
        anywhere = log_odds(a, n, n, 0.35 if name else 0.25, 4)
        inside = log_odds(c, m, m, 0.85 if name else 0.6, 4) if m >= 3 else 0
        if abs(anywhere) < 8 and abs(inside) < 8:
            continue
        table[key] = (anywhere, inside, spelled[key], math.sqrt(n) * max(abs(anywhere), abs(inside)))
    # Those that tell most; the table's size is filters/gen/main_words.c's.
    most = sorted(table, key=lambda k: (-table[k][3], k))[:WORDS_MOST]
    return {k: table[k] for k in most}


def write_weights(path, table):
    with open(path, 'w') as f:
        for key in sorted(table):
            f.write(f'{key} {table[key][0]} {table[key][1]}\n')


def doubt(pages, scores):
    """Truths end early now and then, and so would every page like theirs: what stands behind the last
    main block but is main beyond doubt to models that have not seen the host counts as unknown."""
    n = 0
    for p, s in zip(pages, scores):
        if p.set == 'trafilatura' or not (p.y > 0.5).any():
            continue
        behind = np.arange(len(p.y)) > np.flatnonzero(p.y > 0.5)[-1]
        unsure = behind & (p.y < 0.2) & (p.n >= 12) & (s > 110)
        if (p.n * unsure).sum() > 40:
            p.y = np.where(unsure, -1.0, p.y)
            n += 1
    print(n, 'truths that end early')


# -- features and models ----------------------------------------------------------------------------

def matrices(args, pages, weights, scores=None):
    more = [weights]
    if scores is not None:
        path = weights + '.scores'
        np.concatenate(scores).astype(np.int16).tofile(path)
        more.append(path)
    raw = run(args, 'matrix', pages, *more)
    at, out = 0, []
    width = len(args.names)
    for p in pages:
        n = int(np.frombuffer(raw, np.int32, 1, at)[0])
        at += 4
        out.append(np.frombuffer(raw, np.int16, n * width, at).reshape(n, width))
        at += n * width * 2
    return out


def weights_of(p, power=0.75):
    """Blocks count by length, pages alike."""
    w = (p.n + 1) ** power * (p.y >= 0)
    if p.set == 'trafilatura':
        return np.minimum(w, 20) / 60 * SETS[p.set]
    total = w[p.y > 0.5].sum()
    if p.found < 0.6 or total == 0:
        return w * 0
    # What is far from main text in sheer mass must not drown it.
    w = w / (total + 0.25 * w.sum())
    return w * SETS[p.set]


def fit(xs, pages, use, columns, rounds, depth, rate):
    """Trees that ask one question a level (oblivious ones): the library answers them for eight blocks at
    once without a branch."""
    x = np.concatenate([xs[i][:, columns] for i in use])
    y = np.concatenate([np.clip(pages[i].y, 0, 1) for i in use])
    w = np.concatenate([weights_of(pages[i]) for i in use])
    keep = w > 0
    w = w * (keep.sum() / w.sum())
    model = catboost.CatBoost(dict(
        loss_function='CrossEntropy', iterations=rounds, depth=depth, learning_rate=rate, border_count=32,
        l2_leaf_reg=20, random_seed=SEED, thread_count=2, rsm=0.3, bootstrap_type='Bernoulli', subsample=0.6,
        verbose=False, allow_writing_files=False))
    model.fit(catboost.Pool(x[keep].astype(np.float32), y[keep], weight=w[keep]))
    return model


def predict(model, x):
    return model.predict(x.astype(np.float32), prediction_type='RawFormulaVal')


def to_score(raw):
    return np.clip(np.round(raw * 64), -1023, 1023).astype(np.int16)


def page_f(p, keep):
    """Block-wise F1 of words: what the decision costs, apart from what the truth has that no block has."""
    got = (p.n * keep).sum()
    y = np.clip(p.y, 0, 1)
    right = (p.n * y * keep).sum()
    want = max(p.truth_words, (p.n * y).sum())
    return 2 * right / (got + want) if got + want else 1.0


def report(pages, scores, cut=0):
    by = defaultdict(list)
    for p, s in zip(pages, scores):
        if p.set == 'trafilatura':
            continue
        f = page_f(p, s > cut)
        by[p.set].append(f)
        exact = all((a > 0.5) == b for a, b, n in zip(p.y, s > cut, p.n) if n > 0)
        by[p.set + ' exact'].append(exact)
        if p.kind:
            by['wcxb ' + p.kind].append(f)
        by[p.set + ' best'].append(page_f(p, p.y > 0.5))
    tp = sum(((p.y == 1) & (s > cut)).sum() for p, s in zip(pages, scores) if p.set == 'trafilatura')
    fp = sum(((p.y == 0) & (s > cut)).sum() for p, s in zip(pages, scores) if p.set == 'trafilatura')
    fn = sum(((p.y == 1) & (s <= cut)).sum() for p, s in zip(pages, scores) if p.set == 'trafilatura')
    print('   ' + '  '.join(f'{k} {np.mean(v):.4f}' for k, v in sorted(by.items())) +
          f'  trafilatura {2 * tp / max(1, 2 * tp + fp + fn):.4f}', flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--set', default=','.join(SETS))
    ap.add_argument('--features', default='build/release/tests/train/features')
    ap.add_argument('--out', default='filters/data')
    ap.add_argument('--work', default='build/train')
    ap.add_argument('--trees', default='120,6,300,6', help='first: trees, depth; second: the same')
    ap.add_argument('--cv-only', action='store_true')
    ap.add_argument('--no-cv', action='store_true', help="don't judge the second model out of fold")
    ap.add_argument('--reuse', action='store_true', help="words' weights of the last run")
    args = ap.parse_args()
    os.makedirs(args.work, exist_ok=True)
    args.names = subprocess.run([args.features, 'names'], stdout=subprocess.PIPE, text=True,
                                check=True).stdout.split()
    r1, d1, r2, d2 = map(int, args.trees.split(','))
    second = [i for i, n in enumerate(args.names) if n not in LEFT_OUT]
    first = [i for i in second if i < args.names.index('s0')]

    cache = os.path.join(args.work, 'pages.pickle')
    if os.path.exists(cache):
        pages = pickle.load(open(cache, 'rb'))
    else:
        pages = read_pages(args, 'tune')
        read_words(args, pages)
        pickle.dump(pages, open(cache, 'wb'))
    print(len(pages), 'pages', sum(len(p.y) for p in pages), 'blocks', len(args.names), 'features', flush=True)
    folds = [[i for i, p in enumerate(pages) if p.fold == f] for f in range(FOLDS)]

    # Words and first model, out of fold.
    xs, scores, tables = [None] * len(pages), [None] * len(pages), []
    for f in range(FOLDS):
        path = os.path.join(args.work, f'weights.{f}')
        if not (args.reuse and os.path.exists(path)):
            write_weights(path, learn_words([p for p in pages if p.fold != f]))
        tables.append(path)
        for i, x in zip(folds[f], matrices(args, [pages[i] for i in folds[f]], path)):
            xs[i] = x
    for f in range(FOLDS):
        use = [i for i in range(len(pages)) if pages[i].fold != f]
        model = fit(xs, pages, use, first, r1, d1, 0.2)
        for i in folds[f]:
            scores[i] = to_score(predict(model, xs[i][:, first])) \
                if len(xs[i]) else np.zeros(0, np.int16)
    print('first, cross-validated')
    report(pages, scores)

    doubt(pages, scores)
    for f in range(FOLDS):
        some = [pages[i] for i in folds[f]]
        for i, x in zip(folds[f], matrices(args, some, tables[f], [scores[i] for i in folds[f]])):
            xs[i] = x
    final = [None] * len(pages)
    for f in range(0 if args.no_cv else FOLDS):
        use = [i for i in range(len(pages)) if pages[i].fold != f]
        model = fit(xs, pages, use, second, r2, d2, 0.1)
        for i in folds[f]:
            final[i] = to_score(predict(model, xs[i][:, second])) \
                if len(xs[i]) else np.zeros(0, np.int16)
        if f == 0:
            gain = sorted(zip(model.get_feature_importance(), [args.names[c] for c in second]), reverse=True)
            print('   ' + ' '.join(f'{n}:{g:.1f}' for g, n in gain[:45]))
    if not args.no_cv:
        print('second, cross-validated')
        report(pages, final)
    pickle.dump(([(p.set, p.id) for p in pages], final, scores), open(os.path.join(args.work, 'cv.pickle'), 'wb'))
    if args.cv_only:
        return

    # All three once more, from every page of the half; the second learns from judgements out of fold.
    import export
    export.words(os.path.join(args.out, 'main_words.txt'), learn_words(pages))
    everything = list(range(len(pages)))
    for name, columns, rounds, depth, rate in (('first', first, r1, d1, 0.2), ('second', second, r2, d2, 0.1)):
        model = fit(xs, pages, everything, columns, rounds, depth, rate)
        export.trees(os.path.join(args.out, f'main_{name}.inc'), model, columns, name,
                     os.path.join(args.work, 'model.json'))


if __name__ == '__main__':
    main()
