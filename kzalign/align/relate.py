"""How likely are two texts of different languages versions of one article?

The share of one text's words that the other renders, each weighed by its rarity in the issue: words that
any abstract holds say little, a name or a term that only these two hold says much.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain

from kzalign.align.tokens import Key, Sort, Token, default_tokeniser

BACKGROUND = 20
"""Imagined texts beside the issue's own, so that rarity means something in a document of one article."""

RATES: dict[int, float] = {Sort.NUMBER: 0.05, Sort.CONTENT: 0.1, Sort.COMMON: 0.5, Sort.NAME: 0.02, Sort.UNKNOWN: 0.02}
"""Share of the imagined texts that hold a word of each sort."""


def relatedness(texts: Sequence[tuple[str, Sequence[str]]]) -> Callable[[int, int], float]:
    """Returns the function that gives, for two indices of (lang, the text in pieces), a similarity in [0, 1]."""
    tokenise = default_tokeniser()
    tokens = [list(dict.fromkeys(chain.from_iterable(tokenise(piece, lang) for piece in pieces))) for lang, pieces in texts]
    places = [_places(bag) for bag in tokens]
    keys = [first.keys() for first, _ in places]
    holders: Counter[Key] = Counter(chain.from_iterable(keys))
    weights = [[_rarity(token, holders, len(texts)) for token in bag] for bag in tokens]
    totals = [sum(own) for own in weights]

    def one_way(i: int, common: set[Key]) -> float:
        first, more = places[i]
        rendered = {first[key] for key in common}
        for key in common & more.keys():
            rendered.update(more[key])
        return sum([weights[i][place] for place in sorted(rendered)]) / totals[i] if totals[i] else 0.0

    def similarity(i: int, j: int) -> float:
        common = keys[i] & keys[j]
        return math.sqrt(one_way(i, common) * one_way(j, common))

    return similarity


def _places(tokens: list[Token]) -> tuple[dict[Key, int], dict[Key, list[int]]]:
    """Returns for each key the place of the first token that has it, and those of further ones."""
    first: dict[Key, int] = {}
    more: dict[Key, list[int]] = {}
    for place, token in enumerate(tokens):
        for key in token.keys:
            if first.setdefault(key, place) != place:
                more.setdefault(key, []).append(place)
    return first, more


def _rarity(token: Token, holders: Counter[Key], n: int) -> float:
    keys = token.keys
    held = holders[keys[0]] if len(keys) == 1 else min([holders[key] for key in keys])
    return _log_rarity(held, token.sort, n)


@lru_cache(maxsize=10_000)
def _log_rarity(held: int, sort: int, n: int) -> float:
    return math.log((n + BACKGROUND + 1) / (held + BACKGROUND * RATES[sort]))
