"""What can be seen to be wrong with a hypothesis without a reference. A check is an entry of CHECKS; what it finds is a flag."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kzalign.mt.bulk.glossary import missed_terms
from kzalign.mt.bulk.languages import is_off_target
from kzalign.mt.contract import Terms

WORD = re.compile(r"\w+")
DIGITS = re.compile(r"\d{2,}")
LETTERS_LOOP = re.compile(r"(\S{1,8}?)\1{7,}")
ENDS = (".", "!", "?", "…", ".»", '."', ".)", ".”", "»", ")", '"', ":", ";")

COPY_WORDS = 4
"""Shorter texts may rightly stay as they are: names, terms, abbreviations."""
MAX_PERIOD = 4
LOOPS = 4
"""A loop repeats one to MAX_PERIOD words at least so often."""
SHORT = 30
"""Characters below which the lengths of a text and its translation say nothing."""
MIN_RATIO, MAX_RATIO = 0.4, 2.5
"""Of lengths in characters. Human translations between kk, ru and en are from 0.6 to 1.6 nearly always."""
CUT_RATIO = 0.7
"""A hypothesis shorter than that and without an end is truncated."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, its hypothesis, and what is known of both."""

    source: str
    hypothesis: str
    target_lang: str
    terms: Terms = ()
    unfinished: bool = False
    """The model says that it stopped at its maximum length, or read only the beginning of the text."""


def _empty(pair: Pair) -> bool:
    return not pair.hypothesis


def _copy(pair: Pair) -> bool:
    source = WORD.findall(pair.source.lower())
    return len(source) >= COPY_WORDS and source == WORD.findall(pair.hypothesis.lower())


def _language(pair: Pair) -> bool:
    """A name may stay in the letters of its language."""
    kept = len(WORD.findall(pair.hypothesis)) < COPY_WORDS and pair.hypothesis.lower() in pair.source.lower()
    return not kept and is_off_target(pair.hypothesis, pair.target_lang)


def _repetition(pair: Pair) -> bool:
    return has_loop(pair.hypothesis) and not has_loop(pair.source)


def has_loop(text: str) -> bool:
    """Says whether one to four words, or up to eight characters, are said again and again."""
    words = text.lower().split()
    for period in range(1, min(MAX_PERIOD, len(words) // LOOPS) + 1):
        run = 0
        for left, right in zip(words, words[period:], strict=False):
            run = run + 1 if left == right else 0
            if run >= period * (LOOPS - 1):
                return True
    return LETTERS_LOOP.search(text) is not None


def _length(pair: Pair) -> bool:
    if len(pair.source) < SHORT:
        return len(pair.hypothesis) > SHORT * MAX_RATIO
    return not MIN_RATIO <= len(pair.hypothesis) / len(pair.source) <= MAX_RATIO


def _numbers(pair: Pair) -> bool:
    """Numbers of two digits and more: one digit may rightly become a word."""
    wanted = DIGITS.findall(pair.source)
    if not wanted:
        return False
    digits = "".join(char for char in pair.hypothesis if char.isdigit())
    return any(number not in digits for number in wanted)


def _truncated(pair: Pair) -> bool:
    if pair.unfinished:
        return True
    short = len(pair.source) >= SHORT and len(pair.hypothesis) < CUT_RATIO * len(pair.source)
    return short and pair.source.endswith(ENDS) and not pair.hypothesis.endswith(ENDS)


def _glossary(pair: Pair) -> bool:
    return any(missed_terms(pair.hypothesis, pair.terms))


CHECKS: dict[str, Callable[[Pair], bool]] = {
    "empty": _empty,
    "copy": _copy,
    "language": _language,
    "repetition": _repetition,
    "length": _length,
    "numbers": _numbers,
    "truncated": _truncated,
    "glossary": _glossary,
}
"""By flag: says whether the hypothesis deserves it."""

SPLIT = "split"
"""The flag of a text that was too long for the model and went to it in pieces."""


def flags_of(pair: Pair) -> tuple[str, ...]:
    """Returns the flags of a hypothesis; an empty one has no other."""
    if _empty(pair):
        return ("empty",)
    return tuple(name for name, check in CHECKS.items() if check(pair))
