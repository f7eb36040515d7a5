"""Weights of words and lines: how often they stand in the main text and how often beside it.

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
MOST = {'word': 5200, 'line': 4200, 'first': 1500, 'last': 1000}
LEAST_HOSTS = {'word': 5, 'line': 3, 'first': 4, 'last': 4}


def words_of(s):
    return WORD.findall(ALONE.sub(r' \1 ', DIGITS.sub('#', s.lower())))


def facts(lines, sentences):
    """What is known before any page is looked at: counts of lines, and function words."""
    counted, by_language = {}, defaultdict(Counter)
    with open(lines, encoding='utf-8') as f:
        next(f)
        for row in f:
            outside, inside, line = row.rstrip('\n').split('\t')
            key = ' '.join(words_of(line))
            if key:
                o, i = counted.get(key, (0, 0))
                counted[key] = (o + int(outside), i + int(inside))
    with open(sentences, encoding='utf-8') as f:
        for row in f:
            language, _, sentence = row.rstrip('\n').partition('\t')
            by_language[language].update(set(words_of(sentence)))
    function = set()
    for counts in by_language.values():
        function.update(w for w, _ in counts.most_common(FUNCTION_WORDS) if not w.startswith('#'))
    return counted, function


def keys_of(text):
    words = words_of(text)
    for w in set(words):
        yield 'word', w
    if 0 < len(words) <= 16:
        yield 'line', ' '.join(words)
    if len(words) >= 2:
        yield 'first', ' '.join(words[:2])
        yield 'last', ' '.join(words[-2:])


def learn(pages, known):
    """{(role, text): weight in 1/16} and the function words."""
    counted, function = known
    inside, outside = Counter(), Counter()
    hosts = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for p in pages:
        if p.way != 'page-lines':
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
    for line, (o, i) in counted.items():
        # One site less outside: as the count would be had the page at hand not been there.
        weights['line', line] = math.log((i + 0.5) / (max(0, o - 1) + 0.5))
    return {k: max(-127, min(127, round(w * 16))) for k, w in weights.items()}, function


def rows(words):
    weights, function = words
    out = [f'{role}\t{text}\t{w}\n' for (role, text), w in weights.items() if w]
    out += [f'function\t{w}\n' for w in function]
    return ''.join(sorted(out))
