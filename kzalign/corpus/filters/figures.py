"""Numbers that disagree between sides."""

from kzalign.corpus.filters.sides import Side
from kzalign.text.numbers import agreement

CONTRADICTED, MISSING = 8.0, 0.5
"""What a contradicted and a missing number weigh against an agreed one: translators leave numbers out, seldom change them."""


def numbers_agree(one: Side, other: Side) -> float:
    """Returns 1 where the numbers agree; less, the more of them contradict or are missing."""
    if one.figures == other.figures:
        return 1.0
    agreed, contradicted, missing = agreement(one.numbers(), other.numbers())
    return (agreed + 1) / (agreed + 1 + CONTRADICTED * contradicted + MISSING * missing)
