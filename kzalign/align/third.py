"""The third language as a witness: what it links to on both sides speaks for the two to be linked.

A three-dimensional search over summed scores does worse than the pairs alone; what helps is to align the pairs,
and then each pair again with a witness for every sentence of the third text that a bead ties a sentence to.
"""

from collections.abc import Mapping

from kzalign.align.evidence import Side
from kzalign.align.tokens import Sort, Token
from kzalign.records import PAIRS, Bead

Beads = tuple[Bead, ...]
MIN_SCORE = 0.5
"""Beads below it are no witnesses."""


def with_links(sides: Mapping[str, Side], alignment: Mapping[str, Beads], pair: str) -> tuple[Side, Side]:
    """Returns the pair's two sides with a token for each sentence of the third text that a bead ties a sentence to."""
    left, right = pair.split("-")
    (third,) = (lang for lang in sides if lang not in (left, right))
    return _linked(sides[left], left, third, alignment), _linked(sides[right], right, third, alignment)


def _linked(side: Side, lang: str, third: str, alignment: Mapping[str, Beads]) -> Side:
    extra: list[list[Token]] = [[] for _ in side.tokens]
    swapped = f"{lang}-{third}" not in PAIRS
    for bead in alignment[f"{third}-{lang}" if swapped else f"{lang}-{third}"]:
        own, others = (bead.right, bead.left) if swapped else (bead.left, bead.right)
        if bead.score >= MIN_SCORE:
            for i in own:
                extra[i] += [Token((f"@{k}",), Sort.LINK) for k in others]
    return Side.of([(*bag, *links) for bag, links in zip(side.tokens, extra, strict=True)], side.sentences, side.lang)


def settled(beads: Beads) -> bool:
    """Says whether a pair's beads need no second look: one to one throughout, and none of them doubtful."""
    return all(b.left == b.right and len(b.left) == 1 and b.score >= MIN_SCORE for b in beads)
