"""How likely is a bead right? Its words' agreement, less what seams with its neighbours, or none within it, say against it.

A bead is doubtful where its words hardly speak for it, where the beginning or the end of a side is better explained by
a neighbouring sentence, left alone or of another bead, and where no part of the other side needs one of the bead's own
sentences (`seam`). A logistic curve over these doubts gives a probability; `scripts/fit_confidence.py` fits it with
cross-validation by article.
"""

import math
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from kzalign.align.evidence import Evidence
from kzalign.align.refine import Sides
from kzalign.align.seam import Neighbour, neighbours, seam

CLEAR = 2.0
"""Score a square root of words from which on the words leave no doubt."""

NEEDED = 9.0
"""Seam from which on a sentence is plainly part of its bead."""


class Doubts(NamedTuple):
    """What speaks against a bead; 0 where nothing does."""

    weak: float
    """How far the score a square root of words stays under CLEAR."""
    alone: float
    """The largest seam with a sentence left alone."""
    taken: float
    """The largest seam with a neighbouring sentence of another bead."""
    loose: float
    """How far the seam of the least needed sentence with the rest of its side stays under NEEDED; 0 if it is the only one."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The logistic curve: a constant and a weight for each doubt."""

    constant: float
    weights: Doubts


DEFAULT = Calibration(4.918, Doubts(weak=-1.215, alone=-1.934, taken=-0.642, loose=-0.498))


def probability(doubts: Doubts, calibration: Calibration = DEFAULT) -> float:
    """Returns the probability in [0, 1] that a bead with these doubts is right."""
    x = calibration.constant + sum(map(mul, calibration.weights, doubts))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))


def rough_doubts(bead: Sides, evidence: Evidence) -> Doubts:
    """Returns those doubts about a two-sided bead that its own words raise."""
    score = evidence.score(*bead)
    strength = score / math.sqrt(max(1, evidence.words(*bead)))
    return Doubts(max(CLEAR - strength, 0.0), 0.0, 0.0, 0.0)


def doubts_of(bead: Sides, unaligned: tuple[set[int], set[int]], evidence: Evidence) -> Doubts:
    """Returns the doubts about a two-sided bead; `unaligned` holds each side's sentences left alone."""
    rough = rough_doubts(bead, evidence)
    alone = max([0.0, *(seam(evidence, bead, n) for n in neighbours(bead, unaligned))])
    taken = 0.0
    loose = 0.0
    for side, size in ((0, len(evidence.left)), (1, len(evidence.right))):
        own = bead[side]
        for index, after in ((own[0] - 1, False), (own[-1] + 1, True)):
            if 0 <= index < size and index not in unaligned[side]:
                taken = max(taken, seam(evidence, bead, Neighbour(side, index, after)))
        for index in own if len(own) > 1 else ():
            rest = tuple(i for i in own if i != index)
            part = Neighbour(side, index, index > rest[0])
            loose = max(loose, NEEDED - seam(evidence, (rest, bead[1]) if side == 0 else (bead[0], rest), part))
    return Doubts(rough.weak, alone, taken, loose)
