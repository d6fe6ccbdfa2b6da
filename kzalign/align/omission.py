"""How readily an article's translators left sentences out, read from the first pass.

A sentence without a counterpart between two others that have theirs is a plain omission. Where both texts have
such sentences in the same place, they may be a free translation of each other, or not: an article that omits
nothing elsewhere makes the first likelier, one that omits much the second.
"""

import math
from collections.abc import Iterable
from dataclasses import replace

from kzalign.align.evidence import Weights
from kzalign.records import Bead

PRIOR_OMITTED = 0.5
PRIOR_SENTENCES = 5.0
"""The rate expected before anything is seen is their ratio."""


def adapted(weights: Weights, alignments: Iterable[tuple[Bead, ...]]) -> Weights:
    """Returns the weights with the cost of an unaligned sentence that the article's plain omissions suggest."""
    omitted, sentences = PRIOR_OMITTED, PRIOR_SENTENCES
    for beads in alignments:
        omitted += plain_omissions(beads)
        sentences += sum(len(b.left) + len(b.right) for b in beads)
    rate = omitted / sentences
    expected = PRIOR_OMITTED / PRIOR_SENTENCES
    return replace(weights, unaligned=min(-0.2, weights.unaligned + weights.adapt * math.log(rate / expected)))


def plain_omissions(beads: Iterable[Bead]) -> int:
    """Returns how many sentences are unaligned where the other side has none that is."""
    total = 0
    lefts = rights = 0
    for bead in beads:
        if bead.left and bead.right:
            total += _plain(lefts, rights)
            lefts = rights = 0
        else:
            lefts += len(bead.left)
            rights += len(bead.right)
    return total + _plain(lefts, rights)


def _plain(lefts: int, rights: int) -> int:
    return lefts + rights if not (lefts and rights) else 0
