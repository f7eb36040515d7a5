"""Whether a change of a text that was taken for clean mended a fault that it really had.

What says so is none of the program's own rules: ftfy for misread encodings, Python's html.unescape for
references, Unicode's categories for what shows nothing, and for the rest how all the texts together write
the same words, or an element's border in the page that the text was taken from.
"""

import collections
import difflib
import html
import os
import re
import unicodedata

try:
    import ftfy
except ImportError:
    ftfy = None

QUOTES = "\u2018\u2019\u201c\u201d"
MARKS = ".,;:?!\"”»)"
# How often a word must stand by itself in all texts; and its capitalised form, for each small one.
ALONE, CASE = 3, 9
WORD = re.compile(r"[^\W\d_]+")


class Corpus:
    """How often words stand in all texts."""

    def __init__(self, texts):
        self.words = collections.Counter()
        for text in texts:
            self.words.update(WORD.findall(text))

    def alone(self, word):
        return self.words[word] + self.words[word.lower()] >= ALONE


def page_of(sets, name):
    path = os.path.join(sets or "", name.split("/")[0], "pages", name.split("/")[-1][:-4] + ".html")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as f:
        return html.unescape(f.read())


def parted(page, left, right):
    """Whether an element begins or ends between the two in the page."""
    return bool(left and right and
                re.search(re.escape(left) + r"\s*(<[^<>]*>\s*)+" + re.escape(right), page))


def space(corpus, page, line, at):
    """A space was put in at a place of the line."""
    left, right = line[max(0, at - 12):at], line[at:at + 12]
    if parted(page, left, right):
        return True
    before = re.search(r"([^\W\d_]+)([%s]*)$" % re.escape(MARKS), line[:at])
    after = re.match(r"[\"“]?([^\W\d_]+)", line[at:])
    if not before or not after:
        return bool(after) and corpus.alone(after.group(1))
    # A word of both together that stands elsewhere, too, is one.
    if not before.group(2) and corpus.words[before.group(1) + after.group(1)] > 1:
        return False
    return corpus.alone(before.group(1)) and corpus.alone(after.group(1))


def quote(was, now, line):
    if now == "’" and re.search(r"\w’(s|t|d|m|re|ve|ll)\b|\b([ldnscjmtLDNSCJMT]|[Qq]u)’\w", line):
        return True
    return was in QUOTES and abs(line.count("“") - line.count("”")) <= 1


def case(corpus, was, now):
    lower, upper = (was, now) if was.islower() else (now, was)
    if was.islower():
        return corpus.words[upper] >= CASE * max(1, corpus.words[lower])
    return corpus.words[now] > corpus.words[was]


def word_around(line, at):
    for m in WORD.finditer(line):
        if m.start() <= at < m.end():
            return m.group()
    return ""


def confirmed(corpus, page, a, b, op):
    """(kind, whether something else says so, too) of one difference between two lines."""
    tag, i, j, k, m = op
    was, now = a[i:j], b[k:m]
    if tag == "insert" and now == " ":
        joint = "spaces" if i and not a[i - 1].isalpha() or (i < len(a) and not a[i].isalpha()) else "glue"
        return joint, space(corpus, page, a, i)
    if was and not now and all(unicodedata.category(c) in ("Cc", "Cf") for c in was):
        return "controls", True
    if was.lower() == now.lower():
        return "case", case(corpus, word_around(a, i), word_around(b, k))
    if was in QUOTES and now in QUOTES:
        return "quotes", quote(was, now, b)
    around = a[max(0, i - 40):j + 40]
    if html.unescape(around) != around and "&" in a[max(0, i - 40):j]:
        return "entities", True
    if ftfy is None:
        return "mojibake", False
    return "mojibake", ftfy.fix_encoding(html.unescape(around)) != html.unescape(around)


def lines(was, now):
    """The lines of two texts that differ, by pairs."""
    a, b = was.split("\n"), now.split("\n")
    if len(a) == len(b):
        yield from ((x, y) for x, y in zip(a, b) if x != y)
        return
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield "\n".join(a[i:j]), "\n".join(b[k:m])


def changes(a, b):
    """The differences between two lines."""
    return [op for op in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if op[0] != "equal"]
