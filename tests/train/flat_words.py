"""Weights of words, alone and at a line's ends: how often they stand in the main text and how often beside it.

Counts are of hosts, so that one site's habits are one vote. Function words are the most frequent
words of each language's sentences.
"""
import math
import re
from collections import Counter, defaultdict

# A word as filters/boilerplate reads it: letters and digits, a run of digits being one sign.
WORD = re.compile(r'[^\W_]+')
DIGITS = re.compile(r'[0-9]+')
ALONE = re.compile(r'([\u2e80-\u9fff\uff66-\uff9f\u0e00-\u0eff])')
FUNCTION_WORDS = 22     # of each language
MOST = {'word': 5200, 'first': 1500, 'last': 1000}
LEAST_HOSTS = {'word': 5, 'first': 4, 'last': 4}


def words_of(s):
    return WORD.findall(ALONE.sub(r' \1 ', DIGITS.sub('#', s.lower())))


def function_words(sentences):
    """The most frequent words of each language."""
    by_language = defaultdict(Counter)
    with open(sentences, encoding='utf-8') as f:
        for row in f:
            language, _, sentence = row.rstrip('\n').partition('\t')
            by_language[language].update(set(words_of(sentence)))
    function = set()
    for counts in by_language.values():
        function.update(w for w, _ in counts.most_common(FUNCTION_WORDS) if not w.startswith('#'))
    return function


def keys_of(text):
    words = words_of(text)
    for w in set(words):
        yield 'word', w
    if len(words) >= 2:
        yield 'first', ' '.join(words[:2])
        yield 'last', ' '.join(words[-2:])


def learn(pages, function):
    """{(role, text): weight in 1/16} and the function words."""
    inside, outside = Counter(), Counter()
    hosts = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for p in pages:
        if p.way != 'page-lines' or p.set == 'synth':
            continue
        for text, y in zip(p.pieces, p.y):
            if 0.2 < y < 0.8:
                continue
            for key in keys_of(text):
                hosts[key][p.host][y >= 0.5] += 1
    for key, by_host in hosts.items():
        # At most two of each a host: a menu on every page of a site is one opinion.
        outside[key] = sum(min(2, n[0]) for n in by_host.values())
        inside[key] = sum(min(2, n[1]) for n in by_host.values())
    weights = {}
    for role in MOST:
        found = []
        for key, by_host in hosts.items():
            if key[0] != role or len(by_host) < LEAST_HOSTS[role]:
                continue
            w = math.log((inside[key] + 0.7) / (outside[key] + 0.7))
            found.append((abs(w) * math.sqrt(inside[key] + outside[key]), key, w))
        found.sort(reverse=True)
        for _, key, w in found[:MOST[role]]:
            weights[key] = w
    return {k: max(-127, min(127, round(w * 16))) for k, w in weights.items()}, function


def rows(words):
    weights, function = words
    out = [f'{role}\t{text}\t{w}\n' for (role, text), w in weights.items() if w]
    out += [f'function\t{w}\n' for w in function]
    return ''.join(sorted(out))
