"""Which pieces of flattened text are main text, by a truth that somebody wrote down as plain text.

White space and signs are no help where flattening glued words together: both sides are compared by
their letters and digits alone. A piece's label is the share of it that the truth has, at its place.
"""
import re
from collections import Counter, defaultdict

from chains import Chains

OTHER = re.compile(r'[\W_]+')
GRAM = 10
LONG = 24


def letters(s):
    return OTHER.sub('', s.lower())


def chain(matches):
    """The heaviest set of (piece, from, to, weight) in the order of both, at most one a piece."""
    chains = Chains()
    for match in matches:
        piece, lo, hi, weight = match
        at = chains.until(lo + GRAM)
        chains.add(hi, chains.totals[at] + weight, (match, chains.links[at]))
    return chains.heaviest()


def grams_of(truth):
    grams = defaultdict(list)
    for p in range(len(truth) - GRAM + 1):
        places = grams[truth[p:p + GRAM]]
        if len(places) < 6:
            places.append(p)
    return grams


def long_match(piece, t, grams, truth):
    """Where most of a piece's grams stand in a row, and which share of it that is."""
    diagonal = Counter()
    hits = 0
    for k in range(len(t) - GRAM + 1):
        places = grams.get(t[k:k + GRAM])
        if places:
            hits += 1
            for p in places:
                diagonal[p - k] += 1
    cover = hits / (len(t) - GRAM + 1)
    if cover < 0.3:
        return cover, None
    d, n = diagonal.most_common(1)[0]
    lo = max(0, d)
    return cover, (piece, lo, min(len(truth), lo + int(len(t) * cover)), n)


def label(pieces, truth, grams):
    """A label from 0 to 1 for each piece; the share of the truth that is found."""
    texts = [letters(p) for p in pieces]
    y, covers, matches = [0.0] * len(texts), {}, []
    for i, t in enumerate(texts):
        if len(t) >= LONG:
            covers[i], match = long_match(i, t, grams, truth)
            if match:
                matches.append(match)
    anchors = chain(matches)
    for i, _, _, _ in anchors:
        y[i] = covers[i]
    edges = [(-1, 0, 0, 0)] + anchors + [(len(texts), len(truth), len(truth), 0)]
    for (a, _, lo, _), (b, hi, _, _) in zip(edges, edges[1:]):
        for i in range(a + 1, b):
            t = texts[i]
            if i in covers or not t or hi <= lo:
                continue
            at = truth.find(t, max(0, lo - 2), hi + 2)
            if at >= 0:
                y[i] = 1.0
                lo = at + len(t)
    found = sum(len(t) * v for t, v in zip(texts, y))
    return y, found / max(1, len(truth))
