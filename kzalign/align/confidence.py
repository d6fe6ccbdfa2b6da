"""From a bead's log-likelihood ratio to the probability that the bead is right.

The ratio a witness, averaged over the bead's words, and the margin by which the words agree say how likely
the bead is; the two constants are fitted by `scripts/fit_aligner.py` with cross-validation by article.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the score per square root of words."""

    slope: float = 0.87
    offset: float = 1.3


DEFAULT = Calibration()


def probability(score: float, words: int, calibration: Calibration = DEFAULT) -> float:
    """Returns the probability in [0, 1] that a bead with this score over this many words is right."""
    x = calibration.slope * score / math.sqrt(max(1, words)) + calibration.offset
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))
