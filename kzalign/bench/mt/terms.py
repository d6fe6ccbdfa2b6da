"""Whether a text holds a term, whatever case or suffix it stands in."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(r"\w+")


class Inflection(NamedTuple):
    """How many letters a word may lose at its end, the least that stays, and the most that may follow."""

    cut: int
    least: int
    rest: int


INFLECTION = {"kk": Inflection(2, 4, 18), "ru": Inflection(3, 4, 6), "en": Inflection(2, 4, 4)}
"""By language. Kazakh adds suffixes to a whole word, Russian changes its ending, English adds -s, -ed or -ing."""

SOFTENED = str.maketrans("қкпғгб", "ғгбғгб")
"""Kazakh stems end in a voiced sound before a vowel: кітап, кітабы."""
DERIVED = {"kk": re.compile(r"[лдт][ыі][қкғг]"), "ru": re.compile(r"и?ческ"), "en": re.compile(r"ical")}
"""What makes another word of a stem, not another form: этнография, этнографиялық, этнографический."""
GAP = 1
"""Words that may stand between two words of a term."""


def holds_term(text: str, term: str, lang: str) -> bool:
    """Says whether the term's words stand in the text in their order, each in any form, at most one word between two."""
    wanted = _words(term)
    if not wanted:
        return False
    words = _words(text)
    return any(_follows(words, start, wanted, lang) for start in range(len(words)))


def _follows(words: Sequence[str], start: int, wanted: Sequence[str], lang: str) -> bool:
    place = start
    for number, word in enumerate(wanted):
        reach = words[place : place + 1 + (GAP if number else 0)]
        step = next((step for step, other in enumerate(reach) if same_word(word, other, lang)), None)
        if step is None:
            return False
        place += step + 1
    return True


def same_word(word: str, other: str, lang: str) -> bool:
    """Says whether `other` can be a form of `word`: it begins with the word's stem and adds no more than endings."""
    if word == other:
        return True
    cut, least, rest = INFLECTION[lang]
    stem = word[: max(least, len(word) - cut)]
    begun = other[: len(stem)]
    if lang == "kk":
        stem, begun = (text[:-1] + text[-1:].translate(SOFTENED) for text in (stem, begun))
    if begun != stem or len(other) - len(stem) > rest:
        return False
    whole = len(word) if other.startswith(word) else len(stem)
    return (len(word) >= least or lang == "kk") and not DERIVED[lang].match(other[whole:])


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text.lower().replace("ё", "е")))
