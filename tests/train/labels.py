"""Which blocks of a page are its main text, by a truth that somebody wrote down as plain text.

A block's label is the share of its words that the truth has, in order: long blocks by their
4-grams, short ones only where they stand between the right neighbours. -1: unknown.
"""
import re
from collections import Counter, defaultdict

from chains import Chains

WORD = re.compile(r'\w+')
LONG = 6


def words(s):
    return WORD.findall(s.lower())


def chain(matches):
    """The heaviest set of (block, from, to, weight), at most one a block, in the order of both."""
    # best[e]: the heaviest chain that ends at truth position e or before.
    matches.sort(key=lambda m: (m[0], -m[1]))
    chains, i = Chains(), 0
    while i < len(matches):
        j = i
        fresh = []
        while j < len(matches) and matches[j][0] == matches[i][0]:
            b, lo, hi, w = matches[j]
            at = chains.until(lo)
            # What follows at once is more likely than what is far ahead.
            bonus = 0.5 if chains.ends[at] == lo and chains.links[at] is not None else 0.0
            fresh.append((hi, chains.totals[at] + w + bonus, (matches[j], chains.links[at])))
            j += 1
        for end in fresh:
            chains.add(*end)
        i = j
    return chains.heaviest()


def short_matches(blocks, ids, truth, lo, hi, limit=4000):
    """Where the short blocks stand word by word in truth[lo:hi]."""
    at = defaultdict(list)
    for p in range(lo, hi):
        at[truth[p]].append(p)
    found = []
    for b in ids:
        t = blocks[b]
        for p in at.get(t[0], ())[:60]:
            if p + len(t) <= hi and truth[p:p + len(t)] == t:
                found.append((b, p, p + len(t), len(t)))
        if len(found) > limit:
            break
    return found


def label(texts, truth_text):
    blocks = [words(t) for t in texts]
    truth = words(truth_text)
    grams = defaultdict(list)
    for p in range(len(truth) - 3):
        grams[tuple(truth[p:p + 4])].append(p)
    cover, y = {}, [0.0] * len(blocks)
    matches = []
    for b, t in enumerate(blocks):
        if len(t) < LONG:
            continue
        # Runs of consecutive 4-grams by where they stand in the truth: diagonals.
        diagonal = Counter()
        hit = 0
        for k in range(len(t) - 3):
            places = grams.get(tuple(t[k:k + 4]))
            if places:
                hit += 1
                for p in places[:8]:
                    diagonal[p - k] += 1
        cover[b] = hit / (len(t) - 3)
        if cover[b] < 0.3:
            continue
        for d, n in diagonal.most_common(4):
            if n * 3 >= len(t) - 3 or n == hit:
                lo = max(0, d)
                matches.append((b, lo, min(len(truth), lo + max(4, int(len(t) * min(1, cover[b])))), n))
    on = {m[0]: m for m in chain(matches)}
    used = set()
    for b, (_, lo, hi, _) in on.items():
        y[b] = cover[b]
        for p in range(lo, hi):
            used.add(p)
    # The truth may have another order than the page: what it has and nothing stands for yet.
    for b, c in cover.items():
        if b in on or c < 0.8:
            continue
        t = blocks[b]
        places = [p for k in range(len(t) - 3) for p in grams.get(tuple(t[k:k + 4]), ())[:1]]
        if sum(p not in used for p in places) > 0.7 * len(places):
            y[b] = c
            used.update(places)
    # Short blocks between their neighbours.
    edges = [(-1, 0, 0)] + sorted((b, m[1], m[2]) for b, m in on.items()) + [(len(blocks), len(truth), len(truth))]
    for (b0, _, lo), (b1, hi, _) in zip(edges, edges[1:]):
        ids = [b for b in range(b0 + 1, b1) if 0 < len(blocks[b]) < LONG]
        if ids and hi > lo:
            for m in chain(short_matches(blocks, ids, truth, lo, hi)):
                y[m[0]] = 1.0
    found = sum(len(blocks[b]) * y[b] for b in range(len(blocks)))
    return y, [len(t) for t in blocks], min(1.0, found / max(1, len(truth)))


def snippets(texts, wanted, unwanted):
    """The same where only some snippets are known: -1 for every block that has none."""
    y = [-1.0] * len(texts)
    norm = [' '.join(t.split()) for t in texts]
    for group, value in ((wanted, 1.0), (unwanted, 0.0)):
        for s in group:
            s = ' '.join(s.split())
            hits = [b for b, t in enumerate(norm) if s in t]
            if value == 0.0 or len(hits) == 1:
                for b in hits:
                    y[b] = value
    return y, [len(words(t)) for t in texts]
