#!/usr/bin/env python3
"""Trains what filters/data/ holds for the main text: weights of words, and two models of trees.

  train.py --sets DIR --features build/release/tests/train/features --out filters/data

Needs CatBoost and numpy (development only). Looks at the tune half of each set only
(tests/eval/evaluate.py says which that is), is the same every time, and prints how well blocks are told
apart in cross-validation by hosts. Steps:

 - Label blocks by the truth.
 - Teachers: learn words' weights, a first model and on its judgements a second one, on four fifths of
   the hosts; they judge the rest. So each page is judged by models that never saw its host.
 - Pupils: two models that learn from all pages, each block's target being for the most part what the
   teachers said of it, for the rest what the truth says. A truth's slips and what is true of one page
   only thus hardly reach them, and what they say of the pages they learnt from is about as good as what
   they say of others. Pages with a few snippets only teach them too.

Every page is shown a second time with something missing (CHANGES): a page of another time, another
language or another maker has other names, other words, no scripts, no head.
"""
import argparse
import copy
import hashlib
import json
import math
import os
import pickle
import re
import shutil
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
import labels

# Sets whose truth is a few snippets a page.
PARTLY = ('trafilatura',)
# How much a page of each set counts.
SETS = {'naeb': 2.0, 'wcxb': 1.2, 'readability': 1.5, 'trafilatura': 0.6, 'fundus-test': 1.2}
FOLDS = 5
SEED = 7
WORDS_MOST = 7000
LEAST_HOSTS = 6         # that have a word, and ...
WEIGHT_OF_PRIOR = 6     # ... how many of them say that it means nothing
SHARE = 0.15            # of the blocks count so much that none of them is left out of a fit
# What share of the pupils' targets is the truth's own word: most where people wrote it or marked it by
# hand, least where a program drafted it.
TRUTH = {'naeb': 0.5, 'wcxb': 0.1, 'readability': 0.2, 'trafilatura': 0.5, 'fundus-test': 0.3}
# What a page with something missing counts for teachers and for pupils, the whole one being 1.
COPY, COPY_PUPILS = 0.5, 0.35
# Sorts of pages that copies stand for, by what they lack: letters as features.c has them.
CHANGES = ['sh', 'sndh', 'sndhu', 'st', 'stn', 'u', 'd', 'n', 'stndhu', 's']
# These tell pages apart rather than kinds of pages: with them models learn pages by heart.
LEFT_OUT = {'url_length', 'url_digits', 'title_words', 'page_inputs', 'page_prices', 'page_headings',
            'page_blocks', 'box_inputs', 'index', 'before'}


class Page:
    pass


def host_fold(url, page_id):
    host = urllib.parse.urlsplit(url or '').hostname or page_id
    host = '.'.join(host.split('.')[-2:])
    return fold_of(host), host


def fold_of(host):
    return int(hashlib.sha256(host.encode()).hexdigest()[:8], 16) % FOLDS


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
            p.changes = mute(p)
            pages.append(p)
    return pages


def mute(p):
    # What scripts say is left out on some pages, so that nothing depends on it.
    return 's' if hashlib.sha256(p.id.encode()).digest()[1] < (160 if p.set == 'wcxb' else 60) else ''


def copies(pages):
    """Each page once more with something missing."""
    out = []
    for i, p in enumerate(pages):
        q = copy.copy(p)
        q.changes = CHANGES[hashlib.sha256(p.id.encode()).digest()[2] % len(CHANGES)]
        q.of = i
        out.append(q)
    return out


def run(args, mode, pages, *more):
    listing = ''.join(f'{p.path}\t{p.url}\t{p.changes}\n' for p in pages)
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

def log_odds(main, total, prior, strength):
    p = (main + strength * prior) / (total + strength)
    value = 16 * (math.log(p / (1 - p)) - math.log(prior / (1 - prior)))
    return max(-127, min(127, round(value)))


def count_words(pages):
    """What share of the text that a word stands on is main, by key and host."""
    seen = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0, 0.0, 0.0]))
    spelled = {}
    for p in pages:
        known = p.y >= 0
        if p.set in PARTLY or not known.any() or p.found < 0.5:
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
    return seen, spelled


def weigh_words(counted, without=None):
    """Weights by key, without the hosts of a fold. Each host counts once for a word, however many pages
    and elements it has."""
    seen, spelled = counted
    table = {}
    fold = {}
    for key, hosts in seen.items():
        if len(hosts) < LEAST_HOSTS:
            continue
        some = []
        for host, s in hosts.items():
            if host not in fold:
                fold[host] = fold_of(host)
            if fold[host] != without:
                some.append(s)
        if len(some) < LEAST_HOSTS:
            continue
        a = c = 0.0
        n = m = 0
        for s in some:
            a += s[0] / s[1] if s[1] else 0
            n += 1
            if s[3]:
                c += s[2] / s[3]
                m += 1
        name = spelled[key][0] in ('name', 'role')
        anywhere = log_odds(a, n, 0.35 if name else 0.25, WEIGHT_OF_PRIOR)
        inside = log_odds(c, m, 0.85 if name else 0.6, WEIGHT_OF_PRIOR) if m >= 3 else 0
        if abs(anywhere) < 8 and abs(inside) < 8:
            continue
        table[key] = (anywhere, inside, spelled[key], math.sqrt(n) * max(abs(anywhere), abs(inside)))
    translate(table)
    # Those that tell most; the table's size is filters/gen/main_words.c's.
    most = sorted(table, key=lambda k: (-table[k][3], k))[:WORDS_MOST]
    return {k: table[k] for k in most}


def word_key(space, word):
    """pm_word_key of filters/extract/main_impl.h."""
    h = 2166136261
    for c in [space, *word.encode()]:
        h = (h ^ c) * 16777619 & 0xffffffff
    h ^= h >> 15
    h = h * 0x2c1b3c6d & 0xffffffff
    return h ^ h >> 13 or 1


def translate(table):
    """Lines that few sites of the sets have weigh what their English kin weighs, and so do words of
    scripts without spaces, where a line is a word."""
    lines = {word: row for row in table.values() for space, word in [row[2]] if space == 'line'}
    with open(os.path.join(HERE, 'translations.tsv'), encoding='utf-8') as f:
        rows = [line.rstrip('\n').split('\t') for line in f]
    for english, *others in rows:
        if english not in lines:
            continue
        anywhere, inside, _, worth = lines[english]
        for word in others:
            spaces = [('line', 5), ('text', 3)] if '\u2e80' <= word[0] < '\uac00' else [('line', 5)]
            for name, space in spaces:
                table.setdefault(word_key(space, small(word)), (anywhere, inside, (name, small(word)), worth))


def write_weights(path, table):
    spaces = {'name': 1, 'role': 2}
    with open(path, 'w') as f:
        for key in sorted(table):
            anywhere, inside, (space, _), _ = table[key]
            f.write(f'{key} {anywhere} {inside} {spaces.get(space, 3)}\n')


def doubt(pages, scores):
    """Truths end early now and then, and so would every page like theirs: what stands behind the last
    main block but is main beyond doubt to models that have not seen the host counts as unknown."""
    n = 0
    for p, s in zip(pages, scores):
        if p.set in PARTLY or not (p.y > 0.5).any():
            continue
        behind = np.arange(len(p.y)) > np.flatnonzero(p.y > 0.5)[-1]
        unsure = behind & (p.y < 0.2) & (p.n >= 12) & (s > 110)
        if (p.n * unsure).sum() > 40:
            p.y = np.where(unsure, -1.0, p.y)
            n += 1
    print(n, 'truths that end early')


# -- features and models ----------------------------------------------------------------------------

def matrices(args, pages, weights, scores=None):
    """Features of all blocks of `pages`, one below the other."""
    more = [weights]
    if scores is not None:
        path = weights + '.scores'
        scores.astype(np.int16).tofile(path)
        more.append(path)
    raw = run(args, 'matrix', pages, *more)
    at, out = 0, []
    width = len(args.names)
    for _ in pages:
        n = int(np.frombuffer(raw, np.int32, 1, at)[0])
        at += 4
        out.append(np.frombuffer(raw, np.int16, n * width, at).reshape(n, width))
        at += n * width * 2
    return np.concatenate(out)


def weights_of(p, known, power=0.75):
    """Blocks count by length, pages alike."""
    w = (p.n + 1) ** power * known
    if p.set in PARTLY and not known.all():
        return np.minimum(w, 20) / 60 * SETS[p.set]
    total = w[p.y > 0.5].sum()
    if p.set not in PARTLY and (p.found < 0.6 or total == 0):
        return w * 0
    # What is far from main text in sheer mass must not drown it.
    w = w / (total + 0.25 * w.sum())
    return w * SETS[p.set]


class Blocks:
    """All pages' blocks in a row, whole pages first: features, hosts' folds, targets and weights."""

    def __init__(self, args, pages):
        self.args, self.pages = args, pages
        counts = [len(p.y) for p in pages]
        self.start = np.concatenate([[0], np.cumsum(counts)])
        self.fold = np.repeat([p.fold for p in pages], counts)
        self.x = np.zeros((self.start[-1], len(args.names)), np.int16)

    def rows(self, i):
        return slice(self.start[i], self.start[i + 1])

    def read(self, tables, scores=None):
        """Features by the words' weights that don't know a page's host."""
        for f in range(FOLDS):
            some = [p for p in self.pages if p.fold == f]
            here = self.fold == f
            self.x[here] = matrices(self.args, some, tables[f], None if scores is None else scores[here])

    def targets(self, said=None):
        """What is to be learnt, and how much each block counts."""
        y, w = np.zeros(self.start[-1]), np.zeros(self.start[-1])
        for i, p in enumerate(self.pages):
            rows, known = self.rows(i), p.y >= 0
            t = np.clip(p.y, 0, 1)
            if said is not None:
                origin = self.rows(p.of)
                t = np.where(known, TRUTH[p.set] * t + (1 - TRUTH[p.set]) * said[origin], said[origin])
                q = copy.copy(p)
                if p.set in PARTLY:
                    q.y = t
                w[rows] = weights_of(q, np.ones(len(t), bool)) * (COPY_PUPILS if p.of != i else 1)
            else:
                w[rows] = weights_of(p, known) * (COPY if p.of != i else 1)
            y[rows] = t
        return y, w

    def fit(self, use, y, w, columns, shape, seed=SEED):
        """Trees that ask one question a level (oblivious ones): the library answers them for eight
        blocks at once without a branch."""
        rounds, depth, rate, leaf = shape
        # Blocks that count little are drawn by lot, and count as much as those that stayed out.
        draw = w / np.quantile(w[use], 1 - SHARE)
        lot = np.random.RandomState(seed).random_sample(len(w))
        use = use & (lot < draw)
        w = w / np.clip(draw, 1e-9, 1)
        model = catboost.CatBoost(dict(
            loss_function='CrossEntropy', iterations=int(rounds), depth=int(depth), learning_rate=rate,
            border_count=32, l2_leaf_reg=leaf, random_seed=seed, thread_count=2, rsm=0.3,
            bootstrap_type='Bernoulli', subsample=0.6, verbose=False, allow_writing_files=False))
        began = time.monotonic()
        model.fit(catboost.Pool(self.x[use][:, columns].astype(np.float32), y[use],
                                weight=w[use] * (use.sum() / w[use].sum())))
        print(f'   {use.sum()} blocks, {time.monotonic() - began:.0f} s', flush=True)
        return model

    def judge(self, model, columns, use):
        return model.predict(self.x[use][:, columns].astype(np.float32), prediction_type='RawFormulaVal')

    def out_of_fold(self, y, w, columns, shape):
        """What models that haven't seen a block's host say of it, in 1/64."""
        out = np.zeros(len(y), np.int16)
        for f in range(FOLDS):
            model = self.fit(self.fold != f, y, w, columns, shape)
            out[self.fold == f] = to_score(self.judge(model, columns, self.fold == f))
        return out


def chance(scores):
    return 1 / (1 + np.exp(-scores / 64.0))


def to_score(raw):
    return np.clip(np.round(raw * 64), -1023, 1023).astype(np.int16)


def page_f(p, keep):
    """Block-wise F1 of words: what the decision costs, apart from what the truth has that no block has."""
    got = (p.n * keep).sum()
    y = np.clip(p.y, 0, 1)
    right = (p.n * y * keep).sum()
    want = max(p.truth_words, (p.n * y).sum())
    return 2 * right / (got + want) if got + want else 1.0


def best_cut(p, score):
    """As the library has it (least_chance in filters/extract/main.c)."""
    c = chance(score)
    order = np.argsort(-c, kind='stable')
    n = p.n[order] + 1
    f = np.cumsum(n * c[order]) / (np.cumsum(n) + (n * c[order]).sum())
    return c >= c[order][np.argmax(f)] if len(c) else c > 0


def report(pages, scores):
    by = defaultdict(list)
    for p, s in zip(pages, scores):
        if p.set in PARTLY:
            continue
        take = best_cut(p, s)
        f = page_f(p, take)
        by[p.set].append(f)
        exact = all((a > 0.5) == b for a, b, n in zip(p.y, take, p.n) if n > 0)
        by[p.set + ' exact'].append(exact)
        if p.kind:
            by['wcxb ' + p.kind].append(f)
        by[p.set + ' best'].append(page_f(p, p.y > 0.5))
    tp = sum(((p.y == 1) & best_cut(p, s)).sum() for p, s in zip(pages, scores) if p.set == 'trafilatura')
    fp = sum(((p.y == 0) & best_cut(p, s)).sum() for p, s in zip(pages, scores) if p.set == 'trafilatura')
    fn = sum(((p.y == 1) & ~best_cut(p, s)).sum() for p, s in zip(pages, scores) if p.set == 'trafilatura')
    print('   ' + '  '.join(f'{k} {np.mean(v):.4f}' for k, v in sorted(by.items())) +
          f'  trafilatura {2 * tp / max(1, 2 * tp + fp + fn):.4f}', flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--set', default=','.join(SETS))
    ap.add_argument('--features', default='build/release/tests/train/features')
    ap.add_argument('--out', default='filters/data')
    ap.add_argument('--work', default='build/train')
    ap.add_argument('--teachers', default='120,6,0.2,20;260,6,0.12,20',
                    help='first and second model: trees, depth, rate, weight of leaves')
    ap.add_argument('--pupils', default='120,6,0.2,20;300,6,0.12,20', help='the same')
    ap.add_argument('--again', choices=('pages', 'said'), help="what of the last run is taken over: pages "
                    "and words' weights; the teachers' judgements too")
    ap.add_argument('--cv', action='store_true', help='judge the pupils out of fold too')
    args = ap.parse_args()
    os.makedirs(args.work, exist_ok=True)
    args.names = subprocess.run([args.features, 'names'], stdout=subprocess.PIPE, text=True,
                                check=True).stdout.split()
    teachers = [list(map(float, m.split(','))) for m in args.teachers.split(';')]
    pupils = [list(map(float, m.split(','))) for m in args.pupils.split(';')]
    second = [i for i, n in enumerate(args.names) if n not in LEFT_OUT]
    first = [i for i in second if i < args.names.index('s0')]

    tables = [os.path.join(args.work, f'weights.{f}') for f in range(FOLDS)]
    args.words = os.path.join(args.work, 'words.txt')
    cache = os.path.join(args.work, 'pages.pickle')
    if args.again:
        with open(cache, 'rb') as f:
            pages = pickle.load(f)
    else:
        pages = read_pages(args, 'tune')
        read_words(args, pages)
        for i, p in enumerate(pages):
            p.of = i
        counted = count_words(pages)
        for f in range(FOLDS):
            write_weights(tables[f], weigh_words(counted, f))
        export.words(args.words, weigh_words(counted))
        with open(cache, 'wb') as f:
            for p in pages:
                del p.names, p.blocks
            pickle.dump(pages, f)
    b = Blocks(args, pages + copies(pages))
    print(len(pages), 'pages', b.start[len(pages)], 'blocks', len(args.names), 'features', flush=True)

    if args.again == 'said':
        b.read(tables)
        said = np.load(os.path.join(args.work, 'said.npy'))
    else:
        said = teach(args, b, pages, tables, first, second, teachers)
    learn(args, b, pages, tables, first, second, pupils, chance(said))


def by_page(b, pages, scores):
    return [scores[b.rows(i)] for i in range(len(pages))]


def teach(args, b, pages, tables, first, second, shapes):
    """What teachers say of each block."""
    b.read(tables)
    y, w = b.targets()
    scores = b.out_of_fold(y, w, first, shapes[0])
    print('teachers, first')
    report(pages, by_page(b, pages, scores))
    kept = [p.y for p in b.pages]
    doubt(pages, by_page(b, pages, scores))
    for i in range(len(pages)):
        b.pages[len(pages) + i].y = pages[i].y
    y, w = b.targets()
    for p, known in zip(b.pages, kept):
        p.y = known
    b.read(tables, scores)
    scores = b.out_of_fold(y, w, second, shapes[1])
    print('teachers, second')
    report(pages, by_page(b, pages, scores))
    np.save(os.path.join(args.work, 'said.npy'), scores)
    return scores


def learn(args, b, pages, tables, first, second, shapes, said):
    """All three from every page of the half, the second model from judgements out of fold."""
    y, w = b.targets(said)
    everything = np.ones(len(y), bool)
    shutil.copy(args.words, os.path.join(args.out, 'main_words.txt'))
    scratch = os.path.join(args.work, 'model.json')
    model = b.fit(everything, y, w, first, shapes[0])
    export.trees(os.path.join(args.out, 'main_first.inc'), model, first, 'first', scratch)
    scores = b.out_of_fold(y, w, first, shapes[0])
    print('pupils, first')
    report(pages, by_page(b, pages, scores))
    b.read(tables, scores)
    model = b.fit(everything, y, w, second, shapes[1])
    export.trees(os.path.join(args.out, 'main_second.inc'), model, second, 'second', scratch)
    gain = sorted(zip(model.get_feature_importance(), [args.names[c] for c in second]), reverse=True)
    print('   ' + ' '.join(f'{n}:{g:.1f}' for g, n in gain[:45]))
    print('pupils, second, on what they learnt from')
    report(pages, by_page(b, pages, to_score(b.judge(model, second, everything))))
    if args.cv:
        scores = b.out_of_fold(y, w, second, shapes[1])
        print('pupils, second')
        report(pages, by_page(b, pages, scores))


if __name__ == '__main__':
    main()
