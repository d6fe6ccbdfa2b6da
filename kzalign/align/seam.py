"""A sentence whose halves translate two of the other text: the words of one half speak for one, the rest for its neighbour.

A bead's score counts a word wherever it stands, so a half that finds no counterpart hardly hurts a long sentence, and
a short neighbour left alone beside it hardly gains. The order of the words tells: if the neighbour after the bead is
the missing counterpart, the words from some place to the end speak for it, and not for the sentence in the bead.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kzalign.align.evidence import LINK, WIDEST, Evidence, Values, Witness
from kzalign.align.refine import Sides, left_alone, with_unaligned

REACH = 3
"""Sentences left alone next to a bead that may belong to it."""

OWN = 0.4
"""How much the neighbour's own words count beside those of the half."""

JOIN = 3.1
"""Seam from which on the neighbour joins the bead. Both were fitted on damaged gold; from 2 to 4 strict F1 hardly changes."""

HOPELESS = -4.0
"""Loss after which the words further in are not asked: half of the work."""


class Neighbour(NamedTuple):
    """A sentence of one side (0 left, 1 right) beside a bead, and whether it comes after the bead's own."""

    side: int
    sentence: int
    after: bool


def neighbours(bead: Sides, unaligned: tuple[set[int], set[int]]) -> Iterator[Neighbour]:
    """Yields the sentences left alone that stand next to the bead's, in a row with others left alone, or between them."""
    for side in (0, 1):
        alone, own = unaligned[side], bead[side]
        if not alone:
            continue
        for start, step in ((own[0] - 1, -1), (own[-1] + 1, 1)):
            for index in range(start, start + REACH * step, step):
                if index not in alone:
                    break
                yield Neighbour(side, index, step > 0)
        for index in range(own[0] + 1, own[-1]):
            if index in alone:
                yield Neighbour(side, index, True)


def seam(evidence: Evidence, bead: Sides, neighbour: Neighbour) -> float:
    """Returns how much better the other side's beginning or end is explained by the neighbour than by the bead's own sentences.

    That is the largest gain in log-likelihood ratio of any run of words that reaches to the end (after) or from the
    beginning (before), and a share of what the neighbour's own words find in the other side; 0 where no run gains.
    """
    side, index, after = neighbour
    own, others = bead[side], bead[1 - side]
    theirs = evidence.witnesses(1 - side)
    row = theirs[others[0]] if len(others) == 1 else [witness for j in others for witness in theirs[j]]
    old = 1 << own[0] if len(own) == 1 else sum([1 << i for i in own])
    gain = _run(reversed(row) if after else row, evidence.values(1 - side, 1), old, 1 << index)
    if not gain:
        return 0.0
    values = evidence.values(side, 1)
    span = sum([1 << j for j in others])
    return gain + OWN * sum([values[sort][n][0 if held & span else 1] for sort, n, held in evidence.witnesses(side)[index]])


def _run(witnesses: Iterable[Witness], values: Values, old: int, new: int) -> float:
    """Returns the most that the first few witnesses gain by being the new sentence's instead of the old ones', 0 at least."""
    best = total = 0.0
    both = old | new
    for sort, count, held in witnesses:
        held &= both
        if held and sort != LINK:
            if held == new:
                total += values[sort][count][2]
                if total > best:
                    best = total
            elif not held & new:
                total -= values[sort][count][2]
                if total < HOPELESS:
                    break
    return best


def joined(beads: list[Sides], evidence: Evidence) -> list[Sides]:
    """Returns the beads after every sentence left alone whose seam with a bead is at least JOIN has joined it, the best first."""
    two_sided = [(left, right) for left, right in beads if left and right]
    while any(unaligned := left_alone(beads)):
        options = [
            (seam(evidence, bead, neighbour), -k, neighbour)
            for k, bead in enumerate(two_sided)
            for neighbour in neighbours(bead, unaligned)
            if len(bead[neighbour.side]) < WIDEST
        ]
        best = max(options, default=None)
        if best is None or best[0] < JOIN:
            break
        _, k, (side, index, _) = best
        sides = list(two_sided[-k])
        sides[side] = tuple(sorted((*sides[side], index)))
        two_sided[-k] = (sides[0], sides[1])
        beads = with_unaligned(two_sided, len(evidence.left), len(evidence.right))
    return beads
