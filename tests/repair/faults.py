"""Faults as scrapers and their tools make them, put into clean text at seeded places.

A fault function takes a line and a random source and returns (damaged line, places): the places are
offsets in the clean line of what was damaged. None: the line offers no place.
"""

import re
import unicodedata

CLOSERS = "\"”’)»"


def sloppy(encoding):
    """A decoder table: bytes that the encoding leaves open become the control of that number."""
    table = []
    for byte in range(256):
        try:
            table.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            table.append(chr(byte))
    return table


def misread(text, table):
    return "".join(table[byte] for byte in text.encode("utf-8"))


def mojibake(encoding, layers=1):
    table = sloppy(encoding)

    def damage(line, rng):
        places = [i for i, c in enumerate(line) if ord(c) > 127]
        if not places:
            return None
        for _ in range(layers):
            line = misread(line, table)
        return line, places

    return damage


def pick(rng, places, share=0.34, least=1):
    if not places:
        return []
    n = max(least, int(len(places) * share))
    return sorted(rng.sample(places, min(n, len(places))))


def entities(line, rng):
    """Typographic characters and letters as references, some escaped once more."""
    named = {"é": "eacute", "ü": "uuml", "ö": "ouml", "ä": "auml", "’": "rsquo", "“": "ldquo", "”": "rdquo",
             "–": "ndash", "—": "mdash", "&": "amp", "ñ": "ntilde", "ó": "oacute", " ": "nbsp", '"': "quot"}
    places = [i for i, c in enumerate(line) if ord(c) > 127 or c in '&"']
    places += [m.start() for m in re.finditer(r"(?<=\w) (?=\w)", line)][:2]
    chosen = set(pick(rng, sorted(set(places)), 0.5))
    if not chosen:
        return None
    out = []
    for i, c in enumerate(line):
        if i not in chosen:
            out.append(c)
            continue
        kind = rng.randrange(3)
        if c == " " or (c in named and kind == 0):
            out.append("&%s;" % named[c])
        elif kind == 1:
            out.append("&#x%X;" % ord(c))
        else:
            out.append("&amp;#%d;" % ord(c))
    return "".join(out), sorted(chosen)


def hidden(line, rng):
    marks = "\u200b\u00ad\ufeff\u200e\u200f\u2060\u202c\u0007\u200c"
    places = [m.start() for m in re.finditer(r"(?<=[^\W\d_])(?=[^\W\d_])", line)
              if unicodedata.name(line[m.start()], "").startswith(("LATIN", "CYRILLIC", "GREEK", "CJK"))
              and unicodedata.name(line[m.start() - 1], "").startswith(("LATIN", "CYRILLIC", "GREEK", "CJK"))]
    chosen = set(pick(rng, places, 0.05))
    if not chosen:
        return None
    out = []
    for i, c in enumerate(line):
        if i in chosen:
            out.append(rng.choice(marks))
        out.append(c)
    return "".join(out), sorted(chosen)


def spaces(line, rng):
    """The space behind a comma, a semicolon, or the end of a sentence goes."""
    places = [m.end() - 1 for m in re.finditer(
        r"(?:(?<=[^\W\d_]{2})|(?<=\d{2}))[,;] (?=[^\W\d_]{2})|(?<=[a-zà-ÿа-яё]{3})[.?!] (?=[^\W\d_a-zà-ÿа-яё][a-zà-ÿа-яё])", line)]
    chosen = set(pick(rng, places))
    if not chosen:
        return None
    return "".join(c for i, c in enumerate(line) if i not in chosen), sorted(chosen)


def glue(line, rng):
    """A sentence's end is lost, and the space behind it."""
    places = [m.start() for m in re.finditer(r"(?<=[a-zà-ÿа-яёα-ώ]{3})\. (?=[A-ZÀ-ÞА-ЯЁΑ-Ω][a-zà-ÿа-яёα-ώ]+ )", line)]
    chosen = pick(rng, places)
    if not chosen:
        return None
    # What comes back is a space: the full stop is gone for good.
    clean = line
    for i in reversed(chosen):
        line = line[:i] + line[i + 2:]
        clean = clean[:i] + clean[i + 1:]
    return line, [i - n for n, i in enumerate(chosen)], clean


def apostrophes(line, rng):
    places = [m.start() for m in re.finditer(r"(?<=[^\W\d_])’(?=[^\W\d_])", line)]
    chosen = set(pick(rng, places, 0.5))
    if not chosen:
        return None
    return "".join("‘" if i in chosen else c for i, c in enumerate(line)), sorted(chosen)


def quotes(line, rng):
    """A pair stands the wrong way round."""
    pairs = [m.span() for m in re.finditer(r"“[^“”„]{2,160}”", line)]
    if not pairs or "„" in line:
        return None
    start, end = rng.choice(pairs)
    return line[:start] + "”" + line[start + 1:end - 1] + "“" + line[end:], [start, end - 1]


def case(names):
    """One name that the text has at least four times, or a country's, loses its capital."""
    def damage(line, rng):
        places = [m.start() for m in re.finditer(r"(?<=[^\W\d_] )[^\W\d_a-zà-ÿ]\w{3,}", line) if m.group() in names]
        if not places:
            return None
        i = rng.choice(places)
        return line[:i] + line[i].lower() + line[i + 1:], [i]

    return damage
