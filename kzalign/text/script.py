"""In which language and script a sentence is: the letters, function words and endings decide, lingua only where they leave doubt.

Languages are kk, ru, en and `und` (another); scripts are ISO 15924 codes: Cyrl, Latn, Arab, Zyyy (none or another).
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kzalign.text.function_words import (
    ELSEWHERE,
    ENGLISH,
    ENGLISH_ENDING,
    KAZAKH,
    KAZAKH_ENDING,
    KAZAKH_LATIN,
    KAZAKH_LATIN_ENDING,
    RUSSIAN,
    RUSSIAN_ENDING,
)
from kzalign.text.language import detect
from kzalign.text.normalise import MIXED

TOKEN = re.compile(r"\w+")

DOUBT = 0.9
"""Confidence below which lingua is asked about Cyrillic text."""

CERTAIN = 12.0
"""Evidence more than the next language's that makes a probability of 1 to four digits."""

ELSE = 0.35
"""Evidence for another language that every word gives: the three known ones have to beat it."""

ENOUGH = 4
"""Words from which on the want of evidence is evidence."""

KAZAKH_STRONG = frozenset("ғқұі")
KAZAKH_WEAK = frozenset("әңөүһ")
"""Letters that other languages of the region have too."""
RUSSIAN_LETTERS = frozenset("вёфцчщъь")
"""Letters that Kazakh has in loanwords alone."""
HINT = 0.6
"""Evidence of one such letter: by itself it shows no word to be Russian."""

FOREIGN_CYRILLIC = frozenset("җӈҳӯӣҷўїєґђћљњџѓќҫҡҙ")
LONG_VOWELS = re.compile(r"([оуэөү])\1")
KAZAKH_LATIN_LETTERS = frozenset("ğǵñńşūıəŋ")
TURKIC_LETTERS = frozenset("äöüáóúçýʻ")
KAZAKH_ARABIC = frozenset("ەۇۋڭىگ")
NOT_KAZAKH_ARABIC = frozenset("ئېۈةےٹں")


class Identified(NamedTuple):
    """A language with its script, and the probability that the language is right."""

    lang: str
    script: str
    confidence: float


class Word(NamedTuple):
    """One word's evidence for a language in a script, and its letters; or the sums of a text's words."""

    kk: float
    ru: float
    en: float
    kk_latin: float
    kk_arabic: float
    other: float
    cyrillic: int
    latin: int
    arabic: int
    letters: int
    worded: int
    """1 where it holds a letter."""
    common: int
    """1 for a word of four small letters or more: neither name nor abbreviation."""
    latin_common: int
    """1 for a word of three small Latin letters or more, or a shorter one of English."""
    mixed: int
    """1 where Latin and Cyrillic letters stand together."""


NOTHING = Word(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@lru_cache(maxsize=50_000)
def word_evidence(word: str) -> Word:
    """Returns the evidence of a token; one without letters gives none."""
    letters = sum(map(str.isalpha, word))
    if not letters:
        return NOTHING
    low, lower = word.lower(), word.islower()
    common, mixed = int(lower and letters > 3), int(bool(MIXED.search(word)))
    first = next(filter(str.isalpha, low))
    scale = 1.0 if lower else 0.5
    if "Ѐ" <= first <= "ӿ":
        kk, ru, other = _cyrillic(low, lower)
        return Word(kk, ru, 0, 0, 0, other * scale, letters, 0, 0, letters, 1, common, 0, mixed)
    if first < "ɐ" or "Ḁ" <= first <= "ỿ":
        en, kk, other = _latin(low)
        return Word(
            0,
            0,
            en,
            kk,
            0,
            other * scale,
            0,
            letters,
            0,
            letters,
            1,
            common,
            int(lower and (letters > 2 or low in ENGLISH)),
            mixed,
        )
    if "؀" <= first <= "ۿ":
        kk, other = _arabic(low)
        return Word(0, 0, 0, 0, kk, other, 0, 0, letters, letters, 1, 0, 0, 0)
    return Word(0, 0, 0, 0, 0, 1.0, 0, 0, 0, letters, 1, 0, 0, 0)


def total(words: Sequence[Word]) -> Word:
    """Returns the sums of the words' evidence."""
    return Word(*map(sum, zip(*words, strict=True))) if words else NOTHING


def _cyrillic(word: str, lower: bool) -> tuple[float, float, float]:
    """Returns the evidence of a lower-cased Cyrillic word for Kazakh, Russian and another language."""
    letters = set(word)
    if letters & FOREIGN_CYRILLIC or word in ELSEWHERE:
        return 0.0, 0.0, 3.0
    if letters & KAZAKH_STRONG:
        return 3.0, 0.0, ELSE
    if letters & KAZAKH_WEAK:
        if LONG_VOWELS.search(word):
            return 0.0, 0.0, 2.0
        return (2.5, 0.0, ELSE) if word in KAZAKH else (1.3, 0.0, 1.0)
    other = ELSE
    kk = 2.0 if word in KAZAKH else 0.0
    ru = 0.0
    if word in RUSSIAN and (lower or len(word) > 1):
        ru = 2.0 if len(word) > 1 else 1.5
    elif len(word) > 4 and RUSSIAN_ENDING.search(word):
        ru = 1.5
    elif not kk and len(word) > 4 and KAZAKH_ENDING.search(word):
        kk = 1.0
    if not kk and letters & RUSSIAN_LETTERS:
        ru += HINT
    return kk, ru, other


def _latin(word: str) -> tuple[float, float, float]:
    """Returns the evidence of a lower-cased Latin word for English, Kazakh in Latin script and another language."""
    other = ELSE
    if word in ELSEWHERE:
        return 0.0, 0.0, 2.5
    if word in ENGLISH:
        return 2.0, 0.0, other
    if word in KAZAKH_LATIN:
        return 0.0, 2.5, other
    letters = set(word)
    if letters & KAZAKH_LATIN_LETTERS:
        return 0.0, 2.5, other
    if letters & TURKIC_LETTERS:
        return 0.0, 1.0, other + 0.7
    if len(word) > 3 and re.search(r"q(?!u)|[aeiouy]ı|gh[ay]|zh[aeyıi]", word):
        return 0.0, 1.0, other
    english = 1.0 if len(word) > 4 and ENGLISH_ENDING.search(word) else 0.0
    kazakh = 1.0 if len(word) > 4 and KAZAKH_LATIN_ENDING.search(word) else 0.0
    return english, kazakh, other if word.isascii() else other + 0.7


def _arabic(word: str) -> tuple[float, float]:
    """Returns the evidence of a word in Arabic letters for Kazakh and for another language."""
    letters = set(word)
    if letters & NOT_KAZAKH_ARABIC:
        return 0.0, 2.0
    return (2.0, ELSE) if letters & KAZAKH_ARABIC else (0.0, 2 * ELSE)


def identify(text: str) -> Identified:
    """Returns the language, the script and the confidence of a text; (`und`, `Zyyy`, 0) where it holds no word."""
    return identify_total(text, total(list(map(word_evidence, TOKEN.findall(text)))))


def identify_total(text: str, sums: Word) -> Identified:
    """Returns the same for a text whose words' evidence is summed."""
    if not sums.letters:
        return Identified("und", "Zyyy", 0.0)
    kk, ru, en, kk_latin, kk_arabic, other, cyrillic, latin, arabic, letters, worded, *_ = sums
    most, script = max((cyrillic, "Cyrl"), (latin, "Latn"), (arabic, "Arab"))
    if 2 * most < letters:
        script = "Zyyy"
    kazakh, kazakh_script = max((kk, "Cyrl"), (kk_latin, "Latn"), (kk_arabic, "Arab"))
    ranked = sorted(
        (
            (kazakh, "kk", kazakh_script),
            (ru, "ru", "Cyrl"),
            (en, "en", "Latn"),
            (other if worded >= ENOUGH else other / 4, "und", script),
        )
    )
    best, lang, written = ranked[3]
    if best - ranked[2][0] > CERTAIN:
        return Identified(lang, written, 1.0)
    confidence = 1 / sum(math.exp(weight - best) for weight, _, _ in ranked)
    if confidence < DOUBT and script == "Cyrl":
        return _asked(text, {name: weight for weight, name, _ in ranked}, confidence, lang)
    return Identified(lang, written, round(confidence, 4))


def _asked(text: str, weights: dict[str, float], confidence: float, best: str) -> Identified:
    """Returns the answer of lingua for Cyrillic text, unless the letters are of a third language."""
    found = detect(text)
    if found is None or found.lang == "en" or weights["und"] > weights[found.lang] + 2:
        return Identified(best, "Cyrl", round(confidence, 4))
    return Identified(found.lang, "Cyrl", found.confidence)
