"""The heaviest chain of matches that stand in one order: what labels.py and flat_labels.py have in common."""
import bisect


class Chains:
    """The best chains so far, by where they end: later ones are heavier."""

    def __init__(self):
        self.ends, self.totals, self.links = [-1], [0.0], [None]

    def until(self, end):
        """Where the best chain stands that ends at `end` or before."""
        return bisect.bisect_right(self.ends, end) - 1

    def add(self, end, total, link):
        """A chain; nothing where another is as heavy and ends no later. What it outweighs goes."""
        ends, totals, links = self.ends, self.totals, self.links
        at = self.until(end)
        if totals[at] >= total:
            return
        if ends[at] != end:
            at += 1
            ends.insert(at, end)
            totals.insert(at, total)
            links.insert(at, link)
        totals[at], links[at] = total, link
        k = at + 1
        while k < len(ends) and totals[k] <= total:
            k += 1
        del ends[at + 1:k], totals[at + 1:k], links[at + 1:k]

    def heaviest(self):
        """Its matches, the first one first."""
        out, link = [], self.links[-1]
        while link:
            out.append(link[0])
            link = link[1]
        return out[::-1]
