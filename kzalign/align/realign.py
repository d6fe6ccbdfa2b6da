"""A table learnt from the first pass: words that keep standing in beads together translate each other.

Long documents teach their own vocabulary: after a first alignment each word type (its beginning) is tied to those
types of the other text that share its beads more often than either stands alone (Dice coefficient), and the second
pass counts them as translations.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kzalign.align.evidence import Side
from kzalign.align.refine import Sides
from kzalign.align.stems import fold
from kzalign.align.tokens import TOKEN, Sort, Token

MIN_SENTENCES = 30
"""Shorter texts repeat too little to teach anything."""

MIN_TOGETHER = 2
MIN_DICE = 0.4
GRAINS = ((5, 0.15), (7, 0.1))
"""Letters by which words are taken for one type, and the share of sentences above which a type is a function word,
whose company means little: the short type gathers inflections, the long one keeps words apart (both: Text+Berg dev)."""


def with_learnt(left: Side, right: Side, texts: tuple[Sequence[str], Sequence[str]], beads: Iterable[Sides]) -> tuple[Side, Side]:
    """Returns the two sides with a token for each word that the beads show to have a translation."""
    beads = list(beads)
    for letters, share in GRAINS:
        types = [[_types(sentence, letters) for sentence in text] for text in texts]
        keys: list[dict[str, list[str]]] = [defaultdict(list), defaultdict(list)]
        for a, b in _table(types[0], types[1], beads, share):
            keys[0][a].append(f"={a}={b}")
            keys[1][b].append(f"={a}={b}")
        left, right = _extended(left, types[0], keys[0]), _extended(right, types[1], keys[1])
    return left, right


def _types(sentence: str, letters: int) -> set[str]:
    return {fold(word)[:letters] for word in TOKEN.findall(sentence) if len(word) > 2 and not word[0].isdigit()}


def _table(left: list[set[str]], right: list[set[str]], beads: Iterable[Sides], share: float) -> list[tuple[str, str]]:
    """Returns the pairs of types that share beads often enough."""
    alone: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    together: Counter[tuple[str, str]] = Counter()
    for rows, columns in beads:
        a = set().union(*(left[i] for i in rows))
        b = set().union(*(right[j] for j in columns))
        alone[0].update(a)
        alone[1].update(b)
        if rows and columns and len(rows) + len(columns) <= 3:
            together.update((x, y) for x in a for y in b)
    limit = [max(3, share * len(text)) for text in (left, right)]
    return sorted(
        (x, y)
        for (x, y), n in together.items()
        if n >= MIN_TOGETHER
        and alone[0][x] <= limit[0]
        and alone[1][y] <= limit[1]
        and 2 * n >= MIN_DICE * (alone[0][x] + alone[1][y])
    )


def _extended(side: Side, types: list[set[str]], keys: dict[str, list[str]]) -> Side:
    tokens = [
        (*bag, *(Token(tuple(sorted(keys[name])), int(Sort.LEARNT)) for name in sorted(names) if name in keys))
        for bag, names in zip(side.tokens, types, strict=True)
    ]
    return Side.of(tokens, side.sentences, side.lang)
