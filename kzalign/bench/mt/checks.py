"""CHECKS, the table of what BLEU does not see: each counts, segment by segment, what went wrong out of what could.

A rate is the sum of the first counts over the sum of the second. The references are checked too: what they show is how
often a check speaks without a fault of the system.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from kzalign.bench.mt.evalset import EvalSet, Terms
from kzalign.bench.mt.terms import holds_term
from kzalign.text.script import NO_LETTER, identify
from kzalign.text.sentences import split_sentences

SCRIPTS = {"kk": "Cyrl", "ru": "Cyrl", "en": "Latn"}
SURE = 0.7
"""The confidence from which a language other than the target's counts."""
COPIED = 0.8
"""The share of the hypothesis' words, of three letters and more, that stand in the source as they are."""
LONGEST_LOOP = 20
WORD_LOOP = 4
PHRASE_LOOP = 3
LETTER_LOOP = 6
"""Longest repeated run in words; how often a word, a run of words or of letters in one word is repeated at least."""
LONG_WORD = 24

WORD = re.compile(r"\w+")
LETTERS = re.compile(r"[^\W\d_]{3,}")
SPACED = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


class Tally(NamedTuple):
    """How many, and out of how many."""

    hit: int
    of: int


class Case(NamedTuple):
    """One segment of one system."""

    source: str
    hypothesis: str
    reference: str
    source_lang: str
    target_lang: str
    terms: Terms


def off_target(case: Case) -> Tally:
    """Counts a hypothesis that is in another language than the target's; an empty one is none of them."""
    found = identify(case.hypothesis)
    wrong = found.lang != case.target_lang and found.confidence >= SURE
    return Tally(int(wrong), int(found.script != NO_LETTER))


def wrong_script(case: Case) -> Tally:
    """Counts a hypothesis written in another script than the target's, unless its reference is so too."""
    found, usual = identify(case.hypothesis).script, SCRIPTS[case.target_lang]
    return Tally(int(found not in (NO_LETTER, usual, identify(case.reference).script)), int(found != NO_LETTER))


def untranslated(case: Case) -> Tally:
    """Counts a hypothesis that repeats its source, or four fifths of its words, where the reference does not."""
    words, rights = LETTERS.findall(case.hypothesis.lower()), LETTERS.findall(case.reference.lower())
    known = set(LETTERS.findall(case.source.lower()))

    def copied(found: Sequence[str]) -> bool:
        return bool(found) and sum(word in known for word in found) >= COPIED * len(found)

    return Tally(int(copied(words) and not copied(rights)), 1)


def empty(case: Case) -> Tally:
    """Counts a hypothesis without a letter or digit, where the reference has one."""
    return Tally(int(not WORD.search(case.hypothesis)), int(WORD.search(case.reference) is not None))


def dropped_sentences(case: Case) -> Tally:
    """Counts the sentences that the hypothesis has fewer than its source, of the source's."""
    have, want = (len(split_sentences([text])) for text in (case.hypothesis, case.source))
    return Tally(max(0, want - have), want)


def lost_numbers(case: Case) -> Tally:
    """Counts the source's numbers of two digits and more that the hypothesis lacks, however they are separated."""
    want: Counter[str] = Counter()
    have: Counter[str] = Counter()
    for number in _numbers(case.source):
        want.update(_parts(number) if _dated(number) else [_digits(number)])
    for number in _numbers(case.hypothesis):
        have.update({_digits(number), *_parts(number)})
    want = Counter({digits: n for digits, n in want.items() if len(digits) > 1})
    return Tally((want - have).total(), want.total())


def repetition(case: Case) -> Tally:
    """Counts a hypothesis that says a word four times in a row or some words three times, more than source and reference do."""
    usual = max(_loops(case.source), _loops(case.reference))
    return Tally(int(_loops(case.hypothesis) > usual), 1)


def lost_terms(case: Case) -> Tally:
    """Counts the article's author keywords that stand in the source and not, in any form, in the hypothesis."""
    wanted = [target for source, target in case.terms if holds_term(case.source, source, case.source_lang)]
    return Tally(sum(not holds_term(case.hypothesis, term, case.target_lang) for term in wanted), len(wanted))


def length_ratio(case: Case) -> Tally:
    """Counts the characters of the hypothesis, out of those of the reference: the rate is 1 where they are as long."""
    return Tally(len(case.hypothesis), len(case.reference))


CHECKS: dict[str, Callable[[Case], Tally]] = {
    "off-target": off_target,
    "script": wrong_script,
    "untranslated": untranslated,
    "empty": empty,
    "dropped-sentences": dropped_sentences,
    "lost-numbers": lost_numbers,
    "repetition": repetition,
    "lost-terms": lost_terms,
    "length-ratio": length_ratio,
}


def check_segments(evalset: EvalSet, hypotheses: Sequence[str]) -> dict[str, list[Tally]]:
    """Returns by check what it counts in every segment."""
    rows = zip(evalset.sources, hypotheses, evalset.references, evalset.articles, strict=True)
    cases = [
        Case(source, hypothesis, reference, *evalset.langs, evalset.terms.get(a, ())) for source, hypothesis, reference, a in rows
    ]
    return {name: [check(case) for case in cases] for name, check in CHECKS.items()}


def _numbers(text: str) -> list[str]:
    """Returns the numbers of a text, `1 000` as `1000`."""
    return NUMBER.findall(SPACED.sub("", text))


def _parts(number: str) -> list[str]:
    return re.split(r"[.,:]", number)


def _digits(number: str) -> str:
    """Returns the digits alone, because `0,25` and `0.25`, and `1,000` and `1000`, are one number each."""
    return "".join(_parts(number))


def _dated(number: str) -> bool:
    """Says whether a number is a date or the like, whose parts another language puts in another order."""
    parts = _parts(number)
    return len(parts) > 2 and any(len(part) != 3 for part in parts[1:])


def _loops(text: str) -> int:
    """Returns how often the most repeated run of words, or of letters in a long word, stands in a row; 0 if too seldom."""
    words = text.lower().split()
    most = _repeats(words, 1, WORD_LOOP)
    for length in range(2, LONGEST_LOOP + 1):
        most = max(most, _repeats(words, length, PHRASE_LOOP))
    for word in words:
        if len(word) >= LONG_WORD:
            most = max(most, *(_repeats(word, length, LETTER_LOOP) for length in range(1, 5)))
    return most


def _repeats(items: Sequence[Hashable], length: int, least: int) -> int:
    """Returns how often a run of that length stands in a row, at most; 0 where less than `least`."""
    most = same = 0
    for place in range(length, len(items)):
        same = same + 1 if items[place] == items[place - length] else 0
        most = max(most, same)
    repeats = most // length + 1
    return repeats if repeats >= least else 0
