"""How likely is a bead right? Its words' agreement, less every doubt that the search has left about it.

A bead is doubtful where its words hardly speak for it, where joining it with a neighbouring sentence or taking one
out would score nearly as well, where the third language ties its sentences elsewhere, and where it joins several
sentences. A logistic curve over these doubts gives a probability; `scripts/fit_confidence.py` fits it with
cross-validation by article.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from kzalign.align.evidence import Evidence
from kzalign.align.refine import Sides

CLEAR = 2.0
"""Score a square root of words from which on the words leave no doubt."""

NO_RIVAL = -6.0
"""Loss beyond which another way of joining is no rival."""

SILENT = -1.0
"""Score of a sentence with a neighbour below which joining the two is not tried."""

MOST_CONTRADICTIONS = 3


class Doubts(NamedTuple):
    """What speaks against a bead; 0 or NO_RIVAL where nothing does."""

    weak: float
    """How far the score a square root of words stays under CLEAR (0 or less)."""
    rival_unaligned: float
    """What joining the best unaligned neighbour would add to the score, over leaving it alone."""
    rival_aligned: float
    """What joining the best neighbour of another bead would add to this bead's score."""
    part: float
    """What taking the least needed sentence out would add."""
    contradicted: float
    """Words of the third text that tie the bead's sentences elsewhere, MOST_CONTRADICTIONS at most."""
    several: float
    """1 where a side has more than one sentence."""
    against: float
    """The score where the words speak against the bead (0 or less)."""
    beside: float
    """How many of the four neighbouring sentences are left alone: something else is missing here."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The logistic curve: a constant and a weight for each doubt."""

    constant: float
    weights: Doubts


DEFAULT = Calibration(
    -2.602,
    Doubts(
        weak=1.205,
        rival_unaligned=-0.317,
        rival_aligned=-0.527,
        part=-0.45,
        contradicted=-0.88,
        several=-0.692,
        against=-0.159,
        beside=-0.625,
    ),
)


def probability(doubts: Doubts, calibration: Calibration = DEFAULT) -> float:
    """Returns the probability in [0, 1] that a bead with these doubts is right."""
    x = calibration.constant + sum(map(mul, calibration.weights, doubts))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))


def left_alone(beads: Iterable[Sides]) -> tuple[set[int], set[int]]:
    """Returns each side's sentences that are in no two-sided bead."""
    listed = list(beads)
    return {i for a, b in listed if not b for i in a}, {j for a, b in listed if not a for j in b}


def doubts_of(bead: Sides, unaligned: tuple[set[int], set[int]], evidence: Evidence) -> Doubts:
    """Returns the doubts about a two-sided bead; `unaligned` holds each side's sentences left alone."""
    left, right = bead
    score = evidence.score(left, right)
    strength = score / math.sqrt(max(1, evidence.words(left, right)))
    rivals = [NO_RIVAL, NO_RIVAL]
    part = NO_RIVAL
    beside = 0
    for side, size in ((0, len(evidence.left)), (1, len(evidence.right))):
        own, other = bead[side], bead[1 - side]
        for index in (own[0] - 1, own[-1] + 1):
            beside += index in unaligned[side]
            if 0 <= index < size and evidence.near(side, index, other) > SILENT:
                alone = index in unaligned[side]
                joined = evidence.score(*_with(bead, side, tuple(sorted((*own, index)))))
                gain = joined - score - (evidence.weights.unaligned if alone else 0.0)
                rivals[not alone] = max(rivals[not alone], gain)
        for index in own if len(own) > 1 else ():
            rest = evidence.score(*_with(bead, side, tuple(i for i in own if i != index)))
            part = max(part, rest - score + evidence.weights.unaligned)
    return Doubts(
        weak=min(strength - CLEAR, 0.0),
        rival_unaligned=rivals[0],
        rival_aligned=rivals[1],
        part=part,
        contradicted=min(MOST_CONTRADICTIONS, evidence.contradictions(left, right)),
        several=float(len(left) + len(right) > 2),
        against=min(score, 0.0),
        beside=beside,
    )


def _with(bead: Sides, side: int, indices: Sequence[int]) -> Sides:
    return (tuple(indices), bead[1]) if side == 0 else (bead[0], tuple(indices))
