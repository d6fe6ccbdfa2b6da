"""Sides too short, too long, of lengths that do not go together, or of words run together."""

from kzalign.corpus.filters.sides import Side

MARGIN = 15
"""Characters added to both lengths: short sentences vary more."""


def characters(side: Side) -> float:
    """Returns the characters of a side."""
    return float(len(side.text))


def ratio(one: Side, other: Side) -> float:
    """Returns how many times longer the longer side is, in characters."""
    quotient = (len(one.text) + MARGIN) / (len(other.text) + MARGIN)
    return quotient if quotient >= 1 else 1 / quotient


def longest_word(side: Side) -> float:
    """Returns the characters of a side's longest word."""
    return float(max(map(len, side.tokens), default=0))


def letter_share(side: Side) -> float:
    """Returns the share of letters among the characters that are not spaces."""
    visible = len(side.text) - side.text.count(" ")
    return side.sums.letters / visible if visible else 0.0
