"""The third language as a witness: what it links to on both sides speaks for the two to be linked.

A three-dimensional search over summed scores does worse than the pairs alone; what helps is to align the pairs,
and then each doubtful pair again with a witness for every sentence of the third text that a bead ties a sentence to.
"""

from collections.abc import Mapping

from kzalign.records import LANGS, PAIRS, Bead

Beads = tuple[Bead, ...]
MIN_SCORE = 0.5
"""Beads below it are no witnesses."""


def links(alignment: Mapping[str, Beads], pair: str, sizes: tuple[int, int]) -> tuple[list[list[int]], list[list[int]]]:
    """Returns for each sentence of the pair's two texts the sentences of the third text that sure beads tie it to."""
    left, right = pair.split("-")
    third = next(lang for lang in LANGS if lang not in (left, right))
    return _tied(alignment, left, third, sizes[0]), _tied(alignment, right, third, sizes[1])


def _tied(alignment: Mapping[str, Beads], lang: str, third: str, size: int) -> list[list[int]]:
    tied: list[list[int]] = [[] for _ in range(size)]
    swapped = f"{lang}-{third}" not in PAIRS
    for bead in alignment[f"{third}-{lang}" if swapped else f"{lang}-{third}"]:
        own, others = (bead.right, bead.left) if swapped else (bead.left, bead.right)
        if bead.score >= MIN_SCORE:
            for i in own:
                tied[i] += others
    return tied


def settled(beads: Beads) -> bool:
    """Says whether a pair's beads need no second look: one to one throughout, and none of them doubtful."""
    return all(b.left == b.right and len(b.left) == 1 and b.score >= MIN_SCORE for b in beads)
