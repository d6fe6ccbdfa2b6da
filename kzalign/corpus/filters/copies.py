"""Sides that repeat each other or themselves."""

from kzalign.corpus.filters.sides import Side

FEW = 3
"""Common words below which two equal sides are names, numbers or a formula: the same in every language."""

GRAM = 3
"""Words of a sequence that should not come twice in a sentence."""


def shared_words(one: Side, other: Side) -> float:
    """Returns the share of the shorter side's common words that the other side holds letter by letter."""
    if _scripts_differ(one, other) or _scripts_differ(other, one):
        return 0.0
    words, others = one.common_words(), other.common_words()
    few = min(len(words), len(others))
    return len(words & others) / few if few >= FEW else 0.0


def _scripts_differ(one: Side, other: Side) -> bool:
    """Says whether one side has only Latin words and the other none: they share nothing."""
    return one.sums.common == one.sums.latin_common and not other.sums.latin_common


def repeated_share(side: Side) -> float:
    """Returns the share of a side's three-word sequences that came before in it."""
    words = side.lower
    sequences = len(words) - GRAM + 1
    if sequences < GRAM or len(words) - len(side.vocabulary) < GRAM:
        return 0.0
    return 1 - len(set(zip(words, words[1:], words[2:], strict=False))) / sequences
