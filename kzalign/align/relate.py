"""How likely are two texts of different languages versions of one article?

The share of one text's words that the other renders, each weighed by its rarity in the issue: words that
any abstract holds say little, a name or a term that only these two hold says much.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from kzalign.align.tokens import Key, Sort, Token, default_tokeniser

BACKGROUND = 20
"""Imagined texts beside the issue's own, so that rarity means something in a document of one article."""

RATES: dict[int, float] = {Sort.NUMBER: 0.05, Sort.CONTENT: 0.1, Sort.COMMON: 0.5, Sort.NAME: 0.02, Sort.UNKNOWN: 0.02}
"""Share of the imagined texts that hold a word of each sort."""


def relatedness(texts: Sequence[tuple[str, str]]) -> Callable[[int, int], float]:
    """Returns the function that gives, for two indices of (lang, text), a similarity in [0, 1]."""
    tokenise = default_tokeniser()
    tokens = [_distinct(tokenise(text, lang)) for lang, text in texts]
    keys = [frozenset(key for token in bag for key in token.keys) for bag in tokens]
    holders: Counter[Key] = Counter(key for bag in keys for key in bag)
    weights = [[(token, _rarity(token, holders, len(texts))) for token in bag] for bag in tokens]

    def one_way(i: int, j: int) -> float:
        total = sum(weight for _, weight in weights[i])
        return sum(weight for token, weight in weights[i] if not keys[j].isdisjoint(token.keys)) / total if total else 0.0

    return lambda i, j: math.sqrt(one_way(i, j) * one_way(j, i))


def _distinct(tokens: list[Token]) -> list[Token]:
    return list(dict.fromkeys(tokens))


def _rarity(token: Token, holders: Counter[Key], n: int) -> float:
    held = min(holders[key] for key in token.keys)
    return math.log((n + BACKGROUND + 1) / (held + BACKGROUND * RATES[token.sort]))
