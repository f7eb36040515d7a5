"""Properties of text that take more pages than a golden case should hold."""

import html.entities
import random
import unicodedata

from lab import check, enrich, same


# What extract gives: repair would put spaces in where these texts have none.
EXTRACT = ("--set", 'filters=[{"decode":{}},{"extract":{"scope":"body"}}]')


def _texts(bodies, content_type="text/html"):
    done = enrich([{"body": b, "content_type": content_type} for b in bodies], *EXTRACT).ended(0)
    return [r.get("text") for r in done.records()]


def every_named_reference_is_read():
    """All of the standard's, each between letters; what shows nothing or is space may go."""
    names = sorted(html.entities.html5.items())
    got = _texts(["<html><p>x &%s y" % name for name, _ in names])
    wrong = []
    for (name, value), text in zip(names, got):
        want = unicodedata.normalize("NFC", "x %s y" % value)
        bare = "".join(
            " " if c.isspace() else c for c in want if unicodedata.category(c) != "Cf"
        )
        if text not in (want, " ".join(want.split()), " ".join(bare.split())):
            wrong.append("&%s is %r, not %r" % (name, text, want))
    check(not wrong, "%d: %s", len(wrong), wrong[:10])


def references_without_a_semicolon_are_the_old_ones():
    old = {n for n in html.entities.html5 if not n.endswith(";")}
    new = sorted(n[:-1] for n in html.entities.html5 if n[:-1] not in old and n.endswith(";"))
    new = [n for n in new if not any(n.startswith(o) for o in old)]
    for name, text in zip(new, _texts(["<html><p>x &%s y" % n for n in new])):
        same(text, "x &%s y" % name, "&%s without a semicolon" % name)


def text_is_nfc():
    rng = random.Random(3)
    marks = [chr(c) for c in range(0x300, 0x370)]
    letters = [chr(c) for c in (*range(0x41, 0x5B), *range(0xC0, 0x180), *range(0x370, 0x400),
                                *range(0xAC00, 0xAC40), *range(0x1100, 0x1113),
                                *range(0x1161, 0x1176), 0x212B, 0x1E9B, 0xFB1D, 0x0958)]
    words = ["".join(rng.choice(letters) + "".join(rng.sample(marks, rng.randrange(5)))
                     for _ in range(6)).strip() for _ in range(300)]
    for word, text in zip(words, _texts(["<html><p>" + w for w in words])):
        want = unicodedata.normalize("NFC", word).replace("\u034f", "")
        check(text.replace("\u034f", "") == want, "%r is %r, not %r", word, text, want)


def html_is_looked_for_in_64_kib():
    def layout(body):
        (got,) = enrich([{"body": body}]).ended(0).records()
        return got["layout"]

    kib64, doctype = 65536, "<!doctype html"
    for tail, more in ((doctype, ">z"), ("</b></i", ">"), ("<html", ">"), ("<body", ">")):
        same(layout("y" * (kib64 - len(tail)) + tail + more), "html", tail + " at the end of it")
    for tail in (doctype, "</b></i>"):
        check(layout("y" * kib64 + tail + ">z") != "html", "%s behind it counts", tail)
    same(layout("é" * (kib64 // 2 - 7) + doctype + ">"), "html", "bytes are counted")


def flattened_text_keeps_its_lines_or_says_that_it_has_none():
    lines = "\n".join("A line of some words, number %d of them." % n for n in range(50))
    glued = lines.replace("\n", "")
    (got,) = enrich([{"body": lines}], *EXTRACT).ended(0).records()
    same((got["layout"], got["text"]), ("lines", lines), "lines")
    (got,) = enrich([{"body": glued}], *EXTRACT).ended(0).records()
    same((got["layout"], got["text"]), ("flat", glued), "flat")


def text_has_no_white_space_at_its_ends():
    bodies = ["<html>\n<p> a </p>\n", "<html><pre>\n\n a \n\n</pre>", "<html>&nbsp;<p>\u3000b&nbsp;",
              "<html><br>c<br>", "<html><table><tr><td><td>d<td></table>", "\n\n e \n\n"]
    for body, text in zip(bodies, _texts(bodies)):
        same(text, text.strip(), "text of %r" % body)
